"""The release counted by Spark is the release counted by DuckDB, byte for byte."""

import os
import shutil
import signal
import socket
import stat
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import duckdb
import pytest

from analysis import Catalog, closed_list, load_catalog
from etl.cli import main
from etl.config import Home
from etl.errors import EtlError
from etl.release import publish
from etl.release.cells import builders
from etl.release.cells.count import InPlace
from etl.release.cells.layout import Layout
from etl.release.cells.plan import Family, plan
from etl.release.spark import master as masters
from tests.benchmarks.bench_release import make_home
from tests.release.support import Mart, Person, counting, home_with, made_up_people, manifest_of, release_file

REQUIRED = os.environ.get("LTT_SPARK") == "required"
MASTER = "local[2]"
CLUSTER = "local-cluster[2,1,1024]"  # a master and two workers, each a process of its own
#: More than one thread of DuckDB's counts at once; `make bench` compares five times as many (`bench_spark`).
PERSONS = 20_000
#: Codes of an open list, as somebody may write them: engines escape, order, pad and fold texts differently.
HOSTILE = (
    "o'brien",
    "back\\slash",
    'dou"ble',
    "trailing ",
    "trailing",
    "Åre–ﬁ",
    "åre",
    "%_\n",
    "NULL",
    "$1{x}",
)


def catalog_of_few() -> Catalog:
    """Return a catalog whose release takes Spark seconds: four families, of up to two open dimensions."""
    catalog = load_catalog()
    person = replace(
        catalog.subjects["person"], core=("form", "age_group", "age_band", "gender", "source"), detail=()
    )
    referral = replace(catalog.subjects["referral"], core=("decision",), detail=())
    return replace(
        catalog,
        subjects=MappingProxyType({"person": person, "referral": referral}),
        sha256="few dimensions",
    )


@pytest.fixture(scope="module")
def few_dimensions() -> Iterator[None]:
    with counting(catalog_of_few()):
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
    assert manifest_of(by_duckdb.release("public"))["release_id"] != first[0].release_id
    assert published(by_duckdb) == published(by_spark)
    assert sorted(path.name for path in by_spark.restricted.iterdir()) == sorted(
        path.name for path in by_duckdb.restricted.iterdir()
    )


@contextmanager
def losing_a_worker(home: Home) -> Iterator[list[int]]:
    """Kill one worker of this machine while it counts; the list tells which process it was.

    A worker is known by the class that Java runs in it, and it is in the middle of its work when the first
    grains are on their way to the disk.
    """
    killed: list[int] = []
    is_over = threading.Event()
    folder = home.restricted / "release-aside" / "spark"

    def watch() -> None:
        while not killed and not is_over.wait(0.02):
            workers = [
                int(line.parent.name)
                for line in Path("/proc").glob("[0-9]*/cmdline")
                if list(folder.glob("*/grains-*/_temporary")) and b"ExecutorBackend" in read(line)
            ]
            for process in workers[:1]:
                os.kill(process, signal.SIGKILL)
                killed.append(process)

    def read(line: Path) -> bytes:
        try:
            return line.read_bytes()
        except OSError:  # the process is gone
            return b""

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield killed
    finally:
        is_over.set()
        thread.join()


@pytest.mark.usefixtures("few_dimensions", "spark")
def test_a_worker_that_is_killed_while_it_counts_changes_nothing(tmp_path: Path) -> None:
    by_duckdb = home_with(tmp_path / "duckdb", Mart(made_up_people(400)))
    by_spark = twin(by_duckdb, tmp_path / "spark")
    publish(by_duckdb, "public")
    with losing_a_worker(by_spark) as killed:
        report = publish(by_spark, "public", spark=CLUSTER)
    assert killed, "two workers counted, and one of them was killed"
    assert report.cells_shown["person"] > 500
    assert published(by_duckdb) == published(by_spark)
    assert not (by_spark.restricted / "release-aside").exists()


@pytest.mark.usefixtures("few_dimensions", "spark")
@pytest.mark.skipif(not REQUIRED, reason="20,000 persons are counted with LTT_SPARK=required, as in CI")
def test_many_records_are_the_same_bytes(tmp_path: Path) -> None:
    by_duckdb = make_home(tmp_path / "duckdb", PERSONS)
    by_spark = twin(by_duckdb, tmp_path / "spark")
    report = publish(by_duckdb, "public")
    publish(by_spark, "public", spark=MASTER)
    assert report.cells_shown["person"] > 1_000
    assert published(by_duckdb) == published(by_spark)


def families() -> tuple[Layout, list[Family]]:
    catalog = load_catalog()
    subject = catalog.subjects["person"]
    kinds = tuple(code for code in subject.dimensions if catalog.dimensions[code].multi)
    columns = tuple(code for code in subject.dimensions if code not in kinds)
    return Layout(subject, columns, kinds), plan(closed_list(subject, catalog), catalog, kinds)


def test_the_statements_use_nothing_that_two_engines_do_differently() -> None:
    """Texts are compared, cut or ordered by no statement; nothing is divided; only two functions add up."""
    sqlglot = pytest.importorskip("sqlglot")
    layout, planned = families()
    for family in planned:
        for statement in (builders.grains(family), builders.roll_up(layout.subject, family)):
            tree = sqlglot.parse_one(statement, read="duckdb")
            calls = {type(call).__name__ for call in tree.find_all(sqlglot.exp.Func)}
            assert calls <= {"Sum", "Count", "Coalesce", "Case", "If", "Grouping", "Cast"}, calls
            assert not list(tree.find_all(sqlglot.exp.Div, sqlglot.exp.Order, sqlglot.exp.Like))


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--engine", "spark", "--master", "yarn"], "is no address of Spark"),
        (["--engine", "spark", "--master", "local[0]"], "is no address of Spark"),
        (["--engine", "spark", "--master", "spark://host:7077;rm"], "is no address of Spark"),
        (["--master", "local[2]"], "--engine spark is not asked for"),
    ],
)
def test_a_wrong_command_is_told_with_the_right_one(
    words: list[str], told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["release", "--home", str(tmp_path), *words]) == 2
    said = capsys.readouterr().err
    assert told in said
    assert "Next: python -m etl release --engine spark" in said


def test_a_master_that_is_not_there_is_told_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = home_with(tmp_path, Mart(made_up_people(20)))
    monkeypatch.setattr(masters, "_require_java", lambda _: None)
    monkeypatch.setattr(masters.importlib.util, "find_spec", lambda _: True)
    with socket.create_server(("127.0.0.1", 0)) as server:
        closed = server.getsockname()[1]
    started = time.monotonic()
    for address in (f"spark://127.0.0.1:{closed}", f"sc://127.0.0.1:{closed}", f"spark://[::1]:{closed}"):
        with pytest.raises(EtlError, match="Nobody answers") as raised:
            publish(home, "public", spark=address)
        assert f"--master '{address}'" in raised.value.next_step
    assert time.monotonic() - started < 3 * masters.REACH_SECONDS
    assert not (home.restricted / "release-aside").exists()


def test_what_is_missing_is_named_with_the_command_that_brings_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(masters.importlib.util, "find_spec", lambda name: None if name == "sqlglot" else True)
    with pytest.raises(EtlError, match="needs sqlglot") as raised:
        masters.require(MASTER)
    assert "requirements-spark.lock" in raised.value.next_step
    monkeypatch.setattr(masters.importlib.util, "find_spec", lambda _: True)
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    with pytest.raises(EtlError, match="Java 17 or newer, and there is none") as raised:
        masters.require(MASTER)
    assert "default-jre-headless" in raised.value.next_step
    java = tmp_path / "bin" / "java"
    java.parent.mkdir()
    java.write_text("#!/bin/sh\necho 'openjdk version \"11.0.2\"' >&2\n")
    java.chmod(0o700)
    with pytest.raises(EtlError, match="this is Java 11"):
        masters.require(MASTER)


@pytest.mark.usefixtures("few_dimensions")
def test_an_engine_that_fails_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """True counts lie in a folder of the keepers alone while an engine works, and nowhere afterwards."""
    home = home_with(tmp_path, Mart(made_up_people(300)))
    publish(home, "public")
    before = published(home), home.frozen(False).read_bytes()
    modes = []

    class Failing:
        def __init__(self, folder: Path) -> None:
            self.folder = folder

        def count(
            self, connection: duckdb.DuckDBPyConnection, layout: Layout, listed: Sequence[Family]
        ) -> None:
            InPlace().count(connection, layout, listed)
            (self.folder / "cells.parquet").write_bytes(b"counts")
            modes.append(stat.S_IMODE(self.folder.stat().st_mode))
            raise EtlError("A worker was lost.")

    @contextmanager
    def failing(_: str, folder: Path) -> Iterator[Failing]:
        yield Failing(folder)

    monkeypatch.setattr("etl.release.run._engine", failing)
    with pytest.raises(EtlError, match="A worker was lost"):
        publish(home, "public", spark=MASTER)
    assert modes == [0o700]
    assert not (home.restricted / "release-aside").exists()
    assert (published(home), home.frozen(False).read_bytes()) == before
