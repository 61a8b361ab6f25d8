"""Turns the files of ``data/catalog/dimensions`` into dimensions and their categories."""

import itertools
from collections.abc import Mapping
from pathlib import Path

from analysis.catalog.model import Category, Dimension
from analysis.catalog.table import Table, read_table
from analysis.errors import echo

UNITS = ("days", "hours")  # of durations
CLOSED = ("left", "right")


def read_dimension(table: Table) -> Dimension:
    """Return what one file of ``dimensions`` says."""
    codes_from = table.text("codes_from", "")
    categories = tuple(_category(row) for row in table.tables("category"))
    codes = [category.code for category in categories]
    if len(set(codes)) != len(codes):
        raise table.fail("category", "a list with a code twice", "every code once")
    if bool(categories) == bool(codes_from):
        raise table.fail(
            "category", "missing or doubled", "either [[category]] tables or codes_from, not both"
        )
    dimension = Dimension(
        code=table.code("code"),
        label=table.text("label"),
        description=table.text("description"),
        categories=categories,
        family=table.code("family", ""),
        ordered=table.flag("ordered", False),
        multi=table.flag("multi", False),
        standard=table.text("standard", ""),
        codes_from=codes_from,
        common=table.codes("common", [], allowed=codes),
        recorded_for=_recorded_for(table),
        every=table.text("every", ""),
        reach=table.text("reach", ""),
        unit=table.text("unit", "", allowed=UNITS),
        closed=table.text("closed", "left", allowed=CLOSED),
    )
    _check_bands(table, dimension)
    return dimension


def _check_bands(table: Table, dimension: Dimension) -> None:
    """Refuse bands of a duration that leave a gap, overlap or do not say what they are counted in.

    A band ends where the next one begins, so that only these can be wrong: the first begins late, or the lows
    do not rise in the order of the file.
    """
    lows = [low for _, low in dimension.bands]
    if lows and lows[0] != 0:
        raise table.fail("category", f"a first band with low = {lows[0]:g}", "low = 0 for the shortest band")
    for before, low in itertools.pairwise(lows):
        if low <= before:
            came = f"a band with low = {low:g} after one with low = {before:g}"
            raise table.fail("category", came, "bands with rising lows")
    # A category among the bands would stand for no time at all, and look like a neighbour of theirs.
    if any(category.low is None for category in dimension.categories[: len(lows)]):
        came = "a category without low among the bands"
        raise table.fail("category", came, "all bands first, then the others")
    if bool(lows) != bool(dimension.unit):
        allowed = "days or hours" if lows else "left out, because no category has a low"
        raise table.fail("unit", echo(dimension.unit) if dimension.unit else "missing", allowed)


def _recorded_for(table: Table) -> tuple[str, tuple[str, ...]] | None:
    asked_of = table.table("recorded_for", {})
    names = list(asked_of.values)
    if not names:
        return None
    if len(names) > 1:
        raise table.fail("recorded_for", echo(", ".join(names)), "the codes of one dimension")
    codes = asked_of.codes(names[0])
    asked_of.finish()
    return names[0], codes


def check_recorded_for(folder: Path, dimensions: Mapping[str, Dimension]) -> None:
    """Refuse a dimension that is asked of somebody whom no other dimension knows."""
    for one in dimensions.values():
        if one.recorded_for is None:
            continue
        name, codes = one.recorded_for
        known = dimensions[name].codes if name in dimensions and name != one.code else ()
        if unknown := [code for code in codes if code not in known]:
            table = read_table(folder, f"dimensions/{one.code}.toml")
            raise table.fail("recorded_for", echo(f"{name}: {unknown[0]}"), "codes of another dimension")


def _category(table: Table) -> Category:
    slot = table.whole("slot", 0, least=1, most=6)
    low = table.number("low") if "low" in table.values else None
    category = Category(
        table.code("code"), table.text("label"), slot or None, table.code("group", "") or None, low
    )
    table.finish()
    return category
