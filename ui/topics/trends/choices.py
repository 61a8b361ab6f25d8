"""The choices of the page Trends: measure, split, step, laws."""

from collections.abc import Mapping

from analysis.periods import JOINED_LEVELS, joined_words
from analysis.questions.years import QUARTER, year_of
from ui.cards import events
from ui.cards.card import Choice
from ui.view.view import View

RUNNING = "running"
_COARSE, _FINE = {"year": "Years"}, {"quarter": "Quarters", "month": "Months", RUNNING: "12 months running"}


def _measures(view: View) -> dict[str, str]:
    return {one.code: one.label for one in view.measures("trends")}


def _splits(view: View, measure: str) -> dict[str, str]:
    return view.splits(measure) if measure else {}


def _levels(view: View, measure: str) -> dict[str, str]:
    """Return the steps of a measure, the coarsest first; only counts are added up over quarters."""
    if not measure:
        return {**_COARSE, **_FINE}
    joined = view.joined_levels(measure)
    step = year_of(view.measure(measure), joined, view.filters.periods)
    if step == QUARTER:  # no whole calendar year lies inside, and it is not added up
        return dict(_FINE)
    if step in JOINED_LEVELS:
        # From and To are such years: they are the usual step, and no calendar years are between them.
        return {step: joined.get(step, joined_words(step)), **joined, **_FINE}
    return {**_COARSE, **joined, **_FINE}


MEASURE = Choice("measure", "Measure", _measures, style="select")
SPLIT = Choice("split", "Split by", _splits, style="select", under=MEASURE)
LEVEL = Choice("level", "Step", _levels, "year", style="select", under=MEASURE)
LAWS = Choice("laws", "Mark on the chart", events.choices, events.OWN, style="select")


def period_level(picked: Mapping[str, str]) -> str:
    """Return the level of the periods that the chosen step is made of."""
    step = picked[LEVEL.name]
    return "month" if step == RUNNING else step
