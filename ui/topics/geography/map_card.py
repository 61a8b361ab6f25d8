"""The map of the page Geography, the chosen area beside it, and the list that selects the same areas."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial

import streamlit as st

from analysis import Answer
from analysis.findings.finding import Finding, hidden
from analysis.findings.scope import scope_of
from analysis.findings.sentences import say
from analysis.words import listed
from ui import format as text
from ui.cards import buttons, layout, standard_card, words
from ui.cards import table as tables
from ui.cards.card import Ask
from ui.cards.content import Content, Titled, is_taken
from ui.cards.face import face
from ui.cards.face.face import Face
from ui.cards.table import Table
from ui.charts.figure import Figure
from ui.charts.maps.flat_map import flat_map
from ui.charts.maps.map import MARGIN_PIXELS, WIDTH, map_chart, map_legend
from ui.maps import boundary_route, editions
from ui.maps.area_links import links_html
from ui.maps.atlas import Atlas, Box
from ui.topics.geography import area_choice, area_profile
from ui.topics.geography.choices import is_own
from ui.topics.geography.scene import Scene, scene_of
from ui.topics.geography.scene import asks as scene_asks
from ui.view import states, width
from ui.view.still import current as current_still
from ui.view.view import View

KEY = "map"
AGAINST = "Against all areas together"
BEYOND = "Above, below: by more than chance and protection explain."
_LOWEST, _TALL, _TALLEST = 200, 400, 540
#: The browser fits the map to its place; only hatch and names are made for a width.
_SLACK = 120


def asks(view: View) -> dict[str, Ask]:
    """Return the questions of the map and of the chosen area."""
    return {**scene_asks(view), **area_profile.asks(view)}


def draw(view: View, answers: Mapping[str, Answer]) -> None:
    """Draw the way back, the map, the chosen area beside it, and the list of areas."""
    scene = scene_of(view, answers)
    if scene is None:
        return
    refusal = scene.here.refusal or scene.everywhere.refusal
    atlas = scene.places.atlas
    if current_still() is not None:
        if refusal:
            layout.note(scene.here.measure.label, refusal.message, refusal.next_step, key=KEY)
        elif atlas is not None:
            is_taken(lambda: _slide(scene, atlas))
        return
    area_choice.breadcrumb(scene.places, scene.within, scene.place)
    if refusal:
        layout.note(scene.here.measure.label, refusal.message, refusal.next_step, key=KEY)
        return
    view.tell([scene.here])
    if scene.places.atlas is None:
        states.empty("A map of these areas", "python -m etl load boundaries.geojson --source boundaries")
        area_profile.draw(scene, answers)
        _list_card(scene)
        if links := _links(scene):
            st.html(links)
        return
    with layout.beside(2, KEY):  # the first piece is beside both others: `frame.css`
        _map_card(scene, scene.places.atlas)
        area_profile.draw(scene, answers)
        _list_card(scene)


def _map_card(scene: Scene, atlas: Atlas) -> None:
    view, answer, shown = scene.view, scene.here, _content(scene, atlas)
    figure, body = None, ""
    if answer.all_hidden:
        body = states.all_hidden_html(view.filters)
    elif buttons.shows_table(KEY):
        body = tables.to_html(_table(scene), shown.subtitle)
    else:
        figure = _figure(scene, atlas)
    legend = map_legend(scene.classes, view.palette, _legend_title(scene), scene.cells) if figure else ""
    face.draw(
        view,
        Face(
            KEY,
            words.head_html(KEY, shown.headline, _finding(scene), shown.chips, shown.subtitle),
            partial(standard_card.answers_file, view, [answer]),
            figure=figure,
            alt=shown.alt,
            body=body,
            foot=legend + words.caption_html(shown.caption) + _links(scene),
            has_chart=not answer.all_hidden,
            answers=(answer,),
            on_place=partial(area_choice.on_map, scene.places, scene.within),
        ),
    )


def _figure(scene: Scene, atlas: Atlas) -> Figure:
    cells = scene.cells
    wide = width.inside_card(KEY, WIDTH, slack=_SLACK)
    return map_chart(
        cells,
        atlas,
        scene.level,
        scene.classes,
        palette=scene.view.palette,
        selected=scene.outlined,
        unit=scene.here.unit,
        boundaries=partial(boundary_route.address, atlas, offered=scene.view.archive.ids),
        width=wide,
        height=_height(atlas.box(cell.code for cell in cells), wide),
    )


def _slide(scene: Scene, atlas: Atlas) -> Content:
    """Return the map for a slide: drawn as shapes, which need no graphics card."""
    drawing = flat_map(
        scene.cells,
        atlas,
        scene.classes,
        title=_legend_title(scene),
        selected=scene.outlined,
        palette=scene.view.palette,
    )
    return replace(_content(scene, atlas), figure=None if scene.here.all_hidden else drawing)


def _content(scene: Scene, atlas: Atlas) -> Content:
    """Return the words of the map and its table; the map on the screen is drawn beside them."""
    view, answer, finding = scene.view, scene.here, _finding(scene)
    headline, under = say(finding), words.subtitle(view, answer)
    return Content(
        key=KEY,
        headline=headline,
        chips=tuple(words.chips(view, [finding.scope])),
        subtitle=under,
        caption=words.caption(view, [answer], finding, _notes(scene, atlas)),
        alt=words.alt_text(view, answer, headline),
        tables=lambda: (Titled(under, _table(scene)),),
        answers=(answer,),
        note=states.NOT_SHOWN_WHY if answer.all_hidden else "",
    )


def _finding(scene: Scene) -> Finding:
    answer = scene.here
    return hidden(answer, scope_of(answer, scene.view.filters)) if answer.all_hidden else scene.finding


def _table(scene: Scene) -> Table:
    return tables.readable(scene.here, scene.view.words, scene.view.header)


def _legend_title(scene: Scene) -> str:
    unit = scene.here.unit
    return AGAINST if scene.as_bands else unit[:1].upper() + unit[1:]


def _notes(scene: Scene, atlas: Atlas) -> list[str]:
    moved = () if scene.within else atlas.moved
    notes = [f"Drawn below at a scale of their own: {listed(list(moved))}."] if moved else []
    if scene.outlined:
        notes.append(f"Outlined: {listed([scene.places.words('area', code) for code in scene.outlined])}.")
    if scene.as_bands:
        notes.append(BEYOND)
    if scene.view.release is not None:
        notes += editions.notes(scene.view.release, scene.view.catalog, scene.places, scene.here)
    return notes


def _height(box: Box, wide: int) -> int:
    """Return a height in the shape of what is mapped: neither a stripe nor longer than a screen."""
    shape = (box[3] - box[1]) / max(box[2] - box[0], 1e-9)
    tallest = _TALLEST if shape > 1 else _TALL
    return round(min(max(wide * shape + 2 * MARGIN_PIXELS, _LOWEST), tallest, wide * 1.3))


def _list_card(scene: Scene) -> None:
    """Draw the areas of the map as a list with their numbers."""
    kind = scene.here.measure.kind
    rows = []
    for row in scene.here.frame.iter_rows(named=True):
        number = text.told(scene.here.measure, row)
        if row["value"] is None and "x" in (row["marker"] or ""):
            number = "not available"
        interval = text.interval_text(row["lower"], row["upper"], kind)
        poor = " · low reliability" if "u" in (row["marker"] or "") else ""
        rows.append((row["area"], f"{number}{f' ({interval})' if interval else ''}{poor}"))
    with st.container(border=True, key="card_list"):
        area_choice.area_list(scene.places, scene.within, scene.place, rows)


def _links(scene: Scene) -> str:
    """Return links to a page for each area as HTML, folded away; nothing where they have none."""
    links = links_html(scene.view) if is_own(scene.view) else ""
    return f"<details><summary>A page for each area</summary>{links}</details>" if links else ""
