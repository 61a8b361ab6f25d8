"""The claims inside the cookie that Streamlit keeps a sign-in in.

A page asks `st.user`; a download and a route have no page, and Streamlit offers no public way to read its
cookie for them. What is used of its inside stands here alone.
"""

import json
from typing import Any

from starlette.requests import cookie_parser
from streamlit.web.server.starlette.starlette_server_config import USER_COOKIE_NAME
from streamlit.web.server.starlette.starlette_websocket import _get_signed_cookie_with_chunks

from ui.app.web.asgi import Scope

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
