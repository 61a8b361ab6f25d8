"""Words of the Data quality page: rules, metrics, shares, freshness."""

import re
import tomllib

import pytest
from ui.topics.methods.rule_words import RULE_WORDS, rule_words

from analysis import load_catalog
from analysis.answers.visibility import ShownShare
from analysis.release.places import Area, Geography
from analysis.release.release import Collection
from analysis.topics.data_quality import Rejection
from etl.contracts import check as contracts
from etl.load import staging
from etl.mart import anonymity
from tests.support import PROJECT
from ui import theme
from ui.topics.data_quality import shown_text, trust_text

GEOGRAPHY = Geography(
    "g", [Area("R", "Region", 0, "region", None, False), Area("C", "C", 1, "county", "R", False)]
)


def own_rules() -> set[str]:
    """Return the rules that tables of the catalog name."""
    files = (PROJECT / "data" / "catalog" / "tables").glob("*.toml")
    tables = [tomllib.loads(file.read_text("utf-8")) for file in files]
    return {rule["name"] for table in tables for rule in table.get("rule", [])}


def test_every_rule_that_turns_rows_away_has_words_on_the_page() -> None:
    assert set(RULE_WORDS) == {*contracts.RULES, staging.TOO_COARSE, *own_rules()}


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
    words = [trust_text.metric_words(metric, catalog) for metric, _ in report.rows()]
    assert len(set(words)) == len(words)
    assert all(word.startswith(("Records", "Fewest")) and "_" not in word for word in words), words


def test_reasons_for_turning_rows_away_are_counted_or_named() -> None:
    def rejection(rule: str) -> Rejection:
        return Rejection("Police", "person", rule, "age", "10")

    one = trust_text.rejection_sentence([rejection("missing"), rejection("missing")])
    assert one == "Some rows were turned away: a required value is missing."
    two = trust_text.rejection_sentence([rejection("missing"), rejection("negative")])
    assert two == "Some rows were turned away: a required value is missing or the number is below zero."
    many = trust_text.rejection_sentence([rejection(rule) for rule in list(RULE_WORDS)[:6]])
    assert many == "Some rows were turned away, for 6 reasons."


@pytest.mark.parametrize(
    ("provisional", "sentence"),
    [
        ((), "Figures run to December 2025."),
        (("2025-12",), "Figures run to December 2025. December 2025 is provisional."),
        (("2025-07", "2025-12"), "Figures run to December 2025. July to December 2025 are provisional."),
        (
            ("2024-12", "2025-01"),
            "Figures run to December 2025. December 2024 to January 2025 are provisional.",
        ),
        (("2025",), "Figures run to December 2025. 2025 is provisional."),
    ],
)
def test_freshness_names_what_may_still_change(provisional, sentence) -> None:
    collection = Collection(
        "own", "Own", "person", "g", "people", True, True, "month", "2021-01", "2025-12", "", ""
    )
    assert trust_text.freshness_sentence(collection, provisional) == sentence


ROWS = [
    ShownShare("", "year", None, 10, 10),
    ShownShare("", "year", 1, 50, 50),
    ShownShare("form", "year", 1, 310, 400),
    ShownShare("", "month", None, 120, 120),
    ShownShare("", "month", 1, 6, 600),
]


def test_how_much_is_shown_is_said_in_tens() -> None:
    said = shown_text.shown_sentence(ROWS, GEOGRAPHY)
    assert said == "8 in 10 yearly county numbers can be shown and hardly any monthly county numbers."


def test_without_areas_the_whole_region_is_said() -> None:
    rows = [row for row in ROWS if row.area_level is None]
    said = shown_text.shown_sentence(rows, None)
    assert said == (
        "All of the yearly numbers for the whole region can be shown "
        "and all of the monthly numbers for the whole region."
    )


def test_a_bar_is_as_wide_as_its_share_and_the_number_stands_beside() -> None:
    html = shown_text.shown_html(ROWS, "year", load_catalog(), GEOGRAPHY, theme.LIGHT)
    assert re.findall(r"width:([\d.]+)%", html) == ["100.0", "100.0", "77.5"]
    assert "78%" in html and "not asked" in html, "a whole-region number by form is not among the rows"
    assert '<th scope="row">Form of exploitation</th>' in html


def test_the_table_behind_holds_every_level() -> None:
    table = shown_text.shown_table(ROWS, load_catalog(), GEOGRAPHY)
    assert table.columns == ("Period", "Divided by", "Whole region", "County")
    assert table.rows == (
        ("Year", "Nothing more", "100%", "100%"),
        ("Year", "Form of exploitation", "not asked", "78%"),
        ("Month", "Nothing more", "100%", "1%"),
    )
