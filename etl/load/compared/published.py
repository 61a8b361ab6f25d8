"""Published counts of a file beside those that are loaded, and doubts about them (`plausible`)."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import duckdb
import polars as pl

from analysis.catalog.load import load_catalog
from analysis.periods import SEVERAL
from etl.contracts.batch import Batch
from etl.incoming import Incoming
from etl.load.compared import plausible
from etl.load.compared.plausible import FIGURES, KEY, POPULATION, Doubt
from etl.load.compared.replacing import older_rows
from etl.load.rows import Rows
from etl.mapping.published import OBSERVATION

#: Units of what there cannot be more of than residents: an amount of money, hours or kilometres may be.
COUNTED = (
    "arrests", "calls", "cases", "charges", "contacts", "convictions", "decisions", "incidents",
    "investigations", "offences", "offenses", "people", "persons", "prosecutions", "referrals", "reports",
    "signals", "situations", "survivors", "tips", "victims",
)  # fmt: skip
_NOT_FOUND = "_not_found"  # how codes of `location` end whose place was not found
_EVERYBODY = "age_group = 'all' AND sex = 'all'"
_OF_PEOPLE = f"unit IN ({', '.join(repr(unit) for unit in COUNTED)})"


def doubts(
    connection: duckdb.DuckDBPyConnection,
    incoming: Incoming,
    rows: Rows,
    *,
    file_name: str,
) -> list[Doubt]:
    """Return why published counts of a file may be wrong; empty for records and registers.

    Parameters
    ----------
    connection
        The warehouse as it was before the file: what the file replaces is still there.
    incoming, rows
        The file, and its rows as they will be stored.
    """
    found: list[Doubt] = []
    for batch in incoming.batches:
        if batch.table in (OBSERVATION, POPULATION):
            found += _doubts(connection, incoming, batch, rows, file_name=file_name)
    labels = _labels(incoming) if found else {}
    return [replace(one, label=labels.get(one.series, one.series)) for one in found]


def _labels(incoming: Incoming) -> dict[str, str]:
    """Return what series are called: those of the catalog, and those that a mapping names."""
    counts = [one for one in load_catalog().measures.values() if one.kind == "published"]
    own = {one.code: one.label for one in incoming.series}
    return {POPULATION: "residents"} | {one.observation: one.label for one in reversed(counts)} | own


def _doubts(
    connection: duckdb.DuckDBPyConnection,
    incoming: Incoming,
    batch: Batch,
    rows: Rows,
    *,
    file_name: str,
) -> Iterator[Doubt]:
    where, values = older_rows(connection, incoming, batch, rows, file_name=file_name)
    connection.register("new_rows", rows.waiting[batch.table])
    stored = f"(SELECT * FROM stage.{batch.table} WHERE"
    others = "load_id IN (SELECT load_id FROM stage.load WHERE source_id = ?) AND NOT"
    figures = _residents_as_figures if batch.table == POPULATION else _counts
    new = figures(connection, "new_rows")
    replaced = figures(connection, f"{stored} {where})", values)
    beside = figures(connection, f"{stored} {others} ({where}))", [incoming.source.source_id, *values])
    # Files of residents of several names stay beside one another; of one area and year the last one holds.
    replaced = pl.concat([replaced, beside.join(replaced, on=KEY, how="anti")])
    beside = beside.join(new, on=KEY, how="anti")
    corrected = connection.sql(
        f"SELECT DISTINCT series FROM stage.load_doubt SEMI JOIN {stored} {where}) USING (load_id)",
        params=values,
    ).fetchall()
    connection.unregister("incoming_rows")
    # What takes the place of figures that were doubted is most likely their correction.
    was_doubted = pl.col("series").is_in([series for (series,) in corrected])
    yield from plausible.against_replaced(new.filter(~was_doubted), replaced)
    yield from plausible.against_neighbours(new, beside)
    yield from plausible.common_factor(new)
    if batch.table == POPULATION:
        counted = _counts(connection, "stage.observation", only=_OF_PEOPLE, by_responder=False)
        yield from plausible.per_resident(counted, _residents(connection, "new_rows"))
    else:
        counted = _counts(connection, "new_rows", only=_OF_PEOPLE, by_responder=False)
        yield from plausible.per_resident(counted, _residents(connection, "stage.area_population"))
        yield from plausible.place_not_found(_nowhere(connection))
    connection.unregister("new_rows")


def _residents_as_figures(
    connection: duckdb.DuckDBPyConnection, rows: str, values: Sequence[object] = ()
) -> pl.DataFrame:
    """Return residents of all ages and both sexes in the columns of `FIGURES`, of a view or a SELECT."""
    query = f"""
        SELECT '{POPULATION}' AS series, 'year' AS level, make_date(year, 1, 1) AS start,
            concat_ws('|', geography, code) AS area, '' AS cell, population AS value
        FROM {rows} AS residents WHERE {_EVERYBODY} AND population IS NOT NULL
        QUALIFY row_number() OVER (PARTITION BY geography, code, year ORDER BY load_id DESC) = 1 ORDER BY ALL
    """
    return connection.sql(query, params=list(values)).pl().cast(FIGURES)


def _counts(
    connection: duckdb.DuckDBPyConnection,
    rows: str,
    values: Sequence[object] = (),
    *,
    only: str = "true",
    by_responder: bool = True,
) -> pl.DataFrame:
    """Return published counts in the columns of `FIGURES`.

    A publisher splits one quarter over several files, one a kind of responder: totals of an area are only
    compared within one of them.
    """
    responder = ", coalesce(responder, '')" if by_responder else ""
    cell = ", ".join(f"coalesce({name}, '')" for name in load_catalog().published_dimensions)
    query = f"""
        SELECT measure AS series, period_level AS level, period_start AS start,
            concat_ws('|', geography, coalesce(area_code, ''){responder}) AS area,
            concat_ws('|', {cell}) AS cell, value
        FROM {rows} AS counts WHERE ({only}) AND value IS NOT NULL
            AND period_level <> '{SEVERAL}' -- no year before or after can be held against years together
        ORDER BY ALL
    """
    return connection.sql(query, params=list(values)).pl().cast(FIGURES)


def _nowhere(connection: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """Return what each series counts, and how much of it at a place that was not found or is not known."""
    return connection.sql(
        f"""
        SELECT measure AS series, sum(value) AS counted, sum(value) FILTER (
            location LIKE '%{_NOT_FOUND}' OR (area_code IS NOT NULL AND known.code IS NULL)
        ) AS lost
        FROM new_rows AS new
        LEFT JOIN (SELECT DISTINCT geography, code FROM stage.area) AS known
            ON known.geography = new.geography AND known.code = new.area_code
        GROUP BY measure ORDER BY measure
        """
    ).pl()


def _residents(connection: duckdb.DuckDBPyConnection, rows: str) -> pl.DataFrame:
    """Return the residents of each area and year; the last load of an area and year holds."""
    figures = _residents_as_figures(connection, rows)
    return figures.select("area", pl.col("start").dt.year().alias("year"), residents="value")
