"""Answers as one zip that validates as a Frictionless data package, or as a single file."""

import json
from collections.abc import Sequence
from pathlib import Path

from analysis.errors import LttError
from analysis.exports.about import readme_text
from analysis.exports.archive import zip_bytes
from analysis.exports.beside.reading import reading_lines
from analysis.exports.context import ExportContext, ExportItem
from analysis.exports.descriptor import descriptor
from analysis.exports.formats.format import Contents, Format
from analysis.exports.formats.registry import FORMATS, TOGETHER
from analysis.exports.resources import resources
from analysis.exports.scope import file_stem, filters_sentence, short_name
from analysis.exports.tables import export_tables
from analysis.release.access_log import Access, record_file

#: The kind of a package that holds every format that fits its tables.
PACKAGE = "package"


def export_name(items: Sequence[ExportItem], context: ExportContext, kind: str) -> str:
    """Return the file name of the zip, such as ``people_by_year_larkfield_c1_2016_2025_1f3c_csv.zip``."""
    more = [f"and {len(items) - 1} more"] if len(items) > 1 else []
    parts = [file_stem(items[0], context), *more]
    name = f"{short_name(parts)}_{short_name([context.release_id, kind])}"
    return f"{context.name_begins}{name}.zip"


def deliver(
    items: Sequence[ExportItem],
    context: ExportContext,
    kind: str,
    file_name: str = "",
    log: Path | None = None,
) -> bytes:
    """Return the zip for a reader; one that is not public is logged first.

    Parameters
    ----------
    items, context, kind
        As `data_package`.
    file_name
        Under which it is handed over; `export_name` when empty.
    log
        Where it is logged when ``LTT_ACCESS_LOG`` names no log.

    Raises
    ------
    LttError
        As `data_package`; and when a restricted export cannot be logged.
    """
    content = data_package(items, context, kind)
    if context.is_logged:
        sentence = " ".join(filters_sentence(item, context) for item in items)
        name = file_name or export_name(items, context, kind)
        record_file(
            Access("file", context.reader, context.profile, context.release_id, name, sentence), content, log
        )
    return content


def data_package(items: Sequence[ExportItem], context: ExportContext, kind: str) -> bytes:
    """Return a zip with the data, the documents beside it, ``datapackage.json`` and ``README.txt``.

    Parameters
    ----------
    items : sequence of ExportItem
        At least one.
    context : ExportContext
        Facts of the release, labels and the reader's filters.
    kind : str
        Code of one of `FORMATS`, or `PACKAGE` for all that fit.

    Returns
    -------
    bytes
        Equal bytes for the same release, questions, filters and link, whoever asks and whenever.

    Raises
    ------
    LttError
        When the format is unknown, or GeoJSON is asked of a table without areas or boundaries.
    """
    forms, contents = _formats(kind, items), _contents(items, context)
    files = resources(contents, forms)
    listed = list(dict.fromkeys((file.path, file.meaning) for file in files))
    listed += [("datapackage.json", "The same for programs, with hashes.")]
    entry = json.dumps(descriptor(items, files, context), ensure_ascii=False, indent=2)
    reading = reading_lines(forms[0], contents.tables[0], context)
    return zip_bytes(
        {
            "README.txt": readme_text(items, context, listed, reading).encode(),
            "datapackage.json": entry.encode(),
            **{file.path: file.content for file in files},
        }
    )


def data_file(item: ExportItem, context: ExportContext, kind: str) -> bytes:
    """Return one answer as one file of a format, without the words beside it.

    Raises
    ------
    LttError
        As `data_package`.
    """
    return _format(kind).write(_contents([item], context))[0].content


def _contents(items: Sequence[ExportItem], context: ExportContext) -> Contents:
    return Contents(tuple(items), tuple(export_tables(items, context)), context)


def _formats(kind: str, items: Sequence[ExportItem]) -> list[Format]:
    if kind == PACKAGE:
        return [form for form in TOGETHER if form.fits(items)]
    return [_format(kind)]


def _format(kind: str) -> Format:
    if kind not in FORMATS:
        known = ", ".join((PACKAGE, *FORMATS))
        raise LttError(f"'{kind}' is not an export format.", f"Choose one of: {known}.")
    return FORMATS[kind]
