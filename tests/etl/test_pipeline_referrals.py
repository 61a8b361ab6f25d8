"""A referral comes again when it is decided; its last row holds, in durations and bands."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.etl.made_home import CommandLine, Deliverer
from tests.etl.made_topics import Became, Office

MAPPING = """\
period = "{first}..{last}"
[source]
id = "shelter"
label = "Shelter"
collection = "register"
geography = "riverland"
[[table]]
name = "referral"
[table.columns]
referral_ref = "ref"
person_ref = "client"
period = "month"
to_organisation = "to"
decision = "decision"
decline_reason = "reason"
days_to_decision = "decided"
days_to_contact = "contact"
is_open = "open"
"""
HEADER = "ref,client,month,to,decision,reason,decided,contact,open"


@pytest.fixture
def run(run_with_areas: CommandLine) -> CommandLine:
    return run_with_areas


def referrals(give: Deliverer, name: str, first: str, last: str, rows: list[str]) -> tuple[Path, Path]:
    data, mapping = give.folder / f"{name}.csv", give.folder / f"{name}.toml"
    data.write_text("\n".join([HEADER, *rows]) + "\n", "utf-8")
    mapping.write_text(MAPPING.format(first=first, last=last), "utf-8")
    return data, mapping


BANDS = [
    ("accepted,,0,0,no", ("accepted", "not_declined", "0_2_days", "within_48h")),
    ("accepted,,2,2,no", ("accepted", "not_declined", "0_2_days", "within_48h")),
    ("accepted,,3,3,no", ("accepted", "not_declined", "3_7_days", "3_7_days")),
    ("accepted,,28,28,yes", ("accepted", "not_declined", "8_28_days", "8_28_days")),
    ("accepted,,90,29,yes", ("accepted", "not_declined", "29_90_days", "over_28_days")),
    ("accepted,,91,,yes", ("accepted", "not_declined", "over_90_days", "no_contact")),
    ("declined,no_capacity,1,,no", ("declined", "no_capacity", "0_2_days", "not_recorded")),
    ("declined,,1,,no", ("declined", "not_recorded", "0_2_days", "not_recorded")),
    ("waiting,,,,yes", ("waiting", "not_declined", "undecided", "no_contact")),
    (",,,,", ("not_recorded", "not_recorded", "not_recorded", "not_recorded")),
]


@pytest.fixture(scope="module")
def bands(new_office: Callable[[], Office]) -> Became:
    """The bands of the referrals above, each under a reference of its own."""
    office = new_office()
    rows = [f"R{n},C1,2025-01,Harbour,{row}" for n, (row, _) in enumerate(BANDS)]
    assert office.run.load(referrals(Deliverer(office.folder), "r", "2025-01", "2025-01", rows)).code == 0
    return office.by_line("referral", "referral_key", "decision, decline_reason, decision_band, contact_band")


@pytest.mark.parametrize("number", range(len(BANDS)), ids=[row for row, _ in BANDS])
def test_bands(bands: Became, number: int) -> None:
    assert bands[number] == [BANDS[number][-1]]


def test_the_last_row_of_a_referral_holds(run: CommandLine, give: Deliverer) -> None:
    first = ["R1,C1,2025-01,Harbour,waiting,,,,yes", "R2,C2,2025-01,Harbour,waiting,,,,yes"]
    again = ["R1,C1,2025-01,Harbour,accepted,,40,41,no", "R3,C1,2025-04,Harbour,waiting,,,,yes"]
    run.load(referrals(give, "first", "2025-01", "2025-03", first))
    run.load(referrals(give, "half a year", "2025-01", "2025-06", [*again, first[1]]))
    found = run.query(
        "SELECT period_start::VARCHAR, decision, days_to_decision, is_open FROM mart.referral ORDER BY ALL"
    )
    assert found == [
        ("2025-01-01", "accepted", 40, False),
        ("2025-01-01", "waiting", None, True),
        ("2025-04-01", "waiting", None, True),
    ]


def test_a_file_of_persons_does_not_replace_referrals(run: CommandLine, give: Deliverer) -> None:
    run.load(referrals(give, "r", "2025-01", "2025-03", ["R1,C00001,2025-01,Harbour,waiting,,,,yes"]))
    run.load(give.quarter("q1", 2025, 1, 5))
    assert run.query("SELECT count(*) FROM mart.referral") == [(1,)]
    same = run.query("SELECT count(*) FROM mart.referral JOIN mart.person USING (collection, person_key)")
    assert same == [(1,)], "the same reference is the same person in both tables"
    subjects = run.query("SELECT subject FROM mart.collection WHERE collection = 'register' ORDER BY 1")
    assert subjects == [("open_referral",), ("person",), ("referral",)]


def test_organisations_are_keys_not_names(run: CommandLine, give: Deliverer) -> None:
    run.load(referrals(give, "r", "2025-01", "2025-01", ["R1,C1,2025-01,Harbour,waiting,,,,yes"]))
    (key,) = run.query("SELECT to_organisation_key FROM mart.referral")[0]
    assert len(key) == 32
    assert "arbour" not in key
