"""Several areas against the whole: named lines, grey others, gaps where a period is hidden."""

import pytest

from tests.quick.charts.made import checked
from ui import theme
from ui.charts.time.compare_areas import MOST_CHOSEN, MOST_OTHERS, AreaLine, compare_areas

compare_areas = checked(compare_areas)

YEARS = ("2020", "2021", "2022", "2023")


def line(label: str, role, values=(10.0, 12.0, None, 14.0)) -> AreaLine:
    lower, upper = ([None if one is None else one * part for one in values] for part in (0.9, 1.1))
    return AreaLine(label, YEARS, tuple(values), tuple(lower), tuple(upper), role)


AREAS = [
    line("The region", "region", (11.0, 11.5, 12.0, 12.5)),
    line("Larkfield", "chosen"),
    line("Saltreach", "chosen", (9.0, 9.0, 9.0, 9.0)),
    *(line(f"Other {n}", "other") for n in range(5)),
]


def chart(areas=AREAS, **more):
    return compare_areas(areas, unit="people per 100,000 residents", **more)


def traces(figure, name: str):
    return [trace for trace in figure.data if trace.name == name]


def test_chosen_areas_and_the_region_are_named_at_their_ends_and_others_are_not() -> None:
    figure = chart()
    named = {note.text: note.font.color for note in figure.layout.annotations}
    assert named == {
        "The region": theme.LIGHT.muted,
        "Larkfield": theme.LIGHT.categories[0],
        "Saltreach": theme.LIGHT.categories[1],
    }
    [region], [larkfield], [other] = (traces(figure, name) for name in ("The region", "Larkfield", "Other 1"))
    assert region.line.width > larkfield.line.width > other.line.width
    assert figure.data[0].name.startswith("Other"), "the named ones lie above"
    assert other.hoverinfo == "skip"


def test_a_hidden_period_is_a_gap() -> None:
    [larkfield] = traces(chart(), "Larkfield")
    assert list(larkfield.y) == [10, 12, None, 14] and larkfield.connectgaps is False
    assert larkfield.text[0] == "<b>Larkfield</b> 10 (9–11)"
    assert larkfield.text[2] == "<b>Larkfield</b> not shown"
    heading = chart().layout.xaxis.unifiedhovertitle.text
    assert heading == "%{x|%Y}: people per 100,000 residents (95% interval)"


def test_too_many_others_are_left_out() -> None:
    many = [*AREAS[:3], *(line(f"Other {n}", "other") for n in range(MOST_OTHERS + 1))]
    assert {trace.name for trace in chart(many).data} == {"The region", "Larkfield", "Saltreach"}


def test_more_areas_than_can_be_told_apart_are_a_programming_error() -> None:
    with pytest.raises(ValueError, match="at most 6 areas"):
        chart([line(str(n), "chosen") for n in range(MOST_CHOSEN + 1)])


def test_provisional_periods_are_dashed_from_the_last_firm_one() -> None:
    firm, late = traces(chart(provisional_from="2023"), "Saltreach")
    assert (list(firm.x), list(late.x)) == (
        ["2020-07-02", "2021-07-02", "2022-07-02"],
        ["2022-07-02", "2023-07-02"],
    )
    assert late.line.dash == theme.DASH_PROVISIONAL and list(late.hoverinfo) == ["skip", "x+text"]


def test_an_index_marks_its_start() -> None:
    [start] = chart(is_index=True).layout.shapes
    assert (start.y0, start.y1) == (100, 100)
    assert not chart().layout.shapes


def test_the_periods_in_which_something_ran_are_shaded() -> None:
    [shade] = chart(ran=("2021", "2022")).layout.shapes
    assert (shade.type, shade.name, shade.layer) == ("rect", "ran", "below")
    assert str(shade.x0).startswith("2021-01-01") and str(shade.x1)[:10] in {"2022-12-31", "2023-01-01"}
