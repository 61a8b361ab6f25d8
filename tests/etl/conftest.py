"""What tests of the ETL may use: a home, one whose areas are loaded, and an office that sends sheets."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.etl import made_returns
from tests.etl.made_home import CommandLine, Deliverer, command_line
from tests.etl.made_topics import Office


@pytest.fixture(scope="session")
def areas_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the areas of Riverland and nothing else, made once; tests copy it."""
    folder = tmp_path_factory.mktemp("areas")
    done = command_line(folder / "home").load(Deliverer(folder).areas())
    assert done.code == 0, done.err
    return folder / "home"


@pytest.fixture
def give(tmp_path: Path) -> Deliverer:
    """What writes files, into a folder of its own."""
    folder = tmp_path / "inputs"
    folder.mkdir()
    return Deliverer(folder)


@pytest.fixture
def run(tmp_path: Path) -> CommandLine:
    """The command line, on a home that is not there yet."""
    return command_line(tmp_path / "home")


@pytest.fixture
def run_with_areas(run: CommandLine, areas_home: Path) -> CommandLine:
    """The command line, on a home whose areas are loaded."""
    shutil.copytree(areas_home, run.home.root)
    return run


@pytest.fixture
def office(run_with_areas: CommandLine, give: Deliverer) -> Office:
    """An office that sends sheets to a home of its own."""
    return Office(run_with_areas, give.folder)


@pytest.fixture(scope="session")
def new_office(areas_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Office]:
    """What opens an office for a whole file: a fixture of the file sends the sheets, its tests only look."""

    def opened() -> Office:
        folder = tmp_path_factory.mktemp("office")
        shutil.copytree(areas_home, folder / "home")
        return Office(command_line(folder / "home"), folder)

    return opened


@pytest.fixture(scope="session")
def returns_office(new_office: Callable[[], Office]) -> Office:
    """A task force whose returns can be counted by hand; nothing may be written there."""
    office = new_office()
    made_returns.build(office)
    return office


@pytest.fixture
def returns_copy(returns_office: Office, tmp_path: Path) -> CommandLine:
    """The command line on a copy of that home."""
    shutil.copytree(returns_office.run.home.root, tmp_path / "home")
    return command_line(tmp_path / "home")
