"""Referral pathway: the flow, comparisons, waits, backlog, hand-offs; the planted facts; every state."""

import html
import json
import re

import pytest

from analysis import Question, answer, load_catalog, open_release
from analysis.topics.pathway import STEPS
from tests import release_states
from tests.pages.charts_read import charts, values_of
from tests.pages.conftest import headlines, said, verdicts

UK = ("nrm_first_decisions", "nrm_final_decisions", "nrm_duty_to_notify")


@pytest.fixture
def page(open_page, demonstration):
    def opened(**address):
        return open_page("pathway", demonstration, **address)

    return opened


OPEN = [
    *("flow", "service_wait", "service_wait_by", "compared", "compared_years"),
    *("backlog", "backlog_age", "hand_offs"),
]


def test_every_card_is_there_with_a_finding(page) -> None:
    assert list(headlines(page())) == OPEN
    app = page(every_card=True)
    assert len(headlines(app)) == 18
    for part in ("How far referrals come", "How long people wait", "Referrals still open"):
        assert part in said(app)
    assert "Nothing here can be shown" not in said(app)


def test_the_hand_off_that_broke_is_the_headline_of_its_card(page) -> None:
    """Planted: police referred to the legal centre until the agreement lapsed in April 2021."""
    told = headlines(page())["hand_offs"]
    assert told.startswith("Referrals by police to Ambel Legal Centre (fictional) fell from about ")
    assert " a year in 2018–2020 to too few to show after 2021, " in told
    assert told.endswith("the year an agreement between them ended.")
    assert "stopped" not in told, "nothing is claimed of numbers that are not shown"


def test_the_card_of_hand_offs_shows_the_number_that_its_headline_names(page) -> None:
    app = page()
    usual = headlines(app)["hand_offs"].split("about ")[1].split()[0]
    app.button(key="hand_offs_table").click().run()
    row = next(part for part in said(app).split("<tr") if "Mean of 2018–2020" in part)
    assert f">{usual}<" in row and "Police to Ambel Legal Centre" in row


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM register_agreement",
        "DROP TABLE register_agreement",
        "UPDATE register_agreement SET end_date = DATE '2024-06-30' WHERE year(end_date) = 2021",
    ],
    ids=["none", "not loaded", "another year"],
)
def test_it_names_no_agreement_that_did_not_end_then(open_page, demonstration, tmp_path, statement) -> None:
    place = release_states.changed(demonstration, tmp_path / "agreed", [statement])
    assert headlines(open_page("pathway", place))["hand_offs"].endswith("to too few to show after 2021.")


def test_rural_people_wait_longer_is_the_headline_of_its_card(page) -> None:
    """Planted: the first service comes later in rural areas."""
    app = page()
    told = headlines(app)["service_wait_by"]
    assert told.startswith("The median wait for the first service is highest for rural areas (")
    assert "lowest for urban areas (" in told and verdicts(app)["service_wait_by"] == "1"


def test_waits_are_told_by_half_and_nine_in_ten_and_no_band_leads(page, demonstration) -> None:
    questions = [Question("service_wait_median"), Question("service_wait_p90")]
    half, most = (one.frame["value"][0] for one in answer(questions, open_release(demonstration)))
    told = headlines(page(every_card=True))
    wanted = f"The first service after an accepted referral: half within {half:.0f} days ("
    assert told["service_wait"].startswith(wanted)
    assert f"nine in ten within {most:.0f} days (" in told["service_wait"]
    assert "largest" not in told["service_wait"] + told["decision_wait"]


def test_the_flow_is_made_of_published_numbers(page, demonstration) -> None:
    [ends] = answer([Question("referrals_made", ["stage"])], open_release(demonstration))
    shown = dict(ends.frame.select("stage", "value").iter_rows())
    flow = charts(page())["flow_chart"]["data"][0]
    values = values_of(flow["link"]["value"])
    [made] = answer([Question("referrals_made", periods=ends.question.periods)], open_release(demonstration))
    words = flow["node"]["customdata"]
    assert f"Referral made {made.frame['value'][0]:,.0f}" in words, "as the headline says"
    for code in ("declined", "withdrawn", "left_service", "stable_outcome"):
        assert shown[code] in values, code
    for codes in STEPS.values():
        assert sum(shown[code] or 0 for code in codes) in values


def test_the_headline_tells_what_the_flow_shows_and_nobody_in_service_is_a_loss(page) -> None:
    app = page()
    told = headlines(app)["flow"]
    labels = " ".join(charts(app)["flow_chart"]["data"][0]["node"]["customdata"])
    for number in re.findall(r"[\d,]{3,}\d", told):
        assert number in labels, number
    assert told.endswith("most of those that ended before a stable outcome ended after a first service.")
    assert "drop" not in told


def test_accepted_means_one_thing_and_says_why_it_is_more_than_the_decisions(page, demonstration) -> None:
    questions = [
        Question("referrals_made", where={"decision": ["accepted"]}),
        Question("referrals_made", where={"stage": STEPS["accepted"]}),
    ]
    decided, accepted = (one.frame["value"][0] for one in answer(questions, open_release(demonstration)))
    text = said(page())
    assert f"{accepted:,.0f} were accepted" in text
    assert f"{decided:,.0f} are recorded as accepted; {accepted - decided:,.0f} more went on" in text


def test_on_a_phone_the_steps_are_bars_with_the_numbers_of_the_headline(page, monkeypatch) -> None:
    monkeypatch.setattr("ui.view.width.window_is_narrow", lambda: True)
    app = page()
    drawn = json.dumps(charts(app)["flow_chart"], ensure_ascii=False)
    for number in re.findall(r"[\d,]{3,}\d", headlines(app)["flow"]):
        assert number in drawn, number


def test_open_referrals_are_told_over_the_years(page) -> None:
    """Planted: the backlog grows and grows older."""
    app = page()
    assert headlines(app)["backlog"].startswith("Referrals open at the end of the year rose from ")
    assert headlines(app)["backlog_age"].startswith(
        "The share of open referrals older than 90 days rose from "
    )
    caveats = load_catalog().caveats
    kept = [caveats[code].text for code in load_catalog().measures["open_referrals"].caveats]
    assert any(line.startswith("Counted once a year, on its last day") for line in kept)


@pytest.mark.parametrize("compare", ["area_kind", "from_org_type", "to_org_type", "service_type"])
@pytest.mark.parametrize(
    "step",
    ["acceptance_share", "contact_within_48h_share", "stable_outcome_share", "service_wait_median"],
)
def test_groups_are_compared_at_each_step(page, compare, step) -> None:
    app = page(compare=compare, step=step)
    text = html.unescape(said(app))
    assert len(headlines(app)) >= 6
    is_refused = compare in ("to_org_type", "agreement") and step in (
        "contact_within_48h_share",
        "service_wait_median",
    )
    assert ("Only one of these can be asked at a time" in text) == is_refused


def test_a_clear_difference_is_named_with_both_figures(page) -> None:
    app = page(compare="to_org_type", step="acceptance_share")
    told = headlines(app)["compared"]
    assert told.startswith("The share of referrals accepted is highest for ")
    assert told.count("%") == 2 and verdicts(app)["compared"] == "1"


def test_agreements_that_are_not_loaded_are_asked_for(open_page, demonstration, tmp_path) -> None:
    none = "UPDATE cell_referral SET agreement = 'not_recorded' WHERE agreement IS NOT NULL"
    place = release_states.changed(demonstration, tmp_path / "none", [none])
    text = said(open_page("pathway", place, compare="agreement"))
    assert text.count("python -m etl template partnership") == 1


@pytest.mark.parametrize(
    "address",
    [
        {"area": "TM1"},
        {"area": "TM404", "period": "2021..2022"},
        {"source": "tm_police"},
        {"source": "tm_health", "period": "2025"},
        {"form": "forced_labour"},
        {"period": "2025"},
        {"area": "TM1,TM2", "source": "tm_police", "compare": "service_type"},
    ],
    ids=lambda address: ",".join(f"{key}={value}" for key, value in address.items()),
)
def test_filters(page, address) -> None:
    app = page(**address)
    told = headlines(app)
    assert len(told) >= 4
    assert ("form" in address) == told["flow"].endswith("All forms")


def test_hand_offs_by_area_say_what_to_give_up(page) -> None:
    assert "Leave out one of" in html.unescape(said(page(area="TM1")))


@pytest.mark.parametrize(
    "address",
    [
        {"compare": "<img src=x onerror=alert(1)>", "step": "detected_persons"},
        {"compare": "source", "step": "../../etc"},
        {"area": "except TM1"},
    ],
    ids=["script", "path", "except"],
)
def test_hostile_addresses(page, address) -> None:
    app = page(**address)
    assert list(headlines(app)) == OPEN
    assert "<img" not in said(app)


def test_with_referrals_alone_the_rest_is_complete(open_page) -> None:
    """The example release: referrals and what became of them, no reports, agreements or open referrals."""
    app = open_page("pathway")
    text = said(app)
    assert "How far referrals come" in text
    assert len(headlines(app)) >= 5
    assert "Began with a report" not in json.dumps(charts(app))


def test_without_spells_of_service_it_says_how_to_load_them(open_page, demonstration, tmp_path) -> None:
    served = "('in_service', 'left_service', 'stable_outcome')"
    timed = "('not_applicable', 'not_recorded')"
    statements = [
        f"DELETE FROM cell_referral WHERE stage IN {served}",
        f"DELETE FROM cell_referral WHERE start_band IS NOT NULL AND start_band NOT IN {timed}",
    ]
    place = release_states.changed(demonstration, tmp_path / "no_services", statements)
    app = open_page("pathway", place)
    assert said(app).count("python -m etl template service_episode") == 1
    chosen = next(one for one in app.selectbox if one.label == "Step")
    assert not any("service" in one for one in chosen.options)
    assert "share of referrals accepted" in headlines(app)["compared"]
    assert not {"service_wait", "service_wait_by"} & set(headlines(app))


def test_without_a_list_of_organisations_it_says_how_to_load_one(open_page, demonstration, tmp_path) -> None:
    place = release_states.changed(
        demonstration,
        tmp_path / "no_list",
        ["DELETE FROM register_receiver WHERE code NOT IN ('unlisted', 'not_recorded')"],
    )
    assert "python -m etl template organisation" in said(open_page("pathway", place))


@pytest.mark.parametrize("state", ["person_only", "published_only", "no_areas"])
def test_without_referrals_it_says_what_would_be_here(open_page, tmp_path, state) -> None:
    text = said(open_page("pathway", release_states.make(state, tmp_path / state)))
    assert "Referrals from the first report to a stable outcome: nothing yet" in text
    assert "python -m etl template referral" in text


def test_when_all_is_hidden_every_card_says_so(open_page, tiny_folder) -> None:
    app = open_page("pathway", tiny_folder)
    assert said(app).count("Nothing here can be shown") >= 3


def test_the_figures_of_the_united_kingdom_stand_apart(open_page, demonstration, tmp_path) -> None:
    rows = []
    for measure, unit in (
        ("nrm_reasonable_grounds_decisions", "decisions"),
        ("nrm_conclusive_grounds_decisions", "decisions"),
        ("nrm_duty_to_notify", "people"),
    ):
        for n, quarter in enumerate(("2022-Q3", "2022-Q4", "2023-Q1", "2023-Q2", "2023-Q3")):
            rows.append(
                "INSERT INTO observation BY NAME SELECT 'nrm' AS source, 'quarter' AS period_level, "
                f"'{measure}' AS measure, '{unit}' AS unit, '{quarter}' AS period, 'uk' AS geography, "
                f"'uk' AS area_code, 'adult' AS age_group, {400.0 + 10 * n} AS value, '' AS marker"
            )
    place = release_states.changed(demonstration, tmp_path / "uk", rows)
    app = open_page("pathway", place)
    text = html.unescape(said(app))
    assert "the United Kingdom's National Referral Mechanism" in text
    assert "Never added to the figures above" in text
    cards = [key for key in headlines(app) if key.startswith("nrm_")]
    assert sorted(cards) == sorted(UK), "one card each: units are never mixed on one axis"


def test_those_who_still_wait_are_kept_while_followed_and_groups_are_tested_over_the_whole_wait(page) -> None:
    found = headlines(page(every_card=True))
    assert found["service_wait_followed"].startswith("Counting those who still wait for as long as they were")
    assert "half within" in found["service_wait_followed"] and "nine in ten" in found["service_wait_followed"]
    assert "clearly differ in how long they wait" in found["waits_by"]  # planted: rural areas wait longer
    assert found["waits_by"].index("urban areas") < found["waits_by"].index("rural areas")


def test_groups_that_a_wait_cannot_be_divided_by_are_told_in_words(page) -> None:
    text = said(page(every_card=True, compare="agreement"))
    assert "Waits to the first service cannot be divided by these groups." in text
