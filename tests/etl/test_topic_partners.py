"""Agreements, duties, awards and posts: what cannot be is refused, what is planted is found again."""

from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from analysis import load_catalog
from etl.contracts.rules import rule_words
from etl.contracts.tables import contract, table_names
from etl.demonstration import load_facts
from tests.etl.made_home import Ran
from tests.etl.made_topics import AS_OF, Office, Sheets, expect_planted, refused, sheets

FACTS = load_facts()
GOOD: dict[str, dict[str, str]] = {
    "partnership": {
        "partnership": "p_1",
        "name": "Agreement",
        "kind": "referral",
        "from_organisation": "police",
        "to_organisation": "centre",
        "from_org_type": "police",
        "start_date": "2020-01-01",
        "end_date": "2022-12-31",
    },
    "meeting": {"meeting": "m_1", "kind": "plenary", "held_on": "2025-03-01", "invited": "9", "present": "7"},
    "action": {
        "action": "a_1",
        "title": "Renew posters",
        "kind": "action",
        "pillar": "prevention",
        "owner_organisation": "police",
        "opened_on": "2025-01-10",
        "due_on": "2025-03-10",
        "closed_on": "2025-03-01",
    },
    "duty": {"organisation": "s_1", "duty": "screening", "period": "2025", "due": "9", "met": "9"},
    "funding_award": {
        "award": "w_1",
        "funder": "State office",
        "funder_kind": "state",
        "recipient_organisation": "centre",
        "purpose": "shelter",
        "service_type": "housing",
        "start_date": "2024-01-01",
        "end_date": "2026-06-30",
        "amount": "120000",
        "currency": "dollars",
    },
    "expenditure": {
        "organisation": "centre",
        "service_type": "housing",
        "period": "2025",
        "amount": "1000.50",
        "currency": "dollars",
        "bed_nights": "365",
    },
    "staffing": {
        "organisation": "centre",
        "service_type": "housing",
        "period": "2025-Q1",
        "posts": "4",
        "filled": "3.5",
    },
}
BAD = [
    ("partnership", {"end_date": "2019-12-31"}, "ends_before_it_starts", "end_date"),
    ("partnership", {"start_date": "2026-02-01", "end_date": ""}, "future_date", "start_date"),
    ("partnership", {"kind": "handshake"}, "unknown_code", "kind"),
    ("partnership", {"to_organisation": ""}, "missing", "to_organisation"),
    ("meeting", {"present": "10"}, "more_present_than_invited", "present"),
    ("meeting", {"present": "-1"}, "negative", "present"),
    ("meeting", {"held_on": "2026-01-01"}, "future_date", "held_on"),
    ("action", {"closed_on": "2025-01-09"}, "closed_before_opened", "closed_on"),
    ("action", {"due_on": "2025-01-09"}, "due_before_opened", "due_on"),
    ("duty", {"met": "10"}, "more_met_than_due", "met"),
    ("duty", {"period": "2026"}, "future_period", "period"),
    ("duty", {"due": "-3"}, "negative", "due"),
    ("funding_award", {"end_date": "2023-12-31"}, "ends_before_it_starts", "end_date"),
    ("funding_award", {"amount": "-5"}, "negative", "amount"),
    ("funding_award", {"currency": ""}, "missing", "currency"),
    ("funding_award", {"funder_kind": "individual"}, "donor_named", "funder"),
    ("expenditure", {"amount": "-1"}, "negative", "amount"),
    ("expenditure", {"currency": ""}, "missing", "currency"),
    ("expenditure", {"period": "2026-Q1"}, "future_period", "period"),
    ("staffing", {"filled": "4.5"}, "more_filled_than_posts", "filled"),
]


@pytest.mark.parametrize("table", GOOD)
def test_a_good_row_is_accepted(table: str) -> None:
    assert refused(table, GOOD[table]) == []


@pytest.mark.parametrize(("table", "change", "rule", "column"), BAD)
def test_a_bad_row_is_told_by_line_rule_and_column(
    table: str, change: dict[str, str], rule: str, column: str
) -> None:
    assert refused(table, GOOD[table], GOOD[table] | _other_key(table) | change) == [(3, rule, column)]
    assert rule_words(table, rule).endswith(".")


def _other_key(table: str) -> dict[str, str]:
    """Give the second row a key of its own, so that it is refused for nothing else."""
    key = {"duty": "organisation", "expenditure": "organisation", "staffing": "organisation"}
    return {key.get(table, {"funding_award": "award"}.get(table, table)): "other_1"}


# --- planted facts, by plain arithmetic on what was sent ---------------------------------------------------


@cache
def made(fact: str = "", **off: Any) -> Sheets:
    wanted = ("partnership", "action", "duty", "funding_award", "staffing", "organisation")
    return sheets(FACTS.with_planted(fact, **off) if fact else FACTS, *wanted, persons=200)


def schools_less(found: Sheets) -> float:
    fact = FACTS["schools_report_less"]
    duty = found["duty"].filter(pl.col("duty") == fact["duty"])
    types = found["organisation"].select("organisation", "organisation_type")
    joined = duty.join(types, on="organisation").with_columns(pl.col("due", "met").cast(pl.Int64))
    share = [
        part["met"].sum() / part["due"].sum()
        for part in (
            joined.filter(pl.col("organisation_type") == fact["organisation_type"]),
            joined.filter(pl.col("organisation_type") != fact["organisation_type"]),
        )
    ]
    return share[0] - share[1]


def overdue_share(found: Sheets) -> float:
    late = found["action"].filter(
        (pl.col("kind") == "action") & (pl.col("due_on") < AS_OF.isoformat()) & pl.col("closed_on").is_null()
    )
    return late.filter(pl.col("pillar") == FACTS["overdue_actions"]["pillar"]).height / late.height


def cliff_share(found: Sheets) -> float:
    fact = FACTS["funding_cliff"]
    total = ends = 0.0
    for row in found["funding_award"].iter_rows(named=True):
        start, end = date.fromisoformat(row["start_date"]), date.fromisoformat(row["end_date"])
        public = row["funder_kind"] in ("federal", "state", "local")
        if not (public and row["purpose"] == fact["purpose"] and start <= AS_OF <= end):
            continue
        a_year = float(row["amount"]) / (end - start).days
        total += a_year
        ends += a_year if row["funder"] == fact["funder"] and end <= date(2026, 12, 31) else 0.0
    return ends / total


def vacancy_rise(found: Sheets) -> float:
    posts = found["staffing"].filter(pl.col("service_type").is_in(FACTS["vacancies_rise"]["service_types"]))
    posts = posts.with_columns(pl.col("posts", "filled").cast(pl.Float64))
    share = [
        1 - part["filled"].sum() / part["posts"].sum()
        for part in (posts.filter(pl.col("period").str.starts_with(year)) for year in ("2020", "2025"))
    ]
    return share[1] - share[0]


CASES = [
    ("schools_report_less", schools_less, {"met_share": 0.91}),
    ("overdue_actions", overdue_share, {"overdue": 1}),
    ("funding_cliff", cliff_share, {"ends": date(2028, 6, 30)}),
    ("vacancies_rise", vacancy_rise, {"vacant_last": 0.08}),
]


@pytest.mark.parametrize(("fact", "find", "off"), CASES, ids=lambda value: getattr(value, "__name__", None))
def test_a_planted_fact_is_found_and_only_where_it_was_planted(fact: str, find: Any, off: Any) -> None:
    expect_planted(FACTS[fact]["found"], find(made()), find(made(fact, **off)))


def test_the_agreement_behind_the_broken_hand_off_lapsed() -> None:
    fact = FACTS["hand_off_broken"]
    [row] = made()["partnership"].filter(pl.col("name") == fact["agreement"]).to_dicts()
    assert (row["from_organisation"], row["to_organisation"]) == ("tm_police", fact["to_organisation"])
    assert (row["start_date"], row["end_date"]) == ("2017-01-01", "2021-03-31")
    after = made()["partnership"].filter(
        (pl.col("from_organisation") == "tm_police")
        & (pl.col("to_organisation") == fact["to_organisation"])
        & (pl.col("start_date") > row["end_date"])
    )
    assert after.is_empty()
    without = made("hand_off_broken", lapsed_month="")["partnership"]
    [on] = without.filter(pl.col("name") == fact["agreement"]).to_dicts()
    assert on["end_date"] is None


# --- the mart from made-up rows ----------------------------------------------------------------------------


def load(office: Office, table: str, rows: list[dict[str, str]]) -> Ran:
    names = list(dict.fromkeys(name for row in rows for name in row))
    lines = [",".join(f'"{row.get(name, "")}"' for name in names) for row in rows]
    return office.offer(table, ",".join(names), lines)


def test_agreements_stand_in_the_quarters_they_hold(office: Office) -> None:
    good = GOOD["partnership"]
    rows = [good, good | {"partnership": "p_2", "start_date": "2021-05-01", "end_date": ""}]
    assert load(office, "partnership", rows).code == 0
    meetings = [GOOD["meeting"] | {"held_on": "2023-02-01"}]
    assert load(office, "meeting", meetings).code == 0
    found = dict(
        office.query(
            "SELECT period, sum(value) FROM mart.figure WHERE measure = 'agreements_active' GROUP BY 1"
        )
    )
    assert (found["2020-Q1"], found["2021-Q2"], found["2022-Q4"]) == (1, 2, 2)
    assert max(found) == "2022-Q4", "no quarter that was not over on the last day reported (1 February 2023)"
    keys = office.query("SELECT count(DISTINCT to_organisation_key), count(*) FROM mart.partnership")
    assert keys == [(1, 2)]


def test_public_money_is_spread_over_the_days_it_pays_for(office: Office) -> None:
    award = GOOD["funding_award"] | {"start_date": "2023-07-01", "end_date": "2025-06-30", "amount": "731"}
    gift = award | {"award": "w_2", "funder": "Trust", "funder_kind": "foundation", "amount": "500"}
    assert load(office, "funding_award", [award, gift]).code == 0
    spent = [GOOD["expenditure"]]
    assert load(office, "expenditure", spent).code == 0
    found = dict(
        office.query("SELECT period, value FROM mart.figure WHERE measure = 'public_funding' ORDER BY 1")
    )
    assert found == {"2023": 184.0, "2024": 366.0, "2025": 181.0}
    assert office.query("SELECT period, value FROM mart.figure WHERE measure = 'private_funding'") == [
        ("2023", 500.0)
    ]
    assert office.query("SELECT award FROM mart.award_register") == [("w_1",)]


def test_two_currencies_are_never_added(office: Office) -> None:
    rows = [GOOD["expenditure"] | {"organisation": code, "currency": "dollars"} for code in ("a_1", "b_1")]
    rows.append(GOOD["expenditure"] | {"organisation": "c_1", "currency": "pounds", "amount": "9"})
    assert load(office, "expenditure", rows).code == 0
    found = office.query(
        "SELECT DISTINCT unit, sum(value) OVER () FROM mart.figure WHERE measure = 'expenditure'"
    )
    assert found == [("dollars", 2001.0)]


@pytest.mark.parametrize(
    ("periods", "counted", "nights"),
    [
        ("2025", 1, None),
        ("2025-01 2025-02 2025-Q2", 3, 21),  # nothing lies in anything else
        ("2025 2025-01 2025-Q3", 1, 14),  # a year's account holds those of its months, but it has no nights
        ("2025-Q1 2025-03 2025-04", 2, 14),
        ("2025-Q2 2025-01", 2, 14),
    ],
)
def test_who_reports_months_and_the_year_is_counted_once(
    office: Office, periods: str, counted: int, nights: int | None
) -> None:
    good = GOOD["expenditure"] | {"amount": "100"}
    rows = [good | {"period": one, "bed_nights": "" if one == "2025" else "7"} for one in periods.split()]
    assert load(office, "expenditure", rows).code == 0
    sums = dict(office.query("SELECT measure, sum(value) FROM mart.figure GROUP BY ALL"))
    assert sums["expenditure"] == 100 * counted
    assert sums.get("bed_nights") == nights
    duties = [GOOD["duty"] | {"period": one, "due": "10", "met": "10"} for one in periods.split()]
    assert load(office, "duty", duties).code == 0
    assert office.query("SELECT sum(due) FROM mart.duty") == [(10 * counted,)]


def test_overdue_actions_and_duties_in_the_mart(office: Office) -> None:
    good = GOOD["action"]
    rows = [
        good,
        good | {"action": "a_2", "closed_on": ""},
        good | {"action": "a_3", "closed_on": "2025-05-01"},
    ]
    rows.append(good | {"action": "r_1", "kind": "recommendation", "due_on": "", "closed_on": ""})
    assert load(office, "action", rows).code == 0
    assert load(office, "duty", [GOOD["duty"]]).code == 0
    figure = "SELECT sum(value) FROM mart.figure WHERE measure = '{}' AND period = '{}'"
    assert office.query(figure.format("actions_overdue", "2025-Q1")) == [(2.0,)]
    assert office.query(figure.format("actions_overdue", "2025-Q4")) == [(1.0,)]
    assert office.query(figure.format("actions_due", "2025-Q1")) == [(3.0,)]
    assert office.query(figure.format("actions_closed_on_time", "2025-Q1")) == [(1.0,)]
    assert office.query(figure.format("recommendations_made", "2025")) == [(1.0,)]
    assert office.query("SELECT pillar, met FROM mart.duty") == [("protection", 9)]


# --- attack: registers hold no way to reach anybody --------------------------------------------------------

CONTACTS = [
    ("partnership", "name", "Agreement, ring 555-123-4567", "phone numbers"),
    ("partnership", "name", "Agreement (j.smith@example.org)", "e-mail addresses"),
    ("partnership", "to_organisation", "House at 51.50735, -0.12776", "coordinates"),
    ("action", "title", "Open the house at 12 Mill Hill Road", "street addresses"),
    ("action", "title", "Contact: the desk officer", "contact persons"),
    ("action", "title", "Ask Mrs Example", "contact persons"),
    ("funding_award", "pays_for", "24 places, +44 20 7946 0958", "phone numbers"),
    ("funding_award", "funder", "State office desk@example.org", "e-mail addresses"),
]


@pytest.mark.parametrize("attack", CONTACTS, ids=lambda attack: f"{attack[1]}-{attack[3]}")
def test_a_register_with_contact_details_is_refused_whole_and_without_its_value(
    office: Office, attack: tuple[str, str, str, str]
) -> None:
    table, column, value, words = attack
    rows = [GOOD[table], GOOD[table] | _other_key(table) | {column: value}]
    done = load(office, table, rows)
    assert done.code == 1
    said = done.out + done.err
    assert column in said and words in said
    assert value not in said
    for part in ("555", "j.smith", "51.507", "Mill Hill", "desk officer", "7946", "desk@"):
        assert part not in said


def test_names_of_organisations_places_and_years_pass(office: Office) -> None:
    names = (
        "Lantern House",
        "Dr. Martin Luther King School",
        "Agreement 2023-2026",
        "Ms. Foundation, Road 66",
    )
    rows = [
        GOOD["partnership"] | {"partnership": f"p_{n}", "name": name, "to_organisation": name}
        for n, name in enumerate(names)
    ]
    assert load(office, "partnership", rows).code == 0
    assert office.query("SELECT count(*) FROM mart.partnership") == [(len(names),)]


def test_every_table_behind_a_register_is_searched() -> None:
    """A register added later is searched without anybody remembering it."""
    searched = {name for name in table_names() if contract(name).is_register}
    assert {"partnership", "action", "funding_award", "organisation"} <= searched
    assert not searched & {"person", "referral", "law_provision", "observation"}
    for register in load_catalog().registers.values():
        assert not {one.code for one in register.columns} & {
            "contact",
            "phone",
            "email",
            "street",
            "lon",
            "lat",
        }


# --- a directory is not the partnership --------------------------------------------------------------------

PARTNERS = "SELECT organisation_type::VARCHAR, value FROM mart.figure WHERE measure = 'organisations'"


def test_whoever_a_directory_lists_is_no_partner_unless_the_register_says_so(
    office: Office, tmp_path: Path
) -> None:
    place = tmp_path / "directory"
    place.mkdir()
    (place / "organizations.csv").write_text("id,name\no1,Harbour Aid\nshared,Both\n", "utf-8")
    (place / "services.csv").write_text(
        "id,organization_id,name,status\ns1,o1,Night shelter,active\n", "utf-8"
    )
    office.send("meeting", ",".join(GOOD["meeting"]), [",".join(GOOD["meeting"].values())])

    assert office.run("load", str(place), "--source", "hsds").code == 0
    assert office.query("SELECT count(*) FROM mart.organisation") == [(2,)], "its services keep their names"
    assert office.query(PARTNERS) == []

    office.send("organisation", "organisation,name,organisation_type", ["shared,Both,ngo"])
    assert office.query(PARTNERS) == [("ngo", 1.0)]
