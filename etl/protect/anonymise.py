"""What happens to records before anything is stored: refuse, hash, coarsen."""

import hashlib
import hmac
from collections.abc import Collection, Mapping

import duckdb
import polars as pl

from analysis.catalog.load import load_catalog
from etl.contracts.by_distinct import different, distinct, is_encoded
from etl.contracts.countries import group_by_alpha2
from etl.contracts.parse import folded_column
from etl.contracts.tables import Contract
from etl.errors import EtlError
from etl.lines import LINE
from etl.protect.identifiers import (
    WORDS,
    Finding,
    contact_in,
    is_categories,
    is_flags,
    rule_of_content,
    rule_of_name,
)
from etl.protect.people_in_columns import rule_of_people
from etl.readers.headings import show_name, show_names

NOT_RECORDED = "not_recorded"
_KEY_LENGTH = 32  # hex digits: 128 bits
_FEW_REFERENCES = 5_000
_BLOCK = 64  # bytes of a block of SHA-256


def find_identifiers(
    frame: pl.DataFrame,
    *,
    drop: Collection[str] = (),
    references: Collection[str] = (),
    areas: Collection[str] = (),
    organisations: Collection[str] = (),
    dates: Collection[str] = (),
    listed: Mapping[str, Collection[str]] | None = None,
) -> tuple[Finding, ...]:
    """Find columns that identify people, by name and by content.

    Parameters
    ----------
    frame
        Text columns as read from a file.
    drop
        Columns that are dropped by order and never kept.
    references
        Columns hashed at once: may hold a register's own numbers and codes, yet no names, no mail and no
        numbers that others know a person by (`etl.protect.people_in_columns`).
    areas
        Columns that become an area: may hold postcodes and area codes.
    organisations
        Columns that name organisations, which may be called after people.
    dates
        Columns of dates that become a month or a number of days.
    listed
        Values of a column that a mapping lists by hand; they are not looked at.

    Returns
    -------
    tuple of Finding
        One for each column, none when the frame is clean. A column without data is never refused.
    """
    findings = []
    for name in frame.columns:
        column = frame[name]
        if name == LINE or name in drop or not (column.dtype == pl.String or is_encoded(column)):
            continue
        filled = column.len() - column.null_count()
        if not filled:
            continue
        # Millions of references keep the order of the file: to sort them took longer than to look at them.
        values = distinct(column).sort() if is_encoded(column) else different(column)
        rule = rule_of_name(name)
        if rule and _holds_nothing_personal(rule, values, filled, is_area=name in areas):
            rule = None
        if rule:
            findings.append(Finding(name, "free_text" if rule == "free_text_maybe" else rule, "name"))
            continue
        known = list((listed or {}).get(name, ()))
        unknown = values.filter(~values.is_in(known)) if known else values
        skip = _skipped(name, references=references, areas=areas, dates=dates)
        rule = rule_of_content(unknown, filled, skip=skip) or rule_of_people(
            unknown, skip=_not_of_people(name, areas=areas, dates=dates, organisations=organisations)
        )
        if rule:
            findings.append(Finding(name, rule, "content"))
    return tuple(findings)


def _holds_nothing_personal(rule: str, values: pl.Series, rows: int, *, is_area: bool) -> bool:
    """Tell whether a suspicious name is harmless: yes/no marks, a few categories, the postcode of an area."""
    if is_flags(values):
        return True
    if rule == "free_text_maybe":
        return is_categories(values, rows)
    return rule == "postcode" and is_area


def _skipped(
    name: str, *, references: Collection[str], areas: Collection[str], dates: Collection[str]
) -> frozenset[str]:
    if name in references:
        return frozenset({"phone", "document_number", "coordinates", "exact_date", "postcode"})
    if name in areas:
        return frozenset({"phone", "document_number", "postcode"})
    return frozenset({"exact_date", "document_number"}) if name in dates else frozenset()


def _not_of_people(
    name: str, *, areas: Collection[str], dates: Collection[str], organisations: Collection[str]
) -> frozenset[str]:
    """Return which rules about people say nothing: places and organisations are called after people."""
    if name in areas or name in organisations:
        return frozenset({"person_name"})
    return frozenset({"document_number", "birth_date"}) if name in dates else frozenset()


def refuse_identifiers(
    frame: pl.DataFrame,
    file_name: str,
    *,
    drop: Collection[str] = (),
    references: Collection[str] = (),
    areas: Collection[str] = (),
    organisations: Collection[str] = (),
    dates: Collection[str] = (),
    listed: Mapping[str, Collection[str]] | None = None,
) -> None:
    """Stop when a column identifies people; see :func:`find_identifiers` for the parameters.

    Raises
    ------
    EtlError
        Names every such column and the rule, never a value.
    """
    findings = find_identifiers(
        frame,
        drop=drop,
        references=references,
        areas=areas,
        organisations=organisations,
        dates=dates,
        listed=listed,
    )
    if not findings:
        return
    known = {*drop, *references, *areas, *organisations, *dates, *(listed or {})}
    named = [show_names([f.column], frame, known) for f in findings]
    shown = "; ".join(
        f"{name} ({WORDS[f.rule]}, told by its {f.how})" for name, f in zip(named, findings, strict=True)
    )
    names = ", ".join(f'"{name[1:-1]}"' for name in named)
    raise EtlError(
        f"{file_name}: refused, because columns identify people: {shown}. Nothing was stored.",
        f"Delete them from the file, or have them never kept by a line in the mapping: drop = [{names}]",
    )


def refuse_contact_details(table: Contract, frame: pl.DataFrame, file_name: str) -> None:
    """Stop when a table that may be published row by row holds a way to reach a person or a house.

    Registers of organisations, agreements, grants and events leave the restricted zone with their words.
    Names of organisations and places are public; mail, phones, streets and coordinates never pass.

    Parameters
    ----------
    table
        The contract; its columns of free words are looked at, whatever route they came by.
    frame
        Canonical columns as text.
    file_name
        For the message.

    Raises
    ------
    EtlError
        Names every such column and the rule, never a value.
    """
    worded = [one.name for one in table.columns if one.kind == "text" and one.name in frame.columns]
    found = {name: contact_in(frame[name].cast(pl.String)) for name in worded}
    broken = {name: rule for name, rule in found.items() if rule}
    if broken:
        said = "; ".join(f"'{show_name(name)}' ({WORDS[rule]})" for name, rule in broken.items())
        raise EtlError(
            f"{file_name}: refused, because rows of '{table.name}' are published as they are and hold "
            f"{said}. Nothing was stored.",
            "Take them out of the file: a register names organisations and places, never how to reach "
            "a person or find a house.",
        )


def person_key(secret: bytes, scheme: str, ref: str) -> str:
    """Return the keyed hash of a reference (HMAC-SHA-256, first 128 bits, hexadecimal).

    Parameters
    ----------
    secret
        Key that lies outside the warehouse; never logged.
    scheme
        Whose numbering the reference follows: the same reference under two schemes gives two keys.
    ref
        Raw reference. Letter case, accents' encoding and blanks around it do not matter.
    """
    message = _message(scheme, pl.Series([ref], dtype=pl.String))[0].encode()
    return hmac.digest(secret, message, "sha256").hex()[:_KEY_LENGTH]


def _message(scheme: str, refs: pl.Series) -> pl.Series:
    """Return what is hashed: the scheme and the reference without capitals and doubled blanks."""
    return (f"{scheme}|" + folded_column(refs)).alias("message")


def keys(secret: bytes, scheme: str, refs: pl.Series) -> pl.Series:
    """Return :func:`person_key` of each reference; null stays null.

    Notes
    -----
    HMAC (RFC 2104) spelt out for DuckDB, which hashes a million references at once on all cores:
    ``sha256(outer key || sha256(inner key || message))``. A test compares the two. A few are hashed one by
    one, because opening a database takes longer.
    """
    messages = _message(scheme, refs).to_frame()
    if refs.len() <= _FEW_REFERENCES:
        one_by_one = [
            None if text is None else hmac.digest(secret, text.encode(), "sha256").hex()[:_KEY_LENGTH]
            for text in messages["message"].to_list()
        ]
        return pl.Series(refs.name, one_by_one, dtype=pl.String)
    short = hashlib.sha256(secret).digest() if len(secret) > _BLOCK else secret
    inner, outer = (bytes(byte ^ mask for byte in short.ljust(_BLOCK, b"\0")) for mask in (0x36, 0x5C))
    with duckdb.connect(":memory:") as connection:
        connection.register("messages", messages)
        hashed = connection.sql(
            "SELECT left(sha256($outer::BLOB || unhex(sha256($inner::BLOB || encode(message)))), $length) "
            "AS key FROM messages",
            params={"outer": outer, "inner": inner, "length": _KEY_LENGTH},
        ).pl()
    return hashed["key"].alias(refs.name)


def anonymise(
    table: Contract, accepted: pl.DataFrame, *, secret: bytes, scheme: str, home_country: str, file_mark: str
) -> pl.DataFrame:
    """Hash references and coarsen what could single out a person.

    Parameters
    ----------
    table
        The contract.
    accepted
        Typed rows as :func:`etl.contracts.check.check` returns them.
    secret, scheme
        See :func:`person_key`.
    home_country
        Alpha-2 code whose citizens are ``domestic``.
    file_mark
        Text that is the same for the same file (its SHA-256): a row without a reference of its own gets a key
        from it and the line.

    Returns
    -------
    polars.DataFrame
        References as ``<x>_key``; ``age`` folded into ``age_band``, ``citizenship`` into
        ``citizenship_group``; the text of the period dropped (``period_start`` stays). Tables that are not
        personal come back as they were.
    """
    frame = accepted
    for column in table.columns:
        if column.reference:
            frame = _hash(table.name, column.name, frame, secret=secret, scheme=scheme, file_mark=file_mark)
        if column.keyed:
            named = keys(secret, "organisation", frame[column.name])
            frame = frame.with_columns(named.alias(f"{column.name}_key"))
    if "age" in table.names and "age_band" in table.names:
        known = pl.col("age_band").is_not_null() & (pl.col("age_band") != NOT_RECORDED)
        frame = frame.with_columns(
            pl.when(known).then(pl.col("age_band")).otherwise(age_band(pl.col("age"))).alias("age_band")
        ).drop("age")
    if "citizenship" in table.names and "citizenship_group" in table.names:
        groups = group_by_alpha2(home_country)
        known = pl.col("citizenship_group").is_not_null() & (pl.col("citizenship_group") != NOT_RECORDED)
        group = pl.col("citizenship").replace_strict(groups, default=None, return_dtype=pl.String)
        frame = frame.with_columns(
            pl.when(known).then(pl.col("citizenship_group")).otherwise(group).alias("citizenship_group")
        ).drop("citizenship")
    return frame.drop("period") if table.personal else frame


def _hash(
    table: str, name: str, frame: pl.DataFrame, *, secret: bytes, scheme: str, file_mark: str
) -> pl.DataFrame:
    own, refs = name == f"{table}_ref", frame[name]
    kind = name.removesuffix("_ref").removeprefix("to_")
    # Persons share one numbering over all tables of a scheme; organisations one over all schemes.
    shared = {"person": scheme, "organisation": "organisation", "provider": "organisation"}
    space = shared.get(kind, f"{scheme}|{kind}")
    hashed = keys(secret, space, refs)
    if own and hashed.null_count():
        made = f"{file_mark}|" + frame[LINE].cast(pl.String)
        hashed = hashed.zip_with(hashed.is_not_null(), keys(secret, f"{space}|row", made))
    target = f"{name.removesuffix('_ref')}_key"
    return frame.with_columns(hashed.alias(name)).rename({name: target})


def age_band(age: pl.Expr) -> pl.Expr:
    """Return the band of an age in years, by the codes of ``dimensions/age_band.toml``; null stays null."""
    result: pl.Expr = pl.lit(None, dtype=pl.String)
    for code in load_catalog().dimensions["age_band"].known_codes:
        low, _, high = code.partition("_")
        inside = age >= int(low) if high == "plus" else age.is_between(int(low), int(high))
        result = pl.when(inside).then(pl.lit(code)).otherwise(result)
    return result
