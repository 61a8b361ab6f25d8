"""How areas of a geography are written beside their names: ``data/reference/<geography>/area_words.toml``."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

from etl.config import REFERENCE


@dataclass(frozen=True)
class Ways:
    """Ways to write areas of one geography.

    Attributes
    ----------
    kinds : tuple of str
        Words behind a name that only say what kind of area it is, small letters.
    beginnings : mapping of str to str
        First words of names that are one: ``saint`` is ``st``.
    short : mapping of str to str
        Code of an area → how it is shortened.
    """

    kinds: tuple[str, ...] = ()
    beginnings: Mapping[str, str] = field(default_factory=dict)
    short: Mapping[str, str] = field(default_factory=dict)

    def bare(self, name: str) -> str:
        """Return a name without its kind, blanks and signs, for comparing.

        Examples
        --------
        >>> ways = Ways(kinds=("county",), beginnings={"saint": "st"})
        >>> ways.bare("Du Page County"), ways.bare("DuPage"), ways.bare("Saint Clair")
        ('dupage', 'dupage', 'stclair')
        """
        words = self._words(name)
        for kind in self.kinds:
            ending = kind.split()
            if len(words) > len(ending) and words[-len(ending) :] == ending:
                words = words[: -len(ending)]
                break
        return "".join(words)

    def whole(self, name: str) -> str:
        """Return the same with its kind: "James City" may be all of the name of a county."""
        return "".join(self._words(name))

    def _words(self, name: str) -> list[str]:
        words = re.sub(r"[^\w\s]", "", name).casefold().split()
        if words and words[0] in self.beginnings:
            words[0] = self.beginnings[words[0]]
        return words


@cache
def ways_to_write(geography: str) -> Ways:
    """Return the ways of a geography that comes along; of any other, none beside its names."""
    file = REFERENCE / geography / "area_words.toml" if re.fullmatch(r"\w+", geography) else None
    if file is None or not file.exists():
        return Ways()
    given = tomllib.loads(file.read_text("utf-8"))
    kinds = sorted(given["kinds"], key=lambda kind: -len(kind.split()))
    return Ways(tuple(kinds), given["beginnings"], given["short"])
