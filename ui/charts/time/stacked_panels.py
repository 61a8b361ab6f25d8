"""Measures of different units over the same years: one panel under the other, each with its own axis."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from analysis import Answer
from ui import format as text
from ui import theme
from ui.charts.figure import Figure
from ui.charts.hover import unit_of
from ui.charts.labels import direct_labels
from ui.charts.time import series as lines
from ui.charts.time.series import Series, Words
from ui.charts.time.strokes import line_traces, suffix

_PANEL_PIXELS = 190
_TITLE_PIXELS = 34
_LINE_PIXELS = 18
_NARROW_LETTERS = 32
_FRAME_PIXELS = 56

Panel = tuple[str, Sequence[Answer]]
"""A title that names the unit, and the answers of that unit."""


def stacked_panels(
    panels: Sequence[Panel], *, words: Words, palette: theme.Palette = theme.LIGHT, narrow: bool = False
) -> Figure:
    """Return panels over one axis of time; nothing in one panel can be measured against another.

    Parameters
    ----------
    panels
        Titles and answers by ``period`` alone, at the same level. Answers of one panel share its unit.
    words, palette
        As `ui.charts.time.line.line_chart`.
    narrow
        Whether titles are broken for a phone.

    Returns
    -------
    Figure
        Each panel begins at zero and has its own scale.

    Raises
    ------
    ValueError
        When the answers of a panel count different units; a programming error.
    """
    for _, answers in panels:
        if len({answer.unit for answer in answers}) > 1:
            raise ValueError("answers of one panel count the same unit")
    height = len(panels) * _PANEL_PIXELS + _FRAME_PIXELS
    ticks = _ticks([answer for _, answers in panels for answer in answers])
    layout = theme.layout(palette, height, annotations=[], **theme.ALONG)
    layout["xaxis"] = theme.axis(palette, anchor=f"y{len(panels)}" if len(panels) > 1 else "y", **ticks)
    traces: list[dict[str, Any]] = []
    titles = [text.wrapped(title, _NARROW_LETTERS) if narrow else text.plain(title) for title, _ in panels]
    room = _TITLE_PIXELS + _LINE_PIXELS * max(title.count("<br>") for title in titles)
    margin = 0
    colours = iter(palette.categories)
    for n, (title, (_, answers)) in enumerate(zip(titles, panels, strict=True)):
        number = "" if n == 0 else str(n + 1)
        bottom, top = 1 - (n + 1) / len(panels), 1 - n / len(panels)
        domain = [bottom + 0.01, top - room / (len(panels) * _PANEL_PIXELS)]
        drawn = [(_series(answer, words), next(colours)) for answer in answers]
        unit = unit_of(answers[0])
        for one, colour in drawn:
            traces += line_traces(one, unit, colour, alone=len(drawn) == 1, axes=("x", f"y{number}"))
        layout[f"yaxis{number}"] = theme.value_axis(
            palette, domain=domain, rangemode="tozero", nticks=4, **suffix(unit.kind)
        )
        layout["annotations"].append(_title(title, domain[1], palette))
        if len(drawn) > 1:
            labels, width = direct_labels(drawn, int(_PANEL_PIXELS * 0.8))
            layout["annotations"] += [label | {"yref": f"y{number}"} for label in labels]
            margin = max(margin, width)
    if margin:
        layout["margin"] = {**layout["margin"], "r": margin}
    return {"data": traces, "layout": layout}


def _series(answer: Answer, words: Words) -> Series:
    [one] = lines.split(answer, words)
    return replace(one, code=answer.measure.code)  # the hover text then names the line


def _ticks(answers: Sequence[Answer]) -> dict[str, Any]:
    """Return the settings of the one axis of time, over the periods of all answers."""
    rows = [{"period": code} for answer in answers for code in answer.frame["period"]]
    ordered = sorted(rows, key=lambda row: lines.first_day(row["period"]))
    level = answers[0].question.period_level if answers else "year"
    return lines.year_ticks(tuple(ordered), level)


def _title(words: str, y: float, palette: theme.Palette) -> dict[str, Any]:
    return {
        "x": 0,
        "y": y,
        "xref": "paper",
        "yref": "paper",
        "xanchor": "left",
        "yanchor": "bottom",
        "align": "left",
        "yshift": 6,
        "showarrow": False,
        "text": f"<b>{words}</b>",
        "font": {"size": 14, "color": palette.ink},
    }
