"""What if there were more places, or a new site: the choices, and the outcome as a card.

The choices stand in the address as plain codes, so the outcome can be sent as a link. What the address says
and cannot be is told, and the usual choice is taken.
"""

import streamlit as st

from analysis import Question
from analysis.catalog.model import lower_first
from analysis.exports.words import SYNTHETIC
from analysis.release.places import Geography
from analysis.topics import gaps as arithmetic
from analysis.topics.gaps import Estimate, Situation
from analysis.topics.what_if import MOST_PLACES, Centre, Outcome, Site, apply, open_site
from ui import format as text
from ui.app import controls
from ui.cards import fact_card, layout
from ui.cards import figure_card as cards
from ui.cards.table import Table
from ui.charts.bars.estimates import Bar, estimates_chart
from ui.topics.gaps import gaps_what_if_reach as what_if_reach
from ui.topics.gaps.gaps_asked import Gaps, words
from ui.topics.gaps.gaps_what_if_reach import Choice

USUAL_PLACES = 10
MODEL = (
    "A simple model on published numbers: an added place takes as many people a year as such places do now, "
    "and helps only people who were not served because nothing was available, after free places are filled. "
    "Places added = places used + places idle."
)


def draw(gaps: Gaps, rows: list[Situation]) -> None:
    """Draw the choices and, as one card, what follows from them."""
    geography = _geography(gaps)
    choice = _choose(gaps, rows, geography)
    outcome = apply(choice.situation, choice.places)
    site = _site(gaps, choice, geography)
    name = words(gaps.view, choice.situation.service_type, choice.situation.group)
    where = gaps.view.words("area", choice.area) if choice.area else "Whole region"
    parts = ["People a year", name, where, gaps.when, f"{gaps.view.profile} release"]
    reach = what_if_reach.look(gaps, choice, site, geography)
    assumptions = " ".join([MODEL, *_assumed(choice), *reach.said])
    released = gaps.view.release
    source = _source(gaps)
    as_of = f"as of {text.date_text(released.as_of)}" if released else ""
    fact_card.fact_card(
        gaps.view,
        "what_if",
        _headline(outcome, name),
        _table(choice, outcome, reach),
        subtitle=" · ".join(parts),
        caption=" ".join(
            [
                f"Source: {source} · {as_of} · Reported, not prevalence.",
                SYNTHETIC if released and released.synthetic else "",
                f"Assumed: {assumptions}",
            ]
        ),
        figure=estimates_chart(
            [
                _bar("Not served now", outcome.unserved_before, is_quiet=True),
                _bar("Not served then", outcome.unserved_after),
            ],
            unit="people a year",
            kind="count",
            palette=gaps.view.palette,
            narrow=gaps.view.phone,
        ),
        about={"assumptions": assumptions, "citation": source},
    )


def _choose(gaps: Gaps, rows: list[Situation], geography: Geography | None) -> Choice:
    """Draw the four choices; each is one parameter of the address."""
    rows = [one for one in rows if one.can_be_asked]
    kinds = {f"{one.service_type}.{one.group}".rstrip("."): one for one in rows}
    names = {key: words(gaps.view, one.service_type, one.group) for key, one in kinds.items()}
    default = max(kinds, key=lambda key: kinds[key].wanting.value)
    areas = {"": "Whole region"} | {code: gaps.view.words("area", code) for code in _scaled_areas(gaps, rows)}
    sites = {"": "None"}
    if geography:
        finest = max(geography.levels.values(), default=0)
        sites |= {code: geography.names[code] for code in geography.at(finest)}
    first, second, third, fourth = layout.row([6, 4, 3, 4])
    with first:
        key = controls.page_choice("if_type", "Places of", names, default)
    with second:
        area = controls.page_choice("if_area", "For people in", areas, "")
    with third:
        places = _places_choice()
    with fourth:
        site = controls.page_choice(
            "if_site",
            "Open a site in",
            sites,
            "",
            help_text="A new site in the middle of this area, with the places chosen.",
        )
    situation = kinds[key]
    if area:
        situation = _in_area(gaps, situation, area) or situation
    return Choice(situation, area, places, site)


def _places_choice() -> int:
    """Draw the number of places to add; a text in the address that is no such number falls back."""
    asked = controls.bound_text("if_places")
    chosen = USUAL_PLACES
    digits = asked.removeprefix("-")
    if asked and digits.isascii() and digits.isdigit() and len(digits) <= 4 and int(digits) <= MOST_PLACES:
        chosen = int(asked)
    elif asked:
        st.warning(
            f"Places to add must be a whole number from −{MOST_PLACES} to {MOST_PLACES}; "
            f"{USUAL_PLACES} is shown.",
            icon=":material/info:",
        )
    st.session_state["pick_if_places"] = chosen

    def store() -> None:
        picked = st.session_state["pick_if_places"]
        controls.write_text("if_places", "" if picked in (None, USUAL_PLACES) else str(picked))

    st.number_input(
        "Places to add",
        min_value=-MOST_PLACES,
        max_value=MOST_PLACES,
        step=1,
        key="pick_if_places",
        on_change=store,
        help="Below 0: places taken away.",
    )
    return chosen


def _scaled_areas(gaps: Gaps, rows: list[Situation]) -> list[str]:
    """Return the areas for which every type in question has needs that are shown."""
    parts = [gaps.answer(f"{measure}/area") for measure in ("service_needs", "needs_unmet")]
    if None in parts:
        return []
    shown = [set(arithmetic.cells(answer)) for answer in parts if answer]
    kinds = {one.service_type for one in rows}
    codes = dict.fromkeys(key[0] for key in sorted(shown[0]) if key[0] != "not_recorded")
    return [code for code in codes if any((code, kind) in shown[0] & shown[1] for kind in kinds)]


def _in_area(gaps: Gaps, one: Situation, area: str) -> Situation | None:
    found = []
    for measure in ("service_needs", "needs_unmet"):
        by_area, whole = gaps.answer(f"{measure}/area"), gaps.answer(f"{measure}/1")
        if by_area is None or whole is None:
            return None
        some = arithmetic.cells(by_area).get((area, one.service_type))
        every = arithmetic.cells(whole).get((one.service_type,))
        if some is None or every is None:
            layout.quiet("Too few needs of this type are shown for this area; the whole region is shown.")
            return None
        found.append(arithmetic.part_of(some, every))
    return arithmetic.in_area(one, *found)


def _geography(gaps: Gaps) -> Geography | None:
    release = gaps.view.release
    return controls.geography_of(release, gaps.view.filters.collection) if release else None


def _site(gaps: Gaps, choice: Choice, geography: Geography | None) -> Site | None:
    """Return what places in one spot would bring, from centres of areas and residents, both public.

    The spot is the site chosen or, for places added in an area, the middle of that area.
    """
    release, spot_of = gaps.view.release, choice.site or choice.area
    if not spot_of or geography is None or release is None or choice.places == 0:
        return None
    if choice.site and choice.places < 0:
        return None
    level = max(geography.levels.values(), default=0)
    [residents] = gaps.view.answer([Question("population", ["area"], area_level=level)], strict=False)
    if residents.refusal:
        return None
    people = {key[0]: one.value for key, one in arithmetic.cells(residents).items()}
    centres = {
        str(row["code"]): Centre(float(row["lon"]), float(row["lat"]), bool(row["is_rural"]))
        for row in release.table("area").iter_rows(named=True)
        if row["geography"] == geography.code and row["lon"] is not None
    }
    spot = centres.get(spot_of)
    return open_site(centres, people, spot, abs(choice.places)) if spot else None


def _headline(outcome: Outcome, name: str) -> str:
    what = f"in {lower_first(name)}"
    change = abs(outcome.change)
    if outcome.change == 0:
        return f"Nothing changes: no place is added {what}"
    places = "place" if change == 1 else "places"
    left = span_text(outcome.unserved_after)
    if outcome.change > 0:
        if outcome.helped.value < 1:
            return (
                f"{change:,} more {places} {what} would stand idle: places are not what is lacking; "
                f"{left} people a year would still not be served"
            )
        return (
            f"With {change:,} more {places} {what}, {span_text(outcome.helped)} more people a year could be "
            f"served; {left} would still not be"
        )
    fewer = Estimate(-outcome.helped.value, -outcome.helped.upper, -outcome.helped.lower)
    return (
        f"With {change:,} {places} fewer {what}, {span_text(fewer)} fewer people a year could be served; "
        f"{left} would not be"
    )


def _table(choice: Choice, outcome: Outcome, reach: what_if_reach.Reach) -> Table:
    """Return everything before and after, each with its interval where there is one."""
    one = choice.situation
    rows = [
        ("Places", _round(one.places), _round(max(one.places + outcome.change, 0)), "", ""),
        _line("People not served, a year", outcome.unserved_before, outcome.unserved_after),
        _line("Gap: need less what places can take, a year", outcome.gap_before, outcome.gap_after),
        _line("Wait, days", outcome.wait_span_before, outcome.wait_span_after),
        *reach.rows,
        ("Of the change: places used", "", _tenths(outcome.used), "", ""),
        ("Of the change: places idle", "", _tenths(outcome.idle), "", ""),
    ]
    # What a reader came for stands first: a phone shows three columns.
    columns = ("Figure", "Now", "Then", "95% interval now", "95% interval then")
    return Table(columns, (False, True, True, True, True), tuple(rows))


def _line(name: str, before: Estimate | None, after: Estimate | None) -> tuple[str, str, str, str, str]:
    (now, span_now), (then, span_then) = _cells(before), _cells(after)
    return name, now, then, span_now, span_then


def _cells(one: Estimate | None) -> tuple[str, str]:
    if one is None:
        return "not shown", ""
    return _round(one.value), f"{_round(one.lower)} to {_round(one.upper)}"


def _assumed(choice: Choice) -> list[str]:
    said = []
    if choice.situation.is_estimated:
        said.append(
            "Estimated for this area: groups, places and people in them are taken to be spread as needs are."
        )
    if choice.situation.free >= 1:
        said.append(f"About {choice.situation.free:.0f} places already stand free: fill those first.")
    return said


def _source(gaps: Gaps) -> str:
    return cards.sources(gaps.answers("service_needs/1", "places/1", "people_in_places/1"))


def _bar(label: str, one: Estimate, *, is_quiet: bool = False) -> Bar:
    return Bar(label, one.value, one.lower, one.upper, is_quiet)


def span_text(one: Estimate) -> str:
    """Return a number with its interval, in whole people."""
    low, high = round(one.lower), round(one.upper)
    return f"{round(one.value):,}" if low == high else f"{round(one.value):,} ({low:,}–{high:,})"


def _round(value: float) -> str:
    rounded = round(value)
    return f"−{abs(rounded):,}" if rounded < 0 else f"{rounded:,}"


def _tenths(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
