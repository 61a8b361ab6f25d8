"""The small HTML of Plotly's labels as lines of plain words."""

import html
import re

_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_TAG = re.compile(r"</?(?:b|i|em|strong|sub|sup|span|a|u|s)(?:\s[^<>]*)?>", re.IGNORECASE)
#: What neither XML nor a page can hold: control characters, and halves of letters.
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")


def cleaned(words: str) -> str:
    """Return words without the characters that no file of paper can hold.

    >>> cleaned("a\\x00b\\x1b[0m")
    'ab[0m'
    """
    return _UNPRINTABLE.sub("", words)


def lines_of(label: object) -> list[tuple[str, bool]]:
    """Return the lines of a label, and whether each is bold.

    >>> lines_of("<b>Housing &amp;<br>shelter</b>")
    [('Housing &', True), ('shelter', True)]
    """
    lines = []
    is_bold = False
    for part in _BREAK.split(cleaned(str(label))):
        bold = is_bold or "<b>" in part
        is_bold = (is_bold or "<b>" in part) and part.rfind("</b>") <= part.rfind("<b>")
        lines.append((html.unescape(_TAG.sub("", part)), bold))
    return lines


def plain(label: object, *, between: str = " ") -> str:
    """Return a label as one line of plain words.

    >>> plain("Housing &amp;<br>shelter")
    'Housing & shelter'
    """
    return between.join(line for line, _ in lines_of(label)).strip()
