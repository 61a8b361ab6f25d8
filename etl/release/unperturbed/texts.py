"""Texts of the keeper: what is written in words of one's own leaves only named and confirmed.

Registers publish codes, numbers and days. A column of words (`RegisterColumn.is_worded`: titles, notes, names
and codes of organisations, codes of rows) leaves where ``published_texts`` of ``deployment.toml`` names it,
and of it only texts that the keeper has confirmed (``python -m etl texts``). The row stays without the rest.

Two kinds of text need no confirmation: those that this project ships (`data/reference/laws`, fixed words of
the mart), and those of a made-up home, which a program wrote.
"""

import functools
import hmac
import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field

from analysis.catalog.model import NOT_RECORDED, Catalog
from analysis.catalog.registers import CONFIDENTIAL_CODE, CONFIDENTIAL_NAME
from analysis.errors import echo
from etl.config import DEPLOYMENT, REFERENCE, Home, read_deployment
from etl.errors import EtlError
from etl.store.confirmed import mark_of

EVERY = "all"  # in ``published_texts``: every column of words
LAWS = "law_provision"
LAW_TEXTS = ("law_code", "short_name", "jurisdiction", "instrument", "pillar", "summary", "citation", "url")
_FIXED = frozenset(
    {
        *(CONFIDENTIAL_CODE, CONFIDENTIAL_NAME, NOT_RECORDED, "Not recorded", "unlisted"),
        "An organisation that is not on the list",
    }
)
_LENGTH = 8
_HELD = {
    "text": "Text not confirmed",
    "organisation": "Name not confirmed ({})",
    "mention": "Name not confirmed ({})",
    "organisation_code": "not_confirmed_{}",
    "id": "not_confirmed_{}",
}
"""What stands in the place of a text; where rows are told apart by it, with a code that says nothing else."""


def columns_of_texts(catalog: Catalog) -> tuple[str, ...]:
    """Return what ``published_texts`` can name: register and column, and the texts of laws."""
    named = [
        f"{register.code}.{column.code}"
        for register in catalog.registers.values()
        for column in register.columns
        if column.is_worded
    ]
    return (*named, LAWS)


def named_columns(catalog: Catalog, home: Home, info: Mapping[str, str]) -> frozenset[str]:
    """Return the columns of words that the deployment names (``published_texts``).

    Parameters
    ----------
    catalog
        What can be named.
    home
        Its ``deployment.toml`` holds; without the file, what the warehouse was built with.
    info
        ``meta.info`` of the warehouse.

    Raises
    ------
    EtlError
        For a name that is no column of words.
    """
    is_there = (home.root / DEPLOYMENT).exists()
    built = json.loads(info.get("published_texts", "[]"))
    named = read_deployment(home.root).published_texts if is_there else tuple(built)
    allowed = (EVERY, *columns_of_texts(catalog))
    for name in named:
        if name not in allowed:
            raise EtlError(
                f"{home.root / DEPLOYMENT}: published_texts: {echo(name)} is no column of words. "
                f"Allowed: {', '.join(allowed)}.",
                f"Correct it, then: python -m etl texts --home {home.root}",
            )
    return frozenset(named)


@dataclass
class Texts:
    """Which texts may leave, and which were held back.

    Attributes
    ----------
    secret, confirmed
        The home's secret, and marks of the texts that were confirmed with it.
    published
        Columns that the deployment names.
    is_made_up
        A home of made-up records: its texts are known.
    waiting, not_named
        Filled on the way: texts that wait for a confirmation, with their columns; columns with texts that
        the deployment does not name, with how many.
    """

    secret: bytes
    confirmed: frozenset[str]
    published: frozenset[str]
    is_made_up: bool = False
    waiting: dict[str, list[str]] = field(default_factory=dict)
    not_named: dict[str, set[str]] = field(default_factory=dict)

    def passes(self, column: str, text: str) -> bool:
        """Return whether a text of a column may leave; take note of one that may not."""
        if self.is_made_up or text in _FIXED or (column == LAWS and text in _shipped()):
            return True
        if not {column, EVERY} & self.published:
            self.not_named.setdefault(column, set()).add(text)
            return False
        if mark_of(self.secret, text) in self.confirmed:
            return True
        columns = self.waiting.setdefault(text, [])
        if column not in columns:
            columns.append(column)
        return False

    def shown(self, column: str, holds: str, text: str) -> str:
        """Return the text, or what stands in its place.

        Parameters
        ----------
        column
            Register and column.
        holds
            What the column holds (`RegisterColumn.holds`).
        text
            As the keeper wrote it.
        """
        return text if self.passes(column, text) else self.in_place_of(holds, text)

    def in_place_of(self, holds: str, text: str) -> str:
        """Return what stands in the place of a text that is held back."""
        code = hmac.digest(self.secret, b"text not confirmed|" + text.encode(), "sha256").hex()[:_LENGTH]
        return _HELD[holds].format(code)


@functools.cache
def _shipped() -> frozenset[str]:
    """Return the texts of the laws that this project ships."""
    laws = [tomllib.loads(path.read_text("utf-8")) for path in sorted((REFERENCE / "laws").glob("*.toml"))]
    return frozenset(value for law in laws for value in law.values() if isinstance(value, str))
