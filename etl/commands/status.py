"""``status``: what is loaded, from when, and what was released."""

import argparse
import json
from pathlib import Path
from typing import Any

import duckdb

from analysis.errors import LttError
from analysis.release.archive import read_archive, withdrawn_ids
from analysis.words import counted, listed
from etl.commands import Outcome
from etl.commands.release import PROFILES
from etl.commands.terminal import options
from etl.commands.terminal.news import changes
from etl.config import Home, home_at, read_deployment, secure
from etl.errors import UsageError
from etl.hub.memory import recall
from etl.lines import PART, line_words
from etl.mart import meta as info
from etl.mart.dangling import lines_of as orphan_lines
from etl.mart.dangling import orphans
from etl.progress import Progress
from etl.store import warehouse

HASH_SHOWN = 12


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of this command."""
    options.add_home(parser)
    parser.add_argument(
        "--rejected",
        action="store_true",
        help="also the rejected rows: load, table, line, rule and column, never a value",
    )

    parser.add_argument(
        "--changes",
        metavar="RELEASE",
        nargs="?",
        const="",
        help="only what is new in a release since the one before it, for a mailing list (without an id: in "
        "the newest public one)",
    )
    parser.add_argument(
        "--out", metavar="FILE", type=Path, help="with --changes: write it to a file, .txt or .html"
    )


def run(arguments: argparse.Namespace, progress: Progress) -> Outcome:
    """Tell the state of a home; a home without a warehouse is a state too."""
    home = home_at(arguments.home)
    if arguments.changes is not None:
        return changes(home, arguments.changes, arguments.out)
    if arguments.out is not None:
        raise UsageError("--out goes with --changes.", "python -m etl status --changes --out news.txt")
    repaired = secure(home) if home.restricted.exists() else []
    releases = {profile: found for profile in PROFILES if (found := _release(home, profile))}
    for profile, found in releases.items():
        found["offered"], found["withdrawn"] = _archive(home, profile)
    manifest = warehouse.read_manifest(home)
    values: dict[str, Any] = {
        "home": str(home.root),
        "warehouse": None,
        "repaired": repaired,
        "releases": releases,
    }
    lines = [f"Home: {home.root}", *(f"Repaired: {text}" for text in repaired)]
    if manifest is None and (hub := recall(home)) is not None:
        lines.append(f"A hub, made of {listed(list(hub.folders))}. Next: python -m etl hub --out {home.root}")
        return Outcome([*lines, *_release_lines(releases, str(home.root))], {**values, "hub": hub.folders})
    if manifest is None:
        lines.append(f"Nothing is loaded. Next: python -m etl build --demo --home {home.root}")
        return Outcome([*lines, *_release_lines(releases, str(home.root))], values)
    with warehouse.connect(warehouse.current(home)) as connection:
        state = _state(connection)
        if arguments.rejected:
            state["rejected"] = _rejected(connection)
    version = manifest.version(manifest.current)
    assert version is not None  # read_manifest has checked it
    values["warehouse"] = {
        "version": version.number,
        "made_at": version.made_at,
        "what": version.what,
        "sha256": version.sha256,
        "is_synthetic": version.is_synthetic,
        "kept": [kept.number for kept in manifest.versions],
        **state,
    }
    other_day = info.other_day(state["info"], read_deployment(home.root))
    values["notes"] = other_day
    kept = ", ".join(str(kept.number) for kept in manifest.versions)
    lines.append(
        f"Warehouse: version {version.number} ({version.what}, {version.made_at}), sha256 "
        f"{version.sha256[:HASH_SHOWN]}, as of {state['info'].get('as_of', 'unknown')}; kept: {kept}"
    )
    return Outcome(
        [
            *lines,
            *_load_lines(state),
            *_rejected_lines(state),
            *_coverage_lines(state),
            *orphan_lines(state["orphans"]),
            *_release_lines(releases, str(home.root)),
            *other_day,
        ],
        values,
    )


def _state(connection: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    loads = connection.sql(
        "SELECT load_id, source_id, file_name, sha256, strftime(loaded_at, '%Y-%m-%d %H:%M') AS loaded_at, "
        "period_from, period_to, rows_in, rows_accepted, rows_rejected, status FROM mart.load ORDER BY ALL"
    ).pl()
    coverage = connection.sql(
        "SELECT collection, source, min(period) FILTER (status = 'reported') AS first_reported, "
        "max(period) FILTER (status = 'reported') AS last_reported, "
        "count(*) FILTER (status = 'not_reported')::INTEGER AS months_not_reported "
        "FROM mart.coverage GROUP BY ALL ORDER BY ALL"
    ).pl()
    info = dict(connection.execute("SELECT key, value FROM meta.info ORDER BY key").fetchall())
    return {
        "info": info,
        "loads": loads.to_dicts(),
        "coverage": coverage.to_dicts(),
        "orphans": orphans(connection),
    }


def _rejected(connection: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    return (
        connection.sql(
            f"SELECT load_id, table_name, line // {PART} + 1 AS part, line % {PART} AS line, "
            "rule, column_name FROM mart.rejected_row ORDER BY ALL"
        )
        .pl()
        .to_dicts()
    )


def _rejected_lines(state: dict[str, Any]) -> list[str]:
    if "rejected" not in state:
        return []
    found = [
        f"  load {row['load_id']}{_at(row)}: {row['rule']} in {row['table_name']}.{row['column_name']}"
        for row in state["rejected"]
    ]
    return ["Rejected rows:", *(found or ["  none"])]


def _at(row: dict[str, Any]) -> str:
    """Return where a rejected row stands; not every row that is made up from others has a line."""
    return "" if row["line"] is None else f", line {line_words(row['line'], row['part'])}"


def _load_lines(state: dict[str, Any]) -> list[str]:
    lines = ["Loads:"]
    for load in state["loads"]:
        months = f" {load['period_from']} to {load['period_to']}" if load["period_from"] else ""
        lines.append(
            f"  {load['load_id']:>4}  {load['source_id']:<22} {load['file_name']}{months}: "
            f"{load['rows_accepted']:,} accepted, {load['rows_rejected']:,} rejected; {load['loaded_at']}; "
            f"sha256 {load['sha256'][:HASH_SHOWN]}; {load['status']}"
        )
    return lines


def _coverage_lines(state: dict[str, Any]) -> list[str]:
    lines = ["Coverage:"]
    for one in state["coverage"]:
        gap = one["months_not_reported"]
        missing = f"; {counted(gap, 'month')} not reported" if gap else ""
        months = f"{one['first_reported']} to {one['last_reported']}"
        lines.append(f"  {one['collection']}, {one['source']}: {months}{missing}")
    return lines


def _release(home: Home, profile: str) -> dict[str, Any] | None:
    path = home.release(profile) / "manifest.json"
    try:
        found = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None


def _release_lines(releases: dict[str, dict[str, Any]], home: str) -> list[str]:
    if not releases:
        return ["Release: none yet. Next: python -m etl release --home " + home]
    lines = []
    for profile, found in releases.items():
        newest, *earlier = found["offered"] or [None]
        named = newest or f"{found.get('release_id')}, as of {found.get('as_of')}"
        state = "" if newest else ": not offered"
        lines.append(f"Release ({profile}): {named}, {found.get('place')}{state}")
        lines += [f"  earlier, still offered: {one}" for one in earlier]
        lines += [f"  withdrawn: {release_id}" for release_id in found["withdrawn"]]
    return lines


def _archive(home: Home, profile: str) -> tuple[list[str], list[str]]:
    """Return in words which releases of a profile are offered, newest first, and which were withdrawn."""
    folder = home.release(profile)
    try:
        offered = read_archive(folder).offered
    except LttError:
        offered = ()
    words = [
        f"{one.release_id}, as of {one.as_of}" + (f", published {one.day}" if one.day else "")
        for one in offered
    ]
    return words, list(withdrawn_ids(folder))
