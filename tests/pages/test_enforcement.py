"""Enforcement: each headline, every planted fact in words, every state, and filters that do not fit."""

import re

import pytest

from analysis import Question, answer, open_release
from etl.cli import main
from tests import release_states
from tests.pages.charts_read import charts, drawn_numbers
from tests.pages.conftest import headlines, said, verdicts
from tests.pages.opening import opener
from tests.support import real_data

TABLES = ("investigation", "charge", "operation_person")
OPEN = ("opened", "proactive", "stages", "trafficking", "time", "exploited", "referred")
MORE = (
    *("forms", "agencies", "reached", "outcomes", "by_arrest", "by_exception", "arrest_to_charge"),
    *("dispositions", "convicted", "charges", "links", "met", "held", "per_operation"),
)
CARDS = {*OPEN, *MORE}


@pytest.fixture(scope="module")
def page(demonstration):
    """The page on the demonstration with every card, opened once."""
    with pytest.MonkeyPatch.context() as patch:
        yield opener(demonstration, patch)("enforcement", every_card=True)


@pytest.fixture(scope="module")
def told(page) -> dict[str, str]:
    return headlines(page)


def test_a_meeting_sees_seven_cards_and_the_rest_on_request(open_page, demonstration) -> None:
    assert tuple(headlines(open_page("enforcement", demonstration))) == OPEN


def test_every_card_is_there(page, told) -> None:
    assert set(charts(page)) == {f"{key}_chart" for key in CARDS}
    assert set(told) == CARDS
    assert all(sentence.endswith(".") for sentence in told.values()), told


LONG_RUN = r"{} from {} in 2016–2018 to {} \(\d+–\d+(?:%)?\) in 2022–2024; "


def change(told: dict[str, str], card: str, begins: str, unit: str) -> int:
    """Return by how much a headline says that a figure rose from the first three years to the last three."""
    number = rf"(\d+){unit}"
    found = re.match(LONG_RUN.format(begins, number, number), told[card])
    assert found, told[card]
    return int(found[2]) - int(found[1])


def test_planted_the_proactive_share_rose(page, told) -> None:
    rise = change(told, "proactive", "The share of investigations that were proactive rose", "%")
    assert rise == pytest.approx(19, abs=4)
    assert verdicts(page)["proactive"].startswith("long 1")


def test_planted_forced_labour_reaches_a_trafficking_charge_less_often(told) -> None:
    found = re.match(
        r"The share of investigations that reached a trafficking charge is highest for sexual exploitation "
        r"\((\d+)%\), lowest for forced labour \((\d+)%\)\.$",
        told["reached"],
    )
    assert int(found[1]) - int(found[2]) == pytest.approx(14.5, abs=4.5)


def test_planted_time_to_disposition_grew(told) -> None:
    rise = change(told, "time", "The median time from charge to disposition rose", " days")
    assert rise == pytest.approx(125, abs=35)


def test_planted_more_people_met_were_referred(told) -> None:
    rise = change(told, "referred", "The share of people met in operations who were referred rose", "%")
    assert rise == pytest.approx(35, abs=5)


def test_the_share_of_exploited_people_arrested_is_a_change_and_not_a_sum(page, told) -> None:
    """A sum over ten years hides that the share halved in 2021."""
    begins = "The share of people arrested in operations who were met as exploited fell"
    assert change(told, "exploited", begins, "%") < -10
    assert charts(page)["exploited_chart"]["data"][0]["type"] == "scatter"


def test_the_share_of_trafficking_charges_is_said_over_the_chart_that_shows_it(page, told) -> None:
    assert told["trafficking"].startswith("The share of charges that were trafficking charges")
    drawn = [n for trace in charts(page)["trafficking_chart"]["data"] for n in drawn_numbers(trace)]
    assert drawn and max(drawn) <= 100


def test_the_other_headlines_say_what_was_counted(told) -> None:
    assert re.match(
        r"\d+% of investigations have so far led to an arrest or summons, \d+% to a charge and \d+% to a "
        r"trafficking conviction\.$",
        told["stages"],
    )
    assert re.match(
        r"Of [\d,]+ people met in operations, [\d,]+ were referred to a service and [\d,]+ were arrested\.$",
        told["met"],
    )
    assert re.match(
        r"At least \d+ charges name an investigation that we do not hold and at least \d+ name no "
        r"investigation\.$",
        told["links"],
    )
    assert told["outcomes"].startswith("The largest group of investigations opened is cleared by arrest: ")
    for sentence in told.values():
        assert not re.search(r"significant|victim|\bcase\b|fail|blame|only", sentence, re.IGNORECASE), (
            sentence
        )


def test_no_headline_has_more_than_three_numbers_besides_years_and_intervals(told) -> None:
    for sentence in told.values():
        plain = re.sub(r"\([^)]*–[^)]*\)|\b(?:19|20)\d\d(?:–\d{4})?\b", "", sentence)
        assert len(re.findall(r"\d[\d,.]*", plain)) <= 3, sentence


def test_the_numbers_of_the_funnel_are_published_numbers(page, demonstration) -> None:
    release = open_release(demonstration)
    codes = (
        "investigations_opened",
        "investigations_with_arrest",
        "investigations_with_charge",
        "investigations_with_trafficking_charge",
        "investigations_with_conviction",
    )
    wanted = [one.frame["value"][0] for one in answer([Question(code) for code in codes], release)]
    [bars] = [trace for trace in charts(page)["stages_chart"]["data"] if trace.get("name") == "steps"]
    assert drawn_numbers(bars)[: len(codes)] == wanted
    assert wanted == sorted(wanted, reverse=True)


def test_a_contributor_that_never_reports_on_investigations_is_not_called_silent(page) -> None:
    assert "sent no report" not in said(page)


@pytest.mark.parametrize("split", ["form", "investigation_origin", "investigating_agency"])
def test_stages_can_be_compared(open_page, demonstration, split) -> None:
    app = open_page("enforcement", demonstration, compare=split)
    assert re.match(
        r"(No clear difference in t|T)he share of investigations that reached a trafficking charge",
        headlines(app)["stages"],
    )
    drawn = charts(app)["stages_chart"]
    bars = [trace for trace in drawn["data"] if trace.get("name") == "steps"]
    assert 2 <= len(bars) <= 3
    assert all(0 <= value <= 95 for trace in bars for value in drawn_numbers(trace))


@pytest.mark.parametrize(
    "address",
    [
        {"compare": "<script>alert(1)</script>"},
        {"period": "2024"},
        {"period": "2016..2018", "area": "TM1"},
        {"area": "TM504", "form": "forced_begging"},
        {"form": "forced_labour,domestic_servitude", "compare": "investigating_agency"},
        {"source": "tm_health"},
        {"source": "tm_police", "area": "TM101", "form": "forced_labour", "compare": "investigation_origin"},
        {"gender": "female", "age_group": "child", "status": "confirmed"},
        {"collection": "nowhere", "area": "' OR 1=1 --", "form": "!forced_labour"},
    ],
    ids=lambda address: ",".join(f"{key}={value}" for key, value in address.items()),
)
def test_filters(open_page, demonstration, address) -> None:
    app = open_page("enforcement", demonstration, every_card=True, **address)
    drawn = headlines(app)
    refused = said(app).count("Leave out one of")
    assert len(drawn) + refused == len(CARDS)
    assert "<script>alert" not in said(app)


def test_a_figure_that_does_not_follow_a_filter_says_so_beside_its_headline(open_page, demonstration) -> None:
    told = headlines(open_page("enforcement", demonstration, gender="female"))
    assert all(
        "every gender" in sentence.lower() or "all genders" in sentence.lower() for sentence in told.values()
    )


def test_one_year_has_no_early_and_late_years(open_page, demonstration) -> None:
    told = headlines(open_page("enforcement", demonstration, period="2024"))
    assert not [one for one in told.values() if re.search(r"\b(rose|fell|change)\b", one)]


# --- states ---

NOTHING_YET = ": nothing yet</p>"


def test_with_people_and_referrals_alone_each_part_says_what_would_be_here(open_page) -> None:
    text = said(open_page("enforcement"))
    assert text.count(NOTHING_YET) == len(TABLES)
    for table in ("investigation", "charge", "operation"):
        assert f"python -m etl template {table}<" in text


@pytest.mark.parametrize("missing", TABLES)
def test_a_missing_table_takes_only_its_own_part(open_page, demonstration, tmp_path, missing) -> None:
    statements = [f"DROP TABLE cell_{missing}", f"DELETE FROM collection WHERE subject = '{missing}'"]
    place = release_states.changed(demonstration, tmp_path / "some", statements)
    app = open_page("enforcement", place, every_card=True)
    assert said(app).count(NOTHING_YET) == 1
    assert len(charts(app)) >= 6


def test_with_figures_of_the_fbi_alone_they_are_complete(open_page, tmp_path) -> None:
    place = release_states.make("published_only", tmp_path / "published")
    app = open_page("enforcement", place)
    assert said(app).count(NOTHING_YET) == len(TABLES)
    assert list(charts(app)) == ["fbi_chart"]
    assert "People" not in said(app).split("Beside figures that the FBI publishes")[1].split("Related")[0]


@pytest.mark.real
def test_the_real_file_of_the_fbi_alone_gives_its_published_totals(open_page, tmp_path) -> None:
    file = real_data("fbi-ht-agency-2013-2020", "HT_2013-2020.csv")
    home = tmp_path / "home"
    assert main(["load", str(file), "--source", "fbi_offences", "--home", str(home)]) == 0
    assert main(["release", "--home", str(home)]) == 0
    app = open_page("enforcement", home / "release" / "public")
    known = next(t for t in charts(app)["fbi_chart"]["data"] if t["name"] == "Offences known")
    assert drawn_numbers(known) == [20, 468, 832, 1280, 1298, 1457, 2084, 2160]
    assert said(app).count(NOTHING_YET) == len(TABLES)


def test_fbi_figures_stand_under_own_ones_with_an_axis_and_a_unit_each(
    open_page, demonstration, tmp_path
) -> None:
    place = release_states.changed(demonstration, tmp_path / "both", FBI_ROWS)
    drawn = charts(open_page("enforcement", place))["fbi_chart"]
    axes = {trace["name"]: trace["yaxis"] for trace in drawn["data"] if trace["name"] != "95% interval"}
    assert axes == {"Investigations": "y", "Offences known": "y2", "Offences cleared": "y2"}
    upper, lower = drawn["layout"]["yaxis"]["domain"], drawn["layout"]["yaxis2"]["domain"]
    assert upper[0] > lower[1], "one panel under the other"
    titles = [note["text"] for note in drawn["layout"]["annotations"]]
    assert any("investigations opened" in title for title in titles)
    assert any("trafficking offences (FBI)" in title for title in titles)
    state = charts(open_page("enforcement", place, fbi_place="48"))["fbi_chart"]
    known = next(trace for trace in state["data"] if trace["name"] == "Offences known")
    assert drawn_numbers(known) == [30.0, 40.0]
    county = charts(open_page("enforcement", place, fbi_place="48", fbi_county="48201"))["fbi_chart"]
    known = next(trace for trace in county["data"] if trace["name"] == "Offences known")
    assert drawn_numbers(known) == [25.0], "what the county reported; the year it did not is no zero"
    words = said(open_page("enforcement", place, fbi_place="48", fbi_county="48201"))
    assert "Harris County, Texas" in words
    assert "agencies of several counties, and of the state, count for the state" in words
    app = open_page("enforcement", place, fbi_place="48", fbi_county="48201")
    app.selectbox(key="pick_fbi_place").set_value("06").run()
    assert "is not a choice of" not in said(app), "a county of the state chosen before is let go"
    assert "· California · 2019–2020 · by year" in said(app)
    hostile = said(open_page("enforcement", place, fbi_place="48", fbi_county="x' OR 1=1"))
    assert "is not a choice of" in hostile
    nothing = said(open_page("enforcement", place, fbi_place="Texas; DROP TABLE area"))
    assert "is not a choice of" in nothing


FBI_ROWS = [
    "INSERT INTO area BY NAME SELECT 'us' AS geography, code, name, level, "
    "CASE level WHEN 0 THEN 'nation' WHEN 1 THEN 'state' ELSE 'county' END AS level_name, "
    "CASE level WHEN 1 THEN 'US' WHEN 2 THEN left(code, 2) END AS parent "
    "FROM (VALUES ('US', 'United States', 0), ('06', 'California', 1), ('48', 'Texas', 1), "
    "('48201', 'Harris County', 2), ('06001', 'Alameda County', 2)) "
    "AS made (code, name, level)",
    "INSERT INTO observation BY NAME SELECT 'fbi_offences' AS source, measure, 'offences' AS unit, "
    "'year' AS period_level, period, 'us' AS geography, area_code, 'commercial_sex_acts' AS offence, "
    "'city' AS agency_type, value, '' AS marker "
    "FROM (VALUES ('fbi_offences_known', '2019', '48', 30), ('fbi_offences_known', '2020', '48', 15), "
    "('fbi_offences_known', '2020', '48201', 25), "
    "('fbi_offences_known', '2020', '06', 9), ('fbi_offences_cleared', '2019', '48', 12), "
    "('fbi_offences_cleared', '2020', '48', 20)) AS made (measure, period, area_code, value)",
]


def test_an_own_area_with_the_same_code_is_the_first_choice(open_page, demonstration, tmp_path) -> None:
    renamed = [
        "UPDATE area SET code = '48201' WHERE geography = 'tarrowmere' AND level = 0",
        "UPDATE area SET parent = '48201' WHERE geography = 'tarrowmere' AND level = 1",
    ]
    place = release_states.changed(demonstration, tmp_path / "own", [*FBI_ROWS, *renamed])
    assert "Harris County, Texas" in said(open_page("enforcement", place))


def test_when_all_is_hidden_every_card_says_so(open_page, demonstration, tmp_path) -> None:
    statements = [f"DELETE FROM cell_{table}" for table in TABLES]
    place = release_states.changed(demonstration, tmp_path / "tiny", statements)
    for split in ("", "form"):
        app = open_page("enforcement", place, every_card=True, compare=split)
        assert said(app).count(">Nothing here can be shown<") == len(CARDS) - 1
        assert list(charts(app)) == ["held_chart"], "operations are events, not people"


def test_without_a_release_it_says_how_to_make_one(open_page, tmp_path) -> None:
    assert "No data has been published" in said(open_page("enforcement", tmp_path / "none"))
