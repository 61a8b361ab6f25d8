"""Overview: headline measures, what changed, one trend, how fresh and complete the figures are."""

from analysis import trust
from ui import cards, events, frame, layout, opening, scorecard, theme
from ui.charts.line import line_chart

MOST_TILES = 8


def body(view: frame.View) -> None:
    measures = [one.code for one in view.measures("overview") if not one.share_of][:MOST_TILES]
    main = measures[0]
    whole = [view.question(code, ["period"]) for code in measures]
    parts = [view.question(main, ["period", name]) for name in ("form", "age_group")]
    answers = view.answer([*whole, *parts])
    headlines = answers[: len(measures)]
    compared = scorecard.headline(headlines)
    left, right = layout.row([6, 7])
    with left:
        cards.figure_card(
            view,
            "headlines",
            headlines,
            scorecard.scorecard(view, headlines),
            f"Headline measures, {compared}",
            subtitle=view.subtitle(),
        )
        draw_freshness(view)
    with right:
        scorecard.draw_changes(f"What changed, {compared}", scorecard.what_changed(view, answers))
        draw_trend(view, main)


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
    cards.figure_card(view, "trend", opened.answer, figure, below=events.listed(laws))


def draw_freshness(view: frame.View) -> None:
    if view.release and view.collection:
        roster = trust.contributors(view.release, view.collection.collection)
        layout.note("How fresh and complete", view.freshness(), trust.coverage_sentence(roster))


frame.show("overview", body)
