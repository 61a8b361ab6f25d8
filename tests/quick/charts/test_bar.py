"""The bar chart: zero-based, by size, hatched where nothing is shown."""

from dataclasses import replace

import polars as pl
import pytest

from analysis import load_catalog
from analysis.findings.seasons import months_of_year, months_that_stand_out, periods_above
from tests.quick.charts import made
from ui import theme
from ui.charts.bars.bar import bar_chart, by_size
from ui.charts.time.months import months_chart

bar_chart = made.checked(bar_chart)
months_chart = made.checked(months_chart)

CATALOG = load_catalog()
_OTHER = made.words("form", "other")
FORMS = [
    ("sexual_exploitation", 100.0, ""),
    ("forced_labour", 300.0, "p"),
    ("domestic_servitude", 96.0, ""),
    ("criminal_exploitation", 104.0, ""),
    ("forced_marriage", None, "c"),
    ("other", 500.0, ""),
]


def chart(rows=FORMS, by="form", **more):
    return bar_chart(made.answer((by,), rows), CATALOG, words=made.words, **more)


def test_bars_start_at_zero_and_hold_published_values() -> None:
    figure = chart()
    assert figure.layout.xaxis.range[0] == 0
    assert dict(zip(figure.data[0].y, figure.data[0].x, strict=True))["Forced labour"] == 300
    assert figure.data[0].orientation == "h"


def test_bars_stand_by_size_with_other_and_what_is_not_shown_last() -> None:
    rows = list(made.answer(("form",), [*FORMS, ("not_recorded", 700.0, "")]).frame.iter_rows(named=True))
    assert [row["form"] for row in by_size(rows, "form")] == [
        "forced_labour",
        "criminal_exploitation",
        "sexual_exploitation",
        "domestic_servitude",
        "other",
        "not_recorded",
        "forced_marriage",
    ]


def test_areas_are_not_ranked() -> None:
    rows = [("TM1", 12.0, ""), ("TM2", 90.0, ""), ("TM3", 40.0, "")]
    order = list(chart(rows, "area").layout.yaxis.categoryarray)
    assert order == [made.words("area", code) for code in ("TM3", "TM2", "TM1")], "first on top"


def test_a_sum_of_only_a_part_carries_its_star() -> None:
    answer = made.answer(("form",), FORMS)
    frame = answer.frame.with_columns(cells_total=pl.when(pl.col("form") == "other").then(3).otherwise(1))
    drawn = bar_chart(replace(answer, frame=frame), CATALOG, words=made.words)
    numbers = dict(zip(drawn.data[1].y, drawn.data[1].text, strict=True))
    assert numbers[_OTHER].strip() == "500*" and numbers["Forced labour"].strip() == "300"
    assert (
        "sum of the 1 of 3 numbers that can be shown"
        in dict(zip(drawn.data[0].y, drawn.data[0].text, strict=True))[_OTHER]
    )


def test_a_pointer_beside_a_bar_says_its_number_with_unit_and_interval() -> None:
    figure = chart()
    assert figure.layout.hovermode == "y unified"
    words = dict(zip(figure.data[0].y, figure.data[0].text, strict=True))
    assert words["Forced labour"] == "300 people<br>95% interval 270–330<br>provisional"


def test_a_hidden_value_is_a_hatched_stub_of_fixed_length_with_words() -> None:
    stub = chart().data[-1]
    assert list(stub.y) == ["Forced marriage"] and list(stub.text) == ["not shown"]
    assert stub.marker.pattern.shape == "/"
    other = chart([*FORMS[:4], ("forced_marriage", None, "c"), ("forced_begging", None, "c")]).data[-1]
    assert len(set(other.x)) == 1, "the length says nothing"


def test_ordered_codes_keep_their_order() -> None:
    rows = [("0_8", 12.0, ""), ("9_17", 90.0, ""), ("18_23", 40.0, "")]
    assert list(chart(rows, "age_band").layout.yaxis.categoryarray) == ["18–23", "9–17", "0–8"], (
        "first on top"
    )


def test_whiskers_are_the_interval_and_exact_numbers_have_none() -> None:
    bars = chart().data[0]
    by_label = dict(zip(bars.y, bars.error_x.array, strict=True))
    assert (by_label["Forced labour"], by_label["Sexual exploitation"]) == pytest.approx((30, 10))
    exact = made.answer(("form",), FORMS)
    frame = exact.frame.with_columns(lower=exact.frame["value"], upper=exact.frame["value"])
    drawn = bar_chart(replace(exact, frame=frame), CATALOG, words=made.words)
    assert drawn.data[0].error_x.array is None, "no end caps without an interval"


def test_bars_of_a_provisional_period_are_lighter_all_of_them() -> None:
    firm = [(code, value, "" if value else "c") for code, value, _ in FORMS]
    assert chart().data[0].marker.opacity < chart(firm).data[0].marker.opacity


def test_numbers_have_room_beside_the_plot_however_narrow_it_is() -> None:
    short, long = chart(), chart([(code, value and value * 10_000, marker) for code, value, marker in FORMS])
    assert long.layout.margin.r >= short.layout.margin.r + 6 * 8, "5,000,000 needs six letters more than 500"
    top = max(row for row in long.data[0].x) * 1.1  # the made interval
    assert long.layout.xaxis.range[1] == pytest.approx(top * 1.02) and long.layout.xaxis.tickformat == "~s"


def test_codes_take_their_own_colours_only_where_asked() -> None:
    assert set(chart().data[0].marker.color) == {theme.LIGHT.brand}
    colours = dict(
        zip(chart(coloured=True).data[0].y, chart(coloured=True).data[0].marker.color, strict=True)
    )
    assert colours["Forced labour"] == theme.LIGHT.categories[1]


def test_a_table_of_two_dimensions_is_a_programming_error() -> None:
    with pytest.raises(ValueError, match="exactly one dimension"):
        bar_chart(made.answer(("form", "gender"), [("other", "male", 12.0, "")]), CATALOG, words=made.words)


def monthly(hidden: set[str] = frozenset()):
    rows = [
        (code, None if code in hidden else 20.0 + 30 * (m == 6), "c" if code in hidden else "p" * (y == 2025))
        for y in range(2020, 2026)
        for m in range(1, 13)
        for code in [f"{y}-{m:02d}"]
    ]
    return made.answer(("period",), rows, period_level="month")


def test_months_average_whole_firm_years_only() -> None:
    months = months_of_year(monthly(), cell_variance=3.0)
    assert months["years_total"].to_list() == [5] * 12, "2025 is provisional"
    june = months.row(5, named=True)
    assert june["value"] == 50 and june["month"] == 6
    assert june["upper"] - june["value"] == pytest.approx(1.959964 * (250 + 15) ** 0.5 / 5, rel=1e-6)
    assert months_that_stand_out(months) == ([6], [])


def test_a_month_shown_in_few_years_has_no_average() -> None:
    months = months_of_year(monthly({"2020-03", "2021-03", "2022-03"}), cell_variance=3.0)
    assert months.row(2, named=True)["value"] is None
    assert months_that_stand_out(months) == ([], [])
    figure = months_chart(months)
    assert list(figure.data[1].x) == ["Mar"] and figure.data[1].marker.pattern.shape == "/"


def test_too_few_years_give_no_months_at_all() -> None:
    short = made.answer(
        ("period",), [(f"2024-{m:02d}", 20.0, "") for m in range(1, 13)], period_level="month"
    )
    assert months_of_year(short, 3.0).is_empty()


def test_years_are_compared_by_firm_months_only() -> None:
    rows = [
        (f"{y}-{m:02d}", 20.0 + (y == 2025 and m < 4), "p" * (y == 2025 and m > 6))
        for y in (2024, 2025)
        for m in range(1, 13)
    ]
    assert periods_above(made.answer(("period",), rows, period_level="month")) == ("2025", "2024", 3, 6)
    assert periods_above(made.answer(("period",), [], period_level="month")) == ("", "", 0, 0)
