"""Opens every kind of file safely and returns its table as text columns plus ``_line``.

Nothing is guessed about meaning here: every cell stays text, so ``<5`` is never a number, a code keeps its
leading zeros, and a date is still what was typed.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import polars as pl

from analysis.words import counted
from etl.errors import EtlError
from etl.ledger import NOTE, REASONS, TOTAL, UNHEADED, Ledger
from etl.lines import LINE, PART, first_lines_words
from etl.readers import sums
from etl.readers.grid import is_note, is_total, tidy
from etl.readers.headings import is_record, name_columns, show_name, show_names
from etl.readers.limits import DEFAULT_LIMITS, Limits, check_kind, check_path
from etl.readers.packed import unpack_gzip
from etl.readers.text import Grid, read_text
from etl.readers.workbook import Sheets, read_workbook

__all__ = [
    "DEFAULT_LIMITS",
    "MISSING",
    "SHEET",
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
TOTALS = ("Total", "Totals", "Grand total", "Sum")
_TIMESTAMP = r"^(\d{4}-\d\d-\d\d)[ T]\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?(?: ?(?:Z|UTC|[+-]\d\d:?\d\d))?$"
_MOST_NAMES = 40  # of columns that a message lists
_BOTTOM_ROWS = 30  # among which footnotes are looked for
_COUNTRY_WORDS = ("country", "countries", "citizen", "nation")  # there "NA" is Namibia


@dataclass(frozen=True)
class Reading:
    """A table as it was found.

    Attributes
    ----------
    frame : polars.DataFrame
        String columns named as in the file, null where missing, plus ``_line`` (Int64).
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
    skip_hidden: bool = False,
    decimal_comma: bool = False,
    header_row: int | None = None,
    header_rows: int | None = None,
    delimiter: str | None = None,
    encoding: str | None = None,
    missing: Collection[str] = MISSING,
    totals: Collection[str] = (),
    references: Collection[str] = (),
    limits: Limits = DEFAULT_LIMITS,
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
    sheet, sheets, skip_hidden, decimal_comma
        What is read of a workbook (`etl.readers.workbook.Sheets`); without a word, the visible sheet that
        holds the required columns. Several are parts of one table (`etl.lines.PART`), whose column `SHEET`
        holds the name of each.
    header_row, header_rows
        Row of the header, counted from 1 as a spreadsheet does, and its height (1 or 2); None finds them.
    delimiter, encoding
        None finds them.
    missing
        Cells that mean "missing". ``NA`` is kept in columns of countries, where it is Namibia.
    totals
        First cells that mark total rows; such rows, and footnotes at the bottom, are left out and counted.
        Nothing is left out by default, as ``Total`` may be a category.
    references
        Columns that hold references; of a workbook, long ones must be text (`etl.readers.workbook.Sheets`).
    limits
        Sizes above which the file is refused.

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
        wanted = Sheets(sheet, sheets, skip_hidden, decimal_comma, tuple(references), tuple(totals))
        grids = read_workbook(
            real, limits, wanted, expected=required, header_row=row, header_rows=header_rows
        )
    else:
        grids = {
            "": read_text(
                unpack_gzip(real, limits) if kind == "gzip" else real.read_bytes(),
                path.name,
                encoding=encoding,
                delimiter=delimiter,
                expected=required,
                header_row=row,
                header_rows=header_rows,
                tab_first=".tsv" in path.suffixes or ".tab" in path.suffixes,
                limits=limits,
            )
        }
    named = [name for name in required if name != SHEET]
    tidied = {
        name: _tidy(
            f"{path.name}: sheet '{name}'" if len(grids) > 1 else path.name,
            grid,
            required=named,
            missing=missing,
            totals=totals,
        )
        for name, grid in grids.items()
    }
    return _together(path.name, tidied) if sheets else next(iter(tidied.values()))


def _together(file: str, sheets: Mapping[str, Reading]) -> Reading:
    """Put the sheets of one table together, each row with the name of its sheet."""
    frames, notes, ledger = [], [], Ledger(stores_no_blanks=True)
    for part, (name, reading) in enumerate(sheets.items()):
        if SHEET in reading.frame.columns:
            raise EtlError(
                f"{file}: a column is called '{SHEET}', which stands for the name of the sheet.",
                "Rename the column in the file, then run the command again.",
            )
        numbered = reading.frame.with_columns(pl.lit(name).alias(SHEET), pl.col(LINE) + part * PART)
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
    totals: Collection[str],
) -> Reading:
    notes = list(grid.notes)
    frame = _days(grid.frame.with_columns(pl.exclude(LINE).str.strip_chars()))
    headings = list(grid.header.names) + [""] * (frame.width - 1 - len(grid.header.names))
    is_country = [any(word in name.casefold() for word in _COUNTRY_WORDS) for name in headings]
    stored = frame.filter(pl.any_horizontal(pl.exclude(LINE) != "")).height if frame.width > 1 else 0
    notes += _errors(frame, missing)
    frame = frame.with_columns(
        _blank_missing(f"c{i}", [m for m in missing if not (m == "NA" and is_country[i])])
        for i in range(len(headings))
    )
    lines = stored if grid.ledger.stores_no_blanks else frame.height
    frame, headings = _drop_empty_columns(frame, headings, notes)
    frame, ledger = _drop_blank(frame, headings, grid.ledger, lines)
    frame, ledger = _drop_totals(frame, headings, totals, ledger, notes)
    _require(file, frame, headings, required)
    frame.columns = [*name_columns(file, frame, headings, required), LINE]
    return Reading(frame, tuple(notes), ledger.hold(file, frame.height))


def _days(frame: pl.DataFrame) -> pl.DataFrame:
    """Cut timestamps to their day, in every kind of file: the time of day is never needed, and never kept."""
    texts = [name for name in frame.columns if name != LINE]
    timed = [name for name in texts if frame[name].str.contains(":", literal=True).any()]
    return frame.with_columns(pl.col(timed).str.replace(_TIMESTAMP, "$1")) if timed else frame


def _errors(frame: pl.DataFrame, missing: Collection[str]) -> list[str]:
    """Return a note on cells that hold an error of a spreadsheet program: there was a value once."""
    texts = [name for name in frame.columns if name != LINE]
    held = frame.filter(pl.any_horizontal(pl.col(texts).is_in(ERRORS))) if texts else frame.clear()
    if held.is_empty():
        return []
    cells = held.unpivot(texts, index=LINE).filter(pl.col("value").is_in(ERRORS))
    signs = cells["value"].unique().sort().to_list()
    blank = [sign for sign in signs if sign in missing]
    read = f"; read as missing: {', '.join(blank)}" if blank else ""
    return [
        f"{counted(cells.height, 'cell')} with an error of a spreadsheet program in place of a value "
        f"({', '.join(signs)}), first on line {first_lines_words(held[LINE])}{read}"
    ]


def _blank_missing(column: str, missing: Collection[str]) -> pl.Expr:
    cell = pl.col(column)
    return pl.when(~cell.is_in(["", *missing])).then(cell).alias(column)


def _drop_empty_columns(
    frame: pl.DataFrame, headings: list[str], notes: list[str]
) -> tuple[pl.DataFrame, list[str]]:
    """Drop columns without a heading or with a sentence for a heading when nothing is in them."""
    filled = (
        frame.select(pl.exclude("_line").is_not_null().any()).row(0)
        if frame.height
        else (False,) * len(headings)
    )
    keep = [
        position
        for position, heading in enumerate(headings)
        if filled[position] or (heading and not _is_sentence(heading))
    ]
    if any(headings[i] for i in range(len(headings)) if i not in keep):
        notes.append("an empty column whose heading is a sentence was left out")
    return frame.select([f"c{i}" for i in keep] + ["_line"]), [headings[i] for i in keep]


def _is_sentence(heading: str) -> bool:
    return len(heading.split()) >= 8


def _drop_blank(
    frame: pl.DataFrame, headings: list[str], ledger: Ledger, lines: int
) -> tuple[pl.DataFrame, Ledger]:
    """Drop rows with nothing in them; rows with nothing under any heading are counted apart from those.

    ``lines`` are those of the ledger that should be rows. A row of words that mean "missing" is blank.
    """
    cells = frame.columns[:-1]
    is_filled = pl.any_horizontal(pl.col(cells).is_not_null()) if cells else pl.lit(False)
    filled = frame.filter(is_filled)
    named = [column for column, heading in zip(cells, headings, strict=True) if heading]
    kept = filled.filter(pl.any_horizontal(pl.col(named).is_not_null())) if named else filled.clear()
    ledger = replace(ledger, blank=ledger.blank + lines - filled.height)
    return kept, ledger.without(UNHEADED, filled.height - kept.height)


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
    for row in reversed(frame.tail(_BOTTOM_ROWS).rows()):
        if row[-1] not in total and not is_note(row[:-1]):
            break
        if row[-1] not in total:
            note.append(row[-1])
    for lines, reason in ((total, TOTAL), (sorted(note), NOTE)):
        if lines:
            frame = frame.filter(~pl.col(LINE).is_in(lines))
            ledger = ledger.without(reason, len(lines))
            notes.append(
                f"left out as {REASONS[reason]}: {len(lines):,}, first on line {first_lines_words(lines)}"
            )
    notes += differing
    return frame, ledger


def _total_lines(frame: pl.DataFrame, totals: Collection[str]) -> list[int]:
    """Return the lines of totals; only rows that begin with such a word are looked at cell by cell."""
    first = pl.coalesce(pl.exclude(LINE)).str.to_lowercase()
    words = pl.any_horizontal(first.str.starts_with(label.casefold()) for label in totals)
    return [row[-1] for row in frame.filter(words).iter_rows() if is_total(row[:-1], totals)]


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
