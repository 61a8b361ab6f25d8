"""Figures published by the FBI under the task force's own: the same years, other units, never one axis."""

from analysis import Answer, Question
from analysis.enforcement import total_shown
from ui import cards, controls, layout
from ui.charts.stacked_panels import Panel, stacked_panels
from ui.people_figures import refused
from ui.view import View

KNOWN, CLEARED, SHARE = "fbi_offences_known", "fbi_offences_cleared", "fbi_clearance_share"
OWN = "investigations_opened"
NATION = "nation"
CLEARANCES = (
    "Offences are cleared by arrest or by exceptional means; this source does not tell the two apart."
)
UNITS_DIFFER = (
    "The panels count different things, investigations and offences, and often in different places: nothing "
    "in one can be measured against the other."
)


def is_loaded(view: View) -> bool:
    """Return whether the release holds offences published by the FBI."""
    return view.release is not None and (view.measure(KNOWN).source, KNOWN) in view.release.observed


def draw(view: View, own: Answer | None) -> None:
    """Draw offences known and cleared, under the task force's investigations where there are any.

    Parameters
    ----------
    view
        The page's view.
    own
        Investigations opened by year; None when nothing of the kind is loaded.
    """
    left, _ = layout.row([2, 3])
    with left:
        places = _places(view)
        place = controls.page_choice("fbi_place", "Offences known in", places, NATION)
    known, cleared, share = view.answer(
        [_question(view, code, place) for code in (KNOWN, CLEARED, SHARE)], strict=False
    )
    if known.refusal or cleared.refusal:
        refused("Offences published by the FBI", known if known.refusal else cleared)
        return
    panels: list[Panel] = []
    if own is not None and not own.refusal and total_shown([own]):
        panels.append((f"{view.place or 'Own records'}: investigations opened", [own]))
    panels.append((f"{places[place]}: trafficking offences (FBI)", [known, cleared]))
    cards.figure_card(
        view,
        "fbi",
        [known, cleared, *([] if share.refusal else [share]), *(one for _, [one, *_more] in panels[:-1])],
        stacked_panels(panels, words=view.words, palette=view.palette),
        known.sentence,
        subtitle=f"Trafficking offences known and cleared, by year · {places[place]} · as published",
        notes=[
            UNITS_DIFFER if len(panels) > 1 else "",
            CLEARANCES,
        ],
    )


def _question(view: View, measure: str, place: str) -> Question:
    where = {} if place == NATION else {"area": (place,)}
    return view.question(measure, ["period"], where=where)


def _places(view: View) -> dict[str, str]:
    """Return the nation and its states, codes to words: all of the list, whether or not they reported."""
    if view.release is None:
        return {}
    geography = view.release.areas.get(view.release.observed[view.measure(KNOWN).source, KNOWN].geography)
    if geography is None:
        return {NATION: "All reporting agencies"}
    names = geography.names
    whole = geography.at(0)
    nation = names[whole[0]] if len(whole) == 1 else "All reporting agencies"
    return {NATION: nation} | {code: names[code] for code in geography.at(1)}
