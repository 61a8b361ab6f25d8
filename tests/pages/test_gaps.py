"""Service gaps: each card's finding, the planted fact, what-if by link, and every state of a release."""

import re

import pytest

from analysis import Question, answer, open_release
from etl.demonstration import load_facts
from tests import release_states
from tests.pages.conftest import said

FACT = load_facts()["men_and_boys_unmet"]


@pytest.fixture
def page(open_page, demonstration):
    """Open the page on the demonstration, with an address."""
    return lambda **address: open_page("gaps", release_folder=demonstration, **address)


def headlines(app) -> list[str]:
    return re.findall(r'class="ltt-headline">([^<]+)<', said(app))


def headline(app, start: str) -> str:
    found = [one for one in headlines(app) if one.startswith(start)]
    assert len(found) == 1, headlines(app)
    return found[0]


def numbers(text: str) -> list[int]:
    return [int(number.replace(",", "")) for number in re.findall(r"\d[\d,]*", text)]


def test_the_planted_fact_is_the_headline(page) -> None:
    assert (FACT["service_type"], FACT["eligibility"]) == ("housing", "men_and_boys")
    found = headline(page(), "Housing and shelter for men and boys is the largest unmet need")
    share, low, high = numbers(found)[-3:]
    assert low <= 100 * FACT["unmet_share"] <= high
    assert low <= share <= high


def test_the_headline_is_the_published_number(page, demonstration) -> None:
    where = {"service_type": "housing", "eligibility": "men_and_boys"}
    [published] = answer(
        [Question("needs_unmet", (), where, periods=("2023", "2025"))], open_release(demonstration)
    )
    row = published.frame.row(0, named=True)
    assert f"{row['value']:,.0f} ({row['lower']:,.0f}–{row['upper']:,.0f}) not met in 2023–2025" in said(
        page()
    )


def test_places_for_men_and_boys_are_full_and_others_have_room(page) -> None:
    found = headline(page(), "Housing and shelter: places for")
    assert "men and boys are full" in found
    assert "women" in found.split("those for")[1]


def test_more_places_for_men_and_boys_are_the_smallest_change_that_closes_the_largest_gap(page) -> None:
    found = [one for one in headlines(page()) if "would close the largest gap" in one]
    assert len(found) == 1
    assert "places in housing and shelter for men and boys" in found[0]


def test_every_card_states_a_finding(page) -> None:
    text = headlines(page())
    for start in (
        "Need is larger than places can take in: housing and shelter for men and boys",
        "By type of service: places for",
        "With 10 more places in housing and shelter for men and boys",
        "Within 60 minutes by road: from",
        "In some areas nobody is within 60 minutes of ",
        "15 services are listed; 1 without an organisation that is listed, 1 without a known place",
    ):
        assert [one for one in text if one.startswith(start)], start
    assert [one for one in text if "of needs were not met, by area and type of service" in one]


def test_no_area_is_named_in_a_headline(page) -> None:
    names = ("Saltreach", "Larkfield", "Quillmoor", "Vennbrook", "Harrowfen")
    assert not [one for one in headlines(page()) if any(name in one for name in names)]


def test_no_shelter_is_named_in_the_directory(page) -> None:
    text = said(page())
    assert "Name not listed" in text
    for name in ("Lantern House", "Saltreach Safe Homes", "Fen Lodgings"):
        assert name not in text


def outcome(app) -> dict[str, list[str]]:
    """Return the rows of the what-if card's table: the name of a figure to its cells."""
    [table] = [one for one in re.findall(r"<table>.*?</table>", said(app), re.S) if "Of the change" in one]
    rows = re.findall(r'<th scope="row">([^<]+)</th>(.*?)</tr>', table, re.S)
    return {name: re.findall(r"<td[^>]*>([^<]*)</td>", cells) for name, cells in rows}


def test_what_if_is_in_the_link_and_keeps_places(page) -> None:
    app = page(if_type="housing.men_and_boys", if_places="30", if_area="TM1", if_site="TM101")
    text, rows = said(app), outcome(app)
    assert "With 30 more places in housing and shelter for men and boys" in text
    assert "Estimated for this area" in text
    used, idle = (float(rows[f"Of the change: places {what}"][1]) for what in ("used", "idle"))
    assert used + idle == pytest.approx(30, abs=0.11)
    now, then, _, bounds = rows["Residents within 30 minutes by road, whole region"]
    low, high = numbers(bounds)
    assert numbers(now)[0] <= low <= numbers(then)[0] <= high
    assert "bounds, not a 95% interval" in text
    link = [element.value for element in app.get("code") if "if_places=30" in element.value]
    assert link, "the choice can be sent"


def test_places_added_move_places_within_reach_and_not_travel(page) -> None:
    rows = outcome(page(if_type="legal", if_places="20"))
    [access] = [cells for name, cells in rows.items() if name.startswith("Places within reach")]
    assert float(access[1]) > float(access[0])
    [reach] = [cells for name, cells in rows.items() if name.startswith("Residents within")]
    assert reach[0] == reach[1]
    assert "More places at the sites there are bring nobody nearer" in said(page(if_type="legal"))
    fewer = outcome(page(if_type="legal", if_places="-20"))
    [less] = [cells for name, cells in fewer.items() if name.startswith("Places within reach")]
    assert float(less[1]) < float(less[0])


def test_the_card_and_its_file_say_what_they_rest_on(page) -> None:
    app = page(if_type="housing.men_and_boys", if_places="30")
    text = said(app)
    for words in ("Source: ", "as of ", "Synthetic data, fictional place: no row", "Assumed: A simple model"):
        assert words in text.split("With 30 more places")[1], words


def test_the_same_link_gives_the_same_card(page) -> None:
    address = {"if_type": "employment", "if_places": "-4"}
    first, second = page(**address), page(**address)
    assert headline(first, "With 4 places fewer") == headline(second, "With 4 places fewer")


def test_a_new_number_of_places_changes_gap_wait_and_people_at_once(page) -> None:
    app = page()
    before = outcome(app)
    app.number_input(key="pick_if_places").set_value(40).run()
    after = outcome(app)
    for start in ("Gap: ", "Wait", "People not served", "Of the change: places used", "Places within reach"):
        [name] = [one for one in before if one.startswith(start)]
        assert before[name][1] != after[name][1], name
    assert app.query_params["if_places"] in ("40", ["40"])


def test_waits_are_drawn_where_enough_of_them_can_be_shown(page) -> None:
    text = said(page())
    headline = text[text.index("The wait for a place is longest in ") :].split("<", 1)[0]
    assert "housing and shelter for men and boys: 22 (" in headline, "as in the what-if"
    assert "; over all places together " in headline
    assert "Average stay" in text
    assert "Wait (days)" not in text, "a column that mostly says it is not shown"


@pytest.mark.parametrize(
    "address",
    [
        {"if_places": "1e9"},
        {"if_places": "9999"},
        {"if_places": "<script>alert(1)</script>"},
        {"if_places": "١٢"},
        {"if_type": "housing.men_and_boys' OR 1=1"},
        {"if_area": "../../etc"},
        {"if_site": "TM999"},
        {"show": "detected_persons"},
        {"reach": "reach_1_share"},
    ],
    ids=lambda address: next(iter(address.values())),
)
def test_hostile_choices_fall_back_with_a_notice(page, address) -> None:
    app = page(**address)
    assert app.get("warning"), "a notice says so"
    assert "<script>alert" not in said(app)
    assert headline(app, "Housing and shelter for men and boys is the largest unmet need")


@pytest.mark.parametrize(
    "address",
    [
        {"period": "2019"},
        {"period": "2016..2025"},
        {"area": "TM1"},
        {"area": "TM101,TM501"},
        {"gender": "female", "form": "forced_labour"},
        {"source": "tm_police"},
        {"show": "places"},
        {"show": "occupancy", "reach": "access_per_100k"},
        {"show": "people_turned_away", "type": "housing"},
    ],
    ids=lambda address: ",".join(f"{key}={value}" for key, value in address.items()),
)
def test_filters_and_choices(page, address) -> None:
    assert len(headlines(page(**address))) >= 8


def test_a_chosen_year_is_what_the_headline_says(page) -> None:
    assert "not met in 2019" in headline(page(period="2019"), "Housing and shelter for men and boys")


@pytest.mark.parametrize("state", ["example", "person_only", "published_only", "no_areas", "tiny"])
def test_without_needs_and_places_each_part_says_what_would_be_here(open_page, tmp_path, state) -> None:
    text = said(open_page("gaps", release_folder=release_states.make(state, tmp_path / state)))
    for table in ("service_need", "service_capacity", "service_site", "service"):
        assert f"python -m etl template {table}" in text
    assert text.count("would be here") == 4


def test_needs_alone_are_shown_without_places(open_page, demonstration, tmp_path) -> None:
    statements = (
        "DELETE FROM cell_place_use",
        "DELETE FROM collection WHERE subject = 'place_use'",
        "DELETE FROM observation WHERE source = 'own'",
        "DELETE FROM register_service",
    )
    place = release_states.changed(demonstration, tmp_path / "needs", statements)
    app = open_page("gaps", release_folder=place)
    assert headline(app, "Housing and shelter for men and boys is the largest unmet need")
    assert "python -m etl template service_capacity" in said(app)
    assert "Both must be loaded" in said(app)


def test_places_alone_are_shown_without_needs(open_page, demonstration, tmp_path) -> None:
    statements = ("DELETE FROM cell_service_need", "DELETE FROM collection WHERE subject = 'service_need'")
    place = release_states.changed(demonstration, tmp_path / "places", statements)
    text = said(open_page("gaps", release_folder=place))
    assert "men and boys are full" in text
    assert "python -m etl template service_need" in text


def test_when_all_is_hidden_every_card_says_so(open_page, demonstration, tmp_path) -> None:
    statements = ("DELETE FROM cell_service_need", "DELETE FROM cell_place_use")
    place = release_states.changed(demonstration, tmp_path / "hidden", statements)
    app = open_page("gaps", release_folder=place)
    assert said(app).count("Nothing here can be shown") >= 5
    assert not [one for one in headlines(app) if "is the largest unmet need" in one]
