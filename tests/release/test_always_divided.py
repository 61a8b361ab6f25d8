"""Subjects whose every table is divided: outcomes, of which most people have several a year."""

import functools

import polars as pl
import pytest

from analysis import Question, answer, closed_list, load_catalog, open_release
from analysis.errors import TooManyDimensions
from analysis.release.release import Release
from tests.demonstration import demonstration_release

CATALOG = load_catalog()
PARTS = CATALOG.dimensions["outcome_domain"].codes


@functools.cache
def release() -> Release:
    return open_release(demonstration_release())


def asked(*by: str, **values) -> pl.DataFrame:
    question = Question("outcomes_assessed", by, **values)
    return answer([question], release())[0].frame


def test_no_table_is_without_the_dimension():
    assert all("outcome_domain" in one.dims for one in closed_list("outcome", CATALOG))


def test_a_question_without_it_is_the_sum_of_the_cells_that_are_shown():
    whole, parts = asked("period").drop_nulls("value"), asked("period", "outcome_domain").drop_nulls("value")
    assert whole.height >= 3
    sums = parts.group_by("period", maintain_order=True).agg(pl.col("value").sum())
    assert whole["value"].to_list() == sums["value"].to_list()
    assert set(whole["cells_total"]) == {len(PARTS)}, "it says of how many cells"


def test_all_categories_by_name_are_the_same_question():
    assert asked("period").equals(asked("period", where={"outcome_domain": PARTS}))


def test_a_part_that_is_hidden_is_said_to_be_missing():
    frame = asked("period", "area", "outcome_change", area_level=2).filter(pl.col("value").is_not_null())
    some = frame.filter(pl.col("cells_shown") < pl.col("cells_total"))
    assert some.height > 10


def test_it_cannot_be_given_up():
    with pytest.raises(TooManyDimensions) as caught:
        asked("period", "area", "outcome_change", "source", area_level=2)
    assert "outcome_domain" not in caught.value.give_up
    assert "outcome domain" in str(caught.value)
