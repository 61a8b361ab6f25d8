"""A home that is damaged, copied, lost or run with a wrong clock: each ends in a sentence and a way back."""

import errno
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from analysis import Catalog
from etl.config import Home, home_at, secret
from etl.release import publish
from etl.store import confirmed, released, warehouse
from tests.etl.made_home import CommandLine, Deliverer, command_line, snapshot
from tests.support import PROJECT

PEOPLE = "SELECT count(*) FROM mart.person"


@pytest.fixture(scope="module")
def released_home(
    areas_home: Path, fewer_questions: Catalog, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """A home of two versions with a release, made once; tests copy it."""
    folder = tmp_path_factory.mktemp("kept")
    shutil.copytree(areas_home, folder / "home")
    assert command_line(folder / "home").load(Deliverer(folder).quarter("q1", 2025, 1, 60)).code == 0
    publish(home_at(folder / "home"), "public")
    return folder / "home"


@pytest.fixture
def kept(run: CommandLine, released_home: Path) -> CommandLine:
    """The command line, on a home of two versions with a release."""
    shutil.copytree(released_home, run.home.root)
    return run


def manifest(run: CommandLine) -> Path:
    return run.home.restricted / "manifest.json"


@pytest.mark.parametrize("content", [None, "", "{", '{"format": 1}', "[]"])
def test_a_lost_or_cut_manifest_never_costs_a_warehouse(
    kept: CommandLine, give: Deliverer, content: str | None
) -> None:
    before = kept.query(PEOPLE)
    if content is None:
        manifest(kept).unlink()
    else:
        manifest(kept).write_text(content, "utf-8")
    whole = {path.name for path in kept.home.restricted.glob("warehouse-*")}
    for done in (
        kept.load(give.quarter("q2", 2025, 2, 30)),
        kept("status"),
        kept("release"),
        kept("rollback"),
    ):
        assert done.code == 1
        assert "verify --repair" in done.values["next_step"]
    assert {path.name for path in kept.home.restricted.glob("warehouse-*")} == whole
    assert kept("verify", "--repair").code == 0
    assert kept.query(PEOPLE) == before
    assert kept.load(give.quarter("q2", 2025, 2, 30)).code == 0


def test_a_whole_manifest_is_not_repaired(kept: CommandLine) -> None:
    before = snapshot(kept.home.root)
    done = kept("verify", "--repair")
    assert (done.code, "nothing to repair" in done.values["error"]) == (1, True)
    assert snapshot(kept.home.root) == before


def test_verify_names_what_is_damaged_and_the_command_that_helps(kept: CommandLine) -> None:
    assert kept("verify").code == 0
    current = warehouse.current(home_at(kept.home.root))
    whole = current.read_bytes()
    current.write_bytes(whole[:-4096] + bytes(255 - byte for byte in whole[-4096:]))
    done = kept("verify")
    assert (done.code, current.name in done.values["error"]) == (1, True)
    assert "rollback" in done.values["next_step"]
    current.write_bytes(b"nothing of the kind")
    broken = kept("status")
    assert (broken.code, "damaged" in broken.values["error"]) == (1, True)
    assert "defect in this program" not in broken.values["error"]
    current.write_bytes(whole)
    [release] = kept.home.release("public").glob("release-*.duckdb")
    index = release.with_suffix(".index")
    whole = index.read_bytes()
    index.write_bytes(whole[:-1])
    done = kept("verify")
    assert index.name in done.values["error"] and "release --profile public" in done.values["next_step"]
    index.write_bytes(whole)
    release.write_bytes(b"cut")
    done = kept("verify")
    assert "release --profile public" in done.values["next_step"]
    assert kept("release").code == 0
    assert kept("verify").code == 0


def test_a_copy_brings_everything_back(kept: CommandLine, give: Deliverer, tmp_path: Path) -> None:
    copy, before = tmp_path / "copy", snapshot(kept.home.root)
    done = kept("backup", copy)
    assert done.code == 0, done.out
    assert copy.stat().st_mode & 0o077 == 0
    assert kept.load(give.quarter("q2", 2025, 2, 30)).code == 0
    refused = kept("restore", copy)
    assert (refused.code, "--replace" in refused.values["next_step"]) == (1, True)
    done = kept("restore", copy, "--replace", as_json=False)
    assert (done.code, "restricted.before; it holds records" in done.out) == (0, True)
    back = {
        name: content
        for name, content in snapshot(kept.home.root).items()
        if not name.startswith("restricted.before/")
    }
    assert back == before
    assert kept("verify").code == 0
    elsewhere = command_line(tmp_path / "elsewhere")
    assert elsewhere("restore", copy).code == 0
    assert elsewhere.query(PEOPLE) == kept.query(PEOPLE)
    assert elsewhere.load(give.quarter("q3", 2025, 3, 30)).code == 0, "the secret came along"


@pytest.mark.parametrize("what", ["inside", "full", "file"])
def test_a_copy_goes_to_an_empty_folder_elsewhere(kept: CommandLine, tmp_path: Path, what: str) -> None:
    folder = {"inside": kept.home.root / "copy", "full": tmp_path, "file": tmp_path / "file"}[what]
    (tmp_path / "file").write_text("x", "utf-8")
    before = snapshot(kept.home.root)
    assert kept("backup", folder).code == 1
    assert snapshot(kept.home.root) == before


def test_a_damaged_copy_is_not_brought_back(kept: CommandLine, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    assert kept("backup", copy).code == 0
    [release] = (copy / "release" / "public").glob("*.duckdb")
    release.write_bytes(b"cut")
    before = snapshot(kept.home.root)
    done = kept("restore", copy, "--replace")
    assert (done.code, "damaged" in done.values["error"]) == (1, True)
    assert snapshot(kept.home.root) == before
    listed = json.loads((copy / "backup.json").read_text("utf-8"))
    listed["files"]["../outside"] = "0"
    (copy / "backup.json").write_text(json.dumps(listed), "utf-8")
    assert kept("restore", copy, "--replace").code == 1


def test_nothing_starts_over_beside_a_secret_or_frozen_months(kept: CommandLine, give: Deliverer) -> None:
    for path in [*kept.home.restricted.glob("warehouse-*"), manifest(kept)]:
        path.unlink()
    before = snapshot(kept.home.root)
    for done in (kept("build", "--demo", "--persons", 50), kept.load(give.quarter("q1", 2025, 1, 60))):
        assert done.code == 1
        assert "real records" in done.values["error"]
    assert snapshot(kept.home.root) == before
    (kept.home.restricted / "secret").unlink()
    done = kept.load(give.quarter("q1", 2025, 1, 60))
    assert done.code == 1
    assert not (kept.home.restricted / "secret").exists(), "no new secret beside frozen months"


def test_a_clock_that_is_set_back_costs_no_release(kept: CommandLine, give: Deliverer) -> None:
    """Files keep the time at which they were written; the order of releases is not read from it."""
    folder = kept.home.release("public")
    for path in folder.glob("release-*.duckdb"):
        os.utime(path, (4e9, 4e9))  # the year 2096: as if the clock had been right only until then
    for number in range(2, 7):  # one more than are kept
        assert kept.load(give.quarter(f"n{number}", 2025, 1, 60 + number)).code == 0
        assert kept("release").code == 0
        says = json.loads((folder / "manifest.json").read_text("utf-8"))
        assert (folder / says["file"]).is_file()
        for path in folder.glob("release-*.duckdb"):
            os.utime(path, (4e9 - number, 4e9 - number))
    assert len(list(folder.glob("release-*.duckdb"))) <= 5
    assert set(says["kept"]) == {path.name for path in folder.glob("release-*.duckdb")}


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_may_not_be_written_is_told_as_what_it_is(kept: CommandLine, give: Deliverer) -> None:
    kept.home.restricted.chmod(0o500)
    try:
        done = kept.load(give.quarter("q2", 2025, 2, 30))
    finally:
        kept.home.restricted.chmod(0o700)
    assert done.code == 1
    assert "Free space" not in done.values["next_step"]


@pytest.mark.parametrize("command", ["status", "release", "load", "verify", "backup", "rollback", "unfreeze"])
@pytest.mark.skipif(os.geteuid() != 0, reason="only root can work as another user")
def test_another_user_is_told_whose_folder_it_is(
    kept: CommandLine, give: Deliverer, tmp_path: Path, command: str
) -> None:
    """The restricted folder belongs to its keeper (0700); somebody else runs the command."""
    for folder in [tmp_path, *tmp_path.parents][:-2]:
        folder.chmod(folder.stat().st_mode | 0o055)
    data, mapping = give.quarter("q2", 2025, 2, 30)
    words = {
        "load": [str(data), "--source", "own", "--mapping", str(mapping)],
        "backup": [str(tmp_path / "copy")],
        "unfreeze": ["2025-01"],
    }
    try:
        done = subprocess.run(
            [sys.executable, "-m", "etl", command, *words.get(command, []), "--home", str(kept.home.root)],
            user="nobody",
            cwd=PROJECT,
            capture_output=True,
            text=True,
            check=False,
        )
    except PermissionError:
        pytest.skip("another user may not run this project's Python")
    assert done.returncode == 1, done.stdout
    assert "defect" not in done.stderr and "Traceback" not in done.stderr
    assert "Permission denied" in done.stderr
    assert "Work as the user to whom" in done.stderr


@pytest.mark.parametrize(
    ("number", "cure"),
    [
        (errno.EIO, "cloud or network drive"),
        (errno.ESTALE, "cloud or network drive"),
        (errno.ENOSPC, "Free space"),
        (errno.EROFS, "Work as the user"),
    ],
)
@pytest.mark.parametrize("place", ["etl.store.warehouse.parse_manifest", "etl.commands.status.home_at"])
def test_faults_of_the_surroundings_are_told_as_such(
    kept: CommandLine, monkeypatch: pytest.MonkeyPatch, number: int, cure: str, place: str
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number), "/drive/restricted/manifest.json")

    monkeypatch.setattr(place, fail)
    done = kept("status")
    assert done.code == 1
    assert os.strerror(number) in done.values["error"] and "defect" not in done.values["error"]
    assert cure in done.values["next_step"]


def test_what_a_killed_run_left_aside_is_removed_and_kept_versions_are_not(
    kept: CommandLine, give: Deliverer
) -> None:
    aside = kept.home.restricted / "aside-9.duckdb"
    shutil.copyfile(warehouse.current(home_at(kept.home.root)), aside)
    assert kept.load(give.quarter("q2", 2025, 2, 30)).code == 0
    assert not aside.exists()
    assert len(list(kept.home.restricted.glob("warehouse-*.duckdb"))) == 3


def spans(home: Home) -> dict[tuple[str, str], object]:
    found = released.stored(home.released(is_synthetic=False))
    assert found is not None
    return dict(found.spans)


def test_what_was_released_after_a_copy_stays_released_when_the_copy_comes_back(
    kept: CommandLine, give: Deliverer, tmp_path: Path
) -> None:
    home = home_at(kept.home.root)
    copy = tmp_path / "copy"
    assert kept("backup", copy).code == 0
    assert kept.load(give.quarter("q2", 2025, 2, 60, 100)).code == 0
    assert kept("release").code == 0
    frozen, known = home.frozen(False).read_bytes(), spans(home)
    assert kept("restore", copy, "--replace").code == 0
    assert (home.frozen(False).read_bytes(), spans(home)) == (frozen, known)
    changed = give.quarter("q2b", 2025, 2, 66, 100)
    assert kept.load(changed).code == 0
    done = kept("release")
    assert done.code == 0, done.values
    assert done.values["newly_closed_months"] == {}, "they had closed, with other records"


@pytest.mark.parametrize("harm", ["gone", "damaged", "of an earlier day"])
def test_frozen_records_that_are_not_as_released_are_never_made_anew(
    kept: CommandLine, give: Deliverer, tmp_path: Path, harm: str
) -> None:
    home = home_at(kept.home.root)
    frozen = home.frozen(False)
    early = frozen.read_bytes()
    assert kept.load(give.quarter("q2", 2025, 2, 60, 100)).code == 0
    assert kept("release").code == 0
    if harm == "gone":
        frozen.unlink()
    elif harm == "damaged":
        content = bytearray(frozen.read_bytes())
        content[len(content) // 3 : len(content) // 3 + 4_000] = b"x" * 4_000
        frozen.write_bytes(content)
    else:
        frozen.write_bytes(early)
        record = released.stored(home.released(False))
        assert record is not None
        record.frozen = []  # as a record of an earlier version has none
        released.write(home, False, record)
    shutil.move(home.release("public"), tmp_path / "on the web server")
    for command in (["release"], ["unfreeze", "2025-01"], ["release", "--profile", "partner"]):
        done = kept(*command)
        assert done.code == 1
        assert "restore" in done.values["next_step"] or "taken back" in done.values["error"], done.values
        assert "defect" not in done.values["error"]
    if harm != "of an earlier day":
        assert kept("verify").code == 1


@pytest.mark.parametrize("content", [None, "{}", "{"])
def test_a_lost_manifest_of_a_release_does_not_hide_what_was_published(
    kept: CommandLine, give: Deliverer, content: str | None
) -> None:
    home = home_at(kept.home.root)
    manifest_ = home.release("public") / "manifest.json"
    before = json.loads(manifest_.read_text("utf-8"))["release_id"]
    manifest_.unlink() if content is None else manifest_.write_text(content, "utf-8")
    assert kept("verify").code == 1
    assert kept("release").code == 0
    assert json.loads(manifest_.read_text("utf-8"))["release_id"] == before


@pytest.mark.parametrize("command", ["backup", "restore"])
def test_a_full_disk_leaves_a_home_as_it_was_and_names_where_space_is_short(
    kept: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    copy = tmp_path / "copy"
    if command == "restore":
        assert kept("backup", copy).code == 0
    before = snapshot(kept.home.root)
    real, number = shutil.copyfile, iter(range(100))

    def full(source: Path, target: Path) -> None:
        if next(number) == 2:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(source))
        real(source, target)

    monkeypatch.setattr("etl.store.keeping.shutil.copyfile", full)
    done = kept(command, copy, *(["--replace"] if command == "restore" else []))
    assert done.code == 1
    where = str(copy if command == "backup" else kept.home.root)
    assert where in done.values["next_step"] and "Free space" in done.values["next_step"]
    assert snapshot(kept.home.root) == before
    monkeypatch.undo()
    assert kept(command, copy, *(["--replace"] if command == "restore" else [])).code == 0


def test_confirmed_texts_are_checked_and_copied(kept: CommandLine, tmp_path: Path) -> None:
    key = secret(kept.home, is_synthetic=False)
    assert confirmed.add(kept.home, key, ["Repair the roof of the office"]) == 1
    assert kept("verify").code == 0
    assert kept("backup", str(tmp_path / "copy")).code == 0
    file = kept.home.restricted / confirmed.FILE
    before = file.read_bytes()
    assert (tmp_path / "copy" / "restricted" / confirmed.FILE).read_bytes() == before
    file.write_bytes(before[:20])
    done = kept("verify")
    assert done.code == 1
    assert confirmed.FILE in done.out + done.err and "etl texts" in done.out + done.err
    assert kept("restore", str(tmp_path / "copy"), "--replace").code == 0
    assert confirmed.read(kept.home) == {confirmed.mark_of(key, "Repair the roof of the office")}


def test_verify_looks_at_the_secret_and_at_what_was_released(kept: CommandLine) -> None:
    home = home_at(kept.home.root)
    for path in (home.restricted / "secret", home.released(False)):
        whole = path.read_bytes()
        path.write_bytes(whole[:9])
        done = kept("verify")
        assert done.code == 1 and path.name in done.values["error"]
        path.write_bytes(whole)
    assert kept("verify").code == 0


def upside_down(content: bytes, first: float, part: float) -> bytes:
    """Return a file of which a part is not what was written."""
    begin = int(len(content) * first)
    end = begin + max(1, int(len(content) * part))
    return content[:begin] + bytes(255 - byte for byte in content[begin:end]) + content[end:]


DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "cut": lambda content: content[: len(content) // 2],
    "one block": lambda content: upside_down(content, 0.5, 0.0001),
    "late": lambda content: upside_down(content, 0.8, 0.15),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_warehouse_is_named_by_every_command_and_never_goes_on(
    kept: CommandLine, give: Deliverer, tmp_path: Path, damage: str
) -> None:
    current = warehouse.current(home_at(kept.home.root))
    current.write_bytes(DAMAGES[damage](current.read_bytes()))
    file = give.quarter("q2", 2025, 2, 30)
    reading = [file[0], "--source", "own", "--mapping", file[1]]
    commands: list[list[object]] = [["status"], ["release"], ["release", "--profile", "steward"]]
    commands += [["check", *reading], ["load", *reading], ["unfreeze", "2025-01"]]
    for words in [*commands, ["backup", tmp_path / "copy"], ["verify"]]:
        done = kept(*words)
        assert done.code == 1, words
        assert f"restricted/{current.name}" in done.values["error"]
        assert "damaged: its content is not what was written" in done.values["error"]
        assert done.values["next_step"].startswith("python -m etl rollback")
    assert kept("rollback").code == 0
    assert kept.load(give.quarter("q1", 2025, 1, 60)).code == 0
    assert kept("verify").code == 1, "the damaged version is still kept, and named"
    assert kept("release").code == 0
    lost = kept("rollback", "--to", current.stem.removeprefix("warehouse-"))
    assert (lost.code, "damaged" in lost.values["error"]) == (1, True)


def test_where_no_version_is_whole_a_copy_or_the_inputs_bring_the_records_back(
    kept: CommandLine, give: Deliverer
) -> None:
    for path in kept.home.restricted.glob("warehouse-*.duckdb"):
        path.write_bytes(b"nothing of the kind")
    done = kept("status")
    assert "restore FOLDER --replace" in done.values["next_step"]
    assert "build it again: python -m etl build" in done.values["next_step"]
    give.areas()
    give.quarter("q1", 2025, 1, 60)
    shutil.copytree(give.folder, kept.home.root, dirs_exist_ok=True)
    (kept.home.root / "deployment.toml").write_text(DEPLOYMENT, "utf-8")
    built = kept("build")
    assert built.code == 0, built.values
    assert kept.query(PEOPLE) == [(60,)]


DEPLOYMENT = """\
place = "Riverland"
[[input]]
file = "areas.csv"
source = "own"
mapping = "areas.toml"
[[input]]
file = "q1.csv"
source = "own"
mapping = "q1.toml"
"""


def test_a_rollback_can_be_undone(kept: CommandLine) -> None:
    before = kept.query(PEOPLE)
    done = kept("rollback", as_json=False)
    assert "to have it back: python -m etl rollback --to 2" in done.out
    assert kept.query(PEOPLE) == [(0,)]
    assert kept("rollback", "--to", "2").code == 0
    assert kept.query(PEOPLE) == before
    nowhere = kept("rollback", "--to", "9")
    assert (nowhere.code, "kept: 1, 2" in nowhere.values["error"]) == (1, True)


@pytest.mark.parametrize("has_lock", [True, False])
def test_a_home_that_may_only_be_read_is_checked_and_copied(
    kept: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, has_lock: bool
) -> None:
    lock, opened = kept.home.restricted / "lock", os.open
    if not has_lock:
        lock.unlink()

    def read_only(path: object, flags: int, *more: int, **others: int) -> int:
        if flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT) and str(path).startswith(str(kept.home.root)):
            raise OSError(errno.EROFS, os.strerror(errno.EROFS), str(path))
        return opened(path, flags, *more, **others)  # type: ignore[arg-type]

    with monkeypatch.context() as disk:
        disk.setattr(os, "open", read_only)
        assert kept("verify").code == 0
        assert kept("backup", tmp_path / "copy").code == 0
        told = kept("rollback")
        assert (told.code, "Read-only file system" in told.values["error"]) == (1, True)
    assert lock.exists() == has_lock
    assert command_line(tmp_path / "elsewhere")("restore", tmp_path / "copy").code == 0


@pytest.mark.parametrize("damage", DAMAGES)
def test_damaged_frozen_records_of_made_up_people_are_named_too(
    run: CommandLine, tmp_path: Path, damage: str
) -> None:
    (tmp_path / "made_up").mkdir()
    give = Deliverer(tmp_path / "made_up", synthetic=True)
    assert run.load(give.areas()).code == 0
    assert run.load(give.quarter("q1", 2025, 1, 60)).code == 0
    assert run("release").code == 0
    frozen = run.home.frozen(is_synthetic=True)
    frozen.write_bytes(DAMAGES[damage](frozen.read_bytes()))
    for words in (["release"], ["verify"], ["unfreeze", "2025-01"]):
        done = run(*words)
        assert (done.code, f"{frozen.name} is damaged" in done.values["error"]) == (1, True), words
    assert "build --demo" in run("release").values["next_step"]
    frozen.unlink()
    assert run("release").code == 0, "of made-up people they may start anew"
