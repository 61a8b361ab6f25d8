"""What if there were more places: how far help would be, before and after, as rows of the outcome's table."""

from dataclasses import dataclass

from analysis.release.places import Geography
from analysis.topics import gaps as arithmetic
from analysis.topics.gaps import Situation
from analysis.topics.what_if import Site, access_then, reach_then
from ui import format as text
from ui.topics.gaps.gaps_asked import Gaps

MINUTES = ("30", "60", "90")
SAME_SITES = (
    "More places at the sites there are bring nobody nearer to one: the residents within reach by road "
    "stay as they are."
)
FIRST_SITE = "Nobody here is within reach of a site now, so the places are taken to open one."
IN_PROPORTION = "Places within reach: the places are taken to be added to the sites there are, in proportion."
AT_THE_MIDDLE = "The places stand at the middle of the area; travel is modelled."
BOUNDS = (
    "Which residents reach a site already is known by area only: what follows for reach are bounds, "
    "not a 95% interval, and their middle."
)

Row = tuple[str, str, str, str, str]


@dataclass(frozen=True)
class Choice:
    """What the reader chose: a situation, an area ("" for the whole region), places, a site's area or ""."""

    situation: Situation
    area: str
    places: int
    site: str


@dataclass(frozen=True)
class Reach:
    """Rows of the table, and the sentences that they rest on."""

    rows: tuple[Row, ...]
    said: tuple[str, ...]


def look(gaps: Gaps, choice: Choice, site: Site | None, geography: Geography | None) -> Reach:
    """Return reach and places within reach before and after.

    Parameters
    ----------
    gaps
        What the page knows.
    choice
        What the reader chose.
    site
        What places at the site, or in the middle of the area, would bring; None for the whole region.
    geography
        The areas.
    """
    now = {code: _now(gaps, choice, code) for code in ("access_per_100k", *_measures())}
    rows: list[Row] = []
    said: list[str] = []
    minutes = f"{site.minutes:.0f}" if site else MINUTES[0]
    where, reached = now[f"reach_{minutes}_share"]
    if reached is not None:
        label = f"Residents within {minutes} minutes by road, {_name(gaps, where)}"
        opens = site is not None and choice.places > 0 and (bool(choice.site) or reached == 0)
        if site is not None and opens:
            then = reach_then(reached, site.part_near(_inner(geography, where, site)))
            span = f"{then.lower:.0f}% to {then.upper:.0f}%"
            rows.append((label, f"{reached:.0f}%", f"{then.value:.0f}%", "", span))
            said += [] if choice.site else [FIRST_SITE]
            said.append(BOUNDS)
        else:
            rows.append((label, f"{reached:.0f}%", f"{reached:.0f}%", "", ""))
            said.append(SAME_SITES)
    where, access = now["access_per_100k"]
    if access is not None:
        then_access = _access_then(gaps, choice, site, access, _inner(geography, where, site))
        label = f"Places within reach per 100,000 residents, {_name(gaps, where)}"
        shown = "not shown" if then_access is None else text.significant(then_access)
        rows.append((label, text.significant(access), shown, "", ""))
        said.append(AT_THE_MIDDLE if site else IN_PROPORTION)
    elif reached is None:
        said.append("How far help is, is not shown for this type of service.")
    if choice.site and site is None:
        said.append("A site needs places to open with and areas with known centres.")
    return Reach(tuple(rows), tuple(said))


def _measures() -> tuple[str, ...]:
    return tuple(f"reach_{minutes}_share" for minutes in MINUTES)


def _now(gaps: Gaps, choice: Choice, measure: str) -> tuple[str, float | None]:
    """Return the area a figure is for ("" for the whole region), and the figure; None where not shown."""
    kind = choice.situation.service_type
    by_area, whole = gaps.answer(f"{measure}/area"), gaps.answer(measure)
    if choice.area and by_area is not None:
        found = arithmetic.cells(by_area).get((choice.area, kind))
        if found is not None:
            return choice.area, found.value
    found = arithmetic.cells(whole).get((kind,)) if whole is not None else None
    return "", None if found is None else found.value


def _inner(geography: Geography | None, where: str, site: Site | None) -> tuple[str, ...]:
    """Return the areas with known residents inside an area; all of them for the whole region."""
    if site is None or geography is None:
        return ()
    known = tuple(site.people)
    return (
        known
        if not where
        else tuple(one for one in known if one == where or where in geography.ancestors(one))
    )


def _access_then(
    gaps: Gaps, choice: Choice, site: Site | None, now: float, inner: tuple[str, ...]
) -> float | None:
    if site is not None:
        gain = site.gain(inner)
        return max(0.0, now + gain if choice.places > 0 else now - gain)
    places = gaps.answer("places/1")
    found = arithmetic.cells(places).get((choice.situation.service_type,)) if places is not None else None
    return None if found is None else access_then(now, found.value, choice.places)


def _name(gaps: Gaps, where: str) -> str:
    return gaps.view.words("area", where) if where else "whole region"
