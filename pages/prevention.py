"""Prevention and training: whom outreach reached, what training changed, and who came to Safe Places."""

from ui.app import frame
from ui.cards.card import Card, Needs, Section
from ui.topics.initiatives.cards import CAMPAIGN_EFFECT, CAMPAIGN_OTHERS
from ui.topics.initiatives.choices import CAMPAIGN
from ui.topics.prevention import campaigns, reach, training

YEARS = ("period",)
KIND = ("safe_place_kind",)

PAGE = (
    Section(
        "Outreach",
        (reach.PLACES, reach.LANGUAGES),
        more=(
            Card("reach", "people_reached", YEARS),
            Card("hosts", "people_reached", ("host_type",)),
            Card("areas", "reach_per_1000", ("area",), settled=True),
            Card("cost", "cost_per_person_reached", YEARS),
            Card("cost_hosts", "cost_per_person_reached", ("host_type",)),
        ),
        needs=Needs("People reached by area, host and language", "outreach_event", ("people_reached",)),
    ),
    Section(
        "Campaigns",
        (CAMPAIGN_EFFECT,),
        more=(CAMPAIGN_OTHERS, campaigns.LIST),
        choices=(CAMPAIGN,),
        needs=Needs("Campaigns, and what was reported while they ran", "campaign", registers=("campaign",)),
    ),
    Section(
        "Training",
        (training.TRAINED_SHARE, training.KNOWLEDGE),
        more=(
            Card("trained_total", "people_trained", YEARS),
            training.PASSED,
            Card("trained", "people_trained", ("period", "audience_role"), wide=True),
        ),
        needs=Needs("People trained by role, and what they learnt", "training_session", ("people_trained",)),
    ),
    Section(
        "Safe Places",
        (reach.PASSED_ON, reach.CONTACTS),
        more=(
            Card("sites", "safe_places_open", YEARS),
            Card("hours", "hours_per_safe_place", KIND),
            Card("site_kinds", "safe_places_open", ("period", "safe_place_kind"), wide=True),
        ),
        needs=Needs("Safe Places, and who asked for help there", "safe_place", ("safe_places_open",)),
    ),
    Section(
        "Training beside people identified",
        training.BESIDE,
        choices=(training.ROLE,),
        only_with=("people_trained",),
    ),
)

frame.show("prevention", PAGE)
