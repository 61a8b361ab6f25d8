"""Numbers of own records leave rounded: never exact, never below ten."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.release.publishing.words import held_text, rounded_text


@pytest.mark.parametrize(
    "count, text",
    [
        (0, "fewer than 10"),
        (9, "fewer than 10"),
        (10, "10"),
        (14, "10"),
        (15, "20"),
        (99, "100"),
        (104, "100"),
        (987, "990"),
        (1_234, "1,200"),
        (12_345, "12,000"),
        (999_999, "1,000,000"),
    ],
)
def test_examples(count: int, text: str) -> None:
    assert rounded_text(count) == text


@given(st.integers(10, 10**7))
def test_two_significant_figures_in_tens_at_least(count: int) -> None:
    number = int(rounded_text(count).replace(",", ""))
    assert number % 10 == 0
    assert len(str(number).rstrip("0")) <= 2
    assert abs(number - count) <= max(5, count * 0.05)


@pytest.mark.parametrize(
    "count, text", [(0, "none or fewer than 10"), (9, "none or fewer than 10"), (10, "10"), (64, "60")]
)
def test_held_records_may_be_none_and_the_words_say_so(count: int, text: str) -> None:
    assert held_text(count) == text
