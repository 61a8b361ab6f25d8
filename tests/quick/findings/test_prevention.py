"""Outreach, training, campaigns: who is named as left out, what may be called a rise, what stands apart."""

from dataclasses import replace
from datetime import date

import polars as pl

from analysis.findings.scope import Scope
from analysis.findings.sentences import say
from analysis.findings.topics import campaigns as found
from analysis.findings.topics.prevention import (
    language_reached_least,
    passed_after_training,
    places_reached,
    scores_after_training,
)
from analysis.topics.initiatives import Campaign
from analysis.topics.training import Gain
from tests.quick.charts import made

NAN = float("nan")


def by(name: str, measure: str, rows: list[tuple[str, float | None]]):
    return made.answer(
        (name,), [(code, value, "" if value is not None else "x") for code, value in rows], measure=measure
    )


def test_the_language_reached_least_is_named_with_the_range_of_the_others() -> None:
    reached = by("outreach_language", "reach_per_1000_speakers", [("a", 44.0), ("b", 80.0), ("c", 150.0)])
    assert say(language_reached_least(reached, None, Scope())) == (
        "A speakers were least likely to be reached: 44 per 1,000, against 80 to 150 in other languages."
    )


def test_a_language_without_any_event_is_told_first() -> None:
    reached = by("outreach_language", "reach_per_1000_speakers", [("a", 44.0), ("b", None)])
    speakers = by("outreach_language", "language_speakers", [("a", 9_000.0), ("b", 4_100.0)])
    told = say(language_reached_least(reached, speakers, Scope()))
    assert told == "No event was in b, which 4,100 residents speak."


def places(trained: list[tuple[str, float | None]], rows=(("A", 10.0), ("B", 20.0), ("C", None))):
    answers = {
        "reached": by("area", "people_reached", list(rows)),
        "trained": by("area", "people_trained", trained),
    }
    return places_reached(answers, Scope(), "2024")


def test_places_without_training_stand_first() -> None:
    finding, listed = places([("A", 5.0), ("B", None), ("C", 7.0)])
    assert say(finding).startswith("Outreach reached 2 of 3 areas in 2024 and training 2; no area without")
    assert [one.area for one in listed] == ["B", "A", "C"]
    everywhere, _ = places([("A", 5.0), ("B", 1.0)], (("A", 10.0), ("B", 20.0)))
    assert say(everywhere) == "Outreach and training reached all 2 areas in 2024."
    assert places([("A", None)], (("A", None),)) is None


def test_untrained_places_with_high_need_are_named() -> None:
    finding, _ = places([("A", 5.0), ("B", None), ("C", 7.0)])
    named = replace(finding, facts={**finding.facts, "untrained": ("B",)})
    assert say(named).endswith("and training 2; B has clearly high need and had no training.")


def gain(role: str, change: float, half: float) -> Gain:
    return Gain(role, 50.0, 50.0 + change, change, change - half, change + half, 100, 5, "matched")


def test_scores_rise_where_the_interval_says_so_and_nothing_is_said_without_one() -> None:
    gains = [gain("health", 14, 3), gain("police", 8, 2), gain("hospitality", 1, 4), gain("ngo", 9, NAN)]
    told = say(scores_after_training(gains, Scope(), lambda _name, code: code))
    assert told == (
        "Test scores rose after training in 2 of 4 roles, most for health (+14 points, 11 to 17); "
        "no clear change for hospitality and ngo."
    )
    fell = scores_after_training([gain("ngo", -9, 2)], Scope(), lambda _name, code: code)
    assert (say(fell), fell.direction) == ("Scores fell for ngo.", -1)


def shares(rows: list[tuple[str, float, float]], measure: str):
    answer = by("audience_role", measure, [(code, value) for code, value, _ in rows])
    sides = {
        "lower": [value - half for _, value, half in rows],
        "upper": [value + half for _, value, half in rows],
    }
    return replace(
        answer, frame=answer.frame.with_columns(pl.Series(name, side) for name, side in sides.items())
    )


def test_passing_after_training_counts_clear_rises() -> None:
    before = shares([("health", 40, 3), ("ngo", 50, 3)], "passed_before_share")
    after = shares([("health", 80, 3), ("ngo", 52, 3)], "passed_after_share")
    assert say(passed_after_training(before, after, Scope())).startswith(
        "More people passed the test after training than before it in 1 of 2 roles; no clear rise for "
    )
    none = passed_after_training(before, before, Scope())
    assert say(none) == "No clear change in the share who passed the test, in any of 2 roles."


CAMPAIGN = Campaign(
    "c", "Say It (made up)", "theme", "A", date(2022, 1, 1), date(2022, 12, 31), 1_000.0, "line", 1, 2, 3
)


def test_campaigns_are_counted_with_what_they_cost() -> None:
    listed = [CAMPAIGN, replace(CAMPAIGN, code="d", cost=None)]
    assert say(found.campaign_list(listed, "dollars", Scope())) == (
        "2 campaigns since 2022 cost 1,000 dollars together (the cost of 1 is known)."
    )
    assert say(found.campaign_list([], "dollars", Scope())).startswith("No campaign ran")
