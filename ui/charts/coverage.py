"""Who reported when: one bar a contributor, hatched where nothing was reported."""

from collections.abc import Sequence
from itertools import groupby
from typing import Any

import plotly.graph_objects as go

from analysis.trust import Contributor
from ui import format as text
from ui import theme

_ROW_PIXELS = 36
_FRAME_PIXELS = 48


def coverage_chart(roster: Sequence[Contributor], palette: theme.Palette = theme.LIGHT) -> go.Figure:
    """Return one horizontal bar for each contributor over the months of a collection.

    Parameters
    ----------
    roster
        Contributors with their months in order.
    palette
        Colours of the theme.

    Returns
    -------
    go.Figure
        Plain where it reported, hatched grey where it did not; the hover says the months.
    """
    traces = [
        _bars(
            [_run(one, run) for one in roster for run in _runs(one) if run[0][1] is reported],
            reported,
            palette,
        )
        for reported in (True, False)
    ]
    names = [text.plain(one.label) for one in roster]
    figure = go.Figure(
        data=[trace for trace in traces if trace["y"]],
        layout=theme.layout(palette, height=_FRAME_PIXELS + _ROW_PIXELS * max(len(roster), 1)),
        skip_invalid=False,
    )
    figure.update_layout(
        barmode="overlay",
        bargap=0.45,
        showlegend=False,
        xaxis={"type": "date", "showgrid": True, "dtick": "M12", "tickformat": "%Y", "zeroline": False},
        yaxis={"categoryorder": "array", "categoryarray": names[::-1], "automargin": True, "showgrid": False},
        margin={"l": 8, "r": 8, "t": 8, "b": 28},
    )
    return figure


def _runs(one: Contributor) -> list[list[tuple[str, bool]]]:
    return [list(run) for _, run in groupby(one.reported, key=lambda month: month[1])]


def _run(one: Contributor, run: list[tuple[str, bool]]) -> tuple[str, str, int, str]:
    first, last = run[0][0], run[-1][0]
    said = "reported" if run[0][1] else "no report"
    label = text.plain(one.label)
    return label, first, len(run), f"{label}: {said}, {first} to {last} ({len(run)} months)"


def _bars(runs: list[tuple[str, str, int, str]], reported: bool, palette: theme.Palette) -> dict[str, Any]:
    marker: dict[str, Any] = {"color": palette.brand, "line": {"width": 0}}
    if not reported:
        marker = {
            "color": palette.hidden,
            "line": {"width": 1, "color": palette.hatch},
            "pattern": {**theme.HATCH, "fgcolor": palette.hatch},
        }
    milliseconds_a_month = 30.4375 * 86_400_000
    return {
        "type": "bar",
        "orientation": "h",
        "y": [name for name, *_ in runs],
        "base": [f"{first}-01" for _, first, *_ in runs],
        "x": [months * milliseconds_a_month for *_, months, _ in runs],
        "hovertext": [words for *_, words in runs],
        "hoverinfo": "text",
        "marker": marker,
        "name": "Reported" if reported else "No report",
    }
