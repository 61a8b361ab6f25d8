"""Rates, intervals and funnel limits equal the published tables."""

import csv
import json
from decimal import Decimal, getcontext

import numpy as np
import pytest

from analysis.statistics.funnel import proportion_funnel, ratio_funnel
from analysis.statistics.intervals import (
    byar_limits,
    count_limits,
    exact_poisson_limits,
    wilson_limits,
    z_value,
)
from analysis.statistics.rates import crude_rate, directly_standardised_rate, indirectly_standardised_ratio
from tests.support import reference


def rows(name: str) -> list[dict[str, str]]:
    with reference("rates", name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_byar_and_wilson_limits():
    for row in rows("byar_wilson.csv"):
        observed, confidence = float(row["observed"]), float(row["confidence"])
        if row["method"] == "Byars":
            limits = byar_limits(observed, confidence)
        else:
            limits = wilson_limits(observed, float(row["denominator"]), confidence)
        assert limits == pytest.approx((float(row["lowercl"]), float(row["uppercl"])), rel=1e-9)


@pytest.mark.parametrize("base", [1, 20, 1_000, 10**9])
def test_wilson_limits_are_those_of_fifty_digits(base: int) -> None:
    getcontext().prec = 50
    z = Decimal(z_value())
    for count in sorted({0, 1, base // 2, base - 1, base}):
        events, size = Decimal(count), Decimal(base)
        centre, spread = 2 * events + z**2, z * (z**2 + 4 * events * (1 - events / size)).sqrt()
        exact = [float((centre + side * spread) / (2 * (size + z**2))) for side in (-1, 1)]
        assert wilson_limits(count, base) == pytest.approx(exact, rel=1e-12, abs=1e-16)


def test_crude_rates():
    table = rows("crude_rate_per_100000.csv")
    count = np.array([float(row["numerator"]) for row in table])
    people = np.array([float(row["denominator"]) for row in table])
    for confidence, name in ((0.95, "95"), (0.998, "99_8")):
        rate = crude_rate(count, people, 100_000, confidence)
        assert rate.value == pytest.approx([float(row["value"]) for row in table], rel=1e-9)
        assert rate.lower == pytest.approx([float(row["lower" + name]) for row in table], rel=1e-9)
        assert rate.upper == pytest.approx([float(row["upper" + name]) for row in table], rel=1e-9)


def test_directly_standardised_rate():
    table = rows("dsr_area_big.csv")
    columns = [
        np.array([float(row[name]) for row in table]) for name in ("count", "pop", "standard_pop_esp2013")
    ]
    expected = json.loads(reference("rates", "expected_dsr.json").read_text(encoding="utf-8"))["big"]
    for confidence, name in ((0.95, "95"), (0.998, "99_8")):
        rate = directly_standardised_rate(*columns, confidence=confidence)
        assert rate.value == pytest.approx(expected["value"], rel=1e-9)
        assert rate.lower == pytest.approx(expected["lower" + name], rel=1e-9)
        assert rate.upper == pytest.approx(expected["upper" + name], rel=1e-9)


def test_funnel_limits_of_a_proportion():
    table = rows("funnel_proportion_limits.csv")
    base = np.array([float(row["population"]) for row in table])
    for confidence, name in ((0.95, "95"), (0.998, "99_8")):
        lower, upper = proportion_funnel(base, float(table[0]["baseline_pct"]) / 100, confidence)
        assert lower * 100 == pytest.approx([float(row["lower_" + name]) for row in table], abs=1e-6)
        assert upper * 100 == pytest.approx([float(row["upper_" + name]) for row in table], abs=1e-6)


def test_ratio_funnel_is_the_exact_limit_of_the_expected_count():
    lower, upper = ratio_funnel([10.0, 100.0], confidence=0.998)
    exact = exact_poisson_limits([10.0, 100.0], 0.998)
    assert lower == pytest.approx(exact[0] / [10, 100]) and upper == pytest.approx(exact[1] / [10, 100])
    assert (upper - lower)[0] > (upper - lower)[1]


def test_few_events_use_exact_limits_and_zero_has_a_lower_limit_of_zero():
    assert np.array(count_limits(9)) == pytest.approx(np.array(exact_poisson_limits(9)))
    assert np.array(count_limits(10)) == pytest.approx(np.array(byar_limits(10)))
    lower, upper = count_limits(0)
    assert lower == 0 and upper == pytest.approx(3.688879454113936)  # −ln 0.025


def test_standardised_rate_from_fewer_than_ten_events_is_withheld():
    rate = directly_standardised_rate([4.0, 5.0], [100.0, 100.0], [1.0, 1.0])
    assert np.isnan(rate.value) and np.isnan(rate.lower) and np.isnan(rate.upper)


def test_indirectly_standardised_ratio_of_an_area_like_the_standard_is_one():
    people, standard = np.array([1_000.0, 2_000.0]), np.array([0.01, 0.02])
    ratio = indirectly_standardised_ratio(50.0, people, standard)
    assert ratio.value == pytest.approx(1.0)
    assert (ratio.lower, ratio.upper) == pytest.approx([limit / 50 for limit in byar_limits(50)])
