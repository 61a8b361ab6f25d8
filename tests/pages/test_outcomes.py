"""Outcomes and barriers: each planted fact is a headline, every state has words, filters break nothing."""

import json
import re

import pytest

from analysis import Filters, load_catalog, open_release
from analysis.findings.areas.underreporting import low_reporting
from analysis.findings.sentences import say
from tests import release_states
from tests.pages.charts_read import charts
from tests.pages.conftest import headlines, said

OPEN = (
    *("domains", "outcomes", "low_reporting", "barrier_person", "barrier_provider", "response", "satisfied"),
    *("themes", "stigma", "awareness"),
)
CARDS = (*OPEN, "barrier_community")


def figures(app) -> list[dict]:
    return [json.loads(element.proto.spec) for element in app.get("plotly_chart")]


@pytest.fixture
def page(open_page, demonstration):
    return open_page("outcomes", release_folder=demonstration, every_card=True)


def test_every_card_has_a_headline_and_a_chart(page) -> None:
    assert set(headlines(page)) == set(CARDS)
    assert len(figures(page)) == len(CARDS)
    assert "nothing yet" not in said(page)


def test_each_planted_fact_is_a_headline(page) -> None:
    told = headlines(page)
    wanted = {
        "domains": r"The share of outcomes improved is highest for safety \(7\d%\), "
        r"lowest for housing \(3\d%\)\.",
        "response": r"Fewer than a third of the people asked answered about immigration help, "
        r"2\d% \(\d+–\d+%\)\.",
        "satisfied": r"Of those who answered, \d+% to \d+% were satisfied, by service; few answered about "
        r"immigration help\.",
        "stigma": r"Agreement with “People who were exploited are partly to blame” fell from 3\d% in 2019 to "
        r"2\d% \(\d+–\d+%\) in 2025; no clear change in the other\.",
        "awareness": r"Agreement with “I could name signs of exploitation” rose from \d+% in 2019 to \d+% ",
        "barrier_person": r"Barriers in the person's situation: most often distrust of the police, "
        r"at least \d+ notes; then fear of the traffickers",
        "barrier_provider": r"Barriers in services: most often no place free",
        "barrier_community": r"Barriers in the community: most often not recognised as trafficking",
        "themes": r"Survivors speak most often of [\w ]+, at least \d+ mentions",
    }
    for card, pattern in wanted.items():
        assert re.match(pattern, told[card]), told[card]


def test_the_county_in_which_a_low_count_may_mean_low_reporting_is_named_and_no_other(page) -> None:
    told = headlines(page)["low_reporting"]
    assert told.startswith("In Harrowfen a low count may mean low reporting: ")
    assert re.search(r" \d+% \(\d+–\d+%\) of people identified came forward .* against 1\d% elsewhere", told)
    for other in ("Saltreach", "Larkfield", "Quillmoor", "Vennbrook"):
        assert other not in told


def test_any_page_tells_the_same_sentence_about_low_reporting(page, demonstration) -> None:
    [finding] = low_reporting(open_release(demonstration), Filters(), load_catalog())
    assert say(finding) == headlines(page)["low_reporting"]


def test_signs_stand_in_the_order_of_the_code_list_and_nothing_is_blamed(page) -> None:
    signs = charts(page)["low_reporting_chart"]
    assert signs["layout"]["yaxis"]["ticktext"] == [
        "Saltreach",
        "Larkfield",
        "Quillmoor",
        "Vennbrook",
        "Harrowfen",
    ]
    text = said(page)
    assert "where to ask, not why" in text
    for word in ("significant", "worst", "fails", "bad "):
        assert word not in " ".join(headlines(page).values()).lower()


def test_the_table_of_signs_holds_the_intervals(page) -> None:
    page.button(key="low_reporting_table").click().run()
    assert re.search(r"▼ \d+% \(\d+–\d+%\)", said(page))
    assert "Contributors seen" in said(page)


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
    app = open_page("outcomes", release_folder=demonstration, every_card=True, **address)
    refused = said(app).count("Leave out one of")
    assert len(headlines(app)) + refused == len(CARDS)
    assert "<script>alert" not in said(app)


def test_the_signs_compare_every_area_whatever_area_is_chosen_and_say_so(open_page, demonstration) -> None:
    told = headlines(open_page("outcomes", release_folder=demonstration, area="TM1", age_group="child"))
    assert told["low_reporting"].startswith("In Harrowfen ")
    assert "All areas" in told["low_reporting"] and "All ages" in told["low_reporting"]
    assert "All ages" in told["barrier_person"] and "All areas" not in told["barrier_person"]


def test_with_persons_and_referrals_only_each_part_says_what_would_be_here(open_page) -> None:
    text = said(open_page("outcomes"))
    for table in ("outcome", "feedback", "barrier", "interview_theme", "survey_item"):
        assert f"python -m etl template {table}<" in text
    assert "Only one of the two signs of low reporting is here" in text


def test_with_published_figures_only(open_page, tmp_path) -> None:
    place = release_states.make("published_only", tmp_path / "published")
    text = said(open_page("outcomes", release_folder=place))
    assert text.count(": nothing yet</p>") == 6


def test_when_all_is_hidden_nothing_is_said_of_any_area(open_page, tiny_folder) -> None:
    app = open_page("outcomes", release_folder=tiny_folder)
    assert "may mean low reporting:" not in " ".join(headlines(app).values())
    assert "nothing yet" in said(app)


def test_cards_whose_numbers_are_all_hidden_say_so(open_page, demonstration, tmp_path) -> None:
    hidden = [f"DELETE FROM cell_{one}" for one in ("outcome", "feedback", "barrier", "interview", "person")]
    place = release_states.changed(demonstration, tmp_path / "hidden", hidden)
    app = open_page("outcomes", release_folder=place, every_card=True)
    assert said(app).count(">Nothing here can be shown<") >= 8
    assert set(headlines(app)) == set(CARDS)
