"""What every kind of test may use: one browser, if this machine has one."""

import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

#: Maps need WebGL, which a machine without a graphics card computes; everything else is drawn faster without.
BROWSER_FLAGS = (
    "--no-sandbox",
    "--disable-gpu-compositing",
    "--disable-gpu-rasterization",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The system's Chromium, started once; `LTT_BROWSER=required` makes its absence an error."""
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        reason = "Chromium is not installed; on Debian and Ubuntu: apt-get install chromium"
        if os.environ.get("LTT_BROWSER") == "required":
            pytest.fail(f"{reason}. LTT_BROWSER=required does not let these tests be skipped")
        pytest.skip(reason)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(BROWSER_FLAGS))
        yield browser
        browser.close()
