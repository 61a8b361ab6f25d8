"""How survivors of the fictional region fare, what stands in the way, and what its public thinks.

Assessments and notes of barriers belong to people that the voluntary network supports; feedback, interviews
and the survey come as numbers only.
"""

from collections.abc import Iterator
from functools import partial

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

settings = partial(parameters, "outcomes")

CHANGES = ("improved", "same", "worse", "not_assessed")
AGES = ("adult", "child")
RESPONDENTS = ("survivor", "provider", "community")
QUARTER = 3
_Z95 = 1.96


def sheets(seen: World, made: Referrals, contributor: Contributor) -> dict[str, pl.DataFrame]:
    """Return what the network that supports people sends besides; other contributors send nothing."""
    if contributor.code != settings()["contributor"]:
        return {}
    source = pl.lit(contributor.source_id).alias("source")
    found = {
        "outcome": _outcomes(seen, contributor),
        "barrier": _barriers(seen, contributor),
        "feedback": _feedback(seen),
        "interview_theme": _interviews(seen),
    }
    return {table: frame.with_columns(source) for table, frame in found.items()}


def files(seen: World, made: Referrals) -> list[Incoming]:
    """Return the survey of the public: one file of the coordinator."""
    rows = list(_survey(seen))
    if not rows:
        return []
    frame = columns.with_lines(pl.DataFrame(rows, schema_overrides=dict.fromkeys(rows[0], pl.String)))
    source = register_source(seen, "tm_survey", "Survey of the public (synthetic)", "answers", "year")
    waves = settings()["survey"]["waves"]
    covered = f"{waves[0]}-01", f"{min(waves[-1], seen.as_of.year)}-12"
    return [Incoming.of_records(source, (Batch.of("survey_item", frame),), *covered)]


def _supported(seen: World, contributor: Contributor, first_month: str) -> Ints:
    """Return the people on the contributor's list from a month on."""
    on_list = seen.people.lists[:, seen.facts.contributors.index(contributor)]
    return np.flatnonzero(seen.seen & on_list & (seen.people.month >= seen.facts.position(first_month)))


def _last(seen: World) -> int:
    """Return the last month that can be reported on: a later look finds no later months."""
    return min(seen.last_month, seen.facts.months - 1)


def _outcomes(seen: World, contributor: Contributor) -> pl.DataFrame:
    given = settings()
    people = _supported(seen, contributor, given["assessed_from"])
    uniform = {
        name: stream(seen.seed, "outcome", name).random(len(seen.people))[people] for name in ("who", "when")
    }
    low, high = given["after_months"]
    month = seen.people.month[people] + low + np.floor(uniform["when"] * (high - low + 1)).astype(np.int64)
    is_assessed = (uniform["who"] < given["assessed_share"]) & (month <= _last(seen))
    parts = [
        _domain(seen, number, domain, people[is_assessed], month[is_assessed])
        for number, domain in enumerate(given["improved"])
    ]
    return pl.concat(parts).sort("month", "outcome_ref")


def _domain(seen: World, number: int, domain: str, people: Ints, month: Ints) -> pl.DataFrame:
    """Return the assessments of one part of life."""
    given, least = settings(), seen.facts["outcome_least_improved"]
    uniform = stream(seen.seed, "outcome", domain).random((2, len(seen.people)))[:, people]
    rows = np.flatnonzero(uniform[0] < given["in_domain"])
    people, month = people[rows], month[rows]
    better = least["improved"] if domain == least["domain"] else given["improved"][domain]
    shares = np.array([better, 1 - better - given["worse"], given["worse"]]) * (1 - given["not_assessed"])
    change = draw(np.append(shares, given["not_assessed"]), uniform[1][rows])
    return pl.DataFrame(
        {
            "month": month,
            "outcome_ref": columns.references("OUT-", (people + 1) * 10 + number),
            **_person(seen, people, month),
            "domain": [domain] * len(people),
            "change": columns.text(CHANGES, change),
            "gender": columns.text(GENDERS, seen.traits.gender[people]),
            "age_group": columns.text(AGES, seen.people.is_child[people].astype(np.int64)),
        }
    )


def _person(seen: World, people: Ints, month: Ints) -> dict[str, pl.Series]:
    day = np.minimum(seen.people.day[people], DAYS_A_MONTH)
    return {
        "person_ref": columns.references("SYN-", people + 1),
        "period": columns.dates(seen.facts.first_month, month, day),
        "area": columns.text(seen.district_names("code"), seen.people.district[people]),
    }


def _barriers(seen: World, contributor: Contributor) -> pl.DataFrame:
    given = settings()["barriers"]
    people = _supported(seen, contributor, given["from_month"])
    noted = stream(seen.seed, "barrier", "noted").random(len(seen.people))[people]
    people = people[noted < given["notes_a_person"]]
    parts = []
    for number, level in enumerate(("person", "provider", "community")):
        which, code = stream(seen.seed, "barrier", level).random((2, len(seen.people)))[:, people]
        is_there = which < given.get(f"{level}_share", 1.0)
        parts.append(_notes(seen, number, level, people[is_there], code[is_there]))
    return pl.concat(parts).sort("month", "barrier_ref")


def _notes(seen: World, number: int, level: str, people: Ints, uniform: Floats) -> pl.DataFrame:
    weights, leading = dict(settings()["barriers"][level]), seen.facts["leading_barrier"]
    if leading["barrier"] in weights:
        weights[leading["barrier"]] *= leading["times_as_often"]
    month = seen.people.month[people]
    return pl.DataFrame(
        {
            "month": month,
            "barrier_ref": columns.references("BAR-", (people + 1) * 10 + number),
            **_person(seen, people, month),
            "level": [level] * len(people),
            "barrier": columns.text(tuple(weights), draw(np.array(list(weights.values())), uniform)),
        }
    )


def _feedback(seen: World) -> pl.DataFrame:
    given, hardly = settings()["feedback"], seen.facts["feedback_hardly_answered"]
    months = np.arange(seen.facts.position(given["from_month"]), _last(seen) + 1, QUARTER)
    rows = []
    for service, (asked, answer, satisfied) in given["service"].items():
        share = hardly["answered"] if service == hardly["service_type"] else answer
        uniform = stream(seen.seed, "feedback", service).random((2, seen.facts.months, asked))
        for month in months.tolist():
            answered = int((uniform[0, month] < share).sum())
            rows.append(
                {
                    "month": month,
                    "period": month_code(seen.facts.first_month + month),
                    "service_type": service,
                    "invited": str(asked),
                    "answered": str(answered),
                    "satisfied": str(int((uniform[1, month, :answered] < satisfied).sum())),
                }
            )
    return pl.DataFrame(rows)


def _interviews(seen: World) -> pl.DataFrame:
    given, rows = settings()["interviews"], []
    for year in given["years"]:
        period = f"{year:04d}-{given['month']:02d}"
        month = seen.facts.position(period)
        if month > _last(seen):
            continue
        for theme, (level, *shares) in given["theme"].items():
            for respondent, share in zip(RESPONDENTS, shares, strict=True):
                uniform = stream(seen.seed, "interview", theme, respondent, period)
                mentions = int((uniform.random(given["people"][respondent]) < share).sum())
                rows.append(
                    {
                        "month": month,
                        "period": period,
                        "theme": theme,
                        "level": level,
                        "respondent": respondent,
                        "mentions": str(mentions),
                    }
                )
    return pl.DataFrame(rows)


def _survey(seen: World) -> Iterator[dict[str, str]]:
    """Yield one row for each county, group, statement and wave, as a published table of estimates would."""
    given = settings()["survey"]
    for county, _ in seen.region.counties:
        for group, n in given["respondents"].items():
            for item, (first, step, other) in given["item"].items():
                uniform = stream(seen.seed, "survey", county, group, item)
                for number, wave in enumerate(given["waves"]):
                    chance = first + step * number + (other if group == "other_language" else 0.0)
                    chance += _planted(seen, county, item, wave)
                    agreed = uniform.random(n) < chance
                    if wave <= seen.as_of.year:
                        yield _estimate(str(wave), county, item, group, agreed)


def _planted(seen: World, county: str, item: str, wave: int) -> float:
    falls, low = seen.facts["stigma_falls"], seen.facts["low_reporting"]
    change = 0.0
    if item == falls["item"]:
        change += max(wave - falls["from_wave"], 0) * falls["change_a_wave"]
    if item == "happens_here" and county == low["county"]:
        change -= low["believes_less"]
    return change


def _estimate(wave: str, county: str, item: str, group: str, agreed: Flags) -> dict[str, str]:
    n, share = len(agreed), float(agreed.mean())
    half = _Z95 * (settings()["survey"]["design_effect"] * share * (1 - share) / n) ** 0.5
    return {
        "period": wave,
        "area": county,
        "item": item,
        "group": group,
        "n": str(n),
        "percent": f"{100 * share:.1f}",
        "ci_low": f"{100 * max(share - half, 0):.1f}",
        "ci_high": f"{100 * min(share + half, 1):.1f}",
    }
