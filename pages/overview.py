"""Overview: headline measures, what changed, one trend, how fresh and complete the figures are."""

from analysis import trust
from ui import cards, controls, events, frame, layout, opening, scorecard, states, theme
from ui.charts.line import line_chart

CHANGES_BY = ("form", "age_group")


def body(view: frame.View) -> None:
    measures = [one.code for one in scorecard.chosen(view.measures("overview"))]
    if not measures:
        states.empty("Headline measures", "python -m etl build")
        return
    questions = [view.question(code, ["period"]) for code in measures]
    questions += [view.question(measures[0], ["period", name]) for name in CHANGES_BY]
    later = opening.questions(view, measures[0], ["period"])  # of the trend: one look-up for the page
    asked = view.answer([*questions, *later], strict=False)[: len(questions)]
    answers = [answer for answer in asked if not answer.refusal]
    headlines = [answer for answer in answers if answer.question.by == ("period",)]
    if not headlines:
        states.problem(asked[0].refusal)
        return
    compared = scorecard.headline(headlines)
    left, right = layout.row([6, 7])
    with left:
        cards.figure_card(
            view,
            "headlines",
            headlines,
            scorecard.scorecard(view, headlines),
            f"Headline measures, {compared}",
            subtitle=" · ".join(filter(None, (view.subtitle(), scorecard.filling(headlines)))),
        )
        draw_freshness(view)
    with right:
        scorecard.draw_changes(f"What changed, {compared}", scorecard.what_changed(view, answers))
        draw_trend(view, headlines[0].measure.code)


def draw_trend(view: frame.View, measure: str) -> None:
    opened = opening.open_at(view, measure, ["period"])
    laws = events.laws_of(view, opened.answer)
    figure = line_chart(
        opened.answer,
        view.catalog,
        words=view.words,
        palette=view.palette,
        events=laws,
        height=theme.HEIGHT_PHONE,
    )
    cards.figure_card(
        view,
        "trend",
        opened.answer,
        figure,
        notes=[opened.note],
        below=events.listed(laws),
        coarser=("Clear all filters", controls.clear),
    )


def draw_freshness(view: frame.View) -> None:
    if view.release and view.collection:
        roster = trust.contributors(view.release, view.collection.collection)
        layout.note("How fresh and complete", view.freshness(), trust.coverage_sentence(roster))


frame.show("overview", body)
