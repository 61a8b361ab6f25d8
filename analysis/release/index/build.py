"""Makes the index of a subject's cells from the release itself.

The tables ``cell_<subject>`` have a column for each dimension, nearly all empty in any one row; the index
holds the same cells by table. The rows come in blocks, so that the texts of a hundred thousand are held
and not those of millions.
"""

from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from analysis.periods import PERIOD_LEVELS
from analysis.release.index.cells import COLUMNS, PARTS, SLOTS, VALUE, Address, CellIndex

BLOCK = 100_000
_LEVELS = 16  # more than there are levels of areas, with one for the whole region
_TABLE = "table_number"


def build(
    connection: duckdb.DuckDBPyConnection,
    subject: str,
    dimensions: tuple[str, ...],
    *,
    are_sums: bool = False,
) -> CellIndex:
    """Return the index of one subject.

    Parameters
    ----------
    connection
        A connection to a release.
    subject
        Code of what is counted.
    dimensions
        Those of the subject that ``cell_<subject>`` has as columns, in the subject's order.
    are_sums
        Whether its cells are those of a hub, with the column ``parts``.
    """
    own = (VALUE, PARTS) if are_sums else (VALUE,)
    numbers: dict[str, dict[str | None, int]] = {listed: {None: 0} for listed in COLUMNS.values()}
    collections: dict[str | None, int] = {}
    parts: dict[str, list[NDArray[Any]]] = {name: [] for name in (*COLUMNS, *own, _TABLE, "collection")}
    for block in connection.sql(_select(subject, dimensions, own)).to_arrow_reader(BLOCK):
        for name, listed in COLUMNS.items():
            parts[name].append(_numbered(block.column(name), numbers[listed]))
        parts["collection"].append(_numbered(block.column("collection"), collections))
        for name in (*own, _TABLE):
            parts[name].append(block.column(name).to_numpy(zero_copy_only=False))
    empty = np.zeros(0, dtype=np.int32)
    whole = {name: np.concatenate(arrays or [empty]) for name, arrays in parts.items()}
    # Numbers of tables need more room than those of collections: the mask has a bit for each dimension.
    tables = whole.pop(_TABLE).astype(np.int64) * max(len(collections), 1) + whole.pop("collection")
    starts = np.flatnonzero(np.diff(tables, prepend=-1))
    if len(np.unique(tables[starts])) != len(starts):  # a release of an earlier version, in another order
        order = np.argsort(tables, kind="stable")
        tables, whole = tables[order], {name: column[order] for name, column in whole.items()}
        starts = np.flatnonzero(np.diff(tables, prepend=-1))
    stops = [*starts[1:].tolist(), len(tables)][: len(starts)]  # a subject without a cell has no table
    names = [str(name) for name in collections]
    addresses = (_address(number, dimensions, names) for number in tables[starts].tolist())
    texts = {listed: tuple(text or "" for text in known) for listed, known in numbers.items()}
    return CellIndex(
        dimensions,
        dict(zip(addresses, zip(starts.tolist(), stops, strict=True), strict=True)),
        texts,
        {name: _narrow(name, column, texts) for name, column in whole.items()},
    )


def _select(subject: str, dimensions: tuple[str, ...], own: tuple[str, ...]) -> str:
    """Return the cells with the number of their table in place of their empty columns."""
    mask = " + ".join(f"({name} IS NOT NULL)::BIGINT * {1 << n}" for n, name in enumerate(dimensions)) or "0"
    levels = " ".join(f"WHEN '{level}' THEN {place}" for place, level in enumerate(PERIOD_LEVELS))
    number = f"(({mask}) * {len(PERIOD_LEVELS)} + CASE period_level {levels} END) * {_LEVELS}"
    slots = ", ".join(f"codes[{slot + 1}] AS c{slot}" for slot in range(SLOTS))
    listed = ", ".join(dimensions)
    return (
        f"SELECT collection, {number} + coalesce(area_level + 1, 0) AS {_TABLE}, period, area, {slots}, "
        f"{', '.join(f'{name}::INTEGER AS {name}' for name in own)}, nullif(marker, '') AS marker "
        f"FROM (SELECT *, [code FOR code IN [{listed}]::VARCHAR[] IF code IS NOT NULL] AS codes "
        f"FROM cell_{subject})"
    )


def _numbered(column: pa.Array, known: dict[str | None, int]) -> NDArray[Any]:
    """Return the numbers of a column's texts; texts that are new get the next ones."""
    coded = column.dictionary_encode()
    own = [known.setdefault(text, len(known)) for text in coded.dictionary.to_pylist()]
    places = coded.indices.fill_null(len(own)).to_numpy(zero_copy_only=False)
    return np.array([*own, 0], dtype=np.min_scalar_type(len(known)))[places]


def _address(number: int, dimensions: tuple[str, ...], collections: list[str]) -> Address:
    rest, collection = divmod(number, max(len(collections), 1))
    rest, area_level = divmod(rest, _LEVELS)
    mask, level = divmod(rest, len(PERIOD_LEVELS))
    dims = tuple(name for place, name in enumerate(dimensions) if mask >> place & 1)
    area = area_level - 1 if area_level else None
    return Address(collections[collection], PERIOD_LEVELS[level], area, dims)


def _narrow(name: str, column: NDArray[Any], texts: dict[str, tuple[str, ...]]) -> NDArray[Any]:
    """Return a column in as few bytes as its numbers need."""
    if name not in COLUMNS:
        return column.astype(np.int32)
    return column.astype(np.min_scalar_type(max(len(texts[COLUMNS[name]]) - 1, 0)))
