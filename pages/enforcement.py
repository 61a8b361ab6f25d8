"""Enforcement: investigations, how far they come, charges and courts, and people met in operations."""

from ui.app import frame
from ui.cards import layout
from ui.topics.enforcement import enforcement_figures as draw
from ui.topics.enforcement import enforcement_published as published
from ui.topics.enforcement import enforcement_words as say

EARLY_AND_LATE = {
    "proactive": "The proactive share of investigations",
    "trafficking": "The share of charges that were trafficking charges",
    "time": "The median time from charge to disposition",
    "referred": "The share of people met who were referred to a service",
    "per_operation": "The number of people referred per operation",
}


def body(view: frame.View) -> None:
    found = draw.ask(view)
    told = draw.early_and_late(view, found, EARLY_AND_LATE)
    layout.heading("Investigations")
    if draw.has(found, "investigation"):
        investigations(view, found, told)
    layout.heading("Charges and courts")
    if draw.has(found, "charge"):
        charges(view, found, told)
    layout.heading("Operations: the people met")
    if draw.has(found, "operation_person"):
        operations(view, found, told)
    if published.is_loaded(view):
        layout.heading("Beside figures that the FBI publishes")
        published.draw(view, found.get("opened"))


def investigations(view: frame.View, found: draw.Answers, told: draw.Headlines) -> None:
    left, right = layout.row(2)
    with left:
        draw.draw_line(view, "opened", found["opened"])
    with right:
        draw.draw_line(view, "proactive", found["proactive"], told.get("proactive", ""), laws=True)
    left, right = layout.row(2)
    with left:
        draw.draw_bars(view, "forms", found["forms"], coloured=True)
    with right:
        draw.draw_bars(view, "agencies", found["agencies"])
    layout.heading("From opening to conviction")
    draw.draw_funnel(view, found)
    left, right = layout.row(2)
    with left:
        headline = say.apart(view, found["reached"], "A trafficking charge was reached in")
        draw.draw_bars(view, "reached", found["reached"], headline, coloured=True)
    with right:
        both = [found["by_arrest"], found["by_exception"]]
        headline = say.clearances(*both)
        draw.draw_bars(view, "outcomes", [found["outcomes"], *both], headline, [draw.APART])


def charges(view: frame.View, found: draw.Answers, told: draw.Headlines) -> None:
    left, right = layout.row(2)
    with left:
        headline = told.get("trafficking", "")
        draw.draw_line(view, "charges", found["charges"], headline, [say.unlinked(found["links"])])
    with right:
        draw.draw_line(view, "time", found["time"], told.get("time", ""))
    draw.draw_bars(
        view, "dispositions", [found["dispositions"], found["convicted"]], say.convictions(found["convicted"])
    )


def operations(view: frame.View, found: draw.Answers, told: draw.Headlines) -> None:
    draw.draw_met(view, found)
    left, right = layout.row(2)
    with left:
        draw.draw_line(view, "referred", found["referred"], told.get("referred", ""))
    with right:
        headline = say.exploited(found["exploited"], found["exploited_share"])
        draw.draw_line(view, "exploited", found["exploited_over_time"], headline)
    left, right = layout.row(2)
    with left:
        draw.draw_line(view, "held", found["held"])
    with right:
        draw.draw_line(view, "per_operation", found["per_operation"], told.get("per_operation", ""))


frame.show("enforcement", body)
