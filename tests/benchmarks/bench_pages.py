"""Each page as it opens: share of its cells that is shown, and the time of its answers.

python -m tests.benchmarks.bench_pages              # the demonstration, built in a temporary home
LTT_RELEASE=data/release/public python -m tests.benchmarks.bench_pages
"""

import logging
import os
import statistics
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from streamlit.testing.v1 import AppTest

from analysis import Answer, Question, answer, open_release
from analysis.release.release import Release
from etl.config import Home
from tests.benchmarks.measuring import PROJECT, run_etl, say, say_load
from ui.view import registry, view
from ui.view.kept import Kept

SECONDS = 120
REPEATS = 30


class Listening(Kept):
    """Keeps nothing and notes what a page asks: one list of questions a look-up."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[list[Question]] = []
        self.given: list[Answer] = []

    def answer(self, release: Release, questions: Sequence[Question]) -> list[Answer]:
        """Answer as always, and note it."""
        answers = super().answer(release, questions)
        new = [one for one in dict.fromkeys(questions) if not any(one in asked for asked in self.asked)]
        if new:
            self.asked.append(new)
            self.given += [one for one in answers if one.question in new]
        return answers


def open_page(code: str) -> Listening:
    """Open a page without a browser; what it asked."""
    view.kept = listening = Listening()
    app = AppTest.from_file(str(PROJECT / "dashboard.py"), default_timeout=SECONDS).run()
    if code != registry.HOME.code:
        view.kept = listening = Listening()
        app.switch_page(f"pages/{code}.py").run()
    if app.exception:
        raise SystemExit(f"{code}: {app.exception[0].value}")
    return listening


def describe(code: str, release: Release) -> None:
    """Print the lines of one page."""
    found = open_page(code)
    given = [one for one in found.given if one.measure.door == "person" and not one.refusal]
    total = sum(one.cells_total for one in given)
    if total:
        say(f"{code}, cells shown", round(100 * sum(one.cells_shown for one in given) / total), "%")
    times = []
    for _ in range(REPEATS if found.asked else 0):
        started = time.process_time()
        for questions in found.asked:
            answer(questions, release, strict=False)
        times.append(1000 * (time.process_time() - started))
    if times:
        say(f"{code}, questions", sum(map(len, found.asked)), f"in {len(found.asked)} look-ups")
        say(f"{code}, answers, processor", statistics.median(times), "ms (median)")


def main() -> None:
    """Open every page of a release."""
    logging.disable(logging.WARNING)  # Streamlit's, about running without a browser
    with tempfile.TemporaryDirectory() as folder:
        if not os.environ.get("LTT_RELEASE"):
            home = Home(Path(folder))
            run_etl("demonstration, build and first release", ["build", "--demo", "--home", home.root])
            os.environ["LTT_RELEASE"] = str(home.release("public"))
        release = open_release()
        for page in registry.available():
            describe(page.code, release)
    say_load()


if __name__ == "__main__":
    main()
