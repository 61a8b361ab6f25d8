"""Templates: an empty sheet that loads once it is filled in, and an explanation of every column and code."""

from datetime import date
from pathlib import Path

import openpyxl
import polars as pl
import pytest

from etl.contracts.check import check
from etl.contracts.tables import contract, table_names
from etl.contracts.tallies import TABLES, as_tally
from etl.incoming import ReadOptions
from etl.mapping import load_mapping
from etl.sources.records import own
from etl.template_workbook import EXPLAINED, refused, write
from tests.etl.making_files import refusal

SHEETS = [name for name in table_names() if name != "area_shape"]
AS_OF = date(2025, 12, 31)
CLASHES = {"person": {"citizenship_group"}, "referral": {"decline_reason"}, "observation": {"marker"}}


@pytest.mark.parametrize("table", SHEETS)
def test_every_column_and_code_is_explained(tmp_path: Path, table: str) -> None:
    workbook, _ = write(table, tmp_path / f"{table}.xlsx")
    book = openpyxl.load_workbook(workbook)
    assert book.sheetnames == [table, EXPLAINED]
    rules = contract(table)
    assert [cell.value for cell in book[table][1]] == list(rules.names)
    assert book[table].max_row == 1
    words = {cell for row in book[EXPLAINED].iter_rows(values_only=True) for cell in row if cell}
    for column in rules.columns:
        assert column.description in words
        assert set(column.codes) <= words
        assert set(column.codes.values()) <= words
    for _, sentence in refused(rules):
        assert sentence in words
    for rule in rules.rules:
        assert rule.message in words


def test_lists_of_codes_hold_exactly_the_codes(tmp_path: Path) -> None:
    workbook, _ = write("referral", tmp_path / "referral.xlsx")
    book = openpyxl.load_workbook(workbook)
    lists = {}
    for validation in book["referral"].data_validations.dataValidation:
        column = contract("referral").columns[next(iter(validation.sqref.ranges)).min_col - 1]
        if validation.type == "list" and column.codes:
            cells = book[EXPLAINED][validation.formula1.partition("!")[2].replace("$", "")]
            lists[column.name] = [cell[0].value for cell in cells]
    assert lists == {
        c.name: list(c.codes) for c in contract("referral").columns if c.kind == "code" and c.codes
    }


@pytest.mark.parametrize("table", SHEETS)
def test_a_filled_template_loads_with_its_own_mapping(tmp_path: Path, table: str) -> None:
    workbook, mapping = write(table, tmp_path / f"{table}.xlsx")
    book = openpyxl.load_workbook(workbook)
    for position, column in enumerate(contract(table).columns, start=1):
        if column.name not in CLASHES.get(table, set()):
            value = column.example or ("words" if column.required else None)
            book[table].cell(row=2, column=position, value=value)
    book.save(workbook)
    incoming = own.read(workbook, ReadOptions(mapping=mapping, as_of=AS_OF, geography="tarrowmere"))
    assert [batch.table for batch in incoming.batches] == [table]
    found = check(incoming.batches[0], AS_OF)
    assert found.rejected.rows() == []
    assert found.accepted.height == 1
    for column in contract(table).columns:
        if column.kind == "codes":
            assert found.accepted[column.name].dtype == pl.List(pl.String)


@pytest.mark.parametrize("table", sorted(TABLES))
def test_a_filled_template_of_numbers_loads_with_its_own_mapping(tmp_path: Path, table: str) -> None:
    workbook, mapping = write(table, tmp_path / f"{table}.xlsx", is_tally=True)
    book = openpyxl.load_workbook(workbook)
    head = [cell.value for cell in book[table][1]]
    assert head == list(as_tally(contract(table)).names)
    assert not any(name.endswith("_ref") for name in head if name)
    for position, name in enumerate(head, start=1):
        if name in ("period", "count"):
            example = as_tally(contract(table)).column(name).example
            book[table].cell(row=2, column=position, value=example)
    book.save(workbook)
    [batch] = own.read(workbook, ReadOptions(mapping=mapping, as_of=AS_OF, geography="tarrowmere")).batches
    found = check(batch, AS_OF)
    assert (found.rejected.rows(), found.accepted["count"].to_list()) == ([], [14])


def test_a_template_of_numbers_is_refused_for_other_tables(tmp_path: Path) -> None:
    refusal(lambda: write("service_need", tmp_path / "a.xlsx", is_tally=True), "person, tip, referral")


def test_empty_template_is_read_as_no_rows(tmp_path: Path) -> None:
    workbook, mapping = write("person", tmp_path / "person.xlsx")
    assert own.read(workbook, ReadOptions(mapping=mapping, as_of=AS_OF)).ledger.kept == 0


def test_starter_mapping_is_valid_and_says_what_to_change(tmp_path: Path) -> None:
    _, mapping = write("person", tmp_path / "person.xlsx")
    assert load_mapping(mapping, ReadOptions()).source.source_id == "our_office"
    assert "docs/adding.md" in mapping.read_text("utf-8")


def test_templates_are_equal_each_time(tmp_path: Path) -> None:
    first, _ = write("area", tmp_path / "a.xlsx")
    second, _ = write("area", tmp_path / "b.xlsx")
    assert first.read_bytes() == second.read_bytes()


def test_personal_tables_say_that_identifiers_are_refused() -> None:
    assert any("phone numbers" in sentence for _, sentence in refused(contract("person")))
    assert not any("phone numbers" in sentence for _, sentence in refused(contract("area")))


def test_what_cannot_be_written(tmp_path: Path) -> None:
    refusal(lambda: write("persons", tmp_path / "a.xlsx"), "'persons'", "Did you mean 'person'?")
    refusal(lambda: write("area_shape", tmp_path / "a.xlsx"), "area_shape", "--source boundaries")
    refusal(lambda: write("person", tmp_path / "a.csv"), "a.csv", ".xlsx")
    (tmp_path / "a.toml").write_text("mine", encoding="utf-8")
    refusal(lambda: write("person", tmp_path / "a.xlsx"), "a.toml", "already there")
    assert (tmp_path / "a.toml").read_text("utf-8") == "mine"
    assert not (tmp_path / "a.xlsx").exists()
