"""The referral network of a year: a grid or arrows between kinds of organisation, and the same in words."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import polars as pl

from analysis import Answer
from analysis.catalog.model import NOT_RECORDED, Measure
from analysis.findings.finding import Finding
from analysis.findings.topics.partnership import RECEIVER, SENDER, links_of, who_receives
from analysis.topics.agreements import in_force, lapsed
from analysis.topics.network import concentration, single_points
from ui.cards import layout
from ui.cards.card import Ask, Card, Choice, Needs, Shown
from ui.charts.figure import Figure
from ui.charts.flows.network import NetworkEdge, NetworkNode, network_chart, network_sentences
from ui.charts.grids.matrix import matrix_chart
from ui.format import star, told
from ui.view import states
from ui.view.view import View

Row = Mapping[str, Any]
REFERRALS = "referrals_made"
ARROWS, GRID, WORDS = "arrows", "grid", "words"
RECEIVERS = "receivers"
LOOK = Choice("network", "Show referrals as", {GRID: "Grid", ARROWS: "Arrows", WORDS: "Words"})
WITHIN = "Referrals inside one kind of organisation have no arrow; grid, words and table have them."
ONLY_SHOWN = "Kinds without a number that is shown are in the table only."
NEARLY_ALL = "Nearly all: at least 80%, whatever the hidden numbers are."


def _say(shown: Shown) -> Finding:
    receivers = shown.answers.get(RECEIVERS, shown.answer)
    return who_receives(shown.answer, receivers, shown.scope, _most_hidden(shown.view))


def _most_hidden(view: View) -> int:
    return max(view.release.threshold - 1, 0) if view.release else 0


def _chart(shown: Shown) -> Figure | str:
    view, look = shown.view, shown.picked.get(LOOK.name, GRID)
    if look != GRID:
        totals = _totals(shown)
        nodes, edges = ring(view, shown.answer, totals)
        if edges and look == WORDS:
            largest_first = sorted(edges, key=lambda edge: -(edge.value or 0))
            received = [
                f"{view.words(RECEIVER, code)} {_in_all(shown.answer.measure, total)}."
                for code, total in totals.items()
            ]
            said = [*received, *network_sentences(nodes, largest_first)]
            items = "".join(f"<li>{states.escape(one)}</li>" for one in said)
            return f'<ul class="ltt-note">{items}</ul>'
        if edges and not view.phone:  # arrows between nine names cannot be read on a phone
            return network_chart(nodes, edges, palette=view.palette)
    width = layout.inside("network", wide=True)
    heads = {code: _in_all(shown.answer.measure, total) for code, total in _totals(shown).items()}
    links = _with_numbers(shown.answer)
    return matrix_chart(links, words=view.words, palette=view.palette, width=width, totals=heads)


def _totals(shown: Shown) -> dict[str, Row]:
    """Return what each kind of organisation received from all together, as the headline names it."""
    receivers = shown.answers.get(RECEIVERS)
    rows = receivers.frame.iter_rows(named=True) if receivers else ()
    return {row[RECEIVER]: row for row in rows if row["value"] is not None}


def _in_all(measure: Measure, total: Row) -> str:
    return f"({told(measure, total)} in all)".replace(" ", "\u00a0")


def _notes(shown: Shown) -> list[str]:
    view = shown.view
    notes = [view.catalog.caveats["network_hidden"].text]
    if _say(shown).facts.get("alone"):
        notes.append(NEARLY_ALL)
    notes.append(ONLY_SHOWN if shown.picked.get(LOOK.name, GRID) == GRID else WITHIN)
    if shown.picked.get(LOOK.name, GRID) != WORDS:
        return notes
    receivers: Mapping[str, float | None] = {
        row[RECEIVER]: row["value"]
        for row in shown.answers.get(RECEIVERS, shown.answer).frame.iter_rows(named=True)
        if row[RECEIVER] not in (NOT_RECORDED, "other")
    }
    variance = view.release.v if view.release else 0.0
    spread = concentration(receivers, most_hidden=_most_hidden(view), variance=variance)
    if spread is not None:
        limits = f" ({spread.lower:.2f}–{spread.upper:.2f})" if spread.upper - spread.lower >= 0.01 else ""
        notes.append(f"Concentration index {spread.value:.2f}{limits}; 1 would be one receiver alone.")
    return notes


def _with_numbers(links: Answer) -> Answer:
    """Leave out kinds of organisation of which no number is shown: a phone has no room for empty columns."""
    shown = links.frame.filter(pl.col("value").is_not_null())
    kept = links.frame
    for name in links.question.by:
        kept = kept.filter(pl.col(name).is_in(shown[name].unique().to_list()))
    return replace(links, frame=kept)


def ring(view: View, links: Answer, totals: Mapping[str, Row]) -> tuple[list[NetworkNode], list[NetworkEdge]]:
    """Return the kinds of organisation that hand on or receive, and the hand-offs that are shown.

    Hand-offs that are not shown are left out: whether there are any at all is not known. Receivers come
    first, so that they stand on one side of the ring and those that only send on the other. `totals` are what
    receivers got in all, beside their names.
    """
    gone = _gone(view)
    edges = [
        NetworkEdge(
            row[SENDER], row[RECEIVER], row["value"], is_stopped=row["value"] == 0, is_part=bool(star(row))
        )
        for row in links.frame.iter_rows(named=True)
        if NOT_RECORDED not in (row[SENDER], row[RECEIVER])
        and (row["value"] or (row["value"] == 0 and (row[SENDER], row[RECEIVER]) in gone))
    ]
    single = {one.sender for one in single_points(links_of(links), most_hidden=_most_hidden(view))}
    receivers = dict.fromkeys(edge.target for edge in edges)
    senders = dict.fromkeys(edge.source for edge in edges if edge.source not in receivers)
    nodes = [
        NetworkNode(
            code,
            view.words(name, code),
            totals[code]["value"] if (is_counted := name == RECEIVER and code in totals) else None,
            is_single_point=code in single,
            is_counted=is_counted,
            is_part=is_counted and bool(star(totals[code])),
        )
        for name, codes in ((RECEIVER, receivers), (SENDER, senders))
        for code in codes
    ]
    return nodes, edges


def _gone(view: View) -> set[tuple[str, str]]:
    """Return pairs of kinds whose referral agreements all ended and were not renewed."""
    rows, day = view.rows("agreement"), view.as_of
    held = {(row["from_org_type"], row["to_org_type"]) for row in in_force(rows, day)}
    ended = {
        (row["from_org_type"], row["to_org_type"]) for row in lapsed(rows, day) if row["kind"] == "referral"
    }
    return ended - held


# Of one year: links of several years have hidden parts.
NETWORK = Card(
    "network",
    REFERRALS,
    (SENDER, RECEIVER),
    settled=True,
    chart=_chart,
    say=_say,
    more={RECEIVERS: Ask(REFERRALS, (RECEIVER,), settled=True)},
    in_table=(RECEIVERS,),
    notes=_notes,
    wide=True,
    needs=Needs("Who refers to whom", "referral"),
)
