"""Places of services in HSDS 3.1: how many there are, how many are free, and when they were counted.

A directory says what holds now, and by ``updated`` since when. So one directory speaks for one month, the
newest in which a capacity of it was updated: how many places were free in that month is not known of the
others. They are left out and counted, as is what is counted in anything but places for people. A row with
more places free than there are is rejected by the contract; the others stay.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from analysis.catalog.table import Table
from analysis.errors import echo
from analysis.words import first_few
from etl.contracts.parse import MORE_FREE
from etl.ledger import OTHER_MONTH, OTHER_UNIT
from etl.lines import LINE
from etl.readers import tidy
from etl.sources._catalogued import whole_number
from etl.sources.registers._hsds_tables import Directory, Row, text_of
from etl.sources.registers._hsds_words import eligibility, is_no_place, is_place, speaks_of_places

CAPACITY = ("service", "period", "eligibility", "places", "places_in_use")
PLACES, NO_PLACES = "places", "no_places"
_NAMED = 8


@dataclass(frozen=True)
class Capacity:
    """What a directory says about places.

    Attributes
    ----------
    rows
        Of the table ``service_capacity``, all of one month.
    month
        That month; empty without rows.
    left_out
        Rows of the directory that are not among them, by reason (`etl.ledger.REASONS`).
    notes
        What is told of them: units by name, and counts.
    """

    rows: list[Row]
    month: str
    left_out: Mapping[str, int]
    notes: tuple[str, ...]


@dataclass(frozen=True)
class Units:
    """What capacities are counted in.

    Attributes
    ----------
    names
        The names of each unit that the directory lists, by its id; several where it lists it several times.
    said
        What a mapping says of a unit, by its id or name in small letters: `PLACES` or `NO_PLACES`.
    """

    names: Mapping[str, set[str]] = field(default_factory=dict)
    said: Mapping[str, str] = field(default_factory=dict)

    def are_places(self, row: Row) -> bool:
        """Tell whether a capacity is one of places: the mapping's word first, then the unit's own name.

        Only where the unit is not listed, what stands in its place is read as a word, and where it is none
        that is known, the description.
        """
        unit, names = _unit(row), self.names.get(_unit(row), set())
        if told := self.said.get(_folded(unit)):
            return told == PLACES
        if names:  # of several names each must be one of places
            each = [self.said.get(_folded(name)) or (PLACES if is_place(name) else "") for name in names]
            return all(one == PLACES for one in each)
        if is_place(unit) or is_no_place(unit):
            return is_place(unit)
        return speaks_of_places(text_of(row, "description"))

    def by_description(self, row: Row) -> bool:
        """Tell whether only the description says that a capacity is one of places."""
        unit = _unit(row)
        known = unit in self.names or is_place(unit) or _folded(unit) in self.said
        return not known and self.are_places(row)

    def words(self, row: Row) -> str:
        """Return what a message calls the unit of a capacity."""
        unit = _unit(row)
        names = self.names.get(unit)
        if names:
            return " or ".join(echo(name) for name in sorted(names))
        return f"unit {echo(unit)}, which is not listed" if unit else "no unit"


def units_of(said: Table) -> dict[str, str]:
    """Return what a mapping says of units under ``[units]``, by id or name in small letters.

    Raises
    ------
    EtlError
        A unit named twice, or a value that is neither `PLACES` nor `NO_PLACES`.
    """
    found: dict[str, str] = {}
    for unit in said.values:
        word = _folded(unit)
        if word in found:
            raise said.fail(f'"{unit}"', "named twice, as capital letters do not matter", "each unit once")
        found[word] = said.text(unit, allowed=(PLACES, NO_PLACES))
    return found


def capacity(found: Directory, as_of: date, said: Mapping[str, str]) -> Capacity:
    """Return the places of a directory in the newest month that is not after the reporting date."""
    given = found.rows("service_capacity")
    units = Units(_listed(found), said)
    of_places = [row for row in given if units.are_places(row)]
    months = {month for row in of_places if (month := _month(row)) and month <= f"{as_of:%Y-%m}"}
    newest = max(months, default="")
    kept = [row for row in of_places if newest and _month(row) == newest]
    left_out = {OTHER_UNIT: len(given) - len(of_places), OTHER_MONTH: len(of_places) - len(kept)}
    notes = (*_notes(given, kept, newest, left_out), *_notes_of_units(given, kept, units))
    return Capacity([_places(row) for row in kept], newest, left_out, notes)


def _listed(found: Directory) -> dict[str, set[str]]:
    """Return the names of each listed unit; one without any name says nothing, and is not listed."""
    listed: dict[str, set[str]] = {}
    for row in found.rows("unit"):
        name, unit = text_of(row, "name") or text_of(row, "identifier"), text_of(row, "id")
        if name and unit:
            listed.setdefault(unit, set()).add(name)
    return listed


def _unit(row: Row) -> str:
    return text_of(row, "unit_id") or text_of(row, "unit") or ""


def _folded(word: str) -> str:
    return tidy(word).casefold()


def _month(row: Row) -> str:
    """Return the month of ``updated``, a day or timestamp of ISO 8601; empty when it is none."""
    try:
        return date.fromisoformat((text_of(row, "updated") or "")[:10]).isoformat()[:7]
    except ValueError:
        return ""


def _places(row: Row) -> Row:
    free, places = text_of(row, "available"), text_of(row, "maximum")
    counted = whole_number(free), whole_number(places)
    # What is no number stays as it is written: the contract rejects it by its line.
    in_use = free if None in counted else str((counted[1] or 0) - (counted[0] or 0))
    groups = eligibility(text_of(row, "description"))
    return {
        LINE: row[LINE],
        "service": text_of(row, "service_id"),
        "period": _month(row),
        "eligibility": groups[0] if len(groups) == 1 else None,
        "places": places,
        "places_in_use": MORE_FREE if _is_impossible(row) else in_use,
    }


def _notes(given: list[Row], kept: list[Row], month: str, left_out: Mapping[str, int]) -> tuple[str, ...]:
    if not given:
        return ()
    counted = {
        f"not updated in {month or 'a month that can be read'}, not taken": left_out[OTHER_MONTH],
        "with more free than there are, which cannot be, rejected": sum(map(_is_impossible, kept)),
    }
    taken = f"read as places of {month}: {len(kept)} of {len(given)}" if month else ""
    told = [f"capacity {words}: {count} of {len(given)}" for words, count in counted.items() if count]
    return tuple(filter(None, (f"capacity {taken}" if taken else "", *told)))


def _notes_of_units(given: list[Row], kept: list[Row], units: Units) -> list[str]:
    """Return which units were not taken, by name, and what was taken on other grounds than its unit."""
    others = Counter(units.words(row) for row in given if not units.are_places(row))
    described = sum(units.by_description(row) for row in kept)
    met = {_folded(one) for row in given for one in (_unit(row), *units.names.get(_unit(row), ()))}
    told = []
    if others:
        named = first_few([f"{name}: {count}" for name, count in sorted(others.items())], _NAMED, "; ")
        told.append(
            f"capacity in other units than places for people, not taken: {others.total()} of {len(given)} "
            f'({named}); what a unit is can be said in a mapping, under [units]: "…" = "{PLACES}"'
        )
    if described:
        told.append(
            "capacity whose unit is not listed, taken as places by its description: "
            f"{described} of {len(given)}"
        )
    if given and (unmet := sorted(units.said.keys() - met)):
        told.append(f"units of the mapping that no capacity has: {first_few(list(map(echo, unmet)), _NAMED)}")
    return told


def _is_impossible(row: Row) -> bool:
    free, places = whole_number(text_of(row, "available")), whole_number(text_of(row, "maximum"))
    return free is not None and places is not None and free > places
