"""Figures without noise: those of others where the parts repeat the same, own ones side by side."""

from collections.abc import Sequence

import duckdb

from analysis.catalog.model import Catalog
from analysis.periods import PERIOD_LEVELS, code_of
from etl.errors import EtlError
from etl.hub.parts import HUB, Part
from etl.hub.places import pass_equal
from etl.release.publishing.schema import observation_columns

OWN = "own"


def make_figures(connection: duckdb.DuckDBPyConnection, catalog: Catalog, parts: Sequence[Part]) -> list[str]:
    """Make the table ``observation``.

    Own figures of a part become those of its area: whoever adds them up adds published figures. A part
    that has no such figure for a period has a row without a value, so that the sum says what it lacks.

    Returns
    -------
    list of str
        What is left out, in words.
    """
    columns = observation_columns(catalog)
    typed = ", ".join(f'"{name}" {kind}' for name, kind in columns.items())
    connection.execute(f"CREATE OR REPLACE TEMP TABLE observation ({typed})")
    _refuse_two_places(connection, parts)
    left_out = []
    for part in parts:
        left_out += _add_placed(connection, list(columns), part)
    keys = [name for name in columns if name not in ("value", "marker")]
    pass_equal(connection, parts, "observation", "source <> 'own' AND geography IS DISTINCT FROM {own}", keys)
    _refuse_two_units(connection)
    _add_gaps(connection, list(columns), parts)
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE ordered AS SELECT * FROM observation ORDER BY ALL; "
        "DROP TABLE observation; ALTER TABLE ordered RENAME TO observation"
    )
    return left_out


def _add_placed(connection: duckdb.DuckDBPyConnection, columns: list[str], part: Part) -> list[str]:
    """Add a part's own figures, and those of others in its own geography, at the hub's areas."""
    changed = {
        "geography": f"'{HUB}'",
        "area_code": f"coalesce(placed.code, '{part.code.replace(chr(39), chr(39) * 2)}')",
    }
    listed = ", ".join(changed.get(name, f"figure.{name}") for name in columns)
    # Figures of others around the part's own area are of people elsewhere: the rest of a state, a nation.
    inside = "placed.code IS NOT NULL AND (figure.area_code = placed.code OR placed.code <> placed.part)"
    origin = (
        f"FROM {part.alias}.observation AS figure LEFT JOIN placed ON placed.part = ? "
        "AND placed.area = figure.area_code"
    )
    connection.execute(
        f"INSERT INTO observation SELECT {listed} {origin} "
        f"WHERE figure.source = '{OWN}' OR (figure.geography = ? AND {inside})",
        [part.code, part.geography],
    )
    outside = connection.execute(
        f"SELECT DISTINCT figure.source {origin} WHERE figure.source <> '{OWN}' AND figure.geography = ? "
        f"AND NOT coalesce({inside}, false) ORDER BY 1",
        [part.code, part.geography],
    ).fetchall()
    return [f"{part.label}: figures of {source} outside its area" for (source,) in outside]


def _refuse_two_places(connection: duckdb.DuckDBPyConnection, parts: Sequence[Part]) -> None:
    """Refuse a source that is by areas of one part's geography here, and of another geography there."""
    inside: dict[str, Part] = {}
    outside: dict[str, Part] = {}
    for part in parts:
        for source, is_own in connection.execute(
            f"SELECT DISTINCT source, geography IS NOT DISTINCT FROM ? FROM {part.alias}.observation "
            "WHERE source <> 'own'",
            [part.geography],
        ).fetchall():
            (inside if is_own else outside)[source] = part
    for source in sorted(inside.keys() & outside.keys()):
        raise EtlError(
            f"Figures of {source} are by areas of the register in {inside[source].given} and by others in "
            f"{outside[source].given}; they would be counted twice.",
            "Let both load the same edition by the same geography, or leave one of them out.",
        )


def _refuse_two_units(connection: duckdb.DuckDBPyConnection) -> None:
    """Refuse figures of one measure in two units, such as two currencies."""
    row = connection.execute(
        "SELECT measure, string_agg(DISTINCT unit, ' and ' ORDER BY unit) FROM observation "
        f"WHERE source = '{OWN}' GROUP BY measure HAVING count(DISTINCT unit) > 1 ORDER BY 1 LIMIT 1"
    ).fetchone()
    if row:
        raise EtlError(
            f"The figures '{row[0]}' are in {row[1]}: they cannot be added.",
            "Leave out the task force that counts in another unit, or let it convert its register.",
        )


def _add_gaps(connection: duckdb.DuckDBPyConnection, columns: list[str], parts: Sequence[Part]) -> None:
    """Add a row without a value where a part has no own figures for a period that others have."""
    series = connection.execute(
        f"SELECT measure, unit, period_level, period FROM observation WHERE source = '{OWN}' "
        "GROUP BY ALL ORDER BY ALL"
    ).fetchall()
    rows = []
    for part in parts:
        known = {
            (measure, level): (first, last)
            for measure, level, first, last in connection.execute(
                f"SELECT measure, period_level, min(period), max(period) FROM {part.alias}.observation "
                f"WHERE source = '{OWN}' GROUP BY ALL"
            ).fetchall()
        }
        for measure, unit, level, period in series:
            first, last = known.get((measure, level), ("~", ""))
            if part.span and level in PERIOD_LEVELS and (measure, level) in known:
                # A quarter without a row inside the months of its register is one in which nothing happened.
                first = min(first, code_of(part.span.first, level))
                last = max(last, code_of(part.span.last, level))
            if not first <= period <= last:
                rows.append((measure, unit, level, period, part.code))
    if not rows:
        return
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE gap "
        "(measure VARCHAR, unit VARCHAR, period_level VARCHAR, period VARCHAR, area_code VARCHAR)"
    )
    connection.executemany("INSERT INTO gap VALUES (?, ?, ?, ?, ?)", rows)
    fixed = {"source": f"'{OWN}'", "geography": f"'{HUB}'", "marker": "'x'"}
    named = {"measure", "unit", "period_level", "period", "area_code"}
    listed = ", ".join(name if name in named else fixed.get(name, "NULL") for name in columns)
    connection.execute(f"INSERT INTO observation SELECT {listed} FROM gap")
