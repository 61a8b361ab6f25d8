"""What must not travel to a browser inside a message: the folder of the program, and what it runs on.

Streamlit names the path of its script when a visit begins. The name of an account or of a customer often
stands in such a path.
"""

from pathlib import Path

from google.protobuf.message import DecodeError
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from ui.app.serve import PROJECT
from ui.app.web.asgi import App, Message, Receive, Scope, Send

_FOLDER = str(PROJECT).encode()


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
