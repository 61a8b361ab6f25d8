"""The keeper's desk in a browser: a made-up workbook from Choose to Check, by keyboard and mouse."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import DESK, PATIENCE_MS, Watch
from tests.browser.serving import free_port
from tests.browser.test_desk import OPENED, REFUSED, asked, handshake
from tests.etl import kept_workbooks
from tests.support import PROJECT
from ui.app.desk import cookie_of
from ui.app.serve import DESK_KEY
from ui.app.web.opening import leading_to

ROWS = 40
HOME = 'place = "South Florida"\ngeography = "us"\nareas = ["12"]\nas_of = 2025-12-31\n'
PATIENCE_SECONDS = 60


class Open(NamedTuple):
    """A desk that is served: the address with its key, where its copies of files lie, what it printed."""

    address: str
    copies: Path
    log: Path


@contextmanager
def serving_desk(folder: Path, deployment: str) -> Iterator[Open]:
    """Serve the desk of a new home as `make desk` does; it ends without a copy of a file or a traceback.

    Parameters
    ----------
    folder
        Where the home is made.
    deployment
        Text of its ``deployment.toml``.
    """
    home, copies, log = folder / "home", folder / "copies", folder / "log"
    home.mkdir()
    copies.mkdir()
    (home / "deployment.toml").write_text(deployment, "utf-8")
    command = [sys.executable, "-m", "etl", "desk", "--home", str(home), "--port", str(free_port())]
    environment = {**os.environ, "LTT_OPEN": "0", "TMPDIR": str(copies)}
    with log.open("w") as stream:
        process = subprocess.Popen(
            command, cwd=PROJECT, env=environment, stdout=subprocess.PIPE, stderr=stream, text=True
        )
    assert process.stdout is not None
    found = re.search(r"http\S+", process.stdout.readline())
    assert found, log.read_text()
    try:
        yield Open(found.group(), copies, log)
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=30)
    assert list(copies.glob("ltt-desk-*")) == [], "the desk leaves no copy of a file behind"
    assert "Traceback" not in log.read_text()


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Open]:
    """The desk of a home in Florida."""
    with serving_desk(tmp_path_factory.mktemp("desk"), HOME) as opened:
        yield opened


def heading(page: Page, name: str) -> None:
    there(page.get_by_role("heading", level=1, name=name, exact=True))


def there(locator: Locator) -> None:
    expect(locator.first).to_be_visible(timeout=PATIENCE_MS)


def unticked(box: Locator) -> None:
    expect(box).not_to_be_checked(timeout=PATIENCE_MS)


def test_a_workbook_goes_from_choose_to_check_by_keyboard_and_mouse(
    chromium: Browser, desk: Open, tmp_path: Path
) -> None:
    book = kept_workbooks.clients(tmp_path / "clients.xlsx", ROWS)
    context = chromium.new_context(**DESK)
    context.set_default_timeout(PATIENCE_MS)
    watch = Watch(context)
    page = context.new_page()
    # As `etl.desk.serve` opens it: a step from a file is one from another site, to a browser.
    (tmp_path / "open.html").write_bytes(leading_to(desk.address))
    first = (tmp_path / "open.html").as_uri()
    page.goto(first)
    heading(page, "Choose")
    page.reload()
    heading(page, "Choose")
    assert "key=" not in page.url and not page.evaluate("document.cookie.includes('ltt_desk')")
    page.locator("input[type=file]").set_input_files(book)
    there(page.get_by_text("Open: clients.xlsx"))
    [copy] = desk.copies.glob("ltt-desk-*/clients.xlsx")
    # The steps are one group of choices: the arrow keys go from one to the next.
    page.get_by_role("radio", name="1 Choose").focus()
    page.keyboard.press("ArrowDown")
    heading(page, "Look")
    unticked(page.get_by_role("checkbox", name="First name"))
    page.get_by_role("checkbox", name="Age").focus()
    page.keyboard.press("Space")
    there(page.get_by_text("10 columns, 4 left out"))
    unticked(page.get_by_role("checkbox", name="Age"))
    page.get_by_role("button", name="Next: Match").focus()
    page.keyboard.press("Enter")
    heading(page, "Match")
    there(page.get_by_role("combobox", name="‘Sex’ is"))
    page.get_by_role("button", name="Next: Check").click()
    heading(page, "Check")
    there(page.get_by_text(f"{ROWS} accepted, 0 rejected"))
    seen = page.inner_text("body")
    assert not any(word in seen for word in ("Olena", "Maria", "Long story", "1999", "HH-10"))
    assert (watch.outside, watch.failed, watch.complaints) == ([first], [], [])
    context.close()
    deadline = time.monotonic() + PATIENCE_SECONDS
    while copy.exists() and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not copy.exists(), "the copy goes with the page"


def test_the_desk_opens_for_nobody_else(desk: Open) -> None:
    where = urlsplit(desk.address)
    bare = f"http://{where.netloc}"
    page = desk.address.partition("/?")[0]
    for path in ("/", "/?key=wrong", "/_stcore/host-config", "/media/0123.csv", "/_stcore/upload_file/a/b"):
        answer = asked(bare, path)
        assert asked(bare, urlsplit(page).path + path).status == 403
        assert answer.status == 403 and "set-cookie" not in answer.headers
        assert "python -m etl desk" in answer.body
    cookie = "=".join(cookie_of(parse_qs(where.query)[DESK_KEY][0]))
    assert handshake(page, where.netloc, bare, cookie) == OPENED
    for host, origin, kept in (
        (where.netloc, bare, ""),
        (where.netloc, "http://evil.example", cookie),
        (f"evil.example:{where.port}", f"http://evil.example:{where.port}", cookie),
    ):
        assert handshake(page, host, origin, kept) == REFUSED
