"""Long series of the referral statistics: referrals by age and location, decisions, duty to notify."""

import re
from pathlib import Path

import polars as pl

from etl.errors import EtlError
from etl.lines import LINE
from etl.sources._catalogued import find_columns, key, whole_number
from etl.sources.published._nrm_referrals import age_group, nationality_or_none, not_recorded
from etl.sources.published._observations import add_words
from etl.sources.published._quarters import quarters

ALIASES = {
    "year": ("year",),
    "quarter": ("quarter",),
    "age_group": ("age at exploitation", "age group at exploitation", "age group"),
    "location": ("location of exploitation", "location"),
    "value": ("nrm referrals", "total", "referrals", "people"),
    "citizenship": ("nationality",),
}
OUTCOMES = {"positive": "positive", "negative": "negative", "total": "decisions"}
LOCATIONS = {"overseas": "overseas", "uk": "uk", "ukandoverseas": "uk_and_overseas"}
_DECISION = re.compile(r"^(?P<age>.+?)\s*-\s*(?P<outcome>positive|negative|total)\b", re.IGNORECASE)


def long_series(table: pl.DataFrame) -> tuple[pl.DataFrame, int]:
    """Read referrals by quarter, age and location; totals are left out, and how many is returned."""
    columns = find_columns(table.columns, ALIASES)
    rows = _quarters(table, columns).filter(key_of("location") != "total", key_of("age_group") != "total")
    read = rows.select(
        pl.lit("nrm_referrals_series").alias("measure"),
        "period",
        pl.col("age_group").map_elements(age_group, return_dtype=pl.String),
        pl.col("location").map_elements(
            lambda text: LOCATIONS.get(key(text)) or not_recorded(text), return_dtype=pl.String
        ),
        "value",
        LINE,
    )
    return read, table.height - rows.height


def decisions(table: pl.DataFrame, stage: str) -> tuple[pl.DataFrame, int]:
    """Read decisions by quarter, age and outcome from a wide table; rows of whole years are left out.

    The published totals of an age are a measure of their own (``…_decisions``), the base of shares.
    """
    columns = find_columns(table.columns, {name: ALIASES[name] for name in ("year", "quarter")})
    outcomes = {name: match for name in table.columns if (match := _DECISION.match(name))}
    if not outcomes:
        raise EtlError(
            f"The table of {stage} grounds decisions has no column of positive or negative decisions.",
            "Columns are named like 'Adult (18 or over) - Positive reasonable grounds'.",
        )
    single = _quarters(table, columns)
    rows = single.unpivot(list(outcomes), index=["period", LINE], variable_name="column", value_name="value")
    split = pl.col("column").replace_strict
    read = rows.select(
        split(
            {n: f"nrm_{stage}_grounds_{OUTCOMES[m['outcome'].lower()]}" for n, m in outcomes.items()},
            return_dtype=pl.String,
        ).alias("measure"),
        "period",
        split({n: age_group(m["age"]) for n, m in outcomes.items()}, return_dtype=pl.String).alias(
            "age_group"
        ),
        "value",
        LINE,
    )
    return read, table.height - single.height


def duty_to_notify(table: pl.DataFrame) -> tuple[pl.DataFrame, int]:
    """Read reports of adults who did not consent to a referral, by quarter; whole years are left out."""
    rows = _quarters(table, find_columns(table.columns, ALIASES))
    read = rows.select(pl.lit("nrm_duty_to_notify").alias("measure"), "period", "value", LINE)
    return read, table.height - rows.height


def duty_to_notify_by_nationality(table: pl.DataFrame, path: Path) -> tuple[pl.DataFrame, int]:
    """Read the same reports of one quarter by nationality; a total row is checked, left out and counted."""
    columns = find_columns(table.columns, ALIASES)
    rows = table.select(
        pl.col(columns["citizenship"]).alias("citizenship"), pl.col(columns["value"]).alias("value"), LINE
    ).filter(pl.col("citizenship").is_not_null())
    total = rows.filter(key_of("citizenship") == "total")
    parts = rows.filter(key_of("citizenship") != "total")
    published = whole_number(total["value"][0]) if total.height else None
    counts = [whole_number(cell) for cell in parts["value"].to_list()]
    added = sum(count for count in counts if count is not None)
    if published is not None and None not in counts and added != published:
        raise EtlError(
            f"{path.name}: the nationalities add up to {added:,}, but the published total is {published:,}.",
            "Download the file again: rows may be missing or repeated.",
        )
    words = parts.select(key_of("citizenship").is_first_distinct()).to_series()
    coded = parts.select(
        pl.lit("nrm_duty_to_notify_nationality").alias("measure"),
        pl.col("citizenship").map_elements(nationality_or_none, return_dtype=pl.String),
        "value",
        LINE,
    )
    return add_words(coded, ~words), total.height


def key_of(column: str) -> pl.Expr:
    """Return a text column without case and punctuation."""
    return pl.col(column).map_elements(key, return_dtype=pl.String).fill_null("")


def _quarters(table: pl.DataFrame, columns: dict[str, str]) -> pl.DataFrame:
    """Return the rows of single quarters with ``period``; rows of whole years are left out."""
    renamed = table.rename({name: meaning for meaning, name in columns.items()})
    return renamed.filter(key_of("quarter") != "total").with_columns(
        quarters("year", "quarter").alias("period")
    )
