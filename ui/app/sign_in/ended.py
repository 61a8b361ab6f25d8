"""Sign-ins that ended before their time. A cookie that was copied before must not open anything after.

A browser that signs in once more has tabs of both sign-ins: who signs out of the later one means both.

Kept by this process, which tells it to the others of its site (`ui.app.supervisor`); when all start again,
every open page asks for its cookie again, and that is gone.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

MOST = 10_000
_lock = threading.Lock()
_ended: OrderedDict[str, float] = OrderedDict()
_earlier: OrderedDict[str, str] = OrderedDict()
_others: list[Callable[[str], None]] = []


def share(tell: Callable[[str], None]) -> None:
    """Have the other processes of this site told, each thing in a line."""
    _others[:] = [tell]


def take(line: str) -> list[str]:
    """Remember what another process told; return the sign-ins that ended."""
    kind, *named = line.split(" ")
    if kind == "ended" and len(named) == 1:
        return _end(named[0])
    if kind == "follow" and len(named) == 2:
        _follow(*named)
    return []


def follow(earlier: str, later: str) -> None:
    """Remember that a browser that had a sign-in got another one."""
    if earlier != later:
        _follow(earlier, later)
        _tell(f"follow {earlier} {later}")


def end(sign_in: str) -> list[str]:
    """Remember that a sign-in ended; return it with those before it in the same browser, which ended too."""
    over = _end(sign_in)
    for one in over:
        _tell(f"ended {one}")
    return over


def _tell(line: str) -> None:
    for tell in _others:
        tell(line)


def _follow(earlier: str, later: str) -> None:
    with _lock:
        _earlier[later] = earlier
        _forget_oldest(_earlier)


def _end(sign_in: str) -> list[str]:
    over: list[str] = []
    with _lock:
        earlier: str | None = sign_in
        while earlier is not None:
            over.append(earlier)
            _ended[earlier] = time.time()
            # Taken out as they are read, so that no circle of them is followed for ever.
            earlier = _earlier.pop(earlier, None)
        _forget_oldest(_ended)
    return over


def has(sign_in: str) -> bool:
    """Return whether it ended."""
    with _lock:
        return sign_in in _ended


def _forget_oldest(kept: OrderedDict[str, Any]) -> None:
    while len(kept) > MOST:
        kept.popitem(last=False)
