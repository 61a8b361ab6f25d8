"""What several cards of the Service gaps page ask, the years they look at, and the situations made of it."""

from collections.abc import Mapping

from analysis import Answer
from analysis.findings.scope import Scope, scope_of
from analysis.periods import label_of_range
from analysis.topics.gaps import EVERYONE, Asked, Situation, Window, situations, window
from ui.cards.card import Ask
from ui.view.view import View

SUBJECTS = ("service_need", "place_use")
BY_TYPE, BY_GROUP, BY_AREA = ("service_type",), ("service_type", "eligibility"), ("service_type", "area")
COUNTIES = {"area_level": 1}
#: Rows of the grids: services that a gap can be named for.
KINDS = (
    *("housing", "counselling", "legal", "health"),
    *("interpretation", "immigration", "employment", "education"),
)
PAIRED = (
    *("service_needs", "needs_unmet", "unmet_no_place_share", "places"),
    *("people_in_places", "people_left_places", "people_waiting"),
)
REACH = ("reach_60_share", "reach_30_share", "reach_90_share", "access_per_100k")
_PAIRS = tuple(
    (f"{measure}/{number}", measure, by) for measure in PAIRED for number, by in ((1, BY_TYPE), (2, BY_GROUP))
)


def periods_of(view: View) -> tuple[str, str] | None:
    """Return the periods of the page: the newest three whole years, or what was chosen."""
    found = _window(view)
    return found.periods if found else None


def years_of(view: View) -> float:
    """Return how many years these are."""
    found = _window(view)
    return found.years if found else 1.0


def when(view: View) -> str:
    """Return them in words: "2023–2025"."""
    periods = periods_of(view)
    return label_of_range(*periods) if periods else ""


def has_both(view: View) -> bool:
    """Return whether needs and places are there, which what-if sets against each other."""
    return view.has("needs_unmet") and view.has("places")


def has_no_reach(view: View) -> bool:
    """Return whether nothing is known of how near services are."""
    return not any(map(view.has, REACH))


def region(measure: str, by: tuple[str, ...]) -> Ask:
    """Return a question of the whole region over the years of the page, whatever is filtered."""
    parts = COUNTIES if "area" in by else {}
    return Ask(measure, by, parts=parts, everywhere=True, periods=periods_of)


SITUATIONS = {name: region(measure, by) for name, measure, by in _PAIRS}


def situations_of(view: View, answers: Mapping[str, Answer]) -> list[Situation]:
    """Return need and places of each service and group, people a year, for the whole region."""
    found = [answers[name] for name, _, _ in _PAIRS if name in answers and not answers[name].refusal]
    return situations(Asked.of(found), years_of(view)) if len(found) == len(_PAIRS) else []


def scope_of_region(view: View, answers: Mapping[str, Answer]) -> Scope:
    """Return the scope of what is made of situations: the filters that it cannot follow."""
    return scope_of(answers["needs_unmet/1"], view.filters)


def sources(answers: Mapping[str, Answer]) -> tuple[Answer, ...]:
    """Return the answers that situations are made of."""
    return tuple(answers[name] for name in SITUATIONS if name in answers and not answers[name].refusal)


def name_of(view: View, service_type: str, group: str = EVERYONE) -> str:
    """Return "Housing and shelter for men and boys", or the service alone where places are for everyone."""
    name = view.words("service_type", service_type)
    if group in (EVERYONE, "anyone", "not_recorded"):
        return name
    return f"{name} for {view.catalog.dimensions['eligibility'].in_sentence(group)}"


def in_sentence(view: View, dimension: str, code: str) -> str:
    """Return the words for a code as they stand inside a sentence."""
    found = view.catalog.dimensions.get(dimension)
    return found.in_sentence(code) if found else view.words(dimension, code)


def _window(view: View) -> Window | None:
    held = view.release.collections if view.release else ()
    mine = [one for one in held if one.subject in SUBJECTS]
    mine = [one for one in mine if one.collection == view.filters.collection] or mine
    if not mine:
        return None
    first = max(one.first_period for one in mine)
    last = min(one.last_closed_month for one in mine)
    return window(first, last, view.filters.periods)
