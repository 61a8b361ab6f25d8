"""Decisions and reports of the United Kingdom, each on an axis of its own, beside the pathway."""

from ui.cards.card import Card, Section

MEASURES = (
    *("nrm_first_decisions", "nrm_final_decisions", "nrm_first_decision_share"),
    *("nrm_final_decision_share", "nrm_duty_to_notify"),
)
APART = "Published by the Home Office, about other people and places. Never added to the figures above."


def national() -> Section:
    """Return the section, which is there only where such figures were loaded."""
    cards = tuple(
        Card(code, code, ("period",), parts={"period_level": "quarter"}, notes=(APART,)) for code in MEASURES
    )
    title = "Beside it: the United Kingdom's National Referral Mechanism"
    return Section(title, cards, only_with=MEASURES)
