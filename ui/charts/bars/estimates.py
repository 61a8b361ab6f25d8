"""Numbers with intervals side by side: horizontal bars from zero with whiskers, in the order given."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ui import format as text
from ui import theme
from ui.charts.figure import Figure
from ui.charts.hover import Unit, interval_words, number_words
from ui.charts.whiskers import whiskers

_BAR_PIXELS = 38
_FRAME_PIXELS = 56
_LABEL_WIDTH = 34
_NARROW_LABEL_WIDTH = 18
_NARROW_TITLE_WIDTH = 26
_THOUSAND = 1_000  # from here on an axis says 15,000 as the bars do, and not 15k


@dataclass(frozen=True)
class Bar:
    """One number: its words, its interval (ends equal to the value: none), whether it is drawn quietly.

    `is_part`: the sum of only what can be shown, which carries a star.
    """

    label: str
    value: float
    lower: float
    upper: float
    is_quiet: bool = False
    is_part: bool = False


def estimates_chart(
    bars: Sequence[Bar],
    *,
    unit: str,
    kind: str = "ratio",
    palette: theme.Palette = theme.LIGHT,
    narrow: bool = False,
) -> Figure:
    """Return horizontal bars of numbers that were worked out from published ones.

    Parameters
    ----------
    bars
        From top to bottom.
    unit
        Words under the axis.
    kind
        How numbers are written: as `ui.format.value_text`.
    palette
        Colours of the theme.
    narrow
        Whether labels are broken for a phone.
    """
    labels = [text.wrapped(bar.label, _NARROW_LABEL_WIDTH if narrow else _LABEL_WIDTH) for bar in bars]
    top = max((max(bar.upper, bar.value) for bar in bars), default=0) or 1
    trace: dict[str, Any] = {
        "type": "bar",
        "orientation": "h",
        "y": labels,
        "x": [bar.value for bar in bars],
        "marker": {"color": palette.brand, "opacity": [0.45 if bar.is_quiet else 0.9 for bar in bars]},
        "error_x": whiskers([(bar.value, bar.lower, bar.upper) for bar in bars], palette.ink),
        "text": [_hover(bar, Unit(kind, unit)) for bar in bars],
        "textposition": "none",
        "hoverinfo": "y+text",
    }
    written = _written([bar.value for bar in bars], kind)
    written = [
        f"{number}{text.PARTIAL if bar.is_part else ''}" for number, bar in zip(written, bars, strict=True)
    ]
    numbers = {
        "type": "scatter",
        "mode": "text",
        "y": labels,
        "x": [bar.upper for bar in bars],
        "text": [f"\u2002{number}" for number in written],
        "textposition": "middle right",
        "textfont": {"size": 14, "color": palette.ink},
        "hoverinfo": "skip",
        "cliponaxis": False,
    }
    title = text.wrapped(unit, _NARROW_TITLE_WIDTH) if narrow else unit
    lines = sum(words.count("<br>") for words in (*labels, title)) if narrow else 0
    layout = theme.layout(
        palette,
        max(_BAR_PIXELS * len(bars) + 16 * lines + _FRAME_PIXELS, 150),
        margin={"l": 8, "r": 14 + 8 * max(map(len, written), default=0), "t": 12, "b": 8, "pad": 4},
        bargap=0.32,
        hovermode="y unified",
        xaxis=theme.value_axis(
            palette,
            range=[0, top * 1.02],
            nticks=5,
            tickangle=0,
            **({"tickformat": ","} if top >= _THOUSAND else {}),
            title={"text": title, "font": {"size": 14, "color": palette.muted}},
        ),
        yaxis=theme.axis(
            palette,
            type="category",
            categoryorder="array",
            showspikes=False,
            categoryarray=labels[::-1],
            tickfont={"size": 14, "color": palette.ink},
        ),
    )
    return {"data": [trace, numbers], "layout": layout}


def _written(values: Sequence[float], kind: str) -> list[str]:
    """Return the numbers at the ends of the bars, all with a decimal where one has it: 2.0 beside 2.3."""
    said = [text.value_text(value, kind) for value in values]
    if not any("." in one for one in said):
        return said
    return [
        one if "." in one or value >= 10 else f"{value:.1f}" for one, value in zip(said, values, strict=True)
    ]


def _hover(bar: Bar, unit: Unit) -> str:
    limits = interval_words(bar.lower, bar.upper, unit.kind)
    return "<br>".join(part for part in (number_words(bar.value, unit), limits) if part)
