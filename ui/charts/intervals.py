"""Estimates with their intervals: a dot and a whisker a row, one or two readings each."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import plotly.graph_objects as go

from ui import format as text
from ui import theme
from ui.charts import rows

_READING_PIXELS = 20
_GAP_PIXELS = 12
_HEAD_PIXELS = 26
_AXIS_PIXELS = 34
_NUMBER_ROOM = 0.17  # of the axis: what a number at the right end needs on a phone
_EDGE = 0.03
_SHAPES = {True: ("circle-open", "diamond"), False: ("circle", "diamond")}
_GLYPHS = ("○", "◆")


@dataclass(frozen=True)
class Reading:
    """One estimate; `value` is None where it is not shown, and then its limits and note are not drawn."""

    value: float | None
    lower: float | None = None
    upper: float | None = None
    note: str = ""


@dataclass(frozen=True)
class IntervalRow:
    """One row: its label, and one or two readings, such as before and after."""

    label: str
    first: Reading
    second: Reading | None = None


class _Mark(NamedTuple):
    """One reading at its place; `order` 0 or 1."""

    y: float
    order: int
    label: str
    reading: Reading


class _Writing(NamedTuple):
    """How numbers are written, and the names of the two readings."""

    kind: str
    unit: str
    is_signed: bool
    names: tuple[str, str]

    def number(self, value: float | None) -> str:
        sign = "+" if self.is_signed and value and value > 0 else ""
        return sign + rows.number_text(value, self.kind)


def interval_chart(
    given: Sequence[IntervalRow],
    *,
    palette: theme.Palette = theme.LIGHT,
    unit: str = "",
    reference: float | None = None,
    reference_label: str = "",
    names: tuple[str, str] = ("before", "after"),
    is_signed: bool = False,
) -> go.Figure:
    """Return rows of dots with whiskers, in the order given.

    Parameters
    ----------
    given
        Rows. Where any has a second reading, the first is an open circle, the second a filled diamond.
    palette
        Colours of the theme.
    unit
        "%" for shares; otherwise such as "days" or "points", said in the hover and under the axis.
    reference, reference_label
        A value to compare with, as a dashed vertical, and its words; the number alone when empty.
    names
        Of the first and the second reading.
    is_signed
        For changes: numbers above zero have a plus sign.

    Returns
    -------
    go.Figure
        A row that is not shown says so in words. The axis holds zero.
    """
    paired = any(row.second for row in given)
    readings = [one for row in given for one in (row.first, row.second) if one]
    kind = rows.kind_of([one.value for one in readings], unit)
    writing = _Writing(kind, unit, is_signed, names)
    head = _HEAD_PIXELS * (paired + (reference is not None))
    marks, labels, high = _places(given, head)
    low, top = _reach(readings, reference)
    room = (top - low) * _NUMBER_ROOM
    annotations = [rows.name_above(words, y, palette) for y, words in labels]
    annotations += [_hidden(mark, paired, writing, palette) for mark in marks if mark.reading.value is None]
    if paired:
        annotations.append(_key(names, palette))
    shapes = []
    if reference is not None:
        where = (reference - low) / (top + room - low)
        words = reference_label or writing.number(reference)
        annotations.append(_reference_words(reference, where, head, words, palette))
        shapes.append(_reference_line(reference, head, high, palette))
    axis: dict[str, Any] = {"ticksuffix": "%"} if kind == "share" else {"tickformat": ",~r"}
    if unit not in ("", "%"):
        axis["title"] = {
            "text": text.plain(unit),
            "font": {"size": 14, "color": palette.muted},
            "standoff": 4,
        }
    foot = _AXIS_PIXELS + (rows.LINE_PIXELS if "title" in axis else 0)
    layout = theme.layout(
        palette,
        rows.height_of(high, foot + 12),
        margin={"l": 18, "r": 8, "t": 12, "b": foot, "pad": 4},  # half of "0%" stands left of zero
        xaxis=theme.value_axis(
            palette,
            range=[low, top + room],
            rangemode="normal",
            nticks=6,
            automargin=False,
            tickangle=0,
            **axis,
        ),
        yaxis=rows.row_axis(high),
        annotations=annotations,
        shapes=shapes,
    )
    shown = [mark for mark in marks if mark.reading.value is not None]
    traces = [
        trace
        for order in (0, 1)
        for trace in _traces([mark for mark in shown if mark.order == order], paired, writing, palette)
    ]
    return go.Figure({"data": traces, "layout": layout})


def _places(given: Sequence[IntervalRow], head: float) -> tuple[list[_Mark], list[tuple[float, str]], float]:
    """Return the readings and the labels with their pixels from the top, and the pixels of the whole."""
    marks, labels = [], []
    down: float = head
    for row in given:
        words = text.wrapped(row.label, rows.NAME_WIDTH)
        down += rows.lines_of(words) * rows.LINE_PIXELS
        labels.append((down, words))
        for order, reading in enumerate((row.first, row.second)):
            if reading:
                marks.append(_Mark(down + _READING_PIXELS / 2, order, row.label, reading))
                down += _READING_PIXELS
        down += _GAP_PIXELS
    return marks, labels, max(down, 1)


def _reach(readings: Sequence[Reading], reference: float | None) -> tuple[float, float]:
    """Return the ends of the axis: all that is shown, and zero."""
    shown = [one for one in readings if one.value is not None]
    ends = [limit for one in shown for limit in (one.value, one.lower, one.upper) if limit is not None]
    ends += [0.0] if reference is None else [0.0, reference]
    low, top = min(ends), max(ends)
    top = top if top > low else low + 1
    return (low - (top - low) * _EDGE if low < 0 else low), top


def _traces(
    marks: Sequence[_Mark], paired: bool, writing: _Writing, palette: theme.Palette
) -> list[dict[str, Any]]:
    if not marks:
        return []
    order = marks[0].order
    colour = palette.other if paired and order == 0 else palette.brand
    values = [mark.reading.value for mark in marks if mark.reading.value is not None]
    ends = [mark.reading.value if mark.reading.upper is None else mark.reading.upper for mark in marks]
    dots = {
        "type": "scatter",
        "mode": "markers",
        "name": writing.names[order] if paired else "estimates",
        "x": values,
        "y": [mark.y for mark in marks],
        "marker": {
            "symbol": _SHAPES[paired][order],
            "size": 11,
            "color": colour,
            "line": {"width": 2 if paired and order == 0 else 0, "color": colour},
        },
        "error_x": rows.whiskers(
            values, [mark.reading.lower for mark in marks], [mark.reading.upper for mark in marks], colour
        )
        | {"thickness": 1.6},
        "text": [_hover(mark, paired, writing) for mark in marks],
        "hovertemplate": "%{text}<extra></extra>",
        "cliponaxis": False,
    }
    numbers = {
        "type": "scatter",
        "mode": "text",
        "name": "numbers",
        "x": ends,
        "y": [mark.y for mark in marks],
        "text": [f"\u2002{writing.number(mark.reading.value)}" for mark in marks],
        "textposition": "middle right",
        "textfont": {"size": 14, "color": palette.ink},
        "hoverinfo": "skip",
        "cliponaxis": False,
    }
    return [dots, numbers]


def _hidden(mark: _Mark, paired: bool, writing: _Writing, palette: theme.Palette) -> dict[str, Any]:
    words = f"{writing.names[mark.order]}: {text.NOT_SHOWN}" if paired else rows.HIDDEN_LABEL
    quiet = {"size": 14, "color": palette.muted}
    return rows.name_above(text.plain(words), mark.y, palette, yanchor="middle", xshift=1, font=quiet)


def _key(names: tuple[str, str], palette: theme.Palette) -> dict[str, Any]:
    colours = (palette.other, palette.brand)
    said = [
        f'<span style="color:{colour}">{glyph}</span> {text.plain(name)}'
        for colour, glyph, name in zip(colours, _GLYPHS, names, strict=True)
    ]
    return rows.name_above("\u2003".join(said), 0, palette, yanchor="top")


def _reference_line(reference: float, top: float, bottom: float, palette: theme.Palette) -> dict[str, Any]:
    return {
        "type": "line",
        "name": "reference",
        "layer": "below",
        "x0": reference,
        "x1": reference,
        "y0": bottom,
        "y1": top,
        "line": {"color": palette.ink, "width": 1.2, "dash": theme.DASH_PROVISIONAL},
    }


def _reference_words(
    reference: float, where: float, head: float, words: str, palette: theme.Palette
) -> dict[str, Any]:
    """Return the words of the reference over its line, turned inwards at the sides."""
    side = "left" if where < 0.3 else "right" if where > 0.7 else "center"
    return rows.name_above(text.plain(words), head, palette, x=reference, xref="x", xanchor=side)


def _hover(mark: _Mark, paired: bool, writing: _Writing) -> str:
    reading = mark.reading
    name = f"{text.plain(writing.names[mark.order])}: " if paired else ""
    unit = "" if writing.unit in ("", "%") else f" {text.plain(writing.unit)}"
    said = f"<b>{text.plain(mark.label)}</b><br>{name}{writing.number(reading.value)}{unit}"
    limits = rows.limits_text(reading.lower, reading.upper, writing.kind)
    said += f" ({limits})" if limits else ""
    return f"{said}<br>{text.plain(reading.note)}" if reading.note else said
