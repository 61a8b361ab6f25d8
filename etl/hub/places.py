"""Areas of a hub: its own, one for each part, and those directly inside; with residents and boundaries."""

from collections import Counter
from collections.abc import Mapping, Sequence

import duckdb
import shapely

from etl.errors import EtlError
from etl.hub.homes import TOP, Area, children, placed, refuse_overlap
from etl.hub.parts import HUB, Part
from etl.release.publishing.schema import PASSED
from etl.release.unperturbed.tables import make_table

#: Columns that tell one row of a table of places from another.
KEYS = {
    "area": ("geography", "code"),
    "area_population": ("geography", "code", "year", "age_group", "sex"),
    "area_context": ("geography", "code", "year", "indicator"),
}
WORD = "area"


def make_places(connection: duckdb.DuckDBPyConnection, parts: Sequence[Part], place: str) -> list[str]:
    """Make ``area``, ``area_shape``, ``area_population``, ``area_context`` and ``placed``.

    Parameters
    ----------
    connection
        With the parts attached.
    parts
        Each becomes an area of level 1.
    place
        Name of the whole.

    Returns
    -------
    list of str
        What is left out, in words.
    """
    areas = {part.code: _areas(connection, part) for part in parts}
    where = {part.code: placed(areas[part.code], part.home) for part in parts}
    shown = {part.code: [part.code, *(one.code for one in _inside(areas[part.code], part))] for part in parts}
    refuse_overlap({f"{part.label} ({part.given})": shown[part.code] for part in parts})
    make_placed(connection, where)
    _make_areas(connection, parts, place, shown)
    for table in ("area_population", "area_context"):
        _make_facts(connection, parts, table, shown)
    _add_residents(connection, parts)
    _make_shapes(connection, parts, shown)
    deeper = {
        part.label
        for part in parts
        if set(where[part.code]) - set(where[part.code].values())
        and any(one.level > part.home.level + 1 for one in areas[part.code])
    }
    return [f"{label}: areas finer than those directly inside it" for label in sorted(deeper)]


def make_placed(connection: duckdb.DuckDBPyConnection, where: Mapping[str, Mapping[str, str]]) -> None:
    """Make the table that says, for each area of each part, which area of the hub stands for it."""
    connection.execute("CREATE OR REPLACE TEMP TABLE placed (part VARCHAR, area VARCHAR, code VARCHAR)")
    rows = [(part, area, code) for part, codes in where.items() for area, code in codes.items()]
    connection.executemany("INSERT INTO placed VALUES (?, ?, ?)", rows)


def _areas(connection: duckdb.DuckDBPyConnection, part: Part) -> list[Area]:
    rows = connection.execute(
        f"SELECT code, name, level, level_name, parent FROM {part.alias}.area WHERE geography = ? "
        "ORDER BY level, code",
        [part.geography],
    ).fetchall()
    return [Area(*row) for row in rows]


def _inside(areas: Sequence[Area], part: Part) -> list[Area]:
    return children(areas).get(part.code, [])


def _make_areas(
    connection: duckdb.DuckDBPyConnection, parts: Sequence[Part], place: str, shown: Mapping[str, list[str]]
) -> None:
    columns = list(PASSED["area"])
    found, words = [], {1: set[str](), 2: set[str]()}
    labels = {part.code: part.home.name for part in parts}
    for part in parts:
        rows = connection.execute(
            f"SELECT {', '.join(columns)} FROM {part.alias}.area WHERE geography = ? "
            f"AND code IN ({', '.join('?' * len(shown[part.code]))})",
            [part.geography, *shown[part.code]],
        ).fetchall()
        for row in rows:
            values = dict(zip(columns, row, strict=True))
            level = 1 if values["code"] == part.code else 2
            words[level].add(str(values["level_name"] or WORD))
            values |= {"geography": HUB, "level": level, "parent": TOP if level == 1 else part.code}
            found.append(values)
    names = Counter(values["name"] for values in found)
    for values in found:
        if values["level"] > 1 and names[values["name"]] > 1:  # two counties have a Springfield each
            values["name"] = f"{values['name']} ({labels[values['parent']]})"
        told = words[values["level"]]
        values["level_name"] = next(iter(told)) if len(told) == 1 else WORD
    homes = [one for one in found if one["level"] == 1]
    middle = {
        name: sum(known) / len(known)
        if (known := [one[name] for one in homes if one[name] is not None])
        else None
        for name in ("lon", "lat")
    }
    top = {"geography": HUB, "code": TOP, "name": place, "level": 0, "level_name": "hub", "parent": None}
    top |= {"is_rural": False, **middle}
    make_table(connection, "area", [])
    listed = sorted((top, *found), key=lambda one: (one["level"], one["code"]))
    rows = [tuple(one[name] for name in columns) for one in listed]
    connection.executemany(f"INSERT INTO area VALUES ({', '.join('?' * len(columns))})", rows)
    pass_equal(connection, parts, "area", "geography <> {own}", KEYS["area"])


def _make_facts(
    connection: duckdb.DuckDBPyConnection, parts: Sequence[Part], table: str, shown: Mapping[str, list[str]]
) -> None:
    """Make a table of facts about areas; of other geographies those that the parts agree on."""
    make_table(connection, table, [])
    columns = [f"'{HUB}'" if name == "geography" else name for name in PASSED[table]]
    for part in parts:
        connection.execute(
            f"INSERT INTO {table} SELECT {', '.join(columns)} FROM {part.alias}.{table} WHERE geography = ? "
            f"AND code IN ({', '.join('?' * len(shown[part.code]))}) ORDER BY ALL",
            [part.geography, *shown[part.code]],
        )
    pass_equal(connection, parts, table, "geography <> {own}", KEYS[table])


def _add_residents(connection: duckdb.DuckDBPyConnection, parts: Sequence[Part]) -> None:
    """Add residents of areas of which only those inside are listed, then of the whole."""
    inside = (
        "SELECT area_population.geography, {code} AS code, year, age_group, sex, sum(population)::BIGINT, "
        "string_agg(DISTINCT source, '; ' ORDER BY source) FROM area_population "
        f"JOIN area ON area.geography = '{HUB}' AND area.code = area_population.code "
        f"WHERE area_population.geography = '{HUB}' AND area.parent = {{code}} "
        "GROUP BY ALL HAVING count(*) = (SELECT count(*) FROM area WHERE parent = {code}) ORDER BY ALL"
    )
    for code in (*(part.code for part in parts), TOP):
        known = connection.execute(
            f"SELECT 1 FROM area_population WHERE geography = '{HUB}' AND code = ? LIMIT 1", [code]
        ).fetchone()
        if known is None:
            text = "'" + code.replace("'", "''") + "'"
            connection.execute(f"INSERT INTO area_population {inside.format(code=text)}")


def _make_shapes(
    connection: duckdb.DuckDBPyConnection, parts: Sequence[Part], shown: Mapping[str, list[str]]
) -> None:
    make_table(connection, "area_shape", [])
    homes = []
    for part in parts:
        rows = connection.execute(
            f"SELECT code, wkb FROM {part.alias}.area_shape WHERE geography = ? ORDER BY code",
            [part.geography],
        ).fetchall()
        held = [(HUB, code, bytes(wkb)) for code, wkb in rows if code in shown[part.code]]
        homes += [wkb for _, code, wkb in held if code == part.code]
        if held:
            connection.executemany("INSERT INTO area_shape VALUES (?, ?, ?)", held)
    if len(homes) == len(parts):
        whole = shapely.union_all([shapely.make_valid(shapely.from_wkb(wkb)) for wkb in homes])
        connection.execute("INSERT INTO area_shape VALUES (?, ?, ?)", [HUB, TOP, shapely.to_wkb(whole)])
    pass_equal(connection, parts, "area_shape", "geography <> {own}", ("geography", "code"))


def pass_equal(
    connection: duckdb.DuckDBPyConnection,
    parts: Sequence[Part],
    table: str,
    where: str,
    keys: Sequence[str],
) -> None:
    """Add to a table what others published and the parts repeat: once, where they all say the same.

    Parameters
    ----------
    connection
        The table is there.
    parts
        Each may have rows of it.
    where
        Which rows, with ``{own}`` for the part's own geography.
    keys
        Columns that tell one row from another.

    Raises
    ------
    EtlError
        When two parts have another value for one row: two editions are never added.
    """
    selects = []
    for part in parts:
        own = "'" + part.geography.replace("'", "''") + "'"
        selects.append(f"SELECT * FROM {part.alias}.{table} WHERE {where.format(own=own)}")
    every = " UNION ".join(selects)
    listed = ", ".join(keys)
    twice = connection.execute(
        f"SELECT {listed} FROM ({every}) GROUP BY {listed} HAVING count(*) > 1 ORDER BY ALL LIMIT 1"
    ).fetchone()
    if twice:
        named = ", ".join(
            f"{key} {value}" for key, value in zip(keys, twice, strict=True) if value is not None
        )
        raise EtlError(
            f"Published figures differ between the parts: {table} with {named}. Of figures that others "
            "publish, two editions are never added.",
            "Let all task forces load the same edition and release again, or leave that part out.",
        )
    connection.execute(f"INSERT INTO {table} SELECT * FROM ({every}) ORDER BY {listed}")
