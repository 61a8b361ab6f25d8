"""Periods: codes, ranges and words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis import periods
from analysis.errors import UnknownCode
from analysis.periods import Span

months = st.integers(12 * 1990, 12 * 2035)


@given(months, st.integers(0, 140))
def test_a_cover_is_the_span_exactly_once_with_few_pieces(first, length):
    codes = periods.cover(Span(first, first + length))
    covered = [
        m for code in codes for m in range(periods.span_of(code).first, periods.span_of(code).last + 1)
    ]
    assert covered == list(range(first, first + length + 1))
    assert sum(periods.level_of(code) == "quarter" for code in codes) <= 6
    assert sum(periods.level_of(code) == "month" for code in codes) <= 4


@given(months, st.sampled_from(["month", "quarter", "year"]))
def test_a_code_holds_its_month_and_comes_back(month, level):
    code = periods.code_of(month, level)
    span = periods.span_of(code)
    assert periods.level_of(code) == level and span.first <= month <= span.last
    assert periods.code_of(span.last, level) == code


@given(months, months, st.sampled_from(["month", "quarter", "year"]))
def test_periods_inside_lie_inside(a, b, level):
    span = Span(min(a, b), max(a, b))
    for code in periods.periods_inside(span, level):
        inner = periods.span_of(code)
        assert span.first <= inner.first and inner.last <= span.last


@pytest.mark.parametrize(
    "code", ["", "24", "2024-13", "2024-Q5", "2024-1", "2024-01-15", "2024..2025", "last year"]
)
def test_what_is_no_period_is_refused(code):
    with pytest.raises(UnknownCode, match="is not a period"):
        periods.level_of(code)


def test_words():
    assert periods.label_of("2024-03") == "March 2024"
    assert periods.label_of("2024-Q1") == "January–March 2024"
    assert periods.label_of_range("2016", "2025") == "2016–2025"
    assert periods.label_of_range("2024-Q1", "2025-Q2") == "January 2024 to June 2025"
    assert periods.label_of_range("2025-07", "2025-12") == "July to December 2025"
    assert periods.previous("2024-Q1") == "2023-Q4"
    assert periods.previous("2024-03", years=1) == "2023-03"
