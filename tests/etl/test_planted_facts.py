"""Every planted fact can be found again in the generated data by plain arithmetic on what was sent.

Each finder returns one number from the sheets alone. It must give back the number of the file within its
tolerance, and must not when the generator runs without the fact: a finder that always agrees finds nothing.
"""

from collections.abc import Callable
from datetime import date
from functools import cache
from typing import Any

import numpy as np
import polars as pl
import pytest

from etl.demonstration import Facts, generate, load_facts, load_region

FACTS = load_facts()
SEED = FACTS["seed"]
Sheets = dict[str, pl.DataFrame]


def _sheets(facts: Facts, as_of: date | None = None) -> Sheets:
    """Stack the sheets of all contributors, good rows only, as an analyst would after the checks."""
    files = [file for file in generate(SEED, facts["persons"], as_of, facts) if file.source.is_own]
    stacked = {
        table: pl.concat([b.frame for f in files for b in f.batches if b.table == table])
        for table in ("person", "referral")
    }
    districts = {name: d.code for d in load_region().districts for name in (d.code, d.name)}
    last = (as_of or facts.as_of).isoformat()
    rows = stacked["person"].filter(
        (pl.col("period") <= last) & (pl.col("age").is_null() | (pl.col("age") != "208"))
    )
    rows = rows.with_columns(
        pl.col("area").replace_strict(districts, default=None),
        gender=pl.when(pl.col("gender") != "??").then("gender"),
    )
    people = rows.group_by("person_ref").agg(
        pl.col("period").min(),
        *[pl.col(name).drop_nulls().first() for name in ("area", "gender")],
        *[
            pl.col(name).list.explode(keep_nulls=False, empty_as_null=False).unique()
            for name in ("form", "known_to_agency")
        ],
        pl.col("source").unique(),
    )
    month = pl.col("period").str.slice(0, 7)
    return {
        "person": people.with_columns(month=month).sort("person_ref"),
        "referral": stacked["referral"].with_columns(month=month),
    }


@cache
def planted() -> Sheets:
    return _sheets(FACTS)


@cache
def without(fact: str) -> Sheets:
    """Run the generator with one fact switched off."""
    off: dict[str, dict[str, Any]] = {
        "rise_after_law": {"ratio": 1.0},
        "seasonal_pattern": {"ratio": 1.0},
        "district_cluster": {"ratio": 1.0},
        "shift_between_forms": {"share_moved": 0.0},
        "reporting_delay": {"missing_share_by_months_since": [0.0]},
        "contributor_stopped": {"last_month": ""},
        "campaign": {"ratio": 1.0},
        "too_few_places": {"declined_for_no_place_share_men_and_boys": 0.09},
        "hand_off_broken": {"lapsed_month": ""},
        "hidden_population": {"size": FACTS["hidden_population"]["size"] * 0.8},
    }
    return _sheets(FACTS.with_planted(fact, **off[fact]))


def _per_month(people: pl.DataFrame, first: str, last: str) -> float:
    months = _month(last) - _month(first) + 1
    return people.filter(_during(first, last)).height / months


def _during(first: str, last: str) -> pl.Expr:
    return pl.col("month").is_between(pl.lit(first), pl.lit(last))


def _month(code: str) -> int:
    return int(code[:4]) * 12 + int(code[5:])


def _with(form: str) -> pl.Expr:
    return pl.col("form").list.contains(form)


def law(sheets: Sheets) -> float:
    before = _per_month(sheets["person"], "2017-07", "2019-06")
    after = _per_month(sheets["person"], "2019-07", "2021-06")
    return after / before / FACTS["yearly_trend_ratio"] ** 2


def season(sheets: Sheets) -> float:
    fact = FACTS["seasonal_pattern"]
    people = sheets["person"].filter(_with(fact["form"]) & (pl.col("month") < "2025-01"))
    number = people["month"].str.slice(5, 2).cast(pl.Int64)
    peak = int(number.is_in(fact["peak_months"]).sum())
    peaks = len(fact["peak_months"])
    return (peak / peaks) / ((people.height - peak) / (12 - peaks))


def cluster(sheets: Sheets) -> float:
    fact = FACTS["district_cluster"]
    people = sheets["person"].filter(_with(fact["form"]) & pl.col("area").is_not_null())
    inside = _during(fact["from_month"], fact["to_month"])
    here = people.filter(pl.col("area") == fact["district"])
    others = people.filter(pl.col("area") != fact["district"])
    odds = [part.filter(inside).height / part.filter(~inside).height for part in (here, others)]
    return odds[0] / odds[1]


def _shift(sheets: Sheets, form: str) -> float:
    recorded = sheets["person"].filter(pl.col("form").list.len() > 0)
    share = [
        part.filter(_with(form)).height / part.height
        for part in (recorded.filter(pl.col("month") < "2018"), recorded.filter(pl.col("month") >= "2024"))
    ]
    return share[1] - share[0]


def shift_from(sheets: Sheets) -> float:
    return -_shift(sheets, FACTS["shift_between_forms"]["from_form"])


def shift_to(sheets: Sheets) -> float:
    return _shift(sheets, FACTS["shift_between_forms"]["to_form"])


def delay_in_data(sheets: Sheets) -> float:
    newest = _per_month(sheets["person"], "2025-10", "2025-12")
    year_before = _per_month(sheets["person"], "2024-10", "2024-12")
    return newest / year_before / FACTS["yearly_trend_ratio"]


def _campaign(sheets: Sheets, keep: pl.Expr) -> float:
    fact = FACTS["campaign"]
    county = [d.code for d in load_region().of_county(fact["county"])]
    people = sheets["person"].filter(pl.col("area").is_in(county) & keep)
    first, last = fact["from_month"][5:], fact["to_month"][5:]
    same = people.filter(pl.col("month").str.slice(5, 2).is_between(pl.lit(first), pl.lit(last)))
    years = same.group_by(pl.col("month").str.slice(0, 4).alias("year")).len().sort("year")
    near = years.filter(pl.col("year").is_in(["2020", "2021", "2023", "2024"]))["len"].mean()
    return years.filter(pl.col("year") == fact["from_month"][:4])["len"][0] / near


def campaign(sheets: Sheets) -> float:
    return _campaign(sheets, pl.col("known_to_agency").list.contains("hotline"))


def campaign_elsewhere(sheets: Sheets) -> float:
    return _campaign(sheets, pl.col("known_to_agency").list.contains("police"))


def too_few_places(sheets: Sheets) -> float:
    fact = FACTS["too_few_places"]
    gender = sheets["person"].select("person_ref", "gender")
    decided = (
        sheets["referral"]
        .filter((pl.col("to_organisation") == fact["organisation"]) & (pl.col("decision") != "waiting"))
        .join(gender, on="person_ref")
        .filter(pl.col("gender").is_not_null())
        .filter((pl.col("decision") != "declined") | pl.col("decline_reason").is_not_null())
        .with_columns(full=pl.col("decline_reason").eq("no_capacity").fill_null(value=False))
    )
    is_male = pl.col("gender") == "male"
    return float(decided.filter(is_male)["full"].mean() - decided.filter(~is_male)["full"].mean())


def handed_off(sheets: Sheets, first: str, last: str) -> int:
    fact = FACTS["hand_off_broken"]
    is_from = pl.col("from_org_type") == fact["from_org_type"]
    is_to = pl.col("to_organisation") == fact["to_organisation"]
    return sheets["referral"].filter(is_from & is_to & _during(first, last)).height


def stopped(sheets: Sheets) -> float:
    source = FACTS.contributor(FACTS["contributor_stopped"]["contributor"]).source_id
    sent = sheets["person"].filter(pl.col("source").list.contains(source))
    return float(_month(str(sent["month"].max())))


def hidden(sheets: Sheets) -> float:
    """Observed and unlisted people: Poisson log-linear model with the pairs named, by Newton's method."""
    fact = FACTS["hidden_population"]["found"]
    codes = [c.code for c in FACTS.contributors]
    on_list = np.stack(
        [sheets["person"]["known_to_agency"].list.contains(c.agency).to_numpy() for c in FACTS.contributors],
        1,
    )
    history = on_list @ (1 << np.arange(len(codes)))
    counts = np.bincount(history, minlength=1 << len(codes))[1:]
    bits = (np.arange(1, 1 << len(codes))[:, None] >> np.arange(len(codes))) & 1
    pairs = [bits[:, codes.index(a)] * bits[:, codes.index(b)] for a, b in fact["pairs"]]
    design = np.column_stack([np.ones(len(bits)), bits, *pairs]).astype(float)
    beta = np.linalg.lstsq(design, np.log(counts + 0.5), rcond=None)[0]
    for _ in range(50):
        mean = np.exp(design @ beta)
        beta = beta + np.linalg.solve(design.T @ (design * mean[:, None]), design.T @ (counts - mean))
    return float(counts.sum() + np.exp(beta[0]))


CASES: list[tuple[str, str, Callable[[Sheets], float]]] = [
    ("rise_after_law", "found", law),
    ("seasonal_pattern", "found", season),
    ("district_cluster", "found", cluster),
    ("shift_between_forms", "found", shift_from),
    ("shift_between_forms", "found", shift_to),
    ("reporting_delay", "found_in_data", delay_in_data),
    ("campaign", "found", campaign),
    ("too_few_places", "found", too_few_places),
    ("hidden_population", "found", hidden),
]


@pytest.mark.parametrize(("fact", "table", "find"), CASES, ids=lambda v: getattr(v, "__name__", None))
def test_fact_is_found_again(fact: str, table: str, find: Callable[[Sheets], float]) -> None:
    truth = FACTS[fact][table]
    assert find(planted()) == pytest.approx(truth["value"], abs=truth["tolerance"])


@pytest.mark.parametrize(("fact", "table", "find"), CASES, ids=lambda v: getattr(v, "__name__", None))
def test_fact_is_not_found_where_it_was_not_planted(
    fact: str, table: str, find: Callable[[Sheets], float]
) -> None:
    truth = FACTS[fact][table]
    assert abs(find(without(fact)) - truth["value"]) > truth["tolerance"]


def test_campaign_raised_little_else() -> None:
    truth = FACTS["campaign"]["found_elsewhere"]
    assert campaign_elsewhere(planted()) == pytest.approx(truth["value"], abs=truth["tolerance"])


def test_contributor_stopped() -> None:
    assert stopped(planted()) == _month(FACTS["contributor_stopped"]["found"]["value"])
    assert stopped(without("contributor_stopped")) == _month("2025-12")


def test_hand_off_broke() -> None:
    fact = FACTS["hand_off_broken"]
    since = (fact["lapsed_month"], "2025-12")
    assert handed_off(planted(), "2019-04", "2021-03") >= fact["found"]["at_least_before"]
    assert handed_off(planted(), *since) == fact["found"]["value"]
    assert handed_off(without("hand_off_broken"), *since) > fact["found"]["at_least_before"]


def test_delay_is_what_comes_in_later() -> None:
    truth = FACTS["reporting_delay"]["found"]
    newest = _during("2025-10", "2025-12")
    later = _sheets(FACTS, date(2026, 12, 31))["person"].filter(newest)
    now = planted()["person"].filter(newest)
    assert set(now["person_ref"]) < set(later["person_ref"])
    assert now.height / later.height == pytest.approx(truth["value"], abs=truth["tolerance"])


def test_law_is_among_the_fictional_statutes() -> None:
    fact = FACTS["rise_after_law"]
    laws = next(b.frame for f in generate(SEED, 200) for b in f.batches if b.table == "law_provision")
    effective = laws.filter(pl.col("law_code") == fact["law_code"])["effective"]
    assert effective.str.slice(0, 7).to_list() == [fact["effective_month"]]
    assert laws["short_name"].str.contains("fictional").all()
