"""The sheets of reports: what each contributor sends about the reports it took.

Grain: one row is one report. A part of the referrals began with one, which then carries the reference of the
referral; the other reports are about nobody on a list, or led nowhere.
"""

from dataclasses import dataclass
from typing import Any

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

PASSED_ON = ("services", "police_and_services")
MINUTES = 60


@dataclass(frozen=True)
class _Reports:
    """Arrays over the reports that one contributor took; `referral` is a position, or −1."""

    day: Ints
    district: Ints
    form: Ints
    referral: Ints

    def __len__(self) -> int:
        return len(self.day)


class _Uniform:
    """Uniform numbers by name for the reports of one contributor."""

    def __init__(self, seed: int, code: str, size: int) -> None:
        self.seed, self.code, self.size = seed, code, size

    def __call__(self, name: str) -> Floats:
        return stream(self.seed, "report", self.code, name).random(self.size)


def sheets(seen: World, made: Referrals, contributor: Contributor) -> dict[str, pl.DataFrame]:
    """Return the reports of one contributor, as they stand on the day of looking."""
    profile = parameters("respond")["reports"]
    reports = _reports(seen, made, contributor, profile)
    uniform = _Uniform(seen.seed, contributor.code, len(reports))
    gaps = {field: uniform(f"no {field}") < share for field, share in profile["missing"].items()}
    channels, channel = _channels(seen, contributor, reports, profile, uniform)
    dispositions, disposition = _dispositions(seen, reports, profile, uniform)
    month, day = np.divmod(reports.day, DAYS_A_MONTH)
    minutes = _minutes(seen, channels, channel, profile, uniform)
    is_open = disposition == dispositions.index("open")
    unanswered = gaps["response_hours"] | (is_open & (uniform("unanswered") < 0.5))
    reporters = profile["by"][contributor.code]["reporter_type"]
    reporter = draw(np.array(list(reporters.values())), uniform("reporter"))
    frame = {
        "month": month,
        "tip_ref": columns.references(f"TIP-{contributor.code}-", np.arange(len(reports)) + 1),
        "period": columns.dates(seen.facts.first_month, month, day + 1),
        "area": columns.text(seen.district_names(contributor.area_as), reports.district, gaps["area"]),
        "channel": columns.text(channels, channel, gaps["channel"]),
        "reporter_type": columns.text(tuple(reporters), reporter, gaps["reporter_type"]),
        "form": columns.lists(seen.facts.forms, _forms(seen, reports, profile, uniform), gaps["form"]),
        "disposition": columns.text(dispositions, disposition, gaps["disposition"]),
        "finding": _findings(dispositions, disposition, profile, uniform, gaps["finding"]),
        "response_hours": _hours(minutes, unanswered),
        "referral_ref": _referral_refs(made, reports.referral),
    }
    return {"tip": pl.DataFrame(frame).with_columns(source=pl.lit(contributor.source_id))}


def _reports(seen: World, made: Referrals, contributor: Contributor, profile: dict[str, Any]) -> _Reports:
    parts = (_with_referral(seen, made, contributor, profile), _without(seen, contributor, profile))
    return _Reports(*(np.concatenate([vars(part)[name] for part in parts]) for name in vars(parts[0])))


def _with_referral(
    seen: World, made: Referrals, contributor: Contributor, profile: dict[str, Any]
) -> _Reports:
    """Choose the referrals of a contributor that began with a report, which came some days before."""
    uniform = stream(seen.seed, "report", "referral").random((3, len(made.person)))
    position = seen.facts.contributors.index(contributor)
    before = between(profile["days_before_referral"], uniform[1], uniform[2])
    day = np.maximum(made.day_number - before, 0)
    is_there: Flags = seen.seen[made.person] & (made.day_number <= seen.last_day)
    chosen = (uniform[0] < profile["share_of_referrals"]) & (made.sender == position) & is_there
    rows = np.flatnonzero(chosen)
    person = made.person[rows]
    return _Reports(day[rows], seen.people.district[person], seen.people.main_form[person], rows)


def _without(seen: World, contributor: Contributor, profile: dict[str, Any]) -> _Reports:
    """Draw the other reports: by month, place and form as people are, with the campaign on top."""
    size = round(len(seen.people) * profile["per_person"] * profile["by"][contributor.code]["share"])
    uniform = stream(seen.seed, "report", contributor.code, "where and when").random((3, size))
    like = np.floor(uniform[0] * len(seen.people)).astype(np.int64)  # a report resembles some person's time
    month, district = seen.people.month[like], seen.people.district[like]
    form = seen.people.main_form[np.floor(uniform[1] * len(seen.people)).astype(np.int64)]
    day = month * DAYS_A_MONTH + np.floor(uniform[2] * DAYS_A_MONTH).astype(np.int64)
    extra = _campaign(seen, contributor, day, district)
    day, district, form = (np.concatenate([part, part[extra]]) for part in (day, district, form))
    order = np.argsort(day, kind="stable")
    kept = order[day[order] <= seen.last_day]
    return _Reports(day[kept], district[kept], form[kept], np.full(len(kept), -1))


def _campaign(seen: World, contributor: Contributor, day: Ints, district: Ints) -> Ints:
    """Return which reports came twice or more because of the planted campaign."""
    campaign, facts = seen.facts["campaign"], seen.facts
    if contributor.code != campaign["contributor"]:
        return np.array([], dtype=np.int64)
    month = day // DAYS_A_MONTH
    county = np.array([one.county == campaign["county"] for one in seen.region.districts])[district]
    during = (month >= facts.position(campaign["from_month"])) & (
        month <= facts.position(campaign["to_month"])
    )
    rows = np.flatnonzero(county & during)
    more = campaign["ratio"] - 1
    whole = np.repeat(rows, int(more))
    uniform = stream(seen.seed, "report", "campaign").random(len(rows))
    return np.concatenate([whole, rows[uniform < more - int(more)]])


def _channels(
    seen: World, contributor: Contributor, reports: _Reports, profile: dict[str, Any], uniform: _Uniform
) -> tuple[tuple[str, ...], Ints]:
    """Draw the channel; the planted part of digital ones rises from month to month."""
    fact, facts = seen.facts["digital_reporting"], seen.facts
    spoken, digital = profile["by"][contributor.code]["spoken"], profile["digital"]
    first, last = facts.position(fact["from_month"]), facts.position(fact["to_month"])
    passed = np.clip((reports.day // DAYS_A_MONTH - first + 1) / (last - first + 1), 0, 1)
    chance = fact["share_before"] + (fact["share_after"] - fact["share_before"]) * passed
    is_digital = uniform("digital") < chance
    which = uniform("channel")
    chosen = np.where(
        is_digital,
        len(spoken) + draw(np.array(list(digital.values())), which),
        draw(np.array(list(spoken.values())), which),
    )
    return (*spoken, *digital), chosen


def _dispositions(
    seen: World, reports: _Reports, profile: dict[str, Any], uniform: _Uniform
) -> tuple[tuple[str, ...], Ints]:
    usual, passed = profile["disposition"], profile["disposition_of_referrals"]
    codes = (*usual, "open")
    chosen = draw(np.array(list(usual.values())), uniform("disposition"))
    positions = np.array([codes.index(code) for code in passed])
    with_referral = positions[draw(np.array(list(passed.values())), uniform("passed on"))]
    chosen = np.where(reports.referral >= 0, with_referral, chosen)
    is_young = reports.day > seen.last_day - profile["still_open_days"]
    is_open = is_young & (reports.referral < 0) & (uniform("open") < profile["still_open_share"])
    return codes, np.where(is_open, codes.index("open"), chosen)


def _findings(
    dispositions: tuple[str, ...],
    disposition: Ints,
    profile: dict[str, Any],
    uniform: _Uniform,
    missing: Flags,
) -> pl.Series:
    codes = tuple(dict.fromkeys(code for one in profile["finding"].values() for code in one))
    weights = np.array([[profile["finding"][one].get(code, 0.0) for code in codes] for one in dispositions])
    return columns.text(codes, draw(weights[disposition], uniform("finding")), missing)


def _minutes(
    seen: World, channels: tuple[str, ...], channel: Ints, profile: dict[str, Any], uniform: _Uniform
) -> Ints:
    """Draw how long the first response took; the planted channel is answered late."""
    which, where = uniform("response"), uniform("response within")
    usual, slow = (
        between(profile["response_minutes"][speed], which, where) for speed in ("ordinary", "slow")
    )
    is_slow = np.array([one == seen.facts["slow_channel"]["channel"] for one in channels])[channel]
    return np.where(is_slow, slow, usual)


def _forms(seen: World, reports: _Reports, profile: dict[str, Any], uniform: _Uniform) -> Flags:
    size = len(seen.facts.forms)
    flags = np.arange(size) == reports.form[:, None]
    also = np.floor(uniform("second form") * size / profile["second_form"]).astype(np.int64)
    return np.asarray(flags | (np.arange(size) == also[:, None]))


def _hours(minutes: Ints, missing: Flags) -> pl.Series:
    hours = pl.Series(np.round(minutes / MINUTES, 1)).cast(pl.String)
    return pl.select(pl.when(~pl.Series(missing)).then(hours)).to_series()


def _referral_refs(made: Referrals, referral: Ints) -> pl.Series:
    numbers = (made.person[referral] + 1) * 10 + made.number[referral]
    refs = columns.references("REF-", numbers)
    return pl.select(pl.when(pl.Series(referral >= 0)).then(refs)).to_series()
