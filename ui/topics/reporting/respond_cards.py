"""What the pages about reports and referrals share: questions by name, one card an answer, empty states."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from analysis import Answer, Question
from analysis.catalog.model import lower_first
from analysis.words import listed
from ui.app import controls, states
from ui.app.view import View
from ui.cards import figure_card as cards
from ui.cards import layout
from ui.charts.bars.bar import bar_chart
from ui.charts.figure import Figure
from ui.charts.time.line import line_chart
from ui.charts.time.small_multiples import small_multiples

Answers = Mapping[str, Answer]
Draw = Callable[[Answer], Figure]
COARSER = ("Clear all filters", controls.clear)


def known(view: View) -> frozenset[str]:
    """Return the measures of this page that the release has figures for."""
    return known_on(view, view.page.code)


def known_on(view: View, page: str) -> frozenset[str]:
    """Return the measures of another page that the release has figures for."""
    return frozenset(one.code for one in view.measures(page))


def how_to_load(table: str) -> str:
    """Return the commands that bring a table onto the page."""
    return (
        f"python -m etl template {table}, fill it in, then: python -m etl load FILE --source own "
        "--mapping FILE.toml && python -m etl release"
    )


def ask(view: View, questions: Mapping[str, Question]) -> dict[str, Answer]:
    """Answer questions by name in one look-up; those of measures without figures are left out."""
    there = {name: one for name, one in questions.items() if one.measure in known(view)}
    return dict(zip(there, view.answer(list(there.values()), strict=False), strict=True))


def is_told(answer: Answer | None) -> bool:
    """Return whether there is an answer with something to show."""
    return answer is not None and not answer.refusal and not answer.all_hidden


def bars(view: View, *, coloured: bool = False) -> Draw:
    """Return what draws an answer by one dimension."""

    def draw(answer: Answer) -> Figure:
        return bar_chart(answer, view.catalog, words=view.words, palette=view.palette, coloured=coloured)

    return draw


def lines(view: View) -> Draw:
    """Return what draws an answer over time: in one plot, or in small ones where there are many lines."""

    def draw(answer: Answer) -> Figure:
        if layout.many_lines(answer):
            columns = 1 if view.phone else 3
            return small_multiples(
                answer, view.catalog, words=view.words, palette=view.palette, columns=columns
            )
        return line_chart(answer, view.catalog, words=view.words, palette=view.palette)

    return draw


def card(
    view: View,
    key: str,
    answer: Answer,
    draw: Draw,
    headline: str = "",
    *,
    notes: Sequence[str] = (),
    **more: Any,
) -> None:
    """Draw one card of one answer, or say why it cannot be asked with these filters.

    Parameters
    ----------
    view, key, answer
        As `cards.figure_card`.
    draw
        Makes the chart: `bars` or `lines`.
    headline
        The finding; the answer's own sentence when empty.
    notes, **more
        As `cards.figure_card`.
    """
    if answer.refusal:
        by = [lower_first(view.header(name)) for name in answer.question.by]
        title = ", by ".join(filter(None, (answer.measure.label, listed(by))))
        layout.note(title, answer.sentence, *answer.notes)
        return
    figure = None if answer.all_hidden else draw(answer)
    more = {"coarser": COARSER, "subtitle": subtitle(view, answer)} | more
    cards.figure_card(view, key, answer, figure, "" if answer.all_hidden else headline, notes=notes, **more)


def subtitle(view: View, answer: Answer) -> str:
    """Return the measure with its unit, what it is divided by, the filters, the release."""
    measure, by = answer.measure, answer.question.by
    names = [lower_first(view.header(name)) for name in by if name not in ("period", measure.share_of)]
    names += [answer.question.period_level] if "period" in by else []
    unit = "" if measure.unit in measure.label.lower() else f" ({answer.unit})"
    said = [f"{measure.label}{unit}", view.described(view.applied_filters(measure.code))]
    said += [f"by {listed(names)}"] if names else []
    return " · ".join([*said, f"{view.profile} release"])


def side_by_side(*drawn: Callable[[], None]) -> None:
    """Draw cards two a row."""
    for start in range(0, len(drawn), 2):
        for column, draw in zip(layout.row(2), drawn[start : start + 2], strict=False):
            with column:
                draw()


def missing(what: str, table: str) -> None:
    """Say what would be here and how it is loaded."""
    states.empty(what, how_to_load(table))
