"""Reports: what the contract refuses, what the mart makes of them, and the planted facts in the sheets."""

from functools import cache
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from etl.contracts import check, rule_words
from etl.incoming import LINE, Batch
from etl.synthetic import Facts, generate, load_facts
from tests.etl.made_home import CommandLine, Deliverer, command_line
from tests.etl.made_pathway import load, sheet

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


@pytest.fixture
def give(tmp_path: Path) -> Deliverer:
    folder = tmp_path / "inputs"
    folder.mkdir()
    return Deliverer(folder)


@pytest.fixture
def run(tmp_path: Path, give: Deliverer, capsys: pytest.CaptureFixture[str]) -> CommandLine:
    line = command_line(tmp_path / "home", capsys)
    assert line.load(give.areas()).code == 0
    return line


def batch(**changed: Any) -> Batch:
    row = GOOD | changed
    frame = pl.DataFrame({name: [value] for name, value in row.items()}, strict=False)
    return Batch("tip", frame.with_columns(pl.Series(LINE, [7], pl.Int64)))


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
    checked = check(batch(**changed), FACTS.as_of)
    assert checked.accepted.height == 0
    assert checked.rejected.rows() == [("tip", 7, rule, column)]
    assert rule_words("tip", rule).endswith(".")


def test_a_good_row_passes() -> None:
    assert check(batch(), FACTS.as_of).rejected.is_empty()


def test_the_text_of_a_report_is_refused_and_never_named(run: CommandLine, give: Deliverer) -> None:
    data, mapping = sheet(give, "tip", ["T1,2025-01,R11,web,public,,services,,2,"], months="2025-01")
    lines = data.read_text("utf-8").splitlines()
    data.write_text(f"{lines[0]},narrative\n{lines[1]},Ring Mrs Example on 555-0100 tonight\n", "utf-8")
    ran = run.load((data, mapping))
    assert ran.code == 1
    assert "narrative" in ran.err + ran.out
    assert "Example" not in ran.err + ran.out and "555" not in ran.err + ran.out


@pytest.mark.parametrize(
    ("hours", "disposition", "band"),
    [
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
    ],
)
def test_hours_become_bands(
    run: CommandLine, give: Deliverer, hours: str, disposition: str, band: str
) -> None:
    load(run, sheet(give, "tip", [f"T1,2025-01,R11,web,public,,{disposition},,{hours},"], months="2025-01"))
    assert run.query("SELECT response_band FROM mart.tip") == [(band,)]


def test_the_last_row_of_a_report_holds_and_what_is_missing_is_a_category(
    run: CommandLine, give: Deliverer
) -> None:
    first = ["T1,2025-01,R11,web,public,forced_labour;forced_begging,open,,,", "T2,2025-02,,,,,,,,"]
    again = ["T1,2025-01,R11,web,public,forced_begging,services,substantiated,3,R7", "T2,2025-02,,,,,,,,"]
    load(run, sheet(give, "tip", first, months="2025-01..2025-02", name="first"))
    load(run, sheet(give, "tip", again, months="2025-01..2025-02", name="again"))
    found = run.query(
        "SELECT reference_year, area_code, area_kind, channel, disposition, finding, response_band "
        "FROM mart.tip ORDER BY period_start"
    )
    missing = ("not_recorded",) * 4
    assert found == [
        (2025, "R11", "not_recorded", "web", "services", "substantiated", "1_4h"),
        (2025, "not_recorded", "not_recorded", *missing),
    ]
    forms = run.query("SELECT kind, code FROM mart.tip_attribute ORDER BY code")
    assert forms == [("form", "forced_begging"), ("form", "not_recorded")]


def test_no_reference_of_a_report_is_stored(run: CommandLine, give: Deliverer) -> None:
    load(run, sheet(give, "tip", ["SECRET-7,2025-01,R11,web,public,,services,,2,REF-9"], months="2025-01"))
    [(key, referral)] = run.query("SELECT tip_key, referral_key FROM stage.tip")
    assert len(key) == len(referral) == 32
    file = next(run.home.root.rglob("*.duckdb"))
    assert b"SECRET-7" not in file.read_bytes()


# --- planted facts, by plain arithmetic on the sheets ---


def _tips(facts: Facts) -> pl.DataFrame:
    files = [file for file in generate(facts["seed"], facts["persons"], None, facts) if file.source.is_own]
    return pl.concat([part.frame for file in files for part in file.batches if part.table == "tip"])


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
    truth = FACTS[fact]["found"]
    assert find(planted()) == pytest.approx(truth["value"], abs=truth["tolerance"])
    without = find(_tips(FACTS.with_planted(fact, **off)))
    assert abs(without - truth["value"]) > truth["tolerance"]


def test_a_third_of_the_referrals_began_with_a_report_that_carries_their_reference() -> None:
    linked = planted().drop_nulls("referral_ref")
    assert linked["referral_ref"].n_unique() == linked.height
    assert set(linked["disposition"].drop_nulls()) == {"services", "police_and_services"}
    assert 0.15 < linked.height / planted().height < 0.35
