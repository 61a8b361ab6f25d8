"""The referral network: kinds of organisation, five widths, dashes for stopped, dots for not shown."""

import pytest

from tests.quick.charts import made
from ui import theme
from ui.charts.flows.network import WIDTH_CLASSES, NetworkEdge, NetworkNode, network_chart, network_sentences

network_chart = made.checked(network_chart)

NODES = [
    NetworkNode("police", "Law <b>", 420),
    NetworkNode("shelter", "Shelter", 330, is_single_point=True),
    NetworkNode("legal", "Legal aid", None),
    NetworkNode("health", "Health care", 180),
]
EDGES = [
    NetworkEdge("police", "shelter", 260),
    NetworkEdge("shelter", "police", 9000),
    NetworkEdge("police", "legal", 30),
    NetworkEdge("health", "legal", None),
    NetworkEdge("health", "shelter", 0, is_stopped=True),
]


def traces(figure, name: str):
    return [one for one in figure.data if one.name == name]


def said(figure) -> list[str]:
    return [note.text for note in figure.layout.annotations]


def test_nodes_stand_on_a_ring_in_their_order() -> None:
    figure = network_chart(NODES, EDGES)
    [discs] = traces(figure, "kinds of organisation")
    [single] = traces(figure, "single point of failure")
    assert (discs.x[0], discs.y[0]) == pytest.approx((0, 1)), "the first at the top"
    assert (single.x[0], single.y[0]) == pytest.approx((1, 0)), "then clockwise"
    assert made.sent(figure) == made.sent(network_chart(NODES, EDGES)), "always in the same places"


def test_a_single_point_of_failure_is_told_by_shape_and_words() -> None:
    figure = network_chart(NODES, EDGES)
    [single] = traces(figure, "single point of failure")
    assert single.marker.symbol == "diamond"
    assert single.text[0].endswith("<br>single point of failure")
    assert "◇ single point of failure" in said(figure)
    assert "◇ single point of failure" not in said(network_chart(NODES[:1], []))


def test_widths_are_five_classes_and_not_proportional() -> None:
    widths = {one.line.width for one in traces(network_chart(NODES, EDGES), "shown")}
    assert len(widths) == 2, "260 and 9,000 are drawn alike"
    every = [NetworkEdge("police", "legal", float(limit + 1)) for limit in WIDTH_CLASSES]
    assert len({one.line.width for one in traces(network_chart(NODES, every), "shown")}) == 5
    assert {"under 25", "250 or more"} <= set(said(network_chart(NODES, every)))


def test_stopped_is_dashed_and_hidden_is_thin_dotted_grey() -> None:
    figure = network_chart(NODES, EDGES)
    [stopped], [hidden] = traces(figure, "stopped"), traces(figure, "hidden")
    assert stopped.line.dash == "dash" and hidden.line.dash == "dot"
    assert hidden.line.color == theme.LIGHT.not_recorded
    assert hidden.line.width < stopped.line.width
    assert hidden.text[0] == "<b>Health care → Legal aid</b><br>not shown"
    assert {"stopped", "not shown"} <= set(said(figure)), "in the key"


def test_there_and_back_are_two_lines() -> None:
    there, back = NetworkEdge("police", "shelter", 30), NetworkEdge("shelter", "police", 30)
    [stroke] = traces(network_chart(NODES, [there, back]), "shown")
    half = len(stroke.x) // 2
    middles = [(stroke.x[n], stroke.y[n]) for n in (8, half + 8)]
    assert middles[0] != pytest.approx(middles[1], abs=0.05)


def test_every_edge_has_a_head_towards_its_target() -> None:
    figure = network_chart(NODES, EDGES[:1])
    [head] = [note for note in figure.layout.annotations if note.showarrow]
    assert head.x > head.ax and head.y < head.ay, "from the top to the right"


def test_labels_are_names_and_numbers_without_markup_of_their_own() -> None:
    words = said(network_chart(NODES, EDGES))
    assert "Shelter <b>330</b>" in words and "Law &lt;b&gt;<br><b>420</b>" in words
    assert "Legal aid<br><b>not\u00a0shown</b>" in words
    assert all(note.font.size >= 14 for note in network_chart(NODES, EDGES).layout.annotations if note.text)


def test_sentences_say_everything() -> None:
    assert network_sentences(NODES, EDGES) == [
        "Shelter is a single point of failure.",
        "From Law <b> to Shelter: 260 referrals.",
        "From Shelter to Law <b>: 9,000 referrals.",
        "From Law <b> to Legal aid: 30 referrals.",
        "From Health care to Legal aid: not shown.",
        "From Health care to Shelter: stopped.",
    ]


def test_the_theme_is_followed_and_empty_is_empty() -> None:
    [discs] = traces(network_chart(NODES, EDGES, palette=theme.DARK), "kinds of organisation")
    assert discs.marker.color == theme.DARK.brand
    assert not network_chart([], []).data
