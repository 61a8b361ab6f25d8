"""What must not travel to a browser inside a message, and what a browser may say.

Streamlit names the path of its script when a visit begins. The name of an account or of a customer often
stands in such a path.

Streamlit also does for any browser what only a developer needs: it empties what is kept for everybody, and
runs `git` to tell branch, changed files and files that are not in the repository.

And it takes what a page says after its reader has left it for a word of the next page (`OfThePage`).
"""

from collections.abc import Collection, Iterable
from pathlib import Path
from urllib.parse import parse_qsl

from google.protobuf.message import DecodeError
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState

from ui.app.serve import PROJECT
from ui.app.web.asgi import App, Message, Receive, Scope, Send
from ui.view.controls import PARAMETERS, PICK

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


class OfThePage:
    """ASGI middleware: what a browser says before it has drawn the page that was asked for does not undo it.

    Until then the page before still speaks: a card tells its width, a button is clicked. Streamlit would run
    that fragment after the new page and under the name of the old one; the browser then throws the new page
    away and stops with "Bad delta path index", or the button asks for a card that is gone. And each message
    holds what all pickers show: of filters that the browser has not drawn yet, the ones before. Streamlit
    would take these for what a reader has just picked, and run the page's fragment in place of the new page.
    """

    def __init__(self, app: App) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, with what comes in by a websocket looked at."""
        if scope["type"] != "websocket":
            await self.app(scope, receive, send)
            return
        visit = _Visit()

        async def receive_of_the_page() -> Message:
            while True:
                message = await receive()
                if visit.takes(message):
                    return message

        await self.app(scope, receive_of_the_page, send)


class _Visit:
    """What a browser has asked for last: which page, and whether by a step in its history."""

    def __init__(self) -> None:
        self.page, self.is_step = "", False

    def takes(self, message: Message) -> bool:
        """Return whether a message may pass; take out of it what the browser only shows."""
        said = BackMsg()
        try:
            said.ParseFromString(message.get("bytes") or b"")
        except DecodeError:
            return True
        if said.WhichOneof("type") != "rerun_script":
            return True
        run = said.rerun_script
        is_elsewhere = bool(self.page) and run.page_script_hash != self.page
        is_shown = is_behind = False
        if run.fragment_id:
            if is_elsewhere:
                return False
            is_behind = self.is_step and _is_behind(run)
        else:
            self.is_step = run.is_history_navigation
            is_shown = self.is_step or is_elsewhere
        self.page = run.page_script_hash  # a visit's first message names none
        if is_shown or is_behind:
            texts = PARAMETERS if is_behind else ()
            names = [(one, _name_of(one)) for one in run.widget_states.widgets]
            kept = [one for one, name in names if name not in texts and not name.startswith(PICK)]
            del run.widget_states.widgets[:]
            run.widget_states.widgets.extend(kept)
            message["bytes"] = said.SerializeToString()
        return True


def _is_behind(run: ClientState) -> bool:
    """Return whether the filters that a browser holds are not yet those of its address."""
    asked = dict(parse_qsl(run.query_string))
    held = {_name_of(one): one.string_value for one in run.widget_states.widgets}
    return any(held.get(name, "") != asked.get(name, "") for name in PARAMETERS if name in held)


def _name_of(state: WidgetState) -> str:
    """Return the name that a piece has on its page; Streamlit puts it behind the second dash of its id."""
    return state.id.split("-", 2)[-1]


def is_reading(payload: bytes, kinds: Collection[str] = READING) -> bool:
    """Return whether a browser's message may pass; one that is none does, because Streamlit cuts it."""
    message = BackMsg()
    try:
        message.ParseFromString(payload)
    except DecodeError:
        return True
    return message.WhichOneof("type") in kinds
