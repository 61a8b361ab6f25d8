"""Investigations, charges and operations of the fictional police and labour inspection.

Grain: one row is one investigation, one charge, or one operation. Investigations follow from people on the
agency's list, so that they share the region's seasons, forms and places; what has not happened by the day of
looking is not in the sheets.
"""

from dataclasses import dataclass
from functools import partial

import numpy as np
import polars as pl

from etl.demonstration.facts import Contributor
from etl.demonstration.files import columns
from etl.demonstration.people.attributes import between
from etl.demonstration.people.people import DAYS_A_MONTH
from etl.demonstration.people.referrals import Referrals
from etl.demonstration.streams import Flags, Floats, Ints, draw, stream
from etl.demonstration.topics._parameters import parameters
from etl.demonstration.world import World

settings = partial(parameters, "enforcement")

ORIGINS = ("reactive", "proactive")
STAGES = ("opened", "arrest", "charge", "trafficking_charge", "trafficking_conviction")
_MOST_CHARGES = 4


@dataclass(frozen=True)
class Charges:
    """Arrays over charges in order of investigation and number, as they stand on the day of looking.

    ``days`` is −1 while a charge is pending.
    """

    investigation: Ints
    number: Ints
    day: Ints
    is_trafficking: Flags
    disposition: Ints
    days: Ints


@dataclass(frozen=True)
class Investigations:
    """Arrays over the investigations of one contributor, as they stand on the day of looking."""

    person: Ints
    day: Ints
    is_proactive: Flags
    is_joint: Flags
    stage: Ints
    charges: Charges


def sheets(seen: World, _made: Referrals, contributor: Contributor) -> dict[str, pl.DataFrame]:
    """Return the sheets of investigations, charges and operations; none from other contributors."""
    if contributor.code not in settings()["investigator"]:
        return {}
    found = investigations(seen, contributor)
    given = {
        "investigation": _investigation_sheet(seen, contributor, found),
        "charge": _charge_sheet(seen, contributor, found),
        "operation": _operation_sheet(seen, contributor),
    }
    return {table: rows.with_columns(source=pl.lit(contributor.source_id)) for table, rows in given.items()}


class _Uniform:
    """Uniform numbers by name: one for each person of the region, whoever else is there."""

    def __init__(self, world: World, contributor: Contributor, person: Ints) -> None:
        self.seed, self.code, self.size = world.seed, contributor.code, len(world.people)
        self.person = person

    def __call__(self, name: str) -> Floats:
        return stream(self.seed, "enforcement", self.code, name).random(self.size)[self.person]


def investigations(world: World, contributor: Contributor) -> Investigations:
    """Draw the investigations of one contributor and how far they have come."""
    person = _concerned(world, contributor)
    uniform = _Uniform(world, contributor, person)
    profile, fact = settings()["investigation"], world.facts["proactive_after_law"]
    after = between(profile["days_after_identification"], uniform("after"), uniform("after within"))
    day = world.people.month[person] * DAYS_A_MONTH + world.people.day[person] - 1 + after
    is_known = day <= world.last_day
    person, day = person[is_known], day[is_known]
    uniform = _Uniform(world, contributor, person)
    has_unit = day >= world.facts.position(fact["from_month"]) * DAYS_A_MONTH
    chance = np.where(has_unit, fact["share_after"], fact["share_before"])
    is_proactive = uniform("proactive") < chance
    joint = settings()["investigator"][contributor.code]["joint_unit"]
    stage, charged = _courses(world, person, day, is_proactive, uniform)
    charges = _charges(world, stage, charged, uniform)
    is_convicted = charges.is_trafficking & (charges.disposition == 0) & (charges.days >= 0)
    is_there = charged <= world.last_day
    stage = np.where((stage >= 2) & ~is_there, 1, stage)
    stage[charges.investigation[is_convicted]] = len(STAGES) - 1
    return Investigations(person, day, is_proactive, has_unit & (uniform("joint") < joint), stage, charges)


def _concerned(world: World, contributor: Contributor) -> Ints:
    """Choose the people whose identification led this contributor to open an investigation."""
    codes = [one.code for one in world.facts.contributors]
    lists = world.people.lists
    on_list = lists[:, codes.index(contributor.code)] & world.seen
    if contributor.code != "police":
        on_list &= ~lists[:, codes.index("police")]
    uniform = stream(world.seed, "enforcement", contributor.code, "opened").random(len(world.people))
    return np.flatnonzero(on_list & (uniform < settings()["investigator"][contributor.code]["opened"]))


def _reach(world: World, person: Ints, step: str) -> Floats:
    """Return the chance of going on to a step, by the main form of exploitation."""
    profile, fact = settings()["investigation"], world.facts["labour_charges"]
    special = {**profile["reach_of"], fact["form"]: fact["reach"]}
    chance = [special.get(form, profile["reach"])[step] for form in world.facts.forms]
    return np.array(chance)[world.people.main_form[person]]


def _courses(
    world: World, person: Ints, day: Ints, is_proactive: Flags, uniform: _Uniform
) -> tuple[Ints, Ints]:
    """Return the stage reached by now (before any conviction) and the day of the first charge."""
    profile = settings()["investigation"]
    more = np.where(is_proactive, profile["proactive_arrest_ratio"], 1.0)
    has_arrest = uniform("arrest") < _reach(world, person, "arrest") * more
    has_charge = has_arrest & (uniform("charge") < _reach(world, person, "charge"))
    has_trafficking = has_charge & (
        uniform("trafficking charge") < _reach(world, person, "trafficking_charge")
    )
    arrested = day + between(profile["days_to_arrest"], uniform("arrest days"), uniform("arrest within"))
    charged = arrested + between(
        profile["days_arrest_to_charge"], uniform("charge days"), uniform("charge within")
    )
    stage = has_arrest.astype(np.int64) + has_charge + has_trafficking
    stage = np.where(arrested > world.last_day, 0, stage)
    return stage, charged


def _charges(world: World, stage: Ints, charged: Ints, uniform: _Uniform) -> Charges:
    """Draw the charges filed by now and what has become of them."""
    profile, slow = settings()["charge"], world.facts["slower_courts"]
    count = 1 + draw(np.array(profile["number"]), uniform("charges"))
    grid = np.arange(_MOST_CHARGES)
    is_filed = (grid < count[:, None]) & (stage >= 2)[:, None]

    def drawn(name: str) -> Floats:
        return np.stack([uniform(f"{name} {n}") for n in grid], axis=1)

    apart = between(profile["days_between"], drawn("apart").ravel(), drawn("apart within").ravel())
    day = charged[:, None] + np.where(grid == 0, 0, apart.reshape(is_filed.shape))
    is_filed &= day <= world.last_day
    is_first = np.broadcast_to(grid == 0, is_filed.shape)
    also = drawn("also trafficking") < profile["also_trafficking"]
    is_trafficking = (stage == STAGES.index("trafficking_charge"))[:, None] & (is_first | also)
    weights = np.array([list(profile["disposition"][kind].values()) for kind in _KINDS])
    fate = draw(weights[is_trafficking.astype(np.int64).ravel()], drawn("fate").ravel())
    is_slow = day >= world.facts.position(slow["from_month"]) * DAYS_A_MONTH
    median = np.where(is_slow, slow["median_days_after"], slow["median_days_before"])
    place = np.clip(drawn("time"), 1e-6, 1 - 1e-6)
    days = np.round(median * (place / (1 - place)) ** (1 / profile["spread"])).astype(np.int64)
    days = np.minimum(days, profile["longest_days"])
    # Fictional months have 28 days; time passes by the calendar all the same.
    is_pending = day * (365.25 / 12 / DAYS_A_MONTH) + days > world.last_day * (365.25 / 12 / DAYS_A_MONTH)
    row, number = np.nonzero(is_filed)
    return Charges(
        investigation=row,
        number=number,
        day=day[is_filed],
        is_trafficking=is_trafficking[is_filed],
        disposition=fate.reshape(is_filed.shape)[is_filed],
        days=np.where(is_pending, -1, days)[is_filed],
    )


_KINDS = ("other_charge", "trafficking")


def _gaps(world: World, name: str, shares: dict[str, float], index: Ints, size: int) -> dict[str, Flags]:
    """Return where each field of a sheet is missing."""
    return {
        field: stream(world.seed, "enforcement missing", name, field).random(size)[index] < share
        for field, share in shares.items()
    }


def _when(world: World, day: Ints) -> tuple[Ints, pl.Series]:
    month, of_month = np.divmod(day, DAYS_A_MONTH)
    return month, columns.dates(world.facts.first_month, month, of_month + 1)


def _references(contributor: Contributor, person: Ints) -> pl.Series:
    return columns.references(f"{contributor.code[:3].upper()}-", person + 1)


def _investigation_sheet(world: World, contributor: Contributor, found: Investigations) -> pl.DataFrame:
    profile, person = settings()["investigation"], found.person
    uniform = _Uniform(world, contributor, person)
    gaps = _gaps(world, contributor.code, profile["missing"], person, len(world.people))
    month, period = _when(world, found.day)
    weights = settings()["investigator"][contributor.code]["agency"]
    agencies = (*weights, "task_force")
    agency = draw(np.array(list(weights.values())), uniform("agency"))
    agency = np.where(found.is_joint, len(weights), agency)
    outcomes, outcome = _outcomes(world, found, uniform)
    return pl.DataFrame(
        {
            "month": month,
            "investigation_ref": _references(contributor, person),
            "period": period,
            "area": columns.text(
                world.district_names(contributor.area_as), world.people.district[person], gaps["area"]
            ),
            "agency_type": columns.text(agencies, agency, gaps["agency_type"]),
            "form": columns.lists(world.facts.forms, world.people.forms[person], gaps["form"]),
            "origin": columns.text(ORIGINS, found.is_proactive.astype(np.int64), gaps["origin"]),
            "outcome": columns.text(outcomes, outcome, gaps["outcome"]),
            "stage": columns.text(STAGES, found.stage, gaps["stage"]),
        }
    )


def _outcomes(world: World, found: Investigations, uniform: _Uniform) -> tuple[tuple[str, ...], Ints]:
    """Return the codes of outcomes and the position of each investigation's."""
    profile = settings()["investigation"]
    codes = ("cleared_by_arrest", "open", *profile["closed"])
    place = uniform("outcome")
    closed = 2 + draw(np.array(list(profile["closed"].values())), place)
    after = profile["closed_after_arrest"]
    later = draw(np.array(list(after.values())), place)
    closed = np.where(found.stage == 1, np.array([codes.index(one) for one in after])[later], closed)
    took = between(profile["days_to_close"], uniform("close days"), uniform("close within"))
    outcome = np.where(found.day + took > world.last_day, 1, closed)
    return codes, np.where(found.stage >= 2, 0, outcome)


def _charge_sheet(world: World, contributor: Contributor, found: Investigations) -> pl.DataFrame:
    profile, made = settings()["charge"], found.charges
    person = found.person[made.investigation]
    index = person * _MOST_CHARGES + made.number
    size = len(world.people) * _MOST_CHARGES
    gaps = _gaps(world, f"{contributor.code} charge", profile["missing"], index, size)
    month, period = _when(world, made.day)
    is_pending = made.days < 0
    dispositions = (*profile["disposition"]["trafficking"], "pending")
    disposition = np.where(is_pending, len(dispositions) - 1, made.disposition)
    place = stream(world.seed, "enforcement", contributor.code, "link").random(size)[index]
    other = place < profile["of_another_register"]
    none = ~other & (place < profile["of_another_register"] + profile["without_investigation"])
    reference = _references(contributor, person)
    names = world.district_names(contributor.area_as)
    return pl.DataFrame(
        {
            "month": month,
            "charge_ref": columns.references(f"{contributor.code[:3].upper()}-CH-", index + 10),
            "investigation_ref": pl.select(
                pl.when(~pl.Series(none))
                .then(pl.when(pl.Series(other)).then("OTHER-" + reference).otherwise(reference))
                .alias("ref")
            ).to_series(),
            "defendant_ref": columns.references("DEF-", person + 1),
            "period": period,
            "area": columns.text(names, world.people.district[person], gaps["area"]),
            "statute_group": _statutes(world, contributor, made, person, gaps["statute_group"]),
            "is_trafficking": columns.text(("no", "yes"), made.is_trafficking.astype(np.int64)),
            "disposition": columns.text(dispositions, disposition, gaps["disposition"] & ~is_pending),
            "days_to_disposition": columns.numbers(
                np.maximum(made.days, 0), gaps["days_to_disposition"] | is_pending
            ),
        }
    )


def _statutes(
    world: World, contributor: Contributor, made: Charges, person: Ints, missing: Flags
) -> pl.Series:
    """Draw the group of statutes: by the main form for trafficking charges, one list for the others."""
    groups = settings()["charge"]["statute_group"]
    codes = tuple(dict.fromkeys(code for group in groups.values() for code in group))
    rows = [groups.get(form, groups["else"]) for form in world.facts.forms] + [groups["other_charge"]]
    weights = np.array([[row.get(code, 0.0) for code in codes] for row in rows])
    which = np.where(made.is_trafficking, world.people.main_form[person], len(rows) - 1)
    index = person * _MOST_CHARGES + made.number
    size = len(world.people) * _MOST_CHARGES
    place = stream(world.seed, "enforcement", contributor.code, "statute").random(size)[index]
    return columns.text(codes, draw(weights[which], place), missing)


def _operation_sheet(world: World, contributor: Contributor) -> pl.DataFrame:
    """Draw operations: a few a month, in districts by the number of residents."""
    profile, facts = settings()["operation"][contributor.code], world.facts
    protocol = facts["service_protocol"]
    most = int(np.ceil(profile["a_month"]))
    size = min(world.last_month + 1, facts.months) * most

    def uniform(name: str, *shape: int) -> Floats:
        return stream(world.seed, "enforcement", contributor.code, "operation", name).random((size, *shape))

    held = np.flatnonzero(uniform("held") < profile["a_month"] / most)
    month = held // most
    district = draw(np.array([one.share for one in world.region.districts]), uniform("place")[held])
    kinds = draw(np.array(list(profile["type"].values())), uniform("kind")[held])
    met = between(profile["met"], uniform("met")[held], uniform("met within")[held])
    is_after = month >= facts.position(protocol["from_month"])
    longest = max(high for _, high, _ in profile["met"])
    is_met = np.arange(longest) < met[:, None]
    referred = np.where(is_after, protocol["referred_after"], protocol["referred_before"])
    exploited = np.where(
        is_after, protocol["arrested_exploited_after"], protocol["arrested_exploited_before"]
    )
    is_arrested = is_met & (uniform("arrested", longest)[held] < profile["arrested"])
    is_exploited = is_arrested & (uniform("exploited", longest)[held] < exploited[:, None])
    is_referred = is_met & (uniform("referred", longest)[held] < referred[:, None])
    day = 1 + (uniform("day")[held] * DAYS_A_MONTH).astype(np.int64)
    counts = {"referred": is_referred, "arrested": is_arrested, "arrested_exploited": is_exploited}
    return pl.DataFrame(
        {
            "month": month,
            "period": columns.dates(facts.first_month, month, day),
            "area": columns.text(world.district_names(contributor.area_as), district),
            "operation_type": columns.text(tuple(profile["type"]), kinds),
            "met": columns.numbers(met),
        }
        | {name: columns.numbers(flags.sum(axis=1).astype(np.int64)) for name, flags in counts.items()}
    )
