"""Counts the cells of a return: one query for each column of a block, on relations made for the period."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb

from analysis.catalog.model import NOT_RECORDED
from analysis.words import listed
from etl.returns.facts import APART, Facts, month_words
from etl.returns.model import TOTAL, Block, Cell, Return, Sheet
from etl.returns.periods import Period
from etl.returns.questions import COUNTS, MULTI, Count, codes_of, label_of, table_label

SQL = Path(__file__).with_name("sql")
FLOW = (
    *("clients_open_at_start", "clients_new", "clients_reopened", "clients_served"),
    *("clients_closed", "clients_open_at_end"),
)


def prepare(connection: duckdb.DuckDBPyConnection, asked: Return, period: Period) -> None:
    """Make the relations of a period; they are temporary, the warehouse stays as it is."""
    for name, value in (
        ("first_month", period.first_month),
        ("last_month", period.last_month),
    ):
        connection.execute(f"SET VARIABLE {name} = ?::DATE", [value])
    connection.execute("SET VARIABLE sex_forms = ?::VARCHAR[]", [list(asked.sex)])
    connection.execute("SET VARIABLE labour_forms = ?::VARCHAR[]", [list(asked.labour)])
    for path in sorted(SQL.glob("[0-9][0-9]_*.sql")):
        connection.execute(path.read_text("utf-8"))


def cells_of(
    connection: duckdb.DuckDBPyConnection, asked: Return, period: Period, facts: Facts
) -> list[Cell]:
    """Return all cells of a return, in the order of its sheets; `prepare` has run."""
    return [
        cell
        for sheet in asked.sheets_for(period.kind)
        for block in sheet.blocks
        for cell in _block_cells(connection, sheet, block, period, facts)
    ]


def flow_of(connection: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """Return the clients in and out of the period, by the codes of `FLOW`."""
    return {code: int(_amounts(connection, COUNTS[code], "", "", {})[(TOTAL, "")]) for code in FLOW}


def tables_of(asked: Return, kind: str) -> set[str]:
    """Return the sheets of a task force that a return counts, other than registers without months."""
    return {
        table
        for sheet in asked.sheets_for(kind)
        for block in sheet.blocks
        for code in block.counts
        for table in COUNTS[code].tables
        if not COUNTS[code].is_register
    }


def _block_cells(
    connection: duckdb.DuckDBPyConnection, sheet: Sheet, block: Block, period: Period, facts: Facts
) -> Iterator[Cell]:
    rows = {TOTAL: "Total", **(_codes(block, block.by) if block.by else {})}
    for code in block.counts:
        count = COUNTS[code]
        why = _why_not(count, period, facts)
        absent = _absent(count, period, facts)
        amounts = {} if why else _amounts(connection, count, block.by, block.apart, block.only)
        for column, label in _columns(block, code, count).items():
            values = {row: amounts.get((row, column.partition("/")[2]), 0) for row in rows}
            yield from (
                Cell(
                    code=f"{sheet.code}.{block.code}.{row}.{column}",
                    sheet=sheet.code,
                    block=block.code,
                    row_code=row,
                    row=words,
                    column_code=column,
                    column=label,
                    value=None if reason else values[row],
                    how=_how(count, block, row, words, column),
                    why=reason,
                )
                for row, words in rows.items()
                for reason in [
                    why
                    or _mixed(block, column, facts)
                    or _why_empty(block, values, row, column, amounts)
                    or ("" if values[row] else absent)
                ]
            )


def _columns(block: Block, code: str, count: Count) -> dict[str, str]:
    """Return code and words of the columns of one count: one, or one for each category kept apart."""
    if not block.apart:
        return {code: count.label}
    many = len(block.counts) > 1
    return {
        f"{code}/{category}": f"{count.label}: {label}" if many else label
        for category, label in _codes(block, block.apart).items()
    }


def _codes(block: Block, division: str) -> dict[str, str]:
    """Return the categories of a division that a block counts at all, with their words."""
    chosen = block.only.get(division)
    return {code: label for code, label in codes_of(division).items() if chosen is None or code in chosen}


def _why_not(count: Count, period: Period, facts: Facts) -> str:
    """Say why a count has no numbers at all in this period; nothing where it has."""
    for table in count.tables:
        label = table_label(table)
        if table not in facts.loaded:
            return f"No sheet '{label}' is loaded: python -m etl template {table}"
        missing = [] if count.is_register else facts.missing_months(table, period)
        if missing:
            return f"No sheet '{label}' covers {month_words(missing)}."
        if count.fits_only and facts.straddling.get(table):
            return (
                f"{facts.straddling[table]:,} rows of '{label}' are dated by a longer period that lies only "
                "partly in this one, and nobody can divide them."
            )
    return ""


def _absent(count: Count, period: Period, facts: Facts) -> str:
    """Say who sent nothing for the whole period: a zero of theirs would be a report that nobody made."""
    if count.is_register:
        return ""
    silent = facts.silent(count.tables, period)
    whole = [key for key, months in silent.items() if len(months) == len(period.months)]
    if not whole:
        return ""
    names = listed([f"{facts.labels.get(who, who)} ('{table_label(table)}')" for table, who in whole])
    return f"No report from {names} for {period.label}: whether there were none cannot be told."


def _mixed(block: Block, column: str, facts: Facts) -> str:
    """Say that potential and confirmed people are not told apart, where only one of them is ever used."""
    status = column.partition("/")[2]
    if block.apart != "status" or status not in APART or status in facts.statuses or not facts.statuses:
        return ""
    return (
        f"Nobody in the register has ever been recorded as '{codes_of('status')[status]}': whether there "
        "were none, or the two are not kept apart, cannot be told."
    )


def _why_empty(
    block: Block, values: dict[str, Any], row: str, column: str, amounts: dict[tuple[str, str], Any]
) -> str:
    """Say why one cell is empty: a zero must not stand for what nobody wrote down."""
    if values[row] is None:
        return "Nobody wrote this number down, or amounts are in several currencies, which have no sum."
    if block.apart and not column.endswith(f"/{NOT_RECORDED}"):
        code = column.partition("/")[0]
        known = {key for (_, key), value in amounts.items() if value}
        if known == {NOT_RECORDED} and code:
            return f"{label_of(block.apart)} is not recorded for anybody in the period."
    total = values[TOTAL]
    if block.by and row not in (TOTAL, NOT_RECORDED) and total and values.get(NOT_RECORDED) == total:
        return f"{label_of(block.by)} is not recorded for any of them."
    return ""


def _amounts(
    connection: duckdb.DuckDBPyConnection, count: Count, by: str, apart: str, only: dict[str, tuple[str, ...]]
) -> dict[tuple[str, str], Any]:
    """Return numbers by row and column; a row or column that is not there has none."""
    column = apart or "''"
    where, values = [f"({count.where})"], []
    for division, codes in only.items():
        where.append(f"list_has_any({_listed(division)}, ?)")
        values.append(list(codes))
    chosen = f"FROM {count.relation} WHERE {' AND '.join(where)}"
    # With nothing at all a total is still a row, so that a sum of no rows is 0 and no gap.
    totals = f"SELECT '{TOTAL}' AS row_code, {column} AS column_code, {count.amount} AS amount {chosen}"
    found = connection.execute(f"{totals} {'GROUP BY column_code' if apart else ''}", values).fetchall()
    if by:
        rows = f"SELECT *, unnest({_listed(by)}) AS row_code {chosen}"
        found += connection.execute(
            f"SELECT row_code, {column} AS column_code, {count.amount} FROM ({rows}) GROUP BY ALL", values
        ).fetchall()
    return {(row, column): _plain(amount) for row, column, amount in found}


def _listed(division: str) -> str:
    """Return the categories of a row as a list; nothing on record is the category "not recorded"."""
    if division in MULTI:
        return f"coalesce(nullif({division}, []), ['{NOT_RECORDED}'])"
    return f"[coalesce({division}, '{NOT_RECORDED}')]"


def _plain(amount: Any) -> int | float | None:
    """Return a whole number as one, and money to the cent."""
    if amount is None:
        return None
    return int(amount) if int(amount) == amount else round(float(amount), 2)


def _how(count: Count, block: Block, row: str, words: str, column: str) -> str:
    """Say how a cell was counted."""
    parts = [count.words]
    if block.by and row != TOTAL:
        several = "; one can be in several" if block.by in MULTI else ""
        parts.append(f"Of these, {label_of(block.by)} = {words} ({block.by}: {row}{several}).")
    if block.apart:
        code = column.partition("/")[2]
        parts.append(f"{label_of(block.apart)} = {codes_of(block.apart)[code]} ({block.apart}: {code}).")
    for division in block.only:
        parts.append(f"Only {label_of(division)} = {', '.join(_codes(block, division).values())}.")
    parts.append(f"From: {', '.join(table_label(table) for table in count.tables)}.")
    return " ".join(parts)
