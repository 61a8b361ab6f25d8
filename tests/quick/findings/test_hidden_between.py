"""What two releases tell otherwise of people on no list: said, and never as a rise or a fall."""

from pathlib import Path

import pytest

from analysis import open_release
from analysis.exports.notices.what_changed import what_changed
from analysis.release.release import Release
from tests import release_states

PLAIN = release_states.estimate()
PART = "People on no list"


def release(folder: Path, target: Path, statements: list[str]) -> Release:
    return open_release(release_states.changed(folder, target, statements))


def told(later: Release, earlier: Release) -> str:
    parts = dict(what_changed(later, earlier).parts)
    return " ".join(parts.get(PART, ()))


@pytest.mark.parametrize(
    ("then", "now", "words"),
    [
        (
            [],
            PLAIN,
            "The estimate of people on no list is new. About 1,600 (1,500–1,700) people could have been "
            "listed in 2016–2024; about 900 were.",
        ),
        (
            PLAIN,
            release_states.estimate(1_900, 1_600, 2_100, years="2016..2025"),
            "The estimate of people on no list is of other years now. About 1,900 (1,600–2,100) people could "
            "have been listed in 2016–2025; about 900 were. The one before was of 2016–2024, about 1,600 "
            "(1,500–1,700): do not compare the two.",
        ),
        (
            PLAIN,
            release_states.estimate(1_900, 1_600, 2_100, band=(200, 500)),
            "The estimate of people on no list was revised. About 1,900 (1,600–2,100) people could have been "
            "listed in 2016–2024; about 900 were. Before: about 1,600 (1,500–1,700). Read the new one in "
            "place of it; it is no rise or fall. Told otherwise beside it: 3 of the overlaps between lists.",
        ),
        (
            PLAIN,
            [*PLAIN, "UPDATE hidden_agreement SET agreement = 'within_2' WHERE code = 'aic'"],
            "The estimate of people on no list is as it was. Told otherwise beside it: 1 of the other "
            "answers.",
        ),
        (
            PLAIN,
            release_states.estimate(reason="methods_differ"),
            "The estimate of people on no list of 2016–2024 is not shown any more. No estimate of people on "
            "no list is shown: accepted methods give answers more than twice as far apart as one another.",
        ),
        (PLAIN, [], "The estimate of people on no list of 2016–2024 is not shown any more."),
        (
            release_states.estimate(reason="few_lists"),
            release_states.estimate(reason="unstable"),
            "No estimate of people on no list is shown: chance alone could move the number too far.",
        ),
    ],
)
def test_what_is_told_otherwise_is_said(
    folder: Path, tmp_path: Path, then: list[str], now: list[str], words: str
) -> None:
    assert told(release(folder, tmp_path / "now", now), release(folder, tmp_path / "then", then)) == words


@pytest.mark.parametrize(
    ("then", "now"),
    [
        ([], []),
        (PLAIN, PLAIN),
        ([], release_states.estimate(reason="no_lists")),  # nothing was told, and nothing is
        (
            release_states.estimate(reason="no_lists"),
            release_states.estimate(reason="no_lists", years="2016..2025"),
        ),
    ],
)
def test_what_is_told_as_before_is_not_said(
    folder: Path, tmp_path: Path, then: list[str], now: list[str]
) -> None:
    now_folder = release(folder, tmp_path / "now", [*now, "ANALYZE"])
    assert told(now_folder, release(folder, tmp_path / "then", then)) == ""
