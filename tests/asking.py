"""Asks the addresses for programs in this process, through everything that stands before them."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware

from tests.browser.serving import free_port
from tests.support import awaited
from ui.app import desk
from ui.app.api.problems import PREFIX, AsProblems
from ui.app.api.service import Service
from ui.app.web.addresses import OpenAddresses
from ui.app.web.headers import SafeHeaders

ROOT = "http://127.0.0.1"
API = "/api/v1"
#: More than any test asks: what is tested is not the limit.
NO_LIMIT = "1000000"


class Asking:
    """A server of a release."""

    def __init__(self, service: Service) -> None:
        before = [
            Middleware(SafeHeaders),
            Middleware(AsProblems),
            Middleware(desk.KeepersDesk),
            Middleware(OpenAddresses, whole=(PREFIX,)),
        ]
        self.service = service
        self.app = Starlette(routes=service.routes(), middleware=before)

    def __call__(
        self, address: str, *, method: str = "GET", headers: Any = None, params: Any = None
    ) -> httpx.Response:
        """Return the answer to one request for an address below `API`, or for a whole path."""
        path = address if address.startswith(PREFIX) else f"{API}{address}"

        async def ask() -> httpx.Response:
            transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
            async with httpx.AsyncClient(transport=transport, base_url=ROOT) as client:
                return await client.request(method, path, headers=headers, params=params)

        found: httpx.Response = awaited(ask())
        return found


@contextmanager
def served(ask: Asking) -> Iterator[str]:
    """Serve in a thread, so that requests travel as they do in life; yield the address."""
    port = free_port()
    server = uvicorn.Server(uvicorn.Config(ask.app, port=port, log_config=None, access_log=False))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started and thread.is_alive():
        time.sleep(0.02)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join()


@contextmanager
def asking(folder: Path, **environment: str) -> Iterator[Asking]:
    """Yield a server of a release's folder, with variables of a deployment beside it."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {"LTT_RELEASE": str(folder), "LTT_API_RATE": NO_LIMIT, **environment}.items():
            patch.setenv(name, value)
        yield Asking(Service(None))
