"""The course of a measure on the page Trends: its level, and what would follow if it went on as before."""

import datetime
from collections.abc import Mapping
from dataclasses import replace

from analysis import Answer
from analysis.findings.finding import Finding
from analysis.findings.scope import Scope, scope_of
from analysis.findings.sentences import say
from analysis.findings.series.ahead import ahead_finding, ahead_of, tried_finding
from analysis.findings.series.shifts import Began, Shifts, shift_finding, shifts_of, too_hidden
from analysis.findings.series.stretch import Stretch, finest
from analysis.periods import label_of
from ui.cards import events, words
from ui.cards.card import Ask, Facts, Shown
from ui.cards.table import Table
from ui.charts.course.fan import fan_chart
from ui.charts.course.steps import steps_chart
from ui.charts.time.series import end_day, first_day
from ui.topics.trends.choices import MEASURE
from ui.view.view import View

#: The steps that are tried, the finest first: a level is told more exactly by months than by years.
STEPS = {
    step: Ask(MEASURE, ("period",), parts={"period_level": step}) for step in ("month", "quarter", "year")
}
#: What begins so long before a level changes may still have to do with it.
_BEFORE = datetime.timedelta(days=31)
_SHOWN = {"month": 48, "quarter": 20, "year": 10}
SHADED = "Shaded: where the change can lie (95%)."
LEVEL, AHEAD = "a change of level", "what would follow"


def shift(view: View, answers: Mapping[str, Answer]) -> Facts | None:
    """Return the levels of the measure and when they changed."""
    stretch = _stretch(answers)
    if stretch is None:
        return _hidden(view, answers, LEVEL)
    shifts = shifts_of(stretch)
    rows = tuple(
        (label_of(stretch.codes[first]), label_of(stretch.codes[last]), f"{level:,.0f}", when)
        for (first, last, level), when in zip(shifts.pieces(), _when(shifts), strict=True)
    )
    heads = ("From", "To", f"Level {_each(stretch)}", "Can begin")
    return Facts(
        finding_of(view, shifts),
        Table(heads, (False, False, True, False), rows),
        subtitle=words.subtitle(view, stretch.answer),
        caption=f"{SHADED} Seasons are taken out; incomplete periods left out.",
        drawn=SHADED,
        figure=steps_chart(
            stretch.codes,
            stretch.values,
            shifts.pieces(),
            [shifts.between(one) for one in shifts.found],
            palette=view.palette,
        ),
        answers=(stretch.answer,),
        scope=scope_of(stretch.answer, view.filters),
    )


def ahead(view: View, answers: Mapping[str, Answer]) -> Facts | None:
    """Return what would follow if the measure went on as before, and how that did at earlier dates."""
    stretch = _stretch(answers)
    if stretch is None:
        return _hidden(view, answers, AHEAD)
    found, scope = ahead_of(stretch), scope_of(stretch.answer, view.filters)
    made = found.forecast
    bands = [
        (f"{level:.0%} band", made.lower[place], made.upper[place]) for place, level in enumerate(made.levels)
    ]
    rows = tuple(
        (
            label_of(code),
            f"{made.middle[place]:,.0f}",
            *(f"{low[place]:,.0f}–{high[place]:,.0f}" for _, low, high in bands),
        )
        for place, code in enumerate(found.codes)
    )
    newest = _SHOWN[stretch.level]
    return Facts(
        ahead_finding(found, scope),
        Table(("Period", "Middle", *(name for name, _, _ in bands)), (False, True, True, True), rows),
        subtitle=words.subtitle(view, stretch.answer),
        caption=f"{say(tried_finding(found, scope))} Model: {made.model}.",
        figure=fan_chart(
            (stretch.codes[-newest:], stretch.values[-newest:]),
            found.codes,
            made.middle,
            bands,
            palette=view.palette,
        ),
        answers=(stretch.answer,),
        scope=scope,
    )


def note(shown: Shown) -> list[str]:
    """Return the sentence of the newest change of level, for the card of the whole series."""
    if len(shown.answer.question.by) != 1:
        return []
    stretch = _stretch(shown.answers)
    if stretch is None:
        return []
    shifts = shifts_of(stretch)
    if not shifts.found:
        return []
    return [say(replace(finding_of(shown.view, shifts), topic="level_shift_note"))]


def finding_of(view: View, shifts: Shifts) -> Finding:
    """Return the finding of the newest change, beside the laws and campaigns that began about then."""
    scope = scope_of(shifts.stretch.answer, view.filters)
    began = _began(view, *shifts.between(shifts.newest)) if shifts.newest else []
    return shift_finding(shifts, scope, began)


def _began(view: View, first: str, last: str) -> list[Began]:
    if view.release is None:
        return []
    start, end = first_day(first) - _BEFORE, end_day(last)
    laws = [Began(one.name, one.day) for one in events.laws_between(view.release, start, end)]
    rows = view.rows("campaign") if view.has_register("campaign") else []
    campaigns = [
        Began(str(row["name"]).split(" (")[0], row["start_date"])
        for row in rows
        if row["start_date"] is not None and start <= row["start_date"] < end
    ]
    return sorted([*laws, *campaigns], key=lambda one: one.day)


def _stretch(answers: Mapping[str, Answer]) -> Stretch | None:
    return finest(map(answers.get, STEPS))


def _hidden(view: View, answers: Mapping[str, Answer], what: str) -> Facts | None:
    """Return that too much is hidden; None where the measure is no count, or there is nothing at all."""
    asked = [one for one in map(answers.get, STEPS) if one is not None and not one.refusal]
    counts = [one for one in asked if one.measure.kind == "count" and not one.frame.is_empty()]
    if not counts or not any("c" in (mark or "") for one in counts for mark in one.frame["marker"]):
        return None
    scope: Scope = scope_of(counts[-1], view.filters)
    return Facts(
        too_hidden(scope, what),
        Table(("",), (False,), ()),
        subtitle=words.subtitle(view, counts[-1]),
        answers=(counts[-1],),
        scope=scope,
    )


def _when(shifts: Shifts) -> list[str]:
    """Return for each level when it can have begun; nothing for the first."""
    said = [""]
    for one in shifts.found:
        first, last = map(label_of, shifts.between(one))
        said.append(first if first == last else f"{first} to {last}")
    return said


def _each(stretch: Stretch) -> str:
    return {"month": "a month", "quarter": "a quarter", "year": "a year"}[stretch.level]
