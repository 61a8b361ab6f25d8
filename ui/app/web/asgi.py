"""Names of the interface between a server and an application; a plain answer, and a whole one."""

from collections.abc import Awaitable, Callable, MutableMapping, Sequence
from typing import Any

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Scope = MutableMapping[str, Any]
App = Callable[[Scope, Receive, Send], Awaitable[None]]
Header = tuple[bytes, bytes]

TEXT: Header = (b"content-type", b"text/plain; charset=utf-8")
HTML: Header = (b"content-type", b"text/html; charset=utf-8")


def plain_page(title: str, words: str, link: str) -> bytes:
    """Return a page that needs no script: what is the matter, and a link to the first page."""
    return (
        f"<!doctype html><html lang=en><meta charset=utf-8><title>{title}</title>"
        f"<h1>{title}</h1><p>{words}</p><p><a href='/'>{link}</a></p></html>"
    ).encode()


async def answer(send: Send, status: int, body: bytes, headers: Sequence[Header] = (TEXT,)) -> None:
    """Send one whole answer."""
    length = (b"content-length", str(len(body)).encode())
    await send({"type": "http.response.start", "status": status, "headers": [*headers, length]})
    await send({"type": "http.response.body", "body": body})


async def refuse_socket(receive: Receive, send: Send) -> None:
    """Refuse to open a websocket; the browser sees that it may not."""
    await receive()  # the request to open it
    await send({"type": "websocket.close", "code": 1008})


async def collected(app: App, scope: Scope, receive: Receive) -> tuple[Message, bytes]:
    """Run a request and return its start message and its whole body."""
    start: Message = {}
    parts: list[bytes] = []

    async def gather(message: Message) -> None:
        if message["type"] == "http.response.start":
            start.update(message)
        elif message["type"] == "http.response.body":
            parts.append(message.get("body", b""))

    await app({**scope, "extensions": {}}, receive, gather)
    return start, b"".join(parts)
