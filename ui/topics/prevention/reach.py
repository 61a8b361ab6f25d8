"""Cards about whom outreach and training reached: languages, and all areas with the untrained ones first."""

from collections.abc import Mapping

from analysis import Answer
from analysis.catalog.model import lower_first
from analysis.findings.finding import Finding
from analysis.findings.scope import scope_of
from analysis.findings.topics.prevention import Place, language_reached_least, places_reached
from analysis.words import number_text
from ui.cards.card import Ask, Card, FactCard, Facts, Needs, Shown
from ui.cards.table import Table
from ui.view.view import View

_COLUMNS = ("Area", "Reached face to face", "Trained", "What stands out")
_NEED = "High need: clearly more people identified per resident than elsewhere."


def _least_reached(shown: Shown) -> Finding:
    return language_reached_least(shown.answer, shown.answers.get("speakers"), shown.scope)


LANGUAGES = Card(
    "languages",
    "reach_per_1000_speakers",
    ("outreach_language",),
    say=_least_reached,
    more={"speakers": Ask("language_speakers", ("outreach_language",))},
    in_table=("speakers",),
    needs=Needs("People reached per 1,000 residents who speak a language", "language_speakers"),
)


def kinds_there(view: View) -> tuple[str, ...]:
    """Return the kinds of Safe Place there are, which is public: others need no "not shown"."""
    series = view.release.observed.get(("own", "safe_places_open")) if view.release else None
    return series.codes.get("safe_place_kind", ()) if series else ()


PASSED_ON = Card(
    "passed_on", "safe_place_onward_share", ("safe_place_kind",), {"safe_place_kind": kinds_there}
)
CONTACTS = Card(
    "contacts",
    "safe_place_contacts",
    ("period",),
    needs=Needs("People who asked for help at Safe Places", "safe_place_use"),
)


def _asks(view: View) -> Mapping[str, Ask]:
    """Ask of every area, at the finest level there is: reached and trained in one year, need over all."""
    collection = view.collection
    geography = view.release.areas.get(collection.geography) if view.release and collection else None
    if geography is None or not geography.level_names:
        return {}
    parts = {"area_level": max(geography.level_names)}
    return {
        "reached": Ask("people_reached", ("area",), settled=True, parts=parts, everywhere=True),
        "trained": Ask("people_trained", ("area",), settled=True, parts=parts, everywhere=True),
        "identified": Ask("detected_persons", ("area",), parts=parts, everywhere=True),
        "rate": Ask("detection_rate_per_100k", ("area",), parts=parts, everywhere=True),
    }


def _places(view: View, answers: Mapping[str, Answer]) -> Facts | None:
    reached, year = answers.get("reached"), view.settled_year
    if reached is None or reached.refusal or year is None:
        return None
    scope = scope_of(reached, view.filters)
    found = places_reached(dict(answers), scope, year)
    if found is None:
        return None
    finding, places = found
    rows = tuple(_row(view, reached, one) for one in places)
    return Facts(
        finding,
        Table(_COLUMNS, (False, True, True, False), rows),
        f"People reached by outreach and trained, by area · {year}",
        caption=_NEED,
        answers=(reached, answers["trained"]),
        scope=scope,
    )


PLACES = FactCard("places", _places, _asks, wide=False)


def _row(view: View, reached: Answer, place: Place) -> tuple[str, ...]:
    without = [
        word
        for word, number in (("No training", place.trained), ("No outreach", place.reached))
        if not number
    ]
    marks = [*without, *(["High need"] if place.has_high_need else [])]
    words = ", ".join([*marks[:1], *map(lower_first, marks[1:])])
    numbers = (number_text(reached.measure, number) for number in (place.reached, place.trained))
    return (view.words("area", place.area), *numbers, words)
