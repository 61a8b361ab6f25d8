"""Police force areas and councils of the United Kingdom, by code, name and the names that files use."""

import csv
import re
from functools import cache

from analysis.catalog.area_changes import AreaChange
from analysis.catalog.load import load_catalog
from etl.config import REFERENCE
from etl.sources._catalogued import key

GEOGRAPHY = "uk"
NATION = "K02000001"
FOLDER = REFERENCE / "uk"
_FORCE_WORDS = re.compile(
    r"\b(police service|police|constabulary|heddlu|service)\b|\b(of northern ireland)\b", re.IGNORECASE
)


@cache
def areas() -> tuple[dict[str, str], ...]:
    """Return the rows of ``data/reference/uk/areas.csv``."""
    with (FOLDER / "areas.csv").open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


@cache
def parents() -> dict[str, str]:
    """Return for every area the code of the one it lies in."""
    return {row["code"]: row["parent"] for row in areas()}


@cache
def current_codes() -> dict[str, str]:
    """Return councils that were merged or recoded: old code → the code that holds now."""
    now: dict[str, str] = {}
    for change in reversed(changes()):  # a council of 2019 may be a part of one of 2023
        now |= {code: now.get(change.whole, change.whole) for code in change.before}
    return now


def changes() -> tuple[AreaChange, ...]:
    """Return how councils changed, oldest first; each change leaves one council."""
    return load_catalog().editions[GEOGRAPHY].changes


def _force_key(name: str) -> str:
    return key(_FORCE_WORDS.sub(" ", name.replace("&", " and ")))


@cache
def _forces() -> dict[str, str]:
    found: dict[str, str] = {}
    for row in areas():
        if row["level"] != "1":
            continue
        for name in (row["name"], *filter(None, row["other_names"].split(";"))):
            found.setdefault(key(name), row["code"])
            if row["code"][0] in "EW":
                found.setdefault(_force_key(name), row["code"])
    return found


def force_area(name: str) -> str:
    """Return the code of the area that a police force covers.

    Forces without an area of their own (British Transport Police, regional units) give an empty text.
    Police Scotland and the Police Service of Northern Ireland cover their whole nation.
    """
    found = _forces()
    return found.get(key(name)) or found.get(_force_key(name), "")
