"""What passes for whom: sockets, and the way to the provider and back.

Pages decide by themselves what they show (`ui.app.sign_in.control`); this holds for what has no page.
"""

from collections.abc import Sequence
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from ui.app.sign_in import cookies, ended, sockets
from ui.app.sign_in.settings import CALLBACK, SignIn
from ui.app.sign_in.visitor import seconds_left, sign_in_of
from ui.app.web.addresses import below_the_base
from ui.app.web.asgi import HTML, App, Header, Message, Receive, Scope, Send, answer, plain_page

LOGIN, LOGOUT = "/auth/login", "/auth/logout"
PATHS = (LOGIN, LOGOUT, CALLBACK)
#: Name and value in the address of the first page after a sign-in that failed.
FAILED = ("sign_in", "failed")
_RETURN = "ltt_return"
_RETURN_SECONDS = 600
_NO_PROVIDER = plain_page(
    "Signing in is not possible now",
    "The service that checks accounts does not answer.",
    "Go on with the public figures",
)


class Gate:
    """ASGI middleware of a deployment with a sign-in.

    Parameters
    ----------
    app
        What is served.
    settings
        How partners sign in.
    """

    def __init__(self, app: App, settings: SignIn) -> None:
        self.app, self.settings = app, settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what may pass."""
        path = below_the_base(scope["path"]) if scope["type"] == "http" else ""
        if scope["type"] == "websocket":
            await self._socket(scope, receive, send)
        elif scope["type"] != "http":
            await self.app(scope, receive, send)
        elif path == LOGIN:
            await self._to_the_provider(scope, receive, send)
        elif path == CALLBACK:
            await self._back(scope, receive, send)
        elif path == LOGOUT:
            claims = cookies.claims_of(scope)
            if claims:
                for sign_in in ended.end(sign_in_of(claims)):
                    sockets.draw_anew(sign_in)
            await self.app(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    async def _socket(self, scope: Scope, receive: Receive, send: Send) -> None:
        claims = cookies.claims_of(scope)
        seconds = seconds_left(claims, self.settings) if claims else 0.0
        if seconds <= 0:
            await self.app(scope, receive, send)
        else:
            await sockets.run(self.app, scope, receive, send, sign_in=sign_in_of(claims), seconds=seconds)

    async def _to_the_provider(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Lead to the provider, and remember the page the reader comes from."""
        start = await _redirection(self.app, scope, receive)
        if start is None:
            await answer(send, 503, _NO_PROVIDER, (HTML,))
            return
        kept = f"{_RETURN}={quote(_page_before(scope), safe='')}; Max-Age={_RETURN_SECONDS}"
        cookie = f"{kept}; Path={CALLBACK}; HttpOnly; SameSite=Lax"
        await _redirect(start, send, (b"set-cookie", cookie.encode("latin-1", "ignore")))

    async def _back(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Lead from the provider to the page the reader came from; say so when there is no sign-in."""
        start = await _redirection(self.app, scope, receive)
        # A provider leads to the same address after signing out, and says nothing then.
        asked = dict(parse_qsl(scope.get("query_string", b"").decode("latin-1")))
        target = f"/?{FAILED[0]}={FAILED[1]}" if asked.keys() & {"code", "error", "state"} else "/"
        given: Sequence[Header] = start["headers"] if start else ()
        if made := cookies.claims_set_by(given):
            if before := cookies.claims_of(scope):
                ended.follow(sign_in_of(before), sign_in_of(made))
            target = _safe(unquote(cookies.cookies_of(scope).get(_RETURN, "")))
        kept = [pair for pair in given if pair[0] == b"set-cookie"]
        forget = f"{_RETURN}=; Max-Age=0; Path={CALLBACK}; HttpOnly; SameSite=Lax"
        headers = [*kept, (b"set-cookie", forget.encode()), (b"location", target.encode("latin-1", "ignore"))]
        await answer(send, 303, b"", [*headers, (b"cache-control", b"no-store")])


async def _redirection(app: App, scope: Scope, receive: Receive) -> Message | None:
    """Return the start of an answer that leads elsewhere; None when it is another. Nothing is sent."""
    found: list[Message] = []

    async def keep(message: Message) -> None:
        if message["type"] == "http.response.start":
            found.append(message)

    await app(scope, receive, keep)
    return found[0] if found and 300 <= found[0]["status"] < 400 else None


async def _redirect(start: Message, send: Send, more: Header) -> None:
    headers = [pair for pair in start["headers"] if pair[0] != b"content-length"]
    await answer(send, start["status"], b"", [*headers, more])


def _page_before(scope: Scope) -> str:
    """Return path and choices of the page that led here, if it was one of ours."""
    named = dict(scope["headers"])
    parts = urlsplit(named.get(b"referer", b"").decode("latin-1"))
    if parts.netloc.encode() != named.get(b"host", b""):
        return "/"
    return _safe(f"{parts.path}?{parts.query}" if parts.query else parts.path)


def _safe(target: str) -> str:
    """Return an address on this server, or that of its first page: nobody is led elsewhere."""
    parts = urlsplit(target)
    is_ours = target.startswith("/") and not target.startswith(("//", "/\\")) and not parts.netloc
    is_plain = target.isascii() and target.isprintable() and "\\" not in target
    return target if is_ours and is_plain and len(target) < 4000 else "/"
