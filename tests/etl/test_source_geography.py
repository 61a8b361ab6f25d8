"""Areas that come along, boundary files of every kind, population, laws."""

import json
from pathlib import Path

import geopandas
import polars as pl
import pytest
import shapely

from etl.config import REFERENCE
from etl.contracts.check import check
from etl.errors import EtlError
from etl.incoming import Incoming
from etl.sources.areas import geography
from etl.sources.registers import laws
from tests.etl.making_files import refusal
from tests.etl.reading_sources import AS_OF, accepted, incoming, write
from tests.support import real_data

CENSUS = ("us-county-population", "co-est2023-alldata.csv")


def tables(read: Incoming) -> dict[str, pl.DataFrame]:
    """Check every batch; none may have a rejected row."""
    found = {}
    for batch in read.batches:
        result = check(batch, AS_OF)
        assert result.rejected.is_empty(), result.rejected
        found[batch.table] = result.accepted
    return found


def parents_are_there(areas: pl.DataFrame) -> bool:
    by_level = {row["code"]: row["level"] for row in areas.to_dicts()}
    return all(
        row["parent"] in by_level and by_level[row["parent"]] < row["level"]
        for row in areas.filter(pl.col("level") > 0).to_dicts()
    )


@pytest.mark.parametrize(
    ("name", "levels"), [("us", (1, 56, 3242)), ("uk", (1, 45, 361)), ("world", (1, 250))]
)
def test_geographies_that_come_along_nest(name: str, levels: tuple[int, ...]) -> None:
    folder = geography.shipped(name)
    assert folder is not None
    areas = tables(incoming("geography", folder))["area"]
    assert tuple(areas.group_by("level").len().sort("level")["len"].to_list()) == levels
    assert areas["code"].is_unique().all()
    assert parents_are_there(areas)


def test_us_counties_have_outlines_and_full_names() -> None:
    found = tables(incoming("geography", REFERENCE / "us"))
    names = dict(found["area"].select("code", "name").iter_rows())
    assert [names[code] for code in ("29189", "29510", "22071", "02110", "32510", "11001", "72001")] == [
        "St. Louis County", "St. Louis city", "Orleans Parish", "Juneau City and Borough", "Carson City",
        "District of Columbia", "Adjuntas Municipio",
    ]  # fmt: skip
    outlines = shapely.from_wkb(found["area_shape"]["wkb"].to_list())
    assert shapely.is_valid(outlines).all()
    low_x, low_y, high_x, high_y = shapely.total_bounds(outlines)
    assert low_x >= -180 and high_x <= 180 and low_y >= -90 and high_y <= 90
    assert found["area"].filter(pl.col("code") == "09110")["parent"].to_list() == ["09"]


def test_the_boundary_file_is_small_and_has_its_licence_beside_it() -> None:
    assert (REFERENCE / "us" / "counties-10m.json").stat().st_size < 1_000_000
    assert "Permission to use, copy, modify" in (REFERENCE / "us" / "LICENSE-us-atlas.txt").read_text()


def test_an_unknown_geography_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EtlError, match="There are: us, uk, world"):
        incoming("geography", tmp_path / "mars")
    assert geography.shipped("mars") is None


@pytest.mark.real
def test_police_force_areas() -> None:
    read = incoming("boundaries", real_data("uk-boundaries", "uk_police_force_areas_2020.geojson"))
    found = tables(read)
    assert (read.source.geography, read.ledger.kept, found["area_shape"].height) == ("uk", 43, 43)
    names = dict(found["area"].select("code", "name").iter_rows())
    assert names["E23000034"] == "City of London"
    assert parents_are_there(found["area"])


@pytest.mark.real
def test_councils_lie_in_forces_and_draw_the_nations_without_one() -> None:
    path = real_data("uk-boundaries", "uk_lower_tier_local_authorities_2024.geojson")
    found = tables(incoming("boundaries", path))
    parents = dict(found["area"].select("code", "parent").iter_rows())
    assert (parents["E07000137"], parents["S12000033"], parents["N09000003"]) == (
        "E23000020",
        "S92000003",
        "N92000002",
    )
    assert {"S92000003", "N92000002"} <= set(found["area_shape"]["code"].to_list())


@pytest.mark.real
@pytest.mark.parametrize(
    ("name", "drawn", "known"), [("counties-10m.json", 3287, 12), ("states-10m.json", 57, 0)]
)
def test_topojson(name: str, drawn: int, known: int) -> None:
    read = incoming("boundaries", real_data("us-boundaries", name))
    assert read.source.geography == "us"
    assert tables(read)["area"].height == drawn + known, "counties of another edition stay known"
    assert tables(read)["area_shape"].height == drawn


def squares(columns: dict[str, list[object]], crs: int | None = 4326) -> geopandas.GeoDataFrame:
    count = len(next(iter(columns.values())))
    boxes = [shapely.box(10 + x, 50, 11 + x, 51) for x in range(count)]
    return geopandas.GeoDataFrame(columns, geometry=boxes, crs=crs)


@pytest.mark.parametrize("ending", ["geojson", "gpkg", "shp"])
def test_any_format_of_an_own_region(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"region.{ending}"
    squares(
        {"code": ["A1", "A2", "B1"], "name": ["Ash", "Birch", "Cedar"], "county": ["A", "A", "B"]}
    ).to_file(path)
    found = tables(incoming("boundaries", path, geography="mine"))
    areas = found["area"].sort("level", "code")
    assert areas.select("level", "code", "parent").rows() == [
        (0, "REGION", None), (1, "A", "REGION"), (1, "B", "REGION"),
        (2, "A1", "A"), (2, "A2", "A"), (2, "B1", "B"),
    ]  # fmt: skip
    joined = shapely.from_wkb(found["area_shape"].filter(pl.col("code") == "A")["wkb"][0])
    assert joined.area == pytest.approx(2)


def test_a_zipped_shapefile_in_another_coordinate_system(tmp_path: Path) -> None:
    path = tmp_path / "areas.shp.zip"
    squares({"GEOID": ["X1", "X2"], "NAME": ["One", "Two"]}).to_crs(3857).to_file(
        path, driver="ESRI Shapefile"
    )
    found = tables(incoming("boundaries", path, geography="mine"))
    outline = shapely.from_wkb(found["area_shape"].filter(pl.col("code") == "X1")["wkb"][0])
    assert outline.bounds == pytest.approx((10, 50, 11, 51))


def test_layers_become_levels(tmp_path: Path) -> None:
    path = tmp_path / "levels.gpkg"
    squares({"code": ["A1", "A2", "B1"], "name": ["Ash", "Birch", "Cedar"]}).to_file(path, layer="districts")
    counties = geopandas.GeoDataFrame(
        {"code": ["A", "B"], "name": ["West", "East"]},
        geometry=[shapely.box(10, 50, 12, 51), shapely.box(12, 50, 13, 51)],
        crs=4326,
    )
    counties.to_file(path, layer="counties")
    areas = tables(incoming("boundaries", path, geography="mine"))["area"]
    assert dict(areas.filter(pl.col("level") == 2).select("code", "parent").iter_rows()) == {
        "A1": "A",
        "A2": "A",
        "B1": "B",
    }


def test_a_mapping_names_the_columns(tmp_path: Path) -> None:
    path = tmp_path / "odd.geojson"
    squares({"key": ["1", "2"], "what": ["North", "South"]}).to_file(path)
    mapping = write(
        tmp_path,
        "m.toml",
        'code = "key"\nname = "what"\ngeography = "isle"\nregion = "The Isle"\n'
        'level_names = ["isle", "parish", "hamlet"]\n',
    )
    read = incoming("boundaries", path, mapping=mapping)
    areas = tables(read)["area"].sort("level", "code")
    assert areas.select("name", "level_name").rows() == [
        ("The Isle", "isle"), ("North", "parish"), ("South", "parish"),
    ]  # fmt: skip
    assert read.source.geography == "isle"


def test_a_mapping_says_how_columns_are_headed(tmp_path: Path) -> None:
    path = tmp_path / "odd.geojson"
    squares({"key": ["1", "2"], "what": ["North", "South"]}).to_file(path)

    def with_mapping(said: str) -> Incoming:
        return incoming("boundaries", path, mapping=write(tmp_path, "m.toml", f'geography = "isle"\n{said}'))

    told = with_mapping('[headings]\ncode = "key"\nname = "what"\n')
    plain = with_mapping('code = "key"\nname = "what"\n')
    assert [one.frame.rows() for one in told.batches] == [one.frame.rows() for one in plain.batches]
    for said, words in (
        ('[headings]\ncode = "keys"\n', ("no column 'keys'", "'key', 'what'")),
        ('[headings]\ncodes = "key"\n', ("'headings.codes'", "Did you mean 'code'")),
        ('code = "key"\n[headings]\ncode = "key"\n', ("'headings.code'", "told twice", "one of both")),
        ('[headings]\ncode = "key"\nname = "key"\n', ("'headings.name'", "means 'code' already")),
    ):
        refusal(lambda said=said: with_mapping(said), *words)


@pytest.mark.filterwarnings("ignore:'crs' was not provided")
def test_what_is_wrong_with_a_boundary_file(tmp_path: Path) -> None:
    plain = tmp_path / "plain.geojson"
    squares({"colour": [1.5, 2.5]}).to_file(plain)
    with pytest.raises(EtlError, match=r"no column can be the code or the name.*colour"):
        incoming("boundaries", plain, geography="mine")
    named = tmp_path / "named.geojson"
    squares({"name": ["a", "b"]}).to_file(named)
    with pytest.raises(EtlError, match="not said which geography"):
        incoming("boundaries", named)
    with pytest.raises(EtlError, match="there is no column 'id'"):
        mapping = write(tmp_path, "m.toml", 'code = "id"\n')
        incoming("boundaries", named, mapping=mapping, geography="mine")
    with pytest.raises(EtlError, match="cannot be read"):
        incoming("boundaries", write(tmp_path, "broken.geojson", "{not json"), geography="mine")
    with pytest.raises(EtlError, match="no boundary files"):
        incoming("boundaries", write(tmp_path, "table.csv", "a\n1\n"), geography="mine")
    points = geopandas.GeoDataFrame({"name": ["a"]}, geometry=[shapely.Point(1, 1)], crs=4326)
    points.to_file(tmp_path / "points.geojson")
    with pytest.raises(EtlError, match="no areas"):
        incoming("boundaries", tmp_path / "points.geojson", geography="mine")
    metres = squares({"name": ["a", "b"]}, crs=None)
    metres.geometry = metres.geometry.scale(1e5, 1e5)
    metres.to_file(tmp_path / "metres.shp")
    with pytest.raises(EtlError, match="not longitude and latitude"):
        incoming("boundaries", tmp_path / "metres.shp", geography="mine")
    for ending in ("geojson", "json"):
        metres.to_file(tmp_path / f"metres.{ending}", driver="GeoJSON")
        assert "crs" not in json.loads((tmp_path / f"metres.{ending}").read_text())
        with pytest.raises(EtlError, match="not longitude and latitude"):
            incoming("boundaries", tmp_path / f"metres.{ending}", geography="mine")
    metres.set_crs(3857).to_file(tmp_path / "said.geojson")
    assert tables(incoming("boundaries", tmp_path / "said.geojson", geography="mine"))["area"].height == 3


def geojson(folder: Path, *features: tuple[object, object], name: str = "areas.geojson") -> Path:
    """Write features of a GEOID and the ring of a polygon (or a column, drawn as a square)."""
    drawn = [
        {
            "type": "Feature",
            "properties": {"GEOID": code, "NAME": f"Area {number}"},
            "geometry": {"type": "Polygon", "coordinates": [square(ring) if isinstance(ring, int) else ring]},
        }
        for number, (code, ring) in enumerate(features)
    ]
    return write(folder, name, json.dumps({"type": "FeatureCollection", "features": drawn}))


def square(x: int) -> list[list[float]]:
    return [[x, 0], [x + 1, 0], [x + 1, 1], [x, 1], [x, 0]]


@pytest.mark.parametrize("blank", ["", "  ", None])
@pytest.mark.parametrize("geography_code", ["us", "mine"])
def test_a_feature_without_a_code_is_no_area(tmp_path: Path, blank: str | None, geography_code: str) -> None:
    path = geojson(tmp_path, ("01001", 1), (blank, 20), ("01003", 3))
    read = incoming("boundaries", path, geography=geography_code)
    assert any("without a code, rejected: 1, first feature 2" in note for note in read.notes)
    result = check(read.batches[0], AS_OF)
    assert result.rejected.select("line", "rule", "column_name").rows() == [(2, "missing", "code")]
    assert {"01001", "01003"} <= set(result.accepted["code"])
    drawn = next(batch for batch in read.batches if batch.table == "area_shape").frame
    assert shapely.total_bounds(shapely.from_wkb(drawn["wkb"].to_list()))[2] < 20, "nowhere drawn"
    assert read.ledger.rows == 3
    with pytest.raises(EtlError, match="code is blank"):
        incoming("boundaries", geojson(tmp_path, ("", 1), ("", 2)), mapping=by_geoid(tmp_path))


def by_geoid(folder: Path) -> Path:
    return write(folder, "geoid.toml", 'code = "GEOID"\ngeography = "mine"\n')


def test_features_of_one_code_are_joined_and_told(tmp_path: Path) -> None:
    path = geojson(tmp_path, ("A", 1), ("A", 5), ("B", 3))
    read = incoming("boundaries", path, mapping=by_geoid(tmp_path))
    assert "codes that several features share, their outlines joined to one area: 1" in read.notes
    assert (read.ledger.rows, tables(read)["area"].height) == (3, 3)
    apart = incoming("boundaries", geojson(tmp_path, ("A", 1), ("B", 3)), mapping=by_geoid(tmp_path))
    assert not any("share" in note for note in apart.notes)


NAN, INFINITE = float("nan"), float("inf")


@pytest.mark.parametrize(
    "ring",
    [
        [[NAN, 0], [1, 0], [1, 1], [NAN, 0]],
        [[0, 0], [1, NAN], [1, 1], [0, 0]],
        [[0, 0], [INFINITE, 0], [1, 1], [0, 0]],
        [[0, 0], [1, 0], [1, 1], [0, 1]],
    ],
)
def test_an_outline_that_cannot_be_drawn_is_named(tmp_path: Path, ring: list[list[float]]) -> None:
    path = geojson(tmp_path, ("A", 1), ("B", ring), ("C", 3))
    with pytest.raises(EtlError, match=r"1 outline cannot be drawn, first that of feature 2"):
        incoming("boundaries", path, mapping=by_geoid(tmp_path))


def test_why_a_boundary_file_cannot_be_opened(tmp_path: Path) -> None:
    whole = geojson(tmp_path, ("A", 1), ("B", 3)).read_text()
    wrong = {
        "not whole JSON": whole[: len(whole) // 2],
        "nested too deeply": '{"type": "FeatureCollection", "features": ' + "[" * 50_000 + "]" * 50_000 + "}",
        "neither GeoJSON": '{"a": 1}',
    }
    for words, text in wrong.items():
        for name in ("broken.geojson", "broken.topojson"):
            with pytest.raises(EtlError, match=words) as caught:
                incoming("boundaries", write(tmp_path, name, text), geography="mine")
            assert ".shx" not in str(caught.value)
    with pytest.raises(EtlError, match="no GeoPackage"):
        incoming("boundaries", write(tmp_path, "broken.gpkg", "SQLite"), geography="mine")
    with pytest.raises(EtlError, match=r"\.shx"):
        incoming("boundaries", write(tmp_path, "broken.shp", "damaged"), geography="mine")


def drawn_at(
    path: Path, x: float, y: float, *, swapped: bool = False, codes: tuple[str, ...] = ("A", "B")
) -> Path:
    """Write squares of one degree from a place on, with latitude first where they are swapped."""
    boxes = [shapely.box(x + step, y, x + step + 1, y + 1) for step in range(len(codes))]
    if swapped:
        boxes = [shapely.transform(box, lambda points: points[:, ::-1]) for box in boxes]
    features = [
        {
            "type": "Feature",
            "properties": {"code": code, "name": code},
            "geometry": shapely.geometry.mapping(box),
        }
        for code, box in zip(codes, boxes, strict=True)
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), "utf-8")
    return path


@pytest.mark.parametrize(
    ("x", "y", "codes"),
    [(-100, 40, ("A", "B")), (-90, 33, ("01001", "01003")), (-2, 52, ("E07000137", "E07000138"))],
)
def test_swapped_latitude_and_longitude_are_refused(
    tmp_path: Path, x: float, y: float, codes: tuple[str, ...]
) -> None:
    whole = incoming("boundaries", drawn_at(tmp_path / "a.geojson", x, y, codes=codes), geography="mine")
    assert not any("swapped" in note for note in whole.notes)
    with pytest.raises(EtlError, match="latitude and longitude are swapped"):
        incoming(
            "boundaries", drawn_at(tmp_path / "b.geojson", x, y, swapped=True, codes=codes), geography="mine"
        )


def test_a_file_name_is_harmless_where_it_becomes_a_label(tmp_path: Path) -> None:
    odd = drawn_at(tmp_path / "a.geojson", 10, 50).rename(tmp_path / "a\x1b[2Jb.geojson")
    assert incoming("boundaries", odd, geography="mine").source.label.isprintable()
    with pytest.raises(EtlError, match="Its name holds a line break"):
        incoming("boundaries", odd.rename(tmp_path / "a\nb.geojson"), geography="mine")
    table = write(tmp_path, "a\n_2020.csv", "code,population\nA,1\n")
    people = incoming("population", table, geography="mine")
    assert people.batches[0].frame["source"][0].isprintable()


def test_where_nobody_can_know_the_place_of_the_outlines_is_told(tmp_path: Path) -> None:
    notes = incoming("boundaries", drawn_at(tmp_path / "a.geojson", -2, 52), geography="mine").notes
    assert any("latitude 52.0 and 53.0, longitude -2.0 and 0.0" in note for note in notes)


def test_features_that_are_points_or_lines_keep_their_area_and_are_told(tmp_path: Path) -> None:
    path = drawn_at(tmp_path / "a.geojson", 10, 50, codes=("A", "B", "C"))
    collection = json.loads(path.read_text("utf-8"))
    collection["features"][1]["geometry"] = {"type": "Point", "coordinates": [10, 50]}
    collection["features"][2]["geometry"] = {"type": "LineString", "coordinates": [[10, 50], [11, 51]]}
    path.write_text(json.dumps(collection), "utf-8")
    read = incoming("boundaries", path, geography="mine")
    assert set(tables(read)["area"]["code"]) == {"REGION", "A", "B", "C"}
    assert set(tables(read)["area_shape"]["code"]) == {"REGION", "A"}
    assert any("points or lines" in note and "2, first feature 2, 3" in note for note in read.notes)
    book = tmp_path / "layers.gpkg"
    squares({"code": ["A", "B"], "name": ["A", "B"]}).to_file(book, layer="areas")
    offices = geopandas.GeoDataFrame({"code": ["X"]}, geometry=[shapely.Point(10, 50)], crs=4326)
    offices.to_file(book, layer="offices")
    notes = incoming("boundaries", book, geography="mine").notes
    assert any("layers of points or lines passed over: 'offices'" in note for note in notes)


def test_a_total_among_the_residents_is_left_out_and_held_against_them(tmp_path: Path) -> None:
    for total, is_told in ((30, False), (31, True)):
        path = write(tmp_path, "population_2020.csv", f"code,population\nA1,10\nA2,20\nTotal,{total}\n")
        read = incoming("population", path, geography="mine")
        assert read.batches[0].frame["code"].to_list() == ["A1", "A2"]
        assert dict(read.ledger.left_out) == {"total": 1}
        assert any("add up to" in note and "line 4" in note for note in read.notes) == is_told


def test_leading_zeros_that_a_spreadsheet_took_away_come_back(tmp_path: Path) -> None:
    text = "code,population\n1,5000\n1001,10\n1003,20\n48001,30\n"
    read = incoming("population", write(tmp_path, "population_2020.csv", text))
    assert read.source.geography == "us"
    assert read.batches[0].frame["code"].to_list() == ["01", "01001", "01003", "48001"]
    assert any("leading zero got it back: rows 3" in note for note in read.notes)
    own = "code,population\n" + "".join(f"{number},5\n" for number in range(1, 31))
    kept = incoming("population", write(tmp_path, "own_2020.csv", own), geography="mine")
    assert kept.batches[0].frame["code"][0] == "1", "a region may number its districts"


def test_invalid_outlines_are_repaired(tmp_path: Path) -> None:
    bow_tie = [[0, 0], [2, 2], [2, 0], [0, 2], [0, 0]]
    feature = {
        "type": "Feature",
        "properties": {"code": "B", "name": "Bow"},
        "geometry": {"type": "Polygon", "coordinates": [bow_tie]},
    }
    text = json.dumps({"type": "FeatureCollection", "features": [feature]})
    found = tables(incoming("boundaries", write(tmp_path, "bow.geojson", text), geography="mine"))
    outlines = shapely.from_wkb(found["area_shape"]["wkb"].to_list())
    assert shapely.is_valid(outlines).all()


@pytest.mark.real
def test_census_counties_states_and_the_nation() -> None:
    read = incoming("population", real_data(*CENSUS))
    frame = tables(read)["area_population"]
    assert read.source.geography == "us"
    of_2023 = dict(frame.filter(pl.col("year") == 2023).select("code", "population").iter_rows())
    assert of_2023["US"] == 334_914_895
    assert of_2023["35013"] == 225_210  # Doña Ana County
    states = [code for code in of_2023 if len(code) == 2 and code != "US"]
    assert sum(of_2023[code] for code in states) == of_2023["US"]
    # Valdez-Cordova was split in two: the shipped boundary gets the sum of the parts.
    assert of_2023["02261"] == of_2023["02063"] + of_2023["02066"] == 9_443
    assert of_2023["09110"] == 975_328
    codes = {row["code"] for row in incoming("geography", REFERENCE / "us").batches[0].frame.to_dicts()}
    assert set(of_2023) <= codes


@pytest.mark.real
def test_councils_add_up_to_forces_over_mergers() -> None:
    path = real_data("uk-boundaries", "population_mid2020_ltla21_england_wales.csv")
    frame = tables(incoming("population", path))["area_population"]
    of_2020 = dict(frame.select("code", "population").iter_rows())
    assert set(frame["year"].to_list()) == {2020}
    forces = {code: people for code, people in of_2020.items() if code.startswith(("E23", "W15"))}
    assert len(forces) == 43
    assert sum(forces.values()) == 59_719_724
    assert of_2020["E23000002"] == 97831 + 66726 + 108524 + 68041 + 53754 + 104905  # Cumbria before 2023
    assert of_2020["E06000063"] == 97831 + 108524 + 68041
    assert "E07000026" not in of_2020


@pytest.mark.real
def test_scottish_councils_are_one_force() -> None:
    path = real_data("uk-boundaries", "population_2022_ltla19_scotland.csv")
    frame = tables(incoming("population", path))["area_population"]
    assert frame.filter(pl.col("code") == "S92000003").select("year", "population").rows() == [
        (2022, 5_447_700)
    ]


def test_an_incomplete_force_gets_no_population(tmp_path: Path) -> None:
    text = "ltla21_code,ltla21_name,total_population\nE07000137,East Lindsey,142000\n"
    frame = accepted("population", write(tmp_path, "population_2021.csv", text))
    assert frame["code"].to_list() == ["E07000137"]


def test_plain_tables_of_an_own_region(tmp_path: Path) -> None:
    text = 'code,year,population,age_group,sex\nA1,2024,"1,200",child,Females\nA1,2024,5000,adult,\n'
    frame = accepted("population", write(tmp_path, "people.csv", text), geography="mine")
    assert frame.select("geography", "code", "year", "age_group", "sex", "population").rows()[0] == (
        "mine", "A1", 2024, "child", "female", 1200,
    )  # fmt: skip


def test_years_as_columns_and_latin_letters(tmp_path: Path) -> None:
    path = tmp_path / "p.csv"
    path.write_bytes("code,name,2021,2022\nA1,Doña,10,11\n".encode("latin-1"))
    frame = accepted("population", path, geography="mine")
    assert frame.sort("year").select("year", "population").rows() == [(2021, 10), (2022, 11)]


def test_a_population_without_a_year_or_a_geography_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EtlError, match="no column for the year"):
        incoming("population", write(tmp_path, "p.csv", "code,population\nA1,3\n"), geography="mine")
    with pytest.raises(EtlError, match="which geography"):
        incoming("population", write(tmp_path, "p_2020.csv", "code,population\nA1,3\n"))
    with pytest.raises(EtlError, match="columns are missing: code"):
        incoming("population", write(tmp_path, "q_2020.csv", "where,population\nA1,3\n"), geography="mine")


def test_the_shipped_laws_are_valid_and_cited() -> None:
    frame = tables(incoming("laws", laws.FOLDER))["law_provision"]
    codes = dict(frame.select("law_code", "effective").iter_rows())
    expected = {
        "us_tvpa_2000": "2000-10-28", "us_tvpra_2003": "2003-12-19", "us_tvpra_2005": "2006-01-10",
        "us_tvpra_2008": "2008-12-23", "us_tvpra_2013": "2013-03-07", "us_jvta_2015": "2015-05-29",
        "us_fosta_sesta_2018": "2018-04-11", "us_frederick_douglass_2018": "2019-01-08",
        "us_abolish_reauthorization_2022": "2023-01-05", "palermo_protocol": "2003-12-25",
        "uk_modern_slavery_act_2015": "2015-07-31",
    }  # fmt: skip
    assert {code: str(codes[code]) for code in expected} == expected
    assert frame["citation"].str.len_chars().min() > 10
    assert frame["summary"].str.ends_with(".").all()


LAW = (
    'code = "us_xx_1"\nshort_name = "X Act"\nlevel = "state"\njurisdiction = "US-XX"\n'
    'instrument = "The X Act"\nadopted = 2020-01-01\npillar = "protection"\n'
    'summary = "It helps."\ncitation = "XX Code 1"\n'
)


def test_a_state_adds_its_own_law(tmp_path: Path) -> None:
    path = write(tmp_path, "x.toml", LAW)
    assert laws.recognises(path)
    row = accepted("laws", path).row(0, named=True)
    assert (row["law_code"], row["effective"], row["level"]) == ("us_xx_1", None, "state")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (('level = "state"', 'level = "county"'), "'level' is 'county'; allowed: international"),
        (('pillar = "protection"', 'pillar = "policy"'), "'pillar' is 'policy'"),
        (("adopted = 2020-01-01", 'adopted = "2020-01-01"'), "allowed: a date without quotes"),
        (('citation = "XX Code 1"\n', ""), "'citation' is missing"),
        (("summary", "sumary"), "'summary' is missing; allowed: a text in quotes. Is it 'sumary', misspelt?"),
        (('pillar = "protection"', 'pillar = "protection"\neffective = 2019-01-01'), "before 'adopted'"),
        (('code = "us_xx_1"', 'code = "US XX"'), "small letters"),
        (('citation = "XX Code 1"', 'citation = "x"\nurl = "javascript:alert(1)"'), "https"),
        (("adopted = 2020-01-01", "adopted = 2020-13-01"), "cannot be read"),
    ],
)
def test_a_mistake_in_a_law_names_file_and_key(tmp_path: Path, change: tuple[str, str], message: str) -> None:
    with pytest.raises(EtlError) as refused:
        incoming("laws", write(tmp_path, "x.toml", LAW.replace(*change)))
    assert refused.value.message.startswith("x.toml: ")
    assert message in refused.value.message


def test_two_laws_of_one_code_are_refused(tmp_path: Path) -> None:
    write(tmp_path, "x.toml", LAW)
    write(tmp_path, "y.toml", LAW)
    with pytest.raises(EtlError, match="two files have the code 'us_xx_1'"):
        incoming("laws", tmp_path)
