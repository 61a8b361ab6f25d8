"""Findings about the pathway of referrals and about ages, and their words."""

from dataclasses import replace

import polars as pl
import pytest

from analysis import Question, answer
from analysis.findings.compare import only
from analysis.findings.scope import Scope
from analysis.findings.sentences import say
from analysis.findings.topics.ages import half_younger
from analysis.findings.topics.pathway import ENDED, hand_offs, how_far, waits
from analysis.topics.pathway import LEAVES, STEPS, Stopped


def label(_dimension: str, code: str) -> str:
    return {"police": "police", "centre": "Ambel Legal Centre"}[code]


FELL = Stopped("police", "centre", 62.4, ("2018", "2020"), "2021", 20.0)


@pytest.fixture(scope="module")
def asked(release):
    questions = [
        Question("referrals_made"),
        Question("referrals_made", ["stage"]),
        *(Question("referrals_made", where={"stage": codes}) for codes in STEPS.values()),
    ]
    made, ends, *reached = answer(questions, release)
    return made, dict(zip(STEPS, reached, strict=True)), ends


def test_the_pathway_names_three_published_numbers(asked) -> None:
    made, reached, ends = asked
    finding = how_far(made, reached, ends, Scope())
    wanted = [only(made), only(reached["accepted"]), only(reached["first_service"])]
    assert [value.value for value in finding.values] == [value.value for value in wanted if value]
    assert say(finding).startswith(
        f"Of {wanted[0].value:,.0f} referrals made, {wanted[1].value:,.0f} were accepted"
    )


def test_a_step_that_leaves_out_hidden_numbers_is_at_least(asked) -> None:
    made, reached, ends = asked
    part = reached["accepted"].frame.with_columns(cells_total=pl.col("cells_shown") + 1)
    reached = {**reached, "accepted": replace(reached["accepted"], frame=part)}
    assert "at least " in say(how_far(made, reached, ends, Scope()))


def test_nobody_in_service_or_waiting_is_a_loss() -> None:
    """People still in service were once counted as the largest drop."""
    assert not {"in_service", "waiting", "contacted", "accepted"} & set(ENDED)
    assert set(ENDED) <= {code for codes in LEAVES.values() for code in codes}


def test_without_a_total_nothing_is_said_of_the_pathway(asked) -> None:
    made, _, ends = asked
    assert how_far(made, {}, ends, Scope()).kind == "hidden"


def test_waits_say_half_and_nine_in_ten(release) -> None:
    bands, half, most = answer(
        [
            Question("referrals_made", ["start_band"]),
            Question("service_wait_median"),
            Question("service_wait_p90"),
        ],
        release,
    )
    finding = waits(half, most, bands, Scope())
    said = say(finding)
    assert said.startswith("The first service after an accepted referral: half within ")
    assert ("nine in ten" in said) == (only(most) is not None)
    assert say(waits(None, None, bands, Scope())).startswith("Too few of these numbers can be shown")


@pytest.mark.parametrize("ended", [frozenset(), frozenset({("police", "centre")})])
def test_a_hand_off_is_said_to_fall_and_nothing_of_what_is_hidden(ended) -> None:
    said = say(hand_offs([FELL], ended, label, Scope()))
    assert said.startswith("Referrals by police to Ambel Legal Centre fell from about 62 a year in 2018–2020")
    assert ("an agreement between them ended" in said) == bool(ended)
    assert "none" not in said and "stopped" not in said


def test_more_hand_offs_are_counted_and_none_is_said() -> None:
    assert say(hand_offs([FELL, FELL], frozenset(), label, Scope())).endswith("; so did 1 more.")
    assert (
        say(hand_offs([], frozenset(), label, Scope()))
        == "Every hand-off that was usual and can be shown goes on."
    )


def test_ages_name_children_and_half_and_never_the_widest_band(release) -> None:
    bands, share = answer([Question("detected_persons", ["age_band"]), Question("child_share")], release)
    said = say(half_younger(bands, share, Scope()))
    assert " of the people identified were children; half were " in said
    assert "largest" not in said
    assert half_younger(bands, None, Scope()).kind == "within"
