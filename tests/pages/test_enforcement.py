"""Enforcement: each headline, every planted fact in words, every state, and filters that do not fit."""

import re

import pytest

from analysis import Question, answer, open_release
from etl.cli import main
from tests import release_states
from tests.pages.charts_read import charts, drawn_numbers
from tests.pages.conftest import said
from tests.support import PROJECT, real_data

TABLES = ("investigation", "charge", "operation_person")
CARDS = (
    "opened",
    "proactive",
    "forms",
    "agencies",
    "stages",
    "reached",
    "outcomes",
    "charges",
    "time",
    "dispositions",
    "met",
    "referred",
    "exploited",
    "held",
    "per_operation",
)


def headlines(app) -> list[str]:
    return re.findall(r'class="ltt-headline">([^<]*)<', said(app))


@pytest.fixture(scope="module")
def page(demonstration):
    """The page on the demonstration, opened once."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LTT_RELEASE", str(demonstration))
        from streamlit.testing.v1 import AppTest  # noqa: PLC0415

        app = AppTest.from_file(str(PROJECT / "dashboard.py"), default_timeout=60)
        app.run()
        app.switch_page("pages/enforcement.py").run()
        assert not app.exception
        yield app


@pytest.fixture(scope="module")
def told(page) -> list[str]:
    return headlines(page)


def test_every_card_is_there(page, told) -> None:
    assert set(charts(page)) == {f"{key}_chart" for key in CARDS}
    assert len(told) == len(CARDS)
    assert all(sentence.endswith(".") for sentence in told), told


def _one(told: list[str], pattern: str) -> re.Match[str]:
    [found] = [match for sentence in told if (match := re.match(pattern, sentence))]
    return found


def test_planted_the_proactive_share_rose(told) -> None:
    found = _one(
        told,
        r"The proactive share of investigations rose to (\d+)% \(\d+–\d+%\) in 2022–2024, "
        r"from (\d+)% \(\d+–\d+%\) in 2016–2018\.$",
    )
    assert int(found[1]) - int(found[2]) == pytest.approx(19, abs=4)


def test_planted_forced_labour_reaches_a_trafficking_charge_less_often(told) -> None:
    found = _one(
        told,
        r"A trafficking charge was reached in (\d+)% \(\d+–\d+%\) of investigations of forced labour, "
        r"against (\d+)% \(\d+–\d+%\) of sexual exploitation\.$",
    )
    assert int(found[2]) - int(found[1]) == pytest.approx(14.5, abs=4.5)


def test_planted_time_to_disposition_grew(told) -> None:
    found = _one(
        told,
        r"The median time from charge to disposition rose to (\d+) days \(\d+–\d+\) in 2022–2024, "
        r"from (\d+) days \(\d+–\d+\) in 2016–2018\.$",
    )
    assert int(found[1]) - int(found[2]) == pytest.approx(125, abs=35)


def test_planted_more_people_met_were_referred(told) -> None:
    found = _one(
        told,
        r"The share of people met who were referred to a service rose to (\d+)% \(\d+–\d+%\) in 2022–2024, "
        r"from (\d+)% \(\d+–\d+%\) in 2016–2018\.$",
    )
    assert int(found[1]) - int(found[2]) == pytest.approx(35, abs=5)


def test_the_other_headlines_say_what_was_counted(told) -> None:
    _one(
        told,
        r"Of every 100 investigations, \d+ have so far led to an arrest or summons, \d+ to a charge, "
        r"\d+ to a trafficking charge, \d+ to a trafficking conviction\.$",
    )
    _one(
        told,
        r"\d+% \(\d+–\d+%\) of investigations were cleared by arrest "
        r"and \d+% \(\d+–\d+%\) by exceptional means\.$",
    )
    _one(told, r"\d+% \(\d+–\d+%\) of the trafficking charges that courts disposed of ended in conviction\.$")
    _one(told, r"Of [\d,]+ \([^)]*\) people met in operations, [\d,]+ \([^)]*\) were referred to a service")
    _one(
        told,
        r"\d+ \(\d+–\d+\) people who were met as exploited were themselves arrested in operations: "
        r"\d+% \(\d+–\d+%\) of the people arrested\.$",
    )
    for sentence in told:
        assert not re.search(r"significant|victim|\bcase\b|fail|blame|only", sentence, re.IGNORECASE), (
            sentence
        )


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


def test_charges_of_unknown_investigations_are_counted_in_words(page) -> None:
    assert re.search(r"at least \d+ name an investigation that was not loaded", said(page))


def test_a_contributor_that_never_reports_on_investigations_is_not_called_silent(page) -> None:
    assert "sent no report" not in said(page)


@pytest.mark.parametrize("split", ["form", "investigation_origin", "investigating_agency"])
def test_stages_can_be_compared(open_page, demonstration, split) -> None:
    app = open_page("enforcement", demonstration, compare=split)
    [title] = [one for one in headlines(app) if one.startswith("A trafficking charge was reached")][:1]
    assert title
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
    app = open_page("enforcement", demonstration, **address)
    assert len(headlines(app)) == len(CARDS)
    assert "<script>alert" not in said(app)


def test_filters_that_do_not_apply_are_named(open_page, demonstration) -> None:
    text = said(open_page("enforcement", demonstration, gender="female"))
    assert "The filter by gender does not apply to investigations opened." in text


def test_one_year_has_no_early_and_late_years(open_page, demonstration) -> None:
    assert not [
        one for one in headlines(open_page("enforcement", demonstration, period="2024")) if ", from " in one
    ]


# --- states ---


def test_with_people_and_referrals_alone_each_part_says_what_would_be_here(open_page) -> None:
    text = said(open_page("enforcement"))
    assert text.count("Not loaded yet") == len(TABLES)
    for table in ("investigation", "charge", "operation"):
        assert f"python -m etl template {table}, fill it in" in text


@pytest.mark.parametrize("missing", TABLES)
def test_a_missing_table_takes_only_its_own_part(open_page, demonstration, tmp_path, missing) -> None:
    statements = [f"DROP TABLE cell_{missing}", f"DELETE FROM collection WHERE subject = '{missing}'"]
    place = release_states.changed(demonstration, tmp_path / "some", statements)
    app = open_page("enforcement", place)
    assert said(app).count("Not loaded yet") == 1
    assert len(charts(app)) >= 6


def test_with_figures_of_the_fbi_alone_they_are_complete(open_page, tmp_path) -> None:
    place = release_states.make("published_only", tmp_path / "published")
    app = open_page("enforcement", place)
    assert said(app).count("Not loaded yet") == len(TABLES)
    assert list(charts(app)) == ["fbi_chart"]
    assert "cleared by arrest or by exceptional means" in said(app)


@pytest.mark.real
def test_the_real_file_of_the_fbi_alone_gives_its_published_totals(open_page, tmp_path) -> None:
    file = real_data("fbi-ht-agency-2013-2020", "HT_2013-2020.csv")
    home = tmp_path / "home"
    assert main(["load", str(file), "--source", "fbi_offences", "--home", str(home)]) == 0
    assert main(["release", "--home", str(home)]) == 0
    app = open_page("enforcement", home / "release" / "public")
    known = next(t for t in charts(app)["fbi_chart"]["data"] if t["name"] == "Offences known")
    assert drawn_numbers(known) == [20, 468, 832, 1280, 1298, 1457, 2084, 2160]
    assert said(app).count("Not loaded yet") == len(TABLES)


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
    assert "by year · California" in said(app)
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
    for split in ("none", "form"):
        app = open_page("enforcement", place, compare=split)
        assert said(app).count("Nothing here can be shown") == len(CARDS) - 1
        assert list(charts(app)) == ["held_chart"], "operations are events, not people"


def test_without_a_release_it_says_how_to_make_one(open_page, tmp_path) -> None:
    assert "There are no figures yet" in said(open_page("enforcement", tmp_path / "none"))
