"""One area: its numbers against the whole, and what is published of its circumstances."""

from collections.abc import Mapping
from dataclasses import replace

import polars as pl
import streamlit as st

from analysis import Answer
from analysis.findings.areas.where import area_band
from analysis.findings.finding import Finding
from analysis.findings.groups import standard
from analysis.findings.scope import scope_of
from analysis.periods import years_of
from analysis.topics.area_context import Circumstance, circumstances
from ui import format as text
from ui.cards import layout, words
from ui.cards.card import Ask, Facts
from ui.cards.table import Table
from ui.charts.maps.classes import BAND_LABELS
from ui.maps.area_links import link_html
from ui.topics.geography import area_choice
from ui.topics.geography.choices import area_of, is_own, places_here, rate_pair
from ui.topics.geography.scene import Scene
from ui.view.states import escape
from ui.view.view import View

CONTEXT_NOTE = (
    "Shown beside the figures of people and never combined with them into a score. They do not say how much "
    "trafficking there is, nor why a number is high or low."
)
OF_AREA = "of the area: "
_CARD = "card_profile"
HOW = "Choose an area for its figures."


def asks(view: View) -> dict[str, Ask]:
    """Return the questions of the chosen area: the measure, people and their rate, residents."""
    place = area_of(view)
    if not place:
        return {}
    pair = rate_pair(view)
    codes = [*pair, "population"] if pair else [view.picked["measure"]]
    known = [code for code in codes if code in view.catalog.measures]
    return {OF_AREA + code: Ask(code, (), {"area": (place,)}, region=True) for code in known}


def draw(scene: Scene, answers: Mapping[str, Answer]) -> None:
    """Draw the profile of the chosen area, or say how to get one."""
    code = scene.place
    if not code:
        layout.quiet(HOW)
        return
    area = scene.places.geography.areas[code]
    mine = [answer for name, answer in answers.items() if name.startswith(OF_AREA) and answer.refusal is None]
    finding = _finding(scene, mine)
    parts = [layout.heading_html(f"{area.name} ({area.level_name})")]
    if finding is not None:
        chips = words.chips_html(finding.scope.chips(scene.view.catalog))
        parts.append(f'<p class="ltt-profile">{words.sentence_html(finding)} {chips}</p>')
    parts.append(_facts(scene, mine))
    if is_own(scene.view):
        parts.append(f"<p>{link_html(scene.view, code, f'{area.name} on one page')}</p>")
    if not (scene.places.has_inner(code) and scene.within != code):
        # One piece: a container of its own would be a message more with each filter.
        st.html(f'<div class="st-key-{_CARD}">{"".join(parts)}</div>')
        return
    with st.container(border=True, key=_CARD):
        st.html("".join(parts))
        area_choice.inner_button(scene.places, code)


def context(view: View, _answers: Mapping[str, Answer]) -> Facts | None:
    """Return what is published of the area's circumstances beside the region's; no number is made of them."""
    code, places = area_of(view), places_here(view)
    if not code or places is None or view.release is None:
        return None
    last = view.filters.periods[1] if view.filters.periods else view.choices.last_period
    geography = places.geography
    rows = circumstances(view.release, geography, code, int(years_of((last, last))[1]) if last else None)
    if not rows:
        return None
    top = geography.at(0)
    name, is_whole = geography.names[code], code in top
    beside = () if is_whole else (places.whole,)
    header = ("Circumstance", name, *beside, "Unit", "Year", "Source")
    numeric = (False, True, *(True for _ in beside), False, True, False)
    facts = {"count": len(rows), "area": name, "is_beside": not is_whole}
    return Facts(
        Finding("fact", topic="area_circumstances", facts=facts),
        Table(header, numeric, tuple(_context_row(one, is_whole=is_whole) for one in rows)),
        subtitle=f"Circumstances of {name}, newest year of each",
        caption=CONTEXT_NOTE,
    )


def _finding(scene: Scene, mine: list[Answer]) -> Finding | None:
    """Return on which side of all areas together the area lies; else its own figure."""
    filters = replace(scene.view.filters, areas=())
    if scene.funnel is not None and scene.rates is not None:
        band = area_band(scene.funnel, scene.rates, scope_of(scene.rates, filters), scene.place)
        if band is not None:
            return band
    return standard(mine[0], scope_of(mine[0], filters)) if mine else None


def _facts(scene: Scene, mine: list[Answer]) -> str:
    code = scene.place
    area = scene.places.geography.areas[code]
    facts = [_fact(answer) for answer in mine if not answer.frame.is_empty()]
    if scene.funnel is not None:
        bands = scene.funnel.areas.filter(pl.col("area") == code)["band"].to_list()
        if bands and bands[0] is not None:
            label = BAND_LABELS[bands[0]]
            facts.append(("Against all areas together", label[:1].upper() + label[1:], ""))
    if area.is_rural:
        facts.append(("Kind of area", "Rural", ""))
    items = "".join(
        f"<div><dt>{escape(name)}</dt><dd>{escape(value)}</dd>"
        f'<dd class="ltt-caption">{escape(more)}</dd></div>'
        for name, value, more in facts
    )
    view = scene.view
    filters = replace(view.applied_filters(scene.here.measure.code), areas=(code,))
    if scene.here.is_together and scene.here.checked:
        filters = replace(filters, periods=scene.here.checked.held)
    return f'<p class="ltt-subtitle">{escape(view.described(filters))}</p><dl class="ltt-facts">{items}</dl>'


def _fact(answer: Answer) -> tuple[str, str, str]:
    row = answer.frame.row(0, named=True)
    value = text.told(answer.measure, row)
    interval = text.interval_text(row["lower"], row["upper"], answer.measure.written_as)
    more = [f"95% interval {interval}"] if interval else []
    if row["value"] is not None and row["cells_shown"] < row["cells_total"]:
        more.append(f"sum of the {row['cells_shown']} of {row['cells_total']} numbers that can be shown")
    marker = text.marker_text((row["marker"] or "").replace("c", ""))
    return answer.measure.short, value[:1].upper() + value[1:], "; ".join([*more, marker] if marker else more)


def _context_row(one: Circumstance, *, is_whole: bool) -> tuple[str, ...]:
    whole = "not available" if one.whole is None else _plain(one.whole)
    beside = () if is_whole else (whole,)
    return (one.label, _plain(one.value), *beside, one.unit, str(one.year), one.source)


def _plain(number: float) -> str:
    return f"{number:,.0f}" if abs(number) >= 1_000 else f"{number:.4g}"
