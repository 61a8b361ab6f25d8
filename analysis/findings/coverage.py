"""How sure and how complete: who reports, who stopped, which period is still filling up."""

from datetime import date, timedelta

from analysis import periods
from analysis.findings.basis import basis_of
from analysis.findings.finding import Finding
from analysis.release.release import Release
from analysis.topics.data_quality import contributors, newest_figures


def figures_of_others(release: Release) -> Finding | None:
    """Return up to when others have published what is here; None where there is nothing of the kind."""
    sources = [(label, last) for label, last, _ in newest_figures(release)]
    return Finding("fact", topic="figures_of_others", facts={"sources": sources}) if sources else None


def how_sure(release: Release, collection: str) -> Finding | None:
    """Return how many contributors report, and in what share of their months; None without a roster."""
    roster = contributors(release, collection)
    months = sum(len(each.reported) for each in roster)
    if not months:
        return None
    reported = sum(each.months for each in roster)
    facts = {
        "contributors": len(roster),
        "steady": sum(each.months == len(each.reported) for each in roster),
        "reported_share": 100 * reported / months,
        "is_exact": release.is_exact,
    }
    return Finding("fact", topic="how_sure", facts=facts)


def what_is_missing(
    release: Release,
    collection: str,
    provisional_months: int,
    settle_months: int = 0,
    late: Finding | None = None,
) -> Finding:
    """Return which contributors have stopped reporting, and which year is still filling up or ends early.

    A year fills up while its newest month is provisional. Later, nothing more is expected: its figures end.

    Where no roster is kept, nobody can be said to be missing (``is_known`` is False). `late` says of the
    newest year what it has so far and what is expected (`analysis.findings.series.later`), if that is known.
    """
    roster = contributors(release, collection)
    stopped = [(each.label, each.last_month) for each in roster if each.has_stopped]
    known = [one for one in release.collections if one.collection == collection]
    newest = max((one.last_closed_month for one in known), default="")
    basis = basis_of(release, provisional_months)
    settled = basis.newest.later[-1] if basis.newest else ""
    year = ""
    if newest and (not settled or periods.span_of(newest).last > periods.span_of(settled).last):
        year = newest[:4]
    ends = ""
    if year and not _is_provisional(release, newest, provisional_months + settle_months):
        year, ends = "", "" if newest.endswith("-12") else newest
    facts = {"is_known": bool(roster), "stopped": stopped, "late": year, "ends": ends}
    is_of_year = late is not None and len(late.values) > 1 and late.values[0].codes["period"] == year
    parts = (late,) if late is not None and is_of_year else ()
    return Finding("fact", topic="what_is_missing", parts=parts, facts=facts)


def _is_provisional(release: Release, month: str, months: int) -> bool:
    """Tell whether a month is among the last ones that were over on the release's day."""
    tomorrow = date.fromisoformat(str(release.as_of)) + timedelta(days=1)
    over = periods.span_of(f"{tomorrow:%Y-%m}").last - 1
    return periods.span_of(month).last > over - months
