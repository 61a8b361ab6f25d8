"""Turns the files of ``data/catalog/dimensions`` into dimensions and their categories."""

from collections.abc import Mapping
from pathlib import Path

from analysis.catalog.model import Category, Dimension
from analysis.catalog.table import Table, read_table
from analysis.errors import echo


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
    common = table.codes("common", [])
    if unknown := [code for code in common if code not in codes]:
        raise table.fail("common", echo(unknown[0]), "codes of this dimension")
    return Dimension(
        code=table.code("code"),
        label=table.text("label"),
        description=table.text("description"),
        categories=categories,
        family=table.code("family", ""),
        ordered=table.flag("ordered", False),
        multi=table.flag("multi", False),
        standard=table.text("standard", ""),
        codes_from=codes_from,
        common=common,
        recorded_for=_recorded_for(table),
        every=table.text("every", ""),
        reach=table.text("reach", ""),
    )


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
    slot = table.whole("slot", 0)
    if not 0 <= slot <= 6:
        raise table.fail("slot", str(slot), "1 to 6, or left out")
    ends = [table.number(key) if key in table.values else None for key in ("low", "high")]
    category = Category(
        table.code("code"), table.text("label"), slot or None, table.code("group", "") or None, *ends
    )
    table.finish()
    return category
