"""The figure card: the only way to put a chart on a page.

Headline sentence, subtitle, chart, caption, then quiet text buttons, always in this order: Table, Download,
Copy link. The buttons of a card rerun that card and nothing else.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import streamlit as st

from analysis import Answer
from analysis import periods as period_words
from analysis.catalog.model import lower_first
from analysis.words import SUMS_OF_SHOWN, listed
from ui import format as text
from ui import theme
from ui.cards import card_file
from ui.cards import table as tables
from ui.charts.figure import Checked, Figure
from ui.format import PARTIAL_NOTE
from ui.view import states
from ui.view.view import REPORTED, View


@dataclass(frozen=True)
class _Card:
    """What one card draws; see `figure_card`."""

    view: View
    key: str
    answers: tuple[Answer, ...]
    figure: Figure | str | None
    headline: str
    subtitle: str
    alt: str
    notes: tuple[str, ...]
    below: str
    coarser: tuple[str, Callable[[], None]] | None
    on_select: Callable[[], None] | Literal["rerun"] | None
    selection_mode: tuple[Literal["points", "box", "lasso"], ...]
    has_table: bool


def figure_card(
    view: View,
    key: str,
    answers: Answer | Sequence[Answer],
    figure: Figure | str | None,
    headline: str = "",
    *,
    subtitle: str = "",
    alt: str = "",
    notes: Sequence[str] = (),
    below: str = "",
    coarser: tuple[str, Callable[[], None]] | None = None,
    on_select: Callable[[], None] | Literal["rerun"] | None = None,
    selection_mode: Sequence[Literal["points", "box", "lasso"]] = ("points",),
    table: bool = True,
) -> Any:
    """Draw one figure with its words, its table, its download and its link.

    Parameters
    ----------
    view
        The page's view.
    key
        Unique on the page; letters, digits and underscores. Also the CSS class ``st-key-card_<key>``.
    answers
        What the chart shows. The table and the download hold exactly these, no column more.
    figure
        From `ui.charts`; HTML for a drawing that is not a Plotly chart, such as `scorecard.scorecard`;
        None when there is nothing to draw: the card then shows the table.
    headline
        The finding in one sentence; the (first) answer's own sentence when empty.
    subtitle
        Measure, unit, place, period, filters; made from the question when empty.
    alt
        Text for a screen reader; made from the headline, the axes and the extremes when empty.
    notes
        Sentences added to the caption.
    below
        HTML under the chart that belongs to it, such as the numbered list of events
        (`charts.line.event_list`).
    coarser
        Words and callback of the button offered when every value is hidden, such as
        ``("Show years instead of months", callback)``.
    on_select, selection_mode
        As `st.plotly_chart`; with `on_select` the chart's selection is returned and reruns the page.
    table
        False for a card whose table is drawn beside it anyway.

    Returns
    -------
    The selection of the chart when `on_select` is given, else None.
    """
    given = (answers,) if isinstance(answers, Answer) else tuple(answers)
    card = _Card(
        view=view,
        key=key,
        answers=given,
        figure=figure,
        headline=headline or given[0].sentence,
        subtitle=subtitle or _subtitle(view, given[0]),
        alt=alt,
        notes=(*_filters_left_out(view, given), *(note for note in notes if note)),
        below=below,
        coarser=coarser,
        on_select=on_select,
        selection_mode=tuple(selection_mode),
        has_table=table and figure is not None,
    )
    return _draw(card) if on_select else _draw_alone(card)


def _draw(card: _Card) -> Any:
    selection = None
    with st.container(border=True, key=f"card_{card.key}"):
        st.html(
            f'<h2 class="ltt-headline">{states.escape(card.headline)}</h2>'
            f'<p class="ltt-subtitle">{states.escape(card.subtitle)}</p>'
        )
        if all(answer.all_hidden for answer in card.answers):
            words, callback = card.coarser or ("", None)
            states.all_hidden(words, callback, key=card.key, why=why_hidden(card.answers))
        elif card.figure is None or (card.has_table and st.session_state.get(f"{card.key}_as_table")):
            for answer in card.answers:
                st.html(_table_html(card, answer))
        elif isinstance(card.figure, str):
            st.html(card.figure)
        else:
            selection = _chart(card, card.figure)
        if card.below:
            st.html(card.below)
        st.html(_caption_html(card))
        _buttons(card)
    return selection


_draw_alone = st.fragment(_draw)


def why_hidden(answers: Sequence[Answer]) -> str:
    """Return why nothing is shown: small numbers, or nothing collected or published."""
    markers = "".join(marker or "" for answer in answers for marker in answer.frame["marker"])
    return states.NOT_AVAILABLE_WHY if markers and "c" not in markers else states.NOT_SHOWN_WHY


def _chart(card: _Card, figure: Figure) -> Any:
    alt = card.alt or alt_text(card.view, card.answers[0], card.headline)
    if card.view.phone and not needs_height(figure) and figure["layout"]["height"] <= theme.HEIGHT_LARGE:
        figure = figure | {"layout": figure["layout"] | {"height": theme.HEIGHT_PHONE}}
    shared: dict[str, Any] = {"theme": None, "config": theme.CONFIG, "alt": alt, "width": "stretch"}
    if card.on_select:
        return st.plotly_chart(
            Checked(figure),
            key=f"{card.key}_chart",
            on_select=card.on_select,
            selection_mode=card.selection_mode,
            **shared,
        )
    st.plotly_chart(Checked(figure), key=f"{card.key}_chart", **shared)
    return None


def needs_height(figure: Figure) -> bool:
    """Return whether a chart needs its height on a phone too: rows with names, names beside lines, a map.

    A map is fitted to its height: less of it would cut off areas.
    """
    if any(trace["type"] == "choroplethmap" for trace in figure["data"]):
        return True
    beside = [
        note
        for note in figure["layout"].get("annotations", ())
        if note.get("xref") == "paper" and note["x"] == 1
    ]
    return len(beside) > 1 or any(trace.get("orientation") == "h" for trace in figure["data"])


def _table_html(card: _Card, answer: Answer) -> str:
    shown = tables.readable(answer, card.view.words, card.view.header)
    return tables.to_html(shown, f"{answer.measure.label}. {card.subtitle}")


def _buttons(card: _Card) -> None:
    view, key = card.view, card.key
    with st.container(horizontal=True, key=f"{key}_buttons", gap="small"):
        if card.has_table:
            state = f"{key}_as_table"
            showing = bool(st.session_state.get(state))

            def flip() -> None:
                st.session_state[state] = not showing

            st.button("Chart" if showing else "Table", key=f"{key}_table", type="tertiary", on_click=flip)
        file_name = card_file.name(view.page.code, key, view.export_context())
        st.download_button(
            "Download",
            lambda: card_file.deliver(view.export_items(card.answers), view.export_context(), file_name),
            file_name=file_name,
            mime="text/csv",
            key=f"{key}_download",
            type="tertiary",
            on_click="ignore",
            help="The figures of this chart as CSV",
        )
        with st.popover("Copy link", type="tertiary", key=f"{key}_link"):
            st.caption("The address of this card with everything chosen on its page.")
            st.code(view.link(key), language=None, wrap_lines=True)


def caption(answers: Sequence[Answer], notes: Sequence[str] = ()) -> str:
    """Return "Source: … · as of … · 2 of 40 cells not shown · Reported, not prevalence.", and the notes."""
    first = answers[0]
    shown = sum(answer.cells_shown for answer in answers)
    total = sum(answer.cells_total for answer in answers)
    cells = (
        f"all {total:,} cells shown" if shown == total else f"{total - shown:,} of {total:,} cells not shown"
    )
    parts = [f"Source: {sources(answers)}", f"as of {text.date_text(first.as_of)}", cells, REPORTED]
    own = [note for answer in answers for note in answer.notes]
    if PARTIAL_NOTE in notes:  # each such sum has its star; how many there are adds nothing
        own = [note for note in own if not note.endswith(SUMS_OF_SHOWN)]
    return " · ".join(parts) + "." + "".join(f" {note}" for note in dict.fromkeys((*notes, *own)))


def _filters_left_out(view: View, answers: Sequence[Answer]) -> list[str]:
    """Return which shared filters do not apply to which of the measures."""
    lost: dict[tuple[str, ...], list[str]] = {}
    for measure in dict.fromkeys(answer.measure.code for answer in answers):
        names = tuple(view.left_out(measure))
        if names:
            lost.setdefault(names, []).append(lower_first(view.measure(measure).label))
    return [
        f"The filter by {listed(list(names))} does not apply to {listed(labels)}."
        for names, labels in lost.items()
    ]


def sources(answers: Sequence[Answer]) -> str:
    """Return the sources of all answers, each once; one that another begins with is said by that."""
    named = list(dict.fromkeys(answer.source.rstrip(". ") for answer in answers))
    longest = [one for one in named if not any(other != one and other.startswith(one) for other in named)]
    return "; ".join(longest)


def _caption_html(card: _Card) -> str:
    """Return the caption, and under it, closed, the sentences a careful reader wants."""
    html = f'<p class="ltt-caption">{states.escape(caption(card.answers, card.notes))}</p>'
    said = dict.fromkeys(sentence for answer in card.answers for sentence in answer.caveats)
    if not said:
        return html
    items = "".join(f"<li>{states.escape(sentence)}</li>" for sentence in said)
    care = f'<details class="ltt-care"><summary>Read with care</summary><ul>{items}</ul></details>'
    return f'<div class="ltt-foot">{html}{care}</div>'


def alt_text(view: View, answer: Answer, headline: str) -> str:
    """Return the headline, what the axes are, and the extremes."""
    by = [tables.dimension_label(answer, name, view.header) for name in answer.question.by]
    said = [headline.rstrip(".") + "."]
    said.append(f"{answer.measure.label} by {', '.join(by).lower()}." if by else f"{answer.measure.label}.")
    rows = [row for row in answer.frame.iter_rows(named=True) if row["value"] is not None]
    if rows and answer.question.by:
        kind = answer.measure.kind
        for word, pick in (("Lowest", min), ("highest", max)):
            row = pick(rows, key=lambda one: one["value"])
            where = ", ".join(
                period_words.label_of(row[name]) if name == "period" else view.words(name, row[name])
                for name in answer.question.by
            )
            said.append(f"{word} {text.value_text(row['value'], kind)} ({where})")
        said[-2:] = [f"{said[-2]}, {said[-1]}."]
    hidden = answer.frame["value"].null_count()
    if hidden:
        said.append(f"{hidden} values are not shown.")
    return " ".join(said)


def _subtitle(view: View, answer: Answer) -> str:
    measure = answer.measure
    parts = [measure.label if measure.unit in measure.label.lower() else f"{measure.label} ({answer.unit})"]
    parts.append(view.described_for(measure.code))
    if "period" in answer.question.by:
        parts.append(f"by {answer.question.period_level}")
    parts.append(f"{view.profile} release")
    return " · ".join(parts)
