"""``map``: draft a mapping for a file, and check what it would load."""

import argparse
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from analysis.errors import echo
from analysis.words import counted
from etl.commands import Outcome
from etl.commands import check as checking
from etl.commands.terminal import options
from etl.config import Deployment, Home
from etl.contracts.area_words import ways_to_write
from etl.contracts.areas import Areas, areas_of
from etl.contracts.tables import table_names
from etl.drafting import earlier
from etl.drafting.draft import Draft, Either, draft
from etl.drafting.writing.lines import Written
from etl.drafting.writing.mapping import write
from etl.errors import EtlError, UsageError
from etl.load.scope import covered
from etl.progress import Progress
from etl.readers.grid import MOST_HEADER_ROWS
from etl.sources.areas.geography import named
from etl.store import warehouse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of this command."""
    parser.add_argument("path", metavar="FILE", type=Path, help="a spreadsheet (.xlsx, .csv, .tsv)")
    parser.add_argument("--table", metavar="TABLE", choices=table_names(), help="what its rows are (found)")
    parser.add_argument("--sheet", metavar="TAB", help="the one tab to draft for (all that hold a table)")
    parser.add_argument("--header-row", metavar="N", type=int, help="row of the headings, from 1 (found)")
    parser.add_argument("--header-rows", metavar="N", type=int, help="how many rows they are, 1 to 5 (found)")
    parser.add_argument("--out", metavar="FILE.toml", type=Path, help="where to (default: FILE.toml here)")
    parser.add_argument(
        "--from",
        dest="earlier",
        metavar="OLD.toml",
        type=Path,
        help="take over the mapping of an earlier file",
    )
    options.add_home(parser)
    options.add_as_of(parser)


def run(arguments: argparse.Namespace, progress: Progress) -> Outcome:
    """Write the draft, then check the file with it as ``check`` does."""
    out = arguments.out or Path(f"{arguments.path.stem}.toml")
    if out.suffix.lower() != ".toml":
        raise EtlError(
            f"{out.name} does not end in .toml: a mapping is TOML.", f"Write --out {out.stem}.toml"
        )
    if out.exists():
        raise EtlError(
            f"{out.name} is already there and was left as it is.",
            f"python -m etl map {arguments.path.name} --out ANOTHER.toml",
        )
    made = drafted(arguments, progress)
    written, lines = made.written, made.lines
    out.write_text(written.text, encoding="utf-8")
    lines += [
        f"Wrote {out}: {counted(len(written.questions), 'open question')}, as comments that begin # OPEN."
    ]
    checked = _checked(arguments, out, progress)
    lines += [f"  {number}. {question}" for number, question in enumerate(written.questions, start=1)]
    return Outcome(
        [*lines, "", "With the draft as it is:", *checked.lines],
        {
            "changed": True,
            "mapping": str(out),
            "questions": written.questions,
            "check": checked.values,
        },
    )


@dataclass(frozen=True)
class Drafted:
    """A draft for a file, or the mapping of an earlier one taken over.

    Attributes
    ----------
    written : Written
        Its lines, and what it leaves open.
    lines : list of str
        How it was come by, for a person.
    sure : mapping of str to float
        Column of the file → how sure its match is, 0 to 1.
    """

    written: Written
    lines: list[str]
    sure: Mapping[str, float]


def drafted(arguments: argparse.Namespace, progress: Progress) -> Drafted:
    """Return a draft for a file, or the mapping of an earlier one taken over; nothing is written."""
    home, deployment = options.deployment_of(arguments)
    progress.start(f"Look at {arguments.path.name}")
    if arguments.earlier:
        written = earlier.taken_over(
            arguments.earlier, arguments.path, options.read_options(deployment, None)
        )
        return Drafted(written, [f"Took over {arguments.earlier.name}."], {})
    known = known_areas(home, deployment)
    # A column of areas may name neighbours alone.
    every = every_area(home, deployment.geography) if deployment.areas else Areas(())
    made = draft(
        arguments.path,
        arguments.table,
        Either(known, every),
        sheet=arguments.sheet,
        header_row=_row(arguments.header_row),
        header_rows=_rows(arguments.header_rows),
        newest=options.read_options(deployment, arguments.as_of).as_of.year,
    )
    parts = (made, *made.further)
    sure = {one.column: one.confidence for part in parts for one in part.matched.matches}
    return Drafted(
        write(made, deployment.geography, [known.called(code) for code in known.smallest]), _told(made), sure
    )


def _row(given: int | None) -> int | None:
    if given is not None and given < 1:
        raise UsageError(
            f"--header-row is {given}; rows are counted from 1.", "python -m etl map FILE --header-row 1"
        )
    return given


def _rows(given: int | None) -> int | None:
    if given is not None and not 1 <= given <= MOST_HEADER_ROWS:
        raise UsageError(
            f"--header-rows is {given}; allowed: 1 to {MOST_HEADER_ROWS}.",
            "python -m etl map FILE --header-row 1 --header-rows 2",
        )
    return given


def every_area(home: Home, geography: str) -> Areas:
    """Return all areas of a geography, covered or not: those loaded, else those that come along."""
    if warehouse.read_manifest(home) is not None:
        with warehouse.connect(warehouse.current(home)) as connection:
            loaded = areas_of(connection, geography, with_outside=True)
        if loaded.codes:
            return loaded
    return Areas(named(geography), ways_to_write(geography))


def known_areas(home: Home, deployment: Deployment) -> Areas:
    """Return the areas covered, to tell columns of areas: those loaded, else those that come along."""
    geography = deployment.geography
    if warehouse.read_manifest(home) is not None:
        with warehouse.connect(warehouse.current(home)) as connection:
            loaded = areas_of(connection, geography)
        if loaded.codes:
            return loaded
    listed = named(geography)
    parents = {code: parent for code, _, parent in listed}
    kept = covered(deployment.areas, parents) if deployment.areas else frozenset(parents)
    return Areas([row for row in listed if row[0] in kept], ways_to_write(geography))


def _told(made: Draft) -> list[str]:
    lines = [line for one in (made, *made.further) for line in _told_of_table(one)]
    if made.left:
        lines.append(
            f"Not read: {counted(len(made.left), 'tab')} ({', '.join(map(echo, made.left))}). "
            "To draft one of them: --sheet TAB --table TABLE"
        )
    return lines


def _told_of_table(made: Draft) -> list[str]:
    table, rows = made.matched.table, counted(made.sheet.frame.height, "row")
    where = f", from {' and '.join(map(echo, made.sheet.called))}" if made.sheet.called else ""
    lines = [f"Table: {table.name} ({table.label}), {rows}{where}."]
    lines += [
        f"  {one.target.name} from '{one.column}', {round(100 * min(one.confidence, 1))} % sure"
        for one in made.matched.matches
        if not one.is_open
    ]
    lines += [f"  never kept: '{name}' ({rule})" for name, rule in made.dropped]
    return lines


def _checked(arguments: argparse.Namespace, mapping: Path, progress: Progress) -> Outcome:
    """Check the file with the draft; a refusal is told, and the draft is there all the same."""
    given = argparse.Namespace(**vars(arguments), source="own", mapping=mapping, accept=[])
    try:
        return checking.run(given, progress)
    except EtlError as error:
        return Outcome([f"Nothing would be accepted yet: {error.message}"], {"refused": error.message})
