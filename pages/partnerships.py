"""Partnerships and law: what is overdue and ends, who takes part and refers to whom, laws and duties."""

from ui.app import frame
from ui.cards.card import Card, Needs, Section
from ui.topics.partnerships import agreements, laws, network

YEARS = ("period",)

PAGE = (
    Section(
        "Actions and recommendations",
        (
            agreements.OVERDUE,
            Card("on_time", "actions_on_time_share", YEARS),
            agreements.RECOMMENDATIONS,
        ),
        needs=Needs("Actions that are overdue, and recommendations enacted", "action", registers=("action",)),
    ),
    Section(
        "Agreements",
        (agreements.ENDING, agreements.LAPSED),
        more=(agreements.IN_FORCE, Card("agreements", "agreements_active", YEARS, wide=True)),
        needs=Needs("Agreements that end soon or were not renewed", "partnership", registers=("agreement",)),
    ),
    Section(
        "Who refers to whom",
        (network.NETWORK,),
        more=(agreements.HAND_OFF,),
        needs=Needs("Who refers to whom", "referral"),
        choices=(network.LOOK,),
    ),
    Section(
        "Who takes part",
        (agreements.ORGANISATIONS, agreements.ATTENDANCE),
        more=(Card("meetings", "meetings_held", YEARS),),
    ),
    Section("Laws", (laws.LAWS,), choices=(laws.WHOSE,)),
    Section(
        "Legal duties",
        (laws.REPORTING, Card("duties", laws.DUTIES, ("duty",), notes=laws.pillars)),
        more=(
            laws.REPORTING_YEARS,
            Card("duties_time", laws.DUTIES, YEARS),
            Card("duties_pillar", laws.DUTIES, ("period", "pillar"), wide=True),
        ),
        needs=Needs("Legal duties met, by duty and kind of organisation", "duty"),
    ),
)

frame.show("partnerships", PAGE)
