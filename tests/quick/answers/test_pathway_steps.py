"""Steps, flows and hand-offs that stopped, from published numbers alone."""

import itertools

import pytest

from analysis import load_catalog
from analysis.topics.pathway import (
    LEAVES,
    STEPS,
    Flow,
    flows,
    is_recorded,
    lacks_services,
    step_share,
    stopped_hand_offs,
)

ENDS = load_catalog().dimensions["stage"].codes


def test_every_end_leaves_at_one_step_or_is_the_last():
    leaves = [code for codes in LEAVES.values() for code in codes]
    assert sorted([*leaves, "stable_outcome"]) == sorted(ENDS)
    order = list(STEPS.values())
    assert all(set(later) < set(earlier) for earlier, later in itertools.pairwise(order))


def test_flows_add_up_at_every_step():
    ends = {code: 10.0 * (n + 1) for n, code in enumerate(ENDS)}
    found = flows(ends)
    assert sum(flow.value for flow in found if flow.origin == "made") == sum(ends.values())
    for step in ("accepted", "first_contact", "first_service"):
        coming = sum(flow.value for flow in found if flow.target == step)
        assert coming == sum(flow.value for flow in found if flow.origin == step) > 0


def test_a_hidden_end_is_left_out_and_nothing_made_of_it():
    found = flows({"declined": 40.0, "stable_outcome": 12.0})
    assert Flow("made", "end_declined", 40.0) in found
    assert Flow("made", "accepted", 12.0) in found
    assert not [flow for flow in found if flow.value == 0]
    assert flows({}) == []


@pytest.mark.parametrize(("value", "said"), [(45, "45%"), (99, "≥ 95%"), (105, "≥ 95%")])
def test_a_share_of_a_step_is_capped(value, said):
    assert step_share(value, 100) == said


def test_recorded_means_shown():
    rows = [{"value": None, "stage": "in_service"}, {"value": 40.0, "stage": "declined"}]
    assert is_recorded(rows, "stage", ["declined"])
    assert not is_recorded(rows, "stage", ["in_service", "stable_outcome"])


@pytest.mark.parametrize(
    ("ends", "lacks"),
    [
        ({"contacted": 80.0, "declined": 30.0}, True),
        ({"contacted": 80.0, "in_service": 12.0}, False),
        ({"contacted": 20.0, "accepted": 12.0, "declined": 300.0}, False),
        ({"contacted": 80.0, "in_service": None}, True),
        ({}, False),
    ],
)
def test_many_accepted_and_nobody_served_means_that_services_are_not_on_record(ends, lacks):
    assert lacks_services({"stage": code, "value": value} for code, value in ends.items()) == lacks


# --- hand-offs ---

YEARS = [str(year) for year in range(2016, 2026)]


def series(sender, receiver, values):
    return [
        {
            "period": year,
            "from_org_type": sender,
            "to_organisation": receiver,
            "value": value,
            "marker": "p" if year == "2025" else "",
        }
        for year, value in zip(YEARS, values, strict=True)
    ]


def totals(sender, values):
    return [
        {"period": year, "from_org_type": sender, "value": value}
        for year, value in zip(YEARS, values, strict=True)
    ]


SENDERS = totals("police", [400] * 10) + totals("health", [80] * 7 + [None] * 3)
BROKEN = [60, 64, 58, 62, 66, 18, None, None, None, None]


def found(*rows, usual=30):
    return stopped_hand_offs([one for part in rows for one in part], SENDERS, usual=usual)


def test_one_that_fell_below_what_can_be_shown_is_called_out():
    [one] = found(series("police", "legal", BROKEN), series("police", "shelter", [50] * 10))
    assert (one.sender, one.receiver, one.stopped_in) == ("police", "legal", "2021")
    assert one.before == pytest.approx((58 + 62 + 66) / 3) and one.years == ("2018", "2020")


def test_one_that_was_still_usual_in_its_last_year_stopped_after_it():
    [one] = found(series("police", "legal", [60] * 6 + [None] * 4))
    assert one.stopped_in == "2022"


@pytest.mark.parametrize(
    "values",
    [
        [60] * 9 + [None],  # only the provisional year is not shown
        [60] * 8 + [None, None],  # one complete year is not shown: it may come back
        [60] * 6 + [None, None, 40, 40],  # it came back
        [14] * 6 + [None] * 4,  # it was never usual
        [None] * 4 + [60, 60] + [None] * 4,  # two years are no habit
        [None] * 10,
    ],
)
def test_others_are_not(values):
    assert found(series("police", "legal", values)) == []


def test_a_sender_that_stopped_reporting_stopped_no_hand_off():
    assert found(series("health", "clinic", [60] * 7 + [None] * 3)) == []


@pytest.mark.parametrize(
    "pair", [("not_recorded", "legal"), ("police", "unlisted"), ("police", "not_recorded")]
)
def test_vague_ends_are_no_hand_off(pair):
    rows = series(*pair, BROKEN)
    senders = totals(pair[0], [400] * 10)
    assert stopped_hand_offs(rows, senders, usual=30) == []


def test_the_largest_comes_first():
    rows = [*series("police", "small", [40] * 5 + [None] * 5), *series("police", "legal", BROKEN)]
    assert [one.receiver for one in found(rows)] == ["legal", "small"]
