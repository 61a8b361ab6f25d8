"""How much of a release can be shown, by how finely people are divided: period × area × one dimension.

Counts published cells against the grid of the code lists. A question about one table gives the same two
numbers (`analysis.answers.finest_level.shown`); here all tables are counted with one look-up.
"""

import functools
import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from analysis import periods
from analysis.catalog.model import NOT_RECORDED, ROSTER, Catalog, Subject
from analysis.periods import PERIOD_LEVELS
from analysis.questions.checked import codes_of
from analysis.questions.question import fits
from analysis.release.index.cells import Address, address_of
from analysis.release.release import Collection, Release


@dataclass(frozen=True)
class ShownShare:
    """Numbers of one kind that can be shown.

    Attributes
    ----------
    split
        Dimension that people are divided by; empty for none.
    period_level
        month, quarter or year.
    area_level
        Level of the areas; None for the whole region.
    shown, total
        Numbers that can be shown, and numbers there would be. What was not collected does not count.
    """

    split: str
    period_level: str
    area_level: int | None
    shown: int
    total: int

    @property
    def share(self) -> float:
        """Share that can be shown, 0 to 1; 0 where there is nothing to show."""
        return self.shown / self.total if self.total else 0.0


def together(rows: Iterable[ShownShare]) -> float:
    """Return the share that can be shown of several kinds of numbers taken together, 0 to 1."""
    listed = list(rows)
    total = sum(row.total for row in listed)
    return sum(row.shown for row in listed) / total if total else 0.0


def shown_shares(release: Release, catalog: Catalog, collection: Collection) -> tuple[ShownShare, ...]:
    """Return every combination of a period level, an area level and at most one dimension that may be asked.

    Parameters
    ----------
    release, catalog
        An open release and the catalog.
    collection
        One of the release's collections.

    Returns
    -------
    tuple of ShownShare
        By dimension in catalog order (none first), then year, quarter, month, then coarse to fine areas.
    """
    return _shown_shares(release.release_id, catalog.sha256, collection, _Held(release, catalog))


class _Held:
    """Carries release and catalog through the cache without taking part in its key."""

    def __init__(self, release: Release, catalog: Catalog) -> None:
        self.release, self.catalog = release, catalog

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Held)

    def __hash__(self) -> int:
        return 0


@functools.lru_cache(maxsize=8)
def _shown_shares(
    _release_id: str, _catalog_sha256: str, collection: Collection, held: _Held
) -> tuple[ShownShare, ...]:
    release, catalog = held.release, held.catalog
    subject = catalog.subjects[collection.subject]
    counted = _cells(release, subject, collection)
    resolution = PERIOD_LEVELS.index(collection.period_resolution)
    span = periods.Span(
        periods.span_of(collection.first_period).first, periods.span_of(collection.last_closed_month).last
    )
    found = []
    for split, level, area_level in itertools.product(
        ("", *subject.dimensions), reversed(PERIOD_LEVELS[resolution:]), _area_levels(release, collection)
    ):
        dims = tuple(dict.fromkeys((*subject.always, split))) if split else subject.always
        areas = len(release.areas[collection.geography].at(area_level)) if area_level else 1
        if not fits(subject, catalog, level, area_level is not None, dims):
            continue
        times = periods.periods_inside(span, level)
        total = areas * _categories(release, catalog, collection, split, times)
        total = _of_parts(total, len(release.task_forces), by_area=bool(area_level), by_who=split == "source")
        for code in set(subject.always) - {split}:
            total *= len(codes_of(catalog.dimensions[code], release, collection.collection))
        shown = counted.get(address_of(subject, collection.collection, level, area_level, dims), 0)
        found.append(ShownShare(split, level, area_level, total if release.is_exact else shown, total))
    return tuple(found)


def _of_parts(total: int, task_forces: int, *, by_area: bool, by_who: bool) -> int:
    """Return the numbers behind so many sums: of a hub the whole has one of each task force, an area one."""
    if not task_forces or by_area != by_who:
        return total
    return total // task_forces if by_area else total * task_forces


def _cells(release: Release, subject: Subject, collection: Collection) -> Mapping[Address, int]:
    """Return published cells by table; the area "not recorded" is not an area of the grid."""
    not_an_area, found = {NOT_RECORDED: 0}, {}
    for address, rows in release.index(subject).cells_of(collection.collection):
        counted = rows.places("area", not_an_area)[rows.column("area")] < 0
        found[address] = int(counted.sum() if rows.parts is None else rows.parts[counted].sum())
    return found


def _area_levels(release: Release, collection: Collection) -> tuple[int | None, ...]:
    geography = release.areas.get(collection.geography)
    if geography is None:
        return (None,)
    return (None, *(level for level in (1, 2) if geography.at(level)))


def _categories(
    release: Release, catalog: Catalog, collection: Collection, split: str, times: Sequence[str]
) -> int:
    """Return how many pairs of period and category there are; a silent contributor has none."""
    if not split:
        return len(times)
    dimension = catalog.dimensions[split]
    if dimension.codes_from != ROSTER:
        return len(times) * len(codes_of(dimension, release, collection.collection))
    silent = (
        release.silent[collection.collection, one] for one in release.contributors(collection.collection)
    )
    return sum(_reported(time, months) for months in silent for time in times)


def _reported(time: str, silent: frozenset[str]) -> bool:
    span = periods.span_of(time)
    return any(periods.code_of(month, "month") not in silent for month in range(span.first, span.last + 1))
