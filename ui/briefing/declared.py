"""What pages declare, without drawing them: their scripts are read as when a reader opens them."""

import runpy
from collections.abc import Callable
from contextvars import ContextVar
from functools import cache
from typing import Any

from ui.cards.card import Page
from ui.view import registry

_READING: ContextVar[list[Page] | None] = ContextVar("reading", default=None)


def is_read(body: Page | Callable[..., Any]) -> bool:
    """Hand over what a page's script declares to whoever reads it; return False while pages are drawn."""
    read = _READING.get()
    if read is None:
        return False
    read.append(() if callable(body) else body)
    return True


@cache
def page_of(code: str) -> Page:
    """Return the sections of a page; none of a page that draws itself by a function."""
    read: list[Page] = []
    token = _READING.set(read)
    try:
        runpy.run_path(str(registry.entry(code).file))
    finally:
        _READING.reset(token)
    return read[0] if read else ()
