"""Registers of the parts, one after the other: rows keep what they say and are told apart by their part."""

from collections.abc import Sequence

import duckdb

from analysis.catalog.model import Catalog
from analysis.catalog.registers import Register
from etl.hub.cells import Renamed
from etl.hub.parts import HUB, Part
from etl.release.publishing.schema import REGISTERS, register_columns

#: A task force's targets are for its own figures; a sum has none until the hub sets them.
LEFT_OUT = {"indicator": "targets: each task force's are for its own figures"}
LISTED = ("code", "label")


def told_apart(connection: duckdb.DuckDBPyConnection, catalog: Catalog, parts: Sequence[Part]) -> Renamed:
    """Return the codes of organisations that mean other ones in two parts, to codes of their own."""
    found: dict[str, dict[str, dict[str, str]]] = {}
    for register in catalog.registers.values():
        names = [column.code for column in register.columns]
        if not set(LISTED) <= set(names):
            continue
        meant: dict[str, set[tuple[object, ...]]] = {}
        held: dict[str, list[str]] = {}
        for part in parts:
            rows = connection.execute(
                f"SELECT {', '.join(names)} FROM {part.alias}.{REGISTERS}{register.code} ORDER BY ALL"
            ).fetchall()
            for row in rows:
                code = str(row[names.index(LISTED[0])])
                meant.setdefault(code, set()).add(row)
                held.setdefault(part.code, []).append(code)
        found[register.code] = {
            part: {code: f"{part}:{code}" for code in codes if len(meant[code]) > 1}
            for part, codes in held.items()
        }
    return found


def make_registers(
    connection: duckdb.DuckDBPyConnection, catalog: Catalog, parts: Sequence[Part], renamed: Renamed
) -> list[str]:
    """Make the tables ``register_<code>``; return what is left out, in words."""
    left_out = []
    for register in catalog.registers.values():
        columns = register_columns(register)
        typed = ", ".join(f'"{name}" {kind}' for name, kind in columns.items())
        name = f"{REGISTERS}{register.code}"
        connection.execute(f"CREATE OR REPLACE TEMP TABLE {name} ({typed})")
        if register.code in LEFT_OUT:
            left_out.append(LEFT_OUT[register.code])
            continue
        pieces = [_of_part(register, part, renamed) for part in parts]
        # A list of organisations that several know has each once; a register has all its rows.
        joint = " UNION " if set(LISTED) <= set(columns) else " UNION ALL "
        connection.execute(f"INSERT INTO {name} SELECT * FROM ({joint.join(pieces)}) ORDER BY ALL")
    return left_out


def _of_part(register: Register, part: Part, renamed: Renamed) -> str:
    """Return the SELECT of a part's rows: at the hub's areas, keeper's codes with the part's before them."""
    mine = "'" + part.code.replace("'", "''") + "'"
    listed, joined = [], ""
    codes = renamed.get(register.code, {}).get(part.code, {})
    for column in register.columns:
        name = f"row.{column.code}"
        if column.holds == "area":
            joined = f" LEFT JOIN placed ON placed.part = {mine} AND placed.area = {name}"
            name = f"coalesce(placed.code, {mine})"
        elif column.holds == "id":
            name = f"{mine} || ':' || {name}"
        elif column.code == "geography":
            name = f"'{HUB}'"
        elif column.code == LISTED[0] and codes:
            cases = " ".join(
                f"WHEN '{old.replace(chr(39), chr(39) * 2)}' THEN '{new.replace(chr(39), chr(39) * 2)}'"
                for old, new in sorted(codes.items())
            )
            name = f"CASE {name} {cases} ELSE {name} END"
        listed.append(f"{name} AS {column.code}")
    return f"SELECT {', '.join(listed)} FROM {part.alias}.{REGISTERS}{register.code} AS row{joined}"
