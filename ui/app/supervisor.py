"""Several processes behind one address: starts them, hands them connections, starts one anew that ends.

This process listens, and gives each connection to the process that serves the fewest websockets: a page keeps
its one for as long as it is open, so that chance alone would leave some processes idle. It reads nothing of
what travels. Nothing that a reader sees lives in one process (the address and the release are all of it): a
page whose process ends connects again, to another one, and is drawn there as it was.
"""

import os
import random
import re
import secrets
import selectors
import socket
import subprocess
import sys
import time
from collections import deque
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from ui.app.web.settings import ServeError

MOST_WORKERS = 64
#: Names for a process the file number of its channel, over which go connections and these lines.
CHANNEL = "LTT_CHANNEL"
READY, ALIVE, SOCKETS, CONNECTION = "ready", "alive", "sockets", "connection"
MOST_AT_ONCE = 64
#: Signs cookies: processes of one site must know each other's.
COOKIE_SECRET = "STREAMLIT_SERVER_COOKIE_SECRET"  # noqa: S105 - the name of the variable
#: A process that says nothing for so long serves nobody any more.
SILENT_SECONDS = 60.0
START_SECONDS = 120.0
#: What was handed over just now is not among the websockets that a process has told of.
FRESH_SECONDS = 1.0
STOP_SECONDS = 10.0
#: One that ends before it has run for long is started anew after a pause, and then after one twice as long.
SETTLED_SECONDS = 30.0
PAUSE_SECONDS, LONGEST_PAUSE = 1.0, 30.0
_BACKLOG = 2_048
_MOST_TOLD = 10_000
_NEWS = re.compile(r"ended [0-9a-f]{64}|follow [0-9a-f]{64} [0-9a-f]{64}")


def chosen_workers(text: str) -> int:
    """Return how many processes are asked for.

    Raises
    ------
    ServeError
        If it is not a whole number from 1 to `MOST_WORKERS`, or this system cannot hand connections over.
    """
    if not (text.isascii() and text.isdigit()) or not 1 <= int(text) <= MOST_WORKERS:
        raise ServeError(
            f"WORKERS is {text[:40]!r}. Allowed: a whole number from 1 to {MOST_WORKERS}, one for each core "
            "of this machine. Next: make run WORKERS=2"
        )
    if int(text) > 1 and not hasattr(socket, "send_fds"):
        raise ServeError(
            "WORKERS above 1 needs Linux or macOS: this system cannot hand a connection to another process. "
            "Next: leave WORKERS out"
        )
    return int(text)


@dataclass(eq=False)
class Worker:
    """One process, as the supervisor knows it."""

    name: str
    process: subprocess.Popen[bytes]
    channel: socket.socket
    started: float
    heard: float
    is_ready: bool = False
    sockets: int = 0
    fresh: deque[float] = field(default_factory=deque)
    rest: bytes = b""

    def load(self, now: float) -> int:
        """Return how many connections it holds that stay, as far as is known."""
        while self.fresh and now - self.fresh[0] > FRESH_SECONDS:
            self.fresh.popleft()
        return self.sockets + len(self.fresh)


class Supervisor:
    """The processes of one site.

    Parameters
    ----------
    listener
        Where readers come; already bound.
    command
        Starts a process (`ui.app.serve.command`).
    count
        How many there are to be.
    folder, environment
        Where they run, and with what.
    """

    def __init__(
        self,
        listener: socket.socket,
        command: Sequence[str],
        count: int,
        *,
        folder: str,
        environment: Mapping[str, str],
    ) -> None:
        self._listener, self._command, self._folder = listener, list(command), folder
        self._environment = {COOKIE_SECRET: secrets.token_hex(32), **environment}
        self._names = [str(number) for number in range(1, count + 1)]
        self._selector = selectors.DefaultSelector()
        self._workers: dict[str, Worker] = {}
        self._due: dict[str, float] = {}
        self._pauses: dict[str, float] = {}
        self._news: deque[str] = deque(maxlen=_MOST_TOLD)
        self._listens = False

    def start(self) -> bool:
        """Start all; return whether all are ready. Connections that come before wait."""
        self._listener.listen(_BACKLOG)
        self._listener.setblocking(False)
        for name in self._names:
            self._start(name)
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and not self._due:
            if all(worker.is_ready for worker in self._workers.values()):
                return True
            self._step(0.2)
        return False

    def run(self) -> int:
        """Serve until stopped, or until nothing can be started any more; return an exit code."""
        while self._workers or min(self._pauses.values(), default=0.0) < LONGEST_PAUSE:
            self._step(1.0)
        print("No process of the dashboard can be started any more.", file=sys.stderr, flush=True)
        return 1

    def stop(self) -> None:
        """End all, gently first."""
        self._listener.close()
        for worker in self._workers.values():
            worker.process.terminate()
        deadline = time.monotonic() + STOP_SECONDS
        for worker in self._workers.values():
            try:
                worker.process.wait(max(deadline - time.monotonic(), 0.1))
            except subprocess.TimeoutExpired:
                worker.process.kill()
                worker.process.wait()
            worker.channel.close()
        self._workers.clear()
        self._selector.close()

    def _start(self, name: str) -> None:
        mine, theirs = socket.socketpair()
        with theirs:
            process = subprocess.Popen(  # noqa: S603 - our own interpreter and file
                self._command,
                cwd=self._folder,
                env={**self._environment, CHANNEL: str(theirs.fileno())},
                pass_fds=[theirs.fileno()],
                start_new_session=True,  # Ctrl+C is for the supervisor, which ends all in order
            )
        mine.setblocking(False)
        now = time.monotonic()
        self._workers[name] = Worker(name, process, mine, now, now)
        self._selector.register(mine, selectors.EVENT_READ, name)

    def _step(self, patience: float) -> None:
        self._listen(any(worker.is_ready for worker in self._workers.values()))
        for key, _ in self._selector.select(patience):
            if key.data is None:
                self._accept()
            elif key.data in self._workers:
                self._hear(self._workers[key.data])
        now = time.monotonic()
        for worker in list(self._workers.values()):
            patience = SILENT_SECONDS if worker.is_ready else START_SECONDS
            if now - worker.heard > patience:
                self._end(worker, f"has said nothing for {patience:.0f} seconds")
        for name in [name for name, due in self._due.items() if due <= now]:
            del self._due[name]
            self._start(name)

    def _listen(self, wanted: bool) -> None:
        if wanted == self._listens:
            return
        if wanted:
            self._selector.register(self._listener, selectors.EVENT_READ, None)
        else:
            self._selector.unregister(self._listener)
        self._listens = wanted

    def _accept(self) -> None:
        for _ in range(MOST_AT_ONCE):
            try:
                connection, _ = self._listener.accept()
            except OSError:  # nobody else is waiting, or who was has gone
                return
            with connection:
                self._hand_over(connection)

    def _hand_over(self, connection: socket.socket) -> None:
        now = time.monotonic()
        ready = [worker for worker in self._workers.values() if worker.is_ready]
        for worker in sorted(ready, key=lambda one: (one.load(now), random.random())):  # noqa: S311
            with suppress(OSError):  # it has not read for long, or has just ended: the next one then
                socket.send_fds(worker.channel, [f"{CONNECTION}\n".encode()], [connection.fileno()])
                worker.fresh.append(now)
                return

    def _hear(self, worker: Worker) -> None:
        try:
            data = worker.channel.recv(65_536)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self._end(worker, "has ended")
            return
        worker.heard = time.monotonic()
        *lines, worker.rest = (worker.rest + data).split(b"\n")
        for line in lines:
            self._read(worker, line.decode("ascii", "replace"))

    def _read(self, worker: Worker, line: str) -> None:
        kind, _, value = line.partition(" ")
        if kind == READY:
            worker.is_ready = True
            for news in self._news:
                self._tell(worker, news)
        elif kind == SOCKETS and value.isdigit():
            worker.sockets = int(value)
        elif _NEWS.fullmatch(line):
            self._news.append(line)
            for other in list(self._workers.values()):
                if other is not worker and other.is_ready:
                    self._tell(other, line)

    def _tell(self, worker: Worker, line: str) -> None:
        # Whoever cannot be told that a sign-in ended must not go on: it is started anew, and is told then.
        try:
            worker.channel.sendall(f"{line}\n".encode())
        except OSError:
            worker.process.kill()

    def _end(self, worker: Worker, why: str) -> None:
        """Forget a process that is of no use any more; another one is started in its place."""
        self._selector.unregister(worker.channel)
        worker.channel.close()
        worker.process.kill()
        code = worker.process.wait()
        del self._workers[worker.name]
        now = time.monotonic()
        pause = 0.0
        if now - worker.started < SETTLED_SECONDS:
            pause = min(self._pauses.get(worker.name, PAUSE_SECONDS / 2) * 2, LONGEST_PAUSE)
        self._pauses[worker.name] = pause
        self._due[worker.name] = now + pause
        print(
            f"Process {worker.name} of the dashboard {why} ({code}); another one takes its place.",
            file=sys.stderr,
            flush=True,
        )


def listener(host: str, port: int) -> socket.socket:
    """Return the socket where readers come.

    Raises
    ------
    ServeError
        If this machine has no such address, or the port is taken.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=_BACKLOG)
    except OSError as error:
        raise ServeError(
            f"{host}, port {port}: {os.strerror(error.errno or 0)}. Next: another PORT"
        ) from None
