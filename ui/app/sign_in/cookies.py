"""The claims inside the cookie that Streamlit keeps a sign-in in.

A page asks `st.user`; a route has no page, and Streamlit offers no public way to read its
cookie for them. What is used of its inside stands here alone.
"""

import json
from collections.abc import Sequence
from typing import Any

from starlette.requests import cookie_parser
from streamlit.web.server.starlette.starlette_server_config import USER_COOKIE_NAME
from streamlit.web.server.starlette.starlette_websocket import _get_signed_cookie_with_chunks

from ui.app.web.asgi import Header, Scope

NAME = USER_COOKIE_NAME


def cookies_of(scope: Scope) -> dict[str, str]:
    """Return the cookies of a request."""
    found: dict[str, str] = {}
    for name, value in scope["headers"]:
        if name == b"cookie":
            found |= cookie_parser(value.decode("latin-1"))
    return found


def claims_of(scope: Scope) -> dict[str, Any]:
    """Return the claims that a request's cookie carries; none when there is no cookie that we signed."""
    signed = _get_signed_cookie_with_chunks(cookies_of(scope), NAME)
    if not signed:
        return {}
    try:
        found = json.loads(signed)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def claims_set_by(headers: Sequence[Header]) -> dict[str, Any]:
    """Return the claims of the sign-in whose cookie an answer sets; none when it sets no such cookie."""
    pairs = [value.split(b";", 1)[0] for name, value in headers if name == b"set-cookie"]
    return claims_of({"headers": [(b"cookie", b"; ".join(pairs))]})
