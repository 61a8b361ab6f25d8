"""Reporting: every card's headline, the planted facts in words, filters, and every state."""

import html
import json
import re

import pytest

from analysis import Question, answer, open_release
from etl.cli import main
from tests import release_states
from tests.pages.charts_read import values_of
from tests.pages.conftest import said


def figures(app) -> list[dict]:
    return [json.loads(element.proto.spec) for element in app.get("plotly_chart")]


def headlines(app) -> list[str]:
    bodies = "".join(element.proto.body for element in app.get("html"))
    return [html.unescape(one) for one in re.findall(r'class="ltt-headline">(.*?)</h', bodies)]


def headline(app, words: str) -> str:
    [one] = [one for one in headlines(app) if words in one]
    return one


@pytest.fixture
def page(open_page, demonstration):
    def opened(**address):
        return open_page("reporting", demonstration, **address)

    return opened


def test_every_card_is_there_with_a_finding(page) -> None:
    app = page()
    assert len(headlines(app)) == 14
    for part in ("How reports come in", "How quickly reports are answered", "What becomes of reports"):
        assert part in said(app)
    assert "Not shown" not in " ".join(headlines(app))


def test_the_rise_of_digital_reports_is_the_headline_of_its_card(page) -> None:
    """Planted: from 20 % to 55 %."""
    told = headline(page(), "Share of digital reports")
    assert told.startswith("Share of digital reports rose to 5")
    assert told.endswith("in 2024, from 20% in 2016.")


def test_the_slow_channel_is_the_headline_of_its_card(page) -> None:
    """Planted: web forms are answered late."""
    app = page()
    told = headline(app, "wait longest")
    assert told.startswith("Reports by web form wait longest: half are answered within 3")
    assert told.endswith("for all reports.")
    assert "for phone" in headline(app, "answered within 24 hours:") and "for web form" in headline(
        app, "answered within 24 hours:"
    )


def test_channels_over_the_years_name_what_rose_and_what_fell(page) -> None:
    told = headline(page(), "Share by channel, 2016 to 2024")
    assert "phone fell from" in told and "web form rose from" in told


def test_where_nothing_stands_out_it_says_so(page) -> None:
    app = page(compare="area_kind")
    assert any(one.startswith("No kind of area stands out") for one in headlines(app))
    assert any(one.startswith("No clear difference by urban or rural") for one in headlines(app))


def test_bars_are_the_published_shares(page, demonstration) -> None:
    [published] = answer([Question("tips_channel_share", ["channel"])], open_release(demonstration))
    wanted = sorted(published.frame["value"].drop_nulls().to_list())
    drawn = [one["data"][0].get("x") for one in figures(page()) if one["data"][0]["type"] == "bar"]
    assert wanted in [sorted(values) for values in drawn]


def test_a_share_that_did_not_move_is_not_called_a_change(page) -> None:
    assert headline(page(), "share of reports passed on:").startswith("No clear change in")


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
    app = page(compare=compare, **address)
    assert len(headlines(app)) >= 10
    if "gender" in address:
        assert "The filter by gender does not apply" in html.unescape(said(app))


def test_what_cannot_be_combined_says_what_to_give_up_and_the_rest_is_drawn(page) -> None:
    app = page(compare="area_kind", form="forced_labour", area="TM1", source="tm_police")
    text = html.unescape(said(app))
    assert "Leave out one of" in text
    assert "Share of digital reports" in text


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
    assert len(headlines(app)) >= 14
    assert "<script>" not in said(app)


@pytest.mark.parametrize("state", ["example", "person_only", "published_only", "no_areas"])
def test_without_reports_it_says_what_would_be_here(open_page, tmp_path, state) -> None:
    text = said(open_page("reporting", release_states.make(state, tmp_path / state)))
    assert "would be here" in text
    assert "python -m etl template tip" in text


def test_when_all_is_hidden_every_card_says_so(open_page, demonstration, tmp_path) -> None:
    small = release_states.changed(demonstration, tmp_path / "hidden", ["DELETE FROM cell_tip"])
    app = open_page("reporting", small)
    assert said(app).count("Nothing here can be shown") >= 10
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
    assert "Calls to the US national hotline rose to 370 in 2016" in said(app)
    assert "They are not confirmed" in said(app)
    ohio = open_page("reporting", hotline_alone, hotline_place="39")
    assert "by year · Ohio · as published" in said(ohio)
    assert "300 in 2016" in said(ohio)
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
