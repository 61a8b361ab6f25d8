"""People helped: who counts, once a year, over needs and spells of service."""

import pytest

from tests.etl.made_topics import Office

BOTH_YEARS = "2024-01..2025-12"
NEEDS = "person_ref,period,area,service_type,need_status"
SPELLS = "service_episode_ref,referral_ref,person_ref,period,area,days_to_start,is_started,days_in_service"
HELPED = "SELECT reference_year, area_code, count(*) FROM mart.person_helped GROUP BY ALL ORDER BY ALL"


def test_a_person_counts_once_a_year_however_many_kinds_of_help(office: Office) -> None:
    rows = [
        "C1,2024-02,R11,housing,met",
        "C1,2024-05,R12,legal,partly",
        "C1,2025-01,,housing,met",
        "C2,2024-02,R12,housing,unmet",
        "C3,2024-02,R12,housing,not_assessed",
        "C4,2024-03,R12,housing,met",
        ",2024-03,R12,housing,met",
    ]
    office.send("service_need", NEEDS, rows, months=BOTH_YEARS)
    assert office.query(HELPED) == [
        (2024, "R11", 1),
        (2024, "R12", 2),
        (2025, "not_recorded", 1),
    ], "C1 where first helped, C4 and the one nobody knows; C2 and C3 were not helped"
    assert office.query("SELECT DISTINCT strftime(period_start, '%m-%d') FROM mart.person_helped") == [
        ("12-01",)
    ]


SPELL = [
    ("S,,C1,2024-03,R11,9,yes,20", [2024]),
    ("S,,C1,2024-03,R11,,no,", []),
    ("S,,C1,2024-12,R11,30,yes,10", [2025]),  # begun the days it took after the middle of the month
    ("S,,C1,2024-11,R11,3,yes,60", [2024, 2025]),  # over New Year: helped in both
    ("S,,C1,2024-03,R11,,yes,", [2024]),
    ("S,,C1,2024-03,R11,5,,", [2024]),
    ("S,,C1,2025-12,R11,30,yes,10", []),  # begins after the last whole year
]


@pytest.mark.parametrize(("row", "years"), SPELL, ids=[row for row, _ in SPELL])
def test_a_spell_helps_in_the_years_it_lasts(office: Office, row: str, years: list[int]) -> None:
    office.send("service_episode", SPELLS, [row], months=BOTH_YEARS)
    assert [year for year, *_ in office.query(HELPED)] == years


def test_needs_and_spells_of_one_person_are_one_person(office: Office) -> None:
    year = {"months": "2024-01..2024-12"}
    referrals = "referral_ref,person_ref,period,decision"
    office.send("service_need", NEEDS, ["C1,2024-02,R11,housing,met", "C2,2024-02,R11,legal,met"], **year)
    office.send("referral", referrals, ["R1,C2,2024-02,accepted", "R2,,2024-02,accepted"], **year)
    spells = [
        "S1,,C1,2024-03,R11,9,yes,20",
        "S2,R1,,2024-03,R11,9,yes,20",  # C2, by the referral
        "S3,R2,,2024-03,R11,9,yes,20",  # somebody of a referral whose person is not known
        "S4,,C9,2024-03,R11,9,yes,20",
    ]
    office.send("service_episode", SPELLS, spells, **year)
    assert office.query(HELPED) == [(2024, "R11", 4)]


def test_a_year_that_is_not_over_has_nobody_yet(office: Office) -> None:
    office.send("service_need", NEEDS, ["C1,2025-02,R11,housing,met"], months="2025-01..2025-11")
    assert office.query(HELPED) == []
