"""A card that cannot be drawn with these filters."""

from analysis import Answer
from ui.cards import layout


def refused(title: str, answer: Answer) -> None:
    """Say in a card's shape why a question cannot be asked with these filters, and what to give up."""
    layout.note(title, answer.sentence, *answer.notes)
