"""Contracts: good rows come back typed, bad rows are counted by rule, nothing is lost."""

from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.errors import CatalogError
from etl.contracts.batch import Batch
from etl.contracts.check import check
from etl.contracts.parse import number as parse_number
from etl.contracts.parse import period as parse_period
from etl.contracts.rules import RULES, rule_words
from etl.contracts.tables import contract, table_names
from etl.lines import LINE
from tests.etl.making_files import refusal
from tests.support import examples

AS_OF = date(2025, 12, 31)


def batch(table: str, **columns: list[Any]) -> Batch:
    """Make a batch; lines are numbered from 2, as under a header."""
    height = len(next(iter(columns.values())))
    lists = {name for name, values in columns.items() if any(isinstance(value, list) for value in values)}
    frame = pl.DataFrame(
        columns,
        schema={name: pl.List(pl.String) if name in lists else pl.String for name in columns},
        strict=True,
    )
    return Batch.of(table, frame.with_columns(pl.int_range(2, height + 2, dtype=pl.Int64).alias(LINE)))


def broken(table: str, column: str, value: Any, **others: Any) -> list[tuple[str, str]]:
    """Return rule and column of the rejection that one value leads to."""
    good = {
        "person": {"period": "2025-03"},
        "referral": {"period": "2025-03"},
        "observation": {"measure": "m", "unit": "people", "period": "2023-Q3", "value": "1"},
    }.get(table, {})
    row = good | others | {column: value}
    checked = check(batch(table, **{name: [cell] for name, cell in row.items()}), AS_OF)
    assert checked.accepted.height + checked.rejected.height == 1
    return checked.rejected.select("rule", "column_name").rows()


@pytest.mark.parametrize("table", table_names())
def test_every_contract_is_valid_and_explains_itself(table: str) -> None:
    rules = contract(table)
    assert rules.description.endswith(".")
    assert rules.grain.endswith(".")
    for column in rules.columns:
        assert column.description.endswith("."), column.name
        assert column.label
    empty = {
        column.name: pl.Series(
            dtype={"codes": pl.List(pl.String), "binary": pl.Binary}.get(column.kind, pl.String)
        )
        for column in rules.columns
    }
    checked = check(Batch.of(table, pl.DataFrame(empty).with_columns(pl.Series(LINE, [], pl.Int64))), AS_OF)
    assert checked.accepted.height == checked.rejected.height == 0
    for rule in rules.rules:
        assert rule_words(table, rule.name) == rule.message


@pytest.mark.parametrize("table", table_names())
def test_a_reference_points_at_a_column_that_can_be_found(table: str) -> None:
    for column in contract(table).columns:
        if column.refers:
            other, target = column.refers
            found = contract(other).column(target)
            if column.reference or column.keyed:
                assert found.reference or found.keyed, "keys cannot be compared with words"


@pytest.mark.parametrize("table", [name for name in table_names() if name != "area_shape"])
def test_the_examples_of_a_contract_pass_it(table: str) -> None:
    row: dict[str, Any] = {}
    for column in contract(table).columns:
        if column.example and column.name != "marker":
            codes = [code.strip() for code in column.example.split(";")]
            row[column.name] = [codes] if column.kind == "codes" else [column.example]
        elif column.required:
            row[column.name] = ["words"]
    exclusive = {"person": ("citizenship_group",), "referral": ("decline_reason",), "area": ()}.get(table, ())
    for name in exclusive:
        del row[name]
    checked = check(batch(table, **row), AS_OF)
    assert checked.rejected.rows() == []


@pytest.mark.parametrize(
    ("table", "column", "value", "rule"),
    [
        ("person", "period", "2025-02-30", "impossible_period"),
        ("person", "period", "2025-13", "impossible_period"),
        ("person", "period", "2025-Q5", "impossible_period"),
        ("person", "period", "07/03/2025", "day_or_month"),
        ("person", "period", "3-4-25", "day_or_month"),
        ("person", "period", "24", "short_year"),
        ("person", "period", "'24", "short_year"),
        ("person", "period", "FY24", "financial_year"),
        ("person", "period", "FY 2023-24", "financial_year"),
        ("person", "period", "2023/24", "financial_year"),
        ("person", "period", "2023-24", "financial_year"),
        ("person", "period", "2023-2024", "financial_year"),
        ("person", "period", "2011-12", "month_or_financial_year"),
        ("person", "period", "2024-3", "month_or_quarter"),
        ("person", "period", "0925-03", "impossible_period"),
        ("person", "period", "last week", "not_a_period"),
        ("person", "period", "2026-01-01", "future_period"),
        ("person", "period", "2026", "future_period"),
        ("person", "period", None, "missing"),
        ("person", "period", "  ", "missing"),
        ("person", "age", "-1", "negative"),
        ("person", "age", "121", "above_maximum"),
        ("person", "age", "17.5", "not_a_whole_number"),
        ("person", "age", "<5", "hidden_by_publisher"),
        ("person", "age", "seventeen", "not_a_number"),
        ("person", "age", "17 %", "not_a_number"),
        ("person", "gender", "femal", "unknown_code"),
        ("person", "gender", "Female", "unknown_code"),
        ("person", "form", ["forced_labour", "other things"], "unknown_code"),
        ("person", "citizenship", "Atlantis", "unknown_country"),
        ("person", "source", "Our Office", "bad_code"),
        ("referral", "days_to_decision", "-3", "decision_before_referral"),
        ("referral", "days_to_contact", "-1", "contact_before_referral"),
        ("referral", "is_open", "maybe", "not_yes_or_no"),
        ("observation", "value", "-3", "negative"),
        ("observation", "value", "<5", "hidden_by_publisher"),
        ("observation", "value", None, "value_or_marker"),
        ("observation", "measure", None, "missing"),
    ],
)
def test_bad_value_is_rejected_by_its_rule(table: str, column: str, value: Any, rule: str) -> None:
    assert broken(table, column, value) == [(rule, column)]
    assert rule_words(table, rule).endswith(".")


@pytest.mark.parametrize(
    ("others", "rule"),
    [
        ({"decision": "waiting", "days_to_decision": "3"}, "waiting_with_decision_time"),
        ({"decision": "declined", "is_open": "yes"}, "open_with_final_decision"),
        ({"decision": "waiting", "is_open": "no"}, "closed_without_decision"),
        ({"decision": "accepted", "decline_reason": "no_capacity"}, "reason_without_decline"),
    ],
)
def test_referrals_that_contradict_themselves(others: dict[str, str], rule: str) -> None:
    assert [name for name, _ in broken("referral", "period", "2025-03", **others)] == [rule]


@pytest.mark.parametrize(
    "others",
    [
        {"decision": "declined", "decline_reason": "no_capacity", "is_open": "no", "days_to_decision": "0"},
        {"decision": "waiting", "is_open": "yes"},
        {"decision": "accepted", "is_open": "yes", "decline_reason": "not_declined"},
        {"decline_reason": "funding"},
    ],
)
def test_referrals_that_agree_with_themselves(others: dict[str, str]) -> None:
    assert broken("referral", "period", "2025-03", **others) == []


def test_good_rows_are_typed() -> None:
    checked = check(
        batch(
            "person",
            period=["2025-03-07", "2025-3", "2025 q2", "2024"],
            age=["17", " 17.0 ", None, "1,0"],
            citizenship=["RO", "rou", "Romanian", "Stateless"],
            form=[["forced_labour", "forced_labour", " "], ["organ_removal"], None, []],
        ),
        AS_OF,
    )
    assert checked.rejected["rule"].to_list() == ["not_a_number"]  # "1,0" is no thousands
    frame = checked.accepted
    assert frame["period"].to_list() == ["2025-03", "2025-03", "2025-Q2"]
    assert frame["period_start"].to_list() == [date(2025, 3, 1), date(2025, 3, 1), date(2025, 4, 1)]
    assert frame["period_level"].to_list() == ["month", "month", "quarter"]
    assert frame["age"].to_list() == [17, 17, None]
    assert frame["citizenship"].to_list() == ["RO", "RO", "RO"]
    assert frame["form"].to_list() == [["forced_labour"], ["other"], None]
    assert frame.schema["age"] == pl.Int64
    assert frame[LINE].to_list() == [2, 3, 4]


@pytest.mark.parametrize(
    ("text", "unit", "value"),
    [
        ("1,282", "", 1282.0),
        ("1 282", "", 1282.0),
        ("12,345,678.5", "", 12345678.5),
        ("0.71 %", "percent", 0.71),
        ("0.71%", "share", 0.0071),
        ("0.71%", "", None),
        ("-3.5", "", -3.5),
        ("1e3", "", 1000.0),
        ("1,28", "", None),
        ("1.2.3", "", None),
        ("<5", "", None),
        ("≤ 5", "", None),
        ("5+", "", None),
        ("(3)", "", None),
        ("Infinity", "", None),
        ("NaN", "", None),
    ],
)
def test_numbers(text: str, unit: str, value: float | None) -> None:
    expression, failures = parse_number(pl.col("x"), unit, whole=False)
    row = pl.DataFrame({"x": [text]}).select(
        expression.alias("v"), *(f.alias(n) for n, f in failures.items())
    )
    assert row["v"][0] == (None if value is None else pytest.approx(value))
    assert (value is None) == any(row.row(0)[1:])


def test_lost_zeros_are_not_guessed_and_kept_zeros_stay() -> None:
    frame = batch(
        "observation", measure=["m"], unit=["u"], period=["2020"], area_code=["01001"], value=["1"]
    ).frame
    assert check(Batch.of("observation", frame), AS_OF).accepted["area_code"][0] == "01001"


def test_one_rejection_a_row_and_the_first_rule_counts() -> None:
    checked = check(batch("person", period=["x", "2025-03"], gender=["x", "x"], age=["x", "1"]), AS_OF)
    assert checked.rejected.rows() == [
        ("person", 2, "not_a_period", "period"),
        ("person", 3, "unknown_code", "gender"),
    ]


def test_rows_outside_the_declared_months() -> None:
    data = batch("person", period=["2025-01", "2025-04", "2025-Q1", "2024"])
    checked = check(data, AS_OF, period=("2025-01", "2025-03"))
    assert checked.rejected.select("line", "rule").rows() == [
        (3, "outside_declared_period"),
        (5, "outside_declared_period"),
    ]


def test_unknown_areas_are_rejected_when_areas_are_given() -> None:
    data = batch("person", period=["2025-01"] * 3, area=["TM101", "TM999", None])
    assert check(data, AS_OF).rejected.height == 0
    assert check(data, AS_OF, areas=["TM101"]).rejected.select("line", "rule").rows() == [(3, "unknown_area")]


def test_keys_that_come_twice() -> None:
    checked = check(
        batch(
            "area_population",
            geography=["g"] * 3,
            code=["a", "a", "b"],
            year=["2025"] * 3,
            age_group=["all"] * 3,
            sex=["all"] * 3,
            population=["1", "2", "3"],
        ),
        AS_OF,
    )
    assert checked.accepted["population"].to_list() == [1, 3]
    assert checked.rejected["rule"].to_list() == ["duplicate_key"]


def test_a_quarter_says_its_own_level() -> None:
    data = batch(
        "observation", measure=["m"], unit=["u"], period=["2023-Q3"], period_level=["year"], value=["9"]
    )
    assert check(data, AS_OF).accepted["period_level"].to_list() == ["quarter"]


def test_missing_and_extra_columns_are_named() -> None:
    refusal(lambda: check(batch("person", gender=["male"]), AS_OF), "person", "required", "period")
    refusal(
        lambda: check(batch("person", period=["2025"], shoe_size=["44"]), AS_OF), "shoe_size", unwanted=["44"]
    )


def test_unknown_table_suggests_the_nearest() -> None:
    refusal(lambda: contract("persons"), "'persons'", "Did you mean 'person'?", "observation")


def test_mistake_in_a_contract_names_file_and_key(tmp_path: Path) -> None:
    (tmp_path / "tables").mkdir()
    head = 'name = "t"\nlabel = "T"\ndescription = "D."\ngrain = "G."\n'
    head += '[[column]]\nname = "c"\nlabel = "C"\ndescription = "D."\n'
    for line, wanted in (
        ('type = "txt"', "column[1].type"),
        ('type = "code"\ncodes = "gendre"', "Did you mean 'gender'"),
        ('type = "text"\nrequird = true', "requird"),
        ('type = "text"\nrefers = "person"', "TABLE.COLUMN"),
        (
            'type = "text"\n[[rule]]\nname = "r"\ncolumn = "d"\ncheck = "1 = 1"\nmessage = "M."',
            "rule[1].column",
        ),
    ):
        (tmp_path / "tables" / "t.toml").write_text(head + line, encoding="utf-8")
        contract.cache_clear()
        with pytest.raises(CatalogError, match=r"tables/t\.toml") as caught:
            contract("t", tmp_path)
        assert wanted in str(caught.value)
    contract.cache_clear()


def plain_period(text: str) -> tuple[str, str, date] | None:
    """Read a period the slow and obvious way."""
    parts = text.split("-")
    try:
        if len(parts) == 1:
            return text, "year", date(int(text), 1, 1)
        if parts[1].startswith("Q"):
            return text, "quarter", date(int(parts[0]), 3 * int(parts[1][1:]) - 2, 1)
        start = date(int(parts[0]), int(parts[1]), int(parts[2]) if len(parts) == 3 else 1)
    except ValueError:
        return None
    return f"{start:%Y-%m}", "month", start.replace(day=1)


YEARS = st.integers(1900, 2100)
PERIODS = st.one_of(
    st.builds(lambda y: f"{y}", YEARS),
    st.builds(lambda y, q: f"{y}-Q{q}", YEARS, st.integers(1, 4)),
    st.builds(lambda y, m: f"{y}-{m:02d}", YEARS, st.integers(0, 14)),
    st.builds(lambda y, m, d: f"{y}-{m:02d}-{d:02d}", YEARS, st.integers(0, 13), st.integers(0, 33)),
)


@settings(max_examples=examples(40))
@given(st.lists(PERIODS, min_size=1, max_size=30))
def test_periods_agree_with_the_slow_reading(texts: list[str]) -> None:
    parts, failures = parse_period(pl.col("x"))
    frame = pl.DataFrame({"x": texts}).select(
        *(e.alias(n) for n, e in parts.items()), *(e.alias(n) for n, e in failures.items())
    )
    for text, row in zip(texts, frame.iter_rows(), strict=True):
        expected = plain_period(text)
        assert row[:3] == (expected or (None, None, None))
        told = dict(zip(failures, row[3:], strict=True))
        assert any(told.values()) == (expected is None)
        assert not told["not_a_period"]


VALUES = st.one_of(
    st.none(), st.sampled_from(["2025-03", "2026-01", "x", "", "17", "-1", "female", "RO", "<5", "2025"])
)


@settings(max_examples=examples(40))
@given(st.lists(st.tuples(VALUES, VALUES, VALUES, VALUES), min_size=1, max_size=25))
def test_nothing_is_lost(rows: list[tuple[str | None, ...]]) -> None:
    columns = dict(
        zip(("period", "age", "gender", "citizenship"), map(list, zip(*rows, strict=True)), strict=True)
    )
    checked = check(batch("person", **columns), AS_OF)
    lines = [*checked.accepted[LINE], *checked.rejected["line"]]
    assert sorted(lines) == list(range(2, len(rows) + 2))
    assert set(checked.rejected["rule"]) <= set(RULES)
    assert checked.accepted["period"].null_count() == 0


def test_many_rows_give_the_same_as_few() -> None:
    """Above ten thousand rows repeated values are parsed once; the answer must not change."""
    few = batch(
        "person", period=["2025-03-07", "x", "2024-Q1", None], gender=["male", "female", "x", "other"]
    )
    many = Batch.of("person", pl.concat([few.frame] * 5_000).with_columns(pl.int_range(20_000).alias(LINE)))
    small, large = check(few, AS_OF), check(many, AS_OF)
    assert large.rejected.height == 5_000 * small.rejected.height
    assert large.accepted.height == 5_000 * small.accepted.height
    assert (
        large.accepted["period_start"].unique().to_list() == small.accepted["period_start"].unique().to_list()
    )
