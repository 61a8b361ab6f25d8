"""Partnerships and law: who takes part, what was agreed, who refers to whom, what is overdue."""

from ui.app import frame
from ui.cards import layout
from ui.topics import topic_cards
from ui.topics.partnerships import law_figures, network_figures, partnership_figures


def body(view: frame.View) -> None:
    asked = partnership_figures.questions(view) | network_figures.questions(view)
    asked |= law_figures.questions(view)
    answers = topic_cards.ask(view, asked)
    layout.heading("Who takes part, and what was agreed")
    partnership_figures.who(view, answers)
    partnership_figures.agreements(view)
    layout.heading("Who refers to whom")
    partnership_figures.hand_off(view, answers)
    network_figures.network(view, answers)
    layout.heading("Meetings and what they decided")
    partnership_figures.meetings(view, answers)
    partnership_figures.actions(view)
    layout.heading("Laws and duties")
    law_figures.laws(view)
    law_figures.duties(view, answers)
    partnership_figures.recommendations(view, answers)


frame.show("partnerships", body)
