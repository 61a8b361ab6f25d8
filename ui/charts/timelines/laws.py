"""Laws in time: one lane a pillar, a mark on the day a law came into force, its name above the mark.

Names never overlap: within a lane, a name that would touch another moves to the next row. On a phone nearly
every law has a row of its own, so that the lane reads as a list in order of time.
"""

import datetime
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from analysis.catalog.model import PILLARS
from analysis.topics.laws import INTERNATIONAL, Provision
from ui import format as text
from ui import theme
from ui.charts.bars import rows
from ui.charts.figure import Figure

_SIDES_PIXELS = 16  # left and right of the plot together
_LETTER_PIXELS, _GAP_PIXELS = 7.4, 14
_MARK_PIXELS = 11
_ROW_PIXELS = rows.LINE_PIXELS + _MARK_PIXELS + 8
_LANE_PIXELS = rows.LINE_PIXELS + 8
_YEARS_PIXELS = 30
_MARGIN = 0.04  # of the time shown, on either side
_LANE_OPACITY, _VEIL = 0.05, 0.7
_YEAR_PIXELS = 52  # what a year on the axis takes
_NO_LANE = "not_recorded"
SYMBOLS = {"in_force": "circle", "adopted": "circle-open", "proposed": "diamond-open", "repealed": "x"}
_SAID = {"adopted": "adopted", "proposed": "proposed", "repealed": "repealed"}


class _Placed(NamedTuple):
    law: Provision
    day: datetime.date
    name: str
    left: float  # of the name, as a share of the width
    right: float
    row: int


def laws_chart(
    found: Sequence[Provision],
    words: Mapping[str, str],
    status_words: Mapping[str, str],
    *,
    today: datetime.date,
    palette: theme.Palette = theme.LIGHT,
    width: int = 1_000,
    with_country: bool = False,
) -> Figure:
    """Return one lane a pillar with its laws in order of time.

    Parameters
    ----------
    found
        Of `analysis.topics.laws.provisions`.
    words, status_words
        Pillars and statuses by code.
    today
        Day of the release: a dotted vertical. A law without a day stands at the right edge.
    palette, width
        Colours of the theme; pixels of the drawing, for which the names are placed.
    with_country
        Begin each name with whose law it is, where several countries stand side by side.

    Returns
    -------
    Figure
        A filled mark is a law in force; open ones are not yet, a cross is one no more. A thin line leads from
        the day of adoption.
    """
    days = [day for law in found for day in (law.adopted, law.day) if day]
    first, last = min([today, *days]), max([today, *days])
    room = max((last - first) * _MARGIN, datetime.timedelta(120))
    first, last = first - room, last + room
    wide = width - _SIDES_PIXELS
    lanes = {
        pillar: _packed(
            [law for law in found if law.pillar == pillar], first, last, wide, with_country=with_country
        )
        for pillar in (*PILLARS, _NO_LANE)
        if pillar in PILLARS or any(law.pillar == pillar for law in found)
    }
    top, shapes, notes = 0.0, [_today_line(today, palette)], []
    marked: list[tuple[float, _Placed]] = []
    for number, (pillar, placed) in enumerate(lanes.items()):
        high = _LANE_PIXELS + _ROW_PIXELS * max((one.row + 1 for one in placed), default=0)
        if number % 2 == 0:
            shapes.append(_lane(top, top + high, palette))
        said = text.plain(words[pillar]) + ("" if placed else " · no law")
        notes.append(rows.name_above(f"<b>{said}</b>", top + rows.LINE_PIXELS + 3, palette))
        for one in placed:
            y = top + _LANE_PIXELS + _ROW_PIXELS * one.row + rows.LINE_PIXELS + _MARK_PIXELS / 2
            marked.append((y, one))
            notes.append(_name(one, y, palette))
        top += high
    layout = theme.layout(
        palette,
        rows.height_of(top, _YEARS_PIXELS + 8),
        margin={"l": 8, "r": 8, "t": _YEARS_PIXELS, "b": 8, "pad": 0},
        xaxis=_years(first, last, palette, wide),
        yaxis=rows.row_axis(top),
        shapes=shapes,
        annotations=notes,
    )
    traces = [_adoption(marked, palette)] + [
        _marks([one for one in marked if one[1].law.status == status], status, status_words, palette)
        for status in SYMBOLS
    ]
    return {"data": [one for one in traces if one["x"]], "layout": layout}


def _packed(
    laws: Sequence[Provision], first: datetime.date, last: datetime.date, wide: int, *, with_country: bool
) -> list[_Placed]:
    """Return the laws of a lane with the first row in which their name and mark touch nothing."""
    taken: list[list[tuple[float, float]]] = []
    found = []
    letters = int(wide / _LETTER_PIXELS)
    for law in laws:
        day = law.shown_day or last
        at = (day - first) / (last - first)
        name = _called(law, letters, with_country)
        size = len(name) * _LETTER_PIXELS / wide
        left = max(min(at - _MARK_PIXELS / 2 / wide, 1 - size), 0.0)
        right = left + size
        gap = _GAP_PIXELS / wide
        low, high = min(left, at) - gap, max(right, at) + gap
        row = next(
            (n for n, spans in enumerate(taken) if all(high <= a or low >= b for a, b in spans)), len(taken)
        )
        if row == len(taken):
            taken.append([])
        taken[row].append((low + gap, high - gap))
        found.append(_Placed(law, day, name, left, right, row))
    return found


def _called(law: Provision, letters: int, with_country: bool) -> str:
    """Return the name, with the status where it is not simply in force, cut to a row of the plot."""
    status = _SAID.get(law.status, "")
    after = f" ({status})" if status else ""
    room = letters - len(after)
    name = law.name.removesuffix(" (fictional)")
    if with_country and law.country != INTERNATIONAL:
        name = f"{law.country}: {name}"
    return (name if len(name) <= room else name[: room - 1].rstrip() + "…") + after


def _name(one: _Placed, y: float, palette: theme.Palette) -> dict[str, Any]:
    at_edge = one.right >= 1 - 1e-9 and one.left > 0
    veil = theme.transparent(palette.paper, _VEIL)  # the line of today runs behind the words
    where = {"x": 1.0, "xanchor": "right"} if at_edge else {"x": one.left, "xanchor": "left"}
    return rows.name_above(text.plain(one.name), y - _MARK_PIXELS / 2, palette, bgcolor=veil, **where)


def _marks(
    marked: Sequence[tuple[float, _Placed]],
    status: str,
    status_words: Mapping[str, str],
    palette: theme.Palette,
) -> dict[str, Any]:
    colour = palette.brand if status == "in_force" else palette.muted
    return {
        "type": "scatter",
        "mode": "markers",
        "name": status_words[status],
        "x": [one.day.isoformat() for _, one in marked],
        "y": [y for y, _ in marked],
        "marker": {
            "symbol": SYMBOLS[status],
            "size": _MARK_PIXELS,
            "color": colour,
            "line": {"width": 2, "color": colour},
        },
        "hovertext": [_hover(one.law, status_words[status]) for _, one in marked],
        "hovertemplate": "%{hovertext}<extra></extra>",
        "cliponaxis": False,
    }


def _adoption(marked: Sequence[tuple[float, _Placed]], palette: theme.Palette) -> dict[str, Any]:
    """Return thin lines from the day of adoption to the day in force."""
    x: list[str | None] = []
    y: list[float | None] = []
    for at, one in marked:
        if one.law.adopted and one.law.adopted < one.day:
            x += [one.law.adopted.isoformat(), one.day.isoformat(), None]
            y += [at, at, None]
    return {
        "type": "scatter",
        "mode": "lines",
        "name": "adopted",
        "x": x,
        "y": y,
        "line": {"color": palette.muted, "width": 1.5},
        "hoverinfo": "skip",
    }


def _hover(law: Provision, status: str) -> str:
    said = [
        f"<b>{text.plain(law.name)}</b>",
        f"adopted {text.date_text(law.adopted)}" if law.adopted else "",
        f"in force {text.date_text(law.day)}" if law.day else "no day in force yet",
        text.plain(status),
    ]
    return "<br>".join(part for part in said if part)


def _lane(top: float, bottom: float, palette: theme.Palette) -> dict[str, Any]:
    return {
        "type": "rect",
        "name": "lane",
        "xref": "paper",
        "x0": 0,
        "x1": 1,
        "y0": top,
        "y1": bottom,
        "layer": "below",
        "fillcolor": theme.transparent(palette.ink, _LANE_OPACITY),
        "line": {"width": 0},
    }


def _today_line(today: datetime.date, palette: theme.Palette) -> dict[str, Any]:
    return {
        "type": "line",
        "name": "today",
        "x0": today.isoformat(),
        "x1": today.isoformat(),
        "yref": "paper",
        "y0": 0,
        "y1": 1,
        "layer": "below",
        "line": {"color": palette.muted, "width": 1, "dash": theme.DASH_EVENT},
    }


def _years(first: datetime.date, last: datetime.date, palette: theme.Palette, wide: int) -> dict[str, Any]:
    most = max(wide // _YEAR_PIXELS, 1)
    steps = (1, 2, 5, 10, 20, 50)
    step = next((one for one in steps if (last.year - first.year) / one <= most), 100)
    return theme.axis(
        palette,
        type="date",
        side="top",
        automargin=False,
        range=[first.isoformat(), last.isoformat()],
        dtick=f"M{12 * step}",
        tick0=f"{first.year // step * step}-01-01",
        tickformat="%Y",
        tickangle=0,
        showgrid=True,
        gridcolor=theme.transparent(palette.ink, theme.GRID_OPACITY),
    )
