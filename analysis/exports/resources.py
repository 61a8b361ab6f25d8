"""The data files of a package, each with the entry that describes it."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from analysis import Answer
from analysis.errors import LttError
from analysis.exports.about import about_lines, dictionary_frame, facts
from analysis.exports.context import ExportContext
from analysis.exports.formats.csv_file import csv_bytes
from analysis.exports.formats.geojson_file import geojson_bytes
from analysis.exports.formats.parquet_file import parquet_bytes
from analysis.exports.formats.xlsx_file import sheet_names, xlsx_bytes
from analysis.exports.tables import ExportTable
from analysis.exports.words import REPORTED, RESTRICTED, SYNTHETIC

_MEDIA_TYPES = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "parquet": "application/vnd.apache.parquet",
    "geojson": "application/geo+json",
}
_BINARY = ("xlsx", "parquet")


@dataclass(frozen=True)
class Resource:
    """One file of a package: its name, bytes, one-line meaning, and entry in ``datapackage.json``."""

    path: str
    content: bytes
    meaning: str
    descriptor: dict[str, object]


def data_resources(
    answers: Sequence[Answer], tables: Sequence[ExportTable], context: ExportContext, kind: str
) -> list[Resource]:
    """Return the data files of one kind: one a table, or one workbook for all.

    Parameters
    ----------
    answers, tables : sequences of the same length
        Answers and their tables.
    context : ExportContext
        Facts of the release.
    kind : str
        ``csv``, ``xlsx``, ``parquet`` or ``geojson``. GeoJSON brings the CSV too, because boundaries carry
        values and markers but no intervals.

    Raises
    ------
    LttError
        When GeoJSON is asked of a table without areas or without boundaries.
    """
    if kind == "xlsx":
        return _workbook(answers, tables, context)
    resources = []
    for answer, table in zip(answers, tables, strict=True):
        if kind == "parquet":
            content = parquet_bytes(table.frame, facts(answer, context))
            # As a file: Frictionless reads Parquet through pandas, where a whole-number column with a gap
            # turns into decimals. Hash and size are still checked, and the schema is still there to read.
            extra = {**_schema(table), "type": "file"}
            resources.append(_resource(f"{table.name}.parquet", content, table.title, extra))
            continue
        if kind == "geojson":
            resources.append(_boundaries(table, context))
        resources.append(_resource(f"{table.name}.csv", csv_bytes(table.frame), table.title, _schema(table)))
    return resources


def dictionary_resource(tables: Sequence[ExportTable], context: ExportContext) -> Resource:
    """Return ``dictionary.csv``."""
    frame = dictionary_frame(tables, context)
    fields = [{"name": name, "type": "string"} for name in frame.columns]
    extra = {"type": "table", "schema": {"fields": fields, "missingValues": [""]}}
    return _resource("dictionary.csv", csv_bytes(frame), "What each column and code means.", extra)


def _boundaries(table: ExportTable, context: ExportContext) -> Resource:
    if "area" not in table.frame.columns or context.shapes is None or context.shapes.is_empty():
        raise LttError("GeoJSON needs a table by area, and boundaries.", "Add the area, or choose CSV.")
    notice = " ".join([RESTRICTED] * context.is_restricted + [SYNTHETIC] * context.synthetic + [REPORTED])
    content = geojson_bytes(table, context.shapes, notice)
    meaning = "Boundaries with the same values; join to the CSV by area."
    return _resource(f"{table.name}.geojson", content, meaning, {"type": "file"})


def _workbook(
    answers: Sequence[Answer], tables: Sequence[ExportTable], context: ExportContext
) -> list[Resource]:
    stamp = RESTRICTED if context.is_restricted else ""
    content = xlsx_bytes(tables, dictionary_frame(tables, context), about_lines(answers, context), stamp)
    return [
        _resource(
            f"{tables[0].name}.xlsx",
            content,
            table.title,
            {**_schema(table), "dialect": {"excel": {"sheet": sheet}}},
            name=f"{table.name}-sheet",
        )
        for table, sheet in zip(tables, sheet_names(tables), strict=True)
    ]


def _schema(table: ExportTable) -> dict[str, object]:
    return {"type": "table", "schema": {"fields": list(table.fields), "missingValues": [""]}}


def _resource(
    path: str, content: bytes, meaning: str, extra: Mapping[str, object], name: str = ""
) -> Resource:
    kind = path.rsplit(".", 1)[1]
    descriptor: dict[str, object] = {
        "name": (name or path).replace(".", "-").replace("_", "-"),
        "title": meaning,
        "path": path,
        "format": kind,
        "mediatype": _MEDIA_TYPES[kind],
        **({} if kind in _BINARY else {"encoding": "utf-8"}),
        "bytes": len(content),
        "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
        **extra,
    }
    return Resource(path, content, meaning, descriptor)
