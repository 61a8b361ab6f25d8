"""What the Outcomes and barriers page draws: one card a question, and the signs of low reporting by area."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from analysis import Answer, Question
from analysis.catalog.model import NOT_RECORDED
from analysis.findings.outcomes import waves_only
from analysis.findings.underreporting import BELIEF, IDENTIFIED, TOLD, area_signs, reported_share
from analysis.topics.data_quality import contributors
from ui import format as text
from ui.app import states, width
from ui.app.view import REPORTED, View
from ui.cards import figure_card as cards
from ui.cards import layout
from ui.cards.fact_card import fact_card
from ui.charts.bars.bar import bar_chart
from ui.charts.figure import Figure
from ui.charts.grids.matrix import matrix_chart
from ui.charts.time.line import line_chart
from ui.charts.time.small_multiples import small_multiples
from ui.format import PARTIAL_NOTE
from ui.topics.outcomes import outcome_words
from ui.topics.people.people_figures import refused

STIGMA = ("partly_to_blame", "keep_distance")
AWARENESS = ("knows_signs", "knows_help_line", "would_report", "happens_here")
LEVELS = ("person", "provider", "community")
COUNTIES = 1
_NARROW = 640  # below it, the browser puts cards under each other
#: Of cards that cannot be drawn; no two cards of one measure may have the same.
_TITLES = {
    "domains": "Outcomes by part of life",
    "outcomes": "Outcomes over time",
    "barrier_person": "Barriers in the person's situation",
    "barrier_provider": "Barriers in services",
    "barrier_community": "Barriers in the community",
    "stigma": "What the public thinks",
    "awareness": "What the public knows",
}
_READING = (
    "How to read it: ▼ marks a figure clearly below that of all other areas together, beyond chance and the "
    "protection. Few people identified is not a sign by itself; few reports by people themselves or the "
    "public, and few residents who say that it happens where they live, are. Contributors seen: those "
    "with a number of people that can be shown."
)
_NO_SURVEY = "No survey of the public is loaded: python -m etl template survey_item."
_EVERYWHERE = "All areas are compared, whatever area is chosen above."
_CARE = (
    "A low number of people identified can mean little exploitation or little reporting: the signs say "
    "where to ask, not what the answer is."
)


@dataclass(frozen=True)
class Asked:
    """One question of the page: its measure, what it is divided by, and what it keeps to."""

    measure: str
    by: tuple[str, ...]
    where: dict[str, tuple[str, ...]]


def questions(view: View) -> dict[str, Asked]:
    """Return the page's questions by the name of their card."""
    found = {
        "domains": Asked("outcome_improved_share", ("outcome_domain",), {}),
        "outcomes": Asked("outcome_improved_share", ("period",), {}),
        "response": Asked("feedback_response_share", ("service_type",), {}),
        "satisfied": Asked("feedback_satisfied_share", ("service_type",), {}),
        "stigma": Asked("survey_agreeing_share", ("period", "survey_item"), {"survey_item": STIGMA}),
        "awareness": Asked("survey_agreeing_share", ("period", "survey_item"), {"survey_item": AWARENESS}),
        "themes": Asked(
            "interview_mentions",
            ("interview_theme", "respondent_kind"),
            {"respondent_kind": _known(view, "respondent_kind")},
        ),
        "survivors": Asked("interview_mentions", ("interview_theme",), {"respondent_kind": ("survivor",)}),
    }
    for level in LEVELS:
        codes = tuple(one.code for one in view.catalog.dimensions["barrier"].categories if one.group == level)
        found[f"barrier_{level}"] = Asked("barriers_noted", ("barrier",), {"barrier": codes})
    return found


def _known(view: View, dimension: str) -> tuple[str, ...]:
    return tuple(code for code in view.catalog.dimensions[dimension].codes if code != NOT_RECORDED)


def answers(view: View) -> dict[str, Answer]:
    """Ask all questions that the release has figures for, in one look-up; refusals are answers too."""
    held = {one.code for one in view.measures("outcomes")}
    asked = {key: one for key, one in questions(view).items() if one.measure in held}
    given = view.answer(
        [view.question(one.measure, one.by, where=one.where) for one in asked.values()], strict=False
    )
    return dict(zip(asked, given, strict=True))


def draw_outcomes(view: View, found: dict[str, Answer]) -> None:
    """Draw what improved, by part of life and over time."""
    if "domains" not in found:
        _missing("Outcomes of survivors by part of life", "outcome")
        return
    left, right = layout.row(2)
    with left:
        _draw(view, "domains", found, _bars, lambda one: outcome_words.least_improved(view, one))
    with right:
        _draw(view, "outcomes", found, _line)


def draw_feedback(view: View, found: dict[str, Answer]) -> None:
    """Draw who answered and who was satisfied; the second never without the first."""
    if "response" not in found:
        _missing("Feedback of people served, with the share who answered", "feedback")
        return
    response = found["response"]
    left, right = layout.row(2)
    with left:
        _draw(view, "response", found, _bars, lambda one: outcome_words.hardly_answered(view, one))
    with right:
        _draw(view, "satisfied", found, _bars, lambda one: outcome_words.satisfied(view, one, response))


def draw_barriers(view: View, found: dict[str, Answer]) -> None:
    """Draw barriers, the three levels side by side, and what interviewed people spoke of."""
    if "barrier_person" in found:
        for column, level in zip(layout.row(len(LEVELS)), LEVELS, strict=True):
            with column:
                _barrier(view, found, level)
    else:
        _missing("Barriers of the person, of services and of the community", "barrier")
    if "themes" in found:
        _themes(view, found)
    else:
        _missing("Themes of interviews as numbers of people", "interview_theme")


def _barrier(view: View, found: dict[str, Answer], level: str) -> None:
    words = view.words("barrier_setting", level)
    _draw(view, f"barrier_{level}", found, _bars, lambda one: outcome_words.barrier(view, words, one))


def _themes(view: View, found: dict[str, Answer]) -> None:
    said = found["survivors"]
    _draw(
        view,
        "themes",
        found,
        _grid,
        lambda one: one.sentence if said.refusal or said.all_hidden else outcome_words.themes(view, said),
    )


def draw_survey(view: View, found: dict[str, Answer]) -> None:
    """Draw what the public thinks and knows, wave by wave."""
    if "stigma" not in found:
        _missing("A survey of the public: stigma and awareness", "survey_item")
        return
    is_narrow = width.measured("survey", 1_000) < _NARROW
    for column, key in zip(layout.row(2), ("stigma", "awareness"), strict=True):
        with column:
            chart = partial(_panels, is_narrow=is_narrow) if key == "awareness" else _line
            shown = {key: found[key] if found[key].refusal else waves_only(found[key])}
            _draw(view, key, shown, chart, lambda one: outcome_words.opinion(view, one))


def draw_signs(view: View) -> None:
    """Draw the signs of low reporting, every area beside every other, and say where they meet."""
    release, collection = view.release, view.collection
    asked = _sign_answers(view)
    given = {name: one for name, one in asked.items() if not one.refusal and one.frame.height}
    reach = given.pop("reach", None)
    refused_as = next((one.refusal for one in asked.values() if one.refusal), None)
    if not given and refused_as:
        states.problem(refused_as)
        return
    if release is None or collection is None or not given:
        _missing("Signs of low reporting: who tells, who believes it, who reports", "person")
        return
    roster = contributors(release, collection.collection)
    found = area_signs(given, reach)
    share = reported_share(roster)
    coverage = f" Contributors reported in {share}% of their months." if share is not None else ""
    without = (
        "" if BELIEF in given else " No survey of the public is loaded: python -m etl template survey_item."
    )
    source = cards.sources(list(given.values()))
    as_of = text.date_text(next(iter(given.values())).as_of)
    seen = outcome_words.Seen(len(roster), _newest_year(view))
    space = width.inside_card("low_reporting", 1_000)
    fact_card(
        view,
        "low_reporting",
        outcome_words.low_reporting(view, found),
        outcome_words.signs_table(view, found, seen),
        subtitle=f"Signs of low reporting by area · {view.described(view.filters)} · {view.profile} release",
        figure=outcome_words.signs_figure(view, found, seen, space),
        caption=f"{_READING} {_CARE}{coverage}{without} {_EVERYWHERE} "
        f"Source: {source} · as of {as_of} · {REPORTED}.",
    )


def _sign_answers(view: View) -> dict[str, Answer]:
    """Ask for the signs of every area; the shared filters keep only the period and the collection."""
    held = {one.code for one in view.measures("outcomes")} | {one.code for one in view.measures("explore")}
    parts: dict[str, Any] = {"area_level": COUNTIES, "periods": view.filters.periods}
    newest = _newest_year(view)
    own = parts | {"collection": view.filters.collection}
    asked = {
        IDENTIFIED: Question("detection_rate_per_100k", ("area",), **own),
        TOLD: Question("self_report_share", ("area",), **own),
        BELIEF: Question("survey_agreeing_share", ("area",), {"survey_item": "happens_here"}, **parts),
        "reach": Question("detected_persons", ("area", "source"), **own | {"periods": (newest, newest)}),
    }
    asked = {name: one for name, one in asked.items() if one.measure in held}
    given = view.answer(list(asked.values()), strict=False)
    return dict(zip(asked, given, strict=True))


def _newest_year(view: View) -> str:
    return (view.filters.periods[1] if view.filters.periods else view.choices.last_period)[:4]


def _draw(
    view: View,
    key: str,
    found: dict[str, Answer],
    chart: Callable[[View, Answer], Figure],
    headline: Callable[[Answer], str] = lambda one: one.sentence,
) -> None:
    answer = found[key]
    if answer.refusal:
        refused(_TITLES.get(key, answer.measure.label), answer)
        return
    words = answer.sentence if answer.all_hidden else headline(answer)
    cards.figure_card(view, key, answer, chart(view, answer), words, notes=_notes(answer))


def _notes(answer: Answer) -> Sequence[str]:
    frame = answer.frame
    is_grid = "period" not in answer.question.by and len(answer.question.by) > 1
    partly = frame.filter((frame["cells_shown"] < frame["cells_total"]) & frame["value"].is_not_null())
    return [PARTIAL_NOTE] if is_grid and partly.height else []


def _bars(view: View, answer: Answer) -> Figure:
    return bar_chart(answer, view.catalog, words=view.words, palette=view.palette)


def _line(view: View, answer: Answer) -> Figure:
    return line_chart(answer, view.catalog, words=view.words, palette=view.palette)


def _panels(view: View, answer: Answer, *, is_narrow: bool) -> Figure:
    """Four statements with long words: a panel each, because their names do not fit beside their lines."""
    columns = 1 if is_narrow else 2
    return small_multiples(answer, view.catalog, words=view.words, palette=view.palette, columns=columns)


def _grid(view: View, answer: Answer) -> Figure:
    return matrix_chart(
        answer, words=view.words, palette=view.palette, width=width.inside_card("themes", 1_000)
    )


def _missing(what: str, table: str) -> None:
    states.empty(
        what,
        f"python -m etl template {table}, fill it in, then: python -m etl load {table}.xlsx --source own "
        f"--mapping {table}.toml && python -m etl release",
    )
