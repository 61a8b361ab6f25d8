"""Draws a standard card: headline and chips, chart, caption, quiet buttons. One function for every page."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import polars as pl

from analysis import Answer
from analysis.exports import ExportContext
from analysis.findings.changes import mean_values
from analysis.findings.compare import Value
from analysis.findings.finding import Finding, hidden
from analysis.findings.groups import standard
from analysis.findings.sentences import say
from analysis.findings.series.later import expected
from analysis.findings.waves import waves_only
from analysis.findings.within import within
from analysis.words import listed
from ui.cards import buttons, card_file, layout, words
from ui.cards import table as tables
from ui.cards.card import Choice, Shown
from ui.cards.content import Content, Titled, is_taken
from ui.cards.events import OWN
from ui.cards.face import face, finished
from ui.cards.face.face import Face
from ui.cards.face.finished import Finished
from ui.charts.bars.bar import bar_chart
from ui.charts.figure import Figure
from ui.charts.grids.largest import largest_bars
from ui.charts.grids.matrix import matrix_chart
from ui.charts.grids.pairs import pairs_chart
from ui.charts.time.cumulative import cumulative_chart
from ui.charts.time.line import line_chart
from ui.charts.time.small_multiples import small_multiples
from ui.view import controls, states
from ui.view.view import View

LEAST_FOR_A_GRID = 400  # pixels inside a card: a narrower grid becomes bars


@dataclass(frozen=True)
class Drawn:
    """A card, its finding, and the step to which a button leads where all of it is hidden."""

    view: View
    finding: Finding
    content: Content
    coarser: tuple[str, Callable[[], None]] | None = None


def draw(shown: Shown) -> None:
    """Draw a card, or say in its shape why it cannot be drawn."""
    card, view = shown.card, shown.view
    if "" not in shown.answers:
        return
    if shown.answer.refusal:
        _refused(shown)
        return
    place, said = finished.place_of(view, card.key, as_table=buttons.shows_table(card.key)), set(view.said)
    if place and (kept := place.get()):
        _again(shown, kept)
        return
    asked = waves_only(shown.answer) if card.waves else _collected(shown.answer)
    answer = card.prepare(shown) if card.prepare else asked
    shown = replace(shown, answers={**shown.answers, "": answer})
    finding = _finding(shown)
    headline = say(finding)
    in_table = (answer, *(shown.answers[name] for name in card.in_table if _is_told(shown, name)))
    marks = _laws(shown)
    later = expected(answer) if answer is asked else {}  # of sums that the card makes nothing is expected
    figure = None if answer.all_hidden else _figure(shown, finding, marks, later)
    notes = card.notes(shown) if callable(card.notes) else card.notes
    scopes = [shown.scope, *(shown.scope_of(name) for name in card.in_table if _is_told(shown, name))]
    view.tell(in_table)
    content = Content(
        key=card.key,
        headline=headline,
        chips=tuple(words.chips(view, scopes)),
        subtitle=words.subtitle(view, answer),
        figure=figure,
        below=marks.html,
        caption=words.caption(view, in_table, finding, notes, later),
        alt=words.alt_text(view, answer, headline),
        tables=partial(_tables, view, finding, in_table, later),
        answers=in_table,
        drawn=card.drawn,
        note=states.NOT_SHOWN_WHY if all(one.all_hidden for one in in_table) else "",
    )
    if is_taken(lambda: content):
        return
    drawn = face.draw(
        view, _face(Drawn(view, finding, content, _coarser(shown) if answer.all_hidden else None))
    )
    if place:
        place.put(drawn, frozenset(view.said - said))


def _again(shown: Shown, kept: Finished) -> None:
    """Draw a card that is kept."""
    view, answers = shown.view, kept.answers
    view.tell(answers)
    view.said.update(kept.said)
    again = Face(
        shown.card.key,
        "",
        partial(answers_file, view, answers),
        has_chart=kept.has_chart,
        answers=answers,
        step=_coarser(shown) if answers[0].all_hidden else None,
    )
    face.draw(view, again, kept)


def _tables(
    view: View, finding: Finding, answers: Sequence[Answer], later: Mapping[str, Value]
) -> list[Titled]:
    """Return the tables of a card: each is headed by its own measure and years."""
    return [
        Titled(
            words.subtitle(view, answer),
            tables.readable(
                answer,
                view.words,
                view.header,
                # The means that the headline names stand in the first, and what is expected.
                above=(
                    *words.expected_rows(answer.measure, later),
                    *words.mean_rows(view, finding, answer.question.by),
                )
                if place == 0
                else (),
            ),
        )
        for place, answer in enumerate(answers)
    ]


def _face(drawn: Drawn) -> Face:
    view, shown = drawn.view, drawn.content
    figure, body = None, ""
    if shown.note:
        body = states.all_hidden_html(view.filters, has_step=drawn.coarser is not None)
    elif shown.figure is None or buttons.shows_table(shown.key):
        body = "".join(
            # The card's subtitle is the title of the first.
            tables.to_html(titled.table, titled.title, is_titled=place == 0)
            for place, titled in enumerate(shown.tables())
        )
    elif isinstance(shown.figure, str):
        body = shown.figure
    else:
        figure = shown.figure
    return Face(
        shown.key,
        words.head_html(shown.key, shown.headline, drawn.finding, shown.chips, shown.subtitle),
        partial(answers_file, view, shown.answers),
        figure=figure,
        alt=shown.alt,
        body=body,
        foot=shown.below + words.caption_html(shown.caption),
        has_chart=shown.figure is not None,
        answers=shown.answers,
        step=drawn.coarser,
    )


def answers_file(view: View, answers: Sequence[Answer], context: ExportContext, file_name: str) -> bytes:
    """Return the file of a card that shows answers."""
    return card_file.deliver(view.export_items(answers), context, file_name)


def _finding(shown: Shown) -> Finding:
    answer, card = shown.answer, shown.card
    if answer.all_hidden:
        return hidden(answer, shown.scope)
    if card.say is not None:
        return card.say(shown)
    return standard(answer, shown.scope)


def _laws(shown: Shown) -> "layout.Laws":
    laws, answer = shown.card.laws, shown.answer
    if not laws or answer.all_hidden or layout.many_lines(answer):
        return layout.NO_LAWS
    return layout.laws(shown.view, answer, shown.picked[laws.name] if isinstance(laws, Choice) else OWN)


def _coarser(shown: Shown) -> tuple[str, Callable[[], None]] | None:
    """Return the words and the callback of the button to the next coarser step, where there is one."""
    choice = shown.card.coarser
    if choice is None:
        return None
    options = choice.of(shown.view, shown.picked)
    place = list(options).index(shown.picked[choice.name])
    if not place:
        return None
    code = list(options)[place - 1]
    return f"Show {options[code].lower()} instead", partial(
        controls.choose, {choice.name: code}, by_click=True
    )


def _figure(
    shown: Shown, finding: Finding, marks: "layout.Laws", later: Mapping[str, Value]
) -> Figure | str | None:
    card, answer = shown.card, shown.answer
    if callable(card.chart):
        return card.chart(shown)
    view = shown.view
    shared: dict[str, Any] = {"words": view.words, "palette": view.palette}
    kind = card.chart if card.chart != "auto" else _kind(shown)
    if kind == "line":
        levels = mean_values(finding) if answer.question.period_level == "year" else []
        return line_chart(answer, view.catalog, events=marks.events, levels=levels, later=later, **shared)
    if kind == "panels":
        return small_multiples(answer, view.catalog, columns=1 if view.phone else 3, **shared)
    if kind == "grid":
        room = layout.inside(card.key, wide=card.wide)
        narrow = room < LEAST_FOR_A_GRID
        return largest_bars(answer, **shared) if narrow else matrix_chart(answer, width=room, **shared)
    if kind == "pairs":
        return pairs_chart(answer, "form", **shared)
    waits = _cumulative(shown) if kind == "cumulative" else None
    return waits or bar_chart(answer, view.catalog, coloured=card.coloured, **shared)


def _cumulative(shown: Shown) -> Figure | None:
    """Return waits as one rising line, or None where too many of the bands are hidden for one."""
    view, answer = shown.view, shown.answer
    [bands] = answer.question.by
    found = within(answer, view.catalog.dimensions[bands], view.release) if view.release else None
    measures = view.catalog.measures.values()
    unit = next((one.unit for one in measures if one.kind == "quantile" and one.share_of == bands), "days")
    return cumulative_chart(found, unit=unit, palette=view.palette) if found else None


def _kind(shown: Shown) -> str:
    """Return the chart that an answer's divisions suggest."""
    by = shown.answer.question.by
    if shown.answer.is_together:  # of several years together: no course over time
        return "bars" if len(by) == 1 else "grid"
    if "period" in by:
        return "panels" if layout.many_lines(shown.answer) else "line"
    if len(by) > 1:
        return "grid"
    if by == ("form_pair",) and layout.inside(shown.card.key, wide=shown.card.wide) >= LEAST_FOR_A_GRID:
        return "pairs"
    return "bars"


def _collected(answer: Answer) -> Answer:
    """Leave out bars of categories for which nothing was collected, such as a duty that a kind has not."""
    if "period" in answer.question.by or answer.all_hidden or answer.measure.door == "person":
        return answer
    kept = answer.frame.filter(pl.col("value").is_not_null() | pl.col("marker").str.contains("c"))
    return replace(answer, frame=kept)


def _is_told(shown: Shown, name: str) -> bool:
    answer = shown.answers.get(name)
    return answer is not None and not answer.refusal


def _refused(shown: Shown) -> None:
    """Say in a card's shape why a question cannot be asked with these filters, and what to give up."""
    answer, card = shown.answer, shown.card
    by = [shown.view.header(name).lower() for name in answer.question.by]
    given = card.title(shown.view) if callable(card.title) else card.title
    title = given or ", by ".join(filter(None, (answer.measure.label, listed(by))))
    refusal = answer.refusal
    layout.note(title, refusal.message if refusal else "", *answer.notes, key=card.key)
