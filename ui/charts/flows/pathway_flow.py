"""The pathway as a Sankey diagram: bands as wide as the published numbers, those who left in grey."""

from collections.abc import Collection, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from analysis.topics.pathway import LEAVES, STEPS, Flow
from analysis.words import AT_LEAST
from ui import format as text
from ui import theme
from ui.charts.figure import Figure

_HEIGHT = 420
_INSIDE = 380  # of the height, without the margins
_LABEL_WIDTH = 26  # letters of a line: what fits between two columns
_FIRST_WIDTH = 20  # of the first column
_LABELS_LAST = 0.84  # of the width: right of it stand the words of the last column
_FLOW_OPACITY = 0.32
_GAP = 0.055  # between places of one column, in shares of the height
_ORDER = ("made", *STEPS)
#: Columns from left to right: a step, and under it those who left on the way to it.
_COLUMNS: tuple[tuple[str, ...], ...] = (
    ("from_report", "from_no_report", "from_not_recorded"),
    ("made",),
    *(
        (step, *(f"end_{code}" for code in LEAVES[before]))
        for before, step in zip(_ORDER, STEPS, strict=False)
    ),
)


def flow_chart(
    flows: Sequence[Flow],
    labels: Mapping[str, str],
    palette: theme.Palette = theme.LIGHT,
    numbers: Mapping[str, float] = MappingProxyType({}),
    parts: Collection[str] = (),
) -> Figure:
    """Return a Sankey diagram of the pathway.

    Parameters
    ----------
    flows
        From `analysis.topics.pathway.flows`, and those that lead to "made".
    labels
        Words for every place that occurs.
    palette
        Colours of the theme.
    numbers
        Published numbers of places where the bands give another: each band is protected by itself, so that
        they do not quite add up. The words say the published one, as the headline does.
    parts
        Places whose numbers leave out hidden ones: at least so many.
    """
    used = {name for flow in flows for name in (flow.origin, flow.target)}
    columns = [[name for name in column if name in used] for column in _COLUMNS]
    columns = [column for column in columns if column]
    through = {name: _through(name, flows) for name in used}
    at, said = _places(columns, through), {**through, **numbers}
    names = list(at)
    least = dict.fromkeys(parts, f"{AT_LEAST} ".replace(" ", "\u00a0"))
    words = {name: (labels[name], least.get(name, "") + text.number(said[name])) for name in names}
    node: dict[str, Any] = {
        "customdata": [" ".join(words[name]) for name in names],
        "color": [_colour(name, palette) for name in names],
        "x": [at[name][0] for name in names],
        "y": [at[name][1] for name in names],
        "pad": _GAP * _INSIDE,  # as in `_places`, or bands would cross
        "thickness": 12,
        "line": {"width": 0},
        "hovertemplate": "%{customdata}<extra></extra>",
    }
    link = {
        "source": [names.index(flow.origin) for flow in flows],
        "target": [names.index(flow.target) for flow in flows],
        "value": [flow.value for flow in flows],
        "color": [theme.transparent(_colour(flow.target, palette), _FLOW_OPACITY) for flow in flows],
        "customdata": [
            f"{labels[flow.origin]} → {labels[flow.target]}<br>"
            + least.get(flow.origin if flow.target == "made" else flow.target, "")
            + text.number(flow.value)
            for flow in flows
        ],
        "hovertemplate": "%{customdata}<extra></extra>",
    }
    trace = {
        "type": "sankey",
        "arrangement": "fixed",
        "domain": {"x": [0, _LABELS_LAST]},
        "node": node,
        "link": link,
    }
    # A number never stands on a line of its own: the space before it does not break.
    beside = [
        # A thick band meets the next place at a word's height; the thin ones of later columns do not.
        _label("\u00a0".join(words[name]), *at[name], _FIRST_WIDTH if name in _COLUMNS[0] else _LABEL_WIDTH)
        for name in names
    ]
    return {"data": [trace], "layout": theme.layout(palette, _HEIGHT, annotations=beside)}


def _label(words: str, x: float, y: float, width: int) -> dict[str, Any]:
    """Return the words right of a place: Plotly's own stand left in the last column, on those before."""
    return {
        "x": x * _LABELS_LAST,
        "y": 1 - y,
        "xref": "paper",
        "yref": "paper",
        "xanchor": "left",
        "yanchor": "middle",
        "xshift": 14,
        "align": "left",
        "showarrow": False,
        "text": text.wrapped(words, width),
    }


def _colour(name: str, palette: theme.Palette) -> str:
    return palette.brand if name in _ORDER else palette.not_recorded


def _through(name: str, flows: Sequence[Flow]) -> float:
    coming = sum(flow.value for flow in flows if flow.target == name)
    return max(coming, sum(flow.value for flow in flows if flow.origin == name))


def _places(columns: Sequence[Sequence[str]], through: Mapping[str, float]) -> dict[str, tuple[float, float]]:
    """Return the middle of every place, in shares of width and height from the top left corner."""
    most = max(sum(through[name] for name in column) for column in columns)
    gaps = _GAP * max(len(column) - 1 for column in columns)
    found = {}
    for n, column in enumerate(columns):
        x = min(max(n / max(len(columns) - 1, 1), 0.001), 0.999)
        top = 0.0
        for name in column:
            size = through[name] / most * (1 - gaps)
            found[name] = (x, min(max(top + size / 2, 0.001), 0.999))
            top += size + _GAP
    return found
