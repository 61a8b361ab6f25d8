"""What the XML of a workbook says beside its cells: what is hidden or merged, which cells hold formulas,
and how many rows hold anything (counted here, on the raw sheet, and not by whoever reads it).
"""

import html
import re
import zipfile
from dataclasses import dataclass
from functools import cached_property

from etl.readers.grid import Merge

_FORMULA = re.compile(rb"<(?:\w+:)?c\b[^>]*?\br=[\"']([A-Z]{1,3}\d{1,7})[\"'][^>]*>\s*<(?:\w+:)?f[\s>/]")
_ANY_FORMULA = re.compile(rb"<(?:\w+:)?f[\s>/]")
_FILLED = re.compile(rb"<(?:\w+:)?c\b[^>]*?\br=[\"']([A-Z]{1,3})\d{1,7}[\"'][^>]*?(?<!/)>")
_MERGE = re.compile(rb"<(?:\w+:)?mergeCell\b[^>]*\bref=[\"']([A-Z]{1,3})(\d+):([A-Z]{1,3})(\d+)[\"']")
_SHEET = re.compile(rb"<(?:\w+:)?sheet\b[^>]*>")
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\b[^>]*>")
_ATTRIBUTE = re.compile(rb"([\w:]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_ROW = re.compile(rb"<(?:\w+:)?row\b([^>]*?)(?:/>|>(.*?)</(?:\w+:)?row>)", re.DOTALL)
_CELL = re.compile(rb"<(?:\w+:)?c\b([^>]*?)(?:/>|>(.*?)</(?:\w+:)?c>)", re.DOTALL)
_VALUE = re.compile(rb"<(?:\w+:)?[vt]\b[^>]*?(?<!/)>(.*?)</(?:\w+:)?[vt]>", re.DOTALL)
_SOMETHING = re.compile(
    rb"<(?:\w+:)?[vt]\b[^>/]*>\s*[!-;=-~]"
)  # plain text behind a tag: the usual case, quickly
_ERROR = re.compile(rb"\bt=[\"']e[\"']")
_COLUMN = re.compile(rb"<(?:\w+:)?col\b[^>]*>")
_ITEM = re.compile(rb"<(?:\w+:)?si\b[^>]*?(?:/>|>(.*?)</(?:\w+:)?si>)", re.DOTALL)


@dataclass(frozen=True)
class Tab:
    """A sheet of a workbook: its name and whether it is hidden."""

    name: str
    is_hidden: bool


def tabs(book: zipfile.ZipFile) -> list[Tab]:
    """Return the sheets as the workbook lists them."""
    return [
        Tab(unescape(one.get(b"name", b"")), one.get(b"state", b"") in (b"hidden", b"veryHidden"))
        for one in _tags(_SHEET, _part(book, "xl/workbook.xml"))
    ]


@dataclass(frozen=True)
class SheetXml:
    """The XML of one sheet, and the texts that its cells point to."""

    xml: bytes
    blank_texts: frozenset[bytes]

    @classmethod
    def of(cls, book: zipfile.ZipFile, name: str) -> "SheetXml":
        """Return the sheet of that name."""
        texts = _ITEM.findall(_part(book, "xl/sharedStrings.xml"))
        blank = {str(number).encode() for number, text in enumerate(texts) if not _text_of(text)}
        return cls(_sheet_xml(book, name), frozenset(blank))

    @cached_property
    def rows(self) -> list[tuple[int, dict[bytes, bytes], bytes]]:
        """Return number (from 1), attributes and content of every stored row."""
        found, number = [], 0
        for attributes, content in _ROW.findall(self.xml):
            named = _attributes(attributes)
            number = int(named[b"r"]) if named.get(b"r", b"").isdigit() else number + 1
            found.append((number, named, content))
        return found

    @cached_property
    def filled_rows(self) -> list[int]:
        """Return the numbers of the rows that hold anything but blanks."""
        return [number for number, _, content in self.rows if self._is_filled(content)]

    def _is_filled(self, row: bytes) -> bool:
        if not self.blank_texts and _SOMETHING.search(row):
            return True
        for attributes, content in _CELL.findall(row):
            values = _VALUE.findall(content)
            if _attributes(attributes).get(b"t") == b"s":
                if values and values[0].strip() not in self.blank_texts:
                    return True
            elif _text_of(content):
                return True
        return False

    @cached_property
    def hidden_rows(self) -> frozenset[int]:
        """Return the rows that hold something and are hidden: by hand, by a filter, by no height."""
        filled = set(self.filled_rows)
        return frozenset(
            number
            for number, named, _ in self.rows
            if number in filled and (_is_on(named.get(b"hidden")) or _is_below(named.get(b"ht"), _ROW_SHOWS))
        )

    @cached_property
    def hidden_columns(self) -> frozenset[int]:
        """Return the hidden columns, counted from 0 at column A; one without width is hidden too."""
        hidden: set[int] = set()
        for one in _tags(_COLUMN, self.xml):
            if (
                (_is_on(one.get(b"hidden")) or _is_below(one.get(b"width"), _COLUMN_SHOWS))
                and one.get(b"min", b"").isdigit()
                and one.get(b"max", b"").isdigit()
            ):
                hidden |= set(range(int(one[b"min"]) - 1, min(int(one[b"max"]), _WIDEST)))
        return frozenset(hidden)

    @cached_property
    def span(self) -> tuple[int, int, int]:
        """Return last row, first column and last column (from 0) of the cells; zeros where there are none."""
        columns = {column_number(letters) for letters in set(_FILLED.findall(self.xml))}
        last = max((number for number, _, content in self.rows if content), default=0)
        return (last, min(columns), max(columns)) if columns else (last, 0, 0)

    @property
    def formulas(self) -> list[str]:
        """Return the cells that hold a formula; ``unknown`` where one names no cell."""
        # Lists of allowed values, kept after the cells, are formulas too, and harmless.
        cells = self.xml[: self.xml.rfind(b"sheetData>")]
        if not _ANY_FORMULA.search(cells):
            return []
        return [cell.decode() for cell in _FORMULA.findall(cells)] or ["unknown"]

    @property
    def merges(self) -> list[Merge]:
        """Return merged cells, their columns counted from the first in use, as fastexcel does."""
        first = self.span[1]
        return [
            (int(top) - 1, column_number(left) - first, int(bottom) - 1, column_number(right) - first)
            for left, top, right, bottom in _MERGE.findall(self.xml)
        ]

    def numbers(self) -> dict[int, list[int]]:
        """Return the rows (from 1) of each column (from 0 at A) in which a number is stored as a number."""
        found: dict[int, list[int]] = {}
        for number, _, content in self.rows:
            for attributes, inner in _CELL.findall(content):
                named = _attributes(attributes)
                if inner and named.get(b"t", b"n") == b"n" and b"r" in named:
                    letters = named[b"r"].rstrip(b"0123456789")
                    found.setdefault(column_number(letters), []).append(number)
        return found

    def errors(self) -> dict[int, dict[int, str]]:
        """Return the cells that hold an error (``#N/A``): column (from 0 at A), row (from 1), its sign."""
        found: dict[int, dict[int, str]] = {}
        if not _ERROR.search(self.xml):
            return found
        for number, _, content in self.rows:
            for attributes, inner in _CELL.findall(content):
                named = _attributes(attributes)
                if inner and named.get(b"t") == b"e" and b"r" in named:
                    letters = named[b"r"].rstrip(b"0123456789")
                    found.setdefault(column_number(letters), {})[number] = _text_of(inner)
        return found


_WIDEST = 16_384  # columns of a sheet
_ROW_SHOWS = 1.5  # points; a row below is a hair's breadth
_COLUMN_SHOWS = 0.2  # signs


def column_number(letters: bytes) -> int:
    """Return the number of a column from its letters: A is 0."""
    number = 0
    for byte in letters:
        number = number * 26 + byte - 64
    return number - 1


def _is_on(value: bytes | None) -> bool:
    return value in (b"1", b"true")


def _is_below(size: bytes | None, least: float) -> bool:
    """Tell whether a height or width is given and too small to be seen."""
    try:
        return size is not None and float(size) < least
    except ValueError:
        return False


def _text_of(content: bytes) -> str:
    return "".join(unescape(value) for value in _VALUE.findall(content)).strip()


def _sheet_xml(book: zipfile.ZipFile, sheet: str) -> bytes:
    """Return the XML of a sheet, found by its name through the relations; of all sheets if not found."""
    relation_id = b""
    for attributes in _tags(_SHEET, _part(book, "xl/workbook.xml")):
        if unescape(attributes.get(b"name", b"")) == sheet:
            relation_id = next((value for key, value in attributes.items() if key.endswith(b":id")), b"")
    for attributes in _tags(_RELATION, _part(book, "xl/_rels/workbook.xml.rels")):
        if relation_id and attributes.get(b"Id") == relation_id:
            target = unescape(attributes.get(b"Target", b""))
            return _part(book, target.lstrip("/") if target.startswith("/") else f"xl/{target}")
    return b"".join(_part(book, name) for name in book.namelist() if name.startswith("xl/worksheets/sheet"))


def _part(book: zipfile.ZipFile, name: str) -> bytes:
    """Return a part of the workbook as UTF-8, whatever it was written in; empty when it is not there."""
    if name not in book.namelist():
        return b""
    xml = book.read(name)
    return xml.decode("utf-16").encode() if xml.startswith((b"\xff\xfe", b"\xfe\xff")) else xml


def _tags(pattern: re.Pattern[bytes], xml: bytes) -> list[dict[bytes, bytes]]:
    """Return the attributes of every tag that fits a pattern."""
    return [_attributes(tag) for tag in pattern.findall(xml)]


def _attributes(tag: bytes) -> dict[bytes, bytes]:
    return {key: double or single for key, double, single in _ATTRIBUTE.findall(tag)}


def unescape(text: bytes) -> str:
    """Return the text behind XML's entities."""
    return html.unescape(text.decode("utf-8", "replace"))
