"""Data quality: who reported, how late, how completely, how much is shown, what was turned away."""

import csv
import hashlib
import html
import io
import json
import re

import pytest

from analysis import Question, answer, load_catalog
from analysis.answers.finest_level import shown
from tests.pages.conftest import said
from tests.release_states import make
from ui.cards import fact_card


def headlines(app) -> list[str]:
    return [html.unescape(one) for one in re.findall(r'ltt-headline">(.*?)</h[23]>', said(app))]


def rows_of(app, caption: str) -> list[list[str]]:
    """Return the cells of the table with that caption, header first."""
    text = next(part for part in said(app).split("<table>") if f"<caption><span>{caption}" in part)
    rows = re.findall(r"<tr>(.*?)</tr>", text.split("</table>")[0])
    plain = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row) for row in rows]
    return [[html.unescape(re.sub(r"<[^>]*>", "", cell)) for cell in row] for row in plain]


def test_the_page_opens_with_who_stopped_reporting_and_what_is_provisional(open_page) -> None:
    first, second, *_ = headlines(open_page("data_quality"))
    assert first.startswith("County health has not reported since June 2024.")
    assert second == "Figures run to December 2025. July to December 2025 are provisional."


def test_completeness_is_the_published_share_by_field(open_page, release) -> None:
    app = open_page("data_quality")
    [asked] = answer([Question("not_recorded_share", ["field"])], release)
    assert asked.sentence in headlines(app)
    [figure] = [one for one in app.get("plotly_chart") if "completeness" in one.proto.id]
    catalog = load_catalog()
    for field, value in asked.frame.select("field", "value").rows():
        assert catalog.dimensions[field].label in figure.proto.spec or value is None


@pytest.mark.parametrize("level", ["year", "quarter", "month"])
def test_the_share_that_can_be_shown_is_what_questions_would_show(open_page, release, level) -> None:
    app = open_page("data_quality", shown_by=level)
    adverb = {"year": "yearly", "quarter": "quarterly", "month": "monthly"}[level]
    header, *rows = rows_of(app, f"Share of {adverb} numbers that can be shown")
    assert header == ["Divided by", "Whole region", "County", "District"]
    found = {row[0]: row[1:] for row in rows}
    for label, by in {"Nothing more": [], "Gender": ["gender"], "Form of exploitation": ["form"]}.items():
        for place, cell in enumerate(found[label]):
            asked = Question(
                "detected_persons",
                ["period", *(["area"] if place else []), *by],
                period_level=level,
                area_level=place or None,
            )
            share = shown(asked, release).share
            assert cell == (f"{share:.0%}" if share in (0, 1) or 0.005 <= share < 0.995 else cell)


def test_an_unknown_level_in_the_address_is_told(open_page) -> None:
    app = open_page("data_quality", shown_by="week")
    assert any("‘week’ is not a choice" in one.value for one in app.warning)
    assert rows_of(app, "Share of yearly numbers that can be shown")


def test_own_rows_are_rounded_and_reasons_are_words(open_page) -> None:
    app = open_page("data_quality")
    loads = rows_of(app, "Rows read, accepted and turned away, by source")
    assert [
        "Northern police",
        "January 2021 to December 2025",
        "2,300",
        "2,200",
        "54",
        "10 January 2026",
    ] in loads
    reasons = rows_of(app, "Rows turned away, by reason")
    assert ["Period not in future", "People identified", "Period", "Northern police", "54"] in reasons


def test_every_table_has_its_rows_and_what_points_at_nothing(open_page) -> None:
    app = open_page("data_quality")
    span = "January 2021 to December 2025"
    tables = rows_of(app, "Rows loaded and turned away, by table")
    assert ["Charges", "Northern police", span, "300", "fewer than 10", "40"] in tables
    assert ["People identified", "Northern police", span, "1,900", "54", "Refers to none"] in tables
    _, *lost = rows_of(app, "Rows that point at nothing loaded, by column")
    assert lost == [
        ["Charges", "Reference of the investigation", "Investigations", "Northern police", "40"]
    ], "a number that is not told is not listed"


def test_completeness_can_be_asked_of_another_subject(open_page, release) -> None:
    app = open_page("data_quality", complete_of="not_recorded_share_referral")
    [asked] = answer([Question("not_recorded_share_referral", ["field"])], release)
    assert asked.sentence in headlines(app)
    [people] = answer([Question("not_recorded_share", ["field"])], release)
    assert people.sentence not in headlines(app)


def test_held_and_revised_records_are_said(open_page) -> None:
    rows = rows_of(open_page("data_quality"), "How late figures are")
    assert ["Late or corrected records that wait: people identified", "none or fewer than 10"] in rows
    assert ["People identified: 2023 was revised", "1 February 2025, revision 1"] in rows


def test_the_download_of_a_card_is_its_table(open_page, folder, monkeypatch) -> None:
    """The button hands over a function; what it writes are the cells on screen."""
    written: dict[str, bytes] = {}
    real = fact_card.st.download_button

    def pressed(label, content, **options):
        written[options["file_name"]] = content() if callable(content) else content
        return real(label, content, **options)

    monkeypatch.setattr(fact_card.st, "download_button", pressed)
    app = open_page("data_quality")
    for name, caption in {
        "data_quality_loads.csv": "Rows read, accepted and turned away, by source",
        "data_quality_rejected.csv": "Rows turned away, by reason",
        "data_quality_alike.csv": "How alike the records are",
    }.items():
        table = list(csv.reader(io.StringIO(written[name].decode())))
        assert table == rows_of(app, caption), name


def test_a_restricted_table_is_named_so_and_logged_before_it_leaves(
    open_page, steward_folder, tmp_path, monkeypatch
) -> None:
    log, written = tmp_path / "exports.log", {}
    real = fact_card.st.download_button

    def pressed(label, content, **options):
        written[options["file_name"]] = content
        return real(label, content, **options)

    monkeypatch.setattr(fact_card.st, "download_button", pressed)
    monkeypatch.setenv("LTT_EXPORT_LOG", str(log))
    open_page("data_quality", release_folder=steward_folder)
    content = written["RESTRICTED_data_quality_loads.csv"]()
    [line] = [json.loads(text) for text in log.read_text("utf-8").splitlines()]
    assert line["file"] == "RESTRICTED_data_quality_loads.csv"
    assert line["sha256"] == hashlib.sha256(content).hexdigest()


def test_another_collection_is_described_by_itself(open_page) -> None:
    app = open_page("data_quality", collection="outside_register")
    assert "Who reports in which month is not known for these figures." in said(app)
    assert "Share of yearly numbers that can be shown" in said(app)
    assert not app.get("button_group"), "there are only years to choose from"


def test_published_figures_alone_have_a_page_of_their_own(open_page, tmp_path) -> None:
    app = open_page("data_quality", release_folder=make("published_only", tmp_path / "public"))
    text = said(app)
    assert "No records of people are loaded" in text
    assert "2 measures were already public: FBI human trafficking offences." in headlines(app)
    rows = rows_of(app, "Figures of others, shown as they were published")
    assert rows[1][2:] == ["2021–2025", "3", "offences", "7%"]
    assert "How alike" not in text and "Not loaded yet" not in text


def test_the_place_of_a_table_is_told_when_the_release_lacks_it(open_page, tmp_path) -> None:
    app = open_page("data_quality", release_folder=make("person_only", tmp_path / "public"))
    text = said(app)
    assert "Who reports in which month is not known" in text
    assert "Every source, with the rows read and turned away would be here" in text
