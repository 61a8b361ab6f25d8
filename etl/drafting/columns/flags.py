"""Columns of yes and no that each stand for a code, by their headings."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from analysis.catalog.model import NOT_RECORDED
from etl.contracts.tables import Contract
from etl.drafting.columns.names import ALIKE, likeness
from etl.mapping.model import NO, YES, holds_several
from etl.mapping.synonyms import words_of
from etl.protect.identifiers import plain
from etl.readers.grid import JOIN

MARKS = frozenset((*YES, *NO))
#: What a heading says of a kind of help besides which it is.
_FILLERS = (
    "need", "needs", "needed", "requested", "service", "services", "help",
    "assistance", "support", "referral", "referred", "to", "for",
)  # fmt: skip


@dataclass(frozen=True)
class Flag:
    """A column of yes and no, and the code of a list that it stands for."""

    target: str
    column: str
    code: str


def flags(table: Contract, cells: Mapping[str, Collection[str]], filled: Collection[str]) -> tuple[Flag, ...]:
    """Return the columns of yes and no whose names are words for a code of a list, or for a kind of help."""
    found = []
    lists: Mapping[str, Mapping[str, str]] = {
        column.name: words_of(column)
        for column in table.columns
        if column.codes
        and not column.several
        and holds_several(table, column, filled)
        and (column.is_list or column.name not in filled)
    }
    for name, values in ((name, {*map(str.casefold, there)}) for name, there in cells.items()):
        if not values or not values <= MARKS:
            continue
        short = plain(name.rsplit(JOIN, 1)[-1])
        group = plain(name.rsplit(JOIN, 1)[0]) if JOIN in name else ""
        fits = [
            Flag(target, name, code)
            for target, words in lists.items()
            for word, code in words.items()
            if code != NOT_RECORDED and _is_called(word, short, is_list=table.column(target).is_list)
        ]
        # Of several lists the one that the row above names; "Other" alone belongs to any.
        near = [flag for flag in fits if group and likeness(flag.target, group) >= ALIKE]
        targets = {flag.target for flag in near or fits}
        if len(targets) == 1:
            found.append((near or fits)[0])
    return tuple(found)


def _is_called(word: str, heading: str, *, is_list: bool) -> bool:
    """Tell whether a heading is a word; of kinds of help that it is needed, not that it was given."""
    bare = heading if is_list else " ".join(part for part in heading.split() if part not in _FILLERS)
    return plain(word) in (heading, bare)
