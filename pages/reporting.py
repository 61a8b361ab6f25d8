"""Reporting: reports by channel and reporter, how quickly they were answered, and what became of them."""

from ui.app import controls, frame
from ui.cards import layout
from ui.topics.reporting import reporting_figures, reporting_published, respond_cards


def body(view: frame.View) -> None:
    if "tips_received" in respond_cards.known(view):
        own_reports(view)
    else:
        respond_cards.missing("Reports by channel and reporter, and what became of them", "tip")
    if reporting_published.is_loaded(view):
        layout.heading("Beside the national hotline")
        reporting_published.draw(view)


def own_reports(view: frame.View) -> None:
    layout.heading("How reports come in")
    asked = reporting_figures.ask(view)
    reporting_figures.draw_coming_in(view, asked)
    left, _ = layout.row([3, 5])
    with left:
        by = controls.page_choice("compare", "Compare", COMPARE, "channel", style="segments")
    compared = reporting_figures.ask_compared(view, by)
    layout.heading("How quickly reports are answered")
    reporting_figures.draw_answered(view, asked, compared, by)
    layout.heading("What becomes of reports")
    reporting_figures.draw_outcomes(view, asked, compared, by)


COMPARE = {"channel": "Channels", "reporter_type": "Reporters", "area_kind": "Urban and rural"}

frame.show("reporting", body)
