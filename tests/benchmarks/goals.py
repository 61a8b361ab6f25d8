"""The goals: of pages a table with the ratio to Dash; of loads and releases a line each, beside DuckDB."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from tests.benchmarks.browsing import Change, median, p95
from tests.benchmarks.measuring import say

DASH = "dash"
#: Streamlit without anything of ours: what it takes beside Dash no page of ours can win back.
BARE = "bare streamlit"


class Measured(Protocol):
    """What the table reads of a page."""

    name: str
    first: Change | None
    cold_s: float
    loads: list[Change]
    changes: list[Change]
    again: list[Change]
    memory: float


@dataclass(frozen=True)
class Line:
    """One line: how the number is made, and the most it may be, by itself or as a ratio to Dash."""

    words: str
    number: Callable[[Measured], float]
    most: float | None = None
    ratio: Callable[[str], float] | None = None


def _change_ratio(page: str) -> float:
    return 1.0 if page == "trends" else 2.0


def _same(_page: str) -> float:
    return 1.0


LINES = (
    Line(
        "filter to last chart, median ms",
        lambda one: median(one.changes, lambda c: c.ms),
        ratio=_change_ratio,
    ),
    Line("filter to last chart, p95 ms", lambda one: p95([c.ms for c in one.changes])),
    Line("state seen before, median ms", lambda one: median(one.again, lambda c: c.ms)),
    Line("browser in long tasks, median ms", lambda one: median(one.changes, lambda c: c.long_ms)),
    Line("messages a change, median", lambda one: median(one.changes, lambda c: c.messages), most=40),
    Line("kB a change, median", lambda one: median(one.changes, lambda c: c.size) / 1e3, most=60),
    Line("warm load, median ms", lambda one: median(one.loads, lambda c: c.ms), ratio=_same),
    Line("cold start to all charts, s", lambda one: one.cold_s, ratio=lambda _page: 1.5),
    Line("first visit, MB", lambda one: one.first.size / 1e6 if one.first else 0.0, most=3.0),
    Line("server memory, MiB", lambda one: one.memory, most=250),
)


#: The most that a load or a release may take: times a bare DuckDB of the same run, or MiB at 10 M rows.
MOST = {
    "load to bare, processor": 2.0,
    "load, peak memory": 2_048,
    "first release to bare, processor": 1.5,
    "release, peak memory": 4_096,
}


def judge(name: str, value: float, unit: str) -> None:
    """Print a number of `MOST` beside its goal."""
    say(name, value, f"{unit} (goal ≤ {MOST[name]:g}, {'met' if value <= MOST[name] else 'not met'})")


def table(subjects: Sequence[Measured]) -> None:
    """Print the table; a star marks a number above its goal."""
    dash = next((one for one in subjects if one.name == DASH), None)
    print("\n" + f"{'':34}" + "".join(f"{one.name:>26}" for one in subjects) + "   goal", flush=True)
    for line in LINES:
        cells = "".join(f"{_cell(line, one, dash):>26}" for one in subjects)
        print(f"{line.words:34}{cells}   {_goal(line)}", flush=True)
    print("(× is the ratio to Dash in this run; * is above its goal)", flush=True)


def _cell(line: Line, subject: Measured, dash: Measured | None) -> str:
    number = line.number(subject)
    shown = f"{number:,.{2 if number < 10 else 0}f}"
    if subject.name == DASH:
        return shown
    above = line.most is not None and subject.name != BARE and number > line.most
    if dash is not None and (base := line.number(dash)):
        ratio = number / base
        shown = f"{shown} ({ratio:.2f} ×)"
        above |= line.ratio is not None and subject.name != BARE and ratio > line.ratio(subject.name)
    return f"{shown}{' *' if above else '  '}"


def _goal(line: Line) -> str:
    if line.most is not None:
        return f"≤ {line.most:g}"
    if line.ratio is None:
        return ""
    here, elsewhere = line.ratio("trends"), line.ratio("")
    return f"≤ {here:g} ×" if here == elsewhere else f"≤ {here:g} × on Trends, ≤ {elsewhere:g} × elsewhere"
