"""What of a request reaches Streamlit, and which release a server shows to whom."""

from collections.abc import MutableMapping
from pathlib import Path
from typing import Any

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg

from analysis.errors import ReleaseError
from tests.quick.ui.test_sign_in import GIVEN
from tests.release_states import make
from tests.support import awaited
from ui.app import session
from ui.app.serve import check_free, chosen_port
from ui.app.sign_in.settings import read
from ui.app.web import process
from ui.app.web.addresses import is_own_origin
from ui.app.web.cookies import PlainCookies
from ui.app.web.messages import OfThePage, OnlyReading
from ui.app.web.process import check, options
from ui.app.web.settings import ServeError

Message = MutableMapping[str, Any]


@pytest.fixture(scope="module")
def partners(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make("partner", tmp_path_factory.mktemp("partners") / "partner")


# What comes in -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["http", "websocket"])
def test_a_cookie_with_backslashes_is_left_out(kind: str) -> None:
    reached: list[Any] = []

    async def app(scope: Any, _receive: Any, _send: Any) -> None:
        reached.extend(scope["headers"])

    slashes = b'a=1; slow="' + b"\\1" * 20_000 + b'"; _streamlit_user=2|1:0'
    given = [(b"host", b"x"), (b"cookie", slashes), (b"cookie", b"b=2; c=3")]
    awaited(PlainCookies(app)({"type": kind, "headers": given}, None, None))  # type: ignore[arg-type]
    assert reached == [(b"host", b"x"), (b"cookie", b"a=1; _streamlit_user=2|1:0"), (b"cookie", b"b=2; c=3")]


def read_by_streamlit(*messages: Message, through: type = OnlyReading) -> tuple[list[Message], list[Message]]:
    """Return what Streamlit receives of a browser's messages until the end, and what is sent back."""
    waiting = [*messages, {"type": "websocket.disconnect", "code": 1000}]
    reached: list[Message] = []
    sent: list[Message] = []

    async def receive() -> Message:
        return waiting.pop(0)

    async def send(message: Message) -> None:
        sent.append(message)

    async def app(_scope: Any, receive: Any, _send: Any) -> None:
        while not reached or reached[-1]["type"] != "websocket.disconnect":
            reached.append(await receive())

    awaited(through(app)({"type": "websocket"}, receive, send))
    return reached, sent


def said(name: str) -> Message:
    message = BackMsg()
    if name in ("rerun_script", "backend_operation_request", "file_urls_request"):
        getattr(message, name).SetInParent()
    else:
        setattr(message, name, True)
    return {"type": "websocket.receive", "bytes": message.SerializeToString()}


@pytest.mark.parametrize("kind", [kind.name for kind in BackMsg.DESCRIPTOR.oneofs_by_name["type"].fields])
def test_a_browser_runs_pages_and_nothing_else(kind: str) -> None:
    reached, _ = read_by_streamlit(said(kind))
    needed = {"rerun_script", "stop_script", "app_heartbeat"}
    assert (len(reached) == 2) == (kind in needed)


def test_a_text_ends_the_visit_and_no_message_at_all_is_left_to_streamlit() -> None:
    reached, sent = read_by_streamlit({"type": "websocket.receive", "text": "x"}, said("rerun_script"))
    assert [one["type"] for one in reached] == ["websocket.disconnect"]
    assert sent == [{"type": "websocket.close", "code": 1003}]
    reached, _ = read_by_streamlit({"type": "websocket.receive", "bytes": b"\xff\xff"})
    assert len(reached) == 2


def asked(page: str, fragment: str = "", query: str = "", *, is_step: bool = False) -> Message:
    """Return what a browser asks to be drawn while it shows Larkfield."""
    message = BackMsg()
    run = message.rerun_script
    run.page_script_hash, run.fragment_id, run.query_string = page, fragment, query
    run.is_history_navigation = is_step
    for name in ("area", "pick_area", "width-of-a_card"):
        run.widget_states.widgets.add(id=f"$$ID-0a1b-{name}", string_value="C1")
    return {"type": "websocket.receive", "bytes": message.SerializeToString()}


def reached_of(*messages: Message) -> list[tuple[str, list[str]]]:
    """Return of what passes: fragment, or page, and the names whose values it holds."""
    found = []
    for one in read_by_streamlit(*messages, through=OfThePage)[0][:-1]:
        run = BackMsg.FromString(one["bytes"]).rerun_script
        names = [state.id.removeprefix("$$ID-0a1b-") for state in run.widget_states.widgets]
        found.append((run.fragment_id or run.page_script_hash, names))
    return found


def test_what_a_page_says_after_it_was_left_is_left_out() -> None:
    everything = ["area", "pick_area", "width-of-a_card"]
    first, own, left = asked(""), asked("a", "part"), asked("a", "late")
    assert reached_of(first, own, asked("b"), left, asked("b", "next")) == [
        ("", everything),
        ("part", everything),
        ("b", ["area", "width-of-a_card"]),  # nobody picks anything by going to a page
        ("next", everything),
    ]


def test_after_a_step_in_the_history_the_filters_before_it_are_not_taken_for_picks() -> None:
    step, drawn = asked("a", is_step=True), asked("a", "own", "area=C1")
    assert reached_of(asked("a"), step, asked("a", "late"), drawn)[1:] == [
        ("a", ["area", "width-of-a_card"]),
        ("late", ["width-of-a_card"]),  # its address names no area: the browser has not drawn that yet
        ("own", ["area", "pick_area", "width-of-a_card"]),
    ]
    picked = reached_of(asked("a"), asked("a", "late"))
    assert picked[1:] == [("late", ["area", "pick_area", "width-of-a_card"])]


@pytest.mark.parametrize(
    ("origin", "host", "opens"),
    [
        (None, "trends.example.org", True),
        ("https://trends.example.org", "trends.example.org", True),
        ("https://Trends.example.org", "trends.example.org", True),
        ("https://trends.example.org", "trends.example.org:443", True),
        ("http://127.0.0.1:8501", "127.0.0.1:8501", True),
        ("https://evil.example", "trends.example.org", False),
        ("https://trends.example.org.evil.example", "trends.example.org", False),
        ("https://trends.example.org@evil.example", "trends.example.org", False),
        ("http://localhost", "trends.example.org", False),
        ("http://127.0.0.1:1", "127.0.0.1:8501", False),
        ("null", "trends.example.org", False),
        ("", "", False),
        ("file://", "", False),
        ("https://[", "trends.example.org", False),
    ],
)
def test_a_page_of_this_server_opens_its_socket_and_no_other(
    monkeypatch: pytest.MonkeyPatch, origin: str | None, host: str, opens: bool
) -> None:
    monkeypatch.setenv("LTT_ADDRESS", "https://trends.example.org")
    headers = [(b"host", host.encode())] + ([(b"origin", origin.encode())] if origin is not None else [])
    assert is_own_origin({"headers": headers}) is opens


def test_no_header_says_who_somebody_is() -> None:
    assert options("127.0.0.1", 8501)["server.trustedUserHeaders"] == {}


# What is shown to others ---------------------------------------------------------------------------------


@pytest.mark.parametrize("state", ["partner", "steward"])
@pytest.mark.parametrize("reached", ["address", "network"])
def test_what_is_not_public_is_shown_to_nobody_without_a_sign_in(
    monkeypatch: pytest.MonkeyPatch, partners: Path, exact_folder: Path, state: str, reached: str
) -> None:
    monkeypatch.setenv("LTT_RELEASE", str(partners if state == "partner" else exact_folder))
    host = {"address": "127.0.0.1", "network": "0.0.0.0"}[reached]
    monkeypatch.setattr(session.st, "get_option", lambda _name: host)
    if reached == "address":
        monkeypatch.setenv("LTT_ADDRESS", "https://trends.example.org")
        with pytest.raises(ServeError, match=state):
            check()
    # Also when it is put there while the server runs.
    with pytest.raises(ReleaseError, match=state):
        session.public_release()


def test_on_this_machine_alone_it_is(monkeypatch: pytest.MonkeyPatch, partners: Path) -> None:
    monkeypatch.setenv("LTT_RELEASE", str(partners))
    monkeypatch.delenv("LTT_ADDRESS", raising=False)
    monkeypatch.setattr(session.st, "get_option", lambda _name: "127.0.0.1")
    check()
    assert session.public_release().profile == "partner"


@pytest.mark.parametrize(
    ("release", "log", "words"),
    [
        ("nowhere", "access.log", "key release names nowhere, which holds no release"),
        ("public", "access.log", "holds a public release"),
        ("partner", "nowhere/access.log", "key log names a file in nowhere"),
    ],
)
def test_a_sign_in_that_leads_nowhere_stops_the_start(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    *,
    partners: Path,
    folder: Path,
    release: str,
    log: str,
    words: str,
) -> None:
    places = {"partner": partners, "public": folder, "nowhere": tmp_path / "nowhere"}
    mine = {"LTT_SIGN_IN_RELEASE": str(places[release]), "LTT_SIGN_IN_LOG": str(tmp_path / log)}
    monkeypatch.setenv("LTT_ADDRESS", "https://trends.example.org")
    monkeypatch.setenv("LTT_RELEASE", str(folder))
    known = read({**GIVEN, **mine})
    monkeypatch.setattr(process, "settings", lambda: known)

    with pytest.raises(ServeError) as told:
        check()

    assert words in str(told.value)
    assert "Next: " in str(told.value)


@pytest.mark.parametrize("text", ["²", "８５０１", "", "80", "70000", "-1", "8501 "])
def test_a_port_that_is_none_is_named(text: str) -> None:
    with pytest.raises(ServeError, match="PORT"):
        chosen_port(text)


def test_a_host_that_is_none_is_named_and_one_that_is_may_be_of_the_newer_kind() -> None:
    with pytest.raises(ServeError, match="LTT_HOST"):
        check_free("no such host", 8501)
    check_free("::1", 9)
