"""What a release has that an earlier one had not: periods, revised years, measures, clear changes.

Both are asked as pages ask them, so nothing is compared that a reader could not read in each. Two draws of
one year differ by chance and by the protection: whether they differ is what `clearly` says, as everywhere.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from analysis import periods
from analysis.answers.answer import Answer
from analysis.answers.ask import answer
from analysis.catalog.model import Catalog, Measure
from analysis.findings.basis import basis_of
from analysis.findings.changes import what_changed
from analysis.findings.compare import Change, Value, clearly, smallest_difference, values_of
from analysis.findings.finding import Finding
from analysis.findings.scope import Scope
from analysis.findings.topics.hidden_population import EstimateBetween, estimates_between
from analysis.questions.question import Question
from analysis.release.catalog_of_release import catalog_for
from analysis.release.held_measures import has_figures
from analysis.release.release import Release

SAME, NEW, REVISED, GONE = "same", "new", "revised", "gone"
_COUNTED = ("count", "share", "rate")


@dataclass(frozen=True)
class Beside:
    """One figure in two releases.

    Attributes
    ----------
    codes
        Its period, and the category it is of.
    earlier, later
        None where it is not shown or not there.
    state
        One of `SAME`, `NEW` (the period is), `REVISED` (another number, shown anew or no longer), `GONE`.
    change
        Later minus earlier, where both are shown.
    """

    codes: Mapping[str, str]
    earlier: Value | None
    later: Value | None
    state: str
    change: Change | None = None


@dataclass(frozen=True)
class NewPeriods:
    """Periods that only the later release has, and of what; `what` are labels."""

    first: str
    last: str
    what: tuple[str, ...]


@dataclass(frozen=True)
class RevisedYear:
    """A year whose numbers were drawn anew, and how many published numbers are others now.

    Attributes
    ----------
    label
        What is counted.
    year, revision
        Which year, and for the how-manieth time.
    changed, anew, no_longer
        Numbers that are others, that were not shown before, and that are not shown now.
    of
        Numbers of the year that one of the two releases shows.
    compared
        Measures of the whole region in that year, in both releases; those that differ clearly come first.
    """

    label: str
    year: int
    revision: int
    changed: int
    anew: int
    no_longer: int
    of: int
    compared: tuple[tuple[Measure, Beside], ...] = ()


@dataclass(frozen=True)
class Between:
    """Everything that is new in a release since an earlier one; `earlier` is None for the first of all."""

    later: Release
    earlier: Release | None = None
    new_periods: tuple[NewPeriods, ...] = ()
    revised: tuple[RevisedYear, ...] = ()
    of_others: tuple[tuple[str, int], ...] = ()
    clear: tuple[Finding, ...] = ()
    compared: int = 0
    looked_at: int = 0
    hidden: tuple[EstimateBetween, ...] = ()
    new_measures: tuple[str, ...] = ()
    gone_measures: tuple[str, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)


def between(later: Release, earlier: Release | None) -> Between:
    """Return what is new in a release since the one before it."""
    if earlier is None:
        return Between(later)
    catalog = catalog_for(later)
    held = {code for code in catalog.measures if has_figures(later, catalog, code)}
    before_catalog = catalog_for(earlier)
    before = {code for code in before_catalog.measures if has_figures(earlier, before_catalog, code)}
    clear, compared, family = _clear_changes(later, earlier, catalog, held)
    return Between(
        later,
        earlier,
        new_periods=_new_periods(later, earlier, catalog),
        revised=_revised(later, earlier, catalog, held & before),
        of_others=_of_others(later, earlier),
        clear=clear,
        compared=compared,
        looked_at=family,
        hidden=estimates_between(later, earlier),
        new_measures=tuple(sorted(catalog.measures[code].label for code in held - before)),
        gone_measures=tuple(sorted(before_catalog.measures[code].label for code in before - held)),
    )


def side_by_side(question: Question, later: Release, earlier: Release) -> tuple[list[Beside], Answer]:
    """Return the figures of one question in two releases, in the order of the later one; and its answer.

    Parameters
    ----------
    question
        By period, or by period and one dimension.
    later, earlier
        Two releases of one role.

    Raises
    ------
    QuestionError
        If the later one cannot be asked that. What only the earlier one cannot be asked was not in it.
    """
    [now] = answer([question], later)
    [then] = answer([question], earlier, strict=False)
    before, after = (_by_codes(one) for one in (then, now))
    found = []
    for key in (*after, *(key for key in before if key not in after)):
        codes = dict(zip(question.by, key, strict=True))
        new, old = after.get(key), before.get(key)
        found.append(_beside(codes, old, new, (key in before, key in after), now))
    return found, now


def _beside(
    codes: Mapping[str, str], old: Value | None, new: Value | None, is_in: tuple[bool, bool], now: Answer
) -> Beside:
    if not is_in[0]:
        return Beside(codes, None, new, NEW)
    if not is_in[1]:
        return Beside(codes, old, None, GONE)
    if (old.value if old else None) == (new.value if new else None):
        return Beside(codes, old, new, SAME)
    if old is None or new is None:
        return Beside(codes, old, new, REVISED)
    cells = max(old.cells, new.cells)
    return Beside(codes, old, new, REVISED, clearly(new, old, smallest_difference(now, cells)))


def _by_codes(answer: Answer) -> dict[tuple[str, ...], Value | None]:
    """Return the figures of an answer by their codes; None for one that is not shown."""
    if answer.refusal:
        return {}
    names = list(answer.question.by)
    shown = {tuple(one.codes[name] for name in names): one for one in values_of(answer)}
    return {key: shown.get(key) for key in answer.frame.select(names).iter_rows()}


def _new_periods(later: Release, earlier: Release, catalog: Catalog) -> tuple[NewPeriods, ...]:
    before = {(one.collection, one.subject): one.last_closed_month for one in earlier.collections}
    spans: dict[tuple[str, str], list[str]] = {}
    for one in later.collections:
        last = before.get((one.collection, one.subject))
        first = one.first_period if last is None else _month_after(last)
        if first <= one.last_closed_month:
            label = catalog.subjects[one.subject].label if one.subject in catalog.subjects else one.label
            spans.setdefault((first, one.last_closed_month), []).append(label if one.is_own else one.label)
    for key, series in later.observed.items():
        old = earlier.observed.get(key)
        if series.source == "own" or (old is not None and old.last >= series.last):
            continue
        first = series.first if old is None else _next(old.last)
        label = later.source_labels.get(series.source, series.source)
        spans.setdefault((first, series.last), []).append(label)
    return tuple(
        NewPeriods(first, last, tuple(sorted(dict.fromkeys(what)))) for (first, last), what in spans.items()
    )


def _month_after(month: str) -> str:
    return periods.code_of(periods.span_of(month).last + 1, "month")


def _next(period: str) -> str:
    return periods.code_of(periods.span_of(period).last + 1, periods.level_of(period))


def _revised(later: Release, earlier: Release, catalog: Catalog, held: set[str]) -> tuple[RevisedYear, ...]:
    found = []
    for collection, subject, year, revision in sorted(_revisions(later) - _revisions(earlier)):
        entry = catalog.subjects.get(subject)
        known = {(one.collection, one.subject) for one in (*earlier.collections,)}
        if entry is None or (collection, subject) not in known:
            continue
        then, now = (_cells(one, subject, collection, year) for one in (earlier, later))
        both = then.keys() & now.keys()
        of_subject = [catalog.measures[code] for code in sorted(held)]
        measures = [one for one in of_subject if one.subject == subject and _is_plain(one)]
        found.append(
            RevisedYear(
                entry.label,
                year,
                revision,
                changed=sum(then[key] != now[key] for key in both),
                anew=len(now.keys() - both),
                no_longer=len(then.keys() - both),
                of=len(then.keys() | now.keys()),
                compared=_compared(measures, collection, year, later, earlier),
            )
        )
    return tuple(found)


def _is_plain(measure: Measure) -> bool:
    return measure.kind in _COUNTED and measure.has_one_value


def _compared(
    measures: Sequence[Measure], collection: str, year: int, later: Release, earlier: Release
) -> tuple[tuple[Measure, Beside], ...]:
    found = []
    for one in measures:
        question = Question(
            one.code, ("period",), period_level="year", periods=(str(year), str(year)), collection=collection
        )
        rows, _ = side_by_side(question, later, earlier)
        found += [(one, row) for row in rows if row.change is not None]
    return tuple(sorted(found, key=lambda pair: not (pair[1].change and pair[1].change.direction)))


def _revisions(release: Release) -> set[tuple[str, str, int, int]]:
    rows = release.table("revision")
    if rows.is_empty():
        return set()
    return set(rows.select("collection", "subject", "year", "revision").iter_rows())


def _cells(release: Release, subject: str, collection: str, year: int) -> dict[tuple[Any, ...], Any]:
    """Return the published numbers of one year, by everything that says what each is of."""
    table = f"cell_{subject}"
    if table not in release.columns:
        return {}
    keys = [name for name in release.columns[table] if name not in ("collection", "value", "marker")]
    rows = release.rows(
        f"SELECT {', '.join(keys)}, value FROM {table} WHERE collection = ? AND left(period, 4) = ?",
        [collection, str(year)],
    )
    # A dimension that one of the two has not is empty in all that both have.
    return {
        tuple(pair for pair in zip(keys, row[:-1], strict=True) if pair[1] is not None): row[-1]
        for row in rows
    }


def _of_others(later: Release, earlier: Release) -> tuple[tuple[str, int], ...]:
    """Return how many figures that others publish are others now, by their source."""
    then, now = (_published(one) for one in (earlier, later))
    counts: dict[str, int] = {}
    for key in then.keys() & now.keys():
        if then[key] != now[key]:
            source = str(dict(key)["source"])
            counts[source] = counts.get(source, 0) + 1
    return tuple((later.source_labels.get(code, code), count) for code, count in sorted(counts.items()))


def _published(release: Release) -> dict[tuple[Any, ...], Any]:
    if "observation" not in release.columns:
        return {}
    keys = [name for name in release.columns["observation"] if name not in ("value", "marker", "unit")]
    rows = release.rows(f"SELECT {', '.join(keys)}, value FROM observation WHERE source <> 'own'")
    return {
        tuple(pair for pair in zip(keys, row[:-1], strict=True) if pair[1] is not None): row[-1]
        for row in rows
    }


def _clear_changes(
    later: Release, earlier: Release, catalog: Catalog, held: set[str]
) -> tuple[tuple[Finding, ...], int, int]:
    """Return what changed clearly, where the later release compares other years than the earlier one.

    The measures are those of the Overview's list, and so is the family.
    """
    late = catalog.protection.provisional_months
    if basis_of(later, late) == basis_of(earlier, late):
        return (), 0, 0
    family = [
        one
        for one in catalog.measures.values()
        if one.headline_of or ("overview" in one.pages and one.has_one_value)
    ]
    asked = [Question(one.code, ("period",)) for one in family if one.code in held]
    answers = answer(asked, later, strict=False)
    clear, unclear = what_changed([(one, Scope()) for one in answers], len(family))
    return tuple(clear), len(clear) + len(unclear), len(family)
