"""Reads how areas changed: the files of ``data/catalog/editions``, one geography each."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from analysis.catalog.area_changes import AreaChange, Editions
from analysis.catalog.table import Table
from analysis.errors import echo

FIRST_YEAR, LAST_YEAR = 1900, 2100


def read_editions(table: Table) -> Editions:
    """Return the changes of one geography, oldest first.

    Raises
    ------
    CatalogError
        Naming the file, the key, what came and what is allowed.
    """
    changes = [_change(one) for one in table.tables("change")]
    editions = Editions(table.code("code"), table.text("citation"), tuple(sorted(changes, key=_year)))
    whole: dict[str, str] = {}
    for change in editions.changes:
        for code in change.parts:
            if whole.setdefault(code, change.whole) != change.whole:
                raise table.fail("change", f"two areas that '{code}' is a part of", "one")
    return editions


def _year(change: AreaChange) -> int:
    return change.year


def _change(table: Table) -> AreaChange:
    before, after = table.codes("before"), table.codes("after")
    for key, codes in (("before", before), ("after", after)):
        if not codes:
            raise table.fail(key, "empty", "codes of areas")
    if before == after:
        raise table.fail("after", "the same as before", "codes of areas, of which one is another")
    change = AreaChange(
        table.whole("year", least=FIRST_YEAR, most=LAST_YEAR), before, after, _names(table, {*before, *after})
    )
    table.finish()
    return change


def _names(table: Table, codes: set[str]) -> Mapping[str, str]:
    names = table.table("names", {})
    values: dict[str, Any] = names.values
    for code, name in values.items():
        if code not in codes:
            raise names.fail(code, "not an area of the change", ", ".join(sorted(codes)))
        if not isinstance(name, str) or not name.strip():
            raise names.fail(code, echo(name), "a name in quotes")
    return MappingProxyType(dict(values))
