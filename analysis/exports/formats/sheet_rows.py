"""The rows of a worksheet as XML, made by Polars for all rows at once.

A writer that is called once a cell needs seven seconds for 100,000 rows; this needs a twentieth of that. A
text stands once in the workbook, in the table of its texts, and a cell says which it is: a spreadsheet never
takes it for a formula. Cells and rows stand in order and without gaps, so that none has to say where it is.
"""

import re

import polars as pl

from analysis.exports.formats.safe_cells import harmless_frame

_NOT_IN_XML = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x{FFFE}\x{FFFF}]"
_SHEET_DATA = re.compile(rb"</sheetData>|<sheetData/>")
_DIMENSION = re.compile(rb'<dimension ref="[^"]*"/>')
_COUNTS = re.compile(rb'count="[0-9]+" uniqueCount="([0-9]+)"')
_NO_CELL = "<c/>"


class Texts:
    """The table of a workbook's texts, each of them once and harmless.

    Parameters
    ----------
    begun
        The XML of the table with what is in it already: the headers.

    Raises
    ------
    ValueError
        If the XML is no such table; a programming error.
    """

    def __init__(self, begun: bytes) -> None:
        counts = _COUNTS.search(begun)
        if counts is None or not begun.endswith(b"</sst>"):
            raise ValueError("the workbook has no table of texts")
        self._begun, self._next = begun, int(counts[1])
        self._added: list[str] = []

    def cells_of(self, column: pl.Series) -> pl.Expr:
        """Return the cells of a column of texts; null and empty ones become none."""
        different = column.drop_nulls().unique(maintain_order=True).to_frame("text")
        different = different.filter(pl.col("text") != "")
        written = harmless_frame(different).select(_escaped(pl.col("text")))["text"]
        numbers = pl.int_range(self._next, self._next + len(written), eager=True)
        cells = pl.select(pl.format('<c t="s"><v>{}</v></c>', numbers)).to_series()
        self._next += len(written)
        self._added += [f'<si><t xml:space="preserve">{text}</t></si>' for text in written]
        if len(cells) == 1 and not column.has_nulls() and len(different) == column.n_unique():
            return pl.lit(cells[0])
        return pl.col(column.name).replace_strict(
            different["text"], cells, default=_NO_CELL, return_dtype=pl.String
        )

    def xml(self) -> bytes:
        """Return the table with all texts."""
        counts = f'count="{self._next}" uniqueCount="{self._next}"'.encode()
        whole = _COUNTS.sub(counts, self._begun, count=1).removesuffix(b"</sst>")
        return b"".join((whole, "".join(self._added).encode(), b"</sst>"))


def rows_xml(frame: pl.DataFrame, texts: Texts) -> str:
    """Return `<row>` elements.

    Parameters
    ----------
    frame
        Text and number columns. Nulls and empty texts become empty cells.
    texts
        Takes the texts.
    """
    if frame.is_empty():
        return ""
    cells = [_cells(column, texts) for column in frame]
    row = pl.concat_str([pl.lit("<row>"), *cells, pl.lit("</row>")])
    # Where all columns hold one text each, a row is one text too, and stands as often as there are rows.
    written = frame.with_columns(row.alias("_row"))
    return str(written.select(pl.col("_row").str.join("")).item())


def _cells(column: pl.Series, texts: Texts) -> pl.Expr:
    if column.dtype == pl.String:
        return texts.cells_of(column)
    if column.null_count() == len(column):
        return pl.lit(_NO_CELL)
    number = pl.concat_str([pl.lit("<c><v>"), pl.col(column.name).cast(pl.String), pl.lit("</v></c>")])
    return number.fill_null(_NO_CELL)


def _escaped(text: pl.Expr) -> pl.Expr:
    clean = text.str.replace_all(_NOT_IN_XML, " ")
    for sign, name in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;")):
        clean = clean.str.replace_all(sign, name, literal=True)
    return clean


def letters(place: int) -> str:
    """Return the letters of a column: A, B … Z, AA …"""
    name = ""
    number = place + 1
    while number:
        number, rest = divmod(number - 1, 26)
        name = chr(65 + rest) + name
    return name


def with_rows(sheet: bytes, frame: pl.DataFrame, texts: Texts) -> bytes:
    """Return the XML of a worksheet that has its header with the rows of a frame added.

    Raises
    ------
    ValueError
        If the XML has no place for rows; a programming error.
    """
    place = _SHEET_DATA.search(sheet)
    if place is None:
        raise ValueError("the worksheet has no rows to add to")
    last = f"{letters(max(frame.width - 1, 0))}{frame.height + 1}"
    before = _DIMENSION.sub(f'<dimension ref="A1:{last}"/>'.encode(), sheet[: place.start()], count=1)
    return b"".join((before, rows_xml(frame, texts).encode(), b"</sheetData>", sheet[place.end() :]))
