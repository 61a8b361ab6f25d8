"""Headline measures side by side: value, interval, change in words, sparkline."""

from collections.abc import Sequence

import streamlit as st

from analysis import Answer
from analysis import periods as period_words
from ui import format as text
from ui import wording
from ui.charts.sparkline import sparkline
from ui.states import escape
from ui.view import View


def scorecard(view: View, answers: Sequence[Answer]) -> str:
    """Return headline measures as HTML: four across, two on a narrow screen, one on a phone.

    Parameters
    ----------
    view
        The page's view.
    answers
        Each by ``period`` only. A tile links to the same measure on the Trends page.
    """
    return f'<ul class="ltt-tiles">{"".join(_tile(view, answer) for answer in answers)}</ul>'


def _tile(view: View, answer: Answer) -> str:
    kind, measure = answer.measure.kind, answer.measure
    rows = list(answer.frame.iter_rows(named=True))
    newest = rows[-1]
    value = text.value_text(newest["value"], kind)
    interval = text.interval_text(newest["lower"], newest["upper"], kind)
    when = period_words.label_of(newest["period"])
    late = " provisional" if "p" in (newest["marker"] or "") else ""
    return (
        f'<li><a href="{escape(view.link_to("trends", measure=measure.code))}" target="_self">'
        f'<span class="ltt-tile-label">{escape(measure.label)}</span>'
        f'<span class="ltt-tile-row"><span class="ltt-tile-value">{escape(value)}</span>'
        f"{sparkline(answer, view.palette)}</span>"
        f'<span class="ltt-tile-note">{escape(f"{when}{late}")}'
        f"{f' · {escape(interval)}' if interval else ''}</span>"
        f'<span class="ltt-tile-change">{escape(_change(view, answer))}</span></a></li>'
    )


def _change(view: View, answer: Answer) -> str:
    change = wording.newest_change(view, answer, firm=False)
    if change is None:
        return "Change not shown"
    before = text.value_text(change.before, answer.measure.kind)
    earlier = period_words.label_of(change.before_period)
    if change.direction == 0:
        return f"No clear change from {before} in {earlier}"
    word = "Up" if change.direction > 0 else "Down"
    return f"{wording.ARROWS[change.direction]} {word} from {before} in {earlier}"


def what_changed(view: View, answers: Sequence[Answer], most: int = 5, least: int = 3) -> list[str]:
    """Return sentences about the newest year against the year before: clear changes first.

    Parameters
    ----------
    view
        The page's view.
    answers
        By ``period``, or by ``period`` and one dimension: then one sentence for each code that clearly
        changed.
    most, least
        So many sentences at most; unclear ones fill up to the least.
    """
    clear: list[str] = []
    unclear: list[str] = []
    for answer in answers:
        others = [name for name in answer.question.by if name != "period"]
        codes = answer.frame[others[0]].unique(maintain_order=True).to_list() if others else [None]
        for code in codes:
            pair = (others[0], code) if code is not None else None
            change = wording.newest_change(view, answer, code=pair, firm=False)
            if change is None or code == "not_recorded":
                continue
            label = answer.measure.label
            if code is not None:
                label = f"{view.words(others[0], code)}: {label.lower()}"
            sentence = wording.change_sentence(label, change, answer.measure.kind)
            if change.direction:
                clear.append(sentence)
            elif code is None:
                unclear.append(sentence)
    return (clear + unclear[: max(least - len(clear), 0)])[:most]


def draw_changes(sentences: Sequence[str]) -> None:
    """Draw the sentences of `what_changed` as a card of their own."""
    said = sentences or ["Nothing can be said: too few figures of the last two years can be shown."]
    items = "".join(f"<li>{escape(sentence)}</li>" for sentence in said)
    with st.container(border=True, key="card_changes"):
        st.html(f'<h3 class="ltt-headline">What changed</h3><ul class="ltt-changes">{items}</ul>')
