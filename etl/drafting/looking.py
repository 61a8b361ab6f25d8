"""What can be told of a sheet without a cell of it: its tabs, its columns, and why some stay out.

A screen is looked at by others. So of a column its name is told, how many rows are filled, how many cells
differ and of what kind they are; of a coded one, the words that a draft would write
(`etl.drafting.columns.words`).
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import polars as pl

from analysis.words import counted
from etl.contracts.by_distinct import texts
from etl.contracts.tables import Column, contract
from etl.drafting import editing
from etl.drafting.columns.flags import MARKS
from etl.drafting.columns.proving import prove
from etl.drafting.columns.words import shown, words_in
from etl.drafting.identified import identifying
from etl.errors import EtlError
from etl.lines import LINE, first_lines_words
from etl.mapping.model import GROUP, Layout
from etl.mapping.rows import grouped
from etl.mapping.synonyms import FOR_NOTHING
from etl.protect.identifiers import plain
from etl.protect.people_in_text import tells_person
from etl.readers import MISSING, SHEET, TOTALS, Reading, read
from etl.readers.headings import MASKED, is_record, show_name
from etl.readers.limits import DEFAULT_LIMITS, check_kind, check_path
from etl.readers.packed import open_workbook
from etl.readers.sheet_xml import Tab, tabs

_FEW = 25  # different cells that are words of a list rather than texts
#: Of people, what sheets often hold and no table has a field for; said where such a column is left unmatched.
_NO_FIELD = {
    r"\b(race|races|racial|ethnicity|ethnicities|ethnic|hispanic|raza|etnia|ethnie)\b": "race and ethnicity",
    r"\b(immigration|visa|legal) status\b": "immigration status",
    r"\b(disability|disabilities|disabled)\b": "disabilities",
    r"\b(marital|civil) status\b": "marital status",
    r"\b(sexual orientation|lgbtq?\w*)\b": "sexual orientation",
    r"\b(language|languages|idioma)\b": "languages",
}
NO_FIELD = (
    "few facts are kept of each person, as each further one makes people easier to tell apart, and numbers "
    "too small to show."
)
CELLS = "cells"
#: How a column looks that holds marks of yes and no, and nothing else.
YES_OR_NO = "yes or no"
_INITIALS = re.compile(r"(?:[A-Z]\.? ?){2,3}")
_NUMBER = r"^[-+$€£(]?\s*\d[\d.,\s]*\s*%?\)?$"


@dataclass(frozen=True)
class Seen:
    """One column of a sheet.

    Attributes
    ----------
    name : str
        In the file.
    shown : str
        As a screen may show it: a heading that looks like data is not shown.
    filled, different : int
        Rows with a cell, and different cells.
    looks : str
        Of what kind the cells are, in words.
    rule : str
        What it may hold that identifies people, in words; empty when nothing.
    doubtful : tuple of str
        Formats of dates between which no cell decides.
    is_financial : bool
        Whether cells look like financial years.
    is_row : bool
        Whether its cells each become a row.
    """

    name: str
    shown: str
    filled: int
    different: int
    looks: str
    rule: str = ""
    doubtful: tuple[str, ...] = ()
    is_financial: bool = False
    is_row: bool = False

    @property
    def no_field(self) -> str:
        """What its name says it holds, where no table has a field for that, in words; empty elsewhere."""
        return next((told for part, told in _NO_FIELD.items() if re.search(part, plain(self.name))), "")


@dataclass(frozen=True)
class Looked:
    """A sheet as it is read; no cell of it.

    Attributes
    ----------
    rows : int
    columns : tuple of Seen
    notes : tuple of str
        What was found or left out, without values.
    """

    rows: int
    columns: tuple[Seen, ...]
    notes: tuple[str, ...]

    def find(self, name: str) -> Seen | None:
        """Return the column of that name, in small or capital letters."""
        return next((one for one in self.columns if one.name.casefold() == name.casefold()), None)


@dataclass(frozen=True)
class WordSeen:
    """A word of a coded column.

    Attributes
    ----------
    text : str
        Empty where it may not be shown.
    rows : int
        In how many it stands.
    where : str
        The first of its lines, in words.
    codes : tuple of str or None
        What the mapping makes of it; None where nothing.
    suggested : tuple of str
        What it may mean.
    confidence : float
        Of that, 0 to 1.
    """

    text: str
    rows: int
    where: str
    codes: tuple[str, ...] | None
    suggested: tuple[str, ...]
    confidence: float


def tabs_of(path: Path) -> tuple[Tab, ...]:
    """Return the tabs of a workbook, hidden ones too; none of a text file.

    Raises
    ------
    EtlError
        The file cannot be read.
    """
    with check_path(path, None, DEFAULT_LIMITS).open("rb") as stream:
        kind = check_kind(path, stream.read(4096))
    if kind != "workbook":
        return ()
    with open_workbook(path, DEFAULT_LIMITS) as book:
        return tuple(tabs(book))


def reading(path: Path, values: Mapping[str, Any], number: int) -> Reading:
    """Return the sheet of one table of a mapping, opened as the mapping says.

    Raises
    ------
    EtlError
        The file cannot be read.
    """
    layout = editing.layout_of(values, number)

    def listed(key: str) -> tuple[str, ...]:
        value = layout.get(key, ())
        return (value,) if isinstance(value, str) else tuple(value)

    said: dict[str, Any] = {
        "sheet": layout.get("sheet"),
        "sheets": listed("sheets"),
        "skip_sheets": listed("skip_sheets"),
        "skip_hidden": bool(layout.get("skip_hidden")),
        "decimal_comma": bool(layout.get("decimal_comma")),
        "header_row": layout.get("header_row"),
        "header_rows": layout.get("header_rows"),
        "delimiter": {"tab": "\t"}.get(layout.get("delimiter", ""), layout.get("delimiter")),
        "encoding": layout.get("encoding"),
        "missing": (*MISSING, *listed("missing")),
        "totals": listed("totals") or TOTALS,
    }
    below = listed("fill_down")
    try:
        found = read(path, required=editing.used(values, number), as_written=below, **said)
    except EtlError:  # a column that the mapping names is gone: the check says so, and the rest is shown
        found = read(path, as_written=below, **said)
    small = {name.casefold() for name in below}
    there = tuple(name for name in found.frame.columns if name.casefold() in small)
    if not there and not layout.get("group_rows"):
        return found
    meant = Layout(missing=said["missing"], fill_down=there, group_rows=bool(layout.get("group_rows")))
    rows = grouped(found.frame, meant)
    told = f"{counted(rows.headings, 'row')} left out: headings of groups"
    return replace(found, frame=texts(rows.frame), notes=(*found.notes, *([told] if rows.headings else [])))


def look(path: Path, values: Mapping[str, Any], number: int) -> Looked:
    """Return what can be told of the sheet of one table.

    Parameters
    ----------
    path
        The file.
    values
        What the mapping says.
    number
        Of its tables, from 0.

    Raises
    ------
    EtlError
        The file cannot be read.
    """
    found = reading(path, values, number)
    frame = found.frame
    names = [name for name in frame.columns if name not in (LINE, SHEET, GROUP)]
    rules = dict(identifying(frame, _dated(values, number, names)))
    is_data = is_record(names, frame.select(names))
    rows = editing.spread(values, number, names)
    seen = [_seen(frame[name], rules.get(name, ""), is_row=name in rows) for name in names]
    shown = [replace(one, shown=MASKED) if is_data else one for one in seen]
    return Looked(frame.height, tuple(shown), found.notes)


def _dated(values: Mapping[str, Any], number: int, names: Sequence[str]) -> list[str] | None:
    """Return the columns whose exact dates a load takes; None where it takes those of all columns."""
    made = [str(editing.tables(values)[at]["name"]) for at in editing.of_the_same_rows(values, number)]
    if not any(contract(name).personal for name in made):
        return list(names)
    dated = editing.dated_by(values, number)
    return [name for name in names if name.casefold() in dated]


def _seen(column: pl.Series, rule: str, *, is_row: bool) -> Seen:
    cells = column.drop_nulls()
    different = cells.unique().to_list()
    # "Jan 2025" has digits as data has; it was read as a month, and is shown.
    shown = column.name if is_row else show_name(column.name)
    seen = Seen(column.name, shown, cells.len(), len(different), "", rule, is_row=is_row)
    if not different:
        return replace(seen, looks="empty")
    told = [cell for cell in different if cell.strip().casefold() not in FOR_NOTHING]
    if {cell.casefold() for cell in different} <= MARKS:
        return replace(seen, looks=YES_OR_NO)
    if pl.Series(different).str.contains(_NUMBER).all():
        return replace(seen, looks="numbers")
    proof = prove(told)
    if told and (proof.is_dates or len(proof.unread) <= 0.2 * len(told)):
        formats = f", written as {' and '.join(proof.formats)}" if proof.formats else ""
        doubtful = tuple(text for text in proof.doubtful if text not in proof.formats)
        return replace(seen, looks=f"dates{formats}", doubtful=doubtful, is_financial=proof.is_financial)
    if len(different) <= _FEW and len(different) < cells.len():
        return replace(seen, looks="words that come again")
    return replace(seen, looks="a different text in each row" if len(different) == cells.len() else "texts")


def cells_of(column: Column, frame: pl.DataFrame, values: Mapping[str, Any], number: int) -> pl.DataFrame:
    """Return the cells that are the words of a column of a table, `CELLS`, each with its line.

    Those of several columns of the file, which are put together, stand below each other. Without columns
    where the file has none of them.

    Parameters
    ----------
    column, frame, values, number
        As in `words_seen`.
    """
    names = {name.casefold() for name in editing.words_from(values, number, column)}
    there = [name for name in frame.columns if name.casefold() in names]
    parts = [frame.select(pl.col(name).cast(pl.String).alias(CELLS), LINE) for name in there]
    return pl.concat(parts) if parts else pl.DataFrame()


def kept_words(frame: pl.DataFrame, name: str) -> tuple[str, ...]:
    """Return the words of a column that may be shown, to keep rows by: in enough rows, identifying nobody.

    No list of ours says what they mean. So a column of many different cells has none, and neither a number, a
    date or a code, which somebody may be known by, is one, nor what is a first name when it has a capital.
    """
    rows: dict[str, list[int]] = {}
    for cell, line in frame.select(name, LINE).drop_nulls(name).rows():
        rows.setdefault(cell.strip(), []).append(line)
    if len(rows) > _FEW:
        return ()
    found = (shown(text, (), 0.0, tuple(lines), known=()) for text, lines in rows.items() if text)
    return tuple(sorted(one.text for one in found if one.is_shown and not _may_be_somebody(one.text)))


def _may_be_somebody(text: str) -> bool:
    return bool(re.search(r"\d", text) or _INITIALS.fullmatch(text)) or tells_person(text.title())


def words_seen(
    column: Column, frame: pl.DataFrame, values: Mapping[str, Any], number: int
) -> tuple[WordSeen, ...]:
    """Return the words of the column that fills a coded one; those that may not be shown without their text.

    Parameters
    ----------
    column
        Of the contract, with codes; the mapping fills it.
    frame
        Text columns and ``_line``.
    values
        What the mapping says.
    number
        Of its tables, from 0.
    """
    cells = cells_of(column, frame, values, number)
    if not cells.width:
        return ()
    rule = editing.tables(values)[number]["columns"][column.name]
    said = rule if isinstance(rule, dict) else {}
    split = editing.divided_by(values, number, column.name)
    is_several = editing.may_hold_several(values, number, column)
    found = words_in(column, cells, CELLS, split, is_several=is_several)
    meant = editing.meanings(values, number, column.name)
    missing = {word.casefold() for word in said.get("missing", ())}
    seen = []
    for word in found.words:
        small = word.text.casefold()
        codes: tuple[str, ...] | None = meant.get(small)
        if codes is None and small in (*column.codes, *column.rolls_up):
            codes = (small,)
        if codes is None and small in missing:
            codes = ()
        if codes is None and said.get("synonyms") and word.is_listed:
            codes = word.codes
        lines = first_lines_words(list(word.lines))
        text = word.text if word.is_shown else ""
        seen.append(WordSeen(text, len(word.lines), lines, codes, word.codes, word.confidence))
    return tuple(seen)
