"""The files of a package, each with the entry that describes it."""

import hashlib
from dataclasses import dataclass

from analysis.exports.about import dictionary_frame
from analysis.exports.formats.csv_file import csv_bytes
from analysis.exports.formats.format import Contents, DataFile
from analysis.exports.formats.registry import FORMATS


@dataclass(frozen=True)
class Resource:
    """One file of a package: its name, bytes, one-line meaning, and entry in ``datapackage.json``."""

    path: str
    content: bytes
    meaning: str
    descriptor: dict[str, object]


def resources(contents: Contents, kind: str) -> list[Resource]:
    """Return the data files of one format, then ``dictionary.csv``.

    Raises
    ------
    LttError
        As the format's `write`: when GeoJSON is asked of a table without areas or without boundaries.
    """
    return [_resource(file) for file in (*FORMATS[kind].write(contents), _dictionary(contents))]


def _dictionary(contents: Contents) -> DataFile:
    frame = dictionary_frame(contents.tables)
    fields = [{"name": name, "type": "string"} for name in frame.columns]
    entry = {"type": "table", "schema": {"fields": fields, "missingValues": [""]}}
    return DataFile("dictionary.csv", csv_bytes(frame), "What each column and code means.", entry)


def _resource(file: DataFile) -> Resource:
    form = FORMATS[file.path.rsplit(".", 1)[1]]
    descriptor: dict[str, object] = {
        "name": (file.name or file.path).replace(".", "-").replace("_", "-"),
        "title": file.meaning,
        "path": file.path,
        "format": form.code,
        "mediatype": form.media_type,
        **({} if form.is_binary else {"encoding": "utf-8"}),
        "bytes": len(file.content),
        "hash": f"sha256:{hashlib.sha256(file.content).hexdigest()}",
        **file.described,
    }
    return Resource(file.path, file.content, file.meaning, descriptor)
