"""A sheet of a return's workbook: stamped in its name, its first line, its header and its footer."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

STAMP = "RESTRICTED"
BANNER = "RESTRICTED: exact small numbers, for the funder only. Do not publish."
CANNOT = "cannot be filled"
FIRST_ROW = 3  # below banner and title
#: Sheets that every return has; none of the funder's may be called so.
FRONT, HOW, GAPS, CHECKS, CHANGES = "read first", "how counted", "not filled", "checks", "changes"
_WIDEST_NAME = 31  # letters that the name of a sheet may have
_LONGEST_TEXT = 32_000  # a cell holds 32,767 letters
_LINE = 15.0  # points of one line of text
_FILLED = 1.0  # of a column's width, in letters, that words fill before they break


@dataclass
class Page:
    """One sheet being written. Rows grow with their words, which not every program does by itself."""

    sheet: Worksheet
    formats: dict[str, Format]
    widths: Sequence[int]
    lines: dict[int, int] = field(default_factory=dict)

    def text(self, row: int, column: int, words: str, kind: str = "text") -> None:
        """Write words as words: what looks like a formula is none."""
        words = words if len(words) <= _LONGEST_TEXT else f"{words[:_LONGEST_TEXT]} …"
        self.sheet.write_string(row, column, words, self.formats[kind])
        if kind != "heading":  # headings run over the columns beside them
            lines = math.ceil(len(words) / (_FILLED * self.widths[column]))
            self.lines[row] = max(lines, self.lines.get(row, 1))

    def number(self, row: int, column: int, value: float | None, kind: str = "") -> None:
        """Write a number, or that there is none."""
        if value is None:
            self.text(row, column, CANNOT, "none")
        else:
            kind = kind or ("whole" if float(value).is_integer() else "money")
            self.sheet.write_number(row, column, value, self.formats[kind])

    def table(self, row: int, heads: Iterable[str], rows: Iterable[Sequence[Any]]) -> int:
        """Write a table of words and numbers; return the row below it."""
        for column, head in enumerate(heads):
            self.text(row, column, head, "line")
        for values in rows:
            row += 1
            for column, value in enumerate(values):
                if isinstance(value, str):
                    self.text(row, column, value)
                else:
                    self.number(row, column, value)
        return row + 1

    def place(self, row: int, column: int) -> str:
        """Return where a cell is, as a spreadsheet program names it; without the stamp."""
        name = self.sheet.get_name().removeprefix(f"{STAMP} ")
        return f"{name}, {xl_rowcol_to_cell(row, column)}"

    def finish(self) -> None:
        """Set the heights of rows whose words take several lines."""
        for row, lines in self.lines.items():
            if lines > 1:
                self.sheet.set_row(row, _LINE * lines)


def new_page(
    book: xlsxwriter.Workbook, formats: dict[str, Format], name: str, widths: Sequence[int], title: str
) -> Page:
    """Add a stamped sheet with its title."""
    sheet = book.add_worksheet(f"{STAMP} {name}"[:_WIDEST_NAME])
    sheet.set_header(f"&C&B{BANNER}")
    sheet.set_footer(f"&L{BANNER}&RPage &P of &N")
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0, 1)
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)
    page = Page(sheet, formats, widths)
    sheet.write_string(0, 0, BANNER, formats["banner"])
    sheet.write_string(1, 0, title, formats["title"])
    sheet.freeze_panes(2, 1)
    return page


def formats_of(book: xlsxwriter.Workbook) -> dict[str, Format]:
    """Return the formats of a return, by name."""
    wrap = {"text_wrap": True, "valign": "top"}
    red = {"bold": True, "font_color": "#9C0006"}
    looks: dict[str, dict[str, Any]] = {
        "banner": red,
        "title": {"bold": True, "font_size": 14},
        "heading": {"bold": True, "font_size": 12},
        "bold": {"bold": True, "valign": "top"},
        "column": {"bold": True, "bottom": 1, "align": "right", "text_wrap": True, "valign": "bottom"},
        "line": {"bold": True, "bottom": 1, **wrap},
        "text": wrap,
        "indented": {"indent": 1, **wrap},
        "total": {"bold": True, **wrap},
        "whole": {"num_format": "#,##0", "valign": "top"},
        "money": {"num_format": "#,##0.00", "valign": "top"},
        "change": {"num_format": "+#,##0;-#,##0;0", "valign": "top"},
        "none": {"italic": True, "font_color": "#595959", "align": "right", **wrap},
        "warning": {**red, **wrap},
    }
    return {name: book.add_format(look) for name, look in looks.items()}
