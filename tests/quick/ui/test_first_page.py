"""The first page: where the server is, the scripts that will be needed, the policy that it obeys."""

import base64
import hashlib
import re
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from streamlit.file_util import get_static_dir
from streamlit.web.server.starlette.starlette_static_routes import create_streamlit_static_assets_routes

from tests.support import awaited
from ui.app.web.first_page import NEEDED, FirstPage
from ui.app.web.headers import SafeHeaders
from ui.cards.face.face import chart_library

STATIC = Path(get_static_dir())


def get(path: str, **headers: str) -> httpx.Response:
    app = Starlette(
        routes=create_streamlit_static_assets_routes(None),
        middleware=[Middleware(SafeHeaders), Middleware(FirstPage)],
    )

    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            return await client.get(path, headers=headers)

    found: httpx.Response = awaited(ask())
    return found


def test_every_script_that_is_named_is_there() -> None:
    """With another version of Streamlit the names are to be looked at anew."""
    page = get("/trends").text
    named = re.findall(r'(?:href|src)="\./(static/[^"]+)"', page)
    assert len(named) > len(NEEDED)
    assert [name for name in named if not (STATIC / name).is_file()] == []
    for name in NEEDED:
        assert re.search(rf'modulepreload" crossorigin href="\./static/js/{re.escape(name)}\.', page), name
    assert page.index("index.") < page.index(chart_library()), "what draws the page comes first"


def test_the_page_says_where_its_server_is_and_the_policy_lets_it() -> None:
    answer = get("/")
    [told] = [
        one for one in re.findall(r"<script>(.*?)</script>", answer.text, re.DOTALL) if "BACKEND" in one
    ]
    assert told == "window.__streamlit={BACKEND_BASE_URL:new URL('.',location.href).href}"
    digest = base64.b64encode(hashlib.sha256(told.encode()).digest()).decode()
    assert f"'sha256-{digest}'" in answer.headers["content-security-policy"]
    scripts = "".join(file.read_text("utf-8") for file in (STATIC / "static" / "js").glob("index.*.js"))
    assert "BACKEND_BASE_URL" in scripts, "Streamlit's page asks for it by this name"


@pytest.mark.parametrize("path", ["/", "/geography"])
def test_a_page_is_sent_whole_and_asked_for_again(path: str) -> None:
    """It is no file any more: a browser that holds an older one must not be told that it is the same."""
    first = get(path)
    assert first.headers["cache-control"] == "no-cache"
    assert "etag" not in first.headers and "last-modified" not in first.headers
    tag = '"whatever"'
    kept = {"if-none-match": tag, "if-modified-since": "Fri, 01 Jan 2100 00:00:00 GMT"}
    for headers in (kept, {"range": "bytes=0-9"}):
        again = get(path, **headers)
        assert again.status_code == 200
        assert again.text == first.text
        assert int(again.headers["content-length"]) == len(again.content)


def test_other_addresses_are_passed_on_as_they_are() -> None:
    icon = get("/favicon.png")
    assert icon.content == (STATIC / "favicon.png").read_bytes()
    assert "etag" in icon.headers
