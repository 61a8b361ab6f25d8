"""Reports: what the contract refuses, what the mart makes of them, and the planted facts in the sheets."""

from collections.abc import Callable
from functools import cache
from typing import Any

import polars as pl
import pytest

from etl.contracts.rules import rule_words
from etl.demonstration import Facts, load_facts
from tests.etl.made_topics import Became, Office, expect_planted, refused, sheets

FACTS = load_facts()
GOOD = {
    "tip_ref": "T1",
    "period": "2025-03",
    "channel": "web",
    "reporter_type": "public",
    "form": ["forced_labour"],
    "disposition": "services",
    "finding": "substantiated",
    "response_hours": "5.5",
    "referral_ref": "R1",
}


HEADER = "tip_ref,period,area,channel,reporter_type,form,disposition,finding,response_hours,referral_ref"


@pytest.mark.parametrize(
    ("changed", "rule", "column"),
    [
        ({"channel": "carrier pigeon"}, "unknown_code", "channel"),
        ({"reporter_type": "teacher"}, "unknown_code", "reporter_type"),
        ({"disposition": "passed on"}, "unknown_code", "disposition"),
        ({"finding": "true"}, "unknown_code", "finding"),
        ({"form": ["forced_labour", "elsewhere"]}, "unknown_code", "form"),
        ({"response_hours": "-1"}, "response_before_report", "response_hours"),
        ({"response_hours": "a day"}, "not_a_number", "response_hours"),
        ({"response_hours": "90000"}, "above_maximum", "response_hours"),
        ({"period": "2027-01"}, "future_period", "period"),
        ({"disposition": "no_action"}, "referral_without_passing_on", "referral_ref"),
        ({"disposition": "open", "referral_ref": None}, "decided_while_open", "finding"),
    ],
)
def test_what_cannot_be_is_rejected_by_line_rule_and_column(
    changed: dict[str, Any], rule: str, column: str
) -> None:
    assert refused("tip", GOOD | changed) == [(2, rule, column)]
    assert rule_words("tip", rule).endswith(".")


def test_a_good_row_passes() -> None:
    assert refused("tip", GOOD) == []


def test_the_text_of_a_report_is_refused_and_never_named(office: Office) -> None:
    told = "T1,2025-01,R11,web,public,,services,,2,,Ring Mrs Example on 555-0100 tonight"
    ran = office.offer("tip", f"{HEADER},narrative", [told])
    assert ran.code == 1
    assert "narrative" in ran.err + ran.out
    assert "Example" not in ran.err + ran.out and "555" not in ran.err + ran.out


HOURS = [
    ("0", "services", "up_to_1h"),
    ("1", "services", "up_to_1h"),
    ("1.1", "services", "1_4h"),
    ("24", "services", "4_24h"),
    ("24.1", "services", "1_3_days"),
    ("168", "services", "3_7_days"),
    ("169", "services", "over_7_days"),
    ("", "open", "no_response"),
    ("", "services", "not_recorded"),
    ("", "", "not_recorded"),
]


@pytest.fixture(scope="module")
def bands(new_office: Callable[[], Office]) -> Became:
    """The bands of the reports above, each under a reference of its own."""
    office = new_office()
    rows = [f"T{n},2025-01,R11,web,public,,{became},,{hours}," for n, (hours, became, _) in enumerate(HOURS)]
    office.send("tip", HEADER, rows)
    return office.by_line("tip", "tip_key", "response_band")


@pytest.mark.parametrize("number", range(len(HOURS)), ids=["-".join(one) for one in HOURS])
def test_hours_become_bands(bands: Became, number: int) -> None:
    assert bands[number] == [(HOURS[number][-1],)]


def test_the_last_row_of_a_report_holds_and_what_is_missing_is_a_category(office: Office) -> None:
    first = ["T1,2025-01,R11,web,public,forced_labour;forced_begging,open,,,", "T2,2025-02,,,,,,,,"]
    again = ["T1,2025-01,R11,web,public,forced_begging,services,substantiated,3,R7", "T2,2025-02,,,,,,,,"]
    office.send("tip", HEADER, first)
    office.send("tip", HEADER, again)
    found = office.query(
        "SELECT reference_year, area_code, area_kind, channel, disposition, finding, response_band "
        "FROM mart.tip ORDER BY period_start"
    )
    missing = ("not_recorded",) * 4
    assert found == [
        (2025, "R11", "not_recorded", "web", "services", "substantiated", "1_4h"),
        (2025, "not_recorded", "not_recorded", *missing),
    ]
    forms = office.query("SELECT kind, code FROM mart.tip_attribute ORDER BY code")
    assert forms == [("form", "forced_begging"), ("form", "not_recorded")]


@pytest.mark.parametrize(
    ("table", "key", "more"), [("tip", "tip_ref", "channel"), ("referral", "referral_ref", "decision")]
)
def test_months_until_a_record_was_entered_are_those_of_its_first_row(
    office: Office, table: str, key: str, more: str
) -> None:
    """Of a day the month is kept; a quarter says nothing, and neither does a month before its own."""
    header, word = f"{key},period,entered,{more}", {"tip": "web", "referral": "waiting"}[table]
    again = {"tip": "phone", "referral": "accepted"}[table]
    office.send(
        table,
        header,
        [
            f"A,2025-01,2025-03-31,{word}",
            f"B,2025-02,2025-02,{word}",
            f"C,2025-03,2025-Q3,{word}",
            f"D,2025-05,2025-04,{word}",
            f"E,2025-06,,{word}",
            f"A,2025-01,2025-09-01,{again}",
            f"B,2025-02,,{again}",
        ],
    )
    found = office.query(
        f"SELECT month(period_start), {more}, code FROM mart.{table} LEFT JOIN "
        f"(SELECT * FROM mart.{table}_attribute WHERE kind = 'entered_after') USING ({table}_key) ORDER BY 1"
    )
    assert found == [(1, again, "2"), (2, again, "0"), (3, word, None), (5, word, None), (6, word, None)]
    stored = office.query(f"SELECT * FROM stage.{table}")
    assert "2025-03-31" not in str(stored) and "datetime.date(2025, 3, 31)" not in str(stored)


def test_no_reference_of_a_report_is_stored(office: Office) -> None:
    office.send("tip", HEADER, ["SECRET-7,2025-01,R11,web,public,,services,,2,REF-9"])
    [(key, referral)] = office.query("SELECT tip_key, referral_key FROM stage.tip")
    assert len(key) == len(referral) == 32
    stored = list(office.run.home.root.rglob("*.duckdb"))
    assert stored
    assert not any(b"SECRET-7" in file.read_bytes() for file in stored)


# --- planted facts, by plain arithmetic on the sheets ---


def _tips(facts: Facts) -> pl.DataFrame:
    return sheets(facts, "tip")["tip"]


@cache
def planted() -> pl.DataFrame:
    return _tips(FACTS)


def digital(tips: pl.DataFrame) -> float:
    known = tips.drop_nulls("channel").with_columns(
        is_digital=pl.col("channel").is_in(FACTS["digital_reporting"]["channels"]),
        year=pl.col("period").str.slice(0, 4),
    )
    share = [
        known.filter(pl.col("year").is_in(years))["is_digital"].mean()
        for years in (["2016", "2017"], ["2024", "2025"])
    ]
    return float(share[1]) - float(share[0])


def slow(tips: pl.DataFrame) -> float:
    timed = tips.drop_nulls(["channel", "response_hours"]).with_columns(
        soon=pl.col("response_hours").cast(pl.Float64) <= 24
    )
    is_slow = pl.col("channel") == FACTS["slow_channel"]["channel"]
    return float(timed.filter(~is_slow)["soon"].mean()) - float(timed.filter(is_slow)["soon"].mean())


@pytest.mark.parametrize(
    ("fact", "find", "off"),
    [
        ("digital_reporting", digital, {"share_after": 0.20}),
        ("slow_channel", slow, {"channel": ""}),
    ],
    ids=["digital_reporting", "slow_channel"],
)
def test_a_planted_fact_is_found_and_only_where_it_was_planted(
    fact: str, find: Any, off: dict[str, Any]
) -> None:
    expect_planted(FACTS[fact]["found"], find(planted()), find(_tips(FACTS.with_planted(fact, **off))))


def test_a_third_of_the_referrals_began_with_a_report_that_carries_their_reference() -> None:
    linked = planted().drop_nulls("referral_ref")
    assert linked["referral_ref"].n_unique() == linked.height
    assert set(linked["disposition"].drop_nulls()) == {"services", "police_and_services"}
    assert 0.15 < linked.height / planted().height < 0.35
