"""The referral sheets: what each contributor sends about the referrals it made.

Grain: one row is one referral. A referral that has not been decided by the day the data are looked at is
waiting, and one without contact by then has none.
"""

import numpy as np
import polars as pl

from etl.demonstration.facts import Contributor
from etl.demonstration.files import columns
from etl.demonstration.people.people import DAYS_A_MONTH
from etl.demonstration.people.referrals import ACCEPTED, DECISIONS, DECLINED, WAITING, Referrals, from_types
from etl.demonstration.streams import Flags, Ints, stream
from etl.demonstration.world import World


def sheet(world: World, contributor: Contributor, made: Referrals) -> pl.DataFrame:
    """Return the referrals that one contributor made, as they stand on the day of looking.

    Returns
    -------
    polars.DataFrame
        The canonical columns as text; ``month`` (Int64, position from the first month) besides.
    """
    position = world.facts.contributors.index(contributor)
    is_there = world.seen[made.person] & (made.day_number <= world.last_day)
    rows = np.flatnonzero((made.sender == position) & is_there)
    gaps = {
        field: stream(world.seed, "referral missing", field).random(len(made.person))[rows] < share
        for field, share in world.facts.profiles["referral"]["missing"].items()
    }
    month, day = np.divmod(made.day_number[rows], DAYS_A_MONTH)
    first_month, person = world.facts.first_month, made.person[rows]
    names = world.district_names(contributor.area_as)
    return pl.DataFrame(
        {
            "month": month,
            "referral_ref": columns.references("REF-", (person + 1) * 10 + made.number[rows]),
            "person_ref": columns.references("SYN-", person + 1),
            "period": columns.dates(first_month, month, day + 1),
            "area": columns.text(names, world.people.district[person], gaps["area"]),
            **_request(world, made, rows, gaps),
            **_outcome(world, made, rows, gaps),
        }
    ).with_columns(source=pl.lit(contributor.source_id))


def _request(world: World, made: Referrals, rows: Ints, gaps: dict[str, Flags]) -> dict[str, pl.Series]:
    services = tuple(world.facts.profiles["referral"]["service_type"])
    organisations = [organisation["code"] for organisation in world.facts.organisations]
    types = from_types(world.facts)
    return {
        "from_org_type": columns.text(types, made.from_org_type[rows], gaps["from_org_type"]),
        "to_organisation": columns.text(organisations, made.organisation[rows]),
        "service_type": columns.text(services, made.service_type[rows], gaps["service_type"]),
    }


def _outcome(world: World, made: Referrals, rows: Ints, gaps: dict[str, Flags]) -> dict[str, pl.Series]:
    """What has come of the referrals by the day of looking."""
    reasons = tuple(world.facts.profiles["referral"]["decline_reason"])
    day = made.day_number[rows]
    to_decision, to_contact = made.days_to_decision[rows], made.days_to_contact[rows]
    is_waiting = (to_decision < 0) | (day + to_decision > world.last_day)
    is_silent = (to_contact < 0) | (day + to_contact > world.last_day)
    decision = np.where(is_waiting, WAITING, made.decision[rows])
    is_open = is_waiting | (is_silent & (decision == ACCEPTED))
    no_reason = gaps["decline_reason"] | (decision != DECLINED)
    return {
        "decision": columns.text(DECISIONS, decision, gaps["decision"] & ~is_waiting),
        "decline_reason": columns.text(reasons, made.decline_reason[rows], no_reason),
        "days_to_decision": columns.numbers(to_decision, gaps["days_to_decision"] | is_waiting),
        "days_to_contact": columns.numbers(to_contact, gaps["days_to_contact"] | is_silent),
        "is_open": columns.text(("no", "yes"), is_open.astype(np.int64)),
    }
