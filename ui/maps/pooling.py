"""Years taken together where single years would leave most areas unshown: rural and small places."""

from collections.abc import Sequence
from dataclasses import dataclass

from analysis import Answer
from analysis.errors import QuestionError
from analysis.periods import is_several, label_of_range
from ui.view.view import View

SPANS = (1, 2, 3, 5, 10)


@dataclass(frozen=True)
class Pooled:
    """Answers by area, one for each block of years.

    Attributes
    ----------
    blocks
        Words of the block ("2021–2023") and its answer, oldest first.
    years
        Years in a block.
    note
        Says how many years were taken together and why; empty for single years.
    """

    blocks: tuple[tuple[str, Answer], ...]
    years: int
    note: str


def by_years(view: View, measure: str, area_level: int, inside: Sequence[str] = ()) -> Pooled | None:
    """Return a measure by area for blocks of years that can mostly be shown.

    Parameters
    ----------
    view, measure
        As elsewhere.
    area_level
        Level of the areas.
    inside
        Areas to stay in; all when empty.

    Returns
    -------
    Pooled or None
        Periods of several years together are each a block. Else the fewest years a block at which enough of
        the areas can be shown
        (`Protection.opening_share_shown`); the largest span of which there are two where none
        reaches it. None when the figures
        cannot be asked by year.
    """
    years = _years(view, measure)
    where = {"area": tuple(inside)} if inside else None
    enough = view.catalog.protection.opening_share_shown
    best: Pooled | None = None
    for span in SPANS:
        blocks = _blocks(years, span)
        if best is not None and len(blocks) < 2:
            break
        questions = [
            view.question(measure, ["area"], where=where, periods=ends, area_level=area_level)
            for ends in blocks
        ]
        answers = view.answer(questions, strict=False)
        if not answers or any(answer.refusal for answer in answers):
            break
        labels = [label_of_range(*ends) for ends in blocks]
        best = Pooled(tuple(zip(labels, answers, strict=True)), span, _note(span, answers))
        if _share(answers) >= enough or any(map(is_several, years)):
            break  # years that are published together are not taken together with others
    return best


def _years(view: View, measure: str) -> list[str]:
    try:
        [answer] = view.answer([view.question(measure, ["period"], period_level="year")])
    except QuestionError:
        return []
    return answer.frame["period"].to_list()


def _blocks(years: Sequence[str], span: int) -> list[tuple[str, str]]:
    """Return first and last year of each whole block, counted back from the newest year."""
    count = len(years) // span
    start = len(years) - count * span
    return [(years[start + n * span], years[start + (n + 1) * span - 1]) for n in range(count)]


def _share(answers: Sequence[Answer]) -> float:
    rows = sum(answer.frame.height for answer in answers)
    hidden = sum(answer.frame["value"].null_count() for answer in answers)
    return 1 - hidden / max(rows, 1)


def _note(span: int, answers: Sequence[Answer]) -> str:
    if span == 1:
        return ""
    rows = sum(answer.frame.height for answer in answers)
    shown = rows - sum(answer.frame["value"].null_count() for answer in answers)
    return (
        f"{span} years are taken together, because fewer areas could be shown by single years. Each number "
        f"is the sum of the yearly numbers that can be shown; {shown} of {rows} can be."
    )
