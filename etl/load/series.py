"""Refuses published counts that could not be shown as they are: none is accepted that no page can reach."""

from collections.abc import Mapping

import duckdb
import polars as pl

from analysis.catalog.load import load_catalog
from analysis.periods import SEVERAL
from etl.contracts import parse
from etl.contracts.areas import areas_of
from etl.errors import EtlError
from etl.incoming import Incoming, PublishedSeries
from etl.load.compared.replacing import in_its_months
from etl.load.scope import area_and_above, known_places
from etl.mapping.published import OBSERVATION

_AREAS_LISTED = 6


def refuse_unreachable(
    connection: duckdb.DuckDBPyConnection, incoming: Incoming, rows: Mapping[str, pl.DataFrame], file: str
) -> None:
    """Refuse a file with a series that could not be shown as one.

    Parameters
    ----------
    connection
        Where loaded series and areas are found.
    incoming, rows
        The file and its stage rows; older rows have not given way yet.
    file
        Its name, for messages.

    Raises
    ------
    EtlError
        A name that another source has, periods of two lengths, rows split and not split.
    """
    counts = rows.get(OBSERVATION)
    if counts is None:
        return
    for series in incoming.series:
        own = counts.filter(pl.col("measure") == series.code)
        if own.is_empty():
            continue
        _refuse_taken(connection, incoming, series, file)
        _refuse_two_lengths(connection, incoming, series, own, file)
        _refuse_half_divided(series, own, file)


def _refuse_taken(
    connection: duckdb.DuckDBPyConnection, incoming: Incoming, series: PublishedSeries, file: str
) -> None:
    taken = connection.execute(
        "SELECT source_id FROM stage.series WHERE code = ? AND source_id <> ?",
        [series.code, incoming.source.source_id],
    ).fetchall()
    if taken:
        raise EtlError(
            f"{file}: the series '{series.code}' is loaded already, from the source '{taken[0][0]}'.",
            "Give it another code in the mapping, under [[series]] and where it stands in 'measure'.",
        )


def _refuse_two_lengths(
    connection: duckdb.DuckDBPyConnection,
    incoming: Incoming,
    series: PublishedSeries,
    own: pl.DataFrame,
    file: str,
) -> None:
    # Of two lengths only the finer one is ever shown: a year would be added to its own months otherwise.
    replaced, months = in_its_months(incoming, OBSERVATION)
    before = connection.execute(
        "SELECT DISTINCT period_level FROM stage.observation WHERE source = ? AND measure = ? "
        f"AND NOT {replaced}",
        [incoming.source.source_id, series.code, *months],
    ).fetchall()
    lengths = sorted({*own["period_level"], *(level for (level,) in before)})
    if len(lengths) > 1:
        where = "" if own["period_level"].n_unique() > 1 else ", with what is loaded"
        raise EtlError(
            f"{file}: '{series.label}' has periods of more than one length{where} ({', '.join(lengths)}). "
            "Only one length could be shown.",
            "Keep one length, by [table.only] or in a file of its own, or give each a [[series]] of its own.",
        )


def _refuse_half_divided(series: PublishedSeries, own: pl.DataFrame, file: str) -> None:
    for name in load_catalog().published_dimensions:
        blank = own[name].null_count()
        if 0 < blank < own.height:
            raise EtlError(
                f"{file}: {blank:,} of {own.height:,} rows of '{series.label}' are not split by '{name}', "
                "the others are: totals would be added to their parts.",
                "Leave out one of the two kinds of rows, by [table.only] or 'totals', or give the totals a "
                "[[series]] of their own.",
            )


def refuse_totals(connection: duckdb.DuckDBPyConnection, incoming: Incoming, file: str) -> None:
    """Refuse rows of areas beside rows of what they lie in, unless the mapping says that these are the rest.

    Looked at before a deployment's own areas are cut out: what lies outside then goes to the area above.

    Raises
    ------
    EtlError
        With the areas above. Whether they are totals cannot be told.
    """
    counts = next((batch.frame for batch in incoming.batches if batch.table == OBSERVATION), None)
    series = [one for one in incoming.series if not one.has_rest]
    if counts is None or not series or "area_code" not in counts.columns:
        return
    geography = incoming.source.geography
    areas = areas_of(connection, geography, with_outside=True)
    parents = {code: place[0] for code, place in known_places(geography, connection).items()}
    of_years = incoming.source.period_resolution == SEVERAL
    period, _ = (parse.several_years if of_years else parse.period)(pl.col("period").str.strip_chars())
    placed = counts.with_columns(
        areas.resolve(counts["area_code"]).alias("area_code"), period["code"].alias("period")
    )
    for one in series:
        _refuse_areas_within(one, placed.filter(pl.col("measure") == one.code), parents, file)


def _refuse_areas_within(
    series: PublishedSeries, own: pl.DataFrame, parents: Mapping[str, str | None], file: str
) -> None:
    divided = [name for name in load_catalog().published_dimensions if name in own.columns]
    named: set[str] = set()
    for _, part in own.group_by("period", *divided):
        codes = set(part["area_code"].to_list())
        # A row without an area is of the whole: every area lies in it.
        above = {
            step for code in codes if code is not None for step in (*area_and_above(code, parents)[1:], None)
        }
        named |= {code or "rows without an area" for code in codes & above}
    if named:
        listed = ", ".join(sorted(named)[:_AREAS_LISTED]) + (
            " and more" if len(named) > _AREAS_LISTED else ""
        )
        raise EtlError(
            f"{file}: '{series.label}' has rows of areas and of what they lie in ({listed}), in one period. "
            "They can be totals or the rest, and totals would count twice.",
            "Leave the totals out, by [table.only] or 'totals'. If such a row is what belongs to none of the "
            "areas in it, say so under [[series]]: rest = true",
        )
