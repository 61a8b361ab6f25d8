"""How complete the newest months are: learnt from closed years, told coarsely and once, by the job."""

import json
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import duckdb
import numpy as np
import pytest

from analysis.findings.series.later import Month, carried_on
from etl.config import Home
from etl.errors import EtlError
from etl.release import publish, unfreeze
from etl.release.cells.ptable import build, table_row
from etl.release.delay.completeness import KEPT, months_since
from etl.release.delay.counts import MONTHS
from etl.release.delay.told import BASES, LEAST, SPREADS, STEP, learn, told
from etl.release.profiles import profile_named
from etl.release.publishing.schema import SOURCE_FILES, release_tables
from etl.release.publishing.verify import verify, verify_unchanged
from etl.store import warehouse
from tests.release.entered import ENTERED, SHARES, entered, many, mart_of, referred, seen_on, tiny_catalog
from tests.release.support import OWN, Mart, counting, home_with, made_up_people, release_file

CATALOG = tiny_catalog()
PEOPLE = many(5_000)
CLOSED = "2024-12"

Rows = list[tuple[object, ...]]


def rows(file: Path) -> Rows:
    with duckdb.connect(str(file), read_only=True) as connection:
        return connection.execute("FROM completeness ORDER BY ALL").fetchall()


def published(folder: Path, mart: Mart, profile: str = "public", **more: int) -> Path:
    return publish(home_with(folder, mart), profile, **more).file


def complete(found: Rows) -> dict[object, object]:
    return {row[2]: row[5] for row in found}


@pytest.fixture(scope="module", autouse=True)
def few_questions() -> Iterator[None]:
    with counting(CATALOG):
        yield


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    made = home_with(tmp_path_factory.mktemp("home"), mart_of(seen_on(PEOPLE, CLOSED), CLOSED))
    for profile in ("public", "partner", "steward"):
        publish(made, profile)
    return made


@pytest.fixture
def copy(home: Home, tmp_path: Path) -> Home:
    return Home(Path(shutil.copytree(home.root, tmp_path / "home")))


def test_the_newest_months_are_as_complete_as_they_were_planted(home: Home) -> None:
    found = rows(release_file(home.release("public")))
    assert found == rows(release_file(home.release("partner")))
    assert found == rows(release_file(home.release("steward")))
    truth = 100 * np.cumsum(SHARES)
    assert [row[2] for row in found] == ["2024-08", "2024-09", "2024-10", "2024-11", "2024-12"]
    for collection, subject, _, years, since, share, base, spread in found:
        assert (collection, subject, years) == (OWN, "person", "2021..2023")
        assert abs(share - truth[since]) <= STEP and share % STEP == 0 and LEAST <= share < 100
        assert base in BASES and spread in SPREADS
    assert [row[4] for row in found] == [4, 3, 2, 1, 0]


def test_referrals_are_told_as_people_are_and_by_themselves(tmp_path: Path) -> None:
    """Half of the people's referrals, as late as they: beside each other, each learnt from its own."""
    people = seen_on(PEOPLE, CLOSED)
    mart = mart_of(people, CLOSED)
    alone = rows(published(tmp_path / "people", mart))
    both = published(tmp_path / "both", replace(mart, referrals=referred(people)))
    found = {subject: [row for row in rows(both) if row[1] == subject] for subject in ("person", "referral")}
    truth = 100 * np.cumsum(SHARES)
    assert [row[2] for row in found["referral"]] == [row[2] for row in found["person"]]
    assert all(abs(row[5] - truth[row[4]]) <= 2 * STEP and row[6] in BASES for row in found["referral"])
    assert [row[:5] for row in found["person"]] == [row[:5] for row in alone]


def test_records_that_come_late_change_nothing(copy: Home) -> None:
    before = release_file(copy.release("public")).read_bytes()
    report = publish(home_with(copy.root, mart_of(PEOPLE, CLOSED)), "public")
    assert report.held_text[f"{OWN}/person"] != "none"
    assert report.file.read_bytes() == before


def test_a_month_that_closes_later_is_told_then_and_no_month_twice(copy: Home) -> None:
    before = rows(release_file(copy.release("public")))
    for month in ("2025-01", "2025-03", "2025-12"):
        after = rows(published(copy.root, mart_of(seen_on(PEOPLE, month), month)))
        assert set(before) < set(after)
        assert {row[2] for row in set(after) - set(before)} <= {
            f"2025-{number:02d}" for number in range(1, 13)
        }
        before = after
    # Closed with one month's files: January on its last day, the months after it in March and in December.
    assert complete(before)["2025-01"] == complete(before)["2024-12"]
    assert complete(before)["2025-03"] == complete(before)["2025-01"] < complete(before)["2025-02"]


def test_a_day_within_a_month_lies_between_two_delays(tmp_path: Path) -> None:
    assert months_since(12 * 2024 + 11, date(2025, 1, 15)) == pytest.approx(15 / 31)
    late = mart_of(seen_on(PEOPLE, "2025-01"), CLOSED, "2025-01-15")
    whole = complete(rows(published(tmp_path, late)))
    assert 100 * SHARES[0] <= whole[CLOSED] <= 100 * sum(SHARES[:2])


def test_a_revision_tells_of_the_records_that_it_took_over(copy: Home) -> None:
    before = rows(release_file(copy.release("public")))
    june = mart_of(seen_on(PEOPLE, "2025-02"), "2025-02")
    after = rows(published(copy.root, june, revise=2024))
    # December has waited two months more.
    assert complete(after)["2024-12"] > complete(before)["2024-12"]
    assert {row[4] for row in after if row[2] == "2024-12"} == {2}


def test_months_that_open_again_are_told_anew(tmp_path: Path) -> None:
    home = home_with(tmp_path, mart_of(seen_on(PEOPLE, CLOSED), CLOSED))
    publish(home, "public")
    home_with(tmp_path, mart_of(seen_on(PEOPLE, "2025-01"), "2025-01"))
    # A release that was written keeps its months closed.
    publish(home, "public")
    with pytest.raises(EtlError):
        unfreeze(home, 12 * 2025)


@pytest.mark.parametrize(
    "people",
    [
        pytest.param([replace(one, multi={**one.multi, ENTERED: ()}) for one in PEOPLE], id="no dates"),
        pytest.param(
            [
                replace(one, multi={**one.multi, ENTERED: one.multi[ENTERED] if place % 4 else ()})
                for place, one in enumerate(PEOPLE)
            ],
            id="a quarter without",
        ),
        pytest.param(seen_on(many(300), CLOSED), id="too few"),
        pytest.param(entered(made_up_people(2_000, "2023-01", CLOSED, seed=5)), id="two years"),
    ],
)
def test_without_enough_nothing_is_told_and_nothing_fails(people: Sequence, tmp_path: Path) -> None:
    inside = [one for one in people if one.month <= date(2024, 12, 1)]
    first = min(one.month for one in inside).strftime("%Y-%m")
    assert rows(published(tmp_path, mart_of(inside, CLOSED, first=first))) == []


def test_quarters_have_no_months(tmp_path: Path) -> None:
    seen = [one for one in seen_on(PEOPLE, CLOSED) if one.month.month % 3 == 1]
    assert rows(published(tmp_path, replace(mart_of(seen, CLOSED), resolution="quarter"))) == []


def test_of_months_that_an_earlier_version_closed_nothing_is_told(copy: Home) -> None:
    with duckdb.connect(str(copy.frozen(False))) as frozen:
        frozen.execute(f"DROP TABLE {KEPT}; DELETE FROM person_attribute WHERE kind = '{ENTERED}'")
    known = copy.restricted / "released.json"
    written = json.loads(known.read_text("utf-8"))
    known.write_text(json.dumps({**written, "frozen": [warehouse.sha256(copy.frozen(False))]}), "utf-8")
    shutil.rmtree(copy.release("public"))  # what that version published had no such table
    assert rows(published(copy.root, mart_of(seen_on(PEOPLE, "2025-03"), "2025-03"))) == []


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE completeness SET complete = complete + 1",
        "UPDATE completeness SET complete = 100",
        "UPDATE completeness SET base = base + 1",
        "UPDATE completeness SET spread = 1.07",
        "UPDATE completeness SET months_since = 12",
        "UPDATE completeness SET month = '2025-01'",
        "INSERT INTO completeness SELECT * FROM completeness",
    ],
)
def test_a_release_that_tells_more_is_refused(home: Home, tmp_path: Path, change: str) -> None:
    file = Path(shutil.copyfile(release_file(home.release("public")), tmp_path / "release.duckdb"))
    tables = release_tables(CATALOG) | SOURCE_FILES
    chosen = profile_named("public", CATALOG.protection)
    verify(file, tables, chosen, CATALOG.protection.noise_js)
    with duckdb.connect(str(file)) as connection:
        connection.execute(change)
    with pytest.raises(EtlError, match="tells more than it may"):
        verify(file, tables, chosen, CATALOG.protection.noise_js)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE completeness SET complete = complete - 5 WHERE month = '2024-12'",
        "DELETE FROM completeness WHERE month = '2024-12'",
        "INSERT INTO completeness SELECT * REPLACE ('2024-07' AS month) FROM completeness LIMIT 1",
    ],
)
def test_what_is_told_of_a_month_never_changes_without_a_revision(
    home: Home, tmp_path: Path, change: str
) -> None:
    public = release_file(home.release("public"))
    file = Path(shutil.copyfile(public, tmp_path / "release.duckdb"))
    tables = {name: columns for name, columns in release_tables(CATALOG).items() if "cell_" not in name}
    verify_unchanged(file, public, tables)
    with duckdb.connect(str(file)) as connection:
        connection.execute(change)
    with pytest.raises(EtlError, match="would change without a revision"):
        verify_unchanged(file, public, tables)
    with duckdb.connect(str(file)) as connection:
        connection.execute(f"INSERT INTO revision VALUES ('{OWN}', 'person', 2024, 1, '2026-01-31')")
    verify_unchanged(file, public, tables)


def covered(a_month: float, spread: float, draws: int) -> float:
    """Return how often the interval holds what the newest year comes to, after noise, rounding and bands."""
    shares, noise = np.array(SHARES), build(b"simulated", 5, 3.0, 2, 256)
    inside = []
    for seed in range(draws):
        random = np.random.default_rng(seed)
        usual = np.outer(a_month * (1 + 0.2 * np.sin(np.arange(84) / 2)), shares)
        whole = (
            random.negative_binomial(usual / (spread - 1), 1 / spread)
            if spread > 1
            else random.poisson(usual)
        )

        def changed(counts: np.ndarray, random: np.random.Generator = random) -> np.ndarray:
            keys = random.integers(0, 256, counts.shape)
            moved = [
                noise[table_row(max(n, 1)) - 1, key] for n, key in zip(counts.flat, keys.flat, strict=True)
            ]
            return np.maximum(counts + np.array(moved).reshape(counts.shape), 0)

        years = whole[:72].reshape(6, 12, -1).sum(axis=1)
        came_in = np.cumsum(np.pad(years, ((0, 0), (0, MONTHS + 1 - years.shape[1]))), axis=1)
        learnt = learn(tuple(range(2018, 2024)), changed(came_in).astype(float))
        newest = whole[72:]
        seen = np.array([newest[month, : 12 - month].sum() for month in range(12)])
        cells, year = changed(seen), changed(np.array([seen.sum()]))[0]
        found = {month: one for month in range(12) if (one := told(learnt, 11 - month)) is not None}
        parts = [
            (float(cells[month]), Month(one.complete / 100, one.base, one.spread))
            for month, one in found.items()
        ]
        _, lower, upper = carried_on(float(year), parts, 3.0)
        inside.append(lower <= newest.sum() <= upper)
    return float(np.mean(inside))


@pytest.mark.parametrize(("a_month", "spread"), [(100, 1.0), (100, 2.0), (30, 1.0), (600, 3.0)])
def test_the_interval_covers_the_later_total_after_protection_and_rounding(
    a_month: float, spread: float
) -> None:
    assert 0.92 <= covered(a_month, spread, draws=200) <= 1.0
