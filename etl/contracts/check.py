"""Checks rows against the contract of their table: good rows typed, bad rows told by the rule they broke."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial

import polars as pl

from analysis.catalog.model import NOT_RECORDED
from etl.contracts import parse
from etl.contracts.areas import broken_rule
from etl.contracts.batch import Batch
from etl.contracts.by_distinct import FEW_ROWS, SEPARATOR, texts, work_out
from etl.contracts.countries import alpha2
from etl.contracts.lookups import looked_up
from etl.contracts.parse import folded
from etl.contracts.tables import Column, Contract
from etl.contracts.unreadable import UNREAD, forgiven
from etl.errors import EtlError
from etl.lines import LINE, WRITTEN_AREA

_FAILED = "_failed"
PART_ROWS = 2 * 122_880  # rows checked at once: two of the groups that a warehouse keeps rows in
#: What a column is read as, by name, and its failures, by rule.
Reading = tuple[dict[str, pl.Expr], parse.Failures]


@dataclass(frozen=True)
class _Terms:
    """What cells are judged by: reporting date, known areas, words of several areas, unclear periods."""

    as_of: date
    areas: Collection[str] | None
    ambiguous: Collection[str]
    unclear: Mapping[str, parse.Failures]


@dataclass(frozen=True)
class Checked:
    """What a check found.

    Attributes
    ----------
    accepted : polars.DataFrame
        Good rows, typed as the contract says, in its column order, plus ``_line``. A ``period`` column holds
        the normal code (``2025-03``) and comes with ``<name>_start`` (Date) and ``<name>_level``.
    rejected : polars.DataFrame
        One row for each bad row: table_name, line (Int64), rule, column_name. The first rule it broke;
        never a value.
    unread : polars.DataFrame
        column_name and line of cells of good rows that could not be read and are not recorded
        (`etl.contracts.unreadable`).
    """

    accepted: pl.DataFrame
    rejected: pl.DataFrame
    unread: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=UNREAD))


def check(
    batch: Batch,
    as_of: date,
    *,
    areas: Collection[str] | None = None,
    ambiguous: Collection[str] = (),
    period: tuple[str, str] | None = None,
    known: Mapping[str, pl.DataFrame] | None = None,
) -> Checked:
    """Check every row of a batch against its contract.

    Parameters
    ----------
    batch
        Canonical columns as text or lists of text, plus ``_line`` and perhaps `etl.lines.WRITTEN_AREA`.
    as_of
        Reporting date: what begins later is refused as future.
    areas
        Codes of known areas, or each with the area above it; None leaves areas unchecked.
    ambiguous
        Words that several areas go by.
    period
        First and last month (``YYYY-MM``) the file is declared for; None leaves it unchecked.
    known
        Rows of the tables that the contract looks things up in; a table that is not there leaves the rules
        about it unchecked.

    Returns
    -------
    Checked
        ``accepted.height + rejected.height`` is the number of rows of the batch.

    Raises
    ------
    EtlError
        A required column is missing or a column is not in the contract.
    """
    parts = list(check_parts(batch, as_of, areas=areas, ambiguous=ambiguous, period=period, known=known))
    if len(parts) == 1:
        return parts[0]
    return Checked(
        pl.concat([part.accepted for part in parts]),
        pl.concat([part.rejected for part in parts]),
        pl.concat([part.unread for part in parts]),
    )


def check_parts(
    batch: Batch,
    as_of: date,
    *,
    areas: Collection[str] | None = None,
    ambiguous: Collection[str] = (),
    period: tuple[str, str] | None = None,
    known: Mapping[str, pl.DataFrame] | None = None,
) -> Iterator[Checked]:
    """Do what :func:`check` does part by part, in the order of the rows: a long table never lies there whole.

    A table of which no row may come twice is one part: each row is compared with all before it. So is one of
    numbers of records, which are judged together.
    """
    table = batch.contract
    written = batch.frame.select(pl.col(f"^{WRITTEN_AREA}$"))
    frame = _with_all_columns(table, batch.frame.drop(written.columns))
    terms = _Terms(as_of, areas, ambiguous, _unclear(table, frame))
    size = max(frame.height, 1) if table.unique or table.is_tally else PART_ROWS
    for start in range(0, max(frame.height, 1), size):
        part = frame.slice(start, size)
        typed, broken, unread = _typed(table, part, terms)
        broken += _fractions(table, typed)
        if period is not None:
            broken += _outside(table, typed, period)
        rows = looked_up(table, typed, known or {})
        broken += _row_rules(table, rows.hstack(texts(written.slice(start, size))), as_of)
        found = _divided(table, typed, broken)
        yield replace(found, unread=unread.filter(pl.col("line").is_in(found.accepted[LINE].implode())))


def _divided(table: Contract, typed: pl.DataFrame, broken: Sequence[tuple[str, str, pl.Series]]) -> Checked:
    """Return good rows, and bad rows with the first rule that they broke."""
    names = [(rule, column) for rule, column, _ in broken]
    failed = _first_true([series for _, _, series in broken], typed.height)
    checked = typed.with_columns(failed.alias(_FAILED))
    bad = checked.filter(pl.col(_FAILED) >= 0).select(LINE, _FAILED)
    rejected = bad.select(
        pl.lit(table.name).alias("table_name"),
        pl.col(LINE).cast(pl.Int64).alias("line"),
        pl.col(_FAILED)
        .replace_strict(range(len(names)), [rule for rule, _ in names], return_dtype=pl.String)
        .alias("rule"),
        pl.col(_FAILED)
        .replace_strict(range(len(names)), [column for _, column in names], return_dtype=pl.String)
        .alias("column_name"),
    )
    return Checked(checked.filter(pl.col(_FAILED) < 0).drop(_FAILED), rejected)


def _with_all_columns(table: Contract, frame: pl.DataFrame) -> pl.DataFrame:
    extra = [name for name in frame.columns if name not in table.names and name != LINE]
    if extra:
        raise EtlError(
            f"Table {table.name}: columns are not in its contract: {', '.join(extra)}. "
            f"Allowed: {', '.join(table.names)}.",
            f"See data/catalog/tables/{table.name}.toml",
        )
    absent = [column.name for column in table.columns if column.required and column.name not in frame.columns]
    if absent:
        raise EtlError(
            f"Table {table.name}: required columns are missing: {', '.join(absent)}.",
            f"Map a column of the file, or a constant, to each; see: python -m etl template {table.name}",
        )
    missing = [column for column in table.columns if column.name not in frame.columns]
    return frame.with_columns(
        pl.lit(None, dtype=pl.List(pl.String) if column.kind == "codes" else pl.String).alias(column.name)
        for column in missing
    )


def _unclear(table: Contract, frame: pl.DataFrame) -> dict[str, parse.Failures]:
    """Return the periods that only all cells of their column tell apart, by column."""
    found = {}
    for column in table.columns:
        if column.kind == "period":
            cells = frame[column.name].unique().to_frame()
            cell = cells.select(_clean(column, cells.schema[column.name])).to_series()
            found[column.name] = parse.unclear_periods(cell)
    return found


def _typed(
    table: Contract, frame: pl.DataFrame, terms: _Terms
) -> tuple[pl.DataFrame, list[tuple[str, str, pl.Series]], pl.DataFrame]:
    done, names = _evaluated(table, frame, terms)
    typed: dict[str, pl.Series] = {}
    broken: list[tuple[str, str, pl.Series]] = []
    unread: list[pl.DataFrame] = []
    for column, (values, rules) in names.items():
        # What a period says of itself goes before a column.
        read = {name: done[f"{column}:v:{name}"].alias(name) for name in values}
        failed = {rule: done[f"{column}:f:{rule}"] for rule in rules}
        if table.column(column).lenient:
            read, lost = forgiven(table.column(column), read, failed)
            unread.append(frame.select(pl.lit(column).alias("column_name"), line=LINE).filter(lost))
            failed = {}
        typed |= read
        broken += [(rule, column, series) for rule, series in failed.items()]
    every = pl.concat(unread) if unread else pl.DataFrame(schema=UNREAD)
    return pl.DataFrame([*typed.values(), frame[LINE]]), broken, every


def _reading(column: Column, text: pl.Series, terms: _Terms) -> Reading:
    """Return what one column of clean text is read as (several values for a period), and how it may fail."""
    name = column.name
    cell = pl.col(name)
    values: dict[str, pl.Expr] = {name: cell}
    failures: parse.Failures = {}
    match column.kind:
        case "integer" | "number":
            values[name], failures = parse.number(cell, column.unit, column.kind == "integer")
            failures |= _range(column, values[name])
        case "boolean":
            values[name], failures = parse.boolean(cell)
        case "date":
            values[name], failures = parse.day(cell)
            if not column.future:
                failures["future_date"] = values[name] > terms.as_of
        case "period":
            parts, failures = parse.several_years(cell) if column.of_years else parse.period(cell)
            failures = {**({} if column.of_years else terms.unclear[name]), **failures}
            values = {name: parts["code"], f"{name}_start": parts["start"], f"{name}_level": parts["level"]}
            if not column.future:
                failures["future_period"] = parts["start"] > terms.as_of
        case "code":
            failures = _code_failures(column, cell)
        case "codes":
            values[name] = cell = _items(column, cell)
            failures = _code_failures(column, cell)
        case "country":
            values[name], failures = _country(text)
        case "area" if terms.areas is not None:
            failures["ambiguous_area"] = cell.is_in(list(terms.ambiguous))
            failures["unknown_area"] = cell.is_not_null() & ~cell.is_in(list(terms.areas))
            failures = _of_several(cell, terms) if column.several else failures
    if column.required:
        failures = {"missing": cell.is_null(), **failures}
    return values, failures


def _of_several(cell: pl.Expr, terms: _Terms) -> parse.Failures:
    """Return which rules cells of several areas break."""
    broken = partial(broken_rule, areas=terms.areas or (), ambiguous=terms.ambiguous)
    rule = cell.map_elements(broken, return_dtype=pl.String, skip_nulls=True)
    return {
        "ambiguous_area": rule == "ambiguous_area",
        "unknown_area": rule == "unknown_area",
        "area_twice": rule == "area_twice",
        "area_in_another": rule == "area_in_another",
    }


def _named(column: str, reading: Reading) -> list[pl.Expr]:
    """Return a column's expressions under names that no other column's have."""
    values, failures = reading
    return [
        *(value.alias(f"{column}:v:{name}") for name, value in values.items()),
        *(test.fill_null(False).alias(f"{column}:f:{rule}") for rule, test in failures.items()),
    ]


def _evaluated(
    table: Contract, frame: pl.DataFrame, terms: _Terms
) -> tuple[Mapping[str, pl.Series], dict[str, tuple[list[str], list[str]]]]:
    """Work out what all columns are read as, and the names of their values and of their rules.

    At once where rows are few; in a longer table column by column, on distinct values.
    """
    names: dict[str, tuple[list[str], list[str]]] = {}

    def reading(column: Column, clean: pl.DataFrame) -> list[pl.Expr]:
        values, failures = found = _reading(column, clean[column.name], terms)
        names[column.name] = (list(values), list(failures))
        return _named(column.name, found)

    if frame.height <= FEW_ROWS:
        few = texts(frame)
        clean = few.with_columns(_clean(column, few.schema[column.name]) for column in table.columns)
        every = [expression for column in table.columns for expression in reading(column, clean)]
        return clean.select(every).to_dict(), names

    def work(column: Column, cells: pl.DataFrame) -> pl.DataFrame:
        clean = cells.select(_clean(column, cells.schema[column.name]))
        return clean.select(reading(column, clean))

    done: dict[str, pl.Series] = {}
    for column in table.columns:
        done |= work_out(frame[column.name], partial(work, column)).to_dict()
    return done, names


def _clean(column: Column, kind: pl.DataType) -> pl.Expr:
    """Return stripped text with blanks as null; a list of codes as one text with a separator."""
    raw = pl.col(column.name)
    if column.kind == "binary":
        return raw
    if column.kind == "codes":
        return raw.list.join(SEPARATOR) if isinstance(kind, pl.List) else raw.cast(pl.String)
    text = raw.cast(pl.String).str.strip_chars()
    text = pl.when(text != "").then(text)
    return text.replace(dict(column.rolls_up)) if column.rolls_up else text


def _items(column: Column, cell: pl.Expr) -> pl.Expr:
    """Return the codes of a joined text, each once, rare ones as the broader one; null without any."""
    element = pl.element().str.strip_chars()
    items = cell.str.split(SEPARATOR).list.eval(element.filter(element != ""))
    if column.rolls_up:
        items = items.list.eval(pl.element().replace(dict(column.rolls_up)))
    items = items.list.unique(maintain_order=True)
    return pl.when(items.list.len() > 0).then(items)


def _range(column: Column, value: pl.Expr) -> parse.Failures:
    failures: parse.Failures = {}
    if column.minimum is not None:
        failures["negative" if column.minimum == 0 else "below_minimum"] = value < column.minimum
    if column.maximum is not None:
        failures["above_maximum"] = value > column.maximum
    return failures


def _code_failures(column: Column, cell: pl.Expr) -> parse.Failures:
    if column.kind == "code":
        if column.codes:
            return {"unknown_code": ~cell.is_in(list(column.codes))}
        return {"bad_code": ~cell.str.contains(r"^[a-z0-9][a-z0-9_]*$")}
    if column.codes:
        return {"unknown_code": ~cell.list.eval(pl.element().is_in(list(column.codes))).list.all()}
    return {"bad_code": ~cell.list.eval(pl.element().str.contains(r"^[a-z0-9][a-z0-9_]*$")).list.all()}


def _country(text: pl.Series) -> tuple[pl.Expr, parse.Failures]:
    words = text.drop_nulls().unique().to_list()
    codes = {word: alpha2(word) for word in words}
    known = {word: code for word, code in codes.items() if code}
    cell = pl.col(text.name)
    value = (
        cell.replace_strict(known, default=None, return_dtype=pl.String)
        if known
        else pl.lit(None, dtype=pl.String)
    )
    return value, {"unknown_country": cell.is_not_null() & ~cell.is_in(list(known))}


def _outside(
    table: Contract, typed: pl.DataFrame, period: tuple[str, str]
) -> list[tuple[str, str, pl.Series]]:
    name = next((column.name for column in table.columns if column.kind == "period"), None)
    if name is None:
        return []
    month = pl.col(f"{name}_start").dt.strftime("%Y-%m")
    is_outside = ~month.is_between(pl.lit(period[0]), pl.lit(period[1]))
    # Both ends lie inside, or years would be told that the file does not cover.
    if table.column(name).of_years:
        is_outside |= pl.col(name).str.tail(4) + "-12" > pl.lit(period[1])
    outside = typed.select(is_outside.fill_null(False).alias("x"))
    return [("outside_declared_period", name, outside["x"])]


def _fractions(table: Contract, typed: pl.DataFrame) -> list[tuple[str, str, pl.Series]]:
    """Return for each column of counts which of its numbers are not whole."""
    is_count = ~pl.col("measure").is_in(list(table.measured)) if table.measured else pl.lit(True)
    return [
        (
            "not_a_whole_number",
            column.name,
            typed.select(((pl.col(column.name) % 1 != 0) & is_count).fill_null(False).alias("x"))["x"],
        )
        for column in table.columns
        if column.whole
    ]


def _row_rules(table: Contract, typed: pl.DataFrame, as_of: date) -> list[tuple[str, str, pl.Series]]:
    if not table.rules and not table.unique:
        return []
    tests = [(~pl.sql_expr(rule.check)).fill_null(False).alias(rule.name) for rule in table.rules]
    if table.unique:
        parts = [*table.unique, *(name for name in typed.columns if name == WRITTEN_AREA)]
        key = [_key_part(table, name, typed.schema[name]) for name in parts]
        tests.append((~pl.struct(key).is_first_distinct()).alias("duplicate_key"))
    done = typed.lazy().with_columns(pl.lit(as_of).alias("as_of")).select(tests).collect()
    columns = {rule.name: rule.column for rule in table.rules} | {
        "duplicate_key": (table.unique or ("",))[-1]
    }
    return [(series.name, columns[series.name], series) for series in done]


def _key_part(table: Contract, name: str, kind: pl.DataType) -> pl.Expr:
    if kind != pl.String:
        return pl.col(name)
    if name in table.divisions:
        return folded(pl.col(name))
    # A blank and the code for it are one key: both are "not recorded" once they are staged.
    return folded(pl.col(name).replace(NOT_RECORDED, None))


def _first_true(series: list[pl.Series], height: int) -> pl.Series:
    """Return for each row the position of the first true series, or -1."""
    first = pl.repeat(-1, height, dtype=pl.Int32, eager=True)
    for position in range(len(series) - 1, -1, -1):
        if series[position].any():
            first = first.set(series[position], position)
    return first
