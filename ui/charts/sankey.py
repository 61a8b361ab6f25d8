"""Flows between kinds of organisation, column by column."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import plotly.graph_objects as go

from analysis.catalog import NOT_RECORDED
from ui import format as text
from ui import theme
from ui.charts import rows
from ui.charts.flow_places import NODE_PIXELS, Flow, Places, Spot, flow_places

_LETTERS = 44  # across a phone
_SHORTEST = 9
_FOOT_PIXELS = 26
_GAP_PIXELS = 10
_TINT = 0.3
_GREY_CODES = {"other", NOT_RECORDED}


@dataclass(frozen=True)
class FlowNode:
    """One place that flows come from or go to; `value` is None where its number is not shown."""

    code: str
    label: str
    column: int
    value: float | None = None


@dataclass(frozen=True)
class FlowLink:
    """One flow between the codes of two nodes; `value` is None where it is not shown.

    `note` is said after the number, such as "8% of referrals"; that of a hidden flow is not.
    """

    source: str
    target: str
    value: float | None
    note: str = ""


def sankey_chart(
    nodes: Sequence[FlowNode],
    links: Sequence[FlowLink],
    *,
    palette: theme.Palette = theme.LIGHT,
    unit: str = "",
) -> go.Figure:
    """Return flows from left to right, as wide as their numbers.

    Parameters
    ----------
    nodes
        In the order they stand in their column.
    links
        From a column to a later one.
    palette
        Colours of the theme.
    unit
        Such as "referrals", for the hover text.

    Returns
    -------
    go.Figure
        Flows that are not shown are left out and counted in a line under the chart; the box of a node is as
        high as its flows that are shown, its number is the one given. `flow_sentences` says it in words.

    Raises
    ------
    ValueError
        If a flow does not go to a later column; a programming error.
    """
    by_code = {node.code: node for node in nodes}
    for link in links:
        if by_code[link.source].column >= by_code[link.target].column:
            raise ValueError(f"a flow must go to a later column, not {link.source} to {link.target}")
    shown = [link for link in links if link.value]
    hidden = sum(link.value is None for link in links)
    kind = rows.kind_of([*(node.value for node in nodes), *(link.value for link in links)], unit)
    columns = {column: n for n, column in enumerate(sorted({node.column for node in nodes}))}
    labels = {
        node.code: _label(node, kind, max(_LETTERS // max(len(columns), 1), _SHORTEST)) for node in nodes
    }
    head = (
        max((rows.lines_of(label) for label in labels.values()), default=1) * rows.LINE_PIXELS + _GAP_PIXELS
    )
    foot = _FOOT_PIXELS if hidden else 0
    flows = [Flow(link.source, link.target, link.value or 0) for link in shown]
    at = flow_places({node.code: columns[node.column] for node in nodes}, flows, head, foot)
    layout = theme.layout(
        palette,
        at.height,
        annotations=[
            *(_words(labels[code], spot, palette) for code, spot in at.spots.items()),
            *([_foot(hidden, palette)] if hidden else []),
        ],
        shapes=[_bare(spot, palette) for spot in at.spots.values() if not spot.has_flows],
    )
    layout["margin"] |= {"b": 8 + foot, "pad": 0}
    drawn = [node for node in nodes if at.spots[node.code].has_flows]
    hovers = [_hover(link, by_code, kind, unit) for link in shown]
    said = [f"<b>{text.plain(node.label)}</b><br>{rows.with_unit(node.value, kind, unit)}" for node in drawn]
    traces = [_boxes(drawn, said, at, palette) | _bands(drawn, shown, hovers, palette)] if drawn else []
    return go.Figure({"data": traces, "layout": layout})


def flow_sentences(nodes: Sequence[FlowNode], links: Sequence[FlowLink], unit: str = "") -> list[str]:
    """Return the flows in words, one sentence each, for a list beside the chart."""
    names = {node.code: node.label for node in nodes}
    kind = rows.kind_of([link.value for link in links], unit)
    said = []
    for link in links:
        number = rows.number_text(link.value, kind)
        number += f" {unit}" if unit not in ("", "%") and link.value is not None else ""
        note = f" ({link.note})" if link.note and link.value is not None else ""
        said.append(f"From {names[link.source]} to {names[link.target]}: {number}{note}.")
    return said


def _boxes(
    drawn: Sequence[FlowNode], said: Sequence[str], at: Places, palette: theme.Palette
) -> dict[str, Any]:
    return {
        "type": "sankey",
        "name": "flows",
        "arrangement": "fixed",
        "domain": {"x": [0, 1], "y": [0, at.domain_top]},
        "node": {
            "x": [at.spots[node.code].trace_x for node in drawn],
            "y": [at.spots[node.code].trace_y for node in drawn],
            "label": [""] * len(drawn),  # the words stand above the boxes, where they have a column's width
            "customdata": list(said),
            "hovertemplate": "%{customdata}<extra></extra>",
            "color": [_colour({node.code}, palette) for node in drawn],
            "thickness": NODE_PIXELS,
            "pad": at.pad,
            "align": "left",
            "line": {"width": 0},
        },
    }


def _bands(
    drawn: Sequence[FlowNode], shown: Sequence[FlowLink], hovers: Sequence[str], palette: theme.Palette
) -> dict[str, Any]:
    order = {node.code: n for n, node in enumerate(drawn)}
    return {
        "link": {
            "source": [order[link.source] for link in shown],
            "target": [order[link.target] for link in shown],
            "value": [link.value for link in shown],
            "color": [
                theme.transparent(_colour({link.source, link.target}, palette), _TINT) for link in shown
            ],
            "customdata": list(hovers),
            "hovertemplate": "%{customdata}<extra></extra>",
        }
    }


def _colour(codes: set[str], palette: theme.Palette) -> str:
    return palette.not_recorded if codes & _GREY_CODES else palette.brand


def _label(node: FlowNode, kind: str, width: int) -> str:
    number = rows.number_text(node.value, kind).replace(" ", "\u00a0")
    words = text.wrapped(f"{node.label} {number}", width)
    return f"{words.removesuffix(number)}<b>{number}</b>"


def _words(label: str, spot: Spot, palette: theme.Palette) -> dict[str, Any]:
    shift = {"left": -NODE_PIXELS / 2, "center": 0, "right": NODE_PIXELS / 2}[spot.anchor]
    return rows.name_above(
        label, spot.top, palette, x=spot.x, yref="paper", xanchor=spot.anchor, align=spot.anchor, xshift=shift
    )


def _bare(spot: Spot, palette: theme.Palette) -> dict[str, Any]:
    """Return the box of a node without any flow that is shown: of one size, since it says nothing."""
    return {
        "type": "rect",
        "xref": "paper",
        "yref": "paper",
        "xsizemode": "pixel",
        "xanchor": spot.x,
        "x0": -NODE_PIXELS / 2,
        "x1": NODE_PIXELS / 2,
        "y0": spot.bottom,
        "y1": spot.top,
        "fillcolor": palette.hidden,
        "line": {"color": palette.hatch, "width": 1, "dash": theme.DASH_EVENT},
    }


def _foot(hidden: int, palette: theme.Palette) -> dict[str, Any]:
    words = "1 flow not shown" if hidden == 1 else f"{hidden} flows not shown"
    quiet = {"size": 14, "color": palette.muted}
    return rows.name_above(
        words, 0, palette, yref="paper", yanchor="top", xshift=-NODE_PIXELS / 2, yshift=-8, font=quiet
    )


def _hover(link: FlowLink, by_code: Mapping[str, FlowNode], kind: str, unit: str) -> str:
    ends = " → ".join(text.plain(by_code[code].label) for code in (link.source, link.target))
    said = f"<b>{ends}</b><br>{rows.with_unit(link.value, kind, unit)}"
    return f"{said}<br>{text.plain(link.note)}" if link.note else said
