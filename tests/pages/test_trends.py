"""Trends: its steps, its splits, areas against the region, and what it says when nothing can be shown."""

import json
import re
import subprocess
import sys

import pytest

from analysis import Question, answer, open_release
from tests.pages.conftest import headlines, said
from tests.support import PROJECT


def figures(app) -> list[dict]:
    return [json.loads(element.proto.spec) for element in app.get("plotly_chart")]


def headline(app) -> str:
    """Return the headline of the first card, without markup."""
    return re.search(r'<h3 class="ltt-headline"[^>]*>(.*?)</h3>', said(app)).group(1)


def values(figure: dict) -> list[float]:
    return [
        value
        for trace in figure["data"]
        if "text" in trace and trace["type"] == "scatter"
        for value in trace["y"]
        if value
    ]


def test_the_line_is_the_published_series(open_page, release) -> None:
    first, *_ = figures(open_page("trends", level="month"))
    [published] = answer([Question("detected_persons", ["period"], period_level="month")], release)
    assert set(values(first)) == set(published.frame["value"].drop_nulls())


def test_twelve_months_running_are_sums_of_published_months_and_leave_gaps(open_page, release) -> None:
    first, *_ = figures(open_page("trends", level="running"))
    [published] = answer([Question("detected_persons", ["period"], period_level="month")], release)
    months = published.frame.sort("period")["value"].to_list()
    windows = [months[n - 11 : n + 1] for n in range(11, len(months))]
    sums = {sum(window) for window in windows if None not in window}
    assert sums and set(values(first)) == sums


def test_the_headline_is_about_the_years_whatever_the_step(open_page) -> None:
    heads = {headline(open_page("trends", level=level)) for level in ("year", "month", "running")}
    assert len(heads) == 1


@pytest.mark.parametrize("level", ["month", "quarter", "year"])
def test_a_chosen_level_is_kept(open_page, level) -> None:
    text = said(open_page("trends", level=level))
    assert f"· by {level}<" in text


@pytest.mark.parametrize(
    "address",
    [
        {"split": "gender"},
        {"split": "form", "area": "C1"},
        {"split": "age_band", "gender": "female"},
        {"split": "source"},
        {"split": "control_method", "form": "forced_labour"},
        {"measure": "form_share"},
        {"measure": "child_share", "area": "D01"},
        {"measure": "detection_rate_per_100k", "period": "2022..2024"},
        {"measure": "referrals_made", "split": "decision", "form": "forced_labour"},
        {"measure": "fbi_offences_known", "area": "C1"},
        {"measure": "detected_persons", "collection": "outside_register"},
        {"period": "2024"},
        {"status": "confirmed", "gender": "female", "form": "forced_labour", "area": "D01"},
    ],
    ids=lambda address: "&".join(f"{name}={value}" for name, value in address.items()),
)
def test_every_measure_and_split_gives_figures_or_words(open_page, address) -> None:
    text = said(open_page("trends", **address))
    assert "ltt-headline" in text or "This cannot be shown" in text


def test_too_many_filters_are_refused_with_what_to_give_up(open_page) -> None:
    text = said(
        open_page("trends", split="age_group", form="forced_labour", gender="female", status="confirmed")
    )
    assert "at most" in text and "can be combined" in text


def test_filters_a_measure_does_not_have_are_a_chip(open_page) -> None:
    text = said(open_page("trends", measure="referrals_made", form="forced_labour"))
    assert '<span class="ltt-chip">All forms</span>' in text


def test_unknown_choices_fall_back_with_a_notice_that_runs_nothing(open_page) -> None:
    app = open_page("trends", measure="<script>alert(1)</script>", form="victim_7", level="day")
    notices = " ".join(one.value for one in app.warning)
    assert "is not a choice of" in notices and "not a known form of exploitation" in notices
    assert "<script>" not in notices
    assert app.session_state["pick_measure"] == "detected_persons"


def test_all_hidden_says_why_and_offers_the_coarser_level_in_one_click(open_page, tiny_folder) -> None:
    app = open_page("trends", release_folder=tiny_folder, level="month")
    assert "Nothing here can be shown" in said(app)
    [button] = [one for one in app.button if one.label == "Show quarters instead"]
    button.click().run()
    assert "· by quarter<" in said(app)
    assert not app.exception


def test_the_table_holds_what_the_chart_shows_and_no_column_more(open_page) -> None:
    app = open_page("trends", level="year")
    before = len(app.get("plotly_chart"))
    app.button(key="trend_table").click().run()
    assert len(app.get("plotly_chart")) == before - 1
    [table] = [text for text in said(app).splitlines() if "<table>" in text]
    assert table.count('<th scope="col"') == 4
    assert "cells_shown" not in table and "provisional" in table
    app.button(key="trend_table").click().run()
    assert len(app.get("plotly_chart")) == before


def test_laws_are_numbered_and_explained(open_page) -> None:
    text = said(open_page("trends"))
    assert "1. 1 July 2023: Example Act 2023" in text


def test_months_of_the_year_need_three_whole_years(open_page) -> None:
    assert "complete years; whiskers" not in said(open_page("trends", period="2024..2025"))
    assert "complete years; whiskers" in said(open_page("trends"))


def test_no_season_is_claimed_from_months_that_are_hidden(open_page, tiny_folder) -> None:
    text = said(open_page("trends", release_folder=tiny_folder))
    assert "stands out" not in text


def test_areas_against_the_region_are_rates_and_never_counts(open_page, demonstration) -> None:
    app = open_page("trends", release_folder=demonstration, compare="TM101,TM405")
    text = said(app)
    assert re.search(r"(clearly (rose|fell)|No clear change).* between 2016–2018 and 2022–2024", text)
    chart = next(
        one for one in figures(app) if any(trace.get("name") == "Brindleport" for trace in one["data"])
    )
    rates = answer(
        [Question("detection_rate_per_100k", ["period", "area"], {"area": "TM101"}, area_level=2)],
        open_release(demonstration),
    )[0]
    drawn = {
        round(value, 6)
        for trace in chart["data"]
        if trace.get("name") == "Brindleport"
        for value in trace["y"]
        if value is not None
    }
    assert drawn <= {round(value, 6) for value in rates.frame["value"].drop_nulls()}


def test_an_index_starts_from_the_first_three_years(open_page, demonstration) -> None:
    app = open_page("trends", release_folder=demonstration, compare="TM1", measure="referrals_made")
    assert "the mean of the first three years is 100" in said(app)


@pytest.mark.parametrize(
    "areas", ["TM101,TM101", "nowhere", "<script>", ",".join(f"TM10{n}" for n in range(1, 9)), "TM"]
)
def test_hostile_areas_to_compare_are_told_and_nothing_breaks(open_page, demonstration, areas) -> None:
    app = open_page("trends", release_folder=demonstration, compare=areas)
    assert "People identified" in said(app)
    assert "<script>" not in " ".join(one.value for one in app.warning)


def test_figures_of_whole_years_are_not_laid_over_months_and_name_their_own_years(
    open_page,
) -> None:
    app = open_page("trends", measure="fbi_offences_known", period="2022..2024")
    assert len(figures(app)) == 1
    assert "2022–2024 · by year" in said(app)


def test_a_part_without_anything_to_show_says_so(open_page, tiny_folder) -> None:
    told = "Nothing of this can be shown yet: there are too few periods, or the numbers are too small."
    assert told in said(open_page("trends", release_folder=tiny_folder))
    assert told not in said(open_page("trends"))


def test_the_years_of_funders_are_steps_of_counts_and_of_nothing_else(open_page) -> None:
    app = open_page("trends", level="year07")
    text = said(app)
    assert "Twelve months to June" in app.selectbox(key="pick_level").options
    assert "July 2024 to June 2025" in text and "published quarters" in text
    assert "by twelve months to June" in text and "by year07" not in text
    assert re.search(r"People identified: .*July 20\d\d to June 20\d\d", headlines(app)["trend"])
    half = headlines(open_page("trends", level="half"))["trend"]
    assert "January to June 2025" in half or "no clear change" in half
    rate = open_page("trends", level="year07", measure="child_share")
    assert "Half-years" not in rate.selectbox(key="pick_level").options
    assert any("is not a choice of" in one.value for one in rate.warning)


def test_explore_offers_them_too_and_says_what_a_row_is(open_page) -> None:
    text = said(open_page("explore", measure="detected_persons", by="period", level="half"))
    assert "January to June 2025" in text and "published quarters" in text


def test_a_planted_change_of_level_is_told_beside_the_law_of_that_date(open_page, demonstration) -> None:
    app = open_page("trends", release_folder=demonstration, every_card=True)
    found = headlines(app)["shift"]
    assert found.startswith("The level of people identified stepped up in July 2019, from about 8")
    assert "about then began Tarrowmere Safe Reporting Act 2019" in found and "does not say why" in found
    [note, *_] = re.findall(r'<p class="ltt-caption">(.*?)</p>', said(app))
    assert "The level stepped up in July 2019: see more figures." in note


def test_what_would_follow_says_how_it_did_before(open_page, demonstration) -> None:
    app = open_page("trends", release_folder=demonstration, every_card=True)
    assert re.match(
        r"If it goes on as before: people identified about \d+ \(\d+–\d+\) in July 2025\.",
        headlines(app)["ahead"],
    )
    assert re.search(r"Tried at \d+ earlier dates: of \d+ numbers .* \(80% would be right\)", said(app))


def test_where_too_much_is_hidden_no_level_and_no_forecast_is_claimed(open_page, demonstration) -> None:
    found = headlines(
        open_page("trends", release_folder=demonstration, every_card=True, area="TM504", form="forced_labour")
    )
    assert found["shift"] == (
        "Protection hides too many of these numbers to tell a change of level: a wider area, fewer filters "
        "or more years together would show it."
    )
    assert "to tell what would follow" in found["ahead"]


def test_pages_that_nobody_asks_for_more_need_no_library_of_statistics(folder) -> None:
    heavy = {"statsmodels", "scipy.stats", "scipy.optimize", "scipy.sparse", "esda", "libpysal", "ruptures"}
    code = (
        "import os, sys; os.environ['LTT_RELEASE'] = sys.argv[1]\n"
        "from streamlit.testing.v1 import AppTest\n"
        "app = AppTest.from_file('dashboard.py', default_timeout=60)\n"
        "for page in ('overview', 'trends', 'geography', 'pathway', 'gaps'):\n"
        "    app.switch_page(f'pages/{page}.py'); app.run()\n"
        "    assert not app.exception, page\n"
        f"print(sorted({heavy!r} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(folder)], cwd=PROJECT, capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1] == "[]", done.stdout
