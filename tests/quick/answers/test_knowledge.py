"""Changes of test scores: intervals equal those of people's own scores; the wider of two is given."""

import numpy as np
import polars as pl
import pytest
from scipy import stats

from analysis.findings.topics.prevention import score_change
from analysis.topics.training import (
    MATCHED,
    TRAININGS,
    UNMATCHED,
    cluster_half,
    gains,
    paired_half,
    welch_half,
)

RNG = np.random.default_rng(7)


def sums(values: np.ndarray) -> tuple[float, float, float]:
    return float(len(values)), float(values.sum()), float((values**2).sum())


def row(
    trainings: list[tuple[np.ndarray, np.ndarray]], role: str = "health", **changed: object
) -> dict[str, object]:
    """Return a row of the register, from the scores of people of each training."""
    before, after = (np.concatenate([one[side] for one in trainings]) for side in (0, 1))
    change = after - before
    each = [(len(one[0]), float((one[1] - one[0]).mean())) for one in trainings]
    weight = [(n**2, n**2 * d, n**2 * d**2) for n, d in each]
    found: dict[str, object] = {
        "year": "2024",
        "area_code": "C1",
        "audience_role": role,
        "trainings": len(trainings),
        "trainings_with_spread": len(trainings),
        "trainings_matched": len(trainings),
    }
    for name, values in (
        ("tests_before points_before squares_before", before),
        ("tests_after points_after squares_after", after),
    ):
        found |= dict(zip(name.split(), sums(values), strict=True))
    found |= dict(zip(["people_matched", "points_gained", "squares_gained"], sums(change), strict=True))
    columns = ["weight_squares", "weighted_changes", "weighted_squares"]
    found |= dict(zip(columns, np.sum(weight, axis=0).tolist(), strict=True))
    return found | changed


def training(n: int, gain: float, spread: float = 12.0) -> tuple[np.ndarray, np.ndarray]:
    before = RNG.normal(50, 15, n)
    return before, before + RNG.normal(gain, spread, n)


def only(*rows: dict[str, object], **chosen: object):
    [found] = gains(pl.DataFrame(list(rows)), **chosen)
    return found


def test_the_paired_interval_is_students() -> None:
    before, after = training(40, 8)
    reference = stats.ttest_rel(after, before).confidence_interval(0.95)
    half = paired_half(*sums(after - before))
    assert half == pytest.approx((reference.high - reference.low) / 2, rel=1e-9)


def test_the_interval_of_two_groups_is_welchs() -> None:
    before, after = RNG.normal(50, 15, 31), RNG.normal(58, 9, 24)
    reference = stats.ttest_ind(after, before, equal_var=False).confidence_interval(0.95)
    assert welch_half(sums(before), sums(after)) == pytest.approx(
        (reference.high - reference.low) / 2, rel=1e-9
    )


def test_trainings_of_one_size_give_students_interval_of_their_averages() -> None:
    changes = RNG.normal(9, 3, 12)
    n = 20
    given = (12 * n**2, float((n**2 * changes).sum()), float((n**2 * changes**2).sum()))
    half = cluster_half(12, 12.0 * n, given, float(changes.mean()))
    reference = stats.t.interval(0.95, 11, loc=0, scale=changes.std(ddof=1) / np.sqrt(12))
    assert half == pytest.approx(reference[1], rel=1e-9)


def test_the_change_is_the_average_of_people_and_the_wider_interval_is_given() -> None:
    alike = [training(25, gain, spread=1.0) for gain in (2, 6, 11, 15)]
    found = only(row(alike))
    changes = np.concatenate([after - before for before, after in alike])
    assert found.change == pytest.approx(changes.mean())
    assert found.method == TRAININGS, "people of one room are alike: trainings decide"
    apart = [training(25, 8, spread=40.0) for _ in range(40)]
    assert only(row(apart)).method in (MATCHED, TRAININGS)
    assert only(row([training(30, 8)])).method == MATCHED, "one training alone says nothing between trainings"


def test_without_matched_tests_the_groups_count_as_two() -> None:
    found = only(row([training(30, 8)], trainings_matched=0))
    assert found.method == UNMATCHED
    assert found.upper - found.lower > only(row([training(30, 8)])).upper - only(row([training(30, 8)])).lower


def test_without_any_spread_and_one_training_there_is_no_interval_and_no_claim() -> None:
    found = only(row([training(30, 20)], trainings_matched=0, trainings_with_spread=0))
    assert np.isnan(found.lower) and score_change(found).lower is None


def test_rows_add_up_whatever_they_are_split_by() -> None:
    trainings = [training(20, gain) for gain in (4, 9, 7, 10)]
    whole = only(row(trainings))
    parts = only(row(trainings[:1]), row(trainings[1:], area_code="C2"))
    assert (parts.change, parts.lower, parts.people) == (
        pytest.approx(whole.change),
        pytest.approx(whole.lower),
        whole.people,
    )


def test_years_and_areas_choose_rows_and_roles_stay_apart() -> None:
    register = pl.DataFrame(
        [
            row([training(20, 5)]),
            row([training(20, 9)], year="2025"),
            row([training(20, 0)], role="police", area_code="C2"),
        ]
    )
    assert [one.role for one in gains(register)] == ["health", "police"]
    assert [one.people for one in gains(register, ("2025", "2025"))] == [20]
    assert [one.role for one in gains(register, areas=("C2",))] == ["police"]
    assert gains(register, ("2030", "2031")) == []
    assert gains(pl.DataFrame()) == []


def test_the_interval_covers_the_truth_about_as_often_as_it_says() -> None:
    rng, held = np.random.default_rng(11), 0
    for _ in range(400):
        trainings = []
        for shift in rng.normal(8, 3, 10):  # people of one training share what it is worth
            before = rng.normal(50, 15, 18)
            trainings.append((before, before + rng.normal(shift, 12, 18)))
        found = only(row(trainings))
        held += found.lower <= 8 <= found.upper
    assert 0.92 <= held / 400 <= 0.99
