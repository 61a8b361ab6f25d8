"""What if there were more places: how far help would be, before and after, as rows of the outcome's table."""

from collections.abc import Mapping
from dataclasses import dataclass

from analysis import Answer
from analysis.findings.sentences.topics.gaps import (
    AT_THE_MIDDLE,
    BOUNDS,
    FIRST_SITE,
    IN_PROPORTION,
    NO_REACH,
    NO_SITE,
    SAME_SITES,
)
from analysis.release.places import Geography
from analysis.topics.gaps import Situation, cells
from analysis.topics.what_if import Site, access_then, reach_then
from ui import format as text
from ui.cards.card import Ask
from ui.topics.gaps import asked
from ui.view.view import View

MINUTES = ("30", "60", "90")
ACCESS = "access_per_100k"
SHARES = tuple(f"reach_{minutes}_share" for minutes in MINUTES)

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
    notes: tuple[str, ...]


def asks() -> dict[str, Ask]:
    """Return reach and places within reach, by service and by area and service, as they stand now."""
    by_type = {
        code: Ask(code, asked.BY_TYPE, parts={"periods": None}, everywhere=True) for code in (*SHARES, ACCESS)
    }
    by_area = {
        f"{code}/area": Ask(code, asked.BY_AREA, parts={"periods": None} | asked.COUNTIES, everywhere=True)
        for code in (*SHARES, ACCESS)
    }
    return by_type | by_area


def look(
    view: View,
    answers: Mapping[str, Answer],
    choice: Choice,
    site: Site | None,
    geography: Geography | None,
) -> Reach:
    """Return reach and places within reach before and after.

    Parameters
    ----------
    view, answers
        The page's view and answers.
    choice
        What the reader chose.
    site
        What places at the site, or in the middle of the area, would bring; None for the whole region.
    geography
        The areas.
    """
    now = {code: _now(answers, choice, code) for code in (ACCESS, *SHARES)}
    rows: list[Row] = []
    notes: list[str] = []
    minutes = f"{site.minutes:.0f}" if site else MINUTES[0]
    where, reached = now[f"reach_{minutes}_share"]
    if reached is not None:
        label = f"Residents within {minutes} minutes by road, {_name(view, where)}"
        opens = site is not None and choice.places > 0 and (bool(choice.site) or reached == 0)
        if site is not None and opens:
            then = reach_then(reached, site.part_near(_inner(geography, where, site)))
            span = f"{then.lower:.0f}% to {then.upper:.0f}%"
            rows.append((label, f"{reached:.0f}%", f"{then.value:.0f}%", "", span))
            notes += [] if choice.site else [FIRST_SITE]
            notes.append(BOUNDS)
        else:
            rows.append((label, f"{reached:.0f}%", f"{reached:.0f}%", "", ""))
            notes.append(SAME_SITES)
    where, access = now[ACCESS]
    if access is not None:
        then_access = _access_then(answers, choice, site, access, _inner(geography, where, site))
        label = f"Places within reach per 100,000 residents, {_name(view, where)}"
        shown = "not shown" if then_access is None else text.significant(then_access)
        rows.append((label, text.significant(access), shown, "", ""))
        notes.append(AT_THE_MIDDLE if site else IN_PROPORTION)
    elif reached is None:
        notes.append(NO_REACH)
    if choice.site and site is None:
        notes.append(NO_SITE)
    return Reach(tuple(rows), tuple(notes))


def _now(answers: Mapping[str, Answer], choice: Choice, measure: str) -> tuple[str, float | None]:
    """Return the area a figure is for ("" for the whole region), and the figure; None where not shown."""
    kind = choice.situation.service_type
    by_area, whole = (_usable(answers, name) for name in (f"{measure}/area", measure))
    if choice.area and by_area is not None:
        found = cells(by_area).get(_place(by_area, choice.area, kind))
        if found is not None:
            return choice.area, found.value
    found = cells(whole).get((kind,)) if whole is not None else None
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
    answers: Mapping[str, Answer], choice: Choice, site: Site | None, now: float, inner: tuple[str, ...]
) -> float | None:
    if site is not None:
        gain = site.gain(inner)
        return max(0.0, now + gain if choice.places > 0 else now - gain)
    places = _usable(answers, "places/1")
    found = cells(places).get((choice.situation.service_type,)) if places is not None else None
    return None if found is None else access_then(now, found.value, choice.places)


def _name(view: View, where: str) -> str:
    return view.words("area", where) if where else "whole region"


def _usable(answers: Mapping[str, Answer], name: str) -> Answer | None:
    found = answers.get(name)
    return None if found is None or found.refusal else found


def _place(by_area: Answer, area: str, kind: str) -> tuple[str, ...]:
    return tuple({"area": area, "service_type": kind}[name] for name in by_area.question.by)
