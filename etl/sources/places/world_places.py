"""Countries as areas of the geography ``world``: alpha-3 codes under one level 0."""

import csv
from functools import cache

from etl.config import REFERENCE

GEOGRAPHY = "world"
WORLD = "WORLD"


@cache
def countries() -> tuple[dict[str, str], ...]:
    """Return the rows of ``data/reference/countries.csv``."""
    with (REFERENCE / "countries.csv").open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


@cache
def alpha3_by_alpha2() -> dict[str, str]:
    """Return alpha-2 → alpha-3 codes (ISO 3166-1)."""
    return {row["alpha2"]: row["alpha3"] for row in countries()}
