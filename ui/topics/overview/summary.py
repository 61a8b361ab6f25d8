"""The four sentences that open the Overview: what changed, where, how sure, what is missing."""

from collections.abc import Mapping

import streamlit as st

from analysis import Answer
from analysis.findings.areas.where import areas_apart
from analysis.findings.changes import change_of
from analysis.findings.coverage import figures_of_others, how_sure, what_is_missing
from analysis.findings.finding import Finding
from analysis.findings.scope import scope_of
from ui.cards import words
from ui.cards.card import Ask
from ui.topics.overview import tiles, topics
from ui.view import states
from ui.view.states import escape
from ui.view.view import View

PEOPLE, RATE = "detected_persons", "detection_rate_per_100k"
COUNTIES = 1


def asks(view: View) -> dict[str, Ask]:
    """Return the questions: the first headline measure by year, and people and their rate by county."""
    first = next(iter(tiles.asks(view)), PEOPLE)
    by_area = {"area_level": COUNTIES}
    return {
        "what": Ask(first, ("period",)),
        "counts": Ask(PEOPLE, ("area",), parts=by_area),
        "rates": Ask(RATE, ("area",), parts=by_area),
    }


def draw(view: View, answers: Mapping[str, Answer]) -> None:
    """Draw the sentences, each with its chips; one that cannot be said is left out."""
    lines = [(title, finding) for title, finding in _findings(view, answers) if finding is not None]
    items = "".join(_line(view, title, finding) for title, finding in lines)
    if items:
        with st.container(border=True, key="card_summary"):
            st.html(f'<ul class="ltt-summary">{items}</ul>')


def draw_missing(view: View, _answers: Mapping[str, Answer]) -> None:
    """Say what would be here with own records, and where figures of others are."""
    if view.collection is None:
        states.not_loaded("People identified, and what became of reports and referrals", "person")
        st.html(topics.pages_html(view))


def _findings(view: View, answers: Mapping[str, Answer]) -> list[tuple[str, Finding | None]]:
    what = answers.get("what")
    counts, rates = answers.get("counts"), answers.get("rates")
    collection = view.collection.collection if view.collection else ""
    late = view.catalog.protection.provisional_months
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
        ("Where", areas_apart(counts, rates, scope_of(rates, view.filters)) if rates else None),
        ("How sure", how_sure(release, collection)),
        ("What is missing", what_is_missing(release, collection, late)),
    ]


def _line(view: View, title: str, finding: Finding) -> str:
    chips = words.chips_html(finding.scope.chips(view.catalog))
    return f"<li><strong>{escape(title)}.</strong> {words.sentence_html(finding)} {chips}</li>"
