"""Turns accepted rows into the columns of the stage: keys instead of references, bands, months, areas.

The last place where a raw reference, an age or a country exists. What leaves here may be stored.
"""

from collections.abc import Callable
from dataclasses import dataclass

import polars as pl

from analysis.catalog.load import load_catalog
from etl.contracts.stage_tables import BY_HAND, TALLIED, stage_columns
from etl.contracts.tables import Contract, contract
from etl.incoming import RESOLUTIONS, SourceInfo
from etl.lines import LINE
from etl.load.tallies import IS_TALLY, spelled_out
from etl.protect import anonymise

TRUNCATE = {"month": "1mo", "quarter": "1q", "year": "1y"}
LISTS = ("form", "sector", "control_method", "recruitment_method", "vulnerability", "known_to_agency")
PERSON_CODES = ("gender", "age_band", "age_group", "citizenship_group", "status", "identified_by")
REFERRAL_CODES = ("from_org_type", "service_type", "decision", "decline_reason")
TOO_COARSE = "period_too_coarse"


@dataclass(frozen=True)
class Context:
    """What turning rows into stage columns needs to know about the load.

    Attributes
    ----------
    source : SourceInfo
    load_id : int
    file_sha256 : str
        Stands in for the reference of rows that have none.
    secret : bytes
        Key of the hashes; never stored or printed.
    home_country : str
        ISO 3166-1 alpha-2 code; its citizens are ``domestic``.
    """

    source: SourceInfo
    load_id: int
    file_sha256: str
    secret: bytes
    home_country: str


def too_coarse(accepted: pl.DataFrame, resolution: str) -> pl.Series:
    """Return which rows give a coarser period than their source promises.

    A year in a monthly register would have to be put into January, and a month that nobody meant would be
    counted.
    """
    coarser = RESOLUTIONS[RESOLUTIONS.index(resolution) + 1 :]
    return accepted["period_level"].is_in(list(coarser))


def staged(table: Contract, accepted: pl.DataFrame, context: Context) -> pl.DataFrame:
    """Return the rows of a table in the columns of ``stage.<table>``, in its column order.

    Parameters
    ----------
    accepted
        Typed rows of ``etl.contracts.check.check``, with areas already as codes.
    """
    is_tally = table.is_tally
    if is_tally:
        table = contract(table.name)
        length = TRUNCATE[context.source.period_resolution]
        accepted = spelled_out(table, accepted, context.source.source_id, length)
    if table.name in TALLIED:
        accepted = accepted.with_columns(pl.lit(is_tally).alias(IS_TALLY))
    if table.name in MAKERS:
        rows = MAKERS[table.name](table, accepted, context)
    else:
        rows = accepted.drop(LINE) if table.name in BY_HAND else _by_contract(table, accepted, context)
    return rows.select(pl.lit(context.load_id, pl.Int32).alias("load_id"), pl.all())


def _by_contract(table: Contract, accepted: pl.DataFrame, context: Context) -> pl.DataFrame:
    """Return rows in the columns that follow from the contract (`etl.contracts.stage_tables`)."""
    rows = _anonymised(table, accepted, context)
    if table.is_dated:
        start = _period_start(context) if table.personal else pl.col("period_start")
        rows = rows.with_columns(start.alias("period_start"))
    if "source" in table.names:
        rows = rows.with_columns(_contributor(context))
    recorded = [
        _codes(column.name) if column.kind == "codes" else _recorded(column.name)
        for column in table.columns
        if column.kind in ("code", "codes") and column.name in rows.columns and column.name != "source"
    ]
    return rows.with_columns(recorded).select(
        pl.col(LINE).alias("line"),
        *(
            pl.col(name.removesuffix("_code") if name.removesuffix("_code") in table.areas else name).alias(
                name
            )
            for name in stage_columns(table)
        ),
    )


def _person(table: Contract, accepted: pl.DataFrame, context: Context) -> pl.DataFrame:
    return _anonymised(table, accepted, context).select(
        pl.col(LINE).alias("line"),
        "person_key",
        _period_start(context),
        _entered(),
        pl.col("area").alias("area_code"),
        *(_recorded(name) for name in PERSON_CODES),
        _contributor(context),
        *(_codes(name) for name in LISTS),
        IS_TALLY,
    )


def _referral(table: Contract, accepted: pl.DataFrame, context: Context) -> pl.DataFrame:
    return _anonymised(table, accepted, context).select(
        pl.col(LINE).alias("line"),
        "referral_key",
        "person_key",
        _period_start(context),
        _entered(),
        pl.col("area").alias("area_code"),
        "to_organisation_key",
        *(_recorded(name) for name in REFERRAL_CODES),
        pl.col("days_to_decision", "days_to_contact").cast(pl.Int32),
        "is_open",
        _contributor(context),
        IS_TALLY,
    )


def _anonymised(table: Contract, accepted: pl.DataFrame, context: Context) -> pl.DataFrame:
    source = context.source
    return anonymise.anonymise(
        table,
        accepted,
        secret=context.secret,
        scheme=source.person_scheme or source.source_id,
        home_country=context.home_country,
        file_mark=context.file_sha256,
    )


def _observation(_: Contract, accepted: pl.DataFrame, context: Context) -> pl.DataFrame:
    return accepted.select(
        pl.col("source").fill_null(context.source.source_id),
        "measure",
        "unit",
        "period_level",
        "period",
        "period_start",
        pl.col("geography").fill_null(context.source.geography),
        "area_code",
        *load_catalog().published_dimensions,
        "value",
        pl.col("marker").fill_null(""),
    )


MAKERS: dict[str, Callable[[Contract, pl.DataFrame, Context], pl.DataFrame]] = {
    "person": _person,
    "referral": _referral,
    "observation": _observation,
}


def _period_start(context: Context) -> pl.Expr:
    return pl.col("period_start").dt.truncate(TRUNCATE[context.source.period_resolution])


def _entered() -> pl.Expr:
    """Return the month of entry; a quarter or a year of entry says nothing of months."""
    return pl.when(pl.col("entered_level") == "month").then(pl.col("entered_start")).alias("entered")


def _recorded(name: str) -> pl.Expr:
    """Turn "not recorded" into null: the mart puts it back once records are merged."""
    return pl.when(pl.col(name) != anonymise.NOT_RECORDED).then(pl.col(name)).alias(name)


def _codes(name: str) -> pl.Expr:
    element = pl.element()
    return pl.col(name).list.eval(element.filter(element != anonymise.NOT_RECORDED)).alias(name)


def _contributor(context: Context) -> pl.Expr:
    return pl.col("source").fill_null(context.source.source_id).alias("source")
