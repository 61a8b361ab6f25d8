"""Several areas against the whole over time: in rates or an index, never in counts beside the whole's."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from analysis.periods import span_of
from ui import format as text
from ui import theme
from ui.charts.figure import Figure
from ui.charts.labels import ROOM_ABOVE, direct_labels
from ui.charts.time import series as lines
from ui.charts.time.series import Series

MOST_CHOSEN = 6
MOST_OTHERS = 30
_OTHER_WIDTH, _CHOSEN_WIDTH, _REGION_WIDTH = 0.8, 2.2, 3.4
_OTHER_OPACITY = 0.55
_INDEX_START = 100
_SHADE = 0.16

Role = Literal["chosen", "region", "other"]


@dataclass(frozen=True)
class AreaLine:
    """One area over time.

    Attributes
    ----------
    label
        Its name.
    periods
        Codes of periods, in order.
    values, lower, upper
        A rate or an index a period with its 95 % interval; None where it is not shown or has none.
    role
        ``chosen``: one of up to six that are named. ``region``: the whole they are held against. ``other``:
        an area that is drawn for the picture only.
    """

    label: str
    periods: tuple[str, ...]
    values: tuple[float | None, ...]
    lower: tuple[float | None, ...]
    upper: tuple[float | None, ...]
    role: Role

    def series(self) -> Series:
        """Return the line with one row a period, as the rows of an answer."""
        columns = zip(self.periods, self.values, self.lower, self.upper, strict=True)
        names = ("period", "value", "lower", "upper")
        rows = tuple(dict(zip(names, row, strict=True)) | {"marker": ""} for row in columns)
        return Series("area", self.label, self.label, rows)


def compare_areas(
    areas: Sequence[AreaLine],
    *,
    unit: str,
    level: str = "year",
    is_index: bool = False,
    provisional_from: str | None = None,
    ran: tuple[str, str] | None = None,
    palette: theme.Palette = theme.LIGHT,
    height: int = theme.HEIGHT_LARGE,
) -> Figure:
    """Return the areas as lines with their names at the ends.

    Parameters
    ----------
    areas
        Up to six chosen ones and the region. Others are left out where they are more than thirty.
    unit
        Words of the values, such as "people per 100,000 residents", for what a pointer says.
    level
        ``month``, ``quarter`` or ``year``.
    is_index
        Whether the values are an index, of which 100 is the start; a line then marks it.
    provisional_from
        The first period whose numbers may still grow: from there lines are dashed.
    ran
        First and last period in which something ran; they are shaded.
    palette
        Colours of the theme.
    height
        Pixels.

    Returns
    -------
    Figure
        A period that is not shown is a gap in its line.

    Raises
    ------
    ValueError
        With more than six chosen areas; a programming error.
    """
    by_role = {role: [area for area in areas if area.role == role] for role in ("other", "region", "chosen")}
    if len(by_role["chosen"]) > MOST_CHOSEN:
        raise ValueError(f"at most {MOST_CHOSEN} areas can be told apart, not {len(by_role['chosen'])}")
    kind = "ratio" if is_index else "rate"
    others = by_role["other"] if len(by_role["other"]) <= MOST_OTHERS else []
    named = [(area, palette.muted) for area in by_role["region"]]
    named += list(zip(by_role["chosen"], palette.categories, strict=False))
    drawn = [_other(area, palette) for area in others]
    drawn += [trace for area, colour in named for trace in _traces(area, colour, kind, provisional_from)]
    top = max((value for area in areas for value in area.values if value is not None), default=1) or 1
    labels, margin = direct_labels([(area.series(), colour) for area, colour in named], height, top=top)
    every = sorted(
        {period for area in areas for period in area.periods}, key=lambda code: span_of(code).first
    )
    ticks = lines.year_ticks(tuple({"period": code} for code in every), level)
    heading = f"%{{x|{ticks['hoverformat']}}}: {text.plain(unit)} (95% interval)"
    layout = theme.layout(
        palette,
        height,
        hovermode="x unified",
        margin={"l": 8, "r": margin, "t": 12, "b": 8, "pad": 4},
        xaxis=theme.axis(palette, **ticks, unifiedhovertitle={"text": heading}),
        yaxis=theme.value_axis(palette, range=[0, top * ROOM_ABOVE], nticks=6, tickformat=",~r"),
        shapes=[*([_start(palette)] if is_index else []), *([_shade(ran, palette)] if ran else [])],
        annotations=labels,
    )
    return {"data": drawn, "layout": layout}


def _other(area: AreaLine, palette: theme.Palette) -> dict[str, Any]:
    """Return a thin grey line without a word: forty of them under a pointer would cover the chart."""
    return {
        "type": "scatter",
        "mode": "lines",
        "name": text.plain(area.label),
        "x": [lines.middle(code) for code in area.periods],
        "y": list(area.values),
        "line": {"color": palette.not_recorded, "width": _OTHER_WIDTH},
        "opacity": _OTHER_OPACITY,
        "connectgaps": False,
        "hoverinfo": "skip",
    }


def _traces(area: AreaLine, colour: str, kind: str, provisional_from: str | None) -> list[dict[str, Any]]:
    """Return the firm and the provisional stretch of a line; they meet in the last firm period."""
    rows = area.series().rows
    late = len(rows) if provisional_from is None else _place(area.periods, provisional_from)
    firm = _trace(area, rows[:late], colour, kind, dash="solid")
    if late >= len(rows):
        return [firm]
    joint = max(late - 1, 0)
    dashed = _trace(area, rows[joint:], colour, kind, dash=theme.DASH_PROVISIONAL)
    if joint < late:  # said once
        dashed["hoverinfo"] = ["skip", *["x+text"] * (len(rows) - late)]
    return [firm, dashed]


def _place(periods: Sequence[str], first: str) -> int:
    start = span_of(first).first
    return next((n for n, code in enumerate(periods) if span_of(code).first >= start), len(periods))


def _trace(
    area: AreaLine, rows: Sequence[dict[str, Any]], colour: str, kind: str, *, dash: str
) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "name": text.plain(area.label),
        "x": [lines.middle(row["period"]) for row in rows],
        "y": [row["value"] for row in rows],
        "line": {
            "color": colour,
            "width": _REGION_WIDTH if area.role == "region" else _CHOSEN_WIDTH,
            "dash": dash,
        },
        "marker": {"color": colour, "size": 5, "symbol": "circle" if dash == "solid" else "circle-open"},
        "connectgaps": False,
        "cliponaxis": False,
        "text": [_hover(area, row, kind) for row in rows],
        "hoverinfo": "x+text",
    }


def _hover(area: AreaLine, row: dict[str, Any], kind: str) -> str:
    """Return one short line: the unit stands in the heading, seven areas would cover the chart."""
    limits = text.interval_text(row["lower"], row["upper"], kind)
    written = text.value_text(row["value"], kind) + (f" ({limits})" if limits else "")
    return f"<b>{text.plain(area.label)}</b> {written}"


def _shade(ran: tuple[str, str], palette: theme.Palette) -> dict[str, Any]:
    return {
        "type": "rect",
        "layer": "below",
        "xref": "x",
        "yref": "paper",
        "x0": lines.first_day(ran[0]).isoformat(),
        "x1": lines.end_day(ran[1]).isoformat(),
        "y0": 0,
        "y1": 1,
        "fillcolor": theme.transparent(palette.amber, _SHADE),  # see-through, so that it also prints
        "line": {"width": 0},
        "name": "ran",
    }


def _start(palette: theme.Palette) -> dict[str, Any]:
    return {
        "type": "line",
        "xref": "paper",
        "x0": 0,
        "x1": 1,
        "y0": _INDEX_START,
        "y1": _INDEX_START,
        "line": {"color": palette.muted, "width": 1, "dash": theme.DASH_EVENT},
        "name": "start of the index",
    }
