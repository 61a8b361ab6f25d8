"""How much the name of a column is like those that sheets use for a column of a table."""

import re
from collections.abc import Collection, Sequence
from difflib import SequenceMatcher
from functools import cache, lru_cache

from etl.contracts.tables import Column, Contract
from etl.drafting.columns.months import month_columns
from etl.mapping.cells import ages
from etl.mapping.synonyms import names_of
from etl.protect.identifiers import plain
from etl.readers.grid import JOIN

SAME, WITHIN, ALIKE = 1.0, 0.8, 0.7
_LIKE = 0.88  # share of letters of two names that are alike
_RANK = 0.002  # what the place of a name in the list of synonyms is worth
#: Columns whose names in sheets say something within others even where they are short ("Age of client").
_SHORT = ("age", "gender")
_OF_PEOPLE = ("person", "tip", "referral", "service_need", "service_episode")
_OF_A_PERSON = (*ages.TARGETS, "gender", "citizenship")
_OTHERS = re.compile(
    r"\b(trafficker|exploiter|abuser|perpetrator|offender|suspect|defendant|buyer|recruiter|caller|reporter|"
    r"staff|volunteer|tratante|agresor|auteur|tater)s?\b"
)
_SENT_TO = re.compile(
    r"\b(referred|referral|sent|transferred|linked|connected) (out )?to\b|"
    r"\b(oriente|adresse)e?s? (vers|a)\b|\b(referido|derivado|remitido)a?s? a\b"
)


#: Where and when somebody was born is none of where and when they were identified.
OF_BIRTH = re.compile(r"\b(birth|born|dob|nacimiento|nac|naissance|nascimento|geburts?\w*|nascita)\b")
#: What has dates as well, and is none of when a record is of: the next hearing, the day something ends.
_NOT_WHEN = re.compile(
    r"\b(next|follow ?ups?|due|expir\w*|review|discharge|exit|ended?|closed|closing|"
    r"vence|vencimiento|prox\w*|proch\w*)\b"
)


def known_names(contracts: Collection[Contract], columns: Sequence[str]) -> int:
    """Return how many columns have a name that sheets use for a column of some tables, or for a month."""
    targets = {column.name for one in contracts for column in one.columns}
    known = {plain(name) for target in targets for name in names_of(target)}
    months = month_columns(columns)
    periods = frozenset(months.columns) if months else frozenset()
    return sum(column in periods or any(part in known for part in _parts(column)) for column in columns)


def is_of_another(table: Contract, target: Column, name: str) -> bool:
    """Tell whether a heading is of somebody else than the people who are helped: the trafficker's age.

    So is where somebody was sent to, of who identified them; and the next date, of when it was.
    """
    if target.name == "identified_by" and _SENT_TO.search(plain(name)):
        return True
    if target.name in ("period", "area") and OF_BIRTH.search(plain(name)):
        return True
    if target.name == "period" and _NOT_WHEN.search(plain(name)):
        return True
    return table.name in _OF_PEOPLE and target.name in _OF_A_PERSON and bool(_OTHERS.search(plain(name)))


def _parts(name: str) -> tuple[str, ...]:
    """Return a name in plain letters, whole and by its last part."""
    return tuple(dict.fromkeys((plain(name), plain(name.rsplit(JOIN, 1)[-1]))))


@cache
def _names_of_a_person() -> frozenset[str]:
    return frozenset(plain(name) for target in _OF_A_PERSON for name in names_of(target))


def is_of_a_person(target: str, name: str) -> bool:
    """Tell whether a name says sex, age or citizenship while a column is another: its words are not of it."""
    return target not in _OF_A_PERSON and any(part in _names_of_a_person() for part in _parts(name))


@cache
def _plain_names(target: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Return what sheets call a column of a table, in plain letters, and how it is found within a name."""
    return tuple((known, re.compile(rf"\b{re.escape(known)}\b")) for known in map(plain, names_of(target)))


def _are_alike(part: str, known: str) -> bool:
    """Tell whether two names have most letters in common; what their lengths rule out is not compared."""
    if 2 * min(len(part), len(known)) < _LIKE * (len(part) + len(known)):
        return False
    found = SequenceMatcher(None, part, known)
    return found.quick_ratio() >= _LIKE and found.ratio() >= _LIKE


def _says_enough(target: str, known: str) -> bool:
    """Tell whether a name says what a column is where it is a part of a longer one; "client" does not."""
    if target.endswith("_ref"):
        return " " in known
    return len(known) > 3 or target in _SHORT


def forget() -> None:
    """Let go of the names of columns that were looked at: a heading may be a record."""
    likeness.cache_clear()


@lru_cache(maxsize=65_536)
def likeness(target: str, name: str) -> float:
    """Return how much the name of a column is like those that sheets use for a column of a table."""
    best, parts = 0.0, _parts(name)
    for place, (known, within) in enumerate(_plain_names(target)):
        for part in parts:
            if not part or not known:
                continue
            if part == known:
                score = SAME
            elif _says_enough(target, known) and known in part and within.search(part):
                score = WITHIN
            elif len(known) > 4 and _are_alike(part, known):
                score = ALIKE
            else:
                continue
            best = max(best, score - _RANK * place)
    return best
