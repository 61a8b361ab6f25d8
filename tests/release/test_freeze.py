"""Closed months stay as they are: later, corrected and withdrawn records are held until a revision."""

import datetime
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from analysis import Catalog
from etl.config import Home
from etl.errors import EtlError
from etl.release import publish
from etl.store import warehouse
from tests.release.support import (
    Mart,
    Person,
    cells_of,
    expected_key,
    home_with,
    made_up_people,
    made_up_referrals,
    month,
    release_file,
)

pytestmark = pytest.mark.usefixtures("catalog")

BEFORE = made_up_people(1_500, "2023-01", "2024-06", seed=1)
NEW_QUARTER = made_up_people(250, "2024-07", "2024-09", seed=2)


def mart(people: list[Person], to: str = "2024-06", **changes: object) -> Mart:
    last = {"2024-06": "2024-06-30", "2024-09": "2024-09-30"}[to]
    return Mart(people, as_of=last, reported=("2023-01", to), **changes)  # type: ignore[arg-type]


def shown(
    home: Home, profile: str = "public", subject: str = "person"
) -> dict[tuple[object, ...], tuple[int, str]]:
    return cells_of(release_file(home.release(profile)), subject)


def held(home: Home) -> dict[str, str]:
    """Return what waits, as only the keepers read it; the public release says nothing of it."""
    with duckdb.connect(str(release_file(home.release("public"))), read_only=True) as connection:
        assert connection.execute("SELECT count(*) FROM held").fetchone() == (0,)
    publish(home, "steward")
    with duckdb.connect(str(release_file(home.release("steward"))), read_only=True) as connection:
        return dict(connection.execute("SELECT subject, records_text FROM held").fetchall())


@contextmanager
def frozen(home: Home) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(str(home.frozen(False)), read_only=True) as connection:
        yield connection


def values(cells: dict[tuple[object, ...], tuple[int, str]]) -> dict[tuple[object, ...], int]:
    return {cell: value for cell, (value, _) in cells.items()}


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory, catalog: Catalog) -> Path:
    """A home with one public release up to June 2024."""
    folder = tmp_path_factory.mktemp("released")
    publish(home_with(folder, mart(BEFORE)), "public")
    return folder


@pytest.fixture
def home(released: Path, tmp_path: Path) -> Home:
    return Home(shutil.copytree(released, tmp_path / "home"))


def test_a_new_quarter_changes_no_closed_cell(home: Home) -> None:
    before = shown(home)
    report = publish(home_with(home.root, mart(BEFORE + NEW_QUARTER, "2024-09")), "public")
    after = shown(home)
    assert report.newly_closed_months == {"own/person": 3, "own/referral": 3}
    now = values(after)
    assert {cell: now[cell] for cell in before} == values(before)
    new = {str(cell[2]) for cell in set(after) - set(before)}
    assert new == {"2024-07", "2024-08", "2024-09", "2024-Q3"}, "nothing new about an old period"
    assert not any(cell[2] == "2024" for cell in after), "the year is not over"


def test_provisional_marks_move_on_and_numbers_stay(home: Home) -> None:
    before = shown(home)
    assert {str(c[2]) for c, (_, marker) in before.items() if marker == "p"} == {
        *(f"2024-0{n}" for n in range(1, 7)),
        "2024-Q1",
        "2024-Q2",
    }
    publish(home_with(home.root, mart(BEFORE + NEW_QUARTER, "2024-09")), "public")
    assert {str(c[2]) for c, (_, marker) in shown(home).items() if marker == "p" and c[1] == "quarter"} == {
        "2024-Q2",
        "2024-Q3",
    }


def test_late_corrected_withdrawn_and_moved_records_are_held(home: Home) -> None:
    before = shown(home)
    late = made_up_people(30, "2024-01", "2024-03", seed=5, prefix="late")
    corrected = [person.changed(gender="other") for person in BEFORE[:30]]
    moved = [
        replace(person, month=month(f"{person.year}-{'09' if person.year == 2024 else '01'}"))
        for person in BEFORE[30:60]
    ]
    kept = BEFORE[90:]  # and thirty are withdrawn
    publish(
        home_with(home.root, mart(corrected + moved + kept + late, "2024-09")), "public", accept_fewer=True
    )
    after = shown(home)
    assert values({cell: after[cell] for cell in before}) == values(before)
    assert {str(cell[2]) for cell in set(after) - set(before)} <= {"2024-07", "2024-08", "2024-09", "2024-Q3"}
    unlike = sum(now != then for now, then in zip(corrected + moved, BEFORE[:60], strict=True))
    assert held(home)["person"] == f"{unlike + 30 + 30:,}"
    assert held(home)["referral"] == "0"
    with frozen(home) as connection:
        twice = connection.execute(
            "SELECT count(*) FROM (SELECT 1 FROM person GROUP BY record, reference_year HAVING count(*) > 1)"
        ).fetchone()
    assert twice == (0,), "a record that moved into an open month is not counted again"


def test_a_revision_takes_over_the_year_with_new_keys_and_marks_it(home: Home) -> None:
    before = shown(home)
    late = made_up_people(60, "2024-01", "2024-03", seed=5, prefix="late")
    report = publish(home_with(home.root, mart(BEFORE + late)), "public", revise=2024)
    after = shown(home)
    assert report.revised == ["own/person: 2024, revision 1"]
    of_2023 = {cell: pair for cell, pair in before.items() if str(cell[2]).startswith("2023")}
    assert {cell: pair for cell, pair in after.items() if str(cell[2]).startswith("2023")} == of_2023
    assert {marker for cell, (_, marker) in after.items() if str(cell[2]).startswith("2024")} == {"rp"}
    both = [cell for cell in before if str(cell[2]).startswith("2024") and cell in after]
    assert sum(after[cell][0] != before[cell][0] for cell in both) > 0.5 * len(both), (
        "all noise is drawn anew"
    )
    assert held(home)["person"] == "0"
    with frozen(home) as connection:
        rows = connection.execute(
            "SELECT record, reference_year, record_key FROM person ORDER BY id"
        ).fetchall()
    secret = bytes.fromhex((home.restricted / "secret").read_text("ascii"))
    assert len(rows) == len(BEFORE) + 60
    assert all(key == expected_key(secret, record, year, int(year == 2024)) for record, year, key in rows)


def test_fewer_than_50_corrections_wait(home: Home) -> None:
    late = made_up_people(49, "2024-01", "2024-03", seed=5, prefix="late")
    changed = home_with(home.root, mart(BEFORE + late))
    before, snapshot = home.frozen(False).read_bytes(), shown(home)
    with pytest.raises(EtlError, match="fewer than 50 corrections") as raised:
        publish(changed, "public", revise=2024)
    assert "49" not in raised.value.message, "their number is a true count"
    assert home.frozen(False).read_bytes() == before and shown(home) == snapshot
    with pytest.raises(EtlError, match="2023 cannot be revised"):
        publish(changed, "public", revise=2023)


def test_a_year_is_revised_at_most_twice(home: Home) -> None:
    people = list(BEFORE)
    for revision in (1, 2):
        people += made_up_people(60, "2023-01", "2023-12", seed=10 + revision, prefix=f"late{revision}")
        report = publish(home_with(home.root, mart(people)), "public", revise=2023)
        assert report.revised == [f"own/person: 2023, revision {revision}"]
    people += made_up_people(60, "2023-01", "2023-12", seed=13, prefix="late3")
    third = home_with(home.root, mart(people))
    snapshot = shown(home)
    with pytest.raises(EtlError, match="2023 was revised 2 times"):
        publish(third, "public", revise=2023)
    assert shown(home) == snapshot
    publish(third, "public")
    assert values(shown(home)) == values(snapshot)
    assert held(home)["person"] == "60"


def test_records_of_a_revised_year_that_close_later_get_the_keys_of_the_revision(home: Home) -> None:
    late = made_up_people(60, "2024-01", "2024-03", seed=5, prefix="late")
    publish(home_with(home.root, mart(BEFORE + late)), "public", revise=2024)
    publish(home_with(home.root, mart(BEFORE + late + NEW_QUARTER, "2024-09")), "public")
    secret = bytes.fromhex((home.restricted / "secret").read_text("ascii"))
    with frozen(home) as connection:
        rows = connection.execute(
            "SELECT record, record_key FROM person WHERE period_start >= DATE '2024-07-01'"
        ).fetchall()
    assert len(rows) == len(NEW_QUARTER)
    assert all(key == expected_key(secret, record, 2024, 1) for record, key in rows)


def test_an_earlier_year_is_added_whole_and_changes_nothing(home: Home) -> None:
    before = shown(home)
    earlier = made_up_people(400, "2021-01", "2022-12", seed=7)
    changed = replace(mart(BEFORE + earlier), reported=("2021-01", "2024-06"))
    publish(home_with(home.root, changed), "public")
    after = shown(home)
    assert {cell: after[cell] for cell in before} == before
    assert {str(cell[2])[:4] for cell in set(after) - set(before)} == {"2021", "2022"}


@pytest.mark.parametrize(
    "change", [{"noise_v": 2.0}, {"threshold": {"public": 8, "partner": 7, "steward": 0}}]
)
def test_other_parameters_are_refused_once_months_are_frozen(
    home: Home, catalog: Catalog, monkeypatch: pytest.MonkeyPatch, change: dict[str, object]
) -> None:
    other = replace(catalog, protection=replace(catalog.protection, **change))  # type: ignore[arg-type]
    monkeypatch.setattr("etl.release.run.load_catalog", lambda: other)
    snapshot = shown(home)
    with pytest.raises(EtlError, match=r"protection\.toml") as raised:
        publish(home, "public")
    assert raised.value.next_step.startswith("git checkout data/catalog/protection.toml")
    assert shown(home) == snapshot


def test_another_secret_is_refused_once_months_are_frozen(home: Home) -> None:
    (home.restricted / "secret").write_text("ab" * 32, "ascii")
    with pytest.raises(EtlError, match="secret") as raised:
        publish(home, "public")
    assert "Restore restricted/secret" in raised.value.next_step
    assert "abab" not in str(raised.value)


def test_an_area_that_moved_to_another_county_is_refused(home: Home) -> None:
    _in_warehouse(home, "UPDATE mart.area SET parent = 'C2' WHERE code = 'D1'")
    with pytest.raises(EtlError, match="Area D1"):
        publish(home, "public")


def test_a_new_area_is_welcome(home: Home) -> None:
    before = shown(home)
    _in_warehouse(home, "INSERT INTO mart.area VALUES ('made_up','D7','Area D7',2,'district','C2',false,0,0)")
    publish(home, "public")
    assert shown(home) == before


@pytest.mark.parametrize(
    "statement, words",
    [
        ("UPDATE mart.person SET gender = 'unknown_code' WHERE person_key LIKE '%1'", "holds a code"),
        ("UPDATE mart.person SET area_code = 'D99' WHERE person_key LIKE '%1'", "not in its geography"),
        ("UPDATE mart.person SET gender = NULL WHERE person_key LIKE '%1'", "missing value"),
        (
            "UPDATE mart.person SET reference_year = 2020 WHERE person_key LIKE '%1'",
            "not the year of its period",
        ),
        ("INSERT INTO mart.person SELECT * FROM mart.person LIMIT 3", "a record twice"),
        ("UPDATE mart.person_attribute SET code = 'unknown_code' WHERE kind = 'form'", "holds a code"),
    ],
)
def test_records_that_cannot_be_counted_rightly_stop_the_release(
    tmp_path: Path, statement: str, words: str
) -> None:
    home = home_with(tmp_path, mart(BEFORE[:200]))
    _in_warehouse(home, statement)
    with pytest.raises(EtlError, match=words) as raised:
        publish(home, "public")
    assert "unknown_code" not in str(raised.value) and "D99" not in str(raised.value)
    assert not home.frozen(False).exists() and not home.release("public").exists()


def test_sources_that_know_quarters_or_years_publish_no_finer_period(tmp_path: Path) -> None:
    for resolution, levels in (("quarter", {"quarter", "year"}), ("year", {"year"})):
        step = {"quarter": 3, "year": 12}[resolution]
        people = [
            replace(p, month=datetime.date(p.year, (p.month.month - 1) // step * step + 1, 1)) for p in BEFORE
        ]
        home = home_with(tmp_path / resolution, mart(people, resolution=resolution))
        publish(home, "public")
        assert {str(cell[1]) for cell in shown(home)} == levels
        if resolution == "year":
            assert {str(cell[2]) for cell in shown(home)} == {"2023"}


def test_the_steward_looks_before_anything_is_frozen(tmp_path: Path) -> None:
    home = home_with(tmp_path, replace(mart(BEFORE), referrals=made_up_referrals(BEFORE)))
    publish(home, "steward")
    assert not home.frozen(False).exists()
    exact = shown(home, "steward", "referral")
    assert {marker.replace("p", "") for value, marker in exact.values() if value < 10} == {"s"}
    assert {marker.replace("p", "") for value, marker in exact.values() if value >= 10} == {""}
    with pytest.raises(EtlError, match="steward"):
        publish(home, "steward", revise=2023)


def _in_warehouse(home: Home, statement: str) -> None:
    """Change records as a program would that has a mistake: the manifest is told."""
    path = warehouse.current(home)
    with duckdb.connect(str(path)) as connection:
        connection.execute(statement)
    manifest = warehouse.read_manifest(home)
    assert manifest is not None
    [version] = manifest.versions
    told = replace(version, sha256=warehouse.sha256(path))
    warehouse.write_manifest(home, replace(manifest, versions=(told,)))


@pytest.mark.parametrize("is_synthetic", [False, True], ids=["real", "made up"])
def test_frozen_records_of_another_format_are_refused_and_made_up_ones_start_anew(
    tmp_path: Path, is_synthetic: bool
) -> None:
    home = home_with(tmp_path, mart(BEFORE, is_synthetic=is_synthetic))
    publish(home, "public")
    before = shown(home)
    with duckdb.connect(str(home.frozen(is_synthetic))) as connection:
        connection.execute("UPDATE series SET value = '1' WHERE key = 'format'")
        connection.execute("UPDATE person SET record_key = 0")
    home.released(is_synthetic).unlink()  # an earlier version kept no record of what it wrote
    if is_synthetic:
        publish(home, "public")
        assert shown(home) == before, "with their own keys again"
        return
    with pytest.raises(EtlError, match="has format 1"):
        publish(home, "public")
    assert shown(home) == before
