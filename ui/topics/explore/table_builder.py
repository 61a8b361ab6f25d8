"""The drawing of the page Explore: the choices of a table, the table, its files."""

from collections.abc import Mapping
from dataclasses import replace

from analysis import Answer
from analysis.errors import QuestionError
from analysis.findings.groups import standard
from analysis.findings.scope import scope_of
from ui.cards import layout, words
from ui.cards.card import Drawing
from ui.cards.content import is_taken
from ui.maps import places
from ui.topics.explore import explore_choice, explore_table
from ui.view import controls, states
from ui.view.still import current as current_still
from ui.view.view import View


def draw(view: View, _answers: Mapping[str, Answer]) -> None:
    """Draw the choices, the files and the table; of a slide the table alone."""
    is_slide = current_still() is not None
    measures = {one.code: one.label for one in view.measures("explore")}
    if not measures:
        if not is_slide:
            states.empty("Tables of people, referrals and published counts", "python -m etl build")
        return
    left, middle, right = layout.row([6, 3, 3])
    with left:
        measure = view.measure(controls.page_choice("measure", "Measure", measures, next(iter(measures))))
    here = places.places_of(view, measure)
    if here:
        view = replace(view, choices=replace(view.choices, areas=here.geography.names))
    known = explore_choice.dimensions_of(view, measure, here)
    by = explore_choice.read_by(view, measure, here)
    with middle:
        period = explore_choice.period_level(view, measure) if "period" in by else "year"
    with right:
        area = explore_choice.area_level(here) if here and "area" in by else None
    question = view.question(measure.code, by, period_level=period, area_level=area)
    if not is_slide:
        explore_choice.pick_by(view, question, known)
    try:
        [answer] = view.answer([question])
    except QuestionError as problem:
        if is_slide:
            layout.note(measure.label, problem.message, problem.next_step, key=explore_table.KEY)
        else:
            explore_choice.refuse(view, question, problem, known)
        return
    rows = explore_choice.what_is_asked(question, known)
    title = f"{measure.label} ({answer.unit}) {rows} · {words.described(view, answer, question)}"
    finding = standard(answer, scope_of(answer, view.filters))
    if not is_taken(lambda: explore_table.content_of(view, answer, finding, title)):
        explore_table.draw_downloads(view, answer, finding)
        explore_table.draw_table(view, answer, finding, title)


TABLE = Drawing(explore_table.KEY, draw, slides=(explore_table.KEY,))
