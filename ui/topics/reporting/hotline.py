"""Figures of a national hotline under the task force's own reports: the same years, never one axis."""

from ui.cards.card import Ask, Card, Choice, Shown
from ui.charts.figure import Figure
from ui.charts.time.stacked_panels import Panel, stacked_panels
from ui.maps import published_places
from ui.view.view import View

TITLES = {
    "us_hotline_calls": "calls to the national hotline",
    "us_hotline_situations": "situations told to the national hotline",
}
UNITS_DIFFER = (
    "The panels count different things and often in different places: a call to the national hotline may be "
    "one of the task force's own reports or not, so nothing in one can be measured against the other."
)


def _places(view: View) -> dict[str, str]:
    return published_places.choices(view, tuple(TITLES), "All states")


PLACE = Choice("hotline_place", "Calls from", _places, style="select")


def panels(shown: Shown) -> Figure:
    """Return a panel each for own reports, calls and situations."""
    view = shown.view
    place = _places(view).get(shown.picked[PLACE.name], "")
    published = [shown.answers[name] for name in ("", "situations") if shown.has(name)]
    drawn: list[Panel] = [(f"{place}: {TITLES[answer.measure.code]}", [answer]) for answer in published]
    if shown.has("own"):
        drawn.insert(0, (f"{view.place or 'Own records'}: reports received", [shown.answers["own"]]))
    return stacked_panels(drawn, words=view.words, palette=view.palette, narrow=view.phone)


def places_differ(shown: Shown) -> list[str]:
    """Return why the panels cannot be measured against each other."""
    return [UNITS_DIFFER] if shown.has("own") else []


WHERE = {"area": PLACE}
CARD = Card(
    "hotline",
    "us_hotline_calls",
    ("period",),
    WHERE,
    chart=panels,
    more={
        "situations": Ask("us_hotline_situations", ("period",), WHERE),
        "own": Ask("tips_received", ("period",)),
    },
    in_table=("situations", "own"),
    notes=places_differ,
    wide=True,
)
