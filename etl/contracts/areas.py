"""Finds the area a record names: by code, by name, by "name, area above", or by a name without its kind.

A looser way to write a name counts only where it means one area alone of those that are covered.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from difflib import get_close_matches
from functools import cached_property

import duckdb
import polars as pl

from etl.contracts.area_words import Ways, ways_to_write
from etl.contracts.by_distinct import SEPARATOR, distinct, recoded
from etl.errors import EtlError

_NEAR = 0.75  # share of letters that two ways to write a name have in common


class Areas:
    """The areas of one geography and every unambiguous way to write them.

    Parameters
    ----------
    rows
        code, name and parent (or None) of each area.
    ways
        How they are written beside their names.
    """

    def __init__(self, rows: Iterable[tuple[str, str, str | None]], ways: Ways | None = None) -> None:
        self._rows, self._ways = list(rows), ways or Ways()
        self.codes = frozenset(code for code, _, _ in self._rows)
        self._names = {code: name for code, name, _ in self._rows}
        self.parents = {code: parent for code, _, parent in self._rows}
        # A spreadsheet drops the leading zeros of codes that are all digits of one length.
        lengths = {len(code) for code in self.codes if code.isdigit()}
        self._digits = max(lengths) if lengths else 0

    @property
    def smallest(self) -> tuple[str, ...]:
        """The codes of the areas that hold no others, in their order."""
        above = set(self.parents.values())
        return tuple(code for code, _, _ in self._rows if code not in above)

    # The ways to write thousands of areas take a quarter of a second: they are made when a word needs them.
    @cached_property
    def _exactly(self) -> Mapping[str, Collection[str]]:
        """Every way to write an area's code or name but for case, dots and blanks → the codes it may mean."""
        meant: dict[str, set[str]] = defaultdict(set)
        above = {code: plain(name) for code, name in self._names.items()}
        for code, name, parent in self._rows:
            written = plain(name)
            meant[plain(code)].add(code)
            meant[written].add(code)
            if parent in above:
                meant[f"{written}, {above[parent]}"].add(code)
                meant[f"{written}, {plain(parent)}"].add(code)
        return meant

    @cached_property
    def _bare(self) -> Mapping[str, Collection[str]]:
        """Names without their kind, blanks and signs → the codes they may mean."""
        meant: dict[str, set[str]] = defaultdict(set)
        for code, name, parent in self._rows:
            bare, short = self._ways.bare(name), self._ways.short
            meant[bare].add(code)
            if code in short:
                meant[plain(short[code])].add(code)
            for above in (self._names.get(parent or ""), parent, short.get(parent or "")):
                if above:
                    meant[f"{bare}, {plain(above)}"].add(code)
        return meant

    @cached_property
    def _written(self) -> Mapping[str, str]:
        return {plain(name): name for name in self._names.values()}

    def _meant(self, word: str) -> Collection[str]:
        """Return the areas whose code or name is a word, however it writes case, dots and blanks."""
        return self._exactly.get(plain(word), ())

    def find(self, word: str) -> str | None:
        """Return the code of the area that is meant, or None when there is none or more than one."""
        if word in self.codes:
            return word
        meant = self._meant(word)
        found = next(iter(meant)) if len(meant) == 1 else None
        if found is None and word.isdigit() and len(word) == self._digits - 1:
            found = f"0{word}" if f"0{word}" in self.codes else None
        if found is None and not meant:
            loosely = self._loosely(word)
            found = next(iter(loosely)) if len(loosely) == 1 else None
        return found

    def meant_by(self, word: str) -> frozenset[str]:
        """Return the codes of all areas that go by a word."""
        return frozenset(self._meant(word) or self._loosely(word))

    def name(self, code: str) -> str:
        """Return the name of an area; its code where there is none."""
        return self._names.get(code) or code

    def called(self, code: str) -> str:
        """Return the name of an area with that of the one it lies in.

        >>> rows = [("06", "California", None), ("06031", "Kings County", "06")]
        >>> Areas(rows).called("06031"), Areas(rows).called("06")
        ('Kings County, California', 'California')
        """
        above = self.parents.get(code)
        return f"{self.name(code)}, {self.name(above)}" if above else self.name(code)

    def _loosely(self, word: str) -> Collection[str]:
        """Return the areas whose names are the word but for kind, blanks and signs."""
        name, comma, above = word.rpartition(",")
        behind = f", {plain(above)}" if comma else ""
        for write in (self._ways.whole, self._ways.bare):
            bare = write(name if comma else above)
            if bare and bare + behind in self._bare:
                return self._bare[bare + behind]
        return ()

    def nearest(self, word: str) -> str:
        """Return the name of the area that is written most like a word; empty when none is near."""
        near = get_close_matches(plain(word), self._written, n=1, cutoff=_NEAR)
        return self._written[near[0]] if near else ""

    def ambiguous(self, words: pl.Series) -> frozenset[str]:
        """Return those of some words that several areas go by; of several words in a cell each."""
        return frozenset(
            word
            for word in {part for cell in distinct(words) for part in cell.split(SEPARATOR)}
            if self.find(word.strip()) is None
            and (len(self._meant(word)) > 1 or len(self._loosely(word.strip())) > 1)
        )

    def resolve(self, words: pl.Series) -> pl.Series:
        """Replace each word by its code; a word that means no area, or several, stays as it is.

        A cell may hold several words, with `SEPARATOR` between them.
        """
        codes = {
            cell: SEPARATOR.join(self.find(word.strip()) or word for word in cell.split(SEPARATOR))
            for cell in distinct(words)
        }
        known = {cell: code for cell, code in codes.items() if code != cell}
        return (
            recoded(words.alias("word"), pl.col("word").replace(known)).alias(words.name) if known else words
        )


def plain(word: str) -> str:
    """Return a name without case, dots and doubled spaces."""
    return re.sub(r"\s+", " ", word.replace(".", "")).strip().casefold()


def broken_rule(cell: str, areas: Collection[str], ambiguous: Collection[str]) -> str:
    """Return the rule that a cell of several areas breaks; empty where it breaks none.

    Parameters
    ----------
    cell
        Codes and words with `SEPARATOR` between them.
    areas
        Known codes; where they come with the area above each, an area beside one that it lies in is told.
    ambiguous
        Words that several areas go by.

    Examples
    --------
    >>> above = {"17": None, "17031": "17", "17043": "17"}
    >>> cells = (SEPARATOR.join(codes) for codes in (("17031", "17043"), ("17031", "x"), ("17031", "17")))
    >>> [broken_rule(cell, above, ()) for cell in cells]
    ['', 'unknown_area', 'area_in_another']
    """
    words = [word.strip() for word in cell.split(SEPARATOR)]
    if any(word in ambiguous for word in words):
        return "ambiguous_area"
    if any(word not in areas for word in words):
        return "unknown_area"
    if len(set(words)) < len(words):
        return "area_twice"
    above = areas if isinstance(areas, Mapping) else {}
    return "area_in_another" if any(_lies_in(word, words, above) for word in words) else ""


def _lies_in(code: str, others: Collection[str], above: Mapping[str, str | None]) -> bool:
    seen = {code}
    step = above.get(code)
    while step is not None and step not in seen:
        if step in others:
            return True
        seen.add(step)
        step = above.get(step)
    return False


SEVERAL_AREAS = ("ambiguous_area", "unknown_area", "area_twice", "area_in_another")


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
    return Areas(connection.execute(query, [geography]).fetchall(), ways_to_write(geography))


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
