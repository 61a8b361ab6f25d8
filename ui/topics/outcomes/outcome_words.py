"""Sentences of the Outcomes page: what improves least, who hardly answers, what the public now thinks.

They state what the numbers say and never why. Areas are named in the order of the code list.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from analysis import Answer, periods
from analysis.catalog.model import lower_first
from analysis.findings.outcomes import (
    HARDLY_ANSWERED,
    Course,
    Row,
    below,
    courses,
    extremes,
    leader,
    moved_most,
)
from analysis.findings.underreporting import BELIEF, ENOUGH, IDENTIFIED, TOLD, AreaSigns, Sign
from analysis.words import interval_text, listed, number_text
from ui import format as text
from ui.app.view import View
from ui.cards.table import Table
from ui.charts.figure import Figure
from ui.charts.signs import BELOW, Mark, signs_chart

_NARROW = 500
_FEW_SIGNS = "No area shows two clear signs of low reporting. That does not show that everything is reported."
_NOT_LOADED = "Only one of the two signs of low reporting is loaded, so that no area can be read yet."
_TOO_SMALL = "The numbers are too small to show signs of low reporting by area."
_HEADERS = {
    IDENTIFIED: "Identified per 100,000",
    TOLD: "Reported by self or public",
    BELIEF: "Say it happens here",
}


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


def barrier(view: View, level: str, answer: Answer) -> str:
    """Return "The person's situation: most often distrust of the police, 831 notes (775–890); then …"."""
    said = _first_and_next(view, "barrier", answer, " notes")
    return f"{level}: most often {said}." if said else answer.sentence


def themes(view: View, answer: Answer) -> str:
    """Return what survivors speak of most often, from an answer by theme."""
    said = _first_and_next(view, "interview_theme", answer, " mentions")
    return f"Survivors speak most often of {said}." if said else answer.sentence


def _first_and_next(view: View, dimension: str, answer: Answer, unit: str) -> str:
    found = leader(answer)
    if found is None:
        return ""
    first, second, is_clear = found
    name = lower_first(_named(view, dimension, first))
    said = f"{name}, {_value(answer, first)}{unit}{_limits(answer, first)}"
    if second is None:
        return said
    joint = "; then" if is_clear else "; no clear difference from"
    return f"{said}{joint} {lower_first(_named(view, dimension, second))}, {_value(answer, second)}"


def low_reporting(view: View, found: Sequence[AreaSigns]) -> str:
    """Return one sentence for each area in which a low count may mean low reporting."""
    if not {TOLD, BELIEF} <= set(sign_columns(found)):
        return _NOT_LOADED
    if not any(one.signs[name].value is not None for one in found for name in (TOLD, BELIEF)):
        return _TOO_SMALL
    said = [_area(view, one) for one in found if one.may_be_unreported]
    return " ".join(said) if said else _FEW_SIGNS


def _area(view: View, one: AreaSigns) -> str:
    identified = one.signs.get(IDENTIFIED)
    parts = [
        f"fewer of them reported by themselves or the public ({_against(one.signs[TOLD])})",
        f"fewer residents say that it happens where they live ({_against(one.signs[BELIEF])})",
    ]
    if identified and identified.direction < 0:
        parts.insert(0, f"fewer people identified ({_against(identified, ' per 100,000')})")
    else:
        parts[0] = parts[0].replace("fewer of them", "fewer people identified were")
    return f"In {view.words('area', one.area)} a low count may mean low reporting: {listed(parts)}."


def _against(sign: Sign, unit: str = "%") -> str:
    return f"{sign.value:.0f}{unit}, elsewhere {sign.elsewhere:.0f}{unit if unit == '%' else ''}"


@dataclass(frozen=True)
class Seen:
    """How many contributors there are, and the year in which they were looked for."""

    contributors: int
    year: str

    @property
    def header(self) -> str:
        """Words over the column."""
        return f"Contributors seen in {self.year}"


def signs_table(view: View, found: Sequence[AreaSigns], seen: Seen) -> Table:
    """Return one row an area: the figures with their limits, a mark where one is clearly below."""
    held = sign_columns(found)
    rows = []
    for one in found:
        cells = [_with_limits(one.signs[name], name) for name in held]
        cells += [f"{one.contributors} of {seen.contributors}"] if one.contributors is not None else []
        rows.append((view.words("area", one.area), *cells, _reading(one, held)))
    header = ("Area", *held.values())
    header += (seen.header,) if any(one.contributors is not None for one in found) else ()
    return Table((*header, "Signs"), (False, *(True for _ in header[1:]), False), tuple(rows))


def signs_figure(view: View, found: Sequence[AreaSigns], seen: Seen, width: int) -> Figure:
    """Return the same as a grid, in which only what is clearly below is marked.

    Where the card is narrow the contributors are left to the table: the headings would not fit.
    """
    held, marks = sign_columns(found), {}
    for row, one in enumerate(found):
        where = f"<b>{text.plain(view.words('area', one.area))}</b><br>"
        for column, (name, header) in enumerate(held.items()):
            marks[row, column] = _mark(one.signs[name], name, f"{where}{header}: ")
        if one.contributors is not None and width >= _NARROW:
            words = f"{one.contributors} of {seen.contributors}"
            marks[row, len(held)] = Mark(words, f"{where}{seen.header}: {words}")
    columns = [*held.values(), *([seen.header] if (0, len(held)) in marks else [])]
    areas = [view.words("area", one.area) for one in found]
    return signs_chart(areas, columns, marks, palette=view.palette, width=width)


def sign_columns(found: Sequence[AreaSigns]) -> dict[str, str]:
    """Return the signs that are loaded, and the words over their columns."""
    return {name: words for name, words in _HEADERS.items() if any(name in one.signs for one in found)}


def _mark(sign: Sign, name: str, where: str) -> Mark:
    kind = _kind(name)
    if sign.value is None:
        return Mark(None, where + text.NOT_SHOWN_LONG)
    words, limits = text.value_text(sign.value, kind), text.interval_text(sign.lower, sign.upper, kind)
    said = [where + words, f"95% interval {limits}" if limits else ""]
    said.append("" if sign.elsewhere is None else f"elsewhere {text.value_text(sign.elsewhere, kind)}")
    return Mark(words, "<br>".join(filter(None, said)), is_below=sign.direction < 0)


def _with_limits(sign: Sign, name: str) -> str:
    if sign.value is None:
        return text.NOT_SHOWN
    limits = text.interval_text(sign.lower, sign.upper, _kind(name))
    mark = BELOW if sign.direction < 0 else ""
    return mark + text.value_text(sign.value, _kind(name)) + (f" ({limits})" if limits else "")


def _kind(name: str) -> str:
    return "rate" if name == IDENTIFIED else "share"


def _reading(one: AreaSigns, held: Collection[str]) -> str:
    if not {TOLD, BELIEF} <= set(held):
        return "Not loaded"
    if any(one.signs[name].value is None for name in (TOLD, BELIEF)):
        return "Not shown"
    if not one.low:
        return "None clear"
    return "Two" if len(one.low) >= ENOUGH else "One"


def _named(view: View, dimension: str, row: Row) -> str:
    return view.words(dimension, row[dimension])


def _value(answer: Answer, row: Row) -> str:
    return number_text(answer.measure, row["value"])


def _limits(answer: Answer, row: Row) -> str:
    return interval_text(answer.measure, row["lower"], row["upper"])
