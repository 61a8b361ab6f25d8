"""A register as one zip that validates as a Frictionless data package, with the same files beside it.


The card, the interface for programs and the command line call the same function, and for the same release and
link its bytes are the same.
"""

import json
import textwrap
from collections.abc import Sequence

import polars as pl

from analysis.catalog.model import Catalog
from analysis.catalog.registers import Register
from analysis.exports.about import IN_A_SPREADSHEET, date_words, dictionary_frame
from analysis.exports.archive import zip_bytes
from analysis.exports.beside.documents import NO_LICENCE, cff, sources_file
from analysis.exports.context import ExportContext
from analysis.exports.formats.csv_file import CSV, csv_bytes
from analysis.exports.formats.format import DataFile, Format, described
from analysis.exports.formats.parquet_file import parquet_bytes
from analysis.exports.formats.xlsx_file import xlsx_bytes
from analysis.exports.from_release import export_context
from analysis.exports.registers.hidden_population import WHOLE
from analysis.exports.registers.table import register_table
from analysis.exports.resources import Resource, dictionary_of, resource_of
from analysis.exports.scope import short_name
from analysis.exports.tables import ExportTable
from analysis.exports.words import REPORTED
from analysis.program import NAME
from analysis.release.release import Release
from analysis.topics.hidden_population import POPULATION

ALL_ROWS = "All rows of the register are here, whatever filters are set on a page."
NOBODY = "No person is in this register."
_FILE = {"type": "file"}


def page_of(register: Register, base: str = "", release: str = "") -> str:
    """Return the address of the page that lists a register; empty where none does.

    Parameters
    ----------
    register
        Which.
    base, release
        As `analysis.exports.permalink.permalink`.
    """
    if not register.pages:
        return ""
    return f"{base}/{register.pages[0]}" + (f"?release={release}" if release else "")


def package_name(code: str, context: ExportContext) -> str:
    """Return the name of the zip, such as ``agreement_tarrowmere_5eefcd10ee8b_package.zip``."""
    place = context.place.partition("(")[0]
    return (
        f"{context.name_begins}{short_name([code, place])}_{short_name([context.release_id, 'package'])}.zip"
    )


def question_of(register: Register) -> str:
    """Return what was asked, for the log of looks that are not public."""
    return f"Register: {register.label}."


def register_package(
    code: str, release: Release, catalog: Catalog, link: str = ""
) -> tuple[bytes, Register, ExportContext]:
    """Return the zip of a register.

    Parameters
    ----------
    code
        One of `analysis.exports.registers.table.registers`.
    release, catalog
        Where its rows and words come from.
    link
        Address of the page that lists it; that of its page without a host when empty.

    Returns
    -------
    (bytes, Register, ExportContext)
        CSV, Parquet, XLSX, and the documents beside them; equal bytes for the same release and link.

    Raises
    ------
    LttError
        As `register_table`.
    """
    register, table = register_table(code, release, catalog)
    context = export_context(release, catalog, link=link or page_of(register))
    about = _about(register, table, context)
    files = [
        resource_of(file) for file in (*_data(table, about, context), *_beside(register, table, context))
    ]
    listed = [(file.path, file.meaning) for file in files]
    listed.append(("datapackage.json", "The same for programs, with hashes."))
    entry = json.dumps(_descriptor(register, files, context), ensure_ascii=False, indent=2)
    content = zip_bytes(
        {
            "README.txt": _readme(table, about, listed).encode(),
            "datapackage.json": entry.encode(),
            **{file.path: file.content for file in files},
        }
    )
    return content, register, context


def _data(table: ExportTable, about: Sequence[str], context: ExportContext) -> list[DataFile]:
    plain = _as_text(table)
    workbook = xlsx_bytes([plain], dictionary_frame([plain]), about, context.stamp)
    facts = {"title": table.title, "release_id": context.release_id, "as_of": context.as_of}
    facts |= {"citation": _citation(table, context), "about": " ".join(_notices(context))}
    columns = described(table)
    return [
        DataFile(f"{table.name}.csv", csv_bytes(plain.frame), table.title, columns),
        # As a file: see `analysis.exports.formats.parquet_file`.
        DataFile(
            f"{table.name}.parquet", parquet_bytes(table.frame, facts), table.title, {**columns, **_FILE}
        ),
        DataFile(
            f"{table.name}.xlsx",
            workbook,
            table.title,
            {**columns, "dialect": {"excel": {"sheet": "Data"}}},
            name=f"{table.name}-sheet",
        ),
    ]


def _as_text(table: ExportTable) -> ExportTable:
    """Return a table whose days and yes or no are text, as every program reads them: 2024-03-01, true."""
    days = [pl.col(pl.Date).dt.to_string("%Y-%m-%d"), pl.col(pl.Boolean).cast(pl.String)]
    return ExportTable(
        table.name, table.title, table.frame.with_columns(days), table.fields, codes=table.codes
    )


def _beside(register: Register, table: ExportTable, context: ExportContext) -> list[DataFile]:
    filters = {
        "release": context.release_id,
        "profile": context.profile,
        "register": register.code,
        "chosen": {},
        "permalink": context.link_words,
        "words": _whole(register),
    }
    cited = _source(register, context)
    texts = (
        (
            "filters.json",
            json.dumps(filters, ensure_ascii=False, indent=1) + "\n",
            "What was asked, for programs, and the page that shows it.",
            "application/json",
        ),
        (
            "CITATION.cff",
            cff(table.title, [context.place or NAME], _citation(table, context), context),
            "How to cite it, for programs.",
            "text/yaml",
        ),
        ("LICENCE.txt", _licence(context), "On which terms it may be used.", "text/plain"),
    )
    documents = [
        DataFile(path, words.encode(), meaning, _FILE, media_type=kind)
        for path, words, meaning, kind in texts
    ]
    row = {"title": cited, "publisher": context.place, "release": context.release_id}
    return [dictionary_of([table]), sources_file([row]), *documents]


def _whole(register: Register) -> str:
    """Return that what is on a page does not limit the rows."""
    return WHOLE if register.code == POPULATION else ALL_ROWS


def _source(register: Register, context: ExportContext) -> str:
    return f"{register.label} of {context.place or 'the task force'}, as of {date_words(context.as_of)}"


def _citation(table: ExportTable, context: ExportContext) -> str:
    parts = [
        f"{context.place or NAME}: {table.title}",
        f"{NAME}, release {context.release_id}, as of {date_words(context.as_of)}",
    ]
    return ". ".join([*parts, *filter(None, (context.public_link,))]) + "."


def _licence(context: ExportContext) -> str:
    lines = [f"{NO_LICENCE}{f': {context.contact}' if context.contact else ''}."]
    return "\n".join([*lines, *filter(None, (context.stamp,))]) + "\n"


def _notices(context: ExportContext) -> list[str]:
    return [*filter(None, (context.stamp, context.origin))]


def _about(register: Register, table: ExportTable, context: ExportContext) -> list[str]:
    of_persons = register.code == POPULATION
    lines = [*_notices(context), *([REPORTED] if of_persons else [])]
    lines += [register.why_no_door if of_persons else NOBODY, register.description, _whole(register)]
    lines += [f"{table.frame.height:,} rows. As of {date_words(context.as_of)}."]
    lines += [f"Source: {_source(register, context)}.", f"Cite as: {_citation(table, context)}"]
    lines += [f"Release {context.release_id}, {context.profile}, as of {context.as_of}."]
    lines += [f"The same on screen: {context.link_words}"] if context.link_words else []
    return lines + ([f"Contact: {context.contact}"] if context.contact else [])


def _readme(table: ExportTable, about: Sequence[str], files: Sequence[tuple[str, str]]) -> str:
    lines = [table.title, "", *about, "", "Files:", *(f"  {name}  {meaning}" for name, meaning in files)]
    lines += ["", IN_A_SPREADSHEET]
    wrapped = [textwrap.fill(line, 90, subsequent_indent="    ", break_long_words=False) for line in lines]
    wrapped += _reading(CSV, table)
    return "\r\n".join(wrapped) + "\r\n"


def _reading(form: Format, table: ExportTable) -> list[str]:
    opened = form.reading(_as_text(table))
    return [
        *("", "Read it in Python:", *opened.python, "print(data.head())"),
        *("", "Read it in R:", *opened.r, "print(head(data))"),
    ]


def _descriptor(register: Register, files: Sequence[Resource], context: ExportContext) -> dict[str, object]:
    package: dict[str, object] = {
        "name": f"{register.code}-{context.release_id}".replace("_", "-").lower(),
        "title": register.label,
        "description": f"{register.description} {_whole(register)}",
        "version": context.release_id,
        "sources": [{"title": _source(register, context)}],
        "as_of": context.as_of,
        "release": {"id": context.release_id, "profile": context.profile, "program": context.version},
        "synthetic": context.synthetic,
        "resources": [file.descriptor for file in files],
    }
    package |= {"homepage": context.public_link} if context.public_link else {}
    return package | ({"restricted": context.stamp} if context.stamp else {})
