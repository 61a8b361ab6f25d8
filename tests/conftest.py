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

#: Files that take long, the longest first: a worker that begins one of them last would work on alone. The
#: first builds the demonstration that others wait for; the next ones do without it.
LONG = (
    *("security/test_every_subject", "browser/test_every_page", "etl/test_pipeline_build"),
    *("browser/test_walking", "etl/test_bad_input_by_command", "security/test_asking_again"),
    *("security/test_differencing", "browser/test_frame", "etl/test_covered_areas", "etl/test_warehouse"),
    *("browser/test_areas", "release/test_publishing", "etl/test_pipeline_loads", "pages/test_matrix"),
    *("pages/test_two_hundred_paths", "etl/test_cli", "release/test_profiles_by_command"),
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put files that take long first; otherwise keep the order."""
    rank = {f"tests/{name}.py": place for place, name in enumerate(LONG)}
    items.sort(key=lambda item: rank.get(item.nodeid.partition("::")[0], len(rank)))


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
