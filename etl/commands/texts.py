"""``texts``: the keeper reads the texts that a release would publish, and confirms them."""

import argparse
import re
from collections.abc import Collection, Sequence
from pathlib import Path

from analysis.words import counted, listed
from etl.commands import Outcome
from etl.commands.terminal import options
from etl.config import Home, home_at
from etl.errors import EtlError, UsageError
from etl.progress import Progress
from etl.release.texts import Waiting, confirm, forget, waiting
from etl.store.locking import exclusive

ALL = "all"
READING = "Reading the texts of the registers"
_NUMBERS = re.compile(r"\d+(?:-\d+)?(?:,\d+(?:-\d+)?)*")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of this command."""
    what = parser.add_mutually_exclusive_group()
    what.add_argument(
        "--confirm", metavar="NUMBERS|all", help="confirm texts by their number in the list: 1,4-7, or all"
    )
    what.add_argument(
        "--confirm-from", metavar="FILE", type=Path, help="confirm the texts of a file, one a line"
    )
    what.add_argument("--out", metavar="FILE", type=Path, help="write the list to a file, one text a line")
    what.add_argument(
        "--forget", metavar="FILE", type=Path, help="take back the confirmation of the texts of a file"
    )
    parser.epilog = (
        "Warnings (names, ages, room numbers ...) help you to read; they find some, not all. A text\n"
        "without a warning can tell a person as well: read each."
    )
    options.add_home(parser)
    options.add_wait(parser)


def run(arguments: argparse.Namespace, progress: Progress) -> Outcome:
    """List the texts, or confirm them."""
    home = home_at(arguments.home)
    progress.start(READING)
    with exclusive(home, arguments.wait):
        found, not_named = waiting(home)
        if arguments.confirm is not None:
            return _confirm(home, found, _chosen(found, arguments.confirm))
        if arguments.confirm_from is not None:
            lines = set(_lines(arguments.confirm_from))
            chosen = [one for one in found if one.text.strip() in lines]
            done = confirm(home, [one.text for one in chosen])
            unknown = len(lines) - len({one.text.strip() for one in chosen})
            rest = [f"{counted(unknown, 'line is')} no text that waits."] if unknown else []
            return Outcome(
                [f"Confirmed {counted(done, 'text')}.", *rest, _again(home)],
                {"confirmed": done, "waiting": len(found) - len(chosen)},
            )
        if arguments.forget is not None:
            done = forget(home, _lines(arguments.forget))
            return Outcome([f"Took back {counted(done, 'confirmation')}.", _again(home)], {"forgotten": done})
    if arguments.out is not None:
        return _write(found, arguments.out)
    return Outcome(_list(found, not_named), _values(found, not_named))


def confirm_these(home: Home, texts: Collection[str], progress: Progress) -> Outcome:
    """Confirm texts that somebody has read, as they stood there; what waits no more is not confirmed.

    Parameters
    ----------
    home
        The deployment; its lock is taken.
    texts
        Each as `etl.release.texts.waiting` gave it. Numbers of the list would name other texts after a load.
    progress
        Told what is done.
    """
    progress.start(READING)
    with exclusive(home):
        found, _ = waiting(home)
        return _confirm(home, found, [one for one in found if one.text in texts])


def _confirm(home: Home, found: Sequence[Waiting], chosen: Sequence[Waiting]) -> Outcome:
    done = confirm(home, [one.text for one in chosen])
    left = len(found) - len(chosen)
    return Outcome(
        [f"Confirmed {counted(done, 'text')}; {_waits(left)}.", _again(home)],
        {"confirmed": done, "waiting": left},
    )


def _again(home: Home) -> str:
    return f"Next: python -m etl release --home {home.root}"


def _list(found: Sequence[Waiting], not_named: dict[str, int]) -> list[str]:
    lines = []
    for number, one in enumerate(found, 1):
        warned = f"  << look again: {listed(list(one.warnings))}" if one.warnings else ""
        lines.append(f"{number:>5}  {one.text}  [{', '.join(one.columns)}]{warned}")
    if not found:
        lines.append("No text waits to be confirmed.")
    else:
        doubtful = sum(bool(one.warnings) for one in found)
        lines += [
            f"{_waits(len(found))}, {doubtful:,} of them with a warning. "
            "They stay out of every public and partner release until you confirm them.",
            "Next: python -m etl texts --confirm all, or --confirm 1,4-7",
        ]
    if not_named:
        named = ", ".join(f"{name} ({many:,})" for name, many in not_named.items())
        lines.append(f"Not named in published_texts of deployment.toml, so never published: {named}.")
    return lines


def _values(found: Sequence[Waiting], not_named: dict[str, int]) -> dict[str, object]:
    return {
        "waiting": [
            {"number": number, "text": one.text, "columns": one.columns, "warnings": one.warnings}
            for number, one in enumerate(found, 1)
        ],
        "not_named": not_named,
    }


def _chosen(found: Sequence[Waiting], numbers: str) -> list[Waiting]:
    if numbers == ALL:
        return list(found)
    if not _NUMBERS.fullmatch(numbers):
        raise UsageError("--confirm takes numbers such as 1,4-7, or all.", "python -m etl texts")
    chosen: set[int] = set()
    for part in numbers.split(","):
        first, _, last = part.partition("-")
        # Cut off above the list: a range of a billion is refused and not written out.
        numbers_of_part = range(int(first), int(last or first) + 1)[: len(found) + 1]
        chosen.update(numbers_of_part or [int(first)])
    outside = [number for number in chosen if not 1 <= number <= len(found)]
    if outside:
        raise UsageError(
            f"--confirm: {min(outside)} is no number of the list, which has {counted(len(found), 'text')}.",
            "python -m etl texts",
        )
    return [found[number - 1] for number in sorted(chosen)]


def _lines(file: Path) -> list[str]:
    try:
        return [line.strip() for line in file.read_text("utf-8").splitlines() if line.strip()]
    except (OSError, UnicodeDecodeError) as error:
        raise EtlError(
            f"{file}: cannot be read as text in UTF-8.", "python -m etl texts --out FILE"
        ) from error


def _write(found: Sequence[Waiting], file: Path) -> Outcome:
    if file.suffix.lower() not in ("", ".txt"):
        raise EtlError(f"{file.name}: the list is plain text.", f"Name it --out {file.stem}.txt")
    # A text of several lines could not be found again: it is confirmed by its number.
    kept = [one.text.strip() for one in found if len(one.text.splitlines()) == 1]
    file.write_text("".join(f"{text}\n" for text in kept), "utf-8")
    return Outcome(
        [
            f"Wrote {counted(len(kept), 'text')} to {file}. Delete the lines that must stay out.",
            f"Next: python -m etl texts --confirm-from {file}",
        ],
        {"file": str(file), "waiting": len(found)},
    )


def _waits(count: int) -> str:
    return f"{count:,} text waits" if count == 1 else f"{count:,} texts wait"
