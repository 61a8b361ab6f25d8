"""A measure over time in parts that exclude each other: stacked columns."""

from collections.abc import Mapping, Sequence
from typing import Any

import plotly.graph_objects as go

from analysis import Answer, Catalog
from analysis.catalog import NOT_RECORDED, Dimension
from analysis.periods import label_of
from ui import format as text
from ui import theme
from ui.charts import rows
from ui.charts import series as lines
from ui.charts.labels import direct_labels
from ui.charts.series import Series, Words
from ui.charts.strokes import suffix

_LANE_SHARE = 0.06
_COLUMN = 0.78  # of a period
_PROVISIONAL, _FIRM = 0.5, 0.92
_LEGEND_LETTERS = 46  # a line on a phone
_REST = "Other categories"
_HATCHED = "hatched: a part not shown"


def stacked_time_chart(
    answer: Answer,
    catalog: Catalog,
    *,
    words: Words,
    palette: theme.Palette = theme.LIGHT,
    height: int = theme.HEIGHT,
) -> go.Figure:
    """Return stacked columns of an answer by period and one dimension whose codes exclude each other.

    Parameters
    ----------
    answer
        By ``period`` and one dimension.
    catalog, words
        Give colours and words: `View.catalog`, `View.words`.
    palette
        Colours of the theme.
    height
        Pixels; a legend adds to them.

    Returns
    -------
    go.Figure
        Parts that are not shown are left out of the column, which is then too short: a hatched block under
        the column says so, and its hover names them. Provisional periods are lighter. Six categories have
        colours; all others are grey, and one entry of the legend.

    Raises
    ------
    ValueError
        If the answer is not by period and one dimension; a programming error.
    """
    shown = lines.split(answer, words)
    if not shown or shown[0].code is None:
        raise ValueError(f"a stacked time chart needs period and one dimension, not {answer.question.by}")
    dimension, kind = catalog.dimensions.get(shown[0].dimension), answer.measure.kind
    hidden = _hidden_parts(shown)
    share = _LANE_SHARE if hidden else 0
    colours = [theme.colour_of(palette, dimension, one.code or "") for one in shown]
    names = _names(shown, dimension)
    traces = [
        _columns(one, name, kind, colour, palette)
        for one, name, colour in zip(shown, names, colours, strict=True)
    ]
    if hidden:
        traces.append(_lane(hidden, palette))
    layout = theme.layout(
        palette,
        height,
        barmode="stack",
        xaxis=theme.axis(
            palette,
            anchor="free",
            position=0,
            **lines.year_ticks(shown[0].rows, answer.question.period_level),
        ),
        yaxis=theme.value_axis(palette, domain=[share + 0.02 if share else 0, 1], nticks=6, **suffix(kind)),
        yaxis2=theme.axis(palette, domain=[0, max(share, 0.01)], range=[0, 1], showticklabels=False),
        shapes=[],
        annotations=[],
    )
    if len(shown) <= theme.MOST_DIRECT_LABELS and _ends_whole(shown):
        wanted = list(zip(_stacked(shown), colours, strict=True))
        layout["annotations"], width = direct_labels(wanted, height)
        layout["margin"] = {**layout["margin"], "r": width}
    else:
        _add_legend(layout, dict(zip(names, colours, strict=True)), bool(hidden), palette)
    return go.Figure({"data": traces, "layout": layout})


def _names(shown: Sequence[Series], dimension: Dimension | None) -> list[str]:
    """Return the name of each part; those that share the grey of "other" share a name."""
    slots = {one.code: one.slot for one in dimension.categories} if dimension else {}
    rest = [one.code for one in shown if not slots.get(one.code or "") and one.code != NOT_RECORDED]
    return [_REST if one.code in rest and len(rest) > 1 else text.plain(one.label) for one in shown]


def _hidden_parts(shown: Sequence[Series]) -> dict[str, list[str]]:
    """Return the names of parts that are not shown, by period."""
    hidden: dict[str, list[str]] = {}
    for one in shown:
        for row in one.rows:
            if row["value"] is None:
                hidden.setdefault(row["period"], []).append(one.label)
    return hidden


def _days(period: str) -> int:
    return (lines.end_day(period) - lines.first_day(period)).days


def _columns(one: Series, name: str, kind: str, colour: str, palette: theme.Palette) -> dict[str, Any]:
    shown = [row for row in one.rows if row["value"] is not None]
    return {
        "type": "bar",
        "name": name,
        "x": [lines.middle(row["period"]) for row in shown],
        "y": [row["value"] for row in shown],
        "width": [_days(row["period"]) * _COLUMN * lines.DAY_MS for row in shown],
        "marker": {
            "color": colour,
            "opacity": [_PROVISIONAL if lines.is_provisional(row) else _FIRM for row in shown],
            "line": {"width": 1, "color": palette.paper},
        },
        "text": [lines.hover(one, row, kind) for row in shown],
        "textposition": "none",
        "hovertemplate": "%{text}<extra></extra>",
    }


def _lane(hidden: dict[str, list[str]], palette: theme.Palette) -> dict[str, Any]:
    """Return hatched blocks under the columns of which a part is not shown."""
    return {
        "type": "bar",
        "name": text.NOT_SHOWN,
        "x": [lines.middle(period) for period in hidden],
        "y": [0.8] * len(hidden),
        "width": [_days(period) * _COLUMN * lines.DAY_MS for period in hidden],
        "marker": theme.hatch(palette),
        "yaxis": "y2",
        "text": [
            f"<b>{label_of(period)}</b><br>Not shown: {text.plain(', '.join(names))}"
            for period, names in hidden.items()
        ],
        "textposition": "none",
        "hovertemplate": "%{text}<extra></extra>",
    }


def _ends_whole(shown: Sequence[Series]) -> bool:
    """Return whether the newest column has all its parts, so that names can stand beside them."""
    return all(one.rows[-1]["value"] is not None for one in shown)


def _stacked(shown: Sequence[Series]) -> list[Series]:
    """Return the newest parts with the middles of their blocks as values: where their names stand.

    The first row carries the height of the column, which sets the scale for names that are moved apart.
    """
    below = 0.0
    placed = []
    tallest = max(sum(one.rows[n]["value"] or 0 for one in shown) for n in range(len(shown[0].rows)))
    scale = {"value": tallest, "upper": tallest}
    for one in shown:
        value = one.rows[-1]["value"]
        middle = below + value / 2
        below += value
        placed.append(Series(one.dimension, one.code, one.label, (scale, {"value": middle, "upper": middle})))
    return placed


def _add_legend(
    layout: dict[str, Any], entries: Mapping[str, str], is_partial: bool, palette: theme.Palette
) -> None:
    """Put the names over the plot, and make the chart higher by their lines.

    Plotly's own legend stands in columns as wide as its longest name: one column on a phone.
    """
    blocks = [
        (len(name) + 4, f'<span style="color:{colour}">■</span> {name}') for name, colour in entries.items()
    ]
    if is_partial:
        blocks.append((len(_HATCHED), f'<span style="color:{palette.muted}">{_HATCHED}</span>'))
    written: list[list[str]] = [[]]
    room = _LEGEND_LETTERS
    for letters, block in blocks:
        if written[-1] and letters > room:
            written.append([])
            room = _LEGEND_LETTERS
        written[-1].append(block)
        room -= letters
    pixels = rows.LINE_PIXELS * len(written) + 10
    layout["height"] += pixels
    layout["margin"] = {**layout["margin"], "t": layout["margin"]["t"] + pixels}
    said = "<br>".join("\u2002".join(line) for line in written)
    layout["annotations"].append(rows.name_above(said, 1, palette, yref="paper", yshift=8))
