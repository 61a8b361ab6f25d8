"""What was published when, for readers who are on no page: a feed, and a text on what is new.

/feed.atom                     the releases that the caller may read
/changes?release=ID            what is new in one of them since the one before; the newest without an id
/changes?…&format=text         the same for a mailing list
"""

import functools
import hashlib
import html
from collections.abc import Awaitable, Callable
from itertools import pairwise
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from analysis import LttError
from analysis.api.problems import ALL_WITHDRAWN, Problem
from analysis.errors import ReleaseNotOffered
from analysis.exports.notices.feed import feed
from analysis.exports.notices.what_changed import WhatChanged, what_changed
from analysis.findings.sentences.topics.hidden_population import estimate_between
from analysis.findings.topics.hidden_population import estimates_between
from analysis.program import NAME
from analysis.release.access_log import Access, record
from analysis.release.archive import read_archive
from analysis.release.release import Release
from analysis.release.release_file import MOST_EARLIER, open_published
from ui.app.api.callers import Callers, all_withdrawn, open_for
from ui.app.sign_in.settings import SignIn
from ui.app.sign_in.visitor import Visitor
from ui.app.web.asgi import plain_page
from ui.app.web.settings import own_address

FEED, CHANGES = "/feed.atom", "/changes"
PATHS = (FEED, CHANGES)
KEPT = 32  # texts: each takes two releases to be looked through
#: Entries of the feed that tell of a changed estimate: each opens its release and the one before it.
TOLD = MOST_EARLIER - 1
_NO_FIGURES = "There are no figures to tell of now."


def routes(settings: SignIn | None) -> list[Route]:
    """Return the two addresses.

    Parameters
    ----------
    settings
        How partners sign in; None where there is no sign-in.
    """
    callers = Callers(settings)

    def answering(made: Callable[[Request, Visitor], Response]) -> Callable[[Request], Awaitable[Response]]:
        async def respond(request: Request) -> Response:
            try:
                visitor = await callers.visitor_of(request.scope)
                return await run_in_threadpool(made, request, visitor)
            except Problem as problem:
                return Response(
                    f"{problem.words}\n", problem.status, {"cache-control": "no-store"}, "text/plain"
                )

        return respond

    return [
        Route(FEED, answering(_feed), methods=["GET"]),
        Route(CHANGES, answering(_changes), methods=["GET"]),
    ]


def _feed(request: Request, visitor: Visitor) -> Response:
    release = _newest(visitor)
    archive = read_archive(release.folder) if release else all_withdrawn(visitor)
    if archive is None or archive.manifest is None:
        return Response(_NO_FIGURES, 503, {"cache-control": "no-store"}, "text/plain")
    told = {}
    if release is not None:
        pairs = pairwise(archive.ids[: TOLD + 1])
        told = {one: _hidden(release.folder, one, before) for one, before in pairs}
    # Without a release it is a feed all the same: its entries are those that were withdrawn.
    body = feed(archive, archive.manifest.place or NAME, _base(), told)
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = {"etag": tag, **_headers(archive.manifest.profile)}
    if tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(body, 200, headers, "application/atom+xml")


def _changes(request: Request, visitor: Visitor) -> Response:
    newest, asked = _newest(visitor), request.query_params.get("release", "")
    if newest is None and asked and (archive := all_withdrawn(visitor)):
        try:
            archive.find(asked)
        except ReleaseNotOffered as problem:
            return _told(404, problem.message)
    if newest is None:
        words = ALL_WITHDRAWN if all_withdrawn(visitor) else _NO_FIGURES
        return Response(words, 503, {"cache-control": "no-store"}, "text/plain")
    asked = asked or newest.release_id
    try:
        text = changes_of(newest.folder, asked)
        if newest.profile != "public":
            record(Access("page", visitor.name, newest.profile, asked, "changes", "What is new"))
    except ReleaseNotOffered as problem:
        return _told(404, problem.message)
    except LttError as problem:
        return _told(503, problem.message)
    if request.query_params.get("format") == "text":
        return Response(text.as_text(), 200, _headers(newest.profile), "text/plain")
    return Response(text.as_html(), 200, _headers(newest.profile), "text/html")


def changes_of(folder: Path, release_id: str) -> WhatChanged:
    """Return what is new in a release that a folder offers, since the one before it that is offered.

    Raises
    ------
    ReleaseError
        If it is not offered, or cannot be opened.
    """
    archive = read_archive(folder)
    archive.find(release_id)
    before = archive.before(release_id)
    base = _base()
    link = f"{base}/?release={release_id}" if base else ""
    return _text(folder, release_id, before.release_id if before else "", link)


@functools.lru_cache(maxsize=KEPT)
def _text(folder: Path, release_id: str, before: str, link: str) -> WhatChanged:
    earlier = open_published(before, folder) if before else None
    return what_changed(open_published(release_id, folder), earlier, link)


@functools.lru_cache(maxsize=KEPT)
def _hidden(folder: Path, release_id: str, before: str) -> str:
    """Return what a release tells otherwise of people on no list; nothing where one cannot be opened."""
    try:
        found = estimates_between(open_published(release_id, folder), open_published(before, folder))
    except LttError:
        return ""
    return " ".join(line for one in found for line in estimate_between(one))


def _newest(visitor: Visitor) -> Release | None:
    return open_for(visitor, "")


def _base() -> str:
    address = own_address()
    return str(address) if address else ""


def _headers(profile: str) -> dict[str, str]:
    kept = "no-cache" if profile == "public" else "private, no-store"
    return {"cache-control": kept, "vary": "Authorization, Cookie"}


def _told(status: int, words: str) -> Response:
    page = plain_page(
        "This release cannot be read", html.escape(words, quote=False), "Go to the newest figures"
    )
    return Response(page, status, {"cache-control": "no-store"}, "text/html")
