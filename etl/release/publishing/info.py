"""What a release says about itself: parameters, collections, held records, anonymity of the records."""

import json

from etl.config import Home, named_now, read_deployment
from etl.load.compared.plausible import Doubt
from etl.release.cells.layout import FROZEN, WAREHOUSE, Layout, columns_of
from etl.release.closing.closed_periods import Closed, month_code
from etl.release.closing.pending import count_held
from etl.release.context import Job
from etl.release.publishing.swap import FORMAT
from etl.release.publishing.words import held_text
from etl.release.unperturbed.tables import make_table

DIMENSIONS_AT_ONCE = 4
ANONYMITY = "anonymity."  # keys of meta.info that pass, in words


def describe(job: Job, home: Home, closed: dict[str, list[Closed]]) -> None:
    """Make the tables ``info``, ``collection`` and ``anonymity``.

    Parameters
    ----------
    job, home
        The run and its deployment.
    closed
        Closed months of the collections, by subject. A collection of which nothing is closed is left out.
    """
    protection, noisy = job.catalog.protection, job.profile.has_noise
    deployment = read_deployment(home.root)
    named = named_now(home, job.info)
    values = {
        "format": FORMAT,
        "profile": job.profile.name,
        "d": protection.noise_d if noisy else 0,
        "v": protection.noise_v if noisy else 0.0,
        "js": protection.noise_js if noisy else 0,
        "threshold": job.profile.threshold,
        "dimensions": DIMENSIONS_AT_ONCE,
        "parameters_sha256": protection.file_sha256,
        "catalog_sha256": job.catalog.sha256,
        "as_of": job.as_of.isoformat(),
        "place": named["place"],
        "home_country": job.info.get("home_country", ""),
        "synthetic": job.info.get("is_synthetic", "false"),
        "contact": named["contact"],
        "methods_version": protection.methods_version,
        **({"next_update": deployment.next_update.isoformat()} if deployment.next_update else {}),
        **_fiscal_years(home),
        **_doubts(job),
        **_recast(job),
        **_tallies(job),
    }
    make_table(job.connection, "info", [(key, str(value)) for key, value in values.items()])
    rows = [
        _collection_row(job, subject, one)
        for subject, collections in closed.items()
        for one in collections
        if one.span is not None
    ]
    make_table(job.connection, "collection", sorted(rows))
    # Shares of live records before the door: two of them gave the exact size of small registers. The keepers
    # alone read them, to decide what may be released.
    metrics = [
        (key.removeprefix(ANONYMITY), text)
        for key, text in job.info.items()
        if key.startswith(ANONYMITY) and not noisy
    ]
    make_table(job.connection, "anonymity", sorted(metrics))


def _fiscal_years(home: Home) -> dict[str, str]:
    """Return the years that the keepers' funders count by; no entry where none is named."""
    named = read_deployment(home.root).fiscal_years
    return {"fiscal_years": json.dumps(dict(named), ensure_ascii=False)} if named else {}


def _doubts(job: Job) -> dict[str, str]:
    """Return why published counts may be wrong: source and sentence; no entry where there is no doubt."""
    if not columns_of(job.connection, WAREHOUSE, "mart.load_doubt"):  # a warehouse of an earlier version
        return {}
    rows = job.connection.execute(
        f"SELECT source_id, check_name, series, words, label FROM {WAREHOUSE}.mart.load_doubt ORDER BY ALL"
    ).fetchall()
    told = dict.fromkeys((source, Doubt(*doubt).sentence) for source, *doubt in rows)
    return {"doubts": json.dumps(list(told), ensure_ascii=False)} if told else {}


def _recast(job: Job) -> dict[str, str]:
    """Return which areas had figures added up to another, by geography; no entry where none had."""
    if not columns_of(job.connection, WAREHOUSE, "mart.area_recast"):  # a warehouse of an earlier version
        return {}
    moved: dict[str, dict[str, list[str]]] = {}
    for geography, whole, area in job.connection.execute(
        f"SELECT DISTINCT geography, whole, area_code FROM {WAREHOUSE}.mart.area_recast ORDER BY ALL"
    ).fetchall():
        moved.setdefault(geography, {}).setdefault(whole, []).append(area)
    return {"recast": json.dumps(moved)} if moved else {}


def _tallies(job: Job) -> dict[str, str]:
    """Return the closed months for which numbers of records were sent; no entry where there is none."""
    found: dict[str, dict[str, list[str]]] = {}
    for collection, subject, period in job.connection.execute(
        f"SELECT DISTINCT collection, subject, period FROM {FROZEN}.tally "
        f"SEMI JOIN {WAREHOUSE}.mart.collection USING (collection, subject) ORDER BY ALL"
    ).fetchall():
        found.setdefault(collection, {}).setdefault(subject, []).append(period)
    return {"tallies": json.dumps(found)} if found else {}


def _collection_row(job: Job, subject: str, one: Closed) -> tuple[object, ...]:
    found = job.connection.execute(
        "SELECT label, subject, geography, unit, is_own, is_synthetic, period_resolution, citation "
        f"FROM {WAREHOUSE}.mart.collection WHERE collection = $collection AND subject = $subject",
        {"collection": one.collection, "subject": subject},
    ).fetchone()
    if found is None or one.span is None:
        raise LookupError(subject)
    *described, citation = found
    if found[4]:  # an own register holds several things; each is counted in its subject's unit
        described[3] = job.catalog.subjects[subject].unit
    ends = month_code(one.span.first), month_code(one.span.last)
    return (one.collection, *described, *ends, citation)


def describe_held(job: Job, subjects: list[Layout]) -> None:
    """Make the table ``held``: how many late, corrected and withdrawn records wait, for their keepers alone.

    The release's other profiles have it empty: how many wait is a count of live records. The report, which
    the keeper's terminal shows, has it in rounded words.
    """
    rows = []
    for layout in subjects:
        by_year = count_held(job.connection, layout)
        collections = job.connection.execute(
            f"SELECT collection FROM {WAREHOUSE}.mart.collection WHERE subject = ? ORDER BY 1", [layout.code]
        ).fetchall()
        for (collection,) in collections:
            count = sum(number for (name, _), number in by_year.items() if name == collection)
            if not job.profile.has_noise:
                rows.append((collection, layout.code, f"{count:,}"))
            job.report.held_text[f"{collection}/{layout.code}"] = held_text(count)
    make_table(job.connection, "held", rows)
