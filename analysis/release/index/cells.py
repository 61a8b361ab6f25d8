"""The cells of one subject as columns of numbers, sorted by table, so that a look-up is a slice.

Texts (periods, areas, codes, markers) are numbered once for the subject. Number 0 stands for none: the whole
region's own area, a dimension that a table does not have.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from analysis.catalog.model import Subject

SLOTS = 3  # dimensions of a table beside the period and the area
#: Columns of an index, and the list that their numbers stand in; only the values stand for themselves.
COLUMNS = {
    "period": "periods",
    "area": "areas",
    "c0": "codes",
    "c1": "codes",
    "c2": "codes",
    "marker": "markers",
}
VALUE = "value"
PARTS = "parts"  # in a hub: of how many published numbers each is the sum


class Address(NamedTuple):
    """Which table of a subject: a grouping set of one collection; see `address_of`."""

    collection: str
    period_level: str
    area_level: int | None
    dims: tuple[str, ...]


def address_of(
    subject: Subject, collection: str, period_level: str, area_level: int | None, dims: Iterable[str]
) -> Address:
    """Return the address of a table, its dimensions in the order of the subject's."""
    chosen = set(dims)
    ordered = tuple(name for name in subject.dimensions if name in chosen)
    return Address(collection, period_level, area_level, ordered)


@dataclass(frozen=True)
class CellIndex:
    """The cells of one subject.

    Attributes
    ----------
    dimensions
        Those of the subject that the release has, in the order of `Address.dims`.
    tables
        The first row of each table, and the row after its last.
    texts
        By list: what its numbers mean. The first is empty and stands for none.
    columns
        By the names of `COLUMNS`, and the values (in a hub, their parts); all of one length.
    """

    dimensions: tuple[str, ...]
    tables: Mapping[Address, tuple[int, int]]
    texts: Mapping[str, tuple[str, ...]]
    columns: Mapping[str, NDArray[Any]]
    _numbers: dict[str, dict[str, int]] = field(default_factory=dict, compare=False)

    def numbers(self, listed: str) -> Mapping[str, int]:
        """Return the number of each text of a list."""
        if listed not in self._numbers:
            texts = self.texts[listed]
            self._numbers[listed] = {text: place for place, text in enumerate(texts) if place}
        return self._numbers[listed]

    def rows(self, address: Address) -> "CellRows":
        """Return the cells of one table; none where the release has no such table."""
        return CellRows(self, *self.tables.get(address, (0, 0)))

    def cells_of(self, collection: str) -> Iterator[tuple[Address, "CellRows"]]:
        """Give the tables of a collection."""
        for address in self.tables:
            if address.collection == collection:
                yield address, self.rows(address)


@dataclass(frozen=True)
class CellRows:
    """Some neighbouring rows of an index."""

    index: CellIndex
    start: int
    stop: int

    def __len__(self) -> int:
        return self.stop - self.start

    @property
    def parts(self) -> NDArray[Any] | None:
        """Of how many published numbers each is the sum; None where each is one."""
        return self.column(PARTS) if PARTS in self.index.columns else None

    def column(self, name: str) -> NDArray[Any]:
        """Return a column: published numbers, or those of texts."""
        return self.index.columns[name][self.start : self.stop]

    def distinct(self, name: str) -> frozenset[str]:
        """Return the texts that a column holds."""
        texts = self.index.texts[COLUMNS[name]]
        return frozenset(texts[number] for number in np.unique(self.column(name)).tolist())

    def places(self, name: str, codes: Mapping[str, int]) -> NDArray[np.int32]:
        """Return by number the place of each text of a column in a list of codes; -1 for others.

        Parameters
        ----------
        name
            The column.
        codes
            Texts to places; the empty one stands for none.
        """
        known = self.index.numbers(COLUMNS[name])
        found = np.full(len(self.index.texts[COLUMNS[name]]), -1, dtype=np.int32)
        for code, place in codes.items():
            number = known.get(code) if code else 0
            if number is not None:
                found[number] = place
        return found
