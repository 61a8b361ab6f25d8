"""Service gaps: need, places, reach and reasons not served, and what would close a gap."""

from ui.app import frame, states
from ui.cards import layout
from ui.topics.gaps import gaps_asked, gaps_figures, gaps_reach, gaps_smallest, gaps_what_if

THEN = ", fill it in, then: python -m etl load … && python -m etl release"


def body(view: frame.View) -> None:
    gaps = gaps_asked.look_up(view)
    rows = gaps.situations()
    layout.heading("Where need goes unmet")
    if gaps.answer("needs_unmet/1"):
        gaps_figures.draw_largest(gaps)
        gaps_figures.draw_matrix(gaps)
        layout.heading("Why needs were not met")
        gaps_figures.draw_reasons(gaps)
        gaps_figures.draw_no_place(gaps)
    elif refusal := gaps.refusal("needs_unmet/1"):
        states.problem(refusal)
    else:
        states.empty(
            "What people needed, whether they got it and why not, by area, group and type of service",
            f"python -m etl template service_need{THEN}",
        )
    layout.heading("Places, and whom they are for")
    if gaps.answer("places/1"):
        gaps_figures.draw_balance(gaps, rows)
        gaps_figures.draw_occupancy(gaps)
        gaps_figures.draw_waits(gaps)
        gaps_figures.draw_turned_away(gaps)
    elif refusal := gaps.refusal("places/1"):
        states.problem(refusal)
    else:
        states.empty(
            "How many places there are and for whom, how full they are, and who was turned away",
            f"python -m etl template service_capacity{THEN}",
        )
    layout.heading("What would close a gap")
    if any(one.can_be_asked for one in rows):
        gaps_what_if.draw(gaps, rows)
        gaps_smallest.draw_smallest(gaps, rows)
    else:
        layout.note(
            "What if there were more places",
            "Here needs and places are set against each other. Both must be loaded, with numbers large "
            "enough to be shown.",
        )
    layout.heading("Within reach")
    gaps_reach.draw_reach(gaps)
    layout.heading("The directory")
    gaps_reach.draw_directory(gaps)


frame.show("gaps", body)
