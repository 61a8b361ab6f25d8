"""A register of a release as a table with a schema: its own columns, and the words beside its codes.

It is wide, as the list is: a row for each agreement, law or action. The columns are those that the catalog
declares and no others, whatever the table of a release may hold.
"""

from collections.abc import Mapping

import polars as pl

from analysis.catalog.model import Catalog, lower_first
from analysis.catalog.registers import NO_LISTS, Register, RegisterColumn
from analysis.errors import LttError, echo
from analysis.exports.registers.hidden_population import estimate_register, estimate_rows, estimate_words
from analysis.exports.tables import ExportTable
from analysis.release.release import Release
from analysis.topics.hidden_population import POPULATION
from analysis.topics.laws import STATUS_WORDS

#: Laws come with the program and stand in a table of their own.
LAWS = Register(
    code="law_provision",
    label="Laws and treaties",
    description="Laws and treaties that hold in the place, by pillar, each with its citation.",
    table="law_provision",
    columns=(
        RegisterColumn("law_code", "Code"),
        RegisterColumn("short_name", "Law"),
        RegisterColumn("level", "Level"),
        RegisterColumn("jurisdiction", "Jurisdiction"),
        RegisterColumn("instrument", "Instrument"),
        RegisterColumn("adopted", "Adopted", "DATE"),
        RegisterColumn("effective", "In force from", "DATE"),
        RegisterColumn("status", "Status, as it was entered"),
        RegisterColumn("pillar", "Pillar"),
        RegisterColumn("summary", "What it says"),
        RegisterColumn("citation", "Citation"),
        RegisterColumn("url", "Address"),
    ),
    why_no_door="Laws are public.",
    pages=("partnerships",),
)
_KINDS = {"DATE": "date", "DOUBLE": "number", "BIGINT": "integer", "BOOLEAN": "boolean"}


def registers(catalog: Catalog) -> Mapping[str, Register]:
    """Return the registers that can be taken along, by code."""
    found = {code: one for code, one in catalog.registers.items() if code not in NO_LISTS}
    return found | {LAWS.code: LAWS, POPULATION: estimate_register(catalog)}


def register_table(code: str, release: Release, catalog: Catalog) -> tuple[Register, ExportTable]:
    """Return a register and its rows.

    Parameters
    ----------
    code
        One of `registers`.
    release, catalog
        Where the rows and the words for codes come from.

    Returns
    -------
    (Register, ExportTable)
        Text, numbers, dates and yes or no; a column ``…_label`` beside each code that the catalog has words
        for. The rows are in the order of the release, which is the same for the same release.

    Raises
    ------
    LttError
        For a code that is no register, and one of which nothing was loaded.
    """
    known = registers(catalog)
    if code not in known:
        raise LttError(f"{echo(code)} is no register.", f"Known: {', '.join(known)}.")
    register = known[code]
    frame = _rows(register, release)
    if frame.is_empty():
        raise LttError(
            f"There are no rows of the register '{lower_first(register.label)}' in this release.",
            "Known registers are listed by: python -m analysis register.",
        )
    columns, fields, codes = [], [], {}
    for column in register.columns:
        if column.code not in frame.columns:
            continue
        columns.append(pl.col(column.code))
        fields.append(_field(column))
        if words := _words(column, frame, release, catalog, is_estimate=code == POPULATION):
            codes[column.code] = words
            label = f"{column.code}_label"
            columns.append(pl.col(column.code).replace(words).alias(label))
            fields.append({"name": label, "type": "string", "title": f"{column.label}, in words"})
    place = f", {release.place}" if release.place else ""
    return register, ExportTable(
        name=code,
        title=f"{register.label}{place}",
        frame=frame.select(columns),
        fields=tuple(fields),
        codes=codes,
    )


def _rows(register: Register, release: Release) -> pl.DataFrame:
    if register.code == POPULATION:
        return estimate_rows(release)
    table = LAWS.table if register is LAWS else f"register_{register.code}"
    return release.table(table) if table in release.columns else pl.DataFrame()


def _field(column: RegisterColumn) -> dict[str, object]:
    return {"name": column.code, "type": _KINDS.get(column.kind, "string"), "title": column.label}


def _words(
    column: RegisterColumn, frame: pl.DataFrame, release: Release, catalog: Catalog, *, is_estimate: bool
) -> dict[str, str]:
    """Return the codes of a column that have words."""
    if column.kind != "VARCHAR":
        return {}
    held = [str(code) for code in frame[column.code].unique().drop_nulls().sort()]
    if is_estimate:
        return estimate_words(column.code, held, catalog)
    if column.holds == "area":
        names = {code: name for one in release.areas.values() for code, name in one.names.items()}
        # A service may serve several areas: their codes stand in one cell.
        worded = {cell: [names.get(code, "") for code in cell.split(",")] for cell in held}
        return {cell: "; ".join(words) for cell, words in worded.items() if all(words)}
    if column.code == "status":
        return {code: STATUS_WORDS[code] for code in held if code in STATUS_WORDS}
    if column.code not in catalog.dimensions:
        return {}
    said = {code: catalog.label_of(column.code, code) for code in held}
    return {code: words for code, words in said.items() if words != code}
