"""Steps of a pathway: bars from zero in their order, with the share that goes on in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any

from analysis.catalog.model import Measure
from analysis.findings.compare import Value
from analysis.words import AT_LEAST
from ui import format as text
from ui import theme
from ui.charts.bars import rows
from ui.charts.figure import Figure
from ui.charts.whiskers import whiskers

_BAR_PIXELS = 18
_GAP_PIXELS = 18
_HEAD_ROOM = 1.22  # for the number at the end of the longest bar, also on a phone
_ROOM_AT_LEAST = 1.5  # for "at least" before it
_NOTE_WIDTH = 46


@dataclass(frozen=True)
class FunnelStep:
    """One step.

    Attributes
    ----------
    label
        Name of the step.
    value
        The published number; None where it is not shown. Limits and note of a hidden step are not drawn.
    lower, upper
        95 % interval; None without one.
    note
        Printed under the bar as it is, such as "62% of the step before (58–66%)". A share of a hidden step
        must not be named.
    is_part
        Whether it is a sum without its hidden numbers: at least so many.
    """

    label: str
    value: float | None
    lower: float | None = None
    upper: float | None = None
    note: str = ""
    is_part: bool = False


@dataclass(frozen=True)
class Scale:
    """What funnels side by side share: the unit, how numbers are written, the longest reach."""

    unit: str
    kind: str
    top: float
    room: float = _HEAD_ROOM


@dataclass(frozen=True)
class Places:
    """Middles of the bars in pixels from the top, and the pixels of the whole."""

    middles: tuple[float, ...]
    pixels: float


def step_of(label: str, value: Value | None, measure: Measure, note: str = "") -> FunnelStep:
    """Return a figure as a step: an upper limit that is not known is not drawn."""
    if value is None:
        return FunnelStep(label, None)
    upper = value.upper if value.upper is not None and isfinite(value.upper) else None
    lower = None if upper is None else value.lower
    return FunnelStep(label, value.value, lower, upper, note, is_part=measure.is_sum and value.is_part)


def funnel_chart(
    steps: Sequence[FunnelStep], *, palette: theme.Palette = theme.LIGHT, unit: str = ""
) -> Figure:
    """Return the steps of a pathway from top to bottom, in the order given.

    Parameters
    ----------
    steps
        In order. They need not become smaller.
    palette
        Colours of the theme.
    unit
        Such as "referrals" or "%", for the hover text and the way numbers are written.

    Returns
    -------
    Figure
        A hidden step is a hatched stub of fixed length with the words "Not shown".
    """
    scale, places = scale_of(steps, unit), places_of([steps])
    traces, annotations = panel(steps, scale, places, palette)
    layout = theme.layout(
        palette,
        rows.height_of(places.pixels),
        barmode="overlay",
        xaxis=value_axis(scale, palette),
        yaxis=rows.row_axis(places.pixels),
        annotations=annotations,
    )
    return {"data": traces, "layout": layout}


def scale_of(steps: Sequence[FunnelStep], unit: str) -> Scale:
    """Return how the numbers of some steps are written and how far the longest bar reaches."""
    shown = [step for step in steps if step.value is not None]
    top = max((step.upper or step.value or 0 for step in shown), default=0) or 1
    room = _ROOM_AT_LEAST if any(step.is_part for step in shown) else _HEAD_ROOM
    return Scale(unit, rows.kind_of([step.value for step in shown], unit), top, room)


def value_axis(scale: Scale, palette: theme.Palette, **more: Any) -> dict[str, Any]:
    """Return the axis of the values: from zero; no ticks, since every bar carries its number."""
    return (
        theme.axis(palette, range=[0, scale.top * scale.room], showticklabels=False, automargin=False) | more
    )


def places_of(groups: Sequence[Sequence[FunnelStep]]) -> Places:
    """Return where the bars stand, the same for every group: a step takes the lines of its name and note."""
    pixels: float = 0
    middles = []
    for n in range(max((len(steps) for steps in groups), default=0)):
        steps = [steps[n] for steps in groups if n < len(steps)]
        names = max(rows.lines_of(_wrapped(step.label, rows.NAME_WIDTH)) for step in steps)
        notes = max(rows.lines_of(_wrapped(_said(step), _NOTE_WIDTH)) for step in steps)
        middles.append(pixels + names * rows.LINE_PIXELS + _BAR_PIXELS / 2)
        pixels = middles[-1] + _BAR_PIXELS / 2 + notes * rows.LINE_PIXELS + _GAP_PIXELS
    return Places(tuple(middles), pixels)


def panel(
    steps: Sequence[FunnelStep],
    scale: Scale,
    places: Places,
    palette: theme.Palette,
    *,
    axes: tuple[str, str] = ("x", "y"),
    left: float = 0,
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return traces and annotations of one funnel, for a figure of its own or beside others.

    Parameters
    ----------
    steps, scale, places, palette
        As `funnel_chart`, from `scale_of` and `places_of`.
    axes
        Names of the axes.
    left
        Left edge of the panel, in shares of the plot.
    """
    at = list(zip(places.middles, steps, strict=False))
    shown = [(y, step) for y, step in at if step.value is not None]
    hidden = [(y, step) for y, step in at if step.value is None]
    traces = [_bars(shown, scale, palette), _numbers(shown, scale, palette)]
    if hidden:
        traces.append(_stubs(hidden, scale, palette))
    half = _BAR_PIXELS / 2
    words = [
        rows.name_above(_wrapped(step.label, rows.NAME_WIDTH), y - half, palette, yshift=1) for y, step in at
    ]
    quiet = {"yanchor": "top", "font": {"size": 14, "color": palette.muted}}
    words += [
        rows.name_above(_wrapped(_said(step), _NOTE_WIDTH), y + half, palette, **quiet)
        for y, step in at
        if _said(step)
    ]
    return (
        [trace | {"xaxis": axes[0], "yaxis": axes[1]} for trace in traces],
        [one | {"x": left, "yref": axes[1]} for one in words],
    )


def _said(step: FunnelStep) -> str:
    return "" if step.value is None else step.note


def _least(step: FunnelStep) -> str:
    return f"{AT_LEAST} " if step.is_part else ""


def _wrapped(words: str, width: int) -> str:
    return text.wrapped(words, width) if words else ""


def _bars(shown: list[tuple[float, FunnelStep]], scale: Scale, palette: theme.Palette) -> dict[str, Any]:
    values = [step.value for _, step in shown if step.value is not None]
    return {
        "type": "bar",
        "orientation": "h",
        "name": "steps",
        "y": [y for y, _ in shown],
        "x": values,
        "width": _BAR_PIXELS,
        "marker": {"color": palette.brand, "opacity": 0.9},
        "error_x": whiskers([(step.value, step.lower, step.upper) for _, step in shown], palette.ink),
        "text": [_hover(step, scale) for _, step in shown],
        "textposition": "none",
        "hovertemplate": "%{text}<extra></extra>",
    }


def _numbers(shown: list[tuple[float, FunnelStep]], scale: Scale, palette: theme.Palette) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "text",
        "name": "numbers",
        "y": [y for y, _ in shown],
        "x": [step.value if step.upper is None else step.upper for _, step in shown],
        "text": [f"\u2002{_least(step)}{rows.number_text(step.value, scale.kind)}" for _, step in shown],
        "textposition": "middle right",
        "textfont": {"size": 14, "color": palette.ink},
        "hoverinfo": "skip",
        "cliponaxis": False,
    }


def _stubs(hidden: list[tuple[float, FunnelStep]], scale: Scale, palette: theme.Palette) -> dict[str, Any]:
    return {
        "type": "bar",
        "orientation": "h",
        "name": text.NOT_SHOWN,
        "y": [y for y, _ in hidden],
        "width": _BAR_PIXELS,
        "x": [scale.top * rows.STUB] * len(hidden),
        "marker": theme.hatch(palette),
        "text": [f"\u2002{rows.HIDDEN_LABEL}"] * len(hidden),
        "textposition": "outside",
        "textfont": {"size": 14, "color": palette.muted},
        "cliponaxis": False,
        "hovertext": [f"<b>{text.plain(step.label)}</b><br>{text.NOT_SHOWN_LONG}" for _, step in hidden],
        "hovertemplate": "%{hovertext}<extra></extra>",
    }


def _hover(step: FunnelStep, scale: Scale) -> str:
    number = f"{_least(step)}{rows.with_unit(step.value, scale.kind, scale.unit)}"
    said = f"<b>{text.plain(step.label)}</b><br>{number}"
    limits = rows.limits_text(step.lower, step.upper, scale.kind)
    said += f" ({limits})" if limits else ""
    return f"{said}<br>{text.plain(step.note)}" if step.note else said
