"""Numbers in place of records behind the door: corrected before and after their months close, and told."""

import shutil
from collections.abc import Sequence
from pathlib import Path

import duckdb
import pytest

from analysis import Question, answer
from analysis.answers.tallied import TALLIED, months_of_numbers
from analysis.release.release_file import open_release
from tests.etl.made_home import CommandLine, Deliverer, command_line
from tests.etl.making_files import write_csv
from tests.release.support import release_file

MAPPING = """\
period = "{first}..{last}"
[source]
id = "{source}"
label = "{source}"
collection = "register"
geography = "riverland"
[[table]]
name = "person"
tally = "new"
[table.columns]
period = "Month"
area = "Place"
gender = "Sex"
count = "New"
"""
MONTHS = [f"2024-{month:02d}" for month in range(1, 13)]
OPEN = [f"2025-{month:02d}" for month in (1, 2, 3)]


def numbers(
    changed: dict[str, int] | None = None, months: Sequence[str] = tuple(MONTHS)
) -> list[list[object]]:
    """Return 14 women of a place each month, and some men; other numbers of women by month."""
    rows: list[list[object]] = []
    for month in months:
        rows.append([month, "R11", "female", (changed or {}).get(month, 14)])
        rows.append([month, "R11", "male", 4])
    return rows


def send(
    run: CommandLine, rows: list[list[object]], source: str = "shelter", as_of: str = "2024-12-31"
) -> None:
    months = sorted({str(row[0]) for row in rows})
    folder = run.home.root.parent
    data = write_csv(folder / f"{source}.csv", [["Month", "Place", "Sex", "New"], *rows])
    toml = folder / f"{source}.toml"
    toml.write_text(MAPPING.format(source=source, first=months[0], last=months[-1]), "utf-8")
    # Both contributors send the same numbers, so that their records could be mistaken for one another's.
    done = run.load((data, toml), "--as-of", as_of, "--accept", "twice")
    assert done.code == 0, done.out + done.err


def release(run: CommandLine, profile: str = "public") -> None:
    done = run("release", "--profile", profile)
    assert done.code == 0, done.out + done.err


def frozen(run: CommandLine) -> dict[str, int]:
    with duckdb.connect(str(run.home.frozen(False)), read_only=True) as connection:
        return dict(connection.execute("SELECT record, record_key FROM person").fetchall())


def by_month(run: CommandLine) -> dict[str, float | None]:
    opened = open_release(run.home.release("public"))
    [found] = answer([Question("detected_persons", ("period",), period_level="month")], opened)
    return dict(found.frame.select("period", "value").rows())


@pytest.fixture(scope="module")
def closed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home of two contributors that send numbers alone; the months of 2024 are closed."""
    folder = tmp_path_factory.mktemp("tallies")
    run = command_line(folder / "home")
    assert run.load(Deliverer(folder).areas()).code == 0
    send(run, numbers())
    send(run, numbers(), source="hostel")
    release(run)
    return folder


@pytest.fixture
def run(closed: Path, tmp_path: Path) -> CommandLine:
    shutil.copytree(closed, tmp_path / "copy")
    return command_line(tmp_path / "copy" / "home")


def test_equal_records_have_keys_of_their_own_and_the_noise_of_any_others(run: CommandLine) -> None:
    keys = frozen(run)
    assert len(keys) == 2 * 12 * 18, "nobody is merged over months or contributors"
    # 432 keys drawn of 256 leave 209 different ones on average, 5 more or fewer: 160 is ten times that below.
    assert len(set(keys.values())) > 160, "of 256"
    shown = by_month(run)
    assert {month for month, value in shown.items() if value is not None} == set(MONTHS)
    assert all(abs(value - 36) <= 5 for value in shown.values() if value is not None)
    assert len(set(shown.values())) > 1, "twelve equal months are not changed alike"


def test_a_number_corrected_after_its_month_closed_waits_and_changes_nothing(run: CommandLine) -> None:
    before, keys = by_month(run), frozen(run)
    send(run, numbers({"2024-03": 15, "2024-05": 12}))
    release(run)
    assert (by_month(run), frozen(run)) == (before, keys)
    release(run, "steward")
    with duckdb.connect(str(release_file(run.home.release("steward"))), read_only=True) as connection:
        [(waiting,)] = connection.execute("SELECT records_text FROM held WHERE subject = 'person'").fetchall()
    assert waiting == "3", "one more in March, two fewer in May; the others are the same records"


def test_a_number_corrected_before_its_month_closes_keeps_the_keys_of_those_that_stay(
    run: CommandLine,
) -> None:
    early = OPEN[:1]
    send(run, numbers(months=[*MONTHS, *early]), as_of="2025-01-31")
    release(run)
    first = set(frozen(run))
    other = command_line(run.home.root.parent.parent / "again" / "home")
    shutil.copytree(run.home.root.parent, other.home.root.parent)
    send(other, numbers({"2025-02": 14}, [*MONTHS, *OPEN]), as_of="2025-03-31")
    send(run, numbers({"2025-02": 9}, [*MONTHS, *OPEN]), as_of="2025-03-31")
    send(run, numbers({"2025-02": 14}, [*MONTHS, *OPEN]), as_of="2025-03-31")
    release(run)
    release(other)
    assert frozen(run) == frozen(other), "a correction before the door leaves no trace"
    assert first < set(frozen(run))


def test_figures_say_that_numbers_are_not_told_apart(run: CommandLine) -> None:
    opened = open_release(run.home.release("public"))
    assert months_of_numbers(opened) == {("register", "person"): frozenset(MONTHS)}
    [found] = answer([Question("detected_persons", ("period",), period_level="year")], opened)
    assert found.notes.count(TALLIED) == 1
    assert "not de-duplicated between months or contributors" in TALLIED
    # The flag belongs to the closed months: what is loaded later changes it only for later ones.
    with duckdb.connect(str(run.home.frozen(False)), read_only=True) as connection:
        kept = connection.execute("SELECT count(*), count(DISTINCT period) FROM tally").fetchall()
    assert kept == [(12, 12)]


def test_a_release_of_listed_records_says_nothing_of_numbers(tmp_path: Path) -> None:
    run = command_line(tmp_path / "home")
    give = Deliverer(tmp_path)
    assert run.load(give.areas()).code == 0
    assert run.load(give.quarter("q", 2024, 1, 60), "--as-of", "2024-03-31").code == 0
    release(run)
    opened = open_release(run.home.release("public"))
    assert "tallies" not in opened.info
    [found] = answer([Question("detected_persons", ("period",), period_level="month")], opened)
    assert TALLIED not in found.notes
