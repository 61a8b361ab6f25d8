"""The standard order of a briefing: title and fifteen sections, as task forces speak it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from analysis.briefing.briefing import Briefing, item

APPENDIX = ("methods", "appendix")


@dataclass(frozen=True)
class Part:
    """One section: its title, its cards as page and key, and what would be here where they have nothing.

    `also` says it of a further page whose cards stand in the section: they have something, or lack it, on
    their own.
    """

    title: str
    cards: tuple[tuple[str, str], ...]
    what: str
    also: Mapping[str, str] = field(default_factory=dict)

    def what_of(self, page: str) -> str:
        """Return what would be here of a page."""
        return self.also.get(page, self.what)


PARTS = (
    Part(
        "What changed",
        (("overview", "summary"), ("overview", "changes")),
        "What changed since the last meeting",
    ),
    Part("Headline figures", (("overview", "headlines"),), "Headline figures"),
    Part("The trend", (("overview", "trend"),), "People identified, year by year"),
    Part(
        "Who, and how",
        (("people_and_forms", "forms"), ("people_and_forms", "age")),
        "Forms of exploitation, and who was identified",
    ),
    Part("Where", (("geography", "map"),), "A map of the areas in bands"),
    Part(
        "Referrals and waits",
        (("pathway", "flow"), ("pathway", "service_wait")),
        "How far referrals come, and how long people wait",
    ),
    Part(
        "Service gaps",
        (("gaps", "largest"), ("gaps", "matrix"), ("gaps", "reasons")),
        "Where need goes unmet, and why",
    ),
    Part("Enforcement", (("enforcement", "stages"),), "From investigation to conviction"),
    Part(
        "Prevention and training",
        (("prevention", "reach"), ("prevention", "trained_share"), ("initiatives", "effect")),
        "Who was reached and trained",
        {"initiatives": "What was counted while an initiative ran"},
    ),
    Part(
        "Partnerships",
        (("partnerships", "overdue"), ("partnerships", "ending")),
        "Actions overdue, and agreements that end",
    ),
    Part("Outcomes", (("outcomes", "domains"),), "How survivors fare"),
    Part("Funding", (("funding", "cliff"),), "Money that ends"),
    Part(
        "Data quality",
        (
            ("data_quality", "coverage"),
            ("data_quality", "completeness"),
            ("hidden_population", "estimate"),
            ("hidden_population", "agreement"),
        ),
        "Who reports, and how complete the records are",
        {"hidden_population": "About how many people are on no list"},
    ),
    Part(
        "Recommendations", (("partnerships", "recommendations"),), "Recommendations and what became of them"
    ),
    Part("Definitions and caveats", (APPENDIX,), "How each figure is measured"),
)


def standard(filters: Mapping[str, str], title: str = "") -> Briefing:
    """Return the briefing of the standard order, all of its cards with the same filters."""
    items = [item(*card, filters) for part in PARTS for card in part.cards]
    return Briefing(title, tuple(items))


def part_of(page: str, card: str) -> Part | None:
    """Return the section of the standard order that a card stands in; None for one that is in none."""
    return next((part for part in PARTS if (page, card) in part.cards), None)
