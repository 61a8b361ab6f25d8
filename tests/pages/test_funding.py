"""Funding: the cliff, what stops, what help costs and posts not filled are said by their cards."""

import pytest

from analysis import Question, answer, open_release
from analysis.topics.awards import cliffs, stops
from analysis.words import money
from etl.demonstration import load_facts
from tests import release_states
from tests.pages.charts_read import charts, values_of
from tests.pages.conftest import said

FACTS = load_facts()
TABLES = ("funding_award", "expenditure", "staffing")


@pytest.fixture
def text(open_page, demonstration) -> str:
    return said(open_page("funding", release_folder=demonstration))


def test_the_cliff_is_said_with_its_share_its_day_and_its_funder(text, demonstration) -> None:
    fact = FACTS["funding_cliff"]
    release = open_release(demonstration)
    top = cliffs(release.register("award").to_dicts(), release.as_of, "purpose")[0]
    assert top.group == fact["purpose"]
    share = f"{100 * top.share:.0f}%"
    start = text.index(f"{share} of the public money for housing and shelter ends by 30 June 2026")
    headline = text[start:].split("<", 1)[0]
    assert fact["funder"] in headline
    assert "dollars a year (nominal)" in headline


def test_what_stops_lists_every_award_that_nothing_follows(open_page, text, demonstration) -> None:
    release = open_release(demonstration)
    found = stops(release.register("award").to_dicts(), release.as_of)
    alone = sum(not row["other_funders"] for row in found)
    assert f"{len(found)} awards end within 12 months with nothing that follows; for {alone} of them" in text
    app = open_page("funding", release_folder=demonstration)
    app.button(key="stops_table").click().run()
    table = next(
        part for part in said(app).split("<table>")[1:] if "What stops if" in part.split("</caption>")[0]
    )
    for row in found:
        assert row["recipient_name"].replace("'", "&#x27;") in table


def test_the_cliff_is_drawn_with_the_awards_that_end_and_their_money(open_page, demonstration) -> None:
    release = open_release(demonstration)
    found = stops(release.register("award").to_dicts(), release.as_of)
    figure = charts(open_page("funding", release_folder=demonstration))["stops_chart"]
    [bars] = figure["data"]
    assert bars["name"] == "ends soon" and len(bars["hovertext"]) == len(found)
    first_to_end = sorted(found, key=lambda row: (row["end_date"], row["start_date"], row["recipient_name"]))
    for row, hover in zip(first_to_end, bars["hovertext"], strict=True):
        for words in (row["recipient_name"], row["funder"]):
            assert words.removesuffix(" (fictional)") in hover
        assert f"{money(row['a_year'])}" in hover
        assert ("nobody else pays" in hover) == (not row["other_funders"])
    [today] = [shape for shape in figure["layout"]["shapes"] if shape.get("name") == "today"]
    assert today["x0"] == release.as_of.isoformat()


def test_the_need_beside_the_cliff_is_a_published_number(text) -> None:
    start = text.index("Housing and shelter: ")
    headline = text[start:].split("<", 1)[0]
    assert "% of its public money ends within 12 months; it met " in headline
    assert headline.endswith(" needs, in full or in part, in 2024")


def test_money_that_ends_is_drawn_beside_the_needs_that_are_met(open_page, demonstration) -> None:
    figure = charts(open_page("funding", release_folder=demonstration))["need_chart"]
    traces = {trace["name"]: trace for trace in figure["data"]}
    release = open_release(demonstration)
    found = cliffs(release.register("award").to_dicts(), release.as_of, "service_type")
    paid = [one for one in found if one.group != "not_recorded"]
    assert values_of(traces["ends within 12 months"]["x"]) == pytest.approx([one.ends for one in paid])
    asked = Question("needs_served", ("service_type",), periods=("2024", "2024"))
    [needs] = answer([asked], release)
    by_kind = {row["service_type"]: row["value"] for row in needs.frame.iter_rows(named=True)}
    shown = [by_kind[one.group] for one in paid if by_kind[one.group] is not None]
    assert shown and values_of(traces["needs met"]["x"]) == pytest.approx(shown)


def test_cost_per_need_met_is_spending_over_the_published_needs(text, demonstration) -> None:
    assert "Spending per need met (nominal): " in text
    assert "Within one kind of help and one year, a need is one person" in text.replace(
        "and a year", "and one year"
    )
    asked = [
        Question(code, ("service_type",), periods=("2024", "2024"))
        for code in ("cost_per_need_met", "expenditure", "needs_served")
    ]
    found = [
        {row["service_type"]: row["value"] for row in one.frame.iter_rows(named=True)}
        for one in answer(asked, open_release(demonstration))
    ]
    ratio, money, needs = found
    shown = [code for code, value in ratio.items() if value is not None]
    assert "housing" in shown
    for code in shown:
        assert ratio[code] == pytest.approx(money[code] / needs[code], rel=0.06), "two significant figures"


def test_cost_per_client_is_all_spending_over_the_people_helped(text, demonstration) -> None:
    start = text.index("Spending per person helped (nominal) ")
    headline = text[start:].split("<", 1)[0]
    asked = [
        Question(code, ("period",), periods=("2024", "2024"))
        for code in ("cost_per_person_helped", "expenditure_in_all", "people_helped")
    ]
    cost, money, people = (one.frame["value"][0] for one in answer(asked, open_release(demonstration)))
    assert cost == pytest.approx(money / people, rel=0.06), "two significant figures"
    assert f"{cost:,.0f} dollars" in headline and "2024" in headline
    assert "Spending per person" not in headline[1:], "it is named once"
    assert "A person counts once a year" in text


def test_vacancies_rise_where_they_were_planted_and_nowhere_else(text) -> None:
    start = text.index("Posts not filled rose in ")
    headline = text[start:].split("<", 1)[0]
    assert "counselling (" in headline and "housing and shelter (" in headline
    assert "from 2019 to 2025" in headline
    assert "health" not in headline and "legal" not in headline


def test_money_is_nominal_in_every_headline(text) -> None:
    for what in ("Public money by kind of funder", "Public money by purpose", "Private money given"):
        start = text.index(f'"ltt-headline">{what}')
        assert "(nominal)" in text[start:].split("</h2>", 1)[0]
    assert "not adjusted for inflation" in text


def test_help_of_few_organisations_shows_no_cost(open_page, demonstration) -> None:
    app = open_page("funding", release_folder=demonstration)
    app.button(key="per_referral_table").click().run()
    table = next(part for part in said(app).split("<table>") if "Per accepted referral (" in part)
    row = next(part for part in table.split("<tr>") if "Interpretation" in part)
    assert "not shown" in row


def test_the_register_holds_public_awards_only(demonstration) -> None:
    rows = open_release(demonstration).register("award")
    assert set(rows["funder_kind"]) == {"federal", "state", "local"}
    assert rows["funder"].null_count() == 0


@pytest.mark.parametrize("state", ["example", "person_only", "published_only", "no_areas"])
def test_without_money_every_card_says_what_would_be_here(open_page, tmp_path, state) -> None:
    shown = said(open_page("funding", release_folder=release_states.make(state, tmp_path / state)))
    for table in TABLES:
        assert f"python -m etl template {table}" in shown, table
    assert shown.count("python -m etl template expenditure") == 1, "one box a table, not one a card"


def test_a_tiny_release_has_words(open_page, tiny_folder) -> None:
    assert "python -m etl template funding_award" in said(open_page("funding", release_folder=tiny_folder))


@pytest.mark.parametrize(
    "address",
    [
        {"area": "TM1"},
        {"period": "2016..2018"},
        {"period": "2025"},
        {"gender": "female", "form": "forced_labour"},
        {"area": "<b>", "period": "9999"},
    ],
    ids=",".join,
)
def test_hostile_and_narrow_filters(open_page, demonstration, address) -> None:
    shown = said(open_page("funding", release_folder=demonstration, **address))
    assert "of the public money for housing and shelter ends by" in shown
