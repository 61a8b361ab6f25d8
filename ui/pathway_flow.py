"""The pathway as a Sankey diagram: bands as wide as the published numbers, those who left in grey."""

from collections.abc import Mapping, Sequence
from typing import Any

import plotly.graph_objects as go

from analysis.pathway import STEPS, Flow
from ui import format as text
from ui import theme

_HEIGHT = 420
_ON = ("made", *STEPS)
_FLOW_OPACITY = 0.32
#: Where the steps stand from left to right; those who left stand below, between two steps.
_ACROSS = {
    "made": 0.16,
    "accepted": 0.36,
    "first_contact": 0.56,
    "first_service": 0.76,
    "stable_outcome": 0.97,
}


def flow_chart(
    flows: Sequence[Flow], labels: Mapping[str, str], palette: theme.Palette = theme.LIGHT
) -> go.Figure:
    """Return a Sankey diagram of the pathway.

    Parameters
    ----------
    flows
        From `analysis.pathway.flows`, and those that lead to "made".
    labels
        Words for every place that occurs.
    palette
        Colours of the theme.
    """
    places = list(dict.fromkeys(name for flow in flows for name in (flow.origin, flow.target)))
    through = {name: _through(name, flows) for name in places}
    colours = [palette.brand if name in _ON else palette.not_recorded for name in places]
    bands = [palette.brand if flow.target in _ON else palette.not_recorded for flow in flows]
    node: dict[str, Any] = {
        "label": [f"{labels[name]} {text.number(through[name])}" for name in places],
        "color": colours,
        "pad": 18,
        "thickness": 14,
        "line": {"width": 0},
        "hovertemplate": "%{label}<extra></extra>",
    }
    link = {
        "source": [places.index(flow.origin) for flow in flows],
        "target": [places.index(flow.target) for flow in flows],
        "value": [flow.value for flow in flows],
        "color": [theme.transparent(colour, _FLOW_OPACITY) for colour in bands],
        "customdata": [text.number(flow.value) for flow in flows],
        "hovertemplate": "%{source.label} → %{target.label}<br>%{customdata}<extra></extra>",
    }
    font = {"size": 14, "color": palette.ink, "shadow": "none"}
    trace = {"type": "sankey", "arrangement": "snap", "node": node, "link": link, "textfont": font}
    return go.Figure({"data": [trace], "layout": theme.layout(palette, _HEIGHT)})


def _through(name: str, flows: Sequence[Flow]) -> float:
    coming = sum(flow.value for flow in flows if flow.target == name)
    return max(coming, sum(flow.value for flow in flows if flow.origin == name))
