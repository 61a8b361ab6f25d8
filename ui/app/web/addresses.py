"""Which addresses exist. Streamlit gives every address its page; here one that leads nowhere is not found.

What Streamlit serves besides (its measurements, its interface for programs, uploads) is not needed, and an
address that nobody needs is one that nobody has to trust.
"""

import json
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import urlsplit

import streamlit as st
from streamlit.file_util import get_static_dir

from ui.app.web.asgi import HTML, TEXT, App, Header, Receive, Scope, Send, answer, plain_page, refuse_socket
from ui.app.web.settings import own_address
from ui.maps.boundary_route import PATH as BOUNDARIES
from ui.view import registry

SOCKET = "/_stcore/stream"
HEALTH = "/_stcore/health"  # tells only that the server runs; `ui.app.serve` waits for it
HOST_CONFIG = "/_stcore/host-config"
_EXACT = ("/", "/favicon.png", HEALTH)
_BELOW = (f"{BOUNDARIES}/", "/_stcore/bidi-components/")
METHODS = ("GET", "HEAD")
_ALLOWED: Header = (b"allow", ", ".join(METHODS).encode())
NOT_FOUND = plain_page("Page not found", "There is no page at this address.", "Go to the first page")
#: What a browser is told about sites that may speak to the pages: none may.
_HOST_CONFIG = {
    "allowedOrigins": [],
    "useExternalAuthToken": False,
    "enableCustomParentMessages": False,
    "enforceDownloadInNewTab": False,
    "metricsUrl": "",
    "blockErrorDialogs": False,
    "resourceCrossOriginMode": None,
}


class OpenAddresses:
    """ASGI middleware: passes on what exists, and answers 404 to everything else.

    Parameters
    ----------
    app
        What is served.
    more
        Paths of our own routes beside the pages.
    whole
        Folders of which everything is passed on, whatever is asked of it: what lies there refuses by itself.
    """

    def __init__(self, app: App, more: Iterable[str] = (), whole: Iterable[str] = ()) -> None:
        self.app, self._whole = app, tuple(f"{folder}/" for folder in whole)
        pages = (f"/{page.code}" for page in registry.PAGES)
        self._exact = {*_EXACT, *pages, *more, *_static_files()}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on or refuse."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        path = below_the_base(scope["path"])
        if scope["type"] == "websocket":
            if path == SOCKET and is_own_origin(scope):
                await self.app(scope, receive, send)
            else:
                await refuse_socket(receive, send)
        elif path == HOST_CONFIG and scope["method"] in METHODS:
            kinds = ((b"content-type", b"application/json"), (b"cache-control", b"no-cache"))
            await answer(send, 200, json.dumps(_HOST_CONFIG).encode(), kinds)
        elif f"{path}/".startswith(self._whole):
            await self.app(scope, receive, send)
        elif path not in self._exact and not path.startswith(_BELOW):
            await answer(send, 404, NOT_FOUND, (HTML,))
        elif scope["method"] not in METHODS:
            await answer(send, 405, b"Only reading is possible here.\n", (TEXT, _ALLOWED))
        else:
            await self.app(scope, receive, send)


def is_own_origin(scope: Scope) -> bool:
    """Return whether a websocket is asked for by a page of this server, or by no page at all.

    Streamlit would let in what calls itself by an address of this machine; to know it, it asks a service on
    the internet for it and keeps everybody waiting meanwhile.
    """
    named = dict(scope["headers"])
    origin = named.get(b"origin")
    if origin is None:
        return True
    own = own_address()
    text = origin.decode("latin-1").lower()
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    is_same = parts.netloc == named.get(b"host", b"").decode("latin-1").lower()
    is_site = parts.scheme in ("http", "https") and bool(parts.netloc)
    return is_site and (is_same or (own is not None and text == str(own)))


def _static_files() -> list[str]:
    """Return the paths of Streamlit's own scripts, styles and fonts, which do not change while it runs."""
    folder = Path(get_static_dir())
    return [
        f"/{file.relative_to(folder).as_posix()}" for file in (folder / "static").rglob("*") if file.is_file()
    ]


def below_the_base(path: str) -> str:
    """Return a path without the folder that Streamlit serves under and the slash at its end."""
    base = "/" + str(st.get_option("server.baseUrlPath") or "").strip("/")
    if base != "/" and (path == base or path.startswith(f"{base}/")):
        path = path[len(base) :]
    return path.rstrip("/") or "/"
