"""What organisations contributed to each figure as it was published: frozen, never to be made anew.

A figure that changes by a late return gives the return away. So each version of a published figure is kept
here with the amounts it was made of, and a new one is held against all of them (`unperturbed.as_published`).
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import NamedTuple

import duckdb
import pyarrow as pa

from analysis.catalog.model import Catalog
from analysis.periods import Span, span_of
from etl.release.cells.layout import FROZEN
from etl.release.publishing.schema import observation_columns
from etl.release.publishing.writer_process import quoted
from etl.release.unperturbed.rule_of_three import is_equal, total

OWN_FIGURES = "own figures"  # stands for a collection in the record of what was released
_PUBLISHED = "published"
FIXED = ("measure", "unit", "period_level", "period", "geography", "area_code")

Amounts = dict[tuple[str, str], float]
"""Amounts by part and organisation; only what is left of a total has parts, the figures that are hidden."""


class Figure(NamedTuple):
    """One figure of the release: a measure at one period, place and division; an empty text is no value.

    Divisions are named, so that a dimension that joins the catalog later makes no other figure of it.
    """

    measure: str
    unit: str
    period_level: str
    period: str
    geography: str
    area_code: str
    division: tuple[tuple[str, str], ...]

    @property
    def family(self) -> tuple[str, ...]:
        """All divisions of one measure, period and place."""
        return self[:6]

    @property
    def series(self) -> tuple[object, ...]:
        """The same figure in all periods."""
        return (*self[:3], *self[4:])

    @property
    def place(self) -> tuple[object, ...]:
        """Measure, period, place and division, whatever the unit."""
        return (self.measure, *self[2:])

    def of(self, measure: str) -> "Figure":
        """Return the figure of another measure at the same place."""
        return self._replace(measure=measure)


@dataclass(frozen=True)
class Version:
    """A figure as it was once published.

    Attributes
    ----------
    amounts
        What it was made of; nothing where that is not known.
    marker
        Of its rows.
    printed
        The number itself, where what it was made of is not known: then it stays.
    """

    amounts: Amounts
    marker: str = ""
    printed: float | None = None

    def by_organisation(self) -> dict[str, float]:
        """Return the amounts of organisations, over all parts."""
        found: dict[str, list[float]] = {}
        for (_, organisation), amount in sorted(self.amounts.items()):
            found.setdefault(organisation, []).append(amount)
        return {organisation: total(amounts) for organisation, amounts in found.items()}

    @property
    def value(self) -> float:
        """The published number."""
        return total(self.amounts.values()) if self.printed is None else self.printed


@dataclass
class Contributions:
    """All versions of published figures, oldest first, and figures that were hidden when their period closed.

    A total is kept as what is left of it beside its parts that are shown.
    """

    versions: dict[Figure, list[Version]] = field(default_factory=dict)
    hidden: dict[Figure, str] = field(default_factory=dict)
    _fresh: list[tuple[Figure, int]] = field(default_factory=list)
    _fresh_hidden: list[Figure] = field(default_factory=list)

    def add(self, figure: Figure, version: Version) -> None:
        """Add the newest version of a figure."""
        self.versions.setdefault(figure, []).append(version)
        self._fresh.append((figure, len(self.versions[figure]) - 1))

    def hide(self, figure: Figure, marker: str) -> None:
        """Remember a figure that is hidden in the first release of its period."""
        self.hidden[figure] = marker
        self._fresh_hidden.append(figure)

    def families(self) -> set[tuple[str, ...]]:
        """Return the measures, periods and places of which a release had a figure, shown or hidden."""
        return {figure.family for figure in (*self.versions, *self.hidden)}

    def save(self, connection: duckdb.DuckDBPyConnection, as_of: date) -> None:
        """Write what was added."""
        versions, parts = [], []
        for figure, number in self._fresh:
            version, key = self.versions[figure][number], _key(figure)
            marked = version.marker, version.printed
            versions.append((figure.measure, figure.period, key, number, as_of, *marked))
            parts += [
                (key, number, part, organisation, amount)
                for (part, organisation), amount in sorted(version.amounts.items())
            ]
        hidden = [
            (figure.measure, figure.period, _key(figure), as_of, self.hidden[figure])
            for figure in self._fresh_hidden
        ]
        for table, rows in (("version", versions), ("part", parts), ("hidden", hidden)):
            _insert(connection, f"figure_{table}", rows)
        self._fresh, self._fresh_hidden = [], []


def _insert(connection: duckdb.DuckDBPyConnection, table: str, rows: Sequence[Sequence[object]]) -> None:
    if not rows:
        return
    columns = list(zip(*rows, strict=True))
    arrow = pa.table({f"c{place}": list(column) for place, column in enumerate(columns)})
    connection.register("fresh_figures", arrow)
    connection.execute(f"INSERT INTO {FROZEN}.{table} SELECT * FROM fresh_figures")
    connection.unregister("fresh_figures")


def make_tables(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the tables of the frozen records, where they are not there."""
    connection.execute(
        f"""
        CREATE TABLE IF NOT EXISTS {FROZEN}.figure_version (
            measure VARCHAR, period VARCHAR, figure VARCHAR, version BIGINT, as_of DATE, marker VARCHAR,
            printed DOUBLE, PRIMARY KEY (figure, version));
        CREATE TABLE IF NOT EXISTS {FROZEN}.figure_part (
            figure VARCHAR, version BIGINT, part VARCHAR, organisation VARCHAR, amount DOUBLE);
        CREATE TABLE IF NOT EXISTS {FROZEN}.figure_hidden (
            measure VARCHAR, period VARCHAR, figure VARCHAR PRIMARY KEY, as_of DATE, marker VARCHAR);
        """
    )


def read(connection: duckdb.DuckDBPyConnection) -> Contributions:
    """Return everything that was published."""
    amounts: dict[tuple[str, int], Amounts] = {}
    for key, number, part, organisation, amount in connection.execute(
        f"SELECT figure, version, part, organisation, amount FROM {FROZEN}.figure_part"
    ).fetchall():
        amounts.setdefault((key, number), {})[part, organisation] = amount
    found = Contributions()
    for key, number, marker, printed in connection.execute(
        f"SELECT figure, version, marker, printed FROM {FROZEN}.figure_version ORDER BY figure, version"
    ).fetchall():
        version = Version(amounts.get((key, number), {}), marker, printed)
        found.versions.setdefault(_figure(key), []).append(version)
    for key, marker in connection.execute(f"SELECT figure, marker FROM {FROZEN}.figure_hidden").fetchall():
        found.hidden[_figure(key)] = marker
    return found


def part_of(figure: Figure) -> str:
    """Return the name of a figure among the parts of what is left of a total."""
    return json.dumps(figure.division, ensure_ascii=False)


def _key(figure: Figure) -> str:
    return json.dumps(figure, ensure_ascii=False)


def _figure(key: str) -> Figure:
    measure, unit, level, period, geography, area, division = json.loads(key)
    pairs = tuple((name, code) for name, code in division)
    return Figure(measure, unit, level, period, geography, area, pairs)


def columns_of_figures(catalog: Catalog) -> list[str]:
    """Return the columns of the table ``observation`` that make a figure one."""
    return [*FIXED, *catalog.figure_dimensions]


def figure_of(row: Mapping[str, str | None]) -> Figure:
    """Return the figure of a row of these columns, by name."""
    measure, unit, level, period, geography, area = (row[name] or "" for name in FIXED)
    division = tuple(sorted((name, code) for name, code in row.items() if name not in FIXED and code))
    return Figure(measure, unit, level, period, geography, area, division)


def printed_figures(
    connection: duckdb.DuckDBPyConnection, catalog: Catalog, file: Path, measures: list[str]
) -> Iterator[tuple[Figure, float]]:
    """Return the figures that a published release shows of these measures.

    Parameters
    ----------
    connection
        Any; the file is attached for the time of the call.
    catalog, measures
        Divisions that the figures have now, and whose figures.
    file
        The release; one of an earlier version may have fewer divisions.
    """
    connection.execute(f"ATTACH {quoted(file)} AS {_PUBLISHED} (READ_ONLY)")
    try:
        have = {
            name
            for (name,) in connection.execute(
                "SELECT column_name FROM duckdb_columns() WHERE database_name = ? "
                "AND table_name = 'observation'",
                [_PUBLISHED],
            ).fetchall()
        }
        if not have >= observation_columns(catalog).keys() - set(catalog.figure_dimensions):
            return
        chosen = ", ".join(
            name if name in have else f"NULL AS {name}" for name in columns_of_figures(catalog)
        )
        rows = connection.execute(
            f"SELECT {chosen}, value FROM {_PUBLISHED}.observation "
            "WHERE source = 'own' AND value IS NOT NULL AND list_contains($measures, measure) ORDER BY ALL",
            {"measures": measures},
        ).fetchall()
    finally:
        connection.execute(f"DETACH {_PUBLISHED}")
    names = columns_of_figures(catalog)
    for *row, value in rows:
        yield figure_of(dict(zip(names, row, strict=True))), value


def holds_value(versions: list[Version], value: float) -> bool:
    """Tell whether a number is one of these versions."""
    return any(is_equal(version.value, value) for version in versions)


def spans_of_figures(connection: duckdb.DuckDBPyConnection) -> dict[tuple[str, str], Span]:
    """Return from which to which month figures of each measure were published, for the record of releases."""
    spans: dict[tuple[str, str], Span] = {}
    for measure, period in connection.execute(
        f"SELECT measure, period FROM {FROZEN}.figure_version UNION "
        f"SELECT measure, period FROM {FROZEN}.figure_hidden ORDER BY ALL"
    ).fetchall():
        key, span = (OWN_FIGURES, measure), span_of(period)
        spans[key] = span.joined(spans.get(key, span))
    return spans


def forget(connection: duckdb.DuckDBPyConnection, measure: str, from_month: int) -> int:
    """Forget the figures of periods from a month on, which no release held; return how many."""
    periods = [
        period
        for (period,) in connection.execute(
            f"SELECT DISTINCT period FROM {FROZEN}.figure_version WHERE measure = $measure UNION "
            f"SELECT DISTINCT period FROM {FROZEN}.figure_hidden WHERE measure = $measure",
            {"measure": measure},
        ).fetchall()
        if span_of(period).last >= from_month
    ]
    whose = {"measure": measure, "periods": periods}
    inside = "measure = $measure AND list_contains($periods, period)"
    connection.execute(
        f"DELETE FROM {FROZEN}.figure_part WHERE figure IN "
        f"(SELECT figure FROM {FROZEN}.figure_version WHERE {inside})",
        whose,
    )
    count = 0
    for table in ("figure_version", "figure_hidden"):
        row = connection.execute(f"DELETE FROM {FROZEN}.{table} WHERE {inside}", whose).fetchone()
        count += int(row[0]) if row else 0
    return count
