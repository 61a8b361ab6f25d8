"""The small HTML of Plotly's labels as lines of plain words."""

import html
import re

_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_TAG = re.compile(r"</?(?:b|i|em|strong|sub|sup|span|a|u|s)(?:\s[^<>]*)?>", re.IGNORECASE)
#: What neither XML nor a page can hold (control characters, halves of letters), and what turns words round.
_UNPRINTABLE = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)
_LONGEST_WORD, _PIECE = 40, 20
#: Where a word may be broken, unseen.
FOLD = "\u200b"
_TOO_LONG = re.compile(rf"[^\s{FOLD}]{{{_LONGEST_WORD},}}")
_BLANKS = re.compile(r"[\t\n\r ]+")


def cleaned(words: str) -> str:
    """Return words without the characters that no file of paper can hold.

    >>> cleaned("a\\x00b\\x1b[0m")
    'ab[0m'
    """
    return _UNPRINTABLE.sub("", words)


def foldable(words: str) -> str:
    """Return words of which none is too long for a line: a longer one may be broken, at places nobody sees.

    >>> foldable("a" * 50).split("\u200b") == ["a" * 20, "a" * 20, "a" * 10]
    True
    """
    return _TOO_LONG.sub(lambda word: FOLD.join(re.findall(f".{{1,{_PIECE}}}", word[0])), words)


def one_line(words: str, most: int = 0) -> str:
    """Return words without breaks of lines, and with no more letters than given; what is cut ends in "…".

    >>> one_line("a\\n b"), one_line("long words", 5)
    ('a b', 'long…')
    """
    line = _BLANKS.sub(" ", cleaned(words)).strip()
    return line if not most or len(line) <= most else f"{line[: most - 1].rstrip()}…"


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
