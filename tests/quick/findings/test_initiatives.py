"""Initiatives: which quarters count, which areas are no comparison, what begins in an area, and the words."""

import datetime

import polars as pl

from analysis.topics.initiatives import Initiative, at_once, begun, window

QUARTERS = [f"{year}-Q{number}" for year in range(2016, 2026) for number in range(1, 5)]


def one(start: str, end: str | None = None, **more: str) -> Initiative:
    given = {
        "code": "campaign:a",
        "kind": "campaign",
        "name": "A",
        "area": "C1",
        "measure": "detected_persons",
    }
    last = datetime.date.fromisoformat(end) if end else None
    return Initiative(**{**given, **more}, start=datetime.date.fromisoformat(start), end=last)


def test_a_quarter_counts_where_it_ran_mostly_and_is_neither_where_it_ran_in_a_small_part() -> None:
    shown = window(one("2022-03-01", "2022-11-30"), QUARTERS)
    ran = [code for code, is_in in zip(shown.periods, shown.during, strict=True) if is_in]
    assert ran == ["2022-Q2", "2022-Q3", "2022-Q4"]
    assert [code for code, part in zip(shown.periods, shown.is_part, strict=True) if part] == ["2022-Q1"]
    assert shown.periods[0] == "2018-Q1" and shown.periods[-1] == "2024-Q4"


def test_what_lasts_is_looked_at_for_three_years() -> None:
    shown = window(one("2021-04-01"), QUARTERS)
    assert shown.periods[-1] == "2024-Q2" and sum(shown.during) == 13


def test_outside_of_the_series_nothing_ran() -> None:
    assert not any(window(one("2040-01-01"), QUARTERS).during)
    assert not any(window(one("2001-01-01", "2001-12-31"), QUARTERS).during)


def test_areas_with_one_of_their_own_meanwhile_are_no_comparison() -> None:
    first = one("2022-03-01", "2022-11-30")
    then = one("2022-09-01", None, code="campaign:b", area="C3")
    before = one("2019-09-01", "2020-01-01", code="campaign:c", area="C4")
    law = one("2022-05-01", None, code="law:d", kind="law", area="C5")
    assert at_once(first, [first, then, before, law], window(first, QUARTERS)) == {"C3"}


def test_a_figure_begins_where_there_was_none_and_not_where_it_was_hidden() -> None:
    rows = [
        {"period": year, "area": area, "value": value, "marker": marker}
        for area, numbers in {
            "C1": ((None, "x"), (4.0, "")),
            "C2": ((None, "c"), (9.0, "")),
            "C3": ((2.0, ""), (3.0, "")),
        }.items()
        for year, (value, marker) in zip(("2019", "2020"), numbers, strict=True)
    ]
    [found] = begun("safe_place", pl.DataFrame(rows), "tips_received", {"C1": "Larkfield"})
    assert (found.area, found.name, found.start.year) == ("C1", "Safe Places in Larkfield", 2020)
