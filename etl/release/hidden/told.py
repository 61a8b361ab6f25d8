"""What of an estimate may be told: two figures, bands and agreement in words, and nothing in between.

Each of these is worked out once for the years that are closed, and frozen. What a reader could make of
several of them is attacked in `tests/security/test_hidden_population.py`.
"""

import hashlib
import hmac
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import ceil, floor, log10

from analysis.statistics.hidden.estimate import Estimate
from analysis.statistics.hidden.floor import MOST_APART
from analysis.statistics.hidden.histories import CaptureTable

ESTIMATED, REFUSED, WITHHELD = "estimated", "refused", "withheld"
#: Where bands of an overlap begin; 0 to 9 is told as any small number is. The last has no end.
EDGES = (0, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000)
#: Factors within which another answer agrees, the nearest first.
AGREES = {"within_1_5": 1.5, "within_2": MOST_APART}
APART, NO_ANSWER = "apart", "no_answer"
#: More resamples without an estimate than this share, or limits further apart than this factor: no interval.
MOST_WITHOUT, WIDEST = 0.05, 10.0

Row = tuple[str | int | bool | None, ...]


@dataclass(frozen=True)
class Told:
    """Rows of the three tables of a release, without collection and period."""

    population: Row
    overlaps: tuple[Row, ...] = ()
    agreements: tuple[Row, ...] = ()


def refused(reason: str) -> Told:
    """Return that there is no estimate, and why; nothing else."""
    return Told((REFUSED, reason, *[None] * 9))


def withheld(reason: str) -> Told:
    """Return that an estimate is kept back, and why; nothing else."""
    return Told((WITHHELD, reason, *[None] * 9))


def told(table: CaptureTable, found: Estimate, known: Collection[str], secret: bytes) -> Told:
    """Return what may be told of an estimate.

    Parameters
    ----------
    table, found
        Who is on which list, and the estimate.
    known
        Codes of lists that say a kind of agency. Any other is a name that somebody typed, and stays here.
    secret
        For the order in which lists without a name are numbered: theirs would tell something of it.
    """
    if found.refused or found.bca is None or found.total is None:
        return refused(found.reason)
    if found.is_contested:
        return withheld("methods_differ")
    bca = found.bca
    drawn = bca.resamples + bca.without_estimate
    if bca.without_estimate > MOST_WITHOUT * drawn or not 0 < bca.upper <= WIDEST * bca.lower:
        return withheld("unstable")
    names = _names(table.lists, known, secret)
    return Told(
        (
            *(ESTIMATED, "", two_figures(found.total)),
            *(two_figures(bca.lower, floor), two_figures(bca.upper, ceil)),
            *(two_figures(table.persons), len(table.lists), found.method, "bca", drawn, bca.is_shifted),
        ),
        tuple(
            sorted(
                (*sorted((names[one], names[other])), *band(both))
                for (one, other), both in zip(
                    combinations(table.lists, 2), table.on_all(table.pairs), strict=True
                )
            )
        ),
        (
            *(("method", name, agreement(found.total, other)) for name, other in found.others.items()),
            *sorted(
                ("list", names[name], agreement(found.total, other)) for name, other in found.without.items()
            ),
        ),
    )


def two_figures(number: float, rounded: Callable[[float], int] = round) -> int:
    """Return a number to two significant figures; limits are rounded outwards.

    >>> two_figures(1869.9), two_figures(104.9), two_figures(1734.1, floor), two_figures(9910.0, ceil)
    (1900, 100, 1700, 10000)
    """
    if number < 1:
        return 0
    step = 10 ** max(floor(log10(number)) - 1, 0)
    return rounded(number / step) * step


def band(number: float) -> tuple[int, int | None]:
    """Return where the band of an overlap begins, and where the next does; None after the last."""
    place = sum(number >= edge for edge in EDGES) - 1
    return EDGES[place], EDGES[place + 1] if place + 1 < len(EDGES) else None


def agreement(total: float, other: float | None) -> str:
    """Return how far another answer lies from the total, as one of a few words."""
    if other is None:
        return NO_ANSWER
    factor = max(total, other) / min(total, other)
    return next((word for word, most in AGREES.items() if factor <= most), APART)


def _names(lists: Sequence[str], known: Collection[str], secret: bytes) -> dict[str, str]:
    """Return the codes under which lists leave: of a kind of agency its own, of any other a number."""
    others = sorted(
        (name for name in lists if name not in known),
        key=lambda name: hmac.new(secret, f"list|{name}".encode(), hashlib.sha256).digest(),
    )
    numbers = {name: f"list_{place}" for place, name in enumerate(others, 1)}
    return {name: numbers.get(name, name) for name in lists}
