"""Partnerships and law: what is overdue and ends, who takes part and refers to whom, laws and duties."""

from ui.app import frame
from ui.cards.card import Card, Needs, Section
from ui.topics.partnerships import agreements, laws, network

YEARS = ("period",)

PAGE = (
    Section(
        "Actions and recommendations",
        (agreements.OVERDUE,),
        more=(Card("on_time", "actions_on_time_share", YEARS), agreements.RECOMMENDATIONS),
        needs=Needs("Actions that are overdue, and recommendations enacted", "action", registers=("action",)),
    ),
    Section(
        "Agreements",
        (agreements.ENDING, agreements.LAPSED),
        more=(agreements.IN_FORCE, Card("agreements", "agreements_active", YEARS, wide=True)),
        needs=Needs("Agreements that end soon or were not renewed", "partnership", registers=("agreement",)),
    ),
    Section(
        "Who takes part, and who refers to whom",
        (network.NETWORK,),
        more=(
            agreements.ORGANISATIONS,
            agreements.ATTENDANCE,
            Card("meetings", "meetings_held", YEARS),
            agreements.HAND_OFF,
        ),
        choices=(network.LOOK,),
    ),
    Section(
        "Laws and legal duties",
        (laws.LAWS, laws.REPORTING, laws.DUTIES_MET),
        more=(
            laws.REPORTING_YEARS,
            Card("duties_time", laws.DUTIES, YEARS),
            Card("duties_pillar", laws.DUTIES, ("period", "pillar"), notes=laws.pillars, wide=True),
        ),
        choices=(laws.WHOSE,),
    ),
)

frame.show("partnerships", PAGE)
