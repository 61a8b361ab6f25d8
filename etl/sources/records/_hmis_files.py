"""Opens an HMIS CSV export, a folder or a .zip, and reads of each file the columns that are needed.

Names, numbers and free text are never read past the header: the other columns are not taken out of the file.
"""

import csv
import io
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from analysis.catalog.table import Table
from etl.errors import EtlError
from etl.lines import LINE
from etl.mapping.keys import meanings, refuse_absent
from etl.protect.anonymise import find_identifiers
from etl.protect.identifiers import WORDS, rule_of_name
from etl.readers.headings import show_names
from etl.readers.limits import DEFAULT_LIMITS
from etl.readers.packed import zip_member, zip_members
from etl.sources.records._hmis_codes import FILES, IDENTIFIERS, NEEDED, VERSIONS

_STEP = "Export again from the HMIS as 'HMIS CSV', FY2024 to FY2026, and load the folder or its .zip."
_HEADER = 65_536  # bytes in which the header stands
_LISTED, _TWICE = 40, 5
KEYS = ("PersonalID", "EnrollmentID", "ProjectID")
BORN = "DOB"  # read for the age, and never kept


@dataclass(frozen=True)
class Export:
    """The files of an export by name, and what was told of those that are not read.

    Attributes
    ----------
    path
        The folder or .zip.
    members
        Name of a file without ending → where it is.
    unread
        Files that are not read.
    identifying
        Columns that identify people, by file, as they were found.
    told
        The headings that a mapping says of a file.
    """

    path: Path
    members: dict[str, str]
    unread: tuple[str, ...] = ()
    identifying: dict[str, tuple[str, ...]] = field(default_factory=dict)
    told: Mapping[str, Table] = field(default_factory=dict)

    def has(self, name: str) -> bool:
        """Tell whether a file is there."""
        return name in self.members

    def frame(self, name: str) -> pl.DataFrame:
        """Return the needed columns of a file as text, rows that were deleted left in, and ``_line``.

        Raises
        ------
        EtlError
            A column is missing, or the file is damaged.
        """
        needed, optional = FILES[name]
        data = self._bytes(name)
        header = self._header(name, data)
        absent = [column for column in needed if column.casefold() not in header]
        if absent:
            raise EtlError(
                f"{self.path.name}: {name}.csv has no column {', '.join(absent)}.",
                f"It must have: {', '.join(needed)}. {_STEP}",
            )
        known = {column.casefold(): column for column in IDENTIFIERS}
        self.identifying[name] = tuple(known[column] for column in header if column in known)
        wanted = {
            column: header[column.casefold()]
            for column in (*needed, *optional)
            if column.casefold() in header
        }
        try:
            read = pl.read_csv(io.BytesIO(data), columns=sorted(wanted.values()), infer_schema=False)
        except (pl.exceptions.PolarsError, UnicodeDecodeError) as error:
            raise EtlError(
                f"{self.path.name}: {name}.csv cannot be read as CSV: a row is longer than the header, or a "
                "quotation mark is not closed.",
                _STEP,
            ) from error
        by_place = dict(zip(sorted(wanted.values()), read.columns, strict=True))
        cells = [
            pl.col(by_place[place]).str.strip_chars().replace("", None).alias(column)
            for column, place in wanted.items()
        ]
        blank = [pl.lit(None, pl.String).alias(column) for column in optional if column not in wanted]
        frame = read.select(cells)
        self._refuse_people(name, frame)
        return frame.with_columns(*blank, pl.int_range(2, pl.len() + 2, dtype=pl.Int64).alias(LINE))

    def _header(self, name: str, data: bytes) -> dict[str, int]:
        """Return the columns of a file by the names of the standard, small letters, each with its place."""
        header = _header(data, f"{name}.csv")
        if name not in self.told:
            return header
        keys, columns = self.told[name], [column for some in FILES[name] for column in some]
        there = {heading: heading for heading in header}
        named = meanings(keys, f"{name}.csv", there, columns, show=lambda names: _shown(names, header))
        identifying = {column.casefold() for column in IDENTIFIERS}
        for heading, column in named.items():
            rule = rule_of_name(keys.text(column)) or rule_of_name(heading)
            if heading in identifying or (rule and not (column == BORN and rule == "birth_date")):
                raise keys.fail(
                    column, f"'{heading}', which identifies people and is never read", "another column"
                )
        kept = {heading: place for heading, place in header.items() if heading not in named}
        return kept | {column.casefold(): header[heading] for heading, column in named.items()}

    def _refuse_people(self, name: str, frame: pl.DataFrame) -> None:
        """Refuse a column that a mapping says holds keys, and that holds what others know a person by."""
        if name not in self.told:
            return
        keys = self.told[name]
        looked_at = [column for column in KEYS if column in keys.values and column in frame.columns]
        for found in find_identifiers(frame.select(looked_at), references=looked_at):
            came = f"'{keys.text(found.column)}', which holds {WORDS[found.rule]} and is not kept"
            raise keys.fail(found.column, came, "a column of keys of the system's own")

    def _bytes(self, name: str) -> bytes:
        if self.path.is_dir():
            return Path(self.members[name]).read_bytes()
        return zip_member(self.path, self.members[name], DEFAULT_LIMITS)


def _shown(names: Sequence[str], every: Collection[str]) -> str:
    """Return headings as a message may show them; where the whole row of them may be a record, none."""
    return show_names(names, pl.DataFrame(schema=dict.fromkeys(every, pl.String)))


def _header(data: bytes, file: str) -> dict[str, int]:
    """Return the columns, small letters, each with its place."""
    try:
        text = data[:_HEADER].decode("utf-8-sig", errors="replace")
        first = next(csv.reader(io.StringIO(text)))
    except (StopIteration, csv.Error):
        raise EtlError(f"{file}: there is no header.", _STEP) from None
    names = [name.strip().casefold() for name in first]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise EtlError(f"{file}: columns come twice: {_shown(twice[:_TWICE], names)}.", _STEP)
    return {name: place for place, name in enumerate(names)}


def names_in(path: Path) -> dict[str, str]:
    """Return the CSV files of a folder or .zip by name without ending; nothing where it is neither.

    Raises
    ------
    EtlError
        A .zip that is damaged, or unpacks to too much.
    """
    if path.is_dir():
        found = {file.stem.casefold(): str(file) for file in sorted(path.glob("*.csv"))}
        found |= {file.stem.casefold(): str(file) for file in sorted(path.glob("*.CSV"))}
    elif path.suffix.lower() == ".zip" and path.is_file():
        members = zip_members(path, (".csv",), DEFAULT_LIMITS)
        found = {Path(name).stem.casefold(): name for name in members}
    else:
        return {}
    written = {name.casefold(): name for name in FILES}
    return {written.get(name, Path(place).stem): place for name, place in found.items()}


def open_export(path: Path, told: Mapping[str, Table]) -> tuple[Export, pl.DataFrame]:
    """Open an export and check its version; return it and the one row of ``Export.csv``.

    ``told`` are the headings that a mapping says of its files.

    Raises
    ------
    EtlError
        Files are missing, a .zip that unpacks to too much, headings told of a file that is not there, or
        another version.
    """
    members = names_in(path)
    absent = [f"{name}.csv" for name in NEEDED if name not in members]
    if absent:
        raise EtlError(f"{path.name}: no HMIS CSV export: {', '.join(absent)} missing.", _STEP)
    refuse_absent(told, [file for file in FILES if file in members], path.name)
    unread = tuple(sorted(name for name in members if name not in FILES))
    export = Export(path, members, unread, told=told)
    about = export.frame("Export")
    if about.height != 1:
        raise EtlError(f"{path.name}: Export.csv must have one row.", _STEP)
    version = about["CSVVersion"][0] or ""
    if not version.removeprefix("FY").startswith(VERSIONS):
        raise EtlError(
            f"{path.name}: this is another version of HMIS CSV (CSVVersion in Export.csv); read are FY2024, "
            "FY2025 and FY2026.",
            _STEP,
        )
    return export, about


def notes_of(export: Export) -> list[str]:
    """Return what was not read: files by name, and columns that identify people."""
    told = []
    if export.unread:
        files = ", ".join(f"{name}.csv" for name in export.unread[:_LISTED])
        told.append(f"files that are not read: {files}")
    for name, columns in export.identifying.items():
        if columns:
            told.append(f"{name}.csv: not read past the header: {', '.join(columns)}")
    return told
