"""A briefing as a file: questions and words, the release it was made with, no figures."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from analysis.briefing.briefing import (
    LONGEST_CODE,
    LONGEST_FILTER,
    LONGEST_NOTE,
    LONGEST_TITLE,
    MOST_CARDS,
    MOST_FILTERS,
    Briefing,
    Item,
    clean,
    item,
)
from analysis.errors import LttError, echo

FORMAT = 1
LARGEST_BYTES = 512_000
_KEYS = ("briefing", "title", "release", "profile", "cards")
_OF_A_CARD = ("page", "card", "filters", "title", "note")
IT_IS = 'A briefing file is JSON: {"briefing": 1, "cards": [{"page": …, "card": …, "filters": {…}}]}.'
MAKE_ONE = "Make one on the page Briefing: “Keep as a file”."


def to_file(briefing: Briefing) -> bytes:
    """Return the file: readable JSON, the same for the same briefing."""
    cards = []
    for one in briefing.items:
        card: dict[str, Any] = {"page": one.page, "card": one.card, "filters": one.filters}
        words = {"title": one.title, "note": one.note}
        cards.append(card | {name: text for name, text in words.items() if text})
    held = {
        "briefing": FORMAT,
        "title": briefing.title,
        "release": briefing.release_id,
        "profile": briefing.profile,
        "cards": cards,
    }
    return (json.dumps(held, indent=2, ensure_ascii=False) + "\n").encode()


def from_file(
    content: bytes, is_known: Callable[[str, str], bool], name: str = "the file"
) -> tuple[Briefing, tuple[str, ...]]:
    """Read a file, perhaps one that was written by hand.

    Parameters
    ----------
    content
        Its bytes.
    is_known
        Whether there is a card of a page by these codes.
    name
        What the file is called in messages.

    Returns
    -------
    (Briefing, notices)
        Cards that cannot be read are left out and told; the others open.

    Raises
    ------
    LttError
        If it is no briefing at all.
    """
    held = _read(content, name)
    notices = [
        f"{name}: {echo(str(key))} is not a part of a briefing; it was left out. Allowed: {', '.join(_KEYS)}."
        for key in held
        if key not in _KEYS
    ][:3]
    cards = held.get("cards", [])
    if not isinstance(cards, list):
        raise LttError(f"{name}: cards is not a list. {IT_IS}", MAKE_ONE)
    if len(cards) > MOST_CARDS:
        notices.append(f"{name} has {len(cards):,} cards; the first {MOST_CARDS} are shown.")
    items = []
    for place, card in enumerate(cards[:MOST_CARDS], start=1):
        read, said = _item(card, is_known, f"{name}, card {place}")
        notices += said
        items += [read] if read else []
    title = _words(held, "title", LONGEST_TITLE, name, notices)
    release = _words(held, "release", LONGEST_CODE, name, notices)
    profile = _words(held, "profile", LONGEST_CODE, name, notices)
    return Briefing(title, tuple(items), release, profile), tuple(notices)


def _read(content: bytes, name: str) -> Mapping[str, Any]:
    if len(content) > LARGEST_BYTES:
        raise LttError(
            f"{name} has {len(content):,} bytes; a briefing has at most {LARGEST_BYTES:,}.", MAKE_ONE
        )
    try:
        held = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise LttError(f"{name} is not a briefing file. {IT_IS}", MAKE_ONE) from None
    if not isinstance(held, dict) or "cards" not in held:
        raise LttError(f"{name} is not a briefing file. {IT_IS}", MAKE_ONE)
    form = held.get("briefing", FORMAT)
    if form != FORMAT or isinstance(form, bool):
        raise LttError(
            f"{name}: briefing is {echo(str(form))}; this version reads {FORMAT}.",
            "Update the program, or make the briefing anew.",
        )
    return held


def _item(card: Any, is_known: Callable[[str, str], bool], where: str) -> tuple[Item | None, list[str]]:
    notices: list[str] = []
    if not isinstance(card, dict):
        return None, [f"{where} is no card; it was left out."]
    page, code = card.get("page"), card.get("card")
    if not (isinstance(page, str) and isinstance(code, str) and is_known(page, code)):
        return None, [f"{where}: {echo(f'{page}/{code}')} is no card here; it was left out."]
    unknown = [key for key in card if key not in _OF_A_CARD]
    if unknown:
        notices.append(
            f"{where}: {echo(str(unknown[0]))} is not a part of a card. Allowed: {', '.join(_OF_A_CARD)}."
        )
    words = {
        "title": _words(card, "title", LONGEST_TITLE, where, notices),
        "note": _words(card, "note", LONGEST_NOTE, where, notices, keeps_lines=True),
    }
    return item(page, code, _filters(card.get("filters", {}), where, notices), **words), notices


def _filters(filters: Any, where: str, notices: list[str]) -> dict[str, str]:
    if not isinstance(filters, dict):
        notices.append(f"{where}: filters are not names and codes; they were left out.")
        return {}
    kept = {
        name: value
        for name, value in filters.items()
        if isinstance(value, str)
        # Half a letter (\ud800) is a text to JSON, but can be written into no address and no file.
        and (name + value).isprintable()
        and len(name) <= LONGEST_CODE
        and len(value) <= LONGEST_FILTER
    }
    if len(kept) < len(filters) or len(kept) > MOST_FILTERS:
        notices.append(f"{where}: a filter is not a text of codes, or there are too many; it was left out.")
    return dict(list(kept.items())[:MOST_FILTERS])


def _words(
    held: Mapping[str, Any],
    key: str,
    longest: int,
    where: str,
    notices: list[str],
    *,
    keeps_lines: bool = False,
) -> str:
    given = held.get(key, "")
    if not isinstance(given, str):
        notices.append(f"{where}: {key} is not a text; it was left out.")
        return ""
    if len(given) > longest:
        notices.append(f"{where}: {key} has {len(given):,} letters; the first {longest:,} are kept.")
    return clean(given, longest, keeps_lines=keeps_lines)
