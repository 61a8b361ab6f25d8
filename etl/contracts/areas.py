"""Finds the area a record names: by code, by name, or by "name, area above"."""

import re
from collections import defaultdict
from collections.abc import Iterable
from difflib import get_close_matches

import duckdb
import polars as pl

from etl.contracts.by_distinct import distinct, recoded
from etl.errors import EtlError

_NEAR = 0.75  # share of letters that two ways to write a name have in common


class Areas:
    """The areas of one geography and every unambiguous way to write them.

    Parameters
    ----------
    rows
        code, name and parent (or None) of each area.
    """

    def __init__(self, rows: Iterable[tuple[str, str, str | None]]) -> None:
        rows = list(rows)
        self.codes = frozenset(code for code, _, _ in rows)
        names = {code: name for code, name, _ in rows}
        meant: dict[str, set[str]] = defaultdict(set)
        for code, name, parent in rows:
            meant[plain(code)].add(code)
            meant[plain(name)].add(code)
            if parent in names:
                meant[plain(f"{name}, {names[parent]}")].add(code)
                meant[plain(f"{name}, {parent}")].add(code)
        self._several = frozenset(word for word, codes in meant.items() if len(codes) > 1)
        self._one = {word: next(iter(codes)) for word, codes in meant.items() if len(codes) == 1}
        self._written = {plain(name): name for name in names.values()}
        # A spreadsheet drops the leading zeros of codes that are all digits of one length.
        lengths = {len(code) for code in self.codes if code.isdigit()}
        self._digits = max(lengths) if lengths else 0

    def find(self, word: str) -> str | None:
        """Return the code of the area that is meant, or None when there is none or more than one."""
        if word in self.codes:
            return word
        found = self._one.get(plain(word))
        if found is None and word.isdigit() and len(word) == self._digits - 1:
            found = f"0{word}" if f"0{word}" in self.codes else None
        return found

    def nearest(self, word: str) -> str:
        """Return the name of the area that is written most like a word; empty when none is near."""
        near = get_close_matches(plain(word), self._written, n=1, cutoff=_NEAR)
        return self._written[near[0]] if near else ""

    def ambiguous(self, words: pl.Series) -> frozenset[str]:
        """Return those of some words that several areas go by."""
        return frozenset(
            word
            for word in distinct(words)
            if self.find(word.strip()) is None and plain(word) in self._several
        )

    def resolve(self, words: pl.Series) -> pl.Series:
        """Replace each word by its code; a word that means no area, or several, stays as it is."""
        codes = {word: self.find(word.strip()) for word in distinct(words)}
        known = {word: code for word, code in codes.items() if code is not None}
        return (
            recoded(words.alias("word"), pl.col("word").replace(known)).alias(words.name) if known else words
        )


def plain(word: str) -> str:
    """Return a name without case, dots and doubled spaces."""
    return re.sub(r"\s+", " ", word.replace(".", "")).strip().casefold()


def areas_of(connection: duckdb.DuckDBPyConnection, geography: str, *, with_outside: bool = False) -> Areas:
    """Return the areas loaded for a geography (none when it is not loaded).

    Parameters
    ----------
    with_outside
        Whether those that the deployment does not cover count as well: published counts are of a whole
        geography, where a name that one covered area has may mean another.
    """
    query = "SELECT DISTINCT code, name, parent FROM stage.area WHERE geography = $1"
    if with_outside:
        query += (
            " UNION SELECT code, coalesce(name, code), parent FROM stage.area_outside WHERE geography = $1"
        )
    return Areas(connection.execute(query, [geography]).fetchall())


def need_areas(areas: Areas, geography: str, file_name: str) -> None:
    """Refuse records that name areas of a geography that is not loaded.

    Raises
    ------
    EtlError
        With the two ways out.
    """
    if areas.codes:
        return
    if not geography:
        raise EtlError(
            f"{file_name}: rows name areas, but it is not said which geography they belong to.",
            'Write geography = "…" in deployment.toml or in the mapping, and load its areas first.',
        )
    raise EtlError(
        f"{file_name}: rows name areas of the geography '{geography}', which is not loaded.",
        "Load its areas first: python -m etl load FILE --source boundaries",
    )
