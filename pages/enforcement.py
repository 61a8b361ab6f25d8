"""Enforcement: investigations, how far they come, charges and courts, and people met in operations."""

from ui.app import frame
from ui.cards.card import Card, Needs, Section
from ui.topics.enforcement import fbi, stages

YEARS = ("period",)
OPENED = "investigations_opened"

PAGE = (
    Section(
        "Investigations",
        (Card("opened", OPENED, YEARS), Card("proactive", "proactive_share", YEARS, laws=True)),
        more=stages.WHICH,
        needs=Needs("Investigations, and how far they have come", "investigation"),
    ),
    Section(
        "From opening to conviction",
        (stages.STAGES,),
        more=(
            Card("reached", "trafficking_charge_reached_share", ("form",), coloured=True),
            Card("outcomes", OPENED, ("investigation_outcome",)),
            *stages.CLEARED,
            Card("arrest_to_charge", "prosecution_share", YEARS),
        ),
        choices=(stages.SPLIT,),
        only_with=(OPENED,),
    ),
    Section(
        "Charges and courts",
        (
            Card("trafficking", "trafficking_charge_share", YEARS),
            Card("time", "median_days_to_disposition", YEARS),
        ),
        more=(
            Card("dispositions", "trafficking_charges_filed", ("charge_disposition",)),
            Card("convicted", "conviction_share", YEARS),
            Card("charges", "charges_filed", ("period", "charge_kind"), stages.CHARGE_KINDS),
            stages.LINKS,
        ),
        needs=Needs("Charges, what became of them and how long it took", "charge"),
    ),
    Section(
        "Operations: the people met",
        (
            Card("exploited", "arrested_exploited_share", YEARS),
            Card("referred", "operation_referred_share", YEARS),
        ),
        more=(
            stages.MET,
            Card("held", "operations_held", YEARS),
            Card("per_operation", "referred_per_operation", YEARS),
        ),
        needs=Needs("People met, referred and arrested in operations", "operation", ("people_met",)),
    ),
    Section(fbi.TITLE, (fbi.CARD,), choices=(fbi.STATE, fbi.PLACE), only_with=fbi.MEASURES),
)

frame.show("enforcement", PAGE)
