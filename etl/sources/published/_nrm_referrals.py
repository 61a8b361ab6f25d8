"""Referrals by first responder, form, age, gender and nationality: one long table, or wide as published."""

import re
from collections.abc import Sequence
from pathlib import Path

import polars as pl

from etl.errors import EtlError
from etl.lines import LINE
from etl.sources._catalogued import find_columns, key, whole_number
from etl.sources.places import uk_places as places
from etl.sources.places.nationalities import nationality
from etl.sources.published._observations import add_words
from etl.sources.published._quarters import quarter_in, quarters

ALIASES = {
    "responder_type": ("first responder type", "responder type"),
    "responder": (
        "first responder",
        "police first responder",
        "police and rocus first responder",
        "first responder (police)",
        "government agency first responder",
        "first responder (government agencies)",
        "ngo and third sector first responder",
        "first responder (ngo and third sector)",
        "local authority first responder",
        "first responder (local authorities)",
    ),
    "form": ("exploitation type", "claimed exploitation type", "type of exploitation"),
    "age_group": ("age at exploitation", "age group at exploitation", "age group", "age"),
    "gender": ("gender", "sex"),
    "citizenship": ("nationality", "nationalities"),
    "value": ("people", "referrals", "nrm referrals", "count", "number of people", "number"),
}
LEVELS = ("responder_type", "responder", "form", "age_group", "gender", "citizenship")
TYPES = {
    "police": "police",
    "localauthority": "local_government",
    "localauthorities": "local_government",
    "ngo": "ngo",
    "ngoandthirdsector": "ngo",
    "governmentagency": "central_government",
    "government": "central_government",
    "govt": "central_government",
}
FORMS = {
    "sexual": "sexual_exploitation",
    "labour": "forced_labour",
    "domestic": "domestic_servitude",
    "criminal": "criminal_exploitation",
    "organharvesting": "other",
}
_FORM_ORDER = ("sexual_exploitation", "forced_labour", "domestic_servitude", "criminal_exploitation", "other")
UNKNOWN = "not_recorded"
_NOT_RECORDED = re.compile(r"unknown|not(?:known|recorded|specified|stated|provided|available)|^na$")
MEASURE = "nrm_referrals"


def matches(table: pl.DataFrame) -> bool:
    """Tell whether a table is one of these."""
    return {"form", "age_group", "gender"} <= set(find_columns(table.columns, ALIASES))


def read(table: pl.DataFrame, path: Path) -> tuple[pl.DataFrame, int]:
    """Return the finest rows, and how many rows were totals of others.

    The first are measure, area_code, dimensions, value (text) and ``_line``.

    Raises
    ------
    EtlError
        When a column is missing, or the rows do not add up to a published total.
    """
    columns = find_columns(table.columns, ALIASES)
    table = table.with_columns(_period(table))
    rows = _long(table, columns) if "citizenship" in columns else _melt(table, columns)
    rows = _name_responders(rows, path)
    leaves = finest(rows, ("period", *LEVELS))
    _check_totals(rows, leaves, path)
    repeated = ~leaves.select(pl.struct("period", *LEVELS).is_first_distinct()).to_series()
    again = leaves.filter(repeated)
    counted = pl.concat([_without_zeros(leaves.filter(~repeated)), again], how="diagonal")
    is_again = pl.Series([False] * (counted.height - again.height) + [True] * again.height, dtype=pl.Boolean)
    totals = rows.select(LINE).unique().join(leaves.select(LINE).unique(), on=LINE, how="anti")
    return add_words(_coded(counted), is_again), totals.height


def _period(table: pl.DataFrame) -> pl.Expr:
    """Return the quarter of each row where the table has columns for it; null where the file name says it."""
    columns = find_columns(table.columns, {"year": ("year",), "quarter": ("quarter", "period")})
    if len(columns) == 2:
        return quarters(columns["year"], columns["quarter"]).alias("period")
    if "quarter" in columns:
        return pl.col(columns["quarter"]).map_elements(quarter_in, return_dtype=pl.String).alias("period")
    return pl.lit(None, pl.String).alias("period")


def _long(table: pl.DataFrame, columns: dict[str, str]) -> pl.DataFrame:
    if "value" not in columns:
        raise EtlError(
            "The table of referrals has no column with the number of people.", "Name it People, as published."
        )
    return table.select(
        *(pl.col(columns[n]).alias(n) if n in columns else pl.lit(None, pl.String).alias(n) for n in LEVELS),
        pl.col(columns["value"]).alias("value"),
        "period",
        LINE,
    )


def _melt(table: pl.DataFrame, columns: dict[str, str]) -> pl.DataFrame:
    """Turn the published cross-table (one column a nationality, blanks below each heading) into rows."""
    named = [columns[n] for n in LEVELS if n in columns]
    named += ["period", LINE, *find_columns(table.columns, {"y": ("year",), "q": ("quarter",)}).values()]
    nations = [c for c in table.columns if c not in named and not c.startswith("no_heading_")]
    frame = table.rename({columns[n]: n for n in LEVELS if n in columns})
    nested = [n for n in ("responder", "form", "age_group", "gender") if n in frame.columns]
    for position, name in enumerate(nested):  # the first row of each heading is the total of what is below it
        begins = pl.col(name).is_not_null()
        frame = frame.with_columns(
            pl.when(begins & pl.col(inner).is_null())
            .then(pl.lit("Total"))
            .otherwise(pl.col(inner))
            .alias(inner)
            for inner in nested[position + 1 :]
        )
    frame = frame.with_columns(pl.col(nested).forward_fill())
    long = frame.unpivot(
        nations, index=[*nested, "period", LINE], variable_name="citizenship", value_name="value"
    )
    missing = [pl.lit(None, pl.String).alias(n) for n in LEVELS if n not in long.columns]
    return long.with_columns(missing).select(*LEVELS, "value", "period", LINE)


def is_total(column: str) -> pl.Expr:
    """Return whether a cell of ``column`` is a subtotal: ``Total``, ``All``, ``Police total``."""
    return pl.col(column).str.to_lowercase().str.contains(r"^(grand )?total$|^all$| total$").fill_null(False)


def _name_responders(rows: pl.DataFrame, path: Path) -> pl.DataFrame:
    """Fill in the kind of responder, from its column or the file's name, as a code of the catalog."""
    rows = rows.with_columns(pl.col(LEVELS).str.strip_chars())
    if rows["responder_type"].null_count() == rows.height:
        rows = rows.with_columns(pl.lit(_kind_in_name(path)).alias("responder_type"))
    rows = rows.with_columns(
        pl.col("responder_type").map_elements(lambda t: TYPES.get(key(t), "other"), return_dtype=pl.String)
    )
    return rows.with_columns(pl.col("responder").fill_null(pl.lit("Local Authority")))


def _kind_in_name(path: Path) -> str:
    name = key(path.name)
    for word in ("police", "localauthority", "ngo", "government", "govt"):
        if word in name:
            return word
    if re.search(r"(^|[^a-z])la([^a-z]|$)", path.name.lower()):
        return "localauthority"
    raise EtlError(
        f"{path.name}: the table does not say what kind of first responder it is about.",
        "Put police, la, ngo or government in the file name, such as nrm_referrals_police_2023_q3.csv.",
    )


def finest(rows: pl.DataFrame, levels: Sequence[str]) -> pl.DataFrame:
    """Keep, level by level, the parts where they are given and the subtotal only where they are not.

    A combined file gives councils by form but police as one total; both are kept once.
    """
    for position, level in enumerate(levels):
        if position == 0 or level == "responder_type":
            continue
        rows = rows.with_columns(is_total(level).alias("_total"))
        has_parts = (~pl.col("_total")).any().over(list(levels[:position]))
        rows = rows.filter(~pl.col("_total") | ~has_parts)
    return rows.drop("_total")


def _check_totals(rows: pl.DataFrame, leaves: pl.DataFrame, path: Path) -> None:
    """Refuse a file whose finest rows do not add up to what it publishes for a responder."""
    who = ["period", "responder_type", "responder"]
    number = pl.col("value").map_elements(whole_number, return_dtype=pl.Int64, skip_nulls=True)
    whole = pl.all_horizontal(is_total(level) for level in ("form", "age_group", "gender", "citizenship"))
    published = rows.filter(whole).select(*who, number.alias("published"))
    sums = (number.sum().alias("added"), number.null_count().alias("unread"))
    by_kind = leaves.group_by(who[:2]).agg(sums)
    totals = published.filter(is_total("responder")).join(by_kind, on=who[:2], nulls_equal=True)
    by_responder = leaves.group_by(who).agg(sums)
    each = published.filter(~is_total("responder")).join(by_responder, on=who, nulls_equal=True)
    wrong = pl.concat([each, totals.select(each.columns)]).filter(
        (pl.col("unread") == 0) & (pl.col("added") != pl.col("published"))
    )
    if not wrong.is_empty():
        name, published_sum, added_sum = wrong.select("responder", "published", "added").row(0)
        raise EtlError(
            f"{path.name}: the rows of '{name}' add up to {added_sum:,}, but its published total is "
            f"{published_sum:,}. {wrong.height} totals differ; nothing was loaded.",
            "Download the file again: rows may be missing or repeated.",
        )


def _without_zeros(leaves: pl.DataFrame) -> pl.DataFrame:
    """Drop empty cells of the cross-table, keeping one zero for a responder that referred nobody."""
    zero = (
        leaves["value"]
        .map_elements(lambda cell: whole_number(cell) == 0, return_dtype=pl.Boolean)
        .fill_null(False)
    )
    who = ["period", "responder_type", "responder"]
    some = leaves.filter(~zero)
    nobody = (
        leaves.filter(zero)
        .join(some.select(who).unique(), on=who, how="anti", nulls_equal=True)
        .group_by(who, maintain_order=True)
        .agg(pl.col("value").first(), pl.col(LINE).min())
    )
    return pl.concat([some, nobody], how="diagonal")


def _coded(leaves: pl.DataFrame) -> pl.DataFrame:
    def code(column: str, function: object) -> pl.Expr:
        return pl.col(column).map_elements(function, return_dtype=pl.String)  # type: ignore[arg-type]

    return leaves.select(
        pl.lit(MEASURE).alias("measure"),
        pl.when(pl.col("responder_type") == "police")
        .then(code("responder", lambda name: places.force_area(name) or places.NATION))
        .otherwise(pl.lit(places.NATION))
        .alias("area_code"),
        code("form", form),
        code("age_group", age_group),
        code("gender", gender),
        code("citizenship", nationality_or_none),
        "responder_type",
        "responder",
        "period",
        "value",
        LINE,
    )


def form(text: str) -> str | None:
    """Return the forms of a published combination, joined by ``+`` in the order of the catalog."""
    if key(text) == "total":
        return None
    words = {key(part) for part in re.split(r",|&|\band\b|/", text)}
    found = {FORMS.get(re.sub(r"(exploitation|servitude)$", "", word), "") for word in words if word}
    if found <= {""}:
        return UNKNOWN if re.search(r"(?i)unknown|not (specified|recorded)", text) else "other"
    found.discard("")
    return "+".join(code for code in _FORM_ORDER if code in found)


def age_group(text: str) -> str | None:
    """Return ``adult``, ``child`` or ``not_recorded``; None for a total; else the word, which is rejected."""
    word = key(text)
    if word == "total":
        return None
    if word.startswith("adult"):
        return "adult"
    return "child" if word.startswith(("child", "minor")) else not_recorded(text)


def gender(text: str) -> str | None:
    """Return ``female``, ``male``, ``other`` or ``not_recorded``; None for a total."""
    word = key(text)
    if word == "total":
        return None
    if word in ("female", "woman", "girl", "f"):
        return "female"
    if word in ("male", "man", "boy", "m"):
        return "male"
    return UNKNOWN if _NOT_RECORDED.search(word) else "other"


def not_recorded(text: str) -> str:
    """Return ``not_recorded`` where a text says that, else the text itself, for the contract to reject."""
    return UNKNOWN if _NOT_RECORDED.search(key(text)) else text


def nationality_or_none(text: str) -> str | None:
    """Return the countries of a nationality; None for a total."""
    return None if key(text) == "total" else nationality(text)
