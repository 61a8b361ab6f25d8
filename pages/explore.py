"""Explore and export: any permitted table, and the files to take along."""

from dataclasses import replace

from analysis.errors import QuestionError
from ui.app import frame
from ui.cards import layout
from ui.maps import places
from ui.topics.explore import explore_choice, explore_table
from ui.view import controls, states


def body(view: frame.View) -> None:
    measures = {one.code: one.label for one in view.measures("explore")}
    if not measures:
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
    explore_choice.pick_by(view, question, known)
    try:
        [answer] = view.answer([question])
    except QuestionError as problem:
        explore_choice.refuse(view, question, problem, known)
        return
    rows = explore_choice.what_is_asked(question, known)
    filters = view.described_for(measure.code)
    explore_table.draw_downloads(view, answer)
    explore_table.draw_table(view, answer, f"{measure.label} ({answer.unit}) {rows} · {filters}")


frame.show("explore", body)
