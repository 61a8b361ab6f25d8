"""The choice of area level: opens where most can be shown, and says what each level could show."""

from analysis import Question
from analysis.answers.finest_level import opening_level, shown
from analysis.errors import QuestionError
from ui.app import controls
from ui.app.view import View
from ui.cards import layout
from ui.maps.places import Places


def level_choice(view: View, places: Places, question: Question) -> int:
    """Draw the choice and return the level.

    Parameters
    ----------
    view, places
        As elsewhere.
    question
        By ``area`` and ``period``: the levels are compared by how many of its yearly numbers can be shown.

    Returns
    -------
    int
        The chosen level; the finest that shows at least four fifths when nothing was chosen.
    """
    said = {}
    levels = _levels_of(places, question)
    for level in reversed(levels):
        try:
            can = shown(question.changed(area_level=level, period_level="year"), view.release)
        except QuestionError:
            continue
        said[str(level)] = (
            f"{_capital(places.level_words(level))} ({can.rows_shown} of {can.rows_total} shown)"
        )
    if not said:
        return levels[0]
    try:
        best = str(opening_level(question, view.release, ["year"], [int(code) for code in said]).area_level)
    except QuestionError:  # nothing can be shown at any level; the map says so
        best = str(levels[0])
    if len(said) == 1:
        layout.quiet(f"By {places.level_words(int(best), 1)}")
        return int(best)
    asked = controls.page_choice(
        "level",
        "Areas",
        said,
        best,
        help_text="How many yearly numbers can be shown. Opens at the finest level that shows four fifths.",
    )
    return int(asked)


def _levels_of(places: Places, question: Question) -> tuple[int, ...]:
    """Return the levels, coarsest first, that the areas of the filter can be drawn at: none above theirs."""
    known = places.geography.levels
    chosen = max((known[code] for code in question.filters.get("area", ()) if code in known), default=0)
    return tuple(level for level in places.levels if level >= chosen) or places.levels


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
