"""Outcomes and barriers: how survivors fare, what stands in the way, and what may not be reported."""

from ui.app import frame
from ui.cards import layout
from ui.topics.outcomes import outcome_figures


def body(view: frame.View) -> None:
    found = outcome_figures.answers(view)
    layout.heading("How survivors fare")
    outcome_figures.draw_outcomes(view, found)
    layout.heading("What people say about the help")
    outcome_figures.draw_feedback(view, found)
    layout.heading("What stands between people and help")
    outcome_figures.draw_barriers(view, found)
    layout.heading("What the public knows and thinks")
    outcome_figures.draw_survey(view, found)
    layout.heading("What may not be reported")
    outcome_figures.draw_signs(view)


frame.show("outcomes", body)
