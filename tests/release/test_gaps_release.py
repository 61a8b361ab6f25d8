"""Service gaps in the release: recounts, thresholds, and no site in the file or to be found from it."""

import itertools
import struct
from collections.abc import Iterator
from pathlib import Path

import duckdb
import numpy as np
import pytest

from analysis import Question, answer, open_release
from analysis.errors import NotPermitted
from analysis.statistics.access import great_circle, travel_minutes
from etl.config import home_at
from etl.store import warehouse
from tests.demonstration import demonstration_home, demonstration_release

D = 5  # largest change to a count
THRESHOLD = 10


@pytest.fixture(scope="module")
def restricted() -> Iterator[duckdb.DuckDBPyConnection]:
    with warehouse.connect(warehouse.current(home_at(demonstration_home()))) as connection:
        yield connection


@pytest.fixture(scope="module")
def file() -> Path:
    release = open_release(demonstration_release())
    return release.folder / release.manifest.file


@pytest.fixture(scope="module")
def released(file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """A copy, because pages hold the file itself open with settings of their own."""
    copy = tmp_path_factory.mktemp("released") / "release.duckdb"
    copy.write_bytes(file.read_bytes())
    with duckdb.connect(copy, read_only=True) as connection:
        yield connection


@pytest.mark.parametrize(
    ("subject", "dims"),
    [
        ("service_need", ("service_type", "need_status")),
        ("service_need", ("service_type", "eligibility", "need_status")),
        ("service_need", ("unmet_reason",)),
        ("service_need", ("service_type", "lack_of_place")),
        ("place_use", ("service_type", "eligibility", "place_state")),
    ],
)
def test_cells_are_a_recount_within_the_noise_and_never_small(restricted, released, subject, dims) -> None:
    columns = ", ".join(f"{name}::VARCHAR" for name in dims)
    true = {
        row[:-1]: row[-1]
        for row in restricted.execute(
            f"SELECT reference_year::VARCHAR, {columns}, count(*) FROM mart.{subject} GROUP BY ALL"
        ).fetchall()
    }
    others = [name for name in _dims(released, subject) if name not in dims]
    nothing = " AND ".join(f"{name} IS NULL" for name in (*others, "area_level"))
    given = " AND ".join(f"{name} IS NOT NULL" for name in dims)
    cells = released.execute(
        f"SELECT period, {', '.join(dims)}, value FROM cell_{subject} "
        f"WHERE period_level = 'year' AND {nothing} AND {given}"
    ).fetchall()
    assert cells
    for *key, value in cells:
        assert value >= THRESHOLD
        assert abs(value - true[tuple(key)]) <= D
    missing = [number for key, number in true.items() if list(key) not in [list(cell[:-1]) for cell in cells]]
    assert max(missing, default=0) < THRESHOLD + D, "what is not shown is small"


def _dims(connection: duckdb.DuckDBPyConnection, subject: str) -> list[str]:
    fixed = {"collection", "period_level", "period", "area_level", "area", "value", "marker"}
    rows = connection.execute(
        "SELECT column_name FROM duckdb_columns() WHERE table_name = ?", [f"cell_{subject}"]
    ).fetchall()
    return [row[0] for row in rows if row[0] not in fixed]


def _sites(restricted: duckdb.DuckDBPyConnection) -> list[tuple[float, float]]:
    sites = restricted.execute(
        "SELECT DISTINCT longitude, latitude FROM mart.service_site WHERE longitude IS NOT NULL"
    ).fetchall()
    assert len(sites) >= 15, "else the search is for nothing"
    return sites


def _marks(numbers: list[float]) -> list[bytes]:
    """Return how a coordinate can stand in a file: as a double, a float, or text of five decimals."""
    found = []
    for number in numbers:
        found += [struct.pack("<d", number), struct.pack("<f", number), f"{number:.6f}"[:-1].encode()]
    return found


def test_no_site_is_in_the_bytes_of_the_release(restricted, file: Path) -> None:
    data = file.read_bytes()
    marks = _marks([number for site in _sites(restricted) for number in site])
    assert not [mark for mark in marks if mark in data]


def test_the_search_would_find_a_site_that_had_slipped_in(restricted, file: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.duckdb"
    copy.write_bytes(file.read_bytes())
    sites = _sites(restricted)
    with duckdb.connect(copy) as connection:
        connection.execute("CREATE TABLE slipped (longitude DOUBLE, note VARCHAR)")
        connection.executemany("INSERT INTO slipped VALUES (?, ?)", [[sites[0][0], f"at {sites[1][1]:.6f}"]])
        connection.execute("CHECKPOINT")
    data = copy.read_bytes()
    assert any(mark in data for mark in _marks([sites[0][0]]))
    assert any(mark in data for mark in _marks([sites[1][1]]))


def test_no_number_of_the_release_is_near_a_site(restricted, released) -> None:
    sites = _sites(restricted)
    columns = released.execute(
        "SELECT table_name, column_name FROM duckdb_columns() WHERE data_type IN ('DOUBLE', 'FLOAT') "
        "AND schema_name = 'main'"
    ).fetchall()
    assert ("area", "lon") in columns, "else nothing is looked at"
    for table, column in columns:
        values = (
            released.execute(f'SELECT DISTINCT "{column}"::DOUBLE FROM "{table}"').fetchnumpy().popitem()[1]
        )
        numbers = np.asarray(values, dtype=float)
        for number in itertools.chain.from_iterable(sites):
            assert not (np.abs(numbers - number) < 1e-6).any(), (table, column)


def test_no_name_of_a_shelter_is_in_the_list_of_services(restricted, released) -> None:
    names = [
        row[0]
        for row in restricted.execute(
            "SELECT name FROM mart.service WHERE service_type = 'housing'"
        ).fetchall()
    ]
    assert names
    listed = released.execute("SELECT * FROM register_service").fetchall()
    assert not [row for row in listed if set(row) & set(names)]
    columns = [row[0] for row in released.execute("DESCRIBE register_service").fetchall()]
    assert columns == [
        "service_type", "name", "organisation", "eligibility", "geography", "area", "is_active",
        "has_organisation", "has_place",
    ]  # fmt: skip


def test_reach_by_area_only_for_types_with_three_sites_and_never_for_shelter(restricted, released) -> None:
    sites = dict(
        restricted.execute(
            "SELECT service_type::VARCHAR, count(DISTINCT (lon, lat)) FROM mart.reach_site GROUP BY 1"
        ).fetchall()
    )
    published = released.execute(
        "SELECT DISTINCT service_type, area_code FROM observation "
        "WHERE measure LIKE 'reach%' OR measure LIKE 'access%'"
    ).fetchall()
    by_area = {kind for kind, area in published if area != "TM"}
    assert "housing" not in by_area
    assert by_area == {kind for kind, count in sites.items() if count >= 3} - {"housing"}
    assert sites["interpretation"] < 3
    assert ("interpretation", "TM") in published
    assert not released.execute(
        "SELECT 1 FROM observation WHERE measure = 'access_places' AND service_type = 'interpretation'"
    ).fetchall()


def test_published_reach_leaves_the_district_of_a_shelter_open(restricted, released) -> None:
    """Try every placement of the shelters on the districts: many fit, and no district stands out."""
    origins = restricted.execute(
        "SELECT lon, lat, is_rural, residents FROM mart.reach_origin ORDER BY code"
    ).fetchall()
    lon, lat, rural, residents = (np.array(part, dtype=float) for part in zip(*origins, strict=True))
    minutes = travel_minutes(great_circle(lon, lat, lon, lat), rural.astype(bool))
    values = dict(
        released.execute(
            "SELECT measure, sum(value) FROM observation "
            "WHERE service_type = 'housing' AND measure LIKE 'reach%' GROUP BY 1"
        ).fetchall()
    )
    target = [round(100 * values[f"reach_{limit}"] / values["reach_base"]) for limit in (30, 60, 90)]
    [(count,)] = restricted.execute(
        "SELECT count(DISTINCT (lon, lat)) FROM mart.reach_site WHERE service_type = 'housing'"
    ).fetchall()
    fits = []
    for chosen in itertools.combinations(range(len(lon)), count):
        nearest = minutes[:, chosen].min(axis=1)
        said = [
            10 * round(10 * residents[nearest <= limit].sum() / residents.sum()) for limit in (30, 60, 90)
        ]
        if said == target:
            fits.append(chosen)
    assert len(fits) >= 100
    share = np.bincount(np.array(fits).ravel(), minlength=len(lon)) / len(fits)
    assert share.max() < 0.5


def test_a_share_of_reasons_has_the_known_reasons_as_its_base() -> None:
    release, when = open_release(demonstration_release()), ("2024", "2024")
    [share] = answer([Question("unmet_reason_share", ["unmet_reason"], periods=when)], release)
    codes = share.frame["unmet_reason"].to_list()
    assert "served" not in codes
    assert "not_recorded" not in codes
    rows = release.rows(
        "SELECT unmet_reason, value FROM cell_service_need WHERE period = '2024' "
        "AND unmet_reason IS NOT NULL AND service_type IS NULL AND eligibility IS NULL "
        "AND need_status IS NULL AND source IS NULL AND area_level IS NULL"
    )
    published = {code: value for code, value in rows if code in codes}
    base = sum(published.values())
    for row in share.frame.iter_rows(named=True):
        assert row["base"] == base
        assert row["value"] == pytest.approx(100 * published[row["unmet_reason"]] / base, abs=0.5)
    with pytest.raises(NotPermitted):
        answer([Question("unmet_reason_share", ["unmet_reason"], {"unmet_reason": "served"})], release)
