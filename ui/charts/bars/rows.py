"""What charts of one row a label share: names above the marks, heights, numbers in words, hidden stubs.

A name beside its bar would take half of a phone; above it, it takes a line everywhere.
"""

import math
from collections.abc import Iterable
from typing import Any

from ui import format as text
from ui import theme

NAME_WIDTH = 40
LINE_PIXELS = 19
FRAME_PIXELS = 20  # margins of the layout above and below the plot
STUB = 0.06  # of the longest bar, for every hidden value alike: the length says nothing
HIDDEN_LABEL = text.NOT_SHOWN.capitalize()
_PERCENT = "%"


def height_of(plot_pixels: float, frame_pixels: float = FRAME_PIXELS) -> int:
    """Return the height of a chart whose rows take so many pixels together.

    `ui.cards.layout` lowers charts of up to `theme.HEIGHT_LARGE` on a phone. Rows that would not fit
    then are given
    a height just above, so that they keep their pixels.
    """
    height = math.ceil(plot_pixels + frame_pixels)
    return height if height <= theme.HEIGHT_PHONE else max(height, theme.HEIGHT_LARGE + 1)


def row_axis(plot_pixels: float, **more: Any) -> dict[str, Any]:
    """Return the axis of the rows, in pixels from the top: rows may differ in height. `more` overrides."""
    return {"range": [max(plot_pixels, 1), 0], "visible": False, "fixedrange": True} | more


def name_above(words: str, y: float, palette: theme.Palette, **more: Any) -> dict[str, Any]:
    """Return a row's name as an annotation that stands on `y`, at the left edge. `more` overrides."""
    return {
        "text": words,
        "x": 0,
        "xref": "paper",
        "xanchor": "left",
        "y": y,
        "yref": "y",
        "yanchor": "bottom",
        "align": "left",
        "borderpad": 0,
        "showarrow": False,
        "font": {"size": 14, "color": palette.ink},
    } | more


def kind_of(values: Iterable[float | None], unit: str) -> str:
    """Return how numbers of a unit are written: as `Measure.kind`.

    Parameters
    ----------
    values
        The numbers given; None where not shown.
    unit
        "%" makes a share; otherwise whole numbers are counts and anything else is a rate.
    """
    if unit == _PERCENT:
        return "share"
    return "count" if all(float(one).is_integer() for one in values if one is not None) else "rate"


def with_unit(value: float | None, kind: str, unit: str) -> str:
    """Return "1,240 people", "61%" or "not shown"."""
    said = number_text(value, kind)
    return said if value is None or unit in ("", _PERCENT) else f"{said} {text.plain(unit)}"


def number_text(value: float | None, kind: str) -> str:
    """Return a number as its kind is written, with a true minus sign."""
    said = text.value_text(value, kind)
    return said if value is None else said.replace("-", "\u2212")


def limits_text(lower: float | None, upper: float | None, kind: str) -> str:
    """Return "56–66%", or "−3 to 5" where a limit is below zero, or an empty text."""
    said = text.interval_text(lower, upper, kind)
    if lower is None or upper is None or min(lower, upper) >= 0:
        return said
    return f"{number_text(lower, kind)} to {number_text(upper, kind)}"


def lines_of(label: str) -> int:
    """Return how many lines a wrapped label takes; none when it is empty."""
    return label.count("<br>") + 1 if label else 0
