"""Loopback is not authentication: a page whose name is pointed at this machine gets no answer."""

import socket
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest

REFUSED, OPENED = b"403", b"101"


def handshake(address: str, host: str, origin: str) -> bytes:
    """Return the status that the server gives a websocket of this Host and Origin."""
    where = urlsplit(address)
    lines = [
        "GET /_stcore/stream HTTP/1.1",
        f"Host: {host}",
        f"Origin: {origin}",
        "Connection: Upgrade",
        "Upgrade: websocket",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
        "Sec-WebSocket-Protocol: streamlit",
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
    assert handshake(served(state), host, f"http://{host}") == REFUSED


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost"])
def test_this_machine_by_its_own_names_does(served: Callable[[str], str], name: str) -> None:
    host = f"{name}:{urlsplit(served('example')).port}"
    assert handshake(served("example"), host, f"http://{host}") == OPENED


def test_another_site_gets_none_either(served: Callable[[str], str]) -> None:
    host = f"127.0.0.1:{urlsplit(served('example')).port}"
    assert handshake(served("example"), host, "http://evil.example") == REFUSED
