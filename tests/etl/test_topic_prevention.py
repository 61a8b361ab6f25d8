"""Campaigns, outreach, trainings, Safe Places: what is refused, what the mart makes, what is planted."""

from collections.abc import Callable
from datetime import date
from functools import cache
from typing import Any

import polars as pl
import pytest

from etl.contracts.batch import Batch
from etl.contracts.check import check
from etl.contracts.rules import rule_words
from etl.demonstration import load_facts
from tests.etl.made_home import Deliverer
from tests.etl.made_topics import AS_OF, Office, Sheets, expect_planted, refused, sheets

GOOD: dict[str, dict[str, str]] = {
    "campaign": {"campaign": "softly", "name": "Softly", "start_date": "2022-03-01"},
    "outreach_event": {"period": "2022-05", "reach": "30"},
    "training_session": {"period": "2022-05", "audience_role": "health", "attendees": "20"},
    "workforce": {"period": "2022", "audience_role": "health", "headcount": "40"},
    "language_speakers": {"period": "2022", "language": "spanish", "speakers": "400"},
    "safe_place": {"site": "library_1", "kind": "library", "open_from": "2020-05-01"},
    "safe_place_use": {"site": "library_1", "period": "2022-05", "contacts": "3"},
}
KNOWN = {
    "campaign": pl.DataFrame(
        {"campaign": ["softly"], "start_date": [date(2022, 3, 15)], "end_date": [date(2022, 11, 30)]}
    ),
    "safe_place": pl.DataFrame(
        {"site": ["library_1"], "open_from": [date(2020, 5, 20)], "open_to": [date(2024, 6, 1)]}
    ),
}


def rejected(
    table: str, known: dict[str, pl.DataFrame] | None = None, **changed: str
) -> list[tuple[Any, ...]]:
    """Return line, rule and column of what is refused of two rows: a good one and one with changes."""
    rows = [GOOD[table], GOOD[table] | changed]
    if table in ("safe_place", "campaign"):
        rows = [row | {key: f"{row[key]}_{n}"} for n, row in enumerate(rows) for key in [next(iter(row))]]
    if table in ("workforce", "language_speakers", "safe_place_use"):
        rows[0] = rows[0] | {"period": "2021"}
    return refused(table, *rows, known=known)


@pytest.mark.parametrize("table", GOOD)
def test_good_rows_pass(table: str) -> None:
    assert rejected(table) == []


@pytest.mark.parametrize(
    ("table", "changed", "rule", "column"),
    [
        ("campaign", {"end_date": "2022-02-01"}, "ends_before_it_begins", "end_date"),
        ("campaign", {"cost": "-5"}, "negative", "cost"),
        ("outreach_event", {"reach": "-1"}, "negative", "reach"),
        ("outreach_event", {"reach": "12.5"}, "not_a_whole_number", "reach"),
        ("outreach_event", {"language": "klingon"}, "unknown_code", "language"),
        ("outreach_event", {"host_type": "shelter"}, "unknown_code", "host_type"),
        ("training_session", {"audience_role": "wizard"}, "unknown_code", "audience_role"),
        ("training_session", {"scored_pre": "21"}, "more_tests_than_people", "scored_pre"),
        ("training_session", {"scored_post": "21"}, "more_tests_after_than_people", "scored_post"),
        ("training_session", {"certified": "21"}, "more_completed_than_people", "certified"),
        ("training_session", {"hours": "24.5"}, "more_hours_than_a_day_has", "hours"),
        ("training_session", {"hours": "49", "days": "2"}, "more_hours_than_a_day_has", "hours"),
        ("training_session", {"scored_pre": "9", "mean_pre": "100.5"}, "above_maximum", "mean_pre"),
        ("training_session", {"scored_post": "9", "mean_post": "-1"}, "negative", "mean_post"),
        ("training_session", {"mean_pre": "50"}, "average_without_tests", "mean_pre"),
        ("training_session", {"mean_post": "50"}, "average_after_without_tests", "mean_post"),
        ("training_session", {"scored_pre": "9", "passed_pre": "10"}, "more_passed_than_tests", "passed_pre"),
        (
            "training_session",
            {"scored_post": "9", "passed_post": "10"},
            "more_passed_after_than_tests",
            "passed_post",
        ),
        ("workforce", {"headcount": "-1"}, "negative", "headcount"),
        ("language_speakers", {"language": "elvish"}, "unknown_code", "language"),
        ("safe_place", {"open_to": "2020-04-30"}, "closes_before_it_opens", "open_to"),
        ("safe_place", {"hours_per_week": "169"}, "above_maximum", "hours_per_week"),
        ("safe_place", {"kind": "shelter"}, "unknown_code", "kind"),
        ("safe_place_use", {"onward_referrals": "4"}, "more_passed_on_than_came", "onward_referrals"),
        ("safe_place_use", {"contacts": "-3"}, "negative", "contacts"),
        ("safe_place_use", {"contacts": "<5"}, "hidden_by_publisher", "contacts"),
    ],
)
def test_what_cannot_be_is_refused(table: str, changed: dict[str, str], rule: str, column: str) -> None:
    assert rejected(table, **changed) == [(3, rule, column)]
    assert rule_words(table, rule).endswith(".")


@pytest.mark.parametrize("changed", [{"hours": "24"}, {"hours": "48", "days": "2"}, {"scored_pre": "20"}])
def test_the_limit_itself_passes(changed: dict[str, str]) -> None:
    assert rejected("training_session", **changed) == []


@pytest.mark.parametrize(
    ("table", "period", "rule"),
    [
        ("outreach_event", "2022-02", "event_before_campaign"),
        ("outreach_event", "2021", "event_before_campaign"),
        ("outreach_event", "2022-12", "event_after_campaign"),
        ("outreach_event", "2023-Q1", "event_after_campaign"),
        ("safe_place_use", "2020-04", "used_before_it_opened"),
        ("safe_place_use", "2020-Q1", "used_before_it_opened"),
        ("safe_place_use", "2024-07", "used_after_it_closed"),
    ],
)
def test_a_row_outside_its_campaign_or_the_days_of_its_site_is_refused(
    table: str, period: str, rule: str
) -> None:
    link = {"campaign": "softly"} if table == "outreach_event" else {}
    assert rejected(table, KNOWN, period=period, **link) == [(3, rule, "period")]
    assert rejected(table, None, period=period, **link) == [], "an unknown campaign or site forbids nothing"


@pytest.mark.parametrize("period", ["2022-03", "2022-11", "2022-Q1", "2022-Q4", "2022"])
def test_the_first_and_last_month_of_a_campaign_belong_to_it(period: str) -> None:
    assert rejected("outreach_event", KNOWN, period=period, campaign="softly") == []


def test_without_a_campaign_any_month_passes() -> None:
    assert rejected("outreach_event", KNOWN, period="2019-01") == []


# What the mart makes of a task force's own sheets.

HEADERS = {
    "campaign": "campaign,name,theme,area,start_date,end_date,cost,contributor",
    "outreach_event": "period,area,campaign,theme,host_type,language,channel,reach,cost",
    "training_session": "period,area,audience_role,attendees,certified,scored_pre,scored_post,mean_pre,"
    "mean_post,sd_pre,sd_post,passed_pre,passed_post",
    "workforce": "period,area,audience_role,headcount",
    "safe_place": "site,kind,area,open_from,open_to,hours_per_week",
    "safe_place_use": "site,period,contacts,onward_referrals",
}


def send(office: Office, table: str, rows: list[str], months: str = "2022-01..2022-12") -> None:
    office.send(table, HEADERS[table], rows, months=months)


CAMPAIGN = "softly,Softly,how_to_report,R1,2022-03-01,2022-05-31,900,hotline"


def test_an_event_before_its_campaign_is_refused_at_loading(office: Office) -> None:
    send(office, "campaign", [CAMPAIGN])
    events = ["2022-02,R11,softly,,school,spanish,talk,30,", "2022-04,R11,softly,,school,spanish,talk,30,"]
    send(office, "outreach_event", events)
    told = office.query("SELECT table_name, line, rule, column_name FROM mart.rejected_row")
    assert told == [("outreach_event", 2, "event_before_campaign", "period")]
    assert office.query("SELECT period, value FROM mart.figure WHERE measure = 'outreach_reach'") == [
        ("2022-04", 30.0)
    ]


def test_registers_are_loaded_before_the_rows_that_name_them(office: Office, give: Deliverer) -> None:
    rows = ["2022-01,R11,softly,,school,spanish,talk,30,", "2022-04,R11,softly,,,,,1,"]
    events = office.sheet("outreach_event", HEADERS["outreach_event"], rows, months="2022-01..2022-12")
    campaigns = office.sheet("campaign", HEADERS["campaign"], [CAMPAIGN])
    inputs = "".join(
        f'[[input]]\nfile = "{data.name}"\nsource = "own"\nmapping = "{toml.name}"\n'
        for data, toml in (events, campaigns, give.areas())
    )
    (give.folder / "deployment.toml").write_text(f'place = "x"\nhome_country = "GB"\n{inputs}', "utf-8")
    assert office.run("build", "--inputs", give.folder).code == 0
    assert office.query("SELECT rule, line FROM mart.rejected_row") == [("event_before_campaign", 2)]


def test_campaigns_have_what_their_events_reached(office: Office) -> None:
    send(office, "campaign", [CAMPAIGN, "other,Other,,,2022-01-01,,,"])
    events = [
        "2022-03,R11,softly,,school,spanish,talk,30,100",
        "2022-04,R12,softly,demand,faith,english,stall,20,",
        "2022-04,R1,softly,,,english,broadcast,5000,",
        "2022-04,R11,,,business,,,7,10",
    ]
    send(office, "outreach_event", events)
    found = office.query(
        "SELECT campaign, theme::VARCHAR, events, people_reached, media_audience FROM mart.campaign"
    )
    assert sorted(found) == [("other", "not_recorded", 0, 0, 0), ("softly", "how_to_report", 2, 50, 5000)]
    reached = office.query(
        "SELECT campaign_theme, outreach_language, value FROM mart.figure "
        "WHERE measure = 'outreach_reach' ORDER BY ALL"
    )
    assert reached == [
        ("demand", "english", 20.0),
        ("how_to_report", "spanish", 30.0),
        ("not_recorded", "not_recorded", 7.0),
    ], "the theme of the campaign stands in; media are not people who came"
    totals = dict(office.query("SELECT measure, sum(value) FROM mart.figure GROUP BY measure"))
    assert (totals["outreach_cost"], totals["outreach_reach_costed"]) == (110.0, 37.0)
    assert (totals["media_audience"], totals["outreach_events"]) == (5000.0, 3.0)


def test_people_trained_are_set_against_people_in_post(office: Office) -> None:
    posts = ["2022,R1,health,200", "2022,R2,health,100", "2022,,health,999", "2022,,police,50"]
    send(office, "workforce", posts)
    trainings = [
        "2022-03,R11,health,30,25,,,,,,,,",
        "2022-04,R1,health,10,,,,,,,,,",
        "2022-05,R21,police,8,8,,,,,,,,",
        "2022-05,,police,4,4,,,,,,,,",
        "2022-05,R21,teachers,9,9,,,,,,,,",
    ]
    send(office, "training_session", trainings)
    found = office.query(
        "SELECT measure, audience_role, area_code, value FROM mart.figure "
        "WHERE measure LIKE 'workforce%' ORDER BY ALL"
    )
    assert found == [
        ("workforce", "health", "R1", 200.0),
        ("workforce", "health", "R2", 100.0),
        ("workforce", "police", None, 50.0),
        ("workforce_trained", "health", "R1", 35.0),
        ("workforce_trained", "health", "R2", 0.0),
        ("workforce_trained", "police", None, 12.0),
    ], "districts count in their county; a regional number gives way to the counties'; no posts, no share"


def test_few_tests_are_left_out(office: Office) -> None:
    trainings = [
        "2022-03,R11,health,20,,12,12,50,60,10,10,3,6",
        "2022-03,R12,health,20,,4,4,10,90,10,10,0,4",  # four tests: a person's score could be read off
        "2022-03,R11,police,9,,9,9,50,60,10,10,3,6",  # nine people in the county and year
        "2022-03,R11,teachers,20,,12,12,50,60,10,10,,",  # nobody wrote down who passed
    ]
    send(office, "training_session", trainings)
    assert office.query(
        "SELECT audience_role, area_code, people_matched, points_gained FROM mart.knowledge"
    ) == [
        ("health", "R1", 12, 120.0),
        ("teachers", "R1", 12, 120.0),
    ]
    passed = office.query(
        "SELECT audience_role, measure, value FROM mart.figure WHERE measure LIKE '%pass%' ORDER BY ALL"
    )
    assert passed == [
        ("health", "pass_tests_after", 12.0),
        ("health", "pass_tests_before", 12.0),
        ("health", "passed_after", 6.0),
        ("health", "passed_before", 3.0),
    ]


def test_who_came_to_a_site_becomes_records_of_people(office: Office) -> None:
    send(office, "safe_place", ["a,library,R11,2022-01-10,,50", "b,business,R21,2022-02-01,2022-03-15,"])
    use = ["a,2022-02,3,2", "b,2022-02,2,", "a,2022-03,0,0", "b,2022-05,4,4", "unknown,2022-03,1,1"]
    send(office, "safe_place_use", use, "2022-02..2022-05")
    assert office.query("SELECT rule FROM mart.rejected_row") == [("used_after_it_closed",)]
    found = office.query(
        "SELECT area_code, safe_place_kind::VARCHAR, onward_referral::VARCHAR, count(*) "
        "FROM mart.safe_place_contact GROUP BY ALL ORDER BY ALL"
    )
    assert found == [
        ("R11", "library", "not_referred", 1),
        ("R11", "library", "referred", 2),
        ("R21", "business", "not_recorded", 2),
        ("not_recorded", "not_recorded", "referred", 1),
    ]
    assert office.query("SELECT count(*) - count(DISTINCT contact_key) FROM mart.safe_place_contact") == [
        (0,)
    ]
    sites = office.query(
        "SELECT period, safe_place_kind, value FROM mart.figure "
        "WHERE measure = 'safe_places_open' ORDER BY ALL"
    )
    assert [row for row in sites if row[1] == "business"] == [
        ("2022-02", "business", 1.0),
        ("2022-03", "business", 1.0),
    ]
    assert [row[0] for row in sites if row[1] == "library"] == [f"2022-0{month}" for month in range(1, 6)]
    keys = "SELECT contact_key FROM mart.safe_place_contact WHERE area_code = 'R11'"
    before = set(office.query(keys))
    send(office, "safe_place_use", ["a,2022-02,4,2"], "2022-02")
    after = set(office.query(keys))
    assert before < after and len(after) == 4, "a corrected row keeps the keys of those it named before"


# What is planted.

FACTS = load_facts()
TABLES = (*GOOD,)


@cache
def planted() -> Sheets:
    return sheets(FACTS, *TABLES, persons=500)


@cache
def without(fact: str) -> Sheets:
    off: dict[str, dict[str, Any]] = {
        "language_left_out": {"ratio": 1.0},
        "trained_most": {"share": {**FACTS["trained_most"]["share"], "teachers": 0.2}},
        "onward_referral_low": {"share": 0.65},
    }
    return sheets(FACTS.with_planted(fact, **off[fact]), *TABLES, persons=500)


def whole(name: str) -> pl.Expr:
    return pl.col(name).cast(pl.Float64)


def language(found: Sheets) -> float:
    events = found["outreach_event"].filter(pl.col("channel").is_in(["talk", "stall", "visit"]))
    speakers = found["language_speakers"].filter(pl.col("period") == "2025")
    left_out = FACTS["language_left_out"]["language"]

    def rate(these: pl.Expr) -> float:
        return (
            events.filter(these).select(whole("reach").sum()).item()
            / speakers.filter(these).select(whole("speakers").sum()).item()
        )

    others = ~pl.col("language").is_in(["english", left_out])
    return rate(pl.col("language") == left_out) / rate(others)


def trained(found: Sheets, role: str = FACTS["trained_most"]["role"]) -> float:
    mine = pl.col("audience_role") == role
    completed = found["training_session"].filter(mine & pl.col("period").str.starts_with("2025"))
    posts = found["workforce"].filter(mine & (pl.col("period") == "2025"))
    return completed.select(whole("certified").sum()).item() / posts.select(whole("headcount").sum()).item()


def passed_on(found: Sheets, *, elsewhere: bool = False) -> float:
    use = found["safe_place_use"].filter(pl.col("onward_referrals").is_not_null())
    kinds = found["safe_place"].select("site", "kind")
    here = pl.col("kind") == FACTS["onward_referral_low"]["kind"]
    rows = use.join(kinds, on="site").filter(~here if elsewhere else here)
    return rows.select(whole("onward_referrals").sum() / whole("contacts").sum()).item()


def gain(found: Sheets, role: str) -> float:
    rows = found["training_session"].filter(
        (pl.col("audience_role") == role) & pl.col("mean_post").is_not_null()
    )
    weight = pl.min_horizontal(whole("scored_pre"), whole("scored_post"))
    return rows.select(((whole("mean_post") - whole("mean_pre")) * weight).sum() / weight.sum()).item()


CASES: list[tuple[str, Callable[[Sheets], float]]] = [
    ("language_left_out", language),
    ("trained_most", trained),
    ("onward_referral_low", passed_on),
]


@pytest.mark.parametrize(("fact", "find"), CASES, ids=lambda one: getattr(one, "__name__", None))
def test_fact_is_found_again(fact: str, find: Callable[[Sheets], float]) -> None:
    expect_planted(FACTS[fact]["found"], find(planted()), find(without(fact)))


def test_other_sites_pass_people_on() -> None:
    truth = FACTS["onward_referral_low"]["found_elsewhere"]
    assert passed_on(planted(), elsewhere=True) == pytest.approx(truth["value"], abs=truth["tolerance"])


def test_teachers_are_trained_most() -> None:
    shares = {role: trained(planted(), role) for role in FACTS["trained_most"]["share"]}
    assert max(shares, key=lambda role: shares[role]) == FACTS["trained_most"]["role"]


@pytest.mark.parametrize(("key", "found"), [("role", "found"), ("without", "found_without")])
def test_scores_rise_in_one_role_and_not_in_the_other(key: str, found: str) -> None:
    fact = FACTS["knowledge_gain"]
    truth = fact[found]
    assert gain(planted(), fact[key]) == pytest.approx(truth["value"], abs=truth["tolerance"])


def test_the_planted_campaign_is_in_the_register_in_its_county_and_months() -> None:
    fact = FACTS["campaign"]
    [row] = planted()["campaign"].filter(pl.col("name") == fact["name"]).rows(named=True)
    assert (row["area"], row["start_date"][:7], row["end_date"][:7]) == (
        fact["county"],
        fact["from_month"],
        fact["to_month"],
    )
    assert row["contributor"] == FACTS.contributor(fact["contributor"]).source_id


def test_every_generated_row_keeps_its_contract() -> None:
    known = {
        name: planted()[name].with_columns(pl.col("^(start_date|end_date|open_from|open_to)$").str.to_date())
        for name in ("campaign", "safe_place")
    }
    for table in TABLES:
        checked = check(Batch.of(table, planted()[table]), AS_OF, known=known)
        assert checked.rejected.height == 0, (table, checked.rejected["rule"].unique().to_list())
        assert checked.accepted.height > 5
