"""Hidden population: one number with its interval and what it rests on, or why there is none; no split."""

import re

import pytest

from analysis.findings.sentences.topics.hidden_population import WHY
from etl.demonstration import load_facts, load_region
from etl.demonstration.people.people import people
from tests import release_states
from tests.pages.conftest import headlines, said

CARDS = {"estimate", "lists", "agreement"}


@pytest.fixture
def page(open_page, demonstration):
    return open_page("hidden_population", release_folder=demonstration)


def test_the_interval_covers_everyone_who_could_have_been_listed(page) -> None:
    told = headlines(page)["estimate"]
    found = re.match(
        r"About ([\d,]+) \(([\d,]+)–([\d,]+)\) people could have been listed in 2016–2024; "
        r"about ([\d,]+) were\.",
        told,
    )
    assert found, told
    total, lower, upper, listed = (int(one.replace(",", "")) for one in found.groups())
    facts = load_facts()
    everyone = people(facts["seed"], facts["persons"], facts, load_region())
    truth = int((everyone.month <= facts.position("2024-12")).sum())
    assert truth == facts["hidden_population"]["found_in_release"]["value"]
    assert listed < lower <= truth <= upper and lower < total < upper


def test_what_it_rests_on_is_told_in_bands_and_words(page) -> None:
    told, text = headlines(page), said(page)
    assert set(told) == CARDS
    assert (
        told["lists"] == "Six lists hold about 11,000 people; voluntary organisations and police share most."
    )
    assert told["agreement"].startswith("The other methods agree within a factor of 1.5; so does ")
    assert "1,000–1,999" in text and "Labour inspection" in text
    for words in ("not of everyone", "Whitehead et al. 2021", "Binette & Steorts 2021", "same reference"):
        assert words in text


def test_filters_are_not_followed_and_that_is_said(open_page, demonstration) -> None:
    app = open_page("hidden_population", release_folder=demonstration, area="TM1", age_group="child")
    plain = open_page("hidden_population", release_folder=demonstration)
    for card, words in headlines(app).items():
        assert "Whole region" in words and "All ages" in words
        assert words.startswith(headlines(plain)[card])


@pytest.mark.parametrize("reason", WHY)
def test_without_a_number_the_page_says_why_and_what_would_help(
    open_page, demonstration, tmp_path, reason: str
) -> None:
    place = release_states.changed(
        demonstration,
        tmp_path / "changed",
        [
            "DELETE FROM hidden_overlap",
            "DELETE FROM hidden_agreement",
            "UPDATE hidden_population SET status = 'withheld', estimate = NULL, lower = NULL, upper = NULL, "
            f"listed = NULL, lists = NULL, reason = '{reason}'",
        ],
    )
    app = open_page("hidden_population", release_folder=place)
    why, helps = WHY[reason]
    assert headlines(app) == {"estimate": f"No estimate of people on no list is shown: {why}."}
    assert helps.split("(")[0] in said(app)


def test_where_nothing_of_the_kind_was_loaded(open_page, tmp_path) -> None:
    place = release_states.make("published_only", tmp_path / "published")
    text = said(open_page("hidden_population", release_folder=place))
    assert "python -m etl template person<" in text
    assert "not of everyone" in text


def test_a_release_of_an_earlier_version_has_no_such_table(open_page) -> None:
    assert "nothing yet" in said(open_page("hidden_population"))
