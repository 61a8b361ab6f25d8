"""A release before it is one: which months would close, and how much of each kind of records could be shown.

A preview tells nothing but protected cells: it looks at the file that would be published, and at no record.
"""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb

from analysis.answers.visibility import ShownShare, shown_shares, together
from analysis.catalog.model import Catalog
from analysis.errors import ReleaseError
from analysis.periods import MONTH_NAMES, Span, code_of
from analysis.release.index import file as index_file
from analysis.release.manifest import FORMAT, Manifest, read_manifest
from analysis.release.release import Collection, Release
from etl.config import Home
from etl.errors import EtlError
from etl.store import warehouse

ID_LENGTH = 12
_BY_AREA = "by year and area"


@dataclass(frozen=True)
class Topic:
    """How much of one kind of records could be shown.

    Attributes
    ----------
    label, collection
        What is counted, in words, and in which collection.
    pages
        Codes of the pages that draw from it.
    shares
        Of the numbers that there would be, those that can be shown, 0 to 1: by how finely they are divided.
    last_month
        The last month that would be closed, as 2025-08.
    """

    label: str
    collection: str
    pages: tuple[str, ...]
    shares: Mapping[str, float]
    last_month: str = ""


def release_id(file: Path) -> str:
    """Return the id that a release file has, from its content."""
    return warehouse.sha256(file)[:ID_LENGTH]


def refuse_unexpected(file: Path, expected: str, profile: str, home: Home) -> None:
    """Refuse a release that is another one than a preview told of.

    Parameters
    ----------
    file
        The new release, aside.
    expected
        Id that the preview said; empty when there was none.
    profile, home
        For the next step.

    Raises
    ------
    EtlError
        When something was loaded, confirmed or released since.
    """
    if expected and release_id(file) != expected:
        raise EtlError(
            f"This would be another release than the one that was looked at ({expected}): something was "
            "loaded, confirmed or released since. Nothing was released.",
            f"Look again: python -m etl release --preview --profile {profile} --home {home.root}",
        )


def months_text(before: Span | None, now: Span | None) -> str:
    """Return the months that close now, in words; a closed span grows at either end.

    >>> months_text(None, Span(24300, 24311)), months_text(Span(24300, 24302), Span(24300, 24303))
    ('2025-01 to 2025-12', '2025-04')
    """
    if now is None:
        return ""
    parts = [now]
    if before is not None:
        parts = [Span(now.first, before.first - 1), Span(before.last + 1, now.last)]
    names = [
        (code_of(one.first, "month"), code_of(one.last, "month")) for one in parts if one.last >= one.first
    ]
    return " and ".join(first if first == last else f"{first} to {last}" for first, last in names)


def unfinished_years(last_months: Iterable[str]) -> list[str]:
    """Return for each year that ends before its December that no figure by year has it yet.

    >>> unfinished_years(["2025-08", "2025-08", "2024-12"])
    ['2025 is closed up to August: figures by year leave it out, figures by month and quarter have it.']
    """
    ends = dict.fromkeys(month for month in last_months if month and not month.endswith("-12"))
    return [
        f"{month[:4]} is closed up to {MONTH_NAMES[int(month[5:]) - 1]}: figures by year leave it out, "
        "figures by month and quarter have it."
        for month in sorted(ends)
    ]


def is_published(file: Path, folder: Path) -> bool:
    """Tell whether a folder names exactly this release already."""
    try:
        return read_manifest(folder).sha256 == warehouse.sha256(file)
    except ReleaseError:
        return False


def topics(file: Path, catalog: Catalog, profile: str, place: str, as_of: datetime.date) -> list[Topic]:
    """Return what could be shown of a release file that lies aside, its index beside it.

    Parameters
    ----------
    file, catalog
        The file, and what is counted.
    profile, place, as_of
        As its manifest would say.
    """
    sha256 = warehouse.sha256(file)
    manifest = Manifest(
        FORMAT, file.name, sha256, profile, sha256[:ID_LENGTH], as_of, place, False, catalog.sha256
    )
    indexes = index_file.read(index_file.beside(file), sha256)
    with duckdb.connect(str(file), read_only=True) as connection:
        release = Release(file.parent, manifest, connection, indexes)
        return [
            _topic(release, catalog, one)
            for one in release.collections
            if one.subject in catalog.subjects and one.first_period and one.last_closed_month
        ]


def _topic(release: Release, catalog: Catalog, collection: Collection) -> Topic:
    rows = [row for row in shown_shares(release, catalog, collection) if row.total]
    pages = [
        page
        for measure in sorted(catalog.measures.values(), key=lambda measure: measure.order)
        if measure.subject == collection.subject
        for page in measure.pages
    ]
    kinds: dict[str, list[ShownShare]] = {
        "by year": [row for row in rows if not row.split and _at(row, "year", None)],
        _BY_AREA: [row for row in rows if not row.split and row.period_level == "year" and row.area_level],
        "by quarter": [row for row in rows if not row.split and _at(row, "quarter", None)],
        "by month": [row for row in rows if not row.split and _at(row, "month", None)],
        "by year and group": [row for row in rows if row.split and _at(row, "year", None)],
    }
    return Topic(
        catalog.subjects[collection.subject].label,
        collection.label,
        tuple(dict.fromkeys(pages)),
        {name: together(found) for name, found in kinds.items() if found},
        collection.last_closed_month,
    )


def _at(row: ShownShare, period_level: str, area_level: int | None) -> bool:
    return row.period_level == period_level and row.area_level == area_level
