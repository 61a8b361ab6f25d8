"""A measure by one dimension: horizontal bars from zero, whiskers, hatch where nothing is shown."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from analysis import Answer, Catalog
from analysis.catalog.model import NOT_RECORDED, Measure
from analysis.periods import label_of
from analysis.words import few_of
from ui import format as text
from ui import theme
from ui.charts.figure import Figure
from ui.charts.hover import Unit, hidden_words, row_words, unit_of
from ui.charts.time.series import Words
from ui.charts.time.strokes import suffix
from ui.charts.whiskers import are_drawn, whiskers

_BAR_PIXELS = 34
_TALL_BAR_PIXELS = 40  # where names of two lines follow each other
_FRAME_PIXELS = 56
_LABEL_WIDTH = 26
_STUB = 0.04
_LETTER_PIXELS, _NUMBER_GAP = 8, 14
_MOST_TICKS, _MOST_LONG_TICKS = 4, 3  # more run into each other on a phone
_LONG_FROM = 1_000
_THOUSANDS_FROM = 20_000  # on the axis these are 20k, 40k
_LAST = ("other", NOT_RECORDED)

Row = dict[str, Any]


def bar_chart(
    answer: Answer,
    catalog: Catalog,
    *,
    words: Words,
    palette: theme.Palette = theme.LIGHT,
    coloured: bool = False,
    height: int | None = None,
) -> Figure:
    """Return horizontal bars of an answer by exactly one dimension (or area).

    Parameters
    ----------
    answer
        By one dimension, by ``area``, or by periods of several years together.
    catalog, words
        Give colours, the order of the codes, and words.
    palette
        Colours of the theme.
    coloured
        True: each code in its own colour, where the same codes are told apart elsewhere on the page. False:
        all in the brand colour.
    height
        Pixels; made from the number of bars when None.

    Returns
    -------
    Figure
        Bars stand by size (see `by_size`), areas and ordered scales in the order of their codes. A value that
        is not shown is a short hatched stub of fixed length with the words "not shown".

    Raises
    ------
    ValueError
        If the answer is not by exactly one dimension; a programming error.
    """
    if len(answer.question.by) != 1:
        raise ValueError(f"a bar chart needs exactly one dimension, not {answer.question.by}")
    [name] = answer.question.by
    dimension = catalog.dimensions.get(name)
    rows = [_without_chance(row, answer.measure) for row in answer.frame.iter_rows(named=True)]
    # Areas keep the order of their codes: sorted by size they would read as a league table.
    keeps_order = name in ("area", "period") or (dimension is not None and dimension.ordered)
    ordered = rows if keeps_order else by_size(rows, name)
    named = [label_of(row[name]) if name == "period" else words(name, row[name]) for row in ordered]
    labels = [text.wrapped(label, _LABEL_WIDTH) for label in named]
    unit = unit_of(answer)
    top = max((row["upper"] or row["value"] or 0 for row in ordered), default=0) or 1
    shown = [(label, row) for label, row in zip(labels, ordered, strict=True) if row["value"] is not None]
    hidden = [(label, row) for label, row in zip(labels, ordered, strict=True) if row["value"] is None]
    colours = [
        theme.colour_of(palette, dimension, row[name]) if coloured and dimension else palette.brand
        for _, row in shown
    ]
    numbers = [_number(row, answer.measure) for _, row in shown]
    traces = [_bars(shown, unit, colours, palette), _numbers(shown, numbers, palette)]
    if hidden:
        traces.append(_stubs(hidden, top * _STUB, palette))
    layout = theme.layout(
        palette,
        height or max(_row_pixels(labels) * len(rows) + _FRAME_PIXELS, 160),
        margin={
            "l": 8,
            "r": _NUMBER_GAP + _LETTER_PIXELS * max(map(len, numbers), default=0),
            "t": 12,
            "b": 8,
            "pad": 4,
        },
        bargap=0.32,
        barmode="overlay",
        hovermode="y unified",  # a pointer anywhere beside a bar says its number
        xaxis=_value_axis(top, answer.measure, palette),
        yaxis=theme.axis(
            palette,
            type="category",
            categoryorder="array",
            showspikes=False,
            categoryarray=labels[::-1],
            tickfont={"size": 14, "color": palette.ink},
        ),
    )
    return {"data": traces, "layout": layout}


def _row_pixels(labels: Sequence[str]) -> int:
    """Return the height of a row: names of two lines under each other would touch."""
    touching = any("<br>" in above and "<br>" in below for above, below in pairwise(labels))
    return _TALL_BAR_PIXELS if touching else _BAR_PIXELS


def by_size(rows: Sequence[Row], name: str) -> list[Row]:
    """Return rows from large to small; "other" and "not recorded" after them, then what is not shown.

    Parameters
    ----------
    rows
        Rows with ``value`` in code-list order, which those of one size keep.
    name
        The column of the codes.
    """
    shown = sorted((row for row in rows if row["value"] is not None), key=lambda row: -row["value"])
    named = [row for row in shown if row[name] not in _LAST]
    last = sorted((row for row in shown if row[name] in _LAST), key=lambda row: _LAST.index(row[name]))
    return [*named, *last, *(row for row in rows if row["value"] is None)]


def _bars(
    shown: list[tuple[str, Row]], unit: Unit, colours: list[str], palette: theme.Palette
) -> dict[str, Any]:
    # All bars are of the same periods: one darker bar among lighter ones would read as the one that matters.
    is_late = any("p" in (row["marker"] or "") for _, row in shown)
    limits = whiskers([(row["value"], row["lower"], row["upper"]) for _, row in shown], palette.ink)
    bars = {
        "type": "bar",
        "orientation": "h",
        "y": [label for label, _ in shown],
        "x": [row["value"] for _, row in shown],
        "marker": {"color": colours, "opacity": 0.55 if is_late else 0.9},
        "text": [row_words(row, unit) for _, row in shown],
        "textposition": "none",
        "hoverinfo": "y+text",
    }
    return bars | {"error_x": limits} if are_drawn(limits) else bars


def _value_axis(top: float, measure: Measure, palette: theme.Palette) -> dict[str, Any]:
    """Return the axis of the values; numbers at the ends of the bars stand in the margin beside it."""
    if measure.unit.startswith("%"):
        written: dict[str, Any] = {"ticksuffix": "%"}
    else:
        written = {"tickformat": "~s"} if top >= _THOUSANDS_FROM else suffix(measure.written_as)
    ticks = _MOST_LONG_TICKS if top >= _LONG_FROM else _MOST_TICKS
    return theme.value_axis(palette, range=[0, top * 1.02], nticks=ticks, tickangle=0, **written)


def _without_chance(row: Row, measure: Measure) -> Row:
    """Return the row of a share of a few without limits: its parts say how few they are."""
    if not few_of(measure, row["value"], row.get("base")):
        return row
    return row | {"lower": None, "upper": None}


def _number(row: Row, measure: Measure) -> str:
    said = text.written(measure, row)
    per_cent = "%" if measure.unit.startswith("%") and not said.endswith("%") and " of " not in said else ""
    return f"{said}{per_cent}{text.star(row)}"


def _numbers(shown: list[tuple[str, Row]], numbers: Sequence[str], palette: theme.Palette) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "text",
        "y": [label for label, _ in shown],
        "x": [row["upper"] if row["upper"] is not None else row["value"] for _, row in shown],
        "text": [f"\u2002{number}" for number in numbers],
        "textposition": "middle right",
        "textfont": {"size": 14, "color": palette.ink},
        "hoverinfo": "skip",
        "cliponaxis": False,
    }


def _stubs(hidden: list[tuple[str, Row]], length: float, palette: theme.Palette) -> dict[str, Any]:
    return {
        "type": "bar",
        "orientation": "h",
        "y": [label for label, _ in hidden],
        "x": [length] * len(hidden),
        "marker": theme.hatch(palette),
        "text": [text.NOT_SHOWN] * len(hidden),
        "textposition": "outside",
        "textfont": {"size": 14, "color": palette.muted},
        "hovertext": [hidden_words(row["marker"] or "") for _, row in hidden],
        "hoverinfo": "y+text",
    }
