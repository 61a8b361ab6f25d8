"""Opens every kind of file safely and returns its table as text columns plus ``_line``.

Nothing is guessed about meaning here: every cell stays text, so ``<5`` is never a number, a code keeps its
leading zeros, and a date is still what was typed.
"""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import partial, reduce
from operator import or_
from pathlib import Path
from typing import Any

import polars as pl

from analysis.words import counted
from etl.contracts.by_distinct import encoded, recoded, texts, values_of
from etl.errors import EtlError
from etl.ledger import NOTE, REASONS, TOTAL, UNHEADED, Ledger
from etl.lines import LINE, PART, first_lines_words
from etl.readers import sums
from etl.readers.grid import is_note, is_total, tidy
from etl.readers.headings import is_record, name_columns, show_name, show_names
from etl.readers.limits import DEFAULT_LIMITS, Limits, check_kind, check_path
from etl.readers.packed import read_blocks, unpack_gzip
from etl.readers.text import Grid, read_text
from etl.readers.titles import TITLE, titled
from etl.readers.workbook import Sheets, read_workbook

__all__ = [
    "DEFAULT_LIMITS",
    "MISSING",
    "SHEET",
    "TITLE",
    "TOTALS",
    "Limits",
    "Reading",
    "read",
    "read_table",
    "show_name",
    "show_names",
    "tidy",
]

SHEET = "@sheet"  # the column that holds the name of the sheet, where several are read
MISSING = ("(null)", "null", "NULL", "NA", "N/A", "n/a", "#N/A", "-99")
#: What spreadsheet programs write where a formula failed.
ERRORS = (
    "#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#SPILL!", "#CALC!", "#GETTING_DATA",
    "#FIELD!", "#BLOCKED!", "#CONNECT!", "#UNKNOWN!",
)  # fmt: skip
TOTALS = (
    "Total", "Totals", "Grand total", "Sum", "Subtotal", "Subtotals", "Sub-total", "Totale", "Totaal",
    "Gesamt", "Summe",
)  # fmt: skip
_TIMESTAMP = r"^(\d{4}-\d\d-\d\d)[ T]\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?(?: ?(?:Z|UTC|GMT|[+-]\d\d(?::?\d\d)?))?$"
_MOST_NAMES = 40  # of columns that a message lists
_BOTTOM_ROWS = 30  # among which footnotes are looked for
_COUNTRY_WORDS = ("country", "countries", "citizen", "nation")  # there "NA" is Namibia


def _ignore(_: int) -> None:
    """Tell nobody how many rows were read."""


@dataclass(frozen=True)
class Reading:
    """A table as it was found.

    Attributes
    ----------
    frame : polars.DataFrame
        Columns of text named as in the file, null where missing, plus ``_line`` (Int64).
    notes : tuple of str
        What was found or left out, in words without values: encoding, totals, empty columns.
    ledger : Ledger
        Where every line of the file went; ``ledger.kept`` is the height of the frame.
    sheets : int
        How many sheets the rows are of; those of each further one are a part (`etl.lines.PART`).
    """

    frame: pl.DataFrame
    notes: tuple[str, ...]
    ledger: Ledger
    sheets: int = 1


def read_table(path: Path, **options: Any) -> pl.DataFrame:
    """Return only the frame of :func:`read`; takes the same options."""
    return read(path, **options).frame


def read(
    path: Path,
    *,
    folder: Path | None = None,
    required: Collection[str] = (),
    sheet: str | None = None,
    sheets: tuple[str, ...] = (),
    skip_sheets: tuple[str, ...] = (),
    skip_hidden: bool = False,
    decimal_comma: bool = False,
    header_row: int | None = None,
    header_rows: int | None = None,
    delimiter: str | None = None,
    encoding: str | None = None,
    missing: Collection[str] = MISSING,
    as_written: Collection[str] = (),
    totals: Collection[str] = (),
    references: Collection[str] = (),
    limits: Limits = DEFAULT_LIMITS,
    is_encoded: bool = False,
    advance: Callable[[int], None] = _ignore,
) -> Reading:
    """Read one table from a .csv, .tsv, .txt (also .gz) or .xlsx file.

    Parameters
    ----------
    path
        The file.
    folder
        Folder that the file must lie in once links are followed; None allows any.
    required
        Columns that must be there, in small or capital letters. They also help to find header and sheet.
    sheet, sheets, skip_sheets, skip_hidden, decimal_comma
        What is read of a workbook (`etl.readers.workbook.Sheets`); without a word, the visible sheet that
        holds the required columns. Several are parts of one table (`etl.lines.PART`), whose column `SHEET`
        holds the name of each.
    header_row, header_rows
        Row of the header, counted from 1 as a spreadsheet does, and its height (1 or 2); None finds them.
    delimiter, encoding
        None finds them.
    missing
        Cells that mean "missing". ``NA`` is kept in columns of countries, where it is Namibia.
    as_written
        Columns whose words for "missing" stay: a blank is another thing there.
    totals
        First cells that mark total rows; such rows, and footnotes at the bottom, are left out and counted.
        Nothing is left out by default, as ``Total`` may be a category.
    references
        Columns that hold references; of a workbook, long ones must be text (`etl.readers.workbook.Sheets`).
    limits
        Sizes above which the file is refused.
    is_encoded
        Whether columns may come by their distinct values (`etl.contracts.by_distinct`).
    advance
        Told the number of rows read so far.

    Returns
    -------
    Reading

    Raises
    ------
    EtlError
        Anything that keeps the table from being read, in words without values.
    """
    path = Path(path)
    real = check_path(path, folder, limits)
    with real.open("rb") as stream:
        kind = check_kind(path, stream.read(4096))
    row = None if header_row is None else header_row - 1
    if kind == "workbook":
        wanted = Sheets(
            sheet, sheets, skip_sheets, skip_hidden, decimal_comma, tuple(references), tuple(totals)
        )
        grids = read_workbook(
            real, limits, wanted, expected=required, header_row=row, header_rows=header_rows
        )
    else:
        grids = {
            "": read_text(
                partial(unpack_gzip, real, limits) if kind == "gzip" else partial(read_blocks, real),
                path.name,
                encoding=encoding,
                delimiter=delimiter,
                expected=required,
                header_row=row,
                header_rows=header_rows,
                tab_first=".tsv" in path.suffixes or ".tab" in path.suffixes,
                limits=limits,
                advance=advance,
            )
        }
    named = [name for name in required if name not in (SHEET, TITLE)]
    tidied = {
        name: _tidy(
            f"{path.name}: sheet '{name}'" if len(grids) > 1 else path.name,
            grid,
            required=named,
            missing=missing,
            as_written=as_written,
            totals=totals,
        )
        for name, grid in grids.items()
    }
    if TITLE in required:
        tidied = {
            name: replace(one, frame=titled(one.frame, path.name, grids[name].header.title))
            for name, one in tidied.items()
        }
    reading = _together(path.name, tidied) if sheets else next(iter(tidied.values()))
    return reading if is_encoded else replace(reading, frame=texts(reading.frame))


def _together(file: str, sheets: Mapping[str, Reading]) -> Reading:
    """Put the sheets of one table together, each row with the name of its sheet."""
    frames, notes, ledger = [], [], Ledger(stores_no_blanks=True)
    for part, (name, reading) in enumerate(sheets.items()):
        if SHEET in reading.frame.columns:
            raise EtlError(
                f"{file}: a column is called '{SHEET}', which stands for the name of the sheet.",
                "Rename the column in the file, then run the command again.",
            )
        numbered = texts(reading.frame).with_columns(pl.lit(name).alias(SHEET), pl.col(LINE) + part * PART)
        frames.append(numbered)
        notes += [f"sheet '{name}': {counted(reading.ledger.kept, 'row')}", *reading.notes]
        ledger += reading.ledger
    frame = pl.concat(frames, how="diagonal")
    return Reading(frame.select(pl.exclude(LINE), LINE), tuple(dict.fromkeys(notes)), ledger, len(sheets))


def _tidy(
    file: str,
    grid: Grid,
    *,
    required: Collection[str],
    missing: Collection[str],
    as_written: Collection[str],
    totals: Collection[str],
) -> Reading:
    notes = list(grid.notes)
    headings = [re.sub(_TIMESTAMP, r"\1", name) for name in grid.header.names]
    headings += [""] * (grid.frame.width - 1 - len(headings))
    whole = {name.casefold() for name in as_written}
    cells = _stripped(grid.frame)
    stored = grid.ledger.stores_no_blanks and _filled_rows(cells.values())
    notes += _errors(cells, grid.frame[LINE], missing)
    for name, heading in zip(cells, headings, strict=True):
        is_country = any(word in heading.casefold() for word in _COUNTRY_WORDS)
        lost = () if heading.casefold() in whole else missing
        words = ["", *(word for word in lost if not (word == "NA" and is_country))]
        cells[name] = recoded(cells[name], pl.when(~pl.col(name).is_in(words)).then(pl.col(name)))
    frame = pl.DataFrame([*cells.values(), grid.frame[LINE]])
    lines = stored if grid.ledger.stores_no_blanks else frame.height
    cells.clear()
    frame, headings = _drop_empty_columns(frame, headings, notes)
    frame, ledger = _drop_blank(frame, headings, grid.ledger, lines)
    frame, ledger = _drop_totals(frame, headings, totals, ledger, notes)
    _require(file, frame, headings, required)
    frame.columns = [*name_columns(file, frame, headings, required), LINE]
    return Reading(frame, tuple(notes), ledger.hold(file, frame.height))


def _stripped(frame: pl.DataFrame) -> dict[str, pl.Series]:
    """Return the columns without blanks around their cells, and timestamps cut to their day.

    The time of day is never needed, and never kept, in any kind of file.
    """
    cells = {}
    for name in frame.columns[:-1]:
        cell = pl.col(name).str.strip_chars()
        if values_of(frame[name]).str.contains(":", literal=True).any():
            cell = cell.str.replace(_TIMESTAMP, "$1")
        cells[name] = encoded(recoded(frame[name], cell))
    return cells


def _filled_rows(cells: Collection[pl.Series]) -> int:
    """Return how many rows hold anything."""
    filled = [recoded(column, (pl.col(column.name) != "").fill_null(False)) for column in cells]
    return int(reduce(or_, filled).sum()) if filled else 0


def _errors(cells: Mapping[str, pl.Series], lines: pl.Series, missing: Collection[str]) -> list[str]:
    """Return a note on cells that hold an error of a spreadsheet program: there was a value once."""
    held = {
        name: recoded(column, pl.col(name).is_in(ERRORS).fill_null(False))
        for name, column in cells.items()
        if values_of(column).is_in(ERRORS).any()
    }
    if not held:
        return []
    signs = sorted(
        {sign for name in held for sign in values_of(cells[name]).unique().to_list() if sign in ERRORS}
    )
    blank = [sign for sign in signs if sign in missing]
    read = f"; read as missing: {', '.join(blank)}" if blank else ""
    where = lines.filter(reduce(or_, held.values()))
    return [
        f"{counted(sum(int(mask.sum()) for mask in held.values()), 'cell')} with an error of a spreadsheet "
        f"program in place of a value ({', '.join(signs)}), first on line {first_lines_words(where)}{read}"
    ]


def _drop_empty_columns(
    frame: pl.DataFrame, headings: list[str], notes: list[str]
) -> tuple[pl.DataFrame, list[str]]:
    """Drop columns without a heading or with a sentence for a heading when nothing is in them."""
    filled = [frame[name].null_count() < frame.height for name in frame.columns[:-1]]
    keep = [
        position
        for position, heading in enumerate(headings)
        if filled[position] or (heading and not _is_sentence(heading))
    ]
    if any(headings[i] for i in range(len(headings)) if i not in keep):
        notes.append("an empty column whose heading is a sentence was left out")
    return frame.select([f"c{i}" for i in keep] + [LINE]), [headings[i] for i in keep]


def _is_sentence(heading: str) -> bool:
    return len(heading.split()) >= 8


def _drop_blank(
    frame: pl.DataFrame, headings: list[str], ledger: Ledger, lines: int
) -> tuple[pl.DataFrame, Ledger]:
    """Drop rows with nothing in them; rows with nothing under any heading are counted apart from those.

    ``lines`` are those of the ledger that should be rows. A row of words that mean "missing" is blank.
    """
    names = frame.columns[:-1]
    filled = _some_filled(frame, names)
    named = _some_filled(frame, [name for name, heading in zip(names, headings, strict=True) if heading])
    rows, kept = int(filled.sum()), int(named.sum())
    ledger = replace(ledger, blank=ledger.blank + lines - rows)
    if kept < frame.height:
        frame = frame.filter(named)
    return frame, ledger.without(UNHEADED, rows - kept)


def _some_filled(frame: pl.DataFrame, names: Collection[str]) -> pl.Series:
    """Return which rows have something in any of some columns."""
    return reduce(
        or_, (frame[name].is_not_null() for name in names), pl.repeat(False, frame.height, eager=True)
    )


def _drop_totals(
    frame: pl.DataFrame,
    headings: list[str],
    totals: Collection[str],
    ledger: Ledger,
    notes: list[str],
) -> tuple[pl.DataFrame, Ledger]:
    """Drop the rows that are totals, wherever they stand, and the notes at the bottom; say their lines."""
    if not totals or not frame.height:
        return frame, ledger
    total = _total_lines(frame, totals)
    differing = sums.notes(frame, headings, total) if total else []
    note: list[int] = []
    for row in reversed(texts(frame.tail(_BOTTOM_ROWS)).rows()):
        if row[-1] not in total and not is_note(row[:-1]):
            break
        if row[-1] not in total:
            note.append(row[-1])
    for lines, reason in ((total, TOTAL), (sorted(note), NOTE)):
        if lines:
            frame = frame.filter(~pl.col(LINE).is_in(lines))
            ledger = ledger.without(reason, len(lines))
            notes.append(
                f"{counted(len(lines), 'row')} left out, {REASONS[reason].partition(' (')[0]}: "
                f"first on line {first_lines_words(lines)}"
            )
    notes += differing
    return frame, ledger


def _total_lines(frame: pl.DataFrame, totals: Collection[str]) -> list[int]:
    """Return the lines of totals; only rows that begin with such a word are looked at cell by cell."""
    begins = pl.repeat(False, frame.height, eager=True)
    is_open = ~begins  # rows of which no cell has come yet
    for name in frame.columns[:-1]:
        if not is_open.any():
            break
        word = pl.col(name).str.to_lowercase()
        is_label = pl.any_horizontal(
            word.str.starts_with(label.casefold()) | word.str.ends_with(label.casefold()) for label in totals
        )
        if values_of(frame[name]).to_frame(name).select(is_label.any()).item():
            begins = begins | (is_open & recoded(frame[name], is_label.fill_null(False)))
        is_open = is_open & frame[name].is_null()
    if not begins.any():
        return []
    return [row[-1] for row in texts(frame.filter(begins)).iter_rows() if is_total(row[:-1], totals)]


def _require(file: str, frame: pl.DataFrame, names: list[str], required: Collection[str]) -> None:
    written = {name.casefold() for name in names}
    absent = [name for name in required if name.casefold() not in written]
    if not absent:
        return
    # With no required name found, the "header" may be a record: none of its cells is shown, as a hint either.
    known = len(absent) < len(required) and not is_record(names, frame)
    near = {name: get_close_matches(name, names if known else (), n=1, cutoff=0.75) for name in absent}
    hints = [
        f"'{name}' (did you mean '{show_name(found[0])}'?)" if found else f"'{name}'"
        for name, found in near.items()
    ]
    found_words = (
        ", ".join(f"'{show_name(name)}'" for name in names[:_MOST_NAMES])
        if known
        else f"{len(names)} columns"
    )
    raise EtlError(
        f"{file}: columns are missing: {', '.join(hints)}. Found: {found_words}.",
        "Correct the names in the mapping or in the file, or give 'header_row', then run the command again."
        + (
            ' Only some sheets are of one shape? Name them: sheets = ["…", "…"]'
            if ": sheet '" in file
            else ""
        ),
    )
