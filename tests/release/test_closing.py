"""Which months are closed, and which markers their cells carry."""

import datetime

import pytest

from analysis.periods import Span, span_of
from etl.release.closing.closed_periods import Closed, close, last_over, marker_of, month_code


def span(first: str, last: str) -> Span:
    return Span(span_of(first).first, span_of(last).last)


@pytest.mark.parametrize(
    "as_of, settle, month",
    [
        ("2024-12-31", 0, "2024-12"),
        ("2024-12-30", 0, "2024-11"),
        ("2024-02-29", 0, "2024-02"),
        ("2024-02-28", 0, "2024-01"),
        ("2025-01-01", 0, "2024-12"),
        ("2024-12-31", 2, "2024-10"),
    ],
)
def test_a_month_is_over_at_the_end_of_its_last_day_and_settled_later(
    as_of: str, settle: int, month: str
) -> None:
    assert month_code(last_over(datetime.date.fromisoformat(as_of), settle)) == month


@pytest.mark.parametrize(
    "reported, resolution, limit, before, expected",
    [
        # A contributor has reported to June, and June is over.
        (("2023-04", "2024-06"), "month", "2024-06", None, ("2023-01", "2024-06")),
        # Reported to June, but only April is settled; and the other way round.
        (("2023-04", "2024-06"), "month", "2024-04", None, ("2023-01", "2024-04")),
        (("2023-04", "2024-06"), "month", "2024-12", None, ("2023-01", "2024-06")),
        # Whole quarters and years only.
        (("2023-04", "2024-06"), "quarter", "2024-05", None, ("2023-01", "2024-03")),
        (("2021-01", "2024-06"), "year", "2024-12", None, ("2021-01", "2023-12")),
        # Nothing that was closed opens again; an earlier year is added whole.
        (("2023-04", "2024-02"), "month", "2024-02", ("2023-01", "2024-06"), ("2023-01", "2024-06")),
        (("2021-09", "2024-06"), "month", "2024-06", ("2023-01", "2024-06"), ("2021-01", "2024-06")),
        # Nothing is closed yet.
        (("2024-01", "2024-01"), "quarter", "2024-01", None, None),
    ],
)
def test_closed_months(
    reported: tuple[str, str],
    resolution: str,
    limit: str,
    before: tuple[str, str] | None,
    expected: tuple[str, str] | None,
) -> None:
    found = close(span(*reported), resolution, span_of(limit).first, span(*before) if before else None)
    assert found == (span(*expected) if expected else None)


def test_periods_of_a_collection_start_at_its_resolution() -> None:
    assert [code for _, code in Closed("own", "quarter", span("2023-01", "2023-09")).periods()] == [
        "2023-Q1",
        "2023-Q2",
        "2023-Q3",
    ]
    by_month = Closed("own", "month", span("2023-01", "2024-01")).periods()
    assert by_month[-2:] == [("quarter", "2023-Q4"), ("year", "2023")]
    assert ("month", "2024-01") in by_month and ("quarter", "2024-Q1") not in by_month
    assert Closed("own", "month", None).periods() == []


@pytest.mark.parametrize(
    "code, is_revised, marker",
    [
        ("2024-06", False, ""),
        ("2024-07", False, "p"),
        ("2024-Q2", False, ""),
        ("2024-Q3", True, "rp"),
        ("2024", False, "p"),
        ("2023", True, "r"),
    ],
)
def test_the_newest_six_months_are_provisional_and_revised_years_say_so(
    code: str, is_revised: bool, marker: str
) -> None:
    assert marker_of(code, span_of("2024-12").first, 6, is_revised) == marker
