"""One block of a mapping used by several tables: ``[block.clients]`` and ``use = "clients"``."""

from collections.abc import Mapping
from typing import Any

from analysis.catalog.table import Table


def with_blocks(item: Table, blocks: Table) -> Table:
    """Return a table of a mapping with the keys of the block that it uses; its own hold before those.

    Raises
    ------
    EtlError
        No block of that name, or a block that uses another.
    """
    if "use" not in item.values:
        return item
    name = item.text("use", allowed=blocks.values)
    block = blocks.table(name)
    if "use" in block.values:
        raise block.fail("use", "given", "nothing: a block uses no other")
    own = {key: value for key, value in item.values.items() if key != "use"}
    return Table(item.file, _merged(block.values, own), item.place, item.refuse)


def without_blocks(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a mapping says with its blocks put where they are used, for who changes one table alone."""
    blocks, tables = values.get("block"), values.get("table")
    if not isinstance(blocks, dict) or not isinstance(tables, list):
        return dict(values)
    whole = [_with_own(one, blocks) if isinstance(one, dict) else one for one in tables]
    return {**{key: value for key, value in values.items() if key != "block"}, "table": whole}


def _with_own(one: Mapping[str, Any], blocks: Mapping[str, Any]) -> dict[str, Any]:
    block = blocks.get(str(one.get("use", "")))
    own = {key: value for key, value in one.items() if key != "use" or not isinstance(block, dict)}
    return _merged(block, own) if isinstance(block, dict) else own


def _merged(base: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """Return both; where both have a table its keys are put together, as far down as there are tables."""
    merged = dict(base)
    for key, value in own.items():
        before = merged.get(key)
        # How one column is filled is said as a whole: half of a rule beside half of another means nothing.
        if isinstance(before, dict) and isinstance(value, dict) and not _is_rule(before):
            merged[key] = _merged(before, value)
        else:
            merged[key] = value
    return merged


def _is_rule(value: Mapping[str, Any]) -> bool:
    keys = {key for key, inner in value.items() if not isinstance(inner, dict)}
    return bool({"column", "columns", "since", "first_month"} & keys)
