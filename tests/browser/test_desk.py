"""Loopback is not authentication: neither a name pointed at this machine nor another account is let in."""

import http.client
import socket
from collections.abc import Callable, Mapping
from contextlib import closing
from http import HTTPStatus
from typing import NamedTuple
from urllib.parse import quote, urlsplit

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import DESK_TOKEN
from ui.app.desk import cookie_of
from ui.app.serve import DESK_KEY as KEY

REFUSED, OPENED = b"403", b"101"


def handshake(address: str, host: str, origin: str, cookie: str = "") -> bytes:
    """Return the status that the server gives a websocket of this Host and Origin."""
    where = urlsplit(address)
    lines = [
        f"GET {where.path.rstrip('/')}/_stcore/stream HTTP/1.1",
        f"Host: {host}",
        f"Origin: {origin}",
        "Connection: Upgrade",
        "Upgrade: websocket",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
        "Sec-WebSocket-Protocol: streamlit",
        *([f"Cookie: {cookie}"] if cookie else []),
    ]
    with socket.create_connection((str(where.hostname), int(where.port or 0)), timeout=30) as link:
        link.sendall(("\r\n".join(lines) + "\r\n\r\n").encode("ascii"))
        return link.recv(4096).split(b" ", 2)[1]


@pytest.mark.parametrize("state", ["example", "steward"])
@pytest.mark.parametrize(
    "name", ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example", "10.0.0.7"]
)
def test_a_name_that_was_pointed_here_gets_no_websocket(
    served: Callable[[str], str], state: str, name: str
) -> None:
    port = urlsplit(served(state)).port
    host = f"{name}:{port}"
    assert handshake(served(state), host, f"http://{host}", "=".join(cookie_of(DESK_TOKEN))) == REFUSED


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost"])
def test_this_machine_by_its_own_names_does(served: Callable[[str], str], name: str) -> None:
    host = f"{name}:{urlsplit(served('example')).port}"
    assert handshake(served("example"), host, f"http://{host}") == OPENED


def test_another_site_gets_none_either(served: Callable[[str], str]) -> None:
    host = f"127.0.0.1:{urlsplit(served('example')).port}"
    assert handshake(served("example"), host, "http://evil.example") == REFUSED


class Answer(NamedTuple):
    """What the server said to one request."""

    status: int
    headers: Mapping[str, str]
    body: str


def asked(address: str, path: str, headers: Mapping[str, str] | None = None) -> Answer:
    """Return the answer to one request; nothing is followed."""
    where = urlsplit(address)
    link = http.client.HTTPConnection(str(where.hostname), where.port, timeout=30)
    with closing(link):
        link.request("GET", path, headers=dict(headers or {}))
        answer = link.getresponse()
        given = {name.lower(): value for name, value in answer.getheaders()}
        return Answer(answer.status, given, answer.read().decode("utf-8", "replace"))


PATHS = (
    "/",
    "/trends",
    "/overview",
    "/_stcore/host-config",
    "/media/0123.csv",
    "/boundaries/x",
    "/static/x.js",
)


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("key", ["", f"?{KEY}=", f"?{KEY}=wrong", f"?{KEY}={quote(DESK_TOKEN[:-1])}"])
def test_exact_numbers_open_for_nobody_without_the_key(
    served: Callable[[str], str], path: str, key: str
) -> None:
    answer = asked(served("steward"), path + key, {"Cookie": "ltt_desk_0=1; ltt_desk=x"})
    assert answer.status == HTTPStatus.FORBIDDEN
    assert "set-cookie" not in answer.headers
    body = answer.body
    assert "make run PROFILE=steward" in body and DESK_TOKEN not in body


def test_the_socket_of_exact_numbers_opens_with_the_cookie_alone(served: Callable[[str], str]) -> None:
    host = f"127.0.0.1:{urlsplit(served('steward')).port}"
    name, value = cookie_of(DESK_TOKEN)
    for cookie in ("", f"{name}=", f"{name}={value[:-1]}0", f"{name}={DESK_TOKEN}"):
        assert handshake(served("steward"), host, f"http://{host}", cookie) == REFUSED
    assert handshake(served("steward"), host, f"http://{host}", f"a=b; {name}={value}") == OPENED


def test_the_key_is_exchanged_at_once_for_a_cookie_that_no_script_reads(served: Callable[[str], str]) -> None:
    answer = asked(served("steward"), f"/trends?form=forced_labour&{KEY}={quote(DESK_TOKEN)}")
    assert answer.status == HTTPStatus.OK
    assert 'content="0;url=./trends?form=forced_labour"' in answer.body
    cookie = answer.headers["set-cookie"]
    assert {"HttpOnly", "SameSite=Strict", "Path=/"} <= set(cookie.split("; "))
    assert DESK_TOKEN not in cookie
    opened = asked(served("steward"), "/trends", {"Cookie": cookie.split(";", maxsplit=1)[0]})
    assert opened.status == HTTPStatus.OK


def test_the_public_release_asks_for_no_key(served: Callable[[str], str]) -> None:
    assert asked(served("example"), "/trends").status == HTTPStatus.OK


def test_a_keeper_opens_the_printed_address(chromium: Browser, served: Callable[[str], str]) -> None:
    context = chromium.new_context()
    page = context.new_page()
    page.goto(served("steward"))
    assert "to their keepers only" in page.content()
    page.goto(f"{served('steward')}/?{KEY}={quote(DESK_TOKEN)}")
    page.get_by_role("heading", level=1).first.wait_for(timeout=60_000)
    assert KEY not in urlsplit(page.url).query
    assert page.evaluate("document.cookie") == "" or "ltt_desk" not in page.evaluate("document.cookie")
    context.close()
