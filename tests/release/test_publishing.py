"""Putting a release in place: all of it or nothing, whatever happens on the way."""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from analysis import Catalog, load_catalog
from etl.config import Home
from etl.errors import EtlError, UsageError
from etl.release import publish
from etl.release.profiles import Profile
from etl.release.publishing import swap as placing
from etl.release.publishing.schema import SOURCE_FILES, release_tables
from etl.release.publishing.verify import verify, verify_unchanged
from etl.release.publishing.writer_process import FIXED_IDENTIFIER, FormatError, fill, fix_identifier
from tests.release.support import Mart, home_with, made_up_people, manifest_of, release_file
from tests.support import PROJECT

PEOPLE = made_up_people(800, "2023-01", "2023-12", seed=21)
LATER = made_up_people(200, "2024-01", "2024-03", seed=22)
FIRST = Mart(PEOPLE, as_of="2023-12-31", reported=("2023-01", "2023-12"))
SECOND = Mart(PEOPLE + LATER, as_of="2024-03-31", reported=("2023-01", "2024-03"))


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory, catalog: Catalog) -> Path:
    folder = tmp_path_factory.mktemp("released")
    publish(home_with(folder, FIRST), "public")
    home_with(folder, SECOND)
    return folder


@pytest.fixture
def home(released: Path, tmp_path: Path) -> Home:
    """A home with a release, and a warehouse that is one quarter ahead of it."""
    return Home(shutil.copytree(released, tmp_path / "home"))


def state(home: Home) -> tuple[bytes, dict[str, object]]:
    return home.frozen(False).read_bytes(), manifest_of(home.release("public"))


KILLED_AT = """
import os, signal, sys
from etl.config import Home
from etl.release import run
from tests.release.support import small_catalog
run.load_catalog = small_catalog
setattr(run, sys.argv[2], lambda *given, **named: os.kill(os.getpid(), signal.SIGKILL))
run.publish(Home(__import__("pathlib").Path(sys.argv[1])), "public")
"""


@pytest.mark.command
@pytest.mark.skipif(os.name == "nt", reason="SIGKILL")
@pytest.mark.parametrize("step", ["write_release", "put_frozen", "put_release"])
def test_a_kill_leaves_a_whole_release_and_the_next_run_finishes(
    home: Home, tmp_path: Path, step: str
) -> None:
    untouched = Home(shutil.copytree(home.root, tmp_path / "untouched"))
    frozen, manifest = state(home)
    killed = subprocess.run([sys.executable, "-c", KILLED_AT, str(home.root), step], cwd=PROJECT, check=False)
    assert killed.returncode == -signal.SIGKILL
    assert manifest_of(home.release("public")) == manifest
    assert release_file(home.release("public")).is_file()
    assert (home.frozen(False).read_bytes() == frozen) == (step != "put_release")
    publish(home, "public")
    publish(untouched, "public")
    assert manifest_of(home.release("public")) == manifest_of(untouched.release("public"))
    assert not (home.restricted / "release-aside").exists()


@pytest.mark.parametrize("step", ["write_release", "put_frozen"])
def test_a_full_disk_is_told_in_words_and_changes_nothing(
    home: Home, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    def full(*given: object, **named: object) -> None:
        raise OSError(28, "No space left on device")

    before = state(home)
    monkeypatch.setattr(f"etl.release.run.{step}", full)
    with pytest.raises(EtlError, match="No space left on device") as raised:
        publish(home, "public")
    assert raised.value.next_step.startswith("Free space under")
    assert state(home) == before
    assert not (home.restricted / "release-aside").exists()


def test_numbers_that_would_change_without_a_revision_stop_the_release(home: Home) -> None:
    with duckdb.connect(str(home.frozen(False))) as connection:
        connection.execute("DELETE FROM person WHERE id % 2 = 0")
    home.released(False).unlink()  # which knows the file's hash, and would stop it first
    before = manifest_of(home.release("public"))
    with pytest.raises(EtlError, match="would change without a revision") as raised:
        publish(home, "public")
    assert "Restore restricted/frozen.duckdb" in raised.value.next_step
    assert manifest_of(home.release("public")) == before


def test_an_unknown_profile_is_wrong_usage(home: Home) -> None:
    with pytest.raises(UsageError, match="public, partner, steward"):
        publish(home, "everyone")


def test_a_home_without_a_warehouse_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(EtlError, match="no warehouse") as raised:
        publish(Home(tmp_path), "public")
    assert "python -m etl build" in raised.value.next_step


def test_the_last_five_files_are_kept(tmp_path: Path) -> None:
    profile = Profile("public", 10, True, 0)
    folder = tmp_path / "release" / "public"
    names: list[str] = []
    told: list[str] = []
    contents: list[bytes] = []
    for number in range(7):
        aside = tmp_path / "release.duckdb"
        with duckdb.connect(str(aside)) as connection:
            connection.execute(f"CREATE TABLE info AS SELECT {number} AS key, {number} AS value")
        contents.append(aside.read_bytes())
        release_id, is_new = placing.put_release(aside, folder, profile, {"as_of": "2024-01-01"}, told.append)
        names.append(f"release-{release_id}.duckdb")
        assert is_new
        assert manifest_of(folder)["file"] == names[-1]
    assert {path.name for path in folder.glob("*.duckdb")} == set(names[-5:])
    again = tmp_path / "release.duckdb"
    again.write_bytes(contents[3])
    _, is_new = placing.put_release(again, folder, profile, {"as_of": "2024-01-01"}, told.append)
    assert is_new and manifest_of(folder)["file"] == names[3]
    assert [f"release-{one}.duckdb" for one in told] == [*names, names[3]]


# --- the checks see what they are there for ---


@pytest.mark.parametrize(
    "damage, words",
    [
        ("ALTER TABLE cell_person ADD COLUMN true_count INTEGER", "other tables or columns"),
        ("CREATE TABLE extra (a INTEGER)", "other tables or columns"),
        ("DROP TABLE held", "other tables or columns"),
        ("UPDATE cell_person SET value = 9 WHERE rowid = 5", "breaks its protection"),
        ("INSERT INTO cell_person SELECT * FROM cell_person LIMIT 1", "breaks its protection"),
    ],
)
def test_a_damaged_release_is_not_published(
    released: Path, catalog: Catalog, tmp_path: Path, damage: str, words: str
) -> None:
    copy = Path(shutil.copy(release_file(released / "release" / "public"), tmp_path))
    tables, profile = release_tables(catalog) | SOURCE_FILES, Profile("public", 10, True, 0)
    assert verify(copy, tables, profile, 2)["person"] > 100
    with duckdb.connect(str(copy)) as connection:
        connection.execute(damage)
    with pytest.raises(EtlError, match=words):
        verify(copy, tables, profile, 2)


def test_a_changed_number_is_seen_and_a_revised_year_is_allowed(
    released: Path, catalog: Catalog, tmp_path: Path
) -> None:
    old = release_file(released / "release" / "public")
    new = Path(shutil.copy(old, tmp_path))
    tables = release_tables(catalog)
    verify_unchanged(new, old, tables)
    with duckdb.connect(str(new)) as connection:
        connection.execute("UPDATE cell_person SET value = value + 1 WHERE rowid = 7")
    with pytest.raises(EtlError, match="1 published numbers of cell_person"):
        verify_unchanged(new, old, tables)
    with duckdb.connect(str(new)) as connection:
        connection.execute("INSERT INTO revision VALUES ('own', 'person', 2023, 1, '2024-01-01')")
    verify_unchanged(new, old, tables)


def test_the_identifier_is_fixed_only_in_a_file_of_the_known_format(tmp_path: Path) -> None:
    (tmp_path / "tables.json").write_text('{"info": {"key": "VARCHAR"}}', "utf-8")
    duckdb.sql("SELECT 'a' AS key").write_parquet(str(tmp_path / "info.parquet"))
    file = tmp_path / "made.duckdb"
    fill(tmp_path / "tables.json", file)
    random_identifier = file.read_bytes()[124:140]
    fix_identifier(file)
    content = file.read_bytes()
    assert random_identifier not in content and content[124:140] == FIXED_IDENTIFIER
    with duckdb.connect(str(file), read_only=True) as connection:
        assert connection.execute("SELECT key FROM info").fetchall() == [("a",)]
    other = bytearray(content)
    other[200] ^= 1
    file.write_bytes(other)
    with pytest.raises(FormatError):
        fix_identifier(file)
    assert file.read_bytes() == bytes(other)


def test_parameters_are_those_of_the_catalog() -> None:
    protection = load_catalog().protection
    assert (protection.noise_d, protection.noise_v, protection.noise_js, protection.keys) == (5, 3.0, 2, 256)
    assert protection.threshold["public"] == 10
    # Below d + js a single person can be shown, and known to be one: tests/security/test_one_look.py.
    assert protection.threshold["partner"] >= protection.noise_d + protection.noise_js
