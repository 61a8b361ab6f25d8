"""Random filter paths by address, two hundred in the long form: every place tells the same published cell."""

import csv
import io
import random
import re
import zipfile
from collections.abc import Callable

import openpyxl
import polars as pl
import pytest

from analysis import Release, closed_list, load_catalog, published_count
from analysis.exports import FORMATS
from analysis.questions.filters import SHARED_DIMENSIONS
from tests.example_release import CONTRIBUTORS
from tests.pages.charts_read import charts, values_of
from tests.pages.conftest import said
from tests.pages.opening import OpenPage
from tests.sizes import size
from ui.view import hand_over

COUNT = {"person": "detected_persons", "referral": "referrals_made"}
AREAS = {1: ["C1", "C2"], 2: [f"D{n:02d}" for n in range(1, 13)]}
FilterPath = tuple[str, str, dict[str, str]]


def random_path(chance: random.Random, tables: dict[str, list]) -> FilterPath:
    """Return a subject, a period and filters that a page's address can say."""
    subject = chance.choice(["person", "person", "referral"])
    grouping = chance.choice(tables[subject])
    year = chance.randint(2021, 2025)
    month, quarter = chance.randint(1, 12), chance.randint(1, 4)
    period = {"year": f"{year}", "quarter": f"{year}-Q{quarter}", "month": f"{year}-{month:02d}"}
    dimensions = load_catalog().dimensions
    where = {
        name: chance.choice(sorted(CONTRIBUTORS) if name == "source" else dimensions[name].codes[:4])
        for name in grouping.dims
    }
    if grouping.area_level:
        where["area"] = chance.choice(AREAS[grouping.area_level])
    return subject, period[grouping.period_level], where


@pytest.fixture(scope="module")
def paths() -> list[FilterPath]:
    chance = random.Random(23)
    catalog = load_catalog()
    tables = {
        subject: [one for one in closed_list(subject, catalog) if set(one.dims) <= set(SHARED_DIMENSIONS)]
        for subject in COUNT
    }
    return [random_path(chance, tables) for _ in range(size(45, 200))]


def level_of(period: str) -> str:
    return {4: "year", 7: "quarter" if "Q" in period else "month"}[len(period)]


def written(value: int | None) -> str:
    return "not shown" if value is None else f"{value:,}"


def test_the_page_and_its_files_hold_the_published_cell(
    open_page: OpenPage, release: Release, paths: list[FilterPath], monkeypatch: pytest.MonkeyPatch
) -> None:
    made: dict[str, bytes] = {}

    def caught(label: str, data: Callable[[], bytes], **more: object) -> bool:
        if label in {one.label for one in FORMATS.values()}:
            made[label] = data()
        return False

    monkeypatch.setattr(hand_over, "button", caught)
    shown = 0
    for subject, period, where in paths:
        expected = published_count(where, period, subject, release=release)
        measure = COUNT[subject]
        made.clear()
        app = open_page(
            "explore", measure=measure, by="period", level=level_of(period), period=period, **where
        )
        rows = re.findall(r"<tbody><tr>(.*?)</tr></tbody>", said(app), re.DOTALL)
        told = [re.findall(r"<td[^>]*>(.*?)</td>", row)[0] for row in rows]
        assert told == ([] if expected is None else [written(expected)]), (period, where)
        assert ("Nothing here can be shown" in said(app)) == (expected is None)
        assert set(made) >= {"CSV", "Excel (XLSX)", "Parquet"}, "a file says too that it is not shown"
        assert table_of(made["CSV"], "csv") == ("" if expected is None else f"{expected}")
        assert table_of(made["Excel (XLSX)"], "xlsx") == expected
        assert table_of(made["Parquet"], "parquet") == expected
        shown += expected is not None
    assert 0.3 * len(paths) <= shown <= 0.8 * len(paths), "both kinds are well represented"


#: Tables of a package that are about its table.
BESIDE = ("dictionary.csv", "sources.csv")


def table_of(package: bytes, kind: str) -> object:
    """Return the value of the only row of a downloaded package."""
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        [name] = (one for one in archive.namelist() if one.endswith(f".{kind}") and one not in BESIDE)
        content = archive.read(name)
    if kind == "csv":
        [row] = csv.DictReader(content.decode().splitlines())
        return row["value"]
    if kind == "parquet":
        return pl.read_parquet(io.BytesIO(content))["value"].item()
    sheet = openpyxl.load_workbook(io.BytesIO(content), read_only=True)["Data"]
    header, row = list(sheet.iter_rows(values_only=True))
    return dict(zip(header, row, strict=True))["value"]


def test_lines_and_their_hover_tell_the_published_cell(
    open_page: OpenPage, release: Release, paths: list[FilterPath]
) -> None:
    for subject, period, where in paths:
        expected = published_count(where, period, subject, release=release)
        app = open_page("trends", measure=COUNT[subject], level=level_of(period), period=period, **where)
        drawn = charts(app).get("trend_chart")
        if expected is None:
            assert drawn is None, "the card says that nothing here can be shown"
            continue
        lines = [trace for trace in drawn["data"] if trace.get("name") not in (None, "95% interval")]
        numbers = {one for line in lines for one in values_of(line["y"]) if one is not None}
        assert numbers == {expected}, "firm or provisional, it is one point"
        told = {one for line in lines for one in values_of(line["text"]) if one}
        assert len(told) == 1 and told.pop().startswith(f"{written(expected)} ")


def test_the_map_tells_the_published_cell_of_an_area(
    open_page: OpenPage, release: Release, paths: list[FilterPath]
) -> None:
    on_map = [one for one in paths if one[0] == "person" and "area" in one[2] and level_of(one[1]) == "year"]
    assert len(on_map) >= size(2, 10)
    for _, period, where in on_map:
        area, others = where["area"], {name: code for name, code in where.items() if name != "area"}
        level = "1" if area.startswith("C") else "2"
        app = open_page("geography", measure="detected_persons", level=level, period=period, **others)
        drawn = charts(app).get("map_chart")
        expected = published_count(where, period, "person", release=release)
        if drawn is None:
            assert expected is None, "the card says that nothing here can be shown"
            continue
        drawn_areas = [trace for trace in drawn["data"] if trace["type"] == "choroplethmap"]
        [areas] = [trace for trace in drawn_areas if trace.get("name") != "borders"]
        # Borders of the coarser level are drawn, and tell nothing.
        assert all(not set(one) & {"text", "hovertext"} for one in drawn_areas if one is not areas)
        told = dict(zip(values_of(areas["locations"]), values_of(areas["text"]), strict=True))[area]
        said_there = told.split("<br>")[1]
        assert said_there.startswith("Not shown" if expected is None else f"{written(expected)} pe"), told
