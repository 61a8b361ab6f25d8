"""What a release says about itself: who reported, what was loaded, what is held, how much can be shown."""

from dataclasses import replace

import pytest

from analysis import Question, answer, load_catalog, open_release
from analysis.answers.finest_level import shown
from analysis.answers.visibility import ShownShare, shown_shares, together
from analysis.errors import QuestionError
from analysis.findings.coverage import what_is_missing
from analysis.findings.sentences import say
from analysis.topics import data_quality as trust
from tests.example_release import COLLECTION, CONTRIBUTORS, OTHER_COLLECTION
from tests.release_states import make

MEASURES = {"person": "detected_persons", "referral": "referrals_made"}


def test_a_contributor_that_went_silent_is_named_with_its_last_month(release) -> None:
    roster = trust.contributors(release, COLLECTION)
    assert [one.source for one in roster] == sorted(CONTRIBUTORS)
    [stopped] = [one for one in roster if one.has_stopped]
    assert (stopped.label, stopped.last_month, stopped.months) == ("County health", "2024-06", 42)
    assert say(what_is_missing(release, COLLECTION, 6)).startswith(
        "County health stopped reporting after June 2024,"
    )


@pytest.mark.parametrize(
    ("as_of", "last", "words"),
    [
        ("2025-12-31", "2025-12", "2025 is still incomplete"),
        ("2025-12-31", "2025-09", "2025 is still incomplete"),
        ("2025-12-31", "2025-03", "figures end in March 2025"),
        ("2026-12-31", "2025-12", "so numbers since then may be too low."),
    ],
)
def test_a_year_is_incomplete_only_while_its_months_are_provisional(
    release, monkeypatch: pytest.MonkeyPatch, as_of: str, last: str, words: str
) -> None:
    own = [replace(one, last_closed_month=last) for one in release.collections]
    monkeypatch.setattr(release, "collections", own)
    monkeypatch.setattr(type(release), "as_of", as_of)
    said = say(what_is_missing(release, COLLECTION, 6))
    assert words in said
    assert ("still incomplete" in said) == ("still incomplete" in words)
    assert ("figures end" in said) == ("figures end" in words)


def test_nobody_is_said_to_be_missing_where_no_roster_is_kept(release) -> None:
    told = say(what_is_missing(release, OTHER_COLLECTION, 0))
    assert told.startswith("Who reports in which month is not known")


def test_a_collection_without_a_roster_has_no_contributors(release) -> None:
    assert trust.contributors(release, OTHER_COLLECTION) == ()
    assert trust.contributors(release, "unknown") == ()


def test_loads_are_of_sources_that_were_read_and_count_rows_of_figures_of_others(release) -> None:
    loads = {one.label: one for one in trust.loads(release)}
    assert set(loads) == {"Northern police", "FBI human trafficking offences"}
    police, fbi = loads["Northern police"], loads["FBI human trafficking offences"]
    assert police.rows is None, "how many rows own records have stays with their keepers"
    assert fbi.rows == trust.RowCounts("36", "30", "1", "2", "3")
    assert [(one.label, one.reason, one.rows) for one in trust.left_out(release)] == [
        ("FBI human trafficking offences", "totals", "3")
    ]
    assert police.covers == ("2021-01", "2025-12") and police.loaded_on == "2026-01-10"


def test_rejections_name_source_column_and_rule_and_never_a_value(release) -> None:
    assert [(one.label, one.column, one.rule, one.rows) for one in trust.rejections(release)] == [
        ("Northern police", "period", "period_not_in_future", "54"),
        ("Harbour House", "gender", "known_code", "fewer than 10"),
    ]


def test_held_and_revised(release) -> None:
    assert trust.held(release) == (("person", "34"),)
    assert trust.waiting(release) == (("34", ("person",)),)
    assert trust.revisions(release) == (("person", "2023", 1, "2025-02-01"),)


def test_provisional_periods_are_those_that_are_marked(release) -> None:
    [months] = answer([Question("detected_persons", ["period"], period_level="month")], release)
    assert trust.provisional(months) == tuple(f"2025-{month:02d}" for month in range(7, 13))
    [years] = answer([Question("detected_persons", ["period"])], release)
    assert trust.provisional(years) == ("2025",)


def test_published_figures_say_what_they_cover_and_what_is_missing(release, catalog) -> None:
    known, cleared = trust.published(release, catalog)
    assert (known.label, known.source) == (
        catalog.measures["fbi_offences_known"].label,
        "FBI human trafficking offences",
    )
    assert (known.covers, known.areas, known.unit) == (("2021", "2025"), 3, "offences")
    assert known.missing_share == pytest.approx(1 / 15), "one county was silent in one of five years"
    assert cleared.label == catalog.measures["fbi_offences_cleared"].label


@pytest.mark.parametrize("state", ["example", "no_areas", "person_only"])
def test_shares_that_can_be_shown_are_those_a_question_would_give(tmp_path, state) -> None:
    """The quick count of cells against the slow way: asking every question."""
    release, catalog = open_release(make(state, tmp_path / state)), load_catalog()
    compared = 0
    for collection in release.collections:
        for row in shown_shares(release, catalog, collection):
            if row.split == "source" and not release.contributors(collection.collection):
                assert row.total == 0
                continue
            by = ["period", *(["area"] if row.area_level else []), *filter(None, [row.split])]
            asked = Question(
                MEASURES[collection.subject],
                by,
                period_level=row.period_level,
                area_level=row.area_level,
                collection=collection.collection,
            )
            assert shown(asked, release) == (row.shown, row.total), row
            compared += 1
    assert compared > 10


def test_what_is_not_listed_cannot_be_asked(release, catalog) -> None:
    """Every combination that is missing from the shares is one that `answer` refuses."""
    own = release.collections[0]
    listed = {(row.split, row.period_level, row.area_level) for row in shown_shares(release, catalog, own)}
    assert ("sector", "month", None) in listed and ("sector", "month", 1) not in listed
    with pytest.raises(QuestionError):
        answer(
            [Question("detected_persons", ["period", "area", "sector"], period_level="month", area_level=1)],
            release,
        )


def test_the_exact_release_hides_nothing(exact_folder, catalog) -> None:
    release = open_release(exact_folder)
    assert all(row.share == 1 for row in shown_shares(release, catalog, release.collections[0]) if row.total)


def test_finer_is_never_shown_more(release, catalog) -> None:
    rows = {
        (row.split, row.period_level, row.area_level): row.share
        for row in shown_shares(release, catalog, release.collections[0])
    }
    for split, level, place in rows:
        if place == 2:
            assert rows[split, level, 2] <= rows[split, level, 1]
    assert rows["form", "year", 1] >= rows["form", "quarter", 1] >= rows["form", "month", 1]


def test_shares_are_taken_together_by_their_numbers() -> None:
    rows = [ShownShare("", "year", None, 10, 10), ShownShare("form", "year", None, 0, 30)]
    assert together(rows) == 0.25
    assert together([]) == 0.0
