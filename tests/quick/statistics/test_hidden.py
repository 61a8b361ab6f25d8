"""How many are on no list: published tables to their tolerances, and tables that must be refused."""

import csv
import json
from functools import cache
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.statistics.hidden import bootstrap
from analysis.statistics.hidden.estimate import describe, estimate, refusal, rules
from analysis.statistics.hidden.histories import CaptureTable, capture_table, without_list
from analysis.statistics.hidden.loglinear import fit
from analysis.statistics.hidden.profile import profile
from analysis.statistics.hidden.selection import (
    best_bic,
    downhill,
    hierarchical_models,
    stepwise,
    stepwise_aic,
)
from analysis.statistics.intervals import z_value
from tests.support import reference

TABLES = ("uk2013_four_lists", "uk2013_five_lists", "uk2013_six_lists")
SMALL = {"100": 30, "010": 25, "001": 40, "110": 9, "101": 7, "011": 6, "111": 2}


@cache
def expected() -> dict[str, Any]:
    return json.loads(reference("mse", "uk2013_expected.json").read_text("utf-8"))


@cache
def table_of(name: str) -> CaptureTable:
    with reference("mse", f"{name}.csv").open(encoding="utf-8") as file:
        header, *rows = csv.reader(file)
    marks = [[int(mark) for mark in row[:-1]] for row in rows]
    return capture_table(header[:-1], marks, [int(row[-1]) for row in rows])


def made(codes: dict[str, float]) -> CaptureTable:
    """Return a table from codes such as 011."""
    lists = "ABCDEFGH"[: len(next(iter(codes)))]
    return capture_table(list(lists), [[int(mark) for mark in code] for code in codes], list(codes.values()))


def resamples_of(table: CaptureTable) -> np.ndarray:
    with reference("mse", "uk2013_five_lists_resamples.csv").open(encoding="utf-8") as file:
        header, *rows = csv.reader(file)
    drawn = np.zeros((len(rows), len(table.counts)))
    for place, code in enumerate(header):
        drawn[:, sum(int(mark) << bit for bit, mark in enumerate(code)) - 1] = [
            int(row[place]) for row in rows
        ]
    return drawn


# --- published tables ---


@pytest.mark.real
@pytest.mark.parametrize("name", TABLES)
def test_stepwise_models_are_the_published_ones(name: str) -> None:
    table = table_of(name)
    for wanted in expected()["datasets"][name]["stepwise_sparse_poisson"]:
        found = stepwise(table, wanted["p_threshold"])
        assert found is not None
        assert {table.name(one) for one in found.interactions} == set(wanted["pairs_finite"])
        assert found.total == pytest.approx(wanted["estimate"], rel=1e-6)
        assert found.wald(z_value(0.95)) == pytest.approx(wanted["wald95"], rel=2e-4)
        assert found.wald(z_value(0.80)) == pytest.approx(wanted["wald80"], rel=2e-4)
        assert found.aic == pytest.approx(wanted["AIC"], abs=1e-3)
        assert found.deviance == pytest.approx(wanted["deviance"], abs=1e-3)


@pytest.mark.real
@pytest.mark.parametrize("name", TABLES)
def test_the_older_steps_and_their_profile_are_the_published_ones(name: str) -> None:
    table = table_of(name)
    for wanted in expected()["datasets"][name]["aic_stepwise_multinomial_profile"]:
        found = stepwise_aic(table, float(wanted["model"].partition("<=")[2] or 0))
        assert found is not None
        for confidence, limits in ((0.95, wanted["profile95"]), (0.80, wanted["profile80"])):
            result = profile(table, found, confidence)
            assert (result.lower, result.upper) == pytest.approx(limits, abs=0.1)
        assert result.total == pytest.approx(wanted["estimate"], abs=0.1)


@pytest.mark.real
@pytest.mark.parametrize(("name", "order"), [("uk2013_four_lists", 3), ("uk2013_five_lists", 2)])
def test_the_least_bic_and_the_number_of_models_that_exist(name: str, order: int) -> None:
    """All orders of five lists take six seconds: `tests/benchmarks/bench_hidden.py`."""
    table = table_of(name)
    [wanted] = [
        one
        for one in expected()["datasets"][name]["bic_all_hierarchical_models"]
        if one["max_order"] == order
    ]
    found = best_bic(table, order)
    assert found is not None
    assert found.total == pytest.approx(wanted["estimate"], rel=1e-6)
    assert found.bic == pytest.approx(wanted["BIC"], abs=1e-5)
    fits = [fit(table, model) for model in hierarchical_models(len(table.lists), order)]
    assert sum(one is not None for one in fits) == wanted["admissible_models"]


@pytest.mark.real
def test_downhill_ends_where_it_was_published() -> None:
    for name, wanted in (("uk2013_five_lists", 12_262), ("uk2013_six_lists", 12_350)):
        found = downhill(table_of(name))
        assert found is not None and round(found.total) == wanted


@pytest.mark.real
def test_a_published_bootstrap_is_replayed() -> None:
    table = table_of("uk2013_five_lists")
    for wanted in expected()["datasets"]["uk2013_five_lists"]["stepwise_BCa_seed1234"]:
        rule = rules(wanted["p_threshold"])["stepwise"]
        chosen = rule(table)
        assert chosen is not None
        drawn = bootstrap.totals(table, resamples_of(table), rule, processes=1)
        skew = bootstrap.acceleration(table, rule)
        assert skew == pytest.approx(wanted["acceleration"], abs=1e-6)
        for confidence, limits in ((0.95, wanted["BCa95"]), (0.80, wanted["BCa80"])):
            result = bootstrap.bca(chosen.total, drawn, skew, confidence)
            assert (result.lower, result.upper) == pytest.approx(limits, rel=1e-3)
            assert result.z0 == pytest.approx(wanted["z0"], abs=1e-6)


@pytest.mark.real
@pytest.mark.parametrize("name", ["uk2013_four_lists", "uk2013_six_lists"])
def test_the_skewness_of_other_tables(name: str) -> None:
    [wanted] = expected()["datasets"][name]["stepwise_BCa_seed1234"]
    found = bootstrap.acceleration(table_of(name), rules()["stepwise"])
    assert found == pytest.approx(wanted["acceleration"], abs=1e-6)


# --- what is known without a reference ---


def test_two_lists_are_lincolns_and_petersens() -> None:
    table = made({"10": 60, "01": 40, "11": 20})
    found = fit(table)
    assert found is not None
    assert found.total == pytest.approx((60 + 20) * (40 + 20) / 20)


def test_a_pair_that_shares_nobody_is_minus_infinity_and_costs_a_parameter() -> None:
    table = made({"100": 300, "010": 300, "001": 200, "101": 60, "011": 50})
    found = stepwise(table)
    assert found is not None
    assert (found.impossible, found.parameters) == ((0b011,), 5)
    assert found.expected[0b011 - 1] == found.expected[0b111 - 1] == 0


def test_an_estimate_that_does_not_exist_is_none_and_not_a_large_number() -> None:
    # B and C meet only in persons that A has as well: with all pairs, one history runs to nothing.
    table = made({"100": 50, "010": 40, "001": 30, "110": 0, "101": 6, "011": 5, "111": 3})
    assert fit(table, table.pairs) is None
    assert fit(table) is not None


def test_a_model_that_cannot_be_told_apart_is_none() -> None:
    table = made({"10": 60, "01": 40, "11": 20})
    assert fit(table, table.pairs) is None, "three histories do not carry four effects"


@given(st.lists(st.integers(0, 60), min_size=7, max_size=7))
def test_no_table_ends_in_a_number_that_is_none(counts: list[int]) -> None:
    table = CaptureTable(("A", "B", "C"), np.array(counts, dtype=float))
    if refusal(table, floor=False):
        return
    for name, rule in rules().items():
        found = rule(table)
        assert found is not None, name
        assert table.persons <= found.total < 1e7
        # The fit has the margins of the table: that is what a largest likelihood means.
        margins = (1, 2, 4, *found.interactions)
        for one, number in zip(margins, table.on_all(margins), strict=True):
            fitted = sum(found.expected[code - 1] for code in range(1, 8) if code & one == one)
            assert fitted == pytest.approx(number, rel=1e-6, abs=1e-6)


def test_the_order_of_lists_and_of_lines_changes_nothing() -> None:
    table = made(SMALL)
    turned = made({code[::-1]: count for code, count in reversed(SMALL.items())})
    for name, rule in rules().items():
        one, other = rule(table), rule(turned)
        assert one is not None and other is not None
        assert one.total == pytest.approx(other.total, rel=1e-9), name


def test_without_a_list_its_own_persons_are_gone() -> None:
    table = made(SMALL)
    left = without_list(table, 1)
    assert left.lists == ("A", "C")
    assert left.counts.tolist() == [30 + 9, 40 + 6, 7 + 2]


def test_resamples_have_as_many_persons_and_the_same_random_numbers_again() -> None:
    table = made(SMALL)
    drawn = bootstrap.draw(table, 50, seed=3)
    assert (drawn.sum(axis=1) == table.persons).all()
    assert (drawn == bootstrap.draw(table, 50, seed=3)).all()
    assert (drawn != bootstrap.draw(table, 50, seed=4)).any()


def test_processes_change_nothing_and_progress_is_told() -> None:
    table, told = made(SMALL), []
    drawn = bootstrap.draw(table, 220, seed=1)
    rule = rules()["aic"]  # stepwise needs no processes
    alone = bootstrap.totals(table, drawn, rule, processes=1)
    shared = bootstrap.totals(table, drawn, rule, processes=2, progress=lambda *done: told.append(done))
    assert np.array_equal(alone, shared, equal_nan=True)
    assert told[-1] == (220, 220)


# --- refusals ---


@pytest.mark.parametrize(
    ("codes", "words"),
    [
        ({"100": 0, "010": 0, "001": 0}, "Nobody is on any list"),
        ({"100": 90, "010": 80, "110": 30}, "The list C is empty"),
        ({"100": 90, "010": 80, "001": 70}, "Nobody is on two lists"),
        ({"100": 90, "010": 80, "110": 30, "001": 7}, "The list C shares nobody"),
        ({"110": 90, "001": 80, "111": 30}, "The lists A and B hold the same persons"),
        ({"10": 90, "01": 80, "11": 30}, "There are 2 lists"),
        ({"100": 20, "010": 20, "001": 20, "110": 9, "101": 9, "011": 9}, "There are 87 persons"),
        ({"100": 90, "010": 80, "001": 70, "110": 9, "101": 5, "011": 4}, "18 persons are on two lists"),
        ({"111": 130}, "hold the same persons"),
    ],
)
def test_what_carries_no_estimate_is_refused_in_words(codes: dict[str, float], words: str) -> None:
    found = estimate(made(codes), draws=100)
    assert words in found.refused
    assert found.total is None and found.lower is None and found.upper is None


def test_rules_that_disagree_are_contested() -> None:
    found = estimate(made({**SMALL, "100": 300, "010": 260, "001": 400}), draws=100)
    assert found.refused == "" and found.total is not None
    assert not found.is_contested
    assert type(found)("stepwise", total=100.0, others={"bic": 201.0}).is_contested


def test_the_interval_says_how_it_was_made_and_how_far_it_moves() -> None:
    table = made(SMALL | {"100": 300, "010": 260, "001": 400})
    found = estimate(table, draws=200, seed=5)
    assert found.bca is not None and found.total is not None
    assert found.lower < found.total < found.upper and "200 resamples" in found.interval
    assert 0 < found.bca.lower_error < found.total
    assert set(found.others) == {"bic", "aic"} and describe(table, found.fit).startswith("A + B + C")


@pytest.mark.parametrize(
    ("lists", "marks", "counts", "words"),
    [
        ("AB", [[1, 0], [0, 2]], [1, 1], r"histories\[1, 1\] is neither"),
        ("AB", [[1, 0], [0, 0]], [1, 1], r"histories\[1\] is on no list"),
        ("AB", [[1, 0], [0, 1]], [1, -1], r"counts\[1\]"),
        ("AB", [[1, 0], [0, 1]], [1, 1.5], r"counts\[1\]"),
        ("AB", [[1, 0], [0, 1]], [1, float("nan")], r"counts\[1\]"),
        ("AB", [[1, 0, 1]], [1], "histories has the shape"),
        ("AB", [[1, 0]], [1, 2], "counts has the shape"),
        ("AA", [[1, 0]], [1], r"lists\[1\]"),
        ("A", [[1]], [1], "lists has 1 names"),
    ],
)
def test_wrong_arguments_are_named_with_their_first_bad_index(
    lists: str, marks: list[list[int]], counts: list[float], words: str
) -> None:
    with pytest.raises(ValueError, match=words):
        capture_table(list(lists), marks, counts)


def test_histories_that_are_given_twice_are_summed() -> None:
    assert capture_table(["A", "B"], [[1, 0], [1, 0], [1, 1]], [2, 3, 4]).counts.tolist() == [5, 0, 4]


@pytest.mark.parametrize("lists", [3, 5, 8])
def test_many_tables_at_once_have_the_totals_that_each_has_by_itself(lists: int) -> None:
    random = np.random.default_rng(lists)
    marks = random.random((600, lists)) < random.uniform(0.03, 0.3, lists)
    marks[:, 1] |= marks[:, 0] & (random.random(600) < 0.4)
    marks = marks[marks.any(axis=1)].astype(int)
    table = capture_table([str(n) for n in range(lists)], marks, np.ones(len(marks)))
    # Some without anybody on a list, on a pair of lists, or on two lists at all.
    drawn = np.vstack([bootstrap.draw(table, 60, seed=1), bootstrap.draw(table, 20, seed=2)])
    drawn[60:70, 3:] = 0
    drawn[70:75, :] = 0
    rule = rules()["stepwise"]
    many = bootstrap.totals(table, drawn, rule)
    alone = [rule(table.resampled(counts)) if counts.any() else None for counts in drawn]
    one = np.array([np.nan if found is None else found.total for found in alone])
    assert np.isnan(one[70:75]).all() and np.isfinite(one[:60]).all()
    np.testing.assert_allclose(many, one, rtol=1e-9)


def test_a_refusal_has_a_code_that_says_nothing_of_the_numbers() -> None:
    table = capture_table(["a", "b", "c"], [[1, 1, 0], [0, 1, 1], [1, 0, 0]], [3, 4, 5])
    found = estimate(table)
    assert found.refused and found.reason == "few_persons"
