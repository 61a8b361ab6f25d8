"""The command line speaks plainly: help, JSON, exit codes, no traceback, no secret, no value of a record."""

import contextlib
import io
import json
import os
import pty
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from etl import sources
from etl.cli import main
from etl.commands import COMMANDS, texts
from etl.errors import EtlError
from etl.progress import Progress
from tests.etl.made_home import CommandLine, Deliverer, command_line, person_row, snapshot
from tests.support import PROJECT

pytestmark = pytest.mark.usefixtures("fewer_questions")


@pytest.fixture(scope="module")
def released_home(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A home with one quarter and its release, made once, and all that its commands said."""
    folder = tmp_path_factory.mktemp("released")
    give = Deliverer(folder / "inputs")
    give.folder.mkdir()
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        for data, mapping in (give.areas(), give.quarter("q1", 2025, 1, 40)):
            words = ["load", data, "--source", "own", "--mapping", mapping, "--home", folder / "home"]
            assert main(list(map(str, words))) == 0
        assert main(["release", "--home", str(folder / "home")]) == 0
    return folder / "home", said.getvalue()


@pytest.fixture
def released(released_home: tuple[Path, str], tmp_path: Path) -> CommandLine:
    """A copy of that home."""
    shutil.copytree(released_home[0], tmp_path / "released")
    return command_line(tmp_path / "released")


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(run: CommandLine, command: str) -> None:
    told = run.plain(command, "--help")
    assert told.code == 0
    assert "--json" in told.out
    assert COMMANDS[command].split(",")[0][:20] in told.out.replace("\n", " ")


def test_help_of_load_lists_every_source(run: CommandLine) -> None:
    told = run.plain("load", "--help").out
    for name, source in sources.available().items():
        assert name in told
        assert source.SUMMARY[:30] in told


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["bogus"],
        ["load"],
        ["load", "x.csv"],
        ["build", "--demo", "--inputs", "x"],
        ["release", "--profile", "everybody"],
        ["load", "x.csv", "--source", "own", "--as-of", "soon"],
    ],
)
def test_wrong_usage_is_exit_code_2(run: CommandLine, words: list[str]) -> None:
    told = run.plain(*words)
    assert told.code == 2
    assert "error:" in told.err


def test_the_made_up_region_is_not_made_of_its_first_years_alone(run: CommandLine) -> None:
    told = run.plain("build", "--demo", "--as-of", "2018-12-30")
    assert told.code == 2 and "Next: python -m etl build --demo --as-of 2018-12-31" in told.err


def test_an_unknown_source_names_the_known_ones(run: CommandLine, give: Deliverer) -> None:
    told = run("load", give.areas()[0], "--source", "fib")
    assert told.code == 1
    assert "fbi_offences" in told.values["error"]
    assert told.values["next_step"]


BAD_PATHS = {
    "missing.csv": "There is no file",
    "empty": "no data file",
    "only_notes": "no data file",
}


@pytest.mark.parametrize("name", BAD_PATHS)
def test_a_path_that_cannot_be_read_is_told(run: CommandLine, give: Deliverer, name: str) -> None:
    _, mapping = give.areas()
    (give.folder / "empty").mkdir()
    (give.folder / "only_notes").mkdir()
    (give.folder / "only_notes" / "README.md").write_text("notes", "utf-8")
    told = run("load", give.folder / name, "--source", "own", "--mapping", mapping)
    assert told.code == 1
    assert BAD_PATHS[name] in told.values["error"]
    assert not (run.home.root / "restricted" / "manifest.json").exists()


def test_a_mapping_that_is_a_folder_is_told(run: CommandLine, give: Deliverer) -> None:
    told = run("load", give.areas()[0], "--source", "own", "--mapping", give.folder)
    assert told.code == 1
    assert "is not a file" in told.values["error"]


def test_a_home_that_is_a_file_is_told(run: CommandLine, give: Deliverer) -> None:
    told = run.plain("status", "--json", "--home", give.areas()[0])
    assert told.code == 1
    assert "is a file; a folder is needed" in told.values["error"]


def test_a_home_that_no_database_can_be_written_in_is_refused_in_words(tmp_path: Path) -> None:
    told = command_line(tmp_path).plain("status", "--home", str(tmp_path / "why?" / "home"), "--json")
    assert told.code == 1 and "question mark" in told.values["error"]
    assert "--home FOLDER" in told.values["next_step"]


def test_a_link_out_of_a_folder_is_refused(run: CommandLine, give: Deliverer, tmp_path: Path) -> None:
    outside = tmp_path / "outside.csv"
    outside.write_text("a\n1\n", "utf-8")
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "inside.csv").symlink_to(outside)
    told = run("load", folder, "--source", "own", "--mapping", give.areas()[1])
    assert told.code == 1
    assert "leads out of its folder" in told.values["error"]


def test_records_of_areas_that_are_not_loaded_are_refused(run: CommandLine, give: Deliverer) -> None:
    told = run.load(give.quarter("q1", 2025, 1, 5))
    assert told.code == 1
    assert "geography 'riverland', which is not loaded" in told.values["error"]
    assert "--source boundaries" in told.values["next_step"]


def test_errors_go_to_stderr_without_a_traceback(run: CommandLine, give: Deliverer) -> None:
    told = run("load", give.folder / "missing.csv", "--source", "own", as_json=False)
    assert told.code == 1
    assert told.out == ""
    assert told.err.startswith("There is no file")
    assert "\nNext: " in told.err
    assert "Traceback" not in told.err


def test_check_tells_and_loads_nothing(run: CommandLine, give: Deliverer) -> None:
    run.load(give.areas())
    before = snapshot(run.home.root)
    rows = [person_row(1, "2025-01"), person_row(2, "2025-01", age="300"), person_row(3, "2025-01", age="-4")]
    data, mapping = give.persons("p", "2025-01", "2025-01", rows)
    told = run("check", data, "--source", "own", "--mapping", mapping)
    assert told.code == 0
    assert told.values["changed"] is False
    (file,) = told.values["files"]
    assert file["load_id"] is None
    assert (file["rows_in"], file["rows_accepted"], file["rows_rejected"]) == (3, 1, 2)
    assert file["rejected"] == [
        {"table": "person", "rule": "above_maximum", "column": "age", "rows": 1, "lines": [3]},
        {"table": "person", "rule": "negative", "column": "age", "rows": 1, "lines": [4]},
    ]
    words = run("check", data, "--source", "own", "--mapping", mapping, as_json=False).out
    assert "1 × above_maximum in person.age" in words
    assert words.rstrip().endswith("Nothing was loaded.")
    assert snapshot(run.home.root) == before


def test_check_works_before_anything_is_loaded(run: CommandLine, give: Deliverer) -> None:
    data, mapping = give.areas()
    assert run("check", data, "--source", "own", "--mapping", mapping).code == 0
    assert not run.home.restricted.exists()


JSON_KEYS = {
    "load": {"command", "changed", "version", "files", "notes", "orphans", "exit_code", "seconds"},
    "status": {"command", "home", "warehouse", "repaired", "releases", "notes", "exit_code", "seconds"},
    "release": {
        *("command", "profile", "release_id", "file", "changed", "cells_shown", "newly_closed_months"),
        *("held", "revised", "texts_waiting", "texts_not_named", "notes", "exit_code", "seconds"),
    },
    "rollback": {"command", "changed", "version", "left", "exit_code", "seconds"},
}


def test_json_has_the_same_keys_for_scripts(released: CommandLine, give: Deliverer) -> None:
    told = released.load(give.quarter("q2", 2025, 2, 10, start=100))
    assert set(told.values) == JSON_KEYS["load"]
    assert told.err == "", "no progress with --json"
    (file,) = told.values["files"]
    assert set(file) == {
        *("file", "source", "load_id", "status", "period_from", "period_to", "rows_in", "rows_accepted"),
        *("rows_partly_accepted", "rows_rejected", "rows_left_out", "records_accepted", "records_rejected"),
        *("tables", "distinct", "rejected", "replaced_loads", "replaces", "notes", "look_again"),
        "held_already",
    }
    for command in ("status", "rollback", "release"):
        told = released(command)
        assert told.code == 0, told.out
        assert set(told.values) == JSON_KEYS[command]


def test_another_reporting_date_is_said_until_it_is_taken_over(released: CommandLine) -> None:
    assert released("status").values["notes"] == []
    (released.home.root / "deployment.toml").write_text("as_of = 2025-02-28\n", "utf-8")
    for command in ("status", "release"):
        assert (
            "as_of 2025-02-28, but the warehouse is as of 2025-03-31" in released(command, as_json=False).out
        )
        [note] = released(command).values["notes"]
        assert "next load or build" in note


def test_status_of_an_empty_home_is_no_error(run: CommandLine) -> None:
    empty = run("status")
    assert empty.code == 0
    assert empty.values["warehouse"] is None
    assert "build --demo" in run("status", as_json=False).out


def test_status_tells_loads_hash_and_coverage(released: CommandLine) -> None:
    state = released("status").values["warehouse"]
    load = next(one for one in state["loads"] if one["source_id"] == "shelter")
    assert len(load["sha256"]) == 64
    assert (load["period_from"], load["period_to"], load["status"]) == ("2025-01", "2025-03", "current")
    assert state["coverage"] == [
        {
            "collection": "register",
            "source": "shelter",
            "first_reported": "2025-01",
            "last_reported": "2025-03",
            "months_not_reported": 0,
        }
    ]
    words = released("status", as_json=False).out
    assert load["sha256"][:12] in words
    assert "register, shelter: 2025-01 to 2025-03" in words


def test_status_lists_rejected_rows_by_place_and_rule_and_never_their_value(
    run: CommandLine, give: Deliverer
) -> None:
    run.load(give.areas())
    rows = [person_row(1, "2025-01"), person_row(2, "2025-01", age="31337")]
    run.load(give.persons("p", "2025-01", "2025-01", rows))
    assert "rejected" not in run("status").values["warehouse"]
    told = run("status", "--rejected")
    assert told.values["warehouse"]["rejected"] == [
        {
            "load_id": 3,
            "table_name": "person",
            "part": 1,
            "line": 3,
            "rule": "above_maximum",
            "column_name": "age",
        }
    ]
    assert "31337" not in told.out
    assert "load 3, line 3: above_maximum in person.age" in run("status", "--rejected", as_json=False).out


def test_the_secret_is_in_its_own_file_only(released: CommandLine, released_home: tuple[Path, str]) -> None:
    text = (released.home.restricted / "secret").read_text("ascii")
    assert text not in released_home[1]
    for name, content in snapshot(released.home.root).items():
        if name != "restricted/secret":
            assert text.encode() not in content, name
            assert bytes.fromhex(text) not in content, name


def test_a_secret_of_the_environment_is_never_printed_or_stored(
    run: CommandLine, give: Deliverer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LTT_SECRET", "an unmistakable secret")
    told = [run.load(give.areas()), run.load(give.quarter("q1", 2025, 1, 40)), run("status")]
    for one in told:
        assert one.code == 0
        assert "unmistakable" not in one.out + one.err
    for name, content in snapshot(run.home.root).items():
        assert b"unmistakable" not in content, name
        assert b"an unmistakable secret".hex().encode() not in content, name


def test_no_raw_reference_reaches_the_home(released: CommandLine, released_home: tuple[Path, str]) -> None:
    assert "C00012" not in released_home[1]
    for name, content in snapshot(released.home.root).items():
        assert b"C00012" not in content, name


def test_progress_is_drawn_for_people_only(capsys: pytest.CaptureFixture[str]) -> None:
    silent = Progress()
    silent.start("one")
    silent.finish()
    assert capsys.readouterr().err == ""
    assert [timing.step for timing in silent.timings] == ["one"]
    shown = Progress(is_shown=True, total=2)
    shown.start("one")
    shown.start("two")
    shown.finish()
    drawn = capsys.readouterr().err
    assert "1/2 one" in drawn
    assert "2/2 two" in drawn
    assert drawn.endswith("\r\033[2K")


@pytest.mark.command
@pytest.mark.skipif(os.name == "nt", reason="needs a pseudo-terminal")
def test_progress_shows_on_a_terminal(run: CommandLine, give: Deliverer) -> None:
    data, mapping = give.areas()
    words = ["load", data, "--source", "own", "--mapping", mapping, "--home", run.home.root]
    ours, theirs = pty.openpty()
    done = subprocess.run(
        [sys.executable, "-m", "etl", *map(str, words)],
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        stderr=theirs,
        check=False,
    )
    os.close(theirs)
    drawn = os.read(ours, 65536).decode()
    os.close(ours)
    assert done.returncode == 0
    assert "Read areas.csv" in drawn
    assert b"Read areas.csv" not in done.stdout


def test_template_writes_a_sheet_and_its_mapping(run: CommandLine, tmp_path: Path) -> None:
    told = run.plain("template", "person", "--out", tmp_path / "person.xlsx", "--json")
    assert told.code == 0, told.out
    assert Path(told.values["file"]).is_file()
    assert Path(told.values["mapping"]).is_file()
    unknown = run.plain("template", "persn", "--out", tmp_path / "x.xlsx", "--json")
    assert unknown.code == 1
    assert "person" in unknown.values["error"]


def test_a_sample_loads_with_the_mapping_beside_it(run: CommandLine, tmp_path: Path) -> None:
    told = run.plain("sample", "--rows", 300, "--seed", 7, "--out", tmp_path / "s.csv", "--json")
    assert told.code == 0, told.out
    done = run.load((Path(told.values["file"]), Path(told.values["mapping"])))
    assert done.code == 0, done.out
    assert run.query("SELECT count(*) FROM mart.person") == [(300,)]
    assert run("status").values["warehouse"]["is_synthetic"] is True


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_the_command_that_a_sample_names_next_can_be_given(
    run: CommandLine, tmp_path: Path, ending: str
) -> None:
    def next_of(told: str) -> list[str]:
        return told.partition("Next")[2].partition("python -m etl ")[2].split()

    words = next_of(run.plain("sample", "--rows", 40, "--seed", 3, "--out", tmp_path / f"s.{ending}").out)
    if ending == "parquet":  # is not read: the same people are written again
        assert words[0] == "sample"
        words = next_of(run.plain(*words).out)
    done = run.plain(*[str(run.home.root) if word == "DIR" else word for word in words])
    assert done.code == 0, done.err
    assert run.query("SELECT count(*) FROM mart.person") == [(40,)]


def test_json_of_an_error_has_its_own_keys(run: CommandLine) -> None:
    told = run("rollback")
    assert told.code == 1
    assert set(told.values) == {"command", "error", "next_step", "exit_code"}
    assert json.loads(told.out)["exit_code"] == 1


def test_a_file_is_what_its_name_says(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A mapping is TOML and a list of texts is plain text; refused before anything is read or written."""
    assert main(["map", "people.csv", "--out", str(tmp_path / "people.xlsx"), "--home", str(tmp_path)]) == 1
    assert "does not end in .toml" in capsys.readouterr().err
    with pytest.raises(EtlError, match="plain text"):
        texts._write([], tmp_path / "texts.xlsx")
    assert not list(tmp_path.iterdir())
