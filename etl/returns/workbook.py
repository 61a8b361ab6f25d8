"""The workbook of a return: what it is, the funder's sheets in order, how each cell came about, what changed.

The same warehouse, period and earlier return give the same bytes.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time

import xlsxwriter
from xlsxwriter.format import Format

from analysis.words import counted
from etl.returns.compared import differences
from etl.returns.draft import Draft
from etl.returns.model import TOTAL, Block, Cell, Check, Sheet
from etl.returns.page import (
    BANNER,
    CANNOT,
    CHANGES,
    CHECKS,
    FIRST_ROW,
    FRONT,
    GAPS,
    HOW,
    STAMP,
    Page,
    formats_of,
    new_page,
)
from etl.returns.periods import place_in_fiscal_year

WARNING = (
    "This workbook is for the funder named below and for nobody else. It holds exact numbers, small ones "
    "too. The dashboard and its files show the same people with numbers that are changed slightly, and hide "
    "small ones. Whoever sees this return beside them can work out what was hidden: publishing it, or any "
    "number of it, beside the dashboard undoes the protection of the people counted here."
)
_RESULTS = {True: "holds", False: "does not hold", None: "note"}


@dataclass
class _Writing:
    """A workbook being written: what it is of, its formats, and where each cell stands."""

    book: xlsxwriter.Workbook
    formats: dict[str, Format]
    draft: Draft
    places: dict[str, str] = field(default_factory=dict)

    def page(self, name: str, widths: Sequence[int], title: str) -> Page:
        return new_page(self.book, self.formats, name, widths, title)

    def cells(self, sheet: Sheet, block: Block) -> list[Cell]:
        return [cell for cell in self.draft.cells if (cell.sheet, cell.block) == (sheet.code, block.code)]

    @property
    def sheets(self) -> tuple[Sheet, ...]:
        return self.draft.asked.sheets_for(self.draft.period.kind)

    @property
    def table_labels(self) -> dict[tuple[str, str], str]:
        return {
            (sheet.code, block.code): f"{sheet.label}: {block.label}"
            for sheet in self.sheets
            for block in sheet.blocks
        }


def workbook_bytes(draft: Draft, checks: Sequence[Check]) -> bytes:
    """Return the workbook.

    Parameters
    ----------
    draft
        The counted return.
    checks
        What was checked (`etl.returns.checks.checks_of`).
    """
    file = io.BytesIO()
    # In memory: parts of a workbook in the system's temporary folder would be readable by others.
    book = xlsxwriter.Workbook(file, {"in_memory": True})
    title = f"{draft.asked.label}, {draft.period.code}"
    book.set_properties(
        {
            "title": f"{STAMP}: {title}",
            "subject": BANNER,
            "author": draft.facts.info.get("place", ""),
            "category": STAMP,
            "keywords": STAMP.lower(),
            "comments": WARNING,
            "status": STAMP,
            # Not now: the file would be another one each time.
            "created": datetime.combine(date.fromisoformat(draft.facts.info["as_of"]), time()),
        }
    )
    book.set_custom_property("Restricted", BANNER)
    book.read_only_recommended()
    writing = _Writing(book, formats_of(book), draft)
    front = writing.page(FRONT, (24, 110), title)
    pages = [front, *(_form_page(writing, sheet) for sheet in writing.sheets), _how_page(writing)]
    gaps, gap_page = _gap_page(writing)
    pages += [gap_page, _check_page(writing, checks), _change_page(writing)]
    _fill_front(front, draft, checks, gaps)
    for page in pages:
        page.finish()
    book.close()
    return file.getvalue()


def _form_page(writing: _Writing, sheet: Sheet) -> Page:
    """Write one sheet of the form: block below block, each with its total first."""
    period = writing.draft.period
    widest = max(
        (len({cell.column_code for cell in writing.cells(sheet, one)}) for one in sheet.blocks), default=1
    )
    title = f"{sheet.label}, {period.code} ({period.label})"
    page = writing.page(sheet.tab, (52, *(17,) * max(widest, 1)), title)
    row = FIRST_ROW
    for block in sheet.blocks:
        row = _block(writing, page, row, block, writing.cells(sheet, block))
    if sheet.gaps:
        page.text(row, 0, "Asked for and cannot be filled", "heading")
        for down, gap in enumerate(sheet.gaps, start=row + 1):
            page.text(down, 0, gap.label)
            page.text(down, 1, CANNOT, "none")
    return page


def _block(writing: _Writing, page: Page, row: int, block: Block, cells: Sequence[Cell]) -> int:
    """Write one table; return the row of the next."""
    columns = dict.fromkeys((cell.column_code, cell.column) for cell in cells)
    lines = dict.fromkeys((cell.row_code, cell.row) for cell in cells)
    by_place = {(cell.row_code, cell.column_code): cell for cell in cells}
    page.text(row, 0, block.label, "heading")
    page.text(row + 1, 0, "", "line")
    for position, (_, label) in enumerate(columns, start=1):
        page.text(row + 1, position, label, "column")
    for down, (line, words) in enumerate(lines, start=row + 2):
        page.text(down, 0, words, "total" if line == TOTAL else "indented")
        for position, (column, _) in enumerate(columns, start=1):
            cell = by_place[(line, column)]
            page.number(down, position, cell.value)
            writing.places[cell.code] = page.place(down, position)
    return row + len(lines) + 3


def _how_page(writing: _Writing) -> Page:
    page = writing.page(HOW, (24, 40, 30, 30, 100), "How each cell was counted")
    labels = writing.table_labels
    heads = ("Cell", "Table", "Line", "Column", "How it was counted")
    rows = (
        (writing.places[cell.code], labels[(cell.sheet, cell.block)], cell.row, cell.column, cell.how)
        for cell in writing.draft.cells
    )
    page.table(FIRST_ROW, heads, rows)
    return page


def _gap_page(writing: _Writing) -> tuple[int, Page]:
    """Write what could not be filled; return how many lines that makes, and the page."""
    page = writing.page(GAPS, (30, 60, 26, 84), "What could not be filled, and why")
    rows: list[tuple[str, str, str, str]] = []
    for sheet in writing.sheets:
        rows += [(sheet.label, gap.label, "", gap.why) for gap in sheet.gaps]
        for block in sheet.blocks:
            empty: dict[tuple[str, str], list[str]] = {}
            cells = writing.cells(sheet, block)
            for cell in cells:
                if cell.value is None:
                    empty.setdefault((cell.column, cell.why), []).append(cell.row)
            every = len({cell.row_code for cell in cells})
            rows += [
                (
                    sheet.label,
                    f"{block.label}: {'all lines' if len(lines) == every else ', '.join(lines)}",
                    column,
                    why,
                )
                for (column, why), lines in empty.items()
            ]
    heads = ("Sheet", "Line", "Column", "Why")
    page.table(FIRST_ROW, heads, rows or [("Nothing: all is filled.", "", "", "")])
    return len(rows), page


def _check_page(writing: _Writing, checks: Sequence[Check]) -> Page:
    page = writing.page(CHECKS, (50, 16, 110), "Checks")
    heads = ("What must hold", "Result", "What was compared")
    page.table(FIRST_ROW, heads, ((one.label, _RESULTS[one.holds], one.words) for one in checks))
    return page


def _change_page(writing: _Writing) -> Page:
    draft, before = writing.draft, writing.draft.period.before()
    title = f"What changed since the return of {before.code}"
    page = writing.page(CHANGES, (64, 40, 30, 14, 14, 12), title)
    if draft.earlier is None:
        page.text(
            FIRST_ROW,
            0,
            f"The return of {before.code} was not made here: there is nothing to compare with. To have it: "
            f"python -m etl return {draft.asked.code} --period {before.code}, then this one again.",
        )
        return page
    labels = writing.table_labels
    changed = differences(draft.cells, draft.earlier)
    page.table(FIRST_ROW, ("Table", "Line", "Column", before.code, draft.period.code, "Change"), ())
    for row, one in enumerate(changed, start=FIRST_ROW + 1):
        cell = one.cell
        for column, words in enumerate((labels[(cell.sheet, cell.block)], cell.row, cell.column)):
            page.text(row, column, words)
        if one.is_new:
            page.text(row, 3, "not asked", "none")
        else:
            page.number(row, 3, one.before)
        page.number(row, 4, cell.value)
        if one.change is not None and not one.is_new:
            page.number(row, 5, one.change, "change")
    same = len(draft.cells) - len(changed)
    page.text(
        FIRST_ROW + len(changed) + 2,
        0,
        f"{counted(len(changed), 'cell')} changed; {same:,} are as they were.",
    )
    return page


def _fill_front(page: Page, draft: Draft, checks: Sequence[Check], gaps: int) -> None:
    """Write the first sheet: for whom this is, what it is of, and what a reader has to know first."""
    asked, period, info = draft.asked, draft.period, draft.facts.info
    filled = sum(cell.value is not None for cell in draft.cells)
    broken = [one.label for one in checks if one.holds is False]
    place = place_in_fiscal_year(period, asked.fiscal_month)
    checked = (
        f"Do not hold: {'; '.join(broken)}. See the sheet '{STAMP} {CHECKS}'." if broken else "All hold."
    )
    before = draft.earlier.period if draft.earlier else f"{period.before().code} was not made here"
    made_up = "The records are a demonstration: nobody in it is real. Do not hand it in."
    lines = [
        ("For the funder only", WARNING),
        *([("Made-up people", made_up)] if draft.facts.is_synthetic else []),
        ("Funder", asked.funder),
        ("Forms", "; ".join(asked.forms)),
        ("Period", f"{period.code}: {period.label}{f', {place}' if place else ''}"),
        ("Place", info.get("place", "") or "not named in deployment.toml"),
        ("Contact", info.get("contact", "") or "not named in deployment.toml"),
        ("Records as of", info["as_of"]),
        ("Wording", asked.wording),
        (
            "Holds",
            f"Totals only, no list of people. {filled:,} of {counted(len(draft.cells), 'cell')} filled.",
        ),
        ("Not filled", f"{counted(gaps, 'line')} on the sheet '{STAMP} {GAPS}', each with its reason."),
        ("Checks", checked),
        ("Compared with", before),
    ]
    strong = {"For the funder only", "Made-up people"}
    for row, (label, words) in enumerate(lines, start=FIRST_ROW):
        page.text(row, 0, label, "bold")
        page.text(row, 1, words, "warning" if label in strong else "text")
    page.sheet.activate()
