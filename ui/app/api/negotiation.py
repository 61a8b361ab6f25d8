"""In which of its formats an answer is given: the header ``Accept``, as RFC 9110 reads it."""

import re
from collections.abc import Iterable, Sequence

_WEIGHT = re.compile(r"0(\.[0-9]{0,3})?|1(\.0{0,3})?")


def choose(accepted: Iterable[str], offered: Sequence[str]) -> str | None:
    """Return the format that a caller likes best; None where none of them is accepted.

    Parameters
    ----------
    accepted
        Values of the header, one a line; none means everything.
    offered
        Media types, the usual one first.
    """
    ranges = [one for line in accepted for part in line.split(",") if (one := _range(part))]
    if not ranges:
        return offered[0]
    liked = {kind: _liking(kind, ranges) for kind in offered}
    best = max(offered, key=lambda kind: liked[kind])  # of equals the first, which is the usual one
    return best if liked[best] > 0 else None


def _range(part: str) -> tuple[str, float] | None:
    kind, *more = (piece.strip().lower() for piece in part.split(";"))
    if kind.count("/") != 1:
        return None
    named = dict(piece.partition("=")[::2] for piece in more)
    weight = named.get("q", "1").strip()
    return (kind, float(weight)) if _WEIGHT.fullmatch(weight) else None


def _liking(kind: str, ranges: Iterable[tuple[str, float]]) -> float:
    """Return the weight of the narrowest range that a format lies in."""
    whole = f"{kind.partition('/')[0]}/*"
    found = {name: weight for name, weight in ranges if name in (kind, whole, "*/*")}
    return next((found[name] for name in (kind, whole, "*/*") if name in found), 0.0)
