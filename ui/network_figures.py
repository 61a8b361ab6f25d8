"""The referral network of a year: who refers to whom, how concentrated it is, who alone carries a link."""

from collections.abc import Mapping

from analysis import Answer, Question
from analysis.catalog import NOT_RECORDED
from analysis.filters import lower_first
from analysis.network import Link, concentration, single_points
from analysis.wording import listed
from ui import cards, layout, register_tables, topic_cards, width
from ui.charts.matrix import matrix_chart
from ui.view import View

SENDER = "from_org_type"
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
        layout.note("Who refers to whom", links.sentence, *links.notes)
        return
    figure = matrix_chart(
        links, words=view.words, palette=view.palette, width=width.inside_card("network", 1_000)
    )
    cards.figure_card(
        view,
        "network",
        links,
        figure,
        _headline(view, links, ends),
        subtitle=topic_cards.subtitle(view, links),
        notes=[view.catalog.caveats["network_hidden"].text],
    )


def _headline(view: View, links: Answer, ends: Answer) -> str:
    if links.all_hidden or ends.all_hidden or view.release is None:
        return ""
    to = receiver(view)
    most = max(view.release.threshold - 1, 0)
    sizes = {
        row[to]: row["value"]
        for row in ends.frame.iter_rows(named=True)
        if row[to] not in (NOT_RECORDED, "other")
    }
    spread = concentration(sizes, most_hidden=most, variance=view.release.v)
    if spread is None:
        return ""
    largest = view.words(to, spread.largest)
    year = ends.question.periods[0] if ends.question.periods else ""
    said = (
        f"In {year}, {register_tables.percent(spread.largest_share)} of referrals were to "
        f"{lower_first(largest)}; "
        f"receivers are {register_tables.spread(spread)}"
    )
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
