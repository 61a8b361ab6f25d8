"""The sheets of spells of service: what became of the referrals that were accepted.

Grain: one row is one spell of service of one accepted referral, as the contributor that referred heard of it.
"""

from typing import Any

import numpy as np
import polars as pl

from etl.demonstration.facts import Contributor
from etl.demonstration.files import columns
from etl.demonstration.people.attributes import between
from etl.demonstration.people.people import DAYS_A_MONTH
from etl.demonstration.people.referrals import ACCEPTED, Referrals
from etl.demonstration.streams import Flags, Floats, Ints, draw, stream
from etl.demonstration.topics._parameters import parameters
from etl.demonstration.world import World


def sheets(seen: World, made: Referrals, contributor: Contributor) -> dict[str, pl.DataFrame]:
    """Return the spells of one contributor's referrals, as they stand on the day of looking."""
    profile = parameters("respond")["episodes"]
    position = seen.facts.contributors.index(contributor)
    is_decided = (made.days_to_decision >= 0) & (made.day_number + made.days_to_decision <= seen.last_day)
    is_there = seen.seen[made.person] & (made.day_number <= seen.last_day) & is_decided
    rows = np.flatnonzero(is_there & (made.decision == ACCEPTED) & (made.sender == position))
    uniform = _uniform(seen, made, rows)
    gaps = {field: uniform(f"no {field}") < share for field, share in profile["missing"].items()}
    days_to_start, is_started, in_service, has_ended = _times(seen, made, rows, profile, uniform)
    person, (month, day) = made.person[rows], np.divmod(made.day_number[rows], DAYS_A_MONTH)
    exits = profile["exit_type"]
    ended_how = draw(np.array(list(exits.values())), uniform("exit"))
    how = np.where(has_ended, ended_how, len(exits))
    names = seen.district_names(contributor.area_as)
    frame = {
        "month": month,
        "service_episode_ref": columns.references("SPELL-", (person + 1) * 10 + made.number[rows]),
        "referral_ref": columns.without(_references("REF-", made, rows), gaps["referral_ref"]),
        "person_ref": columns.references("SYN-", person + 1),
        "period": columns.dates(seen.facts.first_month, month, day + 1),
        "area": columns.text(names, seen.people.district[person], gaps["area"]),
        "service_type": columns.text(
            tuple(seen.facts.profiles["referral"]["service_type"]),
            made.service_type[rows],
            gaps["service_type"],
        ),
        "provider": columns.text([one["code"] for one in seen.facts.organisations], made.organisation[rows]),
        "days_to_start": columns.numbers(days_to_start, gaps["days_to_start"] | ~is_started),
        "is_started": columns.text(("no", "yes"), is_started.astype(np.int64)),
        "days_in_service": columns.numbers(in_service, ~is_started),
        "exit_type": columns.text((*exits, "still_in_service"), how, gaps["exit_type"] | ~is_started),
    }
    return {"service_episode": pl.DataFrame(frame).with_columns(source=pl.lit(contributor.source_id))}


def _uniform(seen: World, made: Referrals, rows: Ints) -> Any:
    """Return uniform numbers by name: one for each referral, whoever sends it."""

    def by_name(name: str) -> Floats:
        return stream(seen.seed, "spell", name).random(len(made.person))[rows]

    return by_name


def _references(prefix: str, made: Referrals, rows: Ints) -> pl.Series:
    return columns.references(prefix, (made.person[rows] + 1) * 10 + made.number[rows])


def _times(
    seen: World, made: Referrals, rows: Ints, profile: dict[str, Any], uniform: Any
) -> tuple[Ints, Flags, Ints, Flags]:
    """Draw days to the start and in service: rural people wait longer for the first service, as planted."""
    contact, decision = made.days_to_contact[rows], made.days_to_decision[rows]
    which, where = uniform("start"), uniform("start within")
    soon, late = (between(profile[name], which, where) for name in ("after_contact", "after_contact_slow"))
    is_rural = np.array([one.rural for one in seen.region.districts])[seen.people.district[made.person[rows]]]
    is_slow = is_rural & (uniform("slow") < seen.facts["rural_wait"]["share_slow"])
    to_start = np.maximum(contact, decision) + np.where(is_slow, late, soon)
    begins = made.day_number[rows] + to_start
    is_never = (uniform("never") < profile["never_started"]) | (contact < 0)
    is_started = ~is_never & (begins <= seen.last_day)
    lasts = between(profile["days_in_service"], uniform("stay"), uniform("stay within"))
    has_ended = is_started & (begins + lasts <= seen.last_day)
    return to_start, is_started, np.where(has_ended, lasts, np.maximum(seen.last_day - begins, 0)), has_ended
