"""When a number is so far below what was there before that a person is asked: for load and release."""

from collections.abc import Sequence
from math import sqrt

HALF = 0.5
FEW = 10  # below it, a change of any size is an ordinary correction
FEW_IN_A_MONTH = 3  # that many in a month, and then nobody, is asked about
#: Distance between two counts that chance alone hardly makes: 2·(√before − √now) has a deviation of 1 for
#: counts of independent events (Anscombe 1948); beyond 5, a month of ten people falls to none once in 20,000.
BEYOND_CHANCE = 5.0
_LEAST_PERIODS = 3


def is_far_fewer(before: int, now: int) -> bool:
    """Tell whether a count of the same period has lost more than half of what it had."""
    return before >= FEW and now < HALF * before


def is_none_left(before: int, now: int) -> bool:
    """Tell whether a period that had somebody has nobody now."""
    return before >= FEW_IN_A_MONTH and not now


def is_unlike_before(earlier: Sequence[int], now: int) -> bool:
    """Tell whether a count is far below all of the periods before it, and further than chance would bring.

    Parameters
    ----------
    earlier
        Counts of the periods before, of about a year; with fewer than three nothing is said.
    now
        Count of this period.
    """
    if len(earlier) < _LEAST_PERIODS:
        return False
    usual = sorted(earlier)[len(earlier) // 2]
    return now < HALF * min(earlier) and 2 * (sqrt(usual) - sqrt(now)) > BEYOND_CHANCE
