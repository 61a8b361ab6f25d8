"""Releases in states that a deployment can meet, made from the example release by changing its tables."""

import hashlib
import json
import shutil
from collections.abc import Iterable
from pathlib import Path

import duckdb

from etl.release.publishing.schema import HIDDEN
from tests.example_release import COLLECTION, OTHER_COLLECTION, build

NO_REFERRALS = ("DELETE FROM cell_referral", "DELETE FROM collection WHERE subject = 'referral'")
PERSON_ONLY = (
    "DELETE FROM collection WHERE subject = 'referral' OR NOT is_own",
    f"DELETE FROM cell_person WHERE collection = '{OTHER_COLLECTION}'",
    *(
        f"DROP TABLE {table}"
        for table in (
            "cell_referral",
            "observation",
            "area_population",
            "area_context",
            "area_shape",
            "law_provision",
            "coverage",
            "held",
            "revision",
            "anonymity",
            "load_summary",
            "left_out_summary",
            "rejected_summary",
            "table_summary",
            "orphan_summary",
        )
    ),
)
PUBLISHED_ONLY = (
    "DELETE FROM collection",
    "DELETE FROM cell_person",
    "DELETE FROM cell_referral",
    "DELETE FROM coverage",
    "DELETE FROM held",
    "DELETE FROM revision",
    "DELETE FROM anonymity",
    "DELETE FROM rejected_summary",
    "DELETE FROM table_summary WHERE source_id <> 'fbi_offences'",
    "DELETE FROM orphan_summary",
    "DELETE FROM load_summary WHERE source_id <> 'fbi_offences'",
    "DELETE FROM area WHERE geography <> 'us'",
    "DELETE FROM area_shape",
    "DELETE FROM area_population",
    "DELETE FROM area_context",
    "UPDATE info SET value = '' WHERE key = 'place'",
    "UPDATE info SET value = 'false' WHERE key = 'synthetic'",
)
NO_AREAS = (
    *NO_REFERRALS,
    f"DELETE FROM collection WHERE collection = '{COLLECTION}'",
    "DELETE FROM cell_person WHERE area_level IS NOT NULL OR period_level <> 'year'",
    f"DELETE FROM cell_person WHERE collection = '{COLLECTION}'",
    "UPDATE collection SET geography = 'nowhere'",
    "DELETE FROM coverage",
    "DELETE FROM held",
    "DELETE FROM revision",
    "DELETE FROM anonymity",
    "DELETE FROM observation",
    "DELETE FROM area",
    "DELETE FROM area_shape",
    "DELETE FROM area_population",
    "DELETE FROM area_context",
)

PAIRS = ("'health', 'ngo'", "'health', 'police'", "'ngo', 'police'")
OTHER_ANSWERS = ("'method', 'bic'", "'method', 'aic'")


def changed(release: Path, target: Path, statements: Iterable[str], **manifest: object) -> Path:
    """Copy a release, run statements on its tables, and publish the outcome in another folder.

    Parameters
    ----------
    release, target
        Folder of the release, and the folder to make.
    statements
        SQL, in order.
    **manifest
        Values of the manifest to replace.
    """
    target.mkdir(parents=True)
    values = json.loads((release / "manifest.json").read_text("utf-8"))
    aside = target / "aside.duckdb"
    shutil.copyfile(release / values["file"], aside)
    with duckdb.connect(aside) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.execute("CHECKPOINT")
    sha256 = hashlib.sha256(aside.read_bytes()).hexdigest()
    file = f"release-{sha256[:12]}.duckdb"
    aside.rename(target / file)
    values |= {"file": file, "sha256": sha256, "release_id": sha256[:12], **manifest}
    (target / "manifest.json").write_text(json.dumps(values), "utf-8")
    return target


def estimate(
    number: int = 1_600,
    lower: int = 1_500,
    upper: int = 1_700,
    *,
    years: str = "2016..2024",
    reason: str = "",
    band: tuple[int, int] = (100, 200),
) -> list[str]:
    """Return statements that give a release an estimate of people on no list; or, for a reason, none."""
    made = [
        f"CREATE OR REPLACE TABLE {table} ({', '.join(' '.join(column) for column in columns.items())})"
        for table, columns in HIDDEN.items()
    ]
    row = f"INSERT INTO hidden_population BY NAME SELECT '{COLLECTION}' AS collection, '{years}' AS period, "
    if reason:
        return [*made, f"{row} 'withheld' AS status, '{reason}' AS reason"]
    pairs = ", ".join(f"('{COLLECTION}', '{years}', {pair}, {band[0]}, {band[1]})" for pair in PAIRS)
    words = ", ".join(f"('{COLLECTION}', '{years}', {one}, 'within_1_5')" for one in OTHER_ANSWERS)
    return [
        *made,
        f"{row} 'estimated' AS status, '' AS reason, {number} AS estimate, {lower} AS lower, "
        f"{upper} AS upper, 900 AS listed, 3 AS lists, 'stepwise' AS method, 'bca' AS interval_method, "
        "5000 AS resamples, false AS is_shifted",
        f"INSERT INTO hidden_overlap VALUES {pairs}",
        f"INSERT INTO hidden_agreement VALUES {words}",
    ]


def make(state: str, target: Path) -> Path:
    """Return the folder of a release in a state.

    Parameters
    ----------
    state
        "example", "tiny" (sixty people: nearly all is hidden), "steward" (exact), "partner", "too_new",
        "none", "person_only" (every other table is missing), "published_only" (only figures of others),
        "no_areas" (years of an outside register, no places).
    target
        A folder that does not exist yet.
    """
    built = {
        "example": {},
        "tiny": {"persons": 60},
        "steward": {"profile": "steward", "threshold": 1, "noise": False, "persons": 1_500},
        "partner": {"profile": "partner", "threshold": 8},
        "too_new": {"persons": 60, "format": 99},
    }
    if state in built:
        return build(target, **built[state])
    if state == "none":
        return target
    example = build(target.with_name(f"{target.name}_before"))
    if state == "published_only":
        return changed(example, target, PUBLISHED_ONLY, place="", synthetic=False)
    return changed(example, target, {"person_only": PERSON_ONLY, "no_areas": NO_AREAS}[state])
