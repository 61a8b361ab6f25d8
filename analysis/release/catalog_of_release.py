"""The catalog as a release has it: money in its currency, and the published counts that only it knows.

The catalog says "dollars" until a release says otherwise.
"""

import functools
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import TypeVar

from analysis.catalog.load import load_catalog
from analysis.catalog.model import Catalog, Derived, Measure
from analysis.release.plain_measures import plain_measures
from analysis.release.release import USUAL_CURRENCY, Release

Told = TypeVar("Told", Measure, Derived)


def catalog_for(release: Release) -> Catalog:
    """Return the catalog with all units of money in the currency of a release, and its plain measures.

    Raises
    ------
    CatalogError
        As `load_catalog`.
    """
    return _catalog_of(release.currency, plain_measures(release))


@functools.lru_cache(maxsize=8)
def _catalog_of(currency: str, plain: tuple[Measure, ...]) -> Catalog:
    catalog = load_catalog()
    if currency != USUAL_CURRENCY:
        catalog = replace(
            catalog, measures=_in(currency, catalog.measures), derived=_in(currency, catalog.derived)
        )
    # A measure of the catalog holds against a series of the same name: its words were reviewed.
    more = {one.code: one for one in plain if one.code not in {**catalog.measures, **catalog.derived}}
    if more:
        catalog = replace(catalog, measures=MappingProxyType({**catalog.measures, **more}))
    return catalog


def _in(currency: str, entries: Mapping[str, Told]) -> Mapping[str, Told]:
    return MappingProxyType(
        {code: replace(one, unit=one.unit.replace(USUAL_CURRENCY, currency)) for code, one in entries.items()}
    )
