"""How much of a question can be shown, before it is asked: where a page opens, and what to give up."""

import functools
import itertools
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from analysis.answers.ask import check, look_up_all, plan_of
from analysis.answers.rows.arrays import Plan
from analysis.answers.rows.cells import NOT_APPLICABLE, NOT_AVAILABLE
from analysis.errors import NotPermitted, QuestionError
from analysis.periods import PERIOD_LEVELS
from analysis.questions.question import Question
from analysis.release.catalog_of_release import catalog_for
from analysis.release.release import Release
from analysis.release.release_file import open_release


class Shown(NamedTuple):
    """How many rows of an answer have a value. Rows that do not apply or were not collected do not count."""

    rows_shown: int
    rows_total: int

    @property
    def share(self) -> float:
        """Share of rows with a value, 0 to 1."""
        return self.rows_shown / self.rows_total if self.rows_total else 0.0

    @property
    def sentence(self) -> str:
        """Words for beside a control: "12 of 96 numbers could be shown."."""
        return f"{self.rows_shown:,} of {self.rows_total:,} numbers could be shown."


class Opening(NamedTuple):
    """The level at which a page opens, and the share of its numbers that can be shown there (0 to 1)."""

    period_level: str
    area_level: int | None
    share_shown: float


def shown(question: Question, release: Release | None = None) -> Shown:
    """Return how much of a question can be shown.

    Raises
    ------
    QuestionError
        When the question cannot be asked at all.
    """
    release = release or open_release()
    check(question, catalog_for(release), release)
    return _shown(release.release_id, (question,), _Held(release))[0] or Shown(0, 0)


def opening_level(
    question: Question,
    release: Release | None = None,
    period_levels: Sequence[str] = PERIOD_LEVELS,
    area_levels: Sequence[int] | None = None,
) -> Opening:
    """Return the finest period and area level at which at least four fifths of the numbers can be shown.

    Parameters
    ----------
    question
        The levels it names count for nothing where it has rows by period or by area.
    release
        An open release; the one of ``LTT_RELEASE`` when None.
    period_levels, area_levels
        Levels to choose from; all that the figures have when None.

    Returns
    -------
    Opening
        Where no level reaches four fifths: the level at which most can be shown.

    Raises
    ------
    QuestionError
        When the question cannot be asked at any level.
    """
    release = release or open_release()
    catalog = catalog_for(release)
    times = list(period_levels) if "period" in question.by else [question.period_level]
    places: list[int | None] = [question.area_level]
    if "area" in question.by:
        places = list(area_levels) if area_levels else [1, 2]
    choices = [
        question.changed(period_level=time, area_level=place)
        for time, place in itertools.product(times, places)
    ]
    found = _shown(release.release_id, tuple(choices), _Held(release))
    known = [(choice, one) for choice, one in zip(choices, found, strict=True) if one and one.rows_total]
    if not known:
        check(choices[-1], catalog, release)  # says why
        raise NotPermitted("Nothing of this can be shown at any level.", "Choose fewer filters.")
    enough = [pair for pair in known if pair[1].share >= catalog.protection.opening_share_shown]
    if enough:
        choice, best = max(enough, key=lambda pair: pair[1].rows_total)
    else:
        choice, best = max(known, key=lambda pair: (pair[1].share, -pair[1].rows_total))
    return Opening(choice.period_level, choice.area_level, best.share)


def what_to_give_up(question: Question, release: Release | None = None) -> list[tuple[str, Shown]]:
    """Return the dimensions of a question with what could be shown without each of them, best first.

    Parameters
    ----------
    question
        May have too many dimensions.
    release
        An open release; the one of ``LTT_RELEASE`` when None.
    """
    release = release or open_release()
    names = [name for name in dict.fromkeys((*question.by, *question.filters)) if name != "period"]
    fewer = [
        question.changed(
            by=[one for one in question.by if one != name],
            where={one: codes for one, codes in question.where if one != name},
        )
        for name in names
    ]
    found = _shown(release.release_id, tuple(fewer), _Held(release))
    pairs = [(name, one) for name, one in zip(names, found, strict=True) if one]
    return sorted(pairs, key=lambda pair: (-pair[1].share, names.index(pair[0])))


class _Held:
    """Carries the release through the cache without taking part in its key."""

    def __init__(self, release: Release) -> None:
        self.release = release

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Held)

    def __hash__(self) -> int:
        return 0


@functools.lru_cache(maxsize=256)
def _shown(release_id: str, questions: tuple[Question, ...], held: _Held) -> tuple[Shown | None, ...]:
    """Return what can be shown of each question; None for one that cannot be asked."""
    plans: list[Plan | None] = []
    for question in questions:
        try:
            plans.append(plan_of(check(question, catalog_for(held.release), held.release)))
        except QuestionError:
            plans.append(None)
    found = look_up_all(held.release, [plan for plan in plans if plan])
    counts: list[Shown | None] = []
    for plan in plans:
        if plan is None:
            counts.append(None)
            continue
        figures = plan.figures(found)
        applies = (np.asarray(figures.bits) & (NOT_APPLICABLE | NOT_AVAILABLE)) == 0
        has_value = ~np.isnan(figures.value)
        counts.append(Shown(int(has_value.sum()), int((applies | has_value).sum())))
    return tuple(counts)
