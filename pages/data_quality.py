"""Data quality: who reported, how late, how completely, what was turned away, what is not shown."""

import streamlit as st

from analysis.answers.visibility import shown_shares
from analysis.release.release import Collection
from analysis.topics import data_quality as trust
from ui.app import frame
from ui.cards import fact_card, layout
from ui.cards import figure_card as cards
from ui.charts.bars.bar import bar_chart
from ui.charts.grids.coverage import coverage_chart
from ui.topics import opening
from ui.topics.data_quality import shown_text, trust_text
from ui.topics.methods import reference_text
from ui.view import controls, states


def body(view: frame.View) -> None:
    if view.release is None:
        return
    if view.collection:
        left, right = layout.row([5, 4])
        with left:
            who_reported(view, view.collection)
        with right:
            how_fresh(view, view.collection)
        left, right = layout.row(2)
        with left:
            how_complete(view, view.collection)
        with right:
            what_is_shown(view, view.collection)
    else:
        layout.note(
            "No records of people are loaded",
            reference_text.long_text("data_quality_published"),
            key="people",
        )
    what_was_loaded(view)
    what_was_public(view)
    how_alike(view)
    st.header("Why our numbers differ from others", anchor="differ")
    st.markdown(reference_text.long_text("data_quality_differ"))


def who_reported(view: frame.View, collection: Collection) -> None:
    roster = trust.contributors(view.release, collection.collection)
    if not roster:
        layout.note("Who reported in which month", trust.coverage_sentence(roster), key="coverage")
        return
    fact_card.fact_card(
        view,
        "coverage",
        trust.coverage_sentence(roster),
        trust_text.roster_table(roster),
        subtitle=f"Months with a report, by contributor · {collection.label}",
        caption="Plain: reported. Hatched: no report. A report can hold no new person.",
        figure=coverage_chart(roster, view.palette),
    )


def how_fresh(view: frame.View, collection: Collection) -> None:
    question = view.question("detected_persons", ["period"], period_level=collection.period_resolution)
    [answer] = view.answer([question.changed(where=None, periods=None)], strict=False)
    provisional = trust.provisional(answer)
    fact_card.fact_card(
        view,
        "fresh",
        trust_text.freshness_sentence(collection, provisional),
        trust_text.freshness_table(view.release, view.catalog, collection, provisional),
        subtitle="How late figures are, and what waits for a revision",
        caption="A closed month is frozen, so that two releases cannot be compared to find a person.",
    )


def how_complete(view: frame.View, collection: Collection) -> None:
    measures = trust.completeness_measures(view.release, view.catalog, collection)
    if not measures:
        return
    measure = first = next(iter(measures))
    if len(measures) > 1:
        measure = controls.page_choice("complete_of", "Fields of", measures, first)
    [answer] = view.answer([view.question(measure, by=["field"])])
    chart = bar_chart(answer, view.catalog, words=view.words, palette=view.palette)
    cards.figure_card(view, "completeness", answer, chart, notes=[trust_text.completeness_note(answer)])


def what_is_shown(view: frame.View, collection: Collection) -> None:
    rows = shown_shares(view.release, view.catalog, collection)
    geography = view.release.areas.get(collection.geography)
    levels = {row.period_level: opening.words(row.period_level).capitalize() for row in rows}

    def shares() -> str:
        level = next(iter(levels))
        if len(levels) > 1:
            level = controls.page_choice("shown_by", "Numbers of", levels, level, style="segments")
        return shown_text.shown_html(rows, level, view.catalog, geography, view.palette)

    fact_card.fact_card(
        view,
        "shown",
        shown_text.shown_sentence(rows, geography),
        shown_text.shown_table(rows, view.catalog, geography),
        subtitle=f"Share of numbers that can be shown, by how finely they are divided · {collection.label}",
        caption="A number that is not shown is below the smallest that is, or there are none. "
        "All periods and areas together, without filters.",
        figure=shares,
    )


def what_was_loaded(view: frame.View) -> None:
    st.header("What was loaded", anchor="loaded")
    table = trust_text.load_table(trust.loads(view.release))
    if not table.rows:
        states.empty("Every source, with the rows read and turned away", "python -m etl status")
        return
    fact_card.fact_card(
        view,
        "loads",
        trust_text.load_sentence(table, view.release),
        table,
        subtitle="Rows read, accepted and turned away, by source",
        caption="Rows of the task force's own records are given to two figures, so that they reveal nobody. "
        "One row of a file can give several figures.",
    )
    by_table = trust.table_loads(view.release)
    if by_table:
        fact_card.fact_card(
            view,
            "tables",
            trust_text.table_load_sentence(by_table),
            trust_text.table_load_table(by_table),
            subtitle="Rows loaded and turned away, by table",
            caption="Rows that are there now: a correction takes the place of what it corrects. Months are "
            "those that a source reported on. Rows that point at something not loaded are kept.",
        )
    orphans = trust.orphans(view.release)
    if orphans:
        fact_card.fact_card(
            view,
            "orphans",
            trust_text.orphan_sentence(orphans),
            trust_text.orphan_table(orphans),
            subtitle="Rows that point at nothing loaded, by column",
            caption="They are kept and counted. Columns that are not named here have none, or fewer than 10.",
        )
    turned_away = trust.rejections(view.release)
    if turned_away:
        fact_card.fact_card(
            view,
            "rejected",
            trust_text.rejection_sentence(turned_away),
            trust_text.rejection_table(turned_away),
            subtitle="Rows turned away, by reason",
            caption="Line and reason are kept, never what a row held. The keepers of the data see the lines "
            "with: python -m etl status --rejected",
        )


def what_was_public(view: frame.View) -> None:
    entries = trust.published(view.release, view.catalog)
    if entries:
        fact_card.fact_card(
            view,
            "published",
            trust_text.published_sentence(entries),
            trust_text.published_table(entries),
            subtitle="Figures of others, shown as they were published",
            caption="Without a figure: share of area and period for which the publisher had none. "
            "It does not mean that nothing happened there.",
        )


def how_alike(view: frame.View) -> None:
    table = trust_text.anonymity_table(view.release, view.catalog)
    if table.rows:
        fact_card.fact_card(
            view,
            "alike",
            trust_text.anonymity_sentence(dict(trust.anonymity(view.release))),
            table,
            subtitle="How alike the records are (k-anonymity and l-diversity)",
            caption="Measured where the records are kept, at each load, and rounded. "
            "The figures on these pages are not records: they are protected once more.",
        )


frame.show("data_quality", body)
