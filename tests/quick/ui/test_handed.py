"""A server without an address: answers what is handed to it, says what it serves, ends with its channel."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest
import uvicorn
from websockets.sync.client import connect

from tests.quick.ui.test_connections import app
from ui.app.supervisor import CONNECTION
from ui.app.web.connections import TimedRequests
from ui.app.web.handed import HandedOver

SECONDS = 20


@dataclass
class Worker:
    """A server in a thread, seen from the supervisor's end of its channel."""

    channel: socket.socket
    thread: threading.Thread
    heard: list[str] = field(default_factory=list)
    said: bytes = b""

    def until_it_says(self, line: str) -> None:
        """Read its lines until one of them is said."""
        ends = time.monotonic() + SECONDS
        while f"{line}\n".encode() not in self.said:
            assert time.monotonic() < ends, self.said
            self.said += self.channel.recv(1_000)
        self.said = self.said.partition(f"{line}\n".encode())[2]

    def reader(self) -> socket.socket:
        """Return a reader's end of a connection that was handed over."""
        with socket.create_server(("127.0.0.1", 0)) as listening:
            mine = socket.create_connection(listening.getsockname(), timeout=SECONDS)
            theirs, _ = listening.accept()
        with theirs:
            socket.send_fds(self.channel, [f"{CONNECTION}\n".encode()], [theirs.fileno()])
        return mine


@pytest.fixture
def worker() -> Iterator[Worker]:
    mine, theirs = socket.socketpair()
    mine.settimeout(SECONDS)
    found = Worker(mine, threading.Thread())
    configuration = uvicorn.Config(
        app, http=TimedRequests, ws="websockets-sansio", lifespan="off", log_level="error"
    )
    server = HandedOver(configuration, theirs, found.heard.append)
    found.thread = threading.Thread(target=server.run)
    found.thread.start()
    found.until_it_says("ready")
    yield found
    mine.close()
    found.thread.join(SECONDS)
    theirs.close()
    assert not found.thread.is_alive(), "who handed over is gone, and it serves on"


def until(is_so: Callable[[], bool]) -> None:
    ends = time.monotonic() + SECONDS
    while not is_so():
        assert time.monotonic() < ends, "not in time"
        time.sleep(0.02)


def test_it_answers_what_is_handed_over(worker: Worker) -> None:
    links = [worker.reader() for _ in range(3)]
    for link in reversed(links):
        link.sendall(b"GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")
        answer = b""
        while part := link.recv(1_000):
            answer += part
        assert answer.startswith(b"HTTP/1.1 200") and answer.endswith(b"ok")
        link.close()


def test_it_tells_how_many_pages_it_serves_and_that_it_lives(worker: Worker) -> None:
    with connect("ws://127.0.0.1/", sock=worker.reader()) as first:
        worker.until_it_says("sockets 1")
        with connect("ws://127.0.0.1/", sock=worker.reader()) as second:
            worker.until_it_says("sockets 2")
            second.send("hello")
            assert second.recv() == "hello"
        worker.until_it_says("sockets 1")
        first.send("still here")
        assert first.recv() == "still here"
    worker.until_it_says("sockets 0")
    worker.until_it_says("alive")


def test_it_hears_whole_lines_however_they_come(worker: Worker) -> None:
    worker.channel.sendall(b"ended a\nfollow")
    until(lambda: worker.heard == ["ended a"])
    worker.channel.sendall(b" b c\n")
    until(lambda: worker.heard == ["ended a", "follow b c"])


def test_a_reader_who_has_gone_again_harms_nothing(worker: Worker) -> None:
    for _ in range(5):
        worker.reader().close()
    test_it_answers_what_is_handed_over(worker)


def test_it_ends_when_the_channel_does_though_somebody_reads(worker: Worker) -> None:
    with connect("ws://127.0.0.1/", sock=worker.reader()):
        worker.until_it_says("sockets 1")
        worker.channel.close()
        worker.thread.join(SECONDS)
        assert not worker.thread.is_alive()
