"""One writer at a time in a home folder.

The lock belongs to the open file, so the system gives it back when the process ends, however it ends.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

from etl.config import PRIVATE_FILE, Home, secure
from etl.errors import LoadRunningError
from etl.surroundings import NOT_ALLOWED

if sys.platform == "win32":
    import msvcrt

    def _lock(file: TextIO, wait: bool) -> bool:
        file.seek(0)
        while True:
            try:
                # LK_LOCK waits ten seconds by itself before it gives up.
                msvcrt.locking(file.fileno(), msvcrt.LK_LOCK if wait else msvcrt.LK_NBLCK, 1)
            except OSError:
                if not wait:
                    return False
            else:
                return True
else:
    import fcntl

    def _lock(file: TextIO, wait: bool) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


#: Of loads, and of the desk: empty files that belong to no copy of a home.
LOCKS = ("lock", "desk.lock")


@contextmanager
def exclusive(home: Home, wait: bool = False, *, is_reading: bool = False) -> Iterator[None]:
    """Hold the lock of a home folder.

    Parameters
    ----------
    wait
        Wait for another load to end instead of refusing.
    is_reading
        Nothing will be written: a home on a disk that may only be read is no fault then.

    Raises
    ------
    LoadRunningError
        When another process holds it and ``wait`` is False.
    """
    path = home.restricted / LOCKS[0]
    try:
        secure(home)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, PRIVATE_FILE)
    except OSError as error:
        if not is_reading or error.errno not in NOT_ALLOWED or not home.restricted.is_dir():
            raise
        if not path.exists():  # nobody has ever written here
            yield
            return
        descriptor = os.open(path, os.O_RDONLY)
    with os.fdopen(descriptor, "r", encoding="ascii") as file:
        if not _lock(file, wait):
            raise LoadRunningError(
                f"Another load is running in {home.root}. Nothing was changed.",
                "Repeat when it has ended, or add --wait.",
            )
        yield


@contextmanager
def desk_of(home: Home) -> Iterator[int]:
    """Hold the one desk of a home folder; loads go on beside it, each under the lock of its own.

    Yields
    ------
    int
        The open file. A process that it is handed to holds the lock as well, for as long as it runs.

    Raises
    ------
    LoadRunningError
        When a desk of this home is open already.
    """
    secure(home)
    descriptor = os.open(home.restricted / LOCKS[1], os.O_RDWR | os.O_CREAT, PRIVATE_FILE)
    with os.fdopen(descriptor, "r", encoding="ascii") as file:
        if not _lock(file, wait=False):
            raise LoadRunningError(
                f"A desk of {home.root} is open already. Nothing was changed.",
                "Use the address that was printed when it was started, or stop that one with Ctrl+C.",
            )
        yield file.fileno()
