"""Groups and years that differ: only beyond chance, never for what was not recorded."""

from types import SimpleNamespace

import polars as pl
import pytest

from analysis import load_catalog
from analysis.findings.differences import apart_from_all, compare, first_to_last, widest_gap

MEASURES = load_catalog().measures


def row(value, lower=None, upper=None, marker="", **codes):
    return {"value": value, "lower": lower, "upper": upper, "marker": marker, **codes}


def answer(measure, rows):
    frame = pl.DataFrame(rows, infer_schema_length=None)
    return SimpleNamespace(measure=MEASURES[measure], frame=frame)


def test_the_first_and_the_newest_complete_year_are_compared():
    rows = [row(20.0, 18, 22, period="2016"), row(40.0, 38, 42, period="2020")]
    rows += [row(None, marker="c", period="2021"), row(60.0, 58, 62, marker="p", period="2022")]
    found = first_to_last(rows)
    assert (found.earlier.period, found.later.period, found.direction) == ("2016", "2020", 1)
    assert found.filling is None


def test_order_of_rows_does_not_matter_and_one_year_is_not_enough():
    rows = [row(40.0, 38, 42, period="2020"), row(20.0, 18, 22, period="2016")]
    assert first_to_last(rows).direction == 1
    assert first_to_last(rows[:1]) is None
    assert first_to_last([row(1.0, 0, 2, marker="p", period="2020")] * 2) is None


def test_a_change_within_chance_or_protection_is_none():
    near = [row(20.0, 15, 25, period="2016"), row(24.0, 19, 29, period="2020")]
    assert first_to_last(near).direction == 0
    counts = [row(10_000.0, period="2016"), row(10_004.0, period="2020")]
    assert first_to_last(counts, smallest=5).direction == 0


def test_only_groups_wholly_beyond_everybody_stand_apart():
    rows = [
        row(33.0, 30, 36, channel="web"),
        row(4.5, 3.9, 5.0, channel="phone"),
        row(50.0, 40, None, channel="app"),
        row(60.0, 55, 70, channel="not_recorded"),
        row(None, channel="text"),
    ]
    everybody = row(4.0, 3.8, 4.2)
    assert [one["channel"] for one in apart_from_all(rows, "channel", everybody, 1)] == ["app", "web"]
    assert apart_from_all(rows, "channel", everybody, -1) == []
    assert apart_from_all(rows, "channel", None, 1) == []
    assert apart_from_all(rows, "channel", row(None), 1) == []


def test_no_upper_limit_is_no_proof_of_a_low_value():
    [low] = apart_from_all([row(1.0, 0.5, 1.5, channel="app")], "channel", row(4.0, 3.8, None), -1)
    assert low["channel"] == "app"
    assert apart_from_all([row(1.0, 0.5, None, channel="app")], "channel", row(4.0, 3.8, 4.2), -1) == []


def test_the_widest_gap_of_several_measures():
    one = answer(
        "acceptance_share",
        [row(70.0, 68, 72, area_kind="urban"), row(60.0, 58, 62, area_kind="rural")],
    )
    other = answer(
        "first_service_share",
        [row(90.0, 88, 92, area_kind="urban"), row(50.0, 48, 52, area_kind="rural")],
    )
    gap = widest_gap([one, other], "area_kind")
    assert gap.measure.code == "first_service_share" and gap.size == 40
    assert (gap.high["area_kind"], gap.low["area_kind"]) == ("urban", "rural")


def test_many_comparisons_need_a_wider_gap():
    rows = [row(50.0, 46, 54, area_kind="a"), row(57.0, 53, 61, area_kind="b")]
    assert widest_gap([answer("acceptance_share", rows)], "area_kind") is not None
    crowd = [row(50.0 + n % 2, 46 + n % 2, 54 + n % 2, area_kind=f"g{n}") for n in range(12)]
    assert widest_gap([answer("acceptance_share", rows + crowd)], "area_kind") is None


@pytest.mark.parametrize("vague", ["not_recorded", "other", "unlisted"])
def test_what_is_vague_is_no_group(vague):
    rows = [row(90.0, 88, 92, area_kind="urban"), row(10.0, 8, 12, area_kind=vague)]
    assert widest_gap([answer("acceptance_share", rows)], "area_kind") is None


def test_wider_limits_take_a_claim_back():
    one, other = row(50.0, 46, 54), row(57.0, 53, 61)
    assert int(compare(one, other).direction) == 1
    assert int(compare(one, other, wider=2).direction) == 0
