"""Waits as one rising line: shares within the ends of the published bands, never bars of unequal width."""

from types import SimpleNamespace

import pytest

from analysis import load_catalog
from analysis.findings.within import within
from tests.quick.charts.made import answer, checked
from ui.charts.time.cumulative import cumulative_chart

cumulative_chart = checked(cumulative_chart)

BANDS = load_catalog().dimensions["start_band"]
RELEASE = SimpleNamespace(v=2.0, threshold=10)
WAITS = [
    ("0_2_days", 100.0, ""),
    ("3_7_days", 100.0, ""),
    ("8_14_days", 200.0, ""),
    ("15_28_days", 300.0, ""),
    ("29_60_days", 200.0, ""),
    ("61_90_days", 40.0, ""),
    ("91_180_days", 20.0, ""),
    ("over_180_days", 20.0, ""),
    ("not_started", 20.0, ""),
    ("not_applicable", 500.0, ""),
]


def made(rows=WAITS):
    return within(answer(("start_band",), rows), BANDS, RELEASE)


def test_shares_add_up_from_the_shortest_band_over_all_who_wait() -> None:
    reached = {point.edge: round(point.share) for point in made().reached}
    assert reached == {0: 0, 3: 10, 8: 20, 15: 40, 29: 70, 61: 90, 91: 94, 181: 96}
    assert made().base == 1000, "those who still wait are counted, those for whom nothing is waited are not"


def test_half_and_nine_in_ten_lie_on_the_line() -> None:
    found = made()
    assert found.half == pytest.approx(15 + 14 / 3, abs=0.06)
    assert found.nine_in_ten == 61
    slow = [*WAITS[:-2], ("not_started", 4000.0, "")]
    assert made(slow).half is None, "most still wait: half lies above every band"


def test_intervals_hold_the_share_and_hidden_bands_widen_them() -> None:
    whole = made().reached
    assert all(point.lower <= point.share <= point.upper for point in whole)
    part = made([row if row[0] != "8_14_days" else ("8_14_days", None, "c") for row in WAITS]).reached
    width = {point.edge: point.upper - point.lower for point in part}
    assert width[29] > whole[4].upper - whole[4].lower


def test_too_much_hidden_gives_nothing() -> None:
    few = [("0_2_days", None, "c"), ("3_7_days", 12.0, ""), ("8_14_days", None, "c")]
    assert made(few) is None and made([]) is None


def test_the_line_ends_where_the_open_band_begins_and_says_half_and_nine_in_ten() -> None:
    figure = cumulative_chart(made())
    line = figure.data[1]
    assert (line.x[0], line.x[-1]) == (0, 181) and line.y[-1] == pytest.approx(96)
    said = [note.text for note in figure.layout.annotations]
    assert said == ["half within 20 days", "nine in ten within 61 days"]
    assert line.text[4].startswith("70% took less than 29 days<br>95% interval ")
    assert figure.layout.hovermode == "x unified"
