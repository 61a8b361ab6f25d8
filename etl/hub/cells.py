"""Adds the published cells of parts: a sum knows of how many published numbers it is one.

Nothing is made up for a number that a part does not show. Each cell of the hub is a published cell of one
part, or a sum of those that are shown; so what can be learned from it can be learned from the parts.
"""

from collections.abc import Mapping, Sequence

import duckdb

from analysis.catalog.model import NOT_RECORDED, Catalog, Subject
from analysis.periods import PERIOD_LEVELS
from analysis.questions.question import closed_list
from analysis.release.index.cells import PARTS
from etl.hub.parts import HUB, Part
from etl.release.publishing.schema import Columns, cell_columns

CONTRIBUTOR = "source"
MARKERS = "srp"
Renamed = Mapping[str, Mapping[str, Mapping[str, str]]]
"""By register and part: codes that mean other things in two parts, to those they have in the hub."""


def hub_columns(subject: Subject) -> Columns:
    """Return the columns of ``cell_<subject>`` of a hub: one more, the published numbers in each sum."""
    return {**cell_columns(subject), PARTS: "INTEGER"}


def make_cells(
    connection: duckdb.DuckDBPyConnection, catalog: Catalog, parts: Sequence[Part], renamed: Renamed
) -> None:
    """Make the temporary table ``cell_<subject>`` of every subject.

    Parameters
    ----------
    connection
        With the parts attached, and the table ``placed`` (`etl.hub.places`).
    catalog, parts
        What is counted, and by whom.
    renamed
        Codes of listed dimensions that are told apart.
    """
    for subject in catalog.subjects.values():
        if subject.door != "person":
            continue
        holding = [part for part in parts if subject.code in part.registers]
        resolutions = [PERIOD_LEVELS.index(part.registers[subject.code].resolution) for part in holding]
        _allow(connection, subject, catalog, PERIOD_LEVELS[max(resolutions, default=0) :])
        pieces = [_of_part(subject, part, catalog, renamed) for part in holding]
        _add(connection, subject, pieces)


def _allow(
    connection: duckdb.DuckDBPyConnection, subject: Subject, catalog: Catalog, levels: Sequence[str]
) -> None:
    """Make the table of the grouping sets that a hub may hold: the same closed list."""
    rows = [
        (one.period_level, one.area_level or 0, _mask_of(subject, one.dims))
        for one in closed_list(subject, catalog)
        if one.period_level in levels
    ]
    connection.execute("CREATE OR REPLACE TEMP TABLE allowed (level VARCHAR, depth INTEGER, mask BIGINT)")
    if rows:
        values = ", ".join(f"('{level}', {at}, {mask})" for level, at, mask in rows)
        connection.execute(f"INSERT INTO allowed VALUES {values}")


def _mask_of(subject: Subject, dims: Sequence[str]) -> int:
    return sum(1 << subject.dimensions.index(name) for name in dims)


def _of_part(subject: Subject, part: Part, catalog: Catalog, renamed: Renamed) -> str:
    """Return the SELECT of what one part gives: the whole, its own area, and the areas directly inside.

    A part is one contributor of the hub: each number is also that contributor's.
    """
    table, register = f"{part.alias}.cell_{subject.code}", part.registers[subject.code]
    has_source = CONTRIBUTOR in subject.dimensions
    dims = [
        _renaming(name, renamed.get(catalog.dimensions[name].codes_from, {}).get(part.code, {}))
        for name in subject.dimensions
        if name != CONTRIBUTOR
    ]
    mine = f"collection = {_text(register.collection)}" + (
        f" AND {CONTRIBUTOR} IS NULL" if has_source else ""
    )
    columns = ", ".join(["period_level", "period", *dims, "value", "marker"])
    whole = f"FROM {table} WHERE {mine} AND area_level IS NULL"
    inner = (
        f"FROM {table} JOIN placed ON placed.part = {_text(part.code)} AND placed.area = {table}.area "
        f"WHERE {mine} AND area_level = {part.home.level + 1} AND placed.code <> {_text(part.code)}"
    )
    unknown = f"FROM {table} WHERE {mine} AND area_level = {part.home.level + 1} AND area = '{NOT_RECORDED}'"
    pieces = [
        f"SELECT 0 AS depth, NULL::VARCHAR AS area, {columns} {whole}",
        f"SELECT 1, {_text(part.code)}, {columns} {whole}",
        f"SELECT 2, placed.code, {columns} {inner}",
        f"SELECT 2, '{NOT_RECORDED}', {columns} {unknown}",
    ]
    every = " UNION ALL ".join(pieces)
    names = [name for name in subject.dimensions if name != CONTRIBUTOR]
    listed = ", ".join(["depth", "area", "period_level", "period", *names, "value", "marker"])
    if not has_source:
        return f"SELECT {listed} FROM ({every})"
    return (
        f"SELECT {listed}, NULL::VARCHAR AS {CONTRIBUTOR} FROM ({every}) UNION ALL "
        f"SELECT {listed}, {_text(part.code)} FROM ({every})"
    )


def _renaming(name: str, codes: Mapping[str, str]) -> str:
    if not codes:
        return name
    cases = " ".join(f"WHEN {_text(old)} THEN {_text(new)}" for old, new in sorted(codes.items()))
    return f"CASE {name} {cases} ELSE {name} END AS {name}"


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _add(connection: duckdb.DuckDBPyConnection, subject: Subject, pieces: Sequence[str]) -> None:
    """Make the table of a subject: the sum of what is shown, in the order of every release."""
    dims = subject.dimensions
    columns = hub_columns(subject)
    typed = ", ".join(f'"{name}" {kind}' for name, kind in columns.items())
    connection.execute(f"CREATE OR REPLACE TEMP TABLE cell_{subject.code} ({typed})")
    if not pieces:
        return
    mask = " + ".join(f"({name} IS NOT NULL)::BIGINT * {1 << n}" for n, name in enumerate(dims)) or "0"
    keys = ", ".join(["period_level", "period", "depth", "area", *dims])
    marker = " || ".join(
        f"CASE WHEN bool_or(contains(marker, '{one}')) THEN '{one}' ELSE '' END" for one in MARKERS
    )
    order = ["collection", *(["which"] if dims else []), "period_level", "area_level NULLS FIRST"]
    listed = ", ".join(columns)
    connection.execute(
        f"""
        INSERT INTO cell_{subject.code}
        SELECT {listed} FROM (
            SELECT '{HUB}' AS collection, period_level, period, nullif(depth, 0) AS area_level, area,
                {"".join(f"{name}, " for name in dims)} sum(value) AS value, {marker} AS marker,
                count(*) AS {PARTS}, {mask} AS which
            FROM ({" UNION ALL ".join(f"SELECT {keys}, value, marker FROM ({piece})" for piece in pieces)})
            GROUP BY {keys}
        )
        WHERE (period_level, coalesce(area_level, 0), which) IN (SELECT (level, depth, mask) FROM allowed)
        ORDER BY {", ".join([*order, *dims, "period", "area"])}
        """
    )
