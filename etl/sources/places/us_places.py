"""Counties and states of the United States as files name them, linked to FIPS codes.

Names come from us-atlas (shipped) plus ``data/catalog/editions/us.toml``; files spell them in capitals,
without "County", with or without "CITY" for independent cities, and with postal codes of their own (``NB``
is Nebraska).
"""

import json
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import polars as pl

from analysis.catalog.area_changes import AreaChange
from analysis.catalog.load import load_catalog
from etl.config import REFERENCE
from etl.contracts.area_words import ways_to_write
from etl.errors import EtlError
from etl.lines import LINE
from etl.sources._catalogued import key

GEOGRAPHY = "us"
NATION = "US"
FOLDER = REFERENCE / "us"
MOST_STRANGE = 0.2  # above this share of unknown states the column is the wrong one
FIRST_CITY_FIPS = 510  # counties of a state are numbered below, independent cities from here on
POSTAL = dict(ways_to_write(GEOGRAPHY).short)
STATES_AND_DC = tuple(code for code in POSTAL if code < "60")
# The FBI's own codes where they differ from the postal ones.
FBI_CODES = {"NB": "31", "GM": "66"}
_ALASKA_KINDS = {
    "02013": "Borough", "02016": "Census Area", "02020": "Municipality", "02050": "Census Area",
    "02060": "Borough", "02068": "Borough", "02070": "Census Area", "02090": "Borough",
    "02100": "Borough", "02105": "Census Area", "02110": "City and Borough", "02122": "Borough",
    "02130": "Borough", "02150": "Borough", "02158": "Census Area", "02164": "Borough",
    "02170": "Borough", "02180": "Census Area", "02185": "Borough", "02188": "Borough",
    "02195": "Borough", "02198": "Census Area", "02220": "City and Borough", "02230": "Municipality",
    "02240": "Census Area", "02261": "Census Area", "02275": "City and Borough", "02282": "City and Borough",
    "02290": "Census Area",
}  # fmt: skip
_YEAR = re.compile(r"(?:19|2[01])[0-9]{2}")
_KINDS = re.compile(
    r"[\s,]+(county|parish|borough|municipality|municipio|census area|planning region|city and borough)$",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class County:
    """One county or county equivalent; ``is_shaped`` where the shipped boundary file has it."""

    code: str
    short: str
    name: str
    state: str
    is_shaped: bool

    @property
    def is_city(self) -> bool:
        """Whether it is an independent city."""
        return int(self.code[2:]) >= FIRST_CITY_FIPS


@cache
def states() -> dict[str, str]:
    """Return the states and territories: FIPS code → name."""
    objects = json.loads((FOLDER / "counties-10m.json").read_text("utf-8"))["objects"]
    return {g["id"]: g["properties"]["name"] for g in objects["states"]["geometries"]}


@cache
def counties() -> dict[str, County]:
    """Return every county of both vintages (2017 and after): FIPS code → county."""
    objects = json.loads((FOLDER / "counties-10m.json").read_text("utf-8"))["objects"]
    found = {}
    for geometry in objects["counties"]["geometries"]:
        code, short = geometry["id"], geometry["properties"]["name"]
        found[code] = County(code, short, _full_name(code, short), code[:2], is_shaped=True)
    for change in changes():
        for code in change.after:
            if code not in found:
                name = change.names[code]
                found[code] = County(code, name, name, code[:2], is_shaped=False)
    return found


def changes() -> tuple[AreaChange, ...]:
    """Return how counties changed, oldest first."""
    return load_catalog().editions[GEOGRAPHY].changes


def _full_name(code: str, short: str) -> str:
    state, number = code[:2], int(code[2:])
    if state == "02":
        kind = _ALASKA_KINDS.get(code, "")
    elif state in ("11", "60", "66", "69", "78") or (state == "32" and number == FIRST_CITY_FIPS):
        kind = ""
    elif number >= FIRST_CITY_FIPS:
        kind = "city"
    else:
        kind = {"22": "Parish", "72": "Municipio"}.get(state, "County")
    return f"{short} {kind}".strip()


@cache
def _state_codes() -> dict[str, str]:
    codes = {key(abbreviation): fips for fips, abbreviation in POSTAL.items()}
    codes |= {key(name): fips for fips, name in states().items()}
    codes |= {key(abbreviation): fips for abbreviation, fips in FBI_CODES.items()}
    return codes


def state_code(text: str | None) -> str:
    """Return the FIPS code of a state named by postal code, FBI code or name; empty when unknown."""
    return _state_codes().get(key(text), "")


def refuse_strange(path: Path, column: str, strange: int, told: int) -> None:
    """Refuse a file whose column of states holds something else.

    Raises
    ------
    EtlError
        When more than `MOST_STRANGE` of the ``told`` places are no US state, or no place is told.
    """
    if not told or strange > told * MOST_STRANGE:
        raise EtlError(
            f"{path.name}: most values of column '{column}' are no US state.",
            "Use two-letter codes or names of states; NB is read as Nebraska.",
        )


def calendar_years(cells: Iterable[str | None], last: int) -> list[str]:
    """Return the years among cells, in order; what is none, or begins later, is one bad row of its own."""
    return sorted({cell for cell in cells if cell and _YEAR.fullmatch(cell) and int(cell) <= last})


def not_reporting(years: Iterable[str], seen: Collection[tuple[str, str]]) -> pl.DataFrame:
    """Mark the states that a year of a file does not hold: not available, which is not zero.

    Parameters
    ----------
    years
        Years of the file.
    seen
        Year and code of the states that it does hold.

    Returns
    -------
    polars.DataFrame
        period, area_code, marker and ``_line``, which is null: the marks are of no row of the file.
    """
    absent = [
        (year, state, "x", None) for year in years for state in STATES_AND_DC if (year, state) not in seen
    ]
    schema = {"period": pl.String, "area_code": pl.String, "marker": pl.String, LINE: pl.Int64}
    return pl.DataFrame(absent, schema=schema, orient="row")


def county_key(name: str) -> str:
    """Return a county name without its kind, for comparing; "St." and "Saint" are one."""
    plain = _KINDS.sub("", name.strip())
    return re.sub(r"^(saint|ste?)(?=[a-z])", "st", key(re.sub(r"(?i)^(saint|ste?\.?)\s", "St ", plain)))


@cache
def _names() -> dict[tuple[str, str], tuple[str, ...]]:
    names: dict[tuple[str, str], list[str]] = {}
    for county in counties().values():
        names.setdefault((county.state, county_key(county.short)), []).append(county.code)
        if county.is_city:
            names.setdefault((county.state, county_key(f"{county.short} city")), []).append(county.code)
    for change in changes():
        for code in change.before if len(change.after) == 1 else ():
            if code not in counties():
                names.setdefault((code[:2], county_key(change.names[code])), []).append(change.whole)
    return {name: tuple(sorted(set(codes))) for name, codes in names.items()}


def county_code(state: str, name: str, agency: str = "") -> str:
    """Return the FIPS code of a county named within a state.

    Where a county and an independent city share the name (St. Louis, Baltimore, Richmond …), ``CITY`` in the
    name or a city police force of exactly that name means the city; everything else means the county.

    Parameters
    ----------
    state
        FIPS code of the state.
    name
        As in the file: ``ST LOUIS CITY``, ``De Kalb``, ``Orleans Parish``.
    agency
        Name of a city's own police force, or empty.

    Returns
    -------
    str
        Five digits, or empty when the state has no county of that name.
    """
    codes = _names().get((state, county_key(name)), ())
    if not codes:
        return ""
    if len(codes) == 1:
        return codes[0]
    cities = [code for code in codes if counties()[code].is_city]
    others = [code for code in codes if not counties()[code].is_city]
    if cities and agency and county_key(agency) == county_key(name):
        return cities[0]
    return others[0] if len(others) == 1 else ""
