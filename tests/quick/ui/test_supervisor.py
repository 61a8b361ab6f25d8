"""Several processes behind one address: who gets a connection, what each is told, what follows an end.

The processes are small ones of these tests, which answer a connection with their name.
"""

import os
import socket
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from ui.app import supervisor
from ui.app.serve import ServeError
from ui.app.sign_in import ended, sockets
from ui.app.supervisor import COOKIE_SECRET, Supervisor, Worker, chosen_workers, listener

pytestmark = pytest.mark.command
SECONDS = 20
#: Says that it is ready; then says to a reader its number or what it heard, tells the others, or ends.
SMALL = """
import os, socket, sys
channel = socket.socket(fileno=int(os.environ["LTT_CHANNEL"]))
heard = b""
channel.sendall(b"ready\\n")
while True:
    data, numbers, _, _ = socket.recv_fds(channel, 65536, 64)
    if not data:
        sys.exit()
    heard += data.replace(b"connection\\n", b"")
    for number in numbers:
        with socket.socket(fileno=number) as reader:
            asked = reader.recv(2000).decode()
            if asked == "end":
                os._exit(3)
            if asked.startswith("tell "):
                channel.sendall(asked[5:].encode() + b"\\n")
            if asked == "heard":
                reader.sendall(heard or b"nothing")
            elif asked == "secret":
                reader.sendall(os.environ["STREAMLIT_SERVER_COOKIE_SECRET"].encode())
            else:
                reader.sendall(str(os.getpid()).encode())
"""


class Site:
    """A supervisor that runs, and its address."""

    def __init__(self, made: Supervisor, port: int) -> None:
        self.made, self.port = made, port

    def ask(self, words: str = "who") -> str:
        """Return what the process says that gets the next connection; empty when it ends meanwhile."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=SECONDS) as link:
            link.sendall(words.encode())
            try:
                return link.recv(65_536).decode()
            except ConnectionError:
                return ""

    def pids(self) -> set[str]:
        """Return the processes that are ready."""
        return {str(one.process.pid) for one in list(self.made._workers.values()) if one.is_ready}


def until(is_so: Callable[[], bool]) -> None:
    ends = time.monotonic() + SECONDS
    while not is_so():
        assert time.monotonic() < ends, "not in time"
        time.sleep(0.02)


@contextmanager
def running(tmp_path: Path, count: int, script: str = SMALL) -> Iterator[Site]:
    (tmp_path / "small.py").write_text(script)
    at = listener("127.0.0.1", 0)
    port = int(at.getsockname()[1])
    made = Supervisor(
        at, [sys.executable, "small.py"], count, folder=str(tmp_path), environment=dict(os.environ)
    )
    assert made.start()
    goes_on = [True]

    def run() -> None:
        while goes_on[0]:
            made._step(0.05)

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield Site(made, port)
    finally:
        goes_on[0] = False
        thread.join(SECONDS)
        held = [one.process for one in made._workers.values()]
        made.stop()
        assert all(one.poll() is not None for one in held), "nothing is left running"


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    monkeypatch.setattr(supervisor, "PAUSE_SECONDS", 0.02)
    with running(tmp_path, 2) as found:
        yield found


@pytest.mark.parametrize("text", ["0", "-1", "two", "1.5", "65", "٢", "2 "])
def test_how_many_is_a_number_that_a_machine_can_have(text: str) -> None:
    with pytest.raises(ServeError, match="from 1 to 64"):
        chosen_workers(text)
    assert chosen_workers("4") == 4


def test_a_port_that_is_taken_is_said() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        with pytest.raises(ServeError, match="in use"):
            listener("127.0.0.1", other.getsockname()[1])


def test_connections_are_shared_out_evenly(site: Site) -> None:
    found = Counter(site.ask() for _ in range(20))
    assert set(found) == site.pids() and min(found.values()) >= 8


def test_who_serves_the_fewest_pages_gets_the_next(site: Site) -> None:
    busy = site.ask("tell sockets 30")
    until(lambda: any(one.sockets == 30 for one in site.made._workers.values()))
    assert {site.ask() for _ in range(10)} == site.pids() - {busy}


def test_one_that_ends_is_replaced_while_the_other_answers(site: Site) -> None:
    before = site.pids()
    assert site.ask("end") == ""
    assert site.ask() in before, "nobody waits for the new one"
    until(lambda: len(site.pids()) == 2 and site.pids() != before)
    assert {site.ask() for _ in range(10)} == site.pids()


def test_one_that_says_nothing_for_long_is_replaced(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    before = site.pids()
    monkeypatch.setattr(supervisor, "SILENT_SECONDS", 0.3)
    until(lambda: not before & site.pids())


def test_what_one_tells_the_others_know_also_those_that_come_later(site: Site) -> None:
    news, other = f"ended {'a' * 64}", f"follow {'a' * 64} {'b' * 64}"
    teller = site.ask(f"tell {news}\n{other}")
    until(lambda: list(site.made._news) == [news, other])
    heard = {site.ask("heard") for _ in range(10)}
    assert heard == {"nothing", f"{news}\n{other}\n"}, "whoever told it is not told"
    site.ask("end")
    site.ask("end")
    until(lambda: len(site.pids()) == 2 and teller not in site.pids())
    assert f"{news}\n{other}\n" in {site.ask("heard") for _ in range(10)}


@pytest.mark.parametrize("line", ["ended", "ended x", f"ended {'a' * 64} more", "connection", "x" * 500])
def test_nothing_else_is_passed_on(site: Site, line: str) -> None:
    site.ask(f"tell {line}")
    site.ask(f"tell ended {'c' * 64}")
    until(lambda: bool(site.made._news))
    assert list(site.made._news) == [f"ended {'c' * 64}"]


def test_all_sign_cookies_with_one_secret_and_the_next_start_with_another(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = {site.ask("secret") for _ in range(10)}
    assert len(found) == 1 and len(found.pop()) == 64
    (tmp_path / "again").mkdir()
    monkeypatch.setenv(COOKIE_SECRET, "the keeper's own")
    with running(tmp_path / "again", 2) as other:
        assert other.ask("secret") == "the keeper's own"


def test_a_start_that_fails_is_no_start(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "small.py").write_text("raise SystemExit(1)")
    made = Supervisor(
        listener("127.0.0.1", 0), [sys.executable, "small.py"], 2, folder=str(tmp_path), environment={}
    )
    assert not made.start()
    made.stop()
    assert "has ended (1)" in capfd.readouterr().err


def test_what_can_never_be_started_again_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(supervisor, "PAUSE_SECONDS", 0.01)
    monkeypatch.setattr(supervisor, "LONGEST_PAUSE", 0.04)
    (tmp_path / "small.py").write_text("raise SystemExit(1)")
    made = Supervisor(
        listener("127.0.0.1", 0), [sys.executable, "small.py"], 1, folder=str(tmp_path), environment={}
    )
    made.start()
    assert made.run() == 1
    made.stop()
    assert "can be started any more" in capfd.readouterr().err


def test_what_was_handed_over_just_now_counts_until_it_is_known() -> None:
    worker = Worker("1", None, None, 0.0, 0.0, sockets=3)  # type: ignore[arg-type]
    worker.fresh.extend([10.0, 10.9])
    assert worker.load(10.9) == 5
    assert worker.load(11.5) == 4
    assert worker.load(20.0) == 3


def test_a_sign_in_that_ended_elsewhere_has_ended_here(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    drawn: list[str] = []
    first, second, third = "1" * 64, "2" * 64, "3" * 64
    monkeypatch.setattr(ended, "_others", [told.append])
    monkeypatch.setattr(sockets, "draw_anew", drawn.append)
    sockets.hear(f"follow {first} {second}")
    sockets.hear(f"ended {second}")
    assert ended.has(first) and ended.has(second) and drawn == [second, first]
    assert told == [], "it is not told again"
    sockets.hear("ended")
    sockets.hear("something else")
    ended.follow(second, third)
    assert ended.end(third) == [third, second]
    assert told == [f"follow {second} {third}", f"ended {third}", f"ended {second}"]
