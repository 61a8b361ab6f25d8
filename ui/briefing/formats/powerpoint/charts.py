"""Charts on a slide that can be edited: right click, edit data."""

from collections.abc import Sequence
from typing import Any

from pptx.chart.data import CategoryChartData, XyChartData
from pptx.enum.chart import (
    XL_CHART_TYPE,
    XL_LABEL_POSITION,
    XL_LEGEND_POSITION,
    XL_MARKER_STYLE,
    XL_TICK_LABEL_POSITION,
)
from pptx.enum.dml import MSO_LINE
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.util import Pt

from ui import theme
from ui.briefing.formats.powerpoint.series import (
    BARS,
    COLUMNS,
    LINES,
    POINTS,
    STACKED,
    Chart,
    Series,
)
from ui.briefing.formats.powerpoint.sheet import (
    FONT,
    INK,
    MUTED,
    SMALLEST,
    Box,
    describe,
    faded,
    rgb,
    width_of,
)
from ui.briefing.paper import numbers
from ui.briefing.paper.canvas import colour_of

_TYPES = {
    LINES: XL_CHART_TYPE.LINE_MARKERS,
    BARS: XL_CHART_TYPE.BAR_CLUSTERED,
    COLUMNS: XL_CHART_TYPE.COLUMN_CLUSTERED,
    STACKED: XL_CHART_TYPE.COLUMN_STACKED,
    POINTS: XL_CHART_TYPE.XY_SCATTER_LINES,
}
_SIZE, _SIZE_OF_PANEL = 14.0, SMALLEST
_GAP, _FEW, _GAP_OF_FEW = 55, 2, 300
_MOST_TICKS = 5
#: From so many values on, signs are smaller; from so many bars on, words are.
_MANY, _TIGHT = 40, 9


def add(slide: Any, box: Box, chart: Chart, alt: str, *, is_panel: bool = False) -> None:
    """Add a chart to a slide.

    Parameters
    ----------
    slide, box
        Where it goes.
    chart
        What it shows: nothing else is in its workbook.
    alt
        The chart in words.
    is_panel
        Whether it is one of several, with smaller words.
    """
    data = _data(chart)
    frame = slide.shapes.add_chart(_TYPES[chart.kind], *box.placed(), data)
    describe(frame, f"Chart: {chart.title}" if chart.title else "Chart", alt)
    drawn = frame.chart
    size = _SIZE_OF_PANEL if is_panel or (chart.kind == BARS and len(chart.categories) > _TIGHT) else _SIZE
    drawn.font.name, drawn.font.size = FONT, Pt(size)
    drawn.font.color.rgb = rgb(INK)
    if chart.title:
        drawn.has_title = True
        drawn.chart_title.include_in_layout = False
        drawn.chart_title.text_frame.text = chart.title
        run = drawn.chart_title.text_frame.paragraphs[0].runs[0]
        run.font.size, run.font.bold = Pt(size), True
        run.font.color.rgb = rgb(chart.series[0].colour)
    else:
        drawn.has_title = False
    _legend(drawn, chart, size)
    _axes(drawn, chart, size, 4 if is_panel else _MOST_TICKS)
    if chart.kind in (LINES, COLUMNS, STACKED):
        _upright(drawn, chart, box.width, size)
    elif chart.kind == BARS:
        _write_every(drawn, 1)
    plot = drawn.plots[0]
    if chart.kind in (BARS, COLUMNS, STACKED):
        plot.gap_width = _GAP if len(chart.categories) > _FEW else _GAP_OF_FEW
        plot.overlap = 100 if chart.kind == STACKED else -10 if len(chart.series) > 1 else 0
    for series, drawn_series in zip(chart.series, plot.series, strict=True):
        if chart.kind in (LINES, POINTS):
            _line(drawn_series, series, 5 if is_panel or len(chart.categories) > _MANY else 7)
        else:
            _bars(drawn_series, series)
        if not _says_values_beside(chart):
            _labels(drawn_series, series, size, chart.kind)


def _data(chart: Chart) -> CategoryChartData | XyChartData:
    if chart.kind == POINTS:
        points = XyChartData(number_format=_format(chart))
        for series in chart.series:
            row = points.add_series(series.name)
            for x, y in zip(series.xs, series.values, strict=True):
                row.add_data_point(x, y)
        return points
    data = CategoryChartData(number_format=_format(chart))
    data.categories = _categories(chart)
    for series in chart.series:
        data.add_series(series.name, series.values)
    return data


def _categories(chart: Chart) -> list[str]:
    """Return the names, with the words of their values where whiskers or a second bar would cross them."""
    if not _says_values_beside(chart):
        return list(chart.categories)
    labels = [next(filter(None, words), "") for words in zip(*_labelled(chart), strict=True)]
    return [f"{name}: {said}" if said else name for name, said in zip(chart.categories, labels, strict=True)]


def _labelled(chart: Chart) -> list[tuple[str, ...]]:
    return [series.labels for series in chart.series if series.labels]


def _says_values_beside(chart: Chart) -> bool:
    crossed = len(chart.series) > 1 or any(any(series.more) for series in chart.series)
    return chart.kind == BARS and crossed and bool(_labelled(chart))


def _format(chart: Chart) -> str:
    values = [value for series in chart.series for value in series.values if value is not None]
    whole = "#,##0" if all(value == int(value) for value in values) else "#,##0.##"
    return f'{whole}"{chart.suffix}"' if chart.suffix else whole


def _legend(drawn: Any, chart: Chart, size: float) -> None:
    """Name the series where there are several; limits go without saying."""
    named = [series for series in chart.series if not _goes_unnamed(series)]
    drawn.has_legend = len(named) > 1
    if not drawn.has_legend:
        return
    legend = drawn.legend
    legend.position, legend.include_in_layout = XL_LEGEND_POSITION.BOTTOM, False
    legend.font.size = Pt(size)
    for place, series in reversed(list(enumerate(chart.series))):
        if _goes_unnamed(series):
            entry = parse_xml(
                f'<c:legendEntry {nsdecls("c")}><c:idx val="{place}"/><c:delete val="1"/></c:legendEntry>'
            )
            legend._element.insert(1, entry)


def _goes_unnamed(series: Series) -> bool:
    """Limits and provisional ends are told in a sentence under the chart; means keep their words."""
    if series.is_quiet:
        return True
    return (series.is_limit and not series.is_dashed) or (series.is_dashed and not series.is_limit)


def key_of(charts: Sequence[Chart]) -> list[str]:
    """Return what thin, dashed and missing lines of charts mean, in words."""
    rows = [series for chart in charts for series in chart.series]
    words = []
    if any(series.is_limit and not series.is_dashed for series in rows):
        is_sure = all("95%" in series.name for series in rows if series.is_limit and not series.is_dashed)
        words.append("Thin lines are 95% limits." if is_sure else "Thin lines are limits.")
    if any(series.is_dashed and not series.is_limit for series in rows):
        words.append("Dashed is provisional.")
    if any(any(series.more) for series in rows):
        words.append("Whiskers are 95% intervals.")
    if any(chart.hidden for chart in charts):
        words.append("Where a line has a gap, the number is not shown.")
    return words


def _axes(drawn: Any, chart: Chart, size: float, ticks: int) -> None:
    values, names = drawn.value_axis, drawn.category_axis
    for axis in (values, names):
        axis.tick_labels.font.size = Pt(size)
        axis.tick_labels.font.color.rgb = rgb(MUTED if axis is values else INK)
        axis.format.line.color.rgb = rgb(theme.LIGHT.border)
        axis.has_major_gridlines = axis is values
        axis.has_minor_gridlines = False
    values.major_gridlines.format.line.color.rgb = rgb(theme.LIGHT.grid)
    values.format.line.fill.background()
    values.tick_labels.number_format, values.tick_labels.number_format_is_linked = _format(chart), False
    names.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    _range(values, chart, ticks)
    if chart.kind == BARS:
        names.reverse_order = True
        # With the names reversed, the numbers would stand on top.
        drawn._chartSpace.xpath(".//c:valAx/c:crosses")[0].set("val", "max")
    if chart.kind == POINTS:
        _across(names, chart)
    for axis, words in ((values, chart.axis_title), (names, chart.across_title)):
        axis.has_title = False
        if words and not (chart.kind == BARS and axis is names):
            _axis_title(axis, words, size)
    if chart.kind == BARS and chart.across_title:
        _axis_title(values, chart.across_title, size)


def _upright(drawn: Any, chart: Chart, wide: float, size: float) -> None:
    """Leave names out rather than turn them: every second, third … is written."""
    widest = max((width_of(word, size) for name in chart.categories for word in name.split()), default=0.0)
    fits = max(int((wide - 60) / (widest + 10)), 1)
    every = -(-len(chart.categories) // fits)
    axis = _write_every(drawn, every)
    if every == 1:  # names that are left out would be broken by some programs
        for body in axis.xpath("./c:txPr/a:bodyPr"):
            body.set("rot", "0")
            body.set("vert", "horz")


def _write_every(drawn: Any, every: int) -> Any:
    """Write every so many names along the axis of categories; return the axis."""
    axis = drawn._chartSpace.xpath(".//c:catAx")[0]
    skip = parse_xml(f'<c:tickLblSkip {nsdecls("c")} val="{every}"/>')
    axis.find(qn("c:noMultiLvlLbl")).addprevious(skip)
    return axis


def _axis_title(axis: Any, words: str, size: float) -> None:
    axis.has_title = True
    axis.axis_title.text_frame.text = words
    font = axis.axis_title.text_frame.paragraphs[0].runs[0].font
    font.size, font.bold = Pt(size), False
    font.color.rgb = rgb(MUTED)


def _range(axis: Any, chart: Chart, ticks: int) -> None:
    fixed = None if chart.kind == BARS else chart.high
    highest = fixed or max(
        (
            (value or 0) + ((series.more[place] or 0) if series.more else 0)
            for series in chart.series
            for place, value in enumerate(series.values)
        ),
        default=1.0,
    )
    if chart.kind == STACKED:
        totals = [
            sum(filter(None, column)) for column in zip(*(one.values for one in chart.series), strict=True)
        ]
        highest = max(totals, default=1.0)
    if chart.low is None:
        lows = [value for series in chart.series for value in series.values if value is not None]
        unit = numbers.step(min(lows), max(lows), ticks)
        axis.minimum_scale = (min(lows) // unit) * unit
    else:
        unit = numbers.step(chart.low, highest, ticks)
        axis.minimum_scale = chart.low
    axis.major_unit = unit
    axis.maximum_scale = -(-highest // unit) * unit if fixed is None else _roof(highest, unit, chart)


def _roof(highest: float, unit: float, chart: Chart) -> float:
    """Return where the axis ends: a share never beyond a hundred but by the room for its words."""
    roof = -(-highest // unit) * unit
    return min(roof, 100.0) if chart.suffix == "%" and highest <= 110 and chart.kind != BARS else roof


def _across(axis: Any, chart: Chart) -> None:
    xs = [x for series in chart.series for x in series.xs]
    axis.has_major_gridlines = False
    axis.tick_labels.number_format, axis.tick_labels.number_format_is_linked = "#,##0", False
    unit = numbers.step(min(xs), max(xs), _MOST_TICKS)
    axis.minimum_scale, axis.major_unit = (min(xs) // unit) * unit, unit
    axis.maximum_scale = -(-max(xs) // unit) * unit


def _line(drawn: Any, series: Series, size: int) -> None:
    drawn.smooth = False
    line = drawn.format.line
    points_only = series.has_signs and not series.has_line
    if points_only:
        line.fill.background()
    else:
        line.color.rgb = rgb(_line_colour(series))
        line.width = Pt(1.0 if series.is_limit else series.width)
        if series.is_dashed:
            line.dash_style = MSO_LINE.DASH
    marker = drawn.marker
    if series.is_limit or not series.has_signs:
        marker.style = XL_MARKER_STYLE.NONE
        return
    marker.style, marker.size = XL_MARKER_STYLE.CIRCLE, 8 if points_only else size
    marker.format.fill.solid()
    marker.format.fill.fore_color.rgb = rgb(theme.LIGHT.paper if series.is_dashed else series.colour)
    marker.format.line.color.rgb = rgb(MUTED if points_only else series.colour)
    for place in series.open_at:
        point = drawn.points[place].marker
        point.style, point.size = XL_MARKER_STYLE.CIRCLE, size
        point.format.fill.solid()
        point.format.fill.fore_color.rgb = rgb(theme.LIGHT.paper)
        point.format.line.color.rgb = rgb(series.colour)


def _line_colour(series: Series) -> str:
    if series.is_quiet:
        return faded(series.colour, 0.45)
    if not series.is_limit or series.is_dashed:
        return series.colour
    # A band of a funnel is see-through on the page; its limits are lines here.
    return faded(colour_of(series.colour)[0], 0.6)


def _bars(drawn: Any, series: Series) -> None:
    drawn.invert_if_negative = False
    drawn.format.fill.solid()
    drawn.format.fill.fore_color.rgb = rgb(faded(series.colour, _opacity(series, 0)))
    base = (series.colour, _opacity(series, 0))
    for place, value in enumerate(series.values):
        colour = series.colours[place] if series.colours else series.colour
        if value is not None and (colour, _opacity(series, place)) != base:
            fill = drawn.points[place].format.fill
            fill.solid()
            fill.fore_color.rgb = rgb(faded(colour, _opacity(series, place)))
    if any(series.more):
        _whiskers(drawn, series)


def _opacity(series: Series, place: int) -> float:
    return series.opacities[place] if series.opacities else 1.0


def _whiskers(drawn: Any, series: Series) -> None:
    """Add error amounts, which can be edited as the rest."""

    def amounts(name: str, values: Sequence[float | None]) -> str:
        points = "".join(
            f'<c:pt idx="{place}"><c:v>{value:g}</c:v></c:pt>' for place, value in enumerate(values) if value
        )
        return (
            f"<c:{name}><c:numLit><c:formatCode>General</c:formatCode>"
            f'<c:ptCount val="{len(values)}"/>{points}</c:numLit></c:{name}>'
        )

    bars = parse_xml(
        f'<c:errBars {nsdecls("c", "a")}><c:errBarType val="both"/><c:errValType val="cust"/>'
        f'<c:noEndCap val="0"/>{amounts("plus", series.more)}{amounts("minus", series.less)}'
        f'<c:spPr><a:ln w="12700"><a:solidFill><a:srgbClr val="{rgb(INK)}"/></a:solidFill></a:ln></c:spPr>'
        "</c:errBars>"
    )
    # After the labels and before the names of the categories, as the schema has it.
    drawn._element.find(qn("c:cat")).addprevious(bars)


def _labels(drawn: Any, series: Series, size: float, kind: str) -> None:
    """Write words at single values: the figure's own, so that stars and limits are said."""
    for place, words in enumerate(series.labels):
        if not words:
            continue
        label = drawn.points[place].data_label
        frame = label.text_frame
        frame.text = words
        font = frame.paragraphs[0].runs[0].font
        font.size, font.color.rgb = Pt(size), rgb(INK)
        label.position = XL_LABEL_POSITION.ABOVE if kind == POINTS else XL_LABEL_POSITION.OUTSIDE_END
