"""Agreements or grants over time: which end soon, which have ended, which are open-ended."""

import calendar
import datetime
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from analysis.words import counted
from ui import format as text
from ui import theme
from ui.charts.bars import rows
from ui.charts.figure import Figure

_BAR_PIXELS = 12
_GAP_PIXELS = 8
_ROW_PIXELS = rows.LINE_PIXELS + _BAR_PIXELS + _GAP_PIXELS
_HEAD_PIXELS = 2 * rows.LINE_PIXELS + 6  # the day and the words of the zone stand above the bars
_YEARS_PIXELS = 32  # above the plot
_DAYS_BACK, _DAYS_AHEAD = 5 * 366, 6 * 366
_DAYS_BEFORE_AN_END, _DAYS_AFTER_THE_ZONE = 180, 60
_DAY_MS = 86_400_000
_LETTERS, _LETTERS_PHONE = 92, 44
_FADE = (0.7, 0.45, 0.25, 0.1)
_FADE_SHARE = 0.12  # of the time shown: where a bar that goes on becomes faint
_ZONE_OPACITY = 0.12
_VEIL = 0.7
_ZONE_WORDS_SHARE, _ZONE_WORDS_SHARE_PHONE = 0.16, 0.5  # of the width: what "ends within 12 months" takes
_MOST_YEARS_TICKED = 7
_SHORTEST_GROUP = 8
_STATES = {"ended": "ended", "soon": "ends soon", "later": "running", "open": "no end date"}


@dataclass(frozen=True)
class Span:
    """One agreement or grant.

    Attributes
    ----------
    label, group
        Its name, and what it belongs to (may be empty).
    start, end
        First and last day; no end for one that is open-ended.
    value
        Money or size as words, such as "$120,000"; None where there is none.
    status
        Words for the hover, such as "under renewal".
    """

    label: str
    group: str
    start: datetime.date
    end: datetime.date | None
    value: str | None = None
    status: str = ""


@dataclass(frozen=True)
class _Frame:
    """The time shown, and the days that divide it."""

    first: datetime.date
    today: datetime.date
    cliff: datetime.date
    last: datetime.date

    def state(self, span: Span) -> str:
        """Return "ended", "soon", "later" or "open"."""
        if span.end is None:
            return "open"
        if span.end < self.today:
            return "ended"
        return "soon" if span.end <= self.cliff else "later"

    def goes_on(self, span: Span) -> bool:
        """Return whether a bar leaves the chart on the right."""
        return span.end is None or span.end > self.last


def timeline_chart(
    bars: Sequence[Span],
    *,
    today: datetime.date,
    palette: theme.Palette = theme.LIGHT,
    cliff_months: int = 12,
    phone: bool = False,
) -> Figure:
    """Return one bar a span, sorted by end date; those without an end come last.

    Parameters
    ----------
    bars
        Up to about forty.
    today
        Marked by a line with its date: the `as_of` of the release, not the clock.
    palette
        Colours of the theme.
    cliff_months
        The zone after today that is shaded. Bars that end in it have a striped fill and an amber outline.
    phone
        Shorter names.

    Returns
    -------
    Figure
        Five years back and six ahead at most; a bar that goes on becomes faint at the right edge, with an
        arrow. Ended ones are grey.
    """
    ordered = sorted(bars, key=lambda span: (span.end is None, span.end or today, span.start, span.label))
    frame = _frame(ordered, today, cliff_months)
    first = _HEAD_PIXELS + rows.LINE_PIXELS + _BAR_PIXELS / 2
    placed = [(first + n * _ROW_PIXELS, span) for n, span in enumerate(ordered)]
    high = _HEAD_PIXELS + _ROW_PIXELS * len(ordered)
    traces = [
        _bars([one for one in placed if frame.state(one[1]) == state], state, frame, palette)
        for state in _STATES
    ]
    going = [(y, span) for y, span in placed if frame.goes_on(span)]
    names = [_names(y, span, _LETTERS_PHONE if phone else _LETTERS, palette) for y, span in placed]
    layout = theme.layout(
        palette,
        rows.height_of(high, _YEARS_PIXELS + 8),
        margin={"l": 8, "r": 8, "t": _YEARS_PIXELS, "b": 8, "pad": 0},
        barmode="overlay",
        xaxis=_time_axis(frame, palette),
        yaxis=rows.row_axis(high),
        shapes=_marks(frame, palette),
        annotations=[
            *_mark_words(frame, cliff_months, palette, phone=phone),
            *(one for pair in names for one in pair),
            *(_arrow(y, palette) for y, _ in going),
        ],
    )
    drawn = [one for one in traces if one["y"]]
    return {"data": [*drawn, *_fades(going, frame, palette)], "layout": layout}


def _frame(ordered: Sequence[Span], today: datetime.date, cliff_months: int) -> _Frame:
    ends = [span.end for span in ordered if span.end]
    cliff = _months_later(today, cliff_months)
    back = min([today - datetime.timedelta(_DAYS_BACK), *(_days(end, -_DAYS_BEFORE_AN_END) for end in ends)])
    ahead = today + datetime.timedelta(_DAYS_AHEAD)
    return _Frame(
        first=max(min([_days(today, -_DAYS_BEFORE_AN_END), *(span.start for span in ordered)]), back),
        today=today,
        cliff=cliff,
        last=max(min(max(ends, default=cliff), ahead), _days(cliff, _DAYS_AFTER_THE_ZONE)),
    )


def _days(day: datetime.date, days: float) -> datetime.date:
    return day + datetime.timedelta(days)


def _months_later(day: datetime.date, months: int) -> datetime.date:
    """Return the same day so many months later, or the last day of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return datetime.date(year, month + 1, min(day.day, last))


def _bars(
    placed: Sequence[tuple[float, Span]], state: str, frame: _Frame, palette: theme.Palette
) -> dict[str, Any]:
    fade = (frame.last - frame.first) * _FADE_SHARE
    begins = [max(span.start, frame.first) for _, span in placed]
    ends = [
        max(frame.last - fade, begin) if frame.goes_on(span) else span.end
        for begin, (_, span) in zip(begins, placed, strict=True)
    ]
    return {
        "type": "bar",
        "orientation": "h",
        "name": _STATES[state],
        "y": [y for y, _ in placed],
        "base": [begin.isoformat() for begin in begins],
        "x": [_length(begin, end) for begin, end in zip(begins, ends, strict=True) if end],
        "width": _BAR_PIXELS,
        "marker": _look(state, palette),
        "hovertext": [_hover(span, _STATES[state]) for _, span in placed],
        "hovertemplate": "%{hovertext}<extra></extra>",
    }


def _length(begin: datetime.date, end: datetime.date) -> float:
    return max((end - begin).days, 1) * _DAY_MS


def _look(state: str, palette: theme.Palette) -> dict[str, Any]:
    if state == "soon":
        return theme.striped(palette)
    if state == "ended":
        return {"color": palette.not_recorded, "opacity": 0.5, "line": {"width": 0}}
    return {"color": palette.brand, "opacity": 0.9, "line": {"width": 0}}


def _fades(
    going: Sequence[tuple[float, Span]], frame: _Frame, palette: theme.Palette
) -> list[dict[str, Any]]:
    """Return the last stretch of bars that go on, in steps that become fainter."""
    if not going:
        return []
    begins = [
        max(frame.last - (frame.last - frame.first) * _FADE_SHARE, span.start, frame.first)
        for _, span in going
    ]
    steps = [(frame.last - begin) / len(_FADE) for begin in begins]
    return [
        {
            "type": "bar",
            "orientation": "h",
            "name": "goes on",
            "y": [y for y, _ in going],
            "base": [
                _days(begin, (step * n).days).isoformat() for begin, step in zip(begins, steps, strict=True)
            ],
            "x": [step.total_seconds() * 1000 for step in steps],
            "width": _BAR_PIXELS,
            "marker": {"color": palette.brand, "opacity": opacity, "line": {"width": 0}},
            "hovertext": [_hover(span, _STATES[frame.state(span)]) for _, span in going],
            "hovertemplate": "%{hovertext}<extra></extra>",
        }
        for n, opacity in enumerate(_FADE)
    ]


def _time_axis(frame: _Frame, palette: theme.Palette) -> dict[str, Any]:
    years = frame.last.year - frame.first.year
    return theme.axis(
        palette,
        type="date",
        side="top",
        automargin=False,
        range=[frame.first.isoformat(), frame.last.isoformat()],
        dtick="M12" if years <= _MOST_YEARS_TICKED else "M24",
        tick0=f"{frame.first.year}-01-01",
        tickformat="%Y",
        tickangle=0,
        showgrid=True,
        gridcolor=theme.transparent(palette.ink, theme.GRID_OPACITY),
    )


def _marks(frame: _Frame, palette: theme.Palette) -> list[dict[str, Any]]:
    whole = {"xref": "x", "yref": "paper", "y0": 0, "y1": 1, "layer": "below"}
    zone = {
        "type": "rect",
        "name": "zone",
        "x0": frame.today.isoformat(),
        "x1": frame.cliff.isoformat(),
        "fillcolor": theme.transparent(palette.amber, _ZONE_OPACITY),
        "line": {"width": 0},
    }
    line = {
        "type": "line",
        "name": "today",
        "x0": frame.today.isoformat(),
        "x1": frame.today.isoformat(),
        "line": {"color": palette.ink, "width": 1.5},
    }
    return [zone | whole, line | whole]


def _mark_words(
    frame: _Frame, cliff_months: int, palette: theme.Palette, *, phone: bool
) -> list[dict[str, Any]]:
    """Return the day beside its line where there is room, and the words of the zone.

    The words of the zone begin at today, or end at the right edge where they would not fit; the line of today
    then runs behind them.
    """
    is_left = frame.today - frame.first < (frame.last - frame.first) / 2
    today: dict[str, Any] = {"x": frame.today.isoformat(), "xref": "x", "yanchor": "top"}
    today |= {"xanchor": "left", "xshift": 3} if is_left else {"xanchor": "right", "xshift": -3}
    months = counted(cliff_months, "month")
    fits = (frame.last - frame.today) / (frame.last - frame.first) >= (
        _ZONE_WORDS_SHARE_PHONE if phone else _ZONE_WORDS_SHARE
    )
    zone: dict[str, Any] = {"font": {"size": 14, "color": palette.amber}, "yanchor": "top"}
    if fits:
        zone |= {"x": frame.today.isoformat(), "xref": "x", "xshift": 4}
    else:
        zone |= {"x": 1, "xanchor": "right", "align": "right", "bgcolor": palette.paper}
    return [
        rows.name_above(f"<b>{text.date_text(frame.today)}</b>", 0, palette, **today),
        rows.name_above(f"ends within {months}", rows.LINE_PIXELS, palette, **zone),
    ]


def _names(y: float, span: Span, letters: int, palette: theme.Palette) -> list[dict[str, Any]]:
    """Return the name of a bar, and its value at the right end of the same line."""
    value = text.plain(span.value or "")
    room = letters - len(span.value or "") - 1
    name = _cut(span.label, room)
    words = text.plain(name)
    left = room - len(name) - 3
    if span.group and left >= min(len(span.group), _SHORTEST_GROUP):
        group = text.plain(_cut(span.group, left))
        words += f' <span style="color:{palette.muted}">· {group}</span>'
    above = y - _BAR_PIXELS / 2
    veil = theme.transparent(
        palette.paper, _VEIL
    )  # the line of today runs behind the words, not through them
    said = [rows.name_above(words, above, palette, yshift=1, bgcolor=veil)]
    if value:
        said.append(
            rows.name_above(
                value, above, palette, x=1, xanchor="right", align="right", yshift=1, bgcolor=veil
            )
        )
    return said


def _cut(words: str, letters: int) -> str:
    return words if len(words) <= letters else textwrap.shorten(words, letters, placeholder="…")


def _arrow(y: float, palette: theme.Palette) -> dict[str, Any]:
    return rows.name_above("→", y, palette, x=1, xanchor="right", yanchor="middle")


def _hover(span: Span, state: str) -> str:
    dates = f"{text.date_text(span.start)} to {text.date_text(span.end)}" if span.end else ""
    said = [
        f"<b>{text.plain(span.label)}</b>",
        text.plain(span.group),
        dates or f"since {text.date_text(span.start)}",
        state,
        text.plain(span.value or ""),
        text.plain(span.status),
    ]
    return "<br>".join(part for part in said if part)
