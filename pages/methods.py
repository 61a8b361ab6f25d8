"""Methods: every measure's definition, the protection, the sources, the glossary."""

import streamlit as st

from ui import frame, reference_text, tables


def body(view: frame.View) -> None:
    st.markdown(reference_text.long_text("methods_reading"))
    st.header("How people are protected", anchor="protection")
    st.markdown(reference_text.protection_text(view.catalog, view.profile))
    st.html(tables.to_html(reference_text.closed_list_table(view.catalog), "Dimensions that can be combined"))
    st.caption("The number is of dimensions at once, the period being one. In brackets: with a detail.")
    measures(view)
    st.header("Dimensions", anchor="dimensions")
    dimensions = view.catalog.dimensions.values()
    st.html(tables.to_html(reference_text.dimension_table(dimensions), "Every dimension and its categories"))
    st.header("Sources that can be loaded", anchor="sources")
    st.html(tables.to_html(reference_text.source_table(view.catalog), "Sources and their own rules"))
    st.header("Glossary", anchor="glossary")
    st.html(reference_text.glossary_html(view.catalog))
    st.header("Changes of methods", anchor="changes")
    st.markdown(reference_text.long_text("methods_changes"))


def measures(view: frame.View) -> None:
    """One entry a measure, found by a word in its name or definition."""
    st.header("Measures", anchor="measures")
    wanted = st.text_input("Find a measure", key="find", placeholder="For example: share").casefold()
    found = [
        measure
        for measure in view.catalog.measures.values()
        if wanted in f"{measure.label} {measure.definition} {measure.code}".casefold()
    ]
    if not found:
        st.info("No measure has that word. Clear the box to see all of them.")
    for measure in found:
        with st.expander(measure.label):
            st.html(reference_text.measure_html(measure, view.catalog))


frame.show("methods", body, needs_release=False)
