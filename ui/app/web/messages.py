"""What must not travel to a browser inside a message, and what a browser may say.

Streamlit names the path of its script when a visit begins. The name of an account or of a customer often
stands in such a path.

Streamlit also does for any browser what only a developer needs: it empties what is kept for everybody, and
runs `git` to tell branch, changed files and files that are not in the repository.
"""

from collections.abc import Collection, Iterable
from pathlib import Path

from google.protobuf.message import DecodeError
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from ui.app.serve import PROJECT
from ui.app.web.asgi import App, Message, Receive, Scope, Send

_FOLDER = str(PROJECT).encode()
#: What pages need: to run, to stop, and to say that they are there.
READING = frozenset({"rerun_script", "stop_script", "app_heartbeat"})


class WithoutFolder:
    """ASGI middleware: takes the program's folder out of what the websocket sends."""

    def __init__(self, app: App) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, with the messages of a websocket looked at."""
        if scope["type"] != "websocket":
            await self.app(scope, receive, send)
            return

        async def check(message: Message) -> None:
            payload = message.get("bytes")
            # Looking for the bytes first spares reading the thousands of messages that do not hold them.
            if payload and _FOLDER in payload:
                message["bytes"] = without_folder(payload)
            await send(message)

        await self.app(scope, receive, check)


def without_folder(payload: bytes) -> bytes:
    """Return a message with the script's name in place of its path."""
    message = ForwardMsg()
    try:
        message.ParseFromString(payload)
    except DecodeError:
        return payload
    if message.WhichOneof("type") == "new_session":
        session = message.new_session
        session.main_script_path = Path(session.main_script_path).name
        session.initialize.environment_info.python_version = ""
        session.initialize.environment_info.server_os = ""
    return message.SerializeToString()


class OnlyReading:
    """ASGI middleware: passes on what a page says to be drawn; leaves out everything else.

    Parameters
    ----------
    app
        What is served.
    more
        Further kinds of messages that may pass.
    """

    def __init__(self, app: App, more: Iterable[str] = ()) -> None:
        self.app, self._kinds = app, READING | frozenset(more)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, with what comes in by a websocket looked at."""
        if scope["type"] != "websocket":
            await self.app(scope, receive, send)
            return

        async def receive_reading() -> Message:
            while True:
                message = await receive()
                if message["type"] != "websocket.receive":
                    return message
                payload = message.get("bytes")
                if payload is None:
                    # A page speaks in bytes; Streamlit would stop at a text, with a traceback in its log.
                    await send({"type": "websocket.close", "code": 1003})
                    return {"type": "websocket.disconnect", "code": 1003}
                if is_reading(payload, self._kinds):
                    return message

        await self.app(scope, receive_reading, send)


def is_reading(payload: bytes, kinds: Collection[str] = READING) -> bool:
    """Return whether a browser's message may pass; one that is none does, because Streamlit cuts it."""
    message = BackMsg()
    try:
        message.ParseFromString(payload)
    except DecodeError:
        return True
    return message.WhichOneof("type") in kinds
