"""How far a long piece of work has come: a call that tells it, and one line on a terminal."""

import sys
from collections.abc import Callable

Progress = Callable[[int, int], None]
"""Is told how much is done, and of how much."""


def bar(step: str) -> Progress | None:
    """Return what tells on a terminal how far it is; None for a timetable, whose log needs no bar.

    Parameters
    ----------
    step
        What is being done, in words that stand before the two numbers.
    """
    if not sys.stderr.isatty():
        return None

    def told(done: int, of: int) -> None:
        print(f"\r{step} {done:,} of {of:,}", end="" if done < of else "\n", file=sys.stderr, flush=True)

    return told
