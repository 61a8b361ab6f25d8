"""Filters in the address: plain text there and back, and nothing hostile gets further."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis import Choices, Filters, load_catalog, read_filters
from analysis.questions.filters import SHARED_DIMENSIONS

CATALOG = load_catalog()
CHOICES = Choices(
    areas={"R": "Region", "C1": "Larkfield", "D01": "Ashby"},
    sources={"police": "Police", "ngo": "Harbour House"},
    collections={"own": "Task force", "other": "Outside register"},
    first_period="2016-01",
    last_period="2025-12",
)


def some_codes(codes):
    return st.lists(st.sampled_from(sorted(codes)), unique=True, min_size=1, max_size=3)


@st.composite
def filters(draw):
    where = {}
    for name in draw(st.sets(st.sampled_from([one for one in SHARED_DIMENSIONS if one != "age_band"]))):
        known = CHOICES.sources if name == "source" else CATALOG.dimensions[name].codes
        where[name] = tuple(sorted(draw(some_codes(known))))
    years = sorted(draw(st.tuples(st.integers(2016, 2025), st.integers(2016, 2025))))
    return Filters(
        areas=tuple(sorted(draw(some_codes(CHOICES.areas)))) if draw(st.booleans()) else (),
        periods=tuple(map(str, years)) if draw(st.booleans()) else None,
        where=tuple(sorted(where.items())),
        collection=draw(st.sampled_from([None, "own", "other"])),
    )


@given(filters())
def test_there_and_back(chosen):
    again, notices = read_filters(chosen.to_query(), CATALOG, CHOICES)
    assert again == chosen and notices == ()


@given(
    st.dictionaries(
        st.sampled_from(["area", "period", "collection", *SHARED_DIMENSIONS]), st.text(max_size=60)
    )
)
def test_any_text_falls_back_with_a_notice(query):
    found, notices = read_filters(query, CATALOG, CHOICES)
    for name, codes in found.where:
        known = CHOICES.sources if name == "source" else CATALOG.dimensions[name].codes
        assert set(codes) <= set(known)
    assert set(found.areas) <= set(CHOICES.areas)
    assert all("<" not in notice and len(notice) < 400 for notice in notices)


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({"gender": "female'; DROP TABLE info; --"}, "not a known gender"),
        ({"gender": "<script>alert(1)</script>"}, "not a known gender"),
        ({"area": "../../etc/passwd"}, "not a known area"),
        ({"gender": "!female"}, "cannot say 'not'"),
        ({"gender": "-female"}, "cannot say 'not'"),
        ({"form": "x," * 5_000}, "too much"),
        ({"period": "2019-01-01..2019-02-03"}, "not a period"),
        ({"period": "2019..2020..2021"}, "not a period"),
        ({"period": "2025..2019"}, "exchanged"),
        ({"period": "1066"}, "no figures for 1066"),
        ({"age_group": "child", "age_band": "9_17"}, "cannot be combined"),
        ({"collection": "secret"}, "not a known collection"),
    ],
)
def test_what_cannot_be_used_is_said(query, words):
    found, notices = read_filters(query, CATALOG, CHOICES)
    assert any(words in notice for notice in notices), notices
    assert len(found.where) <= 1


def test_known_codes_beside_unknown_ones_are_kept():
    found, notices = read_filters({"gender": "female, nobody"}, CATALOG, CHOICES)
    assert found.where == (("gender", ("female",)),) and len(notices) == 1


def test_a_page_keeps_its_own_parameters():
    assert read_filters({"measure": "anything", "view": "<b>"}, CATALOG, CHOICES) == (Filters(), ())


def test_described_in_words():
    chosen = Filters(("C1",), ("2016", "2025"), (("form", ("forced_labour",)),))
    assert chosen.describe(CATALOG, CHOICES, "People identified") == (
        "People identified · Larkfield · 2016–2025 · forced labour"
    )
    two = Filters((), None, (("gender", ("female", "not_recorded")),))
    assert two.describe(CATALOG, CHOICES) == (
        "Whole region · January 2016 to December 2025 · gender: women and girls or not recorded"
    )


@pytest.mark.parametrize(
    ("period", "kept"),
    [
        ("9999..0000", ("2016", "2025")),
        ("2010..2018", ("2016", "2018")),
        ("2024-Q2..2031", ("2024-Q2", "2025")),
    ],
)
def test_a_period_is_cut_to_what_there_is_and_that_is_said(period, kept):
    found, notices = read_filters({"period": period}, CATALOG, CHOICES)
    assert found.periods == kept
    assert "There are figures for" in notices[-1] and "only" in notices[-1]


def test_names_keep_their_capitals_in_a_sentence():
    chosen = Filters(where=(("citizenship_group", ("asia", "domestic")),))
    assert chosen.describe(CATALOG, CHOICES).endswith("Asia or own country")
    assert CATALOG.dimensions["citizenship"].label_of("al+gr") == "Albania and Greece"
    assert CATALOG.dimensions["outreach_language"].in_sentence("sign_language") == "sign language"


def test_a_question_keeps_the_filters():
    chosen = Filters(("C1",), ("2016", "2025"), (("form", ("forced_labour",)),))
    question = chosen.question("detected_persons", ["period"], where={"gender": "female"})
    assert question.filters == {"area": ("C1",), "form": ("forced_labour",), "gender": ("female",)}
    assert question.periods == ("2016", "2025")
