"""Data quality: who reported, how late, how completely, how much is shown, what was turned away."""

import csv
import hashlib
import html
import io
import json
import re
from pathlib import Path

import pytest

from analysis import Question, answer, load_catalog, open_release
from analysis.answers.finest_level import shown
from analysis.answers.visibility import shown_shares, together
from analysis.findings.groups import standard
from analysis.findings.scope import Scope
from analysis.findings.sentences import say
from tests.pages.conftest import headlines, said
from tests.release_states import changed, make
from ui.cards import buttons
from ui.view import hand_over

OPEN = ["coverage", "fresh", "completeness", "shown", "loads", "published"]
BEHIND = ["alike", "rejected", "left_out", "orphans", "tables"]
#: What only the keepers read: of the records that are kept.
OF_THE_KEEPERS = {"alike", "orphans"}
ADVERBS = {"year": "yearly", "quarter": "quarterly", "month": "monthly"}
#: A release in which a directory of services is all that is loaded.
ONLY_DIRECTORY = (
    *(f"DELETE FROM {table}" for table in ("collection", "observation", "coverage", "held", "revision")),
    *(f"DELETE FROM {table}" for table in ("anonymity", "rejected_summary", "orphan_summary", "area_shape")),
    *(f"DELETE FROM register_{name}" for name in ("action", "agreement", "award", "campaign", "indicator")),
    *(f"DELETE FROM {name} WHERE source_id <> 'tm_services'" for name in ("load_summary", "table_summary")),
    "DELETE FROM law_provision",
)


def rows_of(app, caption: str) -> list[list[str]]:
    """Return the cells of the table with that caption, header first."""
    text = said(app).split(f'role="region" aria-label="{caption}')[1]
    rows = re.findall(r"<tr>(.*?)</tr>", text.split("</table>")[0])
    plain = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row) for row in rows]
    return [[html.unescape(re.sub(r"<[^>]*>", "", cell)) for cell in row] for row in plain]


def own_sentence(release, measure: str) -> str:
    """Return what the finding of a measure by field says."""
    [asked] = answer([Question(measure, ["field"])], release)
    return say(standard(asked, Scope()))


def test_it_opens_with_what_a_meeting_needs_and_keeps_the_rest_behind(open_page) -> None:
    app = open_page("data_quality")
    assert list(headlines(app)) == OPEN
    assert set(headlines(open_page("data_quality", every_card=True))) == {*OPEN, *BEHIND}
    told = headlines(app)
    assert told["coverage"] == (
        "County health stopped reporting after June 2024, so numbers since then may be too low; "
        "2025 is still incomplete."
    )
    assert told["fresh"] == "Figures run to December 2025; July to December 2025 are provisional."


def test_every_headline_is_a_sentence_whose_numbers_its_card_shows(open_page, demonstration) -> None:
    app = open_page("data_quality", demonstration, every_card=True)
    assert set(headlines(app)) <= {*OPEN, *BEHIND} - OF_THE_KEEPERS
    assert set(headlines(app)) >= {*OPEN} - {"published"}
    for words in headlines(app).values():
        figures = re.findall(r"\d[\d,]*", re.sub(r"\(.*?\)|(\d+ \w+ )?\b20\d\d\b", "", words))
        assert words.endswith(".") and len(figures) <= 3, words
    shares = re.findall(r"\d+%", headlines(app)["shown"])
    assert shares == rows_of(app, "Share of yearly numbers")[1][2:], "the row of all together"
    assert "**Other units.**" in said(app)


def test_the_months_with_a_report_are_those_of_the_release(open_page, monkeypatch) -> None:
    monkeypatch.setattr(buttons, "shows_table", lambda _key: True)
    rows = rows_of(open_page("data_quality"), "Months with a report, by contributor")
    assert rows[0] == ["Contributor", "Months with a report", "Last report", "Now"]
    assert ["County health", "42 of 60", "June 2024", "Stopped"] in rows
    assert [row[3] for row in rows[1:]].count("Reporting") == 2


def test_completeness_is_the_published_share_by_field(open_page, release) -> None:
    app = open_page("data_quality")
    assert headlines(app)["completeness"] == own_sentence(release, "not_recorded_share")
    [asked] = answer([Question("not_recorded_share", ["field"])], release)
    [figure] = [one for one in app.get("plotly_chart") if "completeness" in one.proto.id]
    catalog = load_catalog()
    for field, value in asked.frame.select("field", "value").rows():
        assert catalog.dimensions[field].label in figure.proto.spec or value is None


def test_completeness_can_be_asked_of_another_subject(open_page, release) -> None:
    app = open_page("data_quality", complete_of="not_recorded_share_referral")
    assert headlines(app)["completeness"] == own_sentence(release, "not_recorded_share_referral")
    assert headlines(app)["completeness"] != own_sentence(release, "not_recorded_share")


@pytest.mark.parametrize("level", list(ADVERBS))
def test_the_share_that_can_be_shown_is_what_questions_would_show(open_page, release, level) -> None:
    app = open_page("data_quality", shown_by=level)
    header, *rows = rows_of(app, f"Share of {ADVERBS[level]} numbers that can be shown")
    assert header == ["Divided by", "Whole region", "County", "District"]
    cells = {row[0]: row[1:] for row in rows}
    for label, by in {"Nothing more": [], "Gender": ["gender"], "Form of exploitation": ["form"]}.items():
        for place, cell in enumerate(cells[label]):
            asked = Question(
                "detected_persons",
                ["period", *(["area"] if place else []), *by],
                period_level=level,
                area_level=place or None,
            )
            share = shown(asked, release).share
            assert cell == (f"{share:.0%}" if share in (0, 1) or 0.005 <= share < 0.995 else cell)
    every = [
        together(
            row
            for row in shown_shares(release, load_catalog(), release.collections[0])
            if (row.period_level, row.area_level) == (level, place)
        )
        for place in (1, 2)
    ]
    told = headlines(app)["shown"]
    for share, place in zip(every, ("county", "district"), strict=True):
        words = "under 1%" if 0 < share < 0.005 else f"{share:.0%}"
        assert re.search(rf"\b{words} (can be shown )?by {place}", told), told


def test_an_unknown_level_in_the_address_is_told(open_page) -> None:
    app = open_page("data_quality", shown_by="week")
    assert any("‘week’ is not a choice" in one.value for one in app.warning)
    assert rows_of(app, "Share of yearly numbers that can be shown")


def test_rows_add_up_own_ones_stay_with_their_keepers_and_reasons_are_words(open_page) -> None:
    app = open_page("data_quality", every_card=True)
    header, *loads = rows_of(app, "What became of each row, by source")
    assert header[2:7] == ["Rows in file", "Accepted", "In part", "Turned away", "Left out"]
    span = "January 2021 to December 2025"
    assert ["Northern police", span, *["–"] * 5, "10 January 2026"] in loads
    [fbi] = [row for row in loads if "FBI" in row[0]]
    in_file, *parts = map(int, fbi[2:7])
    assert in_file == sum(parts) == 36
    assert rows_of(app, "Rows left out, by source and reason")[1] == [fbi[0], "Totals", "3"]
    reasons = rows_of(app, "Rows turned away, by reason")
    assert ["Period not in future", "People identified", "Period", "Northern police", "54"] in reasons


def test_every_table_has_its_rows_and_what_names_something_not_held(open_page) -> None:
    app = open_page("data_quality", every_card=True)
    span = "January 2021 to December 2025"
    tables = rows_of(app, "Rows loaded and turned away, by table")
    assert ["Charges", "Northern police", span, "300", "fewer than 10", "40"] in tables
    assert ["People identified", "Northern police", span, "1,900", "54", "names no other table"] in tables
    _, *lost = rows_of(app, "Rows that name something we do not hold, by column")
    assert lost == [["Charges", "Reference of the investigation", "Investigations", "Northern police", "40"]]
    assert headlines(app)["orphans"] == "About 40 rows of charges name investigations that we do not hold."


def test_held_and_revised_records_are_said(open_page, demonstration) -> None:
    rows = rows_of(open_page("data_quality"), "How late figures are")
    held = "Late corrections, held until the next revision"
    assert [held, "People identified: 34"] in rows
    assert ["People identified: 2023 was revised", "1 February 2025, revision 1"] in rows
    rows = rows_of(open_page("data_quality", demonstration), "How late figures are")
    assert held not in {row[0] for row in rows}, "how many wait is for the keepers alone"


@pytest.fixture
def files(monkeypatch: pytest.MonkeyPatch) -> dict[str, object]:
    """Catch what the download buttons would hand over, by the card's key."""
    made: dict[str, object] = {}
    real = hand_over.button

    def caught(label: str, content: object, **options):
        made[options["key"].removesuffix("_download")] = (options["file_name"], content)
        return real(label, content, **options)

    monkeypatch.setattr(hand_over, "button", caught)
    return made


def test_the_download_of_a_card_is_its_table_and_says_what_it_is(open_page, files) -> None:
    """The button hands over a function; what it writes are the cells on screen, and what they are."""
    app = open_page("data_quality", every_card=True)
    for key, caption in {
        "loads": "What became of each row, by source",
        "rejected": "Rows turned away, by reason",
        "alike": "How alike the records are",
    }.items():
        name, content = files[key]
        assert name.startswith(f"data_quality_{key}_") and name.endswith(".csv")
        table = list(csv.reader(io.StringIO(content().decode())))
        width = len(rows_of(app, caption)[0])
        assert [row[:width] for row in table] == rows_of(app, caption), name
        beside = dict(zip(table[0][width:], table[1][width:], strict=True))
        assert beside["headline"] == headlines(app)[key] and "Synthetic data" in beside["remark"]


def test_a_restricted_table_is_named_so_and_logged_before_it_leaves(
    open_page, steward_folder, tmp_path, monkeypatch, files
) -> None:
    log = tmp_path / "access.log"
    monkeypatch.setenv("LTT_ACCESS_LOG", str(log))
    open_page("data_quality", release_folder=steward_folder)
    name, content = files["loads"]
    assert name.startswith("RESTRICTED_data_quality_loads")
    written = content()
    seen, line = [json.loads(text) for text in log.read_text("utf-8").splitlines()]
    assert (seen["event"], seen["name"]) == ("page", "data_quality")
    assert line["name"] == name
    assert line["sha256"] == hashlib.sha256(written).hexdigest()


def test_what_follows_no_filter_wears_its_chips(open_page) -> None:
    told = headlines(open_page("data_quality", area="C1", gender="female"))
    for key in ("coverage", "fresh", "shown", "loads"):
        assert told[key].endswith(("Whole regionAll genders", "All gendersWhole region")), told[key]
    assert "Whole region" not in told["completeness"]


def test_another_collection_is_described_by_itself(open_page) -> None:
    app = open_page("data_quality", collection="outside_register")
    assert headlines(app)["coverage"].startswith("Who reports in which month is not known")
    assert headlines(app)["fresh"].startswith("Figures run to ")
    assert "Share of yearly numbers that can be shown" in said(app)
    assert not app.get("button_group"), "there are only years to choose from"


def test_published_figures_alone_have_a_page_of_their_own(open_page, tmp_path) -> None:
    app = open_page("data_quality", release_folder=make("published_only", tmp_path / "public"))
    text = said(app)
    assert "Who reports on people, in which months and how late: nothing yet" in text
    assert "python -m etl template person" in text
    assert headlines(app)["published"] == (
        "Two measures are shown as others published them: FBI human trafficking offences."
    )
    rows = rows_of(app, "Figures of others, shown as they were published")
    assert rows[1][2:] == ["2021–2025", "3", "offences", "7%"]
    assert list(headlines(app)) == ["loads", "published"]
    assert "How complete" not in text


def test_a_directory_alone_is_a_source_and_no_record_of_people(open_page, demonstration, tmp_path) -> None:
    folder = changed(demonstration, tmp_path / "public", ONLY_DIRECTORY)
    app = open_page("data_quality", release_folder=folder)
    assert "in which months and how late: nothing yet" in said(app)
    assert headlines(app) == {"loads": "Figures come from one source, as of 31 December 2025."}
    assert len(rows_of(app, "What became of each row, by source")) == 2


def test_strange_figures_of_others_are_named_and_no_card_stands_without(
    open_page, demonstration: Path, tmp_path: Path
) -> None:
    told = [["fbi_offences", "offences: all 40 figures are multiples of <b>10</b>"]]
    for number, value in enumerate((json.dumps(told), "[]", "{", "[1]")):
        changes = (f"INSERT INTO info VALUES ('doubts', '{value}')",)
        folder = changed(demonstration, tmp_path / str(number), changes)
        app = open_page("data_quality", release_folder=folder)
        assert ("doubted" in headlines(app)) == (number == 0)
        if number:
            continue
        assert headlines(app)["doubted"].endswith("look strange; check them before you use them.")
        [_, [_, note]] = rows_of(app, "Figures of others that may be wrong, by source")
        assert note == "Offences: all 40 figures are multiples of <b>10</b>"
        assert "<b>10</b>" not in said(app)


def test_records_alone_say_what_is_not_known(open_page, tmp_path) -> None:
    app = open_page("data_quality", release_folder=make("person_only", tmp_path / "public"), every_card=True)
    assert list(headlines(app)) == ["coverage", "fresh", "completeness", "shown"]
    assert headlines(app)["coverage"].startswith("Who reports in which month is not known; ")
    assert "Where the figures come from" not in said(app), "nothing is listed"


def test_nothing_loaded_leads_to_one_next_step(open_page, tmp_path: Path) -> None:
    text = said(open_page("data_quality", release_folder=make("none", tmp_path / "none")))
    assert "No data has been published on this computer yet" in text


def test_no_caption_is_long(open_page, demonstration) -> None:
    captions = re.findall(r'class="ltt-caption">(.*?)</p>', said(open_page("data_quality", demonstration)))
    own, _sources = captions[:-1], captions[-1]
    words = said(open_page("data_quality", demonstration))
    whole = len(html.unescape(re.sub(r"<style.*?</style>|<[^>]*>", " ", words, flags=re.DOTALL)).split())
    assert sum(len(one.split()) for one in own) <= 0.15 * whole
    assert max(len(one.split()) for one in own) <= 20


def test_the_release_is_the_one_that_is_open(open_page, folder) -> None:
    """The oldest and the newest month of the coverage card are those of the release's own collection."""
    own = open_release(folder).collections[0]
    assert own.first_period == "2021-01" and own.last_closed_month == "2025-12"
    assert "January 2021 to December 2025" in said(open_page("data_quality"))
