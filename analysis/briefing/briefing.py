"""A briefing: cards with their filters, titles and notes. Its figures are asked anew when it is opened."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

MOST_CARDS = 60
LONGEST_TITLE = 200
LONGEST_NOTE = 2_000
LONGEST_CODE = 80
#: Names and values of one card's address.
MOST_FILTERS, LONGEST_FILTER = 30, 2_000


@dataclass(frozen=True)
class Item:
    """One card of a briefing.

    Attributes
    ----------
    page, card
        Codes of the page and of the card on it.
    query
        What its page's address held: filters and choices, names sorted.
    title
        Stands in place of the card's headline where it is not empty.
    note
        For whoever speaks; never on the slide.
    """

    page: str
    card: str
    query: tuple[tuple[str, str], ...] = ()
    title: str = ""
    note: str = ""

    @property
    def key(self) -> str:
        """Page and card, such as ``trends/trend``."""
        return f"{self.page}/{self.card}"

    @property
    def filters(self) -> dict[str, str]:
        """The query as a mapping."""
        return dict(self.query)


def item(page: str, card: str, query: Mapping[str, str], **words: str) -> Item:
    """Return a card with the filters of an address, those that filter nothing left out."""
    return Item(page, card, tuple(sorted((name, value) for name, value in query.items() if value)), **words)


@dataclass(frozen=True)
class Briefing:
    """Cards in order.

    Attributes
    ----------
    title
        What it is called; empty for the usual words.
    items
        Its cards, at most `MOST_CARDS`.
    release_id, profile
        The release that was shown when it was kept, to say later what has changed; empty when unknown.
    """

    title: str = ""
    items: tuple[Item, ...] = field(default_factory=tuple)
    release_id: str = ""
    profile: str = ""

    def with_item(self, added: Item) -> "Briefing":
        """Return it with one more card at its end; as it is where it is full or has the card already."""
        same = any((one.key, one.query) == (added.key, added.query) for one in self.items)
        if same or len(self.items) >= MOST_CARDS:
            return self
        return replace(self, items=(*self.items, added))

    def without(self, place: int) -> "Briefing":
        """Return it without the card at a place."""
        return replace(self, items=(*self.items[:place], *self.items[place + 1 :]))

    def moved(self, place: int, to: int) -> "Briefing":
        """Return it with the card at a place moved to another; the ends hold."""
        rest = list(self.items)
        moving = rest.pop(place)
        rest.insert(min(max(to, 0), len(rest)), moving)
        return replace(self, items=tuple(rest))

    def with_words(self, place: int, *, title: str | None = None, note: str | None = None) -> "Briefing":
        """Return it with another title or note of the card at a place, cut to what is allowed."""
        old = self.items[place]
        new = replace(
            old,
            title=old.title if title is None else clean(title, LONGEST_TITLE),
            note=old.note if note is None else clean(note, LONGEST_NOTE, keeps_lines=True),
        )
        return replace(self, items=(*self.items[:place], new, *self.items[place + 1 :]))


def clean(text: str, longest: int, *, keeps_lines: bool = False) -> str:
    """Return words without what cannot be written on a slide, at most `longest` letters long."""
    kept = "".join(
        letter if letter.isprintable() or (keeps_lines and letter == "\n") else " " for letter in text
    )
    return kept.strip()[:longest]
