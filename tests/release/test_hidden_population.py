"""The estimate of people on no list in the release job: made once, frozen, the same for all, or refused."""

import io
import itertools
import json
import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import duckdb
import numpy as np
import pytest

from analysis import load_catalog
from analysis.findings.sentences.topics.hidden_population import WHY
from analysis.periods import Span
from analysis.statistics.hidden.floor import REASONS
from etl.config import Home
from etl.errors import EtlError
from etl.progress import Progress
from etl.release import publish
from etl.release.cells.layout import Layout
from etl.release.closing.closed_periods import Closed
from etl.release.hidden.estimates import KEPT, forget_estimates, make_estimates
from etl.release.profiles import profile_named
from etl.release.publishing.schema import HIDDEN, SOURCE_FILES, release_tables
from etl.release.publishing.verify import verify, verify_unchanged
from etl.store import warehouse
from tests.release.support import OWN, Mart, Person, home_with, made_up_people, release_file

AGENCIES = {"police": 0.35, "ngo": 0.3, "health": 0.25, "a shelter's name": 0.2}
CATALOG = load_catalog()
SUBJECT = CATALOG.subjects["person"]


def listed(people: Sequence[Person], seed: int = 8) -> list[Person]:
    """Return people of whom each agency lists some, and everybody at least one."""
    random, found = np.random.default_rng(seed), []
    for person in people:
        names = [name for name, chance in AGENCIES.items() if random.random() < chance] or ["police"]
        found.append(replace(person, multi={**person.multi, SUBJECT.lists: tuple(names)}))
    return found


PEOPLE = listed(made_up_people(900, seed=5, prefix="listed"))
LATER = listed(made_up_people(60, seed=6, prefix="later"), seed=9)


def mart(people: Sequence[Person]) -> Mart:
    return Mart(list(people), as_of="2025-12-31")


def rows(file: Path) -> dict[str, list[tuple]]:
    with duckdb.connect(str(file), read_only=True) as connection:
        return {name: connection.execute(f"FROM {name} ORDER BY ALL").fetchall() for name in HIDDEN}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    made = home_with(tmp_path_factory.mktemp("home"), mart(PEOPLE))
    for profile in ("public", "partner"):
        publish(made, profile)
    return made


def test_public_and_partners_read_the_same_estimate_and_names_that_somebody_typed_stay(home: Home) -> None:
    public, partner = (rows(release_file(home.release(name))) for name in ("public", "partner"))
    assert public == partner
    [row] = public["hidden_population"]
    assert row[:4] == (OWN, "2023..2024", "estimated", "")
    assert row[5] <= row[4] <= row[6] and row[7] == 900 and row[8] == len(AGENCIES)
    assert {code for *_, one, other, _, _ in public["hidden_overlap"] for code in (one, other)} == {
        *("police", "ngo", "health", "list_1")
    }
    assert b"shelter's name" not in release_file(home.release("public")).read_bytes()


def test_records_that_come_late_change_nothing(home: Home, tmp_path: Path) -> None:
    shutil.copytree(home.root, tmp_path / "home")
    copy = home_with(tmp_path / "home", mart([*PEOPLE, *LATER]))
    report = publish(copy, "public")
    assert report.held_text[f"{OWN}/person"] != "none"
    assert rows(report.file) == rows(release_file(home.release("public")))


def test_a_frozen_file_of_an_earlier_version_gets_its_lists_once(home: Home, tmp_path: Path) -> None:
    copy = Home(Path(shutil.copytree(home.root, tmp_path / "home")))
    with duckdb.connect(str(copy.frozen(False))) as frozen:
        frozen.execute(f"DROP TABLE {KEPT}; DELETE FROM person_attribute WHERE kind = '{SUBJECT.lists}'")
    known = copy.restricted / "released.json"
    written = json.loads(known.read_text("utf-8"))
    known.write_text(json.dumps({**written, "frozen": [warehouse.sha256(copy.frozen(False))]}), "utf-8")
    assert rows(publish(copy, "public").file) == rows(release_file(home.release("public")))


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE hidden_population SET estimate = estimate + 7, upper = upper + 100",
        "UPDATE hidden_population SET status = 'refused', reason = 'few_lists'",
        "UPDATE hidden_overlap SET below = at_least + 1 WHERE below IS NOT NULL",
        "UPDATE hidden_overlap SET at_least = at_least + 3",
        "UPDATE hidden_agreement SET agreement = '1.07'",
        "DELETE FROM hidden_population",
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


def test_an_estimate_never_changes_without_a_revision(home: Home, tmp_path: Path) -> None:
    published = release_file(home.release("public"))
    file = Path(shutil.copyfile(published, tmp_path / "release.duckdb"))
    tables = {name: columns for name, columns in release_tables(CATALOG).items() if "cell_" not in name}
    verify_unchanged(file, published, tables)
    with duckdb.connect(str(file)) as connection:
        connection.execute("UPDATE hidden_population SET upper = upper + 1000")
    with pytest.raises(EtlError, match="would change without a revision"):
        verify_unchanged(file, published, tables)
    with duckdb.connect(str(file)) as connection:
        connection.execute(f"INSERT INTO revision VALUES ('{OWN}', 'person', 2024, 1, '2026-01-31')")
    verify_unchanged(file, published, tables)


def told(lists: Sequence[Sequence[str]], progress: Progress | None = None) -> dict[str, list[tuple]]:
    """Return what the job tells of people with these lists, all of one year."""
    with duckdb.connect() as connection:
        connection.execute(
            """
            ATTACH ':memory:' AS f; ATTACH ':memory:' AS w;
            CREATE TABLE f.person (id BIGINT, collection VARCHAR, record VARCHAR, reference_year BIGINT);
            CREATE TABLE f.person_attribute (id BIGINT, kind VARCHAR, code VARCHAR);
            CREATE TABLE f.revision (collection VARCHAR, subject VARCHAR, year BIGINT, revision BIGINT);
            CREATE TABLE f.redrawn (collection VARCHAR, year BIGINT, times BIGINT);
            CREATE VIEW mart_person_attribute AS
                SELECT collection, record, reference_year, '' AS kind, '' AS code FROM f.person;
            """
        )
        people = [(place, OWN, f"p{place}", 2023) for place in range(len(lists))]
        codes = [(place, SUBJECT.lists, name) for place, names in enumerate(lists) for name in names]
        for table, given in (("person", people), ("person_attribute", codes)):
            if given:
                marks = ", ".join("?" * len(given[0]))
                connection.executemany(f"INSERT INTO f.{table} VALUES ({marks})", given)
        job = SimpleNamespace(connection=connection, catalog=CATALOG, secret=b"secret", newest=12 * 2025 + 11)
        closed = [Closed(OWN, "month", Span(12 * 2023, 12 * 2023 + 11))]
        make_estimates(job, Layout(SUBJECT, (), ()), closed, progress or Progress(), draws=300)
        return {name: connection.execute(f"FROM {name}").fetchall() for name in HIDDEN}


def drawn(number: int, names: Sequence[str], chance: float, seed: int = 1) -> list[list[str]]:
    marks = np.random.default_rng(seed).random((number, len(names))) < chance
    return [[name for name, mark in zip(names, row, strict=True) if mark] or [names[0]] for row in marks]


THREE = ("police", "ngo", "health")
WRONG: dict[str, tuple[list[list[str]], str]] = {
    "nobody": ([], "no_lists"),
    "no list": ([[]] * 300, "no_lists"),
    "one list": ([["police"]] * 300, "few_lists"),
    "two lists": (drawn(300, THREE[:2], 0.5), "few_lists"),
    "nine lists": (drawn(900, [f"agency {n}" for n in range(9)], 0.4), "many_lists"),
    "few people": (drawn(80, THREE, 0.5), "few_persons"),
    "no overlap": ([[name] for name in THREE * 60], "no_overlap"),
    "few on two lists": ([[name] for name in THREE * 60] + [[*THREE]] * 9, "few_shared"),
    "a list apart": (drawn(300, THREE, 0.5) + [["hotline"]] * 30, "list_apart"),
    "the same list twice": ([[*one, *(["copy"] if "ngo" in one else [])] for one in drawn(300, THREE, 0.5)],
                            "same_people"),
    "mostly not recorded": (drawn(300, THREE, 0.5) + [[]] * 100, "not_recorded"),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_what_carries_no_estimate_is_refused_with_a_reason_and_no_number(name: str) -> None:
    lists, reason = WRONG[name]
    found = told(lists)
    assert found["hidden_population"] == [(OWN, "2023..2023", "refused", reason, *[None] * 9)]
    assert found["hidden_overlap"] == found["hidden_agreement"] == []


def test_methods_that_disagree_keep_the_number_back() -> None:
    # A few people on all three lists and few on any two: methods read it in ways that are far apart.
    lists = [[*THREE]] * 40
    for count, pair in zip((2, 3, 2), itertools.combinations(THREE, 2), strict=True):
        lists += [list(pair)] * count
    lists += [[name] for name in THREE for _ in range(150)]
    [row] = told(lists)["hidden_population"]
    assert row[2:4] in {("withheld", "methods_differ"), ("withheld", "unstable"), ("refused", "no_estimate")}
    assert set(row[4:]) == {None}


def test_what_opens_again_is_worked_out_again() -> None:
    with duckdb.connect() as connection:
        connection.execute(
            f"ATTACH ':memory:' AS f; CREATE TABLE f.{KEPT} (collection VARCHAR, period VARCHAR); "
            f"INSERT INTO f.{KEPT} VALUES "
            f"('{OWN}', '2021..2022'), ('{OWN}', '2021..2023'), ('x', '2021..2023')"
        )
        forget_estimates(connection, OWN, Span(12 * 2023 + 4, 12 * 2023 + 11))
        left = connection.execute(f"FROM f.{KEPT} ORDER BY ALL").fetchall()
        connection.execute(f"DROP TABLE f.{KEPT}")
        forget_estimates(connection, OWN, Span(12 * 2023, 12 * 2023 + 11))
    assert left == [(OWN, "2021..2022"), ("x", "2021..2023")]


def test_every_reason_has_words_and_what_would_help() -> None:
    reasons = {*REASONS, *(reason for _, reason in WRONG.values()), "methods_differ", "unstable", "no_year"}
    assert reasons <= set(WHY)
    assert all(why and helps.endswith(".") for why, helps in WHY.values())


def test_case_and_blanks_do_not_make_a_list_of_their_own() -> None:
    plain = drawn(400, THREE, 0.5)
    messy = [
        [f" {name.upper()} " if place % 2 else name for name in names] for place, names in enumerate(plain)
    ]
    assert told(plain) == told(messy)


def test_progress_tells_how_many_resamples_and_nothing_of_the_table() -> None:
    stream = io.StringIO()
    told(drawn(400, THREE, 0.5), Progress(is_shown=True, stream=stream))
    words = set(stream.getvalue().split("Estimating people on no list")[-1].split())
    assert not words & {"police", "ngo", "health", *map(str, range(20, 400))} - {"300"}
