"""A return that is counted and not yet written: what its checks and its workbook are made of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from etl.returns.compared import Earlier
from etl.returns.evidence import Evidence
from etl.returns.facts import Facts
from etl.returns.model import Cell, Return
from etl.returns.periods import Period


@dataclass(frozen=True)
class Draft:
    """A counted return.

    Attributes
    ----------
    asked, period, cells
        The return and its numbers.
    flow : dict
        Clients in and out of the period, by the codes of `etl.returns.counting.FLOW`.
    facts, evidence
        What the warehouse says beside them.
    earlier : Earlier or None
        The return of the period before, if it was made.
    """

    asked: Return
    period: Period
    cells: Sequence[Cell]
    flow: Mapping[str, int]
    facts: Facts
    evidence: Evidence
    earlier: Earlier | None
