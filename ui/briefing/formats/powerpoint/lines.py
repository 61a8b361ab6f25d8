"""Reads lines over time or over named steps, with the limits round them and the means across them."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from ui.briefing.formats.powerpoint.series import (
    COLUMNS,
    LINES,
    Chart,
    Series,
    Trace,
    period_names,
    rounded,
    shown,
    suffix_of,
    title_of,
)
from ui.briefing.paper.axes import Axis, each, first
from ui.briefing.paper.words import plain
from ui.charts.figure import Figure

#: Lines are looked at from afar.
_WIDER = 1.2
#: Numbers of events stand at the names of so many periods at most: of more, some names are left out.
_MOST_MARKED = 12
PROVISIONAL = " (provisional)"
_PROVISIONAL_OPACITY = 0.55


def lines(figure: Figure, traces: Sequence[Trace], x: Axis, y: Axis, hidden: Sequence[Trace]) -> Chart | None:
    """Read lines, their provisional ends, limits and means."""
    unseen = [day for trace in hidden for day in trace["x"]]
    days = {day for trace in traces for day in trace.get("x") or () if day is not None}
    keys = sorted(days | set(unseen), key=lambda day: x.unit_of(day) or 0.0)
    texts = dict(zip(x.spec.get("tickvals") or (), x.spec.get("ticktext") or (), strict=False))
    names = period_names(keys) if x.kind == "date" else [plain(texts.get(key, key)) for key in keys]
    names = _with_events(names, figure, x, keys)
    series: list[Series] = []
    lines = [trace for trace in traces if not trace.get("fill") and trace.get("mode") != "text"]
    for trace in lines:
        line = trace.get("line") or {}
        values = dict(zip(trace["x"], trace["y"], strict=True))
        is_dashed = str(line.get("dash", "solid")) not in ("", "solid")
        name = plain(trace.get("name") or "Value")
        series.append(
            Series(
                f"{name}{PROVISIONAL}" if is_dashed else name,
                tuple(shown(values.get(key)) for key in keys),
                str(line.get("color") or first((trace.get("marker") or {}).get("color"))),
                is_dashed=is_dashed,
                open_at=_open_at(trace, keys) if not is_dashed else (),
                width=float(line.get("width", 2)) * _WIDER,
                is_quiet=float(trace.get("opacity", 1.0)) < 1,
                has_signs="markers" in str(trace.get("mode")),
            )
        )
    for trace in traces:
        if trace.get("fill"):
            series += _limits(trace, keys, _named(trace, lines))
    if len(keys) == 1:
        return _columns(series, names, y)
    series += _means(figure, x, y, keys)
    return Chart(
        LINES,
        tuple(names),
        tuple(series),
        suffix=suffix_of(y),
        axis_title=title_of(y),
        low=min(0.0, y.low) if y.spec.get("rangemode") == "tozero" else y.low,
        high=y.high if y.spec.get("range") else None,
        hidden=tuple(dict.fromkeys(names[keys.index(day)] for day in unseen)),
    )


def _with_events(names: list[str], figure: Figure, x: Axis, keys: Sequence[Any]) -> list[str]:
    """Return the names with the numbers of events in their periods: lines over it would not move along."""
    if len(names) > _MOST_MARKED:
        return names
    marked = list(names)
    for label in figure["layout"].get("annotations") or ():
        if label.get("xref") == x.name and label.get("yref") == "paper" and str(label["text"]).isdigit():
            day = x.unit_of(label["x"]) or 0.0
            place = min(range(len(keys)), key=lambda one: abs((x.unit_of(keys[one]) or 0.0) - day))
            marked[place] += f" ({label['text']})"
    return marked


def _columns(series: Sequence[Series], names: Sequence[str], y: Axis) -> Chart:
    """Read lines of a single period, which would be nothing but a sign, as columns with whiskers."""
    limits = {one.name: one.values[0] for one in series if one.is_limit}
    columns = []
    for one in series:
        value = one.values[0]
        if one.is_limit or value is None:
            continue
        name = one.name.removesuffix(PROVISIONAL)
        ends = [
            next((limit for of, limit in limits.items() if words in of.lower() and name in of), None)
            for words in ("lower", "upper")
        ]
        low, high = ends
        is_known = low is not None and high is not None
        columns.append(
            Series(
                one.name,
                one.values,
                one.colour,
                opacities=(_PROVISIONAL_OPACITY,) if one.is_dashed else (),
                less=(rounded(value - (low or 0.0)),) if is_known else (),
                more=(rounded((high or 0.0) - value),) if is_known else (),
            )
        )
    return Chart(COLUMNS, tuple(names), tuple(columns), suffix=suffix_of(y), axis_title=title_of(y))


def _open_at(trace: Trace, keys: Sequence[Any]) -> tuple[int, ...]:
    symbols = each((trace.get("marker") or {}).get("symbol", ""), len(trace["x"]))
    return tuple(
        keys.index(x)
        for x, y, symbol in zip(trace["x"], trace["y"], symbols, strict=True)
        if y is not None and str(symbol).endswith("-open")
    )


def _named(band: Trace, lines: Iterable[Trace]) -> str:
    """Return the name of the line that a band is round: it has its colour."""
    colour = (band.get("line") or {}).get("color")
    same = [trace for trace in lines if (trace.get("line") or {}).get("color") == colour]
    return plain(same[0].get("name") or "") if same else ""


def _limits(band: Trace, keys: Sequence[Any], name: str) -> Iterator[Series]:
    lows: dict[Any, float] = {}
    highs: dict[Any, float] = {}
    for x, y in zip(band["x"], band["y"], strict=True):
        if x is not None and y is not None:
            lows[x], highs[x] = min(lows.get(x, y), y), max(highs.get(x, y), y)
    colour = str((band.get("line") or {}).get("color") or band["fillcolor"])
    of = plain(band.get("name") or "95% interval").removesuffix(" interval").removesuffix(" limits")
    for words, values in (("lower", lows), ("upper", highs)):
        title = f"{name}, {words} {of} limit" if name else f"{words.capitalize()} {of} limit"
        yield Series(
            title,
            tuple(shown(values.get(key)) for key in keys),
            colour,
            is_limit=True,
            has_signs=False,
        )


def _means(figure: Figure, x: Axis, y: Axis, keys: Sequence[Any]) -> Iterator[Series]:
    labels = figure["layout"].get("annotations") or ()
    for shape in figure["layout"].get("shapes") or ():
        if shape.get("name") != "mean" or (shape.get("xref") or "x") != x.name or shape["y0"] != shape["y1"]:
            continue
        words = next((plain(label["text"]) for label in labels if label.get("y") == shape["y0"]), "mean")
        start, end = x.unit_of(shape["x0"]) or 0.0, x.unit_of(shape["x1"]) or 0.0
        values = tuple(
            rounded(float(shape["y0"])) if start <= (x.unit_of(key) or 0.0) <= end else None for key in keys
        )
        colour = str((shape.get("line") or {}).get("color"))
        yield Series(words, values, colour, is_dashed=True, is_limit=True, has_signs=False)
