"""Published counts in areas of another edition than the outlines: added up where that is exact, else told.

Areas are merged, split and renumbered, and a figure goes by the areas of its year. Where the areas of a
figure have no outline and the area that they make up has one, and all of them are there, their figures are
those of that area. Nothing is ever shared out: where areas do not nest, figures stay where they are.
"""

from collections.abc import Iterator, Mapping, Sequence

import duckdb

from analysis.catalog.area_changes import AreaChange, Editions
from analysis.words import first_few

EDITION, UNDRAWN = "of another edition than the outlines", "without an outline"
_LISTED = 6
_MOVES = """
CREATE OR REPLACE TABLE mart.area_recast (
    source VARCHAR, measure VARCHAR, period_level VARCHAR, period VARCHAR, geography VARCHAR,
    area_code VARCHAR, whole VARCHAR
)
"""
Move = tuple[str, str, str, str, str, str, str]


def draw_one_edition(connection: duckdb.DuckDBPyConnection, editions: Mapping[str, Editions]) -> None:
    """Take out of ``mart.area_shape`` the outlines of areas that areas of another edition lie over.

    Which are drawn does not depend on the order of loading: a boundary file that the keeper loaded goes
    before the outlines that come with the project; of two of a kind, the newer edition goes before.
    """
    for one in editions.values():
        rows = connection.execute(
            "SELECT code, arg_max(reader, load_id) = 'boundaries' FROM stage.area_shape "
            "JOIN stage.load USING (load_id) WHERE geography = ? GROUP BY code",
            [one.code],
        ).fetchall()
        is_own = dict(rows)
        for change in one.changes:
            before = [code for code in change.before if code in is_own and code not in change.after]
            after = [code for code in change.after if code in is_own and code not in change.before]
            if before and after:
                is_older = any(is_own[code] for code in before) and not any(is_own[code] for code in after)
                connection.execute(
                    "DELETE FROM mart.area_shape WHERE geography = ? AND list_contains(?, code)",
                    [one.code, after if is_older else before],
                )


def recast(connection: duckdb.DuckDBPyConnection, editions: Mapping[str, Editions]) -> None:
    """Add up figures of parts to the whole that the outlines draw; keep in ``mart.area_recast`` what moved.

    Whether all parts are there is asked by source, measure and period. Rows keep their divisions: adding up
    rows of an area gives its total, as everywhere in ``mart.observation``.
    """
    connection.execute(_MOVES)
    moves = [move for one in editions.values() for move in _moves(connection, one)]
    if not moves:
        return
    connection.executemany("INSERT INTO mart.area_recast VALUES (?, ?, ?, ?, ?, ?, ?)", moves)
    connection.execute(
        """
        UPDATE mart.observation SET area_code = whole FROM mart.area_recast AS moved
        WHERE observation.source = moved.source AND observation.measure = moved.measure
            AND observation.period_level = moved.period_level AND observation.period = moved.period
            AND observation.geography = moved.geography AND observation.area_code = moved.area_code
        """
    )


def _moves(connection: duckdb.DuckDBPyConnection, editions: Editions) -> Iterator[Move]:
    changes = {one.whole: one for one in editions.changes if one.whole}
    codes = sorted({code for one in changes.values() for code in (one.whole, *one.parts)})
    rows = connection.execute(
        """
        SELECT source, measure, period_level, period, list(DISTINCT area_code ORDER BY area_code)
        FROM mart.observation WHERE geography = ? AND value IS NOT NULL AND list_contains(?, area_code)
        GROUP BY ALL ORDER BY ALL
        """,
        [editions.code, codes],
    ).fetchall()
    held = _held(connection, editions.code) if rows else frozenset()
    for source, measure, level, period, found in rows:
        there = frozenset(found)
        for whole in (code for code in changes if code in held):
            for code in _made_up_of(whole, changes, there, held):
                yield source, measure, level, period, editions.code, code, whole


def _made_up_of(
    whole: str, changes: Mapping[str, AreaChange], there: frozenset[str], held: frozenset[str]
) -> Sequence[str]:
    """Return the areas whose figures make up a whole; none unless all are there and none is drawn itself.

    Where the whole has figures of its own in the same period, those of its parts may be in them.
    """
    if whole in there and whole not in changes[whole].parts:
        return ()
    found: list[str] = []
    for part in changes[whole].parts:
        if part in there:
            found.append(part)
        elif part != whole and part in changes:
            inner = _made_up_of(part, changes, there, held)
            if not inner:
                return ()
            found += inner
        else:
            return ()
    others = [code for code in found if code != whole]
    return () if any(code in held for code in others) else others


def _held(connection: duckdb.DuckDBPyConnection, geography: str) -> frozenset[str]:
    """Return the areas that the outlines draw; of a level without any outline, those that are known."""
    rows = connection.execute(
        """
        WITH known AS (
            SELECT area.code, area.level, shape.code IS NOT NULL AS is_drawn
            FROM mart.area AS area LEFT JOIN mart.area_shape AS shape USING (geography, code)
            WHERE geography = ?
        )
        SELECT code FROM known QUALIFY is_drawn OR NOT bool_or(is_drawn) OVER (PARTITION BY level)
        """,
        [geography],
    ).fetchall()
    return frozenset(code for (code,) in rows)


def edition_notes(connection: duckdb.DuckDBPyConnection, editions: Mapping[str, Editions]) -> list[str]:
    """Tell of figures that were added up to the areas drawn, and of those in areas that are not drawn."""
    return [*_added_up(connection, editions), *_not_drawn(connection, editions)]


def _added_up(connection: duckdb.DuckDBPyConnection, editions: Mapping[str, Editions]) -> list[str]:
    rows = connection.execute(
        "SELECT geography, whole, list(DISTINCT area_code ORDER BY area_code) FROM mart.area_recast "
        "GROUP BY ALL ORDER BY ALL"
    ).fetchall()
    if not rows:
        return []
    told = [f"{', '.join(parts)} to {_dated(editions, name, whole)}" for name, whole, parts in rows]
    return [
        f"Figures of areas of another edition were added up to those drawn: {first_few(told, _LISTED, '; ')}."
    ]


def _not_drawn(connection: duckdb.DuckDBPyConnection, editions: Mapping[str, Editions]) -> list[str]:
    rows = connection.execute(
        """
        WITH known AS (
            SELECT area.*, shape.code IS NOT NULL AS is_drawn
            FROM mart.area AS area LEFT JOIN mart.area_shape AS shape USING (geography, code)
            QUALIFY bool_or(is_drawn) OVER (PARTITION BY geography, level)
        )
        SELECT geography, code, name, count(*) FROM mart.observation
        JOIN known USING (geography) WHERE area_code = code AND NOT is_drawn AND value IS NOT NULL
        GROUP BY ALL ORDER BY ALL
        """
    ).fetchall()
    told: dict[str, list[str]] = {}
    counted: dict[str, int] = {}
    for geography, code, name, count in rows:
        kind = EDITION if _years(editions, geography, code) else UNDRAWN
        told.setdefault(kind, []).append(f"{name} ({_dated(editions, geography, code)})")
        counted[kind] = counted.get(kind, 0) + count
    return [
        f"Figures in areas {kind}, {counted[kind]:,} rows: {first_few(areas, _LISTED)}. They count for the "
        "areas above them and are not drawn; load boundaries that have these areas to draw them."
        for kind, areas in told.items()
    ]


def _years(editions: Mapping[str, Editions], geography: str, code: str) -> str:
    return editions[geography].years_words(code) if geography in editions else ""


def _dated(editions: Mapping[str, Editions], geography: str, code: str) -> str:
    words = _years(editions, geography, code)
    return f"{code}, {words}" if words else code
