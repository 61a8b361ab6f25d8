"""Partnerships and law: each planted fact is said by its card, and every state has words."""

import re

import pytest

from analysis import Question, answer, load_catalog, open_release
from analysis.topics.agreements import in_force
from etl.demonstration import load_facts
from tests import release_states
from tests.pages.charts_read import charts, values_of
from tests.pages.conftest import said

FACTS = load_facts()
TABLES = ("organisation", "partnership", "meeting", "action", "duty")


@pytest.fixture
def text(open_page, demonstration) -> str:
    """The whole page on the demonstration, in words."""
    return said(open_page("partnerships", release_folder=demonstration))


def test_the_lapsed_agreement_is_named_with_its_day(text) -> None:
    fact = FACTS["hand_off_broken"]
    assert f"the one longest ago, {fact['agreement']}, ended on 31 March 2021" in text


def test_the_broken_hand_off_is_said_with_both_years_and_no_cause(text) -> None:
    assert "Referrals from police to legal" in text
    headline = text[text.index("Referrals from police to legal") :].split("<", 1)[0]
    assert " fell to " in headline and " in 2022, from " in headline and " in 2020" in headline
    assert headline.endswith("the agreement ended in March 2021")
    assert "because" not in headline
    assert "need not come from it" in text


def test_schools_and_their_share_are_said_without_blame(text) -> None:
    start = text.index("Mandated reporting: school")
    headline = text[start:].split("<", 1)[0]
    assert "met 6" in headline and "other kinds 9" in headline
    for word in ("fail", "worst", "bad", "significant"):
        assert word not in headline


def test_mandated_reports_are_told_over_time_too(text, demonstration) -> None:
    where = {"duty": "mandated_reporting"}
    [found] = answer([Question("duty_met_share", ["period"], where)], open_release(demonstration))
    newest = found.frame.sort("period").row(-1, named=True)
    headline = re.search(r'ltt-headline">(Share of mandated reports made.*?)<', text).group(1)
    assert f"{newest['value']:.0f}% in {newest['period']}" in headline


def test_overdue_actions_name_their_pillar_and_nobody_to_blame(text) -> None:
    fact = FACTS["overdue_actions"]
    total = fact["overdue"] + fact["overdue_elsewhere"]
    assert f"{total} actions are overdue, {fact['overdue']} of them on protection; the longest by" in text
    assert "not who is to blame" in text


def test_agreements_in_force_and_ending_agree_with_the_register(text, demonstration) -> None:
    release = open_release(demonstration)
    rows, day = release.register("agreement").to_dicts(), release.as_of
    started = [row for row in rows if row["start_date"] <= day]
    active = sum(row["end_date"] is None or row["end_date"] >= day for row in started)
    assert f"{active} agreements are in force; " in text


def test_laws_are_listed_with_what_is_on_its_way(open_page, text, demonstration) -> None:
    assert "5 laws are in force: 1 on prevention, 2 on protection and 2 on prosecution; " in text
    assert "1 adopted, not yet in force and 1 proposed" in text
    app = open_page("partnerships", release_folder=demonstration)
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


def test_duties_are_shown_over_time_and_by_pillar(text) -> None:
    assert "Duties met by pillar in 2025: prevention " in text
    assert "Pillars. Protection: mandated reporting and screening for signs; " in text


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


def test_the_network_says_how_concentrated_it_is_and_what_is_hidden(text) -> None:
    assert "equal parts (index 0." in text
    assert "Links of fewer than ten referrals are not shown" in text


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
    assert drawn == {f"<b>{end}</b>" for one in expected for end in re.findall("<b>(.*) → (.*)</b>", one)[0]}


def test_the_network_is_also_said_in_words_and_drawn_as_a_grid(open_page, demonstration) -> None:
    app = open_page("partnerships", release_folder=demonstration)
    assert "From Police to Housing and shelter: " in said(app)
    assert "heatmap" in {trace["type"] for trace in charts(app)["network_chart"]["data"]}, "opens as a grid"
    assert "is not a choice of" in said(
        open_page("partnerships", release_folder=demonstration, network="<b>")
    )


def test_agreements_in_force_are_bars_with_their_names_and_days(open_page, demonstration) -> None:
    release = open_release(demonstration)
    active = in_force(release.register("agreement").to_dicts(), release.as_of)
    figure = charts(open_page("partnerships", release_folder=demonstration))["ending_chart"]
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
    [today] = [shape for shape in figure["layout"]["shapes"] if shape.get("name") == "today"]
    assert today["x0"] == release.as_of.isoformat(), "the day of the release, not the clock"


def test_no_identifier_or_blame_word_is_on_the_page(text) -> None:
    words = re.sub(r"<style>.*?</style>", "", text, flags=re.DOTALL)
    for word in ("@", "victim", "cases", "suppressed"):
        assert word not in words, word


def test_with_persons_and_referrals_only_every_card_says_what_would_be_here(open_page) -> None:
    app = open_page("partnerships")
    shown = said(app)
    assert "of referrals went to one kind of organisation: " in shown, "the network needs referrals only"
    for table in TABLES:
        assert f"python -m etl template {table}" in shown
    assert "Example Act 2023" in law_names(app)


@pytest.mark.parametrize("state", ["person_only", "published_only", "no_areas"])
def test_other_states_have_words_and_no_crash(open_page, tmp_path, state) -> None:
    shown = said(open_page("partnerships", release_folder=release_states.make(state, tmp_path / state)))
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
    table = next(
        part for part in said(app).split("<table>") if "mandated reporting" in part.split("</caption>")[0]
    )
    assert "School or college" in table
    assert "Faith group" not in table.split("</table>")[0]
