"""A page that is looked at without being drawn: for a slide, a file, a program.

A card asks its address for choices, and the width that it has. On a page these come from the browser; in a
still they are given. Nothing of Streamlit is touched while a still is made, so the same card serves a
briefing, and a program without a browser.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Still:
    """What a page is given in place of a browser.

    Attributes
    ----------
    query
        Names and values of its address.
    base
        Address of the page without its choices, for links; its code when nothing else is known.
    notices
        What a reader would be told above the page.
    """

    query: Mapping[str, str]
    base: str = ""
    notices: list[str] = field(default_factory=list)


_CURRENT: ContextVar[Still | None] = ContextVar("still", default=None)


def current() -> Still | None:
    """Return the still that is being made; None while a page is drawn."""
    return _CURRENT.get()


@contextmanager
def still(query: Mapping[str, str], base: str = "") -> Iterator[Still]:
    """Make a still of a page with an address."""
    made = Still(query, base)
    token = _CURRENT.set(made)
    try:
        yield made
    finally:
        _CURRENT.reset(token)
