"""Funding: where money comes from, what it pays for, when it ends, and what stops then."""

from ui.app import frame
from ui.cards import layout
from ui.topics import topic_cards
from ui.topics.funding import funding_figures


def body(view: frame.View) -> None:
    answers = topic_cards.ask(view, funding_figures.questions(view))
    awards = topic_cards.rows_of(view, "award")
    layout.heading("When money ends")
    if awards:
        funding_figures.cliff(view, awards)
        funding_figures.need(view, answers, awards)
        funding_figures.what_stops(view, awards)
    else:
        topic_cards.not_loaded("Public money that ends, and what stops with it", "funding_award")
    layout.heading("Where money comes from")
    if awards:
        funding_figures.funders(view, awards)
    funding_figures.figures(view, answers)
    layout.heading("What help costs")
    funding_figures.spending(view, answers)
    layout.heading("Posts")
    funding_figures.posts(view, answers)


frame.show("funding", body)
