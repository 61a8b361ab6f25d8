"""Tells on a map, and for one area, that figures lie in another edition of the areas than the outlines."""

from collections.abc import Iterable, Sequence

from analysis import Answer, Catalog
from analysis.release.release import Release
from analysis.words import first_few, listed
from ui.maps.places import Places

_MOST_NAMED = 6


def notes(release: Release, catalog: Catalog, places: Places, answer: Answer) -> list[str]:
    """Return which areas with figures are not drawn, and which hold figures of areas of another edition.

    Parameters
    ----------
    release, catalog
        What is shown, and how areas changed.
    places
        The areas of the answer.
    answer
        By ``area``.
    """
    known = [
        area
        for area, value in answer.frame.select("area", "value").iter_rows()
        if value is not None and area in places.geography.areas
    ]
    found = [_not_drawn(catalog, places, known)] if places.atlas else []
    if answer.measure.door == "published":
        found += _added_up(release, catalog, places, known)
    return [note for note in found if note]


def area_note(catalog: Catalog, places: Places | None, code: str) -> str:
    """Return that one area is of another edition than the outlines; empty where it is drawn."""
    if places is None or places.atlas is None or code in places.atlas.shapes:
        return ""
    years = _years(catalog, places, code)
    if not years:
        return ""
    return f"{places.words('area', code)} is an area {years}; the map draws areas of other years."


def _not_drawn(catalog: Catalog, places: Places, codes: Iterable[str]) -> str:
    drawn = places.atlas.shapes if places.atlas else {}
    absent = [code for code in codes if code not in drawn]
    if not absent:
        return ""
    are_dated = any(_years(catalog, places, code) for code in absent)
    why = "they lie in areas of other years than the outlines" if are_dated else "their areas have no outline"
    return f"Not drawn, because {why}: {_few([_named(catalog, places, code) for code in absent])}."


def _added_up(release: Release, catalog: Catalog, places: Places, codes: Iterable[str]) -> list[str]:
    moved = release.recast.get(places.geography.code, {})
    return [
        f"{_named(catalog, places, code)} holds the figures of "
        f"{_few([_named(catalog, places, part) for part in moved[code]])}."
        for code in codes
        if code in moved
    ]


def _named(catalog: Catalog, places: Places, code: str) -> str:
    years = _years(catalog, places, code)
    return f"{places.words('area', code)}{f' ({years})' if years else ''}"


def _years(catalog: Catalog, places: Places, code: str) -> str:
    editions = catalog.editions.get(places.geography.code)
    return editions.years_words(code) if editions else ""


def _few(names: Sequence[str]) -> str:
    if len(names) <= _MOST_NAMED:
        return listed(list(names))
    return first_few(names, _MOST_NAMED)
