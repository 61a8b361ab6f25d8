"""Holds a question against the closed list, and says which dimension can be given up."""

from collections.abc import Iterable

from analysis import periods
from analysis.errors import TooManyDimensions
from analysis.periods import PERIOD_LEVELS
from analysis.questions.checked import Asked
from analysis.questions.question import fits
from analysis.words import NUMBER_WORDS


def check_closed_list(asked: Asked, own: Iterable[str]) -> None:
    """Refuse a combination that the release does not hold.

    Parameters
    ----------
    asked
        The question; its axes are dimensions.
    own
        Dimensions that the measure itself needs.

    Raises
    ------
    TooManyDimensions
        With the dimensions of which one can be given up.
    """
    subject, catalog = asked.subject, asked.catalog
    names = [axis.name for axis in asked.axes if axis.name not in ("period", "field")]
    level = finest_level(asked)
    own = list(own)

    def allowed(chosen: Iterable[str]) -> bool:
        kept = set(chosen)
        return fits(subject, catalog, level, "area" in kept, (kept | set(own)) - {"area"})

    if allowed(names):
        return
    free = [name for name in names if name not in own]
    size = {axis.name: len(axis.codes) for axis in asked.axes}
    single = [name for name in free if allowed(one for one in names if one != name)]
    give_up = sorted(single or free, key=lambda name: (name == "area", -size[name]))
    coarser = next(
        (
            one
            for one in PERIOD_LEVELS[PERIOD_LEVELS.index(level) + 1 :]
            if fits(subject, catalog, one, "area" in names, (set(names) | set(own)) - {"area"})
        ),
        "",
    )
    raise TooManyDimensions(_why(asked, names, own, level), _advice(asked, give_up, coarser), give_up)


def _why(asked: Asked, names: list[str], own: list[str], level: str) -> str:
    subject, words = asked.subject, asked.catalog.dimensions
    every = list(dict.fromkeys([*names, *own]))
    labels = [words[name].label.lower() if name in words else name for name in every]
    families = [words[name].family for name in every if name in words and words[name].family]
    if len(set(families)) < len(families):
        doubled = [words[name].label.lower() for name in every if name in words and words[name].family]
        return f"{' and '.join(doubled)} say the same thing twice and cannot be combined.".capitalize()
    details = [name for name in every if name in subject.detail]
    if len(details) > 1:
        listed = " and ".join(words[name].label.lower() for name in details)
        return f"Only one of these can be asked at a time: {listed}."
    limit = (subject.detail_limits if details else subject.limits)[level]
    count = NUMBER_WORDS[len(every) + 1] if len(every) < len(NUMBER_WORDS) - 1 else str(len(every) + 1)
    detail = f" with {words[details[0]].label.lower()}" if details else ""
    return (
        f"{count.capitalize()} dimensions at once ({', '.join(['period', *labels])}); "
        f"by {level}{detail} at most {NUMBER_WORDS[limit]} can be combined, the period being one."
    )


def _advice(asked: Asked, give_up: list[str], coarser: str) -> str:
    words = asked.catalog.dimensions
    listed = ", ".join(words[name].label.lower() if name in words else name for name in give_up)
    also = f" Or choose periods of whole {coarser}s." if coarser else ""
    return (f"Leave out one of: {listed}." if listed else "") + also


def finest_level(asked: Asked) -> str:
    """Return the finest period level among the cells of a question."""
    axis = asked.axis("period")
    levels = {periods.level_of(code) for code in axis.codes} if axis else {"year"}
    return next(level for level in PERIOD_LEVELS if level in levels)
