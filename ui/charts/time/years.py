"""Years laid over each other, January to December: how this year compares with the last ones."""

from typing import Any

from analysis import Answer
from ui import theme
from ui.charts.figure import Figure
from ui.charts.hover import Unit, unit_of
from ui.charts.labels import direct_labels
from ui.charts.time import series as lines
from ui.charts.time.months import month_ticks
from ui.charts.time.series import Series, Words
from ui.charts.time.strokes import suffix

MOST_YEARS = 4


def years_chart(
    answer: Answer,
    *,
    words: Words,
    palette: theme.Palette = theme.LIGHT,
    height: int = theme.HEIGHT,
    narrow: bool = False,
) -> Figure:
    """Return the newest years of a monthly or quarterly answer as lines over the months of a year.

    Parameters
    ----------
    answer
        By ``period`` only, at month or quarter level.
    words
        `View.words`.
    palette
        Colours of the theme: the newest year in the brand colour, earlier ones in greys.
    height
        Pixels.
    narrow
        On a phone: months are initials.

    Returns
    -------
    Figure
        At most four years; each line is labelled with its year.
    """
    [whole] = lines.split(answer, words)
    years = sorted({row["period"][:4] for row in whole.rows})[-MOST_YEARS:]
    quarterly = answer.question.period_level == "quarter"
    ticks = [f"Q{n}" for n in range(1, 5)] if quarterly else month_ticks(narrow=narrow)
    places = {"tickvals": list(range(1, len(ticks) + 1)), "ticktext": ticks}
    strokes = _strokes(palette, len(years))
    traces, named = [], []
    for year, (colour, thickness) in zip(years, strokes, strict=True):
        one = Series("", year, year, tuple(row for row in whole.rows if row["period"].startswith(year)))
        traces.append(_trace(one, unit_of(answer), colour, thickness))
        named.append((one, colour))
    labels, width = direct_labels(named, height)
    layout = theme.layout(
        palette,
        height,
        hovermode="x unified",
        margin={"l": 8, "r": width, "t": 12, "b": 8, "pad": 4},
        xaxis=theme.axis(palette, tickangle=0, range=[0.8, len(ticks) + 0.2], **places),
        yaxis=theme.value_axis(palette, nticks=6, **suffix(answer.measure.written_as)),
        annotations=labels,
    )
    return {"data": traces, "layout": layout}


def _strokes(palette: theme.Palette, count: int) -> list[tuple[str, float]]:
    earlier = [(palette.not_recorded, 1.2), (palette.other, 1.6)]
    greys = [earlier[0]] * max(count - 2, 0) + [earlier[1]] * min(max(count - 1, 0), 1)
    return [*greys, (palette.brand, 2.6)]


def _place(period: str) -> int:
    return int(period[-1]) if "Q" in period else int(period[-2:])


def _trace(one: Series, unit: Unit, colour: str, width: float) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "name": one.label,
        "x": [_place(row["period"]) for row in one.rows],
        "y": [row["value"] for row in one.rows],
        "line": {"color": colour, "width": width},
        "marker": {
            "color": colour,
            "size": 5,
            "symbol": ["circle-open" if lines.is_provisional(row) else "circle" for row in one.rows],
        },
        "connectgaps": False,
        "text": [lines.hover(one, row, unit) for row in one.rows],
        "hoverinfo": "x+text",
    }
