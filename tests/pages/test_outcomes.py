"""Outcomes and barriers: each planted fact is a headline, every state has words, filters break nothing."""

import html
import json
import re

import pytest

from tests import release_states
from tests.pages.conftest import said

CARDS = 11


def figures(app) -> list[dict]:
    return [json.loads(element.proto.spec) for element in app.get("plotly_chart")]


def headlines(app) -> list[str]:
    found = re.findall(r'class="ltt-headline">(.*?)</h[23]>', said(app))
    return [html.unescape(one) for one in found]


@pytest.fixture
def page(open_page, demonstration):
    return open_page("outcomes", release_folder=demonstration)


def one_of(app, *parts: str) -> str:
    """Return the one headline that holds all parts."""
    [found] = [one for one in headlines(app) if all(part in one for part in parts)]
    return found


def test_every_card_has_a_headline_and_a_chart(page) -> None:
    assert len(headlines(page)) == CARDS
    assert len(figures(page)) == CARDS
    assert "would be here" not in said(page)


def test_housing_improves_least_is_said(page) -> None:
    assert re.search(
        r"^Housing improves least: in 3\d% \(\d+–\d+%\) of assessments, against \d+% for safety\.$",
        one_of(page, "improves least"),
    )


def test_the_service_that_hardly_anybody_answers_about_is_named_twice(page) -> None:
    assert re.search(
        r"^Fewer than a third of the people asked answered about immigration help, 2\d% \(\d+–\d+%\)\.$",
        one_of(page, "Fewer than a third"),
    )
    assert "few answered about immigration help" in one_of(page, "were satisfied")


def test_stigma_fell_is_said_and_what_did_not_change_too(page) -> None:
    said_of = one_of(page, "partly to blame")
    assert re.search(r"fell to 2\d% \(\d+–\d+%\) in 2025, from 3\d% in 2019", said_of)
    assert "no clear change in “I would rather keep my distance from them”" in said_of


def test_awareness_rose_is_said(page) -> None:
    assert re.search(r"rose to \d+% \(\d+–\d+%\) in 2025", one_of(page, "I could name signs"))


def test_distrust_of_the_police_leads_among_the_barriers_of_people(page) -> None:
    assert re.search(
        r"most often distrust of the police, \d+ notes \(\d+–\d+\); then fear of the traffickers",
        one_of(page, "The person's situation"),
    )
    assert "no place free" in one_of(page, "Services: most often")
    assert "not recognised as trafficking" in one_of(page, "The community: most often")


def test_the_county_in_which_a_low_count_may_mean_low_reporting_is_named_and_no_other(page) -> None:
    said_of = one_of(page, "a low count may mean low reporting")
    assert said_of.startswith("In Harrowfen ")
    assert re.search(r"reported by themselves or the public \(\d+%, elsewhere 1\d%\)", said_of)
    assert re.search(r"residents say that it happens where they live \(3\d%, elsewhere 4\d%\)", said_of)
    for other in ("Saltreach", "Larkfield", "Quillmoor", "Vennbrook"):
        assert other not in said_of


def test_signs_stand_in_the_order_of_the_code_list_and_nothing_is_blamed(page) -> None:
    signs = figures(page)[-1]
    assert signs["layout"]["yaxis"]["ticktext"] == [
        "Saltreach",
        "Larkfield",
        "Quillmoor",
        "Vennbrook",
        "Harrowfen",
    ]
    text = said(page)
    assert "the signs say where to ask, not what the answer is" in text
    assert re.search(r"Contributors reported in \d+% of their months", text)
    for word in ("significant", "worst", "fails", "bad "):
        assert word not in " ".join(headlines(page)).lower()


def test_the_table_of_signs_holds_the_intervals(page) -> None:
    page.button(key="low_reporting_table").click().run()
    assert re.search(r"▼ \d+% \(\d+–\d+%\)", said(page))
    assert "Contributors seen in 2025" in said(page)


def test_survivors_words_are_numbers_only(page) -> None:
    assert re.search(r"most often of [\w ]+, \d+ mentions \(\d+–\d+\)", one_of(page, "Survivors speak"))


@pytest.mark.parametrize(
    "address",
    [
        {"area": "TM5"},
        {"area": "TM101,TM501", "period": "2023..2024"},
        {"gender": "female", "age_group": "adult"},
        {"source": "tm_voluntary_network"},
        {"form": "forced_labour", "gender": "female", "status": "confirmed", "area": "TM1"},
        {"area": "'; DROP TABLE cell_outcome; --", "period": "<script>alert(1)</script>"},
        {"period": "1999..2000"},
    ],
    ids=lambda address: ",".join(f"{key}={value}"[:30] for key, value in address.items()),
)
def test_filters_leave_every_part_of_the_page(open_page, demonstration, address) -> None:
    app = open_page("outcomes", release_folder=demonstration, **address)
    assert len(headlines(app)) == CARDS
    assert "<script>alert" not in said(app)


def test_the_signs_compare_every_area_whatever_area_is_chosen(open_page, demonstration) -> None:
    app = open_page("outcomes", release_folder=demonstration, area="TM1")
    assert "In Harrowfen " in one_of(app, "low count may mean low reporting")
    assert "whatever area is chosen" in said(app)


def test_with_persons_and_referrals_only_each_part_says_what_would_be_here(open_page) -> None:
    text = said(open_page("outcomes"))
    for table in ("outcome", "feedback", "barrier", "interview_theme", "survey_item"):
        assert f"python -m etl template {table}" in text
    assert "Only one of the two signs of low reporting is loaded" in text
    assert "No survey of the public is loaded" in text


def test_with_published_figures_only(open_page, tmp_path) -> None:
    place = release_states.make("published_only", tmp_path / "published")
    text = said(open_page("outcomes", release_folder=place))
    assert text.count("would be here") == 6


def test_when_all_is_hidden_nothing_is_said_of_any_area(open_page, tiny_folder) -> None:
    app = open_page("outcomes", release_folder=tiny_folder)
    assert "may mean low reporting:" not in " ".join(headlines(app))
    assert "would be here" in said(app)


def test_cards_whose_numbers_are_all_hidden_say_so(open_page, demonstration, tmp_path) -> None:
    hidden = [f"DELETE FROM cell_{one}" for one in ("outcome", "feedback", "barrier", "interview", "person")]
    place = release_states.changed(demonstration, tmp_path / "hidden", hidden)
    app = open_page("outcomes", release_folder=place)
    assert said(app).count("Nothing here can be shown") >= 8
    assert len(headlines(app)) == CARDS
