"""The archive in a browser: earlier releases by address, the list, two side by side; by keys; on a phone."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from analysis.release.archive import read_archive
from etl.config import Home
from etl.release.publishing import swap
from etl.release.withdrawing import withdraw
from tests.browser.reading import TOO_WIDE, card, drawn, table_rows, title_is, violations, visit
from tests.browser.serving import serving
from tests.example_release import build

pytestmark = pytest.mark.browser
DAYS = ("2025-07-15", "2025-10-15", "2026-01-15")
WORDS = ("15 January 2026", "15 October 2025", "15 July 2025")  # the newest first, as pages list them


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home whose public release is the third of three, of other people each time."""
    made = Home(tmp_path_factory.mktemp("published"))
    for seed, day in enumerate(DAYS):
        build(made.release("public"), persons=900, seed=seed, as_of=day)
        swap.archive_kept(made.release("public"))
    return made


@pytest.fixture(scope="module")
def address(home: Home) -> Iterator[str]:
    with serving(home.release("public")) as served:
        yield served


@pytest.fixture(scope="module")
def ids(home: Home) -> list[str]:
    return [one.release_id for one in read_archive(home.release("public")).offered]


def footer(page: Page) -> str:
    return page.locator(".ltt-footer").inner_text()


def test_an_earlier_release_is_read_from_the_list_and_kept_on_every_page(tab, address, ids) -> None:
    newest, middle, _ = ids
    page = visit(tab(), address, "releases")
    title_is(page, "releases")
    expect(page.locator(".ltt-earlier")).to_have_count(0)
    page.get_by_role("link", name=f"Figures as of {WORDS[1]}").click()
    page.wait_for_url(f"**release={middle}*")
    drawn(page)
    expect(page.locator(".ltt-earlier")).to_contain_text("An earlier release:")
    assert middle in footer(page)

    page.locator(".st-key-navigation").get_by_role("link", name="Trends").click()
    page.wait_for_function("location.pathname.endsWith('trends')")
    drawn(page)
    assert f"release={middle}" in page.url and middle in footer(page)
    package = card(page, "trend").get_by_role("link", name="Data package").get_attribute("href")
    assert f"release={middle}" in package
    page.reload()
    drawn(page)
    assert middle in footer(page), "the address is fixed: it means this release for ever"

    page.get_by_role("button", name="Read the newest").click()
    expect(page.locator(".ltt-earlier")).to_have_count(0)
    drawn(page)
    assert newest in footer(page) and "release=" not in page.url


def test_two_releases_stand_side_by_side_with_what_is_different(tab, address, ids) -> None:
    page = visit(tab(), address, "releases")
    beside = card(page, "beside")
    header, *rows = table_rows(beside)
    assert header == ["Year", f"As of {WORDS[1]}", f"As of {WORDS[0]}", "What is different"]
    assert any("revised" in row[-1] for row in rows), "other people were counted each time"
    picker = page.get_by_role("combobox", name="Beside the figures as of")
    picker.focus()
    page.keyboard.press("ArrowDown")
    page.get_by_role("option", name=WORDS[2]).click()
    page.wait_for_function(f"location.search.includes('against={ids[2]}')")
    expect(beside.locator("th").nth(1)).to_contain_text(WORDS[2])
    assert violations(drawn(page)) == []


def test_by_keyboard_alone_an_earlier_release_is_chosen_and_left(tab, address, ids) -> None:
    page = visit(tab(), address, "trends")
    picker = page.get_by_role("combobox", name="Figures as of")
    picker.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("End")
    page.get_by_role("option").first.wait_for()
    page.keyboard.type(WORDS[2])
    page.keyboard.press("Enter")
    page.wait_for_function(f"location.search.includes('release={ids[2]}')")
    drawn(page)
    assert ids[2] in footer(page)
    back = page.get_by_role("button", name="Read the newest")
    back.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".ltt-earlier")).to_have_count(0)
    page.go_back()
    page.wait_for_function(f"location.search.includes('release={ids[2]}')")
    expect(page.locator(".ltt-earlier")).to_be_visible()


def test_on_a_phone_the_page_fits_and_leads_to_an_earlier_release(tab, address, ids) -> None:
    page = visit(tab("phone"), address, "releases")
    assert page.evaluate(TOO_WIDE) == []
    page.get_by_role("link", name=f"Figures as of {WORDS[2]}").tap()
    page.wait_for_url(f"**release={ids[2]}*")
    drawn(page)
    expect(page.locator(".ltt-earlier")).to_be_in_viewport()
    assert page.evaluate(TOO_WIDE) == []


def test_a_release_withdrawn_under_an_open_page_shows_no_figure_any_more(
    tab, home: Home, tmp_path: Path
) -> None:
    """Its own folder and server: what is withdrawn stays withdrawn."""
    own = Home(shutil.copytree(home.root, tmp_path / "own"))
    newest, _, oldest = (one.release_id for one in read_archive(own.release("public")).offered)
    with serving(own.release("public")) as served:
        page = visit(tab(), served, f"trends?release={oldest}")
        assert oldest in footer(page)
        withdraw(own, oldest)
        page.reload()
        drawn(page)
        expect(page.get_by_text("was withdrawn")).to_be_visible()
        assert newest in footer(page)
        assert (
            page.request.get(f"{served}/api/v1/answers?measure=detected_persons&release={oldest}").status
            == 404
        )
        page.goto("about:blank")
