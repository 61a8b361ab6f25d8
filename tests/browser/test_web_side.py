"""What the server tells and allows whoever reaches it: addresses, headers, frames, messages."""

import http.client
import json
import shutil
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, WebSocket
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from tests.browser.conftest import PROBES
from tests.browser.reading import path_of
from tests.browser.serving import serving
from tests.browser.test_desk import Answer, asked
from tests.support import PROJECT
from ui.app.web.process import LARGEST_MESSAGE
from ui.view import registry

pytestmark = pytest.mark.browser
NOWHERE = (
    "/nope",
    "/trends/nope",
    "/_stcore/metrics",
    "/_stcore/agent/openapi.json",
    "/_stcore/agent/interact",
    "/_stcore/upload_file/a/b",
    "/_stcore/script-health-check",
    "/static/nope.js",
    "/static/../dashboard.py",
    "/dashboard.py",
    "/.streamlit/config.toml",
    "/data/restricted/secret",
    "/auth/login",
    "/auth/logout",
    "/oauth2callback",
    "/component/x/index.html",
    "/boundaries/x",
    "/boundaries/..;/x",
)
ADDED = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "x-frame-options": "DENY",
}


@pytest.mark.parametrize("path", NOWHERE)
def test_an_address_that_leads_nowhere_is_not_found(example: str, path: str) -> None:
    answer = asked(example, path)
    assert answer.status == 404, path
    assert "Go to the first page" in answer.body or path.startswith(("/static/..", "/boundaries/"))


@pytest.mark.parametrize("path", ["/", *(f"/{page.code}" for page in registry.available()[1:])])
def test_every_page_and_every_answer_carries_the_headers(example: str, path: str) -> None:
    for answer in (asked(example, path), asked(example, "/nope"), asked(example, "/healthz")):
        assert answer.headers.items() >= ADDED.items()
        policy = answer.headers["content-security-policy"]
        assert "frame-ancestors 'none'" in policy and "unsafe-eval" not in policy
        assert "'unsafe-inline'" not in policy.split("script-src")[1].split(";")[0]
        assert "server" not in answer.headers
    assert asked(example, path).status == 200


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "TRACE"])
def test_nothing_can_be_sent_to_an_address(example: str, method: str) -> None:
    where = urlsplit(example)
    with closing(http.client.HTTPConnection(str(where.hostname), where.port, timeout=30)) as link:
        link.request(method, "/trends", body=b"x=1")
        assert link.getresponse().status == 405


def test_host_configuration_names_no_other_site(example: str) -> None:
    answer = asked(example, "/_stcore/host-config", {"Origin": "https://share.streamlit.io"})
    assert json.loads(answer.body)["allowedOrigins"] == []
    assert "access-control-allow-origin" not in answer.headers


@pytest.fixture
def obeying(chromium: Browser) -> Iterator[Callable[[], object]]:
    """Return a function that makes a context which obeys the policy, as every reader's browser does."""
    context = chromium.new_context()
    yield lambda: context
    context.close()


def test_pages_are_drawn_under_the_policy_and_no_message_tells_where_the_program_lies(
    obeying, example: str
) -> None:
    page = obeying().new_page()
    complaints: list[str] = []
    messages: list[bytes] = []

    def listen(link: WebSocket) -> None:
        link.on(
            "framereceived", lambda part: messages.append(part if isinstance(part, bytes) else part.encode())
        )

    page.on("websocket", listen)
    page.on(
        "console",
        lambda one: (
            complaints.append(one.text)
            if one.type == "error" and not str((one.location or {}).get("url", "")).endswith(PROBES)
            else None
        ),
    )
    page.on("pageerror", lambda error: complaints.append(str(error)))
    for code in ("overview", "geography", "explore", "methods"):
        page.goto(f"{example}/{path_of(code)}")
        page.locator("footer.ltt-footer").wait_for(timeout=60_000)
        page.locator(".js-plotly-plot .main-svg, .ltt-map_drawing .main-svg, .ltt-table").first.wait_for(
            state="attached", timeout=60_000
        )
    assert complaints == []
    assert len(messages) > 100
    told = [part for part in messages if str(PROJECT).encode() in part or str(Path.home()).encode() in part]
    assert told == []


def test_a_script_of_another_site_is_refused(obeying, example: str) -> None:
    page = obeying().new_page()
    page.goto(f"{example}/healthz")
    ran = page.evaluate(
        """() => new Promise(done => {
          const one = document.createElement('script');
          one.textContent = 'window.stolen = 1';
          document.documentElement.append(one);
          done(window.stolen ?? 'refused');
        })"""
    )
    assert ran == "refused"


def link_to(example: str) -> connect:
    where = urlsplit(example)
    return connect(
        f"ws://{where.hostname}:{where.port}/_stcore/stream",
        origin=f"http://{where.hostname}:{where.port}",
        subprotocols=["streamlit"],
        max_size=None,
    )


def test_a_message_that_is_too_large_is_cut_and_the_server_goes_on(example: str) -> None:
    with link_to(example) as link:
        with pytest.raises(ConnectionClosed) as ended:
            link.send(b"\0" * (LARGEST_MESSAGE + 1))
            while True:
                link.recv(timeout=20)
        assert ended.value.rcvd is None or ended.value.rcvd.code == 1009
    assert asked(example, "/healthz").status == 200


def test_a_message_that_is_none_is_cut(example: str) -> None:
    with link_to(example) as link, pytest.raises(ConnectionClosed):
        link.send(b"\xff\xff\xff not a message")
        while True:
            link.recv(timeout=20)


def test_a_cookie_that_is_slow_to_read_keeps_nobody_waiting(example: str) -> None:
    began = time.monotonic()
    # Read letter by letter, these took the server more than half a minute.
    for slow in ("\\\\" * 15_000, "\\1" * 15_000):
        assert asked(example, "/", {"Cookie": f'_streamlit_user="{slow}"'}).status == 200
    assert time.monotonic() - began < 10


def test_a_stranger_learns_nothing_of_the_program_and_empties_nothing(example: str) -> None:
    with link_to(example) as link:
        for kind in ("load_git_info", "clear_cache", "set_run_on_save", "debug_shutdown_runtime"):
            message = BackMsg()
            setattr(message, kind, True)
            link.send(message.SerializeToString())
        message = BackMsg()
        message.app_heartbeat = True
        link.send(message.SerializeToString())
        assert ForwardMsg.FromString(link.recv(timeout=20)).heartbeat_ack
        link.send("a text")
        with pytest.raises(ConnectionClosed) as ended:
            link.recv(timeout=20)
        assert ended.value.rcvd is not None and ended.value.rcvd.code == 1003


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://localhost:1", "http://0.0.0.0"])
def test_a_socket_opens_for_no_other_site_and_no_port_beside(example: str, origin: str) -> None:
    where = urlsplit(example)
    address = f"ws://{where.hostname}:{where.port}/_stcore/stream"
    with pytest.raises(InvalidStatus):
        connect(address, origin=origin, subprotocols=["streamlit"])


def test_only_the_pages_own_socket_opens(example: str) -> None:
    where = urlsplit(example)
    for path in ("/", "/trends", "/_stcore/other", "/trends/_stcore/stream"):
        with socket.create_connection((str(where.hostname), int(where.port or 0)), timeout=30) as link:
            lines = [
                f"GET {path} HTTP/1.1",
                f"Host: {where.netloc}",
                "Connection: Upgrade",
                "Upgrade: websocket",
                "Sec-WebSocket-Version: 13",
                "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
            ]
            link.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
            assert link.recv(4096).split(b" ", 2)[1] == b"403"


def test_health_and_readiness_can_fail(served: Callable[[str], str], example: str) -> None:
    def states(address: str) -> tuple[Answer, Answer]:
        return asked(address, "/healthz"), asked(address, "/readyz")

    health, ready = states(example)
    assert (health.status, ready.status) == (200, 200)
    health, ready = states(served("none"))
    assert (health.status, ready.status) == (200, 503)
    assert json.loads(ready.body) == {"status": "no release can be opened"}
    assert health.headers["cache-control"] == "no-store"


def test_a_release_that_is_damaged_later_is_not_ready(releases, tmp_path: Path) -> None:
    copy = tmp_path / "release"
    shutil.copytree(releases("example"), copy)
    with serving(copy) as address:
        assert asked(address, "/readyz").status == 200
        (copy / "manifest.json").write_text("{", "utf-8")
        assert asked(address, "/readyz").status == 503
        assert asked(address, "/healthz").status == 200


def test_a_site_that_was_named_may_show_it_in_a_frame(chromium: Browser, releases) -> None:
    with serving(
        releases("example"), LTT_FRAME_ANCESTORS="http://127.0.0.1:1 https://county.example.org"
    ) as address:
        answer = asked(address, "/trends")
        policy = answer.headers["content-security-policy"]
        assert "frame-ancestors http://127.0.0.1:1 https://county.example.org" in policy
        assert "x-frame-options" not in answer.headers
