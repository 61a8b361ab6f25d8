"""The typeface of paper, and how wide words are in it. It comes with a package, not from the system."""

from functools import cache, lru_cache
from pathlib import Path

import font_source_sans_pro
from PIL import ImageFont

#: The name that drawings and documents ask for: the same letters as the pages.
FAMILY = "Source Sans Pro"
REGULAR, SEMIBOLD = 400, 600
_FILES = {
    REGULAR: "SourceSansPro-Regular.ttf",
    SEMIBOLD: "SourceSansPro-Semibold.ttf",
    700: "SourceSansPro-Bold.ttf",
}
#: Letters are measured at this size and scaled: the widths of small sizes are rounded.
_MEASURED = 200


def folder() -> Path:
    """Return where its files lie."""
    return Path(font_source_sans_pro.font_directory)


def file_of(weight: int) -> Path:
    """Return the file of a weight."""
    return folder() / _FILES[weight]


@cache
def _font(weight: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(file_of(weight)), _MEASURED, layout_engine=ImageFont.Layout.BASIC)


@lru_cache(maxsize=20_000)
def width(words: str, size: float, weight: int = REGULAR) -> float:
    """Return how wide one line of words is, in the unit of its size.

    >>> width("", 14)
    0.0
    """
    return _font(weight).getlength(words) * size / _MEASURED


def wrapped(words: str, size: float, room: float, weight: int = REGULAR) -> list[str]:
    """Return words in lines no wider than the room there is; a longer word is cut where the line ends."""
    lines: list[str] = []
    for paragraph in words.split("\n"):
        line = ""
        for word in paragraph.split(" "):  # a space that must not break stays
            for piece in _pieces(word, size, room, weight):
                longer = f"{line} {piece}" if line else piece
                if line and width(longer, size, weight) > room:
                    lines.append(line)
                    line = piece
                else:
                    line = longer
        lines.append(line)
    return lines


def _pieces(word: str, size: float, room: float, weight: int) -> list[str]:
    pieces = []
    while len(word) > 1 and width(word, size, weight) > room:
        fits = max(1, int(len(word) * room / width(word, size, weight)))
        while fits > 1 and width(word[:fits], size, weight) > room:
            fits -= 1
        pieces.append(word[:fits])
        word = word[fits:]
    return [*pieces, word]


def shortened(words: str, size: float, room: float, weight: int = REGULAR) -> str:
    """Return words that fit on one line; what is cut off ends in an ellipsis."""
    if width(words, size, weight) <= room:
        return words
    kept = words
    while kept and width(f"{kept}…", size, weight) > room:
        kept = kept[:-1].rstrip()
    return f"{kept}…"
