"""Counter Trafficking Data Collaborative: k-anonymised and synthetic records, in every layout since 2017.

One row is one person, and rows that look the same are different people. A release is a collection of its own:
two releases hold the same people and are never added. The place is the country of exploitation.
"""

import re
from collections.abc import Callable
from pathlib import Path

import polars as pl

from etl.contracts.batch import Batch
from etl.contracts.countries import alpha2
from etl.errors import EtlError
from etl.incoming import Incoming, ReadOptions, SourceInfo
from etl.lines import LINE
from etl.mapping.keys import stated_texts, told_headings
from etl.readers import read as read_file
from etl.sources._catalogued import describe, find_columns, key, need_columns, years_in
from etl.sources.places.world_places import alpha3_by_alpha2
from etl.sources.records._ctdc_columns import FLAGS, KINDS, NOTHING, WORDS

NAME = "ctdc"
SUMMARY = "Counter Trafficking Data Collaborative: k-anonymised or synthetic records (CSV)"

ALIASES = {
    "period": ("yearOfRegistration", "year"),
    "gender": ("gender",),
    "age_band": ("ageBroad", "ageCategories", "age"),
    "age_group": ("majorityStatus",),  # at registration; majorityStatusAtExploit speaks of an earlier day
    "citizenship": ("citizenship",),
    "area": ("CountryOfExploitation",),
}
#: What a mapping may say is headed otherwise: the columns above by what is meant, flags by their own names.
HEADINGS = ALIASES | {name: (name,) for flags in FLAGS.values() for name in flags}
SYNTHETIC, KANON = "synthetic", "k_anonymised"
GENDERS = {"female": "female", "woman": "female", "male": "male", "man": "male"}
AGE_FROM = {
    0: "0_8", 9: "9_17", 18: "18_23", 21: "18_23", 24: "24_29", 27: "24_29", 30: "30_38", 39: "39_47",
    48: "48_plus",
}  # fmt: skip
YES, NO = ("1", "1.0", "true", "yes"), ("0", "0.0", "false", "no")
UNREADABLE = "unreadable_flag"  # no code of the catalog: the contract rejects the row by its line


def recognises(path: Path) -> bool:
    """Tell by its header whether a file is one of these."""
    try:
        with path.open("rb") as file:
            header = key(file.readline(8192).decode("utf-8", "replace"))
    except OSError:
        return False
    return "yearofregistration" in header and ("isforcedlabour" in header or "exploittype" in header)


def read(path: Path, options: ReadOptions) -> Incoming:
    """Read one release.

    Raises
    ------
    EtlError
        When the columns of none of the layouts are there.
    """
    reading = read_file(path)
    table = told_headings(reading.frame, path, options.mapping, NAME, HEADINGS)
    columns = find_columns(table.columns, ALIASES)
    need_columns(path, columns, ALIASES, ("period", "gender"))
    names = {key(name): name for name in table.columns}
    if not any(name in names for kind in KINDS for name in FLAGS[kind]) and not set(names) & set(WORDS):
        raise EtlError(
            f"{path.name}: there are no columns of forms, control methods, sectors or recruiters.",
            "Load a release as it was downloaded; docs/sources.md shows the layouts.",
        )
    frame = table.select(
        _year(columns["period"]),
        *(_mapped(table, columns, name) for name in MAPPED),
        *(_codes(kind, names).alias(kind) for kind in KINDS),
        LINE,
    )
    written = {int(year) for year in frame["period"].drop_nulls() if re.fullmatch(r"\d{4}", year)}
    years = sorted(year for year in written if year <= options.as_of.year)  # a mistyped year is one bad row
    return Incoming(
        source=_release(path, names, table, years, options),
        batches=(Batch.of("person", frame),),
        period_from=f"{years[0]}-01" if years else "",
        period_to=f"{years[-1]}-12" if years else "",
        ledger=reading.ledger,
        notes=reading.notes,
    )


def _year(column: str) -> pl.Expr:
    return pl.col(column).str.replace(r"\.0$", "").alias("period")


def _mapped(table: pl.DataFrame, columns: dict[str, str], meaning: str) -> pl.Expr:
    """Translate the distinct values of a column; what is not known stays for the contract to reject."""
    if meaning not in columns:
        return pl.lit(None, pl.String).alias(meaning)
    column = columns[meaning]
    values = {value: MAPPED[meaning](value) for value in table[column].drop_nulls().unique().to_list()}
    return pl.col(column).replace_strict(values, default=None, return_dtype=pl.String).alias(meaning)


def gender(text: str) -> str | None:
    """Return the code of a gender; the text itself where it is none that is known."""
    word = key(text)
    if word in NOTHING:
        return None
    return "other" if word.startswith(("trans", "nonconforming")) else GENDERS.get(word, text)


def age_band(text: str) -> str | None:
    """Return our band for one of CTDC's (``09--17``, ``Age 9-17``, ``48+``, a spreadsheet's ``17-Sep``)."""
    if key(text) in NOTHING:
        return None
    if key(text) in ("sep17", "17sep"):
        return "9_17"
    first = re.search(r"\d+", text)
    return AGE_FROM.get(int(first[0]), text) if first else text


def age_group(text: str) -> str | None:
    """Return whether somebody was a child or an adult; the text itself where it says neither."""
    word = key(text)
    return None if word in NOTHING else {"minor": "child", "adult": "adult"}.get(word, text)


def country(text: str) -> str | None:
    """Return a country code as it is; None for CTDC's ``0`` and ``00`` (unknown)."""
    return None if key(text) in ("0", "00", *NOTHING) else text


def area(text: str) -> str | None:
    """Return the alpha-3 code of a country of exploitation; the text itself where it is no country."""
    known = country(text)
    code = alpha2(known) if known else None
    return alpha3_by_alpha2().get(code, known) if code else known


MAPPED: dict[str, Callable[[str], str | None]] = {
    "gender": gender,
    "age_band": age_band,
    "age_group": age_group,
    "citizenship": country,
    "area": area,
}


def _codes(kind: str, names: dict[str, str]) -> pl.Expr:
    """Return the list of codes of a kind: from the flags where the layout has them, else from words."""
    parts = [_flag(names[name], codes) for name, codes in FLAGS[kind].items() if name in names]
    if not parts:
        parts = [
            _words(names[name], vocabulary)
            for name, (of_kind, vocabulary) in WORDS.items()
            if of_kind == kind and name in names
        ]
    if kind == "form" and "exploittype" in names:  # the derived layout keeps one flag beside its category
        parts.append(_words(names["exploittype"], WORDS["exploittype"][1]))
    empty = pl.lit([], dtype=pl.List(pl.String))
    return pl.concat_list(parts).list.unique(maintain_order=True) if parts else empty


def _flag(column: str, codes: tuple[str, ...]) -> pl.Expr:
    """Return the codes where the flag is set; blank, -99 and 0 say nothing."""
    cell = pl.col(column).str.to_lowercase()
    set_, clear = cell.is_in(YES), cell.is_null() | cell.is_in([*NO, "-99", "-99.0"])
    nothing = pl.lit([], dtype=pl.List(pl.String))
    return pl.when(set_).then(pl.lit(list(codes))).when(clear).then(nothing).otherwise(pl.lit([UNREADABLE]))


def _words(column: str, vocabulary: dict[str, str]) -> pl.Expr:
    def codes(text: str) -> list[str]:
        words = [key(part) for part in re.split(r"[;,|]", text)]
        return [vocabulary.get(word, word) for word in words if word not in NOTHING]

    read = pl.col(column).map_elements(codes, return_dtype=pl.List(pl.String), skip_nulls=True)
    return pl.when(pl.col(column).is_null()).then(pl.lit([], dtype=pl.List(pl.String))).otherwise(read)


def _kind(path: Path, names: dict[str, str], said: str) -> str:
    """Return whether records are synthetic or k-anonymised: by the mapping, the file's name, its columns.

    Raises
    ------
    EtlError
        Where nothing says it: made-up records must not pass for records of people, nor the other way round.
    """
    if said and said not in (SYNTHETIC, KANON):
        raise EtlError(
            f"The mapping file: kind is '{said}'; allowed: {SYNTHETIC}, {KANON}.", f'Write: kind = "{KANON}"'
        )
    name = key(path.name)
    # Only the k-anonymised data set tells where records come from, or was given out cleaned.
    told = [
        *([SYNTHETIC] if "synthetic" in name else []),
        *([KANON] if "kanon" in name or name.startswith("globaldataset") else []),
    ]
    columns = [KANON] if {"datasource", "majoritystatus", "exploittype"} & set(names) else []
    found = {said} if said else set(told) or set(columns)
    if len(found) != 1:
        raise EtlError(
            f"{path.name}: neither its name nor its columns say whether these records are synthetic "
            "or k-anonymised.",
            f'Say it in a mapping file: kind = "{SYNTHETIC}" or kind = "{KANON}"',
        )
    return found.pop()


def _release(
    path: Path, names: dict[str, str], table: pl.DataFrame, years: list[int], options: ReadOptions
) -> SourceInfo:
    """Return the source: which release this is, from the mapping, the file's name or its newest year."""
    is_derived = "exploittype" in names
    said = stated_texts(options.mapping, NAME, ("release", "kind"), with_headings=True)
    entry = "ctdc_synthetic" if _kind(path, names, said.get("kind", "")) == SYNTHETIC else "ctdc_kanon"
    stated = said.get("release")
    named = [year for year in years_in(path.name) if 2017 <= year <= options.as_of.year]
    if not stated and len(set(named)) > 1:
        raise EtlError(
            f"{path.name}: the file name has {len(set(named))} years; which release it is cannot be told.",
            f'Say it in a mapping file: release = "{named[-1]}"',
        )
    release = str(stated or (named[-1] if named else f"to_{years[-1]}" if years else "undated"))
    code = f"{entry}{'_derived' if is_derived else ''}_{key(release) if stated else release}"
    words = "derived from a release" if is_derived else "release"
    base = describe(entry)
    label = f"{base.label} ({words} {release.replace('_', ' ')})"
    return describe(entry, source_id=code, collection=code, label=label, unit="people")
