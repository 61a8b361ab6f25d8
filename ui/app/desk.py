"""The keeper's desk: exact numbers are for whoever holds the address that was printed when they were served.

That a request comes from this machine says little: every account of the machine comes from there, and so does
a page whose name was pointed at it. A steward's release is served only to a browser that brought the token of
its start, once; the token is exchanged at once for a cookie, so that it stays in no history or link.

The token of the desk that records are loaded at (`etl.desk`) is good for one browser: once exchanged it opens
nothing. Its pages stand in a folder whose name is a secret of the start too, and its cookie is for that
folder: browsers send cookies to every port of a machine, whoever listens there, but to no other path.
"""

import hashlib
import hmac
import os
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qsl, urlencode

from ui.app.serve import DESK_KEY, DESK_TOKEN, is_exact, release_folder
from ui.app.web.addresses import HEALTH, below_the_base
from ui.app.web.asgi import HTML, TEXT, App, Receive, Scope, Send, answer, refuse_socket
from ui.app.web.opening import NO_TRACE, leading_to

REFUSED = (
    "This page shows exact small numbers, to their keepers only.\n"
    "Open the address that was printed when it was started: make run PROFILE=steward\n"
)
USED = (
    "The key in this address has been used: it opens the desk once, in one browser.\n"
    "There it is open, without the key. For another browser, stop the desk in its terminal (Ctrl+C), and\n"
    "start it again.\n"
)
#: What a browser says that fetches an address before anybody goes there: it uses no key.
_AHEAD = (b"sec-purpose", b"purpose", b"x-moz", b"x-purpose")


def cookie_of(token: str) -> tuple[str, str]:
    """Return name and value of the cookie that stands for a token; the token cannot be told from either.

    The name is the token's own: cookies are shared by all ports of a machine, and two desks may be open.
    """
    name = hashlib.sha256(f"name {token}".encode()).hexdigest()[:8]
    return f"ltt_desk_{name}", hmac.digest(token.encode(), b"keeper's desk", "sha256").hex()


def folder_of(token: str) -> str:
    """Return the folder that the pages of a token of one use stand in; the token cannot be told from it."""
    return hmac.digest(token.encode(), b"folder of the desk", "sha256").hex()[:32]


class KeepersDesk:
    """ASGI middleware: pages, socket, downloads and routes of exact numbers, to the bearer of the token.

    Parameters
    ----------
    app
        What is served.
    refused
        Words for everybody else.
    is_once
        The token is good for one browser, and the cookie for the folder of the token alone (`folder_of`).
    """

    def __init__(self, app: App, refused: str = REFUSED, *, is_once: bool = False) -> None:
        self.app, self._refused, self._is_once, self._is_used = app, refused, is_once, False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what may pass; exchange a token; refuse the rest."""
        token = os.environ.get(DESK_TOKEN, "")
        is_open = scope["type"] not in ("http", "websocket") or _is_health(scope)
        # A steward's release that was started in another way than by `make run` has no token, and stays shut.
        needs_token = bool(token) or is_exact(release_folder())
        if is_open or not needs_token or (token and _has_cookie(scope, token)):
            await self.app(scope, receive, send)
        elif scope["type"] == "websocket":
            await refuse_socket(receive, send)
        elif token and hmac.compare_digest(_key(scope).encode(), token.encode()):
            await self._exchange(scope, send, token)
        else:
            await answer(send, 403, self._refused.encode())

    async def _exchange(self, scope: Scope, send: Send, token: str) -> None:
        """Lead to the same address without the key, with a cookie that no script can read."""
        if self._is_once and self._is_used:
            await answer(send, 403, USED.encode())
            return
        if scope["method"] != "GET" or _is_ahead(scope):
            await answer(send, 503, b"The key is used when its page is opened.\n", (TEXT, *NO_TRACE))
            return
        self._is_used = True
        rest = urlencode([pair for pair in _query(scope) if pair[0] != DESK_KEY])
        name, value = cookie_of(token)
        path = f"/{folder_of(token)}" if self._is_once else "/"
        # Led to by its last part, as seen from where it is: a proxy may have put something before it.
        last = scope["path"].rsplit("/", 1)[-1]
        cookie = (b"set-cookie", f"{name}={value}; HttpOnly; SameSite=Strict; Path={path}".encode())
        # By a page, and no redirect: that would still count as a step from where the key came from, which is
        # another site (a file, a terminal in a browser), and such a step brings no strict cookie.
        there = f"./{last}{'?' if rest else ''}{rest}"
        await answer(send, 200, leading_to(there), (HTML, cookie, *NO_TRACE))


def _is_health(scope: Scope) -> bool:
    return below_the_base(scope.get("path", "")) == HEALTH


def _is_ahead(scope: Scope) -> bool:
    return any(name in _AHEAD and b"pre" in value.lower() for name, value in scope["headers"])


def _has_cookie(scope: Scope, token: str) -> bool:
    name, value = cookie_of(token)
    for header, text in scope["headers"]:
        if header == b"cookie":
            try:
                found = SimpleCookie(text.decode("latin-1")).get(name)
            except CookieError:
                continue
            if found is not None and hmac.compare_digest(found.value.encode(), value.encode()):
                return True
    return False


def _key(scope: Scope) -> str:
    return dict(_query(scope)).get(DESK_KEY, "")


def _query(scope: Scope) -> list[tuple[str, str]]:
    return parse_qsl(scope.get("query_string", b"").decode("latin-1"), keep_blank_values=True)
