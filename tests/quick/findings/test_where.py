"""Sentences about areas: on which side of all together, and where a measure changed."""

from analysis import load_catalog
from analysis.findings.basis import Pair
from analysis.findings.compare import Value, clearly
from analysis.findings.finding import SILENT, Finding, Run
from analysis.findings.sentences import say

RATE = load_catalog().measures["detection_rate_per_100k"]
PAIR = Pair(("2016", "2017", "2018"), ("2022", "2023", "2024"))


def band(direction: int, *, is_compared: bool = True, when: str = "in 2016–2025") -> str:
    facts = {"group": (("area", "Glenmore"),), "is_compared": is_compared, "when": when}
    return say(Finding("band", RATE, topic="area_band", direction=direction, facts=facts))


def changed(area: str, direction: int) -> Finding:
    later = Value(40 + 20 * direction, 38 + 20 * direction, 42 + 20 * direction)
    run = Run(PAIR, clearly(later, Value(40, 38, 42)))
    return Finding("change", RATE, long_run=run, facts={"group": (("area", area),)})


def test_one_area_lies_above_below_or_close_to_all_together() -> None:
    assert band(1) == "Glenmore is clearly above the rate of all areas together in 2016–2025."
    assert band(-1) == "Glenmore is clearly below the rate of all areas together in 2016–2025."
    assert band(0, when="") == "Glenmore is close to the rate of all areas together."
    assert band(0, is_compared=False) == "Glenmore cannot be compared with all areas together."


def test_areas_that_changed_are_named_with_their_side_and_the_rest_counted() -> None:
    parts = (changed("Ash", 1), changed("Birch", -1))
    facts = {"pair": PAIR, "looked_at": 12}
    assert say(Finding("changes", RATE, topic="areas_changed", parts=parts, facts=facts)) == (
        "People identified per 100,000 residents clearly rose in Ash and fell in Birch between 2016–2018 and "
        "2022–2024; no clear change in the other ten that can be compared."
    )
    none = say(Finding("changes", RATE, topic="areas_changed", facts=facts))
    assert "no clear change in any of the 12 areas that can be compared between 2016–2018 and" in none
    assert "no area can be compared" in say(Finding("nothing_clear", RATE, topic="areas_changed"))


def test_a_break_in_reporting_is_told_of_groups_and_areas_as_of_the_whole() -> None:
    facts = {"pair": PAIR, "looked_at": 12, "barred": SILENT}
    for topic in ("", "areas_changed"):
        words = say(Finding("changes", RATE, topic=topic, facts=facts))
        assert "2022–2024 is not comparable with 2016–2018, as a contributor" in words
        assert "no clear change" not in words
