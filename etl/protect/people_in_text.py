"""What in a text looks like a person: warnings for whoever confirms it, and never the only guard."""

import functools
import re
import tomllib
import unicodedata

import polars as pl

from etl.config import REFERENCE
from etl.protect.identifiers import WORDS, contact_in

NAMES = REFERENCE / "person_names.toml"
_MONTHS = (
    "january|february|march|april|may|june|july|august|september|october|november|december|"
    "jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec"
)
_SIGNS: dict[str, str] = {
    "initials": r"\b\p{Lu}\.[ ]?(?:\p{Lu}\.)|\b(?i:client|survivor|victim|person|minor|child|youth) "
    r"\p{Lu}{1,3}\b",
    "an age": r"(?i)\(\s*\d{1,2}\s*(?:y|yo|yrs?|years?)?\.?\s*\)|\b\d{1,2}[ -]?(?:y/?o|yrs?|years?)[ -]old\b"
    r"|\b(?:aged?|age of)\s*\d{1,2}\b|\b\d{1,2}\s?y/?o\b|,\s*\d{1,2}\s*,",
    "a room": r"(?i)\b(?:room|rm|apt|apartment|unit|bed|flat|suite)\.?\s*#?\d+\w?\b",
    "an A-number": r"(?i)\bA[- #]?\d{3}[- ]?\d{3}[- ]?\d{2,3}\b",
    "a day": r"(?i)\b\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}\b"
    rf"|\b\d{{1,2}}(?:st|nd|rd|th)?(?: of)? (?:{_MONTHS})\b|\b(?:{_MONTHS}) \d{{1,2}}\b",
    "a case": r"(?i)\b(?:hearing|visa|asylum|custody|arraignment|testif\w+|testimony|abort\w+|hiv|pregnan\w+|"
    r"her|his|she|he|child(?:ren)? of|daughter|son|mother|father|husband|wife)\b",
}


#: Who is spoken of by a title, or as somebody's relative: what follows is a name, known or not.
_ADDRESSED = re.compile(
    r"\b(?i:mr|mrs|ms|miss|mx|dr|prof|sra?|señora?|mme|mlle|herr|frau|uncle|aunt|auntie|brother|sister|father|mother|"
    r"stepfather|stepmother|grandfather|grandmother|husband|wife|boyfriend|girlfriend|cousin|nephew|niece|"
    r"son|daughter|friend|officer|detective|pastor|tío|tía)\b\.? +(?!(?i:of|or|and|in|with|by)\b)[^\W\d_a-z]"
    r"|\b(?i:mr|mrs|dr|mx)\b\.? +[^\W\d_]"
)


@functools.cache
def _names() -> tuple[frozenset[str], frozenset[str]]:
    lists = tomllib.loads(NAMES.read_text("utf-8"))
    return frozenset(map(_plain, lists["given"])), frozenset(map(_plain, lists["surname"]))


def _plain(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text)
    return "".join(sign for sign in letters if not unicodedata.combining(sign)).casefold()


def is_given_name(word: str) -> bool:
    """Tell whether a word is a frequent given name (`data/reference/person_names.toml`)."""
    return _plain(word.strip(".")) in _names()[0]


def is_surname(word: str) -> bool:
    """Tell whether a word is a frequent surname."""
    return _plain(word.strip(".")) in _names()[1]


def _has_name(text: str) -> bool:
    """Tell whether a word with a capital is a known given name or surname."""
    given, surnames = _names()
    words = re.findall(r"[^\W\d_][\w'’-]*", text)
    words += [part for word in words if "-" in word for part in word.split("-")]
    pairs = [" ".join(words[place : place + 2]) for place in range(len(words))]
    return any(
        _plain(one.removesuffix("'s").removesuffix("’s")) in given | surnames
        for one in [*words, *pairs]
        if one[:1].isupper()
    )


def tells_person(text: str) -> bool:
    """Tell whether a word of a sheet holds a name: a frequent one, or whatever follows a title or a relative.

    Examples
    --------
    >>> [tells_person(text) for text in ("Dr. Xylander", "sold by uncle Pedro", "Maria", "forced labour")]
    [True, True, True, False]
    """
    return _has_name(text) or is_addressed(text)


def is_addressed(text: str) -> bool:
    """Tell whether somebody is spoken of by a title, or as a relative: a sign of people that no place has."""
    return _ADDRESSED.search(text) is not None


def warnings_of(text: str) -> tuple[str, ...]:
    """Return what in a text may tell a person, in words; empty says nothing about it.

    Examples
    --------
    >>> warnings_of("Prepare Maria Lopez (14) for her visa hearing, room 12")
    ('a name', 'an age', 'a room', 'a case')
    >>> warnings_of("24 places for adults")
    ()
    """
    found = ["a name"] if _has_name(text) else []
    told = pl.Series([text])
    found += [sign for sign, pattern in _SIGNS.items() if told.str.contains(pattern).any()]
    rule = contact_in(told)
    return (*found, *([WORDS[rule]] if rule else []))
