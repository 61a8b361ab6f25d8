"""Source modules, found by themselves, in a folder for each family.

A module in a folder here whose name does not begin with ``_`` and that has ``NAME``, ``SUMMARY`` and
``read(path, options)`` is a source. It may add ``recognises(path) -> bool``, which lets ``build`` pick it
for a file in a folder without a ``deployment.toml``; it must be cheap and must not raise. With
``READS_FOLDERS = True`` a folder is handed to ``read`` as it is, not file by file.
"""

import importlib
import pkgutil
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Protocol, cast

from etl.errors import EtlError
from etl.incoming import Incoming, ReadOptions


class Source(Protocol):
    """A module that turns one kind of file into canonical rows."""

    NAME: str
    SUMMARY: str

    def read(self, path: Path, options: ReadOptions) -> Incoming:
        """Read ``path`` without changing it."""
        ...


@cache
def available() -> dict[str, Source]:
    """Return every source by name, in name order."""
    found: dict[str, Source] = {}
    for entry in pkgutil.walk_packages(__path__, f"{__name__}."):
        if entry.ispkg or entry.name.rpartition(".")[2].startswith("_"):
            continue
        module = importlib.import_module(entry.name)
        if hasattr(module, "NAME") and hasattr(module, "read"):
            found[module.NAME] = cast(Source, module)
    return dict(sorted(found.items()))


def find(name: str) -> Source:
    """Return the source called ``name``.

    Raises
    ------
    EtlError
        When there is none of that name; the message lists those there are.
    """
    sources = available()
    if name not in sources:
        raise EtlError(
            f"There is no source called {name!r}. Known sources: {', '.join(sources) or 'none'}.",
            "python -m etl load --help",
        )
    return sources[name]


def recognise(path: Path) -> list[str]:
    """Return the names of the sources that say they can read ``path``."""
    names = []
    for name, source in available().items():
        test = getattr(cast(ModuleType, source), "recognises", None)
        if test is not None and test(path):
            names.append(name)
    return names
