"""Whether the server runs (`/healthz`), and whether it has figures to show (`/readyz`).

A machine asks these: a load balancer, systemd, a container. Their answers tell no figure and no path.
"""

import asyncio

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from streamlit.runtime import Runtime, RuntimeState, exists, get_instance

from analysis import LttError, load_catalog
from ui.app.session import public_release

HEALTHZ, READYZ = "/healthz", "/readyz"
PATHS = (HEALTHZ, READYZ)
#: A server that cannot start a thread within this time serves nobody.
PATIENCE_SECONDS = 5.0
_RUNNING = (RuntimeState.NO_SESSIONS_CONNECTED, RuntimeState.ONE_OR_MORE_SESSIONS_CONNECTED)
_NOT_KEPT = {"cache-control": "no-store"}


def routes() -> list[Route]:
    """Return the two addresses."""
    return [
        Route(HEALTHZ, _health, methods=["GET"]),
        Route(READYZ, _readiness, methods=["GET"]),
    ]


async def _health(_request: Request) -> Response:
    """Say whether pages can be run: Streamlit is up, and a thread for a page can still be started."""
    runs = exists() and _state(get_instance()) in _RUNNING
    try:
        await asyncio.wait_for(run_in_threadpool(_nothing), PATIENCE_SECONDS)
    except (TimeoutError, RuntimeError):
        runs = False
    return _answer({"status": "runs" if runs else "does not run"}, is_good=runs)


async def _readiness(_request: Request) -> Response:
    """Say whether the release can be opened and is the one its manifest names."""
    said = await run_in_threadpool(why_not_ready)
    return _answer({"status": said or "ready"}, is_good=not said)


def why_not_ready() -> str:
    """Return in words why no figures can be shown; empty when they can.

    The words are those of the machine's keeper: kinds of problems, without names of files.
    """
    try:
        load_catalog()
    except LttError:
        return "the catalog cannot be read"
    try:
        public_release()
    except LttError:
        return "no release can be opened"
    return ""


def _nothing() -> None:
    """Run in a thread, to see whether there is one."""


def _state(runtime: Runtime) -> RuntimeState:
    return runtime.state


def _answer(said: dict[str, str], *, is_good: bool) -> JSONResponse:
    return JSONResponse(said, 200 if is_good else 503, headers=_NOT_KEPT)
