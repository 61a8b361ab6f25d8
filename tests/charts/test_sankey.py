"""Flows: only those shown are drawn, hidden ones are counted, words stand above the boxes."""

import itertools

import pytest

from tests.charts import made
from ui import theme
from ui.charts.flow_places import Flow, flow_places
from ui.charts.sankey import FlowLink, FlowNode, flow_sentences, sankey_chart

NODES = [
    FlowNode("police", "Law <b> enforcement", 0, 340),
    FlowNode("not_recorded", "Not recorded", 0, 20),
    FlowNode("shelter", "Shelter", 1, 220),
    FlowNode("legal", "Legal aid", 1, 140),
    FlowNode("mental", "Mental health care", 1, None),
]
LINKS = [
    FlowLink("police", "shelter", 220, "65% of those referred"),
    FlowLink("police", "legal", 120),
    FlowLink("not_recorded", "legal", 20),
    FlowLink("police", "mental", None, "7773 never said"),
]


def flows(**more):
    [trace] = sankey_chart(NODES, LINKS, **more).data
    return trace


def notes(figure) -> dict[str, object]:
    return {note.text: note for note in figure.layout.annotations}


def test_drawn_flows_are_the_numbers_given() -> None:
    trace = flows()
    assert list(trace.link.value) == [220, 120, 20]
    assert list(trace.link.source) == [0, 0, 1]
    assert list(trace.link.target) == [2, 3, 3]


def test_a_hidden_flow_is_left_out_and_counted_under_the_chart() -> None:
    figure = sankey_chart(NODES, LINKS)
    assert "1 flow not shown" in notes(figure)
    assert "7773" not in made.sent(figure)
    assert len(figure.data[0].node.x) == 4, "a node without a shown flow is no part of the trace"
    assert len(figure.layout.shapes) == 1, "its box has one size, since it says nothing"
    assert not [one for one in notes(sankey_chart(NODES[:4], LINKS[:3])) if "not shown" in one]


def test_labels_carry_names_and_numbers_and_no_markup_of_their_own() -> None:
    words = notes(sankey_chart(NODES, LINKS))
    assert "Shelter <b>220</b>" in words
    assert any("care" in one and one.endswith("<b>not\u00a0shown</b>") for one in words)
    assert any("&lt;b&gt;" in one for one in words)
    assert all(note.font.size >= 14 for note in words.values())


def test_boxes_are_fixed_in_their_columns() -> None:
    trace = flows()
    assert trace.arrangement == "fixed"
    assert list(trace.node.x) == pytest.approx([0, 0, 1, 1], abs=1e-3)
    assert all(place > 0 for place in (*trace.node.x, *trace.node.y)), "Plotly reads zero as no place"
    assert trace.node.y[0] < trace.node.y[1]


def test_plotly_is_told_the_padding_that_gives_the_boxes_their_size() -> None:
    columns = {"a": 0, "b": 0, "c": 1, "d": 2}
    at = flow_places(columns, [Flow("a", "c", 60), Flow("b", "d", 40), Flow("c", "d", 60)], 40, 0)
    plot = (at.height - 20) * at.domain_top
    layers = [(60 + 40, 2), (60, 1), (100, 1)]
    pixel = min((plot - (count - 1) * at.pad) / total for total, count in layers)
    spot = at.spots["a"]
    assert (spot.top - spot.bottom) * (at.height - 20) == pytest.approx(60 * pixel)


def test_boxes_do_not_overlap_and_leave_room_for_words() -> None:
    columns = {f"a{n}": 0 for n in range(9)} | {"z": 1}
    at = flow_places(columns, [Flow(code, "z", 10) for code in columns if code != "z"], 48, 26)
    plot = at.height - 20 - 26
    left = [at.spots[f"a{n}"] for n in range(9)]
    for above, below in itertools.pairwise(left):
        assert (above.bottom - below.top) * plot >= 47.9
    assert at.height > theme.HEIGHT_LARGE, "the height grows"
    assert min(spot.bottom for spot in at.spots.values()) >= -1e-9


def test_colours_are_quiet_and_grey_where_nothing_was_recorded() -> None:
    trace = flows(palette=theme.DARK)
    assert list(trace.node.color)[:2] == [theme.DARK.brand, theme.DARK.not_recorded]
    assert trace.link.color[0] == theme.transparent(theme.DARK.brand, 0.3)
    assert trace.link.color[2] == theme.transparent(theme.DARK.not_recorded, 0.3)


def test_hover_says_the_ends_the_number_and_the_note() -> None:
    trace = flows(unit="referrals")
    assert trace.link.customdata[0] == (
        "<b>Law &lt;b&gt; enforcement → Shelter</b><br>220 referrals<br>65% of those referred"
    )
    assert trace.node.customdata[2] == "<b>Shelter</b><br>220 referrals"


def test_sentences_say_every_flow_also_the_hidden_ones() -> None:
    said = flow_sentences(NODES, LINKS, "referrals")
    assert said[0] == "From Law <b> enforcement to Shelter: 220 referrals (65% of those referred)."
    assert said[-1] == "From Law <b> enforcement to Mental health care: not shown."


def test_nothing_shown_is_no_trace_but_says_so() -> None:
    figure = sankey_chart(NODES, [FlowLink("police", "shelter", None), FlowLink("police", "legal", None)])
    assert not figure.data
    assert "2 flows not shown" in notes(figure)


def test_a_flow_backwards_is_a_programming_error() -> None:
    with pytest.raises(ValueError, match="later column"):
        sankey_chart(NODES, [FlowLink("shelter", "police", 12)])
