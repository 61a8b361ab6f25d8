"""A real server and a real browser, for what a page without a browser cannot show."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.example_release import build
from tests.support import PROJECT

START_LIMIT_SECONDS = 60
PATIENCE_MS = 45_000  # the machine may be busy; nothing here measures speed
expect.set_options(timeout=PATIENCE_MS)


@contextmanager
def serving(release: Path) -> Iterator[str]:
    """Start the dashboard as `make run` does, on a free port; yield its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "dashboard.py", "--server.port", str(port)]
    environment = {**os.environ, "LTT_RELEASE": str(release)}
    process = subprocess.Popen(
        command, cwd=PROJECT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        _wait(f"http://127.0.0.1:{port}/_stcore/health", process)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


def _wait(address: str, process: subprocess.Popen) -> None:
    deadline = time.monotonic() + START_LIMIT_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            pytest.fail("the server stopped at its start")
        try:
            urllib.request.urlopen(address, timeout=2).close()
            return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    pytest.fail("the server does not answer")


@pytest.fixture(scope="session")
def release_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("release") / "public")


@pytest.fixture(scope="module")
def address(release_folder: Path) -> Iterator[str]:
    with serving(release_folder) as served:
        yield served


OpenTab = Callable[..., Page]


@pytest.fixture
def tab(chromium: Browser) -> Iterator[OpenTab]:
    """Return a function that opens an address in a fresh browser; requests that leave the machine fail."""
    contexts = []
    outside: list[str] = []

    def opened(target: str, **options) -> Page:
        context = chromium.new_context(**{"viewport": {"width": 1440, "height": 900}, **options})
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.on("request", lambda request: outside.append(request.url) if leaves(request.url) else None)
        page.goto(target)
        page.wait_for_selector("h1")
        return page

    yield opened
    for context in contexts:
        context.close()
    assert outside == [], "no request leaves this machine"


def leaves(address: str) -> bool:
    return not address.startswith(("http://127.0.0.1:", "ws://127.0.0.1:", "data:", "blob:"))


def settled(page: Page, charts: int = 1) -> Page:
    """Wait until a page has drawn its charts and stopped running."""
    page.wait_for_function(f"document.querySelectorAll('.js-plotly-plot .main-svg').length >= {charts}")
    page.wait_for_selector(".ltt-footer")
    page.wait_for_function("!document.querySelector('[data-testid=stStatusWidget]')")
    return page
