"""Money is told in the currency of a release: the catalog says "dollars" until a release says otherwise."""

import functools
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import TypeVar

from analysis.catalog.load import load_catalog
from analysis.catalog.model import Catalog, Derived, Measure
from analysis.release.release import USUAL_CURRENCY, Release

Told = TypeVar("Told", Measure, Derived)


def catalog_for(release: Release) -> Catalog:
    """Return the catalog with all units of money in the currency of a release's awards and spending.

    Raises
    ------
    CatalogError
        As `load_catalog`.
    """
    return _catalog_in(release.currency)


@functools.lru_cache(maxsize=8)
def _catalog_in(currency: str) -> Catalog:
    catalog = load_catalog()
    if currency == USUAL_CURRENCY:
        return catalog
    return replace(
        catalog,
        measures=_in(currency, catalog.measures),
        derived=_in(currency, catalog.derived),
    )


def _in(currency: str, entries: Mapping[str, Told]) -> Mapping[str, Told]:
    return MappingProxyType(
        {code: replace(one, unit=one.unit.replace(USUAL_CURRENCY, currency)) for code, one in entries.items()}
    )
