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
    longest = sorted(words, key=len, reverse=True)  # or "bed" would be all that is seen of "bed spaces"
    parts = [re.escape(word.removesuffix("*")) + (r"\w*" if word.endswith("*") else "") for word in longest]
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


def is_no_place(unit: str) -> bool:
    """Tell whether what stands for a unit is a word for something else: a room, a household, a night.

    Examples
    --------
    >>> is_no_place("Room"), is_no_place("Bed night"), is_no_place("unit-1"), is_no_place("")
    (True, True, False, False)
    """
    is_id = any(letter.isdigit() for letter in unit)
    return not is_id and any(pattern.search(unit) for _, pattern in _lists("capacity_of_others"))


def speaks_of_places(description: str | None) -> bool:
    """Tell whether a description of a capacity begins with places, after a number or not, and not of a time.

    Examples
    --------
    >>> speaks_of_places("Beds for women"), speaks_of_places("12 beds"), speaks_of_places("Bed nights")
    (True, True, False)
    >>> speaks_of_places("2 bed flats"), speaks_of_places("Bed linen"), speaks_of_places("Beds, women only")
    (False, False, True)
    >>> speaks_of_places("Rooms with beds"), speaks_of_places(None)
    (False, False)
    """
    text = re.sub(r"^[\d\s]+", "", description or "")
    places = dict(_lists("capacity_unit"))["places"].match(text)
    if places is None or dict(_lists("capacity_of_others"))["times"].search(text):
        return False
    after = text[places.end() :].lstrip()
    # A word that is no sign of more ("flats", "linen") makes another thing of it.
    return not after[:1].isalnum() or dict(_lists("capacity_before"))["words"].match(after) is not None
