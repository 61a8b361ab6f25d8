"""Investigations, charges and operations: what contracts refuse, what the mart makes, what is planted."""

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import polars as pl
import pytest

from etl.contracts.check import check
from etl.contracts.rules import rule_words
from etl.demonstration import generate, load_facts
from tests.etl.made_topics import AS_OF, Office, Sheets, refused, sheets

GOOD: dict[str, dict[str, Any]] = {
    "investigation": {"period": "2025-03", "outcome": "open", "stage": "arrest", "form": ["forced_labour"]},
    "charge": {
        "period": "2025-03",
        "is_trafficking": "yes",
        "disposition": "convicted",
        "days_to_disposition": "90",
    },
    "operation": {
        "period": "2025-03",
        "met": "12",
        "referred": "5",
        "arrested": "2",
        "arrested_exploited": "1",
    },
}


def rejections(table: str, **changed: Any) -> list[tuple[int, str, str]]:
    """Return line, rule and column of the rejections of two good rows with a changed one between them."""
    return refused(table, GOOD[table], GOOD[table] | changed, GOOD[table])


REFUSED = [
    ("charge", {"days_to_disposition": "-1"}, "disposed_before_filed", "days_to_disposition"),
    ("charge", {"disposition": "pending"}, "pending_with_days", "days_to_disposition"),
    ("charge", {"is_trafficking": None}, "missing", "is_trafficking"),
    ("charge", {"is_trafficking": "perhaps"}, "not_yes_or_no", "is_trafficking"),
    ("charge", {"statute_group": "money_fraud"}, "trafficking_flag_and_statute", "is_trafficking"),
    (
        "charge",
        {"is_trafficking": "no", "statute_group": "sex_trafficking"},
        "trafficking_flag_and_statute",
        "is_trafficking",
    ),
    ("charge", {"disposition": "guilty"}, "unknown_code", "disposition"),
    ("operation", {"referred": "13"}, "referred_above_met", "referred"),
    ("operation", {"arrested": "13"}, "arrested_above_met", "arrested"),
    ("operation", {"arrested_exploited": "3"}, "exploited_above_arrested", "arrested_exploited"),
    ("operation", {"arrested": None}, "exploited_above_arrested", "arrested_exploited"),
    ("operation", {"met": "-4"}, "negative", "met"),
    ("operation", {"referred": "-1"}, "negative", "referred"),
    ("operation", {"arrested": "-1"}, "negative", "arrested"),
    ("operation", {"met": None}, "missing", "met"),
    ("operation", {"operations": "0"}, "below_minimum", "operations"),
    ("investigation", {"outcome": "closed_no_suspect"}, "stage_without_suspect", "stage"),
    (
        "investigation",
        {"outcome": "closed_no_suspect", "stage": "trafficking_conviction"},
        "stage_without_suspect",
        "stage",
    ),
    (
        "investigation",
        {"outcome": "cleared_by_arrest", "stage": "opened"},
        "cleared_by_arrest_without_arrest",
        "stage",
    ),
    (
        "investigation",
        {"outcome": "unfounded", "stage": "trafficking_conviction"},
        "conviction_without_offence",
        "stage",
    ),
    ("investigation", {"form": ["forced_labour", "many"]}, "unknown_code", "form"),
    ("investigation", {"period": "2026-02"}, "future_period", "period"),
]


@pytest.mark.parametrize(("table", "changed", "rule", "column"), REFUSED)
def test_what_cannot_be_is_refused(table: str, changed: dict[str, Any], rule: str, column: str) -> None:
    assert rejections(table, **changed) == [(3, rule, column)]
    assert rule_words(table, rule).endswith(".")


@pytest.mark.parametrize(
    ("table", "changed"),
    [
        ("charge", {"disposition": "pending", "days_to_disposition": None}),
        ("charge", {"days_to_disposition": None}),
        ("charge", {"statute_group": "labour_trafficking"}),
        ("charge", {"is_trafficking": "no", "statute_group": "other"}),
        ("operation", {"referred": None, "arrested": None, "arrested_exploited": None}),
        ("operation", {"met": "0", "referred": "0", "arrested": "0", "arrested_exploited": "0"}),
        ("investigation", {"outcome": "closed_no_suspect", "stage": "opened"}),
        ("investigation", {"outcome": None, "stage": None, "form": None}),
    ],
)
def test_what_can_be_is_kept(table: str, changed: dict[str, Any]) -> None:
    assert rejections(table, **changed) == []


# --- the mart, from a task force's own sheets ---

INVESTIGATIONS = (
    "investigation_ref,period,area,agency_type,form,origin,outcome,stage",
    [
        "I-1,2025-01,R11,city,forced_labour;domestic_servitude,proactive,open,opened",
        "I-2,2025-01,R11,city,sexual_exploitation,reactive,cleared_by_arrest,charge",
        "I-3,2025-02,,task_force,,,,",
        "I-4,2025-02,R1,city,other,reactive,open,",
    ],
)
CHARGES = (
    "charge_ref,investigation_ref,period,is_trafficking,disposition,days_to_disposition",
    [
        "C-1,I-1,2025-02,yes,convicted,60",
        "C-2,I-1,2025-02,no,dismissed,61",
        "C-3,I-2,2025-02,yes,pending,",
        "C-4,I-77,2025-02,yes,acquitted,731",
        "C-5,,2025-03,no,,",
    ],
)


def stages(office: Office) -> list[list[str]]:
    return [
        row[0]
        for row in office.query(
            "SELECT list(code ORDER BY code) FILTER (kind = 'investigation_stage') "
            "FROM mart.investigation_attribute JOIN mart.investigation USING (collection, investigation_key) "
            "GROUP BY investigation_key, period_start, investigating_agency, investigation_origin, area_code "
            "ORDER BY period_start, investigation_origin::VARCHAR DESC, area_code"
        )
    ]


def test_a_stage_holds_the_earlier_ones_and_linked_charges_can_show_a_later_one(office: Office) -> None:
    office.send("investigation", *INVESTIGATIONS)
    before = stages(office)
    assert sorted(before) == [["arrest", "charge"], ["not_recorded"], ["not_recorded"], ["opened"]]
    office.send("charge", *CHARGES)
    after = stages(office)
    reached = ["arrest", "charge", "trafficking_charge"]
    assert sorted(after) == [
        reached,
        [*reached, "trafficking_conviction"],
        ["not_recorded"],
        ["not_recorded"],
    ]


def test_charges_of_an_unknown_investigation_are_kept_and_told_apart(office: Office) -> None:
    office.send("charge", *CHARGES)
    links = "SELECT charge_link, count(*) FROM mart.charge GROUP BY ALL ORDER BY ALL"
    assert office.query(links) == [("not_found", 4), ("no_reference", 1)]
    office.send("investigation", *INVESTIGATIONS)
    assert office.query(links) == [("linked", 3), ("not_found", 1), ("no_reference", 1)]
    forms = office.query(
        "SELECT code, count(*) FROM mart.charge_attribute WHERE kind = 'form' GROUP BY ALL ORDER BY ALL"
    )
    assert forms == [
        ("domestic_servitude", 2),
        ("forced_labour", 2),
        ("not_recorded", 2),
        ("sexual_exploitation", 1),
    ]


def test_days_become_bands_and_pending_is_none_of_them(office: Office) -> None:
    office.send("charge", *CHARGES)
    found = office.query("SELECT disposition_band, charge_disposition FROM mart.charge ORDER BY ALL")
    assert found == [
        ("0_60_days", "convicted"),
        ("61_120_days", "dismissed"),
        ("over_730_days", "acquitted"),
        ("pending", "pending"),
        ("not_recorded", "not_recorded"),
    ]


def test_references_and_numbers_of_the_agency_are_nowhere(office: Office) -> None:
    office.send("investigation", *INVESTIGATIONS)
    office.send("charge", *CHARGES)
    held = office.query(
        "SELECT investigation_key FROM mart.investigation UNION ALL SELECT charge_key FROM mart.charge"
    )
    assert all(len(key) == 32 for (key,) in held)
    text = str(office.query("FROM mart.investigation") + office.query("FROM mart.charge"))
    assert "I-1" not in text
    assert "C-1" not in text


OPERATIONS = (
    "period,area,operation_type,operations,met,referred,arrested,arrested_exploited",
    [
        "2025-01,R11,online,1,14,5,3,1",
        "2025-01-20,R11,online,2,6,,2,",
        "2025-02,R12,workplace,,9,9,0,0",
        "2025-02,R12,street_venue,,4,,,",
    ],
)


def outcomes(office: Office) -> dict[str, int]:
    return dict(
        office.query("SELECT code, count(*) FROM mart.operation_person_attribute GROUP BY ALL ORDER BY ALL")
    )


def test_numbers_of_people_become_records_and_add_up(office: Office) -> None:
    office.send("operation", *OPERATIONS)
    assert office.query(
        "SELECT count(*), count(DISTINCT operation_person_key) FROM mart.operation_person"
    ) == [(33, 33)]
    assert outcomes(office) == {
        "referred": 14,
        "not_referred": 9,
        "arrested": 5,
        "not_arrested": 24,
        "arrested_exploited": 1,
        "arrested_not_exploited": 2,
        "not_recorded": 4,
    }
    held = office.query(
        "SELECT operation_type, area_code, period, value FROM mart.figure "
        "WHERE measure = 'operations_held' ORDER BY ALL"
    )
    assert held == [
        ("online", "R", "2025", 3.0),
        ("street_venue", "R", "2025", 1.0),
        ("workplace", "R", "2025", 1.0),
    ]


def test_a_sheet_with_one_more_person_changes_one_record(office: Office) -> None:
    keys = "SELECT operation_person_key FROM mart.operation_person ORDER BY ALL"
    office.send("operation", *OPERATIONS)
    before = set(office.query(keys))
    header, rows = OPERATIONS
    office.send("operation", header, [rows[0].replace(",14,", ",15,"), *rows[1:]])
    assert len(set(office.query(keys)) - before) == 1
    assert before < set(office.query(keys))


def test_a_bad_row_is_counted_by_line_rule_and_column(office: Office) -> None:
    header, rows = OPERATIONS
    office.send("operation", header, [*rows, "2025-03,R11,online,1,3,4,0,0"])
    assert office.query("SELECT table_name, line, rule, column_name FROM mart.rejected_row") == [
        ("operation", 6, "referred_above_met", "referred")
    ]


# --- planted facts, by plain arithmetic on what was sent ---

FACTS = load_facts()
OFF: dict[str, dict[str, Any]] = {
    "proactive_after_law": {"share_after": FACTS["proactive_after_law"]["share_before"]},
    "labour_charges": {"reach": {"arrest": 0.60, "charge": 0.74, "trafficking_charge": 0.62}},
    "slower_courts": {"median_days_after": FACTS["slower_courts"]["median_days_before"]},
    "service_protocol": {"referred_after": FACTS["service_protocol"]["referred_before"]},
}


@cache
def sent(off: str = "") -> Sheets:
    found = sheets(FACTS.with_planted(off, **OFF[off]) if off else FACTS, *GOOD)
    year = pl.col("period").str.slice(0, 4).cast(pl.Int64)
    return {table: frame.with_columns(year=year) for table, frame in found.items()}


def _years(first: int, last: int) -> pl.Expr:
    return pl.col("year").is_between(first, last)


def proactive(found: Sheets) -> float:
    rows = found["investigation"].filter(pl.col("origin").is_not_null())
    share = [
        float((rows.filter(years)["origin"] == "proactive").mean())
        for years in (_years(2016, 2018), _years(2020, 2024))
    ]
    return share[1] - share[0]


def labour(found: Sheets) -> float:
    rows = found["investigation"].filter(_years(2016, 2023) & pl.col("stage").is_not_null())
    reached = pl.col("stage").is_in(["trafficking_charge", "trafficking_conviction"])
    share = [
        float(rows.filter(pl.col("form").list.contains(form)).select(reached.mean()).item())
        for form in (FACTS["labour_charges"]["beside"], FACTS["labour_charges"]["form"])
    ]
    return share[0] - share[1]


def courts(found: Sheets) -> float:
    rows = found["charge"].with_columns(
        days=pl.when(pl.col("disposition") == "pending")
        .then(pl.lit(99_999))
        .otherwise(pl.col("days_to_disposition").cast(pl.Int64))
    )
    medians = [
        float(np.median(rows.filter(years)["days"].drop_nulls().to_numpy()))
        for years in (_years(2016, 2018), _years(2021, 2023))
    ]
    return medians[1] - medians[0]


def protocol(found: Sheets) -> float:
    rows = found["operation"].with_columns(pl.col("met", "referred").cast(pl.Int64))
    share = [
        rows.filter(years)["referred"].sum() / rows.filter(years)["met"].sum()
        for years in (_years(2016, 2018), _years(2022, 2024))
    ]
    return share[1] - share[0]


CASES: list[tuple[str, Callable[[Sheets], float]]] = [
    ("proactive_after_law", proactive),
    ("labour_charges", labour),
    ("slower_courts", courts),
    ("service_protocol", protocol),
]


@pytest.mark.parametrize(("fact", "find"), CASES, ids=[name for name, _ in CASES])
def test_fact_is_found_again(fact: str, find: Callable[[Sheets], float]) -> None:
    truth = FACTS[fact]["found"]
    assert find(sent()) == pytest.approx(truth["value"], abs=truth["tolerance"])


@pytest.mark.parametrize(("fact", "find"), CASES, ids=[name for name, _ in CASES])
def test_fact_is_not_found_where_it_was_not_planted(fact: str, find: Callable[[Sheets], float]) -> None:
    truth = FACTS[fact]["found"]
    assert abs(find(sent(fact)) - truth["value"]) > truth["tolerance"]


def test_every_sheet_of_the_demonstration_passes_its_contract() -> None:
    for file in generate(FACTS["seed"], 2_000):
        for batch in file.batches:
            if batch.table in GOOD:
                assert check(batch, AS_OF).rejected.rows() == [], batch.table
