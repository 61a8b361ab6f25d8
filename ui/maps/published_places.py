"""Where published figures are from: the nation and its states, and which of them is the task force's own."""

from collections.abc import Sequence

from analysis.release.places import Geography
from ui.view import controls
from ui.view.view import View

NATION, ALL = "nation", "all"
STATE, COUNTY = 1, 2


def geography_of(view: View, measure: str) -> Geography | None:
    """Return the areas that a published measure is of."""
    if view.release is None:
        return None
    return view.release.areas.get(view.release.observed[view.measure(measure).source, measure].geography)


def states(geography: Geography | None, whole: str) -> dict[str, str]:
    """Return the nation and its states, codes to words: all of the list, whether or not they reported.

    Parameters
    ----------
    geography
        The areas.
    whole
        What the nation is called where the list of areas does not say.
    """
    if geography is None:
        return {NATION: whole}
    names, top = geography.names, geography.at(0)
    nation = names[top[0]] if len(top) == 1 else whole
    return {NATION: nation} | {code: names[code] for code in geography.at(STATE)}


def own_area(view: View, geography: Geography | None) -> str:
    """Return the task force's own area among those of published figures; empty when there is none.

    The area chosen for the page counts, else the one area that both lists share.
    """
    if view.release is None or geography is None:
        return ""
    own = controls.geography_of(view.release, view.filters.collection)
    if own is None or (own.code == geography.code and not view.filters.areas):
        return ""
    shared = [code for code in view.filters.areas or own.areas if geography.levels.get(code, 0) >= STATE]
    outermost = geography.without_nested(shared)
    return outermost[0] if len(outermost) == 1 else ""


def own_state(geography: Geography | None, own: str, places: dict[str, str]) -> str:
    """Return the state that the task force's own area is or lies in; the nation when there is none."""
    if own in places:
        return own
    above = geography.ancestors(own) if geography and own in geography.areas else ()
    return next((code for code in above if code in places), NATION)


def choices(view: View, measures: Sequence[str], whole: str) -> dict[str, str]:
    """Return the places that published measures are of, codes to words, the task force's own first.

    Parameters
    ----------
    view, whole
        As elsewhere here.
    measures
        The first one that is loaded counts. Nothing where none is.
    """
    measure = next((code for code in measures if view.has(code)), "")
    if not measure:
        return {}
    geography = geography_of(view, measure)
    places = states(geography, whole)
    first = own_state(geography, own_area(view, geography), places)
    return {first: places[first]} | places


def counties(view: View, measure: str, state: str, name: str) -> dict[str, str]:
    """Return the counties of a state that a published measure is of, the task force's own first, and all.

    Parameters
    ----------
    view, measure
        As elsewhere here.
    state, name
        The state's code and name.
    """
    geography = geography_of(view, measure) if view.has(measure) else None
    if geography is None or state == NATION or state not in geography.levels:
        return {}
    inside = {code: geography.names[code] for code in geography.within(state, COUNTY)}
    if not inside:
        return {}
    own = own_area(view, geography)
    first = {own: inside[own]} if own in inside else {}
    return first | {ALL: f"All of {name}"} | dict(sorted(inside.items(), key=lambda one: one[1]))
