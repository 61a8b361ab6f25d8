"""Build: the demonstration end to end, a folder of inputs, and the wall between made-up and real."""

import shutil
from pathlib import Path

import pytest

from etl.commands.build import has_release
from etl.config import DEFAULT_HOME, Deployment, home_at, read_deployment
from etl.errors import EtlError
from tests.demonstration import demonstration_home
from tests.etl.made_demonstration import drawn_and_built, in_another_process
from tests.etl.made_home import CommandLine, Deliverer, person_row, snapshot

PERSONS = "600"
DEPLOYMENT = """\
place = "Riverland"
home_country = "GB"
geography = "riverland"

[[input]]
file = "areas.csv"
source = "own"
mapping = "areas.toml"

[[input]]
file = "q1.csv"
source = "own"
mapping = "q1.toml"
"""


@pytest.fixture
def demo_run(run: CommandLine) -> CommandLine:
    """The command line, on a copy of the demonstration's home."""
    shutil.copytree(demonstration_home(), run.home.root, dirs_exist_ok=True)
    return run


def test_the_demonstration_is_built_to_its_release(demo_run: CommandLine) -> None:
    assert has_release(demo_run.home)
    state = demo_run("status").values
    assert state["warehouse"]["is_synthetic"] is True
    assert state["releases"]["public"]["synthetic"] is True
    assert state["warehouse"]["info"]["as_of"] == state["releases"]["public"]["as_of"]
    gaps = {one["source"]: one["months_not_reported"] for one in state["warehouse"]["coverage"]}
    assert sum(1 for gap in gaps.values() if gap) == 1, "one contributor has stopped reporting"
    assert not (demo_run.home.restricted / "secret").exists(), "the demonstration needs no secret of its own"


@pytest.mark.command
def test_the_demonstration_is_the_same_every_time(tmp_path: Path) -> None:
    """All that is drawn, and the release of a year of it: `make bench` builds the whole of it twice."""
    here = drawn_and_built(tmp_path / "one", is_whole=False)
    assert in_another_process(tmp_path / "other", is_whole=False) == here


def test_if_missing_builds_only_once(demo_run: CommandLine) -> None:
    before = snapshot(demo_run.home.root)
    told = demo_run("build", "--if-missing")
    assert told.code == 0
    assert told.values["changed"] is False
    assert snapshot(demo_run.home.root) == before
    manifest = demo_run.home.release("public") / "manifest.json"
    for file in manifest.parent.glob("*.duckdb"):
        file.unlink()
    assert not has_release(demo_run.home)


def test_real_records_start_a_fresh_warehouse(demo_run: CommandLine, give: Deliverer) -> None:
    told = demo_run.load(give.areas())
    assert told.code == 0
    assert "A fresh warehouse was started" in told.values["notes"][0]
    assert demo_run.query("SELECT count(*) FROM mart.person") == [(0,)]
    assert demo_run.query("SELECT value FROM meta.info WHERE key = 'is_synthetic'") == [("false",)]
    assert demo_run.query("SELECT value FROM meta.info WHERE key = 'place'") == []
    assert demo_run("rollback").values["version"] == 1
    assert demo_run("status").values["warehouse"]["is_synthetic"] is True


def test_made_up_records_are_never_added_to_real_ones(run: CommandLine, give: Deliverer) -> None:
    run.load(give.areas())
    before = snapshot(run.home.root)
    for told in (run("build", "--demo", "--persons", PERSONS), _load_made_up(run, give)):
        assert told.code == 1
        assert "made-up records are never added" in told.values["error"]
    assert snapshot(run.home.root) == before


def _load_made_up(run: CommandLine, give: Deliverer):  # type: ignore[no-untyped-def]
    give.synthetic = True
    return run.load(give.quarter("q1", 2025, 1, 5))


def test_one_run_does_not_mix_made_up_and_real(run: CommandLine, give: Deliverer) -> None:
    give.areas()
    give.synthetic = True
    give.quarter("q1", 2025, 1, 5)
    (give.folder / "deployment.toml").write_text(DEPLOYMENT, "utf-8")
    told = run("build", "--inputs", give.folder)
    assert told.code == 1
    assert "never share a warehouse" in told.values["error"]
    assert not (run.home.restricted / "manifest.json").exists()


def test_a_folder_of_inputs_is_built_and_released(run: CommandLine, give: Deliverer) -> None:
    give.areas()
    give.quarter("q1", 2025, 1, 60)
    (give.folder / "deployment.toml").write_text(DEPLOYMENT, "utf-8")
    told = run("build", "--inputs", give.folder)
    assert told.code == 0, told.out
    assert run("status").values["releases"]["public"]["place"] == "Riverland"
    info = dict(run.query("SELECT key, value FROM meta.info"))
    assert (info["home_country"], info["geography"]) == ("GB", "riverland")
    later = run.load(give.quarter("q2", 2025, 2, 5, start=100))
    assert later.code == 0
    assert dict(run.query("SELECT key, value FROM meta.info"))["home_country"] == "GB", "as it was built"


def test_a_second_build_says_what_it_leaves_out(run: CommandLine, give: Deliverer) -> None:
    give.areas()
    give.quarter("q1", 2025, 1, 30)
    (give.folder / "deployment.toml").write_text(DEPLOYMENT, "utf-8")
    run("build", "--inputs", give.folder)
    run.load(give.quarter("q2", 2025, 2, 5, start=100))
    told = run("build", "--inputs", give.folder)
    assert told.code == 0
    assert "q2.csv" in told.values["notes"][0]
    assert run.query("SELECT count(*) FROM mart.person") == [(30,)]


def test_areas_may_be_listed_after_the_records(run: CommandLine, give: Deliverer) -> None:
    give.areas()
    give.quarter("q1", 2025, 1, 30)
    head, areas, records = DEPLOYMENT.split("[[input]]")
    (give.folder / "deployment.toml").write_text(f"{head}[[input]]{records}\n[[input]]{areas}", "utf-8")
    assert run("build", "--inputs", give.folder).code == 0


def test_a_folder_that_is_not_recognised_says_what_to_write(run: CommandLine, give: Deliverer) -> None:
    give.quarter("q1", 2025, 1, 5)
    told = run("build", "--inputs", give.folder)
    assert told.code == 1
    assert "it is not clear how to read q1.csv" in told.values["error"]
    assert "[[input]]" in told.values["next_step"]
    assert "deployment.toml" in told.values["next_step"]


def test_an_empty_home_asks_for_inputs_and_builds_no_demonstration(run: CommandLine) -> None:
    run.home.root.mkdir()
    told = run("build")
    assert told.code == 1
    assert "no data file" in told.values["error"]
    assert not run.home.release("public").exists()
    assert run.home.root != DEFAULT_HOME


BAD_DEPLOYMENTS = {
    'place = "unfinished': "cannot be read",
    'plaec = "x"': "Did you mean 'place'?",
    "place = 3": "'place' is of the wrong type",
    'home_country = "usa"': "two capital letters",
    'as_of = "2025-01-01"': "'as_of' is of the wrong type",
    '[[input]]\nfile = "a.csv"': "'input[1].source' is missing",
    '[[input]]\nfile = "a.csv"\nsource = "own"\nsheet = "x"': "'input[1].sheet' is not a known key",
    '[[input]]\nfile = "../../etc/passwd"\nsource = "own"': "lies outside the folder",
    '[[input]]\nfile = "/etc/passwd"\nsource = "own"': "lies outside the folder",
    '[[input]]\nfile = "a.csv"\nsource = "own"\nmapping = "../m.toml"': "lies outside the folder",
    'input_folders = "x"': "'input_folders' is of the wrong type",
    'input = "x"': "[[input]]",
}


@pytest.mark.parametrize("text", BAD_DEPLOYMENTS)
def test_a_wrong_deployment_names_file_and_key(tmp_path: Path, text: str) -> None:
    (tmp_path / "deployment.toml").write_text(text, "utf-8")
    with pytest.raises(EtlError) as caught:
        read_deployment(tmp_path)
    assert str(tmp_path / "deployment.toml") in caught.value.message
    assert BAD_DEPLOYMENTS[text] in caught.value.message
    assert caught.value.next_step


def test_a_link_cannot_lead_an_input_out(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    (tmp_path / "outside.csv").write_text("a\n", "utf-8")
    (folder / "inside.csv").symlink_to(tmp_path / "outside.csv")
    (folder / "deployment.toml").write_text('[[input]]\nfile = "inside.csv"\nsource = "own"', "utf-8")
    with pytest.raises(EtlError, match="lies outside"):
        read_deployment(folder)
    allowed = f'input_folders = ["{tmp_path}"]\n[[input]]\nfile = "inside.csv"\nsource = "own"'
    (folder / "deployment.toml").write_text(allowed, "utf-8")
    assert read_deployment(folder).inputs[0].file == tmp_path / "outside.csv"


def test_without_a_deployment_everything_has_a_default(tmp_path: Path) -> None:
    assert read_deployment(tmp_path) == Deployment(folder=tmp_path)
    assert home_at(tmp_path).release("steward") == tmp_path / "restricted" / "steward"


def test_inputs_that_are_not_there_are_told(run: CommandLine, give: Deliverer) -> None:
    give.areas()
    (give.folder / "deployment.toml").write_text(DEPLOYMENT, "utf-8")
    told = run("build", "--inputs", give.folder)
    assert told.code == 1
    assert "q1.csv is not there" in told.values["error"]
    missing = run("build", "--inputs", give.folder / "nowhere")
    assert missing.code == 1
    assert "There is no folder" in missing.values["error"]


def test_a_later_correction_in_the_deployment_holds(run: CommandLine, give: Deliverer) -> None:
    give.areas()
    give.quarter("q1", 2025, 1, 30)
    give.persons("q1 corrected", "2025-01", "2025-03", [person_row(i, "2025-02") for i in range(20)])
    more = '\n[[input]]\nfile = "q1 corrected.csv"\nsource = "own"\nmapping = "q1 corrected.toml"\n'
    (give.folder / "deployment.toml").write_text(DEPLOYMENT + more, "utf-8")
    assert run("build", "--inputs", give.folder).code == 0
    assert run.query("SELECT count(*) FROM mart.person") == [(20,)]
