"""Takes cookies out of a request that nobody here has set and that would keep the server busy.

A quoted cookie is read letter by letter, and until Python 3.11.10 the time for its backslashes grew with the
square of their number: one request without a sign-in could stop everyone's pages for minutes.
"""

from ui.app.web.asgi import App, Header, Receive, Scope, Send

_BACKSLASH = b"\\"


class PlainCookies:
    """ASGI middleware: passes on cookies without a backslash; none of ours holds one."""

    def __init__(self, app: App) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on."""
        if scope["type"] in ("http", "websocket"):
            scope = {**scope, "headers": [_plain(pair) for pair in scope["headers"]]}
        await self.app(scope, receive, send)


def _plain(header: Header) -> Header:
    name, value = header
    if name != b"cookie" or _BACKSLASH not in value:
        return header
    return name, b";".join(cookie for cookie in value.split(b";") if _BACKSLASH not in cookie)
