"""The release file of the whole catalog: what is in it, what is not, and that it is always the same file."""

import hashlib
import re
import shutil
from pathlib import Path

import duckdb
import numpy as np
import pytest

from analysis import closed_list, load_catalog, open_release
from etl.config import Home
from etl.release import publish
from tests.release.support import (
    Mart,
    cells_of,
    home_with,
    made_up_people,
    made_up_referrals,
    manifest_of,
    release_file,
)

PEOPLE = made_up_people(2_500, seed=11, prefix="planted-person-key")
CELL = ("collection", "period_level", "period", "area_level", "area")
TABLES = {
    "info": "key value",
    "collection": "collection label subject geography unit is_own is_synthetic period_resolution "
    "first_period last_closed_month citation",
    "area": "geography code name level level_name parent is_rural lon lat",
    "area_shape": "geography code wkb",
    "area_population": "geography code year age_group sex population source",
    "area_context": "geography code year indicator value unit source",
    "law_provision": "law_code short_name level jurisdiction instrument adopted effective pillar summary "
    "citation url status",
    "source": "source_id label publisher unit licence citation rule is_synthetic period_from period_to "
    "loaded_on",
    "load_summary": "source_id rows_in_text rows_accepted_text rows_partly_text rows_rejected_text "
    "rows_left_out_text",
    "left_out_summary": "source_id reason_text rows_text",
    "rejected_summary": "source_id table_name rule column_name rows_text",
    "table_summary": "source_id table_name label rows_text rejected_text period_from period_to orphans_text",
    "orphan_summary": "source_id table_name label column_label refers_label orphans_text",
    "coverage": "collection source period status",
    "revision": "collection subject year revision as_of",
    "hidden_population": "collection period status reason estimate lower upper listed lists method "
    "interval_method resamples is_shifted",
    "hidden_overlap": "collection period one other at_least below",
    "hidden_agreement": "collection period kind code agreement",
    "completeness": "collection subject month years months_since complete base spread",
    "held": "collection subject records_text",
    "anonymity": "metric value_text",
    "source_file": "source sha256",
}
#: Of files that others published, which anybody can fetch: tests/etl/test_source_files.py.
HASHES_OF_OTHERS = ("source_file", "sha256")
FORBIDDEN = re.compile(
    r"true|noise|ckey|pcv|pvalue|hash|person|record_key|referral_key|load_id|^n$|key_sum|count$|sha"
)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home with all three releases of the same people."""
    folder = tmp_path_factory.mktemp("home")
    made = home_with(folder, Mart(PEOPLE, made_up_referrals(PEOPLE)))
    for profile in ("public", "partner", "steward"):
        publish(made, profile)
    return made


@pytest.fixture(scope="module", params=["public", "partner", "steward"])
def file(home: Home, request: pytest.FixtureRequest) -> Path:
    return release_file(home.release(request.param))


def test_it_holds_the_tables_and_columns_of_the_contract_and_no_other(file: Path) -> None:
    expected = {name: tuple(columns.split()) for name, columns in TABLES.items()}
    catalog = load_catalog()
    fixed = ("source", "measure", "unit", "period_level", "period", "geography", "area_code")
    expected["observation"] = (*fixed, *catalog.figure_dimensions, "value", "marker")
    for code, subject in catalog.subjects.items():
        if subject.door == "person":
            expected[f"cell_{code}"] = (*CELL, *subject.dimensions, "value", "marker")
    for code, register in catalog.registers.items():
        expected[f"register_{code}"] = tuple(column.code for column in register.columns)
    found: dict[str, tuple[str, ...]] = {}
    with duckdb.connect(str(file), read_only=True) as connection:
        for table, column in connection.execute(
            "SELECT table_name, column_name FROM duckdb_columns() WHERE NOT internal "
            "ORDER BY table_oid, column_index"
        ).fetchall():
            found[table] = (*found.get(table, ()), column)
        others = connection.execute("SELECT count(*) FROM duckdb_views() WHERE NOT internal").fetchone()
    assert found == expected
    assert others == (0,)


def test_no_column_is_named_like_a_true_number_a_key_a_noise_or_a_person(file: Path) -> None:
    with duckdb.connect(str(file), read_only=True) as connection:
        columns = connection.execute(
            "SELECT table_name, column_name FROM duckdb_columns() WHERE NOT internal"
        ).fetchall()
    assert [one for one in columns if FORBIDDEN.search(one[1]) and one != HASHES_OF_OTHERS] == []


def test_no_person_and_no_secret_is_in_its_bytes(home: Home, file: Path) -> None:
    content = file.read_bytes()
    secret = (home.restricted / "secret").read_text("ascii").strip()
    for planted in (b"planted-person", b"lanted-p", b"-key-11-", secret.encode(), bytes.fromhex(secret)[:8]):
        assert planted not in content
    frozen = home.frozen(False).read_bytes()
    assert b"planted-person-key-11-0" in frozen, "the same search finds them where they are"


def test_every_shown_cell_is_on_the_closed_list_and_reaches_the_threshold(home: Home, file: Path) -> None:
    catalog = load_catalog()
    threshold = {**catalog.protection.threshold, "steward": 1}[file.parent.name]
    for code in ("person", "referral"):
        subject = catalog.subjects[code]
        allowed = {(one.period_level, one.area_level, one.dims) for one in closed_list(code, catalog)}
        cells = cells_of(file, code)
        assert len(cells) > 1_000
        for cell, (value, _) in cells.items():
            dims = tuple(
                name for name, given in zip(subject.dimensions, cell[5:], strict=True) if given is not None
            )
            assert (cell[1], cell[3], dims) in allowed
            assert value >= threshold
            assert (cell[3] is None) == (cell[4] is None)


def test_partner_shows_all_that_public_shows_with_the_same_numbers(home: Home) -> None:
    for subject in ("person", "referral"):
        public = cells_of(release_file(home.release("public")), subject)
        partner = cells_of(release_file(home.release("partner")), subject)
        assert public.items() <= partner.items()
        assert len(partner) > len(public)
        assert {value for cell, (value, _) in partner.items() if cell not in public} <= set(range(10))


def test_the_steward_sees_true_numbers_and_the_public_at_most_5_off(home: Home) -> None:
    exact = cells_of(release_file(home.release("steward")))
    public = cells_of(release_file(home.release("public")))
    whole = sum(value for cell, (value, _) in exact.items() if cell[1] == "month" and set(cell[3:]) == {None})
    assert whole == len(PEOPLE)
    changes = np.array(
        [value - exact[cell][0] for cell, (value, _) in public.items() if exact[cell][0] >= 20]
    )
    assert np.abs(changes).max() <= 5
    # Far from independent (the same people are in many cells), so only roughly mean 0 and variance 3.
    assert abs(changes.mean()) < 0.3 and 2.3 < changes.var() < 3.7
    assert {marker for value, marker in exact.values() if value < 10} == {"s", "ps"}


def test_building_again_gives_the_same_bytes(home: Home, tmp_path: Path) -> None:
    before = {p: manifest_of(home.release(p)) for p in ("public", "partner", "steward")}
    again = Home(shutil.copytree(home.root, tmp_path / "again"))
    for profile in before:
        shutil.rmtree(again.release(profile))
    again.frozen(False).unlink()  # even the frozen records are made anew
    again.released(False).unlink()  # in a home that knows of no release of theirs
    for profile, manifest in before.items():
        report = publish(again, profile)
        assert manifest_of(again.release(profile)) == manifest
        assert report.file.read_bytes() == release_file(home.release(profile)).read_bytes()


def test_publishing_twice_changes_nothing_and_says_so(home: Home) -> None:
    before = release_file(home.release("public"))
    report = publish(home, "public")
    assert not report.is_new
    assert release_file(home.release("public")) == before
    assert report.newly_closed_months == {}


def test_the_manifest_names_the_file_and_its_hash(home: Home, file: Path) -> None:
    manifest = manifest_of(file.parent)
    assert hashlib.sha256(file.read_bytes()).hexdigest() == manifest["sha256"]
    assert manifest == {
        "format": 1,
        "file": f"release-{manifest['sha256'][:12]}.duckdb",
        "sha256": manifest["sha256"],
        "profile": file.parent.name,
        "release_id": manifest["sha256"][:12],
        "as_of": "2024-12-31",
        "place": "Made-up region",
        "synthetic": False,
        "catalog_sha256": load_catalog().sha256,
        "kept": [f"release-{manifest['sha256'][:12]}.duckdb"],
    }


def test_it_says_how_it_protects(home: Home, file: Path) -> None:
    with duckdb.connect(str(file), read_only=True) as connection:
        info = dict(connection.execute("SELECT key, value FROM info").fetchall())
    protection = load_catalog().protection
    is_exact = file.parent.name == "steward"
    assert (info["d"], info["v"], info["js"]) == (("0", "0.0", "0") if is_exact else ("5", "3.0", "2"))
    assert info["threshold"] == ("1" if is_exact else str(protection.threshold[file.parent.name]))
    assert info["parameters_sha256"] == protection.file_sha256
    assert info["dimensions"] == "4" and info["profile"] == file.parent.name


def test_published_figures_places_and_laws_pass_as_they_are(file: Path) -> None:
    with duckdb.connect(str(file), read_only=True) as connection:
        assert connection.execute("SELECT source, measure, value, form FROM observation").fetchall() == [
            ("fbi_offences", "offences_known", 7.0, None)
        ]
        assert connection.execute("SELECT count(*), max(level) FROM area").fetchone() == (9, 2)
        assert connection.execute("SELECT count(*) FROM area_shape").fetchone() == (9,)
        laws = connection.execute("SELECT short_name FROM law_provision").fetchall()
        waits = [] if file.parent.name != "steward" else [("Act 2020",)]
        assert laws == waits, "a law that the project does not ship waits for the keeper to confirm its texts"


def test_counts_of_live_own_records_are_for_their_keepers_alone(file: Path) -> None:
    is_exact = file.parent.name == "steward"
    own_loads = [
        ("harbour_ngo", "1,234", "1,230", "0", "4", "0"),
        ("north_police", "1,235", "1,230", "0", "5", "0"),
    ]
    with duckdb.connect(str(file), read_only=True) as connection:
        loads = connection.execute("SELECT * FROM load_summary ORDER BY source_id").fetchall()
        rejected = connection.execute("SELECT * FROM rejected_summary").fetchall()
        alike = connection.execute("SELECT metric, value_text FROM anonymity").fetchall()
        waiting = connection.execute("SELECT count(*) FROM held").fetchone()
    assert loads[0] == ("fbi_offences", "1,236", "1,230", "0", "6", "0")
    assert loads[1:] == (own_loads if is_exact else [])
    assert rejected == ([("harbour_ngo", "person", "known_code", "gender", "4")] if is_exact else [])
    assert alike == ([("smallest_group", "fewer than 10")] if is_exact else [])
    assert (waiting != (0,)) is is_exact


def test_the_app_opens_it_with_the_restricted_folder_gone(home: Home, tmp_path: Path) -> None:
    alone = Path(shutil.copytree(home.release("public"), tmp_path / "alone"))
    release = open_release(alone)
    assert release.info["profile"] == "public" and not release.is_exact
    assert [one.subject for one in release.collections] == ["person", "referral"]
    release.close()


def test_nothing_is_left_aside_and_records_are_private(home: Home) -> None:
    assert {path.name for path in home.restricted.iterdir()} <= {
        "secret",
        "lock",
        "manifest.json",
        "warehouse-1.duckdb",
        "frozen.duckdb",
        "released.json",
        "steward",
        "access.log",
    }
    assert home.restricted.stat().st_mode & 0o077 == 0
    steward = release_file(home.release("steward"))
    for path in (home.frozen(False), home.release("steward"), steward, steward.with_suffix(".index")):
        assert path.stat().st_mode & 0o077 == 0, path.name
    assert {path.name for path in home.release("public").iterdir()} == {
        "manifest.json",
        "archive",
        release_file(home.release("public")).name,
        release_file(home.release("public")).with_suffix(".index").name,
    }
