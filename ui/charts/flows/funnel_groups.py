"""The same pathway in two or three groups: one funnel each, on one scale."""

import math
from collections.abc import Sequence
from typing import Any

from ui import format as text
from ui import theme
from ui.charts.bars import rows
from ui.charts.figure import Figure
from ui.charts.flows import funnel
from ui.charts.flows.funnel import FunnelStep

_TITLE_PIXELS = 30
_GUTTER = 0.04
Group = tuple[str, Sequence[FunnelStep]]


def funnel_groups(
    groups: Sequence[Group],
    *,
    palette: theme.Palette = theme.LIGHT,
    unit: str = "",
    columns: int | None = None,
) -> Figure:
    """Return one funnel a group, with the same scale, in one figure.

    Parameters
    ----------
    groups
        Names and steps; the steps of every group are the same in the same order.
    palette
        Colours of the theme.
    unit
        As `funnel.funnel_chart`. Groups of different size are better compared by shares ("%").
    columns
        Funnels side by side: all when None, 1 on a phone.

    Returns
    -------
    Figure
        Its height grows with the rows of funnels.
    """
    across = min(columns or len(groups), max(len(groups), 1))
    down = math.ceil(len(groups) / max(across, 1)) or 1
    scale = funnel.scale_of([step for _, steps in groups for step in steps], unit)
    places = funnel.places_of([steps for _, steps in groups])
    one_row = _TITLE_PIXELS + places.pixels
    height = rows.height_of(down * one_row)
    layout = theme.layout(palette, height, barmode="overlay", annotations=[])
    traces: list[dict[str, Any]] = []
    for n, (name, steps) in enumerate(groups):
        number = "" if n == 0 else str(n + 1)
        wide, high = _domains(n, across, down, _TITLE_PIXELS / one_row)
        drawn, said = funnel.panel(
            steps, scale, places, palette, axes=(f"x{number}", f"y{number}"), left=wide[0]
        )
        traces += drawn
        layout["annotations"] += [*said, _title(name, wide[0], high[1], palette)]
        layout[f"xaxis{number}"] = funnel.value_axis(scale, palette, domain=wide, anchor=f"y{number}")
        layout[f"yaxis{number}"] = rows.row_axis(places.pixels, domain=high, anchor=f"x{number}")
    return {"data": traces, "layout": layout}


def _domains(n: int, across: int, down: int, title: float) -> tuple[list[float], list[float]]:
    column, row = n % across, n // across
    left = column * (1 + _GUTTER) / across
    bottom, top = 1 - (row + 1) / down, 1 - row / down
    return [left, left + 1 / across - _GUTTER], [bottom, top - title / down]


def _title(words: str, x: float, y: float, palette: theme.Palette) -> dict[str, Any]:
    return rows.name_above(
        f"<b>{text.plain(words)}</b>",
        y,
        palette,
        x=x,
        yref="paper",
        font={"size": 14, "color": palette.brand},
    )
