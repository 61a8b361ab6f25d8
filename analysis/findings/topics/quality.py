"""What a release says about itself: how late and how complete it is, what was turned away, what is not shown.

Counts of rows are already in words, so nothing here is compared.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from analysis.answers.visibility import ShownShare, together
from analysis.findings.finding import Finding
from analysis.release.places import Geography
from analysis.release.release import Collection, Release
from analysis.topics import data_quality as quality


def freshness(collection: Collection, provisional: Sequence[str]) -> Finding:
    """Return up to when there are figures, and which periods are still filling up.

    Parameters
    ----------
    collection
        Whose newest closed month it is.
    provisional
        Codes of its provisional periods, in order.
    """
    late = (provisional[0], provisional[-1]) if provisional else None
    return _fact("freshness", newest=collection.last_closed_month, late=late)


def numbers_shown(rows: Sequence[ShownShare], period_level: str, geography: Geography | None) -> Finding:
    """Return what share of the numbers of one period level can be shown, by level of area.

    Parameters
    ----------
    rows
        As `analysis.answers.visibility.shown_shares` gives them.
    period_level
        month, quarter or year.
    geography
        Gives the words for the levels of areas.

    Returns
    -------
    Finding
        Its facts hold ``shares``: a level of areas in words to a share; an empty text is the whole region,
        which counts where there are no areas.
    """
    chosen = [row for row in rows if row.period_level == period_level]
    levels = sorted({row.area_level for row in chosen if row.area_level is not None}) if geography else []
    shares = {
        geography.level_word(level): together(row for row in chosen if row.area_level == level)
        for level in levels
        if geography
    }
    return _fact(
        "numbers_shown", shares=shares or {"": together(chosen)}, group=(("period_level", period_level),)
    )


def sources_loaded(release: Release, loads: Sequence[quality.Load]) -> Finding:
    """Return how many sources the figures come from, and of which day they are."""
    return _fact("sources_loaded", count=len(loads), as_of=release.as_of)


def tables_loaded(loads: Sequence[quality.TableLoad]) -> Finding:
    """Return how many tables of the data model hold rows."""
    return _fact("tables_loaded", count=len({one.table for one in loads}))


def rows_unlinked(orphans: Sequence[quality.Orphans]) -> Finding:
    """Return the rows that name something that was not loaded."""
    return _fact("rows_unlinked", orphans=tuple(orphans))


def rows_turned_away(rejections: Sequence[quality.Rejection]) -> Finding:
    """Return by which rules rows were turned away, each once."""
    return _fact("rows_turned_away", rules=tuple(dict.fromkeys(one.rule for one in rejections)))


def rows_left_out(reasons: Sequence[quality.LeftOut]) -> Finding:
    """Return of how many sources rows were left out, and for which reasons."""
    return _fact("rows_left_out", sources=len({one.label for one in reasons}))


def figures_published(entries: Sequence[quality.Published]) -> Finding:
    """Return how many measures are shown as others published them, and whose they are."""
    sources = tuple(dict.fromkeys(one.source for one in entries))
    return _fact("figures_published", count=len(entries), sources=sources)


def figures_doubted(doubts: Sequence[quality.Doubt]) -> Finding:
    """Return whose published figures look strange."""
    return _fact("figures_doubted", sources=tuple(dict.fromkeys(one.label for one in doubts)))


def records_alike(metrics: Mapping[str, str]) -> Finding:
    """Return how many records are unique, which is why single records are never released.

    Parameters
    ----------
    metrics
        As `analysis.topics.data_quality.anonymity`: metric to rounded value.
    """
    return _fact("records_alike", unique=metrics.get(quality.UNIQUE_RECORDS, ""))


def _fact(topic: str, **facts: Any) -> Finding:
    return Finding("fact", topic=topic, facts=facts)
