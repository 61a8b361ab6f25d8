"""Sign-ins that ended before their time. A cookie that was copied before must not open anything after.

A browser that signs in once more has tabs of both sign-ins: who signs out of the later one means both.

Kept by this process; when it starts again, every open page asks for its cookie again, and that is gone.
"""

import threading
import time
from collections import OrderedDict
from typing import Any

MOST = 10_000
_lock = threading.Lock()
_ended: OrderedDict[str, float] = OrderedDict()
_earlier: OrderedDict[str, str] = OrderedDict()


def follow(earlier: str, later: str) -> None:
    """Remember that a browser that had a sign-in got another one."""
    if earlier != later:
        with _lock:
            _earlier[later] = earlier
            _forget_oldest(_earlier)


def end(sign_in: str) -> list[str]:
    """Remember that a sign-in ended; return it with those before it in the same browser, which ended too."""
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
