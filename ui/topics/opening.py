"""At which level a figure opens: the finest at which enough of its numbers can be shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from analysis import Answer, Question
from analysis.errors import QuestionError
from analysis.periods import PERIOD_LEVELS
from ui.view.view import View

_WORDS = {"month": "months", "quarter": "quarters", "year": "years"}


@dataclass(frozen=True)
class Opening:
    """The answer a figure opens with.

    Attributes
    ----------
    answer
        At `level`.
    level
        month, quarter or year.
    note
        Says which level was taken and why, for the subtitle.
    coarser, finer
        The next levels that may be asked, or empty.
    """

    answer: Answer
    level: str
    note: str
    coarser: str
    finer: str


def words(level: str) -> str:
    """Return "months", "quarters" or "years"."""
    return _WORDS[level]


def open_at(view: View, measure: str, by: Sequence[str], wanted: str = "", **parts: Any) -> Opening:
    """Return a measure over time at the wanted level, or at the finest that shows enough.

    Parameters
    ----------
    view
        The page's view.
    measure, by, **parts
        As `View.question`; `by` holds ``period``.
    wanted
        month, quarter or year; empty: the finest level at which four fifths of the cells are shown
        (`Protection.opening_share_shown`), else the coarsest.

    Raises
    ------
    analysis.errors.QuestionError
        If no level may be asked; the message says what to give up.
    """
    asked = questions(view, measure, by, **parts)
    given = dict(zip(PERIOD_LEVELS, view.answer(asked, strict=False), strict=True))
    answers = {level: answer for level, answer in given.items() if not answer.refusal}
    if not answers:
        raise given[PERIOD_LEVELS[-1]].refusal or QuestionError("This cannot be asked.")
    enough = view.catalog.protection.opening_share_shown
    best = next(
        (level for level, answer in answers.items() if share_shown(answer) >= enough), list(answers)[-1]
    )
    level = wanted if wanted in answers else best
    order = list(answers)
    place = order.index(level)
    return Opening(
        answer=answers[level],
        level=level,
        note=_note(answers, level, best, wanted),
        coarser=order[place + 1] if place + 1 < len(order) else "",
        finer=order[place - 1] if place else "",
    )


def questions(view: View, measure: str, by: Sequence[str], **parts: Any) -> list[Question]:
    """Return what `open_at` asks; a page that puts them to its first look-up saves another one."""
    return [view.question(measure, by, period_level=level, **parts) for level in PERIOD_LEVELS]


def share_shown(answer: Answer) -> float:
    """Return the share (0–1) of an answer's rows that can be shown."""
    return 1 - answer.frame["value"].null_count() / max(answer.frame.height, 1)


def _note(answers: dict[str, Answer], level: str, best: str, wanted: str) -> str:
    if wanted and wanted not in answers:
        return (
            f"{_WORDS[wanted].capitalize()} cannot be combined with these filters; {_WORDS[level]} are shown."
        )
    if wanted:
        return ""
    finer = list(answers)[: list(answers).index(best)]
    if not finer:
        return ""
    said = ", ".join(f"{_WORDS[one]}: {_percent(answers[one])} could be shown" for one in finer)
    return f"By {level}, because fewer numbers could be shown by shorter periods ({said})."


def _percent(answer: Answer) -> str:
    shown = answer.frame.height - answer.frame["value"].null_count()
    return f"{shown} of {answer.frame.height}"
