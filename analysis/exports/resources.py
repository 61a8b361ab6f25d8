"""The files of a package, each with the entry that describes it."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from analysis.exports.about import dictionary_frame
from analysis.exports.beside.documents import documents
from analysis.exports.formats.csv_file import csv_bytes
from analysis.exports.formats.format import Contents, DataFile, Format
from analysis.exports.formats.registry import FORMATS
from analysis.exports.tables import ExportTable


@dataclass(frozen=True)
class Resource:
    """One file of a package: its name, bytes, one-line meaning, and entry in ``datapackage.json``."""

    path: str
    content: bytes
    meaning: str
    descriptor: dict[str, object]


def resources(contents: Contents, forms: Iterable[Format]) -> list[Resource]:
    """Return the data files of some formats, ``dictionary.csv``, then the documents beside them.

    Raises
    ------
    LttError
        As a format's `write`: when GeoJSON is asked of a table without areas or without boundaries.
    """
    data = [file for form in forms for file in form.write(contents)]
    beside = documents(contents.items, contents.context)
    # GeoJSON brings the CSV along, which may be there already.
    files = {(file.path, file.name): file for file in (*data, dictionary_of(contents.tables), *beside)}
    return [resource_of(file) for file in files.values()]


def dictionary_of(tables: Sequence[ExportTable]) -> DataFile:
    """Return ``dictionary.csv`` of some tables."""
    frame = dictionary_frame(tables)
    fields = [{"name": name, "type": "string"} for name in frame.columns]
    entry = {"type": "table", "schema": {"fields": fields, "missingValues": [""]}}
    return DataFile("dictionary.csv", csv_bytes(frame), "What each column and code means.", entry)


def resource_of(file: DataFile) -> Resource:
    """Return a file with its entry in ``datapackage.json``."""
    ending = file.path.rsplit(".", 1)[1]
    form = FORMATS.get(ending)
    is_binary = form is not None and form.is_binary
    descriptor: dict[str, object] = {
        "name": (file.name or file.path).replace(".", "-").replace("_", "-").lower(),
        "title": file.meaning,
        "path": file.path,
        "format": ending,
        "mediatype": file.media_type or (form.media_type if form else ""),
        **({} if is_binary else {"encoding": "utf-8"}),
        "bytes": len(file.content),
        "hash": f"sha256:{hashlib.sha256(file.content).hexdigest()}",
        **file.described,
    }
    return Resource(file.path, file.content, file.meaning, descriptor)
