"""Initiatives: what was counted while a campaign, an agreement, a law ran, beside where it did not."""

from ui.app import frame
from ui.cards.card import Needs, Section
from ui.topics.initiatives import cards
from ui.topics.initiatives.choices import CHOICE

NEEDS = Needs(
    "What was counted while a campaign, an agreement or a law ran, beside where it did not",
    "campaign",
    ("detected_persons", "referrals_made", "tips_received"),
)

PAGE = (
    Section(
        "One initiative",
        (cards.EFFECT, cards.OTHERS),
        more=(cards.ALONE, cards.PLACEBOS),
        choices=(CHOICE,),
        needs=NEEDS,
    ),
    Section(
        "All initiatives",
        (cards.REGISTER,),
        needs=Needs(
            "Campaigns, agreements and laws, with the days they began",
            "campaign",
            registers=("campaign", "agreement"),
        ),
    ),
)

frame.show("initiatives", PAGE)
