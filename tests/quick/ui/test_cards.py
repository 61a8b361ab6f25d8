"""What a card says and hands over: caption, alt text, table, CSV."""

import datetime
from dataclasses import replace
from types import SimpleNamespace

import polars as pl
import pytest

from analysis import Answer, Filters, Question, load_catalog
from analysis.errors import LttError
from analysis.exports import ExportContext, ExportItem
from analysis.questions.filters import Choices
from analysis.release.observed import Series
from tests.quick.charts import made
from ui import format as text
from ui import theme
from ui.cards import card_file, words
from ui.cards import table as tables
from ui.view import registry
from ui.view.view import View

CATALOG = load_catalog()
ROWS = [("2023", 1240.0, ""), ("2024", None, "c"), ("2025", 1180.0, "p")]


@pytest.fixture
def view() -> View:
    filters = Filters(where=(("form", ("forced_labour",)),))
    choices = Choices({"C1": "Larkfield"}, {}, {}, "2023-01", "2025-12")
    return View(registry.HOME, CATALOG, None, filters, choices, theme.LIGHT)


def context(**changes) -> ExportContext:
    return ExportContext("Larkfield", "2026-01-15", "abc123", **changes)


def test_alt_text_says_finding_axes_extremes_and_what_is_missing(view) -> None:
    said = words.alt_text(view, made.answer(("period",), ROWS), "People identified fell")
    assert said == (
        "People identified fell. People identified by year. Lowest 1,180 (2025), highest 1,240 (2023). "
        "1 values are not shown."
    )


def test_a_table_has_words_units_and_no_inner_column(view) -> None:
    table = tables.readable(made.answer(("period",), ROWS), view.words, view.header)
    assert table.columns == ("Year", "People identified (people)", "95% interval", "Note")
    assert [row[0] for row in table.rows] == ["2025", "2024", "2023"], "the newest first"
    assert table.rows[0][3] == "provisional"
    assert table.rows[1] == ("2024", "not shown", "", ""), "said once"
    assert table.rows[2] == ("2023", "1,240", "1,116–1,364", "")


def test_a_table_has_no_column_that_says_nothing_and_marks_parts_of_sums(view) -> None:
    answer = made.answer(("form",), [("forced_labour", 1240.0, ""), ("other", None, "x")])
    frame = answer.frame.with_columns(cells_total=3)
    table = tables.readable(replace(answer, frame=frame), view.words, view.header)
    assert table.columns == ("Form of exploitation", "People identified (people)", "95% interval")
    assert [row[1] for row in table.rows] == ["1,240*", "not available"]


def test_table_text_is_never_markup(view) -> None:
    answer = made.answer(("source",), [("<b onclick=x>", 12.0, "")])
    html = tables.to_html(tables.readable(answer, view.words, view.header), "A <caption>")
    assert "<b onclick" not in html and "A &lt;caption&gt;" in html


def test_long_tables_say_how_many_rows_are_left_out() -> None:
    rows = tuple((str(n),) for n in range(tables.MOST_ROWS_ON_SCREEN + 25))
    html = tables.to_html(tables.Table(("n",), (False,), rows), "Long")
    assert html.count("<tr>") == tables.MOST_ROWS_ON_SCREEN + 1
    assert "25 more are in the download" in html


def test_the_file_of_a_card_says_what_the_figures_are_and_runs_nothing() -> None:
    answer = made.answer(("source",), [("=cmd|' /C calc'!A0", 12.0, ""), ("ok", None, "c")])
    csv = card_file.card_csv([ExportItem(answer)], context(synthetic=True)).decode()
    header, first, second = csv.splitlines()
    assert header.startswith(
        "measure,measure_label,area,area_label,source,value,denominator,lower,upper,marker"
    )
    assert "'=cmd" in first and ",=cmd" not in first
    assert "Reported is not prevalence" in first and "Synthetic data" in first
    assert ",,," in second, "a hidden value is an empty field"


def test_answers_of_different_shape_share_one_file() -> None:
    by_year = made.answer(("period",), ROWS)
    by_form = made.answer(("form",), [("forced_labour", 30.0, "")])
    items = [ExportItem(by_year), ExportItem(by_form)]
    lines = card_file.card_csv(items, context()).decode().splitlines()
    assert len(lines) == 1 + 3 + 1
    assert {"period", "form"} <= set(lines[0].split(","))


def test_a_restricted_file_is_stamped_and_not_handed_over_without_a_log(tmp_path, monkeypatch) -> None:
    answer, restricted = made.answer(("period",), ROWS), context(profile="steward", threshold=0)
    name = card_file.name("trends", "trend", restricted)
    assert name == "RESTRICTED_trends_trend_larkfield_abc123.csv"
    monkeypatch.delenv("LTT_ACCESS_LOG", raising=False)
    with pytest.raises(LttError, match="no log is set"):
        card_file.deliver([ExportItem(answer)], restricted, name)
    monkeypatch.setenv("LTT_ACCESS_LOG", str(tmp_path / "access.log"))
    assert b"do not share" in card_file.deliver([ExportItem(answer)], restricted, name)
    assert name in (tmp_path / "access.log").read_text()


def test_filters_a_measure_cannot_keep_are_named(view) -> None:
    assert view.left_out("referrals_made") == ["form of exploitation"]
    assert view.left_out("detected_persons") == []
    assert view.question("referrals_made", ["period"]).filters == {}
    assert view.question("detected_persons", ["period"]).filters == {"form": ("forced_labour",)}


def test_whole_years_read_as_years(view) -> None:
    assert view.sentence() == "Whole region · 2023–2025 · forced labour"


def test_links_hold_codes_and_nothing_else(view) -> None:
    assert view.link_to("trends", measure="child_share") == "trends?form=forced_labour&measure=child_share"


def test_a_page_without_a_release_has_no_answers(view) -> None:
    assert view.answer([Question("detected_persons")]) == []
    assert view.measures("trends") == ()
    assert view.freshness() == ""


@pytest.mark.parametrize(
    ("value", "kind", "written"),
    [
        (1240.0, "count", "1,240"),
        (None, "count", "not shown"),
        (61.0, "share", "61%"),
        (97.0, "share", "≥ 95%"),
        (3.14159, "rate", "3.1"),
        (128.0, "rate", "130"),
        (0.0456, "rate", "0.046"),
    ],
)
def test_values_are_written_by_their_kind(value, kind, written) -> None:
    assert text.value_text(value, kind) == written


def test_dates_and_intervals_are_written_out() -> None:
    assert text.date_text("2026-03-05") == text.date_text(datetime.date(2026, 3, 5)) == "5 March 2026"
    assert text.interval_text(56.0, 66.0, "share") == "56–66%"
    assert text.interval_text(1116.0, 1364.0, "count") == "1,116–1,364"
    assert text.interval_text(None, 3.0, "count") == ""


def test_answers_are_frames_without_people() -> None:
    assert isinstance(made.answer(("period",), ROWS), Answer)
    assert made.answer(("period",), ROWS).frame["value"].dtype == pl.Float64


def test_published_figures_name_the_periods_they_have(view) -> None:
    series = Series("fbi_offences", "fbi_offences_known", "us", "year", "2013", "2024", {})
    held = SimpleNamespace(observed={("fbi_offences", "fbi_offences_known"): series})
    seen = replace(view, release=held, filters=Filters())
    assert seen.described_for("fbi_offences_known") == "Whole region · 2013–2024"
    part = replace(seen, filters=Filters(periods=("2020", "2025")))
    assert part.described_for("fbi_offences_known") == "Whole region · 2020–2024"
    assert seen.described_for("detected_persons") == "Whole region · 2023–2025"
