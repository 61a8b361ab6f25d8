"""Where a low count may mean low reporting: signs side by side, one row an area, in the order of the list."""

from collections.abc import Mapping, Sequence

from analysis import Answer
from analysis.catalog.model import Measure
from analysis.findings.areas.underreporting import (
    BELIEF,
    COUNTIES,
    ENOUGH,
    IDENTIFIED,
    MEASURES,
    SIGNS,
    TOLD,
    AreaSigns,
    Sign,
    area_signs,
    low_reporting_of,
)
from analysis.findings.compare import Value
from analysis.words import interval_text, number_text
from ui import format as text
from ui.cards import layout
from ui.cards.card import Ask, FactCard, Facts, Figure
from ui.cards.table import Table
from ui.charts.signs import BELOW, Mark, signs_chart
from ui.view.view import View

PEOPLE = tuple(MEASURES[name][0] for name in (IDENTIFIED, TOLD))
_NARROW = 500
_HEADERS = {
    IDENTIFIED: "Identified per 100,000",
    TOLD: "Reported by self or public",
    BELIEF: "Say it happens here",
}
_SEEN = "Contributors seen"
_READING = "▼ clearly below all others together: where to ask, not why."


def is_readable(view: View) -> bool:
    """Return whether every sign is loaded: with one alone no area can be read."""
    return all(view.has(measure) for measure, _ in MEASURES.values())


def _facts(view: View, answers: Mapping[str, Answer]) -> Facts | None:
    reach = answers.get("reach") if not (view.release and view.release.task_forces) else None
    given = {name: one for name, one in answers.items() if name in MEASURES and not one.refusal}
    if not given:
        return None
    signs = area_signs(given, reach)
    finding = low_reporting_of(given, signs, view.filters)
    people = len(view.choices.sources)
    return Facts(
        finding,
        _table(view, given, signs, people),
        f"Signs of low reporting by area · {_period(view)}",
        caption=_READING,
        figure=_figure(view, given, signs, people) if any(_is_shown(one) for one in signs) else None,
        answers=tuple(given.values()),
        scope=finding.scope,
    )


CARD = FactCard(
    "low_reporting",
    _facts,
    more={
        name: Ask(measure, ("area",), where, parts={"area_level": COUNTIES}, everywhere=True)
        for name, (measure, where) in MEASURES.items()
    }
    | {
        "reach": Ask(
            "detected_persons",
            ("area", "source"),
            settled=True,
            parts={"area_level": COUNTIES},
            everywhere=True,
        )
    },
)


def _period(view: View) -> str:
    return view.described(view.filters).split(" · ")[1]


def _is_shown(one: AreaSigns) -> bool:
    return any(sign.here for sign in one.signs.values())


def _table(view: View, given: Mapping[str, Answer], signs: Sequence[AreaSigns], people: int) -> Table:
    rows = []
    for one in signs:
        cells = [_words(one.signs[name], given[name].measure) for name in given]
        cells += [f"{one.contributors} of {people}"] if one.contributors is not None else []
        rows.append((view.words("area", one.area), *cells, _how_many(one)))
    header = ["Area", *(_HEADERS[name] for name in given)]
    header += [_SEEN] if any(one.contributors is not None for one in signs) else []
    return Table((*header, "Signs"), (False, *(True for _ in header[1:]), False), tuple(rows))


def _figure(view: View, given: Mapping[str, Answer], signs: Sequence[AreaSigns], people: int) -> Figure:
    """Return the same as a grid, in which only what is clearly below is marked.

    Where the card is narrow the contributors are left to the table: the headings would not fit.
    """
    width = layout.inside("low_reporting", wide=True)
    columns, marks = [_HEADERS[name] for name in given], {}
    for row, one in enumerate(signs):
        where = f"<b>{text.plain(view.words('area', one.area))}</b><br>"
        for column, name in enumerate(given):
            marks[row, column] = _mark(one.signs[name], given[name].measure, f"{where}{_HEADERS[name]}: ")
        if one.contributors is not None and width >= _NARROW:
            words = f"{one.contributors} of {people}"
            marks[row, len(columns)] = Mark(words, f"{where}{_SEEN}: {words}")
    columns += [_SEEN] if (0, len(columns)) in marks else []
    areas = [view.words("area", one.area) for one in signs]
    return signs_chart(areas, columns, marks, palette=view.palette, width=width)


def _mark(sign: Sign, measure: Measure, where: str) -> Mark:
    if sign.here is None:
        return Mark(None, where + text.NOT_SHOWN_LONG)
    words = number_text(measure, sign.here.value)
    limits = _limits(measure, sign.here)
    said = [where + words, f"95% interval {limits}" if limits else ""]
    said.append(f"elsewhere {number_text(measure, sign.elsewhere.value)}" if sign.elsewhere else "")
    return Mark(words, "<br>".join(filter(None, said)), is_below=sign.direction < 0)


def _words(sign: Sign, measure: Measure) -> str:
    if sign.here is None:
        return text.NOT_SHOWN
    limits = _limits(measure, sign.here)
    mark = BELOW if sign.direction < 0 else ""
    return mark + number_text(measure, sign.here.value) + (f" ({limits})" if limits else "")


def _limits(measure: Measure, value: Value) -> str:
    return interval_text(measure, value.lower, value.upper).strip(" ()")


def _how_many(one: AreaSigns) -> str:
    if not set(SIGNS) <= set(one.signs):
        return "Not loaded"
    if any(one.signs[name].here is None for name in SIGNS):
        return "Not shown"
    if not one.low:
        return "None clear"
    return "Two" if len(one.low) >= ENOUGH else "One"
