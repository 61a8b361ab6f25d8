"""Checks and anonymises one incoming file without storing anything, and gives an account of it."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import polars as pl

from analysis.words import counted, first_few, plural
from etl.contracts import check as contracts
from etl.contracts.areas import Areas, need_areas
from etl.contracts.batch import Batch
from etl.contracts.by_distinct import SEPARATOR
from etl.contracts.check import Checked
from etl.contracts.tables import Contract, looked_up_tables
from etl.errors import EtlError
from etl.incoming import Incoming
from etl.lines import LINE, first_lines_words
from etl.load.account import Account, account
from etl.load.compared.plausible import Doubt
from etl.load.compared.replacing import REJECTED, Replacement
from etl.load.compared.twice import Comparison, Twice
from etl.load.rows import Rows
from etl.load.staging import TOO_COARSE, Context, staged, too_coarse
from etl.load.tallies import refuse_unclear
from etl.protect import anonymise, references

_MOST_REJECTED = 0.2  # of the rows of a file
_MANY_REJECTED = 5  # rows below which a share says nothing
_MUCH_LIKE = "areas that are not known are written much like"
_MOST_GUESSES = 200  # rows of unknown areas for which a name is looked for
MOST_LINES = 5  # of each rule that rejects rows: enough to find what is wrong in the file
SCHEMA_OF_REJECTED = {"table_name": pl.String, "line": pl.Int64, "rule": pl.String, "column_name": pl.String}


@dataclass(frozen=True)
class FileId:
    """What makes a file the same file: its bytes and the mapping that read it."""

    name: str
    sha256: str
    mapping_sha256: str = ""


@dataclass
class Loaded:
    """What became of one file.

    Attributes
    ----------
    file_name, source_id, period_from, period_to
    load_id : int or None
        None for a check.
    is_new : bool
        False when the same file was loaded before: nothing was done.
    rows : Account
        What became of each row of the file.
    tables : dict
        Table → accepted records.
    distinct : dict
        Table that has references of its own → how many there are: rows of one reference are one.
    rejected : polars.DataFrame
        table_name, line, rule, column_name.
    replaced : list of int
        Loads of which rows were replaced.
    replacements : list of Replacement
        What the file takes the place of, by table.
    notes : tuple of str
        What the reader found or left out, without values.
    doubts : list of Doubt
        Why its published counts may be wrong (`etl.load.compared.plausible`); nothing was corrected.
    twice : list of Twice
        Records of it that are held already under another source or collection.
    tallies : list of str
        Tables of which it gives numbers of records.
    """

    file_name: str
    source_id: str
    load_id: int | None = None
    is_new: bool = True
    period_from: str = ""
    period_to: str = ""
    rows: Account = field(default_factory=Account)
    tables: dict[str, int] = field(default_factory=dict)
    distinct: dict[str, int] = field(default_factory=dict)
    rejected: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=SCHEMA_OF_REJECTED))
    replaced: list[int] = field(default_factory=list)
    replacements: list[Replacement] = field(default_factory=list)
    notes: tuple[str, ...] = ()
    doubts: list[Doubt] = field(default_factory=list)
    twice: list[Twice] = field(default_factory=list)
    tallies: list[str] = field(default_factory=list)

    @property
    def rules(self) -> list[dict[str, Any]]:
        """Rejected rows by table, rule and column, most first, with the first few of their lines."""
        counted = self.rejected.group_by("table_name", "rule", "column_name").agg(
            rows=pl.len(), lines=pl.col("line").drop_nulls().sort().head(MOST_LINES)
        )
        return counted.sort("rows", "table_name", "rule", descending=[True, False, False]).to_dicts()


@dataclass(frozen=True)
class Terms:
    """What holds for all files of one run.

    Attributes
    ----------
    as_of : datetime.date
        What begins later is refused as future.
    secret : bytes
        Key of the hashes; never stored or printed.
    home_country : str
        ISO 3166-1 alpha-2 code; its citizens are ``domestic``.
    """

    as_of: date
    secret: bytes
    home_country: str


def examine(
    incoming: Incoming,
    file: FileId,
    terms: Terms,
    areas: Areas,
    rows: Rows,
    *,
    known: Mapping[str, pl.DataFrame] | None = None,
    compare: Comparison,
    advance: Callable[[int], None],
) -> Loaded:
    """Check and anonymise every batch, part by part.

    Parameters
    ----------
    rows
        Takes the rows as they will be stored.
    known
        Loaded rows of the tables that contracts look things up in; those of the file itself come on top.
    compare
        Tells rows that are held already under another name.
    advance
        Told the number of rows checked so far.

    Returns
    -------
    Loaded
        The account of the file.

    Raises
    ------
    EtlError
        When the file as a whole cannot be taken: no row left, periods that make no sense.
    """
    _check_span(incoming, file, terms.as_of)
    context = Context(incoming.source, rows.load_id, file.sha256, terms.secret, terms.home_country)
    loaded = Loaded(
        file_name=file.name,
        source_id=incoming.source.source_id,
        load_id=rows.load_id,
        period_from=incoming.period_from,
        period_to=incoming.period_to,
        notes=incoming.notes,
    )
    lines: dict[str, pl.Series] = {}
    refused: list[pl.DataFrame] = []
    looked_up = dict(known or {})
    done = 0
    for each in sorted(incoming.batches, key=lambda batch: batch.table not in looked_up_tables()):
        batch = each.encoded()
        references.refuse_damaged(batch, file.name)
        if batch.contract.is_register:
            anonymise.refuse_contact_details(batch.contract, batch.frame, file.name)
        accepted: list[pl.DataFrame] = []
        of_table: list[pl.DataFrame] = []
        taken: list[pl.Series] = []
        unread: list[pl.DataFrame] = []
        for part in _check(incoming, batch, file, terms.as_of, areas, known=looked_up):
            if batch.contract.is_tally:  # the one part of its file: refused before it is a million records
                loaded.notes += refuse_unclear(batch.contract, part, incoming, areas, file=file.name)
            elif batch.table in looked_up_tables():
                accepted.append(part.accepted)
            rows.add(batch.contract, staged(batch.contract, part.accepted, context))
            compare.add(batch.contract, part.accepted, context)
            taken.append(part.accepted[LINE])
            of_table.append(part.rejected)
            unread.append(part.unread)
            done += part.accepted.height + part.rejected.height
            advance(done)
        if accepted:
            before = [looked_up[batch.table]] if batch.table in looked_up else []
            looked_up[batch.table] = pl.concat([*before, *accepted], how="diagonal_relaxed")
        lines[batch.table] = pl.concat(taken)
        loaded.tables[batch.table] = lines[batch.table].len()
        if batch.contract.is_tally:
            loaded.tables[batch.table] = rows.height(batch.table)
            loaded.tallies.append(batch.table)
        elif (people := rows.distinct(batch.table)) is not None:
            loaded.distinct[batch.table] = people
        refused += of_table
        loaded.notes += (*_not_recorded(pl.concat(unread)), *_meant_areas(batch, pl.concat(of_table), areas))
        loaded.twice += compare.found(batch.contract, context)
    loaded.rejected = pl.concat(refused) if refused else loaded.rejected
    loaded.rows = account(incoming, file.name, lines, loaded.rejected, loaded.tables)
    if loaded.rejected.height and not loaded.rows.records_accepted and not loaded.rows.taken:
        raise _nothing_left(loaded)
    return loaded


def _not_recorded(unread: pl.DataFrame) -> tuple[str, ...]:
    """Return a note for each column with cells that a mapping lets be unreadable."""
    return tuple(
        f"'{name}': {counted(lines.height, 'cell')} that cannot be read, not recorded (unreadable), first on "
        f"line {first_lines_words(lines['line'].sort())}"
        for (name,), lines in unread.group_by("column_name", maintain_order=True)
    )


def _meant_areas(batch: Batch, rejected: pl.DataFrame, areas: Areas) -> tuple[str, ...]:
    """Return a note with the known names that unknown words are most like; the words stay unsaid."""
    meant: dict[str, list[int]] = {}
    unknown = rejected.filter(pl.col("rule") == "unknown_area", pl.col("line").is_not_null()).sort("line")
    for line, column in unknown.select("line", "column_name").head(_MOST_GUESSES).iter_rows():
        cells = batch.frame.filter(pl.col(LINE) == line)[column].cast(pl.String).drop_nulls()
        words = [word for cell in cells for word in cell.split(SEPARATOR) if areas.find(word.strip()) is None]
        if words and (name := areas.nearest(words[0])):
            meant.setdefault(name, []).append(line)
    if not meant:
        return ()
    told = [f"'{name}' (line {first_lines_words(lines)})" for name, lines in meant.items()]
    return (f"{_MUCH_LIKE}: {first_few(told, MOST_LINES, '; ')}",)


def _hint(loaded: Loaded) -> str:
    """Return the note on what unknown areas may mean, where a file is refused and its notes are not told."""
    return "".join(f" {note[:1].upper()}{note[1:]}." for note in loaded.notes if note.startswith(_MUCH_LIKE))


def _check_span(incoming: Incoming, file: FileId, as_of: date) -> None:
    first, last = incoming.period_from, incoming.period_to
    has_periods = any(batch.contract.is_dated for batch in incoming.batches)
    if has_periods and not (first and last and first <= last):
        span = f"from '{first}' to '{last}'" if first or last else "no row has a period that can be read"
        raise EtlError(
            f"{file.name}: the months it covers are not known ({span}).",
            "Look at the dates: does the file have rows, and does the mapping say how dates are written "
            '(date_format)? Or write the months at the top of the mapping: period = "2025-01..2025-03"',
        )
    if has_periods and last > f"{as_of:%Y-%m}":
        # Its later months would count as reported, without anybody, and be published so.
        raise EtlError(
            f"{file.name}: the months it covers ({first} to {last}) end after the reporting date {as_of}.",
            "Let it end with the last full month, or give the reporting date: --as-of YYYY-MM-DD",
        )


def _check(
    incoming: Incoming,
    batch: Batch,
    file: FileId,
    as_of: date,
    areas: Areas,
    *,
    known: Mapping[str, pl.DataFrame],
) -> Iterator[Checked]:
    """Check rows part by part; names of areas become codes before."""
    frame, table = batch.frame, batch.contract
    named = [name for name in table.areas if name in frame.columns]
    if any(frame[name].null_count() < frame.height for name in named):
        need_areas(areas, incoming.source.geography, file.name)
    ambiguous: set[str] = set()
    if named:
        ambiguous = {word.strip() for name in named for word in areas.ambiguous(frame[name])}
        frame = frame.with_columns(areas.resolve(frame[name]).alias(name) for name in named)
        batch = Batch(table, frame)
    for checked in contracts.check_parts(
        batch,
        as_of,
        areas=areas.parents if named else None,
        ambiguous=ambiguous,
        period=(incoming.period_from, incoming.period_to) if table.is_dated else None,
        known=known,
    ):
        if table.is_dated and table.personal:
            yield _without_coarse(checked, table, incoming.source.period_resolution)
        else:
            yield checked


def _without_coarse(checked: Checked, table: Contract, resolution: str) -> Checked:
    """Reject records whose period is coarser than the register's; published counts may be of any period."""
    coarse = too_coarse(checked.accepted, resolution)
    if not coarse.any():
        return checked
    rejected = checked.accepted.filter(coarse).select(
        pl.lit(table.name).alias("table_name"),
        pl.col(LINE).alias("line"),
        pl.lit(TOO_COARSE).alias("rule"),
        pl.lit("period").alias("column_name"),
    )
    return Checked(checked.accepted.filter(~coarse), pl.concat([checked.rejected, rejected]))


def first_lines(rule: dict[str, Any]) -> str:
    """Return the first lines of the rows that a rule refused: enough to find them in the file.

    >>> first_lines({"lines": [3, 7], "rows": 7}), first_lines({"lines": [12], "rows": 1})
    (', lines 3, 7 and 5 more', ', line 12')
    """
    numbers = rule["lines"]
    if not numbers:
        return ""
    more = rule["rows"] - len(numbers)
    listed = first_lines_words(numbers) + (f" and {more:,} more" if more else "")
    return f", {plural('line', rule['rows'])} {listed}"


def refuse_many_rejected(loaded: Loaded, accepted: Collection[str]) -> None:
    """Refuse a file of which too many rows are rejected, unless that was accepted.

    Raises
    ------
    EtlError
        With the rules that rejected most.
    """
    rows = loaded.rows
    is_many = rows.rejected >= _MANY_REJECTED and rows.rejected > _MOST_REJECTED * rows.rows
    if is_many and REJECTED not in accepted:
        raise EtlError(
            f"{loaded.file_name}: {rows.rejected:,} of {rows.rows:,} rows were rejected: {_rules(loaded)}. "
            f"Nothing was changed.{_hint(loaded)}",
            "Look at the rule with the most rows first. To load the others all the same: "
            f"--accept {REJECTED}",
        )


def _rules(loaded: Loaded) -> str:
    return "; ".join(
        f"{rule['rule']} in {rule['column_name']} ({rule['rows']}){first_lines(rule)}"
        for rule in loaded.rules[:5]
    )


def _nothing_left(loaded: Loaded) -> EtlError:
    rejected = loaded.rows.rejected
    what = "the one row was" if rejected == 1 else f"all {rejected:,} rows were"
    return EtlError(
        f"{loaded.file_name}: {what} rejected: {_rules(loaded)}. Nothing was changed.{_hint(loaded)}",
        "Look at the rule with the most rows first; if it is one column, its mapping is wrong.",
    )
