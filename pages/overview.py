"""Overview: headline measures by pillar, what changed, one trend, a line for each topic of the response."""

from analysis import Answer
from analysis.topics import data_quality as trust
from ui import theme
from ui.app import controls, frame, states
from ui.cards import events, layout, scorecard, topic_lines
from ui.cards import figure_card as cards
from ui.charts.time.line import line_chart
from ui.topics import opening, topic_cards
from ui.topics.data_quality import trust_text

CHANGES_BY = ("form", "age_group")
OWN_RECORDS = "Your own records: people identified, referrals, and what changed in them"


def body(view: frame.View) -> None:
    measures = [one.code for one in scorecard.chosen(view.measures("overview"))]
    topics = topic_lines.chosen(view, measures)
    questions = [view.question(code, ["period"]) for code in measures]
    questions += [view.question(code, ["period", name]) for code in measures[:1] for name in CHANGES_BY]
    lines = [view.question(one.code, ["period"]) for _, one in topics]
    later = opening.questions(view, measures[0], ["period"]) if measures else []  # one look-up for the page
    asked = view.answer([*questions, *lines, *later], strict=False)
    answers = [answer for answer in asked[: len(questions)] if not answer.refusal]
    told = topic_lines.told(topics, asked[len(questions) :][: len(topics)])
    if measures and not answers:
        states.problem(asked[0].refusal)
    else:
        draw_headlines(view, answers, [answer for _, answer in told])
    if told:
        cards.figure_card(
            view,
            "topics",
            [answer for _, answer in told],
            topic_lines.lines_html(view, told),
            "The response, topic by topic",
            subtitle="The newest whole period of each, against the one before. Each name leads to its page.",
        )


def draw_headlines(view: frame.View, answers: list[Answer], others: list[Answer]) -> None:
    headlines = [answer for answer in answers if answer.question.by == ("period",)]
    if not headlines:
        draw_freshness(view)
        topic_cards.not_loaded(OWN_RECORDS, "person")
        return
    compared = scorecard.headline(headlines)
    cards.figure_card(
        view,
        "headlines",
        headlines,
        scorecard.scorecard(view, headlines),
        f"Headline measures, {compared}",
        subtitle=" · ".join(filter(None, (view.subtitle(), scorecard.filling(headlines)))),
    )
    left, right = layout.row(2)
    with left:
        draw_freshness(view)
        scorecard.draw_changes(f"What changed, {compared}", scorecard.what_changed(view, answers, others))
    with right:
        draw_trend(view, headlines[0].measure.code)
    if not view.collection:
        topic_cards.not_loaded(OWN_RECORDS, "person")


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
    elif view.release:
        layout.note(
            "How fresh", *trust_text.freshness_of_figures(view.release), below=topic_lines.pages_html(view)
        )


frame.show("overview", body)
