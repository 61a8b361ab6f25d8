"""The keeper's desk, steps 1 to 4: what it shows, what it never shows, what it keeps and what it lets go."""

import gc
import io
import logging
import os
import shutil
import stat
import subprocess
import sys
import tempfile
import tomllib
import webbrowser
from collections.abc import Callable, Iterator
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from streamlit.runtime.state.session_state import WStates
from streamlit.testing.v1 import AppTest

from analysis.catalog.table import CODE
from etl.cli import Refusal, refusal
from etl.config import Home
from etl.desk import engine, serve, state
from etl.desk.state import Desk, Upload
from etl.desk.steps import check, choose
from etl.drafting import editing, toml_text
from etl.drafting.source import code_of
from etl.errors import EtlError, LoadRunningError
from etl.incoming import ReadOptions
from etl.mapping import load_mapping
from etl.mapping.blocks import without_blocks
from etl.store.locking import desk_of
from tests.browser.serving import free_port
from tests.etl.made_desk import CHECK, LOOK, MATCH, SECONDS, at, desk_in, desks
from tests.etl.made_home import CommandLine, command_line
from tests.support import PROJECT, awaited
from ui.app.desk import DESK_TOKEN, cookie_of, folder_of
from ui.app.serve import ENDS_WITH_INPUT
from ui.app.web import opening

NAMES = ("Maria Lopez", "Olena Kovalenko", "James Wright", "Ana Torres")
RARE = "quuxian"
#: Cells that no screen, file of the desk or line of a log may hold.
SECRET = (*NAMES, "Lopez", "Kovalenko", RARE, "/1999", "told nobody", "HH-10")


def sheet(rows: int = 40) -> bytes:
    """Clients of a small office: names, days of birth and stories beside what may be counted."""
    out = ["Client ID,Full name,DOB,Story,Intake,Gender,Type of exploitation"]
    for number in range(rows):
        gender = RARE if number == 7 else "FM"[number % 2]
        out.append(
            f"HH-{1000 + number},{NAMES[number % 4]},0{1 + number % 9}/11/1999,Number {number} told nobody "
            f"why she left that house in the night,{13 + number % 15}/0{1 + number % 9}/2025,{gender},labor"
        )
    return ("\n".join(out) + "\n").encode()


def shown(app: AppTest) -> str:
    """Return everything that the elements of a page send to a browser."""
    every = "\n".join(str(getattr(node, "proto", "")) for node in app._tree)
    assert "Step " in every and "On this machine alone" in every, "the walk finds page and sidebar"
    return every


@pytest.fixture
def run(tmp_path: Path) -> CommandLine:
    made = command_line(tmp_path / "home")
    made.home.root.mkdir()
    (made.home.root / "deployment.toml").write_text("as_of = 2025-12-31\n", "utf-8")
    return made


@pytest.fixture
def opened(run: CommandLine, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., AppTest]]:
    """Return a function that opens the desk of a home, with a file in it."""
    monkeypatch.setenv("LTT_HOME", str(run.home.root))
    with desks() as opened_with:
        yield lambda name="clients.csv", data=b"": opened_with(name, data or sheet())


def test_no_step_shows_a_cell_that_identifies_or_a_rare_word(
    opened: Callable[..., AppTest],
    run: CommandLine,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.DEBUG)
    app = opened()
    seen = [shown(app)]
    seen += [shown(at(app, step)) for step in (LOOK, MATCH, CHECK)]
    [found] = desk_in(app).checked.found
    assert (found.rows.taken, found.rows.rejected) == (39, 1)
    assert list(app.table[0].value["What to do"]) == ["Explain the word in step 3"]
    seen += [check.listed(found), desk_in(app).draft, *(str(one) for one in desk_in(app).looked.items())]
    # A column that identifies is let in by hand: the engine refuses it, and its cells stay out of sight.
    at(app, LOOK)
    app.checkbox(key="look-0-1").check().run()
    seen += [shown(app), shown(at(app, MATCH)), shown(at(app, CHECK))]
    assert "names of people" in app.error[0].value
    kept = app.button[1:]
    next(one for one in kept if one.label == "Keep the mapping").click().run()
    seen += [shown(app), *(path.read_text("utf-8") for path in state.mappings(run.home.root).iterdir())]
    told = capfd.readouterr()
    for text in (*seen, caplog.text, told.out, told.err):
        for cell in SECRET:
            assert cell not in text


def test_identifiers_are_marked_with_the_reason(opened: Callable[..., AppTest]) -> None:
    app = at(opened(), LOOK)
    ticks = {one.label.strip("*"): one.value for one in app.checkbox}
    assert ticks == {
        "Client ID": True, "Full name": False, "DOB": False, "Story": False, "Intake": True, "Gender": True,
        "Type of exploitation": True,
    }  # fmt: skip
    told = "\n".join(one.value for one in app.caption)
    for rule in ("names of people", "dates of birth", "free text"):
        assert f"may hold **{rule}**" in told


def test_a_hidden_tab_is_told_and_is_read_once_it_is_chosen(opened: Callable[..., AppTest]) -> None:
    book = Workbook()
    shown_tab, hidden_tab = book.active, book.create_sheet("Last year")
    for tab, year in ((shown_tab, 2025), (hidden_tab, 2024)):
        tab.append(["Client ID", "Intake", "Gender", "Type of exploitation"])
        for number in range(30 if year == 2025 else 20):
            day = f"{13 + number % 15}/0{1 + number % 9}/{year}"
            tab.append([f"C-{year}-{number}", day, "FM"[number % 2], "labor"])
    shown_tab.title, hidden_tab.sheet_state = "This year", "hidden"
    bytes_of_book = io.BytesIO()
    book.save(bytes_of_book)
    app = at(opened("clients.xlsx", bytes_of_book.getvalue()), LOOK)
    assert "1 hidden tab not read: Last year" in app.warning[0].value
    at(app, CHECK)
    assert [one.rows.taken for one in desk_in(app).checked.found] == [30], desk_in(app).checked.refusal
    at(app, LOOK)
    app.selectbox[0].select("Last year").run()
    at(app, CHECK)
    assert [one.rows.taken for one in desk_in(app).checked.found] == [20]


def test_a_column_is_left_out_and_taken_in_again_by_one_click(opened: Callable[..., AppTest]) -> None:
    app = at(opened(), LOOK)
    app.checkbox(key="look-0-5").uncheck().run()
    desk = desk_in(app)
    assert "Gender" in editing.dropped(toml_text.parsed(desk.draft), 0)
    assert "gender" not in editing.filled_by(toml_text.parsed(desk.draft), 0)
    app.checkbox(key="look-0-5").check().run()
    assert "Gender" not in editing.dropped(toml_text.parsed(desk.draft), 0)
    at(app, MATCH)
    app.selectbox(key="match-0-5").select("gender").run()
    assert editing.filled_by(toml_text.parsed(desk.draft), 0)["gender"] == "Gender"
    assert editing.meanings(toml_text.parsed(desk.draft), 0, "gender")["f"] == ("female",)
    at(app, CHECK)
    assert desk.checked.is_good


def test_a_rare_word_is_told_by_its_line_and_typed_by_the_keeper(opened: Callable[..., AppTest]) -> None:
    app = at(opened(), MATCH)
    assert any("line 9" in one.value for one in app.warning)
    app.text_input[1].set_value(RARE)
    next(one for one in app.selectbox if one.label == "means").select("other")
    next(one for one in app.button if one.label == "Add this word").click().run()
    assert not any("line 9" in one.value for one in app.warning)
    assert RARE not in shown(app)
    at(app, CHECK)
    [found] = desk_in(app).checked.found
    assert (found.rows.taken, found.rows.rejected) == (40, 0)


def test_the_mapping_is_a_file_that_the_command_line_reads_and_the_next_sheet_begins_with(
    opened: Callable[..., AppTest], run: CommandLine, tmp_path: Path
) -> None:
    app = at(opened(), MATCH)
    app.text_input(key="settings-label").set_value("Harbour House").run()
    at(app, CHECK)
    next(one for one in app.button if one.label == "Keep the mapping").click().run()
    kept = run.home.root / "mappings" / "harbour_house.toml"
    assert kept.read_text("utf-8") == desk_in(app).draft
    (tmp_path / "again.csv").write_bytes(sheet())
    told = run("check", tmp_path / "again.csv", "--source", "own", "--mapping", kept)
    assert told.code == 0 and told.values["files"][0]["rows_accepted"] == 39
    later = sheet().replace(b"Gender,", b"Genders,").replace(b",labor", b",hotwork")
    app = opened("next.csv", later)
    next(one for one in app.selectbox if one.label == "Mapping of an earlier sheet").select_index(1).run()
    app.button(key=choose._EARLIER).click().run()
    said = " ".join(one.value for one in at(app, MATCH).markdown)
    assert "now taken to be" in said and "1 word to explain" in said
    assert editing.filled_by(toml_text.parsed(desk_in(app).draft), 0)["gender"] == "Genders"
    assert RARE not in shown(app)


def test_what_is_refused_is_refused_in_the_words_of_the_command_line(
    opened: Callable[..., AppTest], run: CommandLine, tmp_path: Path
) -> None:
    for name, data in (("notes.csv", b"a,b\n1,2\n"), ("old.xlsx", b"\xd0\xcf\x11\xe0"), ("empty.csv", b" ")):
        (tmp_path / name).write_bytes(data)
        told = run("map", tmp_path / name, "--out", tmp_path / f"{name}.toml")
        app = opened(name, data)
        message = told.values["error"].replace(f"{tmp_path}/", "")
        [error] = app.error
        plain = error.value.replace("\\", "")
        assert str(desk_in(app).upload.path.parent) not in plain
        assert message in plain, name
        for step in (LOOK, MATCH, CHECK):
            at(app, step)
        assert desk_in(app).upload is not None, "what was entered is kept"


def test_a_defect_is_told_by_its_place_on_the_page_and_in_the_log(
    opened: Callable[..., AppTest], monkeypatch: pytest.MonkeyPatch
) -> None:
    app = opened()

    def broken(desk: Desk) -> None:
        raise ValueError(NAMES[0])

    monkeypatch.setattr("etl.desk.steps.look.show", broken)
    at(app, LOOK)
    assert "A defect in this program" in app.error[0].value and NAMES[0] not in shown(app)
    stream = io.StringIO()
    logger = logging.Logger("of this test")
    logger.addHandler(logging.StreamHandler(stream))
    logging.setLogRecordFactory(serve.without_values)
    try:
        try:
            broken(desk_in(app))
        except ValueError:
            logger.exception("Uncaught app execution")
    finally:
        logging.setLogRecordFactory(logging.LogRecord)
    assert "ValueError" in stream.getvalue() and NAMES[0] not in stream.getvalue()


def _with_a_callback() -> None:
    import streamlit as st  # noqa: PLC0415 - a script of its own: it brings what it needs

    def broken() -> None:
        if st.session_state["ends"]:
            raise SystemExit(2)
        raise ValueError(st.session_state["said"])

    st.checkbox("ends", key="ends")
    st.text_input("said", key="said", on_change=broken)
    st.write("The page itself")


@pytest.mark.parametrize("ends", [False, True])
def test_what_a_click_calls_refuses_in_the_words_of_the_desk(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], *, ends: bool
) -> None:
    monkeypatch.setattr(WStates, "call_callback", WStates.call_callback)  # put back afterwards
    serve.guard()
    app = AppTest.from_function(_with_a_callback, default_timeout=SECONDS).run()
    app.checkbox(key="ends").set_value(ends)
    app.text_input(key="said").set_value(NAMES[0]).run()
    assert not app.exception and app.markdown[0].value == "The page itself"
    assert "A defect in this program" in app.error[0].value and NAMES[0] not in app.error[0].value
    told = capfd.readouterr()
    assert NAMES[0] not in told.out + told.err


def test_no_name_in_a_file_is_taken_for_an_option(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    words = ("map", str(tmp_path / "a.xlsx"), "--sheet", "--help", "--header-row", "2")
    assert vars(engine.given(desk, *words)).items() >= {"sheet": "--help", "header_row": 2}.items()
    assert isinstance(engine.tried(lambda _: engine.given(desk, "no such command")), Refusal)


def folders() -> set[Path]:
    return set(Path(tempfile.gettempdir()).glob("ltt-desk-*"))


def test_the_copy_of_a_file_is_private_and_goes_with_what_held_it(tmp_path: Path) -> None:
    before = folders()
    desk = Desk(tmp_path)
    desk.take("../../etc/a b.csv", b"x")
    first = desk.upload
    assert first is not None and first.path.name == "a b.csv"
    assert stat.S_IMODE(first.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(first.path.parent.stat().st_mode) == 0o700
    desk.take("next.csv", b"y")
    assert not first.path.exists() and not first.path.parent.exists()
    second = desk.upload.path
    desk.let_go()
    assert not second.parent.exists()
    third = Upload("z.csv", b"z").path  # a session that is thrown away without a word
    gc.collect()
    assert not third.parent.exists()
    assert folders() == before


def test_the_same_file_chosen_again_keeps_what_was_said_of_it(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.take("a.csv", b"x")
    desk.write("# said")
    desk.close()  # as when a laptop sleeps, and the page is lost for a while
    assert desk.upload is None
    desk.take("a.csv", b"x")
    assert desk.draft == "# said"
    desk.take("b.csv", b"y")
    assert desk.draft == ""
    desk.let_go()


def test_a_copy_that_holds_something_else_is_refused(tmp_path: Path) -> None:
    held = Upload("a.csv", b"x")
    held.path.write_bytes(b"y")
    with pytest.raises(EtlError, match="no longer the file that was chosen"):
        held.same()
    held.path.unlink()
    with pytest.raises(EtlError, match="Choose the file again"):
        held.same()
    held.forget()


def test_what_a_desk_left_that_was_ended_by_force_is_deleted_at_the_next_start() -> None:
    child = os.fork()
    if child == 0:  # ends at once, and leaves its number behind
        os._exit(0)
    os.waitpid(child, 0)
    left = Path(tempfile.mkdtemp(prefix=f"ltt-desk-{child}-"))
    (left / "clients.csv").write_bytes(b"x")
    ours = Upload("a.csv", b"x")
    state.sweep()
    assert not left.exists() and ours.path.exists()
    ours.forget()


def test_a_second_desk_of_one_home_is_refused_in_words(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    home.root.mkdir()
    with (
        desk_of(home),
        pytest.raises(LoadRunningError, match=r"A desk of .* is open already") as why,
    ):
        serve.serve(home.root, 8601)
    assert "Ctrl+C" in refusal(why.value).next_step


def test_two_mappings_of_one_contributor_are_both_kept(tmp_path: Path) -> None:
    desk = Desk(tmp_path, draft='[source]\nid = "harbour"\n')
    first = desk.save()
    assert desk.save() == first and len(list(first.parent.iterdir())) == 1
    desk.write('[source]\nid = "harbour"\nlabel = "Harbour"\n')
    assert desk.save() == first
    assert {path.name for path in first.parent.iterdir()} == {"harbour.toml", "harbour-before-1.toml"}
    assert "label" in first.read_text("utf-8")


def test_kept_mappings_are_private_and_what_is_meant_is_meant_of_one_mapping(tmp_path: Path) -> None:
    desk = Desk(tmp_path, draft='[source]\nid = "harbour"\n', accepted={"fewer"})
    folder = state.mappings(tmp_path)
    folder.mkdir()
    (folder / "old.toml").touch(0o644)
    folder.chmod(0o755)
    desk.save()
    desk.write(desk.draft)
    assert desk.accepted == {"fewer"}
    desk.write('[source]\nid = "harbour"\nlabel = "Harbour"\n')
    assert not desk.accepted
    desk.save()
    kept = {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}
    assert kept == dict.fromkeys(("old.toml", "harbour.toml", "harbour-before-1.toml"), 0o600)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_names_have_a_limit_and_no_path_of_the_copy_is_shown(
    opened: Callable[..., AppTest],
) -> None:
    app = at(opened(f"{'n' * 300}.csv"), MATCH)
    desk = desk_in(app)
    assert desk.upload.path.suffix == ".csv"
    app.text_input(key="settings-label").set_value("x" * 300).run()
    source = toml_text.parsed(desk.draft)["source"]
    assert source["label"] == "x" * 80 and "At most 80 letters" in app.text_input(key="settings-label").help
    desk.write(desk.draft.replace(f'id = "{source["id"]}"', f'id = "{"y" * 300}"'))
    at(app, CHECK)
    for text in (shown(app), state.without_copy(f"'{desk.upload.path}': File name too long")):
        assert str(desk.upload.path.parent) not in text


OFFICES = (
    "St. Mary House", "St. Joseph Shelter", "Dept. of Labor", "Dept. of Justice", "Центр допомоги",
    "Дім надії", "救助中心", "希望之家", "../../../etc/x", "???",
)  # fmt: skip


def test_offices_have_codes_of_their_own(opened: Callable[..., AppTest], run: CommandLine) -> None:
    assert len({code_of(one) for one in OFFICES}) == len(OFFICES)
    assert all(CODE.fullmatch(code_of(one)) for one in (*OFFICES, "a" * 300))
    app = at(opened(), MATCH)
    for name, code in (("St. Mary House", "st_mary_house"), ("St. Joseph Shelter", "st_joseph_shelter")):
        app.text_input(key="settings-label").set_value(name).run()
        assert toml_text.parsed(desk_in(app).draft)["source"] == {"id": code, "label": name}
        assert desk_in(app).save().name == f"{code}.toml"
    app.text_input(key="settings-label").set_value("St Mary House").run()
    assert any("is that of **St. Mary House** already" in one.value for one in app.warning)
    app.button(key="settings-own-code").click().run()
    assert toml_text.parsed(desk_in(app).draft)["source"]["id"].startswith("st_mary_house_")
    assert not any("already" in one.value for one in app.warning)


def test_an_office_of_a_code_that_is_another_s_replaces_nothing_unasked(
    opened: Callable[..., AppTest], run: CommandLine, tmp_path: Path
) -> None:
    draft = at(opened(), MATCH)
    draft.text_input(key="settings-label").set_value("St. Mary House").run()
    mapping, other = tmp_path / "mary.toml", tmp_path / "joseph.toml"
    mapping.write_text(desk_in(draft).draft, "utf-8")
    other.write_text(desk_in(draft).draft.replace("St. Mary House", "St. Joseph Shelter"), "utf-8")
    file = tmp_path / "clients.csv"
    file.write_bytes(sheet())
    assert run.load((file, mapping)).code == 0
    refused = run.load((file, other))
    assert refused.code == 1 and "--accept renamed" in refused.out
    assert "'St. Mary House'" in refused.values["error"] and "'St. Joseph Shelter'" in refused.values["error"]
    file.write_bytes(sheet(39))
    [told] = run("check", file, "--source", "own", "--mapping", mapping).values["files"][0]["replaces"]
    assert told["whose"] == "St. Mary House"
    done = run.load((file, other), "--accept", "renamed")
    assert done.code == 0, done.out
    [loaded] = done.values["files"]
    assert loaded["replaces"][0]["whose"] == "St. Mary House"
    assert any("taken as the same office" in note for note in loaded["notes"])


TOKEN = "a token of this test"
COOKIE = "=".join(cookie_of(TOKEN)).encode()
HOST = (b"host", b"127.0.0.1:8601")
ORIGIN = (b"origin", b"http://127.0.0.1:8601")


async def _reached(scope: Any, receive: Any, send: Any) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.accept"})
    else:
        await send({"type": "http.response.start", "status": HTTPStatus.OK, "headers": []})
        await send({"type": "http.response.body", "body": b"reached"})


def gated() -> Any:
    app: Any = _reached
    for gate in reversed(serve.gates()):
        app = gate.cls(app, *gate.args, **gate.kwargs)
    return app


def asked(headers: list[tuple[bytes, bytes]], app: Any = None, **more: Any) -> list[Any]:
    """Return what the gates of the desk answer to one request."""
    app = app or gated()
    scope = {"type": "http", "method": "GET", "path": "/", "query_string": b"", "headers": headers, **more}
    sent: list[Any] = []

    async def receive() -> Any:
        return {"type": "websocket.connect"}

    async def send(message: Any) -> None:
        sent.append(message)

    awaited(app(scope, receive, send))
    return sent


SOCKET = {"type": "websocket", "path": "/_stcore/stream"}
UPLOAD = {"method": "PUT", "path": "/_stcore/upload_file/session/file"}
KEPT = (b"cookie", COOKIE)
BROUGHT = b"key=a%20token%20of%20this%20test"


@pytest.mark.parametrize("what", [{}, SOCKET, UPLOAD, {"path": "/media/0123.csv"}], ids=str)
@pytest.mark.parametrize(
    "headers",
    [
        [HOST],
        [HOST, (b"cookie", COOKIE[:-1])],
        [HOST, (b"cookie", TOKEN.encode())],
        [(b"host", b"evil.example:8601"), KEPT],
        [(b"host", b"127.0.0.1.evil.example"), KEPT],
        [(b"host", b"10.0.0.7:8601"), KEPT],
        [KEPT],
        [HOST, HOST, KEPT],
        [HOST, (b"origin", b"http://evil.example"), KEPT],
        [HOST, (b"origin", b"http://127.0.0.1:8501"), KEPT],
        [HOST, (b"origin", b"null"), KEPT],
    ],
    ids=lambda headers: str(headers)[:70],
)
def test_nobody_else_gets_in(
    monkeypatch: pytest.MonkeyPatch, headers: list[tuple[bytes, bytes]], what: dict[str, Any]
) -> None:
    monkeypatch.setenv(DESK_TOKEN, TOKEN)
    sent = asked(headers, **what)
    if what.get("type") == "websocket":
        assert [one["type"] for one in sent] == ["websocket.close"]
    else:
        assert sent[0]["status"] == HTTPStatus.FORBIDDEN
        assert b"desk" in sent[1]["body"] and TOKEN.encode() not in sent[1]["body"]


def test_who_brought_the_key_gets_in_and_finds_only_what_the_desk_needs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(DESK_TOKEN, TOKEN)
    exchanged, page = asked([HOST], query_string=BROUGHT)
    cookie = dict(exchanged["headers"])[b"set-cookie"]
    assert exchanged["status"] == HTTPStatus.OK and b'content="0;url=./"' in page["body"]
    # Browsers send a cookie to every port of a machine: the path of this one is known to nobody else.
    folder = f"Path=/{folder_of(TOKEN)}".encode()
    assert set(cookie.split(b"; ")[1:]) == {b"HttpOnly", b"SameSite=Strict", folder}
    assert cookie.startswith(COOKIE)
    for what in ({}, UPLOAD, {"path": "/media/0123.csv"}):
        assert asked([HOST, ORIGIN, KEPT], **what)[0]["status"] == HTTPStatus.OK
    assert asked([HOST, ORIGIN, KEPT], **SOCKET)[0]["type"] == "websocket.accept"
    assert asked([HOST, KEPT], path="/_stcore/metrics")[0]["status"] == HTTPStatus.NOT_FOUND


def test_a_key_opens_the_desk_once_and_is_not_used_by_what_fetches_ahead(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(DESK_TOKEN, TOKEN)
    app = gated()
    ahead = asked([HOST, (b"sec-purpose", b"prefetch;prerender")], app, query_string=BROUGHT)[0]
    asks = asked([HOST], app, query_string=BROUGHT, method="HEAD")[0]
    for one in (ahead, asks):
        assert one["status"] == HTTPStatus.SERVICE_UNAVAILABLE and b"set-cookie" not in dict(one["headers"])
    assert asked([HOST], app, query_string=BROUGHT)[0]["status"] == HTTPStatus.OK
    again, said = asked([HOST], app, query_string=BROUGHT)
    assert again["status"] == HTTPStatus.FORBIDDEN and b"set-cookie" not in dict(again["headers"])
    assert b"has been used" in said["body"] and b"Ctrl+C" in said["body"]
    # A page that is loaded again goes on by its cookie, also where the key still stands in the address.
    assert asked([HOST, KEPT], app, query_string=BROUGHT)[0]["status"] == HTTPStatus.OK


def test_no_browser_is_started_with_the_key_among_its_words(monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[str] = []
    monkeypatch.setattr(webbrowser, "open", given.append)
    file = opening.in_browser("http://127.0.0.1:8601/f/?key=k&b=c", state.prefix())
    assert file is not None and given == [file.as_uri()] and "key" not in given[0]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert 'url=http://127.0.0.1:8601/f/?key=k&amp;b=c"' in file.read_text("utf-8")
    shutil.rmtree(file.parent)


def test_a_process_that_the_lock_was_handed_to_holds_it_as_well(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    home.root.mkdir()
    with desk_of(home) as lock:
        server = subprocess.Popen(
            [sys.executable, "-c", "input()"], stdin=subprocess.PIPE, pass_fds=(lock,), text=True
        )
    with pytest.raises(LoadRunningError, match="is open already"), desk_of(home):
        pass
    server.communicate("\n", timeout=SECONDS)
    with desk_of(home):
        pass


def test_the_server_ends_with_the_program_that_started_it_however_that_ends(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    home.root.mkdir()
    command = [sys.executable, "-m", "etl", "desk", "--home", str(home.root), "--port", str(free_port())]
    environment = {**os.environ, "LTT_OPEN": "0", "TMPDIR": str(tmp_path)}
    program = subprocess.Popen(
        command, cwd=PROJECT, env=environment, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True
    )
    assert program.stdout is not None
    assert "The desk is open" in program.stdout.readline()
    program.kill()
    program.communicate(
        timeout=SECONDS
    )  # the server writes there too: it is read to the end when both are gone
    with desk_of(home):
        pass


def test_a_dashboard_ends_with_the_desk_that_started_it_however_that_ends() -> None:
    command = [sys.executable, "-m", "ui.app.serve", ENDS_WITH_INPUT]
    environment = {**os.environ, "LTT_OPEN": "0", "PORT": str(free_port())}
    served = subprocess.Popen(
        command, cwd=PROJECT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert served.stdout is not None and "Starting" in served.stdout.readline()
    served.communicate(timeout=SECONDS)  # its input ends, as it does with the program that holds it
    assert served.returncode == 0


def test_a_mapping_that_is_changed_says_the_same_as_before_in_everything_else(tmp_path: Path) -> None:
    for sample in ("shelter_tidy.toml", "task_force_sheet.toml"):
        path = PROJECT / "data" / "sample" / sample
        values = without_blocks(tomllib.loads(path.read_text("utf-8")))
        again = tmp_path / sample
        again.write_text(toml_text.written(values), "utf-8")
        assert toml_text.parsed(again.read_text("utf-8")) == values
        before, after = (load_mapping(one, ReadOptions()) for one in (path, again))
        assert (before.tables, before.source, before.period) == (after.tables, after.source, after.period)


def test_blocks_are_put_where_they_are_used_without_another_meaning(tmp_path: Path) -> None:
    text = """
    [source]
    id = "valley"
    label = "Valley"
    [block.one]
    fill_down = ["Agency"]
    [block.one.columns]
    organisation = "Agency"
    period = { column = "When", format = "mmm yyyy" }
    service_type = "Kind"
    amount = { column = "Sum", as = "money" }
    [block.one.constants]
    currency = "usd"
    [[table]]
    name = "expenditure"
    use = "one"
    sheet = "North"
    [[table]]
    name = "expenditure"
    use = "one"
    sheet = "South"
    [table.columns]
    period = "Day"
    """
    (tmp_path / "a.toml").write_text(text, "utf-8")
    whole = toml_text.written(without_blocks(toml_text.parsed(text)))
    (tmp_path / "b.toml").write_text(whole, "utf-8")
    before, after = (load_mapping(tmp_path / name, ReadOptions()).tables for name in ("a.toml", "b.toml"))
    assert "block" not in toml_text.parsed(whole) and before == after
