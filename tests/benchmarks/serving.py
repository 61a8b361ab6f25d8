"""A server in a process of its own: when it was started, what memory it and its children hold, its end."""

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.benchmarks.measuring import PROJECT
from tests.browser.serving import free_port

PATIENCE_SECONDS = 120


@dataclass
class Server:
    """A module that serves on a port."""

    module: str
    arguments: Sequence[str]
    variables: dict[str, str]
    port: int
    started: float = 0.0
    process: subprocess.Popen[bytes] | None = field(default=None)

    @property
    def address(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start it and wait until it answers.

        Raises
        ------
        SystemExit
            When it ends before, or does not answer in time.
        """
        self.started = time.monotonic()
        self.process = subprocess.Popen(
            [sys.executable, "-m", self.module, *self.arguments],
            cwd=PROJECT,
            env={**os.environ, **self.variables},
            stdout=subprocess.DEVNULL,
        )
        while time.monotonic() < self.started + PATIENCE_SECONDS and self.process.poll() is None:
            try:
                urllib.request.urlopen(self.address, timeout=5).close()
                return
            except (urllib.error.URLError, OSError):
                time.sleep(0.02)
        sys.exit(f"{self.module} did not start")

    def processes(self) -> list[int]:
        """Return the process and all below it."""
        held, waiting = [], [self.process.pid] if self.process else []
        while waiting:
            pid = waiting.pop()
            held.append(pid)
            for task in Path(f"/proc/{pid}/task").glob("*/children"):
                waiting += map(int, task.read_text().split())
        return held

    def memory(self) -> float:
        """Return MiB held by all its processes, shared pages counted once."""
        rollups = [Path(f"/proc/{pid}/smaps_rollup").read_text() for pid in self.processes()]
        return sum(int(text.partition("Pss:")[2].split()[0]) for text in rollups) / 1024

    def stop(self) -> None:
        """End it as a keeper would."""
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(30)


def start(module: str, arguments: Sequence[str | Path], **variables: str) -> Server:
    """Return a server on a free port, not yet started; ``{port}`` in the arguments becomes its port."""
    port = free_port()
    given = [str(one).replace("{port}", str(port)) for one in arguments]
    return Server(module, given, {"PORT": str(port), **variables}, port)
