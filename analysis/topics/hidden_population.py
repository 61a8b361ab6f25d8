"""The estimate of people on no list as a release holds it: figures and bands, or why there is none."""

from dataclasses import dataclass, replace
from typing import Any

from analysis.release.release import Release

POPULATION, OVERLAP, AGREEMENT = "hidden_population", "hidden_overlap", "hidden_agreement"
TABLES = (POPULATION, OVERLAP, AGREEMENT)
ESTIMATED, WITHHELD = "estimated", "withheld"
OF_RELEASES = "hub"  # a release made of releases has no lists
METHOD, WITHOUT = "method", "list"


@dataclass(frozen=True)
class Overlap:
    """How many people are on two lists, in a band; `below` is None where it has no end."""

    one: str
    other: str
    at_least: int
    below: int | None


@dataclass(frozen=True)
class Agreement:
    """How far another answer lies from the estimate: by another method, or without one list."""

    kind: str
    code: str
    agreement: str


@dataclass(frozen=True)
class HiddenPopulation:
    """An estimate, or the code of why there is none.

    Attributes
    ----------
    years
        First and last year, as codes of periods; empty where no whole year is closed.
    estimate, lower, upper
        People who could have been listed, those who were included; to two figures.
    listed, lists
        People on any list, to two figures; how many lists.
    method, interval_method, resamples, is_shifted
        How it was made, and whether its interval is to be read with care.
    """

    status: str
    reason: str = ""
    years: tuple[str, ...] = ()
    estimate: int = 0
    lower: int = 0
    upper: int = 0
    listed: int = 0
    lists: int = 0
    method: str = ""
    interval_method: str = ""
    resamples: int = 0
    is_shifted: bool = False
    overlaps: tuple[Overlap, ...] = ()
    agreements: tuple[Agreement, ...] = ()

    @property
    def is_estimated(self) -> bool:
        """Whether there is a number."""
        return self.status == ESTIMATED


def hidden_population(release: Release, collection: str) -> HiddenPopulation | None:
    """Return what a release tells of people on no list of a collection; None where it tells nothing."""
    if release.task_forces:
        return HiddenPopulation("refused", OF_RELEASES)
    rows = _rows(release, POPULATION, collection)
    if not rows:
        return None
    given = {name: value for name, value in rows[0].items() if value is not None}
    years = tuple(str(given.pop("period")).split("..")) if given.get("period") else ()
    given.pop("period", None)
    found = HiddenPopulation(**given, years=years)
    return replace(
        found,
        overlaps=tuple(Overlap(**row) for row in _rows(release, OVERLAP, collection, "period")),
        agreements=tuple(Agreement(**row) for row in _rows(release, AGREEMENT, collection, "period")),
    )


def _rows(release: Release, table: str, collection: str, *left_out: str) -> list[dict[str, Any]]:
    found = release.table(table)
    if found.is_empty():
        return []
    return [
        {name: value for name, value in row.items() if name not in ("collection", *left_out)}
        for row in found.to_dicts()
        if row["collection"] == collection
    ]
