"""How large a file may be before it is opened, and which files may be opened at all."""

from dataclasses import dataclass
from pathlib import Path

from etl.errors import EtlError

MB = 1_000_000


@dataclass(frozen=True)
class Limits:
    """Sizes above which a file is refused unread.

    Attributes
    ----------
    file_bytes : int
        Size of the file itself.
    unpacked_bytes : int
        Size of a .gz or .xlsx once unpacked, counted while unpacking, not taken from the file's own word.
    ratio : int
        Unpacked size over packed size, looked at only above ``ratio_from_bytes``: small sheets of blank
        cells pack very well and are harmless.
    columns : int
        Columns of a table.
    lines : int
        Lines of a text: its rows take some hundred bytes each in memory.
    cells : int
        Cells of a sheet, blank ones included: reading makes room for all of them.
    """

    file_bytes: int = 4_000 * MB
    unpacked_bytes: int = 4_000 * MB
    ratio: int = 250
    ratio_from_bytes: int = 20 * MB
    columns: int = 500
    lines: int = 12_000_000
    cells: int = 60_000_000


DEFAULT_LIMITS = Limits()


def refuse_width(file: str, columns: int, limits: Limits) -> None:
    """Refuse a table of too many columns before anything is done with them.

    Raises
    ------
    EtlError
        With both numbers.
    """
    if columns > limits.columns:
        raise EtlError(
            f"{file}: the table has {columns:,} columns; at most {limits.columns} are read.",
            "Delete the empty columns on the right, or keep only the columns that are needed.",
        )


def refuse_length(file: str, lines: int, limits: Limits) -> None:
    """Refuse a text of too many lines before anything is done with them.

    Raises
    ------
    EtlError
        With both numbers.
    """
    if lines > limits.lines:
        raise EtlError(
            f"{file}: the file has {lines:,} lines; at most {limits.lines:,} are read at once.",
            "Split it by year, with the header row in each part, and load the folder.",
        )


ENDINGS = {
    ".csv": "text",
    ".tsv": "text",
    ".tab": "text",
    ".txt": "text",
    ".gz": "gzip",
    ".xlsx": "workbook",
}
UNOPENED = {
    **dict.fromkeys((".xlsm", ".xltm", ".xlsb", ".xla", ".xlam"), "workbooks with macros or in binary form"),
    ".xls": "old Excel workbooks",
}
READABLE = ".csv, .tsv, .txt (each also as .gz), .xlsx"


def check_path(path: Path, folder: Path | None, limits: Limits) -> Path:
    """Return the file's real path, or raise when it may not be opened.

    Parameters
    ----------
    path
        The file.
    folder
        Folder the file must lie in once links are followed; None allows any.
    limits
        Largest size.

    Raises
    ------
    EtlError
        Missing, a directory, outside the folder, empty, too large, or of a kind that is not read.
    """
    name = path.name
    if not path.exists():
        raise EtlError(
            f"{name}: there is no such file.",
            "Check the spelling and the folder, then run the command again.",
        )
    real = path.resolve()
    if folder is not None and not real.is_relative_to(folder.resolve()):
        raise EtlError(
            f"{name}: the file lies outside the folder it must be in, {folder.name} (links are followed).",
            "Copy the file into the folder of inputs and name it from there.",
        )
    if real.is_dir():
        raise EtlError(
            f"{name}: this is a folder; one file was expected.",
            f"Name a file in it that ends in {READABLE}, or load the folder with: python -m etl build {name}",
        )
    if not real.is_file():
        raise EtlError(f"{name}: this is not an ordinary file.", "Save the data as a file and name that.")
    size = real.stat().st_size
    if size == 0:
        raise EtlError(
            f"{name}: the file is empty (0 bytes).", "Export it again, then run the command again."
        )
    if size > limits.file_bytes:
        raise EtlError(
            f"{name}: the file has {size // MB:,} MB; the largest allowed is {limits.file_bytes // MB:,} MB.",
            "Split it by year and load the parts.",
        )
    return real


def check_kind(path: Path, head: bytes) -> str:
    """Return what a file really is (``text``, ``gzip``, ``workbook``).

    The ending must agree with the first bytes, so that nothing is read as what it is not.
    """
    ending = path.suffix.lower()
    if ending in UNOPENED:
        raise EtlError(
            f"{path.name}: {UNOPENED[ending]} ({ending}) are not opened; allowed: {READABLE}.",
            "In the spreadsheet program choose Save as, Excel workbook (.xlsx), and load that file.",
        )
    if ending not in ENDINGS:
        raise EtlError(
            f"{path.name}: files ending in '{ending or 'nothing'}' are not read; allowed: {READABLE}.",
            "Save the table as .csv or .xlsx and load that file.",
        )
    found = _kind_of_bytes(head)
    if found != ENDINGS[ending]:
        raise EtlError(
            f"{path.name}: the ending says {_ENDING_WORDS[ENDINGS[ending]]}, "
            f"but it is {_FOUND_WORDS[found]}.",
            _RENAME.get(found, "Save the table again as .csv or .xlsx and load that file."),
        )
    return found


_ENDING_WORDS = {
    "text": "a text table",
    "gzip": "a gzip file",
    "workbook": "an Excel workbook (.xlsx)",
}
_FOUND_WORDS = {
    **_ENDING_WORDS,
    "text": "plain text",
    "old workbook": "an old or password-protected Office file",
    "pdf": "a PDF",
    "binary": "not a table at all",
}
_RENAME = {
    "text": "Rename it to end in .csv, or save it as a workbook, and load that file.",
    "gzip": "Rename it to end in .csv.gz and load that file.",
    "workbook": "Rename it to end in .xlsx and load that file.",
    "old workbook": "Remove the password, save it as .xlsx, and load that file.",
}


def _kind_of_bytes(head: bytes) -> str:
    if head.startswith(b"PK\x03\x04"):
        return "workbook"
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return "old workbook"
    if head.startswith(b"\x1f\x8b"):
        return "gzip"
    if head.startswith(b"%PDF"):
        return "pdf"
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "text"  # UTF-16, which spreadsheet programs write as "Unicode text"
    return "binary" if b"\x00" in head else "text"
