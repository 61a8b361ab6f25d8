"""How many persons are on no list, from overlapping lists (multiple-systems estimation).

The file has one column of 0 and 1 for each list and a column `count` of persons; or one column of codes such
as 001 (text, a digit for each list) and `count`. A history that stands there twice is summed; one that does
not stand there has nobody. Nobody can be on no list: that is what is estimated.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from analysis.errors import LttError
from analysis.progress import bar
from analysis.replay.columns import add_confidence, add_file, known
from analysis.replay.reading import Table, read_table
from analysis.statistics.checked import Numbers
from analysis.statistics.hidden.bootstrap import RESAMPLES
from analysis.statistics.hidden.estimate import Estimate, describe, estimate, rules
from analysis.statistics.hidden.floor import MOST_APART
from analysis.statistics.hidden.histories import (
    FEWEST_LISTS,
    MOST_LISTS,
    CaptureTable,
    capture_table,
)
from analysis.statistics.hidden.selection import THRESHOLD

COUNT = "count"
_MARKS = ("0", "1")


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add what this statistic is asked with."""
    add_file(parser, "persons by capture history")
    parser.add_argument(
        "--method",
        choices=list(rules()),
        default="stepwise",
        help="how the model is chosen (default: stepwise): sparse stepwise, least BIC of all hierarchical "
        "models, least BIC downhill, or the older AIC steps",
    )
    parser.add_argument(
        "--threshold", type=float, default=THRESHOLD, metavar="P", help=f"of stepwise (default: {THRESHOLD})"
    )
    add_confidence(parser)
    drawn = parser.add_mutually_exclusive_group()
    drawn.add_argument(
        "--resamples",
        type=Path,
        metavar="FILE.csv",
        help="counts of given resamples: a column for each history such as 01100, a row for each resample",
    )
    drawn.add_argument(
        "--draws", type=int, default=RESAMPLES, metavar="N", help=f"own resamples (default: {RESAMPLES})"
    )
    parser.add_argument("--seed", type=int, default=1, metavar="S", help="of own resamples (default: 1)")
    parser.add_argument(
        "--below-floor",
        action="store_true",
        help="answer for fewer lists, persons or overlaps than anything published may rest on",
    )


def replay(table: Table, options: argparse.Namespace) -> dict[str, Any]:
    """Return the fields of the answer; as `analysis.replay.command.run`."""
    histories = histories_of(table)
    drawn = None if options.resamples is None else resamples_of(read_table(options.resamples), histories)
    found = estimate(
        histories,
        options.method,
        threshold=options.threshold,
        resamples=drawn,
        draws=options.draws,
        seed=options.seed,
        confidence=options.confidence,
        floor=not options.below_floor,
        progress=bar("Resamples:"),
    )
    return fields(histories, found, options.confidence)


def fields(table: CaptureTable, found: Estimate, confidence: float) -> dict[str, Any]:
    """Return an estimate under the names that `--json` prints."""
    model, bca = found.fit, found.bca
    shown: dict[str, Any] = {
        "estimate": found.total,
        "lower": found.lower,
        "upper": found.upper,
        "method": found.method,
        "model": describe(table, model) if model else None,
        "refused": found.refused or None,
        "confidence": confidence,
        "interval": found.interval or None,
        "lists": list(table.lists),
        "persons": int(table.persons),
        "overlaps": {
            table.name(pair): int(number)
            for pair, number in zip(table.pairs, table.on_all(table.pairs), strict=True)
        },
    }
    if model is None:
        return shown
    shown |= {"parameters": model.parameters, "aic": model.aic, "bic": model.bic, "deviance": model.deviance}
    if bca is not None:
        shown |= {
            "resamples": bca.resamples,
            "z0": bca.z0,
            "acceleration": bca.acceleration,
            "lower_error": known(bca.lower_error),
            "upper_error": known(bca.upper_error),
        }
    return shown | {
        "other_methods": dict(found.others),
        "without_list": dict(found.without),
        "contested": found.is_contested,
        "remarks": [
            *found.remarks,
            *(
                [f"The methods differ by more than a factor of {MOST_APART:g}: this would not be published."]
                if found.is_contested
                else []
            ),
        ],
    }


def histories_of(table: Table) -> CaptureTable:
    """Return persons by capture history from a file.

    Raises
    ------
    LttError
        Naming the file, its line and column, and what is allowed.
    """
    counts = table.counts(COUNT)
    names = [name for name in table.headings if name != COUNT]
    lists, marks = _codes(table, names[0]) if len(names) == 1 else (names, _marks(table, names))
    if not FEWEST_LISTS <= len(lists) <= MOST_LISTS:
        raise LttError(
            f"{table.name} has {len(lists)} lists.",
            f"Allowed: {FEWEST_LISTS} to {MOST_LISTS} columns of 0 and 1.",
        )
    for line, row in zip(table.lines, marks, strict=True):
        if not any(row):
            raise LttError(
                f"{table.name}, line {line}: these persons are on no list.",
                "Leave the line out: their number is what is estimated.",
            )
    return capture_table(lists, marks, counts)


def _marks(table: Table, names: Sequence[str]) -> list[list[int]]:
    marks = []
    for line, row in zip(table.lines, table.rows, strict=True):
        by_name = dict(zip(table.headings, row, strict=True))
        for name in names:
            if by_name[name] not in _MARKS:
                raise table.fail(line, name, by_name[name], "0 or 1")
        marks.append([int(by_name[name]) for name in names])
    return marks


def _codes(table: Table, name: str) -> tuple[list[str], list[list[int]]]:
    codes = table.column(name, "codes such as 001")
    length = len(codes[0])
    for line, code in zip(table.lines, codes, strict=True):
        if len(code) != length or not set(code) <= set(_MARKS):
            raise table.fail(line, name, code, f"a code of {length} digits 0 and 1, kept as text")
    return [str(place) for place in range(1, length + 1)], [[int(mark) for mark in code] for code in codes]


def resamples_of(table: Table, histories: CaptureTable) -> Numbers:
    """Return given resamples as an array of shape (rows, 2**t - 1).

    Raises
    ------
    LttError
        As `histories_of`.
    """
    lists = len(histories.lists)
    found = np.zeros((len(table.rows), len(histories.counts)))
    for heading in table.headings:
        if len(heading) != lists or not set(heading) <= set(_MARKS) or "1" not in heading:
            raise LttError(
                f"{table.name}: the heading {heading[:40]!r} is no history of {lists} lists.",
                f"Allowed: {lists} digits 0 and 1 in the order of the lists, at least one of them 1.",
            )
        code = sum(int(mark) << place for place, mark in enumerate(heading))
        found[:, code - 1] = table.counts(heading)
    for line, row in zip(table.lines, found, strict=True):
        if not row.any():
            raise LttError(f"{table.name}, line {line} holds nobody.", "Leave it out.")
    return found
