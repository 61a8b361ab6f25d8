"""Referral pathway: from a report to a stable outcome, waits, open referrals, hand-offs that fell away."""

from ui.app import frame
from ui.cards.card import Card, FactCard, Needs, Section
from ui.topics.pathway import bands, flow, followed, hand_offs, waits
from ui.topics.pathway.national import national

YEARS = ("period",)
REFERRALS = ("referrals_made",)

PAGE = (
    Section(
        "How far referrals come",
        (flow.FLOW,),
        more=(
            Card("reasons", flow.MADE, ("decline_reason",), bands.DECLINED),
            Card("services", flow.MADE, ("service_type",)),
            Card("acceptance", "acceptance_share", YEARS),
            Card("stable", "stable_outcome_share", YEARS, lacks=waits.lacks_services),
        ),
        needs=Needs("Referrals from the first report to a stable outcome", "referral", REFERRALS),
    ),
    Section(
        "How long people wait",
        (
            bands.wait("service_wait", "start_band", waits.SERVICE_WAIT, lacks=waits.lacks_services),
            bands.BY_AREA_KIND,
        ),
        more=(
            followed.FOLLOWED,
            Card("service_wait_years", "service_wait_median", YEARS, lacks=waits.lacks_services),
            Card("contact", "contact_within_48h_share", YEARS),
            bands.wait("decision_wait", "decision_band", waits.DECISION_WAIT),
            Card("decision", "decision_wait_median", YEARS),
        ),
        only_with=REFERRALS,
    ),
    Section(
        "Where groups differ",
        (waits.compared("compared", waits.BY), waits.compared("compared_years", "period", waits.BY)),
        more=(followed.GROUPS,),
        choices=(waits.BY, waits.STEP),
        only_with=REFERRALS,
    ),
    Section(
        "Referrals still open",
        (Card("backlog", "open_referrals", YEARS), Card("backlog_age", "open_over_90_share", YEARS)),
        only_with=("open_referrals",),
    ),
    Section(
        "Hand-offs that fell away",
        (FactCard("hand_offs", hand_offs.facts, hand_offs.ANSWERS),),
        only_with=REFERRALS,
    ),
    national(),
)

frame.show("pathway", PAGE)
