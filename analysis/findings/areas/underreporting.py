"""Where a low count may mean low reporting: signs side by side, each against all other areas together.

A count of people identified falls when less happens and when less is told. No number tells the two apart.
What can be seen is whether the ways of telling are open: whether people come forward or the public tells of
them, whether residents believe that it happens where they live, and who reports at all.

Areas are never put in order. An area has a sign only where its figure lies clearly below that of all other
areas together (`compare.clearly`), and it is named only where two signs meet: by chance alone that happens
to fewer than one area in a thousand.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from analysis.answers.answer import Answer
from analysis.answers.ask import answer as ask
from analysis.catalog.model import Catalog
from analysis.findings.compare import Value, clearly, only, together, values_of
from analysis.findings.finding import Finding, no_label
from analysis.findings.scope import Scope, scope_of
from analysis.questions.filters import Filters
from analysis.questions.question import Question
from analysis.release.release import Release

IDENTIFIED, TOLD, BELIEF = "identified", "told", "belief"
SIGNS = (TOLD, BELIEF)  # what points at low reporting; few people identified alone points at nothing
ENOUGH = 2


#: Each sign: its measure, and what it keeps to.
MEASURES: Mapping[str, tuple[str, Mapping[str, tuple[str, ...]]]] = {
    IDENTIFIED: ("detection_rate_per_100k", {}),
    TOLD: ("self_report_share", {}),
    BELIEF: ("survey_agreeing_share", {"survey_item": ("happens_here",)}),
}
COUNTIES = 1


@dataclass(frozen=True)
class Sign:
    """One figure of one area (None: not shown) against all others together (None: none can be shown).

    `direction` is −1 clearly below the others, 1 clearly above, 0 where no difference can be claimed.
    """

    here: Value | None
    elsewhere: Value | None
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
    given = {name: answers[name] for name in MEASURES if name in answers and not answers[name].refusal}
    areas: dict[str, None] = {}
    for answer in given.values():
        areas |= dict.fromkeys(answer.frame["area"])
    return tuple(
        AreaSigns(
            area,
            {name: _sign(answer, area) for name, answer in given.items()},
            _contributors(reach, area),
        )
        for area in areas
    )


def low_reporting(release: Release, filters: Filters, catalog: Catalog) -> tuple[Finding, ...]:
    """Return in which areas a low count may mean low reporting, for a list of any page.

    Parameters
    ----------
    release, filters, catalog
        Of the page. All areas are compared, whatever is chosen; the period and the collection are kept.

    Returns
    -------
    tuple of Finding
        One; none where no area shows enough signs, which is nothing to tell outside the page about it.
    """
    questions = {
        name: Question(
            measure,
            ("area",),
            dict(where),
            periods=filters.periods,
            area_level=COUNTIES,
            collection=filters.collection if catalog.measures[measure].subject else None,
        )
        for name, (measure, where) in MEASURES.items()
    }
    answers = dict(zip(questions, ask(questions.values(), release, strict=False), strict=True))
    finding = low_reporting_of(answers, area_signs(answers), filters)
    return (finding,) if finding.facts["areas"] else ()


def low_reporting_of(
    answers: Mapping[str, Answer], signs: tuple[AreaSigns, ...], filters: Filters
) -> Finding:
    """Return the finding of the signs of all areas.

    Parameters
    ----------
    answers
        As `area_signs`.
    signs
        What `area_signs` made of them.
    filters
        Of the page: what the signs do not follow is told beside the finding.
    """
    areas = tuple(one.area for one in signs if one.may_be_unreported)
    told = answers.get(TOLD)
    held = {name for one in signs for name in one.signs}
    is_shown = any(one.signs[name].here for one in signs for name in SIGNS if name in one.signs)
    state = "not_loaded" if not held >= set(SIGNS) else "none" if is_shown else "too_small"
    first = next((one.signs[TOLD] for one in signs if one.area in areas), None)
    values = (first.here, first.elsewhere) if first else ()
    return Finding(
        "signal",
        told.measure if told else None,
        scope_of(told, filters) if told else Scope(),
        tuple(value for value in values if value is not None),
        about="area",
        topic="low_reporting",
        direction=-1 if areas else 0,
        facts={"areas": areas, "state": state},
        label=told.in_sentence if told else no_label,
    )


def _sign(answer: Answer, area: str) -> Sign:
    here = only(answer, area=area)
    elsewhere = together([one for one in values_of(answer) if one.codes["area"] != area])
    direction = clearly(here, elsewhere).direction if here and elsewhere else 0
    return Sign(here, elsewhere, direction)


def _contributors(reach: Answer | None, area: str) -> int | None:
    if reach is None or reach.refusal or "source" not in reach.frame.columns:
        return None
    return reach.frame.filter((pl.col("area") == area) & pl.col("value").is_not_null())["source"].n_unique()
