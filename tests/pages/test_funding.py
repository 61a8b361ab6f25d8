"""Funding: the cliff, what stops, what help costs and posts not filled are said by their cards."""

import polars as pl
import pytest

from analysis import Question, answer, open_release
from analysis.catalog.registers import CONFIDENTIAL_NAME
from analysis.topics.awards import cliffs, funders, stops
from analysis.words import money
from etl.demonstration import load_facts
from tests import release_states
from tests.pages.charts_read import charts, values_of
from tests.pages.conftest import headlines, said

FACTS = load_facts()
TABLES = ("funding_award", "expenditure", "staffing")
REGISTER_CARDS = ("cliff", "stops", "need")


@pytest.fixture
def app(open_page, demonstration):
    return open_page("funding", release_folder=demonstration)


@pytest.fixture
def every(open_page, demonstration):
    """The page with the cards behind "More figures"."""
    return open_page("funding", release_folder=demonstration, every_card=True)


def chips_of(app, key: str) -> str:
    bodies = "".join(element.proto.body for element in app.get("html"))
    return bodies.split(f'data-card="{key}"')[1].split("</h3>")[0].partition("<span")[2]


def table_of(app, key: str) -> str:
    app.button(key=f"{key}_table").click().run()
    return next(part for part in said(app).split(f'data-card="{key}"')[1].split("<table>")[1:])


def test_the_cliff_opens_the_page_with_its_share_its_day_its_money_and_its_funder(app, demonstration) -> None:
    fact = FACTS["funding_cliff"]
    release = open_release(demonstration)
    top = cliffs(release.register("award").to_dicts(), release.as_of, "purpose")[0]
    assert top.group == fact["purpose"]
    key, headline = next(iter(headlines(app).items()))
    assert key == "cliff"
    share = f"{100 * top.share:.0f}%"
    assert headline == (
        f"{share} of the public money for housing and shelter ends by 30 June 2026, and no renewal is "
        f"agreed: {money(top.ends)} a year, all from one funder, {fact['funder']}."
    )
    table = table_of(app, "cliff")
    for part in (share, "30 June 2026", money(top.ends)):
        assert f">{part}</td>" in table, "what the headline says stands in its table, in the same form"
    assert "nominal" not in said(app)


def test_what_stops_lists_every_award_without_a_renewal(app, demonstration) -> None:
    release = open_release(demonstration)
    found = stops(release.register("award").to_dicts(), release.as_of)
    alone = sum(not row["other_funders"] for row in found)
    words = {3: "three", 6: "six", 8: "Eight"}
    assert headlines(app)["stops"] == (
        f"{words[len(found)]} awards end within 12 months and no renewal is agreed; "
        f"{words[alone]} have no other funder."
    )
    table = table_of(app, "stops")
    for row in found:
        assert row["recipient_name"].replace("'", "&#x27;") in table
        assert money(row["a_year"]) in table


def test_the_awards_that_end_are_drawn_with_their_money(app, demonstration) -> None:
    release = open_release(demonstration)
    found = stops(release.register("award").to_dicts(), release.as_of)
    figure = charts(app)["stops_chart"]
    [bars] = figure["data"]
    assert bars["name"] == "ends soon" and len(bars["hovertext"]) == len(found)
    first_to_end = sorted(found, key=lambda row: (row["end_date"], row["start_date"], row["recipient_name"]))
    for row, hover in zip(first_to_end, bars["hovertext"], strict=True):
        for words in (row["recipient_name"], row["funder"]):
            assert words.removesuffix(" (fictional)") in hover
        assert f"{money(row['a_year'])}" in hover
        assert ("no other funder" in hover) == (not row["other_funders"])
    [today] = [shape for shape in figure["layout"]["shapes"] if shape.get("name") == "today"]
    assert today["x0"] == release.as_of.isoformat(), "the day of the release, not the clock"
    assert "as of 31 December 2025" in said(app)


def test_money_that_ends_is_drawn_beside_the_published_needs(app, demonstration) -> None:
    headline = headlines(app)["need"]
    assert headline.startswith("Housing and shelter: ")
    assert "% of its public money ends within 12 months; it met " in headline
    assert headline.endswith(" needs, in full or in part, in 2024.")
    traces = {trace["name"]: trace for trace in charts(app)["need_chart"]["data"]}
    release = open_release(demonstration)
    found = cliffs(release.register("award").to_dicts(), release.as_of, "service_type")
    paid = [one for one in found if one.group != "not_recorded"]
    assert values_of(traces["ends within 12 months"]["x"]) == pytest.approx([one.ends for one in paid])
    assert values_of(traces["needs met"]["x"]) == pytest.approx(_needs(release, paid))


def _needs(release, paid) -> list[float]:
    asked = Question("needs_served", ("service_type",), periods=("2024", "2024"))
    [needs] = answer([asked], release)
    by_kind = {row["service_type"]: row["value"] for row in needs.frame.iter_rows(named=True)}
    shown = [by_kind[one.group] for one in paid if by_kind[one.group] is not None]
    assert shown
    return shown


@pytest.mark.parametrize(
    ("address", "chip"),
    [
        ({"area": "TM2"}, "Whole region"),
        ({"gender": "female"}, "All genders"),
        ({"period": "2016..2018"}, ""),
    ],
    ids=str,
)
def test_money_and_needs_are_of_the_whole_region_whatever_is_filtered(
    open_page, app, demonstration, address, chip
) -> None:
    """Needs of one county, or of women, would stand beside the money of everybody."""
    filtered = open_page("funding", release_folder=demonstration, **address)
    whole, narrow = headlines(app), headlines(filtered)
    for key in REGISTER_CARDS:
        assert narrow[key].startswith(whole[key].rstrip(".")), key
        if chip:
            assert chip in chips_of(filtered, key), key
    release = open_release(demonstration)
    found = cliffs(release.register("award").to_dicts(), release.as_of, "service_type")
    traces = {trace["name"]: trace for trace in charts(filtered)["need_chart"]["data"]}
    paid = [one for one in found if one.group != "not_recorded"]
    assert values_of(traces["needs met"]["x"]) == pytest.approx(_needs(release, paid))


def test_funders_are_told_with_the_share_of_the_largest(every, demonstration) -> None:
    release = open_release(demonstration)
    found = funders(release.register("award").to_dicts(), release.as_of)
    headline = headlines(every)["funders"]
    assert (
        f"the largest, {found[0].name}, gives {100 * found[0].share:.0f}% of the money in force" in headline
    )
    assert sum(one.share for one in found) == pytest.approx(1)
    assert all(money(one.a_year) in said(every) for one in found)


def test_cost_per_need_met_is_spending_over_the_published_needs(app, demonstration) -> None:
    headline = headlines(app)["per_need"]
    asked = [
        Question(code, ("service_type",), periods=("2024", "2024"))
        for code in ("cost_per_need_met", "expenditure", "needs_served")
    ]
    found = [
        {row["service_type"]: row["value"] for row in one.frame.iter_rows(named=True)}
        for one in answer(asked, open_release(demonstration))
    ]
    ratio, spent, needs = found
    shown = [code for code, value in ratio.items() if value is not None]
    assert f"highest for housing and shelter ({ratio['housing']:,.0f} dollars)" in headline
    for code in shown:
        assert ratio[code] == pytest.approx(spent[code] / needs[code], rel=0.06), "two significant figures"


def test_cost_per_client_is_all_spending_over_the_people_helped(app, demonstration) -> None:
    asked = [
        Question(code, ("period",), periods=("2024", "2024"))
        for code in ("cost_per_person_helped", "expenditure_in_all", "people_helped")
    ]
    answers = answer(asked, open_release(demonstration))
    cost, spent, people = (one.frame["value"][0] for one in answers)
    assert cost == pytest.approx(spent / people, rel=0.06), "two significant figures"
    headline = headlines(app)["per_person"]
    assert f"{cost:,.0f} dollars in 2024" in headline
    assert any(line.startswith("A person counts once a year") for line in answers[0].caveats)


def test_vacancies_rise_where_they_were_planted_and_nowhere_else(app) -> None:
    headline = headlines(app)["vacancy"]
    assert headline.startswith(
        "The share of posts not filled between 2019–2021 and 2022–2024: housing and shelter rose"
    )
    assert "health" not in headline and "legal" not in headline


def test_money_has_one_form_in_headline_bar_and_table(every) -> None:
    shown = headlines(every)
    for key in ("public", "purposes", "private", "spent"):
        assert " dollars" in shown[key], key
    figure = charts(every)["need_chart"]
    assert any(" million dollars · " in note["text"] for note in figure["layout"]["annotations"])
    assert "8.72 million dollars*" in table_of(every, "public")
    assert "not adjusted for inflation" in said(every)


def test_help_of_few_organisations_shows_no_cost(every) -> None:
    table = table_of(every, "per_referral")
    row = next(part for part in table.split("<tr>") if "Interpretation" in part)
    assert "not shown" in row


def test_the_register_holds_public_awards_only(demonstration) -> None:
    rows = open_release(demonstration).register("award")
    told = rows.filter(pl.col("funder").is_not_null())
    assert set(told["funder_kind"]) == {"federal", "state", "local"}
    rest = rows.filter(pl.col("funder").is_null())
    assert set(rest["recipient_name"]) == {CONFIDENTIAL_NAME}
    assert rest["amount"].null_count() == rest.height


@pytest.mark.parametrize("state", ["example", "person_only", "published_only", "no_areas"])
def test_without_money_every_section_says_what_would_be_here(open_page, tmp_path, state) -> None:
    shown = said(open_page("funding", release_folder=release_states.make(state, tmp_path / state)))
    for table in TABLES:
        assert shown.count(f"python -m etl template {table}") == 1, table


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
