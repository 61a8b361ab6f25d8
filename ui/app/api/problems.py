"""Every refusal under ``/api/`` in the form of RFC 9457, whoever refused: a program reads one form only."""

import json
from collections.abc import Sequence

from analysis.api.problems import MEDIA_TYPE, TITLES, Problem
from ui.app.web.addresses import below_the_base
from ui.app.web.asgi import App, Header, Message, Receive, Scope, Send, answer

PREFIX = "/api"
_KIND: Header = (b"content-type", MEDIA_TYPE.encode())
_NOT_KEPT: Header = (b"cache-control", b"no-store")
#: Headers of a refusal that stay what they are when its words are put into another form.
_KEPT = (b"allow", b"retry-after", b"www-authenticate", b"set-cookie")
_LONGEST_WORDS = 500


def is_ours(scope: Scope) -> bool:
    """Return whether a request is for a program's address."""
    path = below_the_base(scope["path"]) if scope["type"] == "http" else ""
    return path == PREFIX or path.startswith(f"{PREFIX}/")


def headers_of(problem: Problem) -> list[tuple[str, str]]:
    """Return the headers that go with a refusal."""
    found = [("cache-control", "no-store")]
    if problem.status == 401:
        found.append(("www-authenticate", 'Bearer error="invalid_token"'))
    if problem.retry_after:
        found.append(("retry-after", str(problem.retry_after)))
    return found


class AsProblems:
    """ASGI middleware: puts refusals of what stands before the routes (the desk, the hosts) into the form."""

    def __init__(self, app: App) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, with the refusals of a program's address rewritten."""
        if not is_ours(scope):
            await self.app(scope, receive, send)
            return
        refused: list[Message] = []
        said: list[bytes] = []

        async def rewrite(message: Message) -> None:
            if message["type"] == "http.response.start" and _is_other_form(message):
                refused.append(message)
            elif not refused:
                await send(message)
            elif message["type"] == "http.response.body":
                said.append(message.get("body", b""))

        await self.app(scope, receive, rewrite)
        if refused:
            await _send(send, refused[0], b"".join(said), is_head=scope["method"] == "HEAD")


def _is_other_form(start: Message) -> bool:
    kind = _kind(start.get("headers", ()))
    return start["status"] >= 400 and not kind.startswith(MEDIA_TYPE.encode())


def _kind(headers: Sequence[Header]) -> bytes:
    return next((value for name, value in headers if name.lower() == b"content-type"), b"")


async def _send(send: Send, start: Message, said: bytes, *, is_head: bool) -> None:
    status = start["status"] if start["status"] in TITLES else 500 if start["status"] >= 500 else 400
    is_text = _kind(start["headers"]).startswith(b"text/plain")
    words = said.decode("utf-8", "replace").strip()[:_LONGEST_WORDS] if is_text else ""
    problem = Problem(status, "refused", words or f"{TITLES[status]}.")
    kept = [pair for pair in start["headers"] if pair[0].lower() in _KEPT]
    body = json.dumps(problem.document()).encode()
    await answer(send, status, b"" if is_head else body, [_KIND, _NOT_KEPT, *kept])
