"""Stacked columns: parts as published, hidden parts left out and said, provisional ones lighter."""

import pytest

from analysis import load_catalog
from tests.charts import made
from ui import theme
from ui.charts.stacked_time import stacked_time_chart

CATALOG = load_catalog()
ROWS = [
    ("2023", "female", 40.0, ""),
    ("2023", "male", 30.0, ""),
    ("2024", "female", 50.0, ""),
    ("2024", "male", None, "c"),
    ("2025", "female", 60.0, "p"),
    ("2025", "male", 20.0, "p"),
]


def chart(rows=ROWS, by=("period", "gender"), **more):
    level = more.pop("period_level", "year")
    return stacked_time_chart(made.answer(by, rows, period_level=level), CATALOG, words=made.words, **more)


def many():
    codes = CATALOG.dimensions["identified_by"].codes
    return [("2024", code, 20.0 + n, "") for n, code in enumerate(codes)]


def test_parts_are_stacked_as_published() -> None:
    figure = chart()
    women, men, _ = figure.data
    assert figure.layout.barmode == "stack"
    assert list(women.y) == [40, 50, 60] and list(men.y) == [30, 20]
    assert list(men.x) == ["2023-07-02", "2025-07-02"], "a hidden part is no zero"
    assert figure.layout.yaxis.rangemode == "tozero"


def test_a_column_with_a_hidden_part_is_hatched_below_and_says_which() -> None:
    lane = chart().data[-1]
    assert lane.name == "not shown" and list(lane.x) == ["2024-07-02"]
    assert lane.marker.pattern.shape == theme.HATCH["shape"] and lane.yaxis == "y2"
    assert lane.text[0] == "<b>2024</b><br>Not shown: Men and boys"
    assert [trace.name for trace in chart(ROWS[:2]).data] == ["Women and girls", "Men and boys"]


def test_provisional_columns_are_lighter() -> None:
    assert list(chart().data[0].marker.opacity) == [0.92, 0.92, 0.5]


def test_colours_are_those_of_the_codes() -> None:
    women, men, _ = chart(palette=theme.DARK).data
    assert (women.marker.color, men.marker.color) == theme.DARK.categories[:2]


def test_up_to_four_parts_carry_their_names_beside_the_newest_column() -> None:
    figure = chart()
    places = {note.text: note.y for note in figure.layout.annotations}
    assert places == {"Women and girls": 30, "Men and boys": 70}, "the middles of the newest blocks"


def test_where_the_newest_column_lacks_a_part_names_stand_above() -> None:
    [legend] = chart(ROWS[:4]).layout.annotations
    assert "Women and girls" in legend.text and "Men and boys" in legend.text
    assert "hatched: a part not shown" in legend.text
    assert chart(ROWS[:4]).layout.height > theme.HEIGHT


def test_categories_without_a_colour_of_their_own_share_a_grey_and_a_name() -> None:
    figure = chart(many(), ("period", "identified_by"))
    [legend] = figure.layout.annotations
    assert legend.text.count("Other categories") == 1
    grey = [trace for trace in figure.data if trace.name == "Other categories"]
    assert {trace.marker.color for trace in grey} == {theme.LIGHT.other} and len(grey) == 2
    assert "Other categories" not in grey[0].text[0], "the hover names the part itself"
    assert len(figure.data) == len(many()), "nothing is summed"
    assert figure.layout.showlegend is False


def test_hover_says_part_period_value_and_marker() -> None:
    assert chart().data[0].text[2] == "<b>Women and girls</b><br>2025: 60 (54–66)<br>provisional"
    assert "customdata" not in made.sent(chart())


def test_months_are_columns_as_wide_as_they_are_long() -> None:
    rows = [(f"2024-{n:02d}", "female", 12.0, "") for n in range(1, 13)]
    widths = list(chart(rows, period_level="month").data[0].width)
    assert widths[1] < widths[0]


@pytest.mark.parametrize("by", [("period",), ("gender",), ("period", "gender", "status")])
def test_other_shapes_of_answers_are_a_programming_error(by) -> None:
    with pytest.raises(ValueError, match="dimension"):
        chart([(*("2024", "female", "confirmed")[: len(by)], 12.0, "")], by)
