"""Open websockets of people who signed in: when a sign-in ends, each of its pages is drawn anew.

A page that stays open would keep what it shows until its reader does something. The browser's last message is
repeated for it, so that the page runs again and finds that its sign-in is over: in every tab, also in one
that nobody looks at. (Closing the socket does not help: the browser connects again and draws nothing.)
"""

import asyncio
from collections import defaultdict
from typing import Any

from google.protobuf.message import DecodeError
from streamlit.proto.BackMsg_pb2 import BackMsg

from ui.app.sign_in import ended
from ui.app.web.asgi import App, Message, Receive, Scope, Send

_open: defaultdict[str, set[asyncio.Event]] = defaultdict(set)


def draw_anew(sign_in: str) -> None:
    """Have the pages of a sign-in run again. Called where they run: in the loop of the server."""
    for event in list(_open.get(sign_in, ())):
        event.set()


def hear(line: str) -> None:
    """Take what another process of the same site tells; called in the loop of the server."""
    for sign_in in ended.take(line):
        draw_anew(sign_in)


async def run(app: App, scope: Scope, receive: Receive, send: Send, *, sign_in: str, seconds: float) -> None:
    """Serve a websocket; its page runs again when its sign-in ends, or after so many seconds."""
    ends = asyncio.Event()
    _open[sign_in].add(ends)
    timer = asyncio.get_running_loop().call_later(seconds, ends.set)
    over: asyncio.Future[Any] = asyncio.ensure_future(ends.wait())
    reading: asyncio.Future[Message] | None = None
    last = b""

    async def receive_or_repeat() -> Message:
        nonlocal reading, last
        reading = reading or asyncio.ensure_future(receive())
        if ends.is_set():
            await asyncio.wait({reading})
        else:
            waiting: set[asyncio.Future[Any]] = {reading, over}
            await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
            if not reading.done() and last:
                return {"type": "websocket.receive", "bytes": last}
            await asyncio.wait({reading})
        message, reading = reading.result(), None
        last = again(message.get("bytes") or b"") or last
        return message

    try:
        await app(scope, receive_or_repeat, send)
    finally:
        timer.cancel()
        over.cancel()
        if reading is not None:
            reading.cancel()
        _open[sign_in].discard(ends)
        if not _open[sign_in]:
            del _open[sign_in]


def again(payload: bytes) -> bytes:
    """Return a browser's message so that it runs the whole page again; empty for one that runs nothing."""
    message = BackMsg()
    try:
        message.ParseFromString(payload)
    except DecodeError:
        return b""
    if message.WhichOneof("type") != "rerun_script":
        return b""
    state = message.rerun_script
    state.fragment_id = ""
    # The session knows what was chosen. What is named by words that tell figures would be new choices now.
    del state.widget_states.widgets[:]
    # Which parts the browser still holds was true when it said so.
    del state.cached_message_hashes[:]
    return message.SerializeToString()
