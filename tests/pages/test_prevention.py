"""Prevention and training: each card's headline, each planted fact, each state, filters from outside."""

import html
import re

import pytest
from streamlit.testing.v1 import AppTest

from analysis import Question, answer, load_catalog, open_release
from etl.demonstration import load_facts
from tests import release_states
from tests.pages.charts_read import charts, values_of
from tests.pages.conftest import said
from tests.support import PROJECT

FACTS = load_facts()
WORDS = load_catalog()


def headlines(app) -> list[str]:
    found = re.findall(r'class="ltt-headline">(.*?)</h', said(app), flags=re.DOTALL)
    return [html.unescape(one) for one in found]


def headline(app, part: str) -> str:
    found = [one for one in headlines(app) if part in one]
    assert len(found) == 1, (part, headlines(app))
    return found[0]


@pytest.fixture(scope="module")
def page(demonstration):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LTT_RELEASE", str(demonstration))
        app = AppTest.from_file(str(PROJECT / "dashboard.py"), default_timeout=60).run()
        app.switch_page("pages/prevention.py").run()
        assert not app.exception
        yield app


def test_every_card_states_its_finding(page) -> None:
    for part in (
        "People reached face to face rose to",
        "Most people were reached at: school or college",
        "People reached per 1,000 residents ranged from",
        "Vietnamese speakers were reached least",
        "Cost per person reached rose to",
        "Cost per person reached: highest for",
        "See It, Say It Softly: reports rose",
        "campaigns since 2018 cost",
        "People trained rose to",
        "have the largest share trained",
        "Test scores rose after trainings",
        "More people passed the test after a training",
        "Police: people trained",
        "First identified by police:",
        "Safe Places open",
        "Hours a week at a Safe Place: highest for",
        "people who asked for help at Safe Places",
        "were passed on to a service, fewest of all",
    ):
        headline(page, part)


def test_nothing_blames_or_claims_a_cause(page) -> None:
    text = said(page).lower()
    for word in ("significant", "thanks to", "because of the campaign", "led to", "worst", "victims"):
        assert word not in text, word
    assert "shows that a number was unusual, not why" in text
    assert "do not show that one caused the other" in text


def test_the_campaign_raised_reports_and_not_much_else(page) -> None:
    fact = FACTS["campaign"]
    told = headline(page, fact["name"].split(" (")[0])
    assert "reports rose, people identified by others did not clearly change" in told
    own, others = (part.split(" times (") for part in told.split(" knew of ")[1].split(", others of "))
    limits = [float(one) for one in own[1].split(")")[0].split("–")]
    # Quarters that are not shown make the usual number a little high: the interval holds what was planted.
    assert limits[0] <= fact["found"]["value"] <= limits[1]
    assert limits[0] <= float(own[0]) <= limits[1] and limits[0] > 1
    assert float(others[0]) == pytest.approx(
        fact["found_elsewhere"]["value"], abs=fact["found_elsewhere"]["tolerance"]
    )


def test_the_campaign_is_set_beside_published_quarters(page, demonstration) -> None:
    release = open_release(demonstration)
    where = {"area": ("TM1",), "source": ("tm_hotline",)}
    [cells] = answer([Question("detected_persons", ["period"], where, period_level="quarter")], release)
    values = dict(zip(cells.frame["period"], cells.frame["value"], strict=True))
    told = headline(page, "are usual")
    assert f"knew of {values['2022-Q2'] + values['2022-Q3']:.0f} people in Saltreach" in told
    assert "in April 2022 to September 2022" in told


def test_the_area_of_the_campaign_stands_apart_from_the_others(page) -> None:
    told = headline(page, "Against them Saltreach")
    found = re.match(
        r"Saltreach: ([\d.]+) times \(([\d.]+)–([\d.]+)\) the usual number; (\d) other counties together: "
        r"([\d.]+) times \(.*\)\. Against them Saltreach had clearly more, ([\d.]+) times "
        r"\(([\d.]+)–([\d.]+)\)\.",
        told,
    )
    assert found, told
    here, low, high, _, elsewhere, apart, _, _ = (float(one) for one in found.groups())
    assert low <= FACTS["campaign"]["found"]["value"] <= high
    assert 0.7 <= elsewhere <= 1.4, "nothing was planted there"
    assert apart == pytest.approx(here / elsewhere, abs=0.35)


def test_another_campaign_changed_nothing_clearly(open_page, demonstration) -> None:
    app = open_page("prevention", release_folder=demonstration, campaign="ask_twice")
    assert "did not clearly change" in headline(app, "Ask Twice")
    assert "reports rose" not in said(app)


def test_the_language_left_out_is_named(page) -> None:
    label = WORDS.label_of("outreach_language", FACTS["language_left_out"]["language"])
    told = headline(page, "speakers were reached least for their number")
    assert told.startswith(f"{label} speakers")


def test_the_role_trained_most_is_named_with_its_share(page) -> None:
    fact = FACTS["trained_most"]
    told = headline(page, "have the largest share trained")
    assert told.startswith(WORDS.label_of("audience_role", fact["role"]))
    share = int(told.split("trained: ")[1].split("%")[0])
    assert share / 100 == pytest.approx(fact["found"]["value"], abs=fact["found"]["tolerance"])


def test_the_role_that_learnt_and_the_one_that_did_not_are_named(page) -> None:
    fact = FACTS["knowledge_gain"]
    told = headline(page, "Test scores rose after trainings in 8 of 9 roles")
    most, none = told.split("; ")
    assert "most for health staff" in most and fact["role"] == "health"
    points = float(most.split("(+")[1].split(" points")[0])
    assert points == pytest.approx(fact["found"]["value"], abs=fact["found"]["tolerance"])
    assert (
        none.startswith("no clear change for hotel and hospitality staff")
        and fact["without"] == "hospitality"
    )


def test_the_kind_of_site_that_passes_few_on_is_named(page) -> None:
    fact = FACTS["onward_referral_low"]
    told = headline(page, "fewest of all kinds of Safe Place")
    assert told.startswith(WORDS.label_of("safe_place_kind", fact["kind"]))
    share = int(told.split(": ")[1].split("%")[0])
    assert share / 100 == pytest.approx(fact["found"]["value"], abs=fact["found"]["tolerance"])


def test_bars_are_the_published_figures(page, demonstration) -> None:
    [published] = answer([Question("people_reached", ["host_type"])], open_release(demonstration))
    drawn = values_of(charts(page)["hosts_chart"]["data"][0]["x"])
    assert sorted(drawn) == sorted(published.frame["value"].drop_nulls().to_list())


def test_areas_keep_their_order(page) -> None:
    drawn = values_of(charts(page)["areas_chart"]["data"][0]["y"])
    assert drawn == ["Saltreach", "Larkfield", "Quillmoor", "Vennbrook", "Harrowfen"]


def test_the_role_beside_people_identified_can_be_chosen(open_page, demonstration) -> None:
    app = open_page("prevention", release_folder=demonstration, role="ngo")
    assert headline(app, "Staff of voluntary organisations: people trained")
    assert headline(app, "First identified by voluntary organisation:")


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
    assert len(headlines(app)) >= 8
    assert "<script>alert" not in said(app)


def test_a_county_shows_its_own_trainings_and_campaigns(open_page, demonstration) -> None:
    app = open_page("prevention", release_folder=demonstration, area="TM3")
    text = said(app)
    assert "Somebody Will Listen" in text and "Offline and On" in text
    assert "Know Your Rights at Harvest" not in text


def test_a_period_before_any_campaign_says_so(open_page, demonstration) -> None:
    app = open_page("prevention", release_folder=demonstration, period="2016..2017")
    assert "No campaign ran in these areas and periods." in said(app)


@pytest.mark.parametrize("state", ["person_only", "published_only", "no_areas", "tiny"])
def test_without_its_tables_each_part_says_what_would_be_here(open_page, tmp_path, state) -> None:
    place = release_states.make(state, tmp_path / state)
    text = said(open_page("prevention", release_folder=place))
    for table in ("outreach_event", "campaign", "training_session", "safe_place"):
        assert f"python -m etl template {table}" in text
    assert text.count("would be here") >= 4


WITHOUT = {
    "language_speakers": "DELETE FROM observation WHERE measure = 'language_speakers'",
    "workforce": "DELETE FROM observation WHERE measure LIKE 'workforce%'",
    "safe_place_use": "DELETE FROM collection WHERE subject = 'safe_place_contact'",
    "campaign": "DROP TABLE register_campaign",
}


@pytest.mark.parametrize("table", WITHOUT)
def test_one_table_that_is_missing_takes_one_card_with_it(open_page, demonstration, tmp_path, table) -> None:
    place = release_states.changed(demonstration, tmp_path / "less", [WITHOUT[table]])
    app = open_page("prevention", release_folder=place)
    assert f"python -m etl template {table}" in said(app)
    assert len(headlines(app)) >= 12


def test_a_language_without_any_event_is_told_first(open_page, demonstration, tmp_path) -> None:
    none = ["DELETE FROM observation WHERE measure = 'outreach_reach' AND outreach_language = 'vietnamese'"]
    place = release_states.changed(demonstration, tmp_path / "less", none)
    told = headline(open_page("prevention", release_folder=place), "No event in")
    assert told.startswith("No event in 2016–2025 was in Vietnamese, which ")


def test_when_people_are_hidden_the_cards_of_people_say_so(open_page, demonstration, tmp_path) -> None:
    hidden = ["DELETE FROM cell_safe_place_contact", "DELETE FROM cell_person"]
    place = release_states.changed(demonstration, tmp_path / "hidden", hidden)
    app = open_page("prevention", release_folder=place)
    assert said(app).count("Nothing here can be shown") >= 3
    assert "too few numbers can be shown to compare" in headline(app, "See It, Say It Softly")
