"""Numbers of records on their way into the stage: refused where they are unclear, else spelled out.

A number of 14 becomes 14 records, so that they pass the same door as listed ones. Each gets a reference made
of what it says and which of the 14 it is: whoever comes with 15 next time brings the same 14 and one more.
The reference is hashed as any other; in a release, its year and revision are hashed with it.
"""

from collections.abc import Collection
from itertools import pairwise

import duckdb
import polars as pl

from analysis.words import counted, first_few
from etl.contracts.areas import Areas
from etl.contracts.check import Checked
from etl.contracts.tables import Contract
from etl.contracts.tallies import COUNT, ONE_DIVISION, TABLES
from etl.errors import EtlError
from etl.incoming import Incoming
from etl.lines import LINE, first_lines_words
from etl.load.compared.replacing import ACCEPTED, TALLY, older_rows
from etl.load.rows import Rows
from etl.load.scope import area_and_above
from etl.store.warehouse import first_row

IS_TALLY = "is_tally"
_MOST = 2_000_000  # records of one file
_ROUNDED_TO = 5
_FEWEST_ROUNDED = 8  # numbers of which all are multiples of five by chance once in 400,000
_MARK = "\x1ftally"  # no reference of a sheet begins so: signs like it become blanks when a cell is read
_LISTED = 5
_NO_CODES = ("source", "period", "period_start", "period_level", COUNT, LINE)


def spelled_out(table: Contract, accepted: pl.DataFrame, contributor: str, truncate: str) -> pl.DataFrame:
    """Return a row for each record that the numbers stand for, with a reference of its own.

    Parameters
    ----------
    table
        The contract of the listed records.
    accepted
        Typed rows of the contract of numbers, of the whole file.
    contributor
        Who sent rows that do not say so.
    truncate
        Length of the periods of the register, as Polars writes it.

    Returns
    -------
    polars.DataFrame
        Rows of the contract of listed records; ``_line`` is a running number.
    """
    said = pl.concat_str(
        pl.lit(_MARK),
        pl.lit(table.name),
        pl.col("source").fill_null(contributor),
        pl.col("period_start").dt.truncate(truncate).cast(pl.String),
        *(_said(accepted, name) for name in sorted(set(accepted.columns) - set(_NO_CODES))),
        separator="|",
        ignore_nulls=True,
    )
    number = pl.col(COUNT)
    cells = accepted.with_columns(said.alias("_said")).with_columns(
        # Rows that say the same add up: the second goes on counting where the first ended.
        (number.cum_sum() - number).over("_said").alias("_before")
    )
    repeated = pl.int_range(cells.height, eager=True).repeat_by(cells[COUNT]).explode(empty_as_null=False)
    made = cells[repeated].with_columns(
        (pl.int_range(pl.len()).over(LINE) + pl.col("_before") + 1).alias("_ordinal")
    )
    own = pl.concat_str("_said", "_ordinal", separator="|").alias(f"{table.name}_ref")
    kinds: dict[str, pl.DataType | type[pl.DataType]] = {
        "integer": pl.Int64,
        "number": pl.Float64,
        "boolean": pl.Boolean,
        "codes": pl.List(pl.String),
    }
    blank = (
        pl.lit(None, kinds.get(column.kind, pl.String)).alias(column.name)
        for column in table.columns
        if column.name not in made.columns
    )
    lines = pl.int_range(1, pl.len() + 1, dtype=pl.Int64).alias(LINE)
    return made.with_columns(*blank).with_columns(own, lines).drop("_said", "_before", "_ordinal", COUNT)


def _said(accepted: pl.DataFrame, name: str) -> pl.Expr:
    """Return one column of a reference: null where nothing is said, so that new columns change no key."""
    column = pl.col(name)
    if isinstance(accepted.schema[name], pl.List):
        column = pl.when(column.list.len() > 0).then(column.list.sort().list.join("+"))
    return pl.lit(f"{name}=") + column.cast(pl.String)


def refuse_unclear(
    table: Contract,
    checked: Checked,
    incoming: Incoming,
    areas: Areas,
    *,
    file: str,
) -> tuple[str, ...]:
    """Refuse numbers that are no whole account of one contributor and month; return the note on the others.

    Parameters
    ----------
    table
        The contract of numbers.
    checked
        What the check left, of the whole file.
    areas
        Those that are known, with those above them.

    Raises
    ------
    EtlError
        Hidden or rounded numbers, too many, or totals beside their parts.
    """
    accepted, is_hidden = checked.accepted, pl.col("rule") == "hidden_by_publisher"
    hidden = checked.rejected.filter(is_hidden, pl.col("column_name") == COUNT)["line"]
    if hidden.len():
        raise EtlError(
            f"{file}: numbers on line {first_lines_words(hidden.sort())} are hidden (<5): what is left would "
            "be taken for all there was. Nothing was changed.",
            "Ask for the numbers themselves: small ones are protected here, when the release is made.",
        )
    some = accepted.filter(pl.col(COUNT) > 0)
    if some.height >= _FEWEST_ROUNDED and (some[COUNT] % _ROUNDED_TO == 0).all():
        raise EtlError(
            f"{file}: all {some.height:,} numbers of '{table.name}' end in 0 or 5: they were rounded, and "
            "are no numbers of records. Nothing was changed.",
            "Ask for the numbers themselves: they are protected here, when the release is made.",
        )
    total = int(accepted[COUNT].sum() or 0)
    if total > _MOST:
        raise EtlError(
            f"{file}: its numbers stand for {total:,} records; {_MOST:,} are the most. Nothing was changed.",
            "Load what somebody has published as published counts: docs/adding.md",
        )
    start = pl.col("period_start").dt.truncate(_truncate(incoming))
    own = some.with_columns(
        pl.col("source").fill_null(incoming.source.source_id), start.alias("period_start")
    )
    for (contributor, month), rows in own.group_by("source", "period_start", maintain_order=True):
        where = f"{file}: numbers of '{table.name}' of '{contributor}' in {month:%Y-%m}"
        _refuse_two_divisions(table, rows, where)
        if not table.has_rest and "area" in rows.columns:
            _refuse_areas_within(rows, areas, where)
    stand = "stands" if accepted.height == 1 else "stand"
    return (
        f"{counted(accepted.height, 'number')} of {table.name} {stand} for "
        f"{counted(total, 'record')} without references, new in their "
        f"{incoming.source.period_resolution} (tally): {TABLES[table.name]} in them are not recognised in "
        "another one, or by another contributor",
    )


def _truncate(incoming: Incoming) -> str:
    return {"month": "1mo", "quarter": "1q", "year": "1y"}[incoming.source.period_resolution]


def _refuse_two_divisions(table: Contract, rows: pl.DataFrame, where: str) -> None:
    """Refuse totals by one thing beside totals by another, or beside a row that may be their total."""
    codes = [name for name in rows.columns if name not in _NO_CODES]
    filled = rows.select(
        pl.col(name).list.len().fill_null(0) > 0
        if isinstance(rows.schema[name], pl.List)
        else pl.col(name).is_not_null()
        for name in codes
    )
    said = {
        frozenset(ONE_DIVISION.get(name, name) for name, is_said in zip(codes, row, strict=True) if is_said)
        for row in filled.unique().rows()
    }
    in_order = sorted(said, key=lambda one: (len(one), sorted(one)))
    is_nested = all(one <= other for one, other in pairwise(in_order))
    if len(said) == 1 or (is_nested and table.has_rest):
        return
    first, second = (" and ".join(sorted(one)) or "nothing" for one in (in_order[-1], in_order[0]))
    raise EtlError(
        f"{where} are divided in two ways: some by {first}, some by {second}. The same {TABLES[table.name]} "
        "would be counted twice. Nothing was changed.",
        "Keep one division (only, or a mapping of one part of the sheet). Where a blank means that it was "
        'not recorded, give it a code in [table.values]: "Unknown" = "not_recorded"; where it is what '
        "belongs to none of the others and not their total, say rest = true under [[table]].",
    )


def _refuse_areas_within(rows: pl.DataFrame, areas: Areas, where: str) -> None:
    codes = set(rows["area"].drop_nulls().to_list())
    above = {step for code in codes for step in area_and_above(code, areas.parents)[1:]}
    if codes & above:
        raise EtlError(
            f"{where} are of {first_few(sorted(codes & above), _LISTED)} and of areas in it: the first may "
            "be their total. Nothing was changed.",
            "Leave totals out (totals, or only). Where it is what belongs to none of the others, say "
            "rest = true under [[table]] of the mapping.",
        )


def refuse_other_kind(
    connection: duckdb.DuckDBPyConnection,
    incoming: Incoming,
    rows: Rows,
    *,
    file_name: str,
    accepted: Collection[str],
) -> None:
    """Refuse numbers in the place of listed records, or these in the place of numbers, until it is accepted.

    Raises
    ------
    EtlError
        With the flag that accepts it.
    """
    for batch in incoming.batches:
        if batch.table not in TABLES or TALLY in accepted:
            continue
        where, values = older_rows(connection, incoming, batch, rows, file_name=file_name)
        other = first_row(
            connection,
            f"SELECT count(*) FROM stage.{batch.table} WHERE {where} AND coalesce(is_tally, false) <> ?",
            [*values, batch.contract.is_tally],
        )
        if other and other[0]:
            held, new = ("listed", "numbers") if batch.contract.is_tally else ("numbers", "listed")
            raise EtlError(
                f"{file_name}: {ACCEPTED[TALLY]}: of '{batch.table}' in the same months, "
                f"{counted(other[0], 'record')} of the same source are held ({held}) and the file has {new}. "
                "Nothing was changed.",
                f"If it is meant, run the command again with: --accept {TALLY}. Where both count, give each "
                "a source id and contributor of its own.",
            )


def refuse_mixed(
    connection: duckdb.DuckDBPyConnection, incoming: Incoming, load_id: int, file_name: str
) -> None:
    """Refuse numbers of a contributor, table and month of which another load holds records too.

    Raises
    ------
    EtlError
        With contributor, month and the file that brought the others.
    """
    for table in TABLES.keys() & {batch.table for batch in incoming.batches}:
        if not first_row(connection, f"SELECT 1 FROM stage.{table} WHERE is_tally LIMIT 1"):
            continue
        found = first_row(
            connection,
            f"""
            WITH every AS (
                SELECT DISTINCT source, period_start, load_id, coalesce(is_tally, false) AS is_tally
                FROM stage.{table}
            )
            SELECT source, strftime(period_start, '%Y-%m'), held.file_name, new.is_tally
            FROM every AS new JOIN every AS old USING (source, period_start)
            JOIN stage.load AS held ON held.load_id = old.load_id
            WHERE new.load_id = ? AND old.load_id <> new.load_id AND (new.is_tally OR old.is_tally)
            ORDER BY ALL LIMIT 1
            """,
            [load_id],
        )
        if found:
            source, month, other, is_tally = found
            raise EtlError(
                f"{file_name}: '{table}' of contributor '{source}' in {month} is held already, from {other}. "
                f"Numbers (tally) are never mixed with other records of the same contributor, table and month"
                f"{'' if is_tally else '; those held are numbers'}. Nothing was changed.",
                "Send one of the two for a month: the same source id takes the place of what it sent before; "
                "another contributor needs a code of its own (source).",
            )
