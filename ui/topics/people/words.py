"""The headline of ages."""

from analysis.findings.finding import Finding
from analysis.findings.topics.ages import half_younger
from ui.cards.card import Shown


def ages(shown: Shown) -> Finding:
    """Return the share of children, and up to which age half of the people were."""
    return half_younger(shown.answer, shown.answers.get("children"), shown.scope)
