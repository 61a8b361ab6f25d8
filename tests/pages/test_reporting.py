"""Reporting: every card's headline, the planted facts in words, filters, and every state."""

import html
import json

import pytest

from analysis import Question, answer, open_release
from etl.cli import main
from tests import release_states
from tests.pages.charts_read import values_of
from tests.pages.conftest import headlines, said, verdicts


def figures(app) -> list[dict]:
    return [json.loads(element.proto.spec) for element in app.get("plotly_chart")]


@pytest.fixture
def page(open_page, demonstration):
    def opened(**address):
        return open_page("reporting", demonstration, **address)

    return opened


OPEN = ["volume", "digital", "channels", "reporters", "within", "median", "dispositions", "passed"]


def test_every_card_is_there_with_a_finding(page) -> None:
    assert list(headlines(page())) == OPEN
    app = page(every_card=True)
    assert len(headlines(app)) == 14
    for part in ("How reports come in", "How quickly reports are answered", "What becomes of reports"):
        assert part in said(app)
    assert not [words for words in headlines(app).values() if "Nothing can be shown" in words]


def test_the_rise_of_digital_reports_is_the_headline_of_its_card(page) -> None:
    """Planted: from 20 % to 55 %."""
    app = page()
    assert headlines(app)["digital"].startswith(
        "The share of digital reports rose from 22% in 2016–2018 to 51% (50–52%) in 2022–2024"
    )
    assert verdicts(app)["digital"].startswith("long 1,")


def test_with_a_partner_silent_nothing_is_said_about_the_newest_year(page) -> None:
    """Planted: one of six contributors sends nothing from October 2023."""
    assert headlines(page())["volume"].endswith("not comparable since 2023.")
    alone = page(source="tm_police")
    assert "not comparable" not in headlines(alone)["volume"]
    assert verdicts(alone)["volume"].split(", ")[1] in ("newest 1", "newest 0", "newest -1")


def test_the_slow_channel_is_the_headline_of_its_card(page) -> None:
    """Planted: web forms are answered late."""
    told = headlines(page(every_card=True))
    assert told["median"].startswith("The median time to first response is highest for web form (33 hours)")
    assert told["within_by"].startswith("The share of reports answered within 24 hours is highest for ")
    assert "lowest for web form (" in told["within_by"]


def test_times_are_no_categories(page) -> None:
    """Bins of unequal width: half within, never "most often"."""
    told = headlines(page(every_card=True))["bands"]
    assert told == "Reports received: half within 1–4 hours, nine in ten within 3–7 days."


def test_channels_over_the_years_name_what_rose_and_what_fell(page) -> None:
    told = headlines(page(every_card=True))["channel_years"]
    assert told.startswith("The share by channel between 2016–2018 and 2022–2024: phone fell to")
    assert "web form rose to" in told


def test_where_nothing_differs_it_says_so(page) -> None:
    told = headlines(page(compare="area_kind", every_card=True))
    for key in ("within_by", "passed_by"):
        assert told[key].startswith("No clear difference in the share of reports"), key


def test_bars_are_the_published_shares(page, demonstration) -> None:
    [published] = answer([Question("tips_channel_share", ["channel"])], open_release(demonstration))
    wanted = sorted(published.frame["value"].drop_nulls().to_list())
    drawn = [one["data"][0].get("x") for one in figures(page()) if one["data"][0]["type"] == "bar"]
    assert wanted in [sorted(values) for values in drawn]


def test_a_share_that_did_not_move_is_not_called_a_change(page) -> None:
    app = page()
    assert headlines(app)["passed"].startswith("No clear change in the share of reports passed on: ")
    assert verdicts(app)["passed"].startswith("long 0")


@pytest.mark.parametrize("compare", ["channel", "reporter_type", "area_kind"])
@pytest.mark.parametrize(
    "address",
    [
        {},
        {"form": "forced_labour"},
        {"form": "forced_labour,forced_begging", "area": "TM1"},
        {"area": "TM404", "period": "2021..2022"},
        {"source": "tm_police"},
        {"source": "tm_health", "period": "2025"},
        {"gender": "female"},
        {"period": "2025"},
    ],
    ids=lambda address: ",".join(f"{key}={value}" for key, value in address.items()) or "none",
)
def test_filters(page, address, compare) -> None:
    app = page(compare=compare, every_card=True, **address)
    told = headlines(app)
    assert len(told) >= 8
    assert all(words.endswith("All genders") == ("gender" in address) for words in told.values())


def test_what_cannot_be_combined_says_what_to_give_up_and_the_rest_is_drawn(page) -> None:
    app = page(compare="area_kind", form="forced_labour", area="TM1", source="tm_police")
    text = html.unescape(said(app))
    assert "Leave out one of" in text
    assert list(headlines(app)) == ["volume"]


@pytest.mark.parametrize(
    "address",
    [
        {"compare": "<script>alert(1)</script>"},
        {"compare": "source"},
        {"form": "'; DROP TABLE cell_tip; --"},
        {"area": "not:TM1", "period": "9999..0000"},
    ],
    ids=["script", "dimension", "sql", "not"],
)
def test_hostile_addresses(page, address) -> None:
    app = page(**address)
    assert list(headlines(app)) == OPEN
    assert "<script>" not in said(app)


@pytest.mark.parametrize("state", ["example", "person_only", "published_only", "no_areas"])
def test_without_reports_it_says_what_would_be_here(open_page, tmp_path, state) -> None:
    text = said(open_page("reporting", release_states.make(state, tmp_path / state)))
    assert "Reports by channel and reporter, and what became of them: nothing yet" in text
    assert "python -m etl template tip" in text


def test_when_all_is_hidden_every_card_says_so(open_page, demonstration, tmp_path) -> None:
    small = release_states.changed(demonstration, tmp_path / "hidden", ["DELETE FROM cell_tip"])
    app = open_page("reporting", small, every_card=True)
    assert said(app).count("Nothing here can be shown") == 14
    assert {words.split(":")[0] for words in headlines(app).values()} == {"Nothing can be shown here"}
    assert not figures(app)


HOTLINE = """Year_Date,Calls,Cases_Reported,State
2015,200,40,Ohio
2016,300,60,Ohio
2015,90,10,Texas
2016,70,20,Texas
"""


@pytest.fixture
def hotline_alone(tmp_path):
    """A release with figures of the national hotline and nothing else."""
    file, home = tmp_path / "h.csv", tmp_path / "home"
    file.write_text(HOTLINE, "utf-8")
    assert main(["load", str(file), "--source", "us_hotline", "--home", str(home)]) == 0
    assert main(["release", "--home", str(home)]) == 0
    return home / "release" / "public"


def test_the_national_hotline_stands_by_itself_where_nothing_else_is_loaded(open_page, hotline_alone) -> None:
    app = open_page("reporting", hotline_alone)
    assert "python -m etl template tip" in said(app)
    [drawn] = figures(app)
    numbers = {trace["name"]: values_of(trace["y"]) for trace in drawn["data"] if trace["name"]}
    assert numbers["Hotline calls"] == [290, 370]
    assert numbers["Hotline situations"] == [50, 80]
    told = "Calls to the US national hotline rose from at least 290 in 2015 to at least 370"
    assert headlines(app)["hotline"].startswith(told)
    assert headlines(app)["hotline"].endswith(" in 2016.")
    assert "They are not confirmed" in said(app)
    ohio = open_page("reporting", hotline_alone, hotline_place="39")
    assert "Ohio: calls to the national hotline" in json.dumps(figures(ohio))
    assert headlines(ohio)["hotline"].startswith(
        "Calls to the US national hotline rose from 200 in 2015 to 300"
    )
    assert "is not a choice of" in said(open_page("reporting", hotline_alone, hotline_place="x' OR 1=1"))


def test_a_file_with_situations_alone_is_drawn_too(open_page, tmp_path) -> None:
    file, home = tmp_path / "h.csv", tmp_path / "home"
    file.write_text("Year,State,Cases\n2015,Ohio,40\n2016,Ohio,60\n", "utf-8")
    assert main(["load", str(file), "--source", "us_hotline", "--home", str(home)]) == 0
    assert main(["release", "--home", str(home)]) == 0
    [drawn] = figures(open_page("reporting", home / "release" / "public"))
    [line] = [trace for trace in drawn["data"] if trace["name"] == "Hotline situations"]
    assert values_of(line["y"]) == [40, 60]


def test_the_national_hotline_stands_under_own_reports_on_an_axis_of_its_own(
    open_page, demonstration, tmp_path
) -> None:
    rows = [
        "INSERT INTO observation (source, measure, unit, period_level, period, geography, area_code, value, "
        f"marker) VALUES ('us_hotline', 'us_hotline_{what}', '{what}', 'year', '{year}', 'us', '39', {n}, '')"
        for what, year, n in (("calls", 2019, 30), ("calls", 2020, 40), ("situations", 2020, 8))
    ]
    place = release_states.changed(demonstration, tmp_path / "both", rows)
    app = open_page("reporting", place)
    drawn = next(one for one in figures(app) if "yaxis3" in one["layout"] and "yaxis4" not in one["layout"])
    axes = {trace["name"]: trace["yaxis"] for trace in drawn["data"] if trace["name"] != "95% interval"}
    assert axes == {"Reports": "y", "Hotline calls": "y2", "Hotline situations": "y3"}
    assert "nothing in one can be measured against the other" in said(app)
