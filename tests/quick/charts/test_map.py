"""The map: classes, hatch, dots, neighbours, names; and nothing but published numbers."""

import json
from itertools import pairwise

import pytest
import shapely

from analysis.release.places import Area, Geography
from tests.quick.charts import made
from ui import theme
from ui.charts.maps.classes import BANDS, value_classes
from ui.charts.maps.map import MARGIN_PIXELS, cells_of, map_chart, map_legend
from ui.charts.maps.map_names import Named, Type, labels
from ui.maps.atlas import Atlas

map_chart = made.checked(map_chart)

NAMES = {"A1": "Ashby", "A2": "Ferry", "A3": "Glenmore", "A4": "Hartwell", "B1": "Over the border"}
ROWS = [("A1", 850.0, ""), ("A2", 120.0, "p"), ("A3", None, "c"), ("A4", None, "x")]


@pytest.fixture
def atlas() -> Atlas:
    areas = [Area("R", "Region", 0, "region", None, False), Area("A", "North", 1, "county", "R", False)]
    areas += [Area("B", "South", 1, "county", "R", False)]
    areas += [Area(code, name, 2, "district", code[0], False) for code, name in NAMES.items()]
    shapes = {code: shapely.box(n, 0, n + 1, 1) for n, code in enumerate(NAMES)}
    shapes |= {"A": shapely.box(0, 0, 4, 1), "B": shapely.box(4, 0, 5, 1)}
    return Atlas("test-1", Geography("test", areas), shapes)


def words(dimension: str, code: str) -> str:
    return NAMES.get(code, code)


def chart(atlas: Atlas, rows=ROWS, **more):
    answer = made.answer(("area",), rows)
    classes = value_classes([row[1] for row in rows], "count")
    return map_chart(cells_of(answer, classes, words), atlas, 2, classes, **more)


def trace(figure, name: str):
    return next(one for one in figure.data if one.name == name)


def test_groups_are_neighbour_missing_hidden_then_classes(atlas) -> None:
    areas = chart(atlas).data[0]
    assert dict(zip(areas.locations, areas.z, strict=True)) == {"A1": 4, "A2": 3, "A3": 2, "A4": 1, "B1": 0}
    fills = dict(areas.colorscale)
    assert fills[0] == theme.LIGHT.neighbour
    assert areas.zmin == -0.5
    assert areas.zmax == 4.5
    assert fills[1] == theme.LIGHT.sequential[-1]


def test_a_line_goes_around_what_is_not_available_and_around_nothing_else(atlas) -> None:
    edge = trace(chart(atlas), "edge of not available")
    assert {x for x in edge.lon if x is not None} == {3, 4}
    assert "edge of not available" not in {one.name for one in chart(atlas, ROWS[:3]).data}


def test_hatch_and_dots_have_the_colours_of_the_theme_and_are_drawn_by_the_browser(atlas) -> None:
    for palette in (theme.LIGHT, theme.DARK):
        meta = chart(atlas, palette=palette).layout.meta
        told = (meta["hidden"], meta["missing"], meta["hatch"])
        assert told == (palette.hidden, palette.panel, palette.hatch)


def test_hover_says_value_interval_and_marker_in_words(atlas) -> None:
    areas = chart(atlas).data[0]
    said = dict(zip(areas.locations, areas.text, strict=True))
    assert said["A1"] == "<b>Ashby</b><br>850 people<br>95% interval 765–935"
    assert said["A2"].endswith("<br>provisional")
    assert said["A3"] == "<b>Glenmore</b><br>Not shown: a small number, or none."
    assert said["A4"] == "<b>Hartwell</b><br>Not available"
    assert said["B1"] == "Over the border"


def test_a_sum_with_missing_parts_says_so(atlas) -> None:
    answer = made.answer(("area",), ROWS)
    answer = type(answer)(**{**vars(answer), "frame": answer.frame.with_columns(cells_total=10)})
    cells = cells_of(answer, value_classes([850.0, 120.0], "count"), words)
    assert "sum of the 1 of 10 numbers that can be shown" in cells[0].hover


def test_nothing_of_a_hidden_area_travels_but_its_name(atlas) -> None:
    figure = chart(atlas)
    spec = json.loads(figure.to_json())
    [at] = [n for n, code in enumerate(spec["data"][0]["locations"]) if code == "A3"]
    for key, values in spec["data"][0].items():
        if isinstance(values, list) and len(values) == len(NAMES) and key not in ("locations", "z", "text"):
            pytest.fail(f"unexpected value for each area: {key}")
    assert spec["data"][0]["z"][at] == 2
    assert "customdata" not in spec["data"][0]


def test_the_selected_area_is_outlined_and_others_keep_their_colour(atlas) -> None:
    figure = chart(atlas, selected=["A2"])
    assert trace(figure, "selected").line.width == 3


def test_names_read_on_their_colour(atlas) -> None:
    figure = chart(atlas, width=900, height=400)
    labels = [one for one in figure.data if one.name == "names"]
    assert {name for one in labels for name in one.text} == {"Ashby", "Ferry", "Glenmore", "Hartwell"}
    ink = {name: one.textfont.color for one in labels for name in one.text}
    assert ink["Ashby"] == theme.LIGHT.paper
    assert ink["Ferry"] == theme.LIGHT.ink


def test_where_there_is_not_room_for_all_the_areas_of_few_are_named() -> None:
    """On a phone: the areas that a headline speaks of have a colour that few others have."""
    square = {f"A{n}": shapely.box(n % 5, n // 5, n % 5 + 1, n // 5 + 1) for n in range(25)}

    def named(rare: str) -> set[str]:
        areas = [
            Named(code, f"A very long name {code}", shape, "ink", -1 if code == rare else -24)
            for code, shape in square.items()
        ]
        return {label.code for label in labels(areas, Type(12, 5 / 300), (-1, -1, 6, 6), "ink")}

    assert all(code in named(code) for code in square)
    assert len(named("A0")) < len(square), "not all of them"


def test_names_do_not_run_together() -> None:
    rows = {f"A{n}": shapely.box(0, n * 0.9, 9, (n + 1) * 0.9) for n in range(9)}
    areas = [Named(code, "Name", shape, "ink") for code, shape in rows.items()]
    letters = Type(13, 0.05)
    placed = sorted(label.y for label in labels(areas, letters, (0, 0, 9, 9), "ink"))
    assert len(placed) > 3
    apart = [above - below for below, above in pairwise(placed)]
    assert min(apart) >= (13 * 1.2 + 4) * letters.pixel


def test_names_are_left_out_where_there_is_no_room_for_all(atlas) -> None:
    labels_there = [one for one in chart(atlas, width=60, height=60).data if one.name == "names"]
    small = [name for one in labels_there for name in one.text]
    assert len(small) < len(NAMES) - 1


def test_the_view_holds_every_area_that_is_asked_and_not_their_neighbours(atlas) -> None:
    meta = chart(atlas, width=700, height=400).layout.meta
    assert meta["box"] == [0, 0, 4, 1]
    assert meta["margin"] == MARGIN_PIXELS


def test_boundaries_travel_in_the_figure_or_by_address(atlas) -> None:
    assert chart(atlas).data[0].geojson["features"][0]["id"] == "A1"
    assert chart(atlas, boundaries=lambda _: "/boundaries/x.json").data[0].geojson == "/boundaries/x.json"


def test_bands_colour_by_band_and_hatch_without_one(atlas) -> None:
    answer = made.answer(("area",), [("A1", 850.0, ""), ("A2", 120.0, ""), ("A3", None, "c")])
    cells = cells_of(answer, BANDS, words, {"A1": 4})
    assert [cell.group for cell in cells] == [4, "hidden", "hidden"]
    assert cells[0].hover.endswith("Well above")
    assert "no band" in cells[1].hover


def test_the_legend_names_every_class_and_both_kinds_of_missing(atlas) -> None:
    classes = value_classes([850.0, 120.0], "count")
    cells = cells_of(made.answer(("area",), ROWS), classes, words)
    legend = map_legend(classes, theme.LIGHT, "People", cells)
    assert all(label in legend for label in classes.labels)
    assert "not shown" in legend
    assert "not available" in legend
    assert "not shown" not in map_legend(classes, theme.LIGHT, "People", cells[:2])


def test_names_cannot_carry_markup(atlas) -> None:
    NAMES["A1"] = "<img src=x>"
    try:
        assert "&lt;img" in chart(atlas).data[0].text[0]
    finally:
        NAMES["A1"] = "Ashby"


def test_on_paper_the_classes_are_those_of_the_light_theme_and_no_more_is_sent(atlas) -> None:
    dark = chart(atlas, palette=theme.DARK, unit="people")
    classes = value_classes([row[1] for row in ROWS], "count")
    assert dark.layout.meta == {
        "box": [0, 0, 4, 1],
        "margin": 22,
        "hidden": theme.DARK.hidden,
        "missing": theme.DARK.panel,
        "hatch": theme.DARK.hatch,
        "paper": list(classes.colours(theme.LIGHT)),
        "unit": "people",
    }


def test_of_the_coarser_level_only_borders_are_seen_and_they_travel_once(atlas) -> None:
    addresses = {1: "/boundaries/x-1.json", 2: "/boundaries/x-2.json"}
    borders = trace(chart(atlas, boundaries=addresses.get), "borders")
    assert borders.geojson == addresses[1]
    assert borders.hoverinfo == "skip"
    assert set(borders.colorscale[n][1] for n in (0, 1)) == {theme.transparent(theme.LIGHT.paper, 0)}
    assert list(borders.locations) == ["A", "B"]
