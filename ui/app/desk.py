"""The keeper's desk: exact numbers are for whoever holds the address that was printed when they were served.

That a request comes from this machine says little: every account of the machine comes from there, and so does
a page whose name was pointed at it. A steward's release is served only to a browser that brought the token of
its start, once; the token is exchanged at once for a cookie, so that it stays in no history or link.
"""

import hashlib
import hmac
import os
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qsl, urlencode

from ui.app.serve import DESK_KEY, DESK_TOKEN, is_exact, release_folder
from ui.app.web.addresses import HEALTH
from ui.app.web.asgi import App, Receive, Scope, Send, answer, refuse_socket

REFUSED = (
    "This page shows exact small numbers, to their keepers only.\n"
    "Open the address that was printed when it was started: make run PROFILE=steward\n"
)


def cookie_of(token: str) -> tuple[str, str]:
    """Return name and value of the cookie that stands for a token; the token cannot be told from either.

    The name is the token's own: cookies are shared by all ports of a machine, and two desks may be open.
    """
    name = hashlib.sha256(f"name {token}".encode()).hexdigest()[:8]
    return f"ltt_desk_{name}", hmac.digest(token.encode(), b"keeper's desk", "sha256").hex()


class KeepersDesk:
    """ASGI middleware: pages, socket, downloads and routes of exact numbers, to the bearer of the token.

    Parameters
    ----------
    app
        What is served.
    refused
        Words for everybody else.
    """

    def __init__(self, app: App, refused: str = REFUSED) -> None:
        self.app, self._refused = app, refused

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what may pass; exchange a token; refuse the rest."""
        token = os.environ.get(DESK_TOKEN, "")
        is_open = scope["type"] not in ("http", "websocket") or scope.get("path") == HEALTH
        # A steward's release that was started in another way than by `make run` has no token, and stays shut.
        needs_token = bool(token) or is_exact(release_folder())
        if is_open or not needs_token or (token and _has_cookie(scope, token)):
            await self.app(scope, receive, send)
        elif scope["type"] == "websocket":
            await refuse_socket(receive, send)
        elif token and hmac.compare_digest(_key(scope).encode(), token.encode()):
            await _exchange(scope, send, token)
        else:
            await answer(send, 403, self._refused.encode())


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


async def _exchange(scope: Scope, send: Send, token: str) -> None:
    """Lead to the same address without the key, with a cookie that no script can read."""
    rest = urlencode([pair for pair in _query(scope) if pair[0] != DESK_KEY])
    name, value = cookie_of(token)
    # The path is led to by its last part, as seen from where it is: a proxy may have put something before it.
    last = scope["path"].rsplit("/", 1)[-1]
    headers = [
        (b"location", f"./{last}{'?' if rest else ''}{rest}".encode("latin-1", "ignore")),
        (b"set-cookie", f"{name}={value}; HttpOnly; SameSite=Strict; Path=/".encode()),
        (b"cache-control", b"no-store"),
        (b"referrer-policy", b"no-referrer"),
    ]
    await answer(send, 303, b"", headers)
