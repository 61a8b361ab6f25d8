"""An answer as a table for people: labels, units in the header, markers in words.

Only the columns listed here leave: a frame is never handed to the screen or to a file as it is.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from analysis import Answer
from analysis import periods as period_words
from analysis.catalog.model import PERCENT, Measure
from analysis.words import few_of
from ui import format as text
from ui.view.states import escape

Words = Callable[[str, str], str]
"""(dimension, code) → words; `View.words`."""
MOST_ROWS_ON_SCREEN = 400
_UNRELIABLE = "u"  # a share of a few says so by its parts
_SAID_BY_THE_VALUE = {ord(letter): None for letter in "cxz"}


@dataclass(frozen=True)
class Table:
    """Columns and rows as text; `numeric` says which columns are right-aligned."""

    columns: tuple[str, ...]
    numeric: tuple[bool, ...]
    rows: tuple[tuple[str, ...], ...]


def dimension_label(answer: Answer, name: str, label_of: Callable[[str], str]) -> str:
    """Return the header of a dimension's column."""
    if name == "period":
        word = "years" if answer.is_together else period_words.period_word(answer.question.period_level)
        return f"{word[:1].upper()}{word[1:]}"
    return "Area" if name == "area" else label_of(name)


def readable(
    answer: Answer, words: Words, label_of: Callable[[str], str], *, above: Sequence[tuple[str, ...]] = ()
) -> Table:
    """Return an answer as a table to read: at most seven columns, the newest period first.

    Parameters
    ----------
    answer
        The answer behind a chart.
    words
        Gives the words for a code of a dimension.
    label_of
        Gives the header for a dimension.
    above
        Rows of words that stand on top where they have as many columns, such as means.

    Returns
    -------
    Table
        Codes keep the order of their list inside a period. A sum of only a part carries its star. A number
        that is not shown says so once: the note is for what else there is to say.
    """
    kind, by = answer.measure.written_as, answer.question.by
    header = [dimension_label(answer, name, label_of) for name in by]
    header += [f"{answer.measure.short} ({_unit(answer)})", "95% interval", "Note"]
    rows = [row for row in above if len(row) == len(header)]
    for row in _newest_first(answer):
        cells = [
            period_words.label_of(row[name]) if name == "period" else words(name, row[name]) for name in by
        ]
        cells.append(_value(row, answer.measure))
        is_few = bool(few_of(answer.measure, row["value"], row.get("base")))
        cells.append("" if is_few else text.interval_text(row["lower"], row["upper"], kind))
        marker = (row["marker"] or "").translate(_SAID_BY_THE_VALUE)
        cells.append(text.marker_text(marker.replace(_UNRELIABLE, "") if is_few else marker))
        rows.append(tuple(cells))
    numeric = (*(False for _ in by), True, True, False)
    return _without_empty(Table(tuple(header), numeric, tuple(rows)), beginning_with=len(by) + 1)


def _without_empty(table: Table, *, beginning_with: int) -> Table:
    """Return a table without columns in which no row says anything: a phone has room for few."""
    kept = [
        place
        for place in range(len(table.columns))
        if place < beginning_with or not table.rows or any(row[place] for row in table.rows)
    ]
    return Table(
        tuple(table.columns[place] for place in kept),
        tuple(table.numeric[place] for place in kept),
        tuple(tuple(row[place] for place in kept) for row in table.rows),
    )


def _newest_first(answer: Answer) -> Sequence[dict[str, Any]]:
    """Return the rows from the newest period back; sorting keeps the order inside a period."""
    rows = list(answer.frame.iter_rows(named=True))
    if "period" not in answer.question.by:
        return rows
    return sorted(rows, key=lambda row: period_words.span_of(row["period"]).first, reverse=True)


def _value(row: Mapping[str, Any], measure: Measure) -> str:
    if row["value"] is None:
        return text.hidden_text(row["marker"] or "")
    return text.written(measure, row) + text.star(row)


def _unit(answer: Answer) -> str:
    return "%" if answer.measure.written_as in ("share", PERCENT) else answer.unit


def to_html(table: Table, caption: str, *, is_titled: bool = False) -> str:
    """Return a table as HTML with a caption and header cells that a screen reader announces.

    With `is_titled` the caption is the name of its region alone: the same words stand right above.
    """
    align = ["ltt-number" if number else "" for number in table.numeric]
    head = "".join(
        f'<th scope="col" class="{css}">{escape(name)}</th>'
        for name, css in zip(table.columns, align, strict=True)
    )
    body = []
    for row in table.rows[:MOST_ROWS_ON_SCREEN]:
        first, *rest = row
        cells = f'<th scope="row">{escape(first)}</th>' if not table.numeric[0] else _cell(first, align[0])
        cells += "".join(_cell(cell, css) for cell, css in zip(rest, align[1:], strict=True))
        body.append(f"<tr>{cells}</tr>")
    more = len(table.rows) - MOST_ROWS_ON_SCREEN
    note = (
        f"<p>The first {MOST_ROWS_ON_SCREEN} rows; {more:,} more are in the download.</p>" if more > 0 else ""
    )
    shown_caption = "" if is_titled else f"<caption><span>{escape(caption)}</span></caption>"
    return (
        f'<div class="ltt-table" tabindex="0" role="region" aria-label="{escape(caption)}"><table>'
        f"{shown_caption}<thead><tr>{head}</tr></thead>"
        f"<tbody>{''.join(body)}</tbody></table></div>{note}"
    )


def _cell(cell: str, css: str) -> str:
    return f'<td class="{css}">{escape(cell)}</td>'
