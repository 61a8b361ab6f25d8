"""Several areas against the region on the page Trends: rates or an index, never counts beside its own."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import polars as pl
import streamlit as st

from analysis import Answer, Measure, Question
from analysis.findings.areas.lines import AreaSeries, area_series
from analysis.findings.changes import group_changes
from analysis.findings.groups import has_own_value
from analysis.findings.scope import Scope
from analysis.release.places import Geography
from ui.cards import special_card
from ui.cards.card import Facts
from ui.cards.table import readable
from ui.charts.time.compare_areas import MOST_CHOSEN, AreaLine, Role, compare_areas
from ui.topics.trends.choices import MEASURE
from ui.view import controls
from ui.view.still import current as current_still
from ui.view.view import View

COMPARE = "compare"
_PICK = "pick_compare_areas"
INDEX = "Index: the mean of the first three years is 100. A hidden year is a gap."
RATE = "A hidden year is a gap. Areas are not ranked; thin grey lines are the other areas."


def draw(view: View, _answers: Mapping[str, Answer]) -> None:
    """Draw the picker of areas and, once one is chosen, its lines beside the region's."""
    geography = controls.geography_of(view.release, view.filters.collection) if view.release else None
    measure = _measure(view)
    if geography is None or measure is None:
        controls.bound_text(COMPARE)
        return
    chosen = _chosen(geography)
    if current_still() is None:
        _draw_picker(geography, chosen)
    if chosen:
        special_card.draw_facts(view, "areas", _facts(view, measure, geography, chosen))


def _draw_picker(geography: Geography, chosen: Sequence[str]) -> None:
    options = [code for code in geography.names if geography.levels[code] > 0]
    st.session_state[_PICK] = list(chosen)

    def store() -> None:
        controls.choose({COMPARE: ",".join(st.session_state[_PICK])})

    st.multiselect(
        "Compare areas with the region",
        options,
        format_func=geography.names.__getitem__,
        key=_PICK,
        on_change=store,
        max_selections=MOST_CHOSEN,
        placeholder="Choose up to six areas",
        select_all=False,
    )


def _chosen(geography: Geography) -> list[str]:
    """Return the areas of the address, each once; unknown ones and those too many are told and left out."""
    codes = list(dict.fromkeys(code for code in controls.bound_text(COMPARE).split(",") if code))
    known = [code for code in codes if geography.levels.get(code, 0) > 0]
    if len(known) < len(codes):
        controls.notice("An area in the link is not known here; it was left out of the comparison.")
    if len(known) > MOST_CHOSEN:
        controls.notice(f"Up to {MOST_CHOSEN} areas can be compared; the first {MOST_CHOSEN} are shown.")
    return known[:MOST_CHOSEN]


def _measure(view: View) -> Measure | None:
    """Return the measure to compare: the chosen one, or the rate of the people it counts."""
    code = controls.in_address(MEASURE.name) or next((one.code for one in view.measures("trends")), "")
    if code not in view.catalog.measures or "area" in dict(view.applied_filters(code).where):
        return None
    chosen = view.measure(code)
    if not chosen.subject:
        return None
    rates = (
        one
        for one in view.measures("trends")
        if one.kind == "rate" and (one.subject, one.numerator) == (chosen.subject, chosen.numerator)
    )
    return next(rates, chosen) if chosen.kind == "count" else chosen


def _facts(view: View, measure: Measure, geography: Geography, chosen: Sequence[str]) -> Facts | None:
    is_index = not has_own_value(measure)
    level = max(geography.levels[code] for code in chosen)
    whole = replace(view, filters=replace(view.filters, areas=()))
    mine: list[Question] = [
        whole.question(
            measure.code, ["period", "area"], where={"area": (code,)}, area_level=geography.levels[code]
        )
        for code in chosen
    ]
    others = whole.question(measure.code, ["period", "area"], area_level=level)
    region, all_areas, *own = view.answer(
        [whole.question(measure.code, ["period"]), others, *mine], strict=False
    )
    shown = [answer for answer in own if not answer.refusal]
    if not shown or region.refusal:
        return None
    lines = [_line(view.place or "Region", one, "region") for one in area_series(region, as_index=is_index)]
    for answer in shown:
        lines += [
            _line(geography.names[one.code], one, "chosen") for one in area_series(answer, as_index=is_index)
        ]
    lines += [
        _line(geography.names.get(one.code, one.code), one, "other")
        for one in area_series(all_areas, as_index=is_index)
        if one.code not in chosen and one.code in geography.names
    ]
    joined = replace(shown[0], frame=_stacked(shown))
    scope = Scope(where=(("area", tuple(sorted(chosen))),), periods=view.filters.periods, by_area=True)
    finding = replace(group_changes(joined, scope), topic="areas_over_time", kind="changes")
    unit = "index" if is_index else region.unit
    return Facts(
        finding,
        readable(joined, view.words, view.header),
        subtitle=f"{measure.label} ({unit}) · beside {view.place or 'the region'} · by year",
        caption=INDEX if is_index else RATE,
        figure=compare_areas(lines, unit=unit, is_index=is_index, palette=view.palette),
        answers=(region, *shown),
    )


def _stacked(answers: Sequence[Answer]) -> pl.DataFrame:
    frame = answers[0].frame
    for answer in answers[1:]:
        frame = frame.vstack(answer.frame.select(frame.columns))
    return frame


def _line(label: str, series: AreaSeries, role: Role) -> AreaLine:
    return AreaLine(label, series.periods, series.values, series.lower, series.upper, role)
