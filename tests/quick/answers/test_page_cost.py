"""A page costs one look-up, whatever it asks. Its time is printed, never judged: the machine may be busy."""

import shutil
import time

import pytest

from analysis import Question, answer, open_release
from analysis.answers.rows import lookup
from analysis.errors import ReleaseNotOffered

PAGE = [
    Question("detected_persons", ["period"], period_level="month"),
    Question("detected_persons"),
    Question("detected_persons", ["area"], area_level=2),
    Question("detection_rate_per_100k", ["area"], area_level=2, periods=("2025", "2025")),
    Question("child_share", ["period"]),
    Question("form_share", ["period", "form"]),
    Question("acceptance_share", ["period"]),
    Question("fbi_offences_known", ["period"]),
]


@pytest.fixture
def asked(release, monkeypatch):
    """Return the statements that a release answers from now on; nothing of it is kept at first."""
    answer(PAGE, release)  # what a release looks up once of itself, such as its columns
    lookup._kept.pop(release, None)
    statements = []
    rows = release.rows
    monkeypatch.setattr(release, "rows", lambda sql, values=(): statements.append(sql) or rows(sql, values))
    return statements


def test_what_eight_questions_ask_beside_cells_is_one_select_and_then_none(release, asked):
    fresh = answer(PAGE, release)
    times = []
    for _ in range(20):
        start = time.perf_counter()
        again = answer(PAGE, release)
        times.append(1000 * (time.perf_counter() - start))
    assert len(asked) == 1 and asked[0].count("FROM") >= 2 and "cell_" not in asked[0]
    assert all(one.frame.equals(other.frame) for one, other in zip(fresh, again, strict=True))
    print(f"\na page of {len(PAGE)} questions: median {sorted(times)[10]:.1f} ms, best {min(times):.1f} ms")


def test_the_same_figures_are_fetched_once(release, asked):
    answer([Question("fbi_offences_known", ["period"])] * 8, release)
    assert [sql.count("UNION ALL") for sql in asked] == [0]


def test_rows_are_kept_for_each_release_by_itself_and_no_more_than_is_allowed(
    release, folder, asked, tmp_path, monkeypatch
):
    question = [Question("fbi_offences_known", ["period"])]
    answer(question, release)
    other = open_release(shutil.copytree(folder, tmp_path / "public"))
    assert other is not release and other not in lookup._kept, "equal, but another"
    answer(question, other)
    assert lookup._kept[other] == lookup._kept[release] and lookup._kept[other] is not lookup._kept[release]
    monkeypatch.setattr(lookup, "MOST_ROWS", 0)
    before = set(lookup._kept[release])
    answer([Question("detection_rate_per_100k", ["period"])], release)
    assert len(lookup._kept[release]) == 1 and not before & set(lookup._kept[release])


def test_rows_that_are_kept_are_not_handed_out_once_the_release_is_withdrawn(release, asked, monkeypatch):
    question = [Question("fbi_offences_known", ["period"])]
    answer(question, release)
    monkeypatch.setattr(type(release), "is_withdrawn", property(lambda _self: True))
    with pytest.raises(ReleaseNotOffered):
        lookup.look_up(release, list(lookup._kept[release]))
