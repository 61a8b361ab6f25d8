"""Notes on what a mapping had read in a way that loses something: nothing is lost in silence."""

from collections.abc import Callable
from functools import partial

import polars as pl

from analysis.words import counted
from etl.contracts.by_distinct import texts
from etl.errors import EtlError
from etl.lines import LINE, first_lines_words
from etl.mapping.cells import ages, numbers
from etl.mapping.columns import AGE
from etl.mapping.model import TableMapping
from etl.readers.headings import show_name


def said_notes(table: TableMapping, frame: pl.DataFrame, file: str) -> list[str]:
    """Return notes on ages that tell nothing and on financial years put into calendar years.

    Parameters
    ----------
    table
        How one table is filled.
    frame
        Its rows, text columns under the names of the mapping, plus ``_line``.
    file
        Its name, for messages.

    Raises
    ------
    EtlError
        Amounts of one column with signs of several currencies.
    """
    notes = []
    for target, rule in table.columns.items():
        column = table.contract.column(target)
        for name in rule.columns:
            if target == "age" and AGE in rule.reads:
                words = table.values.get("age", {})
                notes += _of(
                    frame,
                    name,
                    partial(_say_nothing, words),
                    "say neither a band nor child or adult, and are not recorded",
                )
            if "money" in rule.reads:
                _refuse_currencies(file, texts(frame.select(name)).to_series(), name)
            if rule.fiscal and column.kind in ("date", "period") and len(rule.columns) == 1:
                where = "begins" if rule.fiscal.year_counted == "begin" else "ends"
                notes += _of(
                    frame,
                    name,
                    rule.fiscal.whole_years,
                    f"are financial years, counted in the calendar year in which each {where}",
                )
    return notes


def _say_nothing(words: dict[str, str], cells: pl.Series) -> pl.Series:
    lower = cells.str.to_lowercase()
    return ages.say_nothing(lower.replace(words) if words else lower)


def _of(frame: pl.DataFrame, name: str, test: Callable[[pl.Series], pl.Series], words: str) -> list[str]:
    cells = texts(frame.select(name, LINE))
    lines = cells[LINE].filter(test(cells[name].str.strip_chars()))
    if not lines.len():
        return []
    first = first_lines_words(lines)
    return [f"column '{show_name(name)}': {counted(lines.len(), 'cell')} {words}, first on line {first}"]


def _refuse_currencies(file: str, cells: pl.Series, name: str) -> None:
    found = numbers.signs(cells.drop_nulls().str.strip_chars())
    if len(found) > 1:
        raise EtlError(
            f"{file}: column '{show_name(name)}' holds amounts with the signs {', '.join(found)}: one column "
            "is one currency, written in one way.",
            "Write each currency into a column of its own, or load the rows of one (only, under [[table]]).",
        )
