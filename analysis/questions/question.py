"""What may be asked: one frozen question, and the closed list that release and answers both keep to."""

import functools
import itertools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from analysis.catalog.model import Catalog, Subject
from analysis.periods import PERIOD_LEVELS

Where = tuple[tuple[str, tuple[str, ...]], ...]


def normal_where(where: Mapping[str, Iterable[str] | str] | Where | None) -> Where:
    """Return filters as a sorted tuple in which order and repetition no longer matter.

    Parameters
    ----------
    where
        Dimension to one code or several; a dimension without codes filters nothing and is dropped.
    """
    pairs = where.items() if isinstance(where, Mapping) else (where or ())
    found = []
    for name, codes in pairs:
        listed = (codes,) if isinstance(codes, str) else tuple(codes)
        if listed:
            found.append((str(name), tuple(sorted({str(code) for code in listed}))))
    return tuple(sorted(found))


@dataclass(frozen=True)
class Question:
    """One question: a measure, divided by dimensions, among those who fit the filters.

    Parameters
    ----------
    measure
        Code of a measure.
    by
        ``period``, ``area`` and dimensions: one row of the answer for each of their categories. Their
        order sets the order of the columns and nothing else.
    where
        Filters. Several codes of one dimension mean the sum of their shown cells.
    period_level
        ``month``, ``quarter`` or ``year``: the rows when ``period`` is in `by`.
    periods
        First and last period, both inside; all published periods when None.
    area_level
        Level of the rows when ``area`` is in `by`.
    collection
        Code of a collection; the task force's own, or else the first, when None.
    """

    measure: str
    by: tuple[str, ...] = ()
    where: Where = ()
    period_level: str = "year"
    periods: tuple[str, str] | None = None
    area_level: int | None = None
    collection: str | None = None

    def __init__(
        self,
        measure: str,
        by: Iterable[str] = (),
        where: Mapping[str, Iterable[str] | str] | Where | None = None,
        *,
        period_level: str = "year",
        periods: Iterable[str] | None = None,
        area_level: int | None = None,
        collection: str | None = None,
    ) -> None:
        by = (by,) if isinstance(by, str) else tuple(by)
        ends = None if periods is None else tuple(str(code) for code in periods)
        values: dict[str, Any] = {
            "measure": measure,
            "by": tuple(dict.fromkeys(by)),
            "where": normal_where(where),
            "period_level": period_level,
            "periods": (ends[0], ends[-1]) if ends else None,
            "area_level": area_level,
            "collection": collection,
        }
        for name, value in values.items():
            object.__setattr__(self, name, value)

    @property
    def filters(self) -> dict[str, tuple[str, ...]]:
        """The filters as a dictionary."""
        return dict(self.where)

    def changed(self, **values: Any) -> "Question":
        """Return the same question with some parts replaced."""
        parts = {name: getattr(self, name) for name in self.__dataclass_fields__}
        return Question(**{**parts, **values})


@dataclass(frozen=True)
class GroupingSet:
    """One table of the release: a period level, an area level or none, and dimensions in catalog order."""

    period_level: str
    area_level: int | None
    dims: tuple[str, ...]

    @property
    def size(self) -> int:
        """Dimensions at once, the period and the area counting as one each."""
        return 1 + (self.area_level is not None) + len(self.dims)


def fits(subject: Subject, catalog: Catalog, period_level: str, with_area: bool, dims: Iterable[str]) -> bool:
    """Return whether a combination is on the closed list.

    Parameters
    ----------
    subject, catalog
        What is counted, and the catalog it comes from.
    period_level
        month, quarter or year.
    with_area
        Whether the area is one of the dimensions.
    dims
        Codes of the other dimensions.
    """
    chosen = set(dims)
    if not set(subject.always) <= chosen <= set(subject.dimensions):
        return False
    families = [catalog.dimensions[code].family for code in chosen if catalog.dimensions[code].family]
    details = chosen & set(subject.detail)
    limits = subject.detail_limits if details else subject.limits
    size = 1 + with_area + len(chosen)
    return len(set(families)) == len(families) and len(details) <= 1 and size <= limits[period_level]


@functools.lru_cache(maxsize=16)
def _closed_list(code: str, sha256: str, holder: "_Holder") -> tuple[GroupingSet, ...]:
    subject, catalog = holder.catalog.subjects[code], holder.catalog
    found = []
    for level, area_level in itertools.product(PERIOD_LEVELS, (None, *subject.area_levels)):
        for size in range(5):
            for dims in itertools.combinations(subject.dimensions, size):
                if fits(subject, catalog, level, area_level is not None, dims):
                    found.append(GroupingSet(level, area_level, dims))
    return tuple(found)


class _Holder:
    """Carries a catalog through the cache without taking part in its key."""

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Holder)

    def __hash__(self) -> int:
        return 0


def closed_list(subject: str | Subject, catalog: Catalog) -> tuple[GroupingSet, ...]:
    """Return every table that a release may hold for one subject, in a fixed order.

    Both the release job (what to compute) and the answers (what may be asked) use this list.

    Parameters
    ----------
    subject
        A subject or its code.
    catalog
        The loaded catalog.

    Returns
    -------
    tuple of GroupingSet
    """
    code = subject if isinstance(subject, str) else subject.code
    return _closed_list(code, catalog.sha256, _Holder(catalog))
