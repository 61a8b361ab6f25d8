"""What a browser is told to refuse: scripts from elsewhere, foreign frames, guessing what a file is."""

import base64
import hashlib
import re
from collections.abc import Sequence
from pathlib import Path

from streamlit.file_util import get_static_dir

from ui.app.web import first_page
from ui.app.web.asgi import App, Header, Message, Receive, Scope, Send
from ui.app.web.settings import Origin, frame_ancestors, own_address

_INLINE_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)


def inline_hashes(html: str) -> list[str]:
    """Return the hashes of the scripts that stand in a page itself, as a policy names them."""
    return [
        f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"
        for script in _INLINE_SCRIPT.findall(html)
    ]


def policy(hashes: Sequence[str], frames: Sequence[Origin]) -> str:
    """Return the Content-Security-Policy under which Streamlit and the charts work.

    Styles are set by scripts (`unsafe-inline`), which cannot run code. Scripts come from this server; a
    component's own script is loaded from an address that the page made itself (`blob:`).
    """
    ancestors = " ".join(str(site) for site in frames) or "'none'"
    rules = {
        "default-src": "'self'",
        "script-src": " ".join(["'self'", "blob:", *hashes]),
        "style-src": "'self' 'unsafe-inline'",
        "img-src": "'self' data: blob:",
        "font-src": "'self' data:",
        "connect-src": "'self' data: blob:",
        "worker-src": "'self'",
        "frame-src": "'self' blob:",
        "object-src": "'none'",
        "base-uri": "'self'",
        "form-action": "'self'",
        "frame-ancestors": ancestors,
    }
    return "; ".join(f"{name} {value}" for name, value in rules.items())


def headers() -> list[Header]:
    """Return the headers that go with every answer of this deployment.

    Raises
    ------
    ServeError
        If the environment names a site that is none.
    """
    index = first_page.with_head((Path(get_static_dir()) / "index.html").read_text("utf-8"))
    frames = frame_ancestors()
    found = {
        "content-security-policy": policy(inline_hashes(index), frames),
        "x-content-type-options": "nosniff",
        "referrer-policy": "same-origin",
        "cross-origin-opener-policy": "same-origin",
        "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    }
    if not frames:
        found["x-frame-options"] = "DENY"
    address = own_address()
    if address is not None and address.is_secure:
        found["strict-transport-security"] = "max-age=31536000"
    return [(name.encode(), value.encode()) for name, value in found.items()]


class SafeHeaders:
    """ASGI middleware: adds the headers of a deployment to every answer, and keeps cookies encrypted."""

    def __init__(self, app: App) -> None:
        self.app = app
        self._headers = headers()
        address = own_address()
        self._is_secure = address is not None and address.is_secure

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, with the headers added to the answer."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def add(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = self._with_ours(message.get("headers", ()))
            await send(message)

        await self.app(scope, receive, add)

    def _with_ours(self, given: Sequence[Header]) -> list[Header]:
        names = {name for name, _ in self._headers}
        kept = [(name, self._cookie(name, value)) for name, value in given if name.lower() not in names]
        return [*kept, *self._headers]

    def _cookie(self, name: bytes, value: bytes) -> bytes:
        """Return a header's value; a cookie of an encrypted site never travels unencrypted."""
        is_open = (
            self._is_secure and name.lower() == b"set-cookie" and b"secure" not in value.lower().split(b"; ")
        )
        return value + b"; Secure" if is_open else value
