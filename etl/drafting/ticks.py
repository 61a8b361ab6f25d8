"""Columns of yes and no that each stand for one code (``flags`` of a mapping), as a keeper says it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from analysis.catalog.model import NOT_RECORDED
from etl.contracts.tables import Contract
from etl.drafting import editing


@dataclass(frozen=True)
class Tick:
    """What a yes means: a code of a column of a table."""

    target: str
    code: str


def every(values: Mapping[str, Any], number: int, table: Contract) -> tuple[Tick, ...]:
    """Return what a yes may mean in a table: the codes of its columns of which a row may have several."""
    return tuple(
        Tick(column.name, code)
        for column in table.columns
        if column.codes and not column.several and editing.may_hold_several(values, number, column)
        for code in column.codes
        if code != NOT_RECORDED
    )


def found(values: Mapping[str, Any], number: int, name: str) -> Tick | None:
    """Return what a yes in a column of the file means; None where it is none, or means several codes."""
    for target, flags in (editing.tables(values)[number].get("flags") or {}).items():
        for column, code in flags.items():
            if column.casefold() == name.casefold() and isinstance(code, str):
                return Tick(target, code)
    return None


def put(values: dict[str, Any], number: int, name: str, tick: Tick) -> None:
    """Write down what a yes in a column of the file means."""
    editing.tick_no_more(values, number, name)
    editing.tables(values)[number].setdefault("flags", {}).setdefault(tick.target, {})[name] = tick.code
