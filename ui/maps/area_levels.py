"""The choice of area level: opens where most can be shown, and says what each level could show."""

from analysis import Question
from analysis.answers.finest_level import opening_level, shown
from analysis.errors import QuestionError
from ui.maps.places import Places
from ui.view.view import View

FEWEST_ON_A_MAP, HALF = 3, 0.5


def level_options(view: View, places: Places, question: Question) -> dict[str, str]:
    """Return the levels and what each could show in words, the one to open at first.

    Parameters
    ----------
    view, places
        As elsewhere.
    question
        By ``area`` and ``period``: the levels are compared by how many of its yearly numbers can be shown.

    Returns
    -------
    dict
        First the finest level that shows at least four fifths, then the others, finest first. Two areas are
        no map: a level of so few opens only where no other shows half of its numbers.
    """
    words, told = {}, {}
    for level in reversed(places.levels):
        try:
            can = shown(question.changed(area_level=level, period_level="year"), view.release)
        except QuestionError:
            continue
        name = places.level_words(level)
        told[level] = can
        words[str(level)] = f"{name[:1].upper()}{name[1:]} ({can.rows_shown} of {can.rows_total} shown)"
    if not words:
        coarsest = places.levels[0]
        return {str(coarsest): places.level_words(coarsest)}
    maps = [level for level, can in told.items() if len(places.geography.at(level)) >= FEWEST_ON_A_MAP]
    maps = maps if any(told[level].share >= HALF for level in maps) else list(told)
    try:
        best = str(opening_level(question, view.release, ["year"], maps).area_level)
    except QuestionError:  # nothing can be shown at any level; the map says so
        best = str(places.levels[0])
    return {best: words.get(best, ""), **words} if best in words else words
