"""Population of areas: US Census county estimates, UK councils, or any file of code, year and population.

Councils are added up to the police force areas they lie in. Codes that have changed since are brought to
those of the shipped geography where a merger or renaming makes that exact.
"""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import polars as pl

from analysis.catalog.area_changes import AreaChange
from etl.contracts.batch import Batch
from etl.errors import EtlError, harmless
from etl.incoming import Incoming, ReadOptions
from etl.ledger import TOTAL
from etl.lines import LINE
from etl.mapping.keys import HEADINGS, read_mapping, told_headings
from etl.readers import read as read_file
from etl.sources._catalogued import (
    describe,
    find_columns,
    key,
    need_columns,
    whole_number,
    years_in,
)
from etl.sources.areas._boundary_features import geography_of, padded
from etl.sources.places import uk_places as _uk_places
from etl.sources.places import us_places as _us_places
from etl.sources.published._totals import apart
from etl.sources.published._totals import notes as differing

NAME = "population"
SUMMARY = "population: US Census co-est files, UK council estimates, or code, year, population"
ALIASES = {
    "code": ("code", "area_code", "geography_code", "fips", "geoid", "lad_code", "ladcode", "area"),
    "year": ("year", "date", "time"),
    "population": ("population", "total_population", "all_ages", "pop", "total", "residents"),
    "age_group": ("age_group", "age"),
    "sex": ("sex", "gender"),
}
COLUMNS = ("geography", "code", "year", "age_group", "sex", "population", "source")
AGE_GROUPS = {
    "all": "all", "allages": "all", "total": "all", "child": "child", "children": "child", "017": "child",
    "under18": "child", "adult": "adult", "adults": "adult", "18andover": "adult", "18plus": "adult",
}  # fmt: skip
SEXES = {
    "all": "all", "total": "all", "persons": "all", "both": "all", "female": "female", "females": "female",
    "women": "female", "f": "female", "male": "male", "males": "male", "men": "male", "m": "male",
}  # fmt: skip
_TOTALS = ("total", "totals", "grandtotal", "sum", "all", "allareas")
_CODE_LIKE = r"[a-z]*\d{2}(cd|code)|.*code"
_YEAR_COLUMN = r"(?i)^(?:mid|pop|population|popestimate|mid_?year)?[_ -]?((?:19|20)\d\d)$"


def recognises(path: Path) -> bool:
    """Tell by its name whether a file is one of these."""
    return bool(re.match(r"(?i)co-est|population", path.name)) and path.suffix.lower() != ".toml"


def read(path: Path, options: ReadOptions) -> Incoming:
    """Read one file.

    Raises
    ------
    EtlError
        When a column or the year is not found, or the geography is not known.
    """
    reading = read_file(path)
    table = told_headings(reading.frame, path, options.mapping, NAME, ALIASES)
    ledger = reading.ledger
    told: list[str] = []
    census = {
        name: int(m[1]) for name in table.columns if (m := re.fullmatch(r"POPESTIMATE(\d{4})", name.upper()))
    }
    if census and {"SUMLEV", "STATE"} <= {name.upper() for name in table.columns}:
        rows, geography, entry = _census(table, census), "us", "us_population"
    else:
        rows = _plain(table, path, options)
        is_total = rows["code"].map_elements(lambda text: key(text) in _TOTALS, return_dtype=pl.Boolean)
        rows, totals = rows.filter(~is_total.fill_null(False)), rows.filter(is_total.fill_null(False))
        rows, zeros = _with_zeros(rows)
        told = [*zeros, *_held(rows, totals)]
        ledger = ledger.without(TOTAL, totals[LINE].n_unique())
        codes = [code for code in rows["code"].drop_nulls().to_list() if code]
        geography = _stated(options)[0] or geography_of(codes)
        geography = geography or options.geography
        entry = f"{geography}_population" if geography in ("uk", "us") else NAME
        if geography == "uk":
            rows = _uk(rows)
    if not geography:
        raise EtlError(
            f"{path.name}: it is not said which geography these areas belong to.",
            'Write geography = "…" in deployment.toml, or in a mapping file.',
        )
    source = describe(entry, source_id=f"{NAME}_{geography}", geography=geography, unit="people")
    name = harmless(path.name)
    frame = rows.with_columns(pl.lit(geography).alias("geography"), pl.lit(name).alias("source"))
    batch = Batch.of("area_population", frame.select(*COLUMNS, LINE))
    notes = (*reading.notes, *told)
    return Incoming(source, (batch,), "", "", ledger, notes=notes, is_summed=True)


def _with_zeros(rows: pl.DataFrame) -> tuple[pl.DataFrame, list[str]]:
    """Give codes back the leading zeros that a spreadsheet took away; say how many."""
    written = rows["code"].fill_null("").to_list()
    codes = padded(written)
    changed = sum(1 for before, after in zip(written, codes, strict=True) if before != after)
    if not changed:
        return rows, []
    found = rows.with_columns(pl.Series("code", [code or None for code in codes], dtype=pl.String))
    return found, [f"area codes that had lost their leading zero got it back: rows {changed:,}"]


def _held(rows: pl.DataFrame, totals: pl.DataFrame) -> list[str]:
    """Return a note where totals are not what the areas add up to; those of several levels do not add up."""
    if totals.is_empty() or rows["code"].drop_nulls().str.len_chars().n_unique() > 1:
        return []
    by, value = ("year", "age_group", "sex"), pl.col("population").alias("value")
    return differing(apart(rows.with_columns(value), totals.with_columns(value), by), "residents")


def _census(table: pl.DataFrame, years: Mapping[str, int]) -> pl.DataFrame:
    """Read states and counties; codes get their leading zeros back, the nation is the sum of the states."""
    table = table.rename({name: name.upper() for name in table.columns if name != LINE and name not in years})
    state, county = (pl.col(name).str.replace(r"\.0$", "") for name in ("STATE", "COUNTY"))
    level = pl.col("SUMLEV").str.strip_chars_start("0").str.replace(r"\.0$", "")
    code = (
        pl.when(level == "10").then(pl.lit(_us_places.NATION))
        .when(level == "40").then(state.str.zfill(2))
        .when(level == "50").then(state.str.zfill(2) + county.str.zfill(3))
    )  # fmt: skip
    rows = (
        table.with_columns(code.alias("code"))
        .filter(pl.col("code").is_not_null())
        .unpivot(list(years), index=["code", LINE], variable_name="column", value_name="population")
        .with_columns(pl.col("column").replace_strict({n: str(y) for n, y in years.items()}).alias("year"))
    )
    rows = _current(rows, _us_places.changes())
    for change in _us_places.changes():  # areas that were split stay known as a whole, besides their parts
        if len(change.before) == 1 < len(change.after):
            rows = pl.concat([rows, _whole(rows, change)])
    states = rows.filter(pl.col("code").is_in(list(_us_places.STATES_AND_DC)))
    nation = states.with_columns(pl.lit(_us_places.NATION).alias("code"))
    is_whole = states["code"].n_unique() == len(_us_places.STATES_AND_DC)
    if is_whole and not rows["code"].is_in([_us_places.NATION]).any():
        rows = pl.concat([rows, _summed(nation, rows.columns)])
    return _all_ages(rows)


def _plain(table: pl.DataFrame, path: Path, options: ReadOptions) -> pl.DataFrame:
    """Read code, year and population, with the years in rows, in columns or in the file's name."""
    columns = find_columns(table.columns, ALIASES)
    if "code" not in columns:
        like = [name for name in table.columns if re.fullmatch(_CODE_LIKE, key(name))]
        columns |= {"code": like[0]} if like else {}
    need_columns(path, columns, ALIASES, ("code",))
    wide = {name: m[1] for name in table.columns if (m := re.match(_YEAR_COLUMN, name.strip()))}
    index = [pl.col(columns[name]).alias(name) for name in ("code", "age_group", "sex") if name in columns]
    if "population" not in columns and wide:
        rows = table.select(*index, *wide, LINE).unpivot(
            list(wide), index=[e.meta.output_name() for e in index] + [LINE], variable_name="column",
            value_name="population",
        )  # fmt: skip
        rows = rows.with_columns(pl.col("column").replace_strict(wide).alias("year"))
    else:
        need_columns(path, columns, ALIASES, ("population",))
        year = pl.col(columns["year"]) if "year" in columns else pl.lit(_year(path, options))
        rows = table.select(
            *index, year.alias("year"), pl.col(columns["population"]).alias("population"), LINE
        )
    return _all_ages(rows)


def _stated(options: ReadOptions) -> tuple[str, int]:
    """Return geography and year as a mapping states them; empty and 0 without it."""
    mapping = read_mapping(options.mapping, NAME)
    mapping.accept([HEADINGS])
    stated = mapping.text("geography", ""), mapping.whole("year", 0)
    mapping.finish()
    return stated


def _year(path: Path, options: ReadOptions) -> str:
    stated = _stated(options)[1]
    years = [stated] if stated else years_in(path.name)
    if len(set(years)) != 1:
        raise EtlError(
            f"{path.name}: the table has no column for the year and the file name has not one year.",
            "Name the file with its year, such as population_mid2020.csv, or map it: year = 2020",
        )
    return str(years[0])


def _all_ages(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the rows with age group and sex as codes; ``all`` where the file does not split."""
    for name, codes in (("age_group", AGE_GROUPS), ("sex", SEXES)):
        cell = pl.lit("all")
        if name in rows.columns:
            written = rows[name].drop_nulls().unique().to_list()
            spelled = {text: codes.get(key(text), text) for text in written}
            cell = pl.col(name).replace(spelled).fill_null("all")
        rows = rows.with_columns(cell.alias(name))
    return rows.select("code", "year", "age_group", "sex", "population", LINE)


def _uk(rows: pl.DataFrame) -> pl.DataFrame:
    """Bring councils to current codes and add police force areas whose councils are all there."""
    rows = _current(rows, _uk_places.changes())
    parents = _uk_places.parents()
    councils = {row["code"]: row["parent"] for row in _uk_places.areas() if row["level"] == "2"}
    inside = rows.filter(pl.col("code").is_in(list(councils)))
    above = inside.with_columns(pl.col("code").replace_strict(councils).alias("above"))
    needed: dict[str, int] = {}
    for parent in councils.values():
        needed[parent] = needed.get(parent, 0) + 1
    by = ["above", "year", "age_group", "sex"]
    complete = (
        above.group_by(by)
        .agg(pl.col("code").n_unique().alias("there"))
        .filter(pl.col("there") == pl.col("above").replace_strict(needed, return_dtype=pl.Int64))
    )
    forces = _summed(above.join(complete, on=by).with_columns(pl.col("above").alias("code")), rows.columns)
    given = set(rows["code"].to_list())
    forces = forces.filter(~pl.col("code").is_in(list(given)))
    whole = forces.with_columns(pl.col("code").replace(parents))
    parts = {code for code, parent in parents.items() if parent == _uk_places.NATION}
    is_whole = set(forces["code"].to_list()) == parts and forces["year"].n_unique() == 1
    return pl.concat([rows, forces, _summed(whole, rows.columns)] if is_whole else [rows, forces])


def _current(rows: pl.DataFrame, changes: Sequence[AreaChange]) -> pl.DataFrame:
    """Bring old codes to new ones and add up areas that were merged where all are there; others stay."""
    for change in changes:
        if len(change.after) != 1:
            continue
        merged = _whole(rows, change)
        if merged.height:
            parts = rows.filter(pl.col("code").is_in(change.before))
            done = parts.join(merged, on=_others(rows), how="semi", nulls_equal=True)
            rows = pl.concat([rows.join(done, on=rows.columns, how="anti", nulls_equal=True), merged])
    return rows


def _whole(rows: pl.DataFrame, change: AreaChange) -> pl.DataFrame:
    """Return the sums of the parts of a change as rows of their whole, where all parts are there."""
    parts = rows.filter(pl.col("code").is_in(change.parts))
    others = _others(rows)
    there = parts.group_by(others).agg(pl.col("code").n_unique()).filter(pl.col("code") == len(change.parts))
    complete = parts.join(there, on=others, how="semi", nulls_equal=True)
    return _summed(complete.with_columns(pl.lit(change.whole).alias("code")), rows.columns)


def _others(rows: pl.DataFrame) -> list[str]:
    return [name for name in rows.columns if name not in ("code", "population", LINE)]


def _summed(rows: pl.DataFrame, columns: list[str]) -> pl.DataFrame:
    """Add up rows of one code; a sum with an unreadable part is left out rather than made too small."""
    by = [name for name in columns if name not in ("population", LINE)]
    number = pl.col("population").map_elements(whole_number, return_dtype=pl.Int64)
    summed = rows.group_by(by, maintain_order=True).agg(
        number.sum().cast(pl.String).alias("population"),
        number.null_count().alias("unread"),
        pl.col(LINE).min(),
    )
    return summed.filter(pl.col("unread") == 0).select(columns)
