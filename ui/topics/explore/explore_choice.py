"""The table builder of the Explore page: what is asked, kept in the address, checked before it is asked."""

import streamlit as st

from analysis import Measure, Question
from analysis.answers.finest_level import Shown, shown, what_to_give_up
from analysis.catalog.model import lower_first
from analysis.errors import QuestionError, TooManyDimensions
from analysis.periods import JOINED_LEVELS, PERIOD_LEVELS, joined_words
from analysis.questions.divisions import with_needed
from analysis.questions.years import year_of
from analysis.words import listed
from ui.cards import layout
from ui.maps.places import Places
from ui.view import controls
from ui.view.states import escape
from ui.view.view import View

BY = "by"
_LEVEL_WORDS = {"month": "Months", "quarter": "Quarters", "year": "Years"}
_PICK = "pick_by"


def dimensions_of(view: View, measure: Measure, places: Places | None) -> dict[str, str]:
    """Return what a measure can be divided by, codes to words: period, area, then its dimensions."""
    names = {"period": "Period"} | ({"area": "Area"} if places else {})
    inner = view.dimensions_of(measure.code)
    return names | {name: view.header(name) for name in inner if name in view.catalog.dimensions}


def read_by(view: View, measure: Measure, places: Places | None) -> tuple[str, ...]:
    """Return the rows of the table from the address; unknown names are left out with a notice."""
    known = dimensions_of(view, measure, places)
    asked = [name for name in controls.bound_text(BY).split(",") if name]
    lost = [name for name in asked if name not in known]
    if lost:
        controls.warn("The link divides by something this measure does not have; it was left out.")
    kept = tuple(dict.fromkeys(name for name in asked if name in known))
    if len(set(asked)) < len(asked):
        controls.warn("The link divides by the same twice; it counts once.")
    if not kept and not asked:
        kept = ("period",)
    return with_needed(measure, kept)


def pick_by(view: View, question: Question, known: dict[str, str]) -> None:
    """Draw the picker of rows; each one not yet chosen says how much could be shown with it."""
    st.session_state[_PICK] = list(question.by)
    could = {name: _with(view, question, name) for name in known if name not in question.by}

    def words(name: str) -> str:
        can = could.get(name)
        if name in question.by:
            return known[name]
        return (
            f"{known[name]} ({can.rows_shown:,} of {can.rows_total:,})"
            if can
            else f"{known[name]} (one too many)"
        )

    def store() -> None:
        picked = st.session_state[_PICK]
        controls.choose({BY: ",".join(picked)})

    st.multiselect(
        "Divide by",
        list(known),
        format_func=words,
        key=_PICK,
        on_change=store,
        filter_mode="contains",
        select_all=False,
        help="Up to four at once; the period and the filters count. In brackets: how many could be shown.",
    )


def _with(view: View, question: Question, name: str) -> Shown | None:
    """Return what could be shown with one more dimension; None where it may not be asked."""
    wider = question.changed(by=(*question.by, name), area_level=question.area_level or 1)
    try:
        return shown(wider, view.release)
    except QuestionError:
        return None


def period_level(view: View, measure: Measure) -> str:
    """Draw the choice of month, quarter, year or a funder's year; return it."""
    finest = PERIOD_LEVELS.index(_finest(view, measure))
    options = {code: _LEVEL_WORDS[code] for code in PERIOD_LEVELS[finest:]}
    options |= view.joined_levels(measure.code)
    usual = year_of(measure, view.joined_levels(measure.code), view.filters.periods)
    if usual in JOINED_LEVELS:
        # The period is written in these years: calendar years of it would be others.
        options.setdefault(usual, joined_words(usual))
        options.pop("year", None)
    return controls.page_choice("level", "Periods", options, usual if usual in options else "year")


def area_level(places: Places) -> int:
    """Draw the choice of area level; return it."""
    options = {str(level): _capital(places.level_words(level)) for level in places.levels}
    return int(controls.page_choice("arealevel", "Areas", options, str(places.levels[0])))


def _finest(view: View, measure: Measure) -> str:
    if measure.kind == "ratio":
        both = [_finest(view, view.measure(code)) for code in (measure.above, measure.below)]
        return max(both, key=PERIOD_LEVELS.index)
    if view.release and measure.is_figure:
        series = view.release.observed.get((measure.source, measure.observation))
        return series.period_level if series else "year"
    return view.collection.period_resolution if view.collection and measure.subject else "year"


def refuse(view: View, question: Question, problem: QuestionError, known: dict[str, str]) -> None:
    """Say why a table cannot be asked, and offer to give up one dimension, best first."""
    offers = what_to_give_up(question, view.release)
    with st.container(border=True, key="card_refused"):
        said = f"<p>{escape(problem.message)}</p><p>{escape(problem.next_step)}</p>"
        st.html(f'<h2 class="ltt-headline">{_title(problem)}</h2><div class="ltt-note">{said}</div>')
        for name, can in offers[:4]:
            label = lower_first(known.get(name, name))
            if name not in question.by:
                layout.quiet(f"Or clear the filter {label} in the sidebar: {can.sentence}")
                continue
            rest = ",".join(one for one in question.by if one != name)
            words = f"Leave out {label} ({can.rows_shown:,} of {can.rows_total:,} could be shown)"
            st.button(
                words,
                key=f"give_up_{name}",
                on_click=controls.choose,
                args=({BY: rest},),
                kwargs={"by_click": True},
            )


def _title(problem: QuestionError) -> str:
    if isinstance(problem, TooManyDimensions):
        return "One dimension too many"
    return "This table cannot be made"


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def what_is_asked(question: Question, known: dict[str, str]) -> str:
    """Return the rows in words, such as "by period and gender"."""
    names = [lower_first(known.get(name, name)) for name in question.by]
    return f"by {listed(names)}" if names else "in one number"
