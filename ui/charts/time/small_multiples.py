"""A measure over time, one small panel per code: for more lines than can be told apart in one plot."""

import math
from typing import Any

from analysis import Answer, Catalog
from ui import format as text
from ui import theme
from ui.charts.figure import Figure
from ui.charts.hover import unit_of
from ui.charts.time import series as lines
from ui.charts.time.series import Words
from ui.charts.time.strokes import line_traces, suffix

COLUMNS = 3
_PANEL_HEIGHT = 160
_GAP = 0.05
_TITLE_WIDTH = 30
_LEFT = 48  # room for the numbers of the first column, so that titles and plots stand in line


def small_multiples(
    answer: Answer,
    catalog: Catalog,
    *,
    words: Words,
    palette: theme.Palette = theme.LIGHT,
    columns: int = COLUMNS,
) -> Figure:
    """Return panels of equal scale, in the order of the code list.

    Parameters
    ----------
    answer
        By ``period`` and one dimension.
    catalog, words
        Give colours and words: `View.catalog`, `View.words`.
    palette
        Colours of the theme.
    columns
        Panels a row; fewer on a phone.

    Returns
    -------
    Figure
        A panel without a single value says "not shown".
    """
    shown = lines.split(answer, words)
    dimension = catalog.dimensions.get(shown[0].dimension)
    rows = math.ceil(len(shown) / columns)
    top = max(
        (row["upper"] or row["value"] or 0 for one in shown for row in one.rows if row["value"]), default=1
    )
    layout = theme.layout(palette, _PANEL_HEIGHT * rows + 40, annotations=[], hovermode="x unified")
    layout["margin"] = {**layout["margin"], "l": _LEFT}
    traces: list[dict[str, Any]] = []
    ticks = lines.year_ticks(shown[0].rows, answer.question.period_level)
    years = ticks["ticktext"]
    ticks |= {"tickvals": [ticks["tickvals"][0], ticks["tickvals"][-1]], "ticktext": [years[0], years[-1]]}
    for n, one in enumerate(shown):
        number = "" if n == 0 else str(n + 1)
        colour = theme.colour_of(palette, dimension, one.code or "")
        traces += line_traces(one, unit_of(answer), colour, alone=True, axes=(f"x{number}", f"y{number}"))
        across, down = _domains(n, rows, columns)
        layout[f"xaxis{number}"] = theme.axis(palette, domain=across, anchor=f"y{number}", **ticks)
        layout[f"yaxis{number}"] = theme.value_axis(
            palette,
            domain=down,
            anchor=f"x{number}",
            range=[0, top * 1.05],
            nticks=3,
            showticklabels=n % columns == 0,
            automargin=False,
            **suffix(answer.measure.written_as, is_money=unit_of(answer).is_money),
        )
        title = text.wrapped(one.label, _TITLE_WIDTH)
        hidden = sum(row["value"] is None for row in one.rows)
        if hidden:
            said = "not shown" if hidden == len(one.rows) else f"{hidden} of {len(one.rows)} not shown"
            title += f'<br><span style="color:{palette.muted}">{said}</span>'
        layout["annotations"].append(_title(title, across[0], down[1], colour))
    return {"data": traces, "layout": layout}


def _domains(n: int, rows: int, columns: int) -> tuple[list[float], list[float]]:
    column, row = n % columns, n // columns
    width, height = 1 / columns, 1 / rows
    return (
        [column * width + (_GAP / 2 if column else 0), (column + 1) * width - _GAP / 2],
        [1 - (row + 1) * height + 0.24 * height, 1 - row * height - 0.26 * height],
    )


def _title(words: str, x: float, y: float, colour: str) -> dict[str, Any]:
    return {
        "x": x,
        "y": y,
        "xref": "paper",
        "yref": "paper",
        "xanchor": "left",
        "yanchor": "bottom",
        "align": "left",
        "showarrow": False,
        "text": words,
        "font": {"size": 14, "color": colour},
    }
