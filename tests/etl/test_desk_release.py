"""Load, Release and History of the desk: once, whole or not at all, refused in the command's own words."""

import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from analysis import Catalog
from etl.commands import Outcome
from etl.commands.release import lines_of, values_of
from etl.config import PROJECT, Home
from etl.desk import drafts, jobs
from etl.desk.state import Checked, Desk
from etl.desk.steps import history, load, release
from etl.errors import EtlError
from etl.load.account import Account
from etl.load.check import Loaded
from etl.progress import Progress
from etl.release import ReleaseReport
from etl.release.preview import Topic, refuse_unexpected, release_id
from etl.store import released, warehouse
from etl.store.locking import exclusive
from tests.etl import kept_workbooks
from tests.etl.made_home import CommandLine, Deliverer, command_line, person_row, snapshot
from tests.etl.made_topics import Office
from tests.security.registers import publish_texts, send

PEOPLE = 60
GOOD = Checked((Loaded("year.csv", "shelter", rows=Account(accepted=PEOPLE)),))
OWNER = "Advocate Pilar Sotomayor"
MONTHS = [f"2025-{month:02d}" for month in range(1, 13)]


def _step(name: str, home: str) -> None:  # a script of its own: it brings what it needs
    """Run inside the app: draw one step for a session."""
    import importlib  # noqa: PLC0415
    from pathlib import Path  # noqa: PLC0415

    import streamlit as st  # noqa: PLC0415

    from etl.desk.state import Desk  # noqa: PLC0415

    if "desk" not in st.session_state:
        st.session_state.desk = Desk(Path(home))
    module = importlib.import_module(name)
    module.show(st.session_state.desk if name != "etl.desk.start" else Path(home))


class Session:
    """A window of the desk that shows one step."""

    def __init__(self, step: str, home: Path, desk: Desk | None = None) -> None:
        name = "etl.desk.start" if step == "start" else f"etl.desk.steps.{step}"
        self.app = AppTest.from_function(_step, kwargs={"name": name, "home": str(home)}, default_timeout=60)
        self.home = home
        if desk is not None:
            self.app.session_state["desk"] = desk
        self.look()

    def look(self) -> "Session":
        """Draw the step as it is now."""
        self.app.run()
        assert not self.app.exception
        return self

    def click(self, key: str) -> None:
        """Press a button, wait for the work that it began, and look."""
        self.app.button(key=key).click().run()
        job = jobs.newest(self.home)
        if job is not None:
            job.wait()
        self.look()

    def has(self, key: str) -> bool:
        """Tell whether a button is there to be pressed."""
        return any(one.key == key and not one.disabled for one in self.app.button)

    @property
    def words(self) -> str:
        """Everything that is written on the page, as it is shown."""
        kinds = (
            "markdown",
            "caption",
            "code",
            "error",
            "success",
            "warning",
            "checkbox",
            "button",
            "subheader",
        )
        said = [str(getattr(one, "value", "")) for kind in kinds for one in self.app.get(kind)]
        said += [str(one.label) for kind in ("checkbox", "button") for one in self.app.get(kind)]
        said += [one.value.to_string() for one in self.app.table]
        return "\n".join(said).replace("\\", "")


def desk_of(home: Path, file: Path, mapping: Path) -> Desk:
    """Return a session in which a file was checked."""
    desk = Desk(home)
    desk.take(file.name, file.read_bytes())
    desk.write(mapping.read_text("utf-8"))
    desk.checked = GOOD
    return desk


def said_by(run: CommandLine, *words: object) -> str:
    """Return what the command line says when it refuses."""
    done = run(*words, as_json=False)
    assert done.code, done.out
    return done.err.replace("\nNext: ", "\n\n**Next:** ").strip()


@pytest.fixture(scope="module")
def _few_questions(fewer_questions: Catalog) -> Catalog:
    return fewer_questions


@pytest.fixture(scope="module")
def office(areas_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Office:
    """A home with areas and one action, whose words nobody has confirmed."""
    folder = tmp_path_factory.mktemp("desk")
    shutil.copytree(areas_home, folder / "home")
    made = Office(command_line(folder / "home"), folder)
    publish_texts(made.run)
    assert made.run("place", "--name", "Riverland office", "--geography", "riverland").code == 0
    action = {"action": "visa", "title": "Drive to the hearing", "kind": "action", "opened_on": "2025-01-10"}
    send(made, "action", {**action, "owner_organisation": OWNER})
    return made


@pytest.fixture(scope="module")
def sheet(office: Office) -> tuple[Path, Path]:
    """A year of people, and its mapping."""
    rows = [person_row(number, MONTHS[number % 12]) for number in range(PEOPLE)]
    return Deliverer(office.folder).persons("year", MONTHS[0], MONTHS[-1], rows)


@pytest.fixture(scope="module")
def loaded(office: Office, sheet: tuple[Path, Path]) -> Session:
    """The window in which the file was loaded."""
    session = Session("load", office.run.home.root, desk_of(office.run.home.root, *sheet))
    session.click("load_begin")
    return session


@pytest.fixture(scope="module")
def looked(loaded: Session, office: Office, _few_questions: Catalog) -> Session:
    """A window in which the release was looked at."""
    session = Session("release", office.run.home.root)
    before = snapshot(session.home)
    session.click("release_look")
    assert snapshot(session.home) == before, "looking writes nothing"
    return session


@pytest.fixture(autouse=True)
def _nothing_runs_on() -> Iterator[None]:
    yield
    for job in list(jobs._jobs.values()):
        job.wait()


def test_an_empty_home_offers_three_ways_and_writes_nothing(tmp_path: Path) -> None:
    session = Session("start", tmp_path / "home")
    for words in ("Try the made-up region", "Start from an empty sheet", "Load ours"):
        assert words in session.words
    assert session.has("start_demonstration") and session.app.get("download_button")
    assert not (tmp_path / "home").exists()


def test_tabs_that_are_called_as_counties_are_areas_of_their_country(tmp_path: Path) -> None:
    book = kept_workbooks.by_county(tmp_path / "reports.xlsx")
    desk = Desk(tmp_path / "home")
    desk.take(book.name, book.read_bytes())
    assert not drafts.tabs_are_areas(desk, "us"), "one tab is read"
    desk.write('[file]\nsheets = "*"\nskip_sheets = ["Summary"]\n')
    assert drafts.tabs_are_areas(desk, "us") and not drafts.tabs_are_areas(desk, "uk")


def test_a_home_with_records_offers_no_made_up_region(areas_home: Path) -> None:
    assert not Session("start", areas_home).has("start_demonstration")


def test_what_is_refused_is_said_as_the_command_line_says_it_and_kept(
    office: Office, sheet: tuple[Path, Path]
) -> None:
    home = office.run.home
    session = Session("load", home.root, desk_of(home.root, *sheet))
    before = snapshot(home.restricted)
    with exclusive(home):
        session.click("load_begin")
        expected = said_by(office.run, "load", sheet[0], "--source", "own", "--mapping", sheet[1])
    assert session.app.error[0].value.replace("\\", "") == expected
    assert session.has("load_begin"), "what was entered is still there"
    desk: Desk = session.app.session_state["desk"]
    assert desk.upload is not None and desk.draft
    desk.upload.path.write_bytes(desk.upload.path.read_bytes() + b"C9,2025-01,R11,30,male,,\n")
    session.click("load_begin")
    assert "no longer the file that was chosen" in session.words
    assert snapshot(home.restricted) == before


def test_a_load_goes_on_when_its_window_is_closed_and_two_windows_load_once(
    office: Office, loaded: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, go_on = loaded.home, threading.Event()
    done: list[list[str]] = []

    def slow(_home: Path, *words: str) -> jobs.Work:
        def work(progress: Progress) -> Outcome:
            progress.start("Read a long file")
            assert go_on.wait(30)
            done.append([Path(words[1]).read_text("utf-8")[:6]])
            return Outcome(["all of it"])

        return work

    monkeypatch.setattr(jobs, "command", slow)
    files = Deliverer(tmp_path).persons("next", "2026-01", "2026-01", [person_row(1, "2026-01")])
    one = Session("load", home, desk_of(home, *files))
    two = Session("load", home, desk_of(home, *files))
    one.app.button(key="load_begin").click().run()
    job = jobs.newest(home)
    two.app.button(key="load_begin").click().run()
    assert jobs.newest(home) is job and not two.has("load_begin")
    assert "Read a long file" in str(two.app.get("progress")[0].proto)
    one.app.session_state["desk"].let_go()  # its window is closed
    go_on.set()
    assert job is not None
    job.wait()
    assert job.outcome is not None and done == [["client"]], "the job has a copy of its own"
    one.app.session_state["desk"].take(*("next.csv", b"client"))
    assert "all of it" in two.look().words and two.app.session_state["desk"].upload is not None


def test_a_loaded_file_is_forgotten_and_no_value_of_it_was_shown(loaded: Session, office: Office) -> None:
    desk: Desk = loaded.app.session_state["desk"]
    assert desk.upload is None and (loaded.home / "mappings" / "shelter.toml").is_file()
    assert not {f"C{number:05d}" for number in range(PEOPLE)} & set(loaded.words.replace(",", " ").split())
    assert office.run.query("SELECT count(*) FROM mart.person") == [(PEOPLE,)]


def test_a_file_that_waits_is_not_said_to_be_loaded(tmp_path: Path) -> None:
    assert command_line(tmp_path / "home")("place", "--name", "Ours", "--geography", "us").code == 0
    session, desk = Session("load", tmp_path / "home"), Desk(tmp_path / "home")
    jobs.begin(desk.home, jobs.Job("load", "Load", lambda _: Outcome(["all of first.csv"])), after=None)
    jobs.newest(desk.home).wait()
    assert session.look().app.success[0].value == load.DONE
    session.app.session_state["desk"] = desk
    desk.take("second.csv", b"x")
    desk.checked = GOOD
    assert session.look().has("load_begin") and not session.app.success
    said = [node.value for kind in ("markdown", "subheader") for node in session.app.get(kind)]
    assert said[-1] == "Before this file" and "all of first.csv" in session.words
    desk.let_go()


def test_the_name_of_a_file_is_no_link_or_picture_in_the_history(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[list[dict[str, str]]] = []
    monkeypatch.setattr("streamlit.table", lambda rows, **_: drawn.append(rows))
    once = {
        "period_from": "",
        "rows_accepted": 39,
        "rows_rejected": 1,
        "source_id": "own",
        "loaded_at": "now",
    }
    one = {**once, "status": "active", "file_name": "![x](http://a.example/x.png).csv"}
    history._loaded({"warehouse": {"loads": [one]}})
    [[row]] = drawn
    assert next(iter(row)) == "State" and row["Rows taken"] == "39 of 40"
    assert row["File"] == r"\!\[x\]\(http\://a.example/x.png\).csv"


def test_a_look_says_what_would_close_and_what_can_be_shown(looked: Session) -> None:
    assert "12 months (2025-01 to 2025-12) of register/person" in looked.words
    assert "Nothing was published and nothing was closed." in looked.words
    shown = looked.app.table[0].value
    people = shown[shown["Numbers of"].str.startswith("People identified")].iloc[0]
    assert people["By year"] == "100 %" and "stand on these pages: " in looked.words
    assert "is closed up to" not in looked.words, "the year is whole"
    assert not looked.has("release_begin"), "nothing is released before it is agreed to"


def test_a_look_says_which_year_no_figure_by_year_has_yet() -> None:
    report = ReleaseReport("public", "id", is_preview=True)
    shares = {"by year": 1.0}
    report.topics = [
        Topic("People identified", "Register", (), shares, end) for end in ("2025-08", "2024-12")
    ]
    unfinished = "2025 is closed up to August: figures by year leave it out"
    assert [line for line in lines_of(report) if unfinished in line]
    assert [line for line in values_of(report)["unfinished_years"] if unfinished in line]


def test_texts_are_confirmed_one_by_one_and_looked_at_again(looked: Session, office: Office) -> None:
    title = next(one for one in looked.app.checkbox if "Drive to the hearing" in one.label)
    assert any(OWNER in one.label for one in looked.app.checkbox)
    title.check()
    looked.click("release_confirm")
    assert OWNER in looked.words
    assert not any("Drive to the hearing" in one.label for one in looked.app.checkbox)
    waiting = {one["text"] for one in office.run("texts").values["waiting"]}
    assert OWNER in waiting and "Drive to the hearing" not in waiting


def test_another_release_than_the_one_looked_at_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "release.duckdb"
    file.write_bytes(b"numbers")
    refuse_unexpected(file, "", "public", Home(tmp_path))
    refuse_unexpected(file, release_id(file), "public", Home(tmp_path))
    with pytest.raises(EtlError, match="another release than the one that was looked at"):
        refuse_unexpected(file, "75337e9e71c2", "public", Home(tmp_path))


def test_two_windows_release_once_and_exactly_what_was_looked_at(
    looked: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, words = Home(looked.home), list[str]()
    command = jobs.command

    def noted(home: Path, *given: str) -> jobs.Work:
        words.extend(given)
        return command(home, *given)

    monkeypatch.setattr(jobs, "command", noted)
    other = Session("release", looked.home)
    for session in (looked, other):
        session.app.checkbox(key="release_agreed").check().run()
        assert session.has("release_begin")
    seen = jobs.newest(home.root)
    assert seen is not None and seen.outcome is not None
    looked.click("release_begin")
    other.app.button(key="release_begin").click().run()
    job = jobs.newest(home.root)
    assert job is not None and job.kind == "release" and job.outcome is not None
    assert job.outcome.values["release_id"] == seen.outcome.values["release_id"]
    expected = seen.outcome.values["release_id"]
    assert words[:6] == ["release", "--profile", "public", "partner", "--expect", expected]
    known = released.stored(home.released(is_synthetic=False))
    assert known is not None and [one["profile"] for one in known.releases] == ["public", "partner"]
    assert looked.has("dashboard_open") and f"make run DATA={home.root}" in looked.words


def test_history_refuses_in_the_commands_words_and_keeps_what_was_entered(
    areas_home: Path, tmp_path: Path
) -> None:
    shutil.copytree(areas_home, tmp_path / "home")
    run = command_line(tmp_path / "home")
    session = Session("history", run.home.root)
    before = snapshot(run.home.restricted)
    session.app.checkbox(key="history_to_agreed").check().run()
    session.click("history_back")
    assert session.app.error[0].value.replace("\\", "") == said_by(run, "rollback")
    folder = PROJECT / "copy-of-the-records"
    session.app.text_input(key="history_folder").set_value(str(folder))
    session.app.checkbox(key="history_copy_agreed").check().run()
    session.click("history_copy")
    assert session.app.error[0].value.replace("\\", "") == said_by(run, "backup", folder)
    assert session.app.text_input(key="history_folder").value == str(folder) and not folder.exists()
    assert snapshot(run.home.restricted) == before


def test_history_copies_away_goes_back_and_says_what_is_withdrawn(
    looked: Session, office: Office, tmp_path: Path
) -> None:
    home = office.run.home
    session = Session("history", home.root)
    assert "year.csv" in session.words and "offered to readers" in session.words
    session.app.text_input(key="history_folder").set_value(str(tmp_path / "copy"))
    session.app.checkbox(key="history_copy_agreed").check().run()
    session.click("history_copy")
    assert (tmp_path / "copy" / "backup.json").is_file()
    now = warehouse.parse_manifest(home)
    assert now is not None
    session.app.checkbox(key="history_to_agreed").check().run()
    session.click("history_back")
    after = warehouse.parse_manifest(home)
    assert after is not None and after.current != now.current
    session.app.selectbox(key="history_to").set_value(str(now.current))
    session.app.checkbox(key="history_to_agreed").check().run()
    session.click("history_back")
    withdrawn = office.run("status").values["releases"]["public"]["release_id"]
    assert office.run("withdraw", withdrawn).code == 0
    assert "The public release is withdrawn" in session.look().words
    assert release.state(Desk(home.root)) == "the newest is withdrawn"
