"""One area: a county or district on one page, each figure beside the region's."""

from ui.app import frame
from ui.cards.card import Card, Drawing, FactCard, Section
from ui.topics.area.profile import area_of, asks, draw_picker, table
from ui.topics.area.quality import reports_by_month

YEARS = ("period",)
PEOPLE = ("detected_persons", "detection_rate_per_100k", "child_share", "self_report_share")
PATHWAY = (
    *("tips_received", "tips_within_24h_share", "referrals_made", "acceptance_share"),
    *("contact_within_48h_share", "first_service_share", "service_wait_median"),
)
NEEDS = ("service_needs", "needs_unmet", "unmet_need_share", "reach_60_share", "places", "occupancy")
RESPONSE = (
    *("investigations_opened", "arrest_share", "people_reached", "people_trained"),
    *("outcome_improved_share", "public_funding"),
)

PAGE = (
    Section("", (Drawing("picker", draw_picker),)),
    Section(
        "People and forms",
        (
            FactCard("people", table(PEOPLE, "People identified"), asks(PEOPLE)),
            Card("people_years", "detected_persons", YEARS),
            Card("forms", "form_share", ("form",), coloured=True),
        ),
        when=area_of,
    ),
    Section(
        "Needs and places", (FactCard("needs", table(NEEDS, "Needs and places"), asks(NEEDS)),), when=area_of
    ),
    Section(
        "Reports, referrals and waits",
        (FactCard("pathway", table(PATHWAY, "Reports and referrals"), asks(PATHWAY)),),
        more=(
            Card("referrals_years", "referrals_made", YEARS),
            Card("contact_years", "contact_within_48h_share", YEARS),
        ),
        when=area_of,
    ),
    Section(
        "Response",
        (FactCard("response", table(RESPONSE, "Enforcement, prevention, money"), asks(RESPONSE)),),
        when=area_of,
    ),
    Section(
        "How sure",
        (FactCard("reports", reports_by_month),),
        when=area_of,
    ),
)

frame.show("area", PAGE)
