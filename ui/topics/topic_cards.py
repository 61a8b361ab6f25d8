"""What pages of registers and figures share: one look-up, cards, and what stands where nothing is loaded."""

import datetime
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import polars as pl

from analysis import Answer, Question
from analysis.periods import newest_complete_year
from analysis.topics.agreements import Row
from ui import format as text
from ui.cards import fact_card, layout
from ui.cards import figure_card as cards
from ui.cards.table import Table
from ui.charts.bars.bar import bar_chart
from ui.charts.figure import Figure
from ui.charts.time.line import line_chart
from ui.charts.time.small_multiples import small_multiples
from ui.view import states
from ui.view.view import View

_LARGE = 20_000


def ask(view: View, wanted: Mapping[str, Question]) -> dict[str, Answer]:
    """Answer a page's questions in one look-up, by key; those of measures without figures are left out."""
    known = {one.code for page in (view.page.code, "explore") for one in view.measures(page)}
    there = {key: question for key, question in wanted.items() if question.measure in known}
    return dict(zip(there, view.answer(list(there.values()), strict=False), strict=True))


def rows_of(view: View, register: str) -> list[Row]:
    """Return the rows of a register; none where nothing of the kind was loaded."""
    return view.release.register(register).to_dicts() if view.release else []


def today(view: View) -> datetime.date:
    """Return the day the release describes: agreements and awards are looked at on it."""
    return view.release.as_of if view.release else datetime.date.min


def settled_year(view: View) -> str | None:
    """Return the newest year inside the chosen periods that is no longer filling up."""
    first, last = view.filters.periods or (view.choices.first_period, view.choices.last_period)
    if not (first and last):
        return None
    late = view.catalog.protection.provisional_months
    is_newest = last[:4] >= view.choices.last_period[:4]
    return newest_complete_year(first, last, late if is_newest else 0)


def not_loaded(what: str, table: str) -> None:
    """Say what would be here and the three steps that load it."""
    states.empty(
        what,
        f"python -m etl template {table}, fill it in, then: python -m etl load FILE --source own "
        "--mapping FILE.toml && python -m etl release",
    )


def figure(
    view: View,
    key: str,
    answer: Answer | None,
    *,
    what: str,
    table: str,
    headline: str = "",
    notes: Sequence[str] = (),
) -> None:
    """Draw one answer as bars, a line or small panels; or say why there is nothing to draw.

    Parameters
    ----------
    view, key
        As `cards.figure_card`.
    answer
        By one dimension, by period, or by both; None where nothing is loaded.
    what, table
        What would be here, and the table that brings it.
    headline, notes
        As `cards.figure_card`.
    """
    if answer is None:
        not_loaded(what, table)
    elif answer.refusal:
        layout.note(what, answer.sentence, *answer.notes, key=key)
    else:
        answer = _collected(answer)
        cards.figure_card(
            view, key, answer, _chart(view, answer), headline, subtitle=subtitle(view, answer), notes=notes
        )


def _collected(answer: Answer) -> Answer:
    """Leave out bars of categories for which nothing was collected, such as a duty that a kind has not."""
    if "period" in answer.question.by or answer.all_hidden or answer.measure.door == "person":
        return answer
    kept = answer.frame.filter(pl.col("value").is_not_null() | pl.col("marker").str.contains("c"))
    return replace(answer, frame=kept)


def subtitle(view: View, answer: Answer) -> str:
    """Return measure, unit, what it is limited to and the periods of the question itself.

    A card may look at other periods than the shared filters say: at one settled year, or the newest day.
    """
    question, measure = answer.question, answer.measure
    where = tuple(pair for pair in question.where if pair[0] != "area")
    asked = replace(view.applied_filters(measure.code), periods=question.periods, where=where)
    said = view.described(asked)
    if measure.over_time == "last" and "period" not in question.by:
        said = " · ".join(part for part in said.split(" · ") if not part[:1].isdigit()) + " · newest"
    unit = measure.label
    if measure.unit not in measure.label.lower():
        unit += f", {answer.unit}" if "(" in answer.unit else f" ({answer.unit})"
    by = [f"by {question.period_level}"] if "period" in question.by else []
    return " · ".join([unit, said, *by, f"{view.profile} release"])


def _chart(view: View, answer: Answer) -> Figure:
    shared: dict[str, Any] = {"words": view.words, "palette": view.palette}
    if "period" not in answer.question.by:
        return bar_chart(answer, view.catalog, **shared)
    if layout.many_lines(answer):
        return small_multiples(answer, view.catalog, columns=1 if view.phone else 3, **shared)
    return _thousands(line_chart(answer, view.catalog, **shared), answer)


def _thousands(drawn: Figure, answer: Answer) -> Figure:
    """Write large amounts on the axis as 2M or 400k, as bars do."""
    largest = answer.frame["value"].max()
    if isinstance(largest, float) and largest >= _LARGE:
        drawn["layout"]["yaxis"]["tickformat"] = "~s"
    return drawn


def register_source(view: View) -> str:
    """Return where what a register holds comes from, and the day it describes."""
    day = text.date_text(today(view))
    return f"Source: registers of {view.place or 'the task force'} · as of {day}."


def register_card(
    view: View,
    key: str,
    headline: str,
    table: Table,
    subtitle: str,
    *,
    caption: str = "",
    chart: Figure | Callable[[], str] | None = None,
    alt: str = "",
) -> None:
    """Draw one list or drawing from a register, with where it comes from and the day it describes."""
    fact_card.fact_card(
        view,
        key,
        headline,
        table,
        subtitle=f"{subtitle} · {view.profile} release",
        caption=f"{register_source(view)} {caption}".strip(),
        figure=chart,
        alt=alt,
    )
