"""The table of coverages in short: every interval that is shown holds its rate after the protection."""

import re

import pytest

from tests.benchmarks.bench_coverage import FROM, HEAD, PAGE, TO
from tests.coverages import areas, figures, people, series
from tests.coverages.row import covered, false_alarms
from tests.sizes import size

# Forecasts are left to the long form and to tests/quick/statistics/test_forecast.py: they take a minute.
SHORT = {
    "figures": lambda: figures.rows(size(300, 3_000)),
    "areas": lambda: areas.rows(size(40, 400)),
    "people": lambda: people.rows(size(60, 400)),
    "warnings": lambda: series.signals(size(200, 1_000)),
    "contrasts": lambda: series.contrasts(size(60, 400)),
    "shifts": lambda: series.shifts(size(60, 200)),
    "totals": lambda: series.totals(size(60, 200)),
}


@pytest.mark.parametrize("part", SHORT)
def test_what_is_shown_holds_its_rate(part: str) -> None:
    found = list(SHORT[part]())
    assert found
    assert not [one for one in found if not one.holds]


def test_a_row_that_does_not_hold_says_so() -> None:
    assert not covered("", "", [True] * 80 + [False] * 20).holds
    assert covered("", "", [True] * 95 + [False] * 5).holds
    assert not false_alarms("", "", [True] * 20 + [False] * 80).holds
    assert false_alarms("", "", [True] * 5 + [False] * 95).holds


def test_the_document_holds_a_table_of_all_of_them_and_all_hold() -> None:
    table = PAGE.read_text("utf-8").split(FROM)[1].split(TO)[0].strip().splitlines()
    assert tuple(table[:2]) == HEAD
    assert len(table) > 60 and not re.search(r"\*\*", "\n".join(table))
    names = {row.split("|")[1].strip() for row in table[2:]}
    for name in ("rate", "share", "median wait", "smoothed rate", "forecast", "early warning", "cluster"):
        assert name in names
