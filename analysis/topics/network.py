"""Who refers to whom: how concentrated the links are, and who alone carries one. From published cells only.

Concentration is the Herfindahl index, the sum of squared shares (Hirschman, *National Power and the
Structure of Foreign Trade*, 1945; Herfindahl, *Concentration in the Steel Industry*, 1950): 1/n for n equal
parts, 1 where one has all. A cell that is not shown holds between nothing and the threshold less one: with
x in it, the index is (S + x²)/(T + x)², which falls as long as x < S/T, the mean size weighted by size. No
shown cell is smaller than the threshold, so the index lies between "every hidden cell is full" and "every
hidden cell is empty". The noise of the protection (variance V in each shown cell) is put around it by the
delta method.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

ALONE = 0.8  # of a receiver's referrals from one sender: that sender carries the link alone
_Z = 1.96


@dataclass(frozen=True)
class Link:
    """Referrals from a sender to a receiver; `value` is None where they are not shown."""

    sender: str
    receiver: str
    value: float | None


@dataclass(frozen=True)
class Concentration:
    """The index with its limits, and the share of the largest part; `parts` are the shown ones."""

    value: float
    lower: float
    upper: float
    largest: str
    largest_share: float
    parts: int


@dataclass(frozen=True)
class SinglePoint:
    """A receiver that nearly everything reaches from one sender: the least share it can be."""

    receiver: str
    sender: str
    share: float


def concentration(
    parts: Mapping[str, float | None], *, most_hidden: float = 0.0, variance: float = 0.0
) -> Concentration | None:
    """Return how concentrated parts are.

    Parameters
    ----------
    parts
        Name to size; None where it is not shown.
    most_hidden
        The most that a part that is not shown can hold.
    variance
        Of the protection, in each shown part; 0 for exact numbers such as money.

    Returns
    -------
    Concentration or None
        None where nothing is shown.

    Examples
    --------
    >>> concentration({"a": 50.0, "b": 50.0}).value
    0.5
    """
    shown = {name: value for name, value in parts.items() if value}
    total = sum(shown.values())
    if total <= 0:
        return None
    squares = sum(value**2 for value in shown.values())
    hidden = sum(value is None for value in parts.values())
    index = squares / total**2
    low = (squares + hidden * most_hidden**2) / (total + hidden * most_hidden) ** 2
    slopes = sum((2 * (value / total - index) / total) ** 2 for value in shown.values())
    reach = _Z * math.sqrt(variance * slopes)
    largest = max(shown, key=lambda name: shown[name])
    return Concentration(
        value=index,
        lower=max(min(low, index) - reach, 0.0),
        upper=min(index + reach, 1.0),
        largest=largest,
        largest_share=shown[largest] / total,
        parts=len(shown),
    )


def single_points(links: Sequence[Link], *, most_hidden: float, least: float = ALONE) -> list[SinglePoint]:
    """Return receivers that depend on one sender even if every hidden link is as large as it can be.

    Parameters
    ----------
    links
        All links, hidden ones too.
    most_hidden
        The most that a hidden link can hold.
    least
        Smallest share that counts as "alone".
    """
    found = []
    for receiver in dict.fromkeys(link.receiver for link in links):
        mine = [link for link in links if link.receiver == receiver]
        shown = [(link.value, link.sender) for link in mine if link.value is not None]
        if not shown:
            continue
        value, sender = max(shown)
        most = sum(value for value, _ in shown) + most_hidden * (len(mine) - len(shown))
        if most > 0 and value / most >= least:
            found.append(SinglePoint(receiver, sender, value / most))
    return sorted(found, key=lambda one: -one.share)


def alone_in_kind(kinds: Mapping[str, float | None]) -> list[str]:
    """Return kinds with exactly one organisation: if it stops, the kind is gone.

    Parameters
    ----------
    kinds
        Kind to number of organisations (from the public register, exact).
    """
    return [kind for kind, many in kinds.items() if many == 1]
