"""Outcomes, feedback, survey, barriers, interviews: what is refused, what the mart holds, what is planted."""

from collections.abc import Callable
from datetime import date
from functools import cache
from typing import Any

import polars as pl
import pytest

from analysis import open_release
from etl.config import home_at
from etl.demonstration import load_facts, load_region
from etl.store import warehouse
from tests.demonstration import demonstration_home
from tests.etl.made_topics import Office, Sheets, expect_planted, refused, sheets

FACTS = load_facts()
GOOD: dict[str, dict[str, str]] = {
    "outcome": {"period": "2025-03", "domain": "housing", "change": "improved"},
    "feedback": {
        "period": "2025-03", "service_type": "legal", "invited": "40", "answered": "20", "satisfied": "15",
    },
    "survey_item": {
        "period": "2024", "item": "knows_signs", "n": "400", "percent": "31.5",
        "ci_low": "27", "ci_high": "36",
    },
    "barrier": {"period": "2025-03", "level": "person", "barrier": "language"},
    "interview_theme": {"period": "2025-03", "theme": "waiting", "level": "provider", "mentions": "14"},
}  # fmt: skip


def rejected(table: str, **changed: str | None) -> list[tuple[int, str, str]]:
    """Return line, rule and column of what a good row and a changed one lead to."""
    return refused(table, GOOD[table], GOOD[table] | {"period": "2024-01"} | changed)


@pytest.mark.parametrize("table", GOOD)
def test_good_rows_pass(table: str) -> None:
    assert rejected(table) == []


@pytest.mark.parametrize(
    ("table", "changed", "rule", "column"),
    [
        ("feedback", {"satisfied": "21"}, "satisfied_above_answered", "satisfied"),
        ("feedback", {"answered": "41"}, "answered_above_invited", "answered"),
        ("feedback", {"invited": "-4"}, "negative", "invited"),
        ("feedback", {"satisfied": "1.5"}, "not_a_whole_number", "satisfied"),
        ("feedback", {"invited": "<5"}, "hidden_by_publisher", "invited"),
        ("feedback", {"service_type": "spa"}, "unknown_code", "service_type"),
        ("survey_item", {"percent": "104"}, "above_maximum", "percent"),
        ("survey_item", {"percent": "-1"}, "negative", "percent"),
        ("survey_item", {"n": None}, "missing", "n"),
        ("survey_item", {"n": "12"}, "below_minimum", "n"),
        ("survey_item", {"period": "2031"}, "future_period", "period"),
        ("survey_item", {"ci_low": "37", "ci_high": "36", "percent": "36"}, "limits_crossed", "ci_low"),
        ("survey_item", {"percent": "50"}, "share_outside_limits", "percent"),
        ("survey_item", {"item": "likes_cats"}, "unknown_code", "item"),
        ("outcome", {"domain": "happiness"}, "unknown_code", "domain"),
        ("outcome", {"change": "much better"}, "unknown_code", "change"),
        ("outcome", {"change": None}, "missing", "change"),
        ("barrier", {"barrier": "weather"}, "unknown_code", "barrier"),
        ("barrier", {"barrier": "stigma"}, "barrier_of_another_level", "barrier"),
        ("barrier", {"barrier": "no_place"}, "barrier_of_another_level", "barrier"),
        ("interview_theme", {"mentions": "-1"}, "negative", "mentions"),
        ("interview_theme", {"theme": "she said"}, "unknown_code", "theme"),
    ],
)
def test_what_cannot_be_is_refused_with_line_rule_and_column(
    table: str, changed: dict[str, str | None], rule: str, column: str
) -> None:
    assert rejected(table, **changed) == [(3, rule, column)]


@pytest.mark.parametrize("table", ["feedback", "interview_theme", "survey_item"])
def test_the_same_numbers_twice_in_one_file_are_counted_once(table: str) -> None:
    [(line, rule, _)] = rejected(table, period=GOOD[table]["period"])
    assert (line, rule) == (3, "duplicate_key")


def test_a_blank_and_the_code_for_it_are_one_key() -> None:
    good = GOOD["interview_theme"]
    found = refused("interview_theme", good, good | {"respondent": "not_recorded"})
    assert [(line, rule) for line, rule, _ in found] == [(3, "duplicate_key")]


FEEDBACK = "period,service_type,invited,answered,satisfied"


def test_numbers_of_people_become_one_record_each(office: Office) -> None:
    office.send("feedback", FEEDBACK, ["2025-03,legal,40,20,15", "2025-06,legal,9,3,0"])
    assert office.query(
        "SELECT feedback_answer::VARCHAR, count(*), count(DISTINCT feedback_key) FROM mart.feedback "
        "GROUP BY 1 ORDER BY 1"
    ) == [("no_answer", 26, 26), ("not_satisfied", 8, 8), ("satisfied", 15, 15)]


def test_a_corrected_number_takes_the_place_of_the_old_one_and_keeps_the_keys(office: Office) -> None:
    office.send("feedback", FEEDBACK, ["2025-03,legal,40,20,15"])
    before = {key for (key,) in office.query("SELECT feedback_key FROM mart.feedback")}
    office.send("feedback", FEEDBACK, ["2025-03,legal,41,20,16"])
    after = {key for (key,) in office.query("SELECT feedback_key FROM mart.feedback")}
    assert len(after) == 41
    assert before < after
    assert office.query("SELECT count(*) FROM mart.feedback WHERE feedback_answer = 'satisfied'") == [(16,)]


def test_nobody_asked_is_no_record(office: Office) -> None:
    office.send("feedback", FEEDBACK, ["2025-03,legal,0,0,0"])
    assert office.query("SELECT count(*) FROM mart.feedback") == [(0,)]


def test_outcomes_keep_no_reference_and_the_latest_row_holds(office: Office) -> None:
    rows = [
        "A1,C1,2025-03-14,Birch End,housing,same",
        "A1,C1,2025-03-20,Birch End,housing,improved",
        "A2,C1,2025-03-20,,safety,worse",
    ]
    office.send("outcome", "outcome_ref,person_ref,period,area,domain,change", rows)
    assert office.query(
        "SELECT outcome_domain::VARCHAR, outcome_change::VARCHAR, area_code, period_start FROM mart.outcome "
        "ORDER BY 1"
    ) == [
        ("housing", "improved", "R12", date(2025, 3, 1)),
        ("safety", "worse", "not_recorded", date(2025, 3, 1)),
    ]
    assert not any("A1" in str(row) or "C1" in str(row) for row in office.query("SELECT * FROM mart.outcome"))


def test_a_share_of_the_public_becomes_two_numbers_and_the_whole_region_is_not_counted_twice(
    office: Office,
) -> None:
    waves = ["2024,R1,200,30", "2024,R2,100,45", "2024,,300,35", "2025,,300,40"]
    office.send(
        "survey_item",
        "period,area,n,percent,item,group",
        [f"{wave},knows_signs,main_language" for wave in waves],
        months="2024-01..2025-12",
        resolution="year",
    )
    assert office.query(
        "SELECT measure, period, area_code, value FROM mart.figure WHERE measure LIKE 'survey%' "
        "ORDER BY measure, period, area_code"
    ) == [
        ("survey_agreeing", "2024", "R1", 60.0), ("survey_agreeing", "2024", "R2", 45.0),
        ("survey_agreeing", "2025", None, 120.0), ("survey_answered", "2024", "R1", 200.0),
        ("survey_answered", "2024", "R2", 100.0), ("survey_answered", "2025", None, 300.0),
    ]  # fmt: skip


def test_bad_rows_are_named_by_line_rule_and_column_and_words_in_a_file_are_refused(office: Office) -> None:
    office.send("feedback", FEEDBACK, ["2025-03,legal,40,20,15", "2025-04,legal,4040,20,25"])
    assert office.query("SELECT table_name, line, rule, column_name FROM mart.rejected_row") == [
        ("feedback", 3, "satisfied_above_answered", "satisfied")
    ]
    story = "She told me that she had run away from the house at night and that nobody believed her at first"
    told = office.offer("barrier", "period,level,barrier,notes", [f"2025-03,person,shame,{story}"])
    assert told.code == 1
    assert "notes" in told.values["error"]
    assert "run away" not in told.out + told.err


# ---- planted facts

TABLES = ("outcome", "feedback", "survey_item", "barrier", "person")


@cache
def planted() -> Sheets:
    return sheets(FACTS, *TABLES)


@cache
def without(fact: str) -> Sheets:
    """Run the generator with one fact switched off."""
    off: dict[str, dict[str, Any]] = {
        "outcome_least_improved": {"improved": 0.58},
        "feedback_hardly_answered": {"answered": 0.47},
        "stigma_falls": {"change_a_wave": 0.0},
        "leading_barrier": {"times_as_often": 1.0},
        "low_reporting": {"self_reported_kept": 1.0, "believes_less": 0.0},
    }
    return sheets(FACTS.with_planted(fact, **off[fact]), *TABLES)


def least(found: Sheets) -> float:
    assessed = found["outcome"].filter(pl.col("change") != "not_assessed")
    shares = dict(assessed.group_by("domain").agg((pl.col("change") == "improved").mean()).rows())
    domain = FACTS["outcome_least_improved"]["domain"]
    return shares.pop(domain) - min(shares.values())


def response(found: Sheets) -> float:
    rows = found["feedback"].filter(
        pl.col("service_type") == FACTS["feedback_hardly_answered"]["service_type"]
    )
    return rows["answered"].cast(pl.Int64).sum() / rows["invited"].cast(pl.Int64).sum()


def _agree(rows: pl.DataFrame) -> float:
    n, percent = rows["n"].cast(pl.Float64), rows["percent"].cast(pl.Float64)
    return (n * percent).sum() / n.sum() / 100


def stigma(found: Sheets) -> float:
    fact = FACTS["stigma_falls"]
    rows = found["survey_item"].filter(pl.col("item") == fact["item"])
    last = rows["period"].max()
    return _agree(rows.filter(pl.col("period") == last)) - _agree(
        rows.filter(pl.col("period") == str(fact["from_wave"]))
    )


def barrier(found: Sheets) -> float:
    notes = found["barrier"].filter(pl.col("level") == "person")["barrier"].value_counts()
    counts = dict(notes.rows())
    return counts.pop(FACTS["leading_barrier"]["barrier"]) / max(counts.values())


def told(found: Sheets) -> float:
    region = load_region()
    county = FACTS["low_reporting"]["county"]
    codes = {name: d.county for d in region.districts for name in (d.code, d.name)}
    people = (
        found["person"]
        .with_columns(county=pl.col("area").replace_strict(codes, default=None))
        .group_by("person_ref")
        .agg(pl.col("county", "identified_by").drop_nulls().first())
        .drop_nulls()
    )
    is_told, is_here = pl.col("identified_by") == "self_or_public", pl.col("county") == county
    return (
        people.filter(is_here).select(is_told.mean()).item()
        / people.filter(~is_here).select(is_told.mean()).item()
    )


def belief(found: Sheets) -> float:
    rows = found["survey_item"].filter(pl.col("item") == "happens_here")
    is_here = pl.col("area") == FACTS["low_reporting"]["county"]
    return _agree(rows.filter(is_here)) - _agree(rows.filter(~is_here))


FOUND: list[tuple[str, str, Callable[[Sheets], float]]] = [
    ("outcome_least_improved", "found", least),
    ("feedback_hardly_answered", "found", response),
    ("stigma_falls", "found", stigma),
    ("leading_barrier", "found", barrier),
    ("low_reporting", "found", told),
    ("low_reporting", "found_belief", belief),
]


@pytest.mark.parametrize(("fact", "key", "find"), FOUND, ids=lambda value: getattr(value, "__name__", value))
def test_each_planted_fact_is_found_and_only_where_it_was_planted(
    fact: str, key: str, find: Callable[[Sheets], float]
) -> None:
    expect_planted(FACTS[fact][key], find(planted()), find(without(fact)))


# ---- the demonstration's release


def _rows(query: str) -> list[tuple[Any, ...]]:
    home = home_at(demonstration_home())
    with warehouse.connect(warehouse.current(home)) as connection:
        return connection.execute(query).fetchall()


def _released(query: str) -> list[tuple[Any, ...]]:
    return open_release(demonstration_home() / "release" / "public").rows(query)


@pytest.mark.parametrize(
    ("subject", "dimensions"),
    [
        ("outcome", ("outcome_domain", "outcome_change")),
        ("feedback", ("service_type", "feedback_answer")),
        ("barrier", ("barrier_setting", "barrier")),
        ("interview", ("interview_theme", "barrier_setting", "respondent_kind")),
    ],
)
def test_cells_are_a_recount_within_the_noise_and_none_is_small(
    subject: str, dimensions: tuple[str, ...]
) -> None:
    listed = ", ".join(f"{name}::VARCHAR" for name in dimensions)
    true = {
        (str(year), *codes): number
        for year, *codes, number in _rows(
            f"SELECT reference_year, {listed}, count(*) FROM mart.{subject} GROUP BY ALL"
        )
    }
    names = [name for (name,) in _released(f"SELECT column_name FROM (DESCRIBE cell_{subject})")]
    fixed = ("collection", "period_level", "period", "area_level", "area", "value", "marker")
    others = [name for name in names if name not in (*fixed, *dimensions)]
    given = " AND ".join(
        [f"{name} IS NOT NULL" for name in dimensions] + [f"{name} IS NULL" for name in others]
    )
    cells = _released(
        f"SELECT period, {', '.join(dimensions)}, value FROM cell_{subject} "
        f"WHERE period_level = 'year' AND area_level IS NULL AND {given}"
    )
    assert len(cells) >= 20
    for *place, value in cells:
        assert value >= 10
        assert abs(value - true[tuple(place)]) <= 5


def test_the_survey_passes_as_it_was_published_and_names_no_organisation() -> None:
    rows = planted()["survey_item"]
    [(asked,)] = _released("SELECT sum(value) FROM observation WHERE measure = 'survey_answered'")
    assert asked == rows["n"].cast(pl.Int64).sum()
    names = [name for (name,) in _released("SELECT column_name FROM (DESCRIBE observation)")]
    assert "organisation" not in names
