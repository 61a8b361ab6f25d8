"""Answers as one zip that validates as a Frictionless data package."""

import json
import re
from collections.abc import Sequence

from analysis import Answer
from analysis.errors import LttError
from analysis.exports.about import filters_sentence, readme_text
from analysis.exports.archive import zip_bytes
from analysis.exports.context import ExportContext
from analysis.exports.descriptor import descriptor
from analysis.exports.resources import data_resources, dictionary_resource
from analysis.exports.tables import export_tables
from analysis.release.export_log import record_export

#: What a reader can choose, with its name on screen.
KINDS = {"csv": "CSV", "xlsx": "Excel (XLSX)", "parquet": "Parquet", "geojson": "GeoJSON"}


def export_name(answers: Sequence[Answer], context: ExportContext, kind: str) -> str:
    """Return the file name of the zip, for example ``people_identified_larkfield_1f3c_csv.zip``."""
    parts = [answers[0].measure.code, context.place, context.as_of, context.release_id, kind]
    name = re.sub(r"[^a-z0-9]+", "_", " ".join(parts).lower()).strip("_")
    return f"{'RESTRICTED_' if context.is_restricted else ''}{name}.zip"


def deliver(answers: Sequence[Answer], context: ExportContext, kind: str) -> bytes:
    """Return the zip for a reader; an export of the restricted release is logged first.

    Parameters
    ----------
    answers, context, kind
        As `data_package`.

    Raises
    ------
    LttError
        As `data_package`; and when a restricted export cannot be logged.
    """
    content = data_package(answers, context, kind)
    if context.is_restricted:
        sentence = " ".join(filters_sentence(answer, context) for answer in answers)
        record_export(context.release_id, export_name(answers, context, kind), content, sentence)
    return content


def data_package(answers: Sequence[Answer], context: ExportContext, kind: str) -> bytes:
    """Return a zip with the data, ``dictionary.csv``, ``datapackage.json`` and ``README.txt``.

    Parameters
    ----------
    answers : sequence of Answer
        At least one.
    context : ExportContext
        Facts of the release, labels, and boundaries for GeoJSON.
    kind : str
        One of `KINDS`.

    Returns
    -------
    bytes
        Equal bytes for equal answers.

    Raises
    ------
    LttError
        When the kind is unknown, or GeoJSON is asked of a table without areas or boundaries.
    """
    if kind not in KINDS:
        raise LttError(f"'{kind}' is not an export format.", f"Choose one of: {', '.join(KINDS)}.")
    tables = export_tables(answers, context)
    resources = [
        *data_resources(answers, tables, context, kind),
        dictionary_resource(tables, context),
    ]
    listed = [(resource.path, resource.meaning) for resource in resources]
    listed += [("datapackage.json", "The same for programs, with hashes.")]
    entry = json.dumps(descriptor(answers, resources, context), ensure_ascii=False, indent=2)
    return zip_bytes(
        {
            "README.txt": readme_text(answers, context, listed).encode(),
            "datapackage.json": entry.encode(),
            **{resource.path: resource.content for resource in resources},
        }
    )
