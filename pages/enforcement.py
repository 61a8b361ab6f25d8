"""Enforcement: investigations, how far they come, charges and courts, and people met in operations."""

from ui import enforcement_figures as draw
from ui import enforcement_published as published
from ui import enforcement_words as say
from ui import frame, layout


def body(view: frame.View) -> None:
    layout.heading("Investigations")
    opened = draw.ask(view, "investigation")
    if opened:
        investigations(view, opened)
    else:
        draw.missing("investigation")
    layout.heading("Charges and courts")
    found = draw.ask(view, "charge")
    if found:
        charges(view, found)
    else:
        draw.missing("charge")
    layout.heading("Operations: the people met")
    found = draw.ask(view, "operation_person")
    if found:
        operations(view, found)
    else:
        draw.missing("operation_person")
    if published.is_loaded(view):
        layout.heading("Beside figures that the FBI publishes")
        published.draw(view, opened.get("opened"))


def investigations(view: frame.View, found: draw.Answers) -> None:
    told = draw.early_and_late(view, found, {"proactive": "The proactive share of investigations"})
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


def charges(view: frame.View, found: draw.Answers) -> None:
    names = {
        "trafficking": "The share of charges that were trafficking charges",
        "time": "The median time from charge to disposition",
    }
    told = draw.early_and_late(view, found, names)
    left, right = layout.row(2)
    with left:
        headline = told.get("trafficking", "")
        draw.draw_line(view, "charges", found["charges"], headline, [say.unlinked(found["links"])])
    with right:
        draw.draw_line(view, "time", found["time"], told.get("time", ""))
    draw.draw_bars(
        view, "dispositions", [found["dispositions"], found["convicted"]], say.convictions(found["convicted"])
    )


def operations(view: frame.View, found: draw.Answers) -> None:
    told = draw.early_and_late(
        view, found, {"referred": "The share of people met who were referred to a service"}
    )
    draw.draw_met(view, found)
    left, right = layout.row(2)
    with left:
        draw.draw_line(view, "referred", found["referred"], told.get("referred", ""))
    with right:
        headline = say.exploited(found["exploited"], found["exploited_share"])
        draw.draw_line(view, "exploited", found["exploited_over_time"], headline)


frame.show("enforcement", body)
