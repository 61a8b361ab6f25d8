"""The release on a Spark that is elsewhere: the same bytes, or a sentence within a bounded time."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType, SimpleNamespace

import duckdb
import pytest

from analysis import load_catalog
from analysis.questions.question import GroupingSet
from etl.config import Home
from etl.errors import EtlError
from etl.release import publish
from etl.release.cells.plan import Family, Grain
from etl.release.spark import master as masters
from tests.release.support import Mart, counting, home_with, made_up_people
from tests.release.test_spark import published, spark, twin

pytest.importorskip("pyspark")
pytest.importorskip("sqlglot")
pytest.importorskip("grpc")

from etl.release.spark import connect, engine, faults, patience, session
from tests.release import spark_places

__all__ = ["spark"]  # a fixture
#: What a keeper may call a folder, and Spark could take for a pattern or an escape.
NAME = "county [2] {a,b} *å%20"


@pytest.fixture(scope="module")
def two_families() -> Iterator[None]:
    """A catalog of which Spark is done at once: what several families need is tried with `local[2]`."""
    catalog = load_catalog()
    person = replace(catalog.subjects["person"], core=("form", "gender"), detail=())
    referral = replace(catalog.subjects["referral"], core=("decision",), detail=())
    subjects = MappingProxyType({"person": person, "referral": referral})
    with counting(replace(catalog, subjects=subjects, sha256="two families")):
        yield


@pytest.fixture(scope="module")
def by_duckdb(tmp_path_factory: pytest.TempPathFactory, two_families: None) -> tuple[Home, bytes]:
    """A home of which nothing is released, and what DuckDB makes of it."""
    folder = tmp_path_factory.mktemp("clusters")
    home = home_with(folder / "home", Mart(made_up_people(400)))
    released = twin(home, folder / "released")
    assert publish(released, "public").cells_shown["person"] > 300
    return home, published(released)


@contextmanager
def ending_in_the_middle(home: Home, place: spark_places.Place) -> Iterator[None]:
    """End a part of Spark when the first cells of the first subject are on the disk."""
    is_over = threading.Event()
    folder = home.restricted / "release-aside" / "spark"

    def watch() -> None:
        while not is_over.wait(0.02):
            if list(folder.glob("*/grains-*/_SUCCESS")):
                place.end()
                return

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield
    finally:
        is_over.set()
        thread.join()


def refused_in_the_middle(home: Home, place: spark_places.Place, master: str) -> str:
    """Release on a Spark of which a part ends; return the refusal. Nothing else may have come of it."""
    kept = sorted(path.name for path in home.restricted.iterdir())
    with ending_in_the_middle(home, place), pytest.raises(EtlError) as raised:
        publish(home, "public", spark=master)
    assert place.process.returncode == -9, f"it ended before the middle: {raised.value}"
    assert "The last release is unchanged." in raised.value.message
    assert f"--master '{master}'" in raised.value.next_step
    assert sorted(path.name for path in home.restricted.iterdir()) == kept
    assert not home.release("public").exists()
    return raised.value.message


@pytest.mark.usefixtures("spark", "two_families")
def test_a_cluster_makes_the_same_bytes_and_its_only_worker_may_die(
    tmp_path: Path, by_duckdb: tuple[Home, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    home, expected = by_duckdb
    # Another Spark that the keeper's shell names is not the one that was asked for.
    monkeypatch.setenv("SPARK_REMOTE", "sc://127.0.0.1:1")
    with spark_places.ended(spark_places.master(tmp_path / "master")) as cluster:
        with spark_places.ended(spark_places.worker(cluster, tmp_path / "worker")) as worker:
            good = twin(home, tmp_path / NAME)
            publish(good, "public", spark=cluster.address)
            assert published(good) == expected
            monkeypatch.setattr(patience, "WORKER_SECONDS", 15)
            told = refused_in_the_middle(twin(home, tmp_path / "bad"), worker, cluster.address)
            assert "for 15 seconds no worker took what was left to do" in told
        monkeypatch.setattr(patience, "MEET_SECONDS", 4)
        with pytest.raises(EtlError, match="has no worker for us: none took a job within 4 seconds"):
            publish(good, "public", spark=cluster.address)
    assert published(good) == expected


@pytest.mark.usefixtures("spark", "two_families")
def test_a_server_of_connect_makes_the_same_bytes_and_may_go_away(
    tmp_path: Path, by_duckdb: tuple[Home, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    home, expected = by_duckdb
    # As where there is no Java: the server has it.
    monkeypatch.setattr(masters, "_require_java", lambda _: pytest.fail("Java is not needed here"))
    with spark_places.ended(spark_places.server(tmp_path / "server")) as place:
        good = twin(home, tmp_path / NAME)
        publish(good, "public", spark=place.address)
        assert published(good) == expected
        monkeypatch.setattr(connect, "MAX_RETRIES", 2)
        told = refused_in_the_middle(twin(home, tmp_path / "bad"), place, place.address)
        assert "the server is gone" in told


def test_who_listens_and_is_no_spark_is_told_in_time(
    tmp_path: Path, by_duckdb: tuple[Home, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(masters, "REACH_SECONDS", 1)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"sc://127.0.0.1:{silent.getsockname()[1]}/;token=of-the-hub"
        with pytest.raises(EtlError, match=r"is no server of Spark Connect") as raised:
            publish(twin(by_duckdb[0], tmp_path / "home"), "public", spark=address)
    assert "of-the-hub" not in str(raised.value), "a message is pasted into e-mails"


def test_a_server_of_another_version_is_refused() -> None:
    with pytest.raises(EtlError, match=r"is version 3\.5\.1; this environment has PySpark 4"):
        connect.refuse_other_version("3.5.1", "sc://hub:15002")


def test_a_server_that_would_keep_something_is_refused_with_how_to_start_it() -> None:
    told = {"spark.ui.enabled": "false", "spark.eventLog.enabled": "true"}
    server = SimpleNamespace(conf=SimpleNamespace(get=told.get))
    with pytest.raises(EtlError, match="would keep or show something") as raised:
        connect.refuse_what_stays(server, "sc://hub:15002")
    assert "--conf spark.eventLog.enabled=false --conf spark.io.encryption.enabled=true" in str(raised.value)
    told |= {"spark.eventLog.enabled": "false", "spark.io.encryption.enabled": "TRUE"}
    connect.refuse_what_stays(server, "sc://hub:15002")


def test_a_worker_that_writes_elsewhere_is_told_before_anything_is_counted(tmp_path: Path) -> None:
    """What a worker writes to a disk of its own does not arrive, and Spark says that all is well."""
    text = SimpleNamespace(write=SimpleNamespace(text=lambda _: None))
    elsewhere = SimpleNamespace(
        conf=SimpleNamespace(set=lambda *_: None), read=SimpleNamespace(text=lambda _: text)
    )
    with (
        pytest.MonkeyPatch.context() as patch,
        pytest.raises(EtlError, match="did not arrive here") as raised,
    ):
        patch.setattr(
            session, "_started", lambda *_: session.Running(elsewhere, patience.always, lambda: None)
        )
        with session.session_at("spark://hub:7077", tmp_path):
            pytest.fail("nothing is counted")
    assert "must see that folder under this path" in raised.value.next_step


@pytest.mark.parametrize("multi", [(), ("form",), ("form", "sector")])
def test_cells_that_did_not_come_back_are_missed(multi: tuple[str, ...], tmp_path: Path) -> None:
    """Also of tables by two dimensions with several codes, though the records are not joined here."""
    tables = (GroupingSet("year", None, multi), GroupingSet("year", 1, multi))
    family = Family(multi, {Grain("year", True, multi): tables})
    with duckdb.connect() as connection:
        run = connection.execute
        run("CREATE TABLE records AS SELECT range AS id, 9000 + range AS record_key FROM range(50)")
        run("CREATE TABLE attribute_form AS SELECT id, unnest(range(1 + id % 3)) AS form FROM records")
        run("CREATE TABLE attribute_sector AS SELECT id, unnest(range(1 + id % 2)) AS sector FROM records")
        joins = " ".join(f"JOIN attribute_{kind} USING (id)" for kind in multi)
        run(f"CREATE TABLE cell AS SELECT 1 AS n, record_key AS key_sum, id FROM records {joins}")
        for table in range(len(tables)):
            run(f"COPY cell TO '{tmp_path}/part-{table}.parquet'")
        assert not engine.is_whole(connection, family, tmp_path), "Spark did not say that it was done"
        (tmp_path / "_SUCCESS").touch()
        assert engine.is_whole(connection, family, tmp_path)
        run(f"COPY (SELECT * FROM cell WHERE id <> 7) TO '{tmp_path}/part-1.parquet'")
        assert not engine.is_whole(connection, family, tmp_path)


def test_waiting_ends_and_work_does_not_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "LOOK_SECONDS", 0.01)
    never, looks = threading.Event(), iter([True, True, False] * 20)
    with pytest.raises(patience.NothingHappensError):
        patience.in_time(never.wait, 0.05)
    # Who is at work may take longer than anybody would wait for nothing.
    done = threading.Event()

    def is_waiting() -> bool:
        waits = next(looks, None)
        if waits is None:
            done.set()
        return bool(waits)

    assert patience.in_time(done.wait, 0.2, is_waiting)
    with pytest.raises(ZeroDivisionError):
        patience.in_time(lambda: 1 // 0, 1)


def test_connect_tells_work_that_nobody_took() -> None:
    watch, stage = connect.Watch(), SimpleNamespace(num_tasks=4, num_completed_tasks=1)
    assert not watch.is_waiting()
    watch(stages=[stage], inflight_tasks=0, operation_id="a", done=False)
    assert watch.is_waiting()
    watch(stages=[stage], inflight_tasks=1, operation_id="a", done=False)
    assert not watch.is_waiting()
    watch(stages=[stage], inflight_tasks=0, operation_id="a", done=True)
    assert not watch.is_waiting()


def test_an_error_is_told_by_what_it_means_and_not_by_its_text() -> None:
    class RowError(Exception):
        def getCondition(self) -> str:  # noqa: N802 - as PySpark calls it
            return "FAILED_READ_FILE.NO_HINT"

    told = faults.words(RowError("Jane Doe"))
    assert told == "a worker could not read a file (FAILED_READ_FILE.NO_HINT)"
