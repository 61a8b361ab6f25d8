"""Reads how one canonical column is filled: ``columns``, ``flags`` and ``values`` of a mapping."""

import re
from collections.abc import Mapping
from dataclasses import replace

from analysis.catalog.table import Table
from analysis.errors import echo
from etl.contracts.by_distinct import SEPARATOR
from etl.contracts.tables import Column, Contract
from etl.mapping.cells import ages, numbers
from etl.mapping.cells.dates import ALLOWED, IN_YEAR, pattern
from etl.mapping.cells.fiscal import NAMED, FiscalYear
from etl.mapping.model import From, holds_several
from etl.mapping.synonyms import words_of
from etl.readers import tidy

_JULY = 7
_NUMBERS = ("integer", "number")
AGE = "age"
NOT_RECORDED_WORDS = "not recorded"
#: Kinds of columns that each way of reading (``as``) is for.
_READS: Mapping[str, tuple[str, ...]] = {
    "money": ("integer", "number"),
    "percent": ("integer", "number"),
    "lakhs": ("integer", "number"),
    "code": ("text", "code", "codes", "area"),
}


def formats(keys: Table, key: str, default: tuple[str, ...]) -> tuple[str, ...]:
    """Return formats of dates, checked."""
    given = keys.texts(key, default)
    for text in given:
        if pattern(text) is None:
            raise keys.fail(key, f"'{text}'", ALLOWED)
    return given


def fiscal_year(keys: Table, default: FiscalYear | None) -> FiscalYear | None:
    """Return how financial years are read: ``fiscal_year = { first_month = 10 }``."""
    if "fiscal_year" not in keys.values:
        return default
    inner = keys.table("fiscal_year")
    year = FiscalYear(
        inner.whole("first_month", ..., 2, 12),
        inner.text("named_for", "end", allowed=NAMED),
        inner.text("counts_in", "", allowed=NAMED),
    )
    if year.first_month == _JULY and not year.counts_in:
        raise inner.fail(
            "counts_in",
            "missing",
            "begin or end: a year from July lies in two calendar years by halves, and is counted in one",
        )
    inner.finish()
    return year


def target_column(keys: Table, key: str, table: Contract) -> Column:
    """Return the column of the contract that a key names."""
    if key not in table.names:
        raise keys.not_allowed(key, key, table.names)
    return table.column(key)


def rules(
    keys: Table, table: Contract, dates: tuple[str, ...], fiscal: FiscalYear | None
) -> tuple[dict[str, From], frozenset[str]]:
    """Return how each column is filled, and the columns whose unreadable cells are not recorded."""
    found: dict[str, From] = {}
    lenient: set[str] = set()
    for key in keys.values:
        found[key], is_lenient = _rule(keys, key, table, From((), formats=dates, fiscal=fiscal))
        lenient |= {key} if is_lenient else set()
    for one in ages.TARGETS:  # one column of ages feeds the three that it may tell something of
        if "age" in found and AGE in found["age"].reads and one in table.names:
            found.setdefault(one, found["age"])
    return found, frozenset(lenient)


def _rule(keys: Table, key: str, table: Contract, base: From) -> tuple[From, bool]:
    column = target_column(keys, key, table)
    if not isinstance(keys.values[key], dict):
        return replace(base, columns=tuple(tidy(name) for name in keys.texts(key))), False
    inner = keys.table(key)
    months_from = _months_from(inner, column)
    base = replace(
        base,
        formats=_without_year(inner) if months_from else formats(inner, "format", base.formats),
        fiscal=fiscal_year(inner, base.fiscal),
        months_from=months_from,
    )
    if "since" in inner.values or "to" in inner.values:
        if column.unit != "days":
            raise inner.fail("since", "given", f"only for columns in days, which '{key}' is not")
        rule = replace(base, columns=(tidy(inner.text("to")),), since=tidy(inner.text("since")))
    else:
        names = inner.texts("columns") if "columns" in inner.values else (inner.text("column"),)
        rule = replace(
            base,
            columns=tuple(tidy(name) for name in names),
            split=inner.texts("split", ()),
            join=inner.text("join", " "),
            pad=inner.whole("pad", 0),
            missing=tuple(tidy(word) for word in inner.texts("missing", ())),
            reads=_reads(inner, column),
            marks=_marks(inner, column),
            has_synonyms=_has_synonyms(inner, column),
        )
    if rule.split and not holds_several(table, column):
        raise inner.fail(
            "split", "given", "only for columns that hold several codes or areas, or kinds of help"
        )
    is_lenient = inner.text("unreadable", "", allowed=(NOT_RECORDED_WORDS,)) != ""
    if is_lenient and (column.required or column.reference):
        raise inner.fail("unreadable", "given", "only for columns that may be empty and hold no reference")
    inner.finish()
    return rule, is_lenient


def _months_from(keys: Table, column: Column) -> str:
    """Return the first of the twelve months that cells without a year are of: ``months_from = "2024-01"``."""
    first = keys.text("months_from", "")
    if not first:
        return ""
    if column.kind not in ("date", "period"):
        raise keys.fail("months_from", "given", "only for columns of dates or periods")
    if not re.fullmatch(r"(19|20)\d\d-(0[1-9]|1[0-2])", first):
        raise keys.fail("months_from", echo(first), 'a month, such as "2024-01" or "2023-07"')
    return first


def _without_year(keys: Table) -> tuple[str, ...]:
    """Return formats that say no year, as those that `to_iso` reads behind one."""
    given = keys.texts("format", ("mmm",))
    for text in given:
        if pattern(text) is not None or pattern(IN_YEAR + text) is None:
            raise keys.fail("format", echo(text), f"with months_from a format without a year; {ALLOWED}")
    return tuple(IN_YEAR + text for text in given)


def _has_synonyms(keys: Table, column: Column) -> bool:
    given = keys.flag("synonyms", False)
    if given and not column.codes:
        raise keys.fail("synonyms", "given", "only for columns of listed codes")
    return given


def _marks(keys: Table, column: Column) -> tuple[str, ...]:
    """Return the signs of footnotes; behind a number no digit is one, for it may be a part of the number.

    Nor is one behind a date or a reference: A1 and A2 are two people.
    """
    given = keys.texts("marks", ())
    if given and column.is_list:
        raise keys.fail("marks", "given", "only for columns of one word or number")
    no_digit = column.kind in (*_NUMBERS, "date", "period") or column.reference
    for mark in given:
        if not mark.strip() or re.search(r"[A-Za-z]", mark) or (no_digit and re.search(r"[\d.,%]", mark)):
            allowed = "signs such as *" if no_digit else "signs such as *, or digits"
            raise keys.fail(
                "marks", echo(mark), f"{allowed} that stand behind a cell and point at a footnote"
            )
    return tuple(mark.strip() for mark in given)


def _reads(keys: Table, column: Column) -> tuple[str, ...]:
    given = keys.texts("as", ())
    allowed = [AGE] if column.name in ages.TARGETS else []
    allowed += [kind for kind in numbers.KINDS if column.kind in _READS[kind]]
    for one in given:
        if one not in allowed:
            raise keys.not_allowed("as", one, allowed)
    return given


def flags(keys: Table, table: Contract) -> dict[str, dict[str, str]]:
    """Return the columns of yes and no, each with its code or codes."""
    found: dict[str, dict[str, str]] = {}
    for target in keys.values:
        column = target_column(keys, target, table)
        if not holds_several(table, column):
            several = ", ".join(item.name for item in table.columns if holds_several(table, item))
            raise keys.fail(
                target, "given", f"columns that hold several codes: {several or 'none in this table'}"
            )
        inner = keys.table(target)
        found[target] = {tidy(name): _codes(inner, name, column) for name in inner.values}
    return found


def values(keys: Table, table: Contract, rules: Mapping[str, From]) -> dict[str, dict[str, str]]:
    """Return own words, small letters, each with its code or codes; they hold before shipped ones."""
    found: dict[str, dict[str, str]] = {}
    for target in keys.values:
        column = target_column(keys, target, table)
        inner = keys.table(target)
        codes, is_list = found.setdefault(target, {}), holds_several(table, column)
        for written in inner.values:
            word, code = tidy(written).casefold(), _codes(inner, written, column, True, is_list=is_list)
            if codes.setdefault(word, code) != code:
                raise inner.fail(
                    f'"{written}"',
                    f"{echo(code)}, and {echo(codes[word])} further up",
                    "one code for a word: capitals and blanks make no difference",
                )
    for target in (name for name, rule in rules.items() if rule.has_synonyms):
        found[target] = words_of(table.column(target)) | found.get(target, {})
    return found


def _codes(keys: Table, key: str, column: Column, may_be_empty: bool = False, *, is_list: bool = True) -> str:
    """Return what a word stands for: a code, or a list of them where the column holds several."""
    if not isinstance(keys.values[key], list):
        return one_of(keys, key, column, may_be_empty)
    if not is_list:
        raise keys.fail(f'"{key}"', "a list", "one code: only columns that hold several codes take a list")
    allowed = [*column.codes, *column.rolls_up]
    given = keys.texts(key) if column.several else keys.codes(key, allowed=allowed or None)
    if not given:
        raise keys.fail(f'"{key}"', "an empty list", 'codes, or "" where nothing is recorded')
    return SEPARATOR.join(given)


def one_of(keys: Table, key: str, column: Column, may_be_empty: bool = False) -> str:
    """Return a code given in the mapping, which must be one of the column's codes."""
    value = keys.text(key, "" if may_be_empty else ...)
    allowed = [*column.codes, *column.rolls_up]
    if value and allowed and value not in allowed:
        raise keys.not_allowed(key if key == column.name else f'"{key}"', value, allowed)
    return value
