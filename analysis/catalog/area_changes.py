"""How areas were merged, split and renumbered, and from which year to which each holds."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class AreaChange:
    """One change of areas, from a year on: codes before and after it.

    Where one side is a single area, the other side makes it up exactly. `names` are of areas that a list of
    today's areas does not have.
    """

    year: int
    before: tuple[str, ...]
    after: tuple[str, ...]
    names: Mapping[str, str]

    @property
    def whole(self) -> str:
        """The area that the parts make up; empty where the two sides do not nest."""
        sides = [side for side in (self.after, self.before) if len(side) == 1]
        return sides[0][0] if sides else ""

    @property
    def parts(self) -> tuple[str, ...]:
        """The areas that make up the whole, which may be one of them; empty where the sides do not nest."""
        if not self.whole:
            return ()
        return self.before if len(self.after) == 1 else self.after


@dataclass(frozen=True)
class Editions:
    """How the areas of one geography (`code`) changed, oldest first."""

    code: str
    citation: str
    changes: tuple[AreaChange, ...]

    def years(self, code: str) -> tuple[int | None, int | None]:
        """Return the first and the last year in which an area held; None for an end that is not known.

        An area that a change leaves in place, with another extent, has both ends open.
        """
        first = [one.year for one in self.changes if code in one.after and code not in one.before]
        last = [one.year - 1 for one in self.changes if code in one.before and code not in one.after]
        return max(first, default=None), min(last, default=None)

    def years_words(self, code: str) -> str:
        """Return "since 2022", "until 2021" or "2019 to 2022"; empty where no end is known."""
        first, last = self.years(code)
        if first is not None and last is not None:
            return f"{first} to {last}"
        return f"since {first}" if first is not None else f"until {last}" if last is not None else ""
