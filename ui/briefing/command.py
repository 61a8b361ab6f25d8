"""``python -m analysis briefing``: the same files as the page Briefing, for a timetable."""

import argparse
import os
import sys
from dataclasses import replace
from pathlib import Path

from analysis import LttError, open_release
from analysis.briefing.briefing import LONGEST_TITLE, Briefing, clean
from analysis.briefing.file import LARGEST_BYTES, MAKE_ONE, from_file
from analysis.briefing.link import to_link
from analysis.exports.formats.ending import format_of
from analysis.progress import bar
from analysis.release.access_log import record_exact
from analysis.words import counted
from ui.briefing.deck import deck_of, is_card, without_repeats
from ui.briefing.earlier import earlier_release
from ui.briefing.formats.registry import FORMATS
from ui.briefing.paper.printable import unprinted
from ui.briefing.standard import standard


def write(options: argparse.Namespace) -> None:
    """Write one file of a briefing; say on the error stream what could not be opened.

    Parameters
    ----------
    options
        As `analysis.cli` reads them.

    Raises
    ------
    LttError
        If the file is no briefing, the release cannot be opened, or it cannot be written.
    """
    kind = format_of(options.out, options.format, {code: (code,) for code in FORMATS})
    if options.file is not None and options.out.exists() and options.out.samefile(options.file):
        raise LttError(f"{options.out} is the briefing itself.", f"Name another one: --out board.{kind}")
    release = open_release(options.release)
    briefing, notices = _briefing(options)
    earlier, more = earlier_release(briefing, release)
    deck = deck_of(
        briefing,
        release,
        base=options.link,
        earlier=earlier,
        progress=bar("Asking the cards:"),
        notices=(*notices, *more),
    )
    deck = without_repeats(deck)
    if kind == "pdf" and (lost := unprinted(deck)):
        print(lost, file=sys.stderr)
    content = FORMATS[kind].write(deck, bar("Writing slides:"))
    record_exact(release, "file", options.out.name, content, to_link(briefing))
    _write(options.out, content)
    for notice in deck.notices:
        print(notice, file=sys.stderr)
    slides = counted(len(deck.slides), "slide")
    print(f"{options.out}: {slides}, release {release.release_id}", file=sys.stderr)


def _briefing(options: argparse.Namespace) -> tuple[Briefing, tuple[str, ...]]:
    if options.file is None:
        return standard({}, clean(options.title, LONGEST_TITLE)), ()
    try:
        with options.file.open("rb") as opened:
            content = opened.read(LARGEST_BYTES + 1)
    except OSError as error:
        raise LttError(
            f"{options.file} cannot be read ({error.strerror}).",
            "Name a briefing file, or leave it out for the standard order.",
        ) from None
    briefing, notices = from_file(content, is_card, options.file.name)
    if options.title:
        briefing = replace(briefing, title=clean(options.title, LONGEST_TITLE))
    if not briefing.items:
        raise LttError(f"{options.file.name} has no card that can be shown.", MAKE_ONE)
    return briefing, notices


def _write(out: Path, content: bytes) -> None:
    """Write a file whole or not at all: a timetable may overwrite the one that is being shown."""
    if not out.name:
        raise LttError(f"{out} is a folder, not a file.", "Name a file: --out board.pptx")
    part = out.with_name(f".{out.name}.{os.getpid()}.part")
    try:
        part.write_bytes(content)
        part.replace(out)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise LttError(f"{out} cannot be written ({error.strerror}).", "Name another one.") from None
