"""The frozen records: what every published cell is computed from.

When a month closes, its records are copied here and get their record keys. They stay as they are, whatever
is loaded later, so a closed period never changes and a quarter never holds a record that its months do not.
Late, corrected and withdrawn records are *held*: counted, and taken over only by a revision of their whole
year.
"""

import json

import duckdb

from analysis.catalog.model import NOT_RECORDED, Protection
from analysis.periods import Span
from etl.errors import EtlError
from etl.release.cells.keys import RECORD_KEY, fingerprint, pads
from etl.release.cells.layout import BASE_COLUMNS, FROZEN, RECORD, WAREHOUSE, Layout, columns_of
from etl.release.closing import contributions, reports
from etl.release.closing.closed_periods import Closed, first_day, month_of

OPENED_AGAIN = 1_000  # far beyond any number of revisions
FORMAT = "2"  # of the frozen records and their keys: records of another format cannot be added to


def open_series(
    connection: duckdb.DuckDBPyConnection, secret: bytes, protection: Protection, is_synthetic: bool
) -> None:
    """Make the tables of a new series, or refuse to go on with one that was made with other parameters.

    Parameters
    ----------
    connection
        With the frozen records attached.
    secret, protection
        Of this run.
    is_synthetic
        Whether the records are made up: then a series of another format is forgotten, and starts anew.

    Raises
    ------
    EtlError
        When the secret or the protection differ from those of the frozen series. Numbers of the same people
        with two different noises average out, so there is no way to change them quietly.
    """
    connection.execute(
        f"""
        CREATE TABLE IF NOT EXISTS {FROZEN}.series (key VARCHAR PRIMARY KEY, value VARCHAR);
        CREATE TABLE IF NOT EXISTS {FROZEN}.closed (
            collection VARCHAR, subject VARCHAR, first DATE, last DATE, PRIMARY KEY (collection, subject));
        CREATE TABLE IF NOT EXISTS {FROZEN}.revision (
            collection VARCHAR, subject VARCHAR, year BIGINT, revision BIGINT, as_of DATE,
            PRIMARY KEY (collection, subject, year, revision));
        CREATE TABLE IF NOT EXISTS {FROZEN}.repair (
            collection VARCHAR, subject VARCHAR, month DATE, as_of DATE, PRIMARY KEY (collection, subject));
        CREATE TABLE IF NOT EXISTS {FROZEN}.opened (
            collection VARCHAR, subject VARCHAR, first DATE, last DATE, as_of DATE);
        CREATE TABLE IF NOT EXISTS {FROZEN}.redrawn (
            collection VARCHAR, year BIGINT, times BIGINT, PRIMARY KEY (collection, year));
        CREATE TABLE IF NOT EXISTS {FROZEN}.coverage (
            collection VARCHAR, source VARCHAR, period VARCHAR, status VARCHAR);
        CREATE TABLE IF NOT EXISTS {FROZEN}.tally (collection VARCHAR, subject VARCHAR, period VARCHAR);
        CREATE TABLE IF NOT EXISTS {FROZEN}.area (
            geography VARCHAR, code VARCHAR, level INTEGER, parent VARCHAR, PRIMARY KEY (geography, code));
        """
    )
    contributions.make_tables(connection)
    # Nobody is protected in a made-up series: starting it anew does no harm, and saves a demonstration from
    # an error that only real records deserve.
    if is_synthetic:
        _forget_other_formats(connection)
    now = {"format": FORMAT, "protection": _parameters(protection), "secret": fingerprint(secret)}
    before = dict(connection.execute(f"SELECT key, value FROM {FROZEN}.series").fetchall())
    if not before:
        connection.executemany(f"INSERT INTO {FROZEN}.series VALUES (?, ?)", list(now.items()))
        return
    if before["secret"] != now["secret"]:
        raise EtlError(
            "The secret is not the one with which closed months were published; nothing was released.",
            "Restore restricted/secret (or LTT_SECRET) from your backup, then: python -m etl release",
        )
    if before["format"] != FORMAT:
        raise EtlError(
            f"restricted/frozen.duckdb has format {before['format']}; this version continues format "
            f"{FORMAT}, in which the same people get other noise. Nothing was released.",
            "Go back to the version that made the last release, or start a new series: docs/disclosure.md.",
        )
    if before != now:
        raise EtlError(
            "data/catalog/protection.toml: [noise], [threshold] or the revision limits are not those "
            f"with which closed months were published ({before['protection']}); nothing was released.",
            "git checkout data/catalog/protection.toml, then: python -m etl release. "
            "A change needs a new series: see docs/disclosure.md.",
        )


def _forget_other_formats(connection: duckdb.DuckDBPyConnection) -> None:
    format_ = connection.execute(f"SELECT value FROM {FROZEN}.series WHERE key = 'format'").fetchall()
    if format_ in ([], [(FORMAT,)]):
        return
    tables = connection.execute("SELECT table_name FROM duckdb_tables() WHERE database_name = ?", [FROZEN])
    for (table,) in tables.fetchall():
        connection.execute(f"DELETE FROM {FROZEN}.{table}")


def _parameters(protection: Protection) -> str:
    return json.dumps(
        {
            "d": protection.noise_d,
            "v": protection.noise_v,
            "js": protection.noise_js,
            "keys": protection.keys,
            "threshold": dict(sorted(protection.threshold.items())),
            "revisions_per_year": protection.revisions_per_year,
            "minimum_corrections": protection.minimum_corrections,
        }
    )


def keep_areas(connection: duckdb.DuckDBPyConnection) -> None:
    """Add new areas to the frozen hierarchy; refuse one that moved.

    Raises
    ------
    EtlError
        When an area of the frozen hierarchy has another level or parent now: closed cells would change.
    """
    # A county that gets another region, or a district another county, takes its people with it: two releases
    # would then differ by exactly these people.
    moved = connection.execute(
        f"""
        SELECT geography, code FROM {FROZEN}.area AS before JOIN {WAREHOUSE}.mart.area AS now
        USING (geography, code)
        WHERE before.level <> now.level OR before.parent IS DISTINCT FROM now.parent ORDER BY ALL LIMIT 1
        """
    ).fetchone()
    if moved:
        raise EtlError(
            f"Area {moved[1]} of geography {moved[0]} has another parent than in published months.",
            "Load the boundaries again under a new geography code, then: python -m etl release",
        )
    connection.execute(
        f"INSERT INTO {FROZEN}.area SELECT geography, code, level, parent FROM {WAREHOUSE}.mart.area "
        f"ANTI JOIN {FROZEN}.area USING (geography, code) ORDER BY ALL"
    )


def make_tables(connection: duckdb.DuckDBPyConnection, layout: Layout) -> None:
    """Make the frozen tables of a subject; a dimension that is new to it is 'not recorded' so far."""
    table = f"{FROZEN}.{layout.code}"
    connection.execute(
        f"CREATE TABLE IF NOT EXISTS {table} (id BIGINT, collection VARCHAR, record VARCHAR, "
        "reference_year BIGINT, period_start DATE, area_code VARCHAR, record_key UTINYINT)"
    )
    connection.execute(
        f"CREATE TABLE IF NOT EXISTS {table}_attribute (id BIGINT, kind VARCHAR, code VARCHAR)"
    )
    have = columns_of(connection, FROZEN, layout.code)
    for code in layout.columns:
        if code not in have:
            connection.execute(f"ALTER TABLE {table} ADD COLUMN {code} VARCHAR DEFAULT '{NOT_RECORDED}'")


def closed_before(connection: duckdb.DuckDBPyConnection, layout: Layout) -> dict[str, Span]:
    """Return the months that earlier releases closed, by collection."""
    rows = connection.execute(
        f"SELECT collection, first, last FROM {FROZEN}.closed WHERE subject = ?", [layout.code]
    ).fetchall()
    return {collection: Span(month_of(first), month_of(last)) for collection, first, last in rows}


def extend(
    connection: duckdb.DuckDBPyConnection, layout: Layout, closed: list[Closed], secret: bytes
) -> dict[str, int]:
    """Copy the records of newly closed months; return how many months closed, by collection.

    A record whose key is frozen already (a correction that moved it) is not copied again: it is held.
    """
    before = closed_before(connection, layout)
    new_months = {}
    for months in closed:
        span, old = months.span, before.get(months.collection)
        if span is None or span == old:
            continue
        already_closed = old.last - old.first + 1 if old else 0
        new_months[months.collection] = span.last - span.first + 1 - already_closed
        connection.execute(
            f"INSERT OR REPLACE INTO {FROZEN}.closed VALUES (?, ?, ?, ?)",
            [months.collection, layout.code, first_day(span.first), first_day(span.last)],
        )
        # Months that were closed before are left out: a record that came late for one of them would change
        # what is published. It is held, and waits for a revision of its year. Spans only grow, at both ends,
        # so what is new is all of the span but the old one.
        inside = "collection = ? AND period_start BETWEEN ? AND ?"
        values: list[object] = [months.collection, first_day(span.first), first_day(span.last)]
        if old is not None:
            inside += " AND period_start NOT BETWEEN ? AND ?"
            values += [first_day(old.first), first_day(old.last)]
        copy_records(connection, layout, inside, values, secret)
        reports.keep_tallies(connection, months.collection, layout.code, span, old)
    return new_months


def copy_records(
    connection: duckdb.DuckDBPyConnection, layout: Layout, inside: str, values: list[object], secret: bytes
) -> None:
    """Copy records of the mart that are not frozen yet, with their keys.

    Parameters
    ----------
    connection, layout
        The warehouse and the frozen records, and the subject.
    inside, values
        Condition on the mart's records, and the values bound to it.
    secret
        For the record keys.
    """
    code = layout.code
    # A record takes part in its cells with the key it gets here, for good. The key follows from the record,
    # the secret and how often its year was revised: after a revision all of the year's noise is drawn anew. A
    # year that was opened again before anybody read it (`unfreeze`) counts a thousand beside its revisions,
    # for all subjects alike: they share the keys of people. A record that is frozen already, under a month
    # that closed earlier, would be counted twice: the ANTI JOIN leaves it.
    connection.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE fresh AS
        SELECT
            row_number() OVER () + (SELECT coalesce(max(id), 0) FROM {FROZEN}.{code}) AS id,
            chosen.*,
            coalesce(revised.revision, 0) + {OPENED_AGAIN} * coalesce(redrawn.times, 0) AS revision
        FROM (SELECT * FROM mart_{code} WHERE {inside}) AS chosen
        LEFT JOIN (
            SELECT collection, year AS reference_year, max(revision) AS revision
            FROM {FROZEN}.revision WHERE subject = '{code}' GROUP BY ALL
        ) AS revised USING (collection, reference_year)
        LEFT JOIN (
            SELECT collection, year AS reference_year, times FROM {FROZEN}.redrawn
        ) AS redrawn USING (collection, reference_year)
        ANTI JOIN {FROZEN}.{code} AS kept USING ({RECORD})
        """,
        values,
    )
    columns = ", ".join(["id", *BASE_COLUMNS, *layout.columns])
    connection.execute(
        f"INSERT INTO {FROZEN}.{code} ({columns}, record_key) "
        f"SELECT {columns}, {RECORD_KEY} FROM fresh ORDER BY id",
        pads(secret),
    )
    if layout.bridge:
        connection.execute(
            f"INSERT INTO {FROZEN}.{code}_attribute SELECT id, kind, code "
            f"FROM mart_{code}_attribute JOIN (SELECT id, {RECORD} FROM fresh) USING ({RECORD})"
        )
    connection.execute("DROP TABLE fresh")
