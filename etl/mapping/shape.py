"""Applies a mapping to the text columns of a sheet and returns canonical rows, still as text.

Nothing is dropped or turned into "other" here: what the mapping does not explain stays as it came, and the
contract rejects and counts it.
"""

import re

import polars as pl

from etl.contracts.by_distinct import SEPARATOR, encoded, recoded, texts, values_of
from etl.contracts.parse import DAY_OR_MONTH, TWO_READINGS
from etl.contracts.tables import Column
from etl.errors import EtlError
from etl.lines import LINE
from etl.mapping import From, TableMapping
from etl.mapping.cells import ages, numbers
from etl.mapping.cells.dates import (
    EXCEL_DAYS,
    EXCEL_DAYS_1904,
    LOOKS_LIKE_EXCEL_DAYS,
    in_twelve_months,
    to_iso,
)
from etl.mapping.columns import AGE

_ROWS = 250_000  # of several columns that are text at once
_UNEXPLAINED = "?"  # breaks the rule of the column, whatever it is


def shape(mapping: TableMapping, frame: pl.DataFrame, file: str) -> pl.DataFrame:
    """Return the canonical columns of one table.

    Parameters
    ----------
    mapping
        How to fill it.
    frame
        Text columns under the names that the mapping uses, plus ``_line``; its rows as `etl.mapping.rows`
        makes them.
    file
        Name of the file, for messages.

    Returns
    -------
    polars.DataFrame
        Canonical columns as text, several codes with `SEPARATOR` between them, plus ``_line``.

    Raises
    ------
    EtlError
        Dates whose day and month cannot be told apart because the mapping gives no format.
    """
    done: list[pl.Series] = []
    for column in mapping.contract.columns:
        expression = _column(mapping, column, frame, file)
        if expression is not None:
            is_list = column.is_list or column.name == mapping.each
            text = expression.list.join(SEPARATOR) if is_list else expression
            done.append(_evaluate(frame, text.alias(column.name)))
    return pl.DataFrame([*done, frame[LINE]])


def _evaluate(frame: pl.DataFrame, expression: pl.Expr) -> pl.Series:
    roots = list(dict.fromkeys(expression.meta.root_names()))
    if not roots:
        return encoded(frame.select(LINE, expression).to_series(1))
    if len(roots) == 1:
        return recoded(frame[roots[0]], expression)
    rows = frame.select(roots)
    parts = rows.iter_slices(_ROWS) if rows.height else [rows]
    return encoded(pl.concat([texts(part).select(expression).to_series() for part in parts]))


def _column(mapping: TableMapping, column: Column, frame: pl.DataFrame, file: str) -> pl.Expr | None:
    name = column.name
    if name in mapping.constants:
        constant = pl.lit(mapping.constants[name])
        return pl.concat_list(constant) if column.is_list else constant
    rule = mapping.columns.get(name)
    if name == "marker" and mapping.markers and "value" in mapping.columns:
        return _marker(mapping, column, rule)
    if column.is_list or name == mapping.each:
        return _codes(mapping, column, rule)
    if rule is None:
        return None
    if column.kind in ("date", "period") or rule.since:
        _need_format(rule, frame, file)
    if rule.since:
        return _days(rule)
    done = _scalar(mapping, column, rule)
    if rule.fiscal and column.kind == "period" and len(rule.columns) == 1:
        written = pl.col(rule.columns[0]).str.strip_chars()
        unclear = rule.fiscal.unclear(values_of(frame[rule.columns[0]]).str.strip_chars())
        done = pl.when(written.is_in(unclear)).then(pl.lit(TWO_READINGS)).otherwise(done)
    return done


def _cell(name: str, missing: tuple[str, ...], split: tuple[str, ...] = ()) -> pl.Expr:
    """Return a cell with blanks collapsed, null where the mapping says it is missing.

    What divides several codes, which may be a line break, becomes `SEPARATOR` before.
    """
    cell = pl.col(name)
    for separator in split:
        cell = cell.str.replace_all(separator, SEPARATOR, literal=True)
    cell = cell.str.replace_all(r"[\s--\x1f]+", " ").str.strip_chars()
    lost = ["", *(word.casefold() for word in missing)]
    return pl.when(~cell.str.to_lowercase().is_in(lost)).then(cell)


def _unmarked(cell: pl.Expr, marks: tuple[str, ...]) -> pl.Expr:
    """Take the signs of footnotes off a cell; one that holds nothing else stays, as it may say what it is."""
    if not marks:
        return cell
    signs = "|".join(map(re.escape, sorted(marks, key=len, reverse=True)))
    # Behind a digit a digit is a part of the code.
    last = r"[^\s,\d]" if any(mark.isdigit() for mark in marks) else r"[^\s,]"
    bare = cell.str.replace(rf"^(.*?{last})(?:[\s,]*(?:{signs}))+$", "$1")
    return pl.when(cell.str.contains(rf"^(?:[\s,]*(?:{signs}))+$")).then(cell).otherwise(bare)


def _scalar(mapping: TableMapping, column: Column, rule: From) -> pl.Expr:
    cells = [_unmarked(_cell(name, rule.missing), rule.marks) for name in rule.columns]
    cell = cells[0] if len(cells) == 1 else pl.concat_str(cells, separator=rule.join)
    if AGE in rule.reads:
        cell = ages.read(_translate(mapping, mapping.contract.column("age"), cell), column.name)
    cell = _translate(mapping, column, cell)
    if column.name == "value" and mapping.markers:
        cell = pl.when(~cell.str.to_lowercase().is_in(list(mapping.markers))).then(cell)
    match column.kind:
        case "date" | "period":
            return _dated(column, rule, cell)
        case "boolean":
            word = cell.str.to_lowercase()
            return (
                pl.when(word.is_in(mapping.yes))
                .then(pl.lit("yes"))
                .when(word.is_in(mapping.no))
                .then(pl.lit("no"))
                .otherwise(cell)
            )
        case "integer" | "number":
            return _number(mapping, column, rule, cell)
        case "code" if "code" in rule.reads and not column.codes:
            return numbers.small_code(cell)
        case _ if rule.pad or "code" in rule.reads:
            return _padded(rule, cell)
    return cell


def _dated(column: Column, rule: From, cell: pl.Expr) -> pl.Expr:
    is_period = column.kind == "period"
    if rule.months_from:
        return in_twelve_months(cell, rule.formats, rule.months_from, month_as_day=is_period)
    return to_iso(cell, rule.formats, month_as_day=is_period, fiscal=rule.fiscal)


def _padded(rule: From, cell: pl.Expr) -> pl.Expr:
    """Return a code without the decimals of a number, with its leading zeros, where the mapping says so."""
    if not rule.pad and "code" not in rule.reads:
        return cell
    code = numbers.code(cell)
    return pl.when(code.str.contains(r"^\d+$")).then(code.str.zfill(rule.pad)).otherwise(code)


def _number(mapping: TableMapping, column: Column, rule: From, cell: pl.Expr) -> pl.Expr:
    if "money" in rule.reads:
        cell = numbers.money(cell)
    if "lakhs" in rule.reads:
        cell = numbers.lakhs(cell)
    if mapping.layout.decimal_comma and AGE not in rule.reads:
        cell = _with_point(cell)
    return numbers.percent(cell, column.unit) if "percent" in rule.reads else cell


def _marker(mapping: TableMapping, column: Column, rule: From | None) -> pl.Expr:
    """Return the marker of its own column, else the one that a sign in place of the number means."""
    value = mapping.columns["value"]
    sign = _unmarked(_cell(value.columns[0], value.missing), value.marks).str.to_lowercase()
    meant = sign.replace_strict(mapping.markers, default=None, return_dtype=pl.String)
    return pl.coalesce(_scalar(mapping, column, rule), meant) if rule else meant


def _with_point(cell: pl.Expr) -> pl.Expr:
    """Turn 1.234,5 into 1234.5; what is no number with a decimal comma breaks the rule of numbers.

    Points stand before groups of three digits, and one comma before the decimals: 2288.50 would otherwise
    become 228850. A cell hidden by its publisher (<5) stays as it is.
    """
    point = cell.str.replace_all(".", "", literal=True).str.replace(",", ".", literal=True)
    is_number = cell.str.contains(r"^[-+]?(\d{1,3}(\.\d{3})+|\d+)(,\d+)?\s*%?$")
    is_hidden = cell.str.contains(r"^(<|≤)")
    unexplained = pl.when(cell.is_not_null()).then(pl.lit(_UNEXPLAINED))
    return pl.when(is_number).then(point).when(is_hidden).then(cell).otherwise(unexplained)


def _translate(mapping: TableMapping, column: Column, cell: pl.Expr) -> pl.Expr:
    """Replace own words by codes; words that no rule explains stay, or break the rule of codes."""
    own = {code: code for code in (*column.codes, *column.rolls_up)}
    table = own | mapping.values.get(column.name, {})
    if not table:
        return cell
    code = cell.str.to_lowercase().replace_strict(table, default=None, return_dtype=pl.String)
    is_open_list = column.kind in ("code", "codes") and not column.codes
    rest = pl.when(cell.is_not_null()).then(pl.lit(_UNEXPLAINED)) if is_open_list else cell
    found = pl.coalesce(code, rest)
    return pl.when(found != "").then(found)


def _codes(mapping: TableMapping, column: Column, rule: From | None) -> pl.Expr | None:
    """Put together the codes of joined cells and of columns of yes and no."""
    parts: list[pl.Expr] = []
    for name in rule.columns if rule else ():
        cell = _cell(name, rule.missing if rule else (), rule.split if rule else ())
        items = cell.str.split(SEPARATOR)
        element = pl.element().str.strip_chars()
        items = items.list.eval(element.filter(element != ""))
        each = _translate(mapping, column, pl.element())
        each = _padded(rule, each) if rule and column.several else each
        parts.append(items.list.eval(each).list.drop_nulls())
    for name, code in mapping.flags.get(column.name, {}).items():
        word = _cell(name, ()).str.to_lowercase()
        marked = (
            pl.when(word.is_in(mapping.yes))
            .then(pl.lit(code))
            .when(word.is_in(mapping.no))  # a blank is not "no", yet neither adds a code
            .then(None)
            .otherwise(word)
        )
        parts.append(pl.concat_list(marked).list.drop_nulls())
    if not parts:
        return None
    return pl.concat_list([part.fill_null([]) for part in parts])


def _days(rule: From) -> pl.Expr:
    """Return whole days between two dates as text; a date that cannot be read breaks the rule of numbers."""
    first, last = (_cell(name, rule.missing) for name in (rule.since, rule.columns[0]))
    begin, end = (to_iso(cell, rule.formats).str.to_date("%Y-%m-%d", strict=False) for cell in (first, last))
    days = (end - begin).dt.total_days().cast(pl.String)
    return pl.when(last.is_null()).then(None).otherwise(pl.coalesce(days, pl.lit(_UNEXPLAINED)))


def _need_format(rule: From, frame: pl.DataFrame, file: str) -> None:
    """Refuse dates such as 03/04/2025 when nothing says which part is the month."""
    if rule.formats:
        return
    for name in filter(None, (*rule.columns, rule.since)):
        filled = values_of(frame[name])
        if filled.len() and filled.str.contains(LOOKS_LIKE_EXCEL_DAYS).all():
            raise EtlError(
                f"{file}: column '{name}' holds the day numbers of a spreadsheet program in place of dates.",
                f'If it does, say so in the mapping: date_format = "{EXCEL_DAYS}" (or "{EXCEL_DAYS_1904}")',
            )
        if filled.str.strip_chars().str.contains(DAY_OR_MONTH).any():
            raise EtlError(
                f"{file}: column '{name}' holds dates whose order of day and month is not known.",
                'Say it in the mapping: date_format = "dd/mm/yyyy" or date_format = "mm/dd/yyyy"',
            )
