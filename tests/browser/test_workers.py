"""Several processes behind one address: readers do not notice when one ends or when figures are published."""

import re
import shutil
import signal
import time
import urllib.request
from collections.abc import Callable, Iterator
from os import kill
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.reading import drawn, saved, visit
from tests.browser.serving import Site, several
from tests.example_release import build

pytestmark = [pytest.mark.browser, pytest.mark.command]
PATIENCE_MS = 60_000
#: What a reader would see of it: Streamlit's own words of a lost connection, and ours of a page that failed.
ERRORS = '[role="dialog"], [data-testid="stException"], .ltt-problem'
RELEASE_ID = re.compile(r"Release ([0-9a-f]{12})")


@pytest.fixture(scope="module")
def folder(releases: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release's folder that a test may publish into."""
    return Path(shutil.copytree(releases("example"), tmp_path_factory.mktemp("workers") / "release"))


@pytest.fixture(scope="module")
def site(folder: Path) -> Iterator[Site]:
    with several(folder, 2) as found:
        yield found


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    made = chromium.new_context(accept_downloads=True, bypass_csp=True)
    made.set_default_timeout(PATIENCE_MS)
    yield made
    made.close()


def until(is_so: Callable[[], bool]) -> None:
    """Wait until something is so; the test fails when it is not in time."""
    ends = time.monotonic() + PATIENCE_MS / 1000
    while not is_so():
        assert time.monotonic() < ends, "not in time"
        time.sleep(0.05)


def words(page: Page) -> str:
    return page.locator(".ltt-filters").inner_text()


def process_of_the_only_page(site: Site) -> int:
    """Return the process that serves the only page that is open: files' connections end after a while."""
    until(lambda: sum(site.sockets().values()) == 1)
    return next(pid for pid, held in site.sockets().items() if held)


def lose_the_worker_of(page: Page, site: Site) -> None:
    """End the process that draws a page, and wait until the page is drawn by another one."""
    lost = process_of_the_only_page(site)
    before = site.workers()
    with page.expect_websocket():
        kill(lost, signal.SIGKILL)
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-connection-state", "CONNECTED")
    until(lambda: len(site.workers()) == 2 and lost not in site.workers())
    assert len(set(site.workers()) - set(before)) == 1, "one was started in its place"
    drawn(page)


def test_a_page_goes_on_where_it_was_when_its_process_is_killed(
    context: BrowserContext, site: Site, tmp_path: Path
) -> None:
    page = context.new_page()
    visit(page, site.address, "people_and_forms?gender=female&period=2022..2024")
    before, headlines = words(page), page.locator(".ltt-headline").all_inner_texts()
    assert "2022–2024" in before

    lose_the_worker_of(page, site)

    assert words(page) == before and "gender=female" in page.url
    assert page.locator(".ltt-headline").all_inner_texts() == headlines
    expect(page.locator(ERRORS)).to_have_count(0)
    # It is not only looked at: what is pressed and chosen has its effect at once.
    button = page.get_by_role("button", name="Table").first
    button.click()
    expect(page.get_by_role("button", name="Chart").first).to_be_visible()
    file = saved(page, page.get_by_role("button", name="Download").first, tmp_path)
    assert file.read_text("utf-8").startswith("measure,")
    lose_the_worker_of(page, site)
    again = saved(page, page.get_by_role("button", name="Download").first, tmp_path)
    assert again.name == file.name
    expect(page.locator(ERRORS)).to_have_count(0)


def test_a_briefing_and_a_map_outlive_the_process_that_drew_them(context: BrowserContext, site: Site) -> None:
    failed: list[str] = []
    context.on("response", lambda one: failed.append(one.url) if one.status >= 400 else None)
    page = context.new_page()
    visit(page, site.address, "trends")
    page.get_by_role("button", name="Add to briefing").first.click()
    expect(page.get_by_role("button", name="In the briefing").first).to_be_visible()

    lose_the_worker_of(page, site)

    expect(page.get_by_role("button", name="In the briefing").first).to_be_visible()
    with page.expect_response(re.compile("/boundaries/")) as waited:
        page.get_by_role("link", name="Geography").first.click()
    assert waited.value.status == 200, "whichever process is asked"
    drawn(page)
    expect(page.locator(ERRORS)).to_have_count(0)
    assert [url for url in failed if "_stcore" not in url] == []


def test_readers_are_shared_out_and_every_process_knows_the_release(
    chromium: Browser, folder: Path, site: Site
) -> None:
    contexts = [chromium.new_context(bypass_csp=True) for _ in range(4)]
    # One map will do: each takes as long to paint as the other three pages.
    pages = [
        visit(one.new_page(), site.address, path)
        for one, path in zip(contexts, ("geography", "area", "area", "area"), strict=True)
    ]
    until(lambda: sum(site.sockets().values()) == 4)
    assert sorted(site.sockets().values()) in ([1, 3], [2, 2]), "as evenly as can be known in time"
    [before] = {released(page) for page in pages}

    build(folder, seed=99)  # published while they read

    after = {said(site, "/api/v1/releases") for _ in range(8)}
    assert len(after) == 1, "every process answers from the new one"
    for page in pages:
        assert released(page) == before, "figures do not change while they are read"
        page.reload()
        drawn(page)
    assert {released(page) for page in pages} == {next(iter(after))} != {before}
    for one in contexts:
        one.close()


def released(page: Page) -> str:
    """Return the id of the release that a page shows; its map is of the same one."""
    found = RELEASE_ID.search(page.locator(".ltt-footer").inner_text())
    assert found
    assets = page.evaluate("performance.getEntriesByType('resource').map(one => one.name)")
    assert all(found[1] in one for one in assets if "/boundaries/" in one)
    return found[1]


def said(site: Site, path: str) -> str:
    """Return the id of the newest release as one request finds it, by a connection of its own."""
    with urllib.request.urlopen(f"{site.address}{path}", timeout=30) as answer:
        found = re.search(r'"id": ?"([0-9a-f]{12})"', answer.read().decode())
    assert found
    return found[1]


def test_what_ends_at_its_start_is_said_and_nothing_stays(tmp_path: Path, folder: Path) -> None:
    with (
        pytest.raises(pytest.fail.Exception, match="stopped at its start"),
        several(folder, 2, LTT_API_RATE="many"),
    ):
        raise AssertionError("it serves")
