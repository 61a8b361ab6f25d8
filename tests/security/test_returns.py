"""A return is exact: nothing of it may reach a release, an export or the app."""

import ast
import io
import shutil
import tomllib
import zipfile
from pathlib import Path

import pytest

from analysis import load_catalog, open_release
from analysis.catalog.load import CATALOG_FOLDER
from analysis.cli import main as analysis_main
from etl.returns.page import BANNER, STAMP
from tests.etl.made_home import CommandLine, Deliverer, command_line, person_row, snapshot
from tests.etl.made_topics import AS_OF
from tests.support import PROJECT

PEOPLE = 180


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> CommandLine:
    """A home of made-up people with its release, and a return that was made after it."""
    folder = tmp_path_factory.mktemp("returns")
    run, give = command_line(folder / "home"), Deliverer(folder)
    rows = [person_row(number, f"2025-{1 + number % 12:02d}") for number in range(PEOPLE)]
    for files in (give.areas(), give.persons("people", "2025-01", "2025-12", rows)):
        done = run.load(files, "--as-of", AS_OF.isoformat())
        assert done.code == 0, done.err
    assert run("release").code == 0
    return run


def published(run: CommandLine) -> dict[str, bytes]:
    return snapshot(run.home.root / "release")


def test_a_return_changes_no_file_of_a_release_and_no_new_release(home: CommandLine, tmp_path: Path) -> None:
    before = published(home)
    done = home("return", "doj_task_force", "--period", "2025-H1")
    assert done.code == 0 and done.values["filled"], done.err
    assert published(home) == before
    made_again = command_line(tmp_path / "again")
    shutil.copytree(home.home.root / "restricted", made_again.home.root / "restricted")
    assert made_again("release").code == 0
    # The archive says when a release was made; what it holds is the same.
    new, old = (
        {name: content for name, content in files.items() if "archive/" not in name or ".json" not in name}
        for files in (published(made_again), before)
    )
    assert new == old, "a release made after the return is the same"


EXPORTED = ("detected_persons", "confirmed_share")


def exported(run: CommandLine, folder: Path) -> dict[str, bytes]:
    """What a reader takes away of the release."""
    folder.mkdir()
    for measure in EXPORTED:
        words = ["answer", "--measure", measure, "--by", "period", "--format", "csv"]
        code = analysis_main(
            [
                *words,
                "--release",
                str(run.home.release("public")),
                "--package",
                str(folder / f"{measure}.zip"),
            ]
        )
        assert code == 0
    return snapshot(folder)


def test_no_export_changes_or_holds_anything_of_a_return(home: CommandLine, tmp_path: Path) -> None:
    shutil.rmtree(home.home.restricted / "returns", ignore_errors=True)
    before = exported(home, tmp_path / "before")
    assert home("return", "doj_task_force", "--period", "2025-H1").code == 0
    assert exported(home, tmp_path / "after") == before and len(before) == len(EXPORTED)
    for content in before.values():
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            for name in package.namelist():
                inside = package.read(name)
                assert b"doj_task_force" not in inside and STAMP.encode() not in inside, name


def test_no_file_of_a_release_says_anything_of_a_return(home: CommandLine) -> None:
    home("return", "doj_task_force", "--period", "2025-H1")
    for name, content in published(home).items():
        for word in (STAMP, BANNER, "doj_task_force", "people_identified/confirmed", "returns"):
            assert word.encode() not in content, f"{name} holds {word}"


def test_the_app_opens_nothing_that_knows_of_returns(home: CommandLine) -> None:
    """Not in the catalog that answers are made of; a change of a return changes no hash that is published."""
    catalog = load_catalog()
    returns = {path.stem for path in (CATALOG_FOLDER / "returns").glob("*.toml")}
    assert returns and not returns & {
        *catalog.measures,
        *catalog.derived,
        *catalog.registers,
        *catalog.sources,
    }
    release = open_release(home.home.release("public"))
    assert release.manifest.catalog_sha256 == catalog.sha256


def test_another_return_is_no_other_catalog(tmp_path: Path) -> None:
    shutil.copytree(CATALOG_FOLDER, tmp_path / "catalog")
    own = tmp_path / "catalog" / "returns" / "county.toml"
    own.write_text(
        (CATALOG_FOLDER / "returns" / "doj_task_force.toml").read_text("utf-8") + "# ours\n", "utf-8"
    )
    assert load_catalog(tmp_path / "catalog").sha256 == load_catalog().sha256


def test_only_the_command_knows_the_room_of_returns() -> None:
    for layer in ("analysis", "ui", "pages", "etl"):
        for path in (PROJECT / layer).rglob("*.py"):
            inside = path.is_relative_to(PROJECT / "etl" / "returns")
            if inside or path == PROJECT / "etl" / "commands" / "returns.py":
                continue
            names = {
                node.module or ""
                for node in ast.walk(ast.parse(path.read_text("utf-8")))
                if isinstance(node, ast.ImportFrom)
            }
            assert not any(name.startswith("etl.returns") for name in names), path


def test_a_return_reads_the_warehouse_and_no_door() -> None:
    """It neither asks the release for numbers nor writes where the release job does."""
    for path in (PROJECT / "etl" / "returns").rglob("*.py"):
        text = path.read_text("utf-8")
        assert "etl.release" not in text and "home.frozen" not in text, path
        assert "read_only=False" not in text, path


def test_a_return_asks_for_no_person(home: CommandLine) -> None:
    """Totals only: no list of people, and no reference or key of one in any cell of any sheet."""
    done = home("return", "doj_task_force", "--period", "2025-H1")
    content = Path(done.values["file"]).with_suffix(".json").read_text("utf-8")
    keys = {key for (key,) in home.query("SELECT person_key FROM stage.person")}
    assert len(keys) == PEOPLE and not any(key in content for key in keys)
    for path in (CATALOG_FOLDER / "returns").glob("*.toml"):
        values = tomllib.loads(path.read_text("utf-8"))
        blocks = [block for sheet in values["sheet"] for block in sheet.get("block", [])]
        assert all(
            {"person_key", "area_code"}.isdisjoint({block.get("by"), block.get("apart")}) for block in blocks
        )
