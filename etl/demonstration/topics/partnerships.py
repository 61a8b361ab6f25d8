"""Agreements, meetings, actions and duties of the fictional task force, and the organisations behind them.

Planted: the agreement whose lapse broke a hand-off, actions overdue in one pillar, schools that report less.
"""

import calendar
from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial
from typing import Any

import numpy as np

from etl.demonstration.facts import month_code, month_number
from etl.demonstration.people.referrals import Referrals
from etl.demonstration.streams import stream
from etl.demonstration.topics import organisations
from etl.demonstration.topics._parameters import parameters
from etl.demonstration.topics._register import Row, register_file, register_source
from etl.demonstration.world import World
from etl.incoming import Incoming

_profile = partial(parameters, "partnerships")

_FROM_TYPE = {
    "police": "police",
    "health": "health",
    "ngo": "ngo",
    "shelter": "ngo",
    "legal": "ngo",
    "faith": "ngo",
    "local_government": "local_government",
    "central_government": "central_government",
    "prosecution": "central_government",
    "school": "school",
}


def files(seen: World, made: Referrals) -> list[Incoming]:
    """Return one file for each register, and the duties of the years that are over."""
    types = _types(seen, made)
    months = _months(seen, f"{_profile()['duties']['first_year']}-01")
    partners = register_source(seen, "tm_partners", "Register of partners (synthetic)", "organisations")
    agreements = register_source(seen, "tm_agreements", "Register of agreements (synthetic)", "agreements")
    meetings = register_source(seen, "tm_meetings", "Register of meetings (synthetic)", "meetings")
    actions = register_source(seen, "tm_actions", "Register of actions (synthetic)", "actions")
    duties = register_source(seen, "tm_duties", "Returns of duties (synthetic)", "duties")
    return [
        register_file(partners, "organisation", _partners()),
        register_file(agreements, "partnership", _agreements(seen, types)),
        register_file(meetings, "meeting", _meetings(seen)),
        register_file(actions, "action", _actions(seen)),
        register_file(duties, "duty", _duties(seen, types), months),
    ]


def _months(seen: World, first: str) -> tuple[str, str]:
    """Return the months of whole years up to the day of looking."""
    last = seen.as_of.year if (seen.as_of.month, seen.as_of.day) == (12, 31) else seen.as_of.year - 1
    return first, f"{last}-12"


def _types(seen: World, made: Referrals) -> dict[str, str]:
    """Return every organisation of the response and its kind."""
    [register] = organisations.files(seen, made)
    known = register.batches[0].frame.select("organisation", "organisation_type").rows()
    return dict(known) | {one["code"]: one["type"] for one in _profile()["organisation"]}


def _partners() -> list[Row]:
    return [
        {
            "organisation": one["code"],
            "name": one["name"],
            "organisation_type": one["type"],
            "active_from": f"{one['since']}-01-01",
            "active_to": one["until"].isoformat() if "until" in one else None,
        }
        for one in _profile()["organisation"]
    ]


def _agreements(seen: World, types: dict[str, str]) -> list[Row]:
    rows = [_broken(seen)]
    for one in _profile()["agreement"]:
        rows += list(_terms(one, types, seen.as_of))
    return rows


def _terms(one: dict[str, Any], types: dict[str, str], as_of: date) -> Iterator[Row]:
    """Yield an agreement and what renewed it."""
    words = one["kind"].replace("_", " ")
    for term in range(one["renewals"] + 1):
        start = _years_on(one["start"], term * one["years"])
        if start > as_of:
            return
        end = _years_on(start, one["years"]) - timedelta(days=1) if one["years"] else None
        yield {
            "partnership": f"{one['from']}_{one['to']}_{term + 1}".replace("-", "_"),
            "name": f"{words.capitalize()} agreement of {start.year} (fictional)",
            "kind": one["kind"],
            "from_organisation": one["from"],
            "to_organisation": one["to"],
            "from_org_type": _FROM_TYPE[types[one["from"]]],
            "start_date": start.isoformat(),
            "end_date": end.isoformat() if end else None,
        }


def _broken(seen: World) -> Row:
    """Return the agreement that lapsed, and with it the referrals under it."""
    fact = seen.facts["hand_off_broken"]
    sender = next(one for one in seen.facts.contributors if one.code == fact["from_org_type"])
    end = None
    if fact["lapsed_month"]:
        last = month_code(month_number(fact["lapsed_month"]) - 1)
        year, month = (int(part) for part in last.split("-"))
        end = date(year, month, calendar.monthrange(year, month)[1]).isoformat()
    return {
        "partnership": "police_ambel_legal",
        "name": fact["agreement"],
        "kind": "referral",
        "from_organisation": sender.source_id,
        "to_organisation": fact["to_organisation"],
        "from_org_type": fact["from_org_type"],
        "start_date": f"{fact['agreement_from']}-01",
        "end_date": end,
    }


def _years_on(day: date, years: int) -> date:
    return day.replace(year=day.year + years)


def _meetings(seen: World) -> list[Row]:
    """Draw the meetings: all every quarter, groups and the steering group in between."""
    first = seen.facts.first_month
    rows: list[Row] = []
    uniform = stream(seen.seed, "partnerships", "meetings").random((seen.facts.months, 3, 2))
    for month in range(seen.facts.months):
        year, number = divmod(first + month, 12)
        kinds = {"plenary": number % 3 == 1, "working_group": True, "executive": number % 2 == 0}
        for i, (kind, is_held) in enumerate(kinds.items()):
            day = date(year, number + 1, 9 + 5 * i)
            if not is_held or day > seen.as_of:
                continue
            many = {"plenary": 18 + month // 10, "working_group": 9, "executive": 6}[kind]
            came = many * (0.62 + 0.3 * uniform[month, i, 0])
            rows.append(
                {
                    "meeting": f"{kind}_{year}_{number + 1:02d}",
                    "kind": kind,
                    "held_on": day.isoformat(),
                    "invited": str(many),
                    "present": str(min(many, round(came))),
                }
            )
    return rows


def _actions(seen: World) -> list[Row]:
    """Draw actions and recommendations; which are overdue is planted."""
    made = list(_drawn_actions(seen))
    fact = seen.facts["overdue_actions"]
    past = [row for row in reversed(made) if row["due_on"] < seen.as_of.isoformat()]
    inside = [row for row in past if row["pillar"] == fact["pillar"]][: fact["overdue"]]
    outside = [row for row in past if row["pillar"] != fact["pillar"]][: fact["overdue_elsewhere"]]
    for row in (*inside, *outside):
        row["closed_on"] = None
    return made + list(_recommendations(seen))


def _drawn_actions(seen: World) -> Iterator[dict[str, Any]]:
    profile = _profile()["actions"]
    pillars = list(profile["pillars"])
    weights = np.cumsum(list(profile["pillars"].values()))
    owners = ("tm_police", "tm_child_welfare", "tm_voluntary_network", "tm_prosecutor", "tm_county_coast")
    start = month_number(profile["first"])
    quarters = (seen.facts.first_month + seen.facts.months - start) // 3
    uniform = stream(seen.seed, "partnerships", "actions").random((quarters, profile["a_quarter"], 5))
    for quarter in range(quarters):
        year, month = divmod(start + 3 * quarter + 1, 12)
        opened = date(year, month + 1, 9)
        if opened > seen.as_of:
            return
        for number, draws in enumerate(uniform[quarter]):
            pillar = pillars[int(np.searchsorted(weights, draws[0] * weights[-1], side="right"))]
            titles, days = profile["titles"][pillar], profile["days_given"]
            due = opened + timedelta(days=days[int(draws[1] * len(days))])
            is_late = draws[2] > profile["on_time"]
            closed = due + timedelta(days=int((1 + 59 * draws[3]) if is_late else -20 * draws[3]))
            is_closed = due < seen.as_of and closed <= seen.as_of
            yield {
                "action": f"a_{year}_{month + 1:02d}_{number + 1}",
                "title": titles[int(draws[4] * len(titles))],
                "kind": "action",
                "pillar": pillar,
                "owner_organisation": owners[int(draws[4] * 97) % len(owners)],
                "opened_on": opened.isoformat(),
                "due_on": due.isoformat(),
                "closed_on": min(closed, seen.as_of).isoformat() if is_closed or due < seen.as_of else None,
            }


def _recommendations(seen: World) -> Iterator[dict[str, Any]]:
    profile = _profile()["recommendations"]
    pillars = list(profile["titles"])
    years = range(profile["first_year"], seen.as_of.year + 1)
    uniform = stream(seen.seed, "partnerships", "recommendations").random((len(years), profile["a_year"], 2))
    for i, year in enumerate(years):
        opened = date(year, 3, 1)
        if opened > seen.as_of:
            return
        for number in range(profile["a_year"]):
            pillar = pillars[(i + number) % len(pillars)]
            titles = profile["titles"][pillar]
            chance = profile["enacted"] * (1 if seen.as_of.year - year >= 2 else 0.5)
            closed = opened + timedelta(days=200 + int(500 * uniform[i, number, 1]))
            done = uniform[i, number, 0] < chance and closed <= seen.as_of
            yield {
                "action": f"r_{year}_{number + 1}",
                "title": titles[(i // len(pillars) + number) % len(titles)],
                "kind": "recommendation",
                "pillar": pillar,
                "owner_organisation": "tm_voluntary_network",
                "opened_on": opened.isoformat(),
                "due_on": None,
                "closed_on": closed.isoformat() if done else None,
            }


def _duties(seen: World, types: dict[str, str]) -> list[Row]:
    """Draw what was due and what was done; schools make fewer of their reports."""
    profile, fact = _profile()["duties"], seen.facts["schools_report_less"]
    since = {one["code"]: one for one in _profile()["organisation"]}
    last = int(_months(seen, "")[1][:4])
    rows: list[Row] = []
    for duty, kinds in profile["owed_by"].items():
        for code in sorted(one for one, kind in types.items() if kind in kinds):
            share = profile["by_duty"][duty]
            if (duty, types[code]) == (fact["duty"], fact["organisation_type"]):
                share = fact["met_share"]
            uniform = stream(seen.seed, "partnerships", "duty", duty, code)
            for year in range(profile["first_year"], last + 1):
                draws = uniform.random(41)
                about = since.get(code, {})
                left = about["until"].year if "until" in about else last + 1
                if not about.get("since", 0) <= year < left:
                    continue
                due = 12 + int(28 * draws[0])
                rows.append(
                    {
                        "organisation": code,
                        "duty": duty,
                        "period": str(year),
                        "due": str(due),
                        "met": str(int(np.sum(draws[1 : due + 1] < share))),
                    }
                )
    return rows
