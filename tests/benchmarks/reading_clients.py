"""A reader without a browser: speaks over the page's socket as Streamlit's front end does; draws nothing."""

import asyncio
import time
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

PATIENCE_SECONDS = 60.0


class ReaderError(Exception):
    """What a reader would have seen go wrong."""


@dataclass
class Picker:
    """A choice of the sidebar: how the server calls it, and what can be chosen."""

    widget: str
    options: list[str]


@dataclass
class Reader:
    """One open page.

    Attributes
    ----------
    address
        Of the site.
    page
        Code of the page.
    """

    address: str
    page: str
    pickers: dict[str, Picker] = field(default_factory=dict)
    _hash: str = ""
    _socket: ClientConnection | None = None

    async def __aenter__(self) -> Self:
        """Connect."""
        where = f"{self.address.replace('http', 'ws', 1)}/_stcore/stream"
        self._socket = await connect(
            where, subprotocols=["streamlit"], max_size=None, compression=None, open_timeout=PATIENCE_SECONDS
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leave."""
        if self._socket is not None:
            await self._socket.close()

    async def open(self) -> float:
        """Open the page; return seconds until it is whole.

        Raises
        ------
        ReaderError
            When it is not, as `choose`.
        """
        message = BackMsg()
        message.rerun_script.page_name = self.page
        return await self._run(message)

    async def choose(self, name: str, option: str) -> float:
        """Choose a filter's value; return seconds until the page is whole again.

        Raises
        ------
        ReaderError
            When the connection ends, the page fails, or it takes too long.
        """
        message = BackMsg()
        message.rerun_script.page_script_hash = self._hash
        state = message.rerun_script.widget_states.widgets.add()
        state.id, state.string_value = self.pickers[name].widget, option
        return await self._run(message)

    async def _run(self, message: BackMsg) -> float:
        began = time.perf_counter()
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                await self._exchange(message)
        except TimeoutError:
            raise ReaderError(f"not whole within {PATIENCE_SECONDS:.0f} s") from None
        except (OSError, ConnectionClosed) as error:
            raise ReaderError(f"the connection broke: {error}") from None
        return time.perf_counter() - began

    async def _exchange(self, message: BackMsg) -> None:
        if self._socket is None:
            raise ReaderError("not connected")
        await self._socket.send(message.SerializeToString())
        async for payload in self._socket:
            said = ForwardMsg()
            said.ParseFromString(payload if isinstance(payload, bytes) else payload.encode())
            if self._is_end(said):
                return
        raise ReaderError("the server ended the connection")

    def _is_end(self, said: ForwardMsg) -> bool:
        kind = said.WhichOneof("type")
        if kind == "new_session":
            self._hash = said.new_session.page_script_hash
        elif kind == "delta" and said.delta.WhichOneof("type") == "new_element":
            element = said.delta.new_element
            if (
                element.WhichOneof("type") == "exception"
                or 'class="ltt-state ltt-problem"' in element.html.body
            ):
                raise ReaderError("the page says that it failed")
            if element.WhichOneof("type") == "selectbox":
                found = element.selectbox
                self.pickers[found.label] = Picker(found.id, list(found.options))
        # A filter first ends the run of the whole, and then runs what it changes.
        return kind == "script_finished" and said.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN
