"""Reports, referrals and open referrals in the demonstration's release: counted again from the records."""

import itertools

import duckdb
import pytest

from analysis import load_catalog
from analysis.catalog.registers import CONFIDENTIAL_CODE
from etl.config import home_at
from etl.store import warehouse
from tests.demonstration import demonstration_home, demonstration_release
from tests.release.support import release_file

CATALOG = load_catalog()
LARGEST, THRESHOLD = 5, 10
ASKED = {
    "tip": [
        ("channel",),
        ("reporter_type", "disposition"),
        ("channel", "response_band"),
        ("finding",),
        ("form",),
    ],
    "referral": [
        ("stage",),
        ("area_kind", "stage"),
        ("start_band", "area_kind"),
        ("from_org_type", "to_organisation"),
        ("to_org_type",),
        ("origin", "stage"),
    ],
    "open_referral": [("open_band",), ("open_band", "service_type"), ("area_kind",)],
}
SHELTERS = "'org-lantern-house', 'org-saltreach-homes', 'org-fen-lodgings'"  # not marked public: confidential
RECEIVER = (
    f"CASE WHEN to_organisation IN ({SHELTERS}) THEN '{CONFIDENTIAL_CODE}' ELSE to_organisation::VARCHAR END"
)
CASES = [(subject, dims) for subject, every in ASKED.items() for dims in every]


@pytest.fixture(scope="module")
def both():
    """The warehouse as ``w`` and the public release as ``r``."""
    current = warehouse.current(home_at(demonstration_home()))
    with duckdb.connect(":memory:") as connection:
        connection.execute(f"ATTACH '{current}' AS w (READ_ONLY)")
        connection.execute(f"ATTACH '{release_file(demonstration_release())}' AS r (READ_ONLY)")
        yield connection


def counted(connection, subject, dims):
    """Return the plain number of records in each year and category."""
    table, key = CATALOG.subjects[subject].table, CATALOG.subjects[subject].key
    join = ""
    names = [f"{name}::VARCHAR" for name in dims]
    if "form" in dims and subject == "tip":
        forms = "SELECT collection, tip_key, code AS form FROM w.mart.tip_attribute"
        join = f"JOIN ({forms}) USING (collection, tip_key)"
    names = [RECEIVER if name == "to_organisation::VARCHAR" else name for name in names]
    rows = connection.execute(
        f"SELECT reference_year::VARCHAR, {', '.join(names)}, count(DISTINCT {key}) "
        f"FROM w.{table} {join} GROUP BY ALL"
    ).fetchall()
    return {row[:-1]: row[-1] for row in rows}


def published(connection, subject, dims):
    """Return the cells of one table of the release: years, no area."""
    others = [name for name in CATALOG.subjects[subject].dimensions if name not in dims]
    rows = connection.execute(
        f"SELECT period, {', '.join(dims)}, value FROM r.cell_{subject} WHERE period_level = 'year' "
        f"AND area IS NULL AND {' AND '.join(f'{name} IS NULL' for name in others)} "
        f"AND {' AND '.join(f'{name} IS NOT NULL' for name in dims)}"
    ).fetchall()
    return {row[:-1]: row[-1] for row in rows}


@pytest.mark.parametrize(
    ("subject", "dims"), CASES, ids=lambda one: one if isinstance(one, str) else "_".join(one)
)
def test_cells_are_the_records_counted_again_within_the_protection(both, subject, dims) -> None:
    plain, shown = counted(both, subject, dims), published(both, subject, dims)
    assert shown and min(shown.values()) >= THRESHOLD
    assert all(abs(value - plain[key]) <= LARGEST for key, value in shown.items())
    hidden = {key: n for key, n in plain.items() if key not in shown}
    assert all(n < THRESHOLD + LARGEST for n in hidden.values())


def test_some_cells_are_changed_and_some_are_hidden(both) -> None:
    dims = ("from_org_type", "to_organisation")
    plain, shown = counted(both, "referral", dims), published(both, "referral", dims)
    assert sum(shown[key] != plain[key] for key in shown) > len(shown) / 3
    assert set(plain) - set(shown)


def test_open_referrals_made_in_the_same_year_have_the_record_key_of_the_referral(both) -> None:
    """Else the same people would be published with two changes, which average out."""
    frozen = home_at(demonstration_home()).frozen(is_synthetic=True)
    both.execute(f"ATTACH '{frozen}' AS f (READ_ONLY)")
    [(compared, unlike)] = both.execute(
        "SELECT count(*), count(*) FILTER (one.record_key <> other.record_key) "
        "FROM f.referral AS one JOIN f.open_referral AS other USING (collection, record, reference_year)"
    ).fetchall()
    assert compared > 100 and unlike == 0


def test_the_list_of_receivers_names_organisations_and_nothing_else(both) -> None:
    columns = both.execute(
        "SELECT column_name FROM duckdb_columns() "
        "WHERE database_name = 'r' AND table_name = 'register_receiver' "
        "ORDER BY column_index"
    ).fetchall()
    assert [name for (name,) in columns] == ["code", "label", "organisation_type"]
    codes = {code for (code,) in both.execute("SELECT code FROM r.register_receiver").fetchall()}
    public = {code for (code,) in both.execute("SELECT organisation FROM w.mart.organisation").fetchall()}
    hidden = {code for code in public if f"'{code}'" in SHELTERS}
    listed = public - hidden | {"unlisted", "not_recorded", CONFIDENTIAL_CODE}
    assert len(hidden) == 3 and codes == listed, "the whole list, whoever was asked"


def test_no_key_of_a_report_or_referral_is_in_the_release(both) -> None:
    content = release_file(demonstration_release()).read_bytes()
    for table, key in (("tip", "tip_key"), ("referral", "referral_key"), ("service_episode", "referral_key")):
        rows = both.execute(f"SELECT {key} FROM w.mart.{table} WHERE {key} IS NOT NULL LIMIT 50").fetchall()
        assert rows
        assert not [key for (key,) in rows if key.encode() in content]
    assert b"REF-" not in content and b"TIP-" not in content


def test_one_detail_at_most_in_any_table(both) -> None:
    for subject in ("tip", "referral"):
        pairs = itertools.combinations(CATALOG.subjects[subject].detail, 2)
        asked = " OR ".join(f"({one} IS NOT NULL AND {other} IS NOT NULL)" for one, other in pairs)
        assert both.execute(f"SELECT count(*) FROM r.cell_{subject} WHERE {asked}").fetchone() == (0,)
    both_outcomes = "decision IS NOT NULL AND stage IS NOT NULL"
    assert both.execute(f"SELECT count(*) FROM r.cell_referral WHERE {both_outcomes}").fetchone() == (0,)
