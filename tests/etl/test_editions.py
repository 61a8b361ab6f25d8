"""Figures of areas of another edition: added up where that is exact and all parts are there, else told."""

import json
from pathlib import Path

import duckdb
import pytest

from analysis import Question, answer, load_catalog, open_release
from etl.config import home_at
from etl.mart.editions import edition_notes, recast
from etl.release import publish
from tests.etl.made_home import CommandLine

EDITIONS = load_catalog().editions
OLD, NEW = "02261", ("02063", "02066")
SOMERSET = "E06000066"
FBI = (
    "DATA_YEAR,STATE_ABBR,COUNTY_NAME,AGENCY_TYPE_NAME,PUB_AGENCY_NAME,OFFENSE_SUBCAT_ID,ACTUAL_COUNT\n"
    "2018,AK,VALDEZ-CORDOVA,County,X,82,3\n"
    "2020,AK,CHUGACH,County,X,82,4\n"
    "2020,AK,COPPER RIVER,County,X,82,5\n"
    "2020,AK,COPPER RIVER,County,X,81,2\n"
    "2021,AK,CHUGACH,County,X,82,6\n"
)


class Mart:
    """A mart of areas, outlines and figures alone."""

    def __init__(self, areas: list[str], drawn: list[str], geography: str = "us") -> None:
        self.connection = duckdb.connect()
        self.geography = geography
        self.connection.execute(
            "CREATE SCHEMA mart; "
            "CREATE TABLE mart.area (geography VARCHAR, code VARCHAR, name VARCHAR, level INTEGER); "
            "CREATE TABLE mart.area_shape (geography VARCHAR, code VARCHAR); "
            "CREATE TABLE mart.observation (source VARCHAR, measure VARCHAR, period_level VARCHAR, "
            "period VARCHAR, geography VARCHAR, area_code VARCHAR, offence VARCHAR, value DOUBLE, "
            "marker VARCHAR)"
        )
        for code in areas:
            self.connection.execute("INSERT INTO mart.area VALUES (?, ?, ?, 2)", [geography, code, code])
        for code in drawn:
            self.connection.execute("INSERT INTO mart.area_shape VALUES (?, ?)", [geography, code])

    def figures(self, *rows: tuple[str, float | None], period: str = "2020", measure: str = "m") -> "Mart":
        for code, value in rows:
            self.connection.execute(
                "INSERT INTO mart.observation VALUES ('s', ?, 'year', ?, ?, ?, 'a', ?, ?)",
                [measure, period, self.geography, code, value, "" if value is not None else "c"],
            )
        return self

    def after(self) -> dict[str, float]:
        before = self._sum()
        recast(self.connection, EDITIONS)
        assert self._sum() == before, "adding up never changes what is counted"
        query = "SELECT area_code, sum(value) FROM mart.observation GROUP BY 1 ORDER BY 1"
        return dict(self.connection.execute(query).fetchall())

    def notes(self) -> str:
        return " | ".join(edition_notes(self.connection, EDITIONS))

    def _sum(self) -> object:
        return self.connection.execute("SELECT count(*), sum(value) FROM mart.observation").fetchall()


def test_parts_are_added_up_to_the_area_that_is_drawn_where_all_are_there() -> None:
    mart = Mart([OLD, *NEW], [OLD]).figures((NEW[0], 4), (NEW[1], 5), (NEW[1], None))
    assert mart.after() == {OLD: 9}
    assert "02063, 02066 to 02261, until 2018" in mart.notes()
    [(markers,)] = mart.connection.execute(
        "SELECT list(DISTINCT marker ORDER BY marker) FROM mart.observation"
    ).fetchall()
    assert markers == ["", "c"], "what a publisher hides stays hidden"


@pytest.mark.parametrize(
    ("drawn", "figures"),
    [
        ([OLD], [(NEW[0], 4)]),  # one part is missing
        ([OLD], [(NEW[0], 4), (NEW[1], None)]),  # or hidden
        (
            [OLD],
            [(NEW[0], 4), (NEW[1], 5), (OLD, 9)],
        ),  # the whole has figures of its own: theirs may be in them
        ([*NEW], [(NEW[0], 4), (NEW[1], 5)]),  # the parts are drawn
        ([OLD, NEW[0]], [(NEW[0], 4), (NEW[1], 5)]),  # one of them is
        ([*NEW], [(OLD, 9)]),  # a whole is never shared out
    ],
)
def test_nothing_is_added_up_or_shared_out_otherwise(
    drawn: list[str], figures: list[tuple[str, float]]
) -> None:
    before: dict[str, float] = {}
    for code, value in figures:
        before[code] = value
    assert Mart([OLD, *NEW], drawn).figures(*figures).after() == before


def test_periods_and_measures_are_judged_apart() -> None:
    mart = Mart([OLD, *NEW], [OLD]).figures((NEW[0], 4), (NEW[1], 5))
    mart.figures((NEW[0], 6), period="2021").figures((NEW[1], 7), measure="other")
    assert mart.after() == {OLD: 9, NEW[0]: 6, NEW[1]: 7}
    assert f"{NEW[0]} ({NEW[0]}, since 2019)" in mart.notes()


def test_connecticut_is_never_added_up_and_is_listed() -> None:
    change = next(one for one in EDITIONS["us"].changes if one.year == 2022)
    mart = Mart([*change.before, *change.after], list(change.before))
    mart.figures(*((code, 10) for code in change.after))
    assert mart.after() == dict.fromkeys(change.after, 10)
    told = mart.notes()
    assert "Figures in areas of another edition than the outlines, 9 rows" in told
    assert "09110 (09110, since 2022)" in told and "and 3 more" in told


@pytest.mark.parametrize("drawn", [[SOMERSET], []])
@pytest.mark.parametrize("middle", [["E07000246"], ["E07000190", "E07000191"]])
def test_districts_merged_twice_are_added_up_from_either_generation(
    drawn: list[str], middle: list[str]
) -> None:
    parts = ["E07000187", "E07000188", "E07000189", *middle]
    mart = Mart([SOMERSET], drawn, "uk").figures(*((code, 10) for code in parts))
    assert mart.after() == {SOMERSET: 10 * len(parts)}
    half = Mart([SOMERSET], drawn, "uk").figures(*((code, 10) for code in parts[:-1]))
    assert half.after() == dict.fromkeys(parts[:-1], 10)


def test_a_city_that_joined_its_county_is_added_only_where_the_county_is_there() -> None:
    assert Mart(["51019"], ["51019"]).figures(("51019", 3), ("51515", 4)).after() == {"51019": 7}
    assert Mart(["51019"], ["51019"]).figures(("51515", 4)).after() == {"51515": 4}


def test_every_change_of_the_catalog_says_when_its_areas_hold() -> None:
    assert EDITIONS["us"].years(OLD) == (None, 2018)
    assert EDITIONS["us"].years(NEW[0]) == (2019, None)
    assert EDITIONS["uk"].years("E07000246") == (2019, 2022)
    assert EDITIONS["us"].years("51019") == (None, None), "in place, with another extent"
    for editions in EDITIONS.values():
        for change in editions.changes:
            for code in {*change.before, *change.after}:
                first, last = editions.years(code)
                assert first is None or last is None or first <= last, code


@pytest.mark.parametrize("areas_first", [True, False])
def test_it_reaches_the_release_whatever_is_loaded_first(
    run: CommandLine, tmp_path: Path, areas_first: bool
) -> None:
    (tmp_path / "fbi.csv").write_text(FBI, "utf-8")
    square = {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]]]}
    features = [
        {"type": "Feature", "properties": {"GEOID": code, "name": code}, "geometry": square}
        for code in (OLD, "02013")
    ]
    (tmp_path / "areas.geojson").write_text(
        json.dumps({"type": "FeatureCollection", "features": features}), "utf-8"
    )
    loads = [(tmp_path / "areas.geojson", "boundaries"), (tmp_path / "fbi.csv", "fbi_offences")]
    for path, source in loads if areas_first else loads[::-1]:
        done = run("load", path, "--source", source)
        assert done.code == 0, done.out
    notes = " ".join(done.values["notes"])
    assert "02063, 02066 to 02261, until 2018" in notes
    assert "Chugach Census Area (02063, since 2019)" in notes, "2021 has one part alone"
    publish(home_at(run.home.root), "public")
    release = open_release(run.home.release("public"))
    assert release.recast == {"us": {OLD: list(NEW)}}
    asked = Question("fbi_offences_known", ("period",), {"area": (OLD,)})
    [found] = answer([asked], release)
    values = dict(zip(found.frame["period"], found.frame["value"], strict=True))
    assert {year: values[year] for year in ("2018", "2020", "2021")} == {"2018": 3, "2020": 11, "2021": None}
    [state] = answer([Question("fbi_offences_known", ("period",), {"area": ("02",)})], release)
    assert dict(zip(state.frame["period"], state.frame["value"], strict=True))["2021"] == 6


def test_residents_of_parts_are_added_up_only_where_all_are_there(run: CommandLine, tmp_path: Path) -> None:
    path = tmp_path / "population.csv"
    rows = ["code,year,population", "E07000150,2020,10", "E07000152,2020,20", "E07000153,2020,30"]
    for last, expected in (([], []), (["E07000156,2020,40"], [(100,)])):
        path.write_text("\n".join([*rows, *last]) + "\n", "utf-8")
        done = run("load", path, "--source", "population")
        assert done.code == 0, done.out
        assert run.query("SELECT population FROM mart.area_population WHERE code = 'E06000061'") == expected
