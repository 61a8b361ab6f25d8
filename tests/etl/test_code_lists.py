"""Where a record falls and where a median is read follow from one file, and no SQL says it again."""

import re
import shutil
from pathlib import Path

import duckdb
import numpy as np
import pytest

from analysis import load_catalog
from analysis.answers.kinds.quantiles import bands_of, quantile
from analysis.catalog.load import CATALOG_FOLDER
from analysis.catalog.model import Catalog, Dimension
from etl.mart.code_lists import bands
from etl.mart.steps import SQL

BANDED = [dimension.code for dimension in load_catalog().dimensions.values() if dimension.bands]
HOURS = {"days": 24, "hours": 1}


def falls_in(catalog: Catalog, dimension: str, durations: list[float]) -> list[str | None]:
    """Return the band that the mart puts each duration in."""
    with duckdb.connect() as connection:
        connection.execute("CREATE SCHEMA core")
        for statement in bands(catalog):
            connection.execute(statement)
        query = f"SELECT core.band_{dimension}(duration) FROM (SELECT unnest(?::DOUBLE[]) AS duration)"
        return [band for (band,) in connection.execute(query, [durations]).fetchall()]


def expected(dimension: Dimension, duration: float) -> str:
    """Return the band of a duration, found by walking from the longest band down."""
    for code, low in reversed(dimension.bands):
        if duration > low or (duration == low and (dimension.closed == "left" or low == 0)):
            return code
    raise AssertionError(duration)


@pytest.mark.parametrize("code", BANDED)
def test_a_record_falls_into_the_band_that_the_catalog_says(code: str) -> None:
    dimension = load_catalog().dimensions[code]
    step = 1.0 if dimension.unit == "days" else 0.25
    durations = [float(number) for number in np.arange(0, 1.2 * dimension.bands[-1][1] + 2, step)]
    assert falls_in(load_catalog(), code, durations) == [expected(dimension, one) for one in durations]


def test_a_missing_duration_falls_into_no_band() -> None:
    with duckdb.connect() as connection:
        connection.execute("CREATE SCHEMA core")
        for statement in bands(load_catalog()):
            connection.execute(statement)
        for code in BANDED:
            assert connection.execute(f"SELECT core.band_{code}(NULL)").fetchone() == (None,)


def test_a_moved_edge_moves_the_records_and_the_median(tmp_path: Path) -> None:
    """Reports answered after 5 hours are in "1–4 hours" once that band ends at 6, and so is the median."""
    copy = shutil.copytree(CATALOG_FOLDER, tmp_path / "catalog")
    path = copy / "dimensions" / "response_band.toml"
    path.write_text(path.read_text("utf-8").replace("low = 4\n", "low = 6\n"), "utf-8")
    hours, medians, falls = [0.5, 3.0, 5.0, 5.0, 7.0, 30.0], [], []
    for folder in (None, copy):
        catalog = load_catalog(folder)
        bands = bands_of(catalog.dimensions["response_band"].categories)
        falls.append(falls_in(catalog, "response_band", hours))
        counts = np.array([falls[-1].count(code) for code in bands.codes], dtype=float)
        medians.append(float(quantile(counts, bands.edges, np.array(0.5))))
    assert falls[0] == ["up_to_1h", "1_4h", "4_24h", "4_24h", "4_24h", "1_3_days"]
    assert falls[1] == ["up_to_1h", "1_4h", "1_4h", "1_4h", "4_24h", "1_3_days"]
    assert medians == [pytest.approx(4 + 20 / 3), pytest.approx(1 + 5 * 2 / 3)]


@pytest.mark.parametrize("code", BANDED)
def test_no_sql_of_the_mart_names_a_band(code: str) -> None:
    for band, _ in load_catalog().dimensions[code].bands:
        for path in SQL.glob("*.sql"):
            assert f"'{band}'" not in path.read_text("utf-8"), (
                f"{path.name} puts records into '{band}' itself"
            )


@pytest.mark.parametrize("code", BANDED)
def test_the_words_for_a_band_name_its_own_ends(code: str) -> None:
    dimension = load_catalog().dimensions[code]
    ends = [low for _, low in dimension.bands[1:]]
    for category, low, end in zip(dimension.categories, (0, *ends), ends, strict=False):
        between = re.fullmatch(r"(\d+)–(\d+) (days|hours)", category.label)
        if between:
            size = HOURS[between[3]] / HOURS[dimension.unit]
            last = end - 1 if dimension.closed == "left" else end
            assert [size * float(between[1]), size * float(between[2])] == [low, last], category.label
