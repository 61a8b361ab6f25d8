"""What a hub says of itself: its parts, who reported when, its sources, laws, revisions and parameters."""

import json
from collections.abc import Mapping, Sequence
from datetime import date

import duckdb

from analysis.catalog.model import Catalog
from analysis.periods import PERIOD_LEVELS, Span, code_of
from etl.config import Deployment
from etl.hub.parts import HUB, Part
from etl.hub.places import pass_equal
from etl.release.profiles import Profile
from etl.release.publishing.info import DIMENSIONS_AT_ONCE
from etl.release.publishing.schema import DELAY, HIDDEN, HUB_TABLES, PASSED, SERIES, SOURCE_FILES, Columns
from etl.release.publishing.swap import FORMAT
from etl.release.unperturbed.tables import make_table

SUMMARIES = ("load_summary", "left_out_summary", "rejected_summary", "table_summary", "orphan_summary")


def as_of(parts: Sequence[Part]) -> date:
    """Return the newest reporting date of the parts; each month says who reported in it."""
    return max(part.manifest.as_of for part in parts)


def is_synthetic(parts: Sequence[Part]) -> bool:
    """Tell whether the people are made up; parts that are and parts that are not are never mixed."""
    return any(part.manifest.synthetic for part in parts)


def span_of_all(parts: Sequence[Part]) -> Span | None:
    """Return the months that any part has figures for."""
    spans = [part.span for part in parts if part.span]
    return Span(min(one.first for one in spans), max(one.last for one in spans)) if spans else None


def make_info(
    connection: duckdb.DuckDBPyConnection,
    catalog: Catalog,
    parts: Sequence[Part],
    profile: Profile,
    deployment: Deployment,
) -> None:
    """Make ``info``: the parameters that all parts have, and what the hub's own folder says."""
    protection = catalog.protection
    values = {
        "format": FORMAT,
        "profile": profile.name,
        "d": protection.noise_d,
        "v": protection.noise_v,
        "js": protection.noise_js,
        "threshold": profile.threshold,
        "dimensions": DIMENSIONS_AT_ONCE,
        "parameters_sha256": protection.file_sha256,
        "catalog_sha256": catalog.sha256,
        "as_of": as_of(parts).isoformat(),
        "place": deployment.place,
        "home_country": parts[0].info.get("home_country", ""),
        "synthetic": str(is_synthetic(parts)).lower(),
        "contact": deployment.contact,
        "methods_version": protection.methods_version,
        HUB: len(parts),
        **({"next_update": deployment.next_update.isoformat()} if deployment.next_update else {}),
        **({"fiscal_years": json.dumps(dict(deployment.fiscal_years))} if deployment.fiscal_years else {}),
    }
    doubts = dict.fromkeys(
        (str(source), str(words))
        for part in parts
        for source, words in json.loads(part.info.get("doubts", "[]"))
    )
    if doubts:
        values["doubts"] = json.dumps(list(doubts), ensure_ascii=False)
    if numbers := _tallies(parts):
        values["tallies"] = json.dumps({HUB: numbers})
    make_table(connection, "info", [(key, str(value)) for key, value in values.items()])


def _tallies(parts: Sequence[Part]) -> dict[str, list[str]]:
    """Return the months for which any part holds numbers sent in place of records, by subject."""
    found: dict[str, set[str]] = {}
    for part in parts:
        told = json.loads(part.info.get("tallies", "{}"))
        for subject, one in part.registers.items():
            months = told.get(one.collection, {}).get(subject, [])
            found.setdefault(subject, set()).update(months)
    return {subject: sorted(months) for subject, months in sorted(found.items()) if months}


def make_own_tables(connection: duckdb.DuckDBPyConnection, parts: Sequence[Part], place: str) -> None:
    """Make the tables of the hub itself; those that only stewards have stay empty."""
    _make_collections(connection, parts, place)
    _make_coverage(connection, parts)
    _make_revisions(connection, parts)
    for name, rows in {
        "hub_part": [
            (part.code, part.label, part.manifest.release_id, part.manifest.as_of.isoformat())
            for part in parts
        ],
        "hub_span": [
            (part.code, subject, code_of(one.span.first, "month"), code_of(one.span.last, "month"))
            for part in parts
            for subject, one in sorted(part.registers.items())
        ],
    }.items():
        columns = HUB_TABLES[name]
        typed = ", ".join(f"{column} {kind}" for column, kind in columns.items())
        connection.execute(f"CREATE OR REPLACE TEMP TABLE {name} ({typed})")
        connection.executemany(f"INSERT INTO {name} VALUES ({', '.join('?' * len(columns))})", sorted(rows))
    for table in ("held", "anonymity"):
        make_table(connection, table, [])


def _make_collections(connection: duckdb.DuckDBPyConnection, parts: Sequence[Part], place: str) -> None:
    rows = []
    for subject in sorted({code for part in parts for code in part.registers}):
        held = [part.registers[subject] for part in parts if subject in part.registers]
        first, last = min(one.span.first for one in held), max(one.span.last for one in held)
        resolution = max((one.resolution for one in held), key=PERIOD_LEVELS.index)
        cited = "; ".join(dict.fromkeys(one.citation.rstrip(". ") for one in held if one.citation))
        ends = code_of(first, "month"), code_of(last, "month")
        label = f"{place}: {len(parts)} task forces, added up"
        row = (HUB, label, subject, HUB, held[0].unit, True, is_synthetic(parts), resolution, *ends, cited)
        rows.append(row)
    make_table(connection, "collection", rows)


def _make_coverage(connection: duckdb.DuckDBPyConnection, parts: Sequence[Part]) -> None:
    """A task force has reported for a month when anybody reported to it, and its release holds the month."""
    rows = []
    whole = span_of_all(parts)
    for part in parts:
        names = sorted({one.collection for one in part.registers.values()})
        known = {
            row[0]
            for row in connection.execute(
                f"SELECT DISTINCT period FROM {part.alias}.coverage WHERE status = 'reported' "
                f"AND collection IN ({', '.join('?' * len(names))})",
                names,
            ).fetchall()
        }
        for month in range(whole.first, whole.last + 1) if whole else ():
            code = code_of(month, "month")
            inside = part.span is not None and part.span.first <= month <= part.span.last
            rows.append((HUB, part.code, code, "reported" if inside and code in known else "not_reported"))
    make_table(connection, "coverage", rows)


def _make_revisions(connection: duckdb.DuckDBPyConnection, parts: Sequence[Part]) -> None:
    """A year of a sum is revised as often as it is in the parts together: each changes the sum."""
    totals: dict[tuple[str, int], tuple[int, str]] = {}
    for part in parts:
        for subject, register in part.registers.items():
            for year, number, day in connection.execute(
                f"SELECT year, max(revision), max(as_of) FROM {part.alias}.revision "
                "WHERE collection = ? AND subject = ? GROUP BY year",
                [register.collection, subject],
            ).fetchall():
                count, latest = totals.get((subject, year), (0, ""))
                totals[subject, year] = (count + number, max(latest, day))
    rows = [(HUB, subject, year, *facts) for (subject, year), facts in sorted(totals.items())]
    make_table(connection, "revision", rows)


def make_sources(connection: duckdb.DuckDBPyConnection, parts: Sequence[Part], place: str) -> None:
    """Make ``source`` and the tables of what was loaded; sources of one code that differ are told apart."""
    columns = list(PASSED["source"])
    held: dict[str, dict[str, tuple[object, ...]]] = {}
    for part in parts:
        for row in connection.execute(f"SELECT {', '.join(columns)} FROM {part.alias}.source").fetchall():
            held.setdefault(row[0], {})[part.code] = row
    published = {
        row[0]
        for row in connection.execute(
            "SELECT DISTINCT source FROM observation WHERE source <> 'own'"
        ).fetchall()
    }
    rows, renamed = [], dict[tuple[str, str], str]()
    for source, by_part in sorted(held.items()):
        # Days of loading and periods declared may differ between loads of one and the same edition.
        is_same = len({row[: columns.index("period_from")] for row in by_part.values()}) == 1
        if is_same or source in published:
            rows.append(next(iter(by_part.values())))
            continue
        for code, row in by_part.items():
            renamed[code, source] = f"{code}:{source}"
            rows.append((renamed[code, source], *row[1:]))
    rows += [_row_of(part, columns, place) for part in parts]
    make_table(connection, "source", sorted(rows, key=lambda row: str(row[0])))
    for table in SUMMARIES:
        _make_summary(connection, parts, table, renamed)


def _row_of(part: Part, columns: Sequence[str], place: str) -> tuple[object, ...]:
    """Return the row of a task force, which is a contributor of the hub."""
    manifest, span = part.manifest, part.span
    values: dict[str, object] = {
        "source_id": part.code,
        "label": part.label,
        "publisher": part.label,
        "unit": "published figures",
        "licence": "",
        "citation": f"{part.label}: release {manifest.release_id}, as of {manifest.as_of.isoformat()}",
        "rule": f"Protected by its task force before it was added to {place}.",
        "is_synthetic": manifest.synthetic,
        "period_from": code_of(span.first, "month") if span else None,
        "period_to": code_of(span.last, "month") if span else None,
        "loaded_on": manifest.as_of,
    }
    return tuple(values[name] for name in columns)


def _make_summary(
    connection: duckdb.DuckDBPyConnection,
    parts: Sequence[Part],
    table: str,
    renamed: Mapping[tuple[str, str], str],
) -> None:
    """Add what was read from the files of each part; what two read from one edition is told once."""
    listed = ", ".join(PASSED[table])
    rows: dict[tuple[object, ...], tuple[object, ...]] = {}
    for part in parts:
        for source, *rest in connection.execute(
            f"SELECT {listed} FROM {part.alias}.{table} ORDER BY ALL"
        ).fetchall():
            name = renamed.get((part.code, source), source)
            key = (name,) if table == "load_summary" else (name, *rest)
            rows.setdefault(key, (name, *rest))
    make_table(connection, table, list(rows.values()))


def leave_out_estimates(connection: duckdb.DuckDBPyConnection, parts: Sequence[Part]) -> list[str]:
    """Make the tables of people on no list, without rows; return whose estimates are left out, in words.

    Two task forces may list the same people, and no sum of two estimates has an interval: they do not add up.
    """
    for table, columns in (HIDDEN | DELAY).items():
        make_table(connection, table, [], columns)
    return [
        f"{part.given}: its estimate of people on no list is not added: two task forces may list one person"
        for part in parts
        if connection.execute(
            f"SELECT 1 FROM {part.alias}.hidden_population WHERE estimate IS NOT NULL LIMIT 1"
        ).fetchone()
    ]


def make_laws(connection: duckdb.DuckDBPyConnection, parts: Sequence[Part]) -> None:
    """Make ``law_provision``: each law once."""
    make_table(connection, "law_provision", [])
    pass_equal(connection, parts, "law_provision", "true OR {own} = ''", ("law_code",))


def make_told_by_some(connection: duckdb.DuckDBPyConnection, parts: Sequence[Part]) -> dict[str, Columns]:
    """Make the tables that only some releases have, where any part has them; return those."""
    made: dict[str, Columns] = {}
    for name, columns in (SERIES | SOURCE_FILES).items():
        holding = [
            part
            for part in parts
            if connection.execute(
                "SELECT 1 FROM duckdb_tables() WHERE database_name = ? AND table_name = ?", [part.alias, name]
            ).fetchone()
        ]
        if holding:
            make_table(connection, name, [], columns)
            keys = list(columns) if name in SOURCE_FILES else ["source", "code"]
            pass_equal(connection, holding, name, "true OR {own} = ''", keys)
            made[name] = columns
    return made
