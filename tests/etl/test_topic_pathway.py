"""The pathway: what the contract of spells refuses, what became of referrals, agreements, open referrals."""

from collections.abc import Callable
from functools import cache
from typing import Any

import polars as pl
import pytest

from etl.contracts.rules import rule_words
from etl.demonstration import load_facts, load_region
from tests.etl.made_topics import Became, Office, Sheets, expect_planted, refused, sheets

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


REFERRALS = (
    "referral_ref,period,area,from_org_type,to_organisation,decision,days_to_decision,days_to_contact,is_open"
)
SPELLS = "service_episode_ref,referral_ref,period,provider,days_to_start,is_started,days_in_service,exit_type"
REPORTS = "tip_ref,period,channel,referral_ref"
ORGANISATIONS = "organisation,name,organisation_type"
AGREEMENTS = "partnership,name,kind,from_organisation,to_organisation,from_org_type,start_date,end_date"
BOTH_YEARS = "2024-01..2025-12"


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
    assert refused("service_episode", GOOD | changed) == [(2, rule, column)]
    assert rule_words("service_episode", rule).endswith(".")


REFERRED = "R1,2025-03,R11,police,Harbour"


BECAME = [
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
]


@pytest.fixture(scope="module")
def became(new_office: Callable[[], Office]) -> Became:
    """What became of the referrals above, each under a reference of its own."""
    office = new_office()
    rows = [f"R{n},2025-03,R11,police,Harbour,{outcome}" for n, (outcome, _, _) in enumerate(BECAME)]
    spells = [f"S{n},R{n},2025-03,Harbour,{spell}" for n, (_, spell, _) in enumerate(BECAME) if spell]
    office.send("referral", REFERRALS, rows)
    office.send("service_episode", SPELLS, spells)
    return office.by_line("referral", "referral_key", "stage, start_band")


@pytest.mark.parametrize("number", range(len(BECAME)), ids=[f"{one}-{two}" for one, two, _ in BECAME])
def test_what_became_of_a_referral(became: Became, number: int) -> None:
    assert became[number] == [BECAME[number][-1]]


def test_of_several_spells_the_first_start_and_the_best_end_hold(office: Office) -> None:
    office.send("referral", REFERRALS, [f"{REFERRED},accepted,3,5,no"])
    spells = ["S1,R1,2025-03,Harbour,30,yes,10,lost_contact", "S2,R1,2025-03,Tern,4,yes,90,stable_outcome"]
    office.send("service_episode", SPELLS, spells)
    assert office.query("SELECT stage, start_band FROM mart.referral") == [("stable_outcome", "3_7_days")]


def test_the_provider_has_the_key_of_the_organisation(office: Office) -> None:
    office.send("referral", REFERRALS, [f"{REFERRED},accepted,3,5,no"])
    office.send("service_episode", SPELLS, ["S1,R1,2025-03,HARBOUR,4,yes,9,"])
    office.send("organisation", ORGANISATIONS, ["Harbour,Harbour House,shelter"])
    [(asked, gave, listed)] = office.query(
        "SELECT to_organisation_key, provider_key, organisation_key "
        "FROM mart.referral, mart.service_episode, mart.organisation"
    )
    assert asked == gave == listed and len(listed) == 32


def test_receivers_are_public_codes_or_unlisted(office: Office) -> None:
    places = ("Harbour", "Elsewhere", "")
    rows = [f"R{n},2025-03,R11,police,{place},accepted,1,1,no" for n, place in enumerate(places)]
    office.send("referral", REFERRALS, rows)
    office.send("organisation", ORGANISATIONS, ["Harbour,Harbour House,shelter", "Quiet,Quiet Room,ngo"])
    found = office.query("SELECT to_organisation, to_org_type FROM mart.referral ORDER BY ALL")
    assert found == [
        ("Harbour", "shelter"),
        ("not_recorded", "not_recorded"),
        ("unlisted", "not_recorded"),
    ]
    codes = office.query("SELECT code FROM mart.receiver ORDER BY 1")
    assert codes == [("Harbour",), ("Quiet",), ("not_recorded",), ("unlisted",)]


# Month of the referral, the agreement, what it is then. The receiver of each, {to}, is its own.
AGREED = [
    ("2024-12", "referral,office,{to},police,2025-01-15,2025-03-31", "before"),
    ("2025-01", "referral,office,{to},police,2025-01-15,2025-03-31", "in_force"),
    ("2025-03", "referral,office,{to},police,2025-01-15,2025-03-31", "in_force"),
    ("2025-04", "referral,office,{to},police,2025-01-15,2025-03-31", "lapsed"),
    ("2025-04", "referral,office,{to},police,2025-01-15,", "in_force"),
    ("2025-04", "referral,somebody,{to},police,2025-01-15,", "in_force"),
    ("2025-04", "referral,office,{to},,2025-01-15,", "in_force"),
    ("2025-04", "referral,somebody,{to},health,2025-01-15,", "none"),
    ("2025-04", "referral,office,Elsewhere,police,2025-01-15,", "none"),
]


@pytest.fixture(scope="module")
def agreed(new_office: Callable[[], Office]) -> Became:
    """The agreements above, at the referrals above."""
    office = new_office()
    rows = [f"R{n},{month},R11,police,Harbour{n},accepted,1,1,no" for n, (month, _, _) in enumerate(AGREED)]
    terms = [f"a{n},Terms,{one.format(to=f'Harbour{n}')}" for n, (_, one, _) in enumerate(AGREED)]
    office.send("referral", REFERRALS, rows, months=BOTH_YEARS)
    office.send("partnership", AGREEMENTS, terms)
    return office.by_line("referral", "referral_key", "agreement")


@pytest.mark.parametrize("number", range(len(AGREED)), ids=[f"{one}-{two}" for one, two, _ in AGREED])
def test_agreements_in_force_when_a_referral_was_made(agreed: Became, number: int) -> None:
    assert agreed[number] == [(AGREED[number][-1],)]


def test_without_any_agreement_nothing_is_said_of_them(office: Office) -> None:
    office.send("referral", REFERRALS, ["R1,2025-04,R11,police,Harbour,accepted,1,1,no"])
    assert office.query("SELECT agreement FROM mart.referral") == [("not_recorded",)]


def test_a_renewed_agreement_is_in_force_and_a_gap_is_not(office: Office) -> None:
    months = ("2023-01", "2023-07", "2024-01", "2024-06")
    rows = [f"R{n},{month},R11,police,Harbour,accepted,1,1,no" for n, month in enumerate(months)]
    office.send("referral", REFERRALS, rows, months="2023-01..2024-12")
    terms = [
        "a1,One,referral,office,Harbour,police,2022-01-01,2023-06-30",
        "a2,Two,referral,office,Harbour,police,2024-01-01,2024-03-31",
    ]
    office.send("partnership", AGREEMENTS, terms)
    found = office.query("SELECT agreement FROM mart.referral ORDER BY period_start")
    assert [row[0] for row in found] == ["in_force", "lapsed", "in_force", "lapsed"]


def test_a_referral_began_with_a_report_or_not(office: Office) -> None:
    rows = [f"R{n},2025-03,R11,police,Harbour,accepted,1,1,no" for n in (1, 2)]
    office.send("referral", REFERRALS, rows)
    assert office.query("SELECT DISTINCT origin FROM mart.referral") == [("not_recorded",)]
    office.send("tip", f"{REPORTS},disposition", ["T1,2025-02,web,R1,services"])
    found = office.query("SELECT origin, count(*) FROM mart.referral GROUP BY ALL ORDER BY ALL")
    assert found == [("report", 1), ("no_report", 1)]


OPEN = [
    # Made in mid-November: 46 days before the end of the year.
    ("2024-11,R11,police,Harbour,accepted,10,40,no", []),
    ("2024-11,R11,police,Harbour,accepted,10,50,no", [(2024, "31_90_days")]),
    ("2024-11,R11,police,Harbour,declined,46,,no", []),
    ("2024-11,R11,police,Harbour,declined,47,,no", [(2024, "31_90_days")]),
    ("2024-12,R11,police,Harbour,declined,400,,no", [(2024, "0_30_days"), (2025, "over_365_days")]),
    ("2024-11,R11,police,Harbour,waiting,,,yes", [(2024, "31_90_days"), (2025, "over_365_days")]),
    ("2024-11,R11,police,Harbour,waiting,,,", [(2024, "31_90_days"), (2025, "over_365_days")]),
    ("2024-06,R11,police,Harbour,withdrawn,,,no", []),
]


@pytest.fixture(scope="module")
def left_open(new_office: Callable[[], Office]) -> Became:
    """When the referrals above were open at the end of a year."""
    office = new_office()
    office.send("referral", REFERRALS, [f"R{n},{row}" for n, (row, _) in enumerate(OPEN)], months=BOTH_YEARS)
    columns = "reference_year, open_band, strftime(period_start, '%m-%d')"
    return office.by_line("referral", "referral_key", columns, "open_referral")


@pytest.mark.parametrize("number", range(len(OPEN)), ids=[row for row, _ in OPEN])
def test_what_was_open_at_the_ends_of_years(left_open: Became, number: int) -> None:
    wanted = [(year, band, "12-01") for year, band in OPEN[number][-1]]
    assert left_open.get(number, []) == wanted


def test_a_year_that_is_not_over_has_no_open_referrals(office: Office) -> None:
    row = "R1,2025-02,R11,police,Harbour,waiting,,,yes"
    office.send("referral", REFERRALS, [row], months="2025-01..2025-11")
    assert office.query("SELECT * FROM mart.open_referral") == []


# --- planted facts, by plain arithmetic on the sheets ---


@cache
def planted() -> Sheets:
    return sheets(FACTS, "service_episode", "referral")


def rural_wait(spells: pl.DataFrame) -> float:
    rural = {name: one.rural for one in load_region().districts for name in (one.code, one.name)}
    known = spells.drop_nulls(["area", "days_to_start"]).with_columns(
        rural=pl.col("area").replace_strict(rural, return_dtype=pl.Boolean),
        days=pl.col("days_to_start").cast(pl.Int64),
    )
    median = [known.filter(pl.col("rural") == is_rural)["days"].median() for is_rural in (True, False)]
    return float(median[0]) - float(median[1])


def test_the_rural_wait_is_found_and_only_where_it_was_planted() -> None:
    without = sheets(FACTS.with_planted("rural_wait", share_slow=0.0), "service_episode")
    found = [rural_wait(made["service_episode"]) for made in (planted(), without)]
    expect_planted(FACTS["rural_wait"]["found"], *found)


def test_every_spell_belongs_to_a_referral_that_was_accepted() -> None:
    is_accepted = (pl.col("decision") == "accepted") | pl.col("decision").is_null()
    accepted = planted()["referral"].filter(is_accepted)
    linked = planted()["service_episode"].drop_nulls("referral_ref")
    assert set(linked["referral_ref"]) <= set(accepted["referral_ref"])
    assert linked["referral_ref"].n_unique() == linked.height
