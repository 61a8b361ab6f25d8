"""Opens an address that is a key in the browser, and ends a server with the program that started it."""

import atexit
import html
import os
import shutil
import signal
import tempfile
import threading
import webbrowser
from pathlib import Path

from ui.app.web.asgi import Header

PRIVATE_FILE = 0o600
#: A key stands in the address for one request; nothing that is led from it tells where it came from.
NO_TRACE: tuple[Header, ...] = ((b"cache-control", b"no-store"), (b"referrer-policy", b"no-referrer"))


def in_browser(address: str, prefix: str) -> Path | None:
    """Open an address by a private file that leads to it, removed when this program ends.

    Every account of a machine sees with which words a browser was started: the address is none of them.

    Parameters
    ----------
    address
        With its key.
    prefix
        How the folder of the file begins, in the system's temporary files.

    Returns
    -------
    pathlib.Path or None
        The file, mode 0600 in a folder of mode 0700; None where it cannot be written, and nothing was opened.
    """
    try:
        folder = Path(tempfile.mkdtemp(prefix=prefix))
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
        file = folder / "open.html"
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE_FILE)
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(leading_to(address))
    except OSError:
        return None
    webbrowser.open(file.as_uri())
    return file


def leading_to(address: str) -> bytes:
    """Return a page that leads to an address at once, without a script."""
    there = html.escape(address, quote=True)
    return (
        "<!doctype html><html lang=en><meta charset=utf-8><meta name=referrer content=no-referrer>"
        f'<meta http-equiv=refresh content="0;url={there}"><title>Opening</title>'
        f'<p><a href="{there}">Go on</a></p></html>'
    ).encode()


def end_with_input() -> None:
    """End this program, as a signal does, when whoever started it ends, however that happens.

    It is started with a pipe as its input. The system closes the other end with the program that holds it.
    """
    threading.Thread(target=_end, name="ends with its input", daemon=True).start()


def _end() -> None:
    try:
        # Not by `sys.stdin`: a thread that waits in there holds its lock, and the program could not end.
        while os.read(0, 1_024):
            pass
    except OSError:
        pass
    if hasattr(signal, "pthread_kill"):
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGTERM)
    else:
        signal.raise_signal(signal.SIGTERM)
