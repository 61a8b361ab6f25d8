"""Who was referred where, for what, and what becomes of it in the end.

Grain: one row is one referral of one person. ``referral_sheets`` turns it into what contributors send.
"""

from dataclasses import dataclass

import numpy as np

from etl.demonstration.facts import Facts
from etl.demonstration.people.attributes import GENDERS, between
from etl.demonstration.people.people import DAYS_A_MONTH
from etl.demonstration.streams import Flags, Floats, Ints, draw, stream
from etl.demonstration.world import World

DECISIONS = ("accepted", "declined", "withdrawn", "waiting")
ACCEPTED, DECLINED, WITHDRAWN, WAITING = range(4)


@dataclass(frozen=True)
class Referrals:
    """Arrays over the referrals of everyone on a list, in order of person and number.

    ``day_number`` counts fictional days from the first; ``decision`` is what is decided in the end.
    ``days_to_contact`` is −1 where contact is never made, ``days_to_decision`` where nothing is decided.
    """

    person: Ints
    number: Ints
    sender: Ints
    from_org_type: Ints
    organisation: Ints
    service_type: Ints
    day_number: Ints
    decision: Ints
    decline_reason: Ints
    days_to_decision: Ints
    days_to_contact: Ints


class _Uniform:
    """Uniform numbers by name for the referrals that are made, out of a grid over everyone."""

    def __init__(self, world: World, most: int, person: Ints, number: Ints) -> None:
        self.seed, self.size = world.seed, (len(world.people), most)
        self.person, self.number = person, number

    def __call__(self, name: str) -> Floats:
        return stream(self.seed, "referral", name).random(self.size)[self.person, self.number]


def referrals(world: World) -> Referrals:
    """Draw the referrals of everyone who is on a list."""
    facts, people = world.facts, world.people
    profile = facts.profiles["referral"]
    most = len(profile["number"]) - 1
    count = draw(np.array(profile["number"]), stream(world.seed, "referral", "count").random(len(people)))
    is_made: Flags = (np.arange(most) < count[:, None]) & people.lists.any(axis=1, keepdims=True)
    person, number = np.nonzero(is_made)
    uniform = _Uniform(world, most, person, number)
    sender = _senders(world, person, number, most)
    service_type = draw(np.array(list(profile["service_type"].values())), uniform("service"))
    organisation = draw(_places(facts)[service_type], uniform("place"))
    after = between(profile["days_after_identification"], uniform("after"), uniform("after within"))
    is_male = world.traits.gender[person] == GENDERS.index("male")
    decision, reason = _decisions(facts, is_male, service_type, organisation, uniform)
    to_decision, to_contact = _days(facts, organisation, decision, uniform)
    made = Referrals(
        person=person,
        number=number,
        sender=sender,
        from_org_type=draw(_sender_types(facts)[sender], uniform("type")),
        organisation=organisation,
        service_type=service_type,
        day_number=people.month[person] * DAYS_A_MONTH + people.day[person] - 1 + after,
        decision=decision,
        decline_reason=reason,
        days_to_decision=to_decision,
        days_to_contact=to_contact,
    )
    return _broken(facts, made)


def from_types(facts: Facts) -> tuple[str, ...]:
    """Return the codes of the kinds of organisation that refer, in the order of ``from_org_type``."""
    return tuple(dict.fromkeys(code for c in facts.contributors for code in c.from_org_type))


def _sender_types(facts: Facts) -> Floats:
    types = from_types(facts)
    return np.array([[c.from_org_type.get(t, 0.0) for t in types] for c in facts.contributors])


def _senders(world: World, person: Ints, number: Ints, most: int) -> Ints:
    """Choose which of the person's contributors makes each referral."""
    lists = world.people.lists
    uniform = stream(world.seed, "referral", "sender").random((len(lists), most, lists.shape[1]))
    return np.argmax(np.where(lists[person], uniform[person, number], -1.0), axis=1).astype(np.int64)


def _places(facts: Facts) -> Floats:
    """Weights of the organisations for each service type: shape (service types, organisations)."""
    services = facts.profiles["referral"]["service_type"]
    return np.array([[o["services"].get(s, 0.0) for o in facts.organisations] for s in services])


def _is_organisation(facts: Facts, code: str, organisation: Ints) -> Flags:
    return np.array([o["code"] == code for o in facts.organisations])[organisation]


def _decisions(
    facts: Facts, is_male: Flags, service_type: Ints, organisation: Ints, uniform: _Uniform
) -> tuple[Ints, Ints]:
    """Draw the decision and the reason; the service with too few places says so to men and boys."""
    profile, full = facts.profiles["referral"], facts["too_few_places"]
    declined = np.array([o["declined"] for o in facts.organisations])[organisation]
    thresholds = np.stack([declined, declined + profile["withdrawn"]], axis=1)
    outcome = np.sum(uniform("fate")[:, None] >= thresholds, axis=1)
    decision = np.array([DECLINED, WITHDRAWN, ACCEPTED])[outcome]
    reasons = tuple(profile["decline_reason"])
    reason = draw(np.array(list(profile["decline_reason"].values())), uniform("why"))
    no_place, other = reasons.index("no_capacity"), reasons.index("not_eligible")
    services = np.array([s == full["service_type"] for s in profile["service_type"]])
    here = _is_organisation(facts, full["organisation"], organisation) & services[service_type]
    chance = np.where(
        is_male, full["declined_for_no_place_share_men_and_boys"], full["declined_for_no_place_share_others"]
    )
    is_full = here & (uniform("full") < chance)
    reason = np.where(here & (reason == no_place), other, reason)
    return np.where(is_full, DECLINED, decision), np.where(is_full, no_place, reason)


def _days(facts: Facts, organisation: Ints, decision: Ints, uniform: _Uniform) -> tuple[Ints, Ints]:
    """Draw the days to the decision and to the first contact, by the speed of the organisation."""
    profile = facts.profiles["referral"]
    speeds = np.array([list(profile["speed"]).index(o["speed"]) for o in facts.organisations])[organisation]
    days = {}
    for field, name in (("days_to_decision", "decision"), ("days_to_contact", "contact")):
        which, where = uniform(name), uniform(f"{name} within")
        by_speed = [between(table[field], which, where) for table in profile["speed"].values()]
        days[field] = np.choose(speeds, by_speed)
    silent = np.array([profile["no_contact"][d] for d in DECISIONS])[decision]
    days["days_to_decision"][uniform("never") < profile["never_decided"]] = -1
    days["days_to_contact"][uniform("silent") < silent] = -1
    return days["days_to_decision"], days["days_to_contact"]


def _broken(facts: Facts, made: Referrals) -> Referrals:
    """Take out the referrals that were never made once the agreement behind them had lapsed."""
    broken = facts["hand_off_broken"]
    if not broken["lapsed_month"]:
        return made
    is_sender = np.array([t == broken["from_org_type"] for t in from_types(facts)])[made.from_org_type]
    is_receiver = _is_organisation(facts, broken["to_organisation"], made.organisation)
    has_lapsed = made.day_number >= facts.position(broken["lapsed_month"]) * DAYS_A_MONTH
    kept = ~(is_sender & is_receiver & has_lapsed)
    return Referrals(**{name: values[kept] for name, values in vars(made).items()})
