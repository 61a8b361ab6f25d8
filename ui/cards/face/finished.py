"""Finished cards, kept for the process: what one reader was shown is not made anew for the next.

A release never changes, and neither does a card of it under the same filters. Kept are the bytes that the
browser gets, and the answers that they were made of. What is the reader's own is not: buttons, links, a file.

Cards of the public release and of the partners' lie in objects of their own (`_SHELVES`), and each names its
release by its manifest, with the whole hash of its file. Of exact numbers nothing is kept, and nothing is
handed out of a release that was withdrawn.
"""

import threading
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass, replace

from analysis import Answer
from ui.cards.content import is_taking
from ui.view import width
from ui.view.view import View
from ui.view.width import Room

#: Bytes of cards and answers that a shelf holds: some thousand cards.
MOST_BYTES = 16_000_000
#: What an answer takes beside its numbers.
_ANSWER_BYTES = 2_000


@dataclass(frozen=True)
class Finished:
    """One card as it was drawn.

    Attributes
    ----------
    told
        JSON of what the browser gets, but for what is the reader's own.
    answers, register
        What it was made of.
    has_chart
        As `ui.cards.face.face.Face`.
    said
        What its caption said first on its page (`View.said`).
    room
        Width that its drawing was given, where it depends on one.
    """

    told: bytes
    answers: tuple[Answer, ...]
    has_chart: bool
    register: str = ""
    said: frozenset[str] = frozenset()
    room: Room | None = None

    @property
    def size(self) -> int:
        """Bytes that it takes, about."""
        held = sum(answer.frame.estimated_size() + _ANSWER_BYTES for answer in self.answers)
        return len(self.told) + int(held)


class Shelf:
    """Finished cards of one profile; those not asked for longest go first."""

    def __init__(self, most: int = MOST_BYTES) -> None:
        self.most, self.size = most, 0
        self._cards: OrderedDict[Hashable, Finished] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable) -> Finished | None:
        """Return a card; None where it is not kept."""
        with self._lock:
            card = self._cards.get(key)
            if card is not None:
                self._cards.move_to_end(key)
            return card

    def put(self, key: Hashable, card: Finished) -> None:
        """Keep a card; one that is larger than the shelf is not."""
        with self._lock:
            if (old := self._cards.pop(key, None)) is not None:
                self.size -= old.size
            if card.size > self.most:
                return
            self._cards[key] = card
            self.size += card.size
            while self.size > self.most:
                _, gone = self._cards.popitem(last=False)
                self.size -= gone.size

    def forget(self) -> None:
        """Forget everything."""
        with self._lock:
            self._cards.clear()
            self.size = 0

    def __len__(self) -> int:
        return len(self._cards)


_SHELVES = {"public": Shelf(), "partner": Shelf()}


def shelf_of(view: View) -> Shelf | None:
    """Return where the cards of a view's release are kept; None for exact numbers, and without a release."""
    if view.release is None or view.release.is_exact:
        return None
    return _SHELVES.get(view.profile)


@dataclass(frozen=True)
class Place:
    """Where a card is kept: its shelf, and its key there."""

    shelf: Shelf
    key: Hashable

    def get(self) -> Finished | None:
        """Return the card; None where it is not kept."""
        return self.shelf.get(self.key)

    def put(self, card: Finished, said: frozenset[str]) -> None:
        """Keep the card, with what its caption said first."""
        self.shelf.put(self.key, replace(card, said=said))


def place_of(view: View, card_key: str, *, as_table: bool) -> Place | None:
    """Return where a card is kept as the reader sees it now; None where it is not.

    Parameters
    ----------
    view, card_key
        The page's view, with what is picked on it; the card's key on its page.
    as_table
        Whether the table stands in place of the chart.

    Raises
    ------
    ReleaseNotOffered
        If the release was withdrawn: what is kept of it is not handed out either.
    """
    shelf = shelf_of(view)
    if view.release is None or shelf is None or is_taking():
        return None
    view.release.refuse_withdrawn()
    return Place(shelf, key_of(view, card_key, width.told(card_key), as_table=as_table))


def key_of(view: View, card_key: str, wide: int | None, *, as_table: bool) -> Hashable:
    """Return what names a card among all: everything that can change a byte of it.

    Parameters
    ----------
    view
        The page's view, with what is picked on it.
    card_key
        The card's key on its page.
    wide
        What the browser told of its width.
    as_table
        Whether the table stands in place of the chart.
    """
    offered = view.archive.offered
    return (
        view.profile,
        view.release.manifest if view.release else None,
        view.protection,  # thresholds and noise, in words
        tuple((one.release_id, one.words, one.is_newest) for one in offered),
        view.page.code,
        card_key,
        view.filters,
        tuple(sorted(view.picked.items())),
        tuple(sorted(view.chosen().items())),
        view.pinned,
        view.palette.name,
        view.phone,
        wide,
        as_table,
        frozenset(view.said),
    )


def forget() -> None:
    """Forget all cards of all profiles."""
    for shelf in _SHELVES.values():
        shelf.forget()
