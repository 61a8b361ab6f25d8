"""Needs for services, and the services that meet them: places, people in them, sites.

Grain: one need is one person's need for one type of service, found in the month in which the person was
identified. Only the contributor that knew the person first reports it. Places, people in them, people waiting
and turned away follow from the needs, so that need and capacity tell one story.
"""

from dataclasses import dataclass
from functools import cache, partial
from typing import Any

import numpy as np
import polars as pl

from etl.contracts.batch import Batch
from etl.demonstration.facts import Contributor, month_code
from etl.demonstration.files import columns
from etl.demonstration.people.attributes import GENDERS
from etl.demonstration.people.people import DAYS_A_MONTH
from etl.demonstration.people.referrals import Referrals
from etl.demonstration.streams import Flags, Floats, Ints, draw, stream
from etl.demonstration.topics._parameters import parameters
from etl.demonstration.topics._register import register_source
from etl.demonstration.world import World
from etl.incoming import Incoming

profile = partial(parameters, "gaps")

GROUPS = ("women", "men_and_boys", "girls", "with_children", "labour", "anyone")
STATUSES = ("met", "partly", "unmet", "not_assessed")
MET, PARTLY, UNMET, NOT_ASSESSED = range(4)
ADULT = 18


@dataclass(frozen=True)
class Needs:
    """Arrays over all needs of everyone on a list.

    ``group``, ``status`` and ``reason`` are positions in `GROUPS`, `STATUSES` and the reasons of the profile;
    ``reason`` is −1 where the need was met.
    """

    person: Ints
    service: Ints
    group: Ints
    status: Ints
    reason: Ints


def groups(seen: World) -> Ints:
    """Return the group whose places each person could use: the narrowest that fits.

    Boys belong to men and boys; adults with children come before the others.
    """
    chance = profile()["group"]
    uniform = stream(seen.seed, "gaps", "group").random((2, len(seen.people)))
    gender, age = seen.traits.gender, seen.traits.age
    is_adult, is_male = age >= ADULT, gender == GENDERS.index("male")
    form = np.array(seen.facts.forms)[seen.people.main_form]
    found = np.where(is_male, GROUPS.index("men_and_boys"), GROUPS.index("women"))
    found = np.where(~is_male & ~is_adult, GROUPS.index("girls"), found)
    tied = is_adult & (form == "forced_labour") & (uniform[0] < chance["labour_share_of_forced_labour"])
    found = np.where(tied, GROUPS.index("labour"), found)
    share = np.where(is_male, chance["men_with_children"], chance["women_with_children"])
    return np.where(is_adult & (uniform[1] < share), GROUPS.index("with_children"), found)


@cache
def _needs(seed: int, holder: "_Holder") -> Needs:
    seen, given = holder.seen, profile()
    services = list(given["service"])
    people = np.flatnonzero(seen.people.lists.any(axis=1))
    uniform = {
        name: stream(seen.seed, "gaps", name).random((len(seen.people), len(services)))
        for name in ("needed", "status", "assessed", "reason")
    }
    needed = np.array([given["service"][code]["needed"] for code in services])
    person, service = np.nonzero(uniform["needed"][people] < needed)
    person = people[person]
    group = groups(seen)[person]
    pick = {name: table[person, service] for name, table in uniform.items()}
    unmet, partly = _chances(seen, service, group, person)
    status = np.where(pick["status"] < unmet, UNMET, np.where(pick["status"] < unmet + partly, PARTLY, MET))
    status = np.where(pick["assessed"] < given["not_assessed"], NOT_ASSESSED, status)
    reason = np.where(np.isin(status, (UNMET, PARTLY)), _reasons(seen, service, group, pick["reason"]), -1)
    return Needs(person, service, group, status, reason)


def needs(seen: World) -> Needs:
    """Draw the needs of everyone who is on a list."""
    return _needs(seen.seed, _Holder(seen))


class _Holder:
    """Carries a world through the cache: the same world is asked for by every contributor."""

    def __init__(self, seen: World) -> None:
        self.seen = seen

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Holder) and other.seen is self.seen

    def __hash__(self) -> int:
        return id(self.seen)


def _is_planted(seen: World, service: Ints, group: Ints) -> Flags:
    """Return which needs belong to the group for which there are too few places."""
    fact = seen.facts["men_and_boys_unmet"]
    services = list(profile()["service"])
    return (service == services.index(fact["service_type"])) & (group == GROUPS.index(fact["eligibility"]))


def _chances(seen: World, service: Ints, group: Ints, person: Ints) -> tuple[Floats, Floats]:
    """Return the chance that a need is not met, and that it is met in part."""
    given, fact = profile(), seen.facts["men_and_boys_unmet"]
    tables = list(given["service"].values())
    unmet = np.array([one["unmet"] for one in tables])[service]
    counties = [county for county, _ in seen.region.counties]
    home = np.array([counties.index(one.county) for one in seen.region.districts])[
        seen.people.district[person]
    ]
    unmet = unmet * np.array([given["county"][code] for code in counties])[home]
    unmet = np.where(_is_planted(seen, service, group), fact["unmet_share"], unmet)
    return unmet, np.array([one["partly"] for one in tables])[service]


def _reasons(seen: World, service: Ints, group: Ints, uniform: Floats) -> Ints:
    given, fact = profile(), seen.facts["men_and_boys_unmet"]
    weights = np.array(list(given["unmet_reason"].values()))
    rows = np.repeat(weights[None, :], len(service), axis=0)
    place = list(given["unmet_reason"]).index("unavailable")
    others = weights.sum() - weights[place]
    share = fact["no_place_share"]
    is_planted = _is_planted(seen, service, group)
    rows[is_planted, place] = others * share / (1 - share)
    return draw(rows, uniform)


def sheets(seen: World, made: Referrals, contributor: Contributor) -> dict[str, pl.DataFrame]:
    """Return the needs that one contributor reports: of people it knew first."""
    found, given = needs(seen), profile()
    position = seen.facts.contributors.index(contributor)
    rows = np.flatnonzero((seen.traits.first_list[found.person] == position) & seen.seen[found.person])
    person, first_month = found.person[rows], seen.facts.first_month
    gap = {
        name: stream(seen.seed, "gaps missing", name).random(len(found.person))[rows] < share
        for name, share in given["missing"].items()
    }
    month = seen.people.month[person]
    names = seen.district_names(contributor.area_as)
    reasons = list(given["unmet_reason"])
    without = (found.reason[rows] < 0) | gap["unmet_reason"]
    frame = pl.DataFrame(
        {
            "month": month,
            "person_ref": columns.references("SYN-", person + 1),
            "period": columns.dates(first_month, month, np.minimum(seen.people.day[person], DAYS_A_MONTH)),
            "area": columns.text(names, seen.people.district[person], gap["area"]),
            "service_type": columns.text(list(given["service"]), found.service[rows]),
            "eligibility": columns.text(GROUPS, found.group[rows], gap["eligibility"]),
            "need_status": columns.text(STATUSES, found.status[rows]),
            "unmet_reason": columns.text(reasons, np.maximum(found.reason[rows], 0), without),
        }
    )
    found_sheets = {"service_need": frame.with_columns(source=pl.lit(contributor.source_id))}
    if contributor.code == given["places_reported_by"]:
        found_sheets["service_capacity"] = _capacity(seen).with_columns(source=pl.lit(contributor.source_id))
    return found_sheets


def files(seen: World, made: Referrals) -> list[Incoming]:
    """Return the directory of services with their sites."""
    directory = register_source(seen, "tm_services", "Directory of services (synthetic)", "services")
    services, sites = columns.with_lines(_services(seen)), columns.with_lines(_sites(seen))
    batches = (Batch.of("service", services), Batch.of("service_site", sites))
    return [Incoming.of_records(directory, batches)]


def _services(seen: World) -> pl.DataFrame:
    rows = [
        {
            "service": one["code"],
            "organisation": one["organisation"],
            "name": one["name"],
            "service_type": one["service_type"],
            "eligibility": list(_places(seen, one)),
            "area": one.get("area"),
            "is_active": "yes",
        }
        for one in profile()["services"]
    ]
    return pl.DataFrame(rows, schema_overrides={"area": pl.String})


def _sites(seen: World) -> pl.DataFrame:
    """Put each site a little off the middle of its district; a mobile service has no place."""
    rows: list[dict[str, str | None]] = []
    districts = {one.code: one for one in seen.region.districts}
    for one in profile()["services"]:
        for number, code in enumerate(one["sites"]):
            if not code:
                rows.append({"service": one["code"], "longitude": None, "latitude": None})
                continue
            off = stream(seen.seed, "gaps", "site", one["code"], str(number)).random(2) * 4 - 2
            plan = np.array([[districts[code].x, districts[code].y]]) + off
            lon, lat = seen.region.to_degrees(plan)[0]
            rows.append({"service": one["code"], "longitude": f"{lon:.6f}", "latitude": f"{lat:.6f}"})
    return pl.DataFrame(rows, schema=dict.fromkeys(("service", "longitude", "latitude"), pl.String))


def _places(seen: World, service: dict[str, Any]) -> dict[str, int]:
    """Return the places of a service by group; those of the planted one come from its fact."""
    full = seen.facts["too_few_places"]
    places: dict[str, int] = dict(service["places"])
    if service["organisation"] == full["organisation"] and service["service_type"] == full["service_type"]:
        others = sum(count for group, count in places.items() if group != "men_and_boys")
        scale = full["places_others"] / others
        places = {group: round(count * scale) for group, count in places.items()}
        places["men_and_boys"] = full["places_men_and_boys"]
    return places


def _capacity(seen: World) -> pl.DataFrame:
    """Return a row a service, month and group: who is in, waits, was turned away, left."""
    given = profile()
    last = min(seen.last_month, seen.facts.months - 1)
    parts = [_of_service(seen, one, last) for one in given["services"]]
    return pl.concat(parts)


def _of_service(seen: World, service: dict[str, Any], last: int) -> pl.DataFrame:
    frames = []
    kind = service["service_type"]
    for group, places in _places(seen, service).items():
        served, turned = _flow(seen, kind, group, last)
        share = places / _all_places(seen, kind, group)
        held = _month_by_month(seen, (service["code"], group), served * share, turned * share, places)
        codes = [month_code(seen.facts.first_month + month) for month in range(last + 1)]
        frames.append(
            pl.DataFrame(
                {
                    "month": np.arange(last + 1),
                    "service": [service["code"]] * (last + 1),
                    "period": codes,
                    "eligibility": [group] * (last + 1),
                    **{name: columns.numbers(values) for name, values in held.items()},
                    "over_capacity": columns.text(
                        ("no", "yes"), (held["places_in_use"] > places).astype(np.int64)
                    ),
                    "is_open": ["yes"] * (last + 1),
                }
            )
        )
    return pl.concat(frames)


def _all_places(seen: World, kind: str, group: str) -> int:
    listed = [one for one in profile()["services"] if one["service_type"] == kind]
    return sum(_places(seen, one).get(group, 0) for one in listed)


def _flow(seen: World, kind: str, group: str, last: int) -> tuple[Floats, Floats]:
    """Return how many people of one kind and group began, and how many found no place, month by month."""
    found, given = needs(seen), profile()
    services, reasons = list(given["service"]), list(given["unmet_reason"])
    mine = found.service == services.index(kind)
    if group != "anyone":
        mine &= found.group == GROUPS.index(group)
    month = seen.people.month[found.person]
    is_served = mine & np.isin(found.status, (MET, PARTLY)) & (month <= last)
    is_turned = (
        mine & (found.status == UNMET) & (found.reason == reasons.index("unavailable")) & (month <= last)
    )
    served, turned = (np.bincount(month[which], minlength=last + 1) for which in (is_served, is_turned))
    return served.astype(np.float64), turned.astype(np.float64)


def _month_by_month(
    seen: World, names: tuple[str, str], begun: Floats, turned: Floats, places: int
) -> dict[str, Ints]:
    """Follow the places of one service and group: people come, stay for a while and leave.

    Whoever finds no free place waits; after the month in which nobody leaves, places may be over-full by a
    tenth.
    """
    stay = next(one for one in profile()["services"] if one["code"] == names[0])["stay_months"]
    uniform = stream(seen.seed, "gaps", "places", *names).random((4, len(begun)))
    most = places if places < 10 else int(places * 1.05)
    inside = min(places, round(float(begun[:12].mean()) * stay))
    line = 0
    kept: dict[str, list[int]] = {
        name: [] for name in ("places", "places_in_use", "waiting", "turned_away", "people_left")
    }
    for month in range(len(begun)):
        left = min(inside, int(inside / stay + uniform[0, month]))
        coming = int(begun[month] + uniform[1, month]) + line
        taken = min(coming, most - inside + left)
        # Of those who cannot come in at once half wait; the others go elsewhere.
        line = int((coming - taken) * 0.5 + uniform[2, month])
        inside += taken - left
        row = (places, inside, line, int(turned[month] + uniform[3, month]), left)
        for name, value in zip(kept, row, strict=True):
            kept[name].append(value)
    return {name: np.array(values, dtype=np.int64) for name, values in kept.items()}
