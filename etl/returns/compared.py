"""The return of the period before, and what changed since: by cell."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from etl.returns.model import Cell, Return
from etl.returns.periods import Period

FORMAT = 1


@dataclass(frozen=True)
class Earlier:
    """A return that was made before: its period, its numbers by the code of a cell, and its clients' flow."""

    period: str
    values: Mapping[str, float | None]
    flow: Mapping[str, int]


@dataclass(frozen=True)
class Difference:
    """One cell, then and now; None: it could not be filled."""

    cell: Cell
    before: float | None
    is_new: bool

    @property
    def change(self) -> float | None:
        """What was added, or None where one of the two has no number."""
        if self.before is None or self.cell.value is None:
            return None
        return round(self.cell.value - self.before, 2)


def figures_text(asked: Return, period: Period, cells: Sequence[Cell], flow: Mapping[str, int]) -> str:
    """Return what is kept of a return beside its workbook, so that the next one can be compared with it."""
    values = {
        "format": FORMAT,
        "return": asked.code,
        "period": period.code,
        "cells": {cell.code: cell.value for cell in cells},
        "flow": dict(flow),
    }
    return json.dumps(values, indent=0, ensure_ascii=False) + "\n"


def read_figures(path: Path) -> Earlier | None:
    """Return an earlier return from what was kept of it; None where it was not made or cannot be read."""
    try:
        values: Any = json.loads(path.read_text("utf-8"))
        if values["format"] != FORMAT:
            return None
        return Earlier(
            period=str(values["period"]),
            values={str(code): None if one is None else float(one) for code, one in values["cells"].items()},
            flow={str(code): int(number) for code, number in values["flow"].items()},
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def differences(cells: Sequence[Cell], earlier: Earlier) -> list[Difference]:
    """Return the cells whose number is another one than then, in the order of the return."""
    return [
        Difference(cell, earlier.values.get(cell.code), cell.code not in earlier.values)
        for cell in cells
        if cell.code not in earlier.values or earlier.values[cell.code] != cell.value
    ]
