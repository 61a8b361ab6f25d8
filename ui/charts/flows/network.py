"""Who hands on to whom: kinds of organisation on a circle, never persons."""

import bisect
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from analysis.words import AT_LEAST
from ui import format as text
from ui import theme
from ui.charts.bars import rows
from ui.charts.figure import Figure

_RING_PIXELS, _RING_PIXELS_MANY, _MANY = 300, 400, 8
_SIDE_PIXELS = 52  # half a name stands left and right of the ring
_NAME_WIDTH = 13
_BEND = 0.12  # of the distance: there and back run side by side
_STEPS = 16
_HEAD_AT = 10  # step of the arrow head: past the middle, where few edges meet
_WIDTHS = (1.2, 2.2, 3.6, 5.4, 7.6)
_DASHES = {"shown": "solid", "stopped": "dash", "hidden": "dot"}
_KEY_COLUMNS, _KEY_COLUMN_PIXELS, _SAMPLE_PIXELS = 5, 112, 22
_KEY_GAP_PIXELS = 14
#: Lower limits of the five classes of width; the last holds everything above.
WIDTH_CLASSES = (0, 25, 50, 100, 250)
_SINGLE = "single point of failure"
_VEIL = 0.75
_CLASS_WORDS = ("under 25", "25–49", "50–99", "100–249", "250 or more")


@dataclass(frozen=True)
class NetworkNode:
    """One kind of organisation; `value` is None where its number is not shown.

    `is_single_point`: without it, others would be cut off. `is_counted`: False where a node has no
    number of its own and only its name is written. `is_part`: at least so many, as some are hidden.
    """

    code: str
    label: str
    value: float | None = None
    is_single_point: bool = False
    is_counted: bool = True
    is_part: bool = False


@dataclass(frozen=True)
class NetworkEdge:
    """Hand-offs between the codes of two nodes; None where the number is not shown.

    `is_stopped`: there were some before, and none now. `is_part`: at least so many, as some are hidden.
    """

    source: str
    target: str
    value: float | None
    is_stopped: bool = False
    is_part: bool = False


class _Arc(NamedTuple):
    """One edge as it is drawn: `style` is shown, stopped or hidden; `group` its class of width."""

    points: list[tuple[float, float]]
    style: str
    group: int
    hover: str


class _Entry(NamedTuple):
    """One entry of the key at its place in pixels from the lower left corner; a line or a mark."""

    x: float
    y: float
    words: str
    style: str = ""
    group: int = 0


def network_chart(
    nodes: Sequence[NetworkNode],
    edges: Sequence[NetworkEdge],
    *,
    palette: theme.Palette = theme.LIGHT,
    unit: str = "referrals",
) -> Figure:
    """Return nodes on a ring, clockwise from the top in the order given, and curved arrows between them.

    Parameters
    ----------
    nodes
        Kinds of organisation. A single point of failure is a hollow diamond, any other a disc.
    edges
        From one kind to another; arrows have one of five widths, by fixed classes of their number.
    palette
        Colours of the theme.
    unit
        For hover and key.

    Returns
    -------
    Figure
        Hand-offs that have stopped are dashed. Those that are not shown are thin, dotted and grey, of one
        width, and say "not shown". `network_sentences` says the same in words.
    """
    at = _ring(nodes)
    names = {node.code: text.plain(node.label) for node in nodes}
    arcs = [_arc(edge, at, names, unit) for edge in edges if edge.source != edge.target]
    labels = {node.code: _label(node) for node in nodes}
    room = max((rows.lines_of(label) for label in labels.values()), default=1) * rows.LINE_PIXELS + 14
    entries, key_pixels = _key(nodes, arcs, unit)
    ring = _RING_PIXELS if len(nodes) <= _MANY else _RING_PIXELS_MANY
    foot = room + key_pixels
    fixed = {"visible": False, "fixedrange": True, "range": [-1, 1]}
    layout = theme.layout(
        palette,
        int(ring + room + foot),
        margin={"l": _SIDE_PIXELS, "r": _SIDE_PIXELS, "t": room, "b": foot, "pad": 0},
        xaxis=fixed,
        yaxis=fixed,
        annotations=[
            *(_head(arc, palette) for arc in arcs),  # first: names stand over them
            *(_name(labels[node.code], *at[node.code], node.is_single_point, palette) for node in nodes),
            *(_entry_words(entry, room, palette) for entry in entries),
        ],
        shapes=[_sample(entry, room, palette) for entry in entries if entry.style],
    )
    traces = [*_strokes(arcs, palette), *_marks(nodes, at, unit, palette)]
    return {"data": traces, "layout": layout}


def network_sentences(
    nodes: Sequence[NetworkNode], edges: Sequence[NetworkEdge], unit: str = "referrals"
) -> list[str]:
    """Return the network in words: single points of failure first, then every edge."""
    names = {node.code: node.label for node in nodes}
    said = [f"{node.label} is a single point of failure." for node in nodes if node.is_single_point]
    return said + [
        f"From {names[edge.source]} to {names[edge.target]}: {_number(edge, unit)}." for edge in edges
    ]


def _number(edge: NetworkEdge, unit: str) -> str:
    number = text.NOT_SHOWN if edge.value is None else f"{_least(edge)}{text.number(edge.value)} {unit}"
    if not edge.is_stopped:
        return number
    return "stopped" if not edge.value else f"stopped, {number} before"


def _least(one: NetworkNode | NetworkEdge) -> str:
    return f"{AT_LEAST} " if one.is_part else ""


def _ring(nodes: Sequence[NetworkNode]) -> dict[str, tuple[float, float]]:
    turn = 2 * math.pi / max(len(nodes), 1)
    return {node.code: (math.sin(n * turn), math.cos(n * turn)) for n, node in enumerate(nodes)}


def _arc(
    edge: NetworkEdge, at: Mapping[str, tuple[float, float]], names: Mapping[str, str], unit: str
) -> _Arc:
    (x0, y0), (x1, y1) = at[edge.source], at[edge.target]
    # A control point to the left of the way: the way back then bends to the other side.
    middle = ((x0 + x1) / 2 - (y1 - y0) * _BEND, (y0 + y1) / 2 + (x1 - x0) * _BEND)
    points = []
    for step in range(_STEPS + 1):
        t = step / _STEPS
        shares = ((1 - t) ** 2, 2 * t * (1 - t), t**2)
        points.append(
            (
                sum(a * b for a, b in zip(shares, (x0, middle[0], x1), strict=True)),
                sum(a * b for a, b in zip(shares, (y0, middle[1], y1), strict=True)),
            )
        )
    style = "stopped" if edge.is_stopped else "hidden" if edge.value is None else "shown"
    group = bisect.bisect_right(WIDTH_CLASSES, edge.value) - 1 if style == "shown" and edge.value else 0
    said = f"<b>{names[edge.source]} → {names[edge.target]}</b><br>{text.plain(_number(edge, unit))}"
    return _Arc(points, style, group, said)


def _colour(style: str, palette: theme.Palette) -> str:
    return {"shown": palette.brand, "stopped": palette.amber, "hidden": palette.not_recorded}[style]


def _strokes(arcs: Sequence[_Arc], palette: theme.Palette) -> list[dict[str, Any]]:
    """Return one trace for each look, its edges divided by gaps."""
    traces = []
    for style, group in sorted({(arc.style, arc.group) for arc in arcs}):
        alike = [arc for arc in arcs if (arc.style, arc.group) == (style, group)]
        traces.append(
            {
                "type": "scatter",
                "mode": "lines",
                "name": style,
                "x": [x for arc in alike for x in (*(point[0] for point in arc.points), None)],
                "y": [y for arc in alike for y in (*(point[1] for point in arc.points), None)],
                "line": {
                    "color": _colour(style, palette),
                    "width": _WIDTHS[group] if style != "stopped" else _WIDTHS[1],
                    "dash": _DASHES[style],
                },
                "opacity": 0.7 if style == "shown" else 1,
                "text": [arc.hover for arc in alike for _ in range(_STEPS + 2)],
                "hovertemplate": "%{text}<extra></extra>",
                "cliponaxis": False,
            }
        )
    return traces


def _head(arc: _Arc, palette: theme.Palette) -> dict[str, Any]:
    """Return the head of an arrow: an annotation, which turns with the edge in any shape of the ring."""
    (from_x, from_y), (to_x, to_y) = arc.points[_HEAD_AT - 1], arc.points[_HEAD_AT]
    return {
        "text": "",
        "showarrow": True,
        "x": to_x,
        "y": to_y,
        "ax": from_x,
        "ay": from_y,
        "axref": "x",
        "ayref": "y",
        "arrowhead": 2,
        "arrowwidth": max(_WIDTHS[arc.group], 1.6),
        "arrowsize": 1.6 if arc.group < 2 else 0.9,
        "arrowcolor": _colour(arc.style, palette),
    }


def _marks(
    nodes: Sequence[NetworkNode], at: Mapping[str, tuple[float, float]], unit: str, palette: theme.Palette
) -> list[dict[str, Any]]:
    traces = []
    for is_single, name in ((False, "kinds of organisation"), (True, _SINGLE)):
        alike = [node for node in nodes if node.is_single_point is is_single]
        if alike:
            traces.append(
                {
                    "type": "scatter",
                    "mode": "markers",
                    "name": name,
                    "x": [at[node.code][0] for node in alike],
                    "y": [at[node.code][1] for node in alike],
                    "marker": {
                        "symbol": "diamond" if is_single else "circle",
                        "size": 24 if is_single else 18,
                        "color": palette.paper if is_single else palette.brand,
                        "line": {"color": palette.ink if is_single else palette.paper, "width": 3},
                        "opacity": 1,
                    },
                    "text": [_node_hover(node, unit) for node in alike],
                    "hovertemplate": "%{text}<extra></extra>",
                    "cliponaxis": False,
                }
            )
    return traces


def _node_hover(node: NetworkNode, unit: str) -> str:
    said = f"<b>{text.plain(node.label)}</b>"
    if node.is_counted:
        said += f"<br>{_least(node)}{rows.with_unit(node.value, 'count', unit)}"
    return f"{said}<br>{_SINGLE}" if node.is_single_point else said


def _label(node: NetworkNode) -> str:
    if not node.is_counted:
        return text.wrapped(node.label, _NAME_WIDTH)
    number = f"{_least(node)}{text.number(node.value)}".replace(" ", "\u00a0")
    words = text.wrapped(f"{node.label} {number}", _NAME_WIDTH)
    return f"{words.removesuffix(number)}<b>{number}</b>"


def _name(label: str, x: float, y: float, is_single: bool, palette: theme.Palette) -> dict[str, Any]:
    """Return a name outside the ring: over the upper nodes, under all others."""
    is_upper = y > 0.1
    away = 16 if is_single else 11
    return rows.name_above(
        label,
        y,
        palette,
        x=x,
        xref="x",
        xanchor="center",
        align="center",
        yanchor="bottom" if is_upper else "top",
        yshift=away if is_upper else -away,
        bgcolor=theme.transparent(palette.paper, _VEIL),
    )


def _key(nodes: Sequence[NetworkNode], arcs: Sequence[_Arc], unit: str) -> tuple[list[_Entry], float]:
    """Return the key of what the figure holds, in pixels below the names, and its height."""
    entries: list[_Entry] = []
    down: float = _KEY_GAP_PIXELS
    groups = sorted({arc.group for arc in arcs if arc.style == "shown"})
    if groups:
        entries.append(_Entry(0, down, f"Width of an arrow: {text.plain(unit)}"))
        for n, group in enumerate(groups):
            row, column = divmod(n, _KEY_COLUMNS)
            y = down + (row + 1) * rows.LINE_PIXELS
            entries.append(_Entry(column * _KEY_COLUMN_PIXELS, y, _CLASS_WORDS[group], "shown", group))
        down += (1 - (-len(groups) // _KEY_COLUMNS)) * rows.LINE_PIXELS
    for style, words in (("stopped", "stopped"), ("hidden", text.NOT_SHOWN)):
        if any(arc.style == style for arc in arcs):
            entries.append(_Entry(0, down, words, style, 1 if style == "stopped" else 0))
            down += rows.LINE_PIXELS
    if any(node.is_single_point for node in nodes):
        entries.append(_Entry(0, down, f"◇ {_SINGLE}"))
        down += rows.LINE_PIXELS
    return entries, down + 8


def _sample(entry: _Entry, room: float, palette: theme.Palette) -> dict[str, Any]:
    y = -(room + entry.y + rows.LINE_PIXELS / 2)
    left = entry.x - _SIDE_PIXELS + 10
    return {
        "type": "line",
        "xref": "paper",
        "yref": "paper",
        "xsizemode": "pixel",
        "ysizemode": "pixel",
        "xanchor": 0,
        "yanchor": 0,
        "x0": left,
        "x1": left + _SAMPLE_PIXELS,
        "y0": y,
        "y1": y,
        "line": {
            "color": _colour(entry.style, palette),
            "width": _WIDTHS[entry.group],
            "dash": _DASHES[entry.style],
        },
    }


def _entry_words(entry: _Entry, room: float, palette: theme.Palette) -> dict[str, Any]:
    left = entry.x - _SIDE_PIXELS + 10 + (_SAMPLE_PIXELS + 6 if entry.style else 0)
    return rows.name_above(
        entry.words,
        0,
        palette,
        yref="paper",
        yanchor="top",
        xshift=left,
        yshift=-(room + entry.y),
        font={"size": 14, "color": palette.muted},
    )
