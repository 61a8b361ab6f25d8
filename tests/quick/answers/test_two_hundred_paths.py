"""Two hundred random filter paths: the function, an answer and every file give the same published cell."""

import csv
import io
import json
import random

import polars as pl
import pytest

from analysis import Question, answer, closed_list, published_count
from analysis.cli import main
from tests.example_release import CONTRIBUTORS, RECEIVERS
from tests.quick.answers.oracle import cells
from tests.sizes import size

COUNT = {"person": "detected_persons", "referral": "referrals_made"}
AREAS = {1: ["C1", "C2"], 2: [f"D{n:02d}" for n in range(1, 13)]}
OPEN = {"source": sorted(CONTRIBUTORS), "to_organisation": sorted(RECEIVERS)}


def random_path(chance, catalog):
    subject = chance.choice(["person", "person", "referral"])
    grouping = chance.choice(closed_list(subject, catalog))
    year = chance.randint(2021, 2025)
    period = {
        "year": f"{year}",
        "quarter": f"{year}-Q{chance.randint(1, 4)}",
        "month": f"{year}-{chance.randint(1, 12):02d}",
    }[grouping.period_level]
    where = {
        name: chance.choice(OPEN.get(name) or catalog.dimensions[name].codes[:4]) for name in grouping.dims
    }
    if grouping.area_level:
        where["area"] = chance.choice(AREAS[grouping.area_level])
    return subject, period, where


@pytest.fixture(scope="module")
def paths(catalog):
    chance = random.Random(11)
    return [random_path(chance, catalog) for _ in range(size(80, 200))]


def test_the_function_and_an_answer_give_the_published_cell(paths, release, folder):
    shown = 0
    for subject, period, where in paths:
        area = where.get("area")
        key = ("own", period, area, frozenset((name, code) for name, code in where.items() if name != "area"))
        expected = cells(folder, subject).get(key)
        assert published_count(where, period, subject, release=release) == expected
        [found] = answer([Question(COUNT[subject], (), where, periods=(period, period))], release)
        row = found.frame.row(0, named=True)
        assert row["value"] == expected and (row["marker"] in ("c", "x")) == (expected is None)
        assert (found.cells_shown, found.cells_total) == (int(expected is not None), 1)
        shown += expected is not None
    assert 0.2 * len(paths) <= shown <= 0.8 * len(paths)  # both kinds are well represented


def test_files_hold_the_published_cell(paths, folder, capsysbinary, tmp_path):
    for subject, period, where in paths[:60]:
        key = (
            *("own", period, where.get("area")),
            frozenset((name, code) for name, code in where.items() if name != "area"),
        )
        expected = cells(folder, subject).get(key)
        words = ["answer", "--measure", COUNT[subject], "--periods", period, "--release", str(folder)]
        words += ["--where", *(f"{name}={code}" for name, code in where.items())]
        assert main([*words, "--format", "csv"]) == 0
        [row] = csv.DictReader(io.StringIO(capsysbinary.readouterr().out.decode()))
        assert row["value"] == ("" if expected is None else f"{expected:.0f}")
        assert main([*words, "--format", "json"]) == 0
        assert json.loads(capsysbinary.readouterr().out)["rows"][0]["value"] == expected
        assert main([*words, "--format", "parquet", "--out", str(tmp_path / "one.parquet")]) == 0
        assert pl.read_parquet(tmp_path / "one.parquet")["value"].to_list() == [expected]
        capsysbinary.readouterr()
