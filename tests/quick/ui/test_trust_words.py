"""Words of the Data quality page: rules, metrics, shares, freshness."""

import re
import tomllib

import pytest

from analysis import load_catalog
from analysis.answers.visibility import ShownShare
from analysis.findings.sentences import say
from analysis.findings.topics import quality
from analysis.release.places import Area, Geography
from analysis.release.release import Collection
from analysis.topics.data_quality import Doubt, Orphans, Published, Rejection
from analysis.topics.rule_words import RULE_WORDS, rule_words
from etl.contracts import rules as contracts
from etl.mart import anonymity
from tests.support import PROJECT
from ui import theme
from ui.topics.data_quality import loaded, shown

GEOGRAPHY = Geography(
    "g", [Area("R", "Region", 0, "region", None, False), Area("C", "C", 1, "county", "R", False)]
)


def own_rules() -> set[str]:
    """Return the rules that tables of the catalog name."""
    files = (PROJECT / "data" / "catalog" / "tables").glob("*.toml")
    tables = [tomllib.loads(file.read_text("utf-8")) for file in files]
    return {rule["name"] for table in tables for rule in table.get("rule", [])}


def test_every_rule_that_turns_rows_away_has_words_on_the_page() -> None:
    assert set(RULE_WORDS) == {*contracts.RULES, *own_rules()}


def test_a_rule_nobody_has_put_into_words_speaks_by_its_name() -> None:
    assert rule_words("shoe_size_disagrees") == "Shoe size disagrees"


def test_every_metric_of_the_anonymity_report_has_words() -> None:
    catalog = load_catalog()
    report = anonymity.AnonymityReport(
        records=2,
        groups=1,
        smallest_group=2,
        unique_share=0.0,
        below_5_share=1.0,
        below_11_share=1.0,
        smallest_diversity={"status": 1, "identified_by": 1},
        undivided_share={"status": 1.0, "identified_by": 1.0},
    )
    words = [loaded.metric_words(metric, catalog) for metric, _ in report.rows()]
    assert len(set(words)) == len(words)
    assert all(word.startswith(("Records", "Fewest")) and "_" not in word for word in words), words


def test_reasons_for_turning_rows_away_are_counted_or_named() -> None:
    def rejection(rule: str) -> Rejection:
        return Rejection("Police", "person", rule, "age", "10")

    one = say(quality.rows_turned_away([rejection("missing"), rejection("missing")]))
    assert one == "Some rows were turned away: a required value is missing."
    two = say(quality.rows_turned_away([rejection("missing"), rejection("negative")]))
    assert two == "Some rows were turned away: a required value is missing or the number is below zero."
    many = say(quality.rows_turned_away([rejection(rule) for rule in list(RULE_WORDS)[:6]]))
    assert many == "Some rows were turned away, for six reasons."


@pytest.mark.parametrize(
    ("provisional", "sentence"),
    [
        ((), "Figures run to December 2025."),
        (("2025-12",), "Figures run to December 2025; December 2025 is provisional."),
        (("2025-07", "2025-12"), "Figures run to December 2025; July to December 2025 are provisional."),
        (
            ("2024-12", "2025-01"),
            "Figures run to December 2025; December 2024 to January 2025 are provisional.",
        ),
        (("2025",), "Figures run to December 2025; 2025 is provisional."),
    ],
)
def test_freshness_names_what_may_still_change(provisional, sentence) -> None:
    collection = Collection(
        "own", "Own", "person", "g", "people", True, True, "month", "2021-01", "2025-12", ""
    )
    assert say(quality.freshness(collection, provisional)) == sentence


ROWS = [
    ShownShare("", "year", None, 10, 10),
    ShownShare("", "year", 1, 50, 50),
    ShownShare("form", "year", 1, 310, 400),
    ShownShare("", "month", None, 120, 120),
    ShownShare("", "month", 1, 6, 600),
]


def test_how_much_is_shown_is_said_by_level_of_area() -> None:
    told = say(quality.numbers_shown(ROWS, "year", GEOGRAPHY))
    assert told == "Of yearly numbers, 80% can be shown by county."
    assert (
        say(quality.numbers_shown(ROWS, "month", GEOGRAPHY))
        == "Of monthly numbers, 1% can be shown by county."
    )


def test_without_areas_the_whole_region_is_said() -> None:
    rows = [row for row in ROWS if row.area_level is None]
    told = say(quality.numbers_shown(rows, "month", None))
    assert told == "Of monthly numbers, 100% can be shown for the whole region."


def test_what_names_something_not_held_is_said_by_its_rows_or_its_tables() -> None:
    def orphans(table: str) -> Orphans:
        return Orphans(table, "Reference", "Investigations", "Police", "80")

    told = say(quality.rows_unlinked([orphans("Charges")]))
    assert told == "About 80 rows of charges name investigations that we do not hold."
    told = say(quality.rows_unlinked([orphans("Charges"), orphans("Reports")]))
    assert told == "Some rows of charges and reports name something that we do not hold."
    told = say(quality.rows_unlinked([orphans(name) for name in ("Charges", "Reports", "Needs", "Sites")]))
    assert told == "Some rows of four tables name something that we do not hold."


def test_sources_whose_figures_look_strange_are_named_once() -> None:
    told = say(quality.figures_doubted([Doubt("the FBI", "a"), Doubt("the FBI", "b")]))
    assert told == "Some figures of the FBI look strange; check them before you use them."


def test_figures_of_others_are_counted_and_their_sources_named() -> None:
    def published(source: str) -> Published:
        return Published("Offences", source, "offences", ("2020", "2024"), 3, 0.0)

    assert say(quality.figures_published([published("FBI")])) == (
        "One measure is shown as others published it: FBI."
    )
    assert say(quality.figures_published([published(name) for name in "ABCD"])) == (
        "Four measures are shown as others published them: four sources."
    )


def test_what_was_loaded_is_counted_in_words() -> None:
    assert say(quality.tables_loaded([])) == "No tables hold rows."
    assert say(quality.records_alike({"records_unique": "50 %"})) == (
        "50% of records are unique on five facts. That is why single records are never released."
    )
    assert say(quality.records_alike({})).startswith("Many records are unique")


def test_a_bar_is_as_wide_as_its_share_and_the_number_stands_beside() -> None:
    html = shown.drawn(ROWS, "year", load_catalog(), GEOGRAPHY, theme.LIGHT)
    assert re.findall(r"width:([\d.]+)%", html) == ["100.0", "80.0", "100.0", "100.0", "77.5"]
    assert "78%" in html and "not asked" in html, "a whole-region number by form is not among the rows"
    assert '<th scope="row">Form of exploitation</th>' in html


def test_the_table_behind_holds_every_level() -> None:
    table = shown.table(ROWS, load_catalog(), GEOGRAPHY)
    assert table.columns == ("Period", "Divided by", "Whole region", "County")
    assert table.rows == (
        ("Year", "All of these", "100%", "80%"),
        ("Year", "Nothing more", "100%", "100%"),
        ("Year", "Form of exploitation", "not asked", "78%"),
        ("Month", "All of these", "100%", "1%"),
        ("Month", "Nothing more", "100%", "1%"),
    )
