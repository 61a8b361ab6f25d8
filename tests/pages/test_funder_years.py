"""From and To by the years of a funder: the pickers, the address, what cards say, files and slides."""

from pathlib import Path
from types import SimpleNamespace

import pytest
from streamlit.testing.v1 import AppTest

from analysis import Filters, Question, load_catalog, open_release
from analysis.briefing.briefing import Briefing, item
from analysis.findings.scope import scope_of
from tests.pages.conftest import headlines, said
from tests.pages.opening import OpenPage
from tests.release_states import changed
from ui.briefing.deck import deck_of
from ui.view.years.steps import in_kind, periods_of

YEARS = "2022-10+12..2023-10+12"
NAMED = """INSERT INTO info VALUES ('fiscal_years', '{"Federal fiscal year": 10}')"""


@pytest.fixture(scope="module")
def funded(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example release of a deployment that names its funder's year."""
    return changed(folder, tmp_path_factory.mktemp("funded") / "public", [NAMED])


def address(app: AppTest) -> str:
    found = app.query_params.get("period", "")
    return found if isinstance(found, str) else found[0]


def test_the_kind_of_year_is_chosen_in_the_sidebar_and_stands_in_the_address(
    open_page: OpenPage, funded: Path
) -> None:
    app = open_page("trends", release_folder=funded)
    kind = app.selectbox(key="pick_kind_of_year")
    assert kind.label == "Years" and kind.options == [
        "Calendar years",
        "Federal fiscal year (October to September)",
        "Twelve months to June",
        "Half-years",
    ]
    kind.select("year10").run()
    first, last = app.selectbox(key="pick_from"), app.selectbox(key="pick_to")
    assert first.options[0] == "October 2021 to September 2022" and first.options == last.options
    assert address(app) == f"{first.value}..{last.value}"
    first.select("2022-10+12").run()
    app.selectbox(key="pick_to").select("2023-10+12").run()
    assert address(app) == YEARS
    assert "October 2022 to September 2024" in said(app)
    app.selectbox(key="pick_kind_of_year").select("").run()
    assert address(app) == "2023..2024", "a funder's year stands for the year that it ends in"


def test_counts_go_by_these_years_and_the_header_says_what_is_compared(
    open_page: OpenPage, funded: Path
) -> None:
    app = open_page("trends", release_folder=funded, period=YEARS)
    words = said(app)
    assert "by twelve months to September" in words
    assert "Compared: October 2023 to September 2024 against October 2022 to September 2023" in words
    assert app.selectbox(key="pick_level").options[0] == "Federal fiscal year (October to September)"
    assert "October 2023 to September 2024" in headlines(app)["trend"]
    assert not app.warning


def test_what_is_not_added_up_keeps_calendar_years_or_goes_by_quarter(
    open_page: OpenPage, funded: Path
) -> None:
    both = open_page("trends", release_folder=funded, period=YEARS, measure="child_share")
    assert "by year" in said(both) and both.selectbox(key="pick_level").options[0] == "Years"
    short = open_page("trends", release_folder=funded, period="2023-10+12", measure="child_share")
    assert "by quarter" in said(short), "no whole calendar year lies inside"
    assert "No whole year" not in said(short)


def test_a_card_of_one_year_says_that_it_is_a_calendar_year() -> None:
    """Shares and rates of one year have no funder's year: their chip names the year that they are of."""
    catalog = load_catalog()
    asked = Question("child_share", ("area",), periods=("2023", "2023"))
    one = SimpleNamespace(
        question=asked, measure=catalog.measures["child_share"], checked=None, is_together=False
    )

    def chips(chosen: tuple[str, str] | None) -> list[str]:
        return scope_of(one, Filters(periods=chosen)).chips(catalog)  # type: ignore[arg-type]

    assert chips(("2022-10+12", "2023-10+12")) == ["Calendar year 2023"]
    assert chips(("2023-01+6", "2023-07+6")) == ["Calendar year 2023"]
    assert chips(("2022", "2023")) == chips(None) == []


def test_a_plus_sign_that_was_not_escaped_is_understood_and_years_outside_are_told(
    open_page: OpenPage, funded: Path
) -> None:
    app = open_page("trends", release_folder=funded, period="2022-10 12..2023-10 12")
    assert "October 2022 to September 2024" in said(app) and not app.warning
    beyond = open_page("trends", release_folder=funded, period="2023-10+12..2040-10+12")
    assert any("There are figures for" in one.value for one in beyond.warning)
    before = open_page("trends", release_folder=funded, period="1990-10+12")
    assert any("There are no figures" in one.value for one in before.warning)


def test_files_and_slides_go_by_the_same_years(open_page: OpenPage, funded: Path) -> None:
    app = open_page("trends", release_folder=funded, period=YEARS)
    deck = deck_of(Briefing(items=(item("trends", "trend", {"period": YEARS}),)), open_release(funded))
    [slide] = deck.slides
    assert slide.headline == headlines(app)["trend"]
    assert "October 2022 to September 2024" in deck.period
    [titled] = slide.tables
    assert {row[0] for row in titled.table.rows} >= {
        "October 2022 to September 2023",
        "October 2023 to September 2024",
    }


def test_periods_are_carried_from_one_kind_of_year_to_another() -> None:
    widest = ("2016-01", "2025-12")
    assert (
        periods_of("year10", widest)[0] == "2016-10+12" and periods_of("year10", widest)[-1] == "2024-10+12"
    )
    assert in_kind(("2024", "2024"), "half", widest) == ("2024-01+6", "2024-07+6")
    assert in_kind(("2024", "2024"), "year07", widest) == ("2023-07+12", "2023-07+12")
    assert in_kind(("2016", "2016"), "year07", widest) == ("2024-07+12", "2024-07+12")
    assert in_kind(("2024-01+6", "2024-01+6"), "year10", widest) == ("2023-10+12", "2023-10+12")
