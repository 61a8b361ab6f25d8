"""Boundaries, from the release alone: whichever process is asked, whatever it has drawn before.

Who asks is looked at as by ``/api/``, and as often may be asked. Boundaries of a public release are for
everybody and never change: a browser or a proxy keeps them for good. Those of another are its readers' alone.
"""

import gzip
import hashlib
from collections.abc import Awaitable, Callable
from contextlib import suppress

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from analysis.api.problems import Problem
from analysis.release.release import Release
from ui.app.api import limits
from ui.app.api.callers import Callers, open_for
from ui.app.sign_in.settings import SignIn
from ui.app.sign_in.visitor import PARTNER, PUBLIC, Visitor
from ui.app.web.addresses import below_the_base
from ui.app.web.settings import api_rate
from ui.maps import boundary_route

_NOT_KEPT = {"cache-control": "no-store"}
_FOR_ALL = {"cache-control": "public, max-age=31536000, immutable", "vary": "Accept-Encoding"}
_FOR_SOME = {"cache-control": "private, no-cache", "vary": "Accept-Encoding, Authorization, Cookie"}


def routes(settings: SignIn | None) -> list[Route]:
    """Return the route; from then on pages hand out its addresses.

    Parameters
    ----------
    settings
        How partners sign in; None where there is no sign-in.
    """
    boundary_route.mount()
    return [Route(f"{boundary_route.PATH}/{{name:path}}", _answering(settings), methods=["GET"])]


def _answering(settings: SignIn | None) -> Callable[[Request], Awaitable[Response]]:
    callers, limiter = Callers(settings), limits.Limiter(api_rate())

    async def answer(request: Request) -> Response:
        try:
            limits.count(limiter, limits.caller_of(request.client.host if request.client else ""))
            visitor = await callers.visitor_of(request.scope)
            return await run_in_threadpool(_answered, request, visitor)
        except Problem as problem:
            more = {"retry-after": str(problem.retry_after)} if problem.retry_after else {}
            return Response(f"{problem.words}\n", problem.status, {**_NOT_KEPT, **more}, "text/plain")

    return answer


def _answered(request: Request, visitor: Visitor) -> Response:
    wanted = boundary_route.asked(below_the_base(request.scope["path"]))
    release = _open(wanted.release_id, visitor) if wanted else None
    packed = boundary_route.packed(release, wanted) if release and wanted else None
    if release is None or packed is None:
        # One that is not the caller's reads as one that never was.
        return Response("not found\n", 404, _NOT_KEPT, "text/plain")
    tag = f'"{hashlib.sha256(packed).hexdigest()[:32]}"'
    headers = {"etag": tag, **(_FOR_ALL if release.profile == PUBLIC else _FOR_SOME)}
    if tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    if "gzip" in request.headers.get("accept-encoding", ""):
        return Response(packed, 200, {**headers, "content-encoding": "gzip"}, "application/json")
    return Response(gzip.decompress(packed), 200, headers, "application/json")


def _open(release_id: str, visitor: Visitor) -> Release | None:
    """Return a release that the caller may read, the public ones and, for partners, theirs."""
    for figures in ("", PUBLIC) if visitor.role == PARTNER else ("",):
        with suppress(Problem):
            if found := open_for(visitor, figures, release_id):
                return found
    return None
