"""HMIS CSV exports of US shelters (HUD, FY2024 to FY2026): who was trafficked, and their spells of service.

An export holds all clients of a programme. Counted are the people whose answers at exit say so (elements
R15 and R16 of the data standards), or all of the projects that a mapping names. Names, social security
numbers and free text are never read past the header. A date of birth becomes an age at entry, dates become
months and days, both in memory; no date of an event is kept. A record was entered in the month in which the
enrollment was made, or, where only an answer at exit says that somebody is counted, that answer.
"""

import re
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from analysis.catalog.table import Table
from analysis.errors import echo
from analysis.words import counted
from etl.contracts.batch import Batch
from etl.errors import EtlError
from etl.incoming import Incoming, ReadOptions, SourceInfo
from etl.ledger import CONTINUED, DELETED, EARLIER, SUBJECT, Ledger
from etl.lines import LINE, PART
from etl.mapping.cells.periods import months_of
from etl.mapping.keys import HEADINGS, read_mapping, told_headings_of_files
from etl.sources.records import _hmis_codes as codes
from etl.sources.records._hmis_files import Export, names_in, notes_of, open_export

NAME = "hud_hmis"
SUMMARY = "an HMIS CSV export of a US shelter (HUD, FY2024 to FY2026): the folder or its .zip"
READS_FOLDERS = True
_DAY = r"^(\d{4}-\d{2}-\d{2})"
_ADULT = 18


@dataclass(frozen=True)
class Said:
    """What a mapping says: the source, and whose enrollments are counted."""

    source: SourceInfo
    everyone: bool
    projects: tuple[str, ...]
    funders: tuple[str, ...]
    other_funders: tuple[str, ...]
    area: str
    areas: dict[str, str]
    period: tuple[str, str] | None


def recognises(path: Path) -> bool:
    """Tell by the names of its files whether a .zip is such an export."""
    try:
        return set(codes.NEEDED) <= names_in(path).keys()
    except EtlError:
        return False


def read(path: Path, options: ReadOptions) -> Incoming:
    """Read an export.

    Parameters
    ----------
    path
        The folder or the .zip.
    options
        A mapping names the source, what is counted, areas, and other headings of a file
        (``[headings.Exit]``).

    Raises
    ------
    EtlError
        Files or columns are missing, another version, or nobody is counted.
    """
    said = _said(options)
    told = told_headings_of_files(options.mapping, NAME, {file: () for file in codes.FILES})
    export, about = open_export(path, told)
    first, last = said.period or _months(about, path)
    enrolled, left_out = _enrollments(export)
    chosen = _chosen(enrolled, export, said, path)
    left_out[SUBJECT] = enrolled.height - chosen.height
    month = pl.col("entry").dt.strftime("%Y-%m")
    known = chosen.filter(pl.col("entry").is_null() | (month >= first))
    left_out[EARLIER] = chosen.height - known.height
    end = str(about["ExportEndDate"].str.extract(_DAY)[0] or "")
    people, spells = _people(known, said), _spells(known, said, end)
    batches = [Batch.of("person", people)]
    parts = [0]
    if export.has("Services"):
        given, lost = _services(export, chosen, said, first)
        spells = pl.concat([spells, given], how="diagonal")
        for reason, rows in lost.items():
            left_out[reason] = left_out.get(reason, 0) + rows
        parts.append(1)
    batches.append(Batch.of("service_episode", spells))
    rows = people.height + spells.filter(pl.col(LINE) >= PART).height + sum(left_out.values())
    return Incoming(
        said.source,
        tuple(batches),
        first,
        last,
        Ledger(lines=rows, left_out={reason: count for reason, count in left_out.items() if count}),
        notes=(
            f"HMIS CSV, version {about['CSVVersion'][0]}",
            *_counted_notes(chosen, said),
            *notes_of(export),
        ),
        origins={"person": (0,), "service_episode": tuple(parts)},
    )


def _said(options: ReadOptions) -> Said:
    keys = read_mapping(options.mapping, NAME)
    source, label = keys.code("source", NAME), keys.text("label", "HMIS export")
    listed = keys.table("areas", {})
    said = Said(
        SourceInfo(
            source_id=source,
            label=label,
            collection=keys.code("collection", source),
            collection_label=keys.text("collection_label", label),
            geography=keys.text("geography", options.geography),
            unit="people",
            is_own=True,
            is_synthetic=keys.flag("synthetic", False),
            period_resolution="month",
            publisher=keys.text("publisher", label),
            licence="Not for publication; only protected figures leave the restricted folder",
            citation=keys.text("citation", f"{label}, HMIS export"),
            rule="Figures are changed slightly at random; figures below the threshold are not shown.",
            person_scheme=keys.text("person_scheme", ""),
        ),
        keys.flag("everyone", False),
        keys.texts("projects", ()),
        keys.texts("funders", ()),
        tuple(name.casefold() for name in keys.texts("other_funders", ())),
        keys.text("area", ""),
        {code: listed.text(code) for code in listed.values},
        _period(keys),
    )
    keys.accept([HEADINGS])
    keys.finish()
    return said


def _period(keys: Table) -> tuple[str, str] | None:
    text = keys.text("period", "")
    first, _, last = text.partition("..")
    begin, end = months_of(first.strip()), months_of((last or first).strip())
    if text and (begin is None or end is None or begin[0] > end[1]):
        raise keys.fail("period", echo(text), 'first and last month, such as "2025-01..2025-03"')
    return (begin[0], end[1]) if text and begin and end else None


def _months(about: pl.DataFrame, path: Path) -> tuple[str, str]:
    days = [str(about[name].str.extract(_DAY)[0] or "") for name in ("ExportStartDate", "ExportEndDate")]
    if not all(re.fullmatch(r"\d{4}-\d{2}-\d{2}", day) for day in days):
        raise EtlError(
            f"{path.name}: Export.csv does not say which days it covers (ExportStartDate, ExportEndDate).",
            'Say in a mapping file which months it covers: period = "2025-01..2025-03"',
        )
    return days[0][:7], days[1][:7]


def _present(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.filter(pl.col("DateDeleted").is_null()).drop("DateDeleted")


def _day(column: str) -> pl.Expr:
    return pl.col(column).str.extract(_DAY).str.to_date("%Y-%m-%d", strict=False)


def _enrollments(export: Export) -> tuple[pl.DataFrame, dict[str, int]]:
    """Return each enrollment that is there, with what client, project and exit say of it."""
    every = export.frame("Enrollment")
    rows = _present(every)
    people = (
        _present(export.frame("Client")).drop(LINE).unique("PersonalID", keep="last", maintain_order=True)
    )
    projects = _present(export.frame("Project")).drop(LINE).unique("ProjectID", keep="last")
    exits = _present(export.frame("Exit")).drop(LINE).unique("EnrollmentID", keep="last", maintain_order=True)
    exits = exits.rename({"DateCreated": "answered"})
    joined = (
        rows.join(people, on="PersonalID", how="left")
        .join(projects, on="ProjectID", how="left")
        .join(exits, on="EnrollmentID", how="left")
        .sort(LINE)
    )
    entry, birth, leave = _day("EntryDate"), _day("DOB"), _day("ExitDate")
    before_birthday = (entry.dt.month() * 100 + entry.dt.day()) < (birth.dt.month() * 100 + birth.dt.day())
    is_known = pl.col("DOBDataQuality").is_in(codes.FULL_OR_PARTLY_KNOWN) | pl.col("DOBDataQuality").is_null()
    age = entry.dt.year() - birth.dt.year() - before_birthday.cast(pl.Int32)
    dated = joined.with_columns(
        entry.alias("entry"), leave.alias("exit"), pl.when(is_known & (age >= 0)).then(age).alias("age")
    ).drop("DOB", "DOBDataQuality", "ExitDate")
    is_asked = pl.col("AskedOrForcedToExchangeForSex") == codes.YES
    # In law an adult who was not made to do it was not trafficked; a child always was.
    is_child = (pl.col("ExchangeForSex") == codes.YES) & (pl.col("age") < _ADULT)
    is_made = (pl.col("WorkplaceViolenceThreats") == codes.YES) | (
        pl.col("CoercedToContinueWork") == codes.YES
    )
    # Who is counted by an answer could be counted from the day on which the answer was entered.
    is_said = (is_asked | is_child | is_made).fill_null(False)
    told = dated.with_columns(
        _day("DateCreated").alias("created"),
        pl.when(is_said).then(_day("answered")).min().over("PersonalID").alias("answered"),
        (is_asked.fill_null(False) | is_child.fill_null(False)).any().over("PersonalID").alias("is_sexual"),
        is_made.fill_null(False).any().over("PersonalID").alias("is_labour"),
    )
    return told, {DELETED: every.height - rows.height}


def _chosen(enrolled: pl.DataFrame, export: Export, said: Said, path: Path) -> pl.DataFrame:
    """Return the enrollments that are counted."""
    projects = set(said.projects)
    unknown = projects - set(enrolled["ProjectID"].drop_nulls().to_list())
    if unknown:
        raise EtlError(
            f"{path.name}: the mapping names projects that have no enrollment in the export: "
            f"{', '.join(sorted(unknown))}.",
            "Correct projects in the mapping (ProjectID in Project.csv).",
        )
    if said.funders or said.other_funders:
        if not export.has("Funder"):
            raise EtlError(f"{path.name}: there is no Funder.csv.", 'Name the projects: projects = ["…"]')
        paid = _present(export.frame("Funder"))
        named = pl.col("Funder").is_in(list(said.funders))
        other = pl.col("OtherFunder").str.to_lowercase().is_in(list(said.other_funders))
        projects |= set(paid.filter(named.fill_null(False) | other.fill_null(False))["ProjectID"].to_list())
    is_named = pl.lit(said.everyone) | pl.col("ProjectID").is_in(list(projects)).fill_null(False)
    later = pl.when(pl.col("answered") >= pl.col("created")).then("answered").otherwise("created")
    entered = pl.when(is_named).then("created").when(pl.col("answered").is_not_null()).then(later)
    found = enrolled.filter(is_named | pl.col("is_sexual") | pl.col("is_labour")).with_columns(
        entered.dt.strftime("%Y-%m").alias("entered")
    )
    if found.is_empty():
        raise EtlError(
            f"{path.name}: nobody is counted: no answer at exit says that somebody was trafficked (elements "
            "R15 and R16), and the mapping names no project.",
            'Say in a mapping whose clients were: projects = ["ProjectID"], other_funders = ["OVC"], or '
            "everyone = true",
        )
    return found


def _counted_notes(chosen: pl.DataFrame, said: Said) -> list[str]:
    by_answers = chosen.filter(pl.col("is_sexual") | pl.col("is_labour"))["PersonalID"].n_unique()
    every = chosen["PersonalID"].n_unique()
    told = [f"{counted(by_answers, 'person')} counted by answers at exit (elements R15 and R16)"]
    if every > by_answers:
        told.append(f"{every - by_answers:,} counted because of the projects that the mapping names")
    if not said.area and not said.areas:
        told.append("no area: name one in the mapping (area), or one for each continuum of care ([areas])")
    return told


def _area(said: Said) -> pl.Expr:
    fixed = pl.lit(said.area or None, pl.String)
    if not said.areas:
        return fixed.alias("area")
    found = pl.col("EnrollmentCoC").replace_strict(said.areas, default=None, return_dtype=pl.String)
    return pl.coalesce(found, fixed).alias("area")


def _gender() -> pl.Expr:
    by_column = pl.lit(None, pl.String)
    for column, code in reversed(
        list(codes.GENDERS.items())
    ):  # who said woman and transgender is of neither two
        by_column = pl.when(pl.col(column) == codes.YES).then(pl.lit(code)).otherwise(by_column)
    return pl.coalesce(
        pl.col("Sex").replace_strict(codes.SEX, default=None, return_dtype=pl.String), by_column
    )


def _month() -> pl.Expr:
    """Return the month of entry; an entry without a date that can be read stays unread for the contract."""
    return pl.coalesce(pl.col("entry").dt.strftime("%Y-%m"), pl.lit("?")).alias("period")


def _people(known: pl.DataFrame, said: Said) -> pl.DataFrame:
    forms = pl.concat_list(
        pl.when("is_sexual").then(pl.lit("sexual_exploitation")),
        pl.when("is_labour").then(pl.lit("forced_labour")),
    ).list.drop_nulls()
    referred = pl.col("ReferralSource").replace_strict(
        codes.REFERRED_BY, default=None, return_dtype=pl.String
    )
    return known.select(
        pl.col("PersonalID").alias("person_ref"),
        _month(),
        "entered",
        _area(said),
        pl.col("age").cast(pl.String),
        _gender().alias("gender"),
        pl.lit("presumed").alias("status"),
        referred.alias("identified_by"),
        forms.alias("form"),
        LINE,
    )


def _spells(known: pl.DataFrame, said: Said, end: str) -> pl.DataFrame:
    """Return each stay in a project: how long, and how it ended."""
    to = pl.coalesce("exit", pl.lit(end).str.to_date("%Y-%m-%d", strict=False))
    where = pl.col("Destination")
    left = (
        pl.when(where.str.contains(r"^4\d\d$")).then(pl.lit("stable_outcome"))
        .when(where == codes.NO_INTERVIEW).then(pl.lit("lost_contact"))
        .when(where.str.contains(r"^[123]\d\d$")).then(pl.lit("moved_on"))
    )  # fmt: skip
    completed = pl.col("ProjectCompletionStatus").replace_strict(
        codes.LEFT_BY_COMPLETION, default=None, return_dtype=pl.String
    )
    stable = pl.when(where.str.contains(r"^4\d\d$")).then(pl.lit("stable_outcome"))
    return known.select(
        pl.col("EnrollmentID").alias("service_episode_ref"),
        pl.col("PersonalID").alias("person_ref"),
        _month(),
        _area(said),
        pl.when(pl.col("ProjectType").is_in(codes.HOUSING)).then(pl.lit("housing")).otherwise(pl.lit(codes.OTHER))
        .alias("service_type"),
        pl.lit("yes").alias("is_started"),
        (to - pl.col("entry")).dt.total_days().cast(pl.String).alias("days_in_service"),
        pl.when(pl.col("exit").is_null()).then(pl.lit("still_in_service"))
        .otherwise(pl.coalesce(stable, completed, left)).alias("exit_type"),
        LINE,
    )  # fmt: skip


def _services(
    export: Export, chosen: pl.DataFrame, said: Said, first: str
) -> tuple[pl.DataFrame, dict[str, int]]:
    """Return services of counted people, a spell for each enrollment and kind; and rows that are no spell."""
    every = export.frame("Services")
    rows = _present(every)
    lost = {DELETED: every.height - rows.height}
    whose = chosen.select("EnrollmentID", "PersonalID", "EnrollmentCoC").unique("EnrollmentID")
    kinds = pl.col("RecordType").is_in(codes.SERVICE_RECORDS).fill_null(False)
    of_them = rows.filter(kinds).join(whose, on="EnrollmentID", how="inner").sort(LINE)
    lost[SUBJECT] = rows.height - of_them.height
    dated = of_them.with_columns(_day("DateProvided").alias("day"))
    inside = dated.filter(pl.col("day").is_null() | (pl.col("day").dt.strftime("%Y-%m") >= first))
    lost[EARLIER] = of_them.height - inside.height
    pairs = pl.concat_str("RecordType", pl.col("TypeProvided").fill_null(""), separator="|")
    known = {f"{kind}|{number}": code for (kind, number), code in codes.SERVICES.items()}
    kind = pairs.replace_strict(known, default=codes.OTHER, return_dtype=pl.String)
    spells = (
        inside.with_columns(kind.alias("service_type"))
        .group_by("EnrollmentID", "service_type", maintain_order=True)
        .agg(
            pl.col("PersonalID", "EnrollmentCoC", LINE).first(),
            pl.col("day").min().alias("entry"),
            (pl.col("day").max() - pl.col("day").min()).dt.total_days().alias("days"),
        )
    )
    lost[CONTINUED] = inside.height - spells.height
    made = spells.select(
        pl.concat_str("EnrollmentID", "service_type", separator="/").alias("service_episode_ref"),
        pl.col("PersonalID").alias("person_ref"),
        _month(),
        _area(said),
        "service_type",
        pl.lit("yes").alias("is_started"),
        pl.col("days").cast(pl.String).alias("days_in_service"),
        pl.lit(None, pl.String).alias("exit_type"),
        pl.col(LINE) + PART,
    )
    return made, lost
