"""What a card says and shows, apart from the page: for a slide, a file, a program.

While a still is made (`ui.view.still`), cards hand over their content here in place of drawing it, so a slide
cannot say anything else than the page.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from analysis import Answer
from ui.cards.table import Table
from ui.charts.figure import Figure


@dataclass(frozen=True)
class Titled:
    """A table and what is listed in it."""

    title: str
    table: Table


@dataclass(frozen=True)
class Content:
    """One card.

    Attributes
    ----------
    key
        The card's key on its page.
    headline, chips, subtitle, caption, alt
        Its words; see `ui.cards.words`.
    figure
        A Plotly figure as plain values, a drawing as HTML, or None.
    below
        HTML under the figure, such as a legend.
    tables
        Makes its tables when they are needed.
    answers
        What it is made of.
    note
        What is said in place of figure and table.
    drawn
        The part of the caption that says how the figure is read.
    derived
        Code of the number that pages work out and that it shows; empty where it shows measures alone.
    """

    key: str
    headline: str
    chips: tuple[str, ...] = ()
    subtitle: str = ""
    figure: Figure | str | None = None
    below: str = ""
    caption: str = ""
    alt: str = ""
    tables: Callable[[], Sequence[Titled]] = tuple
    answers: tuple[Answer, ...] = ()
    note: str = ""
    drawn: str = ""
    derived: str = ""


_TAKEN: ContextVar[list[Content] | None] = ContextVar("taken", default=None)


@contextmanager
def taken() -> Iterator[list[Content]]:
    """Collect the content of cards that would be drawn inside."""
    contents: list[Content] = []
    token = _TAKEN.set(contents)
    try:
        yield contents
    finally:
        _TAKEN.reset(token)


def is_taking() -> bool:
    """Return whether the content of cards is collected, and nothing drawn."""
    return _TAKEN.get() is not None


def is_taken(content: Callable[[], Content]) -> bool:
    """Hand over the content of a card to whoever collects it; return False while pages are drawn."""
    contents = _TAKEN.get()
    if contents is None:
        return False
    contents.append(content())
    return True
