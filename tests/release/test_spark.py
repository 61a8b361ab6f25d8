"""The release counted by Spark is the release counted by DuckDB, byte for byte."""

import importlib.util
import os
import shutil
import socket
import stat
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import duckdb
import pytest
import sqlglot

from analysis import closed_list, load_catalog
from etl.cli import main
from etl.config import Home, secret
from etl.errors import EtlError
from etl.release import publish
from etl.release.cells import builders
from etl.release.cells.count import InPlace
from etl.release.cells.layout import Layout
from etl.release.cells.plan import Family, plan
from etl.release.spark import master as masters
from tests.release.support import Mart, Person, home_with, made_up_people, manifest_of, release_file

REQUIRED = os.environ.get("LTT_SPARK") == "required"
MASTER = "local[2]"
PERSONS = 100_000 if REQUIRED else 5_000
#: Codes of an open list, as a task force may write them: engines escape, order, pad and fold texts differently.
HOSTILE = ("o'brien", "back\\slash", 'dou"ble', "trailing ", "trailing", "Åre–ﬁ", "åre", "%_\n", "NULL", "$1{x}")


@pytest.fixture(scope="module")
def few_dimensions() -> Iterator[None]:
    """A catalog whose release takes Spark seconds: four families, of none, one and two open dimensions."""
    catalog = load_catalog()
    person = replace(
        catalog.subjects["person"], core=("form", "age_group", "age_band", "gender", "source"), detail=()
    )
    referral = replace(catalog.subjects["referral"], core=("decision",), detail=())
    chosen = replace(
        catalog,
        subjects=MappingProxyType({"person": person, "referral": referral}),
        sha256="few dimensions",
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("etl.release.run.load_catalog", lambda: chosen)
        yield


@pytest.fixture(scope="module")
def spark() -> Iterator[None]:
    """Spark on this machine; `LTT_SPARK=required` makes its absence an error."""
    try:
        masters.require(MASTER)
    except EtlError as missing:
        if REQUIRED:
            pytest.fail(f"{missing}. LTT_SPARK=required does not let these tests be skipped")
        pytest.skip(str(missing))
    with pytest.MonkeyPatch.context() as patch:
        # Java that is compiled once and less well: sessions of a test are short.
        patch.setenv("JAVA_TOOL_OPTIONS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC")
        yield


def hostile_people(first: str, last: str, seed: int) -> list[Person]:
    """People before 1970 whose contributors have names that are hard to write in any language."""
    people = made_up_people(250, first, last, seed=seed)
    return [
        replace(one, multi={**one.multi, "source": tuple(sorted({HOSTILE[n % 10], HOSTILE[n % 7]}))})
        for n, one in enumerate(people)
    ]


def twin(home: Home, folder: Path) -> Home:
    """Return a copy of a home, its secret included."""
    shutil.copytree(home.root, folder)
    return Home(folder)


def published(home: Home) -> bytes:
    return release_file(home.release("public")).read_bytes()


@pytest.mark.usefixtures("few_dimensions", "spark")
def test_first_and_second_release_of_hostile_records_are_the_same_bytes(tmp_path: Path) -> None:
    people = hostile_people("1965-01", "1965-12", 1)
    mart = Mart(people, as_of="1966-03-31", reported=("1965-01", "1965-12"))
    by_duckdb = home_with(tmp_path / "duckdb", mart)
    by_spark = twin(by_duckdb, tmp_path / "spark")
    first = publish(by_duckdb, "public"), publish(by_spark, "public", spark=MASTER)
    assert first[0].cells_shown["person"] > 500
    assert first[0].cells_shown["referral"] == 0  # a subject that nobody sent
    assert published(by_duckdb) == published(by_spark)

    mart.persons = [*people[5:], *hostile_people("1966-01", "1966-06", 2)]
    mart.as_of, mart.reported = "1966-09-30", ("1965-01", "1966-06")
    for home, engine in ((by_duckdb, ""), (by_spark, MASTER)):
        home_with(home.root, mart)
        report = publish(home, "public", spark=engine)
        assert sum(report.newly_closed_months.values()) > 0
    assert manifest_of(by_duckdb.release("public")) != first[0].release_id
    assert published(by_duckdb) == published(by_spark)
    assert sorted(path.name for path in by_spark.restricted.iterdir()) == sorted(
        path.name for path in by_duckdb.restricted.iterdir()
    )


@pytest.mark.usefixtures("few_dimensions", "spark")
def test_many_records_are_the_same_bytes(tmp_path: Path) -> None:
    from tests.benchmarks.bench_release import make_home

    by_duckdb = make_home(tmp_path / "duckdb", PERSONS)
    by_spark = twin(by_duckdb, tmp_path / "spark")
    report = publish(by_duckdb, "public")
    publish(by_spark, "public", spark=MASTER)
    assert report.cells_shown["person"] > 1_000
    assert published(by_duckdb) == published(by_spark)
