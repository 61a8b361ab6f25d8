"""Turns the words of a service directory into codes, by the lists of ``data/reference/hsds_words.toml``."""

import re
import tomllib
from collections.abc import Sequence
from functools import cache
from re import Pattern

from etl.config import REFERENCE

WORDS = REFERENCE / "hsds_words.toml"
OTHER = "other"


@cache
def _lists(name: str) -> tuple[tuple[str, Pattern[str]], ...]:
    lists = tomllib.loads(WORDS.read_text("utf-8"))[name]
    return tuple((code, _pattern(words)) for code, words in lists.items())


def _pattern(words: Sequence[str]) -> Pattern[str]:
    parts = [re.escape(word.removesuffix("*")) + (r"\w*" if word.endswith("*") else "") for word in words]
    return re.compile(rf"\b(?:{'|'.join(parts)})\b", re.IGNORECASE)


def service_type(*texts: str | None) -> str:
    """Return the type of a service from its texts, the most telling first; "other" where no word is known.

    A word that says by itself what a service is decides, in whichever text it stands; a weak one, such as
    "clinic", only where no text has such a word.

    Examples
    --------
    >>> service_type("", "Night shelter", "Beds and legal advice")
    'housing'
    >>> service_type("", "Walk-in clinic", "Direct representation")
    'legal'
    """
    for lists in ("service_type", "service_type_weak"):
        for text in texts:
            for code, pattern in _lists(lists):
                if text and pattern.search(text):
                    return code
    return OTHER


def eligibility(*texts: str | None) -> list[str]:
    """Return the groups that texts name, in the order of the lists; empty where they name none."""
    said = " ".join(text for text in texts if text)
    return [code for code, pattern in _lists("eligibility") if pattern.search(said)]


def is_place(unit: str | None) -> bool:
    """Tell whether a unit of capacity is a place for one person; it must be so as a whole.

    Examples
    --------
    >>> is_place("Bed"), is_place("Bed night"), is_place("Kilogram"), is_place(None)
    (True, False, False, False)
    """
    return any(pattern.fullmatch((unit or "").strip()) for _, pattern in _lists("capacity_unit"))


def speaks_of_places(description: str | None) -> bool:
    """Tell whether a description of a capacity begins with places, after a number or not, and not of a time.

    Examples
    --------
    >>> speaks_of_places("Beds for women"), speaks_of_places("12 beds"), speaks_of_places("Bed nights")
    (True, True, False)
    >>> speaks_of_places("Rooms with beds"), speaks_of_places(None)
    (False, False)
    """
    text = re.sub(r"^[\d\s]+", "", description or "")
    [places] = [pattern for code, pattern in _lists("capacity_unit") if code == "places"]
    is_of_time = any(pattern.search(text) for _, pattern in _lists("capacity_of_time"))
    return places.match(text) is not None and not is_of_time
