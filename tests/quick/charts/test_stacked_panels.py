"""Panels of different units: an axis each, from zero, over one axis of time."""

from dataclasses import replace

import pytest

from tests.quick.charts.made import answer, checked
from ui.charts.time.stacked_panels import stacked_panels

stacked_panels = checked(stacked_panels)


def words(_dimension: str, code: str) -> str:
    return code


OWN = replace(
    answer(
        ["period"],
        [("2019", 500.0, ""), ("2020", None, "c"), ("2021", 540.0, "p")],
        measure="investigations_opened",
    ),
    unit="investigations",
)
KNOWN = replace(
    answer(["period"], [("2018", 10.0, ""), ("2019", 12.0, "")], measure="fbi_offences_known"),
    unit="offences",
)
CLEARED = replace(
    answer(["period"], [("2018", 4.0, ""), ("2019", 6.0, "")], measure="fbi_offences_cleared"),
    unit="offences",
)


def test_each_panel_has_an_axis_of_its_own_that_begins_at_zero() -> None:
    drawn = stacked_panels([("Ours", [OWN]), ("Theirs", [KNOWN, CLEARED])], words=words)
    lines = {trace.name: trace.yaxis for trace in drawn.data if trace.name != "95% interval"}
    assert lines == {"Investigations": "y", "Offences known": "y2", "Offences cleared": "y2"}
    for axis in (drawn.layout.yaxis, drawn.layout.yaxis2):
        assert axis.rangemode == "tozero"
        assert axis.overlaying is None
    assert drawn.layout.yaxis.domain[0] > drawn.layout.yaxis2.domain[1]
    assert {trace.xaxis for trace in drawn.data} == {"x"}
    assert drawn.layout.xaxis.range == ("2018-01-01", "2022-01-01"), "the years of all panels"


def test_what_is_not_shown_is_a_gap() -> None:
    drawn = stacked_panels([("Ours", [OWN])], words=words)
    firm = next(trace for trace in drawn.data if trace.mode == "lines+markers")
    assert list(firm.y) == [500.0, None, None]


def test_units_are_not_mixed_in_one_panel() -> None:
    with pytest.raises(ValueError, match="same unit"):
        stacked_panels([("Both", [OWN, KNOWN])], words=words)


def test_titles_are_broken_where_the_window_is_narrow() -> None:
    """Cut off at the edge, a title lost what is counted."""
    long = "Tarrowmere (fictional region): reports received"
    wide, narrow = (stacked_panels([(long, [OWN])], words=words, narrow=one) for one in (False, True))
    assert wide.layout.annotations[0].text == f"<b>{long}</b>"
    assert narrow.layout.annotations[0].text.replace("<br>", " ") == f"<b>{long}</b>"
    assert max(map(len, narrow.layout.annotations[0].text.split("<br>"))) <= 32 + len("<b></b>")
    assert narrow.layout.yaxis.domain[1] < wide.layout.yaxis.domain[1], "a second line has room"
