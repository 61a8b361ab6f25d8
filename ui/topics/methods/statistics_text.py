"""The statistics behind the figures, in the words of the modules that hold them."""

import ast
import importlib.util
import pkgutil
import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

import analysis.statistics as room

_SOURCE = re.compile(r"\bSources?: ")
_MARKS = re.compile(r"``(.+?)``|`(.+?)`|\*(\w+)\*")


class Note(NamedTuple):
    """What one statistic is: title, how it is worked out, and where it is from."""

    title: str
    how: str
    source: str
    module: str


@cache
def notes() -> tuple[Note, ...]:
    """Return a note for each module of statistics that names a source, in the order of their titles.

    The modules are read and not brought in: some load libraries that take a second.
    """
    found = []
    for module in pkgutil.walk_packages(room.__path__, f"{room.__name__}."):
        spec = importlib.util.find_spec(module.name)
        if module.ispkg or spec is None or spec.origin is None:
            continue
        words = ast.get_docstring(ast.parse(Path(spec.origin).read_text("utf-8"))) or ""
        if _SOURCE.search(words):
            found.append(note_of(module.name, words))
    return tuple(sorted(found, key=lambda one: one.title.casefold()))


def note_of(module: str, words: str) -> Note:
    """Return the note that the introduction of a module makes.

    >>> note_of("analysis.x", "Rates of `n` areas.\\n\\nAs said. Sources: Byar (1985). Two differ.")
    Note(title='Rates of n areas', how='As said.', source='Byar (1985). Two differ.', module='analysis.x')
    """
    first, _, rest = words.partition("\n\n")
    title = _plain(first).rstrip(".")
    inside = _SOURCE.search(rest) or _SOURCE.search(first)
    if inside is None:
        return Note(title, _plain(rest), "", module)
    if inside.string is first:
        return Note(
            _plain(first[: inside.start()]).rstrip("."), _plain(rest), _plain(first[inside.end() :]), module
        )
    how, source = rest[: inside.start()], rest[inside.end() :]
    return Note(title, _plain(how), _plain(source), module)


def _plain(words: str) -> str:
    return " ".join(_MARKS.sub(lambda mark: next(filter(None, mark.groups())), words).split())
