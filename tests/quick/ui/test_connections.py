"""A connection that never finishes its request is cut; one that did is not."""

import asyncio
import socket
import threading
import time
from collections.abc import Iterator

import pytest
import uvicorn
from websockets.sync.client import connect

from ui.app.web.connections import TimedRequests

LIMIT = 0.4


class Quick(TimedRequests):
    limit_seconds = LIMIT


async def app(scope, receive, send) -> None:
    """Answer requests, and repeat what a websocket says."""
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.accept"})
        while (message := await receive())["type"] == "websocket.receive":
            await send({"type": "websocket.send", "text": message["text"]})
    elif scope["type"] == "http":
        while (await receive()).get("more_body"):
            pass
        await asyncio.sleep(3 * LIMIT if scope["path"] == "/slow" else 0)
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
        await send({"type": "http.response.body", "body": b"ok"})


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        configuration = uvicorn.Config(
            app, http=Quick, ws="websockets-sansio", lifespan="off", log_level="error", server_header=False
        )
        server = uvicorn.Server(configuration)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        yield int(listening.getsockname()[1])
        server.should_exit = True
        thread.join(10)


def seconds_until_cut(port: int, *parts: bytes, pause: float = 0.0) -> float:
    """Send parts and return after how long the other side ends the connection."""
    began = time.monotonic()
    with socket.create_connection(("127.0.0.1", port), timeout=20) as link:
        for part in parts:
            link.sendall(part)
            time.sleep(pause)
        try:
            while link.recv(1000):
                pass
        except ConnectionResetError:
            pass
    return time.monotonic() - began


@pytest.mark.parametrize(
    "parts",
    [
        (),
        (b"GET / HT",),
        (b"GET / HTTP/1.1\r\nHost: x\r\n",),
        (b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf",),
        (b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhal",),
    ],
)
def test_half_a_request_is_cut(port: int, parts: tuple[bytes, ...]) -> None:
    assert LIMIT * 0.9 <= seconds_until_cut(port, *parts) < LIMIT + 3


def test_one_byte_now_and_then_does_not_keep_a_connection(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=20) as link:
        began = time.monotonic()
        with pytest.raises(OSError):
            for letter in b"GET / HTTP/1.1\r\nX: " + b"a" * 10_000:
                link.sendall(bytes([letter]))
                time.sleep(LIMIT / 8)
        assert time.monotonic() - began < LIMIT + 3


def test_an_answer_may_take_longer_than_a_request(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=20) as link:
        for path in (b"/slow", b"/", b"/slow"):
            link.sendall(b"GET " + path + b" HTTP/1.1\r\nHost: x\r\n\r\n")
            said = b""
            while not said.endswith(b"ok"):
                part = link.recv(4000)
                assert part, "the connection was cut"
                said += part
            assert said.startswith(b"HTTP/1.1 200")


def test_a_websocket_stays_open(port: int) -> None:
    with connect(f"ws://127.0.0.1:{port}/") as link:
        for number in range(4):
            time.sleep(LIMIT)
            link.send(str(number))
            assert link.recv(timeout=5) == str(number)
