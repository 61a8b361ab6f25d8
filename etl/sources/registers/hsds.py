"""Service directories in Open Referral's HSDS 1.1, 3.0 and 3.1: data package, folder of CSV files, or JSON.

What is kept: services with their type, groups, organisation and places, organisations by name, and sites.
Sites are used inside the warehouse only. Phones, mails, addresses, contacts and opening hours are never kept.
A service whose organisation is not in the directory, and a site without coordinates, stay and are counted in
the notes.
"""

import re
from pathlib import Path

import polars as pl

from analysis.words import counted
from etl.contracts.batch import Batch
from etl.contracts.by_distinct import SEPARATOR
from etl.incoming import Incoming, ReadOptions
from etl.lines import LINE
from etl.mapping.keys import HEADINGS, read_mapping, told_headings_of_files
from etl.sources._catalogued import describe
from etl.sources.registers._hsds_capacity import CAPACITY, capacity, units_of
from etl.sources.registers._hsds_tables import TABLES, Directory, Row, is_directory, read_directory, text_of
from etl.sources.registers._hsds_words import OTHER, eligibility, service_type

NAME = "hsds"
SUMMARY = "a directory of services in Open Referral HSDS 1.1, 3.0 or 3.1 (data package, CSV folder, JSON)"
READS_FOLDERS = True
_CLOSED = ("inactive", "defunct", "temporarily closed")
_FIPS = re.compile(r"^\d{5}$")


def recognises(path: Path) -> bool:
    """Tell whether a folder, a .zip or a JSON file is a service directory."""
    return is_directory(path)


def read(path: Path, options: ReadOptions) -> Incoming:
    """Read a directory.

    Parameters
    ----------
    path
        A folder, its ``datapackage.json``, a JSON file, or a .zip of these.
    options
        A mapping may name ``source`` and ``label``, which else come from the folder; what units count
        (``[units]``); and other headings of a file (``[headings.services]``).

    Raises
    ------
    EtlError
        When there is no table of services, or a file is damaged.
    """
    mapping = read_mapping(options.mapping, NAME)
    source_id, label = mapping.text("source", ""), mapping.text("label", "")
    units = units_of(mapping.table("units", {}))
    mapping.accept([HEADINGS])
    mapping.finish()
    found = read_directory(path, told_headings_of_files(options.mapping, NAME, TABLES))
    folder = path.parent if path.name.lower() == "datapackage.json" else path
    name = folder.stem if folder.is_file() else folder.name
    slug = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_").removeprefix("hsds_") or "directory"
    source = describe(
        NAME,
        source_id=source_id or f"hsds_{slug}",
        label=label or f"{found.title} (service directory)",
        geography=options.geography,
    )
    services, sites, notes = _services(found, options.geography), *_sites(found)
    organisations = [
        {LINE: row[LINE], "organisation": text_of(row, "id"), "name": text_of(row, "name")}
        for row in found.rows("organization")
    ]
    batches = [
        Batch.of("organisation", _frame(organisations, ("organisation", "name"))),
        Batch.of("service", _frame(services, _SERVICE)),
        Batch.of("service_site", _frame(sites, ("service", "longitude", "latitude"))),
    ]
    places = capacity(found, options.as_of, units)
    if places.rows:
        batches.append(Batch.of("service_capacity", _frame(places.rows, CAPACITY, lists=())))
    unread = [f"{table}: {counted(rows, 'row')}, not read" for table, rows in found.unread.items()]
    told = (*_about(found, services), *notes, *places.notes, *unread)
    about = (f"version {found.version} of HSDS", *told)
    return Incoming.of_records(
        source, batches, places.month, places.month, notes=about, left_out=places.left_out
    )


_SERVICE = ("service", "organisation", "name", "service_type", "eligibility", "area", "is_active")


def _services(found: Directory, geography: str) -> list[Row]:
    terms = _terms(found)
    groups = _by_service(found, "eligibility", ("eligibility",))
    areas = _areas(found, geography)
    rows = []
    for row in found.rows("service"):
        code = text_of(row, "id")
        texts = (text_of(row, "name"), text_of(row, "description"))
        said = (groups.get(code), text_of(row, "eligibility_description"))
        rows.append(
            {
                LINE: row[LINE],
                "service": code,
                "organisation": text_of(row, "organization_id"),
                "name": texts[0],
                "service_type": service_type(terms.get(code) or text_of(row, "_terms"), *texts),
                "eligibility": eligibility(*said) or None,
                "area": areas.get(code),
                "is_active": "no" if (text_of(row, "status") or "").lower() in _CLOSED else "yes",
            }
        )
    return rows


def _terms(found: Directory) -> dict[str | None, str]:
    """Return the taxonomy terms of each service in words, from either generation of tables."""
    names = {text_of(row, "id"): text_of(row, "name") or "" for row in found.rows("taxonomy_term")}
    terms: dict[str | None, str] = {}
    for row in found.rows("taxonomy_link"):
        service = text_of(row, "service_id") or text_of(row, "link_id")
        term = names.get(text_of(row, "taxonomy_term_id") or text_of(row, "taxonomy_id"), "")
        detail = text_of(row, "taxonomy_detail") or ""
        terms[service] = f"{terms.get(service, '')} {term} {detail}".strip()
    return terms


def _by_service(found: Directory, table: str, columns: tuple[str, ...]) -> dict[str | None, str]:
    words: dict[str | None, str] = {}
    for row in found.rows(table):
        service = text_of(row, "service_id")
        said = " ".join(text_of(row, column) or "" for column in columns)
        words[service] = f"{words.get(service, '')} {said}".strip()
    return words


def _areas(found: Directory, geography: str) -> dict[str | None, str]:
    """Return the areas served where they are codes of US counties; words of other kinds are left out."""
    areas: dict[str | None, dict[str, None]] = {}
    if geography != "us":
        return {}
    for row in found.rows("service_area"):
        names = ("extent", "name", "service_area")
        codes = [one for name in names if (one := text_of(row, name)) and _FIPS.match(one)]
        service = text_of(row, "service_id")
        if codes:  # two ways to say one county are one
            areas.setdefault(service, {})[codes[0]] = None
    return {service: SEPARATOR.join(listed) for service, listed in areas.items()}


def _sites(found: Directory) -> tuple[list[Row], list[str]]:
    """Return one row a service and location, and notes on what has no place."""
    places = {text_of(row, "id"): row for row in found.rows("location")}
    rows, blank = [], 0
    for link in found.rows("service_at_location"):
        row = places.get(text_of(link, "location_id"), {})
        lon, lat = text_of(row, "longitude"), text_of(row, "latitude")
        if not (lon and lat) or (_is_zero(lon) and _is_zero(lat)):
            lon = lat = None
            blank += 1
        rows.append(
            {LINE: link[LINE], "service": text_of(link, "service_id"), "longitude": lon, "latitude": lat}
        )
    notes = [f"sites kept without a place, their coordinates being blank or 0: {blank} of {len(rows)}"]
    nowhere = sum(
        not (text_of(row, "longitude") and text_of(row, "latitude")) for row in found.rows("location")
    )
    if nowhere:
        notes.append(f"locations without coordinates: {nowhere} of {len(places)}")
    return rows, notes if rows or nowhere else []


def _about(found: Directory, services: list[Row]) -> list[str]:
    known = {text_of(row, "id") for row in found.rows("organization")}
    linked = {text_of(row, "service_id") for row in found.rows("service_at_location")}
    orphans = sum(row["organisation"] not in known for row in services)
    apart = sum(row["service"] not in linked for row in services)
    unknown = sum(row["service_type"] == OTHER for row in services)
    counted = {
        "services kept whose organisation is not in the directory": orphans,
        "services kept that no table links to a location": apart,
        "services whose type no known word tells, kept as other": unknown,
    }
    return [f"{words}: {count} of {len(services)}" for words, count in counted.items() if count]


def _is_zero(text: str) -> bool:
    try:
        return float(text) == 0
    except ValueError:
        return False


def _frame(
    rows: list[Row], columns: tuple[str, ...], lists: tuple[str, ...] = ("eligibility",)
) -> pl.DataFrame:
    schema: dict[str, pl.DataType] = {
        name: pl.List(pl.String()) if name in lists else pl.String() for name in columns
    }
    schema[LINE] = pl.Int64()
    return pl.DataFrame(rows, schema=schema, orient="row")
