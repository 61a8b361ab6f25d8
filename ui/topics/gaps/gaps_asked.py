"""What the Service gaps page asks, all in one look-up, and the words for a type of service and a group."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from analysis import Answer, Filters, Question
from analysis.catalog.model import lower_first
from analysis.errors import LttError
from analysis.topics.gaps import EVERYONE, Asked, Situation, Window, situations, window
from ui.app.view import View

PAIRED = (
    "service_needs",
    "needs_unmet",
    "unmet_no_place_share",
    "places",
    "people_in_places",
    "people_left_places",
    "people_waiting",
)
OF_SITUATIONS = tuple(f"{measure}/{number}" for measure in PAIRED for number in (1, 2))
BY_TYPE, BY_GROUP = ("service_type",), ("service_type", "eligibility")
#: Rows and columns of the grids: what a gap can be named for.
KINDS = (
    "housing", "counselling", "legal", "health", "interpretation", "immigration", "employment", "education",
)  # fmt: skip
GROUPS = ("women", "men_and_boys", "girls", "with_children", "labour")
REACH = ("reach_30_share", "reach_60_share", "reach_90_share", "access_per_100k")
NEED, PLACES = "service_need", "place_use"


@dataclass
class Gaps:
    """What the page knows: the period it looks at and its answers by name.

    Attributes
    ----------
    view
        The page's view.
    window
        The months looked at; None where neither needs nor places are loaded, or not for what was chosen.
    has
        Codes of the measures that this release has figures for.
    """

    view: View
    window: Window | None
    has: frozenset[str]
    _asked: dict[str, Question] = field(default_factory=dict)
    _found: dict[str, Answer] = field(default_factory=dict)

    def want(self, name: str, question: Question) -> None:
        """Put a question to the page's look-up, where its measure is there."""
        if question.measure in self.has:
            self._asked[name] = question

    def look_up(self) -> None:
        """Answer everything that was put."""
        answers = self.view.answer(list(self._asked.values()), strict=False)
        self._found = dict(zip(self._asked, answers, strict=True))

    def answer(self, name: str) -> Answer | None:
        """Return an answer, or None where its measure is not there or it may not be asked."""
        found = self._found.get(name)
        return None if found is None or found.refusal else found

    def refusal(self, name: str) -> LttError | None:
        """Return why a question may not be asked, where its measure is there."""
        found = self._found.get(name)
        return found.refusal if found else None

    def question(self, measure: str, by: Sequence[str], *, areas: bool = False, **parts: object) -> Question:
        """Return a question over the window; of the shared filters only the areas are kept, on demand."""
        filters = self.view.filters
        kept = Filters(
            filters.areas if areas else (),
            self.window.periods if self.window else filters.periods,
            (),
            self._collection(measure),
        )
        return kept.question(measure, by, **parts)

    def _collection(self, measure: str) -> str | None:
        """Return the chosen collection where it holds what is asked: places may come in one of their own."""
        entry = self.view.measure(measure)
        subject = entry.subject or (self.view.measure(entry.above).subject if entry.above else "")
        held = self.view.release.collections if self.view.release else ()
        chosen = self.view.filters.collection
        return chosen if any((one.collection, one.subject) == (chosen, subject) for one in held) else None

    def answers(self, *names: str) -> list[Answer]:
        """Return the answers of these names that there are."""
        return [one for one in map(self.answer, names) if one is not None]

    @property
    def when(self) -> str:
        """The period in words: "2023–2025"."""
        if self.window is None:
            return ""
        return "–".join(dict.fromkeys(self.window.periods))

    def situations(self) -> list[Situation]:
        """Return need and places of each type of service and group, people a year, for the whole region."""
        answers = self.answers(*OF_SITUATIONS)
        if self.window is None or len(answers) < len(OF_SITUATIONS):
            return []
        return situations(Asked.of(answers), self.window.years)


def look_up(view: View) -> Gaps:
    """Ask everything that the page shows whatever is chosen on it."""
    has = frozenset(one.code for one in view.measures("gaps"))
    gaps = Gaps(view, _window(view), has)
    for measure in PAIRED:
        gaps.want(f"{measure}/1", gaps.question(measure, BY_TYPE))
        gaps.want(f"{measure}/2", gaps.question(measure, BY_GROUP))
    grid = {"service_type": KINDS, "eligibility": GROUPS}
    gaps.want("largest", gaps.question("needs_unmet", BY_GROUP, where=grid))
    gaps.want("unmet_share/2", gaps.question("unmet_need_share", BY_GROUP))
    gaps.want("unmet_share", gaps.question("unmet_need_share", (), areas=True))
    for measure in ("service_needs", "needs_unmet"):
        gaps.want(f"{measure}/area", gaps.question(measure, ("area", "service_type"), area_level=1))
    for number, by in enumerate(((), BY_TYPE, BY_GROUP)):
        gaps.want(f"waits/{number}", gaps.question("waiting_time_for_place", by, areas=True))
    gaps.want("occupancy", gaps.question("occupancy", BY_TYPE))
    gaps.want("reasons", gaps.question("unmet_reason_share", ("unmet_reason",), areas=True))
    gaps.want("barriers", gaps.question("barrier_level_share", ("barrier_level",), areas=True))
    gaps.want("no_place", gaps.question("unmet_no_place_share", BY_TYPE))
    for measure in REACH:
        gaps.want(measure, gaps.question(measure, BY_TYPE, periods=None))
        by_area = ("area", "service_type")
        gaps.want(f"{measure}/area", gaps.question(measure, by_area, periods=None, area_level=1))
    gaps.look_up()
    return gaps


def _window(view: View) -> Window | None:
    held = view.release.collections if view.release else ()
    mine = [one for one in held if one.subject in (NEED, PLACES)]
    mine = [one for one in mine if one.collection == view.filters.collection] or mine
    if not mine:
        return None
    first = max(one.first_period for one in mine)
    last = min(one.last_closed_month for one in mine)
    return window(first, last, view.filters.periods)


def words(view: View, service_type: str, group: str) -> str:
    """Return "Housing and shelter for men and boys", or the type alone where places are for everyone."""
    name = view.words("service_type", service_type)
    if group in (EVERYONE, "anyone", "not_recorded"):
        return name
    return f"{name} for {lower_first(view.words('eligibility', group))}"
