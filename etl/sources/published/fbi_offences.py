"""FBI human trafficking offences by law-enforcement agency (Crime Data Explorer), summed to counties.

One row of the file is one count of an agency for a year and an offence; an agency has several rows a year,
and rows that look like duplicates are not: all are added. Every count lands on exactly one area, so that
a sum over the rows of a measure is the published total: the county where the agency names one, the state
where it names several or none, the nation for federal agencies. ``location`` says which, and why.
"""

import re
from pathlib import Path

import polars as pl

from etl.contracts.batch import Batch
from etl.errors import EtlError
from etl.incoming import Incoming, ReadOptions
from etl.ledger import SUBJECT
from etl.lines import LINE
from etl.mapping.keys import stated_texts, told_headings
from etl.readers import read as read_file
from etl.sources._catalogued import describe, find_columns, key, need_columns
from etl.sources.places import us_places as places
from etl.sources.published._observations import net_corrections, shape, sum_leaves

NAME = "fbi_offences"
SUMMARY = "FBI human trafficking offences by agency and year (CSV of the Crime Data Explorer)"
GEOGRAPHY = places.GEOGRAPHY

ALIASES = {
    "year": ("data_year", "year", "report_year"),
    "state": ("state_abbr", "state_abb", "state_postal_abbr", "state", "state_name"),
    "county": ("county_name", "county", "counties"),
    "agency": ("pub_agency_name", "agency_name", "ncic_agency_name"),
    "agency_type": ("agency_type_name", "agency_type"),
    "offence_id": ("offense_subcat_id", "offense_subcat_code", "offense_code", "offence_code"),
    "offence_name": ("offense_subcat_name", "offense_subcat", "offence_subcat_name"),
    "offence_family": ("offense_name", "offence_name", "offense"),
    "known": ("actual_count", "actual", "offenses_known", "offences_known"),
    "unfounded": ("unfounded_count", "unfounded"),
    "cleared": ("cleared_count", "cleared", "total_cleared"),
    "juvenile": ("juvenile_cleared_count", "juvenile_cleared"),
    "ori": ("ori", "agency_ori", "ori_code", "ori9"),
    "months": ("months_reported", "reported_months", "number_of_months_reported", "months_covered"),
    "population": ("population", "agency_population", "population_covered", "pop"),
}
MEASURES = {
    "known": "fbi_offences_known",
    "unfounded": "fbi_offences_unfounded",
    "cleared": "fbi_offences_cleared",
    "juvenile": "fbi_offences_cleared_under_18",
}
#: Of the agencies themselves, each once a year: how many, the months they sent, the people they police.
COVERAGE = {
    "ori": ("fbi_agencies", "agencies"),
    "months": ("fbi_agency_months", "months"),
    "population": ("fbi_population_covered", "people"),
}
_SEX = ("81", "htcsa", "64a", "commercialsexacts", "humantraffickingcommercialsexacts")
_SERVITUDE = ("82", "htis", "64b", "involuntaryservitude", "humantraffickinginvoluntaryservitude")
OFFENCES = dict.fromkeys(_SEX, "commercial_sex_acts") | dict.fromkeys(_SERVITUDE, "involuntary_servitude")
AGENCY_TYPES = {
    "city": "city",
    "county": "county",
    "statepolice": "state_police",
    "otherstateagency": "other_state_agency",
    "tribal": "tribal",
    "universityorcollege": "university",
    "federal": "federal",
}
_NO_COUNTY = ("notspecified", "unmapped", "unknown", "na", "none", "statewide")
_FEDERAL = ("fs", "federal", "us", "usa", "unitedstates")
_STATE = pl.col("area_code").str.head(2).alias("state")
# "Offences known" are reports minus unfounded ones, so a correction of an earlier year is a count below zero.
_SCOPES = (
    ("period", "area_code", "offence"),
    ("period", "area_code"),
    ("period", "state", "offence"),
    ("period", "state"),
    ("period",),
)
_BY = ("period", "area_code", "location", "offence", "agency_type")


def recognises(path: Path) -> bool:
    """Tell by its header whether a file is one of these."""
    try:
        with path.open("rb") as file:
            header = key(file.readline(4096).decode("utf-8", "replace"))
    except OSError:
        return False
    return all(name in header for name in ("actualcount", "offensesubcat", "stateabbr"))


def read(path: Path, options: ReadOptions) -> Incoming:
    """Read one file.

    Raises
    ------
    EtlError
        When it is not this kind of file.
    """
    reading = read_file(path)
    stated_texts(options.mapping, NAME, (), with_headings=True)
    table = told_headings(reading.frame, path, options.mapping, NAME, ALIASES)
    columns = find_columns(table.columns, ALIASES)
    need_columns(path, columns, ALIASES, ("year", "state", "known"))
    if "offence_id" not in columns and "offence_name" not in columns:
        need_columns(path, columns, ALIASES, ("offence_id",))
    rows = _rows(table, columns, path)
    leaves = [_leaves(rows, meaning, measure) for meaning, measure in MEASURES.items() if meaning in columns]
    batches = [frame for frame, _ in leaves]
    corrections = sum(count for _, count in leaves)
    batches += _coverage(rows)
    years = places.calendar_years(rows["period"], options.as_of.year)
    batches.append(_not_reporting(rows, years, columns))
    source = describe(NAME, unit="offences")
    return Incoming(
        source=source,
        batches=(Batch.of("observation", pl.concat(batches)),),
        period_from=f"{years[0]}-01" if years else "",
        period_to=f"{years[-1]}-12" if years else "",
        ledger=reading.ledger.without(SUBJECT, table.height - rows.height),
        notes=(*reading.notes, *_of_corrections(corrections)),
        is_summed=True,
    )


def _of_corrections(count: int) -> list[str]:
    if not count:
        return []
    return [f"counts below zero (corrections) taken off the same county or state: {count}"]


def _rows(table: pl.DataFrame, columns: dict[str, str], path: Path) -> pl.DataFrame:
    """Return one row a line of the file, with its area, offence and counts as text."""
    named = table.select(*(pl.col(column).alias(meaning) for meaning, column in columns.items()), LINE)
    if "offence_family" in columns:  # wider files hold other offences too
        named = named.filter(
            pl.col("offence_family").is_null() | pl.col("offence_family").str.contains("(?i)traffick")
        )
    if named.is_empty():
        raise EtlError(
            f"{path.name}: no row is about human trafficking.", "Load the human trafficking file instead."
        )
    cells = named.select(
        *(pl.col(c) if c in named.columns else pl.lit("").alias(c) for c in ("state", "county", "agency")),
        pl.col("agency_type") if "agency_type" in named.columns else pl.lit("").alias("agency_type"),
    ).unique()
    placed = [(*cell, *place(*cell)) for cell in cells.iter_rows()]
    strange = sum(1 for *_, location in placed if location == "state_not_found")
    places.refuse_strange(path, columns["state"], strange, len(placed))
    schema = ["state", "county", "agency", "agency_type", "area_code", "location"]
    link = pl.DataFrame(placed, schema=dict.fromkeys(schema, pl.String), orient="row")
    keys = [c for c in schema[:4] if c in named.columns]
    offence = [c for c in ("offence_id", "offence_name") if c in named.columns]
    return named.join(link.unique(keys), on=keys, how="left", nulls_equal=True).select(
        pl.col("year").str.strip_chars().str.replace(r"\.0$", "").alias("period"),
        "area_code",
        "location",
        pl.struct(offence).map_elements(_offence, return_dtype=pl.String).alias("offence"),
        _agency_type(named).alias("agency_type"),
        *(meaning for meaning in (*MEASURES, *COVERAGE) if meaning in named.columns),
        LINE,
    )


def place(
    state: str | None, county: str | None, agency: str | None, agency_type: str | None
) -> tuple[str, str]:
    """Return the area code of an agency and how it was placed.

    Returns
    -------
    tuple of str
        FIPS code (5 digits county, 2 digits state, ``US``) and one of ``county``, ``several_counties``,
        ``county_not_named``, ``county_not_found``, ``federal``, ``state_not_found``.
    """
    if key(state) in _FEDERAL:
        return places.NATION, "federal"
    code = places.state_code(state)
    if not code:
        return places.NATION, "state_not_found"
    # Editions divide several counties by semicolons, bars or commas; no county has one of them in its name.
    names = [name.strip() for name in re.split(r"[;|,]", county or "") if name.strip()]
    names = [name for name in names if key(name) not in _NO_COUNTY]
    if not names:
        return code, "county_not_named"
    if len({places.county_key(name) for name in names}) > 1:
        return code, "several_counties"
    found = places.county_code(code, names[0], agency or "" if key(agency_type) == "city" else "")
    return (found, "county") if found else (code, "county_not_found")


def _offence(cells: dict[str, str | None]) -> str:
    return next((OFFENCES[key(cell)] for cell in cells.values() if key(cell) in OFFENCES), "not_recorded")


def _agency_type(named: pl.DataFrame) -> pl.Expr:
    if "agency_type" not in named.columns:
        return pl.lit(None, dtype=pl.String)
    return pl.col("agency_type").map_elements(
        lambda cell: AGENCY_TYPES.get(key(cell), "other"), return_dtype=pl.String
    )


def _leaves(rows: pl.DataFrame, meaning: str, measure: str) -> tuple[pl.DataFrame, int]:
    """Return the leaves of one measure, and how many corrections below zero were taken off other leaves."""
    summed = sum_leaves(rows.rename({meaning: "value"}), _BY, signed=True)
    if meaning != "known":  # a blank beside a known offence is no report of clearances, not an error
        summed = summed.filter(pl.col("value").is_not_null())
    leaves, corrections = net_corrections(summed.with_columns(_STATE), _SCOPES)
    return shape(leaves.drop("state"), _constants(measure)), corrections


def _coverage(rows: pl.DataFrame) -> list[pl.DataFrame]:
    """Return how many agencies a year of the file lists, their months and residents: each agency once a year.

    Beside a number of agencies a count can be read as what it is: more that send, more offences known.
    What is said of an agency on several rows is said once; a cell that is no number is left to the contract.
    """
    if "ori" not in rows.columns:
        return []
    by = ("period", "area_code", "location", "agency_type")
    named = rows.filter(pl.col("ori").is_not_null()).sort(LINE)
    agencies = named.unique(["period", "ori"], keep="first", maintain_order=True)
    frames = [agencies.with_columns(pl.lit("1").alias("value"))]
    for meaning in ("months", "population"):
        if meaning in rows.columns:
            told = named.filter(pl.col(meaning).is_not_null())
            once = told.unique(["period", "ori"], keep="first", maintain_order=True)
            frames.append(once.rename({meaning: "value"}))
    known = [meaning for meaning in COVERAGE if meaning in rows.columns]
    return [
        shape(sum_leaves(frame, by), _constants(*COVERAGE[meaning]))
        for meaning, frame in zip(known, frames, strict=True)
    ]


def _constants(measure: str, unit: str = "offences") -> dict[str, str]:
    return {
        "source": NAME,
        "measure": measure,
        "unit": unit,
        "period_level": "year",
        "geography": GEOGRAPHY,
        "marker": "",
    }


def _not_reporting(rows: pl.DataFrame, years: list[str], columns: dict[str, str]) -> pl.DataFrame:
    """Mark the states that a year of the file does not hold, for each measure."""
    seen = set(rows.select("period", pl.col("area_code").str.head(2)).unique().iter_rows())
    absent = places.not_reporting(years, seen)
    told = [(measure, "offences") for meaning, measure in MEASURES.items() if meaning in columns]
    told += [one for meaning, one in COVERAGE.items() if meaning in columns and "ori" in columns]
    return pl.concat([shape(absent, _constants(*one)) for one in told])
