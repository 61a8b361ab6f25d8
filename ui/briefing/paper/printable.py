"""What the typefaces of paper can print, and what stands for the rest: words, never an empty box.

The typefaces that come with the program have Latin, Greek, Cyrillic, Hebrew and Arabic letters and the usual
signs. Letters of Chinese, Japanese and Korean, and emoji, they have not: a briefing says what stood there.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache, lru_cache
from importlib import import_module
from typing import Any

from PIL import ImageFont

from analysis.words import counted, listed
from ui.briefing.paper import fonts
from ui.briefing.paper.words import cleaned
from ui.briefing.slide import Deck

#: Below are Latin letters, all of them in the typeface of paper.
_PLAIN = 0x17F
#: What only says how its neighbours are drawn: nothing is lost with it.
_JOINING = re.compile("[\ufe00-\ufe0f\u200c\u200d\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]")
#: Scripts of which a typeface has all letters or none, so that one is asked for all.
_WHOLE_SCRIPTS = ("CJK", "HANGUL", "HIRAGANA", "KATAKANA")
_LANGUAGES = {"CJK": "Chinese", "HANGUL": "Korean", "HIRAGANA": "Japanese", "KATAKANA": "Japanese"}
_MOST_NAMED = 4
TOLD = "The PDF has no letters for {}: what stood there is said in brackets. PowerPoint and HTML hold it."


def printable(content: Any) -> Any:
    """Return texts, and whatever holds texts, in which every letter can be printed.

    >>> printable("Aid for 子供 😀")
    'Aid for [2 letters of Chinese] [grinning face]'
    """
    if isinstance(content, str):
        text = cleaned(content)
        unknown = _unknown("".join(sorted({letter for letter in text if ord(letter) > _PLAIN})))
        return _in_words(text, unknown) if unknown else text
    if isinstance(content, Mapping):
        return {key: printable(value) for key, value in content.items()}
    if isinstance(content, Iterable) and not isinstance(content, bytes):
        return [printable(value) for value in content]
    return content


def unprinted(deck: Deck) -> str:
    """Return which letters of a briefing a PDF cannot print, in a sentence; empty where it can print all."""
    letters = {letter for text in _texts(deck) for letter in cleaned(text) if ord(letter) > _PLAIN}
    unknown = _unknown("".join(sorted(letters)))
    kinds = dict.fromkeys(_kind(letter) for letter in sorted(unknown) if not _JOINING.match(letter))
    named = list(kinds)[:_MOST_NAMED] + (["others"] if len(kinds) > _MOST_NAMED else [])
    return TOLD.format(listed(named)) if named else ""


def _texts(deck: Deck) -> Iterator[str]:
    yield from (deck.title, deck.place, deck.contact)
    for slide in deck.slides:
        yield from (slide.section, slide.headline, slide.finding, slide.subtitle, slide.caption, slide.source)
        yield from (slide.changed, slide.missing, *slide.chips, *slide.notes)
        for titled in slide.tables:
            yield titled.title
            yield from titled.table.columns
            for row in titled.table.rows:
                yield from row


def _in_words(text: str, unknown: str) -> str:
    joined = _JOINING.sub("", text)
    run = re.compile(f"[{re.escape(unknown)}]+")
    return run.sub(lambda found: f"[{_said(found[0])}]", joined)


def _said(run: str) -> str:
    """Return a run of letters in words: letters are counted, signs are named."""
    counts: dict[str, int] = {}
    for letter in run:
        kind = _kind(letter)
        counts[kind] = counts.get(kind, 0) + 1
    return listed(
        [
            f"{counted(many, 'letter')} of {kind}" if kind in _LANGUAGES.values() else kind
            for kind, many in counts.items()
        ]
    )


def _kind(letter: str) -> str:
    """Return the language of a letter, or the name of a sign."""
    name = unicodedata.name(letter, "")
    script = name.partition(" ")[0]
    return _LANGUAGES.get(script) or name.lower() or f"sign U+{ord(letter):04X}"


@lru_cache(maxsize=256)
def _unknown(letters: str) -> str:
    return "".join(letter for letter in letters if not _is_there(letter))


@lru_cache(maxsize=4096)
def _is_there(letter: str) -> bool:
    if _in_own_typeface()(letter):
        return True
    script = unicodedata.name(letter, "").partition(" ")[0]
    return _script_is_there(script, letter) if script in _WHOLE_SCRIPTS else _compiles(letter)


@cache
def _in_own_typeface() -> Callable[[str], bool]:
    """Return what tells whether the typeface has a letter: it is drawn unlike one that no typeface has."""
    font = ImageFont.truetype(str(fonts.file_of(fonts.REGULAR)), 20, layout_engine=ImageFont.Layout.BASIC)
    nothing = bytes(font.getmask("\U0010fffe"))
    return lambda letter: bytes(font.getmask(letter)) != nothing


_scripts: dict[str, bool] = {}


def _script_is_there(script: str, letter: str) -> bool:
    if script not in _scripts:
        _scripts[script] = _compiles(letter)
    return _scripts[script]


_REFUSED = re.compile(r"the text `\"(.+?)\"` could not be displayed", re.DOTALL)


def _compiles(letter: str) -> bool:
    """Return whether another typeface that comes with the compiler has a letter."""
    typst = import_module("typst")  # no page waits for it before it has such letters
    source = f'#set document(title: "x")\n#set text(font: "{fonts.FAMILY}")\n#str.from-unicode({ord(letter)})'
    given = typst.Fonts(include_system_fonts=False, font_paths=[fonts.folder()])
    try:
        typst.compile(source.encode(), format="pdf", pdf_standards=["ua-1"], font_paths=given)
    except typst.TypstError as error:
        if not _REFUSED.search(error.diagnostic):
            raise
        return False
    return True
