"""All areas together: the funnel around their common rate, and one small map a year."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import polars as pl

from analysis import Answer
from analysis.findings.areas.where import areas_apart, areas_changed
from analysis.findings.finding import Finding
from analysis.findings.groups import standard
from analysis.findings.scope import scope_of
from analysis.words import first_few
from ui import format as text
from ui.cards import layout, words
from ui.cards.card import Ask, Facts
from ui.cards.table import Table
from ui.charts.bars.area_funnel import area_funnel_chart
from ui.charts.maps.classes import BAND_LABELS, value_classes
from ui.charts.maps.map import cells_of, map_legend
from ui.charts.maps.small_maps import COLUMNS, MOST_AREAS, small_maps
from ui.maps import pooling
from ui.maps.places import Places
from ui.topics.geography.choices import level_of, places_here, rate_pair
from ui.topics.geography.scene import scene_of
from ui.view import states
from ui.view.view import View

_NARROW = 500
_MOST_NAMED = 40
LIMITS = "Grey: where 95% and 99.8% of areas would lie at one rate."


def has_rates(view: View) -> bool:
    """Return whether areas can be held against their common rate."""
    return places_here(view) is not None and rate_pair(view) is not None


def has_maps_alone(view: View) -> bool:
    """Return whether the areas have shapes, but no common rate to be held against."""
    places = places_here(view)
    return places is not None and places.atlas is not None and not has_rates(view)


def funnel(view: View, answers: Mapping[str, Answer]) -> Facts | None:
    """Return the funnel of all areas, with the areas of each band in alphabetical order."""
    scene = scene_of(view, answers)
    if scene is None or scene.funnel is None or scene.rates is None or scene.counts is None:
        return None
    scope = scope_of(scene.rates, view.filters)
    # The map above says the one; this card, which shows both, says the other.
    apart = None if scene.as_bands else areas_apart(scene.counts, scene.rates, scope)
    return Facts(
        apart or standard(scene.rates, scope),
        _band_table(scene.funnel.areas, scene.rates, scene.places),
        subtitle=words.subtitle(scene.view, scene.rates),
        caption=LIMITS,
        figure=area_funnel_chart(
            scene.funnel,
            scene.places.words,
            palette=view.palette,
            selected=scene.place,
            unit=scene.rates.unit,
        ),
        answers=(scene.rates, scene.counts),
        scope=scope,
        below=_band_list(scene.funnel.areas, scene.places),
    )


def years_asks(view: View) -> dict[str, Ask]:
    """Return the question of the small maps: the measure by year and area."""
    places = places_here(view)
    if places is None:
        return {}
    within = view.picked["within"]
    where = {"area": (within,)} if within else {}
    parts = {"area_level": level_of(view, places), "period_level": "year"}
    return {"years": Ask(view.picked["measure"], ("period", "area"), where, parts=parts, region=True)}


def years(view: View, answers: Mapping[str, Answer]) -> Facts | None:
    """Return one small map a year, or a block of years where single years would leave most areas unshown."""
    places, by_year = places_here(view), answers.get("years")
    if places is None or places.atlas is None or by_year is None or by_year.refusal:
        return None
    if by_year.frame["area"].n_unique() > MOST_AREAS:
        layout.quiet(f"Maps by year are drawn for up to {MOST_AREAS} areas: open one area first.")
        return None
    whole = replace(view, filters=replace(view.filters, areas=()))
    inside = [view.picked["within"]] if view.picked["within"] else []
    pooled = pooling.by_years(whole, by_year.measure.code, level_of(view, places), inside)
    if pooled is None or len(pooled.blocks) < 2:
        layout.quiet("Maps by year need figures for at least two years.")
        return None
    blocks = [answer for _, answer in pooled.blocks]
    values = [value for answer in blocks for value in answer.frame["value"].to_list()]
    classes = value_classes(values, by_year.measure.written_as)
    panels = [(label, cells_of(answer, classes, places.words)) for label, answer in pooled.blocks]
    room = layout.inside("by_years", wide=True)
    columns = 2 if room < _NARROW else COLUMNS
    every = [cell for _, cells in panels for cell in cells]
    scope = scope_of(by_year, view.filters)
    finding = areas_changed(by_year, scope)
    unit = by_year.unit[:1].upper() + by_year.unit[1:]
    return Facts(
        finding,
        _years_table(pooled.blocks, finding, places),
        subtitle=words.subtitle(view, by_year),
        caption=pooled.note,
        figure=small_maps(panels, places.atlas, classes, palette=view.palette, columns=columns, width=room),
        answers=tuple(blocks),
        scope=scope,
        below=map_legend(classes, view.palette, unit, every),
    )


def _band_table(areas: pl.DataFrame, rates: Answer, places: Places) -> Table:
    limits = {row["area"]: row for row in rates.frame.iter_rows(named=True)}
    rows = []
    for row in areas.iter_rows(named=True):
        of_rate, kind = limits[row["area"]], rates.measure.kind
        rows.append(
            (
                places.words("area", row["area"]),
                text.value_text(of_rate["value"], kind),
                text.interval_text(of_rate["lower"], of_rate["upper"], kind),
                "no band" if row["band"] is None else BAND_LABELS[row["band"]],
            )
        )
    header = ("Area", f"{rates.measure.short} ({rates.unit})", "95% interval", "Against all areas together")
    return Table(header, (False, True, True, False), tuple(rows))


def _band_list(areas: pl.DataFrame, places: Places) -> str:
    """Return the areas of each band as HTML, alphabetical inside a band."""
    by_band = [(BAND_LABELS[band].capitalize(), pl.col("band") == band) for band in (4, 3, 2, 1, 0)]
    by_band.append(("No band (too few, or not shown)", pl.col("band").is_null()))
    items = [(label, areas.filter(part)["area"].to_list()) for label, part in by_band]
    rows = [
        f"<dt>{label}</dt><dd>{states.escape(_names(places, codes))}</dd>" for label, codes in items if codes
    ]
    return f'<dl class="ltt-bands">{"".join(rows)}</dl>'


def _names(places: Places, codes: Sequence[str]) -> str:
    names = sorted((places.words("area", code) for code in codes), key=str.casefold)
    return first_few(names, _MOST_NAMED)


def _years_table(blocks: Sequence[tuple[str, Answer]], finding: Finding, places: Places) -> Table:
    """Return one row an area: its number in each block of years, and whether it clearly changed."""
    shown: dict[str, list[str]] = {}
    for _, answer in blocks:
        for row in answer.frame.iter_rows(named=True):
            value = text.written(answer.measure, row)
            shown.setdefault(row["area"], []).append(value + text.star(row))
    runs = {part.facts["group"][0][1]: part.long_run or part.newest for part in finding.parts}
    verbs = {1: "rose", -1: "fell"}
    rows = [
        (places.words("area", code), *numbers, verbs[run.direction] if (run := runs.get(code)) else "")
        for code, numbers in shown.items()
    ]
    header = ("Area", *(label for label, _ in blocks), "Clear change")
    return Table(header, (False, *(True for _ in blocks), False), tuple(rows))
