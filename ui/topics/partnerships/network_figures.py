"""The referral network of a year: who refers to whom, how concentrated it is, who alone carries a link."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import polars as pl

from analysis import Answer, Question
from analysis.catalog.model import NOT_RECORDED, lower_first
from analysis.topics.agreements import in_force, lapsed
from analysis.topics.network import Concentration, Link, concentration, single_points
from analysis.words import listed
from ui.cards import figure_card as cards
from ui.cards import layout
from ui.charts.figure import Figure
from ui.charts.flows.network import NetworkEdge, NetworkNode, network_chart, network_sentences
from ui.charts.grids.matrix import matrix_chart
from ui.topics import topic_cards
from ui.topics.partnerships import register_tables
from ui.view import controls, states, width
from ui.view.view import View

SENDER = "from_org_type"
RECEIVER = "to_org_type"
ARROWS, GRID = "arrows", "grid"
WITHIN = "Referrals from one kind of organisation to the same kind have no arrow; words and grid hold them."
ONLY_SHOWN = "The grid leaves out kinds of organisation without a number that is shown; the table has them."
OTHERS = ("other", "self_or_public")  # a sender who is no organisation is no point of failure


def receiver(view: View) -> str:
    """Return what stands for the receiver: the kind of organisation, or else the help that was asked for."""
    known = view.catalog.subjects["referral"].dimensions if "referral" in view.catalog.subjects else ()
    return "to_org_type" if "to_org_type" in known else "service_type"


def questions(view: View) -> dict[str, Question]:
    """Return the questions of the network, all of one year: links of several years have hidden parts."""
    year = topic_cards.settled_year(view)
    if year is None:
        return {}
    to = receiver(view)
    return {
        key: view.question("referrals_made", by, periods=(year, year))
        for key, by in {"links": [SENDER, to], "receivers": [to]}.items()
    }


def network(view: View, answers: Mapping[str, Answer]) -> None:
    """Draw the links, or say why not."""
    links, ends = answers.get("links"), answers.get("receivers")
    if links is None or ends is None:
        topic_cards.not_loaded("Who refers to whom", "referral")
        return
    if links.refusal or ends.refusal:
        layout.note("Who refers to whom", links.sentence, *links.notes, key="network")
        return
    nodes, edges = ring(view, links)
    # A grid can be read on a phone, arrows between nine names cannot.
    has_ring = bool(edges) and not view.phone
    look = _look() if has_ring else GRID
    notes = [view.catalog.caveats["network_hidden"].text]
    spread = _spread(view, ends)
    if spread is not None:
        notes.append(f"Referrals are {register_tables.spread(spread)} among receivers.")
    if look == GRID:
        notes.append(ONLY_SHOWN)
    elif any(edge.source == edge.target for edge in edges):
        notes.append(WITHIN)
    cards.figure_card(
        view,
        "network",
        links,
        network_chart(nodes, edges, palette=view.palette) if look == ARROWS else _grid(view, links),
        _headline(view, links, ends, spread),
        subtitle=topic_cards.subtitle(view, links),
        notes=notes,
        below=_in_words(nodes, edges) if edges else "",
    )


def _look() -> str:
    # Arrows between nine kinds of organisation cross each other some two dozen times.
    offered = {GRID: "Grid", ARROWS: "Arrows"}
    return controls.page_choice("network", "Show referrals as", offered, GRID, style="segments")


def _grid(view: View, links: Answer) -> Figure:
    wide = width.inside_card("network_grid", 1_000)  # "network" is the key of the choice
    return matrix_chart(_with_numbers(links), words=view.words, palette=view.palette, width=wide)


def _with_numbers(links: Answer) -> Answer:
    """Leave out kinds of organisation of which no number is shown: a phone has no room for empty columns."""
    shown = links.frame.filter(pl.col("value").is_not_null())
    if shown.is_empty():
        return links
    kept = links.frame
    for name in links.question.by:
        kept = kept.filter(pl.col(name).is_in(shown[name].unique().to_list()))
    return replace(links, frame=kept)


def ring(view: View, links: Answer) -> tuple[list[NetworkNode], list[NetworkEdge]]:
    """Return the kinds of organisation that hand on or receive, and the hand-offs that are shown.

    Hand-offs that are not shown are left out: whether there are any at all is not known. Receivers come
    first, so that they stand on one side of the ring and those that only send on the other.
    """
    if links.question.by != (SENDER, RECEIVER) or links.all_hidden or view.release is None:
        return [], []
    gone = _gone(view)
    edges = [
        NetworkEdge(row[SENDER], row[RECEIVER], row["value"], is_stopped=row["value"] == 0)
        for row in links.frame.iter_rows(named=True)
        if NOT_RECORDED not in (row[SENDER], row[RECEIVER])
        and (row["value"] or (row["value"] == 0 and (row[SENDER], row[RECEIVER]) in gone))
    ]
    alone = single_points(_links(links, RECEIVER), most_hidden=max(view.release.threshold - 1, 0))
    single = {one.sender for one in alone}
    receivers = dict.fromkeys(edge.target for edge in edges)
    senders = dict.fromkeys(edge.source for edge in edges if edge.source not in receivers)
    nodes = [
        NetworkNode(code, view.words(name, code), is_single_point=code in single, is_counted=False)
        for name, codes in ((RECEIVER, receivers), (SENDER, senders))
        for code in codes
    ]
    return nodes, edges


def _gone(view: View) -> set[tuple[str, str]]:
    """Return pairs of kinds whose referral agreements all ended with nothing that followed."""
    rows, day = topic_cards.rows_of(view, "agreement"), topic_cards.today(view)
    held = {(row["from_org_type"], row["to_org_type"]) for row in in_force(rows, day)}
    ended = {
        (row["from_org_type"], row["to_org_type"]) for row in lapsed(rows, day) if row["kind"] == "referral"
    }
    return ended - held


def _in_words(nodes: Sequence[NetworkNode], edges: Sequence[NetworkEdge]) -> str:
    largest_first = sorted(edges, key=lambda edge: -(edge.value or 0))
    items = "".join(f"<li>{states.escape(one)}</li>" for one in network_sentences(nodes, largest_first))
    return f'<details class="ltt-care"><summary>The network in words</summary><ul>{items}</ul></details>'


def _spread(view: View, ends: Answer) -> Concentration | None:
    if ends.all_hidden or view.release is None:
        return None
    to = receiver(view)
    sizes = {
        row[to]: row["value"]
        for row in ends.frame.iter_rows(named=True)
        if row[to] not in (NOT_RECORDED, "other")
    }
    return concentration(sizes, most_hidden=max(view.release.threshold - 1, 0), variance=view.release.v)


def _headline(view: View, links: Answer, ends: Answer, spread: Concentration | None) -> str:
    if links.all_hidden or ends.all_hidden or view.release is None:
        return ""
    to = receiver(view)
    most = max(view.release.threshold - 1, 0)
    year = ends.question.periods[0] if ends.question.periods else ""
    if spread is None:
        shown = {row[to] for row in ends.frame.iter_rows(named=True) if row["value"]}
        return "" if shown != {NOT_RECORDED} else f"Who received the referrals of {year} is not recorded"
    largest = view.words(to, spread.largest)
    kind = "organisation" if to == RECEIVER else "help"
    share = register_tables.percent(spread.largest_share)
    said = f"In {year}, {share} of referrals went to one kind of {kind}: {lower_first(largest)}"
    alone = single_points(_links(links, to), most_hidden=most)
    if not alone:
        return f"{said}. No receiver depends on one kind of sender"
    named = [
        f"{lower_first(view.words(to, one.receiver))} on {lower_first(view.words(SENDER, one.sender))}"
        for one in alone
    ]
    least = register_tables.percent(min(one.share for one in alone))
    return f"{said}. At least {least} comes from one: {listed(named)}"


def _links(answer: Answer, to: str) -> list[Link]:
    return [
        Link(row[SENDER], row[to], row["value"])
        for row in answer.frame.iter_rows(named=True)
        if NOT_RECORDED not in (row[SENDER], row[to]) and row[SENDER] not in OTHERS
    ]
