"""The line chart: what is drawn, what is a gap, what is said."""

import base64
import datetime
import itertools
import json

import pytest

from analysis import load_catalog
from tests.quick.charts import made
from ui import theme
from ui.cards.events import Event, listed
from ui.charts.time.line import line_chart
from ui.charts.time.small_multiples import small_multiples
from ui.charts.time.sparkline import sparkline
from ui.charts.time.years import years_chart
from ui.format import NOT_SHOWN_LONG

line_chart = made.checked(line_chart)
small_multiples = made.checked(small_multiples)
years_chart = made.checked(years_chart)

YEARS = [
    ("2020", 40.0, ""),
    ("2021", 52.0, ""),
    ("2022", None, "c"),
    ("2023", 61.0, "r"),
    ("2024", 30.0, "p"),
]
CATALOG = load_catalog()


def chart(rows=YEARS, by=("period",), **more):
    level = more.pop("period_level", "year")
    return line_chart(made.answer(by, rows, period_level=level), CATALOG, words=made.words, **more)


def strokes(figure):
    return [trace for trace in figure.data if trace.type == "scatter" and trace.mode == "lines+markers"]


def test_values_are_drawn_as_published_and_a_hidden_one_is_a_gap() -> None:
    firm, late = strokes(chart())
    assert list(firm.y) == [40, 52, None, 61, None]
    assert list(late.y) == [None, None, None, 61, 30], "the provisional stretch starts at the last firm point"
    assert firm.connectgaps is False and late.connectgaps is False
    assert firm.line.dash == "solid" and late.line.dash == theme.DASH_PROVISIONAL


def test_what_is_not_shown_is_hatched_in_a_lane_and_said_in_words() -> None:
    [lane] = [trace for trace in chart().data if trace.type == "bar"]
    assert list(lane.x) == ["2022-07-02"]
    assert lane.marker.pattern.shape == "/"
    assert lane.yaxis == "y2", "not on the scale of the values: a gap is not a zero"
    assert lane.text[0] == NOT_SHOWN_LONG, "no number stands for a hidden cell"


def test_nothing_is_hatched_when_everything_is_shown() -> None:
    assert not [trace for trace in chart([("2020", 5.0, ""), ("2021", 6.0, "")]).data if trace.type == "bar"]


def test_the_band_is_the_interval_and_breaks_at_gaps() -> None:
    [band] = [trace for trace in chart().data if trace.type == "scatter" and trace.fill == "toself"]
    assert list(band.x).count(None) == 1
    assert band.y[0] == pytest.approx(44) and band.y[3] == pytest.approx(36)
    assert band.fillcolor.endswith(",0.15)")


def test_a_value_without_a_neighbour_has_whiskers_where_the_band_has_no_width() -> None:
    rows = [("2020", 40.0, ""), ("2021", None, "c"), ("2022", 61.0, ""), ("2023", 30.0, "")]
    [line] = strokes(chart(rows))
    assert list(line.error_y.array) == [pytest.approx(4), None, None, None], "the others have the band"
    assert list(line.error_y.arrayminus) == [pytest.approx(4), None, None, None]
    [alone] = strokes(chart([("2024", 30.0, "")]))
    assert alone.error_y.array[0] > 0 and alone.error_y.arrayminus[0] > 0
    [together] = strokes(chart([("2020", 40.0, ""), ("2021", 52.0, "")]))
    assert together.error_y.array is None


def test_values_start_at_zero_and_years_are_the_ticks() -> None:
    figure = chart()
    assert figure.layout.yaxis.rangemode == "tozero"
    assert list(figure.layout.xaxis.ticktext) == ["2020", "2021", "2022", "2023", "2024"]
    months = [(f"2023-{n:02d}", 20.0 + n, "") for n in range(1, 13)]
    assert list(chart(months, period_level="month").layout.xaxis.tickvals) == ["2023-01-01"]


def test_hover_says_value_interval_and_marker_in_words() -> None:
    firm, late = strokes(chart())
    assert firm.text[3] == "61 people<br>95% interval 55–67<br>revised"
    assert late.text[4] == "30 people<br>95% interval 27–33<br>provisional"
    assert firm.text[2] == ""
    assert list(late.hoverinfo)[3:] == ["skip", "x+text"], "the joint is said once"


def test_a_pointer_anywhere_above_a_period_says_it() -> None:
    layout = chart().layout
    assert (layout.hovermode, layout.hoversubplots) == ("x unified", "axis"), "the lane of hidden values too"
    assert layout.xaxis.hoverformat == "%Y"


def test_up_to_four_lines_carry_their_names_and_no_legend() -> None:
    rows = [
        (str(year), code, 20.0 + n, "") for year in (2023, 2024) for n, code in enumerate(("female", "male"))
    ]
    figure = chart(rows, ("period", "gender"))
    assert figure.layout.showlegend is False
    named = {note.text: note.font.color for note in figure.layout.annotations}
    assert named == {
        "Women and girls": theme.LIGHT.categories[0],
        "Men and boys": theme.LIGHT.categories[1],
    }


def test_names_that_would_overlap_are_moved_apart() -> None:
    rows = [(str(y), code, 100.0, "") for y in (2023, 2024) for code in ("female", "male", "other")]
    places = sorted(note.y for note in chart(rows, ("period", "gender")).layout.annotations)
    assert all(later - earlier > 5 for earlier, later in itertools.pairwise(places))


def test_events_are_thin_dotted_verticals_with_a_number_explained_below() -> None:
    event = Event(1, datetime.date(2022, 3, 1), "Safe <b>Harbour</b> Act", "Example")
    figure = chart(events=[event])
    [line] = [shape for shape in figure.layout.shapes if shape.type == "line"]
    assert (line.x0, line.x1, line.line.dash) == ("2022-03-01", "2022-03-01", theme.DASH_EVENT)
    assert [note.text for note in figure.layout.annotations] == ["1"]
    assert "1. 1 March 2022: Safe &lt;b&gt;Harbour" in listed([event])


def test_provisional_periods_stand_on_shade() -> None:
    [shade] = [shape for shape in chart().layout.shapes if shape.type == "rect"]
    assert (shade.x0, shade.x1) == ("2024-01-01", "2025-01-01")


def test_the_theme_is_followed() -> None:
    assert strokes(chart(palette=theme.DARK))[0].line.color == theme.DARK.brand


def test_only_published_columns_travel_to_the_browser() -> None:
    sent = json.loads(chart().to_json())
    assert all("customdata" not in trace and "meta" not in trace for trace in sent["data"])


@pytest.mark.parametrize("by", [("gender",), ("period", "gender", "status")])
def test_other_shapes_of_answers_are_a_programming_error(by) -> None:
    with pytest.raises(ValueError, match="at most one dimension"):
        chart([(*("2024", "female", "confirmed")[: len(by)], 12.0, "")], by)


def test_many_lines_become_panels_of_one_scale() -> None:
    codes = CATALOG.dimensions["form"].codes
    rows = [(str(y), code, None if code == "other" else 10.0 + n, "c" if code == "other" else "")
            for y in (2022, 2023, 2024) for n, code in enumerate(codes)]  # fmt: skip
    figure = small_multiples(made.answer(("period", "form"), rows), CATALOG, words=made.words)
    ranges = {tuple(figure.layout[f"yaxis{n or ''}"].range) for n in (0, *range(2, len(codes) + 1))}
    assert len(ranges) == 1
    said = [note.text for note in figure.layout.annotations]
    assert "Forced labour" in said and sum("not shown" in one for one in said) == 1


def test_years_are_laid_over_each_other_with_the_newest_in_the_brand_colour() -> None:
    rows = [(f"{y}-{m:02d}", 20.0 + m, "") for y in range(2020, 2026) for m in range(1, 13)]
    figure = years_chart(made.answer(("period",), rows, period_level="month"), words=made.words)
    assert [trace.name for trace in figure.data] == ["2022", "2023", "2024", "2025"]
    assert figure.data[-1].line.color == theme.LIGHT.brand
    assert list(figure.data[-1].x) == list(range(1, 13))


def test_a_sparkline_breaks_at_gaps_and_says_nothing_to_a_screen_reader() -> None:
    image = sparkline(made.answer(("period",), YEARS))
    svg = base64.b64decode(image.split("base64,")[1].split('"')[0]).decode()
    assert svg.count("<polyline") == 2, "2020–2021 and 2023–2024; nothing across the hidden year"
    assert svg.count("stroke-dasharray") == 1
    assert 'alt=""' in image
