"""Awards, spending and posts of the fictional response.

Planted: one state funder pays for most places and its awards end together; posts stay empty in two
kinds of help.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial

import numpy as np

from etl.demonstration.people.referrals import Referrals
from etl.demonstration.streams import stream
from etl.demonstration.topics._parameters import parameters
from etl.demonstration.topics._register import Row, register_file, register_source
from etl.demonstration.world import World
from etl.incoming import Incoming

_profile = partial(parameters, "funding")

_DAYS = 365
_QUARTERS = 4
_ANNOUNCED = 31  # days: an award that follows is known so long before


def files(seen: World, made: Referrals) -> list[Incoming]:
    """Return one file of awards, one of spending and one of posts."""
    last = seen.as_of.year if (seen.as_of.month, seen.as_of.day) == (12, 31) else seen.as_of.year - 1
    spent, posts = _profile()["spending"]["first_year"], _profile()["posts"]["first_year"]
    awards = register_source(seen, "tm_awards", "Register of awards (synthetic)", "awards")
    spending = register_source(seen, "tm_spending", "Returns of spending (synthetic)", "dollars")
    filled = register_source(seen, "tm_posts", "Returns of posts (synthetic)", "posts")
    return [
        register_file(awards, "funding_award", [*_awards(seen), *_gifts(seen)]),
        register_file(spending, "expenditure", list(_spending(seen, last)), (f"{spent}-01", f"{last}-12")),
        register_file(filled, "staffing", list(_posts(seen, last)), (f"{posts}-01", f"{last}-12")),
    ]


def _awards(seen: World) -> Iterator[Row]:
    """Yield the awards of governments, one after another; the cliff's end on the planted day."""
    fact = seen.facts["funding_cliff"]
    for one in _profile()["award"]:
        for turn in range(one["rounds"]):
            start = one["start"].replace(year=one["start"].year + turn * one["years"])
            end = one["start"].replace(year=start.year + one["years"]) - timedelta(days=1)
            passed = start.year - one["start"].year
            if start > seen.as_of + timedelta(days=_ANNOUNCED):
                break
            is_last = turn == one["rounds"] - 1
            if is_last and (one["funder"], one["purpose"]) == (fact["funder"], fact["purpose"]):
                end = fact["ends"]
            years = (end - start).days / _DAYS
            amount = one["a_year"] * one["growth"] ** passed * years
            yield {
                "award": f"{one['code']}_{start.year}",
                "funder": one["funder"],
                "funder_kind": one["kind"],
                "recipient_organisation": one["recipient"],
                "purpose": one["purpose"],
                "service_type": one["service"] or None,
                "pays_for": one["pays_for"],
                "start_date": start.isoformat(),
                "end_date": end.isoformat(),
                "amount": str(round(amount, -3)),
                "currency": _profile()["currency"],
            }


def _gifts(seen: World) -> Iterator[Row]:
    """Yield private gifts; one in four comes from people, who are not named."""
    private, first = _profile()["private"], seen.facts.first_month // 12
    for purpose, many in private["gifts"].items():
        uniform = stream(seen.seed, "funding", "gifts", purpose).random(
            (seen.as_of.year - first + 1, many, 5)
        )
        for passed, gifts in enumerate(uniform):
            for number, draws in enumerate(gifts):
                start = date(first + passed, 1 + int(12 * draws[0]), 1)
                if start > seen.as_of:
                    continue
                is_person = draws[1] < 0.25
                name = private["funders"][int(len(private["funders"]) * draws[2])]
                recipients = private["recipients"][purpose]
                yield {
                    "award": f"gift_{purpose}_{start.year}_{number + 1}",
                    "funder": None if is_person else name,
                    "funder_kind": "individual"
                    if is_person
                    else "business"
                    if "Fund" in name
                    else "foundation",
                    "recipient_organisation": recipients[int(len(recipients) * draws[3])],
                    "purpose": purpose,
                    "service_type": {"shelter": "housing", "services": "counselling"}.get(purpose),
                    "pays_for": None,
                    "start_date": start.isoformat(),
                    "end_date": (start + timedelta(days=_DAYS - 1)).isoformat(),
                    "amount": str(round(private["middle"][purpose] * (0.4 + 1.3 * draws[4]), -2)),
                    "currency": _profile()["currency"],
                }


def _spending(seen: World, last: int) -> Iterator[Row]:
    profile = _profile()["spending"]
    for service, by in profile.items():
        if not isinstance(by, dict) or service == "places":
            continue
        for organisation, amount in by.items():
            uniform = stream(seen.seed, "funding", "spending", service, organisation)
            for year in range(profile["first_year"], last + 1):
                jitter = 0.96 + 0.08 * uniform.random()
                places = profile["places"].get(organisation) if service == "housing" else None
                spent = amount * profile["growth"] ** (year - profile["first_year"]) * jitter
                yield {
                    "organisation": organisation,
                    "service_type": service,
                    "period": str(year),
                    "amount": str(round(spent, -2)),
                    "currency": _profile()["currency"],
                    "bed_nights": str(round(places * _DAYS * profile["nights_open"])) if places else None,
                }


def _posts(seen: World, last: int) -> Iterator[Row]:
    """Yield posts by quarter; where it is planted, fewer and fewer are filled."""
    profile, fact = _profile()["posts"], seen.facts["vacancies_rise"]
    quarters = (last - profile["first_year"] + 1) * _QUARTERS
    steady = (2022 - profile["first_year"]) * _QUARTERS
    for service, by in profile.items():
        if not isinstance(by, dict):
            continue
        is_rising = service in fact["service_types"]
        for organisation, posts in by.items():
            uniform = stream(seen.seed, "funding", "posts", service, organisation).random(quarters)
            for quarter in range(quarters):
                share = profile["vacant"]
                if is_rising:
                    step = max(0, quarter - steady + 1) / max(quarters - steady, 1)
                    share = fact["vacant_first"] + step * (fact["vacant_last"] - fact["vacant_first"])
                empty = np.floor(2 * posts * share + uniform[quarter]) / 2
                yield {
                    "organisation": organisation,
                    "service_type": service,
                    "period": f"{profile['first_year'] + quarter // _QUARTERS}-Q{quarter % _QUARTERS + 1}",
                    "posts": str(posts),
                    "filled": str(max(posts - float(empty), 0.0)),
                }
