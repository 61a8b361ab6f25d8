"""The laws that hold in a place: their status on a day, by pillar. From the table ``law_provision``."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from analysis.catalog.model import PILLARS

STATUSES = ("in_force", "adopted", "proposed", "repealed")
INTERNATIONAL = "international"
STATUS_WORDS = {
    "in_force": "in force",
    "adopted": "adopted, not yet in force",
    "proposed": "proposed",
    "repealed": "repealed",
}


@dataclass(frozen=True)
class Provision:
    """One law as the tracker shows it; `day` is when it came or comes into force."""

    name: str
    level: str
    jurisdiction: str
    pillar: str
    status: str
    adopted: datetime.date | None
    day: datetime.date | None
    summary: str
    citation: str

    @property
    def shown_day(self) -> datetime.date | None:
        """When it came or comes into force, else when it was adopted; None for one that is proposed."""
        return self.day or self.adopted

    @property
    def country(self) -> str:
        """Whose law it is: the jurisdiction, or "international" for a treaty."""
        return INTERNATIONAL if self.level == INTERNATIONAL else self.jurisdiction


def status_of(law: dict[str, Any], day: datetime.date) -> str:
    """Return the status a law says it has, brought up to a day; else the one that its days tell.

    A law that was entered as adopted is in force once its day has come.
    """
    said, effective = law.get("status"), law.get("effective")
    if said in ("proposed", "repealed"):
        return str(said)
    if effective is None:
        return str(said or "adopted")
    return "in_force" if effective <= day else "adopted"


def provisions(
    laws: Iterable[dict[str, Any]], home: str, day: datetime.date, nation: str = ""
) -> list[Provision]:
    """Return the laws of a place, oldest first; national laws of other countries are left out.

    Parameters
    ----------
    laws
        Rows of ``law_provision``.
    home
        Alpha-2 code of the country; empty: every law is kept.
    day
        The day of looking.
    nation
        Another nation, whose laws and international ones are wanted instead.
    """
    found = [
        Provision(
            name=law["short_name"],
            level=law["level"],
            jurisdiction=law["jurisdiction"],
            pillar=law["pillar"] if law["pillar"] in PILLARS else "not_recorded",
            status=status_of(law, day),
            adopted=law["adopted"],
            day=law["effective"],
            summary=law["summary"] or "",
            citation=law["citation"] or "",
        )
        for law in laws
        if _holds(law, home, nation)
    ]
    return sorted(found, key=lambda one: (one.shown_day or datetime.date.max, one.name))


def _holds(law: dict[str, Any], home: str, nation: str) -> bool:
    if law["level"] == INTERNATIONAL:
        return True
    if nation:
        return bool(law["jurisdiction"] == nation)
    return not (home and law["level"] == "national" and law["jurisdiction"] != home)


def by_pillar(found: Sequence[Provision], status: str = "in_force") -> dict[str, int]:
    """Return how many provisions of a status each pillar has, every pillar in its order."""
    return {pillar: sum(one.pillar == pillar and one.status == status for one in found) for pillar in PILLARS}


def by_country(found: Sequence[Provision], status: str = "in_force") -> dict[str, int]:
    """Return how many provisions of a status each country has, the most first and treaties last."""
    held = [one.country for one in found if one.status == status]
    return {
        country: held.count(country)
        for country in sorted(set(held), key=lambda one: (one == INTERNATIONAL, -held.count(one), one))
    }
