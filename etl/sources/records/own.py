"""A task force's own spreadsheet, by a mapping file alone."""

from dataclasses import replace
from pathlib import Path

import polars as pl

from analysis.periods import SEVERAL
from etl.contracts.batch import Batch
from etl.contracts.by_distinct import distinct, texts, values_of
from etl.contracts.parse import period as parse_period
from etl.contracts.tables import Contract
from etl.contracts.tallies import COUNT
from etl.errors import EtlError
from etl.incoming import Incoming, ReadOptions
from etl.ledger import FILTER, NO_CELL, Ledger
from etl.ledger import GROUP as HEADINGS
from etl.lines import LINE, PART, first_lines_words
from etl.mapping import Layout, Mapping, TableMapping, load_mapping, rows, tallies
from etl.mapping.model import CELL, GROUP, MADE
from etl.mapping.published import OBSERVATION, joined, with_units
from etl.mapping.said import said_notes
from etl.mapping.shape import shape
from etl.protect.anonymise import refuse_identifiers
from etl.readers import Reading, show_names
from etl.readers import read as read_file

NAME = "own"
SUMMARY = "a task force's own spreadsheet (CSV or Excel), by a mapping file"
_LONGEST_UNDECLARED_MONTHS = 36
_FEWEST_SUMMED = 3  # rows above a sum: of fewer it is a coincidence
_SAME = 0.005
_MOST_SHEETS = 1_000  # numbers of sheets of further readings begin above


def read(path: Path, options: ReadOptions) -> Incoming:
    """Read a spreadsheet as its mapping says.

    Parameters
    ----------
    path
        A .csv, .tsv, .txt (also .gz) or .xlsx file.
    options
        ``mapping`` is needed.

    Raises
    ------
    EtlError
        No mapping, a mistake in it, columns missing, or columns that identify people.
    """
    if options.mapping is None:
        raise EtlError(
            f"{path.name}: the source 'own' needs a mapping file that says what the columns mean.",
            "python -m etl template person    (writes a sheet and a mapping to start from)",
        )
    mapping = load_mapping(options.mapping, options)
    readings: dict[Layout, Reading] = {}
    for layout in _layouts(mapping):
        readings[layout], mapping = _read(path, mapping, layout, options)
    parts: dict[str, list[pl.DataFrame]] = {}
    notes: list[str] = []
    origins: dict[str, list[int]] = {}
    kept: dict[Layout, list[pl.Series]] = {}
    used: dict[Layout, list[pl.Series]] = {}
    for table in mapping.tables:
        reading = readings[table.layout]
        chosen = rows.chosen(table, reading.frame)
        made = rows.unpivoted(table, chosen, reading.sheets)
        if table.contract.is_tally:
            made = tallies.with_numbers(table, made)
            tallies.refuse_repeated(table, made, path.name)
        frame, most = rows.each_word(table, shape(table, made, path.name), reading.sheets)
        notes += said_notes(table, made, path.name)
        kept.setdefault(table.layout, []).append(chosen[LINE])
        used.setdefault(table.layout, []).append(frame[LINE] % (reading.sheets * PART))
        name = table.contract.name
        earlier = origins.setdefault(name, [])
        if not table.contract.personal:
            frame = texts(frame)  # published counts and registers are compared figure by figure, and short
        if name == OBSERVATION:
            frame = with_units(frame, mapping.source.source_id, mapping.series)
        parts.setdefault(name, []).append(frame.with_columns(pl.col(LINE) + len(earlier) * PART))
        start = list(readings).index(table.layout) * _MOST_SHEETS
        earlier += [start + sheet for sheet in range(reading.sheets)] * most
    ledger = Ledger()
    for layout, reading in readings.items():
        passed, taken = (pl.concat(lines[layout]).n_unique() for lines in (kept, used))
        left = reading.ledger.without(FILTER, reading.frame.height - passed)
        ledger += left.without(NO_CELL, passed - taken)
    notes += _sums(mapping, readings, path.name)
    for name, frames in parts.items():
        if _contract(mapping, name).is_tally:
            tallies.refuse_same_cells(name, frames, path.name)
    batches = [Batch(_contract(mapping, name), _joined(frames)) for name, frames in parts.items()]
    for reading in readings.values():
        notes += [note for note in reading.notes if note not in notes]
    if mapping.period is None and mapping.source.period_resolution == SEVERAL:
        raise EtlError(
            f"{path.name}: it is not said which years the file covers, and its periods are of several years.",
            f'Say so in {mapping.file}, first and last year: period = "2014..2021"',
        )
    first, last = mapping.period or _period_of(batches, options, path.name, mapping.file)
    return Incoming(
        mapping.source,
        tuple(batches),
        first,
        last,
        ledger,
        notes=tuple(notes),
        origins=origins,
        series=mapping.series,
    )


def _joined(frames: list[pl.DataFrame]) -> pl.DataFrame:
    """Put the parts of a table together; numbers that stand for text differ from part to part."""
    return frames[0] if len(frames) == 1 else pl.concat(map(texts, frames), how="diagonal")


def _contract(mapping: Mapping, name: str) -> Contract:
    tables = [table.contract for table in mapping.tables if table.contract.name == name]
    return joined(tables) if name == OBSERVATION else tables[0]


def _sums(mapping: Mapping, readings: dict[Layout, Reading], file: str) -> list[str]:
    """Return notes on rows that hold the sums of all rows above them: totals that no name gives away."""
    found = []
    for table in mapping.tables:
        if table.contract.personal and not table.contract.is_tally:
            continue  # a number there is an age or days, which nobody adds up
        counted = [
            name
            for target, rule in table.columns.items()
            if table.contract.column(target).kind in ("integer", "number")
            and (target == COUNT or not table.contract.is_tally)
            for name in rule.columns
            if name not in MADE
        ]
        counted += table.unpivot.columns if table.unpivot else ()
        lines = rows_of_sums(readings[table.layout].frame, counted, decimal_comma=table.layout.decimal_comma)
        if lines and table.contract.is_tally:
            tallies.refuse_sums(table, readings[table.layout].frame, lines, file)
        if lines:
            shown = first_lines_words(lines)
            found.append(
                f"taken as data, but holds the sums of the rows above it: line {shown}. If it is a total, "
                "name its first cell under 'totals'"
            )
    return list(dict.fromkeys(found))


def rows_of_sums(frame: pl.DataFrame, columns: list[str], *, decimal_comma: bool = False) -> list[int]:
    """Return the lines of rows in which every number is the sum of all those above, of at least three.

    Parameters
    ----------
    frame
        Text columns and ``_line``.
    columns
        Those that hold counts or amounts.
    decimal_comma
        How they are written.
    """
    if not columns or frame.height <= _FEWEST_SUMMED:
        return []
    cells = pl.col(list(dict.fromkeys(columns)))
    if decimal_comma:
        cells = cells.str.replace_all(".", "", literal=True).str.replace(",", ".", literal=True)
    numbers = texts(frame.select(list(dict.fromkeys(columns)))).select(
        cells.str.replace_all(",", "", literal=True).cast(pl.Float64, strict=False).fill_null(0.0)
    )
    above = numbers.select(pl.all().cum_sum().shift(1, fill_value=0.0))
    same = pl.all_horizontal((numbers[name] - above[name]).abs() < _SAME for name in numbers.columns)
    is_sum = numbers.select(same.alias("same") & (pl.sum_horizontal(pl.all()) > 0))["same"]
    position = pl.int_range(frame.height, eager=True) >= _FEWEST_SUMMED
    return frame[LINE].filter(is_sum & position).to_list()


def _layouts(mapping: Mapping) -> dict[Layout, None]:
    return dict.fromkeys(table.layout for table in mapping.tables)


def _read(path: Path, mapping: Mapping, layout: Layout, options: ReadOptions) -> tuple[Reading, Mapping]:
    """Read one sheet, rename its columns as the mapping writes them, refuse what identifies people.

    Ranges of columns in the mapping come back written out.
    """
    tables = [table for table in mapping.tables if table.layout == layout]
    used = tuple(dict.fromkeys(name for table in tables for name in table.used))
    found = read_file(
        path,
        folder=None,
        required=used,
        sheet=layout.sheet,
        sheets=layout.sheets,
        skip_sheets=layout.skip_sheets,
        skip_hidden=layout.skip_hidden,
        decimal_comma=layout.decimal_comma,
        header_row=layout.header_row,
        header_rows=layout.header_rows,
        delimiter=layout.delimiter,
        encoding=layout.encoding,
        missing=layout.missing,
        as_written=layout.fill_down,
        totals=layout.totals,
        references={
            name
            for table in tables
            for target, rule in table.columns.items()
            if table.contract.column(target).reference
            for name in rule.columns
            if name not in MADE
        },
        is_encoded=True,
        advance=options.advance,
    )
    written = {name.casefold(): name for name in (*used, *layout.drop)}
    present = found.frame.columns
    as_written = {name: written.get(name.casefold(), name) for name in present}
    frame = found.frame.rename({name: new for name, new in as_written.items() if new not in present})
    mapping = replace(
        mapping,
        tables=tuple(
            rows.expanded(table, frame.columns, path.name) if table.layout == layout else table
            for table in mapping.tables
        ),
    )
    tables = [table for table in mapping.tables if table.layout == layout]
    used = tuple(dict.fromkeys(name for table in tables for name in table.used))
    grouped = rows.grouped(frame, layout)
    frame = grouped.frame
    if any(table.contract.personal for table in tables):
        _refuse(frame, path.name, tables, layout)
    notes = list(found.notes)
    if dropped := [name for name in frame.columns if name in layout.drop]:
        notes.append(
            f"columns dropped as the mapping says, never kept: {show_names(dropped, frame, layout.drop)}"
        )
    unused = [name for name in frame.columns if name not in (*used, *layout.drop, LINE, GROUP)]
    if unused:
        notes.append(f"columns that the mapping does not use, not kept: {show_names(unused, frame)}")
    wanted = [*used, *(name for name in frame.columns if name == GROUP), LINE]
    ledger = found.ledger.without(HEADINGS, grouped.headings)
    return replace(found, frame=frame.select(wanted), notes=tuple(notes), ledger=ledger), mapping


def _refuse(frame: pl.DataFrame, file: str, tables: list[TableMapping], layout: Layout) -> None:
    references: set[str] = set()
    areas: set[str] = set()
    dates: set[str] = set()
    listed: dict[str, set[str]] = {}
    flags: set[str] = set()
    organisations: set[str] = set()
    for table in tables:
        for target, rule in table.columns.items():
            column = table.contract.column(target)
            names = {*rule.columns, rule.since} - {""}
            if CELL in names:
                names = {*names, *(table.unpivot.columns if table.unpivot else ())}
            names &= set(frame.columns)
            references |= names if column.reference else set()
            areas |= names if column.kind == "area" else set()
            organisations |= names if _is_of_organisations(target) else set()
            dates |= names if column.kind in ("date", "period") or rule.since else set()
            for name in names:
                listed.setdefault(name, set()).update(_spellings(frame[name], table.values.get(target, {})))
        if table.contract.is_tally and table.unpivot:
            # Numbers of reports by "Phone" are no phone numbers.
            flags |= {name for name in table.unpivot.columns if _only_counts(frame[name])}
        for columns in table.flags.values():
            flags |= {name for name in columns if _only_marks(frame[name], (*table.yes, *table.no))}
    refuse_identifiers(
        frame,
        file,
        drop=(*layout.drop, *flags),
        references=references,
        areas=areas,
        organisations=organisations,
        dates=dates,
        listed=listed,
    )


def _is_of_organisations(column: str) -> bool:
    return column == "source" or any(part in column for part in ("organisation", "provider"))


def _spellings(cells: pl.Series, words: dict[str, str]) -> list[str]:
    """Return the cells that a value map of the mapping explains, as they are written in the file."""
    if not words:
        return []
    written = values_of(cells)
    return written.filter(written.str.to_lowercase().is_in(list(words))).unique().to_list()


def _only_counts(cells: pl.Series) -> bool:
    return bool(values_of(cells).str.contains(r"^\s*\d{1,5}(\.0+)?\s*$").all())


def _only_marks(cells: pl.Series, marks: tuple[str, ...]) -> bool:
    return bool(values_of(cells).str.to_lowercase().is_in(marks).all())


def _period_of(batches: list[Batch], options: ReadOptions, file: str, mapping: str) -> tuple[str, str]:
    """Return first and last month of the rows, when the mapping declares none.

    A single mistyped year would make the file stand for decades, so a long span must be declared.
    """
    months: set[str] = set()
    for batch in batches:
        if "period" not in batch.frame.columns:
            continue
        parts, _ = parse_period(pl.col("period"))
        written = distinct(batch.frame["period"]).to_frame("period")
        found = written.select(parts["start"].alias("start"), parts["level"].alias("level"))
        known = found.filter(pl.col("start") <= options.as_of).unique()
        for start, level in known.iter_rows():
            length = {"month": 1, "quarter": 3, "year": 12}[level]
            months |= {f"{start.year}-{start.month + step:02d}" for step in range(length)}
    if not months:
        return "", ""
    first, last = min(months), max(months)
    span = (int(last[:4]) - int(first[:4])) * 12 + int(last[5:]) - int(first[5:]) + 1
    if span > _LONGEST_UNDECLARED_MONTHS:
        raise EtlError(
            f"{file}: rows span over {_LONGEST_UNDECLARED_MONTHS} months; "
            "a mistyped year would look the same.",
            f'Say in {mapping} which months the file covers: period = "2025-01..2025-03"',
        )
    return first, min(last, f"{options.as_of:%Y-%m}")
