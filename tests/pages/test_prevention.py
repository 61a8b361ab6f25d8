"""Prevention and training: each card's headline, each planted fact, each state, filters from outside."""

import re

import pytest

from analysis import Question, answer, load_catalog, open_release
from etl.demonstration import load_facts
from tests import release_states
from tests.pages.charts_read import charts, values_of
from tests.pages.conftest import headlines, said
from tests.pages.opening import opener

FACTS = load_facts()
WORDS = load_catalog()


OPEN = (
    *("places", "languages", "response", "trained_share", "knowledge", "passed_on", "contacts"),
    *("role_trained", "role_identified"),
)
MORE = (
    *(
        "reach",
        "hosts",
        "areas",
        "cost",
        "cost_hosts",
        "response_others",
        "campaigns",
        "trained_total",
    ),
    *("passed", "trained", "sites", "hours", "site_kinds"),
)


@pytest.fixture(scope="module")
def page(demonstration):
    with pytest.MonkeyPatch.context() as patch:
        yield opener(demonstration, patch)("prevention", every_card=True)


def test_a_meeting_sees_nine_cards_and_the_rest_on_request(open_page, demonstration) -> None:
    assert tuple(headlines(open_page("prevention", demonstration))) == OPEN


def test_every_card_states_its_finding(page) -> None:
    told = headlines(page)
    assert set(told) == {*OPEN, *MORE}
    begins = {
        "reach": "People reached face to face rose from about ",
        "languages": "Vietnamese speakers were least likely to be reached: ",
        "places": "Outreach and training reached all 24 areas in 2024.",
        "hosts": "The largest group of people reached face to face is school or college: ",
        "areas": "People reached per 1,000 residents ranged from ",
        "cost": "Cost per person reached rose from ",
        "cost_hosts": "Cost per person reached is highest for ",
        "response": "See It, Say It Softly: ",
        "campaigns": "6 campaigns since 2018 cost ",
        "trained_total": "People trained rose from about ",
        "knowledge": "Test scores rose after training in 8 of 9 roles",
        "passed": "More people passed the test after training than before it in 8 of 9 roles",
        "role_trained": "People trained: police rose from ",
        "role_identified": "People identified: police rose from ",
        "sites": "Safe Places open rose from ",
        "hours": "The average hours a week at a Safe Place is highest for ",
        "contacts": "People who asked for help at Safe Places rose from about ",
    }
    for card, words in begins.items():
        assert told[card].startswith(words), told[card]
    assert all(sentence.endswith(".") for sentence in told.values())
    assert "trainings" not in " ".join(told.values()).lower()


def test_the_number_of_safe_places_is_said_over_a_line_of_all_of_them(page) -> None:
    lines = [
        trace for trace in charts(page)["sites_chart"]["data"] if trace.get("mode", "").startswith("lines")
    ]
    rises = re.match(r"Safe Places open rose from (\d+) in 2016–2018 to (\d+)", headlines(page)["sites"])
    highest = max(value for trace in lines for value in values_of(trace["y"]) if value is not None)
    assert rises and int(rises[2]) <= highest


def test_nothing_blames_or_claims_a_cause(page) -> None:
    text = said(page).lower()
    for word in ("significant", "thanks to", "because of the campaign", "led to", "worst", "victims"):
        assert word not in text, word
    assert "shows when and where the numbers changed, not what made them change" in text
    assert "do not show that one caused the other" in text


def test_the_campaign_raised_reports_and_not_much_else(page, open_page, demonstration) -> None:
    told = headlines(page)
    found = re.search(
        r"were ([\d.]+) times \(([\d.]+)–([\d.]+)\) what other counties let expect", told["response"]
    )
    assert found, told["response"]
    own, low, high = map(float, found.groups())
    assert 1 < low <= FACTS["campaign"]["found"]["value"] <= high and low <= own <= high
    assert re.match(r"None of the \w+ other contributors that can be compared saw", told["response_others"])
    there = headlines(open_page("initiatives", demonstration, initiative="campaign:say_it_softly"))
    assert there["effect"] == told["response"], "one code: the same finding in the same words"


def test_another_campaign_changed_nothing_clearly(open_page, demonstration) -> None:
    app = open_page("prevention", demonstration, campaign="ask_twice")
    assert re.match(r"Ask Twice: no clear difference in ", headlines(app)["response"])


def test_the_language_left_out_is_named(page) -> None:
    label = WORDS.label_of("outreach_language", FACTS["language_left_out"]["language"])
    assert headlines(page)["languages"].startswith(f"{label} speakers were least likely to be reached")


def _highest_and_lowest(sentence: str) -> tuple[tuple[str, int], tuple[str, int]]:
    found = re.search(r"is highest for (.+) \((\d+)%\), lowest for (.+) \((\d+)%\)\.$", sentence)
    assert found, sentence
    return (found[1], int(found[2])), (found[3], int(found[4]))


def test_the_role_trained_most_is_named_with_its_share(page) -> None:
    fact = FACTS["trained_most"]
    (role, share), _ = _highest_and_lowest(headlines(page)["trained_share"])
    assert role == WORDS.label_of("audience_role", fact["role"]).lower()
    assert share / 100 == pytest.approx(fact["found"]["value"], abs=fact["found"]["tolerance"])


def test_the_role_that_learnt_and_the_one_that_did_not_are_named(page) -> None:
    fact = FACTS["knowledge_gain"]
    most, none = headlines(page)["knowledge"].split("; ")
    assert "most for health staff" in most and fact["role"] == "health"
    points = float(most.split("(+")[1].split(" points")[0])
    assert points == pytest.approx(fact["found"]["value"], abs=fact["found"]["tolerance"])
    assert none == "no clear change for hotel and hospitality staff."
    assert fact["without"] == "hospitality"


def test_the_kind_of_site_that_passes_few_on_is_named(page) -> None:
    fact = FACTS["onward_referral_low"]
    _, (kind, share) = _highest_and_lowest(headlines(page)["passed_on"])
    assert kind == WORDS.label_of("safe_place_kind", fact["kind"]).lower()
    assert share / 100 == pytest.approx(fact["found"]["value"], abs=fact["found"]["tolerance"])


def test_bars_are_the_published_figures(page, demonstration) -> None:
    [published] = answer([Question("people_reached", ["host_type"])], open_release(demonstration))
    drawn = values_of(charts(page)["hosts_chart"]["data"][0]["x"])
    assert sorted(drawn) == sorted(published.frame["value"].drop_nulls().to_list())


def test_areas_keep_their_order(page) -> None:
    drawn = values_of(charts(page)["areas_chart"]["data"][0]["y"])
    assert drawn == ["Saltreach", "Larkfield", "Quillmoor", "Vennbrook", "Harrowfen"]


def test_the_role_beside_people_identified_can_be_chosen(open_page, demonstration) -> None:
    told = headlines(open_page("prevention", demonstration, every_card=True, role="ngo"))
    assert told["role_trained"].startswith("People trained: staff of voluntary organisations ")
    assert "voluntary organisation" in told["role_identified"]


def test_what_does_not_follow_a_filter_says_so(open_page, demonstration) -> None:
    told = headlines(open_page("prevention", demonstration, every_card=True, area="TM101", age_group="child"))
    assert "All ages" in told["reach"]
    assert "All areas" in told["places"]
    assert "All areas" in told["response"], "a campaign's area is set beside the others"


@pytest.mark.parametrize(
    "address",
    [
        {"area": "TM1"},
        {"area": "TM104"},
        {"period": "2022..2024"},
        {"period": "2022-03..2022-11"},
        {"period": "2025-11..2025-12", "area": "TM503"},
        {"gender": "female", "form": "forced_labour"},
        {"source": "tm_police"},
        {"campaign": "'; DROP TABLE campaign; --", "role": "<script>alert(1)</script>"},
        {"area": "!TM1", "period": "9999", "campaign": "nobody", "role": "x" * 5_000},
    ],
    ids=",".join,
)
def test_filters(open_page, demonstration, address) -> None:
    app = open_page("prevention", release_folder=demonstration, **address)
    assert said(app).count('"ltt-headline"') >= 3
    assert not re.search(r"\bin (and|\.)|  ", " ".join(headlines(app).values()))
    assert "<script>alert" not in said(app)


def test_a_county_shows_its_own_trainings_and_campaigns(open_page, demonstration) -> None:
    app = open_page("prevention", demonstration, every_card=True, area="TM3")
    text = said(app)
    assert "Somebody Will Listen" in text and "Offline and On" in text
    assert "Know Your Rights at Harvest" not in text


def test_a_period_before_any_campaign_says_so(open_page, demonstration) -> None:
    app = open_page("prevention", demonstration, every_card=True, period="2016..2017")
    assert "No campaign ran in these areas and periods." in said(app)


@pytest.mark.parametrize("state", ["person_only", "published_only", "no_areas", "tiny"])
def test_without_its_tables_each_part_says_what_would_be_here(open_page, tmp_path, state) -> None:
    place = release_states.make(state, tmp_path / state)
    text = said(open_page("prevention", release_folder=place))
    for table in ("outreach_event", "campaign", "training_session", "safe_place"):
        assert f"python -m etl template {table}" in text
    assert text.count(": nothing yet</p>") >= 4


WITHOUT = {
    "language_speakers": "DELETE FROM observation WHERE measure = 'language_speakers'",
    "workforce": "DELETE FROM observation WHERE measure LIKE 'workforce%'",
    "safe_place_use": "DELETE FROM collection WHERE subject = 'safe_place_contact'",
    "campaign": "DROP TABLE register_campaign",
}


@pytest.mark.parametrize("table", WITHOUT)
def test_one_table_that_is_missing_takes_one_card_with_it(open_page, demonstration, tmp_path, table) -> None:
    place = release_states.changed(demonstration, tmp_path / "less", [WITHOUT[table]])
    app = open_page("prevention", place, every_card=True)
    assert f"python -m etl template {table}<" in said(app)
    assert len(headlines(app)) >= 12


def test_a_language_without_any_event_is_told_first(open_page, demonstration, tmp_path) -> None:
    none = ["DELETE FROM observation WHERE measure = 'outreach_reach' AND outreach_language = 'vietnamese'"]
    place = release_states.changed(demonstration, tmp_path / "less", none)
    told = headlines(open_page("prevention", place))["languages"]
    assert re.match(r"No event was in Vietnamese, which [\d,]+ residents speak\.$", told)


def test_when_people_are_hidden_the_cards_of_people_say_so(open_page, demonstration, tmp_path) -> None:
    hidden = ["DELETE FROM cell_safe_place_contact", "DELETE FROM cell_person"]
    place = release_states.changed(demonstration, tmp_path / "hidden", hidden)
    app = open_page("prevention", place, every_card=True)
    assert said(app).count(">Nothing here can be shown<") >= 3
    assert "cannot be compared, because too many of its numbers are below 10" in headlines(app)["response"]
