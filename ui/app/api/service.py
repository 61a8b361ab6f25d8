"""From a request to an answer, for every address under ``/api/``."""

import hashlib
import json
import logging
from dataclasses import dataclass, replace
from urllib.parse import parse_qsl

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from analysis import LttError
from analysis.api.addresses import ROOT, Address
from analysis.api.call import Call, Reply
from analysis.api.openapi import EVERY
from analysis.api.parameters import RELEASE, read
from analysis.api.problems import ALL_WITHDRAWN, MEDIA_TYPE, NO_RELEASE, TITLES, Problem, problem_of
from analysis.program import version
from analysis.release.access_log import Access, record_file
from analysis.release.archive import is_id
from analysis.release.release import Release
from ui.app.api import limits, negotiation
from ui.app.api.callers import Callers, all_withdrawn, open_for, releases_of
from ui.app.api.limits import Limiter, caller_of
from ui.app.api.problems import PREFIX, headers_of
from ui.app.sign_in.settings import SignIn
from ui.app.sign_in.visitor import Visitor
from ui.app.web.addresses import below_the_base
from ui.app.web.asgi import Receive, Scope, Send
from ui.app.web.settings import api_rate, own_address

METHODS = ("GET", "HEAD", "OPTIONS")
#: Longest query and path. A question of sixty areas by name stays far below.
LONGEST_QUERY, LONGEST_PATH = 8_000, 500
MOST_PARAMETERS = 60
#: An answer is another for another token, cookie or format, and is asked for again before it is used again.
_VARY = ("vary", "Accept, Authorization, Cookie")
_ASK_AGAIN, _NOT_KEPT = ("cache-control", "no-cache"), ("cache-control", "private, no-store")
_log = logging.getLogger(__name__)
Headers = list[tuple[str, str]]


@dataclass(frozen=True)
class Wanted:
    """What a request wants: the address, what its path and its query give, the format, the answer it has."""

    address: Address
    in_path: tuple[str, ...]
    pairs: list[tuple[str, str]]
    kind: str
    known: str


class Service:
    """All addresses for programs, as one ASGI application.

    Parameters
    ----------
    settings
        How partners sign in; None where there is no sign-in.
    """

    def __init__(self, settings: SignIn | None) -> None:
        self._callers = Callers(settings)
        self._limiter = Limiter(api_rate())

    def routes(self) -> list[Route]:
        """Return what to mount: the prefix and everything under it, so that every refusal is of one form."""
        return [Route(PREFIX, self), Route(f"{PREFIX}/{{rest:path}}", self)]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        request = Request(scope)
        try:
            response = await self._respond(request)
        except Problem as problem:
            response = _refusal(problem)
        except LttError as error:
            response = _refusal(problem_of(error))
        except Exception:
            # The log has the traceback; whoever asked has a sentence.
            _log.exception("an address for programs failed: %s", scope["path"])
            response = _refusal(Problem(500, "mistake", f"{TITLES[500]}. It has been written down."))
        if request.method == "HEAD":
            response.body = b""  # with the length that it would have
        await response(scope, receive, send)

    async def _respond(self, request: Request) -> Response:
        limits.count(self._limiter, caller_of(request.client.host if request.client else ""))
        path = below_the_base(request.scope["path"])
        address, in_path = _find(path)
        if request.method == "OPTIONS":
            return Response(status_code=204, headers={"allow": ", ".join(METHODS)})
        if request.method not in METHODS:
            raise Problem(405, "method", f"Allowed: {', '.join(METHODS)}.")
        if len(request.scope.get("query_string", b"")) > LONGEST_QUERY:
            raise Problem(414, "too-long", f"At most {LONGEST_QUERY} letters may follow the question mark.")
        visitor = await self._callers.visitor_of(request.scope)
        if visitor.is_partner:
            limits.count(self._limiter, f"partner {visitor.name}")
        kind = negotiation.choose(request.headers.getlist("accept"), address.media_types)
        if kind is None:
            raise Problem(406, "format", f"Given are: {', '.join(address.media_types)}.")
        wanted = Wanted(address, in_path, _pairs(request), kind, request.headers.get("if-none-match", ""))
        # Opening a release, answering and writing take a few milliseconds each: not between other requests.
        return await run_in_threadpool(_answered, wanted, visitor)


def _find(path: str) -> tuple[Address, tuple[str, ...]]:
    """Return the address of a path, and what stands in the path for its parameters."""
    if path.startswith(f"{ROOT}/") and len(path) <= LONGEST_PATH:
        for address in EVERY:
            if (found := address.match(path.removeprefix(ROOT))) is not None:
                return address, found
    known = ", ".join(f"{ROOT}{one.path}" for one in EVERY)
    raise Problem(404, "not-found", "There is no such address.", f"Addresses: {known}.")


def _pairs(request: Request) -> list[tuple[str, str]]:
    text = request.scope.get("query_string", b"").decode("latin-1")
    try:
        return parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=MOST_PARAMETERS)
    except ValueError:
        raise Problem(
            400, "bad-query", "What follows the question mark cannot be read.", "Write it in UTF-8."
        ) from None


def _answered(wanted: Wanted, visitor: Visitor) -> Response:
    address, kind = wanted.address, wanted.kind
    base = own_address()
    where = str(base) if base else ""
    # Which release is read decides what may be given, and is itself given: it is looked at first.
    figures = next((value for name, value in wanted.pairs if name == "figures"), "")
    named = next((value for name, value in wanted.pairs if name == RELEASE.name), "")
    named = named if RELEASE in address.parameters and is_id(named) else ""
    release = open_for(visitor, figures if figures in ("public", "partner") else "", named)
    why_none = ALL_WITHDRAWN if release is None and all_withdrawn(visitor, figures) else NO_RELEASE
    call = Call(release, {}, where, releases_of(visitor), why_none)
    given = read(address.parameters, wanted.pairs, wanted.in_path, call.catalog)
    call = replace(call, given=given)
    tag = _tag(call, address, kind)
    headers: Headers = [("etag", tag), _VARY, _NOT_KEPT if _is_kept_close(call, visitor) else _ASK_AGAIN]
    if tag in wanted.known:
        return Response(status_code=304, headers=dict(headers))
    reply = address.answer(call, kind)
    if address.is_of_figures:
        _write_down(call.release, visitor, address, reply)
    if wanted.known.strip() == "*":
        return Response(status_code=304, headers=dict(headers))
    return Response(reply.content, headers=dict([*headers, *_described(reply)]), media_type=reply.media_type)


def _is_kept_close(call: Call, visitor: Visitor) -> bool:
    return visitor.is_partner or (call.opened is not None and call.opened.profile != "public")


def _tag(call: Call, address: Address, kind: str) -> str:
    """Return what changes with the release, the question, the format and the program, and else never."""
    held = [(one.published.release_id, one.published.is_newest) for one in call.releases]
    opened = (call.opened.release_id, call.opened.profile) if call.opened else None
    parts = [
        version(),
        call.catalog.sha256,
        opened,
        held,
        call.base,
        address.path,
        sorted(call.given.items()),
        kind,
    ]
    return f'"{hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:32]}"'


def _described(reply: Reply) -> Headers:
    found: Headers = []
    if reply.permalink:
        found.append(("link", f'<{reply.permalink}>; rel="alternate"; type="text/html"'))
    if reply.file_name:
        found.append(("content-disposition", f'attachment; filename="{reply.file_name}"'))
    return found


def _write_down(release: Release, visitor: Visitor, address: Address, reply: Reply) -> None:
    """Write down a look at figures that are not public, before they are handed over."""
    if release.profile != "public":
        access = Access(
            "api", visitor.name, release.profile, release.release_id, address.name, reply.question
        )
        record_file(access, reply.content)


def _refusal(problem: Problem) -> Response:
    headers = dict(headers_of(problem))
    if problem.status == 405:
        headers["allow"] = ", ".join(METHODS)
    body = json.dumps(problem.document(), ensure_ascii=False).encode()
    return Response(body, problem.status, headers, MEDIA_TYPE)
