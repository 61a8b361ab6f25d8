"""Patterns that tell a direct identifier, by the name of a column and by what is in it.

Names are compared in a plain form: small letters, no accents, words apart (``prs_FirstName`` is ``prs first
name``). Content is looked at value by value, each distinct value once. A pattern may be wrong on the side of
refusing: a column can be dropped by name, but a phone number that was stored cannot be taken back.
"""

import functools
import re
import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from etl.config import REFERENCE

# One match in one value is enough. Polars' regular expressions know no look-around, so edges are spelled out.
_EDGE, _END = r"(?:^|[^\w.])", r"(?:[^\w]|$)"
ANY_VALUE: dict[str, str] = {
    "email": r"[^\s@<>,;]+@[^\s@<>,;]+\.[A-Za-z]{2,}",
    "birth_date": (
        r"(?i)\b(born|d\.?o\.?b\.?|birth|geb\.?|geboren|n[ée]e?|nacid[oa]|nat[oa])\b"
        r"[^0-9]{0,15}\d{1,4}[/.\- ]\d{1,2}\b"
    ),
    "document_number": (
        r"\b\d{3}-\d{2}-\d{4}\b|\b[A-CEGHJ-PR-TW-Z]{2} ?\d{2} ?\d{2} ?\d{2} ?[A-D]\b|\bA[- ]?\d{8,9}\b"
        r"|\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}\b|\b(?:\d{4}[ -]?){3}\d{4}\b"
        r"|\b[A-Z]{4}\d{6}[HM][A-Z]{5}\w{2}\b"
        r"|\b[A-Z]{6}\d{2}[A-Z]\d{2}[A-Z]\d{3}[A-Z]\b"
        r"|(?i)\bpassport\W{0,3}(no|number|nr)?\W{0,3}[A-Z]{0,3}\d{5,}"
    ),
    "phone": (
        rf"{_EDGE}(?:\+|00)\d[\d\s().\-/]{{6,16}}\d{_END}"
        rf"|{_EDGE}\(?\d{{2,5}}\)?[\s.\-]\d{{3,4}}[\s.\-]?\d{{3,4}}{_END}"
        rf"|{_EDGE}\d{{3}}[\s.\-]\d{{4}}{_END}|{_EDGE}0\d{{8,10}}{_END}|{_EDGE}1?\d{{10}}{_END}"
        rf"|{_EDGE}\d{{2}}(?:[\s.]\d{{2}}){{4}}{_END}"
    ),
    "coordinates": r"-?\d{1,3}\.\d{3,}\s*[,;/ ]\s*-?\d{1,3}\.\d{3,}",
    "address": (
        r"(?i)\b\d{1,5}[a-z]?\s+(?:[\w.']+\s+){1,3}"
        r"(street|st|road|rd|avenue|ave|lane|ln|drive|dr|boulevard|blvd|court|terrace|square)\b"
        r"|\b\w+(strasse|straße|str\.)\s*\d{1,4}\b|\b\d{1,4},? rue (de|du|des|la)\b"
        r"|\bcalle \w+.{0,20}\d{1,4}\b"
    ),
    "postcode": r"\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b|\b\d{5}-\d{4}\b",
    "online_identity": r"(?i)https?://|\bwww\.|(?:^|\s)@\w{3,}|\b\d{1,3}(?:\.\d{1,3}){3}\b",
}
CONTACT_RULES = (
    "email",
    "phone",
    "coordinates",
    "address",
    "birth_date",
    "document_number",
    "contact_person",
)
_CONTACT_PERSON = (
    # Not "Dr" or "Ms": streets, schools and foundations are called so.
    r"\b(?:Mrs|Mr)\b\.? +\p{Lu}|(?i)\b(?:contact|ask for|speak to|case ?worker|attn)\b *:"
)
_NUMBER_RULES = ("phone", "document_number")  # references and area codes are numbers by nature

# Half of the distinct values must match.
MOST_VALUES: dict[str, str] = {
    "document_number": r"^[A-Z]{1,3}\d{6,9}$|^\d{8,9}$|^\d{8}[A-Z]$",
    "coordinates": r"^-?\d{1,3}\.\d{4,}$",
    "exact_date": (
        r"^\d{4}-\d{1,2}-\d{1,2}(?:[ T]\d{1,2}:\d{2}.*)?$"
        r"|^\d{1,2}[/.\-]\d{1,2}[/.\-]\d{2,4}(?:,?[ T]\d{1,2}:\d{2}.*)?$"
    ),
}
_DATE_INSIDE = r"\b\d{4}-\d{1,2}-\d{1,2}\b|\b\d{1,2}[/.\-]\d{1,2}[/.\-]\d{4}\b"
_DECIMAL = r"^-?\d+\.\d+$"
_FULL_NAME = r"^\p{Lu}[\p{Ll}'’\-]+(?: \p{Lu}[\p{L}'’\-.]*){1,3}$"
_PARTS = r"[;|,/&\n•]"
_LONG_PART_WORDS = 11
_OF_WORDS = r"\w'’\-"
_SEVERAL_WORDS = rf"[^{_OF_WORDS}]"  # without such a sign a value is one word
_VALUES = 250_000  # taken apart at once
_FLAGS = (
    "y",
    "n",
    "yes",
    "no",
    "true",
    "false",
    "0",
    "1",
    "x",
    "-",
    "✓",
    "✔",
    "t",
    "f",
    "ja",
    "nein",
    "si",
    "sí",
    "oui",
)

WORDS = {
    "contact_person": "contact persons",
    "person_name": "names of people",
    "birth_date": "dates of birth",
    "phone": "phone numbers",
    "email": "e-mail addresses",
    "address": "street addresses",
    "postcode": "full postcodes",
    "document_number": "document or account numbers",
    "coordinates": "coordinates",
    "online_identity": "online identities",
    "image": "images or signatures",
    "free_text": "free text",
    "exact_date": "exact dates that no rule of the mapping uses",
}


@dataclass(frozen=True)
class Finding:
    """A column that identifies people: which, by which rule, told by ``name`` or by ``content``."""

    column: str
    rule: str
    how: str


def plain(name: str) -> str:
    """Return a column name in small letters without accents, its words apart."""
    apart = re.sub(r"([a-z0-9])([A-Z])", r"\1 \2", re.sub(r"([A-Z]+)([A-Z][a-z])", r"\1 \2", name))
    letters = _without_accents(apart).casefold().replace("ß", "ss").replace("đ", "d")
    return " ".join(re.sub(r"[^\w]|_", " ", letters).split())


def _without_accents(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text)
    return "".join(char for char in letters if not unicodedata.combining(char))


@functools.cache
def _name_patterns() -> tuple[tuple[str, re.Pattern[str], re.Pattern[str] | None], ...]:
    """Return rule, pattern and exceptions, from ``data/reference/identifier_names.toml``."""
    rules = tomllib.loads((REFERENCE / "identifier_names.toml").read_text("utf-8"))
    people = "|".join(rules.pop("people"))
    patterns = []
    for rule, lists in rules.items():
        parts = [rf"\b(?:{'|'.join(lists['words'])})\b".replace("{people}", people)]
        parts += [f"^(?:{'|'.join(lists['exact'])})$"] if "exact" in lists else []
        # As `plain` leaves names: without accents, and the syllables of Korean in their letters.
        parts = [_without_accents(part) for part in (*parts, *lists.get("anywhere", []))]
        excepted = _without_accents("|".join(lists.get("unless", [])))
        unless = re.compile(rf"\b(?:{excepted})\b") if excepted else None
        patterns.append((rule, re.compile("|".join(parts)), unless))
    return tuple(patterns)


def rule_of_name(name: str) -> str | None:
    """Return the rule that a column name breaks, or None."""
    text = plain(name)
    for rule, pattern, unless in _name_patterns():
        if pattern.search(text) and not (unless and unless.search(text)):
            return rule
    return None


def contact_in(values: pl.Series) -> str | None:
    """Return the first of `CONTACT_RULES` that a text breaks, or None.

    Dates and decimal numbers are no phones. A lone first name is not recognised: see docs/disclosure.md.

    Examples
    --------
    >>> contact_in(pl.Series(["Lantern House", "Lantern House, ring 555-123-4567"]))
    'phone'
    """
    told = values.drop_nulls().unique()
    undated = told.filter(~told.str.contains(_DECIMAL)).str.replace_all(_DATE_INSIDE, " ")
    for rule in CONTACT_RULES:
        pattern = ANY_VALUE.get(rule, _CONTACT_PERSON)
        if (undated if rule in _NUMBER_RULES else told).str.contains(pattern).any():
            return rule
    return None


def is_flags(values: pl.Series) -> bool:
    """Tell whether a column holds only yes and no marks: those identify nobody."""
    return bool(values.str.to_lowercase().is_in(_FLAGS).all())


def is_categories(values: pl.Series, rows: int) -> bool:
    """Tell whether distinct values are few, repeated and short, as a list of categories is."""
    return values.len() <= min(40, rows // 10) and bool((values.str.len_chars() <= 60).all())


def first_broken(values: pl.Series, patterns: Mapping[str, str]) -> str | None:
    """Return the first rule whose pattern is found in a value, or None.

    All are looked for at once: hardly any column breaks one, and a look for each of them took four times as
    long.
    """
    if not (patterns and values.str.contains(_any_of(patterns)).any()):
        return None
    return next((rule for rule, pattern in patterns.items() if values.str.contains(pattern).any()), None)


def first_usual(values: pl.Series, patterns: Mapping[str, str]) -> str | None:
    """Return the first rule whose pattern is found in at least half of the values, or None."""
    if not patterns or 2 * values.str.contains(_any_of(patterns)).sum() < values.len():
        return None
    usual = (rule for rule, one in patterns.items() if 2 * values.str.contains(one).sum() >= values.len())
    return next(usual, None)


def _any_of(patterns: Mapping[str, str]) -> str:
    """Return a pattern that is found wherever one of several is; what one says of capitals ends with it."""
    return "|".join(f"(?:{pattern})" for pattern in patterns.values())


def rule_of_content(values: pl.Series, rows: int, *, skip: frozenset[str] = frozenset()) -> str | None:
    """Return the rule that the distinct values of a column break, or None.

    Parameters
    ----------
    values
        Distinct values, String, none null.
    rows
        Number of filled cells the values come from.
    skip
        Rules not looked at.
    """
    wanted = {rule: pattern for rule, pattern in ANY_VALUE.items() if rule not in skip}
    numbers = {rule: pattern for rule, pattern in wanted.items() if rule in _NUMBER_RULES}
    others = {rule: pattern for rule, pattern in wanted.items() if rule not in numbers}
    broken = [first_broken(values, others)]
    if numbers:
        undated = values.filter(~values.str.contains(_DECIMAL)).str.replace_all(_DATE_INSIDE, " ")
        broken.append(first_broken(undated, numbers))
    for rule in ANY_VALUE:
        if rule in broken:
            return rule
    if values.len() >= 3:
        shapes = {rule: pattern for rule, pattern in MOST_VALUES.items() if rule not in skip}
        if usual := first_usual(values, shapes):
            return usual
    if "free_text" not in skip and _is_free_text(values):
        return "free_text"
    names = values.str.contains(_FULL_NAME).sum()
    if "person_name" not in skip and rows >= 10 and values.len() > 0.8 * rows and names > 0.8 * values.len():
        return "person_name"
    return None


def _is_free_text(values: pl.Series) -> bool:
    """Long phrases: a part between separators of eleven words or more, or many different phrases."""
    phrases, worded = 0, values.filter(values.str.contains(_SEVERAL_WORDS))
    for start in range(0, worded.len(), _VALUES):  # words of millions of values at once would fill the memory
        longest = (
            worded.slice(start, _VALUES)
            .str.replace_all(_PARTS, "\n")
            .str.split("\n")
            .list.eval(pl.element().str.count_matches(rf"[{_OF_WORDS}]+"))
            .list.max()
        )
        if (longest >= _LONG_PART_WORDS).any():
            return True
        phrases += int((longest >= 5).sum())
    return values.len() >= 20 and phrases * 5 >= values.len()
