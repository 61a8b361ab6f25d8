"""What every kind of test may use: marks by folder, a guard, one example release, one browser."""

import atexit
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from playwright.sync_api import Browser, sync_playwright

from analysis import Catalog, Release, open_release
from analysis.release import archive
from analysis.release.manifest import Manifest, read_manifest
from tests.example_release import build
from tests.release.support import counting, small_catalog
from tests.support import PROJECT


def _say_no_more() -> None:
    """Send what the interpreter's own end would write to nowhere."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)


# DuckDB's binding lists what is still alive when the interpreter ends: sixty lines that stand where the
# summary of the tests is looked for. Only its C++ can switch that off. What is registered first runs last: by
# then pytest, coverage and the workers have said everything, and the exit code stays what it is.
atexit.register(_say_no_more)

settings.register_profile("everything", deadline=None)  # the machine may be slow
settings.register_profile("quick", deadline=None, max_examples=10)

#: What a test is, by the folder it lies in.
MARK_OF_FOLDER = {
    "quick": "quick",
    "etl": "etl",
    "release": "release",
    "pages": "page",
    "security": "attack",
    "browser": "browser",
}
#: Lines are measured where a test is of them. These walk the same lines a hundred times over, and measuring
#: takes longer than the walk: coverage looks away.
NOT_MEASURED = (
    *("security/", "browser/", "pages/test_two_hundred_paths", "pages/test_contradictions"),
    *(
        "quick/answers/test_two_hundred_paths",
        "quick/answers/test_sums_of_shown_cells",
        "release/test_oracle",
    ),
)
#: Who uses names of these modules, or this fixture, waits for the demonstration.
OF_THE_DEMONSTRATION = {"tests.demonstration", "tests.security.subjects"}
DEMONSTRATION_FIXTURE = "demonstration"

#: Maps need WebGL, which a machine without a graphics card computes; everything else is drawn faster without.
#: Pages of one site and context share a process, and with it the scripts that it has made ready: while one of
#: them stays open, the next is drawn in half the time.
BROWSER_FLAGS = (
    "--no-sandbox",
    "--disable-gpu-compositing",
    "--disable-gpu-rasterization",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
    "--process-per-site",
)
#: A page of a test lives for seconds: what its scripts would gain from code optimised beside them, and from a
#: heap that begins small, is less than the processor spends on it. Not for where speed is measured.
SCRIPTS_OF_SECONDS = "--js-flags=--no-opt --no-maglev --min-semi-space-size=64 --max-semi-space-size=64"

#: Files that take long, the longest first: a worker that begins one of them last would work on alone. The
#: first builds the demonstration that others wait for; the next ones do without it.
LONG = (
    *("security/test_every_subject", "browser/test_every_page", "etl/test_pipeline_build"),
    *("etl/test_keeping", "browser/test_walking", "security/test_texts_of_registers", "release/test_spark"),
    "release/test_spark_clusters",
    *("etl/test_plausible", "browser/test_sign_in", "etl/test_bad_input_by_command"),
    "security/test_asking_again",
    *("security/test_differencing", "browser/test_frame", "etl/test_covered_areas", "etl/test_warehouse"),
    *("browser/test_areas", "release/test_publishing", "etl/test_pipeline_loads", "pages/test_matrix"),
    *(
        "pages/test_contradictions",
        "pages/test_two_hundred_paths",
        "etl/test_cli",
        "release/test_profiles_by_command",
    ),
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark tests by folder and by what they need; put files that take long first, else keep the order."""
    for item in items:
        mark(item)
    rank = {f"tests/{name}.py": place for place, name in enumerate(LONG)}
    items.sort(key=lambda item: rank.get(item.nodeid.partition("::")[0], len(rank)))


def mark(item: pytest.Item) -> None:
    """Mark a test with what its folder holds, and with `demo` where it waits for the demonstration."""
    kind = MARK_OF_FOLDER.get(item.path.relative_to(PROJECT / "tests").parts[0])
    if kind:
        item.add_marker(kind)
    if item.nodeid.removeprefix("tests/").startswith(NOT_MEASURED):
        item.add_marker("no_cover")
    if kind == "browser":
        item.add_marker("command")  # each release is served by a process of its own
    names = vars(item.module).values() if isinstance(item, pytest.Function) else ()
    uses_its_names = any(getattr(name, "__module__", None) in OF_THE_DEMONSTRATION for name in names)
    if uses_its_names or DEMONSTRATION_FIXTURE in getattr(item, "fixturenames", ()):
        item.add_marker("demo")


@pytest.fixture(scope="session", autouse=True)
def _no_test_opens_the_release_of_this_folder() -> Iterator[None]:
    """Refuse the data of whoever runs the tests: what `data/` holds must not decide what is green.

    A test that forgets to name its release would open it. In a process that a test starts, the release of
    an environment without `LTT_RELEASE` is one that is not there.
    """
    nowhere = PROJECT / "data" / "release" / "a-test-names-its-release"

    def guarded(folder: Path) -> Manifest:
        if folder.is_relative_to(PROJECT / "data"):
            raise RuntimeError(
                f"This test opens {folder.relative_to(PROJECT)}, the data of whoever runs it. Next: name a "
                "release (open_release(folder), or LTT_RELEASE), such as that of the fixture `folder`"
            )
        return read_manifest(folder)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(archive, "read_manifest", guarded)
        patch.setenv("LTT_RELEASE", str(nowhere))
        yield


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The public release of made-up people; nothing may be written there."""
    return build(tmp_path_factory.mktemp("release") / "public")


@pytest.fixture(scope="session")
def release(folder: Path) -> Release:
    """That release, open."""
    return open_release(folder)


@pytest.fixture(scope="module")
def fewer_questions() -> Iterator[Catalog]:
    """The release job answers few questions about people: for tests of what stands round its cells."""
    with counting(small_catalog()) as catalog:
        yield catalog


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The system's Chromium, started once; `LTT_BROWSER=required` makes its absence an error."""
    # The shell is the same browser without a window's parts: a sixth less time for the same pages.
    names = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
    path = next((found for found in map(shutil.which, names) if found), None)
    if path is None:
        reason = "Chromium is not installed; on Debian and Ubuntu: apt-get install chromium"
        if os.environ.get("LTT_BROWSER") == "required":
            pytest.fail(f"{reason}. LTT_BROWSER=required does not let these tests be skipped")
        pytest.skip(reason)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=[*BROWSER_FLAGS, SCRIPTS_OF_SECONDS])
        yield browser
        browser.close()
