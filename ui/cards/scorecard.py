"""Headline measures side by side: value, interval, change in words, sparkline."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from analysis import Answer, Measure
from analysis.catalog.model import NOT_RECORDED, PILLARS
from analysis.findings.targets import WORDS, Target, standing, targets_of
from analysis.periods import label_of
from analysis.words import interval_text, number_text, with_unit
from ui.app.states import escape
from ui.app.view import View
from ui.charts.time.sparkline import sparkline
from ui.topics import wording

MOST_IN_A_PILLAR, ENOUGH = 2, 8
WIDEST = 4  # columns of one pillar; frame.css has a class for each


def chosen(measures: Sequence[Measure]) -> list[Measure]:
    """Return the measures that get a tile: two of each pillar, and others where that leaves room.

    Parameters
    ----------
    measures
        Those of the page that there are figures for, in catalog order. One for each category of a dimension
        has no tile. Figures published by others have tiles only where there are no own ones.
    """
    plain = [one for one in measures if one.has_one_value]
    plain = [one for one in plain if one.door != "published"] or plain
    taken: list[Measure] = []
    for pillar in ("", *PILLARS):
        taken += [one for one in plain if one.pillar == pillar][:MOST_IN_A_PILLAR]
    spare = [one for one in plain if one not in taken]
    taken += spare[: max(ENOUGH - len(taken), 0)]
    return [one for one in plain if one in taken]


def scorecard(view: View, answers: Sequence[Answer]) -> str:
    """Return headline measures as HTML: a column of two for each pillar, under each other on a phone.

    Parameters
    ----------
    view
        The page's view.
    answers
        Each by ``period`` only. A tile links to the same measure on the Trends page.
    """
    targets = targets_of(view.release, view.catalog) if view.release else {}
    period = told(answers[0])["period"]
    by_pillar: dict[str, list[str]] = {pillar: [] for pillar in ("", *PILLARS)}
    for answer in answers:
        tile = _tile(view, answer, targets.get(answer.measure.code), period)
        by_pillar[answer.measure.pillar].append(tile)
    pillars = "".join(_pillar(pillar, tiles) for pillar, tiles in by_pillar.items() if tiles)
    return f'<div class="ltt-pillars">{pillars}</div>'


def _pillar(pillar: str, tiles: Sequence[str]) -> str:
    columns = min(-(-len(tiles) // MOST_IN_A_PILLAR), WIDEST)
    title = f'<h3 class="ltt-pillar">{pillar.capitalize() or "People"}</h3>'
    return f'<section class="ltt-span-{columns}">{title}<ul class="ltt-tiles">{"".join(tiles)}</ul></section>'


def _tile(view: View, answer: Answer, target: Target | None, period: str) -> str:
    """Return one tile; its period is named where the card's headline names another."""
    measure = answer.measure
    newest = told(answer)
    when = f"in {label_of(newest['period'])}" if newest["period"] != period else ""
    value = number_text(measure, newest["value"])
    interval = interval_text(measure, newest["lower"], newest["upper"]).strip(" ()")
    size = "ltt-tile-value" if newest["value"] is not None else "ltt-tile-hidden"
    return (
        f'<li><a href="{escape(view.link_to("trends", measure=measure.code))}" target="_self">'
        f'<span class="ltt-tile-label">{escape(measure.label)}</span>'
        f'<span class="ltt-tile-row"><span class="{size}">{escape(value)}</span>'
        f"{sparkline(answer, view.palette)}</span>"
        f'<span class="ltt-tile-note">{escape(" ".join(filter(None, (interval, when))))}</span> '
        f'<span class="ltt-tile-change">{escape(change(view, answer))}</span>'
        f"{_target(measure, target, newest)}</a></li>"
    )


def _target(measure: Measure, target: Target | None, newest: dict[str, Any]) -> str:
    if target is None:
        return ""
    where = standing(target, newest["value"], newest["lower"], newest["upper"])
    said = f"{target.words(measure)}{': ' + WORDS[where] if where else ''}"
    return f'<span class="ltt-tile-target">{escape(said)}</span>'


def told(answer: Answer) -> dict[str, Any]:
    """Return the row a tile tells: the newest complete period; a provisional one is still filling up."""
    rows = answer.frame.rows(named=True)
    return next((row for row in reversed(rows) if "p" not in row["marker"]), rows[-1])


def filling(answers: Sequence[Answer]) -> str:
    """Return "2025 is still filling up" where a newer period than the one told is provisional."""
    newest = answers[0].frame["period"][-1]
    return "" if newest == told(answers[0])["period"] else f"{label_of(newest)} is still filling up"


def headline(answers: Sequence[Answer]) -> str:
    """Return "2024 against 2023": which periods the tiles compare."""
    row = told(answers[0])
    words = f"{label_of(row['period'])}{' (provisional)' if 'p' in row['marker'] else ''}"
    before = _before(answers[0])
    return f"{words} against {label_of(before)}" if before else words


def _before(answer: Answer) -> str:
    """Return the period before the one a tile tells, or an empty text."""
    listed = answer.frame["period"].to_list()
    place = listed.index(told(answer)["period"])
    return listed[place - 1] if place else ""


def change(view: View, answer: Answer) -> str:
    """Return how the newest figure differs from the one before, in a few words."""
    found = wording.newest_movement(view, answer)
    if found is None or found.later.period != told(answer)["period"]:
        return "Change not shown"
    before, earlier = with_unit(answer.measure, found.earlier.value), label_of(found.earlier.period)
    if found.direction == 0:
        return "No clear change"
    word = "Up" if found.direction > 0 else "Down"
    return f"{wording.ARROWS[found.direction]} {word} from {before}{_in(answer, earlier)}"


def _in(answer: Answer, earlier: str) -> str:
    """Say which period, unless it is the one before: the card's headline names that."""
    before = _before(answer)
    return "" if before and label_of(before) == earlier else f" in {earlier}"


def what_changed(
    view: View, answers: Sequence[Answer], others: Sequence[Answer] = (), most: int = 6, least: int = 3
) -> list[str]:
    """Return sentences about the newest year against the year before: clear changes, the largest first.

    How large is how many times the smaller figure the larger one is, so that people, shares and money have
    one scale.

    Parameters
    ----------
    view
        The page's view.
    answers
        By ``period``, or by ``period`` and one dimension: then one sentence for each code that clearly
        changed.
    others
        By ``period``, of other pages: told only where they clearly changed.
    most, least
        So many sentences at most; unclear ones fill up to the least.
    """
    known = told(answers[0])["period"]
    clear: list[tuple[float, str]] = []
    unclear: list[str] = []
    for answer, is_other in [*((one, False) for one in answers), *((one, True) for one in others)]:
        names = [name for name in answer.question.by if name != "period"]
        codes = answer.frame[names[0]].unique(maintain_order=True).to_list() if names else [None]
        for code in codes:
            pair = (names[0], code) if code is not None else None
            found = wording.newest_movement(view, answer, code=pair)
            if found is None or code == NOT_RECORDED:
                continue
            label = answer.measure.label
            if code is not None:
                label = f"{view.words(names[0], code)}: {label.lower()}"
            sentence = wording.movement_sentence(label, answer.measure, found, known)
            if found.direction:
                clear.append((found.size, sentence))
            elif code is None and not is_other:
                unclear.append(sentence)
    largest = [sentence for _, sentence in sorted(clear, key=lambda pair: pair[0], reverse=True)]
    return (largest + unclear[: max(least - len(clear), 0)])[:most]


def draw_changes(title: str, sentences: Sequence[str]) -> None:
    """Draw the sentences of `what_changed` as a card of their own."""
    said = sentences or ["Nothing can be said: too few figures of the last two years can be shown."]
    items = "".join(f"<li>{escape(sentence)}</li>" for sentence in said)
    with st.container(border=True, key="card_changes"):
        st.html(f'<h2 class="ltt-headline">{escape(title)}</h2><ul class="ltt-changes">{items}</ul>')
