"""A release out of releases: what is added, what is refused with a sentence, and that nothing is mixed."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from analysis import Question, answer, load_catalog, open_release
from analysis.release.manifest import read_manifest
from etl.commands import NEED_RECORDS
from etl.hub import parts as reading
from etl.hub import run as hub_run
from tests.counties import COUNTIES, PLACE, counties, hub_home, write_county
from tests.etl.made_home import Ran, command_line, snapshot

PUBLIC = "release/public"


FEW = "DELETE FROM observation WHERE period_level <> 'year'; " + "".join(
    f"DELETE FROM cell_{code} WHERE coalesce({', '.join((*one.dimensions, 'NULL', 'NULL'))}) IS NOT NULL; "
    for code, one in load_catalog().subjects.items()
)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A hub of two counties with few cells, and their releases; nothing may be written there."""
    folder = tmp_path_factory.mktemp("small")
    for county in COUNTIES[:2]:
        write_county(folder / "given" / county.code, replace(county, changes=FEW))
    assert State(folder, folder).hub("TM", "KV").code == 0
    return folder


@pytest.fixture
def state(small: Path, tmp_path: Path) -> "State":
    """The same, in a folder that the test may write in."""
    shutil.copytree(small / "given", tmp_path / "given")
    shutil.copytree(small / "state", tmp_path / "state")
    return State(tmp_path, small / "given")


class State:
    """A hub and the folders that it is made of."""

    def __init__(self, root: Path, origin: Path) -> None:
        self.given, self.home, self.origin = root / "given", root / "state", origin

    def publish(self, changes: str, name: str = "KV", last: str = "2025-12") -> None:
        """Let the second county publish another release."""
        county = replace(COUNTIES[1], size=1, changes=changes, last=last)
        write_county(self.given / name, county, self.origin / "KV")

    def hub(self, *names: str, more: tuple[str, ...] = ("--place", PLACE)) -> Ran:
        folders = [self.given / name for name in names]
        return command_line(self.home).plain("hub", *folders, "--out", self.home, *more, "--json")

    @property
    def release_id(self) -> str:
        return read_manifest(self.home / PUBLIC).release_id

    def refused(self, *names: str, more: tuple[str, ...] = ("--place", PLACE)) -> str:
        """Make the hub, which must be refused and change nothing; return the sentence."""
        before = snapshot(self.home)
        ran = self.hub(*names, more=more)
        assert ran.code in (1, 2), ran.out
        assert snapshot(self.home) == before
        assert ran.values["next_step"]
        return str(ran.values["error"])


def total(folder: Path, **filters: object) -> tuple[float | None, int, int]:
    """Return people identified in 2023 with how many of how many numbers are shown."""
    question = Question("detected_persons", periods=("2023", "2023"), **filters)
    [told] = answer([question], open_release(folder))
    return told.frame["value"][0], told.cells_shown, told.cells_total


def test_the_whole_is_the_sum_and_each_area_its_part() -> None:
    folder = hub_home() / PUBLIC
    parts = [total(one)[0] for one in counties()]
    assert total(folder) == (sum(part for part in parts if part), 3, 3)
    for county, part in zip(COUNTIES, parts, strict=True):
        assert total(folder, where={"area": county.code}) == (part, 1, 1)
        assert total(folder, where={"source": county.code}) == (part, 1, 1)


def test_a_task_force_in_the_area_of_another_is_no_hidden_number() -> None:
    question = Question("detected_persons", ("area", "source"), periods=("2023", "2023"), area_level=1)
    [told] = answer([question], open_release(hub_home() / PUBLIC))
    for area, source, value, marker in told.frame.select("area", "source", "value", "marker").rows():
        assert (value is not None, marker) == ((True, "") if area == source else (False, "z"))


def test_a_year_that_one_county_does_not_cover_is_at_least_and_has_no_rate_and_it_is_said() -> None:
    release = open_release(hub_home() / PUBLIC)
    asked = [
        Question(code, by=("period",), periods=("2024", "2025"), period_level="year")
        for code in ("detected_persons", "child_share", "detection_rate_per_100k")
    ]
    told = answer(asked, release)
    people, share, rate = (one.frame for one in told)
    assert people["cells_shown"].to_list() == [3, 2] and people["cells_total"].to_list() == [3, 3]
    assert rate["value"][0] is not None
    assert rate["value"][1] is None and rate["marker"][1] == "x"
    # A share is of those who are known; that one county is not among them is said beside it.
    assert None not in share["value"].to_list()
    for one in told:
        assert [(each.label, each.missing, each.months) for each in one.coverage] == [
            (COUNTIES[2].place, 12, 24)
        ]


def test_the_interval_of_a_sum_holds_the_noise_of_each_county() -> None:
    release = open_release(hub_home() / PUBLIC)
    [told] = answer([Question("detected_persons", periods=("2023", "2023"))], release)
    value, lower, upper = (told.frame[name][0] for name in ("value", "lower", "upper"))
    chance = value**0.5 * 1.96
    assert upper - value >= (chance**2 + 3 * release.v * 1.96**2) ** 0.5 - 1
    assert value - lower >= (chance**2 + 3 * release.v * 1.96**2) ** 0.5 - 2


def test_it_is_the_same_in_any_order_and_unchanged_when_made_again(state: State) -> None:
    first = state.release_id
    assert state.hub("KV", "TM").values["changed"] is False
    assert state.hub(more=()).values["changed"] is False  # it remembers of what it is made
    assert state.release_id == first


def test_a_revision_of_a_county_takes_the_place_of_what_it_said_before(state: State) -> None:
    before = total(state.home / PUBLIC)[0]
    register = "(SELECT collection, 'person', 2023, 1, '2026-01-15' FROM collection LIMIT 1)"
    revised = (
        f"UPDATE cell_person SET value = value + 7 WHERE period = '2023'; INSERT INTO revision {register}; "
    )
    state.publish(revised)
    first = state.release_id
    assert state.hub("TM", "KV").code == 0
    assert total(state.home / PUBLIC)[0] == (before or 0) + 7
    assert {one["release_id"] for one in command_line(state.home)("status").values["releases"].values()} == {
        state.release_id
    }
    assert (state.home / PUBLIC / "archive" / f"{first}.json").exists()


def test_numbers_that_change_without_a_revision_are_refused(
    state: State, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub_run, "is_synthetic", lambda parts: False)  # made-up numbers may become others
    assert state.hub("TM", "KV").code == 0
    state.publish("UPDATE cell_person SET value = value + 1; ")
    assert "other numbers than when it was last added" in state.refused("TM", "KV")


def test_real_and_made_up_figures_are_not_added(state: State) -> None:
    state.publish("UPDATE info SET value = 'false' WHERE key = 'synthetic'; ")
    assert "not of the same kind of records" in state.refused("TM", "KV")


def test_two_parts_that_would_count_somebody_twice_are_refused(state: State) -> None:
    shutil.copytree(state.given / "KV", state.given / "KV again")
    assert "same release" in state.refused("TM", "KV", "KV again")
    assert "given twice" in state.refused("TM", "KV", "KV")
    state.publish("DELETE FROM cell_tip; ", "KV newer")
    assert "cannot have one code" in state.refused("TM", "KV", "KV newer")
    inside = "UPDATE area SET code = 'TM1', parent = 'KV' WHERE code = 'KV1'; "
    state.publish(inside)
    assert "The area TM1 is in" in state.refused("TM", "KV")
    office = "UPDATE coverage SET source = 'tm_police' WHERE source = 'kv_police'; "
    state.publish(office)
    assert "The contributor tm_police reports to two parts" in state.refused("TM", "KV")
    assert state.hub("TM", "KV", more=("--place", PLACE, "--accept", "same-code")).code == 0


def test_a_release_made_by_other_rules_or_of_releases_is_refused(state: State) -> None:
    for key, value, words in (
        ("methods_version", "2", "another version of the rules of protection"),
        ("parameters_sha256", "0", "another version of the parameters of protection"),
        ("catalog_sha256", "0", "another version of the catalog"),
        ("hub", "3", "is a hub itself"),
    ):
        state.publish(f"DELETE FROM info WHERE key = '{key}'; INSERT INTO info VALUES ('{key}', '{value}'); ")
        assert words in state.refused("TM", "KV")


def test_other_numbers_tables_and_profiles_than_may_be_are_refused(state: State) -> None:
    state.publish("UPDATE cell_tip SET value = 4 WHERE value < 200; ")
    assert "not as a release is written" in state.refused("TM", "KV")
    manifest = state.given / "KV" / "manifest.json"
    said = json.loads(manifest.read_text("utf-8"))
    manifest.write_text(json.dumps({**said, "profile": "partner"}), "utf-8")
    assert "this hub is made of public ones" in state.refused("TM", "KV")
    manifest.write_text(json.dumps({**said, "format": 2}), "utf-8")
    assert "reads up to format 1" in state.refused("TM", "KV")
    with duckdb.connect(str(state.given / "KV" / said["file"])) as opened:
        opened.execute("CREATE VIEW secrets AS SELECT * FROM read_text('/etc/hostname')")
    manifest.write_text(json.dumps({**said, "sha256": "0" * 64}), "utf-8")
    assert "is damaged, or was replaced while it was copied" in state.refused("TM", "KV")
    sha256 = reading.warehouse.sha256(state.given / "KV" / said["file"])
    manifest.write_text(json.dumps({**said, "sha256": sha256}), "utf-8")
    assert "not as a release is written" in state.refused("TM", "KV")


def test_a_part_that_is_gone_withdrawn_or_older_leaves_the_last_good_state(state: State) -> None:
    folder = state.given / "KV"
    newest = read_manifest(folder).release_id
    mark = folder / "archive" / f"withdrawn-{newest}.json"
    mark.parent.mkdir()
    mark.write_text("{}", "utf-8")
    assert "was withdrawn by its task force" in state.refused("TM", "KV")
    older = "UPDATE info SET value = '2025-06-30' WHERE key = 'as_of'; "
    state.publish(older, last="2024-12")
    assert state.hub("TM", "KV").code == 0  # the newest was withdrawn: the one before it is offered
    mark.unlink()
    state.publish("UPDATE info SET value = '2024-12-31' WHERE key = 'as_of'; ", last="2023-12")
    assert "An older copy never takes the place of a newer one" in state.refused("TM", "KV")
    next(folder.glob("release-*.duckdb")).unlink()
    shutil.rmtree(folder)
    assert "manifest.json is missing" in state.refused("TM", "KV")


def test_a_part_that_is_swapped_while_it_is_copied_is_not_mixed(
    state: State, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = shutil.copyfile

    def swapped(source: Path, target: Path) -> None:
        if "KV" in str(source):
            source.write_bytes(b"another release arrives")
        copy(source, target)

    monkeypatch.setattr(reading.shutil, "copyfile", swapped)
    assert "replaced while it was copied" in state.refused("TM", "KV")


def test_what_needs_records_is_refused_in_a_hub(state: State) -> None:
    given = {
        "load": ("x.csv", "--source", "own"),
        "check": ("x.csv", "--source", "own"),
        "map": ("x.csv",),
        "unfreeze": ("2024-01",),
        "release": ("--revise", "2023"),
        "return": ("--list",),
    }
    for command in NEED_RECORDS:
        ran = command_line(state.home)(command, *given.get(command, ()))
        assert ran.code == 1, (command, ran.out, ran.err)
        assert "is a hub" in ran.values["error"] and "etl hub" in ran.values["next_step"]


def test_a_hub_has_no_secret_no_records_and_takes_no_home_of_records(state: State, tmp_path: Path) -> None:
    names = {path.name for path in (state.home / "restricted").iterdir()}
    assert names <= {"lock"}
    for command in ("status", "verify"):
        assert command_line(state.home)(command).code == 0
    assert command_line(state.home)("status").values["hub"] == [
        str(state.origin / name) for name in ("TM", "KV")
    ]
    home = tmp_path / "county"
    (home / "restricted").mkdir(parents=True)
    (home / "restricted" / "secret").write_text("00" * 32, "ascii")
    ran = command_line(home).plain(
        "hub", state.given / "TM", state.given / "KV", "--out", home, "--place", "X"
    )
    assert ran.code == 1 and "needs a folder of its own" in ran.err
    assert (
        "needs a name" in command_line(tmp_path / "new").plain("hub", "a", "b", "--out", tmp_path / "new").err
    )
    assert "two task forces or more" in state.refused("TM")
