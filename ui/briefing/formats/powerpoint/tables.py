"""Tables on a slide: as many rows as fit with letters that are read from the back of a room."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.util import Pt

from ui import theme
from ui.briefing.formats.powerpoint.sheet import (
    FONT,
    INK,
    LINE,
    MUTED,
    SMALLEST,
    Box,
    cut_to,
    describe,
    hatched,
    lines_in,
    rgb,
    width_of,
    words_at,
)
from ui.cards.table import Table

_BESIDE, _ABOVE = 6.0, 3.0
#: Cells of a table that does not fit have at most so many lines; of one that does, as many as they need.
_MOST_LINES, _WHOLE = 2, 40
_LARGEST = 16.0
_TALLEST = 1.6
#: A column is at least so wide; a long word widens it to no more than this part of the table.
_NARROWEST, _WIDEST = 56.0, 0.25


@dataclass(frozen=True)
class Cells:
    """Fills of single cells: (row, column) → colour, or None for what is not shown."""

    fills: dict[tuple[int, int], str | None] = field(default_factory=dict)


def add(slide: Any, box: Box, table: Table, words: tuple[str, str], cells: Cells | None = None) -> None:
    """Add a table to a slide; what does not fit is said below it.

    Parameters
    ----------
    slide, box
        Where it goes.
    table
        What is in it.
    words
        Its name, and it in words.
    cells
        Colours of single cells, for tables that stand for a grid of colours.
    """
    size, most = next(
        (
            (size, _WHOLE)
            for size in (_LARGEST, 14.0, SMALLEST)
            if _fitting(table, box, size, _WHOLE)[0] == len(table.rows)
        ),
        (SMALLEST, _MOST_LINES),
    )
    many, widths, heights = _fitting(table, box, size, most)
    left_out = len(table.rows) - many
    lines = [table.columns, *table.rows[:many]]
    # Rows of a short table stand wider apart: a slide is looked at from afar.
    wider = 1.0 if left_out else min(max(box.height / sum(heights), 1.0), _TALLEST)
    heights = [height * wider for height in heights]
    tall = sum(heights[: many + 1])
    place = Box(box.left, box.top, sum(widths), tall)
    frame = slide.shapes.add_table(len(lines), len(table.columns), *place.placed())
    describe(frame, *words)
    grid = frame.table
    _plain_style(grid)
    for column, width in zip(grid.columns, widths, strict=True):
        column.width = Pt(width)
    for row, height in zip(grid.rows, heights, strict=False):
        row.height = Pt(height)
    numbers = PP_ALIGN.CENTER if cells else PP_ALIGN.RIGHT
    for down, line in enumerate(lines):
        for across, text in enumerate(line):
            fill = (cells.fills if cells else {}).get((down - 1, across), "")
            _cell(
                grid.cell(down, across),
                cut_to(text, size, widths[across] - 2 * _BESIDE, most, bold=down == 0),
                size,
                is_head=down == 0,
                align=numbers if table.numeric[across] else PP_ALIGN.LEFT,
                fill=fill,
            )
    if left_out > 0:
        rest = Box(box.left, box.top + tall + 4, box.width, SMALLEST * LINE + 2)
        more = f"{left_out:,} more rows stand in the table of the card."
        words_at(slide, rest, more, "Rows left out", size=SMALLEST, colour=MUTED)


def pages(table: Table, box: Box) -> list[Table]:
    """Return a table in parts that each fit whole into a box: no cell is cut, and no row left out.

    Parameters
    ----------
    table
        What is in it.
    box
        The room on each slide. A row that is taller than it has a slide of its own.
    """
    parts, rows = [], list(table.rows)
    while rows:
        many = 1
        while many < len(rows):
            longer = replace(table, rows=tuple(rows[: many + 1]))
            if _fitting(longer, box, SMALLEST, _WHOLE)[0] <= many:
                break
            many += 1
        parts.append(replace(table, rows=tuple(rows[:many])))
        rows = rows[many:]
    return parts


def _fitting(table: Table, box: Box, size: float, most: int) -> tuple[int, list[float], list[float]]:
    """Return how many rows fit in letters of a size, how wide the columns are and how high the rows.

    Cells have at most so many lines.
    """
    widths = _widths(table, box.width, size)
    heights = [_height(table.columns, widths, size, most, bold=True)]
    room = box.height
    for row in table.rows:
        heights.append(_height(row, widths, size, most))
    if sum(heights) <= room:
        return len(table.rows), widths, heights
    room -= SMALLEST * LINE + 6
    many, used = 0, heights[0]
    while many < len(table.rows) and used + heights[many + 1] <= room:
        used += heights[many + 1]
        many += 1
    return many, widths, heights


def _height(
    row: Sequence[str], widths: Sequence[float], size: float, most: int, *, bold: bool = False
) -> float:
    lines = max(
        len(lines_in(words, size, width - 2 * _BESIDE, bold=bold))
        for words, width in zip(row, widths, strict=True)
    )
    return min(max(lines, 1), most) * size * LINE + 2 * _ABOVE


def _widths(table: Table, room: float, size: float) -> list[float]:
    """Return widths that give each column what its longest words need; what is long has the rest."""
    needs, least = [], []
    for place, title in enumerate(table.columns):
        words = [row[place] for row in table.rows]
        single = max(
            (
                width_of(word, size, bold=text is title)
                for text in (title, *words)
                for word in text.split(" ")
            ),
            default=0.0,
        )
        longest = max([width_of(title, size, bold=True) / 2, *(width_of(text, size) for text in words)])
        least.append(max(min(single, room * _WIDEST), _NARROWEST) + 2 * _BESIDE + 2)
        needs.append(max(min(longest, room) + 2 * _BESIDE + 2, least[-1]))
    if sum(needs) <= room:
        spare = (room - sum(needs)) / len(needs)
        return [need + spare * 0.5 for need in needs]
    if sum(least) >= room:
        return [one * room / sum(least) for one in least]
    part = (room - sum(least)) / (sum(needs) - sum(least))
    return [one + (need - one) * part for one, need in zip(least, needs, strict=True)]


def _plain_style(grid: Any) -> None:
    """Take the bands and colours of the library's table away: lines and words are enough."""
    properties = grid._tbl.tblPr
    properties.set("bandRow", "0")
    properties.set("firstRow", "1")
    style = properties.find(qn("a:tableStyleId"))
    if style is not None:
        style.text = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"  # "No style, no grid"


def _cell(cell: Any, words: str, size: float, *, is_head: bool, align: PP_ALIGN, fill: str | None) -> None:
    cell.margin_left = cell.margin_right = Pt(_BESIDE)
    cell.margin_top = cell.margin_bottom = Pt(_ABOVE)
    cell.vertical_anchor = MSO_ANCHOR.MIDDLE
    paragraph = cell.text_frame.paragraphs[0]
    paragraph.alignment = align
    run = paragraph.add_run()
    run.text = words
    run.font.size, run.font.bold, run.font.name = Pt(size), is_head, FONT
    colour = theme.ink_on(theme.LIGHT, fill) if fill else INK
    run.font.color.rgb = rgb(colour)
    _line_below(cell, INK if is_head else theme.LIGHT.border)
    if fill:
        cell.fill.solid()
        cell.fill.fore_color.rgb = rgb(fill)
    elif fill is None:
        hatched(cell._tc.get_or_add_tcPr(), theme.LIGHT.hatch, theme.LIGHT.hidden)
    else:
        cell.fill.background()


def _line_below(cell: Any, colour: str) -> None:
    properties = cell._tc.get_or_add_tcPr()
    fill = f'<a:solidFill><a:srgbClr val="{rgb(colour)}"/></a:solidFill>'
    properties.insert(0, parse_xml(f'<a:lnB {nsdecls("a")} w="9525">{fill}</a:lnB>'))
