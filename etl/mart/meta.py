"""Writes ``meta.info``: facts about the whole warehouse that the release repeats."""

import calendar
import hmac
import json
from collections.abc import Mapping
from datetime import date

import duckdb
import polars as pl

from etl.config import DEPLOYMENT, RESTORE, Deployment
from etl.errors import EtlError
from etl.mart.anonymity import QUASI_IDENTIFIERS, anonymity_report
from etl.store.warehouse import first_row

FROM_DEPLOYMENT = ("place", "contact", "home_country", "geography")
AREAS, TEXTS = "areas", "published_texts"
ANONYMITY = "anonymity."
FINGERPRINT_LENGTH = 16
SENSITIVE = ("status", "identified_by")


def write(
    connection: duckdb.DuckDBPyConnection, deployment: Deployment, stated: date | None, newest: date
) -> None:
    """Write place, home country, reporting date, synthetic or not, and the anonymity report.

    Parameters
    ----------
    stated
        Given reporting date. Without it: the last day of the last month that own records cover, else that any
        source covers, else the day of the last load.
    newest
        No reporting date lies after this day: a month that is not over cannot be closed.
    """
    as_of = stated or deployment.as_of or min(last_covered_day(connection), newest)
    values = {
        "as_of": as_of.isoformat(),
        "is_synthetic": "true" if _is_synthetic(connection) else "false",
        **{key: value for key in FROM_DEPLOYMENT if (value := getattr(deployment, key))},
        **({AREAS: json.dumps(deployment.areas)} if deployment.areas else {}),
        **({TEXTS: json.dumps(deployment.published_texts)} if deployment.published_texts else {}),
        **_anonymity(connection),
    }
    connection.execute("DELETE FROM meta.info WHERE key LIKE 'anonymity.%'")
    for key, value in values.items():
        connection.execute("INSERT OR REPLACE INTO meta.info VALUES (?, ?)", [key, value])


def other_day(known: Mapping[str, str], deployment: Deployment) -> list[str]:
    """Return a note where ``deployment.toml`` now names another reporting date than the warehouse has.

    Parameters
    ----------
    known
        What an earlier run wrote (`stored`).
    deployment
        What the file says now.
    """
    made = known.get("as_of", "")
    if deployment.as_of is None or not made or deployment.as_of.isoformat() == made:
        return []
    return [
        f"{DEPLOYMENT} says as_of {deployment.as_of}, but the warehouse is as of {made}: the date is taken "
        "over by the next load or build, and releases go by the warehouse until then."
    ]


def refuse_other_secret(connection: duckdb.DuckDBPyConnection, secret: bytes) -> None:
    """Refuse to add records under another secret: people would no longer be recognised as the same.

    Raises
    ------
    EtlError
        When the warehouse was keyed with another one.
    """
    fingerprint = hmac.digest(secret, b"warehouse", "sha256").hex()[:FINGERPRINT_LENGTH]
    known = stored(connection).get("secret_fingerprint", fingerprint)
    if known != fingerprint:
        raise EtlError("The secret is not the one that the loaded records were keyed with.", RESTORE)
    connection.execute("INSERT OR REPLACE INTO meta.info VALUES ('secret_fingerprint', ?)", [fingerprint])


def refuse_other_areas(connection: duckdb.DuckDBPyConnection, deployment: Deployment) -> None:
    """Refuse to add to a warehouse whose areas were limited in another way: its records were judged by them.

    Raises
    ------
    EtlError
        When areas of the geography are loaded and ``deployment.toml`` now names others.
    """
    has_areas = "SELECT 1 FROM stage.area WHERE geography = ? LIMIT 1"
    if not deployment.areas or first_row(connection, has_areas, [deployment.geography]) is None:
        return
    known = covered_areas(connection)
    if set(known) != set(deployment.areas):
        raise EtlError(
            f"{deployment.folder / DEPLOYMENT}: areas is {', '.join(deployment.areas)}, but the warehouse "
            f"was built with {', '.join(known) or 'all areas'}.",
            "Put back what was there, or build again from your files: python -m etl build --home FOLDER",
        )


def covered_areas(connection: duckdb.DuckDBPyConnection) -> tuple[str, ...]:
    """Return the areas that the warehouse is limited to; none when it holds all."""
    return tuple(json.loads(stored(connection).get(AREAS, "[]")))


def stored(connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """Return what an earlier run wrote."""
    return dict(connection.execute("SELECT key, value FROM meta.info").fetchall())


def last_covered_day(connection: duckdb.DuckDBPyConnection) -> date:
    """Return the last day of the last month covered by a current load."""
    row = first_row(
        connection,
        """
        SELECT max(load.period_to) FILTER (source.is_own), max(load.period_to), max(loaded_at)::DATE
        FROM mart.load AS load JOIN stage.source AS source USING (source_id)
        WHERE is_current AND load.period_to <> ''
        """,
    )
    own, covered, _ = row or (None, None, None)
    month = own or covered
    if month is None:
        return _last_load(connection)
    year, number = (int(part) for part in month.split("-"))
    return date(year, number, calendar.monthrange(year, number)[1])


def _last_load(connection: duckdb.DuckDBPyConnection) -> date:
    row = first_row(connection, "SELECT max(loaded_at)::DATE FROM stage.load")
    return row[0] if row and row[0] else date.today()


def _is_synthetic(connection: duckdb.DuckDBPyConnection) -> bool:
    row = first_row(connection, "SELECT bool_or(is_synthetic AND is_own) FROM mart.source")
    return bool(row and row[0])


def _anonymity(connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """Measure k-anonymity and l-diversity of own records; nothing when there are none."""
    columns = ", ".join(dict.fromkeys([*QUASI_IDENTIFIERS, *SENSITIVE]))
    alike: pl.DataFrame = connection.sql(
        f"SELECT {columns}, count(*) AS persons FROM mart.person "
        "SEMI JOIN (FROM mart.collection WHERE is_own AND subject = 'person') USING (collection) GROUP BY ALL"
    ).pl()
    if alike.is_empty():
        return {}
    report = anonymity_report(alike, sensitive=SENSITIVE, number="persons")
    return {f"{ANONYMITY}{metric}": value for metric, value in report.rows()}
