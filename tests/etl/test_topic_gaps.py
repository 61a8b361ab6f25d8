"""Needs, services and places: what contracts refuse, what the mart makes of rows, and the planted fact."""

from collections.abc import Callable
from functools import cache

import numpy as np
import polars as pl
import pytest

from analysis.statistics.access import floating_catchment, gaussian_weights, great_circle, travel_minutes
from etl.config import home_at
from etl.contracts.rules import rule_words
from etl.demonstration import load_facts
from etl.store import warehouse
from tests.demonstration import demonstration_home
from tests.etl.made_topics import Office, expect_planted, refused, sheets

FACTS = load_facts()
FACT = FACTS["men_and_boys_unmet"]


CAPACITY = {
    "service": "beds",
    "period": "2025-03",
    "eligibility": "women",
    "places": "10",
    "places_in_use": "9",
}
NEED = {"person_ref": "C1", "period": "2025-03", "service_type": "housing", "need_status": "unmet"}


@pytest.mark.parametrize(
    ("table", "changed", "rule", "column"),
    [
        ("service_capacity", {"places_in_use": "11"}, "over_capacity_without_flag", "places_in_use"),
        (
            "service_capacity",
            {"places_in_use": "11", "over_capacity": "no"},
            "over_capacity_without_flag",
            "places_in_use",
        ),
        ("service_capacity", {"places": "-1", "places_in_use": None}, "negative", "places"),
        ("service_capacity", {"is_open": "no"}, "closed_with_people", "is_open"),
        ("service_capacity", {"places": None}, "missing", "places"),
        ("service_capacity", {"eligibility": "everybody"}, "unknown_code", "eligibility"),
        ("service_capacity", {"waiting": "<5"}, "hidden_by_publisher", "waiting"),
        (
            "service_need",
            {"need_status": "met", "unmet_reason": "funding"},
            "reason_without_unmet_need",
            "unmet_reason",
        ),
        ("service_need", {"unmet_reason": "served"}, "served_although_unmet", "unmet_reason"),
        (
            "service_need",
            {"need_status": "met", "barrier_level": "provider"},
            "barrier_without_unmet_need",
            "barrier_level",
        ),
        ("service_need", {"service_type": None}, "missing", "service_type"),
        ("service_need", {"period": "2025-13"}, "impossible_period", "period"),
        ("service_site", {"latitude": "91"}, "above_maximum", "latitude"),
        ("service_site", {"longitude": None}, "one_coordinate_only", "latitude"),
    ],
)
def test_what_cannot_be_is_refused_by_line_rule_and_column(table, changed, rule, column) -> None:
    good = {
        "service_capacity": CAPACITY,
        "service_need": NEED,
        "service_site": {"service": "beds", "longitude": "1", "latitude": "2"},
    }[table]
    assert refused(table, good) == []
    assert refused(table, good | changed) == [(2, rule, column)]
    assert rule_words(table, rule).endswith("."), "a sentence for people"


def test_over_capacity_with_its_flag_is_taken() -> None:
    assert refused("service_capacity", CAPACITY | {"places_in_use": "11", "over_capacity": "yes"}) == []


DIRECTORY = {
    "organisation": ("organisation,name", ["o1,Harbour House"]),
    "service": (
        "service,organisation,name,service_type,eligibility,area",
        ["beds,o1,Beds,housing,women;men_and_boys,R1", "advice,gone,Advice,legal,,"],
    ),
}
PLACES = "service,period,eligibility,places,places_in_use,waiting,turned_away,people_left"
MONTHLY = [
    "beds,2025-01,women,10,9,2,3,4",
    "beds,2025-01,men_and_boys,4,4,5,6,1",
    "unlisted,2025-01,anyone,7,2,0,0,1",
]


@pytest.fixture(scope="module")
def listed(new_office: Callable[[], Office]) -> Office:
    """An office that has sent its directory and the places of one month."""
    office = new_office()
    for table, content in DIRECTORY.items():
        office.send(table, *content)
    office.send("service_capacity", PLACES, MONTHLY, months="2025-01")
    return office


def test_rows_become_places_and_people(listed: Office) -> None:
    used = listed.query(
        "SELECT place_state::VARCHAR, service_type::VARCHAR, eligibility::VARCHAR, area_code, count(*) "
        "FROM mart.place_use GROUP BY ALL ORDER BY ALL"
    )
    assert ("in_use", "housing", "women", "R1", 9) in used
    assert ("turned_away", "housing", "men_and_boys", "R1", 6) in used
    assert ("in_use", "not_recorded", "anyone", "not_recorded", 2) in used, (
        "a service that is not listed is kept"
    )
    assert sum(row[-1] for row in used) == 9 + 2 + 3 + 4 + 4 + 5 + 6 + 1 + 2 + 1
    places = listed.query(
        "SELECT service_type, eligibility, area_code, value FROM mart.figure "
        "WHERE measure = 'service_places' ORDER BY ALL"
    )
    assert ("housing", "women", "R1", 10.0) in places
    assert sum(row[-1] for row in places) == 21


def test_an_orphan_stays_and_is_said_to_have_no_organisation(listed: Office) -> None:
    assert listed.query(
        "SELECT service_type, name, organisation, has_organisation, has_place FROM mart.service_listed "
        "ORDER BY ALL"
    ) == [
        ("housing", None, None, True, False),
        ("legal", "Advice", None, False, False),
    ], "and a shelter has no name in the list"


def test_a_need_is_counted_once_a_year_and_its_latest_row_holds(office: Office) -> None:
    needs = [
        "C1,2025-01,R11,housing,unmet,unavailable",
        "C1,2025-03,R11,housing,met,",
        "C1,2025-02,R11,legal,partly,distance",
        "C2,2025-02,,housing,unmet,",
        "C3,2025-02,,housing,not_assessed,",
    ]
    office.send("service_need", "person_ref,period,area,service_type,need_status,unmet_reason", needs)
    found = office.query(
        "SELECT service_type::VARCHAR, need_status::VARCHAR, unmet_reason::VARCHAR, barrier_level::VARCHAR, "
        "lack_of_place::VARCHAR, area_code FROM mart.service_need ORDER BY ALL"
    )
    assert found == [
        ("housing", "met", "served", "served", "served", "R11"),
        ("housing", "not_assessed", "served", "served", "served", "not_recorded"),
        ("housing", "unmet", "not_recorded", "not_recorded", "not_recorded", "not_recorded"),
        ("legal", "partly", "distance", "community", "other_reason", "R11"),
    ]


def test_needs_of_nobody_known_are_needs_of_their_own(office: Office) -> None:
    """A tally without client numbers: once, all its rows of a kind and year became one."""
    rows = ["2025-01,housing,unmet", "2025-02,housing,unmet", "2025-03,housing,met", "2025-03,legal,met"]
    office.send("service_need", "period,service_type,need_status", rows)
    assert office.query(
        "SELECT service_type::VARCHAR, need_status::VARCHAR, count(*), count(person_key), "
        "count(DISTINCT need_key) FROM mart.service_need GROUP BY ALL ORDER BY ALL"
    ) == [("housing", "met", 1, 0, 1), ("housing", "unmet", 2, 0, 2), ("legal", "met", 1, 0, 1)]


def test_a_name_in_the_sheet_of_places_stops_the_load(office: Office) -> None:
    rows = [f"{row},{name}" for row, name in zip(MONTHLY, ("Ann Smith", "", "Bo Jones"), strict=True)]
    done = office.offer("service_capacity", f"{PLACES},client name", rows)
    assert done.code == 1
    assert "client name" in done.out
    assert "Ann" not in done.err + done.out


@cache
def needs(unmet: float) -> pl.DataFrame:
    return sheets(FACTS.with_planted("men_and_boys_unmet", unmet_share=unmet), "service_need")["service_need"]


def _is_theirs() -> pl.Expr:
    return pl.col("eligibility") == FACT["eligibility"]


def more_unmet(rows: pl.DataFrame) -> float:
    """Share not met of their needs for housing, less that of all other groups."""
    known = rows.filter(
        (pl.col("service_type") == FACT["service_type"])
        & pl.col("eligibility").is_not_null()
        & pl.col("need_status").is_in(["met", "partly", "unmet"])
    ).with_columns(unmet=pl.col("need_status") == "unmet")
    return float(known.filter(_is_theirs())["unmet"].mean() - known.filter(~_is_theirs())["unmet"].mean())


def times_the_next(rows: pl.DataFrame) -> float:
    """Needs not met of the group and type, over the largest other number."""
    counts = (
        rows.filter((pl.col("need_status") == "unmet") & pl.col("eligibility").is_not_null())
        .group_by("service_type", "eligibility")
        .len()
    )
    theirs = _is_theirs() & (pl.col("service_type") == FACT["service_type"])
    return counts.filter(theirs)["len"].item() / counts.filter(~theirs)["len"].max()


def test_shelter_for_men_and_boys_is_the_largest_unmet_need() -> None:
    planted, off = needs(FACT["unmet_share"]), needs(0.15)
    expect_planted(FACT["found"], more_unmet(planted), more_unmet(off))
    assert more_unmet(off) < more_unmet(planted)
    assert times_the_next(planted) >= FACT["found_largest"]["at_least"]
    assert times_the_next(off) < FACT["found_largest"]["at_least"]


def test_places_of_the_planted_service() -> None:
    full = FACTS["too_few_places"]
    rows = sheets(FACTS, "service_capacity", persons=500)["service_capacity"]
    newest = rows.filter((pl.col("service") == "lantern-beds") & (pl.col("period") == "2025-12"))
    places = dict(newest.select("eligibility", pl.col("places").cast(pl.Int64)).iter_rows())
    assert places.pop("men_and_boys") == full["places_men_and_boys"]
    assert sum(places.values()) == full["places_others"]


@pytest.fixture(scope="module")
def stored():
    with warehouse.connect(warehouse.current(home_at(demonstration_home()))) as connection:
        yield connection


def test_reach_in_sql_is_the_formula_of_the_statistics(stored) -> None:
    origins = stored.execute(
        "SELECT code, lon, lat, is_rural, residents FROM mart.reach_origin ORDER BY code"
    ).fetchall()
    for kind in ("legal", "health", "housing"):
        sites = stored.execute(
            "SELECT lon, lat, places FROM mart.reach_site WHERE service_type = ?", [kind]
        ).fetchall()
        minutes = travel_minutes(
            great_circle(
                [o[1] for o in origins], [o[2] for o in origins], [s[0] for s in sites], [s[1] for s in sites]
            ),
            [o[3] for o in origins],
        )
        places = floating_catchment(
            gaussian_weights(minutes), [o[4] for o in origins], [float(s[2]) for s in sites]
        )
        found = stored.execute(
            "SELECT minutes, places_per_resident FROM mart.reach WHERE service_type = ? ORDER BY code", [kind]
        ).fetchnumpy()
        assert np.asarray(found["minutes"]) == pytest.approx(minutes.min(axis=1), rel=1e-9)
        assert np.asarray(found["places_per_resident"]) == pytest.approx(places, rel=1e-9, abs=1e-15)


def test_places_and_people_of_the_demonstration_reconcile(stored) -> None:
    people, sheet_sum = stored.execute(
        "SELECT (SELECT count(*) FROM mart.place_use), "
        "(SELECT sum(places_in_use + waiting + turned_away + people_left) FROM mart.service_capacity)"
    ).fetchone()
    assert people == sheet_sum
    [(over,)] = stored.execute(
        "SELECT count(*) FROM mart.service_capacity WHERE places_in_use > places AND NOT over_capacity"
    ).fetchall()
    assert over == 0


def test_a_service_of_several_areas_is_one_service(new_office: Callable[[], Office]) -> None:
    office = new_office()
    rows = [
        "both,,Beds,legal,,upper; R2,",
        "one,,Advice,legal,,R12,",
        "inner,,Talks,legal,,R11;R12,",
        "region,,Line,legal,,,",
    ]
    office.send("service", "service,organisation,name,service_type,eligibility,area,is_active", rows)
    places = [f"{code},2025-01,anyone,4,2,0,0,0" for code in ("both", "one", "inner", "region")]
    office.send("service_capacity", PLACES, places, months="2025-01")
    assert office.query("SELECT name, area FROM mart.service_listed ORDER BY ALL") == [
        ("Advice", "R12"),
        ("Beds", "R1,R2"),
        ("Line", None),
        ("Talks", "R11,R12"),
    ]
    assert office.query("SELECT service, area_code FROM mart.service ORDER BY ALL") == [
        ("both", "R"),
        ("inner", "R1"),
        ("one", "R12"),
        ("region", None),
    ], "places belong to the smallest area that holds all that is served"
    assert office.query("SELECT area_code, count(*) FROM mart.place_use GROUP BY ALL ORDER BY ALL") == [
        ("R", 2),
        ("R1", 2),
        ("R12", 2),
        ("not_recorded", 2),
    ], "and nobody in them is counted once an area"
    assert office.query("SELECT sum(value) FROM mart.figure WHERE measure = 'service_places'") == [(16,)]


def test_several_areas_are_taken_strictly(new_office: Callable[[], Office]) -> None:
    wrong = {
        "R1; Nowhere": "unknown_area",
        "R1; Upper": "area_twice",
        "R12; R1": "area_in_another",
        "R1; R12; R12": "area_twice",
    }
    rows = [f"s{number},S,legal,R1;R2" for number in range(20)]
    rows += [f"bad{number},S,legal,{written}" for number, written in enumerate(wrong)]
    done = new_office().offer("service", "service,name,service_type,area", rows)
    assert done.code == 0, done.out
    [file] = done.values["files"]
    assert file["rows_accepted"] == 20
    told = {line: one["rule"] for one in file["rejected"] for line in one["lines"]}
    assert told == dict(zip(range(22, 26), wrong.values(), strict=True))
    assert "Nowhere" not in done.out + done.err
