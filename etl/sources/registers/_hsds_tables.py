"""Finds the tables of a service directory: a data package, a folder of CSV files, or JSON in its many forms.

Whatever comes, each table becomes rows of text by the column names of HSDS 3.1, with the line or position.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Any

from analysis.catalog.table import Table
from etl.errors import EtlError
from etl.lines import LINE
from etl.mapping.keys import refuse_absent, renamed
from etl.readers import read as read_file
from etl.readers.limits import DEFAULT_LIMITS
from etl.readers.packed import zip_member, zip_members

#: Our name for a table, and what it is called in HSDS 1.1, 3.0 and 3.1, in files and in data packages.
TABLES = {
    "service": ("service", "services"),
    "organization": ("organization", "organizations"),
    "location": ("location", "locations"),
    "service_at_location": ("service_at_location", "services_at_location", "service_at_locations"),
    "eligibility": ("eligibility",),
    "service_area": ("service_area", "service_areas"),
    "taxonomy_link": ("services_taxonomy", "service_taxonomy", "attribute", "attributes"),
    "taxonomy_term": ("taxonomy_term", "taxonomy_terms", "taxonomy"),  # 3.0 has a list of taxonomies besides
    "service_capacity": ("service_capacity", "service_capacities", "capacities"),
    "unit": ("unit", "units"),
}
#: The columns that are read of each table; a mapping may say that a file heads them otherwise.
COLUMNS = {
    "service": (
        "id", "organization_id", "name", "description", "eligibility_description", "status",
    ),
    "organization": ("id", "name"),
    "location": ("id", "latitude", "longitude"),
    "service_at_location": ("service_id", "location_id"),
    "eligibility": ("service_id", "eligibility"),
    "service_area": ("service_id", "extent", "name", "service_area"),
    "taxonomy_link": ("service_id", "link_id", "taxonomy_term_id", "taxonomy_id", "taxonomy_detail"),
    "taxonomy_term": ("id", "name"),
    "service_capacity": ("service_id", "unit_id", "available", "maximum", "description", "updated"),
    "unit": ("id", "name", "identifier"),
}  # fmt: skip
NEW_MARKS = ("service_at_location", "attribute", "attributes", "schedules", "taxonomy_terms", "cost_options")
NEWEST_MARKS = ("service_capacity", "unit")
SERVICE_MARKS = {
    "organization", "organization_id", "status", "alternate_name", "interpretation_services",
    "application_process", "fees_description", "service_at_locations",
}  # fmt: skip
HMIS_MARKS = ("client", "enrollment")  # an HMIS export has services too, of people who are enrolled
TEXTS = (".csv", ".csv.gz")
LARGEST_JSON = 50_000_000
STEP = "See docs/sources.md (Service directories) for what a directory looks like."

Row = dict[str, Any]


@dataclass
class Directory:
    """The tables of a directory, its version in words and its title; rows of the tables that are not read."""

    version: str
    title: str
    tables: dict[str, list[Row]] = field(default_factory=dict)
    unread: dict[str, int] = field(default_factory=dict)

    def rows(self, name: str) -> list[Row]:
        """Return the rows of a table; empty when the directory does not have it."""
        return self.tables.get(name, [])


def text_of(row: Row, name: str) -> str | None:
    """Return a cell as text without blanks around it; None when nothing is in it."""
    value = row.get(name)
    text = "" if value is None else str(value).strip()
    return text or None


def is_directory(path: Path) -> bool:
    """Tell cheaply whether a path looks like a directory of services."""
    if path.is_dir():
        tables = {_table_of(file) for file in _texts(path, "")}
        return _files(path).keys() >= {"service"} and not set(HMIS_MARKS) <= tables
    if path.suffix.lower() == ".zip" and path.is_file():
        return _is_packed_directory(path)
    if path.suffix.lower() != ".json" or not path.is_file():
        return False
    try:
        with path.open("rb") as file:
            start = file.read(65_536).decode("utf-8", "replace")
    except OSError:
        return False
    if '"human_services' in start or '"services.csv"' in start:
        return True
    return '"organization' in start and '"service' in start and '"alternate_name"' in start


def _is_packed_directory(path: Path) -> bool:
    try:
        names = zip_members(path, TEXTS, DEFAULT_LIMITS)
    except EtlError:
        return False
    tables = {_table_of(Path(name)) for name in names}
    return bool(tables & set(TABLES["service"])) and not set(HMIS_MARKS) <= tables


def read_directory(path: Path, told: Mapping[str, Table]) -> Directory:
    """Read a data package, a folder of CSV files, a JSON file, or a .zip of any of these.

    ``told`` are the headings that a mapping says of CSV files, by our name for the table.

    Raises
    ------
    EtlError
        Without a table of services, when a file is damaged, or when headings are told of a table that is not
        there or of JSON.
    """
    _refuse_hmis(path)
    if path.suffix.lower() == ".zip":
        return _from_zip(path, told)
    folder = path if path.is_dir() else path.parent
    is_json = path.is_file() and path.name.lower() != "datapackage.json"
    if is_json or not _files(folder):
        if told:
            raise EtlError(
                f"{path.name}: this directory is JSON, whose keys are those of the standard; [headings] in a "
                "mapping are of CSV files.",
                "Leave [headings] out of the mapping, or load the CSV files of the directory.",
            )
        found = _from_json(path) if is_json else _from_json_files(folder)
    else:
        found = _from_folder(folder, told)
    if "service" not in found.tables:
        raise EtlError(f"{path.name}: there is no table of services.", STEP)
    return found


def _refuse_hmis(path: Path) -> None:
    """Refuse an HMIS export: its Services.csv is of people who are enrolled, and no directory.

    Raises
    ------
    EtlError
        With the source that reads it.
    """
    names: list[Path] = []
    if path.suffix.lower() == ".zip":
        names = [Path(name) for name in zip_members(path, TEXTS, DEFAULT_LIMITS)]
    elif path.is_dir():
        names = _texts(path, "")
    if set(HMIS_MARKS) <= {_table_of(name) for name in names}:
        raise EtlError(
            f"{path.name}: this is an HMIS export, no directory of services.",
            f"Use the source that reads it: python -m etl load {path.name} --source hud_hmis",
        )


def _from_zip(path: Path, told: Mapping[str, Table]) -> Directory:
    """Unpack the tables of a .zip into a folder that is gone afterwards, whatever folders they lie in."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        for member in zip_members(path, (*TEXTS, ".json"), DEFAULT_LIMITS):
            target = folder / PurePosixPath(member).name
            if target.exists():
                raise EtlError(f"{path.name}: it holds {target.name} twice.", "Pack one directory alone.")
            target.write_bytes(zip_member(path, member, DEFAULT_LIMITS))
        if not any(folder.iterdir()):
            raise EtlError(f"{path.name}: there is no table of services.", STEP)
        try:
            found = read_directory(folder, told)
        except EtlError as error:
            raise EtlError(error.message.replace(folder.name, path.name), error.next_step) from None
    if found.title == folder.name:
        found.title = path.stem
    return found


def _from_folder(folder: Path, told: Mapping[str, Table]) -> Directory:
    package = folder / "datapackage.json"
    says: dict[str, Any] = {}
    if package.is_file():
        loaded = _load(package)
        says = loaded if isinstance(loaded, dict) else {}
    named = {str(one.get("name", "")): str(one.get("path", "")) for one in says.get("resources", [])}
    files = _files(folder, named)
    refuse_absent(told, files, folder.name)
    tables = {name: _csv_rows(name, file, told.get(name)) for name, file in files.items()}
    present = {_table_of(file) for file in files.values()}
    # The version of a data package is often that of the package, not of the standard: its tables tell.
    others = [file for file in _texts(folder, "") if file not in files.values()]
    unread = {_table_of(file): read_file(file, header_row=1).ledger.kept for file in others}
    version = "3.1" if set(files) & set(NEWEST_MARKS) else "3.0" if present & set(NEW_MARKS) else "1.1"
    return Directory(version, str(says.get("title") or folder.name), tables, unread)


def _files(folder: Path, named: dict[str, str] | None = None) -> dict[str, Path]:
    """Return the CSV file of each table: as the data package names it, or by its own name."""
    below = _texts(folder, "*/") if (folder / "datapackage.json").is_file() else []
    here = {f"{_table_of(file)}.csv": file for file in (*below, *_texts(folder, ""))}
    found: dict[str, Path] = {}
    for table, names in TABLES.items():
        said = [Path((named or {}).get(name, "")).name.lower().removesuffix(".gz") for name in names]
        for name in (*said, *(f"{name}.csv" for name in names)):
            if name in here and table not in found:
                found[table] = here[name]
    return found


def _texts(folder: Path, below: str) -> list[Path]:
    """Return the CSV files of a folder, packed ones before those that are not."""
    return [file for ending in reversed(TEXTS) for file in sorted(folder.glob(f"{below}*{ending}"))]


def _table_of(file: Path) -> str:
    """Return the name of a CSV file without its endings, small letters."""
    return file.name.lower().removesuffix(".gz").removesuffix(".csv")


def _csv_rows(table: str, path: Path, told: Table | None) -> list[Row]:
    frame = read_file(path, header_row=1).frame
    if told is not None:
        frame = renamed(frame, path.name, told, {name: (name,) for name in COLUMNS[table]})
    return [dict(row) for row in frame.iter_rows(named=True)]


def _load(path: Path) -> Any:
    if path.stat().st_size > LARGEST_JSON:
        raise EtlError(f"{path.name}: the file is larger than {LARGEST_JSON // 1_000_000} MB.", STEP)
    try:
        return json.loads(path.read_text("utf-8-sig"))
    except (OSError, UnicodeDecodeError, ValueError, RecursionError) as error:
        raise EtlError(f"{path.name}: this is not JSON.", STEP) from error


def _from_json_files(folder: Path) -> Directory:
    """Read a folder of JSON files, as an HSDS server answers them; each record is kept once.

    The description of the package is no table; taxonomies and the server's description of itself hold no
    service.
    """
    found = Directory("3.0", folder.name)
    for file in sorted(folder.glob("*.json")):
        if file.name.lower() == "datapackage.json":
            continue
        for table, rows in _from_json(file).tables.items():
            found.tables.setdefault(table, []).extend(rows)
    found.tables = {table: list(_once(table, rows)) for table, rows in found.tables.items()}
    return _with_version(found)


def _from_json(path: Path) -> Directory:
    loaded = _load(path)
    found = Directory("3.0", path.stem)
    if isinstance(loaded, dict) and any(str(key).endswith(".csv") for key in loaded):
        by_file = {str(key).lower().removesuffix(".csv"): rows for key, rows in loaded.items()}
        for table, names in TABLES.items():
            rows = next((by_file[name] for name in names if name in by_file), None)
            if isinstance(rows, list):
                found.tables[table] = [_numbered(row, n) for n, row in enumerate(rows, 1)]
        return _with_version(found)
    items = loaded.get("contents", [loaded]) if isinstance(loaded, dict) else loaded
    for number, item in enumerate(items if isinstance(items, list) else [], start=1):
        if isinstance(item, dict):
            _unfold(found, item, number, {})
    for table, rows in found.tables.items():
        found.tables[table] = list(_once(table, rows))
    return _with_version(found)


def _with_version(found: Directory) -> Directory:
    if set(found.tables) & set(NEWEST_MARKS):
        found.version = "3.1"
    return found


def _numbered(row: Any, number: int) -> Row:
    return {**(row if isinstance(row, dict) else {}), LINE: number}


def _once(table: str, rows: list[Row]) -> Iterator[Row]:
    """Yield each record once: a nested file repeats the organisation of every service.

    What has no id, such as two capacities of one service, is the same where all of it is. A unit of two
    names is kept with both.
    """
    seen: set[Any] = set()
    for row in rows:
        mark = row.get("id") and (row["id"], row.get("name") if table == "unit" else None)
        mark = mark or tuple(sorted((name, str(value)) for name, value in row.items()))
        if mark not in seen:
            seen.add(mark)
            yield row


def _unfold(found: Directory, item: Row, number: int, above: Row) -> None:
    """Take a nested record apart: an organisation holds services, a service its locations, and so on."""
    if "service" in item and "location" in item:
        kind = "service_at_location"
    elif {"services", "tax_status", "legal_status", "year_incorporated"} & set(item):
        kind = "organization"
    elif {"latitude", "longitude", "location_type"} & set(item):
        kind = "location"
    elif SERVICE_MARKS & set(item):
        kind = "service"
    else:
        return
    _keep(found, kind, item, number, above)


def _keep(found: Directory, kind: str, item: Row, number: int, above: Row) -> None:
    row = {key: value for key, value in item.items() if not isinstance(value, dict | list)}
    found.tables.setdefault(kind, []).append({**above, **row, LINE: number})
    own = {f"{kind}_id": item.get("id")}
    if kind == "service_at_location":
        service, place = (item.get(name) or {} for name in ("service", "location"))
        found.tables[kind][-1] |= {"location_id": place.get("id")}
        if service:
            found.tables[kind][-1] |= {"service_id": service.get("id")}
            _keep(found, "service", service, number, {})
        if place:
            _keep(found, "location", place, number, {})
        return
    for key, table, link in (
        ("services", "service", {"organization_id": item.get("id")}),
        ("locations", "location", {"organization_id": item.get("id")}),
        ("service_at_locations", "service_at_location", own),
        ("service_areas", "service_area", own),
        ("capacities", "service_capacity", own),
        ("service_capacities", "service_capacity", own),
    ):
        for part in item.get(key) or []:
            if isinstance(part, dict):
                _keep(found, table, part, number, link if kind != "location" else {})
    if kind == "service_capacity":
        unit = item.get("unit")
        if isinstance(unit, dict):
            found.tables[kind][-1] |= {"unit_id": unit.get("id") or unit.get("name")}
            if unit.get("id"):
                _keep(found, "unit", unit, number, {})
    if kind == "service":
        body = item.get("organization")
        if isinstance(body, dict):
            found.tables[kind][-1] |= {"organization_id": body.get("id")}
            _keep(found, "organization", body, number, {})
        terms = [one.get("taxonomy_term") for one in item.get("attributes") or [] if isinstance(one, dict)]
        found.tables[kind][-1]["_terms"] = " ".join(
            str(term.get("name") or "") for term in terms if isinstance(term, dict)
        )
