"""Prevention in the demonstration's release: cells are counts, figures and registers hold what they name."""

import collections
import shutil

import duckdb
import pytest

from analysis import Question, answer, load_catalog, open_release
from analysis.topics.training import gains
from etl.config import home_at
from etl.store.warehouse import current
from tests.demonstration import demonstration_home, demonstration_release
from tests.release.support import release_file


@pytest.fixture(scope="module")
def mart():
    with duckdb.connect(str(current(home_at(demonstration_home()))), read_only=True) as connection:
        yield connection


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    """A copy: the release itself is opened by `analysis`, with settings of its own."""
    return shutil.copy(
        release_file(demonstration_release()), tmp_path_factory.mktemp("copy") / "release.duckdb"
    )


@pytest.fixture(scope="module")
def released(file):
    with duckdb.connect(str(file), read_only=True) as connection:
        yield connection


def test_every_cell_of_people_is_within_the_noise_of_a_plain_count_and_not_small(mart, released) -> None:
    people = mart.execute(
        "SELECT year(period_start)::VARCHAR, safe_place_kind::VARCHAR, onward_referral::VARCHAR "
        "FROM mart.safe_place_contact"
    ).fetchall()
    counted = collections.Counter(people)
    cells = released.execute(
        "SELECT period, safe_place_kind, onward_referral, value FROM cell_safe_place_contact "
        "WHERE period_level = 'year' AND area IS NULL AND source IS NULL "
        "AND safe_place_kind IS NOT NULL AND onward_referral IS NOT NULL"
    ).fetchall()
    assert len(cells) > 40
    assert all(abs(value - counted[period, kind, passed]) <= 5 for period, kind, passed, value in cells)
    smallest = released.execute("SELECT min(value), count(*) FROM cell_safe_place_contact").fetchone()
    assert smallest[0] >= 10 and smallest[1] > 1_000


def test_large_groups_are_shown_and_small_ones_are_not(mart, released) -> None:
    counted = dict(
        mart.execute(
            "SELECT (strftime(period_start, '%Y-%m'), safe_place_kind::VARCHAR), count(*) "
            "FROM mart.safe_place_contact GROUP BY ALL"
        ).fetchall()
    )
    shown = {
        row
        for row in released.execute(
            "SELECT period, safe_place_kind FROM cell_safe_place_contact WHERE period_level = 'month' "
            "AND area IS NULL AND source IS NULL AND onward_referral IS NULL AND safe_place_kind IS NOT NULL"
        ).fetchall()
    }
    assert {key for key, count in counted.items() if count >= 15} <= shown
    assert not shown & {key for key, count in counted.items() if count <= 4}


def test_no_site_and_no_record_is_in_the_file(mart, file) -> None:
    content = file.read_bytes()
    sites = [site for (site,) in mart.execute("SELECT site FROM mart.safe_place").fetchall()]
    keys = [
        key for (key,) in mart.execute("SELECT contact_key FROM mart.safe_place_contact LIMIT 50").fetchall()
    ]
    assert len(sites) > 50
    assert not [one for one in (*sites, *keys) if one.encode() in content]
    assert b"say_it_softly" in content, "the same search finds what is there"


def test_registers_hold_the_columns_they_name(released) -> None:
    for code in ("campaign", "knowledge"):
        columns = [name for name, *_ in released.execute(f"DESCRIBE register_{code}").fetchall()]
        assert columns == [column.code for column in load_catalog().registers[code].columns]
        assert released.execute(f"SELECT count(*) FROM register_{code}").fetchone()[0] >= 6


def test_no_group_of_tests_is_small(released) -> None:
    least = released.execute(
        "SELECT min(people_matched), min(tests_before), min(tests_after) FROM register_knowledge"
    ).fetchone()
    assert min(least) >= 10
    smallest = released.execute(
        "SELECT min(value) FROM observation "
        "WHERE measure IN ('knowledge_people', 'pass_tests_before', 'pass_tests_after')"
    ).fetchone()
    assert smallest[0] >= 10


@pytest.mark.parametrize(
    ("measure", "figure"),
    [
        ("people_reached", "outreach_reach"),
        ("people_trained", "people_trained"),
    ],
)
def test_figures_are_plain_sums(mart, measure: str, figure: str) -> None:
    [found] = answer([Question(measure, ["period"])], open_release(demonstration_release()))
    summed = dict(
        mart.execute(
            "SELECT period[:4], sum(value) FROM mart.figure WHERE measure = ? GROUP BY ALL", [figure]
        ).fetchall()
    )
    years = dict(zip(found.frame["period"], found.frame["value"], strict=True))
    assert {year: value for year, value in years.items() if value is not None} == summed


def test_the_newest_month_of_sites_holds_and_is_no_sum(mart) -> None:
    release = open_release(demonstration_release())
    [sites] = answer([Question("safe_places_open", ["period"])], release)
    expected = mart.execute(
        "SELECT count(*) FROM mart.safe_place WHERE open_from < '2026-01-01' "
        "AND (open_to IS NULL OR open_to >= '2025-12-01')"
    ).fetchone()[0]
    assert sites.frame.filter(sites.frame["period"] == "2025")["value"].to_list() == [expected]


def test_scores_in_the_register_and_as_a_measure_agree() -> None:
    release = open_release(demonstration_release())
    [ratio] = answer([Question("knowledge_change", ["audience_role"])], release)
    measured = dict(zip(ratio.frame["audience_role"], ratio.frame["value"], strict=True))
    for one in gains(release.register("knowledge")):
        assert measured[one.role] == pytest.approx(one.change, rel=1e-9)
        assert one.lower < one.change < one.upper
