"""Which areas lie beside which: row-standardised weights, from links, from outlines or from centres.

An area without a neighbour is an island. It has no weights, takes no part in a statistic of neighbours, and
whoever shows the result says so.

Source: Cliff & Ord (1981), Spatial Processes, chapter 1.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_array

from analysis.statistics.access import great_circle
from analysis.statistics.checked import Flags, Numbers, numbers, same_length

Places = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Neighbours:
    """Links between n areas, each counted in proportion to how many an area has.

    Attributes
    ----------
    weights : sparse array of shape (n, n)
        Rows sum to 1, those of islands to 0.
    """

    weights: csr_array

    def __len__(self) -> int:
        return int(self.weights.shape[0])

    @property
    def islands(self) -> Flags:
        """Which areas have no neighbour."""
        return np.diff(self.weights.indptr) == 0

    @property
    def links(self) -> int:
        """How many directed links there are."""
        return int(self.weights.nnz)

    def of(self, area: int) -> Places:
        """Return the neighbours of an area."""
        return self.weights.indices[self.weights.indptr[area] : self.weights.indptr[area + 1]].astype(
            np.int64
        )

    def lag(self, values: Numbers) -> Numbers:
        """Return the mean of each area's neighbours; 0 for an island."""
        return np.asarray(self.weights @ values, dtype=np.float64)


def from_links(areas: int, links: Iterable[tuple[int, int]]) -> Neighbours:
    """Return neighbours from directed links.

    Parameters
    ----------
    areas
        How many there are.
    links
        Pairs of places, 0 to `areas` - 1; one that is there twice counts once.

    Raises
    ------
    ValueError
        If an area lies beside itself, or there is no such area.
    """
    pairs = sorted(set(links))
    for place, (one, other) in enumerate(pairs):
        if one == other:
            raise ValueError(f"links[{place}]: an area is no neighbour of itself")
        if not (0 <= one < areas and 0 <= other < areas):
            raise ValueError(f"links[{place}] names an area that is not there; allowed: 0 to {areas - 1}")
    rows = np.array([one for one, _ in pairs], dtype=np.int64)
    columns = np.array([other for _, other in pairs], dtype=np.int64)
    degree = np.bincount(rows, minlength=areas)
    return Neighbours(csr_array((1.0 / degree[rows], (rows, columns)), shape=(areas, areas)))


def touching(outlines: Sequence[object]) -> Neighbours:
    """Return as neighbours the areas that share a border or a corner (queen contiguity).

    Parameters
    ----------
    outlines : sequence of shapely polygons
    """
    from shapely import STRtree  # noqa: PLC0415 - only maps need it

    tree = STRtree(list(outlines))
    one, other = tree.query(list(outlines), predicate="intersects")
    return from_links(len(outlines), ((int(a), int(b)) for a, b in zip(one, other, strict=True) if a != b))


def nearest(lon: ArrayLike, lat: ArrayLike, number: int) -> Neighbours:
    """Return as neighbours the areas whose centres are nearest; a tie goes to the earlier area.

    Parameters
    ----------
    lon, lat : arrays of shape (n,), degrees
    number
        How many, 1 to n - 1.

    Raises
    ------
    ValueError
        If there are not so many other areas.
    """
    east, north = numbers("lon", lon), numbers("lat", lat)
    same_length(lon=east, lat=north)
    areas = len(east)
    if not 1 <= number < areas:
        raise ValueError(f"number is {number}; allowed: 1 to {areas - 1}")
    far = np.asarray(great_circle(east, north, east, north))
    np.fill_diagonal(far, np.inf)
    order = np.argsort(far, axis=1, kind="stable")[:, :number]
    return from_links(areas, ((area, int(other)) for area in range(areas) for other in order[area]))
