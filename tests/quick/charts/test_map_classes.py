"""Colour classes: from published values only, with round limits that hold every value."""

from hypothesis import given
from hypothesis import strategies as st

from ui import theme
from ui.charts.maps.classes import BANDS, value_classes

COUNTS = st.lists(st.integers(10, 100_000).map(float), min_size=1, max_size=60)


@given(COUNTS)
def test_every_value_has_a_class_and_classes_are_in_order(values) -> None:
    classes = value_classes(values, "count")
    assert 1 <= len(classes.labels) <= 5
    assert len(classes.labels) == len(classes.cuts) + 1
    places = [classes.index(value) for value in sorted(values)]
    assert places == sorted(places)
    assert max(places) < len(classes.labels)
    assert list(classes.cuts) == sorted(set(classes.cuts))


@given(COUNTS)
def test_limits_are_whole_for_counts(values) -> None:
    assert all(cut == int(cut) for cut in value_classes(values, "count").cuts)


def test_hidden_values_take_no_part() -> None:
    assert value_classes([None, 12.0, None, 900.0], "count") == value_classes([12.0, 900.0], "count")


def test_labels_do_not_overlap() -> None:
    classes = value_classes([float(n) for n in range(10, 110)], "count")
    assert classes.labels == ("10–24", "25–49", "50–74", "75–89", "90–109")


def test_labels_of_rates_say_under() -> None:
    classes = value_classes([2.5, 3.5, 4.5, 5.5, 6.5, 7.5, 8.5, 9.5, 11.0, 13.0], "rate")
    assert classes.labels[0].startswith("2.5 to under ")
    assert classes.labels[-1].endswith("–13")


def test_few_different_values_are_classes_of_their_own() -> None:
    classes = value_classes([120.0, 850.0, 120.0, 33.0], "count")
    assert classes.labels == ("33", "120", "850")
    assert [classes.index(value) for value in (33.0, 120.0, 850.0)] == [0, 1, 2]


def test_no_value_and_one_value() -> None:
    assert value_classes([], "count").labels == ("no value shown",)
    assert value_classes([17.0], "count").labels == ("17",)


def test_colours_go_from_light_to_dark_and_bands_have_a_neutral_middle() -> None:
    three = value_classes([10.0, 20.0, 30.0], "count")
    chosen = three.colours(theme.LIGHT)
    assert chosen[0] == theme.LIGHT.sequential[0]
    assert chosen[-1] == theme.LIGHT.sequential[-1]
    assert BANDS.colours(theme.DARK) == theme.DARK.diverging
