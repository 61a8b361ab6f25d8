"""The fictional region looks like a place: areas fit together, people add up, statutes say what they are."""

from itertools import combinations

import polars as pl
import pytest
import shapely

from analysis import load_catalog
from etl.contracts.batch import Batch
from etl.contracts.check import check
from etl.demonstration import generate, load_facts, load_region
from etl.demonstration.places.population import population

REGION = load_region()


@pytest.fixture(scope="module")
def tables() -> dict[str, pl.DataFrame]:
    return {b.table: b.frame for f in generate(1, 100) for b in f.batches if not f.source.is_own}


@pytest.fixture(scope="module")
def shapes(tables: dict[str, pl.DataFrame]) -> dict[str, shapely.Geometry]:
    frame = tables["area_shape"]
    return dict(zip(frame["code"], shapely.from_wkb(frame["wkb"].to_list()), strict=True))


def test_one_region_five_counties_24_districts(tables: dict[str, pl.DataFrame]) -> None:
    areas = tables["area"]
    assert areas.group_by("level").len().sort("level")["len"].to_list() == [1, 5, 24]
    assert areas["name"].n_unique() == 30
    assert set(areas["level_name"]) == {"region", "county", "district"}
    parents = dict(areas.filter(pl.col("parent").is_not_null()).select("code", "parent").iter_rows())
    assert all(parents[code] == code[:3] for code in parents if len(code) > 3)
    assert {"yes", "no"} == set(areas.filter(pl.col("level") == "2")["is_rural"])


def test_borders_are_shared_to_the_last_digit(shapes: dict[str, shapely.Geometry]) -> None:
    districts = [shapes[d.code] for d in REGION.districts]
    assert all(shape.is_valid and shape.geom_type == "Polygon" for shape in shapes.values())
    assert shapely.coverage_is_valid(districts)
    for one, two in combinations(districts, 2):
        shared = one.intersection(two)
        assert shared.area == 0
    assert shapes["TM"].area == pytest.approx(sum(d.area for d in districts), rel=1e-12)
    for code, _ in REGION.counties:
        inside = [shapes[d.code] for d in REGION.of_county(code)]
        assert shapes[code].geom_type == "Polygon", "a county is in one piece"
        assert shapes[code].area == pytest.approx(sum(d.area for d in inside), rel=1e-12)


def test_borders_wander_and_points_lie_inside(
    tables: dict[str, pl.DataFrame], shapes: dict[str, shapely.Geometry]
) -> None:
    for code, lon, lat in tables["area"].select("code", "lon", "lat").iter_rows():
        assert shapes[code].contains(shapely.Point(float(lon), float(lat)))
    for district in REGION.districts:
        outline = shapes[district.code].exterior
        assert outline.length > 1.03 * shapes[district.code].convex_hull.exterior.length * 0.97
        assert len(outline.coords) > 60


def test_region_lies_in_open_ocean(shapes: dict[str, shapely.Geometry]) -> None:
    """The mid-Atlantic box between Newfoundland and the Azores holds no land."""
    assert shapely.box(-45, 42, -33, 48).contains(shapes["TM"])


def test_river_runs_along_borders(shapes: dict[str, shapely.Geometry]) -> None:
    pieces = [shapes[a].intersection(shapes[b]) for a, b in REGION.river_banks]
    assert all(piece.length > 0 for piece in pieces)
    assert shapely.line_merge(shapely.union_all(pieces)).geom_type == "LineString"


def test_population_adds_up(tables: dict[str, pl.DataFrame]) -> None:
    frame = tables["area_population"].with_columns(pl.col("population").cast(pl.Int64))
    assert frame.height == 30 * 10 * 9
    whole = frame.filter((pl.col("age_group") == "all") & (pl.col("sex") == "all"))
    totals = whole.filter(pl.col("code") == "TM").sort("year")["population"].to_list()
    assert 2_300_000 < totals[0] < totals[-1] < 2_500_000
    by_age = frame.filter((pl.col("age_group") != "all") & (pl.col("sex") != "all"))
    parts = by_age.group_by("code", "year").agg(pl.col("population").sum())
    assert parts.join(whole, on=["code", "year", "population"]).height == 300
    counties = (
        whole.filter(pl.col("code").str.len_chars() == 3).group_by("year").agg(pl.col("population").sum())
    )
    districts = (
        whole.filter(pl.col("code").str.len_chars() == 5).group_by("year").agg(pl.col("population").sum())
    )
    assert counties.sort("year")["population"].to_list() == totals
    assert districts.sort("year")["population"].to_list() == totals


def test_context_covers_every_area_and_year(tables: dict[str, pl.DataFrame]) -> None:
    frame = tables["area_context"].with_columns(pl.col("value").cast(pl.Float64))
    assert frame.height == 30 * 10 * 4
    assert (frame["value"] > 0).all()
    jobs = frame.filter((pl.col("indicator") == "seasonal_farm_jobs") & (pl.col("year") == "2025"))
    level = pl.col("code").str.len_chars()
    whole, county = jobs.filter(level == 2)["value"].sum(), jobs.filter(level == 3)["value"].sum()
    assert whole == county == jobs.filter(level == 5)["value"].sum()
    rural = {d.code for d in REGION.districts if d.rural}
    farm = jobs.filter(level == 5).with_columns(rural=pl.col("code").is_in(rural))
    means = dict(farm.group_by("rural").agg(pl.col("value").mean()).iter_rows())
    assert means[True] > 2 * means[False]


def test_reference_rows_keep_their_contracts(tables: dict[str, pl.DataFrame]) -> None:
    for table, frame in tables.items():
        checked = check(Batch.of(table, frame), load_facts().as_of)
        assert checked.rejected.is_empty(), table
        assert checked.accepted.height == frame.height


def test_everything_says_that_it_is_fictional(tables: dict[str, pl.DataFrame]) -> None:
    assert "fictional" in REGION.place
    laws = tables["law_provision"]
    for column in ("short_name", "instrument", "citation", "jurisdiction"):
        assert laws[column].str.to_lowercase().str.contains("fictional").all()
    assert tables["area_population"]["source"].str.contains("synthetic").all()
    assert all("fictional" in o["name"] for o in load_facts().organisations)
    assert all("fictional" in c.label for c in load_facts().contributors)


def test_codes_of_the_files_are_in_the_catalog() -> None:
    facts, dimensions = load_facts(), load_catalog().dimensions
    assert set(facts.forms) < set(dimensions["form"].codes)
    assert {f for form in facts.profiles["form"].values() for f in form["second"]} <= set(facts.forms)
    for kind in ("control_method", "recruitment_method", "vulnerability"):
        assert set(facts.profiles[kind]["all"]) == set(dimensions[kind].codes) - {"not_recorded"}
        assert set(facts.profiles[kind]["factor"]) <= set(facts.forms)
    referral = facts.profiles["referral"]
    assert set(referral["service_type"]) == set(dimensions["service_type"].codes) - {"not_recorded"}
    assert set(referral["decline_reason"]) < set(dimensions["decline_reason"].codes)
    for contributor in facts.contributors:
        assert set(contributor.identified_by) < set(dimensions["identified_by"].codes)
        assert set(contributor.from_org_type) < set(dimensions["from_org_type"].codes)


def test_population_of_a_district_follows_its_growth() -> None:
    frame = population(REGION).filter((pl.col("age_group") == "all") & (pl.col("sex") == "all"))
    people = {(c, y): int(p) for c, y, p in frame.select("code", "year", "population").iter_rows()}
    first, last = str(REGION.years[0]), str(REGION.years[-1])
    rise = {d.name: people[d.code, last] / people[d.code, first] for d in REGION.districts}
    assert rise["Kestrelford"] > rise["Hollin Staithe"]
