"""Names, codes and nationalities of countries, and the group each belongs to."""

import csv
import functools
import re
from types import MappingProxyType

from etl.config import REFERENCE

STATELESS = "XX"  # ISO 3166 leaves X? and ZZ to users; travel documents write XXA for a stateless person
_USER_ASSIGNED = re.compile(r"AA|Q[M-Z]|X[A-Z]|ZZ")


@functools.cache
def _rows() -> tuple[dict[str, str], ...]:
    with (REFERENCE / "countries.csv").open(encoding="utf-8", newline="") as stream:
        return tuple(csv.DictReader(stream))


@functools.cache
def alpha2_by_word() -> MappingProxyType[str, str]:
    """Return ISO 3166-1 alpha-2 codes by code, name and nationality, all in small letters.

    Source: ``data/reference/countries.csv``.
    """
    words = {"stateless": STATELESS, "xxa": STATELESS}
    for row in reversed(_rows()):
        others = f"{row['demonym']};{row.get('other_names', '')}".split(";")
        for word in (row["name"], *others):
            if word.strip():
                words[word.strip().casefold()] = row["alpha2"]
    for row in _rows():  # codes go before words
        words[row["alpha2"].casefold()] = row["alpha2"]
        words[row["alpha3"].casefold()] = row["alpha2"]
    return MappingProxyType(words)


@functools.cache
def name_by_alpha2() -> MappingProxyType[str, str]:
    """Return the name of each country by its ISO 3166-1 alpha-2 code, and of the stateless.

    Source: ``data/reference/countries.csv``.
    """
    return MappingProxyType({**{row["alpha2"]: row["name"] for row in _rows()}, STATELESS: "Stateless"})


def alpha2(word: str) -> str | None:
    """Return the alpha-2 code of a country word, or None when it is not known."""
    found = alpha2_by_word().get(word.strip().casefold())
    if found is None and _USER_ASSIGNED.fullmatch(word.strip().upper()):
        return word.strip().upper()
    return found


@functools.cache
def group_by_alpha2(home_country: str) -> MappingProxyType[str, str]:
    """Return the citizenship group of each alpha-2 code, relative to the home country.

    Parameters
    ----------
    home_country
        Alpha-2 code whose citizens are ``domestic``; empty for none.
    """
    # The catalog joins Oceania with stateless and other people: alone, each would almost never be shown.
    joined = {"oceania": "oceania_other"}
    groups = {row["alpha2"]: joined.get(row["region"], row["region"]) for row in _rows()}
    groups[STATELESS] = "oceania_other"
    if home_country:
        groups[home_country.upper()] = "domestic"
    return MappingProxyType(groups)
