"""Organisations that must not be told by anything in a release: the same everywhere, however they are spelt.

An organisation is confidential where any row of the sheet of organisations marks it so; where no row says yes
or no, where it is a shelter or offers housing. All rows that share a code or a name are one organisation, and
small letters, signs and legal forms make no other name: marked once, it is marked in every register.

It leaves as "a confidential provider". What stands beside it (area, numbers, days, kinds, the organisation at
the other end) stays only as far as at least three such organisations share it (`LEAST`).
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import duckdb

from analysis.catalog.registers import CONFIDENTIAL_CODE, CONFIDENTIAL_NAME, Register, RegisterColumn
from etl.release.cells.layout import WAREHOUSE, columns_of

LEAST = 3  # confidential organisations that must share what stands beside one of them
WITHHELD = "withheld_organisation"  # column of a mart table: an organisation that its register leaves out
_FORMS = frozenset(
    {"the", "inc", "incorporated", "llc", "ltd", "limited", "corp", "corporation", "gmbh", "plc"}
)
_LONG = 8  # letters of a name above which it is looked for inside other texts
Row = list[Any]


def spelling(text: str) -> str:
    """Return a name or code as it is compared: letters and digits only, without legal forms.

    Examples
    --------
    >>> spelling("The Lantern-House, Inc."), spelling("lantern_house")
    ('lanternhouse', 'lanternhouse')
    """
    plain = "".join(
        sign for sign in unicodedata.normalize("NFKD", text).casefold() if not unicodedata.combining(sign)
    )
    words = re.sub(r"[\W_]+", " ", plain.replace("'", "").replace("’", "")).split()
    return "".join(word for word in words if word not in _FORMS) or "".join(words)


@dataclass
class Confidential:
    """The confidential organisations of a home: every spelling of each, and which organisation it is.

    `public` are the spellings of those of which a row says that they are not, and none that they are.
    """

    known: dict[str, int] = field(default_factory=dict)
    public: frozenset[str] = frozenset()
    _asked: dict[str, int | None] = field(default_factory=dict)

    def of(self, text: str) -> int | None:
        """Return which confidential organisation a text is or names, or None."""
        if text not in self._asked:
            self._asked[text] = self._look(text)
        return self._asked[text]

    def _look(self, text: str) -> int | None:
        plain = spelling(text)
        if plain in self.known:
            return self.known[plain]
        inside = (number for term, number in self.known.items() if len(term) >= _LONG and term in plain)
        return next(inside, None) if self.known else None


def confidential_of(connection: duckdb.DuckDBPyConnection) -> Confidential:
    """Return the confidential organisations of the attached warehouse."""
    if not columns_of(connection, WAREHOUSE, "mart.organisation_spelling"):
        return Confidential()
    rows = connection.execute(
        f"SELECT code, name, mark, is_by_kind FROM {WAREHOUSE}.mart.organisation_spelling ORDER BY ALL"
    ).fetchall()
    return _marked(rows)


def _marked(rows: Iterable[tuple[str | None, str | None, bool | None, bool | None]]) -> Confidential:
    """Return the confidential organisations: rows of one code or name are one."""
    leader: dict[str, str] = {}

    def first(one: str) -> str:
        while leader.setdefault(one, one) != one:
            one = leader[one]
        return one

    said: list[tuple[str, bool | None, bool | None]] = []
    for code, name, mark, is_by_kind in rows:
        spelt = [plain for text in (code, name) if text and (plain := spelling(text))]
        for other in spelt[1:]:
            leader[first(other)] = first(spelt[0])
        if spelt:
            said.append((spelt[0], mark, is_by_kind))
    marks: dict[str, set[bool]] = {}
    kinds: dict[str, bool] = {}
    for one, mark, is_by_kind in said:
        marks.setdefault(first(one), set()).update(() if mark is None else (mark,))
        kinds[first(one)] = kinds.get(first(one), False) or bool(is_by_kind)
    hidden = [one for one, found in marks.items() if True in found or (not found and kinds[one])]
    numbers = {one: number for number, one in enumerate(hidden)}
    spelt_as = {one: first(one) for one in list(leader)}
    return Confidential(
        {one: numbers[whole] for one, whole in spelt_as.items() if whole in numbers},
        frozenset(one for one, whole in spelt_as.items() if marks[whole] == {False}),
    )


@dataclass
class _Marked:
    """A row of a register that names a confidential organisation: its cells, and who stands where in it."""

    cells: Row
    who: dict[int, int | str]


def mask_register(register: Register, rows: Sequence[tuple[Any, ...]], hidden: Confidential) -> list[Row]:
    """Return the rows of a register without anything that tells a confidential organisation.

    Parameters
    ----------
    register
        Its columns, and what each holds.
    rows
        Columns of the register in their order, then the organisation that the mart withholds, or None.
    hidden
        The confidential organisations.
    """
    columns = register.columns
    kept: list[Row] = []
    marked: list[_Marked] = []
    is_list = {"code", "label"} <= {column.code for column in columns}  # of a dimension: one row for all
    named = ("organisation", "organisation_code") if is_list else ("organisation",)
    places = [place for place, column in enumerate(columns) if column.holds in named]
    for *cells, withheld in rows:
        who = _who(places, cells, withheld, hidden)
        if who:
            marked.append(_Marked(cells, who))
        else:
            kept.append(
                [
                    None if isinstance(cell, str) and _is_named(column, cell, hidden) else cell
                    for column, cell in zip(columns, cells, strict=True)
                ]
            )
    levels: list[frozenset[int]] = [frozenset()] if is_list else _levels(columns)
    blank = [_masked(columns, row, frozen) for row, frozen in _shared(columns, marked, levels)]
    return kept + (blank[:1] if is_list else blank)


def _is_named(column: RegisterColumn, cell: str, hidden: Confidential) -> bool:
    return column.is_worded and hidden.of(cell) is not None


def _who(
    places: Sequence[int], cells: Row, withheld: str | None, hidden: Confidential
) -> dict[int, int | str]:
    """Return the places of a row that hold a confidential organisation, and which one.

    One that a row only mentions, such as whom a campaign asks people to turn to, is left out of it.
    """
    found: dict[int, int | str] = {}
    for place in places:
        cell = cells[place]
        if withheld is not None and cell is None:
            if (
                spelling(withheld) in hidden.public
            ):  # the directory leaves out names of housing: this one is public
                cells[place] = withheld
                continue
            number = hidden.of(withheld)
            found[place] = withheld if number is None else number
        elif cell is not None and (number := hidden.of(cell)) is not None:
            found[place] = number
    return found


def _levels(columns: Sequence[RegisterColumn]) -> list[frozenset[int]]:
    """Return which columns may stand beside, most first: ever fewer, until enough share them."""

    def places(*kinds: str) -> list[int]:
        return [place for place, column in enumerate(columns) if column.holds in kinds]

    codes = places("code")
    whole = ("code", "organisation", "organisation_code", "date", "area", "number")
    levels = [frozenset(places(*whole[:count])) for count in (6, 5, 4, 3)]
    return [*levels, *(frozenset(codes[:count]) for count in range(len(codes), -1, -1))]


def _shared(
    columns: Sequence[RegisterColumn], marked: Sequence[_Marked], levels: Sequence[frozenset[int]]
) -> Iterable[tuple[_Marked, frozenset[int]]]:
    """Give each row the first level at which enough organisations share what it would keep."""
    left = list(marked)
    for level in levels:
        groups: dict[tuple[Any, ...], list[_Marked]] = {}
        for row in left:
            groups.setdefault(tuple(_masked(columns, row, level)), []).append(row)
        left = []
        for group in groups.values():
            everyone = [{row.who[place] for row in group} for place in group[0].who]
            if not level or all(len(organisations) >= LEAST for organisations in everyone):
                yield from ((row, level) for row in group)
            else:
                left += group


def _masked(columns: Sequence[RegisterColumn], row: _Marked, level: frozenset[int]) -> Row:
    words = {"organisation": CONFIDENTIAL_NAME, "organisation_code": CONFIDENTIAL_CODE}
    return [
        words[column.holds] if place in row.who else cell if place in level else None
        for place, (column, cell) in enumerate(zip(columns, row.cells, strict=True))
    ]
