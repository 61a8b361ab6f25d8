"""Sentences of the Outcomes page: what improves least, who hardly answers, what the public now thinks.

They state what the numbers say and never why. Areas are named in the order of the code list.
"""

from collections.abc import Sequence

from analysis import Answer, periods
from analysis.filters import lower_first
from analysis.outcomes import HARDLY_ANSWERED, Course, Row, below, courses, extremes, moved_most
from analysis.underreporting import BELIEF, ENOUGH, IDENTIFIED, TOLD, AreaSigns, Sign
from analysis.wording import interval_text, listed, number_text
from ui import format as text
from ui.tables import Table
from ui.view import View

_FEW_SIGNS = "No area shows two clear signs of low reporting. That does not show that everything is reported."
_HEADERS = {
    IDENTIFIED: "People identified per 100,000 residents",
    TOLD: "First identified by themselves or the public",
    BELIEF: "Residents who say it happens where they live",
}
_BELOW, _ABOVE = "▼", "▲"


def least_improved(view: View, answer: Answer) -> str:
    """Return "Housing improves least: in 36% (33–39%) of assessments, against 72% for safety"."""
    found = extremes(answer)
    if found is None:
        return answer.sentence
    low, high = (_named(view, "outcome_domain", row) for row in (found.lowest, found.highest))
    least, most = (_value(answer, row) for row in (found.lowest, found.highest))
    if not found.is_clear:
        return f"Between {least} and {most} of assessments found improvement; no part of life clearly least."
    limits = _limits(answer, found.lowest)
    return f"{low} improves least: in {least}{limits} of assessments, against {most} for {lower_first(high)}."


def hardly_answered(view: View, answer: Answer) -> str:
    """Return "Fewer than a third of the people asked answered about immigration help: 24% (21–26%)"."""
    found = below(answer, HARDLY_ANSWERED)
    span = extremes(answer)
    if found:
        said = [
            f"{lower_first(_named(view, 'service_type', row))}, {_value(answer, row)}{_limits(answer, row)}"
            for row in found
        ]
        return f"Fewer than a third of the people asked answered about {listed(said)}."
    if span is None:
        return answer.sentence
    low, high = _value(answer, span.lowest), _value(answer, span.highest)
    return f"Of the people asked, {low} to {high} answered, by service."


def satisfied(view: View, answer: Answer, response: Answer) -> str:
    """Return the span of the shares satisfied, and where few answers stand behind them."""
    span = extremes(answer)
    if span is None:
        return answer.sentence
    low, high = _value(answer, span.lowest), _value(answer, span.highest)
    said = f"Of those who answered, {low} to {high} were satisfied, by service"
    few = [lower_first(_named(view, "service_type", row)) for row in below(response, HARDLY_ANSWERED)]
    return f"{said}; few answered about {listed(few)}." if few else f"{said}."


def opinion(view: View, answer: Answer) -> str:
    """Return what changed most from the first wave to the last, and what did not change clearly."""
    found = courses(answer)
    most = moved_most(found)
    if most is None:
        return _no_change(answer, found)
    verb = "fell" if most.direction < 0 else "rose"
    last, first = (number_text(answer.measure, point.value) for point in (most.last, most.first))
    limits = interval_text(answer.measure, most.last.lower, most.last.upper)
    statement = view.words("survey_item", most.code)
    when, before = periods.label_of(most.last.period), periods.label_of(most.first.period)
    said = f"Agreement with “{statement}” {verb} to {last}{limits} in {when}, from {first} in {before}"
    still = [f"“{view.words('survey_item', one.code)}”" for one in found if not one.direction]
    return f"{said}; no clear change in {listed(still)}." if still else f"{said}."


def _no_change(answer: Answer, found: Sequence[Course]) -> str:
    if not found:
        return answer.sentence
    first, last = (periods.label_of(point.period) for point in (found[0].first, found[0].last))
    return f"No clear change in what the public says between {first} and {last}."


def barrier(level: str, answer: Answer) -> str:
    """Return "The person's situation: most often distrust of the police, 831 notes (775–890); then …"."""
    return answer.sentence.replace("Most often: ", f"{level}: most often ", 1)


def themes(answer: Answer) -> str:
    """Return "Survivors speak most often of long waits, 269 (237–304); then …"."""
    return answer.sentence.replace("Most often: ", "Survivors speak most often of ", 1)


def low_reporting(view: View, found: Sequence[AreaSigns]) -> str:
    """Return one sentence for each area in which a low count may mean low reporting."""
    said = [_area(view, one) for one in found if one.may_be_unreported]
    return " ".join(said) if said else _FEW_SIGNS


def _area(view: View, one: AreaSigns) -> str:
    told, belief = one.signs[TOLD], one.signs[BELIEF]
    identified = one.signs.get(IDENTIFIED)
    parts = [
        f"fewer of the people identified were reported by themselves or the public {_against(told)}",
        f"fewer residents say that it happens where they live {_against(belief)}",
    ]
    if identified and identified.direction < 0:
        parts.insert(0, f"fewer people are identified per 100,000 residents {_against(identified, '')}")
    where = view.words("area", one.area)
    return f"In {where} {listed(parts)}: a low count there may mean low reporting."


def _against(sign: Sign, unit: str = "%") -> str:
    return f"({sign.value:.0f}{unit}, elsewhere {sign.elsewhere:.0f}{unit})"


def signs_table(view: View, found: Sequence[AreaSigns], contributors: int) -> Table:
    """Return one row an area: the figures with their limits, a mark where one is clearly different."""
    held = [name for name in _HEADERS if any(name in one.signs for one in found)]
    has_reach = any(one.contributors is not None for one in found)
    rows = []
    for one in found:
        cells = [_sign(one.signs[name], name) for name in held]
        if has_reach:
            cells.append(f"{one.contributors} of {contributors}")
        rows.append((view.words("area", one.area), *cells, _reading(one, held)))
    header = ("Area", *(_HEADERS[name] for name in held))
    header += ("Contributors with people there",) if has_reach else ()
    numeric = (False, *(True for _ in held), *((True,) if has_reach else ()), False)
    return Table((*header, "Signs of low reporting"), numeric, tuple(rows))


def _sign(sign: Sign, name: str) -> str:
    if sign.value is None:
        return text.NOT_SHOWN
    kind = "rate" if name == IDENTIFIED else "share"
    mark = {-1: f"{_BELOW} ", 1: f"{_ABOVE} "}.get(sign.direction, "")
    limits = text.interval_text(sign.lower, sign.upper, kind)
    return f"{mark}{text.value_text(sign.value, kind)}" + (f" ({limits})" if limits else "")


def _reading(one: AreaSigns, held: Sequence[str]) -> str:
    if not {TOLD, BELIEF} <= set(held):
        return "Cannot be said: a figure is not loaded"
    if any(one.signs[name].value is None for name in (TOLD, BELIEF)):
        return "Cannot be said: a figure is not shown"
    if not one.low:
        return "None clear"
    return "Two" if len(one.low) >= ENOUGH else "One"


def _named(view: View, dimension: str, row: Row) -> str:
    return view.words(dimension, row[dimension])


def _value(answer: Answer, row: Row) -> str:
    return number_text(answer.measure, row["value"])


def _limits(answer: Answer, row: Row) -> str:
    return interval_text(answer.measure, row["lower"], row["upper"])
