"""``release``: turn the warehouse into protected cells."""

import argparse
from collections.abc import Mapping
from typing import Any

from analysis.words import counted, listed
from etl.commands import Outcome
from etl.commands.terminal import options
from etl.config import Home, home_at, read_deployment
from etl.errors import EtlError, UsageError
from etl.load.compared.replacing import FEWER
from etl.mart import meta as info
from etl.progress import Progress
from etl.release import ReleaseReport, publish
from etl.release.preview import Topic, unfinished_years
from etl.release.publishing.words import held_text
from etl.release.spark import master
from etl.store import warehouse
from etl.store.locking import exclusive

ENGINES = ("duckdb", "spark")
PROFILES = ("public", "partner", "steward")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of this command."""
    parser.add_argument(
        "--profile",
        choices=PROFILES,
        nargs="+",
        default=["public"],
        help="for whom (default: public); several are made one after the other",
    )
    parser.add_argument(
        "--preview",
        action="store_true",
        help="tell what would be published and closed, and what could be shown; publish and close nothing",
    )
    parser.add_argument(
        "--expect",
        metavar="RELEASE",
        default="",
        help="refuse any release but the one that a preview told of, by its id (of several: the first)",
    )
    parser.add_argument(
        "--revise", metavar="YEAR", type=int, help="take over late and corrected records of a closed year"
    )
    parser.add_argument(
        "--repair",
        metavar="YYYY-MM",
        type=options.month,
        help="take over the records of a month that a failed load let close empty, in a register too small "
        "for a revision (once)",
    )
    parser.add_argument(
        "--accept",
        choices=[FEWER],
        action="append",
        default=[],
        help=f"{FEWER}: close months although they hold far fewer records than before",
    )
    parser.add_argument(
        "--engine", choices=ENGINES, default="duckdb", help="what counts (default: duckdb, on this machine)"
    )
    parser.add_argument(
        "--master",
        metavar="ADDRESS",
        help=f"where Spark is: local[2], spark://HOST:7077, sc://HOST:15002 (default: {master.DEFAULT})",
    )
    options.add_home(parser)
    options.add_wait(parser)


def run(arguments: argparse.Namespace, progress: Progress) -> Outcome:
    """Make the releases, and tell what is in them."""
    home = home_at(arguments.home)
    spark = _spark(arguments)
    profiles = list(dict.fromkeys(arguments.profile))
    if arguments.preview and "steward" in profiles:
        raise UsageError(
            "The steward's release publishes and closes nothing: there is nothing to preview.",
            f"python -m etl release --preview --home {home.root}",
        )
    reports: list[ReleaseReport] = []
    with exclusive(home, arguments.wait):
        for profile in profiles:
            try:
                reports.append(_made(home, profile, arguments, progress, spark=spark, is_first=not reports))
            except EtlError as error:
                raise _after(reports, error) from None
    with warehouse.connect(warehouse.current(home)) as connection:
        other_day = info.other_day(info.stored(connection), read_deployment(home.root))
    lines = [line for report in reports for line in lines_of(report)]
    first, *more = [values_of(report) for report in reports]
    values = {**first, "notes": other_day, **({"more": more} if more else {})}
    return Outcome([*lines, *other_day], values)


def _made(
    home: Home,
    profile: str,
    arguments: argparse.Namespace,
    progress: Progress,
    *,
    spark: str,
    is_first: bool,
) -> ReleaseReport:
    """Make the release of one profile; what the first took over of closed months the next have as well."""
    return publish(
        home,
        profile,
        revise=arguments.revise if is_first else None,
        repair=arguments.repair if is_first else None,
        accept_fewer=FEWER in arguments.accept,
        progress=progress,
        spark=spark,
        is_preview=arguments.preview,
        expected=arguments.expect if is_first else "",
    )


def _after(reports: list[ReleaseReport], error: EtlError) -> EtlError:
    """Return a refusal that also says which releases were made before it."""
    if reports and not reports[-1].is_preview:
        made = listed([f"{report.release_id} ({report.profile})" for report in reports])
        error.message = f"Released: {made}. Then: {error.message}"
    return error


def _spark(arguments: argparse.Namespace) -> str:
    """Return the address of the Spark master; empty where DuckDB counts."""
    if arguments.engine == "spark":
        return master.checked(arguments.master or master.DEFAULT)
    if arguments.master is not None:
        raise UsageError(
            "--master says where Spark is, and --engine spark is not asked for.",
            f"python -m etl release --engine spark --master '{master.checked(arguments.master)}'",
        )
    return ""


def lines_of(report: ReleaseReport) -> list[str]:
    """Tell what a release holds, in words that may be shown to anybody."""
    if report.is_preview:
        return _preview_lines(report)
    state = "made" if report.is_new else "unchanged"
    lines = [
        f"Release {report.release_id} ({report.profile}) {state}: {_cells(report)}.",
        f"  {report.file}",
    ]
    lines += [f"  closed and frozen: {line}" for line in _alike(report.newly_closed_months, "month")]
    lines += [f"  held for a revision: {line}" for line in _alike(report.held_text)]
    lines += [f"  revised: {text}" for text in report.revised]
    return lines + lines_of_texts(report)


def _preview_lines(report: ReleaseReport) -> list[str]:
    state = "would be made" if report.is_new else "is published already, and would stay as it is"
    closing = {
        name: f"{counted(months, 'month')} ({report.newly_closed[name]})"
        for name, months in report.newly_closed_months.items()
        if months
    }
    lines = [f"Release {report.release_id} ({report.profile}) {state}: {_cells(report)}."]
    lines += [f"  would close for good: {line}" for line in _alike(closing)]
    lines += [f"  held for a revision: {line}" for line in _alike(report.held_text)]
    lines += [f"  would be revised: {text}" for text in report.revised]
    lines += [f"  {sentence_of(topic)}" for topic in report.topics]
    lines += [f"  {line}" for line in unfinished_years(topic.last_month for topic in report.topics)]
    return [*lines, *lines_of_texts(report), "Nothing was published and nothing was closed."]


def sentence_of(topic: Topic) -> str:
    """Return what could be shown of a topic.

    >>> sentence_of(Topic("People identified", "Register", ("trends",), {"by year": 1.0, "by month": 0.046}))
    'can be shown of People identified (Register): by year 100 %, by month 5 % of the numbers'
    """
    shares = ", ".join(f"{name} {share_text(share)}" for name, share in topic.shares.items())
    return f"can be shown of {topic.label} ({topic.collection}): {shares} of the numbers"


def share_text(share: float) -> str:
    """Return a share as whole per cent; neither everything nor nothing is said of what is only near it.

    >>> share_text(0.999), share_text(0.001), share_text(1.0), share_text(0.0)
    ('99 %', '1 %', '100 %', '0 %')
    """
    near = min(max(round(100 * share), 1), 99) if 0 < share < 1 else round(100 * share)
    return f"{near} %"


def _cells(report: ReleaseReport) -> str:
    held = {subject: cells for subject, cells in report.cells_shown.items() if cells}
    shown = ", ".join(f"{subject} {cells:,}" for subject, cells in held.items()) or "none of people"
    return f"cells shown: {shown}"


def lines_of_texts(report: ReleaseReport) -> list[str]:
    """Tell how many texts of registers stayed out, and what to do about it."""
    lines = []
    if report.are_texts_made_up:
        lines.append("  texts of registers: all published, because the records are made up")
    if report.texts_waiting:
        lines.append(
            f"  texts held back until you confirm them: {report.texts_waiting:,}. Next: python -m etl texts"
        )
    if report.texts_not_named:
        named = listed(sorted(report.texts_not_named))
        lines.append(
            f"  texts held back because published_texts of deployment.toml does not name their column: "
            f"{sum(report.texts_not_named.values()):,} in {named}"
        )
    return lines


def _alike(by_name: Mapping[str, int | str], unit: str = "") -> list[str]:
    """Return "120 months of a, b and c": names that have the same, once; what has nothing is left out.

    Fifteen kinds of records of which none waits are not fifteen lines.
    """
    names: dict[int | str, list[str]] = {}
    for name, value in by_name.items():
        if value and value != held_text(0):
            names.setdefault(value, []).append(name)
    return [
        f"{counted(value, unit) if isinstance(value, int) else value} of {listed(sorted(found))}"
        for value, found in names.items()
    ]


def values_of(report: ReleaseReport) -> dict[str, Any]:
    """Return the same for a script."""
    return {
        "profile": report.profile,
        "release_id": report.release_id,
        "file": str(report.file),
        "changed": report.is_new and not report.is_preview,
        "cells_shown": report.cells_shown,
        "newly_closed_months": report.newly_closed_months,
        "held": report.held_text,
        "revised": report.revised,
        "texts_waiting": report.texts_waiting,
        "texts_not_named": report.texts_not_named,
        **(_values_of_preview(report) if report.is_preview else {}),
    }


def _values_of_preview(report: ReleaseReport) -> dict[str, Any]:
    topics = [_values_of_topic(one) for one in report.topics]
    unfinished = unfinished_years(topic.last_month for topic in report.topics)
    return {"preview": topics, "would_close": report.newly_closed, "unfinished_years": unfinished}


def _values_of_topic(topic: Topic) -> dict[str, Any]:
    return {
        "topic": topic.label,
        "collection": topic.collection,
        "pages": list(topic.pages),
        "shown": {name: round(share, 3) for name, share in topic.shares.items()},
    }
