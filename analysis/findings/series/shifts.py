"""When the level of a series changed, and what began about then. Decided here alone, by `level_breaks`."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analysis.findings.basis import Pair
from analysis.findings.changes import reports_in_both
from analysis.findings.compare import Value
from analysis.findings.finding import NOT_COMPARABLE, Finding
from analysis.findings.scope import Scope
from analysis.findings.series.stretch import Stretch
from analysis.statistics.checked import Numbers
from analysis.statistics.series.breaks import Break, level_breaks

#: Months on both sides of a change in which the same contributors must report.
_AROUND = 12
#: Share of a stretch that the interval of when may hold.
_WIDEST = 1 / 3
#: Of what began about then, so many are named.
MOST_BESIDE = 2


@dataclass(frozen=True)
class Began:
    """A law or a campaign, and the day from which it was there."""

    name: str
    day: datetime.date


@dataclass(frozen=True, eq=False)
class Shifts:
    """The levels of a stretch.

    Attributes
    ----------
    stretch
        Of what.
    found
        Changes, in order.
    season : array of shape (n,)
        What is usual for the time of the year: 1 on average.
    """

    stretch: Stretch
    found: tuple[Break, ...]
    season: Numbers

    @property
    def newest(self) -> Break | None:
        """The newest change."""
        return self.found[-1] if self.found else None

    def between(self, one: Break) -> tuple[str, str]:
        """Return the first and the last period in which a change can lie."""
        return self.stretch.codes[one.earliest], self.stretch.codes[one.latest]

    def pieces(self) -> list[tuple[int, int, float]]:
        """Return first and last place and level of each piece."""
        ends = [0, *(one.place for one in self.found), len(self.stretch.codes)]
        if not self.found:
            return [(0, ends[-1] - 1, float(self.stretch.values.mean()))]
        levels = [self.found[0].before, *(one.after for one in self.found)]
        return [(a, b - 1, level) for a, b, level in zip(ends, ends[1:], levels, strict=False)]


def shifts_of(stretch: Stretch) -> Shifts:
    """Return the changes of level of a stretch, each count against what is usual at its time of the year."""
    season = season_of(stretch.values, stretch.per_year)
    found = level_breaks(stretch.values, population=season, noise_variance=stretch.cell_variance)
    if any(one.latest - one.earliest > _WIDEST * len(stretch.values) for one in found):
        found = ()  # a change that may lie nearly anywhere is none that can be told
    return Shifts(stretch, found, season)


def season_of(values: Numbers, per_year: int) -> Numbers:
    """Return for each count what its time of the year usually is to the whole: 1 on average.

    A change of level moves all times of the year alike, but for those beside it.
    """
    places = np.arange(len(values)) % per_year
    if per_year == 1 or len(values) < 3 * per_year or not values.any():
        return np.ones(len(values))
    means = np.bincount(places, values, per_year) / np.bincount(places, minlength=per_year)
    usual = np.maximum(means / means.mean(), 1e-3)
    return np.asarray(usual[places])


def shift_finding(shifts: Shifts, scope: Scope, beside: Sequence[Began] = ()) -> Finding:
    """Return the newest change of level, beside what began about then; no cause is claimed.

    Parameters
    ----------
    shifts, scope
        The levels, and which filters they keep to.
    beside
        Laws and campaigns that began between the limits of the newest change (`Shifts.between`).
    """
    answer, newest = shifts.stretch.answer, shifts.newest
    facts = {
        "when": shifts.stretch.when,
        "level": shifts.stretch.level,
        "more": max(len(shifts.found) - 1, 0),
    }
    values: tuple[Value, ...] = ()
    direction = 0
    if newest is not None:
        values = (Value(newest.before, is_exact=True), Value(newest.after, is_exact=True))
        is_comparable = _is_comparable(shifts, newest)
        direction = (1 if newest.after > newest.before else -1) if is_comparable else NOT_COMPARABLE
        facts |= {
            "likely": shifts.stretch.codes[newest.place],
            "between": shifts.between(newest),
            "beside": tuple(beside)[:MOST_BESIDE],
        }
    return Finding(
        "shift",
        answer.measure,
        scope,
        values,
        topic="level_shift",
        direction=direction,
        facts=facts,
        label=answer.in_sentence,
    )


def _is_comparable(shifts: Shifts, one: Break) -> bool:
    """Return whether the same contributors report in the year before a change and in the year after it."""
    codes, reach = shifts.stretch.codes, max(_AROUND * shifts.stretch.per_year // 12, 1)
    before, after = codes[max(0, one.place - reach) : one.place], codes[one.place : one.place + reach]
    return reports_in_both(shifts.stretch.answer, Pair(before, after))


def too_hidden(answer_scope: Scope, what: str) -> Finding:
    """Return that the protection hides too much for a statistic, and what would show more.

    Parameters
    ----------
    answer_scope
        Of what was asked.
    what
        Which statistic: "a change of level".
    """
    return Finding("hidden", None, answer_scope, about=what, topic="too_hidden")
