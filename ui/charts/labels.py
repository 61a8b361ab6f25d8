"""Names at the ends of lines instead of a legend."""

from collections.abc import Sequence
from typing import Any

from ui import format as text
from ui.charts.time.series import Series

_WIDTH = 16
_LETTER_PIXELS = 7.4
_LINE_PIXELS = 19
_FRAME_PIXELS = 60
_BETWEEN_PIXELS = 5
#: Where the axis of the values ends, in parts of the largest.
ROOM_ABOVE = 1.05


def direct_labels(
    wanted: Sequence[tuple[Series, str]], height: int, *, top: float | None = None
) -> tuple[list[dict[str, Any]], int]:
    """Return one Plotly annotation for each line, and the right margin they need.

    Labels stand beside the newest shown value, and are moved apart where they would overlap. A line without
    any shown value has none.

    Parameters
    ----------
    wanted
        Lines and their colours.
    height
        Pixels of the whole chart.
    top
        The largest value of the axis; that of the lines and their intervals when None.
    """
    if top is None:
        rows = [row for one, _ in wanted for row in one.rows if row["value"] is not None]
        top = max((row["upper"] or row["value"] for row in rows), default=1) or 1
    per_pixel = top * ROOM_ABOVE / max(height - _FRAME_PIXELS, 1)
    ends = [(one.last_shown["value"], one, colour) for one, colour in wanted if one.last_shown]
    labels: list[dict[str, Any]] = []
    lowest, widest = -float("inf"), 0
    for value, one, colour in sorted(ends, key=lambda end: end[0]):
        words = text.wrapped(one.label, _WIDTH)
        half = _LINE_PIXELS * (words.count("<br>") + 1) * per_pixel / 2
        place = max(value, lowest + half)
        lowest = place + half + _BETWEEN_PIXELS * per_pixel
        widest = max(widest, *(len(part) for part in words.split("<br>")))
        labels.append(
            {
                "x": 1,
                "xref": "paper",
                "xanchor": "left",
                "xshift": 8,
                "y": place,
                "yref": "y",
                "yanchor": "middle",
                "align": "left",
                "showarrow": False,
                "text": words,
                "font": {"size": 14, "color": colour},
            }
        )
    return labels, int(widest * _LETTER_PIXELS) + 20
