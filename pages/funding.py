"""Funding: where money comes from, what it pays for, when it ends, and what stops then."""

from ui.app import frame
from ui.cards.card import Card, Needs, Section
from ui.topics.funding import public_money

YEARS = ("period",)
HOUSING = {"service_type": ("housing",)}
POSTS = ("Few posts move in steps.",)
COSTS = ("expenditure_in_all", "cost_per_need_met", "cost_per_accepted_referral", "cost_per_bed_night")
PUBLIC = "public_funding"

PAGE = (
    Section(
        "When money ends",
        (public_money.CLIFF, public_money.STOPS, public_money.NEED),
        needs=Needs(
            "Public money that ends, what stops with it, and where money comes from",
            "funding_award",
            registers=("award",),
        ),
    ),
    Section(
        "Where money comes from",
        (Card("public", PUBLIC, YEARS), Card("per_resident", "public_funding_per_1000", YEARS)),
        more=(
            public_money.FUNDERS,
            Card("sources", PUBLIC, ("period", "funder_kind")),
            Card("purposes", PUBLIC, ("period", "award_purpose")),
            Card("private", "private_funding", YEARS),
        ),
        only_with=(PUBLIC, "private_funding"),
    ),
    Section(
        "What help costs",
        (
            Card("per_person", "cost_per_person_helped", YEARS),
            Card("per_need", COSTS[1], ("service_type",), settled=True),
        ),
        more=(
            Card("spent", COSTS[0], YEARS),
            Card("helped", "people_helped", YEARS),
            Card("per_referral", COSTS[2], ("service_type",), settled=True),
            Card("per_night", COSTS[3], YEARS, HOUSING),
        ),
        needs=Needs(
            "What each kind of help costs, and how many people it reached", "expenditure", measures=COSTS
        ),
    ),
    Section(
        "Posts",
        (Card("vacancy", "vacancy_share", ("period", "service_type"), wide=True, notes=POSTS),),
        needs=Needs("Posts not filled, by kind of help", "staffing"),
    ),
)

frame.show("funding", PAGE)
