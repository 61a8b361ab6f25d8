"""Releases of 2,000 people and of what is recorded about them, public and partner, half a year apart.

Records come in late and are withdrawn; most people have several. All six months, every subject with all of
its dimensions, and the answers of measures: `tests/benchmarks/bench_month_by_month.py`.
"""

from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path

import duckdb
import pytest

from analysis import load_catalog
from analysis.periods import span_of
from analysis.release.archive import read_archive
from analysis.release.release_file import open_published
from tests.security.inference import Attacker, is_known, shares_of
from tests.security.monthly import MONTHS, Series, fewer_dimensions, monthly
from tests.security.subjects import PROFILES, Case

SUBJECTS = ("tip", "open_referral", "barrier", "outcome", "place_use", "person_helped")
TARGETS = 60
ENDS = (MONTHS[0], MONTHS[-1])
Numbers = Mapping[tuple[object, ...], int]


@pytest.fixture(scope="module")
def series(tmp_path_factory: pytest.TempPathFactory) -> Series:
    fewer = fewer_dimensions(load_catalog())
    return monthly(tmp_path_factory.mktemp("monthly"), SUBJECTS, ENDS, fewer)


def numbers_of(file: Path, subject: str) -> Numbers:
    with duckdb.connect(str(file), read_only=True) as connection:
        rows = connection.execute(f"SELECT * EXCLUDE (marker, value), value FROM cell_{subject}").fetchall()
    return {row[:-1]: row[-1] for row in rows}


def compared(series: Series, subject: str) -> tuple[int, int]:
    """Return how many numbers of months that were over are in two releases alike, and how many are not."""
    same = other = 0
    months = sorted({month for month, _ in series.files})
    for profile in PROFILES:
        for earlier, later in pairwise(months):
            before, now = (numbers_of(series.files[month, profile], subject) for month in (earlier, later))
            over = {key for key in {*before, *now} if _is_over(str(key[2]), earlier)}
            alike = sum(before.get(key) == now.get(key) for key in over)
            same, other = same + alike, other + len(over) - alike
    return same, other


def _is_over(period: str, month: str) -> bool:
    return span_of(period).last <= span_of(month).last


def known(series: Series, subject: str, profile: str, count: int) -> tuple[int, int]:
    """Return how many small numbers were attacked, by somebody who knows every share exactly, and are known.

    Nothing of an earlier release is missing in the last one, which therefore holds what all together do.
    """
    case = Case(subject, series.folder, series.catalog)
    targets = case.targets(count)
    ways, published = case.ways, case.published(profile)
    shares = shares_of({**case.margins(), **targets}, targets, ways.partitions)
    attacker = Attacker(
        published, shares, partitions=ways.partitions, divisions=ways.divisions, finer=ways.finer
    )
    return len(targets), sum(is_known(attacker.posterior(cell), n) for cell, n in targets.items())


@pytest.mark.parametrize("subject", SUBJECTS)
def test_what_came_late_or_went_is_in_no_difference_of_two_releases(series: Series, subject: str) -> None:
    came = {series.came[subject, month] for month in ENDS}
    same, other = compared(series, subject)
    assert len(came) == 2, "else nothing came late"
    assert same > 100
    assert other == 0


def from_archive(series: Series, subject: str, profile: str) -> list[tuple[str, Numbers]]:
    """Return month and numbers of every release that the archive of a profile offers, the earliest first."""
    folder = series.home.release(profile)
    found = []
    for one in reversed(read_archive(folder).offered):
        release = open_published(one.release_id, folder)
        rows = release.rows(f"SELECT * EXCLUDE (marker, value), value FROM cell_{subject}")
        found.append((f"{one.as_of:%Y-%m}", {row[:-1]: row[-1] for row in rows}))
    return found


@pytest.mark.parametrize("subject", SUBJECTS)
@pytest.mark.parametrize("profile", PROFILES)
def test_the_archive_tells_nothing_that_the_newest_release_does_not(
    series: Series, subject: str, profile: str
) -> None:
    """Whoever reads all releases has what whoever reads the last one has."""
    *earlier, (last, newest) = from_archive(series, subject, profile)
    assert (len(earlier), last) == (len(ENDS) - 1, ENDS[-1])
    for month, numbers in earlier:
        assert len(numbers) > 50
        assert numbers.items() <= newest.items(), month
        # Nor does a number that an earlier release hides appear in a later one, for a month that was over.
        since = {key for key in newest.keys() - numbers.keys() if _is_over(str(key[2]), month)}
        assert not since


@pytest.mark.parametrize("subject", SUBJECTS)
@pytest.mark.parametrize("profile", PROFILES)
def test_no_small_number_is_known(series: Series, subject: str, profile: str) -> None:
    tried, found = known(series, subject, profile, TARGETS)
    assert tried
    assert found == 0
