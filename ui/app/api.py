"""Which releases a caller may read, for programs: ``GET /api/v1/releases``.

The caller is nobody in particular, a reader who signed in, or a program with a token
(`ui.app.sign_in.bearer`). A token that opens nothing is refused in words (problem details, RFC 9457), so that
a program does not take public figures for those it asked for.
"""

from collections.abc import Callable

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from analysis import LttError
from analysis.release.release import Release
from ui.app.session import partner_release, public_release
from ui.app.sign_in import bearer, cookies
from ui.app.sign_in.settings import SignIn
from ui.app.sign_in.visitor import ANYBODY, Visitor, visitor_of

RELEASES = "/api/v1/releases"
PATHS = (RELEASES,)
_NOT_KEPT = {"cache-control": "no-store", "vary": "Authorization, Cookie"}


class Releases:
    """The route, with the keys of the provider that it has fetched.

    Parameters
    ----------
    settings
        How partners sign in; None where there is no sign-in.
    """

    def __init__(self, settings: SignIn | None) -> None:
        self.settings = settings
        self._tokens = bearer.Tokens(settings) if settings else None

    def route(self) -> Route:
        """Return the route to mount."""
        return Route(RELEASES, self._serve, methods=["GET"])

    async def _serve(self, request: Request) -> Response:
        try:
            visitor = await self._visitor(request)
        except bearer.TokenRefusedError as refused:
            return _problem(refused.status, refused.words)
        found = await run_in_threadpool(self._described, visitor)
        return JSONResponse({"releases": found}, headers=_NOT_KEPT)

    async def _visitor(self, request: Request) -> Visitor:
        token = bearer.token_of(request.scope)
        if token is not None:
            if self._tokens is None:
                raise bearer.TokenRefusedError(
                    401, "This deployment has no sign-in, so no token opens anything."
                )
            return await self._tokens.visitor_of(token)
        return visitor_of(cookies.claims_of(request.scope), self.settings) if self.settings else ANYBODY

    def _described(self, visitor: Visitor) -> list[dict[str, object]]:
        openings: list[Callable[[], Release]] = [public_release]
        openings += [partner_release] if visitor.is_partner else []
        found: list[dict[str, object]] = []
        for opening in openings:
            try:
                release = opening()
            except LttError:
                continue
            found.append(
                {
                    "id": release.release_id,
                    "profile": release.profile,
                    "place": release.place,
                    "as_of": release.as_of.isoformat(),
                    "synthetic": release.synthetic,
                    "smallest_number": release.threshold,
                }
            )
        return found


def _problem(status: int, words: str) -> Response:
    titles = {401: "The token is not valid", 403: "The token does not open this", 503: "Try again later"}
    body = {"title": titles[status], "status": status, "detail": words}
    headers = {**_NOT_KEPT, **({"www-authenticate": 'Bearer error="invalid_token"'} if status == 401 else {})}
    return JSONResponse(body, status, headers=headers, media_type="application/problem+json")
