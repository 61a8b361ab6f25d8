"""What a figure shows, as charts that an office program can draw: categories, series, limits.

A figure that has no such form gives nothing; its tables are shown then.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from ui.briefing.paper.axes import Axis, axes_of, axis_of, each, first, is_along
from ui.briefing.paper.numbers import day_of, moment
from ui.briefing.paper.words import plain
from ui.charts.figure import Figure

LINES, BARS, COLUMNS, STACKED, POINTS = "lines", "bars", "columns", "stacked", "points"
NOT_SHOWN = "not shown"
#: Days between neighbours, from which a row of days is read as years, quarters or months.
_YEAR, _QUARTER = 300, 80
Trace = Mapping[str, Any]


@dataclass(frozen=True)
class Series:
    """One row of values.

    Attributes
    ----------
    name
        Words of the legend.
    values
        One a category; None where nothing is shown.
    xs
        For points: where each value lies across.
    colour
        Hex text, or ``rgba(…)``.
    colours, opacities
        One a value, where bars differ; empty otherwise.
    is_dashed
        Provisional, or a mean.
    is_limit
        A limit of an interval, or a mean: a thin line without signs.
    more, less
        Up to the upper and down to the lower limit, one a value; empty without whiskers.
    labels
        Words at each value; empty for none.
    has_signs
        Whether values are marked.
    """

    name: str
    values: tuple[float | None, ...]
    colour: str
    xs: tuple[float, ...] = ()
    colours: tuple[str, ...] = ()
    opacities: tuple[float, ...] = ()
    is_dashed: bool = False
    is_limit: bool = False
    more: tuple[float | None, ...] = ()
    less: tuple[float | None, ...] = ()
    labels: tuple[str, ...] = ()
    has_signs: bool = True


@dataclass(frozen=True)
class Chart:
    """One chart.

    Attributes
    ----------
    kind
        `LINES`, `BARS`, `COLUMNS`, `STACKED` or `POINTS`.
    title
        Of a panel among several; empty otherwise.
    categories
        Names along the axis; empty for points.
    series
        Rows of values.
    suffix
        Of the numbers on the axis, such as "%".
    axis_title, across_title
        Of the axis of values, and of the other one.
    low, high
        Ends of the axis of values; None where the program decides.
    is_log
        Whether points lie on a logarithmic axis.
    hidden
        Categories in which something is not shown.
    """

    kind: str
    categories: tuple[str, ...]
    series: tuple[Series, ...]
    title: str = ""
    suffix: str = ""
    axis_title: str = ""
    across_title: str = ""
    low: float | None = 0.0
    high: float | None = None
    is_log: bool = False
    hidden: tuple[str, ...] = ()


def charts_of(figure: Figure) -> list[Chart]:
    """Return a figure as charts, one a panel; none where it has no such form."""
    axes = axes_of(figure)
    traces = [trace for trace in figure["data"] if not _is_empty(trace)]
    if not traces or any(_has_no_form(trace, axes) for trace in traces):
        return []
    hidden = [trace for trace in traces if _is_hatched(trace)]
    shown = [trace for trace in traces if not _is_hatched(trace)]
    panels: dict[str, list[Trace]] = defaultdict(list)
    for trace in shown:
        panels[axis_of(trace, "x")].append(trace)
    charts = []
    for name, members in panels.items():
        chart = _panel(figure, axes, members, hidden if len(panels) == 1 else ())
        if chart is None:
            return []
        title = _title(figure, axes[name]) if len(panels) > 1 else ""
        charts.append(replace(chart, title=title))
    return charts


def rounded(value: float) -> float:
    """Return a number as exact as a reader sees it: what a file holds beside is no more than the slide says.

    >>> rounded(92.55555), rounded(1326.0), rounded(0.88127)
    (92.6, 1326.0, 0.881)
    """
    if value == int(value):
        return float(value)
    return float(f"{value:.3g}") if abs(value) < 1_000 else float(round(value))


def _is_empty(trace: Trace) -> bool:
    if trace["type"] in ("sankey", "heatmap"):
        return False
    letter = "x" if is_along(trace, "x") else "y"
    return all(value is None for value in trace.get(letter) or ())


def _is_hatched(trace: Trace) -> bool:
    pattern = (trace.get("marker") or {}).get("pattern") or {}
    return trace["type"] == "bar" and first(pattern.get("shape")) == "/"


def _has_no_form(trace: Trace, axes: Mapping[str, Axis]) -> bool:
    if trace["type"] not in ("scatter", "bar"):
        return True
    if trace["type"] == "bar" and not _is_hatched(trace):
        pattern = (trace.get("marker") or {}).get("pattern") or {}
        return trace.get("base") is not None or bool(first(pattern.get("shape")))
    if trace["type"] == "bar":
        return axes[axis_of(trace, "x")].kind == "date" and is_along(trace, "x")
    # Shapes of a map, and the stages of laws, are no values.
    axis = axes[axis_of(trace, "y")]
    return not axis.is_visible and trace.get("mode") != "text"


def _panel(
    figure: Figure, axes: Mapping[str, Axis], traces: Sequence[Trace], hidden: Sequence[Trace]
) -> Chart | None:
    x, y = axes[axis_of(traces[0], "x")], axes[axis_of(traces[0], "y")]
    bars = [trace for trace in traces if trace["type"] == "bar"]
    if bars and all(is_along(trace, "x") for trace in bars):
        return _bars(figure, traces, x, y, hidden)
    if bars:
        return _columns(figure, bars, x, y)
    if y.kind == "category":
        return _pairs(traces, x, y)
    if x.kind in ("date", "category") or _has_names(x):
        return _lines(figure, traces, x, y, hidden)
    return _points(traces, x, y, figure)


def _has_names(axis: Axis) -> bool:
    """Whether every value has a name of its own, such as the months of a year."""
    texts = [str(text) for text in axis.spec.get("ticktext") or ()]
    return bool(texts) and axis.kind == "linear" and all(text[:1].isalpha() for text in texts)


# Bars


def _bars(figure: Figure, traces: Sequence[Trace], x: Axis, y: Axis, hidden: Sequence[Trace]) -> Chart | None:
    bars = [trace for trace in traces if trace["type"] == "bar"]
    if len(bars) > 1 or any(trace.get("mode") != "text" for trace in traces if trace["type"] == "scatter"):
        return None
    bar = bars[0]
    names = _names_of_bars(figure, bar, y)
    if names is None:
        return None
    words = {
        key: plain(text).strip()
        for trace in traces
        if trace["type"] == "scatter"
        for key, text in zip(trace["y"], trace["text"], strict=True)
    }
    unseen = [key for trace in hidden for key in trace["y"]]
    keys = [key for key in _order(y, [*bar["y"], *unseen]) if key in {*bar["y"], *unseen}]
    values = dict(zip(bar["y"], bar["x"], strict=True))
    place = {key: number for number, key in enumerate(bar["y"])}
    error = bar.get("error_x") or {}
    marker = bar.get("marker") or {}
    colours = each(marker.get("color"), len(place))
    opacities = each(marker.get("opacity", 1.0), len(place))

    def of(row: Sequence[Any], default: Any) -> tuple[Any, ...]:
        return tuple(row[place[key]] if key in place else default for key in keys)

    more = error.get("array")
    series = Series(
        name=plain(bar.get("name") or "Value"),
        values=tuple(_rounded(values.get(key)) for key in keys),
        colour=str(colours[0]),
        colours=of(colours, str(colours[0])),
        opacities=tuple(1.0 if one is None else float(one) for one in of(opacities, 1.0)),
        more=of(more, None) if more else (),
        less=of(error.get("arrayminus") or more, None) if more else (),
        labels=tuple(words.get(key, "") if key in values else "" for key in keys),
    )
    titles = tuple(
        f"{names.get(key, plain(key))} ({NOT_SHOWN})" if key not in values else names[key] for key in keys
    )
    return Chart(BARS, titles, (series,), suffix=_suffix(x), across_title=_axis_title(x), high=x.high)


def _names_of_bars(figure: Figure, bar: Trace, y: Axis) -> dict[Any, str] | None:
    """Return the name of each bar: its category, or the words that stand above it."""
    if y.kind == "category":
        return {key: plain(key) for key in bar["y"]}
    labels = [
        (float(label["y"]), plain(label["text"]))
        for label in figure["layout"].get("annotations") or ()
        if label.get("yref") == "y" and label.get("yanchor") == "bottom"
    ]
    if len(labels) < len(bar["y"]):
        return None
    return {key: min(labels, key=lambda label: abs(label[0] - float(key)))[1] for key in bar["y"]}


def _order(axis: Axis, keys: Sequence[Any]) -> list[Any]:
    """Return the categories from the top down."""
    if axis.kind == "category":
        return list(reversed(axis.names))
    return sorted(dict.fromkeys(keys), reverse=axis.high > axis.low)


def _pairs(traces: Sequence[Trace], x: Axis, y: Axis) -> Chart | None:
    """Read two signs a name, joined by a line, as two bars a name."""
    signs = [trace for trace in traces if trace.get("mode") == "markers"]
    words = {
        key: plain(text).strip()
        for trace in traces
        if trace.get("mode") == "text"
        for key, text in zip(trace["y"], trace["text"], strict=True)
    }
    keys = list(reversed(y.names))
    series = []
    for number, trace in enumerate(signs):
        values = dict(zip(trace["y"], trace["x"], strict=True))
        is_last = number == len(signs) - 1
        colour = str(first((trace["marker"].get("line") or {}).get("color")) or trace["marker"]["color"])
        series.append(
            Series(
                plain(trace.get("name") or ""),
                tuple(_rounded(values.get(key)) for key in keys),
                colour,
                opacities=() if is_last else (0.45,) * len(keys),
                labels=tuple(words.get(key, "") for key in keys) if is_last else (),
            )
        )
    if not series:
        return None
    names = tuple(plain(key) for key in keys)
    return Chart(BARS, names, tuple(series), suffix=_suffix(x), across_title=_axis_title(x), high=x.high)


def _columns(figure: Figure, bars: Sequence[Trace], x: Axis, y: Axis) -> Chart:
    keys = list(dict.fromkeys(key for trace in bars for key in trace["x"]))
    if x.kind == "category":
        keys = [name for name in x.names if name in keys]
    names = _period_names(keys) if x.kind == "date" else [plain(key) for key in keys]
    series = []
    for trace in bars:
        values = dict(zip(trace["x"], trace["y"], strict=True))
        marker, error = trace.get("marker") or {}, trace.get("error_y") or {}
        opacities = dict(zip(trace["x"], each(marker.get("opacity", 1.0), len(values)), strict=True))
        more = error.get("array") or ()
        series.append(
            Series(
                plain(trace.get("name") or "Value"),
                tuple(_rounded(values.get(key)) for key in keys),
                str(first(marker.get("color"))),
                opacities=tuple(float(opacities.get(key) or 1.0) for key in keys),
                more=tuple(more),
                less=tuple(error.get("arrayminus") or more),
            )
        )
    kind = STACKED if figure["layout"].get("barmode") == "stack" and len(bars) > 1 else COLUMNS
    return Chart(kind, tuple(names), tuple(series), suffix=_suffix(y), axis_title=_axis_title(y))


# Lines


def _lines(
    figure: Figure, traces: Sequence[Trace], x: Axis, y: Axis, hidden: Sequence[Trace]
) -> Chart | None:
    unseen = [day for trace in hidden for day in trace["x"]]
    days = {day for trace in traces for day in trace.get("x") or () if day is not None}
    keys = sorted(days | set(unseen), key=lambda day: x.unit_of(day) or 0.0)
    texts = dict(zip(x.spec.get("tickvals") or (), x.spec.get("ticktext") or (), strict=False))
    names = _period_names(keys) if x.kind == "date" else [plain(texts.get(key, key)) for key in keys]
    series: list[Series] = []
    lines = [trace for trace in traces if not trace.get("fill") and trace.get("mode") != "text"]
    for trace in lines:
        line = trace.get("line") or {}
        values = dict(zip(trace["x"], trace["y"], strict=True))
        is_dashed = str(line.get("dash", "solid")) not in ("", "solid")
        name = plain(trace.get("name") or "Value")
        series.append(
            Series(
                f"{name} (provisional)" if is_dashed else name,
                tuple(_rounded(values.get(key)) for key in keys),
                str(line.get("color") or first((trace.get("marker") or {}).get("color"))),
                is_dashed=is_dashed,
                has_signs="markers" in str(trace.get("mode")),
            )
        )
    for trace in traces:
        if trace.get("fill"):
            series += _limits(trace, keys, _named(trace, lines))
    series += _means(figure, x, y, keys)
    return Chart(
        LINES,
        tuple(names),
        tuple(series),
        suffix=_suffix(y),
        axis_title=_axis_title(y),
        low=min(0.0, y.low) if y.spec.get("rangemode") == "tozero" else y.low,
        high=y.high if y.spec.get("range") else None,
        hidden=tuple(dict.fromkeys(names[keys.index(day)] for day in unseen)),
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
            tuple(_rounded(values.get(key)) for key in keys),
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


# Points


def _points(traces: Sequence[Trace], x: Axis, y: Axis, figure: Figure) -> Chart:
    series = []
    for trace in traces:
        pairs = [
            (a, b) for a, b in zip(trace["x"], trace["y"], strict=True) if a is not None and b is not None
        ]
        if trace.get("fill"):
            half = len(pairs) // 2
            name = _words_of_limits(str(trace.get("name") or "interval"))
            parts = [("upper", pairs[:half]), ("lower", list(reversed(pairs[half:])))]
        else:
            name, parts = plain(trace.get("name") or "Value"), [("", pairs)]
        marker = trace.get("marker") or {}
        for words, part in parts:
            many = len(part)
            thinned = _thinned(part) if trace.get("fill") else part
            colours = each(marker.get("color"), many) if trace.get("mode") == "markers" else []
            line = str((trace.get("line") or {}).get("color") or trace.get("fillcolor") or "")
            series.append(
                Series(
                    f"{name}, {words}" if words else name,
                    tuple(rounded(float(b)) for _, b in thinned),
                    line or str(first(marker.get("color"))),
                    xs=tuple(rounded(float(a)) for a, _ in thinned),
                    colours=tuple(str(colour) for colour in colours),
                    is_limit=bool(trace.get("fill")),
                    has_signs="markers" in str(trace.get("mode")),
                    labels=() if trace.get("fill") else _point_labels(figure, x, part),
                )
            )
    return Chart(
        POINTS,
        (),
        tuple(series),
        suffix=_suffix(y),
        axis_title=_axis_title(y),
        across_title=_axis_title(x),
        low=0.0 if y.spec.get("rangemode") == "tozero" else None,
        high=y.high if y.spec.get("range") else None,
        is_log=x.kind == "log",
    )


#: Limits are smooth: so many corners draw them.
_CORNERS = 24


def _thinned(pairs: Sequence[tuple[Any, Any]]) -> list[tuple[Any, Any]]:
    if len(pairs) <= _CORNERS:
        return list(pairs)
    return [pairs[round(place * (len(pairs) - 1) / (_CORNERS - 1))] for place in range(_CORNERS)]


def _words_of_limits(name: str) -> str:
    """The funnel's limits are called "95 limits" and "998 limits"."""
    number, _, rest = name.partition(" ")
    if rest == "limits" and number.isdigit():
        return f"{number[:2]}{'.' + number[2:] if len(number) > 2 else ''}% limit"
    return plain(name)


def _point_labels(figure: Figure, x: Axis, pairs: Sequence[tuple[Any, Any]]) -> tuple[str, ...]:
    """Return the names that the figure writes at single points."""
    named = {}
    for label in figure["layout"].get("annotations") or ():
        if label.get("xref", "x") == x.name and label.get("yref", "y") != "paper":
            named[round(float(label["x"]), 6), float(label["y"])] = plain(label["text"])
    return tuple(named.get((round(x.unit_of(a) or 0.0, 6), float(b)), "") for a, b in pairs)


# Words


def _rounded(value: Any) -> float | None:
    return None if value is None else rounded(float(value))


def _suffix(axis: Axis) -> str:
    texts = [str(text) for text in axis.spec.get("ticktext") or ()]
    if texts and all(text.endswith("%") for text in texts):
        return "%"
    return str(axis.spec.get("ticksuffix") or "")


def _axis_title(axis: Axis) -> str:
    return plain((axis.spec.get("title") or {}).get("text") or "")


def _title(figure: Figure, axis: Axis) -> str:
    """Return the words above a panel: those nearest to its corner."""
    low = float((axis.spec.get("domain") or (0, 1))[0])
    y_axis = figure["layout"].get(f"yaxis{axis.name[1:]}") or {}
    high = float((y_axis.get("domain") or (0, 1))[1])
    labels = [
        label
        for label in figure["layout"].get("annotations") or ()
        if label.get("xref") == "paper" and label.get("yref") == "paper"
    ]
    if not labels:
        return ""
    nearest = min(labels, key=lambda one: (float(one["x"]) - low) ** 2 + (float(one["y"]) - high) ** 2)
    return plain(nearest["text"])


def _period_names(days: Sequence[Any]) -> list[str]:
    """Return days in the middle of periods as the names of the periods."""
    moments = [moment(day) for day in days]
    apart = [(later - earlier) / 86_400_000 for earlier, later in pairwise(moments)]
    closest = min(apart, default=_YEAR)
    names = []
    for at in moments:
        day = day_of(at)
        if closest >= _YEAR:
            names.append(str(day.year))
        elif closest >= _QUARTER:
            names.append(f"Q{(day.month - 1) // 3 + 1} {day.year}")
        else:
            names.append(day.strftime("%b %Y"))
    return names
