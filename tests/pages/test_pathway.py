"""Referral pathway: the flow, comparisons, waits, backlog, hand-offs; the planted facts; every state."""

import html
import json

import pytest

from analysis import Question, answer, open_release
from analysis.topics.pathway import STEPS
from tests import release_states
from tests.pages.conftest import said
from tests.pages.test_reporting import figures, headline, headlines

UK = ("nrm_first_decisions", "nrm_final_decisions", "nrm_duty_to_notify")


@pytest.fixture
def page(open_page, demonstration):
    def opened(**address):
        return open_page("pathway", demonstration, **address)

    return opened


def test_every_card_is_there_with_a_finding(page) -> None:
    app = page()
    assert len(headlines(app)) == 13
    for part in ("How far referrals come", "How long people wait", "What has not moved"):
        assert part in said(app)
    assert "Nothing here can be shown" not in said(app)


def test_the_hand_off_that_broke_is_the_headline_of_its_card(page) -> None:
    """Planted: police referred to the legal centre until the agreement lapsed in April 2021."""
    told = headline(page(), "Hand-offs from")
    wanted = (
        "Hand-offs from police to Ambel Legal Centre (fictional) stopped in 2021, when an agreement ended:"
    )
    assert told.startswith(wanted)
    assert told.endswith("since then fewer than can be shown, or none.")


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
    assert "stopped in 2021: about" in headline(open_page("pathway", place), "Hand-offs from")


def test_rural_people_wait_longer_is_the_headline_of_its_card(page) -> None:
    """Planted: the first service comes later in rural areas."""
    app = page()
    told = headline(app, "wait longer")
    assert told.startswith("People in rural areas wait longer for a first service")
    assert "in urban areas" in told
    assert "Nine in ten got one within" in html.unescape(said(app))


def test_the_flow_is_made_of_published_numbers(page, demonstration) -> None:
    [ends] = answer([Question("referrals_made", ["stage"])], open_release(demonstration))
    shown = dict(ends.frame.select("stage", "value").iter_rows())
    [flow] = [one["data"][0] for one in figures(page()) if one["data"][0]["type"] == "sankey"]
    values = flow["link"]["value"]
    [made] = answer([Question("referrals_made", periods=ends.question.periods)], open_release(demonstration))
    assert f"Referral made {made.frame['value'][0]:,.0f}" in flow["node"]["label"], "as the headline says"
    for code in ("declined", "withdrawn", "left_service", "stable_outcome"):
        assert shown[code] in values, code
    for codes in STEPS.values():
        assert sum(shown[code] or 0 for code in codes) in values


def test_the_steps_and_the_flow_tell_the_same(page) -> None:
    app = page()
    told = headline(app, "referrals made,")
    assert "The largest drop lies between first service and a stable outcome" in told
    steps = headline(app, "of decided referrals were accepted")
    assert "of accepted ones led to a first service" in steps


def test_the_backlog_is_of_the_last_day_of_the_year(page) -> None:
    app = page()
    assert headline(app, "referrals were open").startswith("At the end of 2025,")
    assert "Counted once a year, on its last day" in html.unescape(said(app))


@pytest.mark.parametrize("compare", ["area_kind", "from_org_type", "to_org_type", "service_type"])
@pytest.mark.parametrize(
    "step",
    ["acceptance_share", "contact_within_48h_share", "stable_outcome_share", "service_wait_median"],
)
def test_groups_are_compared_at_each_step(page, compare, step) -> None:
    app = page(compare=compare, step=step)
    text = html.unescape(said(app))
    assert len(headlines(app)) >= 12
    is_refused = compare in ("to_org_type", "agreement") and step in (
        "contact_within_48h_share",
        "service_wait_median",
    )
    assert ("Only one of these can be asked at a time" in text) == is_refused


def test_a_clear_difference_is_named_with_both_figures(page) -> None:
    told = headline(page(compare="to_org_type", step="acceptance_share"), "Share of referrals accepted:")
    assert told.count("%") >= 4 and " for " in told


def test_agreements_that_are_not_loaded_are_asked_for(open_page, demonstration, tmp_path) -> None:
    none = "UPDATE cell_referral SET agreement = 'not_recorded' WHERE agreement IS NOT NULL"
    place = release_states.changed(demonstration, tmp_path / "none", [none])
    text = said(open_page("pathway", place, compare="agreement"))
    assert "python -m etl template partnership" in text


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
    assert len(headlines(app)) >= 9
    if "form" in address:
        assert "The filter by form of exploitation does not apply" in html.unescape(said(app))


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
    assert len(headlines(app)) == 13
    assert "<img" not in said(app)


def test_with_referrals_alone_the_rest_is_complete(open_page) -> None:
    """The example release: referrals and what became of them, no reports, agreements or open referrals."""
    app = open_page("pathway")
    text = said(app)
    assert "How far referrals come" in text
    assert len(headlines(app)) >= 8
    assert "Began with a report" not in json.dumps([one for one in figures(app)])


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
    assert "difference by urban or rural in the share of referrals accepted" in said(app)
    assert "wait longer" not in " ".join(headlines(app))


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
    assert "would be here" in text
    assert "python -m etl template referral" in text


def test_when_all_is_hidden_every_card_says_so(open_page, tiny_folder) -> None:
    app = open_page("pathway", tiny_folder)
    assert said(app).count("Nothing here can be shown") >= 5


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
    units = [one for one in headlines(app) if "(UK)" in one]
    assert len(units) == len(UK), "one card each: units are never mixed on one axis"
