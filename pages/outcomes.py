"""Outcomes and barriers: how survivors fare, what stands in the way, and what may not be reported."""

from ui.app import frame
from ui.cards.card import Card, Needs, Section
from ui.topics.outcomes import low_reporting, voices

IMPROVED = "outcome_improved_share"
YEARS = ("period",)
BY_WAVE = ("period", "survey_item")

PAGE = (
    Section(
        "How survivors fare",
        (Card("domains", IMPROVED, ("outcome_domain",)), Card("outcomes", IMPROVED, YEARS)),
        needs=Needs("Outcomes of survivors by part of life", "outcome"),
    ),
    Section(
        "What may not be reported",
        (low_reporting.CARD,),
        needs=Needs(
            "Signs of low reporting: who tells, who believes it, who reports",
            "person",
            measures=low_reporting.PEOPLE,
        ),
    ),
    Section(
        "What stands between people and help",
        (voices.barriers("person"), voices.barriers("provider")),
        more=(voices.barriers("community"),),
        needs=Needs("Barriers of the person, of services and of the community", "barrier"),
    ),
    Section(
        "What people say about the help",
        (voices.ANSWERED, voices.SATISFIED),
        needs=Needs("Feedback of people served, with the share who answered", "feedback"),
    ),
    Section(
        "What interviewed people speak of",
        (voices.THEMES,),
        needs=Needs("Themes of interviews as numbers of people", "interview_theme"),
    ),
    Section(
        "What the public knows and thinks",
        (
            Card("stigma", voices.AGREEING, BY_WAVE, voices.STIGMA, say=voices.opinion, waves=True),
            Card("awareness", voices.AGREEING, BY_WAVE, voices.AWARENESS, say=voices.opinion, waves=True),
        ),
        needs=Needs("A survey of the public: stigma and awareness", "survey_item"),
    ),
)

frame.show("outcomes", PAGE)
