"""Sign-ins that ended before their time. A cookie that was copied before must not open anything after.

Kept by this process; when it starts again, every open page asks for its cookie again, and that is gone.
"""

import threading
import time
from collections import OrderedDict

MOST = 10_000
_lock = threading.Lock()
_ended: OrderedDict[str, float] = OrderedDict()


def end(sign_in: str) -> None:
    """Remember that a sign-in ended."""
    with _lock:
        _ended[sign_in] = time.time()
        while len(_ended) > MOST:
            _ended.popitem(last=False)


def has(sign_in: str) -> bool:
    """Return whether it ended."""
    with _lock:
        return sign_in in _ended
