"""Case sheets in IOM's Human Trafficking Case Data Standard 2.0: the Excel templates, CSV, survey exports.

The standard has direct identifiers; a sheet that fills them in is refused. What is kept: period, area, the
month of entry (where a survey's server or a column of the mapping says it), gender, age, citizenship, status,
kind of organisation, forms, control and recruitment methods, sector and vulnerabilities. A mapping file is
optional; several contributors each need one with a ``source`` of their own.
"""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl

from analysis.errors import echo
from etl.contracts.batch import Batch
from etl.contracts.countries import alpha2
from etl.contracts.parse import period as parse_period
from etl.errors import EtlError
from etl.incoming import Incoming, ReadOptions, SourceInfo
from etl.ledger import CONSENT
from etl.lines import LINE
from etl.mapping.cells.dates import ALLOWED, pattern, to_iso
from etl.mapping.keys import HEADINGS, read_mapping
from etl.protect.anonymise import refuse_identifiers
from etl.readers import read as read_file
from etl.readers import tidy
from etl.readers.peek import first_rows
from etl.readers.workbook import KEPT_DIGITS
from etl.sources._catalogued import describe, key
from etl.sources.records._htcds_codes import FIELDS, LISTS, SERVER_COLUMNS, VOCABULARIES, codes_in
from etl.sources.records._htcds_headers import Sheet, find_fields, is_header

NAME = "htcds"
SUMMARY = "case sheets in IOM's Human Trafficking Case Data Standard 2.0 (Excel, CSV, Kobo export)"
_COLUMNS = {
    "period_column": "period",
    "entered_column": "entered",
    "area_column": "area",
    "reference_column": "person_ref",
}
_CODES = ("source", "collection", "geography", "person_scheme")
_TEXTS = ("label", "collection_label", "sheet", "date_format", "period", *_COLUMNS)
_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")
_CONSENT_NO = ("false", "no", "n", "0")
_LONGEST_UNDECLARED_MONTHS = 36


def recognises(path: Path) -> bool:
    """Tell by its first rows whether a text file or a workbook is one of these."""
    return any(is_header(row) for row in first_rows(path))


def read(path: Path, options: ReadOptions) -> Incoming:
    """Read one sheet.

    Raises
    ------
    EtlError
        When it has no field of the standard, no date, or columns that identify people.
    """
    mapping = _mapping(options)
    reading = read_file(path, sheet=mapping.get("sheet"), header_rows=1)
    sheet = find_fields(reading.frame)
    sheet = replace(sheet, fields=sheet.fields | _stated(sheet.frame, mapping, path))
    if sheet.frame.is_empty():
        raise EtlError(f"{path.name}: the sheet has no rows yet.", "Fill it in, then run the command again.")
    if not set(sheet.fields) & {"gender", "status", *LISTS} and not sheet.ticks:
        raise EtlError(
            f"{path.name}: no field of the Human Trafficking Case Data Standard is there.",
            "For another layout use --source own with a mapping (python -m etl template person).",
        )
    _refuse_rounded(path, sheet, mapping)
    if "period" not in sheet.fields:
        raise EtlError(
            f"{path.name}: there is no date: one of {', '.join(FIELDS['period'][::2])}.",
            'Name the column of the date in a mapping file: period_column = "…"',
        )
    _refuse(sheet, path, mapping)
    frame, without_consent = _consenting(sheet)
    people = _people(frame, sheet, mapping)
    first, last = _span(people, mapping, options, path)
    # The template has names and labels one above the other: the second of them came as a row.
    ledger, above = reading.ledger, reading.frame.height - sheet.frame.height
    return Incoming(
        source=_source(mapping, options),
        batches=(Batch.of("person", people),),
        period_from=first,
        period_to=last,
        ledger=replace(ledger, headings=ledger.headings + above).without(CONSENT, without_consent),
        notes=reading.notes,
    )


def _mapping(options: ReadOptions) -> dict[str, Any]:
    """Return what a mapping states: texts, and the list of columns to drop."""
    keys = read_mapping(options.mapping, NAME)
    texts = {name: keys.code(name, "") for name in _CODES} | {name: keys.text(name, "") for name in _TEXTS}
    drop = keys.texts("drop", ())
    told = keys.table(HEADINGS, {})
    for meaning in told.values:
        if meaning not in FIELDS:
            raise told.not_allowed(meaning, meaning, FIELDS)
    headings = {meaning: tidy(told.text(meaning)) for meaning in told.values}
    keys.finish()
    first, _, last = texts["period"].partition("..")
    if first and not (_MONTH.fullmatch(first) and _MONTH.fullmatch(last or first)):
        raise keys.fail("period", echo(texts["period"]), 'first and last month, such as "2025-01..2025-03"')
    if texts["date_format"] and pattern(texts["date_format"]) is None:
        raise keys.fail("date_format", echo(texts["date_format"]), ALLOWED)
    return {name: text for name, text in texts.items() if text} | {"drop": list(drop), HEADINGS: headings}


def _stated(frame: pl.DataFrame, mapping: dict[str, Any], path: Path) -> dict[str, str]:
    stated = {meaning: str(mapping[name]) for name, meaning in _COLUMNS.items() if name in mapping}
    stated |= mapping[HEADINGS]
    absent = [name for name in stated.values() if name not in frame.columns]
    if absent:
        raise EtlError(f"{path.name}: there is no column '{absent[0]}'.", "Correct it in the mapping file.")
    return stated


def _refuse_rounded(path: Path, sheet: Sheet, mapping: dict[str, Any]) -> None:
    """Refuse a workbook that holds long references as numbers; the field is known once it has been read."""
    column = sheet.fields.get("person_ref")
    if column and (sheet.frame[column].str.len_chars() > KEPT_DIGITS).any():
        read_file(path, sheet=mapping.get("sheet"), header_rows=1, references=(column,))


def _refuse(sheet: Sheet, path: Path, mapping: dict[str, Any]) -> None:
    """Refuse filled identifiers: every column is looked at, also those that would not be kept."""
    given = sheet.fields.get
    dates = [name for name in sheet.frame.columns if "date" in key(name) and "birth" not in key(name)]
    servers = {key(name) for name in SERVER_COLUMNS}
    own = [name for name in sheet.frame.columns if key(name.rsplit("/", 1)[-1]) in servers]
    refuse_identifiers(
        sheet.frame,
        path.name,
        drop=[*own, *sheet.ticks, *mapping.get("drop", [])],
        references=[name for name in (given("person_ref"),) if name],
        areas=[name for name in (given("area"),) if name],
        dates=[*dates, *(name for name in (given("period"), given("entered")) if name)],
    )


def _consenting(sheet: Sheet) -> tuple[pl.DataFrame, int]:
    """Leave out people who said no to the use of their data; a blank is not a no."""
    column = sheet.fields.get("consent")
    if column is None:
        return sheet.frame, 0
    agreed = ~pl.col(column).str.to_lowercase().is_in(_CONSENT_NO).fill_null(False)
    kept = sheet.frame.filter(agreed)
    return kept, sheet.frame.height - kept.height


def _people(frame: pl.DataFrame, sheet: Sheet, mapping: dict[str, Any]) -> pl.DataFrame:
    fields = sheet.fields
    formats = (str(mapping["date_format"]),) if "date_format" in mapping else ()
    columns: list[pl.Expr] = [pl.col(LINE)]
    for name in ("period", "entered"):
        if name in fields:
            day = pl.col(fields[name]).str.replace(r"^(\d{4}-\d{2}-\d{2})[T ].*$", "$1")
            columns.append(to_iso(day, formats).alias(name))
    columns += [pl.col(fields[name]).alias(name) for name in ("person_ref", "area") if name in fields]
    columns += _ages(fields)
    if "citizenship" in fields:
        country = pl.col(fields["citizenship"]).map_elements(first_country, return_dtype=pl.String)
        columns.append(country.alias("citizenship"))
    for name in ("gender", "status", "identified_by"):
        if name in fields:
            columns.append(_one(fields[name], VOCABULARIES[name]).alias(name))
    for name in LISTS:
        ticked = {column: code for column, (of, code) in sheet.ticks.items() if of == name}
        if name in fields:
            columns.append(_several(fields[name], VOCABULARIES[name]).alias(name))
        elif ticked:
            columns.append(_ticked(ticked).alias(name))
    return frame.select(columns)


def _ages(fields: dict[str, str]) -> list[pl.Expr]:
    """Return the age in years and, where only that is known, whether the person was a child or an adult."""
    found, groups = [], [_group(fields["age_group"])] if "age_group" in fields else []
    if "age" in fields:
        years, words = pl.col(fields["age"]).str.replace(r"\.0+$", ""), _group(fields["age"])
        is_group = words.is_in(list(VOCABULARIES["age_group"].values()))
        found.append(pl.when(~is_group).then(years).alias("age"))
        groups.append(pl.when(is_group).then(words))
    return [*found, pl.coalesce(groups).alias("age_group")] if groups else found


def _group(column: str) -> pl.Expr:
    vocabulary = VOCABULARIES["age_group"]

    def code(cell: str) -> str:
        sign = cell.replace(" ", "")
        return vocabulary.get(sign) or vocabulary.get(key(cell), cell)

    return pl.col(column).map_elements(code, return_dtype=pl.String)


def first_country(cell: str) -> str:
    """Return the first of several citizenships; a cell that is one country, or none, stays as it is."""
    if alpha2(cell):
        return cell
    return next((part for part in re.split(r"[;,|\s]+", cell) if alpha2(part)), cell)


def _one(column: str, vocabulary: dict[str, str]) -> pl.Expr:
    return pl.col(column).map_elements(lambda cell: vocabulary.get(key(cell), cell), return_dtype=pl.String)


def _several(column: str, vocabulary: dict[str, str]) -> pl.Expr:
    return pl.col(column).map_elements(
        lambda cell: codes_in(cell, vocabulary), return_dtype=pl.List(pl.String)
    )


def _ticked(ticked: dict[str, str]) -> pl.Expr:
    """Return the codes whose own column of a survey export is ticked."""
    nothing = pl.lit([], dtype=pl.List(pl.String))
    parts = [
        pl.when(pl.col(column).str.to_lowercase().is_in(["1", "1.0", "true", "yes"]))
        .then(pl.lit([code]))
        .otherwise(nothing)
        for column, code in ticked.items()
    ]
    return pl.concat_list(parts).list.unique(maintain_order=True)


def _span(people: pl.DataFrame, mapping: dict[str, Any], options: ReadOptions, path: Path) -> tuple[str, str]:
    """Return the months the sheet speaks for: the mapping's, else from its first to its last record."""
    if "period" in mapping:
        first, _, last = str(mapping["period"]).partition("..")
        return first, last or first
    starts = people.select(parse_period(pl.col("period"))[0]["start"].alias("start"))["start"].drop_nulls()
    starts = starts.filter(starts <= options.as_of)
    if starts.is_empty():
        return "", ""
    known = starts.dt.strftime("%Y-%m").sort()
    first, last = str(known[0]), str(known[-1])
    months = (int(last[:4]) - int(first[:4])) * 12 + int(last[5:]) - int(first[5:]) + 1
    if months > _LONGEST_UNDECLARED_MONTHS:
        raise EtlError(
            f"{path.name}: the dates span {months} months; a mistyped year would look the same.",
            'Say in a mapping file which months it covers: period = "2020-01..2025-03"',
        )
    return first, last


def _source(mapping: dict[str, Any], options: ReadOptions) -> SourceInfo:
    source = str(mapping.get("source", NAME))
    described = describe(
        NAME,
        source_id=source,
        label=str(mapping.get("label", "")),
        collection=str(mapping.get("collection", source)),
        collection_label=str(mapping.get("collection_label", "")),
        geography=str(mapping.get("geography", options.geography)),
        unit="people",
    )
    return replace(described, person_scheme=str(mapping.get("person_scheme", "")))
