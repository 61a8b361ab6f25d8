"""Partnerships and law: each planted fact is said by its card, and every state has words."""

import json
import re

import pytest

from analysis import Question, answer, load_catalog, open_release
from analysis.topics.agreements import in_force
from etl.demonstration import load_facts
from tests import release_states
from tests.pages.charts_read import charts, values_of
from tests.pages.conftest import headlines, said, verdicts

FACTS = load_facts()
TABLES = ("organisation", "partnership", "meeting", "action", "duty")


@pytest.fixture
def app(open_page, demonstration):
    """The page on the demonstration as it opens."""
    return open_page("partnerships", release_folder=demonstration)


@pytest.fixture
def every(open_page, demonstration):
    """The page with the cards behind "More figures"."""
    return open_page("partnerships", release_folder=demonstration, every_card=True)


@pytest.fixture
def text(app) -> str:
    """The page in words."""
    return said(app)


def test_what_a_meeting_needs_stands_first(app) -> None:
    assert list(headlines(app)) == [
        "overdue",
        "ending",
        "lapsed",
        "network",
        "laws",
        "reporting",
        "duties",
    ], "what is overdue, then what ends; who takes part and how many recommendations came true stand behind"


def test_the_lapsed_agreement_is_named_with_its_day(app) -> None:
    fact = FACTS["hand_off_broken"]
    headline = headlines(app)["lapsed"]
    assert headline.endswith(f"were not renewed; the oldest, {fact['agreement']}, ended on 31 March 2021.")


def test_the_broken_hand_off_is_said_with_both_years_and_no_cause(every) -> None:
    headline = headlines(every)["hand_off"]
    assert headline.startswith("Referrals from police to legal")
    assert " fell to " in headline and " in 2022, from " in headline and " in 2020" in headline
    assert headline.endswith("the agreement ended in March 2021.")
    assert verdicts(every)["hand_off"] == "long -1"
    assert "because" not in headline
    assert "need not come from it" in said(every)


def test_schools_and_their_share_are_said_without_blame(app) -> None:
    headline = headlines(app)["reporting"]
    assert headline.startswith("Mandated reporting: school or college met 6")
    assert "other kinds " in headline
    for word in ("fail", "worst", "bad", "significant"):
        assert word not in headline


def test_mandated_reports_are_told_over_time_too(every) -> None:
    headline = headlines(every)["reporting_time"]
    assert headline.startswith("The share of duties met: mandated reporting ")
    assert "in 2022–2024" in headline


def test_overdue_actions_name_their_day_their_pillar_and_nobody_to_blame(app) -> None:
    fact = FACTS["overdue_actions"]
    total = fact["overdue"] + fact["overdue_elsewhere"]
    assert headlines(app)["overdue"].startswith(
        f"As of 31 December 2025, {total} actions are overdue, {fact['overdue']} of them on protection; "
        "the longest by "
    )
    assert "blame" not in headlines(app)["overdue"]


def test_a_few_recommendations_are_numbers_and_not_percentages(every, demonstration) -> None:
    [found] = answer([Question("recommendations_enacted_share", ["pillar"])], open_release(demonstration))
    assert headlines(every)["recommendations"] == "12 of 24 recommendations have been enacted."
    [bars, numbers] = charts(every)["recommendations_chart"]["data"]
    assert "error_x" not in bars
    expected = {
        f"{row['value'] * row['base'] / 100:.0f} of {row['base']:.0f}" for row in found.frame.to_dicts()
    }
    assert {words.strip() for words in numbers["text"]} == expected


def test_a_directory_of_services_is_not_the_partners_of_the_task_force(every) -> None:
    """The number of those that take part stands in the card's own table."""
    headline = headlines(every)["organisations"]
    assert headline.startswith("42 organisations of 11 kinds take part; ")
    every.button(key="organisations_table").click().run()
    assert ">42</td>" in said(every)


def test_agreements_in_force_and_ending_agree_with_the_register(text, demonstration) -> None:
    release = open_release(demonstration)
    rows, day = release.register("agreement").to_dicts(), release.as_of
    started = [row for row in rows if row["start_date"] and row["start_date"] <= day]
    active = sum(row["end_date"] is None or row["end_date"] >= day for row in started)
    assert f"{active} agreements are in force; " in text
    assert "Agreements with confidential providers are neither listed nor counted here." in text


def test_laws_are_listed_with_what_is_on_its_way(app) -> None:
    assert headlines(app)["laws"] == (
        "Five laws are in force; one is adopted but not yet in force and one is proposed."
    )
    assert "Tarrowmere Tied Housing Bill (proposed)" in law_names(app)
    app.button(key="laws_table").click().run()
    assert "Tarrowmere Tied Housing Bill (fictional)" in said(app)
    assert "TVPA 2000" not in said(app), "laws of another nation are shown only when asked for"


def test_laws_are_drawn_in_time_with_one_lane_a_pillar(open_page, demonstration) -> None:
    figure = charts(open_page("partnerships", release_folder=demonstration))["laws_chart"]
    said = [note["text"] for note in figure["layout"]["annotations"]]
    lanes = [f"<b>{name}</b>" for name in ("Prevention", "Protection", "Prosecution", "Partnership")]
    assert [one for one in said if one in lanes] == lanes
    marks = [trace for trace in figure["data"] if trace["mode"] == "markers"]
    assert sum(len(trace["x"]) for trace in marks) == 7
    assert {trace["name"]: len(trace["x"]) for trace in marks}["in force"] == 5


def test_duties_are_shown_over_time_and_by_pillar(every) -> None:
    shown = headlines(every)
    assert shown["duties"].startswith("The share of duties met is highest for return of data (85%)")
    assert "2022–2024" in shown["duties_pillar"] and "2022–2024" in shown["duties_time"]
    assert "Pillars. Protection: mandated reporting and screening for signs; " in said(every)


FOREIGN = (
    "INSERT INTO law_provision SELECT * REPLACE ('uk_act' AS law_code, 'UK Act 2015' AS short_name, "
    "'national' AS level, 'GB' AS jurisdiction) FROM law_provision LIMIT 1"
)
NOT_SET = "DELETE FROM info WHERE key = 'home_country'"


@pytest.mark.parametrize("geography", ["us", "uk"])
def test_the_country_is_told_by_the_geography_of_what_is_loaded(
    open_page, folder, tmp_path, geography
) -> None:
    mine, other = ("JVTA", "UK Act") if geography == "us" else ("UK Act", "JVTA")
    told = (NOT_SET, FOREIGN, f"UPDATE observation SET geography = '{geography}'")
    target = release_states.changed(folder, tmp_path / "told", told)
    notes = law_names(open_page("partnerships", release_folder=target))
    assert any(mine in one for one in notes)
    assert not any(other in one for one in notes)


def test_laws_of_countries_are_not_counted_together_where_none_is_told(open_page, folder, tmp_path) -> None:
    untold = (NOT_SET, FOREIGN, "UPDATE observation SET geography = 'elsewhere'")
    app = open_page("partnerships", release_folder=release_states.changed(folder, tmp_path / "x", untold))
    shown = said(app)
    assert "Laws in force, by country: " in shown
    assert "United Kingdom 1" in shown and "United States 1" in shown
    assert "laws are in force" not in shown
    assert "Whose laws hold here is not known" in shown
    assert any(one.startswith("GB: UK Act") for one in law_names(app))


def law_names(app) -> list[str]:
    return [note["text"] for note in charts(app)["laws_chart"]["layout"]["annotations"]]


def test_laws_of_another_nation_can_be_asked_for(open_page, demonstration) -> None:
    names = law_names(open_page("partnerships", release_folder=demonstration, laws="US"))
    assert "TVPA 2000" in names
    assert not any("Tarrowmere Safe Reporting" in one for one in names)


def test_the_network_says_what_is_hidden_and_in_words_how_concentrated_it_is(
    open_page, demonstration, text
) -> None:
    assert "Links of fewer than ten referrals are not shown" in text
    words = said(open_page("partnerships", release_folder=demonstration, network="words"))
    assert "Concentration index 0." in words and "Concentration index" not in text


def test_what_the_headline_of_the_network_names_stands_in_its_grid_arrows_and_words(
    open_page, demonstration
) -> None:
    for look in ("grid", "arrows", "words"):
        app = open_page("partnerships", release_folder=demonstration, network=look)
        [number] = re.findall(r": (\d+) \(", headlines(app)["network"])
        drawn = said(app) if look == "words" else json.dumps(charts(app)["network_chart"], ensure_ascii=False)
        assert re.search(rf"\({number}\sin\sall\)|<b>{number}</b>", drawn), look


def test_the_network_draws_the_links_that_are_shown_and_none_that_is_hidden(open_page, demonstration) -> None:
    figure = charts(open_page("partnerships", release_folder=demonstration, network="arrows"))[
        "network_chart"
    ]
    year, known = "2024", load_catalog()
    question = Question("referrals_made", ("from_org_type", "to_org_type"), periods=(year, year))
    [links] = answer([question], open_release(demonstration))
    expected, hidden = set(), 0
    for row in links.frame.iter_rows(named=True):
        ends = [known.label_of(name, row[name]) for name in ("from_org_type", "to_org_type")]
        hidden += row["value"] is None
        if row["value"] and row["from_org_type"] != row["to_org_type"] and "not_recorded" not in row.values():
            expected.add(f"<b>{ends[0]} → {ends[1]}</b><br>{row['value']:,.0f} referrals")
    lines = [trace for trace in figure["data"] if trace["mode"] == "lines"]
    assert {trace["name"] for trace in lines} == {"shown"}, "nothing hidden is drawn"
    assert {one for trace in lines for one in values_of(trace["text"])} == expected
    assert len(expected) > 10 and hidden
    drawn = {
        one for trace in figure["data"] if trace["mode"] == "markers" for one in values_of(trace["text"])
    }
    ends = {end for one in expected for end in re.findall("<b>(.*) → (.*)</b>", one)[0]}
    assert {re.sub(r"<br>[\d,]+ referrals$", "", one) for one in drawn} == {f"<b>{end}</b>" for end in ends}


def test_the_network_is_also_said_in_words_and_drawn_as_a_grid(open_page, demonstration) -> None:
    words = open_page("partnerships", release_folder=demonstration, network="words")
    assert "From Police to Housing and shelter: " in said(words)
    app = open_page("partnerships", release_folder=demonstration)
    assert "heatmap" in {trace["type"] for trace in charts(app)["network_chart"]["data"]}, "opens as a grid"
    assert "is not a choice of" in said(
        open_page("partnerships", release_folder=demonstration, network="<b>")
    )


def test_agreements_in_force_are_bars_with_their_names_and_days(every, demonstration) -> None:
    release = open_release(demonstration)
    active = in_force(release.register("agreement").to_dicts(), release.as_of)
    figure = charts(every)["in_force_chart"]
    ends = charts(every)["ending_chart"]
    hovers: dict[str, set[str]] = {}
    for trace in figure["data"]:
        hovers.setdefault(trace["name"], set()).update(trace["hovertext"])
    assert "ended" not in hovers, "agreements that ended stand in the card on those that lapsed"
    every = set().union(*hovers.values())
    assert len(every) == len(active)
    short = " (fictional)"
    for row in active:
        name = f"{row['from_name'].removesuffix(short)} → {row['to_name'].removesuffix(short)}"
        assert any(name.replace("'", "&#x27;") in one or name in one for one in every), name
    year = release.as_of.replace(year=release.as_of.year + 1)
    soon = sum(row["end_date"] is not None and row["end_date"] <= year for row in active)
    assert len(hovers["ends soon"]) == soon
    assert [trace["name"] for trace in ends["data"]] == ["ends soon"]
    assert len(ends["data"][0]["hovertext"]) == soon
    [today] = [shape for shape in figure["layout"]["shapes"] if shape.get("name") == "today"]
    assert today["x0"] == release.as_of.isoformat(), "the day of the release, not the clock"


def test_no_identifier_or_blame_word_is_on_the_page(text) -> None:
    words = re.sub(r"<style>.*?</style>", "", text, flags=re.DOTALL)
    for word in ("@", "victim", "cases", "suppressed"):
        assert word not in words, word


def test_with_persons_and_referrals_only_every_card_says_what_would_be_here(open_page) -> None:
    app = open_page("partnerships", every_card=True)
    shown = said(app)
    assert " received the most referrals in 2024." in shown, "the network needs referrals only"
    for table in TABLES:
        assert shown.count(f"python -m etl template {table}") == 1, table
    assert "Example Act 2023" in law_names(app)


@pytest.mark.parametrize("state", ["person_only", "published_only", "no_areas"])
def test_other_states_have_words_and_no_crash(open_page, tmp_path, state) -> None:
    target = release_states.make(state, tmp_path / state)
    shown = said(open_page("partnerships", release_folder=target, every_card=True))
    for table in (*TABLES, "referral"):
        assert f"python -m etl template {table}" in shown, table


def test_when_all_is_hidden_the_network_says_so(open_page, tiny_folder) -> None:
    assert "Nothing here can be shown" in said(open_page("partnerships", release_folder=tiny_folder))


@pytest.mark.parametrize(
    "address",
    [
        {"area": "TM1", "period": "2018..2022"},
        {"form": "forced_labour", "gender": "female"},
        {"period": "1999..2001"},
        {"laws": "<script>alert(1)</script>", "area": "' OR 1=1"},
        {"period": "2016"},
    ],
    ids=",".join,
)
def test_hostile_and_narrow_filters(open_page, demonstration, address) -> None:
    shown = said(open_page("partnerships", release_folder=demonstration, **address))
    assert "<script>" not in shown
    assert "actions are overdue" in shown, "lists are of the day of the release, whatever is filtered"


def test_kinds_without_the_duty_are_not_called_hidden(open_page, demonstration) -> None:
    app = open_page("partnerships", release_folder=demonstration)
    app.button(key="reporting_table").click().run()
    table = said(app).split('data-card="reporting"')[1].split("<table>")[1]
    assert "School or college" in table
    assert "Faith group" not in table.split("</table>")[0]


def test_registers_wear_the_chip_of_what_they_do_not_follow(open_page, demonstration) -> None:
    shown = headlines(open_page("partnerships", release_folder=demonstration, area="TM1"))
    for key in ("overdue", "ending", "lapsed", "laws"):
        assert shown[key].endswith("Whole region"), key
