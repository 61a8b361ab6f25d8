"""Totals that a file carries are held against their parts; a difference is told, and nothing is corrected."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest

from etl.incoming import ReadOptions
from etl.readers import TOTALS, read
from etl.sources.published import nrm, us_hotline

OPTIONS = ReadOptions(as_of=date(2025, 12, 31))
AGES = ("Adult (18 or over)", "Child (17 or under)")
OUTCOMES = ("Negative", "Positive")


def written(folder: Path, name: str, rows: Sequence[Sequence[object]]) -> Path:
    path = folder / name
    path.write_text("\n".join(",".join(map(str, row)) for row in rows) + "\n", "utf-8")
    return path


def decisions() -> list[list[object]]:
    """Return decisions by quarter, the whole year first, as they are published."""
    heads = [f"{age} - {what} reasonable grounds" for age in AGES for what in OUTCOMES]
    heads = [*heads[:2], f"{AGES[0]} - Total", *heads[2:], f"{AGES[1]} - Total", "Total"]
    single = [
        [10 + quarter, 20, 30 + quarter, 3, 4 + quarter, 7 + quarter, 37 + 2 * quarter]
        for quarter in range(4)
    ]
    whole = [sum(cells) for cells in zip(*single, strict=True)]
    rows: list[list[object]] = [["Year", "Quarter", *heads], [2020, "Total", *whole]]
    return rows + [[2020, f"Q{number}", *cells] for number, cells in enumerate(single, start=1)]


def told(notes: Sequence[str]) -> list[str]:
    return [note for note in notes if "add up to" in note]


def test_decisions_that_add_up_are_not_told(tmp_path: Path) -> None:
    assert told(nrm.read(written(tmp_path, "nrm_grounds.csv", decisions()), OPTIONS).notes) == []


@pytest.mark.parametrize(
    ("row", "column", "lines"),
    [(1, 2, "line 2 "), (3, 3, "lines 2, 4"), (4, 4, "lines 2, 5"), (1, 8, "line 2 "), (3, 8, "lines 2, 4")],
)
def test_decisions_are_held_against_years_ages_and_outcomes(
    tmp_path: Path, row: int, column: int, lines: str
) -> None:
    rows = decisions()
    rows[row][column] = int(str(rows[row][column])) + 5
    incoming = nrm.read(written(tmp_path, "nrm_grounds.csv", rows), OPTIONS)
    [note] = told(incoming.notes)
    assert lines in note


def test_the_long_series_and_the_duty_to_notify_are_held_against_their_totals(tmp_path: Path) -> None:
    head = ["Year", "Quarter", "Age at exploitation", "Location of exploitation", "NRM referrals"]
    rows: list[list[object]] = [head]
    for age, counts in ((AGES[0], (1, 4)), (AGES[1], (2, 5))):
        rows += [
            [2020, "Q1", age, place, count] for place, count in zip(("UK", "Overseas"), counts, strict=True)
        ]
        rows.append([2020, "Q1", age, "Total", sum(counts)])
    assert told(nrm.read(written(tmp_path, "nrm_long.csv", rows), OPTIONS).notes) == []
    rows[3][4] = 6
    assert "line 4 " in told(nrm.read(written(tmp_path, "nrm_long.csv", rows), OPTIONS).notes)[0]
    duty = [["Year", "Quarter", "Total"], [2020, "Total", 30], *([2020, f"Q{n}", 7] for n in range(1, 5))]
    assert "line 2 " in told(nrm.read(written(tmp_path, "nrm_duty.csv", duty), OPTIONS).notes)[0]


@pytest.mark.parametrize(("whole", "is_told"), [(70, False), (77, True), ("", False)])
def test_calls_of_the_country_are_held_against_those_of_the_states(
    tmp_path: Path, whole: object, is_told: bool
) -> None:
    rows = [["Year_Date", "Calls", "Cases_Reported", "State"], [2016, whole, 12, "National"]]
    rows += [[2016, 40, 8, "Texas"], [2016, 28, 4, "Ohio"], [2016, 2, "", "unknown"]]
    notes = us_hotline.read(written(tmp_path, "calls.csv", rows), OPTIONS).notes
    assert bool(told(notes)) == is_told


TABLE = ["county,calls,year,rate", "Alder,10,2024,3", "Birch,20,2024,5"]


@pytest.mark.parametrize(
    ("rows", "line"),
    [
        ([*TABLE, "Total,30,,4"], None),
        ([*TABLE, "Total,31,,4"], "line 4 in 'calls'"),
        ([TABLE[0], "Total,30,,", *TABLE[1:]], None),
        ([TABLE[0], "Total,29,,", *TABLE[1:]], "line 2 in 'calls'"),
        ([*TABLE, "Total,30,,", "Ash,5,2024,1", "Total,5,,", "Grand total,35,,"], None),
        ([*TABLE, "Total,30,,", "Ash,5,2024,1", "Total,6,,", "Grand total,35,,"], "line 6 in 'calls'"),
        ([*TABLE, "Dale,<5,2024,1", "Total,31,,"], None),
        ([TABLE[0], 'Alder,"1,000",2024,3', "Birch,500.0,2024,5", 'Total,"1,500",,'], None),
        ([TABLE[0], 'Alder,"1,000",2024,3', "Birch,500.0,2024,5", "Total,501,,"], "line 4 in 'calls'"),
    ],
)
def test_totals_of_any_table_are_held_against_their_rows(
    tmp_path: Path, rows: list[str], line: str | None
) -> None:
    path = tmp_path / "table.csv"
    path.write_text("\n".join(rows) + "\n", "utf-8")
    notes = told(read(path, totals=TOTALS).notes)
    assert [line in note for note in notes] == ([True] if line else []) if line else notes == []
