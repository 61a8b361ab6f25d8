"""What a reader waits for, in a browser, beside a Dash page of four charts over the same persons.

python -m tests.benchmarks.bench_browser                      # the demonstration, built in a temporary home
python -m tests.benchmarks.bench_browser --home data          # a home that is there; nothing is written in it
python -m tests.benchmarks.bench_browser --persons 1000000    # made-up persons, loaded and released first
python -m tests.benchmarks.bench_browser --pages trends,gaps --changes 40

All pages are open at once and each round changes one filter on each of them, so that whatever else the
machine does falls on all alike: only the ratios of one run mean anything. The same four charts on a page of
Streamlit without anything of ours show how much of a ratio is the library's. Without Dash (the extra
`bench`) the run says so and prints our own numbers without ratios.
"""

import argparse
import importlib.util
import math
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
from playwright.sync_api import Browser, Page, sync_playwright

from analysis import open_release
from analysis.release.release import Release
from etl.config import Home
from tests.benchmarks.browsing import Change, Watched, new_tab
from tests.benchmarks.goals import BARE, DASH, table
from tests.benchmarks.measuring import run_etl, say, say_load
from tests.benchmarks.serving import Server, start
from tests.conftest import BROWSER_FLAGS

STREAMLIT_PAGE = Path(__file__).with_name("streamlit_page.py")
PAGES = "trends,people_and_forms,geography"
WARM_UPS = 2
WARM_LOADS = 5
WINDOW = {"width": 1440, "height": 900}
EVERYWHERE = "Whole region"


@dataclass
class Subject:
    """A page under measurement, and everything that was measured of it."""

    name: str
    address: str
    server: Server
    tab: Watched | None = None
    first: Change | None = None
    cold_s: float = 0.0
    loads: list[Change] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    again: list[Change] = field(default_factory=list)
    memory: float = 0.0


def walk(areas: list[str], years: list[str]) -> Iterator[tuple[str, str]]:
    """Give filters and values, one change after the other: no two of them lead to the same state.

    Filters take turns; numbers of values that have no common divisor make it long.
    """
    area, year = 0, 0
    while True:
        area, year = (area + 1) % len(areas), (year + 1) % len(years)
        yield "Area", areas[area]
        yield "From", years[year]


def values(release: Release) -> tuple[list[str], list[str]]:
    """Return the areas and first years that the walk takes: names that stand once, and not all years."""
    collection = release.collections[0]
    geography = release.areas[collection.geography]
    finest = max(geography.levels.values())
    areas = [geography.names[code] for code in geography.at(finest)][:7]
    earliest, latest = release.choices_of(None).widest
    years = [str(year) for year in range(int(earliest[:4]), int(latest[:4]) - 1)][:5]
    taken = [EVERYWHERE, *areas]
    while math.gcd(len(taken), len(years)) > 1:
        taken.pop()
    return taken, years


def choose_here(name: str, value: str) -> Callable[[Page], None]:
    """Return what chooses a filter's value on our pages."""

    def do(page: Page) -> None:
        page.get_by_role("combobox", name=name, exact=True).click()
        page.keyboard.type(value)
        page.get_by_role("option").filter(has_text=value).first.click()

    return do


def choose_in_dash(name: str, value: str) -> Callable[[Page], None]:
    """Return what chooses a filter's value on the Dash page."""

    def do(page: Page) -> None:
        page.locator(f"#{name}").click()
        page.locator(".dash-dropdown-option", has_text=value).first.click()

    return do


def write_persons(home: Home, file: Path) -> int:
    """Write the persons of a home for the Dash page; return how many."""
    warehouse = max(home.restricted.glob("warehouse-*.duckdb"), key=lambda one: one.stat().st_mtime_ns)
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        collection = "(SELECT collection FROM mart.person GROUP BY 1 ORDER BY count(*) DESC LIMIT 1)"
        connection.execute(
            "COPY (SELECT year(period_start) AS year, area.name AS area, gender::VARCHAR AS gender, "
            "age_group::VARCHAR AS age_group, citizenship_group::VARCHAR AS citizenship_group "
            "FROM mart.person LEFT JOIN "
            "(SELECT code AS area_code, min(name) AS name FROM mart.area GROUP BY 1) AS area "
            f"USING (area_code) WHERE collection = {collection}) TO '{file}' (FORMAT parquet)"
        )
        counted = connection.execute(f"SELECT count(*) FROM read_parquet('{file}')").fetchone()
    return int(counted[0]) if counted else 0


@contextmanager
def home_of(chosen: argparse.Namespace) -> Iterator[Home]:
    """Give the home that the arguments name; one that is built here is removed again."""
    if chosen.home:
        yield Home(chosen.home.resolve())
        return
    with tempfile.TemporaryDirectory() as folder:
        home, sheet = Home(Path(folder) / "home"), Path(folder) / "sample.csv"
        if chosen.persons:
            how = ["--rows", str(chosen.persons), "--seed", "1", "--out", sheet]
            run_etl("made-up persons, written", ["sample", *how])
            mapping = ["--mapping", sheet.with_suffix(".toml"), "--home", home.root]
            run_etl("made-up persons, loaded", ["load", sheet, "--source", "own", *mapping])
            run_etl("made-up persons, released", ["release", "--home", home.root])
        else:
            run_etl("demonstration, build and first release", ["build", "--demo", "--home", home.root])
        yield home


def first_visit(browser: Browser, subject: Subject) -> None:
    """Start a page's server, open the page in a browser that holds nothing, then open it again and again."""
    subject.server.start()
    context = browser.new_context(viewport=WINDOW)
    tab = subject.tab = new_tab(context)
    answers_after = time.monotonic() - subject.server.started
    subject.first = tab.open(subject.address)
    subject.cold_s = answers_after + subject.first.ms / 1000
    say(f"{subject.name}, start of the server to all charts", subject.cold_s, "s")
    say(f"{subject.name}, first visit", subject.first.size / 1e6, "MB")


def measure(subjects: list[Subject], release: Release, changes: int) -> None:
    """Change one filter on each page in turn, through new states and then through the first ones again."""
    areas, years = values(release)
    for turn in range(WARM_LOADS):
        for subject in subjects:
            subject.loads.append(subject.tab.open(subject.address))
        print(f"  warm load {turn + 1} of {WARM_LOADS}", flush=True)
    steps = walk(areas, years)
    done = [next(steps) for _ in range(WARM_UPS + changes)]
    for number, step in enumerate(done):
        for subject in subjects:
            change = take(subject, *step)
            if number >= WARM_UPS:
                subject.changes.append(change)
        print(f"  change {number + 1} of {len(done)}: {step[0]} → {step[1]}", flush=True)
    for subject in subjects:
        subject.memory = subject.server.memory()
    # Back to the beginning, and the same way once more; what is chosen already changes nothing.
    chosen = dict(done)
    back = [step for step in (("Area", areas[0]), ("From", years[0])) if chosen[step[0]] != step[1]]
    for number, step in enumerate([*back, *done[:8]]):
        for subject in subjects:
            change = take(subject, *step)
            if number >= len(back):
                subject.again.append(change)
    print("  the first states again", flush=True)


def take(subject: Subject, name: str, value: str) -> Change:
    """Change one filter on a page."""
    choose = choose_in_dash if subject.name == DASH else choose_here
    return subject.tab.change(choose(name, value))


def main() -> None:
    """Measure, print the lines and the table of goals."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--home", type=Path)
    parser.add_argument("--persons", type=int, default=0)
    parser.add_argument("--pages", default=PAGES)
    parser.add_argument("--changes", type=int, default=22)
    chosen = parser.parse_args()
    with home_of(chosen) as home, tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        folder_of_release = home.release("public")
        persons = write_persons(home, Path(folder) / "persons.parquet")
        say("persons", persons)
        subjects = []
        if importlib.util.find_spec("dash"):
            server = start("tests.benchmarks.dash_page", [Path(folder) / "persons.parquet", "{port}"])
            subjects.append(Subject(DASH, server.address, server))
        else:
            print("Dash is not installed: no ratios. Next: pip install '.[bench]'", flush=True)
        bare = ["run", STREAMLIT_PAGE, "--server.port={port}", "--server.headless=true"]
        server = start("streamlit", [*bare, "--", Path(folder) / "persons.parquet"])
        subjects.append(Subject(BARE, server.address, server))
        for page in chosen.pages.split(","):
            server = start("ui.app.serve", [], LTT_RELEASE=str(folder_of_release), LTT_OPEN="0")
            subjects.append(Subject(page, f"{server.address}/{page}", server))
        for subject in subjects:
            stack.callback(subject.server.stop)
        with sync_playwright() as playwright:
            path = shutil.which("chromium-headless-shell") or shutil.which("chromium")
            if path is None:
                sys.exit("Chromium is not installed; on Debian and Ubuntu: apt-get install chromium")
            browser = playwright.chromium.launch(executable_path=path, args=BROWSER_FLAGS)
            for subject in subjects:
                first_visit(browser, subject)
            measure(subjects, open_release(folder_of_release), chosen.changes)
            browser.close()
        table(subjects)
    say_load()


if __name__ == "__main__":
    main()
