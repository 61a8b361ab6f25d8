"""What the tables of several statistics have in common."""

import argparse
import math
from pathlib import Path

from analysis.errors import LttError, echo
from analysis.replay.reading import Table, read_table
from analysis.statistics.areas.neighbours import Neighbours, from_links

FROM, TO = "from", "to"


def add_confidence(parser: argparse.ArgumentParser) -> None:
    """Add the option that intervals are asked with; `check_confidence` looks at what is given."""
    parser.add_argument("--confidence", type=float, default=0.95, metavar="C", help="default: 0.95")


def add_noise_variance(parser: argparse.ArgumentParser) -> None:
    """Add the option for what the protection adds to the variance of a count."""
    parser.add_argument(
        "--noise-variance", type=float, default=0.0, metavar="V", help="of protected counts (default: 0)"
    )


def check_confidence(confidence: float) -> None:
    """Refuse what is no confidence.

    Raises
    ------
    LttError
        If it is not between 0 and 1.
    """
    if not 0 < confidence < 1:
        raise LttError(f"--confidence is {confidence}.", "Allowed: between 0 and 1, such as 0.95.")


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
