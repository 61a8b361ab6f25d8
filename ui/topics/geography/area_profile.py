"""One area: its numbers against the whole, its years, the forms of exploitation."""

from dataclasses import replace

import polars as pl
import streamlit as st

from analysis import Answer
from analysis.topics.area_context import Circumstance, circumstances
from ui import format as text
from ui.app.states import escape
from ui.cards import figure_card as cards
from ui.cards import layout
from ui.cards import table as tables
from ui.cards.table import Table
from ui.charts.bars.bar import bar_chart
from ui.charts.maps.classes import BAND_LABELS
from ui.charts.time.line import line_chart
from ui.topics import opening
from ui.topics.geography import area_choice
from ui.topics.geography.area_figures import Scene

CONTEXT_TITLE = "Published figures about the area, beside those of the whole"
CONTEXT_NOTE = (
    "Shown beside the figures of people and never combined with them into a score. They do not say how much "
    "trafficking there is, nor why a number is high or low."
)


def draw_profile(scene: Scene, pair: tuple[str, str] | None) -> None:
    """Draw the profile of the area the reader stands in, or say how to get one."""
    code = scene.standing.place
    if not code:
        layout.quiet("Choose an area on the map or in the list to see its profile.")
        return
    area = scene.places.geography.areas[code]
    with st.container(key="area_profile"):
        layout.heading(f"{area.name} ({area.level_name})")
        st.html(_facts(scene, pair))
        if scene.places.has_inner(code) and scene.standing.within != code:
            area_choice.inner_button(scene.places, code)
        left, right = layout.row(2)
        with left:
            _years(scene)
        with right:
            _forms(scene)
        _context(scene)


def _facts(scene: Scene, pair: tuple[str, str] | None) -> str:
    code = scene.standing.place
    area = scene.places.geography.areas[code]
    facts = [_fact(answer) for answer in _answers(scene, pair)]
    if scene.funnel is not None and not scene.funnel.areas.filter(pl.col("area") == code).is_empty():
        band = scene.funnel.areas.filter(pl.col("area") == code)["band"].to_list()[0]
        words = "no band: too few, or not shown" if band is None else BAND_LABELS[band]
        facts.append(("Against all areas together", words[:1].upper() + words[1:], ""))
    if area.is_rural:
        facts.append(
            ("Kind of area", "Rural", "Years are taken together where single years cannot be shown.")
        )
    items = "".join(
        f"<div><dt>{escape(name)}</dt><dd>{escape(value)}</dd>"
        f'<dd class="ltt-caption">{escape(more)}</dd></div>'
        for name, value, more in facts
    )
    said = escape(_described(scene, scene.measure.code))
    return f'<p class="ltt-subtitle">{said}</p><dl class="ltt-facts">{items}</dl>'


def _answers(scene: Scene, pair: tuple[str, str] | None) -> list[Answer]:
    view, where = scene.view, {"area": (scene.standing.place,)}
    codes = [*pair] if pair else [scene.measure.code]
    if scene.measure.code not in codes:
        codes.insert(0, scene.measure.code)
    questions = [view.question(code, where=where) for code in codes]
    if "population" in view.catalog.measures and pair:
        questions.append(view.question("population", where=where))
    return [answer for answer in view.answer(questions, strict=False) if not answer.refusal]


def _fact(answer: Answer) -> tuple[str, str, str]:
    row = answer.frame.row(0, named=True)
    value = text.value_text(row["value"], answer.measure.kind)
    interval = text.interval_text(row["lower"], row["upper"], answer.measure.kind)
    more = [f"95% interval {interval}"] if interval else []
    if row["value"] is not None and row["cells_shown"] < row["cells_total"]:
        more.append(f"sum of the {row['cells_shown']} of {row['cells_total']} numbers that can be shown")
    marker = text.marker_text((row["marker"] or "").replace("c", ""))
    return answer.measure.short, value[:1].upper() + value[1:], "; ".join([*more, marker] if marker else more)


def _years(scene: Scene) -> None:
    view, where = scene.view, {"area": (scene.standing.place,)}
    opened = opening.open_at(view, scene.measure.code, ["period"], "year", where=where)
    figure = line_chart(opened.answer, view.catalog, words=view.words, palette=view.palette)
    cards.figure_card(view, "profile_years", opened.answer, figure, subtitle=_subtitle(scene, opened.answer))


def _forms(scene: Scene) -> None:
    view, where = scene.view, {"area": (scene.standing.place,)}
    if scene.measure.subject != "person" or "form_share" not in view.catalog.measures:
        return
    [answer] = view.answer([view.question("form_share", ["form"], where=where)], strict=False)
    if answer.refusal:
        layout.quiet(answer.sentence)
        return
    figure = bar_chart(answer, view.catalog, words=view.words, palette=view.palette, coloured=True)
    cards.figure_card(view, "profile_forms", answer, figure, subtitle=_subtitle(scene, answer))


def _context(scene: Scene) -> None:
    """Draw what is published of the area's circumstances beside the whole's; no number is made of them."""
    view, code = scene.view, scene.standing.place
    last = view.filters.periods[1] if view.filters.periods else view.choices.last_period
    year = int(last[:4]) if last else None
    geography = scene.places.geography
    found = circumstances(view.release, geography, code, year) if view.release else ()
    if not found:
        return
    top = geography.at(0)
    whole = geography.areas[top[0]].name if len(top) == 1 else "Whole"
    beside = () if code in top else (whole,)
    header = ("Circumstance", geography.areas[code].name, *beside, "Unit", "Year", "Source")
    numeric = (False, True, *(True for _ in beside), False, True, False)
    rows = tuple(_context_row(one, is_whole=code in top) for one in found)
    layout.heading("Circumstances of the area")
    st.html(tables.to_html(Table(header, numeric, rows), CONTEXT_TITLE))
    layout.quiet(CONTEXT_NOTE)


def _context_row(one: Circumstance, *, is_whole: bool) -> tuple[str, ...]:
    whole = "not available" if one.whole is None else _plain(one.whole)
    beside = () if is_whole else (whole,)
    return (one.label, _plain(one.value), *beside, one.unit, str(one.year), one.source)


def _plain(number: float) -> str:
    return f"{number:,.0f}" if abs(number) >= 1_000 else f"{number:.4g}"


def _subtitle(scene: Scene, answer: Answer) -> str:
    return f"{answer.measure.label} · {_described(scene, answer.measure.code)} · {scene.view.profile} release"


def _described(scene: Scene, measure: str) -> str:
    """Return the filters in words, with the profile's area in the place of the filter's."""
    filters = replace(scene.view.applied_filters(measure), areas=(scene.standing.place,))
    return scene.view.described(filters)
