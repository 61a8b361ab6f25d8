"""A one-line progress bar on stderr for people; silence for scripts."""

import sys
import time
from dataclasses import dataclass, field
from typing import TextIO

from etl.errors import harmless

WIDTH = 24
_BETWEEN = 0.2  # seconds between two drawings of the same step
CLEAR_LINE = "\r\033[2K"


@dataclass
class Timing:
    """How long one step took, in seconds."""

    step: str
    seconds: float


@dataclass
class Progress:
    """Shows which step of how many runs; keeps the timings either way.

    Parameters
    ----------
    is_shown
        Draw the bar. `for_terminal` decides: only on a terminal and not with ``--json``.
    total
        Number of steps expected; grows by itself when there are more.
    """

    is_shown: bool = False
    total: int = 1
    stream: TextIO = field(default_factory=lambda: sys.stderr)
    timings: list[Timing] = field(default_factory=list)
    _step: str = ""
    _started: float = 0.0
    _drawn: float = 0.0

    @classmethod
    def for_terminal(cls, is_json: bool) -> "Progress":
        """Return a bar that is drawn only where a person sees it."""
        return cls(is_shown=not is_json and sys.stderr.isatty())

    def expect(self, steps: int) -> None:
        """Say that so many more steps will come."""
        self.total = len(self.timings) + steps

    def start(self, step: str) -> None:
        """Begin a step; the one before it has ended."""
        self._end()
        self._step, self._started = step, time.perf_counter()
        self._draw()

    def rows(self, done: int) -> None:
        """Say how many rows of a step are done; drawn at most a few times a second."""
        self.so_far(f"{done:,} rows")

    def so_far(self, words: str) -> None:
        """Say how far a step has come; drawn at most a few times a second."""
        if self.is_shown and time.perf_counter() - self._drawn > _BETWEEN:
            self._draw(words)

    def seconds(self) -> dict[str, float]:
        """Return the time of each step; steps of the same name are added up."""
        total: dict[str, float] = {}
        for timing in self.timings:
            total[timing.step] = round(total.get(timing.step, 0.0) + timing.seconds, 3)
        return total

    def finish(self) -> None:
        """End the last step and take the bar away."""
        self._end()
        if self.is_shown:
            self.stream.write(CLEAR_LINE)
            self.stream.flush()

    def _end(self) -> None:
        if self._step:
            self.timings.append(Timing(self._step, round(time.perf_counter() - self._started, 3)))
            self._step = ""

    def _draw(self, so_far: str = "") -> None:
        if not self.is_shown:
            return
        self._drawn = time.perf_counter()
        done = len(self.timings)
        self.total = max(self.total, done + 1)
        filled = WIDTH * done // self.total
        bar = "█" * filled + "░" * (WIDTH - filled)
        words = f"{harmless(self._step)}{f', {so_far}' if so_far else ''}"
        self.stream.write(f"{CLEAR_LINE}{bar} {done + 1}/{self.total} {words}")
        self.stream.flush()
