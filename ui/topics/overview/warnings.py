"""Early warnings and clusters on the Overview: what is more than usual, and how often that misleads."""

from collections.abc import Mapping

import polars as pl

from analysis import Answer
from analysis.findings.finding import Finding
from analysis.findings.scope import scope_of
from analysis.findings.series.clusters import cluster_finding, scanned
from analysis.findings.series.warnings import Watch, warning_finding, watch
from analysis.periods import label_of, label_of_range
from ui.cards import words
from ui.cards.card import Ask, Facts
from ui.cards.table import Table
from ui.view import controls
from ui.view.view import View

PEOPLE = "detected_persons"
AREAS, FORMS, YEARS = "areas", "forms", "years"


def asks(view: View) -> dict[str, Ask]:
    """Return the questions: people by quarter and area, and by quarter and form."""
    parts = {"period_level": "quarter"}
    return {
        AREAS: Ask(PEOPLE, ("period", "area"), parts=parts | {"area_level": _level(view)}),
        FORMS: Ask(PEOPLE, ("period", "form"), parts=parts),
    }


def cluster_asks(view: View) -> dict[str, Ask]:
    """Return the question: people by year and area, at the finest level there is."""
    return {YEARS: Ask(PEOPLE, ("period", "area"), parts={"area_level": _level(view, finest=True)})}


def finding(view: View, answers: Mapping[str, Answer]) -> Finding | None:
    """Return what is more than usual in the newest quarter; None where nothing can be looked at."""
    found = _watch(answers)
    return None if found is None else _finding(view, answers, found)


def make(view: View, answers: Mapping[str, Answer]) -> Facts | None:
    """Return all that was looked at, beside what is usual."""
    found = _watch(answers)
    if found is None:
        return None
    rows = tuple(
        (
            view.words(one.dimension, one.code),
            f"{one.signal.observed:,.0f}",
            f"{one.signal.expected:,.0f}",
            f"{one.signal.limit:,.0f}",
            "more than usual" if one.signal.is_signal else "usual",
        )
        for one in found.series
    )
    left_out = {"too many of their numbers are hidden": found.hidden, "too few earlier years": found.short}
    untold = "".join(f" {number} more cannot be told: {why}." for why, number in left_out.items() if number)
    used = tuple(one for one in answers.values() if not one.refusal)
    return Facts(
        _finding(view, answers, found),
        Table(
            ("", label_of(found.period), "Usually about", "Usual up to", ""),
            (False, True, True, True, False),
            rows,
        ),
        subtitle=words.subtitle(view, used[0]),
        caption="Usual for the time of the year, from the five years before; earlier outbreaks count less."
        + untold,
        answers=used,
        scope=scope_of(used[0], view.filters),
    )


def cluster(view: View, answers: Mapping[str, Answer]) -> Facts | None:
    """Return the neighbouring areas and years with more than their levels and the region's course explain."""
    answer = answers.get(YEARS)
    found = scanned(answer, _centres(view))
    if found is None or answer is None:
        return None
    finding_of = cluster_finding(found, answer, scope_of(answer, view.filters))
    one = found.cluster
    rows: tuple[tuple[str, ...], ...] = ()
    if one is not None:
        names = [view.words("area", found.areas[place]) for place in sorted(one.areas)]
        during = label_of_range(found.periods[one.first], found.periods[one.last])
        rows = ((", ".join(names), during, f"{one.observed:,.0f}", f"{one.expected:,.0f}", f"{one.p:.3f}"),)
    hidden = f" {found.hidden} areas are left out: a year of theirs is hidden." if found.hidden else ""
    return Facts(
        finding_of,
        Table(
            ("The likeliest cluster", "Years", "People", "Expected", "Chance"),
            (False, False, True, True, True),
            rows,
        ),
        subtitle=words.subtitle(view, answer),
        caption="Expected: from how many each area and each year has. Chance: how often tables without any "
        f"cluster have one as clear.{hidden}",
        answers=(answer,),
        scope=scope_of(answer, view.filters),
    )


def _watch(answers: Mapping[str, Answer]) -> Watch | None:
    return watch([answers.get(AREAS), answers.get(FORMS)])


def _finding(view: View, answers: Mapping[str, Answer], found: Watch) -> Finding:
    first = next(one for one in answers.values() if not one.refusal)
    return warning_finding(found, first, scope_of(first, view.filters))


def _level(view: View, *, finest: bool = False) -> int:
    """Return the level of areas: the next below the chosen ones, or the finest."""
    geography = controls.geography_of(view.release, view.filters.collection) if view.release else None
    levels = geography.levels if geography else {}
    last = max(levels.values(), default=1)
    if finest:
        return max(last, 1)
    chosen = max((levels.get(code, 0) for code in view.filters.areas), default=0)
    return min(chosen + 1, max(last, 1))


def _centres(view: View) -> dict[str, tuple[float, float]]:
    if view.release is None:
        return {}
    areas = view.release.table("area").filter(pl.col("lon").is_not_null() & pl.col("lat").is_not_null())
    return {row["code"]: (row["lon"], row["lat"]) for row in areas.iter_rows(named=True)}
