"""Closing is for good: months with far fewer records are asked about, and what nobody read can be opened."""

import json
import shutil
from collections import Counter
from pathlib import Path

import duckdb
import pytest

from etl.cli import main
from etl.config import Home, secret
from etl.errors import EtlError
from etl.falls import is_unlike_before
from etl.release import publish, unfreeze
from etl.release.closing.closed_periods import month_of
from tests.release.support import (
    Mart,
    Person,
    cells_of,
    expected_key,
    home_with,
    made_up_people,
    month,
    release_file,
)

pytestmark = pytest.mark.usefixtures("catalog")

YEAR = made_up_people(360, "2023-01", "2023-12", seed=1)
HALF_YEAR = made_up_people(180, "2024-01", "2024-06", seed=2)
SMALL = made_up_people(30, "2023-01", "2023-12", seed=3)


def mart(people: list[Person], to: str = "2023-12") -> Mart:
    last = {"2023-12": "2023-12-31", "2024-06": "2024-06-30"}[to]
    return Mart(people, as_of=last, reported=("2023-01", to))


def without(people: list[Person], *months: str) -> list[Person]:
    return [person for person in people if person.month not in {month(one) for one in months}]


def number(text: str) -> int:
    return month_of(month(text))


def keys(home: Home, year: int) -> dict[str, int]:
    with duckdb.connect(str(home.frozen(False)), read_only=True) as connection:
        rows = connection.execute(
            "SELECT record, record_key FROM person WHERE reference_year = ?", [year]
        ).fetchall()
    return dict(rows)


def first_closed(home: Home) -> dict[str, str]:
    with duckdb.connect(str(home.frozen(False)), read_only=True) as connection:
        rows = connection.execute("SELECT subject, strftime(last, '%Y-%m') FROM closed").fetchall()
    return dict(rows)


def killed_before_it_is_put(home: Home) -> None:
    """Let a release freeze its months and end before any file reaches a folder that is served."""
    with pytest.MonkeyPatch.context() as patch:

        def put(*_: object, **_more: object) -> tuple[str, bool]:
            raise OSError("killed")

        patch.setattr("etl.release.run.put_release", put)
        with pytest.raises(EtlError, match="could not be made"):
            publish(home, "public")


@pytest.fixture(scope="module")
def year_released(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home whose first year is released; made once, copied by each test that goes on from there."""
    folder = tmp_path_factory.mktemp("year")
    publish(home_with(folder, mart(YEAR)), "public")
    return folder


@pytest.fixture
def home(year_released: Path, tmp_path: Path) -> Home:
    return Home(shutil.copytree(year_released, tmp_path / "home"))


def test_a_month_that_an_earlier_warehouse_had_is_not_closed_empty_unasked(tmp_path: Path) -> None:
    home_with(tmp_path, mart(SMALL))
    lost = max({person.month for person in SMALL}, key=[person.month for person in SMALL].count)
    home = home_with(tmp_path, mart([person for person in SMALL if person.month != lost]))
    with pytest.raises(EtlError, match=f"{lost:%Y-%m}: 0, where an earlier warehouse had") as raised:
        publish(home, "public")
    assert "--accept fewer" in raised.value.next_step
    assert not home.frozen(False).exists(), "nothing may be frozen by a release that was refused"
    assert not home.release("public").exists()
    assert publish(home, "public", accept_fewer=True).newly_closed_months["own/person"] == 12


def test_a_month_far_below_the_months_before_is_asked_about(home: Home) -> None:
    kept = [
        person
        for person in HALF_YEAR
        if person.month != month("2024-04") or person.key.endswith(("01", "02"))
    ]
    home = home_with(home.root, mart(YEAR + kept, "2024-06"))
    before = home.frozen(False).read_bytes()
    with pytest.raises(EtlError, match=r"2024-04: \d, and \d+ to \d+ in each of the 12 periods before"):
        publish(home, "public")
    assert home.frozen(False).read_bytes() == before
    publish(home, "steward")  # where it is looked at: it closes nothing
    assert publish(home, "public", accept_fewer=True).newly_closed_months["own/person"] == 6


def test_ordinary_months_close_without_a_question(tmp_path: Path) -> None:
    for seed in range(2):
        people = made_up_people(240, "2023-01", "2024-06", seed=seed, prefix=f"p{seed}")
        home = home_with(tmp_path / str(seed), mart(people, "2024-06"))
        assert publish(home, "public").newly_closed_months["own/person"] == 18


@pytest.mark.parametrize("size", [60, 240, 600])
def test_no_ordinary_month_of_many_registers_is_unlike_those_before(size: int) -> None:
    for seed in range(20):
        people = made_up_people(size, "2023-01", "2024-06", seed=seed)
        counts = Counter(12 * person.month.year + person.month.month for person in people)
        months = [counts[month] for month in range(12 * 2023 + 1, 12 * 2024 + 7)]
        asked = [now for at, now in enumerate(months) if is_unlike_before(months[max(at - 12, 0) : at], now)]
        assert asked == [], (seed, months)


@pytest.mark.parametrize(
    ("earlier", "now", "asked"),
    [
        ([30] * 12, 0, True),
        ([30] * 12, 14, False),  # as far as chance goes
        ([30] * 12, 4, True),
        ([3, 2, 5, 4] * 3, 0, False),  # a small register has empty months
        ([30] * 11 + [0], 0, False),  # and so had the one before
        ([400] * 12, 190, True),
        ([400] * 12, 210, False),
        ([30, 30], 0, False),
        ([], 0, False),
    ],
)
def test_what_is_unlike_before(earlier: list[int], now: int, asked: bool) -> None:
    assert is_unlike_before(earlier, now) is asked


def test_what_a_release_held_is_not_opened(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    before = home.frozen(False).read_bytes()
    assert main(["unfreeze", "2023-11", "--home", str(home.root)]) == 1
    said = capsys.readouterr().err
    assert "2023-11" in said
    assert "--revise 2023" in said
    assert home.frozen(False).read_bytes() == before


def test_months_of_a_release_that_never_arrived_open_again_with_new_keys(tmp_path: Path) -> None:
    home = home_with(tmp_path, mart(SMALL + HALF_YEAR, "2024-06"))
    killed_before_it_is_put(home)
    old = keys(home, 2023)
    lines = unfreeze(home, number("2023-01"))
    assert any("own/person: 2023-01 to 2024-06 open again (210 records)" in line for line in lines)
    assert first_closed(home) == {}
    publish(home, "public")
    new = keys(home, 2023)
    assert new == {name: expected_key(secret(home, False), name, 2023, 1_000) for name in old}
    assert new != old


def test_a_year_of_which_months_were_published_keeps_its_keys(home: Home) -> None:
    shown = cells_of(release_file(home.release("public")), "person")
    home = home_with(home.root, mart(YEAR + HALF_YEAR, "2024-06"))
    killed_before_it_is_put(home)
    first = keys(home, 2024)
    with pytest.raises(EtlError, match="was written to a folder that is served"):
        unfreeze(home, number("2023-12"))
    unfreeze(home, number("2024-03"))
    assert set(first_closed(home).values()) == {"2024-02"}
    assert keys(home, 2024).items() <= first.items(), "January and February stay as they were frozen"
    publish(home, "public")
    assert keys(home, 2024) == first, "January's key decides the noise of the year's other months too"
    after = cells_of(release_file(home.release("public")), "person")
    assert {cell: after[cell][0] for cell in shown} == {cell: value for cell, (value, _) in shown.items()}


@pytest.mark.parametrize("harm", ["record lost", "record cut", "unknown release"])
def test_not_knowing_is_no_permission(home: Home, harm: str) -> None:
    home = home_with(home.root, mart(YEAR + HALF_YEAR, "2024-06"))
    killed_before_it_is_put(home)
    record = home.released(False)
    if harm == "record lost":
        record.unlink()
    elif harm == "record cut":
        record.write_text(record.read_text("utf-8")[:40], "utf-8")
    else:
        (home.release("public") / "release-0123456789ab.duckdb").write_bytes(b"")
    with pytest.raises(EtlError, match="was written to a folder that is served"):
        unfreeze(home, number("2024-03"))


def test_the_record_is_written_before_the_manifest_names_the_release(tmp_path: Path) -> None:
    home = home_with(tmp_path, mart(YEAR))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("etl.release.publishing.swap._forget_old", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            publish(home, "public")
    with pytest.raises(EtlError, match="was written to a folder that is served"):
        unfreeze(home, number("2023-12"))
    known = json.loads(home.released(False).read_text("utf-8"))
    assert [one["profile"] for one in known["releases"]] == ["public"]


def test_a_month_that_is_not_closed_is_said_so(tmp_path: Path) -> None:
    home = home_with(tmp_path, mart(YEAR))
    with pytest.raises(EtlError, match="No month is closed here"):
        unfreeze(home, number("2023-12"))
    publish(home, "public")
    with pytest.raises(EtlError, match="2024-01 is not closed"):
        unfreeze(home, number("2024-01"))


def test_a_small_register_gets_one_repair_of_an_empty_month(tmp_path: Path) -> None:
    full = {person.month.strftime("%Y-%m") for person in SMALL}
    lost, second = sorted(full)[:2]
    home = home_with(tmp_path, mart(without(SMALL, lost, second)))
    publish(home, "public")
    before = keys(home, 2023)
    mended = without(SMALL, second)
    home = home_with(tmp_path, mart(mended))
    with pytest.raises(EtlError, match="2023 cannot be revised"):
        publish(home, "public", revise=2023)
    report = publish(home, "public", repair=number(lost))
    assert report.revised == [f"own/person: {lost} repaired, revision 1 of 2023"]
    after = keys(home, 2023)
    assert set(after) == {person.key for person in mended}
    assert all(after[name] == expected_key(secret(home, False), name, 2023, 1) for name in before)
    home = home_with(tmp_path, mart(SMALL))
    with pytest.raises(EtlError, match=f"{second} cannot be repaired: this register had its one repair"):
        publish(home, "public", repair=number(second))


def test_a_repair_is_no_way_round_a_revision(tmp_path: Path) -> None:
    many = made_up_people(120, "2023-01", "2023-12", seed=4)
    home = home_with(tmp_path, mart(without(many, "2023-03")))
    publish(home, "public", accept_fewer=True)
    home = home_with(tmp_path, mart(many))
    with pytest.raises(EtlError, match="2023 holds enough records for a revision"):
        publish(home, "public", repair=number("2023-03"))
    with pytest.raises(EtlError, match=r"no record .* waits there|it did not close empty"):
        publish(home, "public", repair=number("2023-04"))
    few = home_with(tmp_path / "few", mart(SMALL))
    publish(few, "public")
    late = made_up_people(3, "2023-05", "2023-05", seed=5, prefix="late")
    few = home_with(tmp_path / "few", mart(SMALL + late))
    with pytest.raises(EtlError, match="it did not close empty"):
        publish(few, "public", repair=number("2023-05"))
