"""Offences published by the FBI under the task force's own investigations: the same years, never one axis."""

from ui.cards.card import Ask, Card, Choice, Figure, Shown
from ui.charts.time.stacked_panels import Panel, stacked_panels
from ui.maps import published_places
from ui.maps.published_places import COUNTY
from ui.view.view import View

TITLE = "Beside figures that the FBI publishes"
MEASURES = ("fbi_offences_known", "fbi_offences_cleared", "fbi_clearance_share")
AGENCIES = "fbi_agencies"  # how many police forces sent: with more of them, more offences are known
COUNTIES_ONLY = (
    "A county holds the agencies that name it alone; agencies of several counties, and of the state, count "
    "for the state. A year without a number was not reported, which is not zero."
)
UNITS_DIFFER = (
    "The panels count different things, investigations and offences, and often in different places: nothing "
    "in one can be measured against the other."
)


def _states(view: View) -> dict[str, str]:
    return published_places.choices(view, MEASURES, "All reporting agencies")


def _counties(view: View, state: str) -> dict[str, str]:
    return published_places.counties(view, MEASURES[0], state, _states(view).get(state, ""))


STATE = Choice("fbi_place", "Offences known in", _states, style="select")
PLACE = Choice("fbi_county", "County", _counties, style="select", under=STATE)


def panels(shown: Shown) -> Figure:
    """Return a panel for own investigations, and one for offences known and cleared."""
    view = shown.view
    names = [_states(view).get(shown.picked[STATE.name], "")]
    if _is_county(shown):
        names.insert(0, _counties(view, shown.picked[STATE.name])[shown.picked[PLACE.name]])
    offences = [shown.answer, *([shown.answers["cleared"]] if shown.has("cleared") else [])]
    drawn: list[Panel] = [(f"{', '.join(names)}: trafficking offences (FBI)", offences)]
    if shown.has("own"):
        drawn.insert(0, (f"{view.place or 'Own records'}: investigations opened", [shown.answers["own"]]))
    return stacked_panels(drawn, words=view.words, palette=view.palette, narrow=view.phone)


def notes(shown: Shown) -> list[str]:
    """Return what the two panels do not share, and what a county leaves out."""
    return [
        UNITS_DIFFER if shown.has("own") else "",
        COUNTIES_ONLY if _is_county(shown) else "",
    ]


def _is_county(shown: Shown) -> bool:
    geography = published_places.geography_of(shown.view, MEASURES[0])
    return geography is not None and geography.levels.get(shown.picked[PLACE.name]) == COUNTY


WHERE = {"area": (STATE, PLACE)}
CARD = Card(
    "fbi",
    MEASURES[0],
    ("period",),
    WHERE,
    chart=panels,
    more={
        "cleared": Ask(MEASURES[1], ("period",), WHERE),
        "share": Ask(MEASURES[2], ("period",), WHERE),
        "agencies": Ask(AGENCIES, ("period",), WHERE),
        "own": Ask("investigations_opened", ("period",)),
    },
    in_table=("cleared", "share", "agencies", "own"),
    notes=notes,
    wide=True,
)
