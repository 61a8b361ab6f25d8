"""The limits of values as Plotly draws them: one way for bars, points and columns."""

from collections.abc import Iterable
from math import isfinite
from typing import Any

Shown = tuple[float | None, float | None, float | None]
"""A value, its lower and its upper limit."""
_CAP_PIXELS = 4


def whiskers(shown: Iterable[Shown], colour: str, *, thickness: float = 1.2) -> dict[str, Any]:
    """Return the ``error_x`` or ``error_y`` of a trace.

    Parameters
    ----------
    shown
        The values of the trace with their limits. Where one is missing or endless there is no whisker.
    colour, thickness
        Of the strokes; pixels.
    """
    rows = list(shown)
    return {
        "type": "data",
        "symmetric": False,
        "array": [_reach(value, upper) for value, _, upper in rows],
        "arrayminus": [_reach(value, lower) for value, lower, _ in rows],
        "color": colour,
        "thickness": thickness,
        "width": _CAP_PIXELS,
    }


def are_drawn(given: dict[str, Any]) -> bool:
    """Return whether any whisker has a length: a number that is known exactly has no ends to draw."""
    return any((*given["array"], *given["arrayminus"]))


def _reach(value: float | None, limit: float | None) -> float | None:
    if value is None or limit is None or not isfinite(limit):
        return None
    return abs(limit - value)
