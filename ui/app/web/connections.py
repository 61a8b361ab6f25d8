"""Cuts connections that never finish what they ask: a few hundred of them would keep everyone else out."""

import asyncio
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

#: From the first byte to the last of a request. Nothing that a browser sends here is larger than its address.
REQUEST_LIMIT_SECONDS = 15.0
_UNFINISHED = (h11.IDLE, h11.SEND_BODY)


class TimedRequests(H11Protocol):
    """The server's own reader of requests, with a time in which a request must be there as a whole.

    The server itself measures only the time between two requests of one connection.
    """

    limit_seconds = REQUEST_LIMIT_SECONDS

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._waiting: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Start waiting: who says nothing at all is cut as well."""
        super().connection_made(transport)
        self._wait()

    def data_received(self, data: bytes) -> None:
        """Read on; a request that is there as a whole is no longer waited for."""
        if self._waiting is None:
            self._wait()
        super().data_received(data)
        # A request that became a websocket is read by another from here on, and is never finished for this.
        is_socket = self.transport.get_protocol() is not self
        if is_socket or self.conn.their_state not in _UNFINISHED:
            self._stop_waiting()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the time."""
        self._stop_waiting()
        super().connection_lost(exc)

    def _wait(self) -> None:
        self._waiting = self.loop.call_later(self.limit_seconds, self._cut)

    def _stop_waiting(self) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None

    def _cut(self) -> None:
        self._waiting = None
        # Not `close()`: that waits until the other side has read what is still to be sent.
        self.transport.abort()
