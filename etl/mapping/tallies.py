"""Rows that are numbers of records: what a mapping says of them, and what cannot be told from them."""

from collections.abc import Sequence

import polars as pl

from analysis.catalog.table import Table
from analysis.errors import echo
from etl.contracts.by_distinct import texts
from etl.contracts.tables import Contract
from etl.contracts.tallies import COUNT, ONE_DIVISION, TABLES, as_tally, is_of_one_record, sounds_like_a_stock
from etl.errors import EtlError
from etl.lines import LINE, first_lines_words
from etl.mapping.model import CELL, MADE, TableMapping

NEW = "new"
_FEWEST_SUMS = 3  # of fewer it is a coincidence
_KEYS = ("columns", "constants", "flags")
AS_PLACES = (
    "those in care at one time: the same people come again each month, so they are no records. Load them as "
    'places in use: name = "service_capacity", with the columns service, period, places and places_in_use '
    "(python -m etl template service_capacity)"
)
_MEANT = f'tally = "{NEW}" where each number is of those that are new in its month; not of {AS_PLACES}'


def tallied(keys: Table, table: Contract) -> Contract:
    """Return the contract of a table, as one of numbers where the mapping says so.

    Parameters
    ----------
    keys
        One ``[[table]]`` of a mapping.
    table
        Its contract.

    Raises
    ------
    EtlError
        A number of which it is not said that it is of new ones, or of what cannot be counted so.
    """
    named = {name for key in _KEYS for name in _names(keys, key)}
    given, has_rest = keys.text("tally", ""), keys.flag("rest", False)
    if not given:
        if COUNT in named and table.name in TABLES:
            raise keys.fail("tally", "missing beside 'count'", _MEANT)
        if has_rest:
            raise keys.fail("rest", "given", f'together with tally = "{NEW}"')
        return table
    if table.name not in TABLES:
        raise keys.fail("tally", f"given for '{table.name}'", f"only for {', '.join(TABLES)}")
    if given != NEW:
        raise keys.fail("tally", echo(given), _MEANT)
    for column in table.columns:
        if column.name in named and is_of_one_record(column):
            raise keys.fail(
                f"columns.{column.name}",
                f'given beside tally = "{NEW}"',
                "columns that hold for every record of a number: a number has no references, days or hours. "
                "Load rows that have them as listed records, by a mapping of their own",
            )
    return as_tally(table, has_rest)


def check_number(keys: Table, mapping: TableMapping) -> None:
    """Refuse numbers whose column is called as a stock is, and one number for all rows."""
    if mapping.contract.is_tally and COUNT in mapping.constants:
        raise keys.fail(f"constants.{COUNT}", "given", "a column that holds the numbers")
    rule = mapping.columns.get(COUNT) if mapping.contract.is_tally else None
    for name in rule.columns if rule else ():
        if name not in MADE and sounds_like_a_stock(name):
            raise keys.fail(
                f"columns.{COUNT}",
                f"read from {echo(name)}",
                f"numbers of new ones, and the column is called as a stock is: {AS_PLACES}. If they are new "
                "ones, say so in the heading (New …)",
            )


def check_blocks(top: Table, mapped: Sequence[TableMapping]) -> None:
    """Refuse a table of numbers and of listed records, and one that is divided finely and roughly."""
    for name in dict.fromkeys(one.contract.name for one in mapped):
        blocks = [one for one in mapped if one.contract.name == name]
        if len({one.contract.is_tally for one in blocks}) > 1:
            raise top.fail(
                "table",
                f"'{name}' both of numbers (tally) and of listed records",
                "one of the two; a mapping of its own for the other, if another contributor or month has it",
            )
        divided = {_told_finely(one) for one in blocks if one.contract.is_tally}
        if len(divided) > 1:
            by = " and by ".join(", ".join(one) or "nothing" for one in sorted(divided))
            raise top.fail(
                "table",
                f"'{name}' divided by {by}",
                "one division: the same would be counted twice",
            )


def _told_finely(mapping: TableMapping) -> tuple[str, ...]:
    fine = {*ONE_DIVISION, *ONE_DIVISION.values()}
    return tuple(sorted(fine & {*mapping.columns, *mapping.constants}))


def _names(keys: Table, key: str) -> list[str]:
    found = keys.values.get(key, {})
    return list(found) if isinstance(found, dict) else []


def with_numbers(table: TableMapping, frame: pl.DataFrame) -> pl.DataFrame:
    """Return the rows in which a number stands; a blank is not zero, and no number either."""
    return frame.filter(
        pl.any_horizontal(pl.col(name).is_not_null() for name in table.columns[COUNT].columns)
    )


def refuse_repeated(table: TableMapping, frame: pl.DataFrame, file: str) -> None:
    """Refuse rows that say the same of two numbers: which of them holds, or whether they add up, is not told.

    Rows that are written differently and mean the same code, or two weeks of one month, add up.

    Parameters
    ----------
    table
        How the table is filled.
    frame
        Its rows, text columns under the names of the mapping, plus ``_line``.

    Raises
    ------
    EtlError
        With the lines.
    """
    number = table.columns[COUNT].columns
    said = [name for target, rule in table.columns.items() if target != COUNT for name in rule.columns]
    said += [name for flags in table.flags.values() for name in flags]
    said = [name for name in dict.fromkeys(said) if name not in (*number, CELL)]
    rows = texts(frame.select(*said, LINE))
    lines = rows.filter(pl.struct(said).is_duplicated())[LINE].sort() if said else rows[LINE]
    if lines.len():
        raise EtlError(
            f"{file}: numbers of '{table.contract.name}' on lines {first_lines_words(lines)} say the same of "
            "who is counted: which of them holds, or whether they add up, cannot be told.",
            "Map the column (or the tab: @sheet) that tells them apart, or add them up in the file.",
        )


def refuse_same_cells(name: str, frames: Sequence[pl.DataFrame], file: str) -> None:
    """Refuse numbers of the same contributor, period, area and codes that two ``[[table]]`` give.

    Parameters
    ----------
    name
        Of the table.
    frames
        Canonical columns as text of each ``[[table]]``.

    Raises
    ------
    EtlError
        With their number.
    """
    columns = [name for name in dict.fromkeys(one for frame in frames for one in frame.columns)]
    said = [name for name in columns if name not in (COUNT, LINE)]
    each = [texts(frame).select(pl.col(set(said) & set(frame.columns))).unique() for frame in frames]
    cells = pl.concat(each, how="diagonal") if len(each) > 1 else pl.DataFrame()
    twice = int(cells.select(pl.struct(said).is_duplicated().sum()).item()) if cells.height else 0
    if twice:
        raise EtlError(
            f"{file}: two [[table]] of '{name}' give numbers for the same contributor, period, area and "
            "codes: whether they add up cannot be told.",
            "Say in each what its rows are of, such as [table.constants] area or source.",
        )


def refuse_sums(table: TableMapping, frame: pl.DataFrame, lines: Sequence[int], file: str) -> None:
    """Refuse a row of several months whose numbers are all sums of those above: it is a total.

    Raises
    ------
    EtlError
        With the lines. In a single column it may be chance, and is told.
    """
    names = list(table.unpivot.columns) if table.unpivot else []
    held = frame.filter(pl.col(LINE).is_in(list(lines)))
    wide = (
        held.filter(pl.sum_horizontal(pl.col(names).is_not_null()) >= _FEWEST_SUMS)[LINE] if names else None
    )
    if wide is not None and wide.len():
        raise EtlError(
            f"{file}: line {first_lines_words(wide)} of the table holds the sums of the rows above it, "
            "and would be counted again.",
            "Name its first cell under 'totals' in the mapping.",
        )
