"""Looks into an .xls file for macros, passwords and formulas before it is read.

An .xls is a small file system ([MS-CFB]) that holds a stream of records ([MS-XLS]). Only what is needed to
find these three is read here; the cells themselves are read by fastexcel.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from etl.errors import EtlError

_END = 0xFFFFFFFE
_ENTRY = 128  # bytes of a directory entry
_BOUNDSHEET, _FILEPASS, _FORMULA, _EOF = 0x0085, 0x002F, 0x0006, 0x000A
_BEGIN = (0x0809, 0x0409, 0x0209, 0x0009)
_MACRO_SHEETS = (1, 6)  # Excel 4 macro sheet, VBA module
_SAVE_AS = "In the spreadsheet program choose Save as, Excel workbook (.xlsx), and load that file."


@dataclass(frozen=True)
class _Entry:
    name: str
    start: int
    size: int


class _Container:
    """The file system inside an .xls: sectors, their chains and the directory."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.size = 1 << struct.unpack_from("<H", data, 30)[0]
        self.mini_size = 1 << struct.unpack_from("<H", data, 32)[0]
        directory, self.cutoff, mini_fat = struct.unpack_from("<I4xII", data, 48)
        self.fat = self._table(self._fat_sectors())
        self.mini_fat = self._table(self._chain(self.fat, mini_fat))
        entries = self._join(self._chain(self.fat, directory))
        self.entries = [_entry(entries, at) for at in range(0, len(entries), _ENTRY)]

    def _sector(self, number: int) -> bytes:
        return self.data[(number + 1) * self.size : (number + 2) * self.size]

    def _fat_sectors(self) -> list[int]:
        """Return the sectors of the allocation table: 109 in the header, the rest in a chain of their own."""
        first, count = struct.unpack_from("<II", self.data, 68)
        sectors = list(struct.unpack_from("<109I", self.data, 76))
        for _ in range(count):
            more = struct.unpack(f"<{self.size // 4}I", self._sector(first))
            sectors, first = [*sectors, *more[:-1]], more[-1]
        return [sector for sector in sectors if sector < _END - 1]

    def _table(self, sectors: list[int]) -> list[int]:
        joined = self._join(sectors)
        return list(struct.unpack(f"<{len(joined) // 4}I", joined))

    def _join(self, sectors: list[int]) -> bytes:
        return b"".join(self._sector(sector) for sector in sectors)

    @staticmethod
    def _chain(table: list[int], first: int) -> list[int]:
        chain: list[int] = []
        while first < len(table) and len(chain) <= len(table):  # a loop in a damaged file ends here
            chain.append(first)
            first = table[first]
        return chain

    def stream(self, entry: _Entry) -> bytes:
        """Return the content of a file of the container; small ones lie together in the root's stream."""
        if entry.size >= self.cutoff:
            return self._join(self._chain(self.fat, entry.start))[: entry.size]
        root = self._join(self._chain(self.fat, self.entries[0].start))
        small, size = self._chain(self.mini_fat, entry.start), self.mini_size
        return b"".join(root[sector * size : (sector + 1) * size] for sector in small)[: entry.size]


def _entry(entries: bytes, at: int) -> _Entry:
    length = struct.unpack_from("<H", entries, at + 64)[0]
    start, size = struct.unpack_from("<II", entries, at + 116)
    return _Entry(entries[at : at + max(length - 2, 0)].decode("utf-16-le", "replace"), start, size)


def _records(stream: bytes, at: int = 0) -> Iterator[tuple[int, bytes]]:
    """Yield kind and content of the records of the part that begins at ``at``; charts nest in sheets."""
    depth = 0
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        yield kind, stream[at + 4 : at + 4 + length]
        depth += (kind in _BEGIN) - (kind == _EOF)
        if depth <= 0:
            return
        at += 4 + length


def check_old_workbook(file: str, data: bytes, sheet: str | None = None) -> None:
    """Refuse an .xls with macros, with a password, or, in the sheet that is read, with formulas.

    Parameters
    ----------
    file
        Name of the file, for messages.
    data
        Its content.
    sheet
        Sheet whose formulas count; None looks only for macros and passwords.

    Raises
    ------
    EtlError
        Names the sheet and the cell of the first formula.
    """
    try:
        container = _Container(data)
        names = {entry.name for entry in container.entries}
        book = next(entry for entry in container.entries if entry.name in ("Workbook", "Book"))
        stream = container.stream(book)
        sheets, is_locked = _globals(stream)
    except (struct.error, StopIteration, IndexError):
        raise EtlError(
            f"{file}: the workbook is damaged, or protected by a password.",
            "Open it, remove the password, save it as .xlsx, and load that file.",
        ) from None
    if is_locked:
        raise EtlError(f"{file}: the workbook is protected by a password.", "Save it as .xlsx without one.")
    if "_VBA_PROJECT_CUR" in names or any(kind in _MACRO_SHEETS for _, _, kind in sheets):
        raise EtlError(f"{file}: the workbook holds macros. Workbooks with macros are not opened.", _SAVE_AS)
    for name, at, _ in sheets:
        cell = _first_formula(stream, at) if name == sheet else None
        if cell:
            raise formula_error(file, name, cell)


def _globals(stream: bytes) -> tuple[list[tuple[str, int, int]], bool]:
    """Return sheets (name, position, kind) and whether the workbook is encrypted."""
    sheets, is_locked = [], False
    for kind, body in _records(stream):
        is_locked = is_locked or kind == _FILEPASS
        if kind == _BOUNDSHEET and not is_locked:
            at, _, sheet_kind, length, is_wide = struct.unpack_from("<IBBBB", body)
            text = body[8 : 8 + length * (2 if is_wide & 1 else 1)]
            sheets.append((text.decode("utf-16-le" if is_wide & 1 else "latin-1"), at, sheet_kind))
    return sheets, is_locked


def _first_formula(stream: bytes, at: int) -> str:
    for kind, body in _records(stream, at):
        if kind == _FORMULA:
            row, column = struct.unpack_from("<HH", body)
            return f"{_letters(column)}{row + 1}"
    return ""


def _letters(column: int) -> str:
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def formula_error(file: str, sheet: str, cells: str) -> EtlError:
    """Return the error for formula cells, for old and new workbooks."""
    return EtlError(
        f"{file}: sheet '{sheet}' holds a formula in cell {cells}. Only typed values are read, "
        "as the last result of a formula may be stale.",
        "Copy the sheet and paste it as values (Paste special, Values), save, and load that file.",
    )
