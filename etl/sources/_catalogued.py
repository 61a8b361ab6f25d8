"""What the catalog says about a source, and how columns are recognised by meaning.

Publisher, licence, citation and rule are written once, in ``data/catalog/sources``; a source module adds what
only the file can say (the release, the period).
"""

import re
import unicodedata
from collections.abc import Collection, Mapping
from pathlib import Path

from analysis.catalog.load import load_catalog
from etl.contracts.parse import LARGEST_EXACT
from etl.errors import EtlError
from etl.incoming import SourceInfo

_MOST_DIGITS = len(str(LARGEST_EXACT))


def describe(
    code: str,
    *,
    source_id: str = "",
    label: str = "",
    collection: str = "",
    collection_label: str = "",
    geography: str = "",
    unit: str = "",
    period_resolution: str = "",
) -> SourceInfo:
    """Return what the catalog says about source ``code``, with what the file itself adds.

    Parameters
    ----------
    code
        Name of a file in ``data/catalog/sources``.
    source_id, label, collection, collection_label, geography, unit, period_resolution
        Each replaces what the catalog says; without a collection the source is one of its own.
    """
    entry = load_catalog().sources[code]
    extra = entry.extra
    label = label or entry.label
    source_id = source_id or code
    return SourceInfo(
        source_id=source_id,
        label=label,
        collection=collection or source_id,
        collection_label=collection_label or label,
        geography=geography or str(extra.get("geography", "")),
        unit=unit or entry.unit,
        is_own=bool(extra.get("is_own", False)),
        is_synthetic=bool(extra.get("is_synthetic", False)),
        period_resolution=period_resolution or str(extra["period_resolution"]),
        publisher=entry.publisher,
        licence=entry.licence,
        citation=entry.citation,
        rule=entry.rule,
    )


def key(text: str | None) -> str:
    """Return a name without case, accents, blanks and punctuation, so that spellings compare."""
    plain = unicodedata.normalize("NFKD", text or "")
    return re.sub(r"[^a-z0-9]", "", "".join(c for c in plain if not unicodedata.combining(c)).casefold())


def find_columns(columns: Collection[str], aliases: Mapping[str, Collection[str]]) -> dict[str, str]:
    """Find columns by meaning.

    Parameters
    ----------
    columns
        Names as in the file.
    aliases
        For each meaning the names it goes by, the best first; compared by :func:`key`.

    Returns
    -------
    dict
        Meaning → name in the file, for the meanings that are there.
    """
    by_key: dict[str, str] = {}
    for name in columns:
        by_key.setdefault(key(name), name)
    found: dict[str, str] = {}
    for meaning, names in aliases.items():
        for name in names:
            column = by_key.get(key(name))
            if column is not None and column not in found.values():
                found[meaning] = column
                break
    return found


def need_columns(
    path: Path, found: Mapping[str, str], aliases: Mapping[str, Collection[str]], needed: Collection[str]
) -> None:
    """Refuse a file in which a needed meaning was not found.

    Raises
    ------
    EtlError
        With the meanings that are missing and a name each could have.
    """
    absent = [meaning for meaning in needed if meaning not in found]
    if absent:
        words = ", ".join(
            f"{meaning} (a column such as '{next(iter(aliases[meaning]))}')" for meaning in absent
        )
        raise EtlError(
            f"{path.name}: columns are missing: {words}.",
            "Check that this is the right kind of file; docs/sources.md shows the columns of each source.",
        )


def whole_number(text: str | None) -> int | None:
    """Return a count as published (``1,282``, ``12.0``), or None when it is no plain and exact count."""
    cell = (text or "").strip()
    if re.fullmatch(r"[0-9]{1,3}(,[0-9]{3})+|[0-9]+(\.0+)?", cell):
        number = cell.replace(",", "").split(".")[0].lstrip("0")
        # Beyond the largest exact number the contract rejects the cell; no sum of exact ones is so long.
        if len(number) <= _MOST_DIGITS and int(number or "0") <= LARGEST_EXACT:
            return int(number or "0")
    return None


def signed_number(text: str | None) -> int | None:
    """Return a count that may be a correction below zero (``-1``), or None when it is no plain number."""
    cell = (text or "").strip()
    number = whole_number(cell.removeprefix("-"))
    return None if number is None else -number if cell.startswith("-") else number


def years_in(name: str) -> list[int]:
    """Return the years from 1990 that stand in a file name, alone or at the start of a date, in order."""
    return [int(year) for year in re.findall(r"(?<!\d)((?:199|20\d)\d)(?=\D|$|\d{4}(?:\D|$))", name)]
