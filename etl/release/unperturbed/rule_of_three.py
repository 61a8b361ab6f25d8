"""The rule for figures of organisations: how many stand behind one, and that none can be worked out of it.

A figure, or the change between two of them, passes when enough organisations have an amount in it (zero is
none), no amount is above the largest share of all, and whoever knows one of the amounts stays further from
every other than p percent. An attacker subtracts what is published; so the rule is asked of differences too.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from analysis.catalog.model import Protection

Parts = Mapping[str, float]
"""Amounts by organisation; what nobody is named for stands under an empty name."""

_ROUNDING = 1e-9


@dataclass(frozen=True)
class RuleOfThree:
    """The rule with its parameters.

    Attributes
    ----------
    minimum
        Smallest number of organisations with an amount.
    largest_share
        Largest part of all amounts, without their signs, that one may have.
    p_percent
        Part of an amount by which an estimate of it must miss, at least.
    """

    minimum: int
    largest_share: float
    p_percent: float

    @classmethod
    def of(cls, protection: Protection) -> "RuleOfThree":
        """Return the rule of a catalog."""
        return cls(
            protection.business_minimum_organisations,
            protection.business_largest_share,
            protection.business_p_percent,
        )

    def passes(self, parts: Parts) -> bool:
        """Tell whether a sum of these amounts may be published."""
        amounts = [amount for amount in parts.values() if amount]
        if sum(1 for name, amount in parts.items() if name and amount) < self.minimum:
            return False
        sizes = [abs(amount) for amount in amounts]
        if max(sizes) > self.largest_share * math.fsum(sizes) * (1 + _ROUNDING):
            return False
        # Of amounts of one sign the largest is the easiest to come near, by the second largest.
        amounts.sort(key=abs, reverse=True)
        places = range(len(amounts)) if min(amounts) < 0 < max(amounts) else (0,)
        return not any(self._is_close(amounts, place) for place in places)

    def _is_close(self, amounts: list[float], place: int) -> bool:
        """Tell whether the sum, less what one other organisation knows of itself, is near one amount."""
        rest = math.fsum(amounts) - amounts[place]
        near = self.p_percent * abs(amounts[place]) * (1 + _ROUNDING)
        others = (amount for other, amount in enumerate(amounts) if other != place)
        return any(abs(rest - known) <= near for known in (0.0, *others))

    def change_passes(self, before: Parts, after: Parts) -> bool:
        """Tell whether a figure may follow an earlier one: nothing changed, or the change passes.

        Where amounts rise and others fall, organisations may have merged, split or changed their name: what
        is left over is then the change of one of them alone. So only changes of organisations that are in
        both figures may go both ways.
        """
        changed = difference(after, before)
        if not changed:
            return True
        if min(changed.values()) < 0 < max(changed.values()):
            both = {name for name in before if before[name]} & {name for name in after if after[name]}
            if not changed.keys() <= both:
                return False
        return self.passes(changed)

    def is_alone(self, before: Parts, after: Parts) -> bool:
        """Tell whether one organisation is in one of two periods only and little else changed between them.

        One period less the other would then be its amount: where the others report the same every period. Who
        reports zero is there: that it had none before is not known of it, as it is of one that is new.
        """
        changed = difference(after, before)
        sizes = sorted(((abs(amount), name) for name, amount in changed.items()), reverse=True)
        for size, name in sizes:
            if name in before and name in after:
                continue
            others = [other for other, of in sizes if of != name]
            if math.fsum(others[1:]) <= self.p_percent * size * (1 + _ROUNDING):
                return True
        return False


def difference(after: Parts, before: Parts) -> dict[str, float]:
    """Return by how much the amounts of organisations differ; those that are equal are left out."""
    found = {}
    for name in sorted({*after, *before}):
        new, old = after.get(name, 0.0), before.get(name, 0.0)
        if not is_equal(new, old):
            found[name] = new - old
    return found


def is_equal(one: float, other: float) -> bool:
    """Tell whether two sums of the same amounts, added up in another order, may be the same."""
    return math.isclose(one, other, rel_tol=_ROUNDING, abs_tol=_ROUNDING)


def total(amounts: Iterable[float]) -> float:
    """Return a sum that does not depend on the order of its parts."""
    return math.fsum(amounts)
