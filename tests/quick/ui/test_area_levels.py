"""Which level of areas a map opens at: the finest that shows most, but never two areas for a map."""

from types import SimpleNamespace

import pytest

from analysis import Question
from analysis.answers.finest_level import Opening, Shown
from ui.maps import area_levels

QUESTION = Question("detected_persons", ["area", "period"])


def places(**areas: int) -> SimpleNamespace:
    """Return two levels of areas with so many each."""
    of = {1: areas["states"], 2: areas["counties"]}
    geography = SimpleNamespace(at=lambda level: tuple(range(of[level])))
    names = {1: "states", 2: "counties"}
    return SimpleNamespace(levels=(1, 2), geography=geography, level_words=names.__getitem__)


def opened(monkeypatch: pytest.MonkeyPatch, shown: dict[int, Shown], **areas: int) -> list[str]:
    """Return the levels in the order in which they are offered: the first is the one that opens."""

    def best(_question: Question, _release: object, _periods: list[str], levels: list[int]) -> Opening:
        return Opening(
            "year", max(levels, key=lambda level: (shown[level].share >= 0.8, shown[level].share)), 1
        )

    monkeypatch.setattr(area_levels, "shown", lambda question, _release: shown[question.area_level])
    monkeypatch.setattr(area_levels, "opening_level", best)
    return list(area_levels.level_options(SimpleNamespace(release=None), places(**areas), QUESTION).values())


def test_three_counties_of_two_states_open_as_counties(monkeypatch: pytest.MonkeyPatch) -> None:
    levels = opened(monkeypatch, {1: Shown(2, 2), 2: Shown(2, 3)}, states=2, counties=3)
    assert levels == ["Counties (2 of 3 shown)", "States (2 of 2 shown)"]


def test_two_states_open_where_hardly_a_county_can_be_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    levels = opened(monkeypatch, {1: Shown(2, 2), 2: Shown(1, 12)}, states=2, counties=12)
    assert levels[0] == "States (2 of 2 shown)"


def test_many_areas_of_both_levels_open_where_most_can_be_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    levels = opened(monkeypatch, {1: Shown(9, 10), 2: Shown(60, 100)}, states=10, counties=100)
    assert levels[0] == "States (9 of 10 shown)"
