"""Trends: the level it opens at, its splits, its links, and what it says when nothing can be shown."""

import json

import pytest

from analysis import Question, answer
from tests.pages.conftest import said


def figures(app) -> list[dict]:
    return [json.loads(element.proto.spec) for element in app.get("plotly_chart")]


def values(figure: dict) -> list[float]:
    return [
        value
        for trace in figure["data"]
        if "hovertemplate" in trace and trace["type"] == "scatter"
        for value in trace["y"]
        if value
    ]


def test_the_line_is_the_published_series(open_page, release) -> None:
    first, *_ = figures(open_page("trends"))
    [published] = answer([Question("detected_persons", ["period"], period_level="month")], release)
    assert set(values(first)) == set(published.frame["value"].drop_nulls())


def test_it_opens_at_the_finest_level_that_shows_four_fifths_and_says_so(open_page, release) -> None:
    text = said(open_page("trends", split="form"))
    levels = ("month", "quarter", "year")
    asked = [Question("detected_persons", ["period", "form"], period_level=level) for level in levels]
    shares = [1 - one.frame["value"].null_count() / one.frame.height for one in answer(asked, release)]
    best = next(level for level, share in zip(levels, shares, strict=True) if share >= 0.8)
    assert best == "year", "else this test shows nothing"
    assert f"· by {best} ·" in text
    assert "because fewer numbers could be shown by shorter periods" in text


@pytest.mark.parametrize("level", ["month", "quarter", "year"])
def test_a_chosen_level_is_kept(open_page, level) -> None:
    text = said(open_page("trends", level=level))
    assert f"· by {level} ·" in text
    assert "because fewer" not in text


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
    assert "This cannot be shown" in text
    assert "Next:" in text


def test_filters_a_measure_does_not_have_are_said_to_be_left_out(open_page) -> None:
    text = said(open_page("trends", measure="referrals_made", form="forced_labour"))
    assert "The filter by form of exploitation does not apply to referrals made." in text


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
    assert "· by quarter ·" in said(app)
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
    assert "need at least three whole years" in said(open_page("trends", period="2024..2025"))
    assert "whole years without provisional months" in said(open_page("trends"))


def test_figures_of_whole_years_are_not_laid_over_months_and_name_their_own_years(
    open_page,
) -> None:
    app = open_page("trends", measure="fbi_offences_known", period="2022..2024")
    assert len(figures(app)) == 1
    assert "known by quarter or month" in said(app)
    assert "Whole region · 2022–2024 · by year" in said(app)
