"""Texts that wait for the keeper before a release: which, where they stand, and what looks like a person."""

from collections.abc import Iterable
from dataclasses import dataclass

import duckdb

from analysis import load_catalog
from etl.config import Home, secret
from etl.protect.people_in_text import warnings_of
from etl.release.cells.layout import WAREHOUSE
from etl.release.publishing.writer_process import quoted
from etl.release.unperturbed.outward import Outward
from etl.release.unperturbed.tables import pass_as_they_are
from etl.release.unperturbed.texts import Texts, named_columns
from etl.release.workspace import is_synthetic_home
from etl.store import confirmed, warehouse


@dataclass(frozen=True)
class Waiting:
    """A text that waits: as the keeper wrote it, the columns that hold it, and why to look again."""

    text: str
    columns: tuple[str, ...]
    warnings: tuple[str, ...]


def waiting(home: Home) -> tuple[list[Waiting], dict[str, int]]:
    """Return the texts that wait to be confirmed, and how many stay out because no one names their column.

    Exactly the steps of a public release are gone through: a text of a confidential organisation's row is not
    asked for, because it never leaves.
    """
    is_synthetic = is_synthetic_home(home)
    catalog = load_catalog()
    with duckdb.connect() as connection:
        connection.execute(f"ATTACH {quoted(warehouse.current(home))} AS {WAREHOUSE} (READ_ONLY)")
        info = dict(connection.execute(f"SELECT key, value FROM {WAREHOUSE}.meta.info").fetchall())
        known = Texts(
            secret(home, is_synthetic),
            confirmed.read(home),
            named_columns(catalog, home, info),
            is_made_up=is_synthetic,
        )
        outward = Outward(connection, catalog, known)
        outward.pass_registers()
        pass_as_they_are(connection, "law_provision")
        outward.pass_laws()
    found = [
        Waiting(text, tuple(sorted(columns)), warnings_of(text)) for text, columns in known.waiting.items()
    ]
    not_named = {name: len(texts) for name, texts in sorted(known.not_named.items())}
    return sorted(found, key=lambda one: (not one.warnings, one.columns, one.text)), not_named


def confirm(home: Home, texts: Iterable[str]) -> int:
    """Remember texts as confirmed; return how many were not yet."""
    return confirmed.add(home, secret(home, is_synthetic_home(home)), texts)


def forget(home: Home, texts: Iterable[str]) -> int:
    """Take confirmations back; return how many there were."""
    return confirmed.remove(home, secret(home, is_synthetic_home(home)), texts)
