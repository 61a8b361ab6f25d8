"""A briefing in an address: cards and filters, no words of anybody's."""

from collections.abc import Callable
from urllib.parse import parse_qsl, urlencode

from analysis.briefing.briefing import LONGEST_CODE, MOST_CARDS, Briefing, Item, item
from analysis.errors import echo

LONGEST = 4_000
_BETWEEN = "~"

TOO_LONG = "The link holds more than a briefing can; what comes after its first {most} cards was left out."


def to_link(briefing: Briefing) -> str:
    """Return the value of the address parameter: ``page/card?name=value&…`` joined by ``~``.

    Returns
    -------
    str
        Longer than `LONGEST` where the briefing needs a file instead.
    """
    parts = []
    for one in briefing.items:
        query = urlencode(one.query, safe=",.").replace(_BETWEEN, "%7E")
        parts.append(one.key + (f"?{query}" if query else ""))
    return _BETWEEN.join(parts)


def from_link(text: str, is_known: Callable[[str, str], bool]) -> tuple[Briefing, tuple[str, ...]]:
    """Read the address parameter.

    Parameters
    ----------
    text
        As `to_link` writes it.
    is_known
        Whether there is a card of a page by these codes.

    Returns
    -------
    (Briefing, notices)
        What cannot be read is left out and told.
    """
    notices: list[str] = []
    items: list[Item] = []
    is_cut = len(text) > LONGEST * 2
    # Of a text that is cut, the last part is half a card: what it chooses is not what was meant.
    parts = [part for part in text[: LONGEST * 2].split(_BETWEEN)[: -1 if is_cut else None] if part]
    for part in parts[:MOST_CARDS]:
        key, _, query = part.partition("?")
        page, _, card = key.partition("/")
        if len(key) > LONGEST_CODE * 2 or not is_known(page, card):
            notices.append(f"{echo(key)} is no card here; it was left out.")
            continue
        items.append(item(page, card, dict(parse_qsl(query, max_num_fields=None)[:30])))
    if len(parts) > MOST_CARDS or is_cut:
        notices.append(TOO_LONG.format(most=len(parts[:MOST_CARDS])))
    return Briefing(items=tuple(items)), tuple(notices)
