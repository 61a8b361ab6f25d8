"""Partners sign in with a provider that really runs; nobody else ever sees one of their figures."""

import json
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Download, Page, WebSocket, expect

from analysis.release.access_log import read
from tests.browser.reading import keep_a_page_open
from tests.browser.serving import free_port, serving, wait_until_ready
from ui.app.sign_in.control import LINK_OF_A_PARTNER, SIGN_IN_FAILED
from ui.app.sign_in.visitor import HAS_ENDED, NO_CLAIM, NOT_A_PARTNER

pytestmark = pytest.mark.browser
PATIENCE_MS = 60_000
CLIENT = "trends"
PAT, OTHER, NOBODY = "pat@partner.example", "kim@other.example", "sam@plain.example"
PEOPLE = (
    {"sub": PAT, "email": PAT, "groups": ["trafficking-partners"]},
    {"sub": OTHER, "email": OTHER, "groups": ["others"]},
    {"sub": NOBODY, "email": NOBODY},
)


class Deployment(NamedTuple):
    """A dashboard with a sign-in, its provider, and the two releases it serves."""

    address: str
    provider: str
    log: Path
    public: str
    partner: str


class Provider:
    """A process that answers as a provider of identities does."""

    def __init__(self, port: int) -> None:
        self.address = f"http://127.0.0.1:{port}"
        self._command = [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", "-p", str(port)]
        for person in PEOPLE:
            self._command += ["--user-claims", json.dumps(person)]
        self.start()

    def start(self) -> None:
        self._process = subprocess.Popen(
            self._command, stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT, text=True
        )
        wait_until_ready(f"{self.address}/.well-known/openid-configuration", self._process)

    def stop(self) -> None:
        self._process.send_signal(signal.SIGTERM)
        self._process.communicate(timeout=30)

    def token(self, person: str, client: str = CLIENT) -> str:
        """Return the token that a program of this person would bring."""
        back = "http://127.0.0.1/back"
        query = {"client_id": client, "redirect_uri": back, "response_type": "code", "scope": "openid email"}
        with httpx.Client() as http:
            led = http.post(f"{self.address}/oauth2/authorize", params=query, data={"sub": person})
            code = parse_qs(urlsplit(led.headers["location"]).query)["code"][0]
            answer = http.post(
                f"{self.address}/oauth2/token",
                data={"grant_type": "authorization_code", "code": code, "redirect_uri": back},
                auth=(client, "between us"),
            )
        return str(answer.json()["id_token"])


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    found = Provider(free_port())
    yield found
    found.stop()


def release_id(folder: Path) -> str:
    return str(json.loads((folder / "manifest.json").read_text("utf-8"))["release_id"])


@pytest.fixture(scope="module")
def deployment(
    provider: Provider, releases: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Deployment]:
    log = tmp_path_factory.mktemp("log") / "access.log"
    variables = {
        "LTT_ADDRESS": "http://127.0.0.1:{port}",
        "LTT_SIGN_IN_ISSUER": provider.address,
        "LTT_SIGN_IN_CLIENT_ID": CLIENT,
        "LTT_SIGN_IN_CLIENT_SECRET": "between us",
        "LTT_SIGN_IN_COOKIE_SECRET": "0123456789abcdef" * 2,
        "LTT_SIGN_IN_CLAIM": "groups",
        "LTT_SIGN_IN_VALUES": "trafficking-partners",
        "LTT_SIGN_IN_RELEASE": str(releases("partner")),
        "LTT_SIGN_IN_LOG": str(log),
        "LTT_WORKERS": "2",  # what one process is told, the other must know
    }
    with serving(releases("example"), **variables) as address:
        public, partner = release_id(releases("example")), release_id(releases("partner"))
        yield Deployment(address, provider.address, log, public, partner)


@pytest.fixture(scope="module")
def browsers(chromium: Browser) -> Iterator[list[BrowserContext]]:
    """Browsers that no test uses now: they keep the dashboard's scripts, which take long to make ready."""
    free: list[BrowserContext] = []
    yield free
    for context in free:
        context.close()


@pytest.fixture
def reader(
    chromium: Browser, browsers: list[BrowserContext], deployment: Deployment
) -> Iterator[Callable[[], BrowserContext]]:
    """Return a function that gives the browser of one more reader; nothing is left in it of another."""
    used: list[BrowserContext] = []

    def one() -> BrowserContext:
        context = browsers.pop() if browsers else _made(chromium)
        assert not context.cookies() and len(context.pages) == 1
        used.append(context)
        return context

    yield one
    for context in used:
        empty, *others = context.pages
        for page in others:
            page.close()
        context.clear_cookies()
        kept = {"origin": deployment.address, "storageTypes": "local_storage,indexeddb,cache_storage"}
        context.new_cdp_session(empty).send("Storage.clearDataForOrigin", kept)
    browsers.extend(reversed(used))


def _made(chromium: Browser) -> BrowserContext:
    context = chromium.new_context(accept_downloads=True, viewport={"width": 1440, "height": 900})
    context.set_default_timeout(PATIENCE_MS)
    keep_a_page_open(context)
    return context


def shows(page: Page, release: str) -> None:
    """Wait until a page shows the figures of a release."""
    expect(page.locator("footer.ltt-footer")).to_contain_text(f"Release {release}", timeout=PATIENCE_MS)


def opened(context: BrowserContext, deployment: Deployment, path: str = "") -> Page:
    page = context.new_page()
    page.goto(f"{deployment.address}/{path}")
    page.locator("footer.ltt-footer").wait_for()
    return page


def sign_in(page: Page, person: str) -> Page:
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("button", name=person).click()
    page.locator("footer.ltt-footer").wait_for()
    return page


def notice_of(page: Page, text: str) -> None:
    expect(page.locator(".stAlert", has_text=text).first).to_be_visible()


def test_a_partner_signs_in_and_stays_on_the_page(reader, deployment: Deployment) -> None:
    page = opened(reader(), deployment, "trends?form=forced_labour")
    shows(page, deployment.public)
    sign_in(page, PAT)
    shows(page, deployment.partner)
    assert "/trends?" in page.url and "form=forced_labour" in page.url
    expect(page.locator(".ltt-ribbon.ltt-restricted")).to_have_text(
        "Partner figures: for signed-in partners, do not publish"
    )
    expect(page.get_by_text(f"Signed in as {PAT}")).to_be_visible()
    cookies = {one["name"]: one for one in page.context.cookies()}
    kept = cookies["_streamlit_user"]
    assert kept["httpOnly"] and kept["sameSite"] == "Lax"
    # A sign-in is not told to scripts, and the page before it is forgotten.
    assert "_streamlit_user" not in page.evaluate("document.cookie") and "ltt_return" not in cookies


@pytest.mark.parametrize(("person", "remark"), [(OTHER, NOT_A_PARTNER), (NOBODY, NO_CLAIM)])
def test_an_account_that_is_no_partners_sees_the_public_figures(
    reader, deployment: Deployment, person: str, remark: str
) -> None:
    page = sign_in(opened(reader(), deployment), person)
    shows(page, deployment.public)
    notice_of(page, remark)
    answer = page.request.get(f"{deployment.address}/api/v1/releases").json()
    assert [one["profile"] for one in answer["releases"]] == ["public"]


def test_two_roles_at_once_never_mix(reader, deployment: Deployment) -> None:
    outside: list[bytes] = []

    def listen(link: WebSocket) -> None:
        link.on("framereceived", lambda part: outside.append(part if isinstance(part, bytes) else b""))

    partner, stranger = reader(), reader()
    mine = sign_in(opened(partner, deployment, "explore"), PAT)
    shows(mine, deployment.partner)
    theirs = stranger.new_page()
    theirs.on("websocket", listen)
    for path in ("explore", "people_and_forms"):
        theirs.goto(f"{deployment.address}/{path}")
        mine.goto(f"{deployment.address}/{path}")
        shows(theirs, deployment.public)
        shows(mine, deployment.partner)
    assert outside
    assert not [part for part in outside if deployment.partner.encode() in part]
    # The same reader, in a frame of another site: public.
    framed = partner.new_page()
    framed.goto(f"{deployment.address}/trends?embed=true")
    shows(framed, deployment.public)
    expect(framed.locator(".stSidebar")).to_be_hidden()
    framed.goto(f"{deployment.address}/trends?embed=card&card=trend")
    expect(framed.get_by_text("numbers below 10 are not shown")).to_be_visible()
    expect(framed.locator(".stSidebar, .stAppHeader").locator("visible=true")).to_have_count(0)
    shows(mine, deployment.partner)


def page_taken_along(page: Page) -> Download:
    """Take a page as HTML."""
    page.get_by_role("button", name="Take this page along").click()
    button = page.get_by_role("button", name="HTML")
    expect(button).to_be_visible()
    # A button that is drawn anew while it is pressed has lost its file.
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
    with page.expect_download() as waited:
        button.click()
    return waited.value


def test_a_download_and_a_link_of_a_partner_open_nothing_for_others(reader, deployment: Deployment) -> None:
    partner, stranger = reader(), reader()
    page = sign_in(opened(partner, deployment, "people_and_forms"), PAT)
    shows(page, deployment.partner)
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
    with page.expect_download() as waited:
        page.get_by_role("button", name="Download").first.click()
    assert waited.value.suggested_filename.startswith("PARTNER_")
    assert waited.value.url.startswith("blob:"), "a card's file comes over the socket: nobody has its address"
    file = page_taken_along(page)
    assert file.suggested_filename.startswith("PARTNER_")
    assert file.url.startswith("blob:"), "and so does a page's"
    map_of = f"{deployment.address}/boundaries/{deployment.partner}/example/2.json"
    assert "private" in partner.request.get(map_of).headers["cache-control"]
    assert stranger.request.get(map_of).status == 404
    link = str(page.locator("a.ltt-link").first.get_attribute("href"))
    assert "figures=partner" in link and "figures=partner" in page.url
    package = str(page.get_by_role("link", name="Data package").first.get_attribute("href"))
    address = f"{deployment.address}/{package.removeprefix('./')}"
    assert partner.request.get(address).headers["content-disposition"].count("PARTNER_") == 1
    assert stranger.request.get(address).status == 403  # never the public figures in their place
    other = stranger.new_page()
    other.goto(link)
    shows(other, deployment.public)
    notice_of(other, LINK_OF_A_PARTNER)
    lines = list(read(deployment.log))
    logged = [line for line in lines if line["name"] == file.suggested_filename]
    assert logged and logged[0]["who"] == PAT and logged[0]["event"] == "file"
    assert {line["who"] for line in lines} <= {PAT}, "the public is not written down"
    assert {"page", "file"} <= {line["event"] for line in lines}


def test_who_signs_out_is_public_in_every_tab_and_a_copied_cookie_is_worth_nothing(
    reader, deployment: Deployment
) -> None:
    context = reader()
    page = sign_in(opened(context, deployment, "trends"), PAT)
    second = opened(context, deployment, "people_and_forms")
    shows(second, deployment.partner)
    stolen = context.cookies()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url(f"{deployment.provider}/**")
    shows(second, deployment.public)  # within the minute that a partner's tab may take
    notice_of(second, HAS_ENDED)
    thief = reader()
    thief.add_cookies(stolen)
    shows(opened(thief, deployment, "trends"), deployment.public)
    for _ in range(6):  # whichever process is asked
        map_of = f"{deployment.address}/boundaries/{deployment.partner}/example/2.json"
        assert thief.request.get(map_of).status == 404
    answer = thief.request.get(f"{deployment.address}/api/v1/releases").json()
    assert [one["profile"] for one in answer["releases"]] == ["public"]


def test_who_signed_in_in_two_tabs_signs_out_of_both(reader, deployment: Deployment) -> None:
    context = reader()
    first, second = opened(context, deployment, "trends"), opened(context, deployment, "explore")
    shows(sign_in(first, PAT), deployment.partner)
    stolen = context.cookies()
    # The second tab was opened before, and still has the button.
    shows(sign_in(second, PAT), deployment.partner)
    second.get_by_role("button", name="Sign out").click()
    second.wait_for_url(f"{deployment.provider}/**")
    shows(first, deployment.public)
    thief = reader()
    thief.add_cookies(stolen)
    answer = thief.request.get(f"{deployment.address}/api/v1/releases").json()
    assert [one["profile"] for one in answer["releases"]] == ["public"]


def test_a_program_brings_a_token(deployment: Deployment, provider: Provider) -> None:
    def asked(token: str | None, address: str = "releases") -> httpx.Response:
        headers = {"Authorization": f"Bearer {token}"} if token is not None else {}
        return httpx.get(f"{deployment.address}/api/v1/{address}", headers=headers)

    assert [one["id"] for one in asked(None).json()["releases"]] == [deployment.public]
    opened_by = asked(provider.token(PAT))
    assert [one["id"] for one in opened_by.json()["releases"]] == [deployment.public, deployment.partner]
    assert opened_by.headers["cache-control"] == "private, no-store"
    looks = deployment.log.read_text("utf-8").count('"event": "api"') if deployment.log.exists() else 0
    for address in ("answers?measure=detected_persons", "findings?measure=detected_persons", "catalog"):
        for token, release in ((None, deployment.public), (provider.token(PAT), deployment.partner)):
            figures = asked(token, address)
            assert figures.json()["release_id"] == release and "Authorization" in figures.headers["vary"]
        chosen = asked(provider.token(PAT), f"{address}{'&' if '?' in address else '?'}figures=public")
        assert chosen.json()["release_id"] == deployment.public
    # The two that hold figures are written down.
    assert deployment.log.read_text("utf-8").count('"event": "api"') == looks + 2
    for token, status in (
        (provider.token(PAT, client="another"), 401),
        (provider.token(OTHER), 403),
        (provider.token(NOBODY), 403),
        ("nonsense", 401),
        ("a.b.c", 401),
    ):
        refused = asked(token)
        assert refused.status_code == status
        assert refused.headers["content-type"].startswith("application/problem+json")
        assert deployment.partner not in refused.text
        # A token that opens nothing is not answered with the public figures in place of those it is for.
        assert asked(token, "answers?measure=detected_persons").status_code == status


def test_a_provider_that_is_down_leaves_the_public_figures(
    reader, deployment: Deployment, provider: Provider
) -> None:
    page = opened(reader(), deployment, "trends")
    provider.stop()
    try:
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("heading", name="Signing in is not possible now")).to_be_visible()
        page.get_by_role("link", name="Go on with the public figures").click()
        shows(page, deployment.public)
    finally:
        provider.start()


@pytest.mark.parametrize("query", ["code=x&state=y", "error=access_denied&state=y", "state=y"])
def test_a_way_back_that_proves_nothing_opens_nothing(reader, deployment: Deployment, query: str) -> None:
    page = opened(reader(), deployment, f"oauth2callback?{query}")
    shows(page, deployment.public)
    notice_of(page, SIGN_IN_FAILED)


def test_a_cookie_that_was_made_up_opens_nothing(reader, deployment: Deployment) -> None:
    context = reader()
    claims = json.dumps({"is_logged_in": True, "email": PAT, "groups": ["trafficking-partners"]})
    for value in ("2|1:0|10:1|15:_streamlit_user|4:e30=|0", "x" * 3000, claims):
        context.add_cookies([{"name": "_streamlit_user", "value": value, "url": deployment.address}])
        answer = context.request.get(f"{deployment.address}/api/v1/releases").json()
        assert [one["profile"] for one in answer["releases"]] == ["public"]
    shows(opened(context, deployment, "trends"), deployment.public)
