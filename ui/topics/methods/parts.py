"""The parts of the Methods page: how to read the figures, the protection, and the catalog folded away."""

from collections.abc import Mapping

import streamlit as st

from analysis import Answer
from ui.cards import layout
from ui.cards import table as tables
from ui.cards.card import Drawing
from ui.cards.prose import fold_html, long_text
from ui.topics.methods import reference_text
from ui.topics.methods.statistics_text import notes
from ui.view import states
from ui.view.view import View

Answers = Mapping[str, Answer]
#: What a newcomer asks first; each is a text of `ui/text`.
FIRST = {
    "The number in brackets": "methods_intervals",
    "Not shown": "methods_not_shown",
    "Clearly": "methods_clearly",
}


def _reading(view: View, _answers: Answers) -> None:
    rules = view.catalog.protection
    # A restricted release hides nothing: what "not shown" means is told of the public one.
    held_back = rules.threshold["public" if view.profile == "steward" else view.profile]
    for column, (title, name) in zip(layout.row(len(FIRST)), FIRST.items(), strict=True):
        with column:
            st.html(f'<h3 class="ltt-headline">{states.escape(title)}</h3>')
            st.markdown(long_text(name, threshold=held_back))
    st.markdown(long_text("methods_reading"))


def _protection(view: View, _answers: Answers) -> None:
    st.markdown(reference_text.protection_text(view.catalog, view.profile))
    combined = tables.to_html(reference_text.closed_list_table(view.catalog), reference_text.CLOSED_LIST_NOTE)
    folds = [fold_html("How many can be combined at once", combined)]
    if view.release:
        table = tables.to_html(reference_text.release_table(view.release, view.catalog), "This release")
        folds.append(fold_html("This release", table))
    st.html("".join(folds))


def _measures(view: View, _answers: Answers) -> None:
    """Draw one entry a measure, by what it counts; those with a word in name or definition, where asked."""
    word = st.text_input("Find a measure", key="find", bind="query-params", placeholder="For example: share")
    groups = reference_text.measures_with(word or "", view.catalog)
    if not groups:
        st.info("No measure has that word. Clear the box to see all of them.")
        return
    is_only = sum(map(len, groups.values())) == 1
    folds = []
    for title, measures in groups.items():
        entries = "".join(
            fold_html(
                measure.label,
                reference_text.measure_html(measure, view.catalog),
                anchor=reference_text.anchor_of(measure.code),
                is_open=is_only,
            )
            for measure in measures
        )
        folds.append(fold_html(f"{title} ({len(measures)})", entries, is_open=bool(word)))
    st.html("".join(folds))


def _dimensions(view: View, _answers: Answers) -> None:
    dimensions = sorted(view.catalog.dimensions.values(), key=lambda dimension: dimension.label.casefold())
    entries = "".join(
        fold_html(dimension.label, reference_text.dimension_html(dimension), anchor=f"d_{dimension.code}")
        for dimension in dimensions
    )
    st.html(fold_html(f"All {len(dimensions)} that figures are divided by", entries))


def _statistics(_view: View, _answers: Answers) -> None:
    entries = "".join(
        fold_html(
            one.title,
            "".join(f"<p>{states.escape(part)}</p>" for part in (one.how, f"From: {one.source}") if part),
            anchor=f"t_{one.module.removeprefix('analysis.statistics.').replace('.', '_')}",
        )
        for one in notes()
    )
    st.html(fold_html(f"All {len(notes())} that stand behind the figures", entries))


def _sources(view: View, _answers: Answers) -> None:
    entries = "".join(
        fold_html(source.label, reference_text.source_html(source, view.catalog), anchor=f"s_{source.code}")
        for source in view.catalog.sources.values()
    )
    st.html(fold_html(f"All {len(view.catalog.sources)}: own sheets and publishers", entries))


def _glossary(view: View, _answers: Answers) -> None:
    count = len(view.catalog.glossary.terms)
    st.html(fold_html(f"All {count} terms, from A to Z", reference_text.glossary_html(view.catalog)))


READING = Drawing("reading", _reading)
PROTECTION = Drawing("protection", _protection)
MEASURES = Drawing("measures", _measures)
DIMENSIONS = Drawing("dimensions", _dimensions)
STATISTICS = Drawing("statistics", _statistics)
SOURCES = Drawing("sources", _sources)
GLOSSARY = Drawing("glossary", _glossary)
