"""What a row is: blanks under a group filled, columns that stand for months or kinds turned into rows.

A row of the file that becomes several keeps its line: each further one is a part (`etl.lines.PART`), so that
rows are counted once whatever is made of them.
"""

from dataclasses import dataclass, replace

import polars as pl

from analysis.catalog.model import NOT_RECORDED
from etl.contracts.by_distinct import SEPARATOR, encoded, recoded, texts
from etl.errors import EtlError
from etl.lines import LINE, PART
from etl.mapping.model import CELL, GROUP, HEADING, Layout, TableMapping
from etl.readers import SHEET

_NUMBER = "_number"  # of a word in its cell


@dataclass(frozen=True)
class Grouped:
    """A sheet with its groups filled in, and how many rows were headings of groups."""

    frame: pl.DataFrame
    headings: int


def grouped(frame: pl.DataFrame, layout: Layout) -> Grouped:
    """Fill blanks under a group, and leave out the rows that do nothing but name one.

    Parameters
    ----------
    frame
        Text columns and ``_line``; in the columns of ``fill_down`` words that mean "missing" still stand, so
        that they are no blanks.
    layout
        ``fill_down`` names columns in which a blank means the same as above; ``group_rows`` says that a row
        with its first cell alone names the group of the rows below, which is then the column ``@group``.
    """
    if layout.group_rows:
        return _by_headings(frame)
    if not layout.fill_down:
        return Grouped(frame, 0)
    given = texts(frame.select(*layout.fill_down, LINE))
    sheet = pl.col(LINE) // PART  # a group ends with its sheet
    others = [name for name in frame.columns if name not in (*layout.fill_down, LINE, SHEET)]
    named = frame.select(pl.any_horizontal(pl.col(list(layout.fill_down)).is_not_null()))
    is_heading = (
        ~frame.select(pl.any_horizontal(pl.col(others).is_not_null())).to_series() & named.to_series()
    )
    below = pl.lit(False)  # a new group of the first column begins the others anew
    filled = given
    for name in layout.fill_down:
        begun = pl.when(below).then(pl.coalesce(name, pl.lit(""))).otherwise(name)
        filled = filled.with_columns(begun.forward_fill().over(sheet).alias(name))
        below = below | given.get_column(name).is_not_null()
    lost = ["", *(word.casefold() for word in layout.missing)]
    cells = [
        encoded(filled.select(pl.when(~pl.col(name).str.to_lowercase().is_in(lost)).then(name)).to_series())
        for name in layout.fill_down
    ]
    return Grouped(frame.with_columns(cells).filter(~is_heading), int(is_heading.sum()))


def _by_headings(frame: pl.DataFrame) -> Grouped:
    names = [name for name in frame.columns if name not in (LINE, SHEET)]
    first, others = names[0], names[1:]
    is_heading = (
        frame[first].is_not_null()
        & ~frame.select(pl.any_horizontal(pl.col(others).is_not_null())).to_series()
    )
    held = pl.DataFrame(
        [texts(frame.select(first)).to_series().alias(GROUP), is_heading.alias("is"), frame[LINE]]
    )
    group = pl.when("is").then(GROUP).forward_fill().over(pl.col(LINE) // PART).alias(GROUP)
    named = held.select(group)
    full = frame.with_columns(encoded(named.to_series()))
    return Grouped(full.select(pl.exclude(LINE), LINE).filter(~is_heading), int(is_heading.sum()))


def expanded(table: TableMapping, columns: list[str], file: str) -> TableMapping:
    """Return a table whose range of columns is written out, as the file has them.

    Raises
    ------
    EtlError
        The range ends before it begins.
    """
    if table.unpivot is None or not table.unpivot.last:
        return table
    [first] = table.unpivot.columns
    begin, end = columns.index(first), columns.index(table.unpivot.last)
    if begin > end:
        raise EtlError(
            f"{file}: column '{table.unpivot.last}' stands before '{first}', from which rows are to be made.",
            "Turn the two round in [table.unpivot] of the mapping.",
        )
    between = tuple(columns[begin : end + 1])
    return replace(table, unpivot=replace(table.unpivot, columns=between, last=""))


def chosen(table: TableMapping, frame: pl.DataFrame) -> pl.DataFrame:
    """Return the rows that ``only`` keeps."""
    for filtered, kept in table.only.items():
        is_kept = pl.col(filtered).str.to_lowercase().is_in([word.casefold() for word in kept])
        frame = frame.filter(recoded(frame[filtered], is_kept))
    return frame


def unpivoted(table: TableMapping, frame: pl.DataFrame, sheets: int) -> pl.DataFrame:
    """Return a row for each filled cell of the columns that become rows; a blank is none.

    The name of the column stands in ``@heading``, what is in it in ``@cell``.
    """
    if table.unpivot is None:
        return frame
    parts = []
    for number, name in enumerate(table.unpivot.columns):
        rows = texts(frame.filter(frame[name].is_not_null()))
        parts.append(
            rows.with_columns(
                pl.lit(name).alias(HEADING), pl.col(name).alias(CELL), pl.col(LINE) + number * sheets * PART
            )
        )
    return pl.concat(parts)


def each_word(table: TableMapping, frame: pl.DataFrame, sheets: int) -> tuple[pl.DataFrame, int]:
    """Return a record for each word of cells that hold several, and how many one row of the file can become.

    Parameters
    ----------
    table
        Names the column (`TableMapping.each`); where it names none, the records stay as they are.
    frame
        Canonical columns, several words of that one with `SEPARATOR` between them, plus ``_line``. A word
        that comes twice in a cell is one; a blank makes no record where the column is needed, and "not
        recorded" none beside another word.
    sheets
        How many the rows of the file are of.
    """
    name, before = table.each, len(table.unpivot.columns) if table.unpivot else 1
    if not name:
        return frame, before
    words = pl.col(name).str.split(SEPARATOR).list.unique(maintain_order=True)
    words = words.list.eval(pl.element().filter(pl.element() != ""))
    told = words.list.eval(pl.element().filter(pl.element() != NOT_RECORDED))
    words = pl.when(told.list.len() > 0).then(told).otherwise(words)
    rows = texts(frame).with_columns(words.fill_null([]).alias(name))
    most = max([1, *rows[name].list.len().unique().to_list()])
    rows = rows.with_columns(pl.int_ranges(pl.col(name).list.len()).alias(_NUMBER))
    # The part of the first column comes before that of the second word: so each stays one of its own.
    further = pl.col(_NUMBER).fill_null(0).cast(pl.Int64) * before * sheets * PART
    stays = not table.contract.column(name).required
    rows = rows.explode(name, _NUMBER, empty_as_null=stays).with_columns(pl.col(LINE) + further)
    return rows.drop(_NUMBER), before * most
