"""The card of ages."""

from analysis.findings.finding import Finding
from analysis.findings.topics.ages import half_younger
from ui.cards.card import Ask, Card, Shown


def _ages(shown: Shown) -> Finding:
    """Return the share of children, and up to which age half of the people were."""
    return half_younger(shown.answer, shown.answers.get("children"), shown.scope)


CARD = Card(
    "age",
    "detected_persons",
    ("age_band",),
    say=_ages,
    more={"children": Ask("child_share")},
    in_table=("children",),
)
