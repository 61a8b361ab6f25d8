"""The figures of one area beside those of the region, as one table in groups."""

from collections.abc import Callable, Mapping

import streamlit as st

from analysis import Answer
from analysis.findings.areas.profile import Beside, area_profile, beside
from analysis.findings.sentences import brief, phrases
from ui.cards.card import Ask, Facts
from ui.cards.table import Table
from ui.maps.area_links import links_html
from ui.maps.editions import area_note
from ui.maps.places import places_of
from ui.view.states import escape
from ui.view.view import View

SIDES = {1: "clearly above", -1: "clearly below", 0: "about the same"}
Measures = tuple[str, ...]
COLUMNS = ("Measure", "Here", "Region", "95% interval", "Against the region", "Change here")


def asks(measures: Measures) -> Callable[[View], Mapping[str, Ask]]:
    """Return what gives the questions: each measure here, in the region, and here by year."""

    def of(view: View) -> Mapping[str, Ask]:
        questions: dict[str, Ask] = {}
        for code in measures if area_of(view) else ():
            questions[f"{code} here"] = Ask(code, settled=True)
            questions[f"{code} region"] = Ask(code, settled=True, region=True)
            if view.measure(code).kind != "ratio":
                questions[f"{code} years"] = Ask(code, ("period",))
        return questions

    return of


def table(measures: Measures, title: str) -> Callable[[View, Mapping[str, Answer]], Facts | None]:
    """Return what makes the card of some measures."""

    def make(view: View, answers: Mapping[str, Answer]) -> Facts | None:
        area = area_of(view)
        there = {
            code: (answers[f"{code} here"], answers[f"{code} region"], answers.get(f"{code} years"))
            for code in measures
            if f"{code} here" in answers and f"{code} region" in answers
        }
        rows = beside(there, view.filters)
        if not area or not rows:
            return None
        year = view.settled_year or ""
        return Facts(
            area_profile(rows, view.choices.areas[area]),
            Table(COLUMNS, (False, True, True, True, False, False), tuple(_row(view, row) for row in rows)),
            subtitle=f"{title} · {view.choices.areas[area]} beside {view.place or 'the region'} · {year}",
            caption=area_note(view.catalog, places_of(view, rows[0].measure), area),
            answers=tuple(answer for pair in there.values() for answer in pair[:2] if not answer.refusal),
        )

    return make


def area_of(view: View) -> str:
    """Return the one area that is chosen; empty where none or several are."""
    return view.filters.areas[0] if len(view.filters.areas) == 1 else ""


def draw_picker(view: View, _answers: Mapping[str, Answer]) -> None:
    """Draw links to the page of every area, where none is chosen."""
    if area_of(view) or not view.release:
        return
    with st.container(border=True, key="card_picker"):
        st.html(
            '<h2 class="ltt-headline">Choose an area to see it on one page</h2>'
            f'<p class="ltt-subtitle">{escape(view.place or "All areas")}</p>{links_html(view)}'
        )


def _row(view: View, row: Beside) -> tuple[str, ...]:
    measure, here = row.measure, row.here
    chips = row.scope.chips(view.catalog)
    label = f"{measure.label} ({', '.join(chips).lower()})" if chips else measure.label
    return (
        label,
        phrases.figure(measure, here)
        if here
        else ("not by area" if "area" in row.scope.ignored else "not shown"),
        phrases.figure(measure, row.region) if row.region else "not shown",
        phrases.interval(measure, here).strip(" ()") if here else "",
        SIDES[row.comparison.direction] if row.comparison else "",
        brief(row.change) if row.change else "",
    )
