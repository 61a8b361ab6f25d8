"""Agreements, awards, laws, networks and what lies apart: plain cases worked out by hand."""

from datetime import date
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.periods import newest_complete_year
from analysis.topics.agreements import ending, in_force, lapsed, months_after, most_often, overdue
from analysis.topics.awards import (
    UNNAMED,
    by_quarter,
    cliffs,
    concentration_of_funders,
    followed,
    stops,
    with_funders,
)
from analysis.topics.laws import by_pillar, provisions, status_of
from analysis.topics.network import Link, alone_in_kind, concentration, single_points

DAY = date(2025, 12, 31)


def agreement(name: str, start: date, end: date | None, to: str = "centre") -> dict:
    return {
        "name": name,
        "kind": "referral",
        "from_name": "police",
        "to_name": to,
        "start_date": start,
        "end_date": end,
    }


def test_an_agreement_holds_on_its_first_and_last_day() -> None:
    one = agreement("a", date(2025, 1, 1), DAY)
    assert in_force([one], date(2025, 1, 1)) == in_force([one], DAY) == [one]
    assert in_force([one], date(2024, 12, 31)) == in_force([one], date(2026, 1, 1)) == []


def test_ending_counts_the_day_itself_and_the_last_of_twelve_months() -> None:
    ends = [DAY, date(2026, 6, 30), date(2026, 12, 31), date(2027, 1, 1), None]
    rows = [agreement(str(end), date(2020, 1, 1), end) for end in ends]
    assert [row["end_date"] for row in ending(rows, DAY, 6)] == ends[:2]
    assert [row["end_date"] for row in ending(rows, DAY, 12)] == ends[:3]


def test_a_renewed_agreement_did_not_lapse() -> None:
    first = agreement("first", date(2018, 1, 1), date(2020, 12, 31))
    second = agreement("second", date(2021, 1, 1), date(2026, 12, 31))
    gone = agreement("gone", date(2017, 1, 1), date(2021, 3, 31), to="legal")
    assert lapsed([first, second, gone], DAY) == [gone]
    assert lapsed([first], DAY) == [first]


def test_overdue_leaves_out_what_is_done_or_has_time_left() -> None:
    def row(due: date | None, closed: date | None, kind: str = "action") -> dict:
        return {"kind": kind, "due_on": due, "closed_on": closed, "pillar": "protection"}

    rows = [
        row(date(2025, 12, 21), None),
        row(date(2025, 12, 31), None),
        row(date(2025, 1, 1), date(2025, 2, 1)),
        row(None, None),
        row(date(2024, 12, 31), None),
        row(date(2024, 1, 1), None, "recommendation"),
    ]
    assert [one["days_overdue"] for one in overdue(rows, DAY)] == [365, 10]
    found = most_often([{"pillar": "a"}, {"pillar": "a"}, {"pillar": "b"}], "pillar")
    assert found and (found.code, found.found, found.total) == ("a", 2, 3)
    assert most_often([{"pillar": "a"}, {"pillar": "b"}], "pillar") is None


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(0, 60))
def test_months_after_goes_the_right_number_of_months(day: date, months: int) -> None:
    later = months_after(day, months)
    assert (later.year - day.year) * 12 + later.month - day.month == months


def award(code: str, funder: str, end: date, amount: float = 365.0, service: str = "housing") -> dict:
    return {
        "award": code,
        "funder": funder,
        "funder_kind": "state",
        "recipient_name": "house",
        "purpose": "shelter",
        "service_type": service,
        "pays_for": None,
        "start_date": date(end.year - 1, end.month, end.day),
        "end_date": end,
        "amount": amount,
        "currency": "dollars",
    }


def test_an_award_that_is_followed_is_no_cliff() -> None:
    first, second = award("a", "state", date(2026, 6, 30)), award("b", "state", date(2027, 6, 30))
    second["start_date"] = date(2026, 7, 1)
    assert followed(first, [first, second])
    assert stops([first, second], DAY) == []
    second["start_date"] = date(2026, 9, 1)
    assert [row["award"] for row in stops([first, second], DAY)] == ["a"]
    before = second | {"start_date": date(2026, 6, 1)}
    unnamed = with_funders([one | {"funder": None} for one in (first, before)])
    assert {row["funder"] for row in unnamed} == {UNNAMED} and not followed(unnamed[0], unnamed)
    assert [row["other_funders"] for row in stops(unnamed, DAY)] == [1], "somebody pays for the same"
    second |= {"start_date": date(2026, 7, 1), "recipient_name": "other house"}
    assert [row["award"] for row in stops([first, second], DAY)] == ["a"]


def test_what_stops_says_whether_others_pay_for_the_same() -> None:
    first, other = award("a", "state", date(2026, 6, 30)), award("b", "county", date(2026, 11, 30))
    [row_a, row_b] = sorted(stops([first, other], DAY), key=lambda row: row["award"])
    assert (row_a["other_funders"], row_b["other_funders"]) == (1, 0)


def test_cliffs_and_funders_by_hand() -> None:
    rows = [award("a", "state", date(2026, 6, 30), 366.0), award("b", "county", date(2028, 6, 30), 122.0)]
    rows[1]["start_date"] = date(2025, 6, 30)
    rows[1]["amount"] = 1097.0  # of 1,097 days: one a day
    [found] = cliffs(rows, DAY, "purpose")
    assert found.active == pytest.approx(730.5)
    assert (found.ends, found.share) == (pytest.approx(365.25), pytest.approx(0.5))
    spread = concentration_of_funders(rows, DAY)
    assert spread and spread.value == pytest.approx(0.5)
    quarters = by_quarter(rows, DAY, before=2, after=1)
    assert [one.period for one in quarters] == ["2025-Q3", "2025-Q4", "2026-Q1"]
    assert [one.is_ahead for one in quarters] == [False, False, True]
    assert [one.money["shelter"] for one in quarters] == pytest.approx([184, 184, 180])


@given(
    st.lists(st.integers(10, 400), min_size=1, max_size=5),
    st.integers(0, 3),
)
def test_concentration_holds_every_filling_of_the_hidden_cells(shown: list[int], hidden: int) -> None:
    parts = {f"s{n}": float(value) for n, value in enumerate(shown)}
    parts |= {f"h{n}": None for n in range(hidden)}
    found = concentration(parts, most_hidden=9)
    assert found is not None
    for filling in product((0, 3, 9), repeat=hidden):
        every = [*shown, *filling]
        index = sum(value**2 for value in every) / sum(every) ** 2
        assert found.lower - 1e-9 <= index <= found.upper + 1e-9


def test_protection_widens_a_concentration_and_nothing_shown_has_none() -> None:
    parts = {"a": 60.0, "b": 20.0, "c": 20.0}
    exact, noisy = concentration(parts), concentration(parts, variance=3)
    assert exact and noisy and exact.lower == exact.upper == exact.value == pytest.approx(0.44)
    assert noisy.lower < 0.44 < noisy.upper
    assert (exact.largest, exact.largest_share) == ("a", 0.6)
    assert concentration({"a": None}) is None


def test_a_single_point_holds_even_if_hidden_links_are_full() -> None:
    links = [Link("police", "legal", 90.0), Link("health", "legal", None), Link("police", "housing", 40.0)]
    links.append(Link("ngo", "housing", 50.0))
    [found] = single_points(links, most_hidden=9)
    assert (found.receiver, found.sender, round(found.share, 3)) == ("legal", "police", 0.909)
    assert single_points([Link("a", "b", 30.0), Link("c", "b", None)], most_hidden=9) == []
    assert single_points([Link("a", "b", None)], most_hidden=9) == []
    assert alone_in_kind({"police": 3, "faith": 1, "school": None}) == ["faith"]


LAW = {
    "short_name": "Act",
    "level": "state",
    "jurisdiction": "XX",
    "pillar": "protection",
    "summary": None,
    "citation": None,
    "adopted": date(2025, 6, 1),
    "effective": date(2025, 7, 1),
}


def test_the_status_of_a_law_follows_its_days() -> None:
    assert status_of(LAW, DAY) == "in_force"
    assert status_of(LAW, date(2025, 6, 30)) == "adopted"
    assert status_of(LAW | {"status": "adopted"}, DAY) == "in_force", "its day has come since"
    assert status_of(LAW | {"status": "repealed"}, DAY) == "repealed"
    assert status_of(LAW | {"status": "proposed", "adopted": None, "effective": None}, DAY) == "proposed"
    assert status_of(LAW | {"effective": None}, DAY) == "adopted"


def test_laws_of_other_nations_are_left_out_unless_asked_for() -> None:
    laws = [LAW, LAW | {"level": "national", "jurisdiction": "US"}, LAW | {"level": "international"}]
    assert len(provisions(laws, "GB", DAY)) == 2
    assert {one.level for one in provisions(laws, "GB", DAY, "US")} == {"national", "international"}
    assert len(provisions(laws, "", DAY)) == 3
    assert by_pillar(provisions(laws, "", DAY)) == {
        "prevention": 0,
        "protection": 3,
        "prosecution": 0,
        "partnership": 0,
    }


def test_the_newest_year_that_is_no_longer_filling_up() -> None:
    assert newest_complete_year("2016-01", "2025-12", 6) == "2024"
    assert newest_complete_year("2016-01", "2025-12", 0) == "2025"
    assert newest_complete_year("2025-03", "2025-06", 0) is None
