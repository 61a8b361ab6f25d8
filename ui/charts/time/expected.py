"""What incomplete periods are expected to come to: an open diamond with its interval, and its words."""

from collections.abc import Mapping
from typing import Any

from analysis import Measure
from analysis import periods as period_words
from analysis.findings.compare import Value
from analysis.findings.sentences.phrases import with_interval
from ui import theme
from ui.charts.time import series as lines
from ui.charts.whiskers import whiskers

NAME = "Expected"
_SIGN = "\N{WHITE DIAMOND}"


def expected_trace(later: Mapping[str, Value], measure: Measure, palette: theme.Palette) -> dict[str, Any]:
    """Return the marks, one for each period; they are no part of the line, which holds published numbers."""
    values = [later[period] for period in sorted(later)]
    return {
        "type": "scatter",
        "mode": "markers",
        "name": NAME,
        "x": [lines.middle(period) for period in sorted(later)],
        "y": [one.value for one in values],
        "marker": {
            "color": palette.ink,
            "size": 10,
            "symbol": "diamond-open",
            "line": {"width": 2, "color": palette.ink},
        },
        "error_y": whiskers(
            [(one.value, one.lower, one.upper) for one in values], palette.ink, thickness=1.5
        ),
        "cliponaxis": False,
        "text": [f"expected: {with_interval(measure, one)}" for one in values],
        "hoverinfo": "x+text",
    }


def expected_label(
    later: Mapping[str, Value], measure: Measure, palette: theme.Palette
) -> list[dict[str, Any]]:
    """Return sign and words of the newest mark at the foot of the chart, clear of line and means."""
    if not later:
        return []
    newest = later[max(later, key=lambda period: period_words.span_of(period).last)]
    return [
        {
            "x": lines.end_day(newest.codes["period"]).isoformat(),
            "xanchor": "right",
            "y": 0,
            "yanchor": "bottom",
            "yshift": 4,
            "xref": "x",
            "yref": "y",
            "showarrow": False,
            "text": f"{_SIGN} expected {with_interval(measure, newest)}",
            "font": {"size": 13, "color": palette.ink},
            "bgcolor": theme.transparent(palette.paper, 0.7),
        }
    ]
