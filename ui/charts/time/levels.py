"""The means that a headline names, drawn as level lines over the years they are of."""

from collections.abc import Sequence
from typing import Any

from analysis import Measure
from analysis.findings.basis import Pair
from analysis.findings.compare import Value
from analysis.findings.sentences.phrases import with_interval
from ui import theme
from ui.charts.time import series as lines

Level = tuple[Pair, Value, Value]
_DASH = "3px,3px"
_ABOVE = {"yanchor": "bottom", "yshift": 12}
_BELOW = {"yanchor": "top", "yshift": -12}
_CLOSE = 0.15  # of the larger mean: two that differ by less are written at one height


def level_shapes(levels: Sequence[Level], palette: theme.Palette) -> list[dict[str, Any]]:
    """Return one horizontal line for each end of each comparison, over the years of that end."""
    return [
        {
            "type": "line",
            "xref": "x",
            "yref": "y",
            "x0": lines.first_day(end[0]).isoformat(),
            "x1": lines.end_day(end[-1]).isoformat(),
            "y0": value.value,
            "y1": value.value,
            "line": {"color": palette.ink, "width": 1.5, "dash": _DASH},
            "name": "mean",
        }
        for end, value, _ in _ends(levels)
    ]


def level_labels(levels: Sequence[Level], measure: Measure, palette: theme.Palette) -> list[dict[str, Any]]:
    """Return the figure and interval of each level line, above it; the first below, where two would meet."""
    below = _are_close(levels)
    return [
        {
            **(
                {"x": lines.first_day(end[0]).isoformat(), "xanchor": "left"}
                if is_first
                else {"x": lines.end_day(end[-1]).isoformat(), "xanchor": "right"}
            ),
            "y": value.value,
            "xref": "x",
            "yref": "y",
            **(_BELOW if is_first and below else _ABOVE),
            "showarrow": False,
            "text": f"mean {with_interval(measure, value)}",
            "font": {"size": 13, "color": palette.ink},
            "bgcolor": theme.transparent(palette.paper, 0.7),
        }
        for end, value, is_first in _ends(levels)
    ]


def _are_close(levels: Sequence[Level]) -> bool:
    """Return whether the words of two means would stand side by side, where a phone has no room for both."""
    return any(
        abs(earlier.value - later.value) < _CLOSE * max(abs(earlier.value), abs(later.value))
        for _, earlier, later in levels
    )


def _ends(levels: Sequence[Level]) -> list[tuple[tuple[str, ...], Value, bool]]:
    return [
        end
        for pair, earlier, later in levels
        for end in ((pair.earlier, earlier, True), (pair.later, later, False))
    ]
