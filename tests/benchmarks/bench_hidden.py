"""How long the estimate of hidden persons takes, and the least BIC over all orders of five lists.

    python -m tests.benchmarks.bench_hidden

Goal: 1,000 bootstrap selections on eight lists in 10 s on two cores.
"""

import time

import numpy as np

from analysis.statistics.hidden import bootstrap
from analysis.statistics.hidden.estimate import rules
from analysis.statistics.hidden.histories import CaptureTable, capture_table
from analysis.statistics.hidden.selection import hierarchical_models

SELECTIONS, PERSONS, SEED = 1_000, 6_000, 7
CHANCES = (0.05, 0.10, 0.15, 0.08, 0.06, 0.12, 0.07, 0.03)
#: Who is on the first list is on the second with this chance besides: the dependence that a model must find.
TOGETHER = {(0, 1): 0.3, (2, 3): 0.2, (4, 5): 0.2, (1, 6): 0.1, (5, 7): 0.15}


def eight_lists() -> CaptureTable:
    """Return made-up persons on eight lists, some of which hand persons on."""
    random = np.random.default_rng(SEED)
    marks = random.random((PERSONS, len(CHANCES))) < np.array(CHANCES)
    for (sender, receiver), chance in TOGETHER.items():
        marks[:, receiver] |= marks[:, sender] & (random.random(PERSONS) < chance)
    listed = marks[marks.any(axis=1)].astype(int)
    return capture_table(list("ABCDEFGH"), listed, np.ones(len(listed)))


def main() -> None:
    """Print seconds."""
    table, rule = eight_lists(), rules()["stepwise"]
    chosen = rule(table)
    assert chosen is not None
    drawn = bootstrap.draw(table, SELECTIONS, SEED)
    began = time.perf_counter()
    totals = bootstrap.totals(table, drawn, rule)
    seconds = time.perf_counter() - began
    low, middle, high = np.quantile(totals, [0.025, 0.5, 0.975])
    print(f"eight lists, {table.persons:,.0f} persons of {PERSONS:,}; model of {chosen.parameters} effects")
    print(f"{SELECTIONS:,} selections: {seconds:.1f} s; total {middle:,.0f} ({low:,.0f} to {high:,.0f})")
    began = time.perf_counter()
    five = CaptureTable(table.lists[:5], np.bincount(_first_five(), weights=table.counts, minlength=32)[1:])
    best = rules()["bic"](five)
    assert best is not None
    print(
        f"least BIC of {len(hierarchical_models(5, 4)):,} models of five lists: "
        f"{time.perf_counter() - began:.1f} s; total {best.total:,.0f}"
    )


def _first_five() -> np.ndarray:
    return np.arange(1, 256) & 31


if __name__ == "__main__":
    main()
