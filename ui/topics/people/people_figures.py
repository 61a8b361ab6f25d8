"""What the People and forms page draws: one card a dimension, pairs of forms, two dimensions together."""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from analysis import Answer, Question
from analysis.answers.finest_level import shown
from analysis.catalog.model import lower_first
from analysis.errors import QuestionError
from ui.app import controls, width
from ui.app.view import View
from ui.cards import figure_card as cards
from ui.cards import layout
from ui.charts.bars.bar import bar_chart
from ui.charts.grids.matrix import matrix_chart
from ui.charts.grids.pairs import pairs_chart
from ui.format import PARTIAL_NOTE

_LEAST_FOR_A_GRID = 400
SEVERAL = "A person can be in more than one group, so the groups do not add up."


@dataclass(frozen=True)
class Part:
    """One card: a key, a measure and the dimension it is divided by."""

    key: str
    measure: str
    dimension: str


def asked(view: View, parts: Sequence[Part]) -> list[Part]:
    """Return the parts whose measure this release has figures for."""
    known = {one.code for page in (view.page.code, "explore") for one in view.measures(page)}
    return [part for part in parts if part.measure in known]


def draw_parts(view: View, parts: Sequence[Part]) -> None:
    """Draw the parts two a row, from one look-up."""
    there = asked(view, parts)
    answers = view.answer([view.question(part.measure, [part.dimension]) for part in there], strict=False)
    pairs = list(zip(there, answers, strict=True))
    for start in range(0, len(pairs), 2):
        for column, (part, answer) in zip(layout.row(2), pairs[start : start + 2], strict=False):
            with column:
                draw_part(view, part, answer)


def draw_part(view: View, part: Part, answer: Answer) -> None:
    """Draw one card, or say why it cannot be drawn."""
    dimension = view.catalog.dimensions[part.dimension]
    if answer.refusal:
        is_one_share = answer.measure.kind == "share" and not answer.measure.share_of
        by = f"{answer.measure.label} by {lower_first(dimension.label)}"
        refused(by if is_one_share else dimension.label, answer)
        return
    if part.dimension == "form_pair" and width.inside_card("pairs", 500) >= _LEAST_FOR_A_GRID:
        figure = pairs_chart(answer, "form", words=view.words, palette=view.palette)
    else:
        figure = bar_chart(
            answer, view.catalog, words=view.words, palette=view.palette, coloured=part.dimension == "form"
        )
    cards.figure_card(
        view, part.key, answer, figure, subtitle=subtitle(view, answer), notes=notes_of(view, answer)
    )


def notes_of(view: View, answer: Answer) -> list[str]:
    """Return what a card with these dimensions must say."""
    notes = []
    if any(view.catalog.dimensions[name].multi for name in answer.question.by):
        notes.append(SEVERAL)
    partial = answer.frame.filter(
        pl.col("value").is_not_null() & (pl.col("cells_shown") < pl.col("cells_total"))
    )
    is_grid = len(answer.question.by) > 1 or answer.question.by == ("form_pair",)
    return [*notes, PARTIAL_NOTE] if is_grid and partial.height else notes


def subtitle(view: View, answer: Answer) -> str:
    """Return the measure, its dimensions, the filters, the release."""
    measure = answer.measure
    names = [] if measure.share_of else [view.header(name) for name in answer.question.by]
    unit = f" ({answer.unit})" if measure.kind == "share" else ""
    said = view.described(view.applied_filters(measure.code))
    return " · ".join([measure.label + unit, *names, said, f"{view.profile} release"])


def refused(title: str, answer: Answer) -> None:
    """Say in a card's shape why a question cannot be asked with these filters, and what to give up."""
    layout.note(title, answer.sentence, *answer.notes)


def draw_together(view: View, measure: str, rows: Sequence[str], columns: Sequence[str]) -> None:
    """Draw two dimensions together; each choice says beforehand how much of it could be shown.

    Parameters
    ----------
    view, measure
        As elsewhere.
    rows, columns
        Dimensions to choose from; a dimension is never crossed with itself or its family.
    """
    left, right, _ = layout.row([3, 3, 2])
    names = {code: view.header(code) for code in rows}
    with left:
        down = controls.page_choice("rows", "Rows", names, rows[0])
    others = {}
    for code in columns:
        said = _could_be_shown(view, view.question(measure, [down, code]))
        if said and not _same_family(view, down, code):
            others[code] = f"{view.header(code)} ({said})"
    if not others:
        layout.quiet("No second dimension can be combined with these filters: choose fewer.")
        return
    with right:
        across = controls.page_choice("columns", "Columns", others, next(iter(others)))
    [answer] = view.answer([view.question(measure, [down, across])], strict=False)
    if answer.refusal:
        refused("Two dimensions together", answer)
        return
    figure = matrix_chart(
        answer, words=view.words, palette=view.palette, width=width.inside_card("together", 1_000)
    )
    cards.figure_card(
        view, "together", answer, figure, subtitle=subtitle(view, answer), notes=notes_of(view, answer)
    )


def _same_family(view: View, one: str, other: str) -> bool:
    families = [view.catalog.dimensions[name].family for name in (one, other)]
    return one == other or (bool(families[0]) and families[0] == families[1])


def _could_be_shown(view: View, question: Question) -> str:
    try:
        can = shown(question, view.release)
    except QuestionError:
        return ""
    return f"{can.rows_shown} of {can.rows_total} shown"
