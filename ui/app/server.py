"""The server around the pages: registers them before the first visit, compresses what the browser loads.

A first visit loads about 7.7 MB of scripts, which Streamlit serves as they are. They are compressed here,
once per file and process, and kept: about 2.3 MB travel instead.
"""

import gzip
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from analysis.release.access_log import LOG_VARIABLE
from ui.app import boundaries, desk, frame, published
from ui.app.api import problems
from ui.app.api.service import Service
from ui.app.sign_in import gate
from ui.app.sign_in.settings import settings
from ui.app.web import addresses, cookies, first_page, headers, health, messages
from ui.app.web.asgi import App, Message, Receive, Scope, Send, collected
from ui.view import registry

_TYPES = (b"text/", b"application/javascript", b"application/json", b"image/svg")
SMALLEST_BYTES = 1_000
LEVEL = 6


class CompressStatic:
    """ASGI middleware: serves `/static/…` compressed and from memory after the first time.

    The files are named by their content and never change while the process runs, so the cache cannot go
    stale; its size is bounded by Streamlit's own bundle (about 3 MB compressed).
    """

    def __init__(self, app: App) -> None:
        self.app = app
        self._kept: dict[str, tuple[list[tuple[bytes, bytes]], bytes]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on but a browser's request for a script or a style."""
        path = scope.get("path", "")
        if scope["type"] != "http" or scope["method"] != "GET" or not _wanted(path, scope):
            await self.app(scope, receive, send)
            return
        if path not in self._kept:
            start, body = await collected(self.app, scope, receive)
            if not _worth_it(start, body):
                await send(start)
                await send({"type": "http.response.body", "body": body})
                return
            self._kept[path] = (_headers(start), gzip.compress(body, LEVEL))
        headers, packed = self._kept[path]
        length = (b"content-length", str(len(packed)).encode())
        await send({"type": "http.response.start", "status": 200, "headers": [*headers, length]})
        await send({"type": "http.response.body", "body": packed})


def _wanted(path: str, scope: Scope) -> bool:
    headers = dict(scope["headers"])
    return (
        "/static/" in path
        and b"gzip" in headers.get(b"accept-encoding", b"")
        and not headers.keys() & {b"range", b"if-none-match", b"if-modified-since"}
    )


def _worth_it(start: Message, body: bytes) -> bool:
    headers = dict(start["headers"])
    kind = headers.get(b"content-type", b"")
    return start["status"] == 200 and len(body) >= SMALLEST_BYTES and kind.startswith(_TYPES)


def _headers(start: Message) -> list[tuple[bytes, bytes]]:
    kept = [
        pair for pair in start["headers"] if pair[0] not in (b"content-length", b"content-encoding", b"vary")
    ]
    return [*kept, (b"content-encoding", b"gzip"), (b"vary", b"Accept-Encoding")]


@contextmanager
def _without_warnings() -> Iterator[None]:
    """Registering outside a visit is meant here; Streamlit would warn of it on every start."""
    logger = logging.getLogger("streamlit.runtime.scriptrunner_utils.script_run_context")
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        logger.setLevel(level)


def routes() -> list[BaseRoute]:
    """Return the routes beside the pages: the first page's name, boundaries, health, the feed, the API."""
    home = Route(f"/{registry.HOME.code}", _to_the_root, methods=["GET"])
    known = settings()
    return [
        home,
        *boundaries.routes(known),
        *health.routes(),
        *published.routes(known),
        *Service(known).routes(),
    ]


async def _to_the_root(request: Request) -> Response:
    """Lead the first page's own name to the root, where it lies; Streamlit would say "page not found"."""
    query = f"?{request.url.query}" if request.url.query else ""
    return RedirectResponse(f"./{query}")


def secrets() -> dict[str, Any]:
    """Return what `st.login` needs; nothing where there is no sign-in. Accesses are logged from here on."""
    known = settings()
    if known is None:
        return {}
    os.environ.setdefault(LOG_VARIABLE, str(known.log))
    return known.for_streamlit()


def middleware() -> list[Middleware]:
    """Return the middleware of the app; importing `dashboard.py` for the server also registers the pages."""
    with _without_warnings():
        frame.register()
    known = settings()
    gates = [Middleware(gate.Gate, settings=known)] if known else []
    more = (*health.PATHS, *published.PATHS, *(gate.PATHS if known else ()))
    return [
        Middleware(cookies.PlainCookies),
        Middleware(headers.SafeHeaders),
        Middleware(problems.AsProblems),
        Middleware(desk.KeepersDesk),
        Middleware(addresses.OpenAddresses, more=more, whole=(problems.PREFIX,)),
        Middleware(messages.OnlyReading),
        Middleware(messages.OfThePage),
        *gates,
        Middleware(messages.WithoutFolder),
        Middleware(first_page.FirstPage),
        Middleware(CompressStatic),
    ]
