"""Service gaps: each card's finding, the planted fact, what-if by link, and every state of a release."""

import re

import pytest

from analysis import Question, answer, open_release
from analysis.questions.question import Where
from etl.demonstration import load_facts
from tests import release_states
from tests.etl.made_directory import UNIT, made_directory
from tests.etl.made_home import command_line
from tests.pages.conftest import headlines, said, verdicts

FACT = load_facts()["men_and_boys_unmet"]
OPEN = ["largest", "matrix", "what_if", "counties", "reasons", "barriers", "places", "reach_60_share"]
LARGEST = "Housing and shelter for men and boys is the largest unmet need: about "
YEARS = 3


@pytest.fixture
def page(open_page, demonstration):
    """Open the page on the demonstration, with an address."""
    return lambda **address: open_page("gaps", release_folder=demonstration, **address)


def numbers(text: str) -> list[int]:
    return [int(number.replace(",", "")) for number in re.findall(r"\d[\d,]*", text)]


def table(app, column: str) -> dict[str, list[str]]:
    """Return the rows of the table with a column: what stands first to the other cells."""
    [found] = [one for one in re.findall(r"<table>.*?</table>", said(app), re.S) if column in one]
    rows = re.findall(r'<th scope="row">([^<]+)</th>(.*?)</tr>', found, re.S)
    return {name: re.findall(r"<td[^>]*>([^<]*)</td>", cells) for name, cells in rows}


def as_tables(app, *keys: str):
    """Turn cards from their chart to their table."""
    for key in keys:
        app.session_state[f"{key}_as_table"] = True
    return app.run()


def test_what_a_meeting_needs_is_open_and_what_if_stands_second(page) -> None:
    assert list(headlines(page())) == [*OPEN, "directory"]
    every = headlines(page(every_card=True))
    assert len(every) == 27
    assert not [words for words in every.values() if not words.endswith(".")]


def test_the_planted_fact_is_the_headline(page) -> None:
    assert (FACT["service_type"], FACT["eligibility"]) == ("housing", "men_and_boys")
    app = page()
    assert headlines(app)["largest"].startswith(LARGEST)
    assert verdicts(app)["largest"] == "1"
    rows = table(as_tables(app, "largest"), "Share not met")
    share, interval = rows["Housing and shelter for men and boys"][2:]
    low, high = numbers(interval)
    assert low <= 100 * FACT["unmet_share"] <= high
    assert f", {share} of those who need it." in headlines(app)["largest"]


def test_the_headline_is_the_published_number_a_year(page, demonstration) -> None:
    where: Where = (("eligibility", ("men_and_boys",)), ("service_type", ("housing",)))
    [published] = answer(
        [Question("needs_unmet", (), where, periods=("2023", "2025"))], open_release(demonstration)
    )
    row = published.frame.row(0, named=True)
    value, lower, upper = (row[name] / YEARS for name in ("value", "lower", "upper"))
    assert f"about {value:,.0f} ({lower:,.0f}–{upper:,.0f}) people a year" in headlines(page())["largest"]


def test_one_number_of_people_who_go_without_on_every_card(page) -> None:
    """361 in three years, 170, 120 and 93 were four numbers of one shortage."""
    app = as_tables(page(every_card=True), "what_if", "smallest", "largest")
    told = headlines(app)
    before = table(app, "Of the change")["People who go without, a year"][0]
    assert f"about {before} (" in told["largest"]
    [smallest] = [row for name, row in table(app, "Still without").items() if "men and boys" in name]
    served, still = numbers(smallest[1])[0], numbers(smallest[2])[0]
    assert served + still == int(before)
    assert f"would serve {served} (" in told["smallest"]
    assert f"; {still} would still go without." in told["smallest"]
    assert "close the largest gap" not in said(app)


def test_places_for_men_and_boys_are_too_few_and_others_have_room(page) -> None:
    app = as_tables(page(), "places")
    assert headlines(app)["places"].startswith("There are too few places in housing and shelter for men and")
    rows = table(app, "In use")
    assert rows["Housing and shelter for men and boys"][-1] == "too few"
    assert rows["Housing and shelter for women"][-1] == "room"
    room = sum(cells[-1] == "room" for cells in rows.values())
    assert headlines(app)["places"].endswith(f"; {room} of {len(rows)} services have room.")


def test_the_range_of_the_headline_is_the_range_of_the_grid(page) -> None:
    app = as_tables(page(), "matrix")
    [found] = [one for one in re.findall(r"<table>.*?</table>", said(app), re.S) if ">Area</th>" in one]
    shown = [numbers(cell)[0] for cell in re.findall(r"<td[^>]*>(\d+%\*?)</td>", found)]
    assert any("*" in cell for cell in re.findall(r"<td[^>]*>(\d+%\*?)</td>", found)), "sums of a part too"
    assert (
        headlines(app)["matrix"]
        == f"From {min(shown)}% to {max(shown)}% of needs were not met, by area and service."
    )


def test_every_area_stands_in_one_chart_and_is_an_estimate(page) -> None:
    app = as_tables(page(if_places="6"), "counties")
    rows = table(app, "Go without now, estimated")
    assert len(rows) == 5 and next(iter(rows)) == "Saltreach", "in the order of their codes"
    now = [numbers(cells[0])[0] for cells in rows.values()]
    assert headlines(app)["counties"].startswith(f"Estimated: from {min(now)} to {max(now)} people a year go")
    assert "With 6 places there, estimated" in said(app)
    for name, code in (("Saltreach", "TM1"), ("Harrowfen", "TM5")):
        alone = table(as_tables(page(if_area=code, if_places="6"), "what_if"), "Of the change")
        assert alone["People who go without, a year, estimated"][:2] == rows[name][:2], "as in the what-if"


def test_a_service_without_groups_is_published_by_area(page) -> None:
    told = headlines(page(if_type="counselling"))["counties"]
    assert told.startswith("From ") and "people a year go without counselling in each of the" in told


def test_no_area_is_named_in_a_headline(page) -> None:
    names = ("Saltreach", "Larkfield", "Quillmoor", "Vennbrook", "Harrowfen")
    told = headlines(page(every_card=True)).values()
    assert not [one for one in told if any(name in one for name in names)]


def test_what_is_of_the_whole_region_says_so_under_an_area(page) -> None:
    told = headlines(page(area="TM1"))
    for key in ("largest", "what_if", "places", "reach_60_share", "directory"):
        assert told[key].endswith(" Whole region"), key
    assert told["counties"].endswith(" All areas")
    for key in ("matrix", "reasons", "barriers"):
        assert told[key].endswith("."), f"{key} follows the area"
    assert headlines(page(gender="female"))["largest"].endswith("All genders")


def test_reach_of_shelter_is_of_the_whole_region_in_tens(page) -> None:
    app = as_tables(page(area="TM1", every_card=True), "reach_60_share", "reach_60_share_area")
    text = said(app)
    assert "in tens, so that none can be found" in text
    reach = [one for one in re.findall(r"<table>.*?</table>", text, re.S) if "60 minutes" in one]
    whole = next(one for one in reach if "Saltreach" not in one)
    [share] = re.findall(r"Housing and shelter</th><td[^>]*>(\d+)%", whole)
    assert int(share) % 10 == 0
    assert not [one for one in reach if "Saltreach" in one and "Housing and shelter" in one]


def test_every_card_says_its_years(page) -> None:
    """The title says all years; the page looks at the newest three."""
    text = said(page())
    for words in (
        "by service and group · Whole region · 2023–2025",
        "Share of needs not met (% of needs with a known outcome) · Whole region · 2023–2025",
        "by area · 2023–2025",
        "Residents within 60 minutes of a service (% of residents) · Whole region · newest",
    ):
        assert words in text, words


def test_the_directory_can_be_searched_by_what_it_shows(page) -> None:
    app = page()
    assert headlines(app)["directory"].startswith("15 services are listed; ")
    app.text_input(key="pick_directory").set_value("counselling quillmoor").run()
    assert headlines(app)["directory"] == "1 of 15 services match the search."
    for name in ("Lantern House", "Saltreach Safe Homes", "Fen Lodgings", "<script>"):
        app.text_input(key="pick_directory").set_value(name).run()
        assert headlines(app)["directory"] == "0 of 15 services match the search.", (
            "hidden names do not match"
        )
        assert "<script>" not in said(app)


def test_no_shelter_is_named_in_the_directory(page) -> None:
    text = said(page())
    assert "Name not listed" in text
    for name in ("Lantern House", "Saltreach Safe Homes", "Fen Lodgings"):
        assert name not in text


def outcome(app) -> dict[str, list[str]]:
    """Return the rows of the what-if card's table: the name of a figure to its cells."""
    return table(as_tables(app, "what_if"), "Of the change")


def test_what_if_is_in_the_link_and_keeps_places(page) -> None:
    app = page(if_type="housing.men_and_boys", if_places="30", if_area="TM1", if_site="TM101")
    rows = outcome(app)
    told = headlines(app)["what_if"]
    assert told.startswith("Estimated: 30 more places in housing and shelter for men and boys in Saltreach")
    assert [name for name in rows if name.startswith("People")], "each number of people of an area says so"
    assert all("estimated" in name for name in rows if name.startswith(("People", "Places,")))
    used, idle = (float(rows[f"Of the change: places {what}"][1]) for what in ("used", "idle"))
    assert used + idle == pytest.approx(30, abs=0.11)
    now, then, _, bounds = rows["Residents within 30 minutes by road, whole region"]
    low, high = numbers(bounds)
    assert numbers(now)[0] <= low <= numbers(then)[0] <= high
    assert "bounds, not a 95% interval" in said(app)
    assert not [name for name in rows if name.startswith(("Gap", "Wait"))], "one gap; a wait is the region's"
    assert "if_places=30" in said(app), "the choice can be sent"


def test_places_added_move_places_within_reach_and_not_travel(page) -> None:
    rows = outcome(page(if_type="legal", if_places="20"))
    [access] = [cells for name, cells in rows.items() if name.startswith("Places within reach")]
    assert float(access[1]) > float(access[0])
    [reach] = [cells for name, cells in rows.items() if name.startswith("Residents within")]
    assert reach[0] == reach[1]
    assert "More places at the same sites bring nobody nearer" in said(page(if_type="legal"))
    fewer = outcome(page(if_type="legal", if_places="-20"))
    [less] = [cells for name, cells in fewer.items() if name.startswith("Places within reach")]
    assert float(less[1]) < float(less[0])


def test_the_same_link_gives_the_same_card(page) -> None:
    address = {"if_type": "employment", "if_places": "-4"}
    first, second = headlines(page(**address))["what_if"], headlines(page(**address))["what_if"]
    assert first == second and first.startswith("4 fewer places in employment")


def test_a_new_number_of_places_changes_wait_and_people_at_once(page) -> None:
    app = page()
    before = outcome(app)
    app.number_input(key="pick_if_places").set_value(40).run()
    after = outcome(app)
    for start in ("Wait", "People who go without", "Of the change: places used", "Places within reach"):
        [name] = [one for one in before if one.startswith(start)]
        assert before[name][1] != after[name][1], name
    assert app.query_params["if_places"] in ("40", ["40"])


def test_the_wait_is_that_of_the_what_if(page) -> None:
    app = page(every_card=True)
    told = headlines(app)["waits"]
    days = outcome(app)["Wait, days"][0]
    assert told.startswith(
        f"The wait for a place is longest in housing and shelter for men and boys: {days} ("
    )
    assert "; across all services, 1 day." in told
    assert "months" in headlines(app)["stay"], "a stay has its unit"


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
    ],
    ids=lambda address: next(iter(address.values())),
)
def test_hostile_choices_fall_back_with_a_notice(page, address) -> None:
    app = page(**address)
    assert app.get("warning"), "a notice says so"
    assert "<script>alert" not in said(app)
    assert headlines(app)["largest"].startswith(LARGEST)


@pytest.mark.parametrize(
    "address",
    [
        {"period": "2019"},
        {"period": "2016..2025"},
        {"area": "TM1"},
        {"area": "TM101,TM501"},
        {"gender": "female", "form": "forced_labour"},
        {"source": "tm_police"},
    ],
    ids=lambda address: ",".join(f"{key}={value}" for key, value in address.items()),
)
def test_filters_and_choices(page, address) -> None:
    told = headlines(page(**address))
    assert next(iter(told)) == "largest" and len(told) >= 5


def test_a_chosen_year_is_what_the_headline_says(page) -> None:
    assert " people a year go without in 2019, " in headlines(page(period="2019"))["largest"]


@pytest.mark.parametrize("state", ["example", "person_only", "published_only", "no_areas", "tiny"])
def test_without_needs_and_places_each_part_says_what_would_be_here(open_page, tmp_path, state) -> None:
    text = said(open_page("gaps", release_folder=release_states.make(state, tmp_path / state)))
    for table in ("service_need", "service_capacity", "service_site", "service"):
        assert f"python -m etl template {table}" in text
    assert text.count("nothing yet") == 4


def test_a_loaded_directory_of_hsds_stands_on_the_page(open_page, tmp_path) -> None:
    run = command_line(tmp_path / "home")
    mapping = tmp_path / "m.toml"
    mapping.write_text(f'[units]\n"{UNIT}" = "places"\n', "utf-8")
    path = made_directory(tmp_path / "hsds_houses")
    assert run("load", path, "--source", "hsds", "--mapping", mapping).code == 0
    assert run("release").code == 0
    app = open_page("gaps", release_folder=run.home.release("public"), every_card=True)
    told = headlines(app)
    assert told["directory"].startswith("6 services are listed")
    assert "210" in told["places_listed"], "the four houses that can be read"
    assert re.search(r"\b7\d%", told["places_full"]), "160 people in 210 places, but for the noise"


def test_needs_alone_are_shown_without_places(open_page, demonstration, tmp_path) -> None:
    statements = (
        "DELETE FROM cell_place_use",
        "DELETE FROM collection WHERE subject = 'place_use'",
        "DELETE FROM observation WHERE source = 'own'",
        "DELETE FROM register_service",
    )
    place = release_states.changed(demonstration, tmp_path / "needs", statements)
    app = open_page("gaps", release_folder=place)
    assert headlines(app)["largest"].startswith(LARGEST)
    assert "what_if" not in headlines(app)
    for name in ("service_capacity", "service_site"):
        assert f"python -m etl template {name}" in said(app)


def test_places_alone_are_shown_without_needs(open_page, demonstration, tmp_path) -> None:
    statements = ("DELETE FROM cell_service_need", "DELETE FROM collection WHERE subject = 'service_need'")
    place = release_states.changed(demonstration, tmp_path / "places", statements)
    app = open_page("gaps", release_folder=place, every_card=True)
    assert "python -m etl template service_need" in said(app)
    assert "occupancy_areas" in headlines(app)


def test_when_all_is_hidden_every_card_says_so(open_page, demonstration, tmp_path) -> None:
    statements = ("DELETE FROM cell_service_need", "DELETE FROM cell_place_use")
    place = release_states.changed(demonstration, tmp_path / "hidden", statements)
    app = open_page("gaps", release_folder=place)
    told = headlines(app)
    for key in ("largest", "matrix", "reasons", "barriers"):
        assert told[key].startswith(("Nothing can be shown here", "There are no figures")), key
    assert "is the largest unmet need" not in said(app)
