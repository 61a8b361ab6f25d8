"""The closed list, and questions that mean the same."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis import Question, closed_list, load_catalog
from analysis.periods import PERIOD_LEVELS

CATALOG = load_catalog()


@pytest.mark.parametrize("subject", CATALOG.subjects.values(), ids=lambda one: one.code)
def test_it_is_exactly_what_the_rules_allow(subject):
    """A second, slow way to the same list: every combination, judged by the words of the contract."""
    allowed = set()
    for level, area_level in itertools.product(PERIOD_LEVELS, (None, 1, 2)):
        for size in range(5):
            for dims in itertools.combinations(subject.dimensions, size):
                count = 1 + (area_level is not None) + len(dims)
                details = [code for code in dims if code in subject.detail]
                families = [CATALOG.dimensions[code].family for code in dims]
                same = any(families.count(family) > 1 for family in families if family)
                most = subject.detail_limits[level] if details else subject.limits[level]
                divided = all(code in dims for code in subject.always)
                if count <= most and len(details) <= 1 and not same and divided:
                    allowed.add((level, area_level, dims))
    listed = closed_list(subject.code, CATALOG)
    assert {(one.period_level, one.area_level, one.dims) for one in listed} == allowed
    assert len(set(listed)) == len(listed)
    assert max(one.size for one in listed) == min(4, 2 + len(subject.dimensions)), (
        "period, area and dimensions"
    )


def test_it_is_the_same_each_time():
    assert closed_list("person", CATALOG) == closed_list(CATALOG.subjects["person"], CATALOG)


names = st.sampled_from(["gender", "form", "age_group", "status"])
codes = st.lists(st.sampled_from(["a", "b", "c", "d"]), max_size=5)


@given(st.dictionaries(names, codes), st.randoms())
def test_order_and_repetition_of_filters_count_for_nothing(where, chance):
    shuffled = list(where.items())
    chance.shuffle(shuffled)
    again = {name: chance.sample(listed, len(listed)) + listed[:1] for name, listed in shuffled}
    question, same = Question("m", where=where), Question("m", where=again)
    assert question == same and hash(question) == hash(same)


def test_a_single_code_need_not_be_a_list():
    assert Question("m", "period", {"gender": "female"}) == Question("m", ["period"], {"gender": ["female"]})


def test_a_question_cannot_be_changed_but_copied():
    question = Question("m", periods=("2020", "2024"))
    with pytest.raises(AttributeError):
        question.measure = "other"
    assert question.changed(measure="other") == Question("other", periods=["2020", "2024"])
