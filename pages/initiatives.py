"""Initiatives: what was counted while a campaign, an agreement, a law ran, beside where it did not."""

from ui.app import frame
from ui.cards.card import Needs, Section
from ui.topics.initiatives import cards
from ui.topics.initiatives.choices import CHOICE, has_none, listed, studied

REGISTERS = ("campaign", "agreement")
WHAT = "What was counted while a campaign, an agreement or a law ran"

PAGE = (
    Section(
        "One initiative",
        (cards.EFFECT, cards.OTHERS),
        more=(cards.ALONE, cards.PLACEBOS),
        choices=(CHOICE,),
        when=studied,
    ),
    Section("What is missing", (), needs=Needs(WHAT, "campaign", registers=REGISTERS), when=has_none),
    Section("All initiatives", (cards.REGISTER,), when=listed),
)

frame.show("initiatives", PAGE)
