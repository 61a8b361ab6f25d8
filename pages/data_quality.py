"""Data quality: who reported, what is missing, what was turned away, what is not shown."""

import streamlit as st

from analysis import trust
from ui import cards, fact_card, frame, reference_text, states, trust_text
from ui.charts.bar import bar_chart
from ui.charts.coverage import coverage_chart


def body(view: frame.View) -> None:
    if view.release is None:
        return
    who_reported(view)
    completeness(view)
    what_is_shown(view)
    what_was_loaded(view)
    how_alike(view)
    st.header("Why our numbers differ from others", anchor="differ")
    st.markdown(reference_text.long_text("data_quality_differ"))


def who_reported(view: frame.View) -> None:
    collection = view.filters.collection or next((one.collection for one in view.release.collections), "")
    roster = trust.contributors(view.release, collection)
    if not roster:
        states.empty("Who reported in which month", "python -m etl status")
        return
    fact_card.fact_card(
        view,
        "coverage",
        trust.coverage_sentence(roster),
        trust_text.roster_table(roster),
        subtitle="Months with a report, by contributor",
        caption="Plain: reported. Hatched: no report. A report can hold no new person.",
        figure=coverage_chart(roster, view.palette),
    )


def completeness(view: frame.View) -> None:
    if not any(one.subject == "person" for one in view.release.collections):
        states.empty(
            "How complete the records of people are", "python -m etl load FILE --source own --mapping M"
        )
        return
    fields = trust_text.field_words(view.catalog)
    [answer] = view.answer([view.question("not_recorded_share", by=["field"])])
    chart = bar_chart(
        answer, view.catalog, words=lambda _, code: fields.get(code, code), palette=view.palette
    )
    cards.figure_card(view, "completeness", answer, chart, notes=["A blank is never read as “no”."])


def what_is_shown(view: frame.View) -> None:
    rows = trust_text.shown_table(view.release, view.catalog)
    fact_card.fact_card(
        view,
        "shown",
        trust_text.shown_sentence(rows),
        rows,
        subtitle="Share of numbers that can be shown, by how finely they are divided",
        caption="Hidden numbers are below the smallest that is shown, or there are none.",
    )


def what_was_loaded(view: frame.View) -> None:
    st.header("What was loaded", anchor="loaded")
    table = trust_text.load_table(trust.loads(view.release))
    fact_card.fact_card(
        view,
        "loads",
        f"Figures as of {view.release.as_of:%-d %B %Y}, from {len(table.rows)} sources.",
        table,
        subtitle="Rows read, accepted and turned away, by source",
        caption="Rows of the task force's own records are given to two figures, so that they reveal nobody.",
    )
    turned_away = trust_text.rejection_table(trust.rejections(view.release))
    if turned_away.rows:
        fact_card.fact_card(
            view,
            "rejected",
            "Some rows were turned away. Their line and rule are kept, never what they held.",
            turned_away,
            subtitle="Rows turned away, by rule",
            caption="The keepers of the data see the lines with: python -m etl status",
        )
    waiting = trust_text.waiting_table(view.release)
    if waiting.rows:
        fact_card.fact_card(
            view,
            "waiting",
            "Records that came after their month had closed wait for a revision.",
            waiting,
            subtitle="Held and revised records",
            caption="A closed period is frozen, so that two releases cannot be compared to find people.",
        )


def how_alike(view: frame.View) -> None:
    table = trust_text.anonymity_table(view.release)
    if table.rows:
        fact_card.fact_card(
            view,
            "alike",
            "Many records are alone in their group. That is why no record leaves its keepers.",
            table,
            subtitle="How alike the records are (k-anonymity and l-diversity)",
            caption="Measured in the restricted zone at each load, and rounded.",
        )


frame.show("data_quality", body)
