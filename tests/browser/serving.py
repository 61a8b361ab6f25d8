"""Starts the dashboard as `make run` does, on a free port, and stops it again."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.support import PROJECT

START_LIMIT_SECONDS = 90
LOOPBACK = ("http://127.0.0.1:", "ws://127.0.0.1:", "data:", "blob:")


@dataclass(frozen=True)
class Site:
    """A server and the processes that serve for it."""

    address: str
    process: subprocess.Popen[str]

    def workers(self) -> list[int]:
        """Return the processes below it, oldest first."""
        tasks = Path(f"/proc/{self.process.pid}/task").glob("*/children")
        return sorted(int(pid) for task in tasks for pid in task.read_text().split())

    def sockets(self) -> dict[int, int]:
        """Return how many connections of readers each of them holds."""
        return {pid: self._held(pid) for pid in self.workers()}

    def _held(self, pid: int) -> int:
        port = f"{urlsplit(self.address).port:04X}"
        try:
            lines = Path(f"/proc/{pid}/net/tcp").read_text().splitlines()[1:]
            links = [link for one in Path(f"/proc/{pid}/fd").iterdir() if (link := _target(one))]
        except OSError:  # it has just ended
            return 0
        # Local address, state (01: established) and number of each connection.
        fields = [line.split() for line in lines]
        open_here = {row[9] for row in fields if row[1].endswith(f":{port}") and row[3] == "01"}
        return sum(link.startswith("socket:[") and link[8:-1] in open_here for link in links)


def _target(link: Path) -> str:
    """Return where a link leads: one that is closed meanwhile must not hide the others of its process."""
    try:
        return str(link.readlink())
    except OSError:
        return ""


@contextmanager
def serving(release: Path, **environment: str) -> Iterator[str]:
    """Serve a release with `python -m ui.app.serve`; yield the address; as `several`."""
    with several(release, 1, **environment) as site:
        yield site.address


@contextmanager
def several(release: Path, workers: int, **environment: str) -> Iterator[Site]:
    """Serve a release by several processes; yield the site; stop what was started.

    Parameters
    ----------
    release
        Folder of the release; it need not exist.
    workers
        How many processes.
    **environment
        Variables for the server beside those of this process; ``{port}`` in them becomes its port.
    """
    port = free_port()
    given = {name: value.replace("{port}", str(port)) for name, value in environment.items()}
    variables = {**os.environ, "LTT_RELEASE": str(release), "LTT_OPEN": "0", "PORT": str(port)}
    variables |= {"LTT_WORKERS": str(workers), **given}
    process = subprocess.Popen(
        [sys.executable, "-m", "ui.app.serve"],
        cwd=PROJECT,
        env=variables,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        wait_until_ready(f"http://127.0.0.1:{port}/_stcore/health", process)
        yield Site(f"http://127.0.0.1:{port}", process)
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=30)


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until_ready(health: str, process: subprocess.Popen[str]) -> None:
    """Wait until an address answers; the test fails when the process ends before."""
    deadline = time.monotonic() + START_LIMIT_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            pytest.fail(f"the server stopped at its start:\n{process.communicate()[0]}")
        try:
            urllib.request.urlopen(health, timeout=2).close()
            return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    pytest.fail(f"the server did not answer within {START_LIMIT_SECONDS} s")


def leaves_this_machine(address: str) -> bool:
    """Return whether a request goes anywhere but to the server of the test."""
    return not address.startswith(LOOPBACK)
