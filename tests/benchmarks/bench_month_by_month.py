"""The attacks of `tests/security/test_month_by_month.py`, long: every subject, six months, every answer.

    python -m tests.benchmarks.bench_month_by_month --targets 400

About 2,000 people, a sixth of the demonstration. For each subject: numbers of months that were over that
differ between two releases, and small numbers that become known, to the public and to partners who know all
shares. Then every measure of these subjects by year (medians, shares and completeness among them): values of
years that were over that differ between two releases. All of these are to be 0.
"""

import argparse
import tempfile
from itertools import pairwise
from pathlib import Path

from analysis import Question, answer, load_catalog, open_release
from tests.benchmarks.measuring import say, timed
from tests.security.monthly import MONTHS, Series, monthly
from tests.security.subjects import PROFILES, SUBJECTS
from tests.security.test_month_by_month import compared, known

YEARS = ("2022", "2023", "2024")


def changed_answers(series: Series, profile: str) -> tuple[int, int]:
    """Return how many values of measures by year there are, and how many differ between two releases."""
    values: list[dict[tuple[str, object], object]] = []
    measures = [one for one in load_catalog().measures.values() if one.door == "person"]
    for month in MONTHS:
        release = open_release(series.files[month, profile].parent)
        questions = [Question(one.code, ("period",), {}, periods=YEARS) for one in measures]
        found: dict[tuple[str, object], object] = {}
        for one, of_one in zip(measures, answer(questions, release, strict=False), strict=True):
            if of_one.refusal is None:
                found |= {(one.code, row[0]): row[1] for row in of_one.frame.select("period", "value").rows()}
        values.append(found)
    changed = sum(before[key] != now.get(key) for before, now in pairwise(values) for key in before)
    return len(values[-1]), changed


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--targets", type=int, default=400)
    targets = parser.parse_args().targets
    with tempfile.TemporaryDirectory() as folder:
        with timed("six months, public and partner"):
            series = monthly(Path(folder), SUBJECTS)
        for subject in SUBJECTS:
            same, other = compared(series, subject)
            say(f"{subject}: numbers of months that were over, alike in two releases", same)
            say(f"{subject}: that differ", other)
            for profile in PROFILES:
                tried, found = known(series, subject, profile, targets)
                say(f"{subject}: small numbers attacked, {profile}", tried)
                say(f"{subject}: that are known, {profile}", found)
        for profile in PROFILES:
            there, changed = changed_answers(series, profile)
            say(f"answers by year, {profile}", there)
            say(f"answers by year that differ between releases, {profile}", changed)


if __name__ == "__main__":
    main()
