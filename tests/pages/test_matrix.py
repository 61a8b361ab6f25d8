"""Every page × filters × states of a release: no error, words for every state, published numbers only."""

import html
import math
import re
from pathlib import Path

import pytest

import ui.view.kept
from analysis import Answer
from tests.pages.charts_read import (
    WORKED_OUT,
    charts,
    drawn_numbers,
    is_stub,
    published,
    said_numbers,
    stub_lengths,
)
from tests.pages.conftest import said
from tests.pages.opening import OpenPage
from tests.release_states import changed, make
from tests.sizes import LONG, together
from ui.view import registry

PAGES = [page.code for page in registry.available()]
FILTERS = [
    "",
    "period=2023",
    "period=2022-03..2024-06",
    "area=C1",
    "area=D01,D07",
    "form=forced_labour",
    "form=forced_labour,sexual_exploitation&gender=female",
    "age_band=9_17&citizenship_group=domestic",
    "age_group=child&status=confirmed&period=2021..2022",
    "source=county_health",
    "collection=outside_register",
    "area=D06&age_band=48_plus&gender=other",
]
ALL_HIDDEN = FILTERS[-1]
STATES = ["tiny", "steward", "person_only", "published_only", "no_areas", "none", "too_new"]
#: Pages with counts where people and their referrals are all that is loaded.
COUNTS_PEOPLE_OR_REFERRALS = {
    "prevention",
    "overview",
    "trends",
    "geography",
    "people_and_forms",
    "explore",
    "pathway",
    "outcomes",
    "partnerships",
    "initiatives",
    "data_quality",
}
LEAKS = re.compile(r"\b(nan|NaN|None|Traceback|Exception|undefined|null)\b")


def parts(address: str) -> dict[str, str]:
    return dict(pair.split("=") for pair in address.split("&") if pair)


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> list[Answer]:
    """Everything that `analysis` hands to the page of a test."""
    found: list[Answer] = []
    real = ui.view.kept.answer_questions

    def recorded(*arguments, **keywords) -> list[Answer]:
        given = real(*arguments, **keywords)
        found.extend(given)
        return given

    monkeypatch.setattr(ui.view.kept, "answer_questions", recorded)
    ui.view.kept.forget()
    yield found
    ui.view.kept.forget()


@pytest.fixture(scope="module")
def states(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    place = tmp_path_factory.mktemp("states")
    return {state: make(state, place / state) for state in STATES}


def words_of(app) -> str:
    text = re.sub(r"<style.*?</style>|<[^>]*>", " ", said(app), flags=re.DOTALL)
    return html.unescape(text)


def check_words(app, page: str) -> str:
    text = words_of(app)
    assert [one.value for one in app.title] == [registry.entry(page).title]
    assert "could not be drawn" not in text
    leak = LEAKS.search(text)
    assert not leak, text[max(leak.start() - 80, 0) : leak.end() + 80]
    assert "Reported is not prevalence" in text, "the footer ends every page"
    return text


def check_charts(app, answers: list[Answer]) -> None:
    numbers, written = published(answers)
    for name, figure in charts(app).items():
        for trace in figure["data"]:
            if is_stub(trace):
                assert len(stub_lengths(trace)) == 1, f"{name}: the length of a stub must not say anything"
            if name in WORKED_OUT:
                continue
            wrong = [
                one for one in drawn_numbers(trace) if not math.isnan(one) and round(one, 6) not in numbers
            ]
            assert not wrong, f"{name} draws {wrong[:5]}, which no answer holds"
            said_wrong = [one for one in said_numbers(trace) if not allowed_word(one, written)]
            assert not said_wrong, f"{name} says {said_wrong[:5]}, which no answer holds"


def allowed_word(text: str, written: set[str]) -> bool:
    """Return whether a number in words is a published one, a year, a day, or the 95 of an interval."""
    plain = text.replace(",", "")
    return text in written or plain in written or plain == "95" or bool(re.fullmatch(r"20\d\d", plain))


@pytest.mark.parametrize(
    ("page", "address"), together(PAGES, FILTERS, 4), ids=lambda given: given or "nothing"
)
def test_a_page_draws_published_numbers_and_nothing_else(
    open_page: OpenPage, answers: list[Answer], page: str, address: str
) -> None:
    app = open_page(page, **parts(address))
    text = check_words(app, page)
    assert "Synthetic data, fictional place" in text
    assert "ltt-headline" in said(app) or "ltt-state" in said(app) or page == "methods"
    check_charts(app, answers)


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("page", PAGES)
def test_a_page_has_words_for_every_state(
    open_page: OpenPage, answers: list[Answer], states: dict[str, Path], page: str, state: str
) -> None:
    every = ["", ALL_HIDDEN]
    turn = (PAGES.index(page) + STATES.index(state)) % 2
    for address in every if LONG else every[turn : turn + 1]:
        answers.clear()
        ui.view.kept.forget()
        app = open_page(page, release_folder=states[state], **parts(address))
        text = check_words(app, page)
        assert ("Synthetic data" in text) == (state not in ("published_only", "none", "too_new"))
        assert ("Restricted: exact small numbers" in text) == (state == "steward")
        if state in ("none", "too_new"):
            expected = "No data has been published" if state == "none" else "made by a newer version"
            assert expected in text or page == "methods"
        else:
            check_charts(app, answers)


@pytest.mark.parametrize("page", [page for page in PAGES if page != "methods"])
def test_nothing_below_the_threshold_is_ever_drawn(
    open_page: OpenPage, answers: list[Answer], states: dict[str, Path], page: str
) -> None:
    open_page(page, release_folder=states["tiny"])
    counts = [answer for answer in answers if answer.measure.kind == "count" and not answer.refusal]
    assert bool(counts) == (page in COUNTS_PEOPLE_OR_REFERRALS), [one.measure.code for one in counts]
    for answer in counts:
        shown = answer.frame["value"].drop_nulls()
        assert shown.is_empty() or shown.min() >= 10


def test_pages_work_on_a_copy_without_anything_restricted_around(
    open_page: OpenPage, folder: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "somewhere" / "public"
    copy.mkdir(parents=True)
    for file in folder.iterdir():
        (copy / file.name).write_bytes(file.read_bytes())
    for page in PAGES:
        app = open_page(page, release_folder=copy)
        check_words(app, page)
        app.run()
        sent = "".join(str(getattr(element, "proto", "")) for element in (*app.main, *app.sidebar)) + said(
            app
        )
        for secret in ("restricted/", str(tmp_path), str(folder.parent), "warehouse", "frozen.duckdb"):
            assert secret not in sent, f"{page} tells the reader of {secret}"


@pytest.fixture(scope="module")
def with_older_figures(demonstration: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demonstration beside a figure of the FBI from long before its own records begin."""
    one = (
        "SELECT * REPLACE ('2010' AS period, 'fbi_offences' AS source, 'fbi_offences_known' AS measure, "
        "'us' AS geography) FROM observation WHERE period_level = 'year' LIMIT 1"
    )
    place = tmp_path_factory.mktemp("older") / "public"
    return changed(demonstration, place, [f"INSERT INTO observation BY NAME {one}"])


@pytest.mark.parametrize("page", PAGES)
def test_a_period_that_only_figures_of_others_have_is_not_taken_for_nothing_loaded(
    open_page: OpenPage, with_older_figures: Path, page: str
) -> None:
    text = words_of(open_page(page, release_folder=with_older_figures, period="2009..2011"))
    assert "2010–2011" in text
    assert "published counts: nothing yet" not in text
    # Of its own accord One area shows the list of areas, and no figure. People on no list are estimated for
    # all complete years alone, and initiatives are looked at in a time of their own: neither takes a period.
    assert "There are: 20" in text or page in (
        *("methods", "partnerships", "funding", "area", "briefing", "releases"),
        *("hidden_population", "initiatives"),
    )
