"""Who reported when: one bar a contributor under its name, hatched where nothing was reported."""

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from analysis import periods
from analysis.topics.data_quality import Contributor
from analysis.words import counted
from ui import format as text
from ui import theme
from ui.charts.figure import Figure

_ROW_PIXELS = 46
_FRAME_PIXELS = 40
_BAR = 0.4  # of a row; the name stands above it
_MONTH_MILLISECONDS = 30.4375 * 86_400_000
_YEARS_TICKED = 6


def coverage_chart(roster: Sequence[Contributor], palette: theme.Palette = theme.LIGHT) -> Figure:
    """Return one horizontal bar for each contributor over the months of a collection.

    Parameters
    ----------
    roster
        Contributors with their months in order.
    palette
        Colours of the theme.

    Returns
    -------
    Figure
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
    layout = theme.layout(
        palette,
        height=_FRAME_PIXELS + _ROW_PIXELS * max(len(roster), 1),
        barmode="overlay",
        xaxis=theme.axis(
            palette, type="date", showgrid=True, gridcolor=palette.grid, range=_ends(roster), **_ticks(roster)
        ),
        yaxis={
            "type": "category",
            "categoryorder": "array",
            "categoryarray": names[::-1],
            "range": [-0.4, len(names) - 0.2],
            "visible": False,
            "fixedrange": True,
        },
        margin={"l": 18, "r": 18, "t": 4, "b": 28, "pad": 0},
        annotations=[_name(name, palette) for name in names],
    )
    return {"data": [trace for trace in traces if trace["y"]], "layout": layout}


def _ends(roster: Sequence[Contributor]) -> list[str] | None:
    months = sorted(month for one in roster for month, _ in one.reported)
    if not months:
        return None
    after = periods.code_of(periods.span_of(months[-1]).last + 1, "month")
    return [f"{months[0]}-01", f"{after}-01"]


def _ticks(roster: Sequence[Contributor]) -> dict[str, str]:
    years = {month[:4] for one in roster for month, _ in one.reported}
    return {"dtick": "M12" if len(years) <= _YEARS_TICKED else "M24", "tickformat": "%Y"}


def _name(name: str, palette: theme.Palette) -> dict[str, Any]:
    """Return a name above its bar: beside the bars it would take half of a phone."""
    return {
        "text": name,
        "x": 0,
        "xref": "paper",
        "xanchor": "left",
        "borderpad": 0,
        "y": name,
        "yref": "y",
        "yshift": _ROW_PIXELS * _BAR / 2,
        "yanchor": "bottom",
        "showarrow": False,
        "font": {"size": 14, "color": palette.ink},
    }


def _runs(one: Contributor) -> list[list[tuple[str, bool]]]:
    return [list(run) for _, run in groupby(one.reported, key=lambda month: month[1])]


def _run(one: Contributor, run: list[tuple[str, bool]]) -> tuple[str, str, int, str]:
    first, last = run[0][0], run[-1][0]
    said = "reported" if run[0][1] else "no report"
    label = text.plain(one.label)
    return label, first, len(run), f"{label}: {said}, {first} to {last} ({counted(len(run), 'month')})"


def _bars(runs: list[tuple[str, str, int, str]], reported: bool, palette: theme.Palette) -> dict[str, Any]:
    marker: dict[str, Any] = {"color": palette.brand, "line": {"width": 0}}
    if not reported:
        marker = {
            "color": palette.hidden,
            "line": {"width": 1, "color": palette.hatch},
            "pattern": {**theme.HATCH, "fgcolor": palette.hatch},
        }
    return {
        "type": "bar",
        "orientation": "h",
        "y": [name for name, *_ in runs],
        "base": [f"{first}-01" for _, first, *_ in runs],
        "x": [months * _MONTH_MILLISECONDS for *_, months, _ in runs],
        "width": _BAR,
        "hovertext": [words for *_, words in runs],
        "hoverinfo": "text",
        "marker": marker,
        "name": "Reported" if reported else "No report",
    }
