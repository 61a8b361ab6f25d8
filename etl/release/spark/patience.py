"""Waiting for somebody who may never come: a thread works, and nobody has to wait for that thread."""

import threading
import time
from collections.abc import Callable
from typing import TypeVar

START_SECONDS = 120
#: How long the first worker has to come.
MEET_SECONDS = 120
#: How long work may lie there that no worker takes.
WORKER_SECONDS = 120
STOP_SECONDS = 20
#: How often it is looked whether anything is at work.
LOOK_SECONDS = 1.0
Result = TypeVar("Result")


class NothingHappensError(Exception):
    """Nobody was at work for as long as somebody was willing to wait."""


def always() -> bool:
    """Count all time as waiting: whoever waits so waits no longer than he said."""
    return True


def in_time(work: Callable[[], Result], seconds: float, is_waiting: Callable[[], bool] = always) -> Result:
    """Do something that may wait for ever.

    Parameters
    ----------
    work
        Done in a thread of its own; what it raises is raised here.
    seconds
        How long it may wait without a break.
    is_waiting
        Tells whether it waits now. By default it always does.

    Raises
    ------
    NothingHappensError
        When it waited so long. The thread is left to itself, and ends with the process.
    """
    results: list[Result] = []
    errors: list[BaseException] = []
    is_over = threading.Event()

    def run() -> None:
        try:
            results.append(work())
        except BaseException as error:  # raised below, in the thread that is waited for
            errors.append(error)
        is_over.set()

    threading.Thread(target=run, daemon=True).start()
    moved = time.monotonic()
    while not is_over.wait(min(LOOK_SECONDS, seconds)):
        if not is_waiting():
            moved = time.monotonic()
        elif time.monotonic() - moved >= seconds:
            raise NothingHappensError
    if errors:
        raise errors[0]
    return results[0]
