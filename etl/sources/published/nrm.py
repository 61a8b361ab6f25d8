"""UK National Referral Mechanism: referrals by first responder, the long series, decisions, duty to notify.

The published tables repeat every person in subtotal rows (``Total`` in five columns). Only the finest rows
are kept, their sum is held against the published totals, and a file that does not add up is refused.
Combinations of forms and of nationalities stay together (``forced_labour+domestic_servitude``): a person is
counted once.
"""

import re
from dataclasses import replace
from pathlib import Path

import polars as pl

from analysis.catalog.load import load_catalog
from etl.contracts.batch import Batch
from etl.contracts.tables import Contract, contract
from etl.errors import EtlError
from etl.incoming import Incoming, ReadOptions
from etl.ledger import TOTAL
from etl.mapping.keys import stated_texts, told_headings
from etl.readers import read as read_file
from etl.sources._catalogued import describe, key
from etl.sources.places import uk_places as places
from etl.sources.published import _nrm_referrals as referrals
from etl.sources.published import _nrm_series as series
from etl.sources.published._observations import shape
from etl.sources.published._quarters import first_month, last_month, quarter_in

NAME = "nrm"
SUMMARY = "UK National Referral Mechanism statistics: referrals by responder, long series, decisions"
GEOGRAPHY = places.GEOGRAPHY
_HEADINGS = {
    **series.ALIASES,
    **referrals.ALIASES,
    "referrals": ("nrm referrals",),
    "total": ("total",),
    "nationality": ("nationality",),
}


def recognises(path: Path) -> bool:
    """Tell by its name whether a file is one of these."""
    return bool(re.match(r"(?i)nrm[_ -]|.*national[_ -]referral[_ -]mechanism", path.name))


def read(path: Path, options: ReadOptions) -> Incoming:
    """Read one table of the statistics.

    Raises
    ------
    EtlError
        When the table is of no known kind, names no quarter, or its rows do not add up to its totals.
    """
    reading = read_file(path, missing=())
    table = told_headings(reading.frame, path, options.mapping, NAME, _HEADINGS)
    told: list[str] = []
    headers = {key(name): name for name in table.columns}
    if referrals.matches(table):
        rows, totals = referrals.read(table, path)
        if rows["period"].null_count() == rows.height:
            rows = rows.with_columns(pl.lit(_file_quarter(path, options)).alias("period"))
    elif "nrmreferrals" in headers and "year" in headers:
        rows, totals, told = series.long_series(table)
    elif any("groundsdecision" in name or "reasonablegrounds" in name for name in headers):
        rows, totals, told = series.decisions(table, "reasonable")
    elif any("conclusivegrounds" in name for name in headers):
        rows, totals, told = series.decisions(table, "conclusive")
    elif {"year", "quarter", "total"} <= set(headers):
        rows, totals, told = series.duty_to_notify(table)
    elif {"nationality", "total"} <= set(headers) and len(headers) <= 4:
        rows, totals, told = series.duty_to_notify_by_nationality(table, path)
        rows = rows.with_columns(pl.lit(_file_quarter(path, options)).alias("period"))
    else:
        raise EtlError(
            f"{path.name}: this is no known table of the referral statistics.",
            "docs/sources.md lists the tables that are read, with the columns of each.",
        )
    quarters = sorted(set(rows["period"].drop_nulls().to_list()))
    good = [quarter for quarter in quarters if re.fullmatch(r"\d{4}-Q[1-4]", quarter)]
    constants = {"source": NAME, "period_level": "quarter", "geography": GEOGRAPHY, "marker": ""}
    constants |= {"area_code": places.NATION, "unit": "people"}
    if rows["measure"].str.contains("_grounds_").any():
        constants["unit"] = "decisions"
    return Incoming(
        source=describe(NAME, unit="people"),
        batches=(Batch(_contract(), shape(rows, constants)),),
        period_from=first_month(good[0]) if good else "",
        period_to=last_month(good[-1]) if good else "",
        ledger=reading.ledger.without(TOTAL, totals),
        notes=(*reading.notes, *told),
        is_summed=True,
    )


def _contract() -> Contract:
    """Return the contract of published counts with the codes of these tables: a new word is no category."""
    table, dimensions = contract("observation"), load_catalog().dimensions
    named = ("age_group", "location")
    codes = {name: {one.code: one.label for one in dimensions[name].categories} for name in named}
    columns = tuple(
        replace(column, kind="code", codes=codes[column.name]) if column.name in codes else column
        for column in table.columns
    )
    return replace(table, columns=columns)


def _file_quarter(path: Path, options: ReadOptions) -> str:
    """Return the quarter of a file that has no column for it: from the mapping, else from the file's name."""
    stated = stated_texts(options.mapping, NAME, ("period",), with_headings=True).get("period")
    if stated is not None:
        if not re.fullmatch(r"\d{4}-Q[1-4]", stated):
            raise EtlError(
                "The mapping file: period must be a quarter in quotes.", 'Write: period = "2023-Q3"'
            )
        return stated
    found = quarter_in(path.name)
    if found:
        return found
    raise EtlError(
        f"{path.name}: the table has no column for the period and the file name has no quarter.",
        "Name the file with its quarter, such as nrm_referrals_police_2023_q3.csv.gz, or give a mapping file "
        'with the line: period = "2023-Q3"',
    )
