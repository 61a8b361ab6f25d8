"""Further tables of the demonstration, one module a topic; each is found by itself.

A topic module may have

``sheets(seen, made, contributor) -> dict[str, polars.DataFrame]``
    Rows about persons that a contributor sends with its files: table to canonical columns as text, with
    ``month`` (position from the first month) besides. `seen` is the world, `made` its referrals.
``files(seen, made) -> list[Incoming]``
    Files of their own: registers of organisations, agreements, grants, events; own months, or none.

Draws use `etl.demonstration.streams.stream` with names of the topic's own, so that no topic changes
another's numbers.
"""

import importlib
import pkgutil
from collections.abc import Iterator
from types import ModuleType

import polars as pl

from etl.demonstration.facts import Contributor
from etl.demonstration.people.referrals import Referrals
from etl.demonstration.world import World
from etl.incoming import Incoming


def _topics() -> Iterator[ModuleType]:
    for found in sorted(pkgutil.iter_modules(__path__), key=lambda one: one.name):
        if not found.name.startswith("_"):
            yield importlib.import_module(f"{__name__}.{found.name}")


def topic_sheets(seen: World, made: Referrals, contributor: Contributor) -> dict[str, pl.DataFrame]:
    """Return the further sheets of one contributor, by table."""
    sheets: dict[str, pl.DataFrame] = {}
    for topic in _topics():
        if hasattr(topic, "sheets"):
            sheets |= topic.sheets(seen, made, contributor)
    return sheets


def topic_files(seen: World, made: Referrals) -> list[Incoming]:
    """Return the files of their own of every topic."""
    return [file for topic in _topics() if hasattr(topic, "files") for file in topic.files(seen, made)]
