"""Travel, reach and floating catchments: a worked example by hand, what must add up, what is 0."""

import numpy as np
import pytest

from analysis.statistics.access import (
    floating_catchment,
    gaussian_weights,
    great_circle,
    plain_weights,
    travel_minutes,
    within,
)

# Three areas and two sites. Site one lies 20 and 50 minutes from areas one and two; site two 10 minutes from
# area two. Area three reaches neither.
MINUTES = np.array([[20.0, 90.0], [50.0, 10.0], [120.0, 100.0]])
RESIDENTS = np.array([1_000.0, 500.0, 300.0])
PLACES = np.array([30.0, 10.0])


def test_two_steps_by_hand() -> None:
    # Step one: site one 30 / (1000 + 500) = 0.02; site two 10 / 500 = 0.02. Step two: 0.02; 0.04; nothing.
    found = floating_catchment(plain_weights(MINUTES), RESIDENTS, PLACES)
    assert found == pytest.approx([0.02, 0.04, 0.0], abs=1e-12)


def test_enhanced_two_steps_by_hand() -> None:
    edge = np.exp(-0.5)

    def weight(minutes: float) -> float:
        return float((np.exp(-0.5 * (minutes / 60) ** 2) - edge) / (1 - edge))

    one = 30 / (1_000 * weight(20) + 500 * weight(50))
    two = 10 / (500 * weight(10))
    by_hand = [one * weight(20), one * weight(50) + two * weight(10), 0.0]
    assert floating_catchment(gaussian_weights(MINUTES), RESIDENTS, PLACES) == pytest.approx(
        by_hand, rel=1e-12
    )


@pytest.mark.parametrize("weigh", [plain_weights, gaussian_weights])
def test_places_are_neither_made_nor_lost(weigh) -> None:
    random = np.random.default_rng(7)
    minutes, people = random.uniform(0, 200, (40, 9)), random.uniform(0, 5_000, 40)
    places = random.uniform(0, 80, 9)
    weights = weigh(minutes)
    reached = (people @ weights) > 0
    assert people @ floating_catchment(weights, people, places) == pytest.approx(
        places[reached].sum(), rel=1e-9
    )


def test_unreached_is_zero_and_not_missing() -> None:
    nothing = floating_catchment(np.zeros((3, 2)), RESIDENTS, PLACES)
    assert nothing.tolist() == [0.0, 0.0, 0.0]
    assert floating_catchment(np.zeros((3, 0)), RESIDENTS, []).tolist() == [0.0, 0.0, 0.0]
    assert within(np.zeros((3, 0)), RESIDENTS, 30) == 0.0


def test_residents_within_minutes_of_the_nearest_site() -> None:
    assert [within(MINUTES, RESIDENTS, limit) for limit in (5, 10, 30, 100)] == [0, 500, 1_500, 1_800]


def test_a_degree_on_the_equator_and_a_known_distance() -> None:
    assert great_circle([0], [0], [1], [0])[0, 0] == pytest.approx(111.195, abs=0.001)
    # Paris to London, 343.6 km by the haversine formula.
    assert great_circle([2.3522], [48.8566], [-0.1278], [51.5074])[0, 0] == pytest.approx(343.6, abs=0.5)


def test_minutes_by_where_a_journey_begins() -> None:
    # 40 km straight are 52 km of road: 78 minutes at 40 km/h, 52 at 60.
    assert travel_minutes([[40.0], [40.0]], [False, True])[:, 0] == pytest.approx([78.0, 52.0])


def test_weights_fall_from_one_to_zero() -> None:
    weights = gaussian_weights(np.arange(0, 61))
    assert weights[0] == 1.0
    assert weights[-1] == 0.0
    assert (np.diff(weights) < 0).all()
