"""How a measure changed over the long run and since the year before, from an answer by year."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from analysis import periods
from analysis.answers.answer import Answer
from analysis.findings.basis import Basis, Pair, basis_for
from analysis.findings.compare import (
    NAMES_NOTHING,
    Value,
    choose,
    clearly,
    mean_of,
    named,
    smallest_difference,
    values_of,
)
from analysis.findings.finding import PARTS, SILENT, Finding, Run, hidden
from analysis.findings.scope import Scope

WITH_BASE = ("share", "rate")
LEAST_REPORTED = 0.5  # of an end's months: a contributor with fewer does not report in it


def change_of(answer: Answer, scope: Scope, basis: Basis | None = None) -> Finding:
    """Return the change of an answer by ``period`` and nothing else.

    Parameters
    ----------
    answer
        By year; by quarter where a release has too few years (`Basis.newest`).
    scope
        Of the answer.
    basis
        `basis_for` the answer when None.

    Returns
    -------
    Finding
        ``change``; ``level`` with one figure alone; ``hidden`` with none.
    """
    return _change(answer, values_of(answer), scope, basis or basis_for(answer))


def group_changes(
    answer: Answer, scope: Scope, looked_at: int | None = None, basis: Basis | None = None
) -> Finding:
    """Return which groups of an answer by ``period`` and one dimension changed over the long run.

    Which of them are named is chosen under false-discovery control; every verdict is that of its own change.

    Parameters
    ----------
    answer, scope
        By year and one dimension.
    looked_at
        Size of the family; the groups of the answer when None.
    basis
        `basis_for` the answer when None.
    """
    [about] = [name for name in answer.question.by if name != "period"]
    found: dict[str, Finding] = {}
    for code in dict.fromkeys(answer.frame[about]):
        if code in NAMES_NOTHING:
            continue
        mine = [one for one in values_of(answer) if one.codes[about] == code]
        part = _change(answer, mine, scope, basis or basis_for(answer))
        if part.kind == "change":
            found[code] = replace(part, facts={"group": ((about, code),)})
    runs = {code: run for code, part in found.items() if (run := part.long_run)}
    if not runs:  # never groups of both in one list: their ends are not the same years
        runs = {code: run for code, part in found.items() if (run := part.newest)}
    if not runs:
        facts = {"are_named": bool(named(values_of(answer)))}
        return (
            hidden(answer, scope)
            if answer.all_hidden
            else Finding("nothing_clear", answer.measure, scope, facts=facts)
        )
    clear = choose([run.change for run in runs.values() if run.is_comparable], looked_at)
    kept = [code for code, run in runs.items() if any(run.change is one for one in clear)]
    kept.sort(key=lambda code: -abs(runs[code].change.difference))
    return Finding(
        "changes",
        answer.measure,
        scope,
        parts=tuple(found[code] for code in kept),
        about=about,
        facts={
            "looked_at": len(runs),
            "pair": next(iter(runs.values())).pair,
            "barred": _barred_all(list(runs.values())),
        },
        label=answer.in_sentence,
    )


def what_changed(
    answers: Iterable[tuple[Answer, Scope]], looked_at: int
) -> tuple[list[Finding], list[Finding]]:
    """Return the findings of a list "What changed": those with a clear newest change, then the others.

    Parameters
    ----------
    answers
        By year, with their scopes. One that does not follow a filter of the page is left out.
    looked_at
        Size of the list's family, as the catalog fixes it.
    """
    found = [
        change_of(answer, scope) for answer, scope in answers if not answer.refusal and not scope.ignored
    ]
    runs = [(one, run) for one in found if one.kind == "change" and (run := one.long_run or one.newest)]
    clear = choose([run.change for _, run in runs if run.is_comparable], looked_at)
    chosen = [one for one, run in runs if any(run.change is change for change in clear)]
    return chosen, [one for one, _ in runs if one not in chosen]


def mean_values(finding: Finding) -> list[tuple[Pair, Value, Value]]:
    """Return the ends of a long run of more than one year a side: what a chart draws as levels."""
    run = finding.long_run
    if run is None or len(run.pair.earlier) < 2:
        return []
    return [(run.pair, run.change.earlier, run.change.later)]


def _change(answer: Answer, values: Sequence[Value], scope: Scope, basis: Basis) -> Finding:
    firm = {one.codes["period"]: one for one in values if "p" not in one.marker}
    about = Finding(
        "nothing_clear",
        answer.measure,
        scope,
        label=answer.in_sentence,
        threshold=answer.checked.release.threshold if answer.checked else 0,
    )
    if not values:
        return hidden(answer, scope)
    runs = [_run(answer, pair, firm) for pair in (basis.long_run, basis.newest)]
    if not any(runs):
        newest = max(values, key=lambda one: periods.by_end(one.codes["period"]))
        kind = "level" if len(values) == 1 else "nothing_clear"
        return replace(about, kind=kind, values=(newest,), facts={"group": tuple(newest.codes.items())})
    long_run, newest_run = runs
    leading = long_run or newest_run
    direction = leading.direction if leading else 0
    return replace(about, kind="change", long_run=long_run, newest=newest_run, direction=direction)


def _run(answer: Answer, pair: Pair | None, firm: dict[str, Value]) -> Run | None:
    """Return one comparison; None where a year of it is hidden or still filling up."""
    if pair is None or any(code not in firm for code in pair.periods):
        return None
    if any("b" in firm[code].marker for code in pair.later):  # a break in the series lies between the ends
        return None
    pooled = answer.measure.kind in WITH_BASE
    earlier, later = (mean_of([firm[code] for code in end], pooled) for end in (pair.earlier, pair.later))
    cells = max(earlier.cells, later.cells)
    smallest = smallest_difference(answer, cells) / len(pair.later)
    change = clearly(later, earlier, smallest)
    if not reports_in_both(answer, pair):
        return Run(pair, change, SILENT)
    is_part = answer.measure.is_sum and (earlier.is_part or later.is_part)
    # What others publish lacks the same parts each year, or it is not one series.
    is_alike = answer.measure.kind == "published" and earlier.cells * len(pair.later) == later.cells * len(
        pair.earlier
    )
    is_open = is_part and not is_alike and (answer.measure.kind == "published" or not change.direction)
    return Run(pair, change, PARTS if is_open else "")


def _barred_all(runs: Sequence[Run]) -> str:
    """Return why none of some comparisons can be made; nothing where one of them can."""
    return "" if any(run.is_comparable for run in runs) else runs[0].barred


def reports_in_both(answer: Answer, pair: Pair) -> bool:
    """Return whether every contributor to a figure reports in both ends, or in neither.

    The numbers of one contributor are never set apart for this: whole less others would be one shelter.
    """
    checked = answer.checked
    parts = [checked, *checked.parts] if checked else []
    for part in parts:
        if part.collection is None or not part.measure.subject or part.parts:
            continue
        subject = part.subject
        if "source" not in subject.dimensions:
            continue
        chosen = part.axis("source")
        senders = part.release.senders(subject, part.collection.collection)
        for (collection, source), silent in part.release.silent.items():
            counted = source in chosen.codes if chosen else source in senders
            if collection != part.collection.collection or not counted:
                continue
            if len({_reports(silent, end) for end in (pair.earlier, pair.later)}) > 1:
                return False
    return True


def _reports(silent: frozenset[str], end: Sequence[str]) -> bool:
    months = [
        periods.code_of(month, "month")
        for code in end
        for month in range(periods.span_of(code).first, periods.span_of(code).last + 1)
    ]
    return sum(month not in silent for month in months) >= LEAST_REPORTED * len(months)
