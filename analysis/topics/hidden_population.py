"""The estimate of people on no list as a release holds it: figures and bands, or why there is none."""

from dataclasses import dataclass, replace
from typing import Any

from analysis.catalog.model import Catalog
from analysis.release.release import Release

POPULATION, OVERLAP, AGREEMENT = "hidden_population", "hidden_overlap", "hidden_agreement"
TABLES = (POPULATION, OVERLAP, AGREEMENT)
ESTIMATED, WITHHELD = "estimated", "withheld"
OF_RELEASES = "hub"  # a release made of releases has no lists
METHOD, WITHOUT = "method", "list"
METHODS = {
    "stepwise": "Stepwise, as in Chan, Silverman & Vincent (2021)",
    "bic": "Best balance of fit and simplicity (BIC)",
    "aic": "The older steps of the first United Kingdom estimate (AIC)",
}
_INTERVALS = {"bca": "95% interval, the model chosen anew in each of {:,} resamples"}
NOT_EVERYONE = "An estimate of people who could have been listed, not of everyone who is exploited."
WITH_CARE = "Most resamples lie on one side of the estimate: read the interval with care."


@dataclass(frozen=True)
class Overlap:
    """How many people are on two lists, in a band; `below` is None where it has no end."""

    one: str
    other: str
    at_least: int
    below: int | None

    @property
    def words(self) -> str:
        """The band: "1,000–1,999", "fewer than 10, or none", "10,000 or more"."""
        if not self.at_least:
            return f"fewer than {self.below}, or none"
        if self.below is None:
            return f"{self.at_least:,} or more"
        return f"{self.at_least:,}–{self.below - 1:,}"


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

    @property
    def interval_words(self) -> str:
        """How the interval was made."""
        return _INTERVALS[self.interval_method].format(self.resamples)

    @property
    def notes(self) -> tuple[str, ...]:
        """What stands beside the number: of whom it is, and how to read its interval."""
        if not self.is_estimated:
            return ()
        return (NOT_EVERYONE, WITH_CARE) if self.is_shifted else (NOT_EVERYONE,)


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


def list_name(code: str, catalog: Catalog) -> str:
    """Return the words for a list: its kind of agency, or its number."""
    return catalog.subjects["person"].list_names.get(code, code.replace("_", " ").capitalize())


def _rows(release: Release, table: str, collection: str, *left_out: str) -> list[dict[str, Any]]:
    found = release.table(table)
    if found.is_empty():
        return []
    return [
        {name: value for name, value in row.items() if name not in ("collection", *left_out)}
        for row in found.to_dicts()
        if row["collection"] == collection
    ]
