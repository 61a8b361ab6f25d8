"""Referral pathway: from a report to a stable outcome, waits, backlog, hand-offs that stopped."""

from ui.app import controls, frame
from ui.cards import layout
from ui.topics.pathway import pathway_figures, pathway_waits
from ui.topics.reporting import respond_cards


def body(view: frame.View) -> None:
    if "referrals_made" in respond_cards.known(view) | respond_cards.known_on(view, "explore"):
        layout.heading("How far referrals come")
        draw_compared(view, has_services=pathway_figures.draw_pathway(view))
        layout.heading("How long people wait")
        pathway_waits.draw_waits(view)
        layout.heading("What has not moved")
        pathway_waits.draw_backlog(view)
        pathway_figures.draw_hand_offs(view)
    else:
        respond_cards.missing("Referrals from the first report to a stable outcome", "referral")
    pathway_waits.draw_national(view)


def draw_compared(view: frame.View, *, has_services: bool) -> None:
    left, right, _ = layout.row([3, 3, 2])
    with left:
        by = controls.page_choice("compare", "Compare", COMPARE, "area_kind")
    with right:
        steps = pathway_figures.steps_to_compare(view, has_services=has_services)
        step = controls.page_choice(
            "step", "Step", steps, "first_service_share" if has_services else "acceptance_share"
        )
    pathway_figures.draw_compared(view, by, step)


COMPARE = {
    "area_kind": "Urban and rural areas",
    "from_org_type": "Organisations that refer",
    "to_org_type": "Organisations that receive",
    "agreement": "With and without an agreement",
    "service_type": "Services",
}

frame.show("pathway", body)
