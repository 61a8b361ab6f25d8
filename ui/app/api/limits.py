"""How often one address of the network, or one token, may ask: a bucket that fills again by itself.

In memory and of a bounded size: whoever asks from very many addresses pushes others' buckets out, which lets
these ask a little more often; it never fills the memory.
"""

import ipaddress
import math
import time
from collections import OrderedDict
from collections.abc import Callable

from analysis.api.problems import Problem

MOST_CALLERS = 10_000
_SECONDS = 60.0
_IPV6_NETWORK = 64  # what one subscriber is given: each address of it would else be a caller of its own


class Limiter:
    """Counts requests by caller.

    Parameters
    ----------
    per_minute
        Requests that a caller may make in a minute, and at once after a pause.
    most
        Callers that are remembered.
    clock
        Seconds, of any beginning.
    """

    def __init__(
        self, per_minute: int, most: int = MOST_CALLERS, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.per_minute, self.most, self._clock = per_minute, most, clock
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait(self, caller: str) -> int:
        """Count one request; return 0 when it may be answered, else the seconds after which it may."""
        now = self._clock()
        left, when = self._left.pop(caller, (float(self.per_minute), now))
        left = min(left + (now - when) * self.per_minute / _SECONDS, float(self.per_minute))
        may = left >= 1
        self._left[caller] = (left - 1 if may else left, now)
        while len(self._left) > self.most:
            self._left.popitem(last=False)
        return 0 if may else max(math.ceil((1 - left) * _SECONDS / self.per_minute), 1)


def count(limiter: Limiter, caller: str) -> None:
    """Count one request of a caller.

    Raises
    ------
    Problem
        When it may not be answered now.
    """
    if seconds := limiter.wait(caller):
        raise Problem(
            429,
            "too-many",
            f"At most {limiter.per_minute} requests a minute are answered.",
            f"Ask again in {seconds} s.",
            retry_after=seconds,
        )


def caller_of(host: str) -> str:
    """Return by what an address of the network is counted: itself, or its network where it has millions."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    if address.version == 4:
        return host
    return str(ipaddress.ip_network((address, _IPV6_NETWORK), strict=False))
