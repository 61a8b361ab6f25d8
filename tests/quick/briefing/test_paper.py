"""Figures as drawings for paper: what is drawn, what is a gap, what is hatched; the same text every time."""

import re
from xml.etree import ElementTree

import pytest

from tests.quick.briefing import decks
from ui import theme
from ui.briefing.paper import fonts, numbers
from ui.briefing.paper.axes import axes_of
from ui.briefing.paper.beside import beside, with_legend
from ui.briefing.paper.drawing import svg_of
from ui.briefing.paper.frame import laid_out

SVG = "{http://www.w3.org/2000/svg}"
KINDS = {
    "trend": decks.trend,
    "bars": decks.bars,
    "stack": decks.stack,
    "grid": decks.grid,
    "areas": decks.areas,
    "flow": decks.flow,
    "funnel": decks.funnel,
}


def root_of(svg: str) -> ElementTree.Element:
    return ElementTree.fromstring(svg)


def words_in(svg: str) -> list[str]:
    return ["".join(text.itertext()) for text in root_of(svg).iter(f"{SVG}text")]


def paths_in(svg: str, **attributes: str) -> list[ElementTree.Element]:
    return [
        path
        for path in root_of(svg).iter(f"{SVG}path")
        if all(path.get(name.replace("_", "-")) == value for name, value in attributes.items())
    ]


@pytest.mark.parametrize("kind", KINDS)
def test_a_drawing_is_whole_words_stay_inside_and_it_is_the_same_every_time(kind: str) -> None:
    svg = svg_of(KINDS[kind]())
    assert svg == svg_of(KINDS[kind]())

    root = root_of(svg)
    width, height = float(root.get("width")), float(root.get("height"))
    assert root.get("font-family") == fonts.FAMILY
    texts = list(root.iter(f"{SVG}text"))
    assert texts
    for text in texts:
        size, wide = (
            float(text.get("font-size")),
            fonts.width("".join(text.itertext()), float(text.get("font-size"))),
        )
        left = float(text.get("x")) - {"start": 0, "middle": wide / 2, "end": wide}[text.get("text-anchor")]
        if not text.get("transform"):
            assert left >= -1 and left + wide <= width + 1, "".join(text.itertext())
        assert 0 < float(text.get("y")) <= height
        assert size >= 12
    assert str(int(decks.SECRET)) not in svg, "what a pointer reads does not travel on paper"


def test_a_gap_is_a_gap_and_a_provisional_end_is_dashed() -> None:
    svg = svg_of(decks.trend())

    whole = [path for path in paths_in(svg, stroke=decks.INK) if not path.get("stroke-dasharray")]
    assert [path.get("d").count("M") for path in whole] == [2], "the line stops where nothing is shown"
    assert len(paths_in(svg, stroke=decks.INK, stroke_dasharray="6 4")) == 1
    band = paths_in(svg, fill=decks.INK)
    assert [path.get("fill-opacity") for path in band] == ["0.15"]
    assert {"People", "mean 106 (98–113)", "2016", "2021", "150"} <= set(words_in(svg))


def test_what_is_not_shown_is_hatched_and_never_blank() -> None:
    for figure in (decks.trend(), decks.bars(), decks.grid(), decks.areas()):
        svg = svg_of(figure)
        patterns = {pattern.get("id") for pattern in root_of(svg).iter(f"{SVG}pattern")}
        fills = set(re.findall(r"url\(#(\w+)\)", svg))
        assert patterns and patterns == fills


def test_bars_begin_at_zero_and_whiskers_span_their_limits() -> None:
    figure = decks.bars()
    svg = svg_of(figure)
    axis = laid_out(figure, 760, 320).axes["x"]

    boxes = [box for box in root_of(svg).iter(f"{SVG}rect") if box.get("fill") in theme.LIGHT.categories]
    assert [float(box.get("x")) for box in boxes] == pytest.approx([axis.at(0)] * 2, abs=0.01)
    assert [float(box.get("width")) for box in boxes] == pytest.approx(
        [axis.at(value) - axis.at(0) for value in (36, 8)], abs=0.01
    )
    whiskers = paths_in(svg, stroke=theme.LIGHT.ink)[-1].get("d")
    first = [float(x) for x in re.findall(r"[ML]([\d.]+) ", whiskers)[:2]]
    assert first == pytest.approx([axis.at(33), axis.at(38)], abs=0.01)
    assert {"36%", "8%*", "not shown", "Forced begging & more"} <= {word.strip() for word in words_in(svg)}


def test_points_have_their_whiskers_too() -> None:
    figure = decks.trend()
    line = next(trace for trace in figure["data"] if trace["type"] == "scatter" and not trace.get("fill"))
    reach = [5.0] + [None] * (len(line["y"]) - 1)
    line["error_y"] = {"type": "data", "array": reach, "arrayminus": reach, "color": "#123456"}
    axis = laid_out(figure, 760, 320).axes["y"]

    [whiskers] = paths_in(svg_of(figure, 760, 320), stroke="#123456")
    ends = [float(y) for y in re.findall(r"[ML][\d.]+ ([\d.]+)", whiskers.get("d"))[:2]]
    assert sorted(ends) == pytest.approx(
        sorted((axis.at(line["y"][0] - 5), axis.at(line["y"][0] + 5))), abs=0.01
    )


def test_a_stack_stands_on_itself() -> None:
    boxes = [box for box in root_of(svg_of(decks.stack())).iter(f"{SVG}rect")][1:]
    lower, upper = boxes[:4], boxes[4:]
    for below, above in zip(lower, upper, strict=True):
        assert float(above.get("y")) + float(above.get("height")) == pytest.approx(
            float(below.get("y")), abs=0.02
        )
        assert below.get("fill-opacity") == above.get("fill-opacity")


def test_a_flow_keeps_its_proportions() -> None:
    bands = paths_in(svg_of(decks.flow()), fill=decks.INK)
    heights = []
    for band in bands:
        corners = [
            tuple(map(float, pair.split())) for pair in re.findall(r"[ML]([\d.]+ [\d.]+)", band.get("d"))
        ]
        last = float(band.get("d").removesuffix("Z").split()[-1])
        heights.append(last - corners[0][1])
    assert heights[0] / heights[1] == pytest.approx(120 / 45, rel=0.01)


def test_a_map_keeps_its_shape() -> None:
    frame = laid_out(decks.areas(), 760, 500)
    across, down = frame.axes["x"], frame.axes["y"]
    assert abs(across.at(1) - across.at(0)) == pytest.approx(abs(down.at(1) - down.at(0)))


def test_the_legend_of_the_page_comes_along() -> None:
    html = (
        '<div class="ltt-legend"><span class="ltt-legend-title">Rate &amp; more</span>'
        f'<span class="ltt-legend-item"><i style="background:{decks.INK}"></i>20 to under 40</span>'
        '<span class="ltt-legend-item"><i style="background:repeating-linear-gradient(1deg)"></i>'
        "not shown</span>"
        '</div><ol class="ltt-events"><li>1. 1 July 2019: An act</li></ol>'
    )
    plain = decks.areas()
    plain["layout"]["showlegend"] = False

    words = words_in(svg_of(with_legend(plain, html)))
    assert {"Rate & more", "20 to under 40", "not shown"} <= set(words)
    assert with_legend(decks.areas(), html) == decks.areas(), "a figure's own legend stays"
    assert beside(html).lines == ["1. 1 July 2019: An act"]


def test_a_kind_of_trace_that_is_not_known_is_refused() -> None:
    with pytest.raises(ValueError, match="violin"):
        svg_of({"data": [{"type": "violin", "y": [1]}], "layout": {}})


def test_ticks_are_round_and_axes_know_their_kind() -> None:
    assert [text for _, text in axes_of(decks.trend())["y"].ticks()] == ["0", "50", "100", "150"]
    assert {name: axis.kind for name, axis in axes_of(decks.stack()).items()} == {"x": "date", "y": "linear"}
    assert axes_of(decks.bars())["y"].kind == "category"
    assert numbers.ticks(-3, 7, 5) == [-2.0, 0.0, 2.0, 4.0, 6.0]


def test_words_are_broken_where_they_end_and_never_lost() -> None:
    words = "Tarrowmere Office for Safe Housing and everything that belongs to it"
    lines = fonts.wrapped(words, 14, 120)
    assert " ".join(lines) == words
    assert all(fonts.width(line, 14) <= 120 for line in lines)
    assert "".join(fonts.wrapped("x" * 200, 14, 60)) == "x" * 200
    assert fonts.shortened(words, 14, 100).endswith("…")
