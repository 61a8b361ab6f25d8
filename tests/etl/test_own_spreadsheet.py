"""A task force's own spreadsheet by a mapping alone: the two shipped samples, and every key of a mapping."""

import re
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from etl.contracts.by_distinct import SEPARATOR, texts
from etl.contracts.check import Checked, check
from etl.contracts.tables import contract
from etl.errors import EtlError
from etl.incoming import Incoming, ReadOptions
from etl.lines import LINE, line_and_part
from etl.mapping import load_mapping
from etl.mapping.cells.dates import pattern, to_iso
from etl.mapping.cells.periods import months_of
from etl.protect.anonymise import anonymise
from etl.sources.records import own
from tests.etl.making_files import refusal, write_csv, write_sheets, write_xlsx
from tests.support import PROJECT, examples

SAMPLE = PROJECT / "data" / "sample"
AS_OF = date(2025, 12, 31)
HEAD = '[source]\nid = "office"\nlabel = "Office"\n[[table]]\nname = "person"\n'


def sample(name: str) -> Incoming:
    path = SAMPLE / name
    return own.read(path, ReadOptions(mapping=path.with_suffix(".toml"), as_of=AS_OF))


def checked(incoming: Incoming, table: str) -> Checked:
    batch = next(batch for batch in incoming.batches if batch.table == table)
    return check(batch, AS_OF, period=(incoming.period_from, incoming.period_to))


def counts(frame: pl.DataFrame, column: str) -> dict[str | None, int]:
    values = frame[column]
    values = values.explode() if isinstance(values.dtype, pl.List) else values
    return dict(Counter(values.to_list()))


def test_tidy_sample_gives_the_right_answers() -> None:
    incoming = sample("shelter_tidy.csv")
    assert (incoming.period_from, incoming.period_to, incoming.ledger.kept) == ("2025-01", "2025-12", 260)
    assert incoming.source.is_own
    assert incoming.source.is_synthetic
    found = checked(incoming, "person")
    assert found.rejected.height == 0
    frame = anonymise(
        contract("person"), found.accepted, secret=b"k" * 16, scheme="s", home_country="ZZ", file_mark="f"
    )
    assert frame["person_key"].n_unique() == 260
    months = [21, 19, 26, 23, 25, 24, 24, 18, 21, 13, 25, 21]
    assert (
        frame["period_start"].dt.month().value_counts(sort=False).sort("period_start")["count"].to_list()
        == months
    )
    assert counts(frame, "gender") == {"female": 151, "male": 94, "other": 8, None: 7}
    assert counts(frame, "status") == {"confirmed": 117, "presumed": 117, "not_trafficked": 12, None: 14}
    assert counts(frame, "form") == {
        "sexual_exploitation": 56,
        "forced_labour": 60,
        "domestic_servitude": 47,
        "criminal_exploitation": 53,
        "forced_marriage": 49,
        "forced_begging": 53,
        None: 12,
    }
    # Fishing (9) and restaurants (14) roll up into agriculture (10) and hotels and restaurants (14).
    assert counts(frame, "sector") == {
        "agriculture": 19,
        "hospitality": 28,
        "construction": 13,
        "domestic_work": 42,
        None: 158,
    }
    assert counts(frame, "citizenship_group") == {
        "domestic": 113,
        "europe": 36,
        "africa": 38,
        "asia": 24,
        "americas": 22,
        "oceania_other": 7,
        None: 20,
    }
    children = frame["age_band"].is_in(["0_8", "9_17"]).sum()
    assert (children, frame["age_band"].null_count()) == (71, 10)


def test_untidy_sample_gives_the_right_answers() -> None:
    incoming = sample("task_force_sheet.xlsx")
    assert (incoming.ledger.kept, dict(incoming.ledger.left_out)) == (280, {"total": 2, "note": 1})
    assert "columns dropped as the mapping says, never kept: 'Remarks'" in incoming.notes
    found = checked(incoming, "person")
    assert found.rejected.height == 0
    frame = found.accepted
    assert frame.height == 120
    months = [11, 11, 10, 12, 5, 12, 10, 8, 11, 10, 9, 11]
    assert (
        frame["period_start"].dt.month().value_counts(sort=False).sort("period_start")["count"].to_list()
        == months
    )
    assert counts(frame, "gender") == {"female": 71, "male": 37, "other": 6, None: 6}
    assert counts(frame, "status") == {"confirmed": 42, "presumed": 59, "not_trafficked": 14, None: 5}
    assert counts(frame, "form") == {
        "sexual_exploitation": 56,
        "forced_labour": 37,
        "criminal_exploitation": 14,
        None: 37,
    }
    assert counts(frame, "citizenship") == {"ZZ": 60, "RO": 16, "NG": 16, "VN": 9, "MX": 9, None: 10}
    assert counts(frame, "identified_by") == {
        "police": 41,
        "ngo": 34,
        "health": 15,
        "child_services": 18,
        "self_or_public": 8,
        "labour_inspection": 4,
    }
    assert (frame["age"].null_count(), (frame["age"] < 18).sum()) == (22, 27)
    assert frame[LINE].to_list()[0] == 6  # two title rows, a blank, two header rows


def test_referrals_of_the_untidy_sample() -> None:
    found = checked(sample("task_force_sheet.xlsx"), "referral")
    assert found.rejected.height == 0
    frame = found.accepted
    assert counts(frame, "decision") == {"accepted": 103, "declined": 28, "waiting": 19, "withdrawn": 10}
    assert counts(frame, "decline_reason") == {
        "own_choice": 6,
        "no_capacity": 6,
        "not_eligible": 5,
        "out_of_area": 11,
        None: 132,
    }
    days = {0: 15, 1: 10, 2: 19, 3: 18, 5: 16, 8: 13, 14: 12, 30: 20, 45: 8, None: 29}
    assert dict(Counter(frame["days_to_decision"].to_list())) == days
    assert dict(Counter(frame["is_open"].to_list())) == {True: 34, False: 117, None: 9}
    assert set(frame["from_org_type"]) == {"local_government"}


def test_areas_of_the_sample_fill_two_tables() -> None:
    incoming = sample("areas.csv")
    assert [batch.table for batch in incoming.batches] == ["area", "area_population"]
    assert (incoming.period_from, incoming.period_to) == ("", "")
    assert checked(incoming, "area").accepted["level"].to_list().count(2) == 24
    people = checked(incoming, "area_population").accepted
    levels = checked(incoming, "area").accepted["level"]
    totals = people.group_by(levels).agg(pl.col("population").sum()).sort("level")["population"].to_list()
    assert totals[0] == totals[1] == totals[2]


def test_samples_say_that_they_are_made_up() -> None:
    for path in sorted(SAMPLE.glob("*.toml")):
        assert "fictional" in path.read_text("utf-8").lower(), path.name
    assert "fictional" in (SAMPLE / "README.md").read_text("utf-8").lower()


def read(tmp_path: Path, mapping: str, rows: list[list[Any]], **options: Any) -> Incoming:
    path = write_csv(tmp_path / "list.csv", rows)
    (tmp_path / "list.toml").write_text(mapping, encoding="utf-8")
    return own.read(path, ReadOptions(mapping=tmp_path / "list.toml", as_of=AS_OF, **options))


def person(tmp_path: Path, mapping: str, rows: list[list[Any]]) -> Checked:
    incoming = read(tmp_path, HEAD + mapping, rows)
    return check(incoming.batches[0], AS_OF)


@pytest.mark.parametrize(
    ("text", "form", "iso"),
    [
        ("07/03/2025", "dd/mm/yyyy", "2025-03-07"),
        ("07/03/2025", "mm/dd/yyyy", "2025-07-03"),
        ("7.3.25", "d.m.yy", "2025-03-07"),
        ("7 March 2025", "d mmmm yyyy", "2025-03-07"),
        ("07-MAR-2025", "dd-mmm-yyyy", "2025-03-07"),
        ("03/2025", "mm/yyyy", "2025-03"),
        ("Mar 2025", "mmm yyyy", "2025-03"),
        ("Q2 2025", "Qq yyyy", "2025-Q2"),
        ("FY 2025", "FY yyyy", "2025"),
        ("2025-03-07", "dd/mm/yyyy", "2025-03-07"),  # what Excel knows as a date
        ("31/13/2025", "dd/mm/yyyy", "2025-13-31"),  # refused later as impossible
        ("sometime", "dd/mm/yyyy", "sometime"),
        ("7 Foo 2025", "d mmmm yyyy", "7 Foo 2025"),
    ],
)
def test_dates_in_an_own_format(text: str, form: str, iso: str) -> None:
    assert pattern(form) is not None
    assert pl.DataFrame({"x": [text]}).select(to_iso(pl.col("x"), (form,)).alias("x"))["x"][0] == iso


@pytest.mark.parametrize(
    "form", ["dd/mm", "dd/yyyy", "mm/mm/yyyy", "yyyy yyyy", "day/month/year", "", "q/mm/yyyy"]
)
def test_formats_that_make_no_sense(form: str) -> None:
    assert pattern(form) is None


@given(
    st.dates(date(1950, 1, 1), date(2099, 12, 31)),
    st.sampled_from(["dd/mm/yyyy", "mm-dd-yyyy", "yyyy.mm.dd"]),
)
def test_dates_survive_their_format(day: date, form: str) -> None:
    written = day.strftime(form.replace("dd", "%d").replace("mm", "%m").replace("yyyy", "%Y"))
    assert (
        pl.DataFrame({"x": [written]}).select(to_iso(pl.col("x"), (form,)).alias("x"))["x"][0]
        == day.isoformat()
    )


def test_several_formats_are_tried_in_order(tmp_path: Path) -> None:
    mapping = '[table.columns]\nperiod = {column = "When", format = ["dd/mm/yyyy", "mmm yyyy"]}'
    found = person(tmp_path, mapping, [["When", "x"], ["07/03/2025", ""], ["Apr 2025", ""], ["2025-05", ""]])
    assert found.accepted["period"].to_list() == ["2025-03", "2025-04", "2025-05"]


def test_year_and_month_in_two_columns(tmp_path: Path) -> None:
    mapping = '[table.columns]\nperiod = {columns = ["Year", "Month"], join = "-", format = "yyyy-mmm"}'
    rows = [["Year", "Month"], ["2025", "March"], ["2025", ""], ["2024", "Dec"]]
    found = person(tmp_path, mapping, rows)
    assert found.accepted["period"].to_list() == ["2025-03", "2024-12"]
    assert found.rejected["rule"].to_list() == ["missing"]


def test_flags_and_joined_cells_are_put_together(tmp_path: Path) -> None:
    mapping = """
[table.columns]
period = "When"
form = { column = "Other forms", split = [";", " and "] }
[table.flags.form]
"Sexual?" = "sexual_exploitation"
"Labour?" = "forced_labour"
[table.values.form]
"begging" = "forced_begging"
"marriage" = "forced_marriage"
"none" = ""
"""
    rows = [
        ["When", "Sexual?", "Labour?", "Other forms"],
        ["2025-01", "Y", "n", "Begging and marriage"],
        ["2025-01", "", "", ""],
        ["2025-01", "N", "YES", "none"],
        ["2025-01", "perhaps", "", ""],
        ["2025-01", "x", "", "begging; dancing"],
        ["2025-01", "y", "", "sexual_exploitation"],
    ]
    found = person(tmp_path, mapping, rows)
    assert [sorted(codes) if codes else None for codes in found.accepted["form"].to_list()] == [
        ["forced_begging", "forced_marriage", "sexual_exploitation"],
        None,
        ["forced_labour"],
        ["sexual_exploitation"],
    ]
    assert found.rejected.select("line", "rule", "column_name").rows() == [
        (5, "unknown_code", "form"),
        (6, "unknown_code", "form"),
    ]


def test_a_blank_is_not_a_no(tmp_path: Path) -> None:
    mapping = HEAD.replace("person", "referral") + '[table.columns]\nperiod = "When"\nis_open = "Open"\n'
    incoming = read(
        tmp_path, mapping, [["When", "Open"], ["2025-01", "No"], ["2025-01", ""], ["2025-01", "Y"]]
    )
    assert check(incoming.batches[0], AS_OF).accepted["is_open"].to_list() == [False, None, True]


def test_own_words_for_yes_and_no(tmp_path: Path) -> None:
    mapping = '[file]\nyes = ["Ja"]\nno = ["Nein"]\n' + HEAD.replace("person", "referral")
    mapping += '[table.columns]\nperiod = "When"\nis_open = "Open"\n'
    incoming = read(
        tmp_path, mapping, [["When", "Open"], ["2025-01", "ja"], ["2025-01", "nein"], ["2025-01", "Yes"]]
    )
    found = check(incoming.batches[0], AS_OF)
    assert found.accepted["is_open"].to_list() == [True, False, True]


def test_unmapped_words_are_rejected_and_never_become_other(tmp_path: Path) -> None:
    mapping = '[table.columns]\nperiod = "When"\ngender = "Sex"\n[table.values.gender]\n"W" = "female"\n'
    found = person(
        tmp_path, mapping, [["When", "Sex"], ["2025-01", "w"], ["2025-01", "D"], ["2025-01", "Male"]]
    )
    assert found.accepted["gender"].to_list() == ["female", "male"]
    assert found.rejected.rows() == [("person", 3, "unknown_code", "gender")]


def test_contributors_must_be_listed(tmp_path: Path) -> None:
    mapping = '[table.columns]\nperiod = "When"\nsource = "Agency"\n'
    mapping += '[table.values.source]\n"The Shelter" = "shelter"\n'
    rows = [["When", "Agency"], ["2025-01", "The  shelter"], ["2025-01", "someone"], ["2025-01", ""]]
    found = person(tmp_path, mapping, rows)
    assert found.accepted["source"].to_list() == ["shelter", None]
    assert found.rejected.select("line", "column_name").rows() == [(3, "source")]


def test_lost_zeros_are_put_back_only_when_the_mapping_says_so(tmp_path: Path) -> None:
    rows = [["When", "County"], ["2025-01", "1001"], ["2025-01", "Quay"], ["2025-01", "48201"]]
    padded = person(tmp_path, '[table.columns]\nperiod = "When"\narea = {column = "County", pad = 5}', rows)
    assert padded.accepted["area"].to_list() == ["01001", "Quay", "48201"]
    plain = person(tmp_path, '[table.columns]\nperiod = "When"\narea = "County"', rows)
    assert plain.accepted["area"].to_list() == ["1001", "Quay", "48201"]


def test_only_some_rows_constants_missing_words_and_decimal_comma(tmp_path: Path) -> None:
    mapping = """
[source]
id = "s"
label = "S"
[file]
decimal_comma = true
missing = ["k.A."]
[[table]]
name = "area_context"
[table.columns]
code = "Code"
value = "Wert"
[table.constants]
geography = "g"
year = "2024"
indicator = "deprivation"
unit = "index"
[table.only]
"Art" = ["Index"]
"""
    rows = [["Code", "Art", "Wert"], ["a", "index", "1.234,5"], ["b", "Zahl", "7"], ["c", "INDEX", "k.A."]]
    incoming = read(tmp_path, mapping, rows)
    assert (incoming.ledger.rows, dict(incoming.ledger.left_out)) == (3, {"filter": 1})
    found = check(incoming.batches[0], AS_OF)
    assert found.accepted.select("code", "value", "year").rows() == [("a", 1234.5, 2024), ("c", None, 2024)]


def test_days_between_two_dates(tmp_path: Path) -> None:
    mapping = (
        '[file]\ndate_format = "dd/mm/yyyy"\n'
        + HEAD.replace("person", "referral")
        + '[table.columns]\nperiod = "Sent"\ndays_to_decision = { since = "Sent", to = "Decided" }\n'
    )
    rows = [
        ["Sent", "Decided"],
        ["28/02/2025", "01/03/2025"],
        ["01/03/2025", ""],
        ["01/03/2025", "28/02/2025"],
    ]
    rows += [["01/03/2025", "31/02/2025"]]
    incoming = read(tmp_path, mapping, rows)
    found = check(incoming.batches[0], AS_OF)
    assert found.accepted["days_to_decision"].to_list() == [1, None]
    assert found.rejected.select("line", "rule").rows() == [
        (4, "decision_before_referral"),
        (5, "not_a_number"),
    ]


def test_column_names_may_differ_in_capitals_and_blanks(tmp_path: Path) -> None:
    found = person(
        tmp_path, '[table.columns]\nperiod = "date  referred"', [["Date\nReferred", "x"], ["2025-01", "1"]]
    )
    assert found.accepted.height == 1


def test_period_is_declared_or_told_from_the_rows(tmp_path: Path) -> None:
    rows = [["When", "x"], ["2025-02-03", ""], ["2025-Q2", ""]]
    mapping = HEAD + '[table.columns]\nperiod = "When"\n'
    told = read(tmp_path, mapping, rows)
    assert (told.period_from, told.period_to) == ("2025-02", "2025-06")
    stated = read(tmp_path, 'period = "2025-Q1..2025-12"\n' + mapping, rows)
    assert (stated.period_from, stated.period_to) == ("2025-01", "2025-12")
    year = read(tmp_path, 'period = "2025"\n' + mapping, rows)
    assert (year.period_from, year.period_to) == ("2025-01", "2025-12")


def test_a_mistyped_year_does_not_stretch_the_period(tmp_path: Path) -> None:
    rows = [["When", "x"], ["2025-02-03", ""], ["1925-02-03", ""]]
    mapping = HEAD + '[table.columns]\nperiod = "When"\n'
    refusal(
        lambda: read(tmp_path, mapping, rows),
        "list.csv",
        "36 months",
        "list.toml",
        'period = "',
        unwanted=["1925"],
    )
    future = read(tmp_path, mapping, [["When", "x"], ["2025-02-03", ""], ["2095-02-03", ""]])
    assert (future.period_from, future.period_to) == ("2025-02", "2025-02")


@pytest.mark.parametrize(
    ("code", "months"),
    [
        ("2025", ("2025-01", "2025-12")),
        ("2025-Q4", ("2025-10", "2025-12")),
        ("2025-03", ("2025-03", "2025-03")),
        ("2025-13", None),
        ("03/2025", None),
    ],
)
def test_months_of_a_period(code: str, months: tuple[str, str] | None) -> None:
    assert months_of(code) == months


COLUMNS = '[table.columns]\nperiod = "When"\n'


@pytest.mark.parametrize(
    ("mapping", "wanted"),
    [
        ("", ["'table'", "[[table]]"]),
        ("[[table]\n", ["not valid TOML"]),
        ('[[table]]\nname = "person"\n' + COLUMNS, ["'source'", "missing"]),
        ('[source]\nlabel = "x"\n[[table]]\nname = "person"\n' + COLUMNS, ["'source.id'", "missing"]),
        (HEAD.replace('"office"', '"Our office"') + COLUMNS, ["'source.id'", "small letters"]),
        (HEAD.replace("person", "persons") + COLUMNS, ["'table[1].name'", "Did you mean 'person'?"]),
        (HEAD + '[table.columns]\ngendre = "Sex"', ["table[1].columns.gendre", "Did you mean 'gender'?"]),
        (HEAD + '[table.columns]\ngender = "Sex"', ["table[1].columns.period", "missing"]),
        (
            HEAD + COLUMNS + 'gender = "Sex"\n[table.values.gender]\n"F" = "femal"',
            ['values.gender."F"', "'femal'", "Did you mean 'female'?", "not_recorded"],
        ),
        (
            HEAD + COLUMNS + 'gender = "Sex"\n[table.values.gender]\n"F" = "female"\n" f " = "male"',
            ['values.gender." f "', "'male', and 'female'", "capitals and blanks"],
        ),
        ('[file]\nyes = ["Y"]\nno = ["Y", "N"]\n' + HEAD + COLUMNS, ["'file.no'", "'y'", "in both"]),
        (HEAD + 'yes = ["Yes "]\nno = ["YES"]\n' + COLUMNS, ["'table[1].no'", "'yes'", "in both"]),
        (HEAD + 'no = ["x"]\n' + COLUMNS, ["'table[1].no'", "'x'", "yes: y, yes"]),
        (
            '[file]\ndrop = ["Sex"]\n' + HEAD + COLUMNS + 'gender = "sex"',
            ["columns.gender", "'sex'", "'drop'", "never kept"],
        ),
        (
            HEAD + 'drop = ["Fishing"]\n' + COLUMNS + '[table.flags.sector]\n"Fishing" = "agriculture"',
            ["flags.sector", "'Fishing'", "'drop'"],
        ),
        (HEAD + "header_row = 0x" + "F" * 5_000 + "\n" + COLUMNS, ["'table[1].header_row'", "too large"]),
        (HEAD + f"{COLUMNS}[table.constants]\ngender = {'1' * 5_000}", ["constants.gender'", "too large"]),
        (HEAD + f"{COLUMNS}[table.constants]\ngender = [{'1' * 30}]", ["constants.gender[1]", "too large"]),
        (HEAD + COLUMNS + '[table.values.gender]\n"F" = "female"', ["values.gender", "columns.gender"]),
        (HEAD + COLUMNS + '[table.flags.gender]\n"F" = "female"', ["flags.gender", "form", "vulnerability"]),
        (HEAD + COLUMNS + '[table.flags.form]\n"F" = "sexual"', ["Did you mean 'sexual_exploitation'?"]),
        (HEAD + COLUMNS + '[table.constants]\nstatus = "sure"', ["constants.status", "'sure'", "confirmed"]),
        (HEAD + COLUMNS + '[table.constants]\nperiod = "2025"', ["constants.period", "given twice"]),
        (HEAD + COLUMNS + 'age = { column = "Age", split = ";" }', ["columns.age.split", "several codes"]),
        (HEAD + COLUMNS + 'age = { since = "A", to = "B" }', ["columns.age.since", "days"]),
        (HEAD + COLUMNS + 'age = { colum = "Age" }', ["columns.age.column", "missing"]),
        (HEAD + COLUMNS + 'age = { column = "Age", padd = 2 }', ["columns.age.padd", "Did you mean 'pad'?"]),
        (HEAD + COLUMNS + "age = 17", ["columns.age", "a text"]),
        ('[file]\ndate_format = "day/month"\n' + HEAD + COLUMNS, ["date_format", "dd/mm/yyyy"]),
        ('[file]\nheader_row = 0\n' + HEAD + COLUMNS, ["header_row", "1 to"]),
        ('[file]\nsheats = "A"\n' + HEAD + COLUMNS, ["file.sheats", "Did you mean 'sheets'"]),
        ('period = "2025-03..2025-01"\n' + HEAD + COLUMNS, ["'period'", "2025-01..2025-03"]),
        ('perod = "2025"\n' + HEAD + COLUMNS, ["'perod'", "Did you mean 'period'?"]),
        (
            HEAD.replace("[[table]]", 'period_resolution = "week"\n[[table]]') + COLUMNS,
            ["source.period_resolution", "month, quarter, year"],
        ),
    ],
)  # fmt: skip
def test_mistakes_in_a_mapping_name_file_and_key(tmp_path: Path, mapping: str, wanted: list[str]) -> None:
    path = tmp_path / "office.toml"
    path.write_text(mapping, encoding="utf-8")
    refusal(lambda: load_mapping(path, ReadOptions()), "office.toml", *wanted)


def test_mapping_that_is_not_there_or_not_given(tmp_path: Path) -> None:
    refusal(lambda: load_mapping(tmp_path / "no.toml", ReadOptions()), "no.toml", "docs/adding.md")
    path = write_csv(tmp_path / "list.csv", [["a"], ["1"]])
    refusal(lambda: own.read(path, ReadOptions()), "list.csv", "mapping", "python -m etl template")


def test_two_tables_of_one_sheet(tmp_path: Path) -> None:
    mapping = (
        HEAD + COLUMNS + 'person_ref = "No"\n[[table]]\nname = "referral"\n' + COLUMNS + 'person_ref = "No"\n'
    )
    incoming = read(tmp_path, mapping, [["No", "When"], ["1", "2025-01"], ["2", "2025-02"]])
    assert incoming.ledger.kept == 2
    assert [batch.frame.height for batch in incoming.batches] == [2, 2]


def test_drop_of_a_column_that_is_not_there_is_no_error(tmp_path: Path) -> None:
    mapping = HEAD + 'drop = ["Notes"]\n' + COLUMNS
    assert read(tmp_path, mapping, [["When", "x"], ["2025-01", "1"]]).ledger.kept == 1


def test_same_words_give_the_same_rows_whatever_the_file_kind(tmp_path: Path) -> None:
    rows = [["When", "Sex"], ["2025-01", "female"], ["2025-02", "male"]]
    mapping = HEAD + COLUMNS + 'gender = "Sex"\n'
    (tmp_path / "m.toml").write_text(mapping, encoding="utf-8")
    options = ReadOptions(mapping=tmp_path / "m.toml", as_of=AS_OF)
    paths = [write_csv(tmp_path / "a.csv", rows, ";"), write_csv(tmp_path / "a.tsv", rows, "\t")]
    paths += [write_csv(tmp_path / "b.txt", rows, "|", "utf-16"), write_xlsx(tmp_path / "a.xlsx", rows)]
    frames = [texts(own.read(path, options).batches[0].frame) for path in paths]
    for frame in frames[1:]:
        assert frame.equals(frames[0])


WORDS = st.sampled_from(["F", "M", "f ", "x", "", "female", "??"])


@settings(max_examples=examples(40))
@given(st.lists(WORDS, min_size=1, max_size=20))
def test_no_row_is_lost_between_sheet_and_contract(
    tmp_path_factory: pytest.TempPathFactory, words: list[str]
) -> None:
    mapping = HEAD + COLUMNS + 'gender = "Sex"\n[table.values.gender]\n"F" = "female"\n"M" = "male"\n'
    rows = [["When", "Sex"], *(["2025-01", word] for word in words)]
    incoming = read(tmp_path_factory.mktemp("m"), mapping, rows)
    found = check(incoming.batches[0], AS_OF)
    assert found.accepted.height + found.rejected.height == incoming.ledger.kept == len(words)
    expected = {"F": "female", "f ": "female", "M": "male", "": None, "female": "female"}
    assert found.accepted["gender"].to_list() == [expected[word] for word in words if word in expected]


def test_an_error_is_an_etl_error_for_any_text(tmp_path: Path) -> None:
    for text in (
        "= 1",
        "a = [",
        "\x00",
        "[source]\nid = 1",
        "[[table]]\nname = 3\n[source]\nid='a'\nlabel='b'",
    ):
        (tmp_path / "m.toml").write_text(text, encoding="utf-8")
        with pytest.raises(EtlError, match=r"m\.toml"):
            load_mapping(tmp_path / "m.toml", ReadOptions())


def test_every_key_of_a_mapping_is_explained() -> None:
    text = (PROJECT / "docs" / "adding.md").read_text("utf-8")
    code = "".join(path.read_text("utf-8") for path in (PROJECT / "etl" / "mapping").rglob("*.py"))
    keys = set(re.findall(r'\.(?:text|texts|take|inside|each)\(\s*"(\w+)"', code))
    keys |= set(re.findall(r'_(?:code|formats|at_least_one)\(\w+, "(\w+)"', code))
    assert len(keys) > 25
    for key in keys:
        assert re.search(rf"\b{key}\b", text), f"docs/adding.md does not explain '{key}'"


def test_many_rows_are_shaped_like_few(tmp_path: Path) -> None:
    """Above ten thousand rows a column is worked out once for each distinct value."""
    mapping = (
        HEAD + '[table.columns]\nperiod = "When"\nage = "age"\nform = { column = "Form", split = ";" }\n'
    )
    mapping += '[table.values.age]\n"unk" = ""\n[table.flags.form]\n"Begging" = "forced_begging"\n'
    few = [
        ["2025-01", "17", "forced_labour; x", "Y"],
        ["2025-02", "unk", "", "n"],
        ["2025-03", "18", "other", ""],
    ]
    header = ["When", "age", "Form", "Begging"]
    small = texts(read(tmp_path, mapping, [header, *few]).batches[0].frame.drop(LINE))
    large = texts(read(tmp_path, mapping, [header, *few * 5_000]).batches[0].frame)
    assert large.height == 15_000
    assert large.head(3).drop(LINE).equals(small)
    assert large.tail(3).drop(LINE).equals(small)
    codes = small["form"].str.split(SEPARATOR).to_list()
    assert codes == [["forced_labour", "x", "forced_begging"], [""], ["other"]]


NORTH_AND_SOUTH = (
    '[source]\nid = "office"\nlabel = "Office"\n'
    '[[table]]\nname = "person"\nsheet = "North"\n[table.columns]\nperiod = "When"\ngender = "Sex"\n'
    '[[table]]\nname = "person"\nsheet = "South"\n[table.columns]\nperiod = "When"\nage = "Age"\n'
)


def test_two_sheets_of_one_table_are_one_table(tmp_path: Path) -> None:
    rows = {
        "North": [["When", "Sex"], ["2025-01", "female"], ["2025-02", "male"]],
        "South": [["When", "Age"], ["2025-01", "16"], ["2025-13", "17"], ["2025-03", "30"]],
    }
    path, mapping = write_sheets(tmp_path / "sites.xlsx", rows), tmp_path / "sites.toml"
    mapping.write_text(NORTH_AND_SOUTH, encoding="utf-8")
    incoming = own.read(path, ReadOptions(mapping=mapping, as_of=AS_OF))
    assert (incoming.ledger.kept, [batch.table for batch in incoming.batches]) == (5, ["person"])
    found = checked(incoming, "person")
    kept = anonymise(
        contract("person"), found.accepted, secret=b"k" * 16, scheme="s", home_country="ZZ", file_mark="f"
    )
    assert kept["person_key"].n_unique() == 4, "rows without a reference are people of their own"
    assert counts(kept, "gender") == {"female": 1, "male": 1, None: 2}
    assert [line_and_part(number) for number in found.rejected["line"]] == [(3, 2)]


def test_the_same_table_twice_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "office.toml"
    once = '[[table]]\nname = "person"\n' + COLUMNS
    path.write_text('[source]\nid = "office"\nlabel = "Office"\n' + once * 2, encoding="utf-8")
    refusal(lambda: load_mapping(path, ReadOptions()), "office.toml", "numbers 1 and 2", "count twice")
