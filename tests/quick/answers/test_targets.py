"""A target is reached, not reached, or too close to tell: by the interval, never by the value alone."""

import pytest

from analysis import load_catalog
from analysis.findings.targets import NOT_REACHED, REACHED, UNCLEAR, Target, standing

FLOOR, CEILING = Target("m", 60.0, 2026, True, ""), Target("m", 20.0, 2026, False, "")


@pytest.mark.parametrize(
    ("target", "figure", "expected"),
    [
        (FLOOR, (66.0, 61.0, 70.0), REACHED),
        (FLOOR, (61.0, 57.0, 65.0), UNCLEAR),
        (FLOOR, (52.0, 48.0, 59.0), NOT_REACHED),
        (FLOOR, (60.0, None, None), REACHED),
        (CEILING, (15.0, 12.0, 19.0), REACHED),
        (CEILING, (19.0, 15.0, 23.0), UNCLEAR),
        (CEILING, (28.0, 24.0, 31.0), NOT_REACHED),
        (CEILING, (None, None, None), ""),
    ],
)
def test_the_interval_decides(target, figure, expected) -> None:
    assert standing(target, *figure) == expected


def test_a_target_is_said_in_the_unit_of_its_measure() -> None:
    measure = load_catalog().measures["contact_within_48h_share"]
    assert FLOOR.words(measure) == "Target ≥ 60% by 2026"
    assert CEILING.words(measure) == "Target ≤ 20% by 2026"
