"""People and forms: how many people, how they were exploited, who they are, how they were recruited."""

from ui.app import frame
from ui.cards.card import Card, Needs, Section
from ui.topics.people import ages
from ui.topics.people.together import COLUMNS, ROWS

YEARS = ("period",)
PEOPLE = ("detected_persons",)

PAGE = (
    Section(
        "How many people, and how it changed",
        (
            Card("people", "detected_persons", YEARS, laws=True),
            Card("children", "child_share", YEARS),
        ),
        more=(
            Card("form_years", "form_share", ("period", "form"), wide=True),
            Card("confirmed_years", "confirmed_share", YEARS),
            Card("confirmed", "confirmed_share", ("identified_by",)),
        ),
        needs=Needs("People identified, by form of exploitation, age, gender and more", "person"),
    ),
    Section(
        "How people were exploited",
        (
            Card("forms", "form_share", ("form",), coloured=True),
            Card("pairs", "form_pair", ("form_pair",)),
        ),
        more=(
            Card("children_by_form", "child_share", ("form",)),
            Card("sector", "sector_share", ("sector",)),
        ),
        only_with=PEOPLE,
    ),
    Section(
        "Who was identified, and how",
        (
            ages.CARD,
            Card("gender", "gender_share", ("gender",)),
        ),
        more=(
            Card("citizenship", "detected_persons", ("citizenship_group",)),
            Card("identified_by", "detected_persons", ("identified_by",)),
            Card("recruitment", "recruitment_method_share", ("recruitment_method",)),
            Card("control", "control_method_share", ("control_method",)),
            Card("vulnerability", "vulnerability_share", ("vulnerability",)),
        ),
        only_with=PEOPLE,
    ),
    Section(
        "Two dimensions together",
        (Card("together", "detected_persons", (ROWS, COLUMNS), wide=True),),
        choices=(ROWS, COLUMNS),
        only_with=PEOPLE,
    ),
)

frame.show("people_and_forms", PAGE)
