"""Where a low count may mean low reporting: signs side by side, each against all other areas together.

A count of people identified falls when less happens and when less is told. No number tells the two apart.
What can be seen is whether the ways of telling are open: whether people come forward or the public tells of
them, whether residents believe that it happens where they live, and who reports at all.

Areas are never put in order. An area has a sign only where its figure lies clearly below that of all other
areas together: beyond chance and the protection (`analysis.statistics.change`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

import polars as pl

from analysis.answers.answer import Answer
from analysis.findings.outcomes import Row, differ
from analysis.topics.data_quality import Contributor

IDENTIFIED, TOLD, BELIEF = "identified", "told", "belief"
SIGNS = (TOLD, BELIEF)  # what points at low reporting; few people identified alone points at nothing
ENOUGH = 2


@dataclass(frozen=True)
class Sign:
    """One figure of one area against all others together.

    Attributes
    ----------
    value, lower, upper
        As published; None where it is not shown.
    elsewhere
        The same of all other areas that can be shown, by their bases; None without any.
    direction
        −1 clearly below the others, 1 clearly above, 0 where no difference can be claimed.
    """

    value: float | None
    lower: float | None
    upper: float | None
    elsewhere: float | None
    direction: int


@dataclass(frozen=True)
class AreaSigns:
    """The signs of one area, and how many of the contributors have people there that can be shown."""

    area: str
    signs: Mapping[str, Sign]
    contributors: int | None

    @property
    def low(self) -> tuple[str, ...]:
        """Signs of low reporting, in the order of `SIGNS`."""
        return tuple(name for name in SIGNS if name in self.signs and self.signs[name].direction < 0)

    @property
    def may_be_unreported(self) -> bool:
        """Whether enough signs point at low reporting, and nobody can say that more people are identified."""
        identified = self.signs.get(IDENTIFIED)
        return len(self.low) >= ENOUGH and (identified is None or identified.direction <= 0)


def area_signs(answers: Mapping[str, Answer], reach: Answer | None = None) -> tuple[AreaSigns, ...]:
    """Return the signs of every area, in the order of the code list.

    Parameters
    ----------
    answers
        `IDENTIFIED`, `TOLD`, `BELIEF` to a rate or share by ``area``; what is not loaded is left out.
    reach
        People identified by ``area`` and ``source``, of which contributors with a shown number are counted.
    """
    areas: dict[str, None] = {}
    for answer in answers.values():
        areas |= dict.fromkeys(answer.frame["area"])
    return tuple(
        AreaSigns(
            area,
            {name: _sign(answer, area) for name, answer in answers.items()},
            _contributors(reach, area),
        )
        for area in areas
    )


def reported_share(roster: Sequence[Contributor]) -> float | None:
    """Return the share of the contributors' months with a report, in percent; None without a roster.

    >>> reported_share(())
    """
    total = sum(len(one.reported) for one in roster)
    return round(100 * sum(one.months for one in roster) / total) if total else None


def _sign(answer: Answer, area: str) -> Sign:
    rows = {row["area"]: row for row in answer.frame.iter_rows(named=True)}
    here = rows.get(area, {"value": None, "lower": None, "upper": None})
    others = _together([row for code, row in rows.items() if code != area])
    direction = differ(others, here) if others else 0
    return Sign(here["value"], here["lower"], here["upper"], others["value"] if others else None, direction)


def _together(rows: Sequence[Row]) -> Row | None:
    """Return the figure of several areas: their mean by base, with the limits of independent figures."""
    shown = [row for row in rows if row["value"] is not None and row["base"] and row["lower"] is not None]
    total = sum(row["base"] for row in shown)
    if not total:
        return None
    value = sum(row["base"] * row["value"] for row in shown) / total
    half = {
        side: sqrt(sum((row["base"] / total * (row[side] - row["value"])) ** 2 for row in shown))
        for side in ("lower", "upper")
    }
    return {"value": value, "lower": value - half["lower"], "upper": value + half["upper"]}


def _contributors(reach: Answer | None, area: str) -> int | None:
    if reach is None or "source" not in reach.frame.columns:
        return None
    return reach.frame.filter((pl.col("area") == area) & pl.col("value").is_not_null())["source"].n_unique()
