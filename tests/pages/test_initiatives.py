"""Initiatives: the planted facts, what holds everywhere, and every state in words."""

import re

import pytest

from analysis import open_release
from tests import release_states
from tests.pages.conftest import headlines, said, verdicts

LAPSED = "agreement_ended:police_ambel_legal"
CAMPAIGN = "campaign:say_it_softly"


@pytest.fixture
def page(open_page, demonstration):
    return lambda **address: open_page("initiatives", demonstration, **address)


def test_the_campaign_raised_reports_and_its_placebos_are_nearer_to_none(page) -> None:
    app = page(initiative=CAMPAIGN, every_card=True)
    told = headlines(app)
    assert re.search(r"were [\d.]+ times \([\d.]+–[\d.]+\) what other counties let expect", told["effect"])
    assert verdicts(app)["effect"] == "1" and verdicts(app)["others"] == "0"
    assert "saw a clear difference in Saltreach" in told["others"] and told["others"].startswith("None of")
    assert "what their own trend and season let expect" in told["alone"]
    assert told["placebos"].startswith("A difference as large is found at none of ")


def test_the_lapsed_agreement_broke_a_hand_off(page) -> None:
    app = page(initiative=LAPSED)
    told = headlines(app)["effect"]
    found = re.search(r"at most ([\d.]+) times what its referrals to other organisations let expect", told)
    assert found and float(found[1]) < 0.6, told
    assert verdicts(app)["effect"] == "-1"
    assert "counted as the most it can be" in said(app)


def test_the_time_it_ran_is_shaded_and_said(page) -> None:
    app = page(initiative=CAMPAIGN, every_card=True)
    assert said(app).count("Shaded: while it ran.") == 2
    assert "Shaded" in said(page(initiative="law:Tarrowmere Safe Reporting Act 2019 (fictional)"))


def test_a_law_holds_everywhere_and_is_set_against_its_own_trend(page) -> None:
    app = page(initiative="law:Tarrowmere Safe Reporting Act 2019 (fictional)")
    assert "what their own trend and season let expect" in headlines(app)["effect"]
    assert "Whatever else happened at that time is in this number too." in said(app)


def test_no_sentence_says_that_trafficking_rose_or_fell_or_why(page) -> None:
    for initiative in (CAMPAIGN, LAPSED):
        text = said(page(initiative=initiative, every_card=True)).lower()
        for word in (
            "significant",
            "because of the campaign",
            "thanks to",
            "trafficking fell",
            "trafficking rose",
        ):
            assert word not in text, word


@pytest.mark.parametrize(
    "address",
    [
        {"initiative": "nobody"},
        {"initiative": "<script>alert(1)</script>"},
        {"initiative": "safe_place:TM3"},
        {"initiative": CAMPAIGN, "area": "TM503", "period": "2024..2025"},
        {"initiative": CAMPAIGN, "source": "tm_police", "gender": "female"},
    ],
    ids=str,
)
def test_any_address_gives_words(page, address) -> None:
    app = page(every_card=True, **address)
    assert "effect" in headlines(app) and "<script>alert" not in headlines(app)["effect"]


@pytest.mark.parametrize("state", ["person_only", "published_only", "no_areas"])
def test_where_nothing_was_loaded_it_says_what_is_missing(open_page, tmp_path, state) -> None:
    text = said(open_page("initiatives", release_states.make(state, tmp_path / state)))
    assert "What was counted while a campaign, an agreement or a law ran" in text or "Law" in text


def test_all_that_is_listed_can_be_opened(page, demonstration) -> None:
    assert open_release(demonstration).register("campaign").height == 6
    text = said(page())
    assert "campaigns, agreements that ended, agreements, laws and Safe Places" in text
    for words in ("Campaign", "Agreement that ended", "Law", "Safe Places in Quillmoor"):
        assert words in text
