"""What the tables of several statistics have in common: the file, options and what is allowed of them."""

import argparse
import math
from pathlib import Path

from analysis.errors import LttError, echo
from analysis.replay.reading import LARGEST, Table, read_table
from analysis.statistics.areas.neighbours import Neighbours, from_links

FROM, TO = "from", "to"


_SURE = 1 - 1e-9
_MANY = 1_000_000
#: Of each option that is a number, for all statistics: least, most, and what is allowed in words.
_ALLOWED: dict[str, tuple[float, float, str]] = {
    "alarm_rate": (1e-9, _SURE, "between 0 and 1, such as 0.01"),
    "catchment": (1e-6, LARGEST, "a number of minutes above 0"),
    "confidence": (1e-9, _SURE, "between 0 and 1, such as 0.95"),
    "draws": (100, _MANY, f"100 to {_MANY:,}"),
    "false_discoveries": (1e-9, _SURE, "between 0 and 1, such as 0.05"),
    "harmonics": (0, 366, "0 to 366"),
    "horizon": (1, 1_000, "1 to 1,000 periods"),
    "multiplier": (1e-6, LARGEST, "a number above 0, such as 100000"),
    "noise_variance": (0, LARGEST, "0 or more, such as 3"),
    "penalty": (0, LARGEST, "0 or more"),
    "periods_a_year": (1, 366, "1 to 366"),
    "permutations": (99, _MANY, f"99 to {_MANY:,}"),
    "seed": (0, math.inf, "0 or more"),
    "shortest": (1, LARGEST, "1 or more"),
    "target": (0, LARGEST, "0 or more"),
    "threshold": (0, 1, "0 to 1, such as 0.02"),
    "years": (1, LARGEST, "1 or more"),
}


def add_file(parser: argparse.ArgumentParser, words: str) -> None:
    """Add the table that a statistic is of."""
    parser.add_argument("file", type=Path, metavar="FILE.csv", help=words)


def add_confidence(parser: argparse.ArgumentParser) -> None:
    """Add the option that intervals are asked with."""
    parser.add_argument("--confidence", type=float, default=0.95, metavar="C", help="default: 0.95")


def add_noise_variance(parser: argparse.ArgumentParser) -> None:
    """Add the option for what the protection adds to the variance of a count."""
    parser.add_argument(
        "--noise-variance", type=float, default=0.0, metavar="V", help="of protected counts (default: 0)"
    )


def check_options(options: argparse.Namespace) -> None:
    """Refuse options that cannot be, whichever statistic has them.

    Raises
    ------
    LttError
        Naming the first, and what is allowed.
    """
    for name, (least, most, words) in _ALLOWED.items():
        given = getattr(options, name, None)
        if given is not None and not least <= given <= most:
            raise LttError(f"--{name.replace('_', '-')} is {given:g}.", f"Allowed: {words}.")


def known(value: float) -> float | None:
    """Return a number; None where there is none or it has no end."""
    return float(value) if math.isfinite(value) else None


def events(table: Table, base: str = "population") -> tuple[list[float], list[float]]:
    """Return how many had an event, and of how many.

    Parameters
    ----------
    table
        With the columns ``count`` and `base`.
    base
        Heading of whom they are a part of.

    Raises
    ------
    LttError
        As `Table.numbers`; and where a count is larger than its base.
    """
    count, whole = table.counts("count"), table.numbers(base, "a number above 0", above=0)
    for line, part, people in zip(table.lines, count, whole, strict=True):
        if part > people:
            raise table.fail(line, "count", f"{part:g}", f"at most the {base}, {people:g}")
    return count, whole


def labels(table: Table, heading: str) -> list[str]:
    """Return the names of the rows; their lines where no column names them.

    Raises
    ------
    LttError
        If a name stands there twice.
    """
    if heading not in table.headings:
        return [f"line {line}" for line in table.lines]
    names = table.column(heading, "a name")
    seen: set[str] = set()
    for line, name in zip(table.lines, names, strict=True):
        if name in seen:
            raise table.fail(line, heading, name, "a name once")
        seen.add(name)
    return list(names)


def neighbours(path: Path, names: list[str]) -> Neighbours:
    """Return which areas lie beside which, from a file of directed links.

    Parameters
    ----------
    path
        With the columns ``from`` and ``to``.
    names
        Of the areas.

    Raises
    ------
    LttError
        If a link names an area that is not there, or leads back to itself.
    """
    table = read_table(path)
    place = {name: number for number, name in enumerate(names)}
    links = []
    ends = (table.column(FROM, "an area"), table.column(TO, "an area"))
    for line, *pair in zip(table.lines, *ends, strict=True):
        for heading, name in zip((FROM, TO), pair, strict=True):
            if name not in place:
                raise table.fail(line, heading, name, "an area of the other file")
        if pair[0] == pair[1]:
            raise LttError(f"{table.name}, line {line}: {echo(pair[0])} lies beside itself.", "Leave it out.")
        links.append((place[pair[0]], place[pair[1]]))
    return from_links(len(names), links)
