"""Calls and situations of the US National Human Trafficking Hotline, by state and year.

One row of the file is one state and year. A state that a year leaves out is not available, which is not zero.
A row for the whole country would count everybody twice and is left out; a row whose place is not known counts
for the nation, so that the sum of a year is that of the file.
"""

from pathlib import Path

import polars as pl

from etl.contracts.batch import Batch
from etl.errors import EtlError
from etl.incoming import Incoming, ReadOptions
from etl.ledger import WHOLE
from etl.lines import LINE
from etl.mapping.keys import HEADINGS, read_mapping, told_headings
from etl.readers import read as read_file
from etl.sources._catalogued import describe, find_columns, key, need_columns, years_in
from etl.sources.places import us_places as places
from etl.sources.published import _totals as totals
from etl.sources.published._observations import add_words, shape

NAME = "us_hotline"
SUMMARY = "calls and situations of the US National Human Trafficking Hotline, by state and year (CSV)"

ALIASES = {
    "year": ("year_date", "year", "data_year", "calendar_year", "reporting_year"),
    "state": (
        "postal", "state_abbr", "state_abbreviation", "state", "state_name", "state_or_territory",
        "state_territory", "location", "jurisdiction",
    ),
    "state_name": ("state_name", "state", "state_or_territory", "state_territory"),
    "calls": (
        "calls", "calls_received", "number_of_calls", "total_calls", "contacts", "total_contacts", "signals",
        "total_signals", "number_of_signals", "signals_received",
    ),
    "situations": (
        "cases_reported", "cases", "number_of_cases", "total_cases", "human_trafficking_cases",
        "human_trafficking_cases_reported", "trafficking_cases", "cases_identified", "situations",
        "potential_situations", "situations_identified", "potential_situations_identified",
    ),
}  # fmt: skip
MEASURES = {"calls": ("us_hotline_calls", "calls"), "situations": ("us_hotline_situations", "situations")}
_WHOLE = ("total", "totals", "grandtotal", "all", "allstates", "national", "us", "usa", "unitedstates")
_NOWHERE = ("", "unknown", "notknown", "notspecified", "notprovided", "na", "none", "other")


def recognises(path: Path) -> bool:
    """Tell by its header whether a file is one of these."""
    try:
        with path.open("rb") as file:
            header = {key(name) for name in file.readline(4096).decode("utf-8", "replace").split(",")}
    except OSError:
        return False
    return {"calls", "casesreported"} <= header and bool({"state", "postal"} & header)


def read(path: Path, options: ReadOptions) -> Incoming:
    """Read one file.

    Raises
    ------
    EtlError
        When it is not this kind of file, or a state is there twice in a year.
    """
    reading = read_file(path)
    stated = _stated(options)
    table = told_headings(reading.frame, path, options.mapping, NAME, ALIASES)
    table = table.drop(_shares(table))
    columns = find_columns(table.columns, ALIASES)
    if "year" not in columns:
        table = table.with_columns(pl.lit(_year(stated, path)).alias("year"))
        columns["year"] = "year"
    measures = [meaning for meaning in MEASURES if meaning in columns]
    need_columns(path, columns, ALIASES, ("year", "state", *(() if measures else ("calls",))))
    named = table.select(*(pl.col(column).alias(meaning) for meaning, column in columns.items()), LINE)
    # Some years say the share of the whole behind a number: 1,282 (12.5%).
    named = named.with_columns(pl.col(measures).str.replace(r"\s*\([\d.,]+ ?%\)$", ""))
    if "state_name" in columns:
        place = pl.struct("state", "state_name").map_elements(_state, return_dtype=pl.String)
        named = named.with_columns(place.alias("state"))
    is_whole = pl.Series([key(cell) in _WHOLE for cell in named["state"]], dtype=pl.Boolean)
    rows = _placed(named.filter(~is_whole), path, columns["state"])
    years = places.calendar_years(rows["period"], options.as_of.year)
    frames = [frame for meaning in measures for frame in _figures(rows, meaning, years)]
    whole = int(is_whole.sum())
    year = pl.col("year").str.strip_chars().str.replace(r"\.0$", "").alias("period")
    wrong = [
        line
        for meaning in measures
        for line in totals.apart(
            rows.with_columns(pl.col(meaning).fill_null("0").alias("value")),
            named.filter(is_whole).with_columns(year, pl.col(meaning).alias("value")),
            ("period",),
        )
    ]
    return Incoming(
        source=describe(NAME),
        batches=(Batch.of("observation", pl.concat(frames)),),
        period_from=f"{years[0]}-01" if years else "",
        period_to=f"{years[-1]}-12" if years else "",
        ledger=reading.ledger.without(WHOLE, whole),
        notes=(*reading.notes, *totals.notes(wrong, "the whole country")),
        is_summed=True,
    )


def _stated(options: ReadOptions) -> int:
    """Return the year that a mapping says; 0 without it."""
    mapping = read_mapping(options.mapping, NAME)
    mapping.accept([HEADINGS])
    year = mapping.whole("year", 0)
    mapping.finish()
    return year


def _year(stated: int, path: Path) -> str:
    """Return the year of a file that has no column for it: from the mapping, else from the file's name."""
    years = [stated] if stated else years_in(path.name)
    if len(set(years)) != 1:
        raise EtlError(
            f"{path.name}: the table has no column for the year and the file name has not one year.",
            "Name the file with its year, such as hotline_2018.csv, or say it in a mapping file: year = 2018",
        )
    return str(years[0])


def _shares(table: pl.DataFrame) -> list[str]:
    """Return the columns that hold shares of the whole country (0.71%), whatever they are called."""
    cells = table.select(pl.exclude(LINE))
    return [one.name for one in cells if one.drop_nulls().len() and one.drop_nulls().str.ends_with("%").all()]


def _state(cells: dict[str, str | None]) -> str | None:
    """Return the cell that says the place of a row: the postal code, or the name where that says none."""
    cell, name = cells["state"], cells["state_name"]
    says = [bool(places.state_code(text)) or key(text) in _WHOLE for text in (cell, name)]
    return name if not says[0] and (says[1] or key(cell) in _NOWHERE) else cell


def _placed(named: pl.DataFrame, path: Path, column: str) -> pl.DataFrame:
    """Return the rows with the code of their state; of the nation where the place is not known."""
    codes = {cell: places.state_code(cell) for cell in named["state"].unique()}
    told = {cell: code for cell, code in codes.items() if key(cell) not in _NOWHERE}
    places.refuse_strange(path, column, sum(not code for code in told.values()), len(told))
    rows = named.with_columns(
        pl.col("year").str.strip_chars().str.replace(r"\.0$", "").alias("period"),
        pl.col("state")
        .replace_strict({cell: code or places.NATION for cell, code in codes.items()}, return_dtype=pl.String)
        .alias("area_code"),
        pl.col("state")
        .replace_strict({cell: None if code else "state_not_found" for cell, code in codes.items()})
        .cast(pl.String)
        .alias("location"),
    )
    again = rows.filter(pl.col("location").is_null() & pl.struct("period", "area_code").is_duplicated())
    if again.height:
        lines = ", ".join(str(line) for line in again[LINE].sort().head(4))
        raise EtlError(
            f"{path.name}: a state is there twice in a year (lines {lines}).",
            "Keep one row a state and year: which of them holds cannot be told.",
        )
    return rows


def _figures(rows: pl.DataFrame, meaning: str, years: list[str]) -> list[pl.DataFrame]:
    """Return the figures of one measure, and a marker for each state that a year does not hold."""
    measure, unit = MEASURES[meaning]
    constants = {
        "source": NAME,
        "measure": measure,
        "unit": unit,
        "period_level": "year",
        "geography": places.GEOGRAPHY,
    }
    blank = pl.col(meaning).is_null()
    figures = rows.select(
        "period",
        "area_code",
        "location",
        pl.col("state").map_elements(key, return_dtype=pl.String).fill_null("").alias("place"),
        pl.col(meaning).alias("value"),
        pl.when(blank).then(pl.lit("x")).otherwise(pl.lit("")).alias("marker"),
        LINE,
    )
    seen = set(rows.select("period", "area_code").iter_rows())
    missing = places.not_reporting(years, seen)
    return [shape(_nation_once(figures), constants), shape(missing, constants)]


def _nation_once(figures: pl.DataFrame) -> pl.DataFrame:
    """Add up what counts for the nation by different words; the same word twice is left for the contract."""
    placed = figures.filter(pl.col("location").is_null()).drop("place")
    nowhere = figures.filter(pl.col("location").is_not_null())
    # Beside a number of the nation, a blank of another unknown place says nothing.
    some = pl.col("value").is_not_null()
    nowhere = nowhere.filter(some | ~some.any().over("period"))
    blank = nowhere.filter(~some).unique("period", keep="first", maintain_order=True)
    nowhere = nowhere.filter(some)
    repeated = ~nowhere.select(pl.struct("period", "place").is_first_distinct()).to_series()
    added = add_words(nowhere.drop("place"), repeated)
    return pl.concat([placed, added.select(placed.columns), blank.drop("place")])
