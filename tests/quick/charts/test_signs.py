"""The grid of signs: only what is clearly below has a mark and a colour; what is not shown is hatched."""

from tests.quick.charts.made import checked
from ui import theme
from ui.charts.signs import Mark, signs_chart

signs_chart = checked(signs_chart)

MARKS = {
    (0, 0): Mark("52", "Upper"),
    (0, 1): Mark("15%", "Upper"),
    (1, 0): Mark(None, "Not shown: a small number, or none."),
    (1, 1): Mark("4%", "Lower", is_below=True),
}


def test_the_mark_is_in_words_and_colour_and_areas_keep_their_order() -> None:
    figure = signs_chart(["Upper", "Lower"], ["Rate", "Share"], MARKS, palette=theme.LIGHT)
    assert {(one.y, one.x): one.text for one in figure.layout.annotations} == {
        (0, 0): "52",
        (0, 1): "15%",
        (1, 1): "▼ 4%",
    }
    heat = figure.data[0]
    assert list(heat.z[0]) == [2, 2], "sizes have no colour: their units differ"
    assert heat.z[1][1] == 1
    assert list(figure.layout.yaxis.ticktext) == ["Upper", "Lower"]


def test_what_is_not_shown_is_hatched() -> None:
    figure = signs_chart(["Upper", "Lower"], ["Rate", "Share"], MARKS, palette=theme.LIGHT)
    assert figure.data[0].z[1][0] is None
    assert figure.data[1].name == "not shown"
