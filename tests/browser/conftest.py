"""One browser, and one server for each release that the tests look at."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, Response, expect

from tests.browser.reading import PHONE, follow, keep_a_page_open, visit
from tests.browser.serving import leaves_this_machine, serving
from tests.release_states import make
from ui.app.desk import cookie_of
from ui.app.serve import DESK_TOKEN as VARIABLE

PATIENCE_MS = 60_000
#: A machine may be slow; only what is wrong is waited for to the end.
expect.set_options(timeout=PATIENCE_MS)
#: Streamlit looks for its server under the path of the page first, and then at the root.
PROBES = ("/_stcore/health", "/_stcore/host-config")
DESK_TOKEN = "the key of these tests"
DESK = {"viewport": {"width": 1440, "height": 900}}


class Watch:
    """Everything a browser asked for and complained of since the last look."""

    def __init__(self, context: BrowserContext) -> None:
        self.asked: list[str] = []
        self.outside: list[str] = []
        self.failed: list[str] = []
        self.complaints: list[str] = []
        context.on("request", self._request)
        context.on("response", self._response)
        context.on("requestfailed", self._failed)
        context.on("console", self._console)
        context.on("weberror", lambda error: self.complaints.append(str(error.error)))
        context.on("page", lambda page: page.on("websocket", lambda socket: self._note(socket.url)))

    def _note(self, address: str) -> None:
        self.asked.append(address)
        if leaves_this_machine(address):
            self.outside.append(address)

    def _request(self, request: Request) -> None:
        self._note(request.url)

    def _response(self, response: Response) -> None:
        if response.status >= 400 and not response.url.endswith(PROBES):
            self.failed.append(f"{response.status} {response.url}")

    def _failed(self, request: Request) -> None:
        if "ERR_ABORTED" not in (request.failure or ""):  # a page was left while it still loaded
            self.failed.append(f"{request.failure} {request.url}")

    def _console(self, message: ConsoleMessage) -> None:
        where = str((message.location or {}).get("url", ""))
        if (message.type == "error" and not where.endswith(PROBES)) or "Map error" in message.text:
            self.complaints.append(message.text)

    def clear(self) -> None:
        for kept in (self.asked, self.outside, self.failed, self.complaints):
            kept.clear()


Open = Callable[..., Page]


@pytest.fixture(scope="session")
def contexts(chromium: Browser) -> Iterator[Callable[[str], tuple[BrowserContext, Watch]]]:
    """Return a function that gives the context of a size; its cache is warm after one page, in any theme."""
    held: dict[str, tuple[BrowserContext, Watch]] = {}

    def context(size: str) -> tuple[BrowserContext, Watch]:
        if size not in held:
            options = PHONE if size == "phone" else DESK
            made = chromium.new_context(
                **options,
                accept_downloads=True,
                bypass_csp=True,  # waiting for a condition runs text as a script; test_web_side.py obeys it
            )
            made.set_default_timeout(PATIENCE_MS)
            name, value = cookie_of(DESK_TOKEN)  # cookies are shared by all ports; only the desk asks for it
            made.add_cookies([{"name": name, "value": value, "url": "http://127.0.0.1"}])
            keep_a_page_open(made)
            held[size] = made, Watch(made)
        return held[size]

    yield context
    for made, _ in held.values():
        made.close()


Watched = Callable[[str], tuple[BrowserContext, Watch]]


@pytest.fixture
def watched(contexts: Watched) -> Iterator[Watched]:
    """Return a function that gives a context; the test fails if anything left this machine or broke in it."""
    watches: list[Watch] = []

    def begun(size: str) -> tuple[BrowserContext, Watch]:
        context, watch = contexts(size)
        if watch not in watches:
            watch.clear()
            watches.append(watch)
        return context, watch

    yield begun
    for watch in watches:
        assert watch.outside == [], "a request left this machine"
        assert watch.failed == [], "a request failed"
        assert watch.complaints == [], "the browser complained"


@pytest.fixture
def tab(watched: Watched) -> Iterator[Open]:
    """Return a function that opens a tab."""
    opened: list[Page] = []

    def new_tab(size: str = "desk", scheme: str = "light") -> Page:
        context, watch = watched(size)
        page = context.new_page()
        page.emulate_media(color_scheme=scheme)
        opened.append(page)
        page.watch = watch
        return page

    yield new_tab
    for page in opened:
        page.close()


@pytest.fixture(scope="module")
def kept_tabs() -> Iterator[dict[tuple[str, str], Page]]:
    """Tabs that stay open from one test of a file to the next, by size and theme."""
    kept: dict[tuple[str, str], Page] = {}
    yield kept
    for page in kept.values():
        page.close()


@pytest.fixture
def walk_to(
    watched: Watched, kept_tabs: dict[tuple[str, str], Page], example: str, request: pytest.FixtureRequest
) -> Iterator[Open]:
    """Return a function that follows the sidebar to a page, by its title, in a tab of a size and a theme.

    To load the dashboard takes four times as long as to go from one page to the next. After a test that
    failed, the next one loads it anew.
    """
    used: list[tuple[str, str]] = []
    failed_before = request.session.testsfailed

    def walked(title: str, size: str = "desk", scheme: str = "light") -> Page:
        key, (context, _) = (size, scheme), watched(size)
        used.append(key)
        if key not in kept_tabs:
            kept_tabs[key] = context.new_page()
            kept_tabs[key].emulate_media(color_scheme=scheme)
            visit(kept_tabs[key], example)
        return follow(kept_tabs[key], title)

    yield walked
    if request.session.testsfailed > failed_before:
        for key in used:
            kept_tabs.pop(key).close()


@pytest.fixture(scope="session")
def releases(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Return a function that makes the folder of a release in a state, once."""
    made: dict[str, Path] = {}
    place = tmp_path_factory.mktemp("releases")

    def release(state: str) -> Path:
        if state not in made:
            made[state] = make(state, place / state)
        return made[state]

    return release


@pytest.fixture(scope="session")
def served(releases: Callable[[str], Path]) -> Iterator[Callable[[str], str]]:
    """Return a function that serves a state of a release, once a session; all servers end with it."""
    running: dict[str, tuple[object, str]] = {}

    def address(state: str) -> str:
        if state not in running:
            key = {VARIABLE: DESK_TOKEN} if state == "steward" else {}
            manager = serving(releases(state), **key)
            running[state] = manager, manager.__enter__()
        return running[state][1]

    yield address
    for manager, _ in running.values():
        manager.__exit__(None, None, None)


@pytest.fixture(scope="session")
def example(served: Callable[[str], str]) -> str:
    """The address of the example release."""
    return served("example")
