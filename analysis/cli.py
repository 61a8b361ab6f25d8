"""The door from a terminal: ``answer``, ``count``, ``catalog``, ``briefing``, ``replay`` and ``access-log``.

Exit codes: 0 answered, 1 refused or failed with a message, 2 wrong usage.
"""

import argparse
import json
import os
import sys
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from analysis.answers.ask import answer
from analysis.answers.single_cell import published_count
from analysis.api.described import catalog_document
from analysis.api.questions import ends_of, once, where_of
from analysis.catalog.load import load_catalog
from analysis.errors import LttError
from analysis.exports import FORMATS, PACKAGE, data_file, deliver, export_context, export_items
from analysis.exports.formats.ending import ENDINGS_OF_TABLES, OF_PACKAGES, format_of
from analysis.exports.permalink import permalink
from analysis.exports.registers import command as register_command
from analysis.exports.scope import filters_sentence
from analysis.exports.words import RESTRICTED, origin
from analysis.findings.groups import standard
from analysis.findings.scope import scope_of
from analysis.findings.sentences import say
from analysis.periods import JOINED_LEVELS, PERIOD_LEVELS
from analysis.questions.filters import Filters, filters_of
from analysis.questions.question import Question
from analysis.questions.years import row_level
from analysis.release.access_log import beside, read, record_exact
from analysis.release.catalog_of_release import catalog_for
from analysis.release.release import Release
from analysis.release.release_file import open_release
from analysis.replay import command as replays

Write = Callable[[argparse.Namespace], None]


def main(arguments: Sequence[str] | None = None, *, write_briefing: Write | None = None) -> int:
    """Run one command.

    Parameters
    ----------
    arguments
        Words after ``python -m analysis``; those of the process when None.
    write_briefing
        Writes a briefing: slides are drawn by the layer above this one. Without it the command is not there.

    Returns
    -------
    int
        Exit code.
    """
    options = _parser(write_briefing).parse_args(arguments)
    try:
        code = options.run(options)
        sys.stdout.flush()  # here, where a reader who has gone is expected, and not at the very end
    except LttError as error:
        print(f"Error: {error.message}", file=sys.stderr)
        if error.next_step:
            print(error.next_step, file=sys.stderr)
        return 1
    except BrokenPipeError:
        # Whoever reads has had enough; the interpreter must not complain about it when it closes.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        print(f"Error: the file cannot be written ({error.strerror}).", file=sys.stderr)
        return 1
    return int(code or 0)


def _parser(write_briefing: Write | None = None) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m analysis", description="Published numbers of a release, from a terminal."
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _add_answer(commands)
    _add_count(commands)
    register_command.add(commands, _address, _add_release)
    catalog = commands.add_parser("catalog", help="what can be asked: measures, dimensions and their codes")
    catalog.add_argument("--format", choices=("text", "json"), default="text")
    catalog.add_argument(
        "--release",
        type=Path,
        metavar="DIR",
        help="folder of a release: adds the published counts that only it has",
    )
    catalog.set_defaults(run=_show_catalog)
    if write_briefing is not None:
        _add_briefing(commands, write_briefing)
    replays.add(commands)
    _add_access_log(commands)
    return parser


def _add_briefing(commands: Any, write: Write) -> None:
    command = commands.add_parser("briefing", help="slides of a briefing, as PowerPoint, HTML or PDF")
    command.add_argument(
        "file",
        type=Path,
        nargs="?",
        metavar="FILE",
        help="a kept briefing (default: the standard order)",
    )
    command.add_argument("--format", default="", metavar="F", help="pptx, html or pdf (default: as --out)")
    command.add_argument("--out", type=Path, required=True, metavar="FILE", help="file to write")
    command.add_argument("--title", default="", metavar="T", help="title, in place of the file's")
    command.add_argument(
        "--link",
        type=_address,
        default="",
        metavar="ADDRESS",
        help="address of the dashboard, for the links of slides",
    )
    _add_release(command)
    command.set_defaults(run=write)


def _address(text: str) -> str:
    """Return the address of a site or a page.

    Raises
    ------
    argparse.ArgumentTypeError
        If it is none that a reader could follow.
    """
    try:
        parts = urlsplit(text)
    except ValueError:
        parts = urlsplit("")
    # Empty is what argparse takes for an argument that is not given; a path is an address on the dashboard.
    if not text or (text.startswith("/") and not text.startswith("//") and text.isprintable()):
        return text
    if parts.scheme not in ("https", "http") or not parts.hostname or not text.isprintable():
        raise argparse.ArgumentTypeError(
            f"{text[:80]!r} is no address. Allowed: one such as https://trends.example.org"
        )
    return text.rstrip("/")


def _add_access_log(commands: Any) -> None:
    command = commands.add_parser(
        "access-log", help="who looked at partner or steward figures, when, and what was asked"
    )
    command.add_argument("log", type=Path, metavar="FILE", help="the log of a deployment (LTT_ACCESS_LOG)")
    command.add_argument("--who", default="", metavar="NAME", help="only readers whose name holds this")
    command.add_argument(
        "--since", type=_day, default="0001-01-01", metavar="YYYY-MM-DD", help="only from this day on"
    )
    command.add_argument("--format", choices=("text", "json"), default="text")
    command.set_defaults(run=_show_access_log)


def _day(text: str) -> str:
    """Return a day as the log writes it; argparse names the option when it is none."""
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no day. Allowed: a day such as 2026-01-31") from None


def _add_answer(commands: Any) -> None:
    command = commands.add_parser("answer", help="a table of one measure")
    command.add_argument("--measure", required=True, metavar="M", help="code of a measure")
    command.add_argument("--by", nargs="*", default=[], metavar="D", help="rows: period, area, dimensions")
    _add_where(command)
    command.add_argument(
        "--period-level",
        choices=(*PERIOD_LEVELS, *JOINED_LEVELS),
        help="rows by period (default: year, or what there is)",
    )
    command.add_argument("--periods", metavar="A..B", help="first and last period, such as 2019..2025")
    command.add_argument(
        "--area-level", type=int, metavar="N", help="rows by area: 0 region, 1 county, 2 district"
    )
    command.add_argument(
        "--format",
        choices=tuple(FORMATS),
        help="default: as --out ends, else csv; a package holds all that fit",
    )
    target = command.add_mutually_exclusive_group()
    target.add_argument("--out", type=Path, metavar="FILE", help="write to a file instead of the screen")
    target.add_argument(
        "--package",
        type=Path,
        metavar="FILE.zip",
        help="write the data package that the Explore page hands over: every format and what it means",
    )
    command.add_argument(
        "--link",
        type=_address,
        default="",
        metavar="ADDRESS",
        help="page with the same table, named in the file",
    )
    command.set_defaults(run=_show_answer)


def _add_count(commands: Any) -> None:
    command = commands.add_parser("count", help="one published number")
    command.add_argument(
        "--subject",
        default="person",
        metavar="S",
        help="what is counted (default: person)",
    )
    command.add_argument("--period", required=True, metavar="P", help="one month, quarter or year")
    _add_where(command)
    command.set_defaults(run=_show_count)


def _add_where(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--where",
        nargs="*",
        action="extend",
        default=[],
        metavar="D=V",
        help="filter; several codes with commas: form=forced_labour,forced_begging",
    )
    command.add_argument("--collection", metavar="C", help="code of a collection")
    _add_release(command)


def _add_release(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--release", type=Path, metavar="DIR", help="folder of a release (default: LTT_RELEASE)"
    )


def _show_answer(options: argparse.Namespace) -> None:
    kind = options.format or "csv"
    if options.package:
        format_of(options.package, "zip", OF_PACKAGES)
    elif options.out:
        kind = format_of(options.out, options.format or "", ENDINGS_OF_TABLES, usual="csv")
    elif FORMATS[kind].is_binary and sys.stdout.isatty():
        raise LttError(
            f"{kind} is no text to read on a screen.", f"Name a file: --out {options.measure}.{kind}"
        )
    release = open_release(options.release)
    catalog = catalog_for(release)
    measure = catalog.measures.get(options.measure)
    ends = ends_of(options.periods or "")
    asked = options.period_level or "" if "period" in options.by else ""
    question = Question(
        options.measure,
        once("by", options.by),
        where_of(options.where),
        period_level=row_level(asked, measure, catalog, release, chosen=ends, collection=options.collection),
        periods=ends,
        area_level=options.area_level,
        collection=options.collection,
    )
    [found] = answer([question], release)
    _warn(release)
    headline = say(standard(found, scope_of(found, Filters())))
    [item] = export_items([found], release, catalog, [headline])
    link = options.link or permalink(question, catalog)
    context = export_context(release, catalog, filters_of(question), link)
    if options.package:
        name, log = options.package.name, beside(release.folder)
        _hand_over(deliver([item], context, options.format or PACKAGE, name, log), options.package)
    else:
        content = data_file(item, context, kind)
        event, name = ("file", options.out.name) if options.out else ("screen", "screen")
        record_exact(release, event, name, content, filters_sentence(item, context))
        _hand_over(content, options.out)
    if options.package or kind != "json":
        for line in (headline, *found.said_beside, *found.caveats, f"Source: {found.source}"):
            print(line, file=sys.stderr)


def _hand_over(content: bytes, out: Path | None) -> None:
    if out:
        out.write_bytes(content)
        return
    sys.stdout.buffer.write(content)
    sys.stdout.buffer.flush()


def _show_count(options: argparse.Namespace) -> None:
    release = open_release(options.release)
    value = published_count(
        where_of(options.where), options.period, options.subject, options.collection, release=release
    )
    _warn(release)
    text = "not shown" if value is None else str(value)
    asked = f"{options.subject} {options.period} {options.where}"
    record_exact(release, "screen", "screen", text.encode(), asked)
    print(text)


def _show_access_log(options: argparse.Namespace) -> None:
    entries = [
        entry
        for entry in read(options.log)
        if options.who.lower() in entry.get("who", "").lower() and entry.get("at", "") >= options.since
    ]
    if options.format == "json":
        print(json.dumps(entries, ensure_ascii=False, indent=1))
        return
    for entry in entries:
        parts = [entry.get(key, "") for key in ("at", "who", "profile", "event", "name", "question")]
        # One look is one line on the screen too, whatever letters a question holds.
        plain = ("".join(letter for letter in part if letter.isprintable()) for part in parts)
        print("  ".join(part or "-" for part in plain))
    print(f"{len(entries)} {'look' if len(entries) == 1 else 'looks'}.", file=sys.stderr)


def _warn(release: Release) -> None:
    if release.is_exact:
        print(RESTRICTED, file=sys.stderr)
    if said := origin(len(release.task_forces), synthetic=release.synthetic):
        print(said, file=sys.stderr)


def _show_catalog(options: argparse.Namespace) -> None:
    catalog = catalog_for(open_release(options.release)) if options.release else load_catalog()
    if options.format == "json":
        print(json.dumps(catalog_document(catalog), ensure_ascii=False, indent=1))
        return
    print("Measures")
    for measure in catalog.measures.values():
        print(f"  {measure.code:28} {measure.label} [{measure.unit}]")
    print("\nWorked out on pages (cannot be asked for)")
    for derived in catalog.derived.values():
        print(f"  {derived.code:28} {derived.label} [{derived.unit}], on: {', '.join(derived.pages)}")
    for subject in catalog.subjects.values():
        print(f"\nDimensions of {subject.label.lower()} (details, at most one at a time, are marked *)")
        for code in subject.dimensions:
            dimension, star = catalog.dimensions[code], "*" if code in subject.detail else " "
            codes = ", ".join(dimension.codes) or "contributors of the collection"
            print(f" {star}{code:20} {codes}")
        if subject.always:
            print(f"  Every table is divided by {', '.join(subject.always)}; without it you get a sum.")
        limits = ", ".join(f"{limit} by {level}" for level, limit in subject.limits.items())
        print(f"  At once, the period and the area counting as one each: {limits}.")
