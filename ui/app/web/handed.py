"""A server without an address of its own: it answers the connections that `ui.app.supervisor` hands over.

One channel leads to the supervisor. Over it come connections, and lines of what other processes of the same
site have to tell; over it go lines: that this process is ready, how many websockets it serves, that it is
alive, and what it has to tell the others. When the channel ends, the supervisor is gone and this ends too.
"""

import asyncio
import os
import socket
from collections.abc import Callable
from typing import Any

import uvicorn
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from ui.app.supervisor import ALIVE, CHANNEL, CONNECTION, MOST_AT_ONCE, READY, SOCKETS

_LOOK_SECONDS, _ALIVE_SECONDS = 0.2, 2.0
_BYTES = 65_536


def channel() -> socket.socket | None:
    """Return the channel to the supervisor; None for a process that was started alone."""
    number = os.environ.get(CHANNEL, "")
    return socket.socket(fileno=int(number)) if number.isdigit() else None


class HandedOver(uvicorn.Server):
    """A server of the connections that come over a channel.

    Parameters
    ----------
    config
        The server's; its host and port are not listened on.
    channel
        To the supervisor.
    hear
        Called with each line that another process told.
    """

    def __init__(self, config: uvicorn.Config, channel: socket.socket, hear: Callable[[str], None]) -> None:
        super().__init__(config)
        self._channel, self._hear = channel, hear
        self._rest = b""
        self._tasks: set[asyncio.Task[Any]] = set()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start the application, and then take connections."""
        await super().startup(sockets=[])
        self._channel.setblocking(False)
        asyncio.get_running_loop().add_reader(self._channel, self._read)
        self.tell(READY)
        self._keep(self._report())

    def tell(self, line: str) -> None:
        """Send a line to the supervisor."""
        try:
            self._channel.sendall(f"{line}\n".encode())
        except OSError:  # it is gone, or has not read for long: without it nobody comes here
            self.should_exit = True

    def _keep(self, work: Any) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)  # else nothing would hold it
        task.add_done_callback(self._tasks.discard)

    async def _report(self) -> None:
        told, rest = 0, 0.0
        while not self.should_exit:
            held = sum(isinstance(one, WebSocketsSansIOProtocol) for one in self.server_state.connections)
            rest -= _LOOK_SECONDS
            if held != told:
                self.tell(f"{SOCKETS} {held}")
                told = held
            if rest <= 0:
                self.tell(ALIVE)
                rest = _ALIVE_SECONDS
            await asyncio.sleep(_LOOK_SECONDS)

    def _read(self) -> None:
        try:
            data, numbers, _, _ = socket.recv_fds(self._channel, _BYTES, MOST_AT_ONCE)
        except BlockingIOError:
            return
        except OSError:
            data, numbers = b"", []
        for number in numbers:
            self._keep(self._take(socket.socket(fileno=number)))
        if not data:
            asyncio.get_running_loop().remove_reader(self._channel)
            self.should_exit = True
            return
        *lines, self._rest = (self._rest + data).split(b"\n")
        for line in lines:
            if line != CONNECTION.encode():
                self._hear(line.decode())

    async def _take(self, connection: socket.socket) -> None:
        connection.setblocking(False)
        try:
            await asyncio.get_running_loop().connect_accepted_socket(self._protocol, connection)
        except OSError:  # whoever it was has gone meanwhile
            connection.close()

    def _protocol(self) -> asyncio.Protocol:
        made: asyncio.Protocol = self.config.http_protocol_class(  # type: ignore[call-arg]
            config=self.config, server_state=self.server_state, app_state=self.lifespan.state
        )
        return made
