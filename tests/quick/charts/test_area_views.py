"""The funnel and the small maps beside the map."""

import math

import polars as pl
import pytest
import shapely

from analysis.findings.areas.bands import Funnel
from analysis.release.places import Area, Geography
from tests.quick.charts.made import checked
from ui import theme
from ui.charts.bars.area_funnel import area_funnel_chart
from ui.charts.maps.classes import value_classes
from ui.charts.maps.map import Cell
from ui.charts.maps.small_maps import small_maps
from ui.maps.atlas import Atlas

area_funnel_chart = checked(area_funnel_chart)
small_maps = checked(small_maps)

NAMES = {"A1": "Ashby", "A2": "Ferry", "A3": "Glenmore"}


def words(dimension: str, code: str) -> str:
    return NAMES[code]


@pytest.fixture
def funnel() -> Funnel:
    areas = pl.DataFrame(
        {
            "area": list(NAMES),
            "rate": [80.0, 50.0, None],
            "base": [1e5, 4e5, 2e5],
            "events": [80.0, 200.0, None],
            "expected": [50.0, 200.0, 100.0],
            "band": [4, 2, None],
        }
    )
    columns = {
        "base": [5e4, 5e5], "low95": [30.0, 45.0], "high95": [70.0, 55.0],
        "low998": [20.0, 40.0], "high998": [80.0, 60.0],
    }  # fmt: skip
    return Funnel(areas, 50.0, pl.DataFrame(columns), 100_000)


def points(figure):
    return next(one for one in figure.data if one.name == "areas")


def test_an_area_without_a_rate_is_not_drawn(funnel) -> None:
    shown = points(area_funnel_chart(funnel, words))
    assert list(shown.y) == [80.0, 50.0]
    assert "Glenmore" not in "".join(shown.text)


def test_points_have_the_colours_of_their_bands(funnel) -> None:
    shown = points(area_funnel_chart(funnel, words))
    assert list(shown.marker.color) == [theme.LIGHT.diverging[4], theme.LIGHT.diverging[2]]
    assert "Well above" in shown.text[0].capitalize() or "well above" in shown.text[0]


def test_only_areas_outside_the_outer_limits_and_the_chosen_one_are_named(funnel) -> None:
    figure = area_funnel_chart(funnel, words, selected="A2")
    named = {one.text for one in figure.layout.annotations}
    assert named == {"all areas: 50", "Ashby", "Ferry"}


def test_the_axis_of_residents_has_round_ticks(funnel) -> None:
    axis = area_funnel_chart(funnel, words).layout.xaxis
    assert list(axis.ticktext) == ["100,000", "200,000"]
    assert axis.range[0] < math.log10(1e5) < math.log10(4e5) < axis.range[1]


@pytest.fixture
def atlas() -> Atlas:
    areas = [Area(code, name, 1, "county", None, False) for code, name in NAMES.items()]
    return Atlas(
        "test-2", Geography("test", areas), {c: shapely.box(n, 0, n + 1, 2) for n, c in enumerate(NAMES)}
    )


def panel(*groups) -> list[Cell]:
    return [Cell(code, group, "") for code, group in zip(NAMES, groups, strict=True)]


def test_panels_stand_in_rows_with_their_titles_and_one_scale(atlas) -> None:
    panels = [(str(year), panel(0, 1, "hidden")) for year in range(2016, 2022)]
    figure = small_maps(panels, atlas, value_classes([10.0, 20.0], "count"), columns=4)
    assert [one.text for one in figure.layout.annotations] == ["2016", "2017", "2018", "2019", "2020", "2021"]
    tops = {one.y for one in figure.layout.annotations}
    assert len(tops) == 2, "two rows of four columns"
    ranges = {tuple(figure.layout[f"xaxis{n or ''}"].range) for n in (None, 2, 3, 4, 5, 6)}
    assert len(ranges) == 1
    assert figure.layout.yaxis3.scaleanchor == "x3"


def test_small_maps_hatch_what_is_not_shown_and_dot_what_is_not_there(atlas) -> None:
    classes = value_classes([10.0, 20.0], "count")
    figure = small_maps([("2016", panel(0, "hidden", "not_collected"))], atlas, classes)
    by_name = {one.name: one for one in figure.data}
    assert by_name["0"].fillcolor == theme.LIGHT.sequential[0]
    assert by_name["hidden"].fillpattern.shape == "/"
    assert by_name["not_collected"].fillpattern.shape == "."


def test_a_small_map_holds_only_places(atlas) -> None:
    figure = small_maps([("2016", panel(0, 1, 0))], atlas, value_classes([10.0, 20.0], "count"))
    assert all(one.text is None and one.customdata is None for one in figure.data)
