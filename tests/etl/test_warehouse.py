"""The warehouse is changed aside and swapped in whole: kills, full disks, two writers, rollback, modes."""

import os
import select
import shutil
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from etl.config import PRIVATE_FILE, PRIVATE_FOLDER, home_at, secret, secure
from etl.errors import EtlError
from etl.mart import steps
from etl.store import threads, warehouse
from tests.etl.made_home import CommandLine, Deliverer, command_line, snapshot
from tests.support import PROJECT

pytestmark = pytest.mark.command
PATIENCE_SECONDS = 120

# A load that stops at the worst moment, says so, and waits for its end.
STOPPED_LOAD = """
import sys
from importlib import import_module
from etl.cli import main
room = import_module("{module}")
real = room.{function}
def stop(*given, **named):
    result = real(*given, **named) if {after} else None
    print("stopped", flush=True)
    sys.stdin.read()
    return result
room.{function} = stop
sys.exit(main(sys.argv[1:]))
"""
# Moments of a load: rows are in, the mart is not made; all is made, not swapped in; just before the rename.
MOMENTS = (
    ("etl.mart.steps", "rebuild", False),
    ("etl.mart.meta", "write", True),
    ("etl.store.warehouse", "write_manifest", False),
)


@pytest.fixture(scope="module")
def quarter_home(areas_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with areas and one quarter, made once; tests copy it."""
    folder = tmp_path_factory.mktemp("quarter")
    shutil.copytree(areas_home, folder / "home")
    assert command_line(folder / "home").load(Deliverer(folder).quarter("q1", 2025, 1, 12)).code == 0
    return folder / "home"


@pytest.fixture
def run(run: CommandLine, quarter_home: Path) -> CommandLine:
    shutil.copytree(quarter_home, run.home.root)
    return run


def started(
    run: CommandLine, files: tuple[Path, Path], moment: tuple[str, str, bool]
) -> subprocess.Popen[str]:
    """Start a load in a process of its own and return once it has stopped at the moment."""
    module, function, after = moment
    script = STOPPED_LOAD.format(module=module, function=function, after=after)
    words = [
        "load",
        str(files[0]),
        "--source",
        "own",
        "--mapping",
        str(files[1]),
        "--home",
        str(run.home.root),
    ]
    process = subprocess.Popen(
        [sys.executable, "-c", script, *words],
        cwd=PROJECT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    ready, _, _ = select.select([process.stdout], [], [], PATIENCE_SECONDS)
    assert ready, "the load did not come so far"
    assert process.stdout.readline() == "stopped\n", process.stderr.read() if process.stderr else ""
    return process


@pytest.fixture
def stopped(
    run: CommandLine, give: Deliverer, request: pytest.FixtureRequest
) -> Iterator[subprocess.Popen[str]]:
    """A load of the second quarter, stopped at a moment."""
    moment = getattr(request, "param", MOMENTS[0])
    process = started(run, give.quarter("q2", 2025, 2, 15, start=100), moment)
    yield process
    process.kill()
    process.communicate()


@pytest.mark.parametrize("stopped", MOMENTS, indirect=True, ids=lambda moment: moment[1])
def test_a_killed_load_leaves_the_last_warehouse(
    run: CommandLine, give: Deliverer, stopped: subprocess.Popen[str]
) -> None:
    current = warehouse.current(run.home)
    held = current.read_bytes()
    stopped.send_signal(signal.SIGKILL)
    assert stopped.wait(PATIENCE_SECONDS) == -signal.SIGKILL
    assert warehouse.current(run.home) == current
    assert current.read_bytes() == held
    assert run.query("SELECT count(*) FROM mart.person") == [(12,)]
    left = [path.name for path in run.home.restricted.glob("*-3*")]
    assert left, "the killed load was at work on a file of its own"
    done = run.load(give.quarter("q2", 2025, 2, 15, start=100))
    assert done.code == 0, "the lock of a killed process is free again"
    assert run.query("SELECT count(*) FROM mart.person") == [(27,)]
    assert not list(run.home.restricted.glob("*.wal"))
    assert not list(run.home.restricted.glob("*.tmp"))


def test_a_reader_sees_the_last_warehouse_while_a_load_runs(
    run: CommandLine, stopped: subprocess.Popen[str]
) -> None:
    assert run.query("SELECT count(*) FROM mart.person") == [(12,)]
    assert run("status").values["warehouse"]["version"] == 2


def test_a_second_load_says_that_another_runs(
    run: CommandLine, give: Deliverer, stopped: subprocess.Popen[str]
) -> None:
    before = snapshot(run.home.root)
    for words in (["rollback"], ["release"], ["build", "--demo"]):
        assert run(*words).code == 3
    second = run.load(give.quarter("q3", 2025, 3, 4, start=300))
    assert second.code == 3
    assert "Another load is running" in second.values["error"]
    assert "--wait" in second.values["next_step"]
    assert snapshot(run.home.root) == before


def test_a_waiting_load_goes_on_when_the_first_has_ended(
    run: CommandLine, give: Deliverer, stopped: subprocess.Popen[str]
) -> None:
    data, mapping = give.quarter("q3", 2025, 3, 4, start=300)
    words = ["load", data, "--source", "own", "--mapping", mapping, "--home", run.home.root, "--wait"]
    with subprocess.Popen(
        [sys.executable, "-m", "etl", *map(str, words)], cwd=PROJECT, stdout=subprocess.PIPE, text=True
    ) as waiting:
        assert waiting.poll() is None
        stopped.communicate("go on", timeout=PATIENCE_SECONDS)
        assert stopped.returncode == 0
        waiting.communicate(timeout=PATIENCE_SECONDS)
        assert waiting.returncode == 0
    assert run.query("SELECT count(*) FROM mart.person") == [(12 + 15 + 4,)]


@pytest.mark.skipif(os.name == "nt", reason="file size limits are a POSIX matter")
def test_a_full_disk_leaves_all_as_it_was(run: CommandLine, give: Deliverer) -> None:
    data, mapping = give.quarter("large", 2025, 2, 60_000, start=1000)
    before = snapshot(run.home.root)
    limit = warehouse.current(run.home).stat().st_size + 300_000
    script = (
        "import resource, sys; from etl.cli import main;"
        f"resource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, {limit}));"
        "sys.exit(main(sys.argv[1:]))"
    )
    words = ["load", data, "--source", "own", "--mapping", mapping, "--home", run.home.root]
    done = subprocess.run(
        [sys.executable, "-c", script, *map(str, words)],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1, done.stderr
    assert "could not be written" in done.stderr
    assert "Nothing was changed" in done.stderr
    assert "Traceback" not in done.stderr
    assert snapshot(run.home.root) == before


def test_an_exception_in_the_middle_leaves_all_as_it_was(
    run: CommandLine, give: Deliverer, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = snapshot(run.home.root)

    def fail(*given: object) -> None:
        raise RuntimeError("C00001 is a value of a record")

    monkeypatch.setattr("etl.mart.steps.rebuild", fail)
    done = run.load(give.quarter("q2", 2025, 2, 5))
    assert done.code == 1
    assert done.values["error"].startswith(
        "A defect in this program: RuntimeError at tests/etl/test_warehouse.py:"
    )
    assert "C00001" not in done.out + done.err
    assert snapshot(run.home.root) == before


@pytest.mark.parametrize(
    ("file", "right", "wrong", "rule"),
    [
        (
            "31_mart_person.sql",
            "FROM core.person\nLEFT JOIN",
            "FROM (FROM core.person LIMIT 3) AS person\nLEFT JOIN",
            "records and persons do not reconcile",
        ),
        (
            "31_mart_person.sql",
            "FROM core.person\nLEFT JOIN",
            "FROM (FROM core.person UNION ALL FROM core.person) AS person\nLEFT JOIN",
            "a person is there twice in one collection and year (12)",
        ),
        (
            "20_core_person.sql",
            "[source] AS source, form,",
            "[source] AS source, list_concat(form, form) AS form,",
            "a code is there twice for one person (4)",
        ),
    ],
)
def test_a_broken_rule_of_the_mart_is_not_swapped_in(
    file: str,
    right: str,
    wrong: str,
    rule: str,
    *,
    run: CommandLine,
    give: Deliverer,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    before = snapshot(run.home.root)
    folder = tmp_path / "sql"
    folder.mkdir()
    for path in steps.SQL.glob("*.sql"):
        text = path.read_text("utf-8")
        if path.name == file:
            assert right in text
            text = text.replace(right, wrong)
        (folder / path.name).write_text(text, "utf-8")
    monkeypatch.setattr(steps, "SQL", folder)
    done = run.load(give.quarter("q2", 2025, 2, 5))
    assert done.code == 1
    assert rule in done.values["error"]
    assert snapshot(run.home.root) == before


def test_five_versions_are_kept_and_no_more(run: CommandLine, give: Deliverer) -> None:
    for number in range(5):
        run.load(give.quarter(f"again {number}", 2025, 1, 10 + number))
    kept = sorted(path.name for path in run.home.restricted.glob("warehouse-*"))
    assert kept == [f"warehouse-{number}.duckdb" for number in (3, 4, 5, 6, 7)]
    assert run("status").values["warehouse"]["kept"] == [3, 4, 5, 6, 7]


def test_rollback_goes_back_step_by_step_and_stops(run: CommandLine, give: Deliverer) -> None:
    run.load(give.quarter("q2", 2025, 2, 15, start=100))
    assert run("rollback").values["version"] == 2
    assert run.query("SELECT count(*) FROM mart.person") == [(12,)]
    assert run("rollback").values["version"] == 1
    stopped = run("rollback")
    assert stopped.code == 1
    assert "no earlier warehouse" in stopped.values["error"]


def test_a_load_after_a_rollback_goes_back_to_where_it_started(run: CommandLine, give: Deliverer) -> None:
    run.load(give.quarter("q2", 2025, 2, 15, start=100))
    run("rollback")
    done = run.load(give.quarter("q2", 2025, 2, 7, start=100))
    assert done.values["version"] == 4
    assert run.query("SELECT count(*) FROM mart.person") == [(19,)]
    assert run("rollback").values["version"] == 2


def test_a_lost_file_is_told_and_rollback_cures_it(run: CommandLine) -> None:
    warehouse.current(run.home).unlink()
    lost = run("status")
    assert lost.code == 1
    assert "rollback" in lost.values["next_step"]
    assert run("rollback").values["version"] == 1
    assert run("status").code == 0


def test_a_damaged_manifest_is_told(run: CommandLine) -> None:
    (run.home.restricted / "manifest.json").write_text('{"format": 1, "curr', "utf-8")
    damaged = run("status")
    assert damaged.code == 1
    assert "manifest.json is damaged" in damaged.values["error"]


def test_records_can_be_read_by_nobody_else(run: CommandLine) -> None:
    folder = run.home.restricted
    assert stat.S_IMODE(folder.stat().st_mode) == PRIVATE_FOLDER
    names = {path.name for path in folder.iterdir()}
    assert {"secret", "lock", "manifest.json", "warehouse-1.duckdb", "warehouse-2.duckdb"} <= names
    for path in folder.iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == PRIVATE_FILE, path.name


def test_open_modes_are_repaired_and_told(run: CommandLine) -> None:
    run.home.restricted.chmod(0o755)
    (run.home.restricted / "secret").chmod(0o644)
    told = run("status").values["repaired"]
    assert len(told) == 2
    assert any("restricted had mode 0755" in text for text in told)
    assert stat.S_IMODE(run.home.restricted.stat().st_mode) == PRIVATE_FOLDER
    assert stat.S_IMODE((run.home.restricted / "secret").stat().st_mode) == PRIVATE_FILE
    assert run("status").values["repaired"] == []


def test_a_linked_restricted_folder_is_refused(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    home = tmp_path / "home"
    home.mkdir()
    (home / "restricted").symlink_to(elsewhere)
    with pytest.raises(EtlError, match="is a link"):
        secure(home_at(home))


def test_the_secret_is_made_once_and_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LTT_SECRET", raising=False)
    home = home_at(tmp_path / "home")
    first = secret(home, is_synthetic=False)
    assert len(first) == 32
    assert secret(home, is_synthetic=False) == first
    assert secret(home_at(tmp_path / "other"), is_synthetic=False) != first
    assert secret(home, is_synthetic=True) == secret(home_at(tmp_path / "other"), is_synthetic=True)
    monkeypatch.setenv("LTT_SECRET", "a secret of the environment")
    assert secret(home, is_synthetic=False) == b"a secret of the environment"
    monkeypatch.setenv("LTT_SECRET", "short")
    with pytest.raises(EtlError, match="shorter than 16 bytes") as caught:
        secret(home, is_synthetic=False)
    assert "short " not in caught.value.next_step


def test_a_damaged_secret_is_refused_not_replaced(tmp_path: Path) -> None:
    home = home_at(tmp_path / "home")
    secret(home, is_synthetic=False)
    (home.restricted / "secret").write_text("not hex", "ascii")
    with pytest.raises(EtlError, match="secret"):
        secret(home, is_synthetic=False)
    assert (home.restricted / "secret").read_text("ascii") == "not hex"


def test_a_lost_secret_is_not_made_anew_under_real_records(run: CommandLine, give: Deliverer) -> None:
    (run.home.restricted / "secret").unlink()
    before = snapshot(run.home.root)
    done = run.load(give.quarter("q2", 2025, 2, 5))
    assert done.code == 1
    assert "Restore" in done.values["next_step"]
    assert snapshot(run.home.root) == before


def test_another_secret_is_refused(
    run: CommandLine, give: Deliverer, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = snapshot(run.home.root)
    monkeypatch.setenv("LTT_SECRET", "a secret that keyed nothing so far")
    done = run.load(give.quarter("q2", 2025, 2, 5))
    assert done.code == 1
    assert "not the one that the loaded records were keyed with" in done.values["error"]
    assert "keyed nothing" not in done.out + done.err
    assert snapshot(run.home.root) == before


def test_a_warehouse_of_another_version_asks_to_be_built_again(run: CommandLine, give: Deliverer) -> None:
    path = run.home.restricted / "manifest.json"
    path.write_text(path.read_text("utf-8").replace('"format": 1', '"format": 99'), "utf-8")
    done = run.load(give.quarter("q2", 2025, 2, 5))
    assert done.code == 1
    assert "format 99" in done.values["error"]
    assert "python -m etl build" in done.values["next_step"]
    give.areas()
    (give.folder / "deployment.toml").write_text(
        '[[input]]\nfile = "areas.csv"\nsource = "own"\nmapping = "areas.toml"', "utf-8"
    )
    assert run("build", "--inputs", give.folder).code == 0
    assert run("status").values["warehouse"]["kept"] == [3]


@pytest.mark.parametrize(("rows", "left"), [(threads.FEW_ROWS, 1), (threads.FEW_ROWS + 1, 3)])
def test_few_rows_are_worked_on_by_one_thread(rows: int, left: int) -> None:
    with duckdb.connect(config={"threads": 3}) as connection:
        connection.execute("CREATE SCHEMA stage; CREATE TABLE beside AS FROM range(20_000)")
        connection.execute(
            f"CREATE TABLE stage.one AS FROM range({rows - 5}); CREATE TABLE stage.two AS FROM range(5)"
        )
        threads.fit_to_rows(connection, "stage")
        assert connection.execute("SELECT current_setting('threads')").fetchall() == [(left,)]
