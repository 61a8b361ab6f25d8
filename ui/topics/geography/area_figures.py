"""What the Geography page draws: the map with its list, the funnel, the small maps, and their words."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

import polars as pl

from analysis import Answer, Measure
from analysis.findings.area_bands import Funnel, area_funnel
from analysis.words import listed
from ui import format as text
from ui.app import boundary_route, states, width
from ui.app.view import View
from ui.cards import figure_card as cards
from ui.cards import layout
from ui.charts.bars.area_funnel import area_funnel_chart
from ui.charts.maps import classes as value_bands
from ui.charts.maps.classes import BANDS, Classes
from ui.charts.maps.map import MARGIN_PIXELS, WIDTH, Cell, cells_of, map_chart, map_legend
from ui.charts.maps.printed_map import printed_map
from ui.charts.maps.small_maps import COLUMNS, MOST_AREAS, small_maps
from ui.maps import pooling
from ui.maps.atlas import Box
from ui.maps.places import Places
from ui.topics import wording
from ui.topics.geography import area_choice
from ui.topics.geography.area_choice import Standing

_NARROW = 500
_LOWEST, _TALL, _TALLEST = 200, 400, 540


@dataclass(frozen=True)
class Scene:
    """Everything the figures of one page view share.

    Attributes
    ----------
    view, places, standing
        The page's view (with this geography's names), the areas, and where the reader stands.
    measure, level
        What is mapped, at which level.
    everywhere, here
        The measure for all areas of the level, and for those inside the standing.
    funnel
        Areas against the whole; None where there is no rate to compare.
    as_bands
        Whether the map shows bands instead of values.
    outlined
        Areas of the shared filter: the map shows them among all.
    """

    view: View
    places: Places
    standing: Standing
    measure: Measure
    level: int
    everywhere: Answer
    here: Answer
    funnel: Funnel | None
    as_bands: bool
    outlined: tuple[str, ...] = ()

    @property
    def classes(self) -> Classes:
        """Classes of the map: the same inside an area as for the whole."""
        if self.as_bands:
            return BANDS
        frame = self.everywhere.frame
        narrowest = value_bands.typical_interval(frame.iter_rows(named=True))
        return value_bands.value_classes(frame["value"].to_list(), self.measure.kind, narrowest=narrowest)

    @property
    def selected(self) -> tuple[str, ...]:
        """Areas to be outlined: where the reader stands, and those of the shared filter."""
        standing = self.standing.place or self.standing.within
        return tuple(dict.fromkeys(code for code in (standing, *self.outlined) if code))

    @property
    def bands(self) -> dict[str, int] | None:
        """Bands by area, when the map shows them."""
        if not self.as_bands or self.funnel is None:
            return None
        known = self.funnel.areas.drop_nulls("band")
        return dict(zip(known["area"], known["band"], strict=True))

    def cells(self, answer: Answer) -> list[Cell]:
        """Return the areas of an answer in the classes of this scene."""
        return cells_of(answer, self.classes, self.places.words, self.bands)


def funnel_of(view: View, pair: tuple[str, str] | None, level: int) -> Funnel | None:
    """Return areas against the whole, for the measure pair (count, rate) of a subject."""
    if pair is None or view.release is None:
        return None
    asked = [view.question(code, ["area"], area_level=level) for code in pair]
    counts, rates = view.answer(asked, strict=False)
    if counts.refusal or rates.refusal:
        return None
    return area_funnel(counts, rates, view.release.v, view.release.threshold)


def draw_map(scene: Scene) -> None:
    """Draw the map card and, beside it, the list that selects the same areas."""
    if scene.places.atlas is None:
        states.empty("A map of these areas", "python -m etl load boundaries.geojson --source boundaries")
        draw_list(scene)
        return
    left, right = layout.row([13, 6])
    with left:
        _map_card(scene)
    with right:
        draw_list(scene)


def _map_card(scene: Scene) -> None:
    view, atlas = scene.view, scene.places.atlas
    if atlas is None:
        return
    wide = width.inside_card("map", WIDTH)
    cells = scene.cells(scene.here)
    high = _height(atlas.box(cell.code for cell in cells), wide)
    figure = map_chart(
        cells,
        atlas,
        scene.level,
        scene.classes,
        palette=view.palette,
        selected=scene.selected,
        boundaries=boundary_route.address(atlas, scene.level),
        width=wide,
        height=high,
    )
    moved = () if scene.standing.within else atlas.moved
    notes = [f"Drawn below at a scale of their own: {listed(list(moved))}."] if moved else []
    if scene.outlined:
        notes.append(f"Outlined: {listed([scene.places.words('area', code) for code in scene.outlined])}.")
    cards.figure_card(
        view,
        "map",
        scene.here,
        figure,
        band_headline(scene) if scene.as_bands else "",
        below=printed_map(cells, atlas, scene.classes)
        + map_legend(scene.classes, view.palette, _legend_title(scene), cells),
        notes=notes,
        on_select=partial(area_choice.on_map, scene.places, scene.standing),
    )


def _height(box: Box, wide: int) -> int:
    """Return a height in the shape of what is mapped: neither a stripe nor longer than a screen."""
    shape = (box[3] - box[1]) / max(box[2] - box[0], 1e-9)
    tallest = _TALLEST if shape > 1 else _TALL
    return round(min(max(wide * shape + 2 * MARGIN_PIXELS, _LOWEST), tallest, wide * 1.3))


def _legend_title(scene: Scene) -> str:
    return (
        "Against all areas together" if scene.as_bands else scene.here.unit[:1].upper() + scene.here.unit[1:]
    )


def draw_list(scene: Scene) -> None:
    """Draw the areas of the map as a list with their numbers."""
    kind = scene.measure.kind
    rows = []
    for row in scene.here.frame.iter_rows(named=True):
        said = text.value_text(row["value"], kind)
        if row["value"] is None and "x" in (row["marker"] or ""):
            said = "not available"
        interval = text.interval_text(row["lower"], row["upper"], kind)
        poor = " · low reliability" if "u" in (row["marker"] or "") else ""
        rows.append((row["area"], f"{said}{f' ({interval})' if interval else ''}{poor}"))
    area_choice.area_list(scene.places, scene.standing, rows)


def band_headline(scene: Scene) -> str:
    """Return how many areas lie outside the funnel, in words; never which is first."""
    if scene.funnel is None:
        return ""
    inside = scene.here.frame["area"].to_list()
    known = scene.funnel.areas.filter(pl.col("area").is_in(inside)).drop_nulls("band")
    above, below = (known.filter(part).height for part in (pl.col("band") > 2, pl.col("band") < 2))
    one, areas = (scene.places.level_words(scene.level, count) for count in (1, known.height))
    beyond = "by more than chance and protection explain"
    if not above and not below:
        return f"No {one} differs from all areas together {beyond}"
    lie = "lies" if above == 1 else "lie"
    return f"{above} of {known.height} {areas} {lie} above all areas together and {below} below, {beyond}"


def draw_funnel(scene: Scene, pair: tuple[str, str]) -> None:
    """Draw the funnel card of all areas, with the areas of each band in alphabetical order."""
    if scene.funnel is None:
        return
    asked = [scene.view.question(code, ["area"], area_level=scene.level) for code in pair]
    counts, rates = scene.view.answer(asked)
    headline = band_headline(replace(scene, here=rates))
    figure = area_funnel_chart(
        scene.funnel,
        scene.places.words,
        palette=scene.view.palette,
        selected=scene.standing.place,
        unit=rates.unit,
    )
    cards.figure_card(
        scene.view,
        "funnel",
        [rates, counts],
        figure,
        headline,
        below=band_list(scene),
        alt=f"{headline}. Rate by residents times years, with limits around the rate of all areas together.",
        notes=[
            "Grey bands: where 95 of 100 and 998 of 1,000 areas would lie if all had the same rate.",
            "More people identified may mean better identification.",
        ],
    )


def band_list(scene: Scene) -> str:
    """Return the areas of each band as HTML, alphabetical inside a band."""
    if scene.funnel is None:
        return ""
    items = []
    for band in (4, 3, 2, 1, 0):
        codes = scene.funnel.areas.filter(pl.col("band") == band)["area"].to_list()
        items.append((BANDS.labels[band].capitalize(), codes))
    items.append(
        (
            "No band (too few, or not shown)",
            scene.funnel.areas.filter(pl.col("band").is_null())["area"].to_list(),
        )
    )
    rows = [
        f"<dt>{label}</dt><dd>{states.escape(_names(scene.places, codes))}</dd>"
        for label, codes in items
        if codes
    ]
    return f'<dl class="ltt-bands">{"".join(rows)}</dl>'


def _names(places: Places, codes: Sequence[str], most: int = 40) -> str:
    names = sorted((places.words("area", code) for code in codes), key=str.casefold)
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more


def draw_small_maps(scene: Scene) -> None:
    """Draw one small map a year, or a block of years where single years would leave most areas unshown."""
    atlas, view = scene.places.atlas, scene.view
    inside = [scene.standing.within] if scene.standing.within else []
    if atlas is None:
        return
    if scene.here.frame.height > MOST_AREAS:
        layout.quiet(f"Maps by year are drawn for up to {MOST_AREAS} areas: open one area first.")
        return
    pooled = pooling.by_years(view, scene.measure.code, scene.level, inside)
    if pooled is None or len(pooled.blocks) < 2:
        layout.quiet("Maps by year need figures for at least two years.")
        return
    answers = [answer for _, answer in pooled.blocks]
    values = [value for answer in answers for value in answer.frame["value"].to_list()]
    classes = value_bands.value_classes(values, scene.measure.kind)
    panels = [(label, cells_of(answer, classes, scene.places.words)) for label, answer in pooled.blocks]
    room = width.inside_card("small", 1_000)
    columns = 2 if room < _NARROW else COLUMNS
    every = [cell for _, cells in panels for cell in cells]
    first, last = pooled.blocks[0][0], pooled.blocks[-1][0]
    cards.figure_card(
        view,
        "by_years",
        answers,
        small_maps(panels, atlas, classes, palette=view.palette, columns=columns, width=room),
        wording.areas_over_time(
            view, pooled.blocks, *(scene.places.level_words(scene.level, count) for count in (2, 1))
        ),
        below=map_legend(classes, view.palette, scene.here.unit[:1].upper() + scene.here.unit[1:], every),
        notes=[pooled.note] if pooled.note else [],
        alt=f"{len(panels)} small maps, {first} to {last}, all in the same classes.",
    )
