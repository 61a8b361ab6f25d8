"""One area beside the region: only what is clearly apart is named."""

from analysis import load_catalog
from analysis.findings.areas.profile import Beside, area_profile
from analysis.findings.compare import Value, clearly
from analysis.findings.scope import Scope
from analysis.findings.sentences import say

MEASURES = load_catalog().measures


def row(code, here, region):
    return Beside(MEASURES[code], Scope(), here, region, clearly(here, region), None)


HIGH = row("detection_rate_per_100k", Value(80, 75, 85), Value(50, 49, 51))
LOW = row("contact_within_48h_share", Value(20, 15, 25), Value(42, 41, 43))
ALIKE = row("child_share", Value(30, 22, 42), Value(32, 31, 33))


def test_clear_differences_are_named_with_their_side() -> None:
    assert say(area_profile([HIGH, LOW, ALIKE], "Brindleport")) == (
        "Brindleport: people identified per 100,000 residents clearly above the region and the share "
        "contacted within 48 hours clearly below the region."
    )


def test_what_chance_can_explain_is_close() -> None:
    assert say(area_profile([ALIKE], "Brindleport")) == (
        "Brindleport: the one figure that can be compared is close to the region's."
    )
    assert "all two figures" in say(area_profile([ALIKE, ALIKE], "Brindleport"))


def test_nothing_is_said_of_what_cannot_be_compared() -> None:
    hidden = Beside(MEASURES["child_share"], Scope(), None, None, None, None)
    assert say(area_profile([hidden], "X")) == "X: no figure can be compared with the region's."
