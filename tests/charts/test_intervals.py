"""Dots and whiskers: values as given, two shapes for two readings, words where nothing is shown."""

import pytest

from tests.charts import made
from ui import theme
from ui.charts.intervals import IntervalRow, Reading, interval_chart

PAIRS = [
    IntervalRow("Knows whom to call", Reading(42, 38, 46), Reading(71, 67, 75, "n = 120")),
    IntervalRow("Feels able to ask", Reading(55, 50, 60), Reading(None, 7771, 7772, "7773")),
]
DAYS = [
    IntervalRow("Ashby <b>", Reading(12.5, 9, 17)),
    IntervalRow("Ferry", Reading(None, 0.7771, 777.2)),
    IntervalRow("Glenmore", Reading(31)),
]


def trace(figure, name: str):
    return next(one for one in figure.data if one.name == name)


def said(figure) -> list[str]:
    return [note.text for note in figure.layout.annotations]


def test_dots_are_the_values_given_and_whiskers_the_limits() -> None:
    dots = trace(interval_chart(DAYS), "estimates")
    assert list(dots.x) == [12.5, 31]
    assert list(dots.error_x.array) == [4.5, 0] and list(dots.error_x.arrayminus) == [3.5, 0]
    assert dots.y[0] < dots.y[1] and interval_chart(DAYS).layout.yaxis.range[1] == 0, "first on top"


def test_two_readings_differ_in_shape() -> None:
    figure = interval_chart(PAIRS, unit="%")
    before, after = trace(figure, "before"), trace(figure, "after")
    assert list(before.x) == [42, 55] and list(after.x) == [71]
    assert (before.marker.symbol, after.marker.symbol) == ("circle-open", "diamond")
    assert any("○" in one and "before" in one and "◆" in one for one in said(figure)), "a key in words"
    assert after.y[0] > before.y[0], "under each other"


def test_hidden_rows_say_so_and_nothing_of_them_travels() -> None:
    assert "Not shown" in said(interval_chart(DAYS))
    assert "after: not shown" in said(interval_chart(PAIRS))
    for figure in (interval_chart(DAYS), interval_chart(PAIRS)):
        assert "777" not in made.sent(figure)
    assert interval_chart(DAYS).layout.xaxis.range[1] == pytest.approx(31 * 1.17)


def test_the_axis_holds_zero_and_the_reference() -> None:
    assert interval_chart(DAYS).layout.xaxis.range[0] == 0
    assert interval_chart(DAYS, reference=100).layout.xaxis.range[1] > 100
    below = interval_chart([IntervalRow("One", Reading(-3, -8, 1))]).layout.xaxis.range
    assert below[0] < -8 and below[1] > 1


def test_a_reference_is_a_dashed_line_with_words() -> None:
    figure = interval_chart(DAYS, unit="days", reference=14, reference_label="agreed: 14 days")
    [line] = figure.layout.shapes
    assert line.x0 == line.x1 == 14 and line.line.dash == theme.DASH_PROVISIONAL
    assert "agreed: 14 days" in said(figure)
    assert "14" in said(interval_chart(DAYS, reference=14))


def test_hover_says_reading_value_interval_unit_and_note() -> None:
    figure = interval_chart(PAIRS, unit="%")
    assert trace(figure, "after").text[0] == "<b>Knows whom to call</b><br>after: 71% (67–75%)<br>n = 120"
    days = trace(interval_chart(DAYS, unit="days"), "estimates")
    assert days.text[0] == "<b>Ashby &lt;b&gt;</b><br>12 days (9–17)"


def test_changes_carry_their_sign() -> None:
    rows = [IntervalRow("Up", Reading(12, 8, 16)), IntervalRow("Down", Reading(-3, -8, 1))]
    figure = interval_chart(rows, unit="points", is_signed=True)
    assert [one.strip() for one in trace(figure, "numbers").text] == ["+12", "−3"]
    assert trace(figure, "estimates").text[1].endswith("(−8 to 1)")


def test_the_theme_is_followed_and_text_is_large_enough() -> None:
    figure = interval_chart(PAIRS, palette=theme.DARK)
    assert trace(figure, "after").marker.color == theme.DARK.brand
    assert trace(figure, "before").marker.color == theme.DARK.other
    assert all(note.font.size >= 14 for note in figure.layout.annotations)


def test_all_hidden_and_nothing_at_all() -> None:
    assert not interval_chart([IntervalRow("One", Reading(None))]).data
    assert interval_chart([]).layout.height <= theme.HEIGHT_PHONE
