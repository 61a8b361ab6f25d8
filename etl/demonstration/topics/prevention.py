"""Campaigns, outreach, trainings and Safe Places of the fictional region.

Sizes come from ``prevention.toml``, what is planted from ``planted_facts.toml``. Outreach and trainings are
kept by the coordinator; the voluntary network reports who came to Safe Places.
"""

from functools import partial

import numpy as np
import polars as pl
from scipy import special

from etl.contracts.batch import Batch
from etl.demonstration.facts import Contributor, month_code, month_number
from etl.demonstration.files.columns import numbers, text, with_lines
from etl.demonstration.people.referrals import Referrals
from etl.demonstration.streams import Flags, Floats, Ints, draw, stream
from etl.demonstration.topics._parameters import parameters
from etl.demonstration.topics._register import register_source
from etl.demonstration.world import World
from etl.incoming import Incoming

settings = partial(parameters, "prevention")

IN_PERSON = ("talk", "stall", "visit")
MOST_CONTACTS = 6  # of one site in one month


def files(seen: World, made: Referrals) -> list[Incoming]:
    """Return the registers of outreach, of trainings and of Safe Places."""
    campaigns = _campaigns(seen)
    return [
        _file(
            seen,
            ("tm_outreach", "Campaigns and outreach (synthetic)", "events"),
            {
                "campaign": campaigns.drop("channel", "audience", "first", "last"),
                "outreach_event": pl.concat(
                    [_events(seen, campaigns), _media(seen, campaigns)], how="diagonal"
                ),
                "language_speakers": _speakers(seen),
            },
        ),
        _file(
            seen,
            ("tm_training", "Trainings (synthetic)", "trainings"),
            {"training_session": _trainings(seen), "workforce": _workforce(seen)},
        ),
        _file(seen, ("tm_safe_places", "Safe Places (synthetic)", "sites"), {"safe_place": _sites(seen)}),
    ]


def sheets(seen: World, made: Referrals, contributor: Contributor) -> dict[str, pl.DataFrame]:
    """Return who came to Safe Places, which the voluntary network reports."""
    return {"safe_place_use": _use(seen)} if contributor.code == "voluntary_network" else {}


def _file(seen: World, source: tuple[str, str, str], tables: dict[str, pl.DataFrame]) -> Incoming:
    """Put rows of a register into one file that covers all months up to the day of looking."""
    batches = tuple(Batch.of(name, with_lines(rows)) for name, rows in tables.items())
    first, last = (month_code(seen.facts.first_month + month) for month in (0, _months(seen) - 1))
    return Incoming.of_records(register_source(seen, *source), batches, first, last)


def _months(seen: World) -> int:
    """Return how many months can be looked at."""
    return min(seen.facts.months, seen.last_month + 1)


def _growth(seen: World, first_share: float) -> Floats:
    """Return the level of each month, from a share of the newest year to all of it."""
    return np.linspace(first_share, 1.0, seen.facts.months)[: _months(seen)]


def _campaigns(seen: World) -> pl.DataFrame:
    """Return the register of campaigns; the planted one takes its place and months from its fact."""
    fact = seen.facts["campaign"]
    planted = {
        "name": fact["name"],
        "area": fact["county"],
        "start_date": f"{fact['from_month']}-01",
        "end_date": f"{fact['to_month']}-30",
        "contributor": seen.facts.contributor(fact["contributor"]).source_id,
    }
    rows = []
    for row in settings()["campaign"]:
        whole = row | planted if row["campaign"] == "say_it_softly" else row
        first = seen.facts.position(whole["start_date"][:7])
        last = seen.facts.position(whole.get("end_date", seen.facts["last_month"])[:7])
        if first < _months(seen):
            rows.append(whole | {"first": first, "last": min(last, _months(seen) - 1)})
    frame = pl.DataFrame(rows, infer_schema_length=None)
    return frame.with_columns(
        pl.col("cost", "audience").cast(pl.String),
        area=pl.when(pl.col("area") != "").then(pl.col("area")),
        campaign=pl.col("campaign"),
    )


def _events(seen: World, campaigns: pl.DataFrame) -> pl.DataFrame:
    """Return talks, stalls and visits: a number a month that grows, over districts by their residents."""
    given = settings()["outreach"]
    uniform = stream(seen.seed, "prevention", "events")
    expected = given["events_a_month"] * _growth(seen, given["first_year_share"])
    month = np.repeat(
        np.arange(len(expected)), np.floor(expected + uniform.random(len(expected))).astype(int)
    )
    n = len(month)
    district = draw(np.array([one.share for one in seen.region.districts]), uniform.random(n))
    hosts, languages = given["host_type"], settings()["languages"]
    host = draw(np.array([share for share, _ in hosts.values()]), uniform.random(n))
    language = draw(_language_weights(seen), uniform.random(n))
    theme = draw(np.array(list(given["theme"].values())), uniform.random(n))
    channel = draw(np.array(list(given["channel"].values())), uniform.random(n))
    size = np.array([people for _, people in hosts.values()])[host] * (0.4 + 1.2 * uniform.random(n))
    reach = np.maximum(1, np.round(size)).astype(np.int64)
    rise = given["cost_rise"] ** (month / 12)
    cost = np.round(
        (given["cost_an_event"] + given["cost_a_person"] * reach) * rise * (0.7 + 0.6 * uniform.random(n))
    )
    is_unknown = stream(seen.seed, "prevention", "cost").random(n) >= given["cost_known"]
    of = _campaign_of(seen, campaigns, month, district)
    return pl.DataFrame(
        {
            "period": text([month_code(seen.facts.first_month + m) for m in range(_months(seen))], month),
            "area": text([one.code for one in seen.region.districts], district),
            "campaign": of,
            "theme": text(list(given["theme"]), theme, np.asarray(of.is_not_null())),
            "host_type": text(list(hosts), host, host == list(hosts).index("not_recorded")),
            "language": text(list(languages), language),
            "channel": text(list(given["channel"]), channel),
            "reach": numbers(reach),
            "cost": numbers(cost.astype(np.int64), is_unknown),
        }
    )


def _language_weights(seen: World) -> Floats:
    fact = seen.facts["language_left_out"]
    factor = {fact["language"]: fact["ratio"]}
    return np.array([share * factor.get(code, 1.0) for code, (_, share) in settings()["languages"].items()])


def _campaign_of(seen: World, campaigns: pl.DataFrame, month: Ints, district: Ints) -> pl.Series:
    """Return which campaign an event was part of: one that ran there and then, in some of the events."""
    chance = stream(seen.seed, "prevention", "campaign").random(len(month))
    county = np.array([one.county for one in seen.region.districts])[district]
    position: Ints = np.full(len(month), -1, dtype=np.int64)
    for number, row in enumerate(campaigns.iter_rows(named=True)):
        inside: Flags = (
            (month >= row["first"])
            & (month <= row["last"])
            & (chance < settings()["outreach"]["campaign_share"])
        )
        if row["area"]:
            inside &= county == row["area"]
        position[inside] = number
    return text(campaigns["campaign"].to_list(), np.maximum(position, 0), position < 0)


def _media(seen: World, campaigns: pl.DataFrame) -> pl.DataFrame:
    """Return one notice or broadcast for each month of a campaign, in the two languages spoken most."""
    rows = []
    for row in campaigns.iter_rows(named=True):
        months = range(row["first"], row["last"] + 1)
        for month in months:
            for language, share in (("english", 0.9), ("spanish", 0.1)):
                rows.append(
                    {
                        "period": month_code(seen.facts.first_month + month),
                        "area": row["area"],
                        "campaign": row["campaign"],
                        "language": language,
                        "channel": row["channel"],
                        "reach": str(round(int(row["audience"]) * share / len(months))),
                    }
                )
    return pl.DataFrame(rows)


def _speakers(seen: World) -> pl.DataFrame:
    """Return residents by language, county and year; the shares stay the same."""
    first, last = seen.region.totals
    years, rows = seen.region.years, []
    for n, year in enumerate(years):
        total = first + (last - first) * n / (len(years) - 1)
        for county, _ in seen.region.counties:
            share = sum(one.share for one in seen.region.of_county(county))
            for language, (spoken, _) in settings()["languages"].items():
                rows.append((str(year), county, language, str(round(total * share * spoken))))
    schema = ["period", "area", "language", "speakers"]
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    return frame.filter(pl.col("period") <= str(seen.as_of.year))


def _trainings(seen: World) -> pl.DataFrame:
    """Return trainings: of each role as many as its planted share of people in post needs."""
    given = settings()["training"]
    level = _growth(seen, given["first_year_share"])
    yearly = _people_a_year(seen)
    rng = stream(seen.seed, "prevention", "trainings")
    roles = list(given["role"])
    expected = np.array([yearly[role] / given["people_a_training"] / 12 for role in roles])[:, None] * level
    made = np.floor(expected + rng.random(expected.shape)).astype(np.int64)
    role = np.repeat(np.repeat(np.arange(len(roles)), len(level)), made.ravel())
    month = np.repeat(np.tile(np.arange(len(level)), len(roles)), made.ravel())
    order = np.lexsort((role, month))
    role, month, n = role[order], month[order], len(role)
    size = np.round(given["people_a_training"] * (0.5 + rng.random(n))).astype(np.int64)
    district = draw(np.array([one.share for one in seen.region.districts]), rng.random(n))
    hours = 2 + np.floor(rng.random(n) * 10) / 2
    frame = pl.DataFrame(
        {
            "period": text([month_code(seen.facts.first_month + m) for m in range(len(level))], month),
            "area": text([one.code for one in seen.region.districts], district),
            "audience_role": text(roles, role),
            "host_type": text([_HOST.get(one, "local_government") for one in roles], role),
            "attendees": numbers(size),
            "hours": pl.Series(hours).cast(pl.String),
            "certified": numbers(np.round(size * given["completed"]).astype(np.int64)),
        }
    )
    return pl.concat([frame, _tests(seen, [roles[i] for i in role], size)], how="horizontal")


_HOST = {"health": "health", "teachers": "school", "hospitality": "business", "transport": "business"}


def _people_a_year(seen: World) -> dict[str, float]:
    """Return how many of each role take part in the newest year, so that the planted share completes it."""
    given, fact = settings()["training"], seen.facts["trained_most"]
    return {
        role: posts * fact["share"][role] / given["completed"]
        for role, (posts, _, _) in given["role"].items()
    }


def _tests(seen: World, roles: list[str], size: Ints) -> pl.DataFrame:
    """Return the test scores of each training as a group: numbers, averages, spreads, passes."""
    given, n = settings()["training"], len(size)
    rng = stream(seen.seed, "prevention", "tests")
    before, gain = (np.array([given["role"][role][at] for role in roles], dtype=float) for at in (1, 2))
    tested = np.maximum(1, np.round(size * (0.8 + 0.2 * rng.random(n)))).astype(np.int64)
    after = np.maximum(1, np.round(tested * (0.9 + 0.1 * rng.random(n)))).astype(np.int64)
    spread = given["spread"] * (0.85 + 0.3 * rng.random(n))
    change_spread = given["spread_of_change"] * (0.85 + 0.3 * rng.random(n))
    groups = given["spread_of_groups"]
    mean_pre = before + special.ndtri(rng.random(n)) * np.hypot(groups, spread / np.sqrt(tested))
    change = gain + special.ndtri(rng.random(n)) * np.hypot(groups, change_spread / np.sqrt(after))
    mean_post = np.clip(mean_pre + change, 1, 99)
    passed = [
        np.round(count * special.ndtr((mean - given["pass_mark"]) / spread)).astype(np.int64)
        for count, mean in ((tested, mean_pre), (after, mean_post))
    ]
    none = rng.random(n) >= given["tests"]
    unmatched = none | ~np.isin(roles, given["matched_roles"])
    return pl.DataFrame(
        {
            "scored_pre": numbers(tested, none),
            "scored_post": numbers(after, none),
            "mean_pre": _decimal(mean_pre, none),
            "mean_post": _decimal(mean_post, none),
            "sd_pre": _decimal(spread, none),
            "sd_post": _decimal(spread, none),
            "sd_change": _decimal(change_spread, unmatched),
            "passed_pre": numbers(passed[0], none),
            "passed_post": numbers(passed[1], none),
        }
    )


def _decimal(values: Floats, missing: Flags) -> pl.Series:
    written = pl.Series([f"{value:.1f}" for value in values], dtype=pl.String)
    return pl.select(pl.when(~pl.Series(missing)).then(written)).to_series()


def _workforce(seen: World) -> pl.DataFrame:
    """Return people in post by role, county and year; they change little."""
    rows = []
    for year in seen.region.years:
        for county, _ in seen.region.counties:
            share = sum(one.share for one in seen.region.of_county(county))
            for role, (posts, _, _) in settings()["training"]["role"].items():
                rows.append((str(year), county, role, str(max(1, round(posts * share)))))
    frame = pl.DataFrame(rows, schema=["period", "area", "audience_role", "headcount"], orient="row")
    return frame.filter(pl.col("period") <= str(seen.as_of.year))


def _sites(seen: World) -> pl.DataFrame:
    """Return the Safe Places: opened over the years, a few closed again."""
    kinds = settings()["safe_places"]["kind"]
    names = [kind for kind, (sites, _, _) in kinds.items() for _ in range(sites)]
    n, months = len(names), seen.facts.months
    rng = stream(seen.seed, "prevention", "sites")
    district = draw(np.array([one.share for one in seen.region.districts]), rng.random(n))
    opened = np.floor(rng.random(n) ** 1.3 * (months - 12)).astype(np.int64)
    closed = opened + 18 + np.floor(rng.random(n) * 60).astype(np.int64)
    is_open = (rng.random(n) > 0.12) | (closed >= _months(seen))
    codes = [seen.region.districts[d].code for d in district]
    frame = pl.DataFrame(
        {
            "site": [
                f"{code.lower()}_{kind}_{i + 1:02d}"
                for i, (code, kind) in enumerate(zip(codes, names, strict=True))
            ],
            "kind": names,
            "area": codes,
            "open_from": [f"{month_code(seen.facts.first_month + m)}-01" for m in opened],
            "open_to": text(
                [f"{month_code(seen.facts.first_month + m)}-28" for m in range(months + 90)], closed, is_open
            ),
            "hours_per_week": [str(kinds[kind][1]) for kind in names],
        }
    )
    return frame.filter(pl.col("open_from") <= seen.as_of.isoformat())


def _use(seen: World) -> pl.DataFrame:
    """Return who came to each site in each month it was open, and how many were passed on."""
    given, first = settings()["safe_places"], seen.facts.first_month
    fact = seen.facts["onward_referral_low"]
    passed_on = {kind: share for kind, (_, _, share) in given["kind"].items()} | {fact["kind"]: fact["share"]}
    rows = []
    for row in _sites(seen).iter_rows(named=True):
        start = month_number(row["open_from"][:7]) - first
        end = min(
            month_number(row["open_to"][:7]) - first if row["open_to"] else _months(seen), _months(seen) - 1
        )
        rows += [(month, row["site"], row["kind"]) for month in range(start, end + 1)]
    frame = pl.DataFrame(rows, schema=["month", "site", "kind"], orient="row").sort("month", "site")
    rng = stream(seen.seed, "prevention", "use")
    rate = given["contacts_a_month"]
    chance = np.array([rate**k / special.factorial(k) for k in range(MOST_CONTACTS + 1)])
    contacts = draw(chance, rng.random(frame.height))
    shares = np.array([passed_on[kind] for kind in frame["kind"]])
    referred = (rng.random((frame.height, MOST_CONTACTS)) < shares[:, None]) & (
        np.arange(MOST_CONTACTS) < contacts[:, None]
    )
    months = [month_code(first + m) for m in range(_months(seen))]
    return frame.select(
        "month",
        "site",
        period=text(months, frame["month"].to_numpy()),
        contacts=numbers(contacts),
        onward_referrals=numbers(referred.sum(axis=1), rng.random(frame.height) >= given["outcome_known"]),
        source=pl.lit(seen.facts.contributor("voluntary_network").source_id),
    )
