"""Long series of the referral statistics: referrals by age and location, decisions, duty to notify."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import polars as pl

from etl.errors import EtlError
from etl.lines import LINE
from etl.sources._catalogued import find_columns, key, whole_number
from etl.sources.published import _totals as totals
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
_OF_AN_AGE, _OF_A_PLACE = ("period", "age_group"), ("period", "location")
LOCATIONS = {"overseas": "overseas", "uk": "uk", "ukandoverseas": "uk_and_overseas"}
_DECISION = re.compile(r"^(?P<age>.+?)\s*-\s*(?P<outcome>positive|negative|total)\b", re.IGNORECASE)


Table = tuple[pl.DataFrame, int, list[str]]
"""Rows, how many rows were left out as totals, and notes on totals that are no sums."""


def long_series(table: pl.DataFrame) -> Table:
    """Read referrals by quarter, age and location; totals are held against their parts and left out."""
    columns = find_columns(table.columns, ALIASES)
    every, years = _quarters(table, columns)
    is_total = {name: key_of(name) == "total" for name in ("location", "age_group")}
    rows = every.filter(~is_total["location"], ~is_total["age_group"])
    wrong = totals.apart(rows, every.filter(is_total["location"], ~is_total["age_group"]), _OF_AN_AGE)
    wrong += totals.apart(rows, every.filter(is_total["age_group"], ~is_total["location"]), _OF_A_PLACE)
    wrong += totals.apart(rows, every.filter(is_total["age_group"], is_total["location"]), ("period",))
    whole = [~one for one in is_total.values()]
    wrong += totals.apart(rows, years.filter(*whole), ("year", "age_group", "location"))
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
    return read, table.height - rows.height, totals.notes(wrong, "ages, places and years")


def decisions(table: pl.DataFrame, stage: str) -> Table:
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
    single, years = _quarters(table, columns)
    rows = single.unpivot(list(outcomes), index=["period", LINE], variable_name="column", value_name="value")
    wrong = _apart_by_year(
        single, years, [name for name in table.columns if name not in (*columns.values(), LINE)]
    )
    wrong += _apart_by_outcome(pl.concat([single, years], how="diagonal"), outcomes)
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
    return read, table.height - single.height, totals.notes(wrong, "ages, outcomes and years")


def _apart_by_year(single: pl.DataFrame, years: pl.DataFrame, columns: Sequence[str]) -> list[int]:
    """Return the lines of whole years that their quarters do not add up to, in any column."""
    index, named = ["year", LINE], {"variable_name": "column", "value_name": "value"}
    return totals.apart(
        single.unpivot([*columns], index=index, **named),
        years.unpivot([*columns], index=index, **named),
        ("year", "column"),
    )


def _apart_by_outcome(rows: pl.DataFrame, outcomes: Mapping[str, re.Match[str]]) -> list[int]:
    """Return the lines where outcomes do not add up to their age, or ages to all of them."""
    if any(" - " in name and name not in outcomes for name in rows.columns):
        return []  # an outcome that is not read is in the totals too
    wide = [
        LINE,
        *outcomes,
        *(name for name in rows.columns if key(name) == "total" and name not in outcomes),
    ]
    cells = rows.select(wide).unpivot(wide[1:], index=LINE, variable_name="column", value_name="value")
    ages = {name: match["age"] for name, match in outcomes.items()}
    is_sum = {name: match["outcome"].lower() == "total" for name, match in outcomes.items()}
    cells = cells.with_columns(
        pl.col("column").replace_strict(ages, default=None, return_dtype=pl.String).alias("age"),
        pl.col("column").replace_strict(is_sum, default=None, return_dtype=pl.Boolean).alias("is_sum"),
    )
    parts, sums = cells.filter(~pl.col("is_sum")), cells.filter(pl.col("is_sum"))
    by_line = pl.col(LINE).alias("of")
    found = totals.apart(parts.with_columns(by_line), sums.with_columns(by_line), ("of", "age"))
    every = cells.filter(pl.col("age").is_null())
    found += totals.apart(sums.with_columns(by_line), every.with_columns(by_line), ("of",))
    return found


def duty_to_notify(table: pl.DataFrame) -> Table:
    """Read reports of adults who did not consent to a referral, by quarter; whole years are left out."""
    rows, years = _quarters(table, find_columns(table.columns, ALIASES))
    read = rows.select(pl.lit("nrm_duty_to_notify").alias("measure"), "period", "value", LINE)
    told = totals.notes(totals.apart(rows, years, ("year",)), "years")
    return read, table.height - rows.height, told


def duty_to_notify_by_nationality(table: pl.DataFrame, path: Path) -> Table:
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
    return add_words(coded, ~words), total.height, []


def key_of(column: str) -> pl.Expr:
    """Return a text column without case and punctuation."""
    return pl.col(column).map_elements(key, return_dtype=pl.String).fill_null("")


def _quarters(table: pl.DataFrame, columns: dict[str, str]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the rows of single quarters with ``period``, and the rows of whole years."""
    renamed = table.rename({name: meaning for meaning, name in columns.items()})
    is_year = key_of("quarter") == "total"
    single = renamed.filter(~is_year).with_columns(quarters("year", "quarter").alias("period"))
    return single, renamed.filter(is_year)
