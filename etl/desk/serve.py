"""Starts the desk on this machine and says where it is; `python -m etl.desk.serve PORT` is the server.

The server is the dashboard's own (`ui.app.web`), with other pages in it: one place knows how to keep
everybody else out. Nothing but this machine reaches it, and of this machine only the browser that brought the
key of this start. The server ends with the program that started it, and holds the lock of the home itself.
"""

import logging
import os
import secrets
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import streamlit as st
from starlette.middleware import Middleware
from streamlit import config
from streamlit.runtime.state.session_state import WStates

from etl import cli
from etl.config import Home
from etl.desk import engine, state
from etl.errors import EtlError
from etl.store.locking import desk_of
from ui.app.desk import KeepersDesk, folder_of
from ui.app.serve import DESK_KEY, DESK_TOKEN, ONE_THREAD, PROJECT, check_free, wait_until_it_answers
from ui.app.web import cookies, headers, messages, process
from ui.app.web.addresses import OpenAddresses, is_own_origin
from ui.app.web.asgi import App, Receive, Scope, Send, answer, refuse_socket
from ui.app.web.opening import end_with_input, in_browser
from ui.app.web.settings import ADDRESS, FRAME_ANCESTORS, LOOPBACK, ServeError

HOST = "127.0.0.1"
SCRIPT = Path(__file__).with_name("app.py")
REFUSED = (
    "This is the keeper's desk. It opens for whoever started it, and for nobody else.\n"
    "Open the address that was printed in the terminal when it was started: python -m etl desk\n"
)
ONE_USE = (
    "This address is a key: give it to nobody. It opens the desk once; the browser then goes on without it.\n"
    "For another browser, stop the desk and start it again. Stop with Ctrl+C."
)
OTHER_SITE = "The desk answers to this machine by its own name, and to its own page alone.\n"
#: Files go in, downloads come out; what lies there asks for the session and refuses by itself.
_FOLDERS = ("/_stcore/upload_file", "/media")
#: A page asks where to send a file before it sends it.
_FOR_FILES = ("file_urls_request",)
#: In megabytes; a sheet of a million rows is smaller.
LARGEST_FILE = 200


class OwnSite:
    """ASGI middleware: refuses a name that was pointed at this machine, and a page of another site."""

    def __init__(self, app: App) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on or refuse."""
        if scope["type"] not in ("http", "websocket") or (is_own_host(scope) and is_own_origin(scope)):
            await self.app(scope, receive, send)
        elif scope["type"] == "websocket":
            await refuse_socket(receive, send)
        else:
            await answer(send, 403, OTHER_SITE.encode())


def is_own_host(scope: Scope) -> bool:
    """Return whether a request calls this machine by one of its own names."""
    hosts = [value.decode("latin-1") for name, value in scope["headers"] if name == b"host"]
    try:
        return len(hosts) == 1 and urlsplit(f"//{hosts[0]}").hostname in LOOPBACK
    except ValueError:
        return False


def gates() -> list[Middleware]:
    """Return everything that keeps others out, the outermost first."""
    return [
        Middleware(cookies.PlainCookies),
        Middleware(headers.SafeHeaders),
        Middleware(OwnSite),
        Middleware(KeepersDesk, refused=REFUSED, is_once=True),
        Middleware(OpenAddresses, whole=_FOLDERS),
        Middleware(messages.OnlyReading, more=_FOR_FILES),
        Middleware(messages.WithoutFolder),
    ]


def app() -> Any:
    """Return the application: the pages of the desk behind its gates."""
    return st.App(SCRIPT, middleware=gates(), on_script_error=_broken)


def _broken(error: Exception) -> bool:
    """Say on the page what a command would say; what an unknown error says may hold a record."""
    engine.refused(cli.refusal(error))
    return True


def without_values(*arguments: Any, **named: Any) -> logging.LogRecord:
    """Return a line of a log that tells of an error by its place: its own words may hold a record."""
    record = logging.LogRecord(*arguments, **named)
    if record.exc_info and record.exc_info[1] is not None:
        record.msg, record.args = cli.refusal(record.exc_info[1]).message, ()
        record.exc_info = record.exc_text = None
    return record


def serve(home: Path, port: int) -> int:
    """Serve the desk of a home until it is stopped; return an exit code.

    Parameters
    ----------
    home
        Folder of the deployment.
    port
        Of this machine.

    Raises
    ------
    EtlError
        When a desk of this home is open already, the port is taken, or the server does not start.
    """
    with desk_of(Home(home)) as lock:
        try:
            check_free(HOST, port)
        except ServeError:
            raise EtlError(
                f"Port {port} is in use, perhaps by another program.", f"python -m etl desk --port {port + 1}"
            ) from None
        state.sweep()
        token = secrets.token_urlsafe(32)
        # What opens the dashboard to a network opens no desk.
        given = {name: value for name, value in os.environ.items() if name not in (ADDRESS, FRAME_ANCESTORS)}
        environment = {**ONE_THREAD, **given, DESK_TOKEN: token, "LTT_HOME": str(home)}
        # Without -I the folder of the program is the first place that modules are looked for in.
        command = [sys.executable, "-m", "etl.desk.serve", str(port)]
        return _serve(command, environment, f"http://{HOST}:{port}/{folder_of(token)}", lock)


def _serve(command: list[str], environment: dict[str, str], url: str, lock: int) -> int:
    # A terminal that is closed ends the desk in order, unless it was started to outlive it (nohup).
    if hasattr(signal, "SIGHUP") and signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
        signal.signal(signal.SIGHUP, _as_if_interrupted)
    signal.signal(signal.SIGTERM, _as_if_interrupted)  # else the server would outlive this program
    process_of_desk = subprocess.Popen(  # noqa: S603 - our own
        command,
        cwd=PROJECT,
        env=environment,
        stdin=subprocess.PIPE,  # closed by the system when this program ends, however it ends
        pass_fds=() if os.name == "nt" else (lock,),  # there a lock is of a process, and cannot be handed on
    )
    try:
        if not wait_until_it_answers(url, process_of_desk):
            raise EtlError("The desk did not start.", "Read the lines above, then: python -m etl desk")
        opened = f"{url}/?{DESK_KEY}={environment[DESK_TOKEN]}"
        print(f"The desk is open: {opened}\n{ONE_USE}", flush=True)
        if os.environ.get("LTT_OPEN", "1") != "0" and not os.environ.get("CI"):
            in_browser(opened, state.prefix())
        return process_of_desk.wait()
    except KeyboardInterrupt:
        return 0
    finally:
        process_of_desk.terminate()
        process_of_desk.wait()
        state.sweep()


def _as_if_interrupted(_number: int, _frame: object) -> None:
    raise KeyboardInterrupt


def guard() -> None:
    """Let whatever a click or a choice calls refuse in the words of the desk, and the page be drawn after it.

    Streamlit calls it before the page, outside of everything that the pages themselves can hold.
    """
    WStates.call_callback = engine.guarded(WStates.call_callback)  # type: ignore[method-assign]


def main(port: int) -> None:
    """Serve until stopped; the key and the home come by the environment."""
    guard()
    logging.setLogRecordFactory(without_values)
    options = {
        **process.options(HOST, port),
        "server.baseUrlPath": folder_of(os.environ[DESK_TOKEN]),
        "server.maxUploadSize": LARGEST_FILE,
        "logger.enableRich": False,
        "theme.paddingTop": "2rem",  # the dashboard has a ribbon there
    }
    config.get_config_options(force_reparse=True, options_from_flags=options)
    # Else a signal ends it at once, and a dashboard that was opened from it would stay.
    signal.signal(signal.SIGTERM, _as_if_interrupted)
    if hasattr(signal, "SIGHUP"):  # a terminal that is closed ends the program that started this one
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
    end_with_input()
    with suppress(KeyboardInterrupt):
        process.server(HOST, port, app()).run()


if __name__ == "__main__":
    main(int(sys.argv[1]))
