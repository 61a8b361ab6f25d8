"""The sentences that open the Overview: what changed, where, what is unusual, how sure, what is missing."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial

import streamlit as st

from analysis import Answer
from analysis.findings.areas.where import area_band, areas_apart, funnel_of
from analysis.findings.changes import change_of
from analysis.findings.coverage import figures_of_others, how_sure, what_is_missing
from analysis.findings.finding import Finding
from analysis.findings.scope import scope_of
from analysis.findings.series.later import expected, incomplete
from ui.cards import buttons, words
from ui.cards.card import Ask
from ui.cards.content import Content, Titled, is_taken
from ui.cards.table import Table
from ui.topics.overview import tiles, topics, warnings
from ui.view import controls, states
from ui.view.states import escape
from ui.view.view import View

PEOPLE, RATE = "detected_persons", "detection_rate_per_100k"
COUNTIES = 1
KEY = "summary"


def asks(view: View) -> dict[str, Ask]:
    """Return the questions: the first headline measure by year, and people and their rate by area.

    The rates are of all areas, whatever area is chosen: each is held against all of them.
    """
    first = next(iter(tiles.asks(view)), PEOPLE)
    level, _ = _compared(view)
    by_area = {"area_level": level}
    return {
        "what": Ask(first, ("period",)),
        "counts": Ask(PEOPLE, ("area",), parts=by_area, region=True),
        "rates": Ask(RATE, ("area",), parts=by_area, region=True),
        **warnings.asks(view),
    }


def draw(view: View, answers: Mapping[str, Answer]) -> None:
    """Draw the sentences, each with its chips; one that cannot be said is left out."""
    lines = [(title, finding) for title, finding in _findings(view, answers) if finding is not None]
    items = "".join(_line(view, title, finding) for title, finding in lines)
    if items and not is_taken(partial(_content, view, lines)):
        with st.container(border=True, key=f"card_{KEY}"):
            st.html(f'<ul class="ltt-summary">{items}</ul>')
            buttons.briefing_button(view, KEY)


def _content(view: View, lines: Sequence[tuple[str, Finding]]) -> Content:
    """Return the sentences as a card: there is no chart, and the table has a row for each."""
    rows = tuple((title, _sentence(view, finding)) for title, finding in lines)
    return Content(
        KEY,
        "What changed, where, how sure we are, and what is missing.",
        subtitle=view.sentence(),
        tables=lambda: (Titled(view.sentence(), Table(("", "What the figures say"), (False, False), rows)),),
    )


def _sentence(view: View, finding: Finding) -> str:
    chips = finding.scope.chips(view.catalog)
    return f"{words.say(finding)} ({', '.join(chips)})" if chips else words.say(finding)


def draw_missing(view: View, _answers: Mapping[str, Answer]) -> None:
    """Say what would be here with own records, and where figures of others are."""
    if view.collection is None:
        states.not_loaded("People identified, and what became of reports and referrals", "person")
        st.html(topics.pages_html(view))


def _findings(view: View, answers: Mapping[str, Answer]) -> list[tuple[str, Finding | None]]:
    what = answers.get("what")
    counts, rates = answers.get("counts"), answers.get("rates")
    collection = view.collection.collection if view.collection else ""
    protection = view.catalog.protection
    release = view.release
    if release is None:
        return []
    if not collection:
        missing = Finding("fact", topic="own_records_missing")
        return [("What is here", figures_of_others(release)), ("What is missing", missing)]
    return [
        (
            "What changed",
            change_of(what, scope_of(what, view.filters)) if what and not what.refusal else None,
        ),
        ("Where", _where(view, counts, rates)),
        ("Early warning", warnings.finding(view, answers)),
        ("How sure", how_sure(release, collection)),
        (
            "What is missing",
            what_is_missing(
                release,
                collection,
                protection.provisional_months,
                protection.settle_months,
                _late(view, what),
            ),
        ),
    ]


def _late(view: View, what: Answer | None) -> Finding | None:
    """Return what the newest year has so far and is expected to come to; the card below then is silent."""
    if what is None or what.refusal:
        return None
    late = incomplete(what, scope_of(what, view.filters), expected(what))
    if late is not None and len(late.values) > 1:
        view.said.add(words.about_incomplete(what))
    return late


def _compared(view: View) -> tuple[int, tuple[str, ...]]:
    """Return the level of areas that are compared, counties or finer, and those of it that are chosen."""
    geography = controls.geography_of(view.release, view.filters.collection) if view.release else None
    chosen = [code for code in view.filters.areas if geography and geography.levels.get(code)]
    if geography is None or not chosen:
        return COUNTIES, ()
    level = max(COUNTIES, *(geography.levels[code] for code in chosen))
    return level, tuple(inner for code in chosen for inner in geography.within(code, level))


def _where(view: View, counts: Answer | None, rates: Answer | None) -> Finding | None:
    """Return which areas, or whether the chosen ones, lie clearly apart from all areas together."""
    funnel = funnel_of(counts, rates)
    if funnel is None or rates is None:
        return None
    _, chosen = _compared(view)
    scope = scope_of(rates, replace(view.filters, areas=()))  # the chosen areas are what is spoken of
    if len(chosen) == 1:
        return area_band(funnel, rates, scope, chosen[0])
    return areas_apart(counts, rates, scope, chosen or None)


def _line(view: View, title: str, finding: Finding) -> str:
    chips = words.chips_html(finding.scope.chips(view.catalog))
    return f"<li><strong>{escape(title)}.</strong> {words.sentence_html(finding)} {chips}</li>"
