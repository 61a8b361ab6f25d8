"""Places of services in HSDS 3.1: how many there are, how many are free, and when they were counted.

A directory says what holds now, and by ``updated`` since when. So one directory speaks for one month, the
newest in which a capacity of it was updated: how many places were free in that month is not known of the
others. They are left out and counted, as is what is counted in anything but places for people.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from etl.ledger import OTHER_MONTH, OTHER_UNIT
from etl.lines import LINE
from etl.sources._catalogued import whole_number
from etl.sources.registers._hsds_tables import Directory, Row, text_of
from etl.sources.registers._hsds_words import eligibility, is_place

CAPACITY = ("service", "period", "eligibility", "places", "places_in_use")


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
        What is told of them, without values of rows.
    """

    rows: list[Row]
    month: str
    left_out: Mapping[str, int]
    notes: tuple[str, ...]


def capacity(found: Directory, as_of: date) -> Capacity:
    """Return the places of a directory in the newest month that is not after the reporting date."""
    given = found.rows("service_capacity")
    units = {text_of(row, "id"): text_of(row, "name") for row in found.rows("unit")}
    of_places = [row for row in given if is_place(units.get(text_of(row, "unit_id")))]
    months = {month for row in of_places if (month := _month(row)) and month <= f"{as_of:%Y-%m}"}
    newest = max(months, default="")
    kept = [row for row in of_places if newest and _month(row) == newest]
    left_out = {OTHER_UNIT: len(given) - len(of_places), OTHER_MONTH: len(of_places) - len(kept)}
    return Capacity([_places(row) for row in kept], newest, left_out, _notes(given, kept, newest, left_out))


def _month(row: Row) -> str:
    """Return the month of ``updated``, a day or timestamp of ISO 8601; empty when it is none."""
    try:
        return date.fromisoformat((text_of(row, "updated") or "")[:10]).isoformat()[:7]
    except ValueError:
        return ""


def _places(row: Row) -> Row:
    free, places = text_of(row, "available"), text_of(row, "maximum")
    counted = whole_number(free), whole_number(places)
    # What is no number stays as it is written, and more free places than there are give a number below zero:
    # the contract rejects both by their line.
    in_use = free if None in counted else str((counted[1] or 0) - (counted[0] or 0))
    groups = eligibility(text_of(row, "description"))
    return {
        LINE: row[LINE],
        "service": text_of(row, "service_id"),
        "period": _month(row),
        "eligibility": groups[0] if len(groups) == 1 else None,
        "places": places,
        "places_in_use": in_use,
    }


def _notes(given: list[Row], kept: list[Row], month: str, left_out: Mapping[str, int]) -> tuple[str, ...]:
    if not given:
        return ()
    impossible = sum(_is_impossible(row) for row in given)
    counted = {
        "in other units than places for people, not taken": left_out[OTHER_UNIT],
        f"not updated in {month or 'a month that can be read'}, not taken": left_out[OTHER_MONTH],
        "with more free than there are, which cannot be": impossible,
    }
    taken = f"taken as places in {month}: {len(kept)} of {len(given)}" if month else ""
    told = [f"capacity {words}: {count} of {len(given)}" for words, count in counted.items() if count]
    return tuple(filter(None, (f"capacity {taken}" if taken else "", *told)))


def _is_impossible(row: Row) -> bool:
    free, places = whole_number(text_of(row, "available")), whole_number(text_of(row, "maximum"))
    return free is not None and places is not None and free > places
