"""The pathway: what the contract of spells refuses, what became of referrals, agreements, open referrals."""

from functools import cache
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from etl.contracts import check, rule_words
from etl.incoming import LINE, Batch
from etl.synthetic import Facts, generate, load_facts, load_region
from tests.etl.made_home import CommandLine, Deliverer, command_line
from tests.etl.made_pathway import load, sheet

FACTS = load_facts()
GOOD = {
    "service_episode_ref": "S1",
    "referral_ref": "R1",
    "period": "2025-03",
    "service_type": "housing",
    "provider": "Harbour",
    "days_to_start": "9",
    "is_started": "yes",
    "days_in_service": "62",
    "exit_type": "stable_outcome",
}


@pytest.fixture
def give(tmp_path: Path) -> Deliverer:
    folder = tmp_path / "inputs"
    folder.mkdir()
    return Deliverer(folder)


@pytest.fixture
def run(tmp_path: Path, give: Deliverer, capsys: pytest.CaptureFixture[str]) -> CommandLine:
    line = command_line(tmp_path / "home", capsys)
    assert line.load(give.areas()).code == 0
    return line


@pytest.mark.parametrize(
    ("changed", "rule", "column"),
    [
        ({"days_to_start": "-1"}, "start_before_asking", "days_to_start"),
        ({"days_in_service": "-1"}, "ends_before_it_begins", "days_in_service"),
        ({"days_to_start": "9.5"}, "not_a_whole_number", "days_to_start"),
        ({"is_started": "perhaps"}, "not_yes_or_no", "is_started"),
        ({"is_started": "no", "days_in_service": None}, "start_time_without_start", "days_to_start"),
        ({"is_started": "no", "days_to_start": None}, "days_without_start", "days_in_service"),
        (
            {"is_started": "no", "days_to_start": None, "days_in_service": None},
            "outcome_without_start",
            "exit_type",
        ),
        ({"exit_type": "happy"}, "unknown_code", "exit_type"),
        ({"period": None}, "missing", "period"),
    ],
)
def test_what_cannot_be_is_rejected_by_line_rule_and_column(
    changed: dict[str, Any], rule: str, column: str
) -> None:
    frame = pl.DataFrame({name: [value] for name, value in (GOOD | changed).items()}, strict=False)
    checked = check(Batch("service_episode", frame.with_columns(pl.Series(LINE, [7], pl.Int64))), FACTS.as_of)
    assert checked.rejected.rows() == [("service_episode", 7, rule, column)]
    assert rule_words("service_episode", rule).endswith(".")


REFERRED = "R1,2025-03,R11,police,Harbour"


@pytest.mark.parametrize(
    ("outcome", "spell", "wanted"),
    [
        ("accepted,3,5,no", "9,yes,62,stable_outcome", ("stable_outcome", "8_14_days")),
        ("accepted,3,5,no", "181,yes,62,own_choice", ("left_service", "over_180_days")),
        ("accepted,3,5,no", "180,yes,62,still_in_service", ("in_service", "91_180_days")),
        ("accepted,3,5,no", "2,yes,,", ("in_service", "0_2_days")),
        ("accepted,3,5,no", ",yes,62,moved_on", ("left_service", "not_recorded")),
        ("accepted,3,5,no", "7,,,", ("in_service", "3_7_days")),
        ("accepted,3,5,no", ",no,,", ("contacted", "not_started")),
        ("accepted,3,,yes", ",no,,", ("accepted", "not_started")),
        ("accepted,3,5,no", None, ("contacted", "not_recorded")),
        ("declined,3,,no", None, ("declined", "not_applicable")),
        ("withdrawn,,,no", None, ("withdrawn", "not_applicable")),
        ("waiting,,,yes", None, ("waiting", "not_applicable")),
        (",,,", None, ("not_recorded", "not_recorded")),
        (",,,", "9,yes,62,stable_outcome", ("stable_outcome", "8_14_days")),
    ],
)
def test_what_became_of_a_referral(
    run: CommandLine, give: Deliverer, outcome: str, spell: str | None, wanted: tuple[str, str]
) -> None:
    load(run, sheet(give, "referral", [f"{REFERRED},{outcome}"], months="2025-03"))
    if spell:
        load(run, sheet(give, "service_episode", [f"S1,R1,2025-03,Harbour,{spell}"], months="2025-03"))
    assert run.query("SELECT stage, start_band FROM mart.referral") == [wanted]


def test_of_several_spells_the_first_start_and_the_best_end_hold(run: CommandLine, give: Deliverer) -> None:
    load(run, sheet(give, "referral", [f"{REFERRED},accepted,3,5,no"], months="2025-03"))
    spells = ["S1,R1,2025-03,Harbour,30,yes,10,lost_contact", "S2,R1,2025-03,Tern,4,yes,90,stable_outcome"]
    load(run, sheet(give, "service_episode", spells, months="2025-03"))
    assert run.query("SELECT stage, start_band FROM mart.referral") == [("stable_outcome", "3_7_days")]


def test_the_provider_has_the_key_of_the_organisation(run: CommandLine, give: Deliverer) -> None:
    load(run, sheet(give, "referral", [f"{REFERRED},accepted,3,5,no"], months="2025-03"))
    load(run, sheet(give, "service_episode", ["S1,R1,2025-03,HARBOUR,4,yes,9,"], months="2025-03"))
    load(run, sheet(give, "organisation", ["Harbour,Harbour House,shelter"]))
    [(asked, gave, listed)] = run.query(
        "SELECT to_organisation_key, provider_key, organisation_key "
        "FROM mart.referral, mart.service_episode, mart.organisation"
    )
    assert asked == gave == listed and len(listed) == 32


def test_receivers_are_public_codes_or_unlisted(run: CommandLine, give: Deliverer) -> None:
    rows = [
        f"R{n},2025-03,R11,police,{place},accepted,1,1,no"
        for n, place in enumerate(("Harbour", "Elsewhere", ""))
    ]
    load(run, sheet(give, "referral", rows, months="2025-03"))
    load(run, sheet(give, "organisation", ["Harbour,Harbour House,shelter", "Quiet,Quiet Room,ngo"]))
    found = run.query("SELECT to_organisation, to_org_type FROM mart.referral ORDER BY ALL")
    assert found == [
        ("Harbour", "shelter"),
        ("not_recorded", "not_recorded"),
        ("unlisted", "not_recorded"),
    ]
    codes = run.query("SELECT code FROM mart.receiver ORDER BY 1")
    assert codes == [("Harbour",), ("Quiet",), ("not_recorded",), ("unlisted",)]


@pytest.mark.parametrize(
    ("month", "agreement", "wanted"),
    [
        ("2024-12", "a1,One,referral,shelter,Harbour,police,2025-01-15,2025-03-31", "before"),
        ("2025-01", "a1,One,referral,shelter,Harbour,police,2025-01-15,2025-03-31", "in_force"),
        ("2025-03", "a1,One,referral,shelter,Harbour,police,2025-01-15,2025-03-31", "in_force"),
        ("2025-04", "a1,One,referral,shelter,Harbour,police,2025-01-15,2025-03-31", "lapsed"),
        ("2025-04", "a1,One,referral,shelter,Harbour,police,2025-01-15,", "in_force"),
        ("2025-04", "a1,One,referral,somebody,Harbour,police,2025-01-15,", "in_force"),
        ("2025-04", "a1,One,referral,shelter,Harbour,,2025-01-15,", "in_force"),
        ("2025-04", "a1,One,referral,somebody,Harbour,health,2025-01-15,", "none"),
        ("2025-04", "a1,One,referral,shelter,Elsewhere,police,2025-01-15,", "none"),
        ("2025-04", None, "not_recorded"),
    ],
)
def test_agreements_in_force_when_a_referral_was_made(
    run: CommandLine, give: Deliverer, month: str, agreement: str | None, wanted: str
) -> None:
    load(run, sheet(give, "referral", [f"R1,{month},R11,police,Harbour,accepted,1,1,no"], months=month))
    if agreement:
        load(run, sheet(give, "partnership", [agreement]))
    assert run.query("SELECT agreement FROM mart.referral") == [(wanted,)]


def test_a_renewed_agreement_is_in_force_and_a_gap_is_not(run: CommandLine, give: Deliverer) -> None:
    months = ("2023-01", "2023-07", "2024-01", "2024-06")
    rows = [f"R{n},{month},R11,police,Harbour,accepted,1,1,no" for n, month in enumerate(months)]
    load(run, sheet(give, "referral", rows, months="2023-01..2024-12"))
    terms = [
        "a1,One,referral,shelter,Harbour,police,2022-01-01,2023-06-30",
        "a2,Two,referral,shelter,Harbour,police,2024-01-01,2024-03-31",
    ]
    load(run, sheet(give, "partnership", terms))
    found = run.query("SELECT agreement FROM mart.referral ORDER BY period_start")
    assert [row[0] for row in found] == ["in_force", "lapsed", "in_force", "lapsed"]


def test_a_referral_began_with_a_report_or_not(run: CommandLine, give: Deliverer) -> None:
    rows = [f"R{n},2025-03,R11,police,Harbour,accepted,1,1,no" for n in (1, 2)]
    load(run, sheet(give, "referral", rows, months="2025-03"))
    assert run.query("SELECT DISTINCT origin FROM mart.referral") == [("not_recorded",)]
    load(run, sheet(give, "tip", ["T1,2025-02,R11,web,public,,services,,2,R1"], months="2025-02"))
    found = run.query("SELECT origin, count(*) FROM mart.referral GROUP BY ALL ORDER BY ALL")
    assert found == [("report", 1), ("no_report", 1)]


@pytest.mark.parametrize(
    ("row", "wanted"),
    [
        # Made in mid-November: 46 days before the end of the year.
        ("2024-11,R11,police,Harbour,accepted,10,40,no", []),
        ("2024-11,R11,police,Harbour,accepted,10,50,no", [(2024, "31_90_days")]),
        ("2024-11,R11,police,Harbour,declined,46,,no", []),
        ("2024-11,R11,police,Harbour,declined,47,,no", [(2024, "31_90_days")]),
        ("2024-12,R11,police,Harbour,declined,400,,no", [(2024, "0_30_days"), (2025, "over_365_days")]),
        ("2024-11,R11,police,Harbour,waiting,,,yes", [(2024, "31_90_days"), (2025, "over_365_days")]),
        ("2024-11,R11,police,Harbour,waiting,,,", [(2024, "31_90_days"), (2025, "over_365_days")]),
        ("2024-06,R11,police,Harbour,withdrawn,,,no", []),
    ],
)
def test_what_was_open_at_the_ends_of_years(
    run: CommandLine, give: Deliverer, row: str, wanted: list[tuple[int, str]]
) -> None:
    load(run, sheet(give, "referral", [f"R1,{row}"], months="2024-01..2025-12"))
    found = run.query("SELECT reference_year, open_band FROM mart.open_referral ORDER BY reference_year")
    assert found == wanted
    days = run.query("SELECT DISTINCT strftime(period_start, '%m-%d') FROM mart.open_referral")
    assert days in ([], [("12-01",)])


def test_a_year_that_is_not_over_has_no_open_referrals(run: CommandLine, give: Deliverer) -> None:
    load(
        run,
        sheet(give, "referral", ["R1,2025-02,R11,police,Harbour,waiting,,,yes"], months="2025-01..2025-11"),
    )
    assert run.query("SELECT * FROM mart.open_referral") == []


# --- planted facts, by plain arithmetic on the sheets ---


def _sheets(facts: Facts, table: str) -> pl.DataFrame:
    files = [file for file in generate(facts["seed"], facts["persons"], None, facts) if file.source.is_own]
    return pl.concat([part.frame for file in files for part in file.batches if part.table == table])


@cache
def planted() -> pl.DataFrame:
    return _sheets(FACTS, "service_episode")


def rural_wait(spells: pl.DataFrame) -> float:
    rural = {name: one.rural for one in load_region().districts for name in (one.code, one.name)}
    known = spells.drop_nulls(["area", "days_to_start"]).with_columns(
        rural=pl.col("area").replace_strict(rural, return_dtype=pl.Boolean),
        days=pl.col("days_to_start").cast(pl.Int64),
    )
    median = [known.filter(pl.col("rural") == is_rural)["days"].median() for is_rural in (True, False)]
    return float(median[0]) - float(median[1])


def test_the_rural_wait_is_found_and_only_where_it_was_planted() -> None:
    truth = FACTS["rural_wait"]["found"]
    assert rural_wait(planted()) == pytest.approx(truth["value"], abs=truth["tolerance"])
    without = _sheets(FACTS.with_planted("rural_wait", share_slow=0.0), "service_episode")
    assert abs(rural_wait(without) - truth["value"]) > truth["tolerance"]


def test_every_spell_belongs_to_a_referral_that_was_accepted() -> None:
    accepted = _sheets(FACTS, "referral").filter(
        (pl.col("decision") == "accepted") | pl.col("decision").is_null()
    )
    linked = planted().drop_nulls("referral_ref")
    assert set(linked["referral_ref"]) <= set(accepted["referral_ref"])
    assert linked["referral_ref"].n_unique() == linked.height
