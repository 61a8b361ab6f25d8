"""Methods: every measure's definition, the protection, the sources, the glossary."""

import streamlit as st

from ui.app import frame
from ui.cards import table as tables
from ui.cards.prose import long_text
from ui.topics.methods import reference_text


def body(view: frame.View) -> None:
    st.markdown(long_text("methods_contents"))
    st.header("How to read the figures", anchor="reading")
    st.markdown(long_text("methods_reading"))
    st.header("How people are protected", anchor="protection")
    st.markdown(reference_text.protection_text(view.catalog, view.profile))
    st.html(
        tables.to_html(reference_text.closed_list_table(view.catalog), "How many can be combined at once")
    )
    st.caption(reference_text.CLOSED_LIST_NOTE)
    if view.release:
        st.html(tables.to_html(reference_text.release_table(view.release, view.catalog), "This release"))
    measures(view)
    st.header("Dimensions", anchor="dimensions")
    for dimension in view.catalog.dimensions.values():
        with st.expander(dimension.label):
            st.html(reference_text.dimension_html(dimension))
    st.header("Sources that can be loaded", anchor="sources")
    for source in view.catalog.sources.values():
        with st.expander(source.label):
            st.html(reference_text.source_html(source, view.catalog))
    st.header("Glossary", anchor="glossary")
    st.html(reference_text.glossary_html(view.catalog))
    st.header("Changes of methods", anchor="changes")
    st.markdown(long_text("methods_changes"))


def measures(view: frame.View) -> None:
    """One entry a measure, by what it counts; found by a word in its name or definition."""
    st.header("Measures", anchor="measures")
    wanted = st.text_input(
        "Find a measure", key="find", bind="query-params", placeholder="For example: share"
    )
    groups = reference_text.measures_with(wanted or "", view.catalog)
    if not groups:
        st.info("No measure has that word. Clear the box to see all of them.")
    for title, found in groups.items():
        st.subheader(title, anchor=False)
        for measure in found:
            with st.expander(measure.label, expanded=len(groups) == len(found) == 1):
                st.html(reference_text.measure_html(measure, view.catalog))


frame.show("methods", body, needs_release=False)
