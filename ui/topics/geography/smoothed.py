"""Cards about all areas once chance is allowed for, about neighbours, and about areas without a number."""

from collections.abc import Mapping

from analysis import Answer
from analysis.findings.areas.smoothed import (
    GreyArea,
    SmoothedArea,
    grey_areas,
    grey_areas_said,
    smoothed_areas,
    smoothed_range,
)
from analysis.findings.areas.spots import Spots, spots_of, spots_said
from analysis.findings.compare import only
from analysis.findings.scope import scope_of
from analysis.words import listed
from ui import format as text
from ui.cards import layout, words
from ui.cards.card import Ask, FactCard, Facts
from ui.cards.table import Table
from ui.charts.bars.before_after import Pair, before_after_chart
from ui.charts.bars.estimates import Bar, estimates_chart
from ui.topics.geography import scene as scenes
from ui.topics.geography.choices import level_of, places_here, rate_pair
from ui.topics.geography.scene import Scene, scene_of
from ui.view.view import View

MOST_DRAWN = 40
HOW_SMOOTHED = (
    "Each rate is moved towards that of all areas: the more, the fewer people it is of. Paler: from fewer "
    "than 20 people. Whether an area stands apart is for the chart of all areas to say, not for this one."
)
LEFT_OUT = "Areas without a number are left out, so the lowest may be lower than drawn."
HOW_GREY = "Grey does not mean that nobody was exploited there."
HOW_BESIDE = "Of the areas named, at most one in twenty is there by chance. This says nothing of why."
ALIKE = "Over all areas, neighbours are more alike than chance would make them."
UNLIKE = "Over all areas, neighbours are no more alike than chance would make them."
SIDES = {1: "high among high", -1: "low among low", 0: ""}


def smoothed(view: View, answers: Mapping[str, Answer]) -> Facts | None:
    """Return the rate of each area with as much of its distance from the others as is not chance."""
    scene = scene_of(view, answers)
    if scene is None or scene.counts is None or scene.rates is None:
        return None
    areas = smoothed_areas(scene.counts, scene.rates)
    if not areas:
        layout.quiet("Rates are smoothed where three areas or more have one.")
        return None
    rates, scope = scene.rates, scope_of(scene.rates, view.filters)
    kind = rates.measure.kind
    bars = [
        Bar(
            scene.places.words("area", one.area),
            one.smoothed.value,
            one.smoothed.lower or 0.0,
            one.smoothed.upper or 0.0,
            is_quiet=one.is_unreliable,
        )
        for one in areas
    ]
    drawn = estimates_chart(bars, unit=rates.unit, kind=kind, palette=view.palette, narrow=view.phone)
    return Facts(
        smoothed_range(areas, rates, scope, scene.places.level_words(scene.level)),
        _smoothed_table(scene, areas),
        subtitle=f"{words.subtitle(scene.view, rates)}, smoothed",
        caption=f"{HOW_SMOOTHED} {LEFT_OUT if len(areas) < rates.frame.height else ''}".strip(),
        figure=drawn if len(areas) <= MOST_DRAWN else None,
        answers=(rates, scene.counts),
        scope=scope,
    )


def beside(view: View, answers: Mapping[str, Answer]) -> Facts | None:
    """Return where areas with high rates, or with low ones, lie side by side."""
    scene = scene_of(view, answers)
    if scene is None or scene.counts is None or scene.rates is None or view.release is None:
        return None
    found = spots_of(scene.counts, scene.rates, view.release, scene.places.geography.code)
    if isinstance(found, str):
        layout.quiet(found)
        return None
    rates, scope = scene.rates, scope_of(scene.rates, view.filters)
    per = text.significant
    pairs = [
        Pair(scene.places.words("area", one.area), one.beside, one.own, SIDES[one.side])
        for one in found.areas
        if one.beside is not None
    ]
    drawn = before_after_chart(
        pairs,
        unit=rates.unit,
        names=("Areas beside it", "The area"),
        palette=view.palette,
        top=max(max(one.before, one.after) for one in pairs),
        narrow=view.phone,
    )
    rows = tuple(
        (
            scene.places.words("area", one.area),
            text.value_text(one.own, rates.measure.kind),
            "" if one.beside is None else per(one.beside),
            listed([scene.places.words("area", code) for code in one.neighbours]) or "none",
            SIDES[one.side],
        )
        for one in found.areas
    )
    header = ("Area", f"{rates.measure.short}", "Areas beside it", "Which", "Stands out")
    return Facts(
        spots_said(found, rates, scope, scene.places.level_words(scene.level)),
        Table(header, (False, True, True, False, False), rows),
        subtitle=f"{words.subtitle(scene.view, rates)}, beside that of its neighbours",
        caption=_how_beside(found, scene),
        figure=drawn if len(pairs) <= MOST_DRAWN else None,
        answers=(rates, scene.counts),
        scope=scope,
    )


def grey(view: View, answers: Mapping[str, Answer]) -> Facts | None:
    """Return which areas have no number, why, and what stands in: all years together, or the area above."""
    scene = scene_of(view, answers)
    if scene is None or scene.counts is None or scene.rates is None:
        return None
    areas = grey_areas(scene.counts, scene.rates)
    if not areas:
        return None
    rates, scope = scene.rates, scope_of(scene.rates, view.filters)
    total = rates.frame.height
    kind = {1: scene.places.level_words(scene.level, 1), 2: scene.places.level_words(scene.level)}
    return Facts(
        grey_areas_said(areas, rates, scope, total, kind),
        _grey_table(scene, areas, answers),
        subtitle=f"Areas without a rate · {words.subtitle(scene.view, rates)}",
        caption=HOW_GREY,
        answers=(rates, scene.counts),
        scope=scope,
        table_below=True,
    )


def grey_asks(view: View) -> dict[str, Ask]:
    """Return the questions of the page's areas, with the rate of all years, and that of the areas above."""
    asked, places, pair = scenes.asks(view), places_here(view), rate_pair(view)
    if places is None or pair is None:
        return asked
    level = level_of(view, places)
    more = {"all_years": Ask(pair[1], ("area",), parts={"area_level": level, "periods": None}, region=True)}
    if level > 1:
        more["above"] = Ask(pair[1], ("area",), parts={"area_level": level - 1}, region=True)
    return {**asked, **more}


def _smoothed_table(scene: Scene, areas: tuple[SmoothedArea, ...]) -> Table:
    kind = scene.rates.measure.kind if scene.rates else "rate"
    rows = tuple(
        (
            scene.places.words("area", one.area),
            text.value_text(one.own, kind),
            text.value_text(one.smoothed.value, kind),
            text.interval_text(one.smoothed.lower, one.smoothed.upper, kind),
            f"{100 * one.weight:.0f}%",
            "unreliable: from fewer than 20 people" if one.is_unreliable else "",
        )
        for one in areas
    )
    header = ("Area", "As published", "Smoothed", "95% interval", "Of its own", "")
    return Table(header, (False, True, True, True, True, False), rows)


def _how_beside(found: Spots, scene: Scene) -> str:
    alone = [scene.places.words("area", code) for code in found.islands]
    none = f"Without a neighbour, and left out: {listed(alone)}." if alone else ""
    return " ".join(filter(None, (HOW_BESIDE, ALIKE if found.alike < 0.05 else UNLIKE, none)))


def _grey_table(scene: Scene, areas: tuple[GreyArea, ...], answers: Mapping[str, Answer]) -> Table:
    rows = []
    for one in areas:
        parent = scene.places.geography.areas[one.area].parent or ""
        residents = "not known" if one.residents is None else f"{one.residents:,.0f}"
        expected = "" if one.expected is None else text.significant(one.expected)
        rows.append(
            (
                scene.places.words("area", one.area),
                residents,
                expected,
                _rate_of(answers.get("all_years"), one.area),
                f"{scene.places.words('area', parent)}: {_rate_of(answers.get('above'), parent)}"
                if "above" in answers
                else "",
            )
        )
    header = (
        "Area",
        "Residents",
        "Expected a year at the common rate",
        "All years together",
        "The area above",
    )
    return Table(header, (False, True, True, True, False), tuple(rows))


def _rate_of(answer: Answer | None, area: str) -> str:
    value = only(answer, area=area) if answer is not None and not answer.refusal else None
    if value is None or answer is None:
        return text.NOT_SHOWN
    kind = answer.measure.kind
    poor = " (unreliable)" if "u" in value.marker else ""
    limits = text.interval_text(value.lower, value.upper, kind)
    return f"{text.value_text(value.value, kind)}{f' ({limits})' if limits else ''}{poor}"


SMOOTHED = FactCard("smoothed", smoothed, scenes.asks)
BESIDE = FactCard("beside", beside, scenes.asks)
GREY = FactCard("grey", grey, grey_asks)
