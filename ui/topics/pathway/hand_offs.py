"""Hand-offs between two organisations that were usual and are now too few to show."""

from collections.abc import Iterable, Mapping, Sequence

from analysis import Answer
from analysis.findings.finding import hidden
from analysis.findings.scope import scope_of
from analysis.findings.topics.pathway import hand_offs, refused
from analysis.periods import label_of_range
from analysis.topics.pathway import Stopped, stopped_hand_offs
from analysis.words import number_text
from ui.cards.card import Ask, Facts, Needs
from ui.cards.table import Table
from ui.charts.time.line import line_chart
from ui.format import told
from ui.topics.pathway.flow import MADE
from ui.view.view import View

USUAL_TIMES = 3  # a hand-off counts as usual from this many times the smallest number shown
COLUMNS, NUMERIC = ("Year", "Hand-off", "Referrals"), (False, False, True)
EMPTY = Table(COLUMNS, NUMERIC, ())
ALL_YEARS = {"periods": None}
ANSWERS = {
    "pairs": Ask(MADE, ("period", "from_org_type", "to_organisation"), parts=ALL_YEARS),
    "senders": Ask(MADE, ("period", "from_org_type"), parts=ALL_YEARS),
}
RULE = "At least {} a year, then none shown for two years, while its referrers went on."


RECEIVERS = Needs("Hand-offs that stopped, by the organisation that received them", "organisation")


def lacks_receivers(view: View) -> bool:
    """Return whether no organisation is listed that a hand-off could name."""
    names = view.release.listed("receiver") if view.release else {}
    return not set(names) - {"unlisted", "not_recorded"}


def facts(view: View, answers: Mapping[str, Answer]) -> Facts | Needs | None:
    """Return the largest hand-off that fell away, with its years, and the others in the table."""
    pairs, senders = answers.get("pairs"), answers.get("senders")
    if pairs is None or senders is None or view.release is None:
        return None
    if lacks_receivers(view):
        return RECEIVERS
    if pairs.refusal or senders.refusal:
        return Facts(refused(pairs if pairs.refusal else senders), EMPTY, "Referrals made")
    usual = USUAL_TIMES * max(view.release.threshold, 10)
    fell = stopped_hand_offs(
        pairs.frame.iter_rows(named=True), senders.frame.iter_rows(named=True), usual=usual
    )
    scope = scope_of(pairs, view.filters)
    finding = hand_offs(fell, _agreements_ended(view, fell), pairs.in_sentence, scope)
    if not fell and pairs.all_hidden:
        return Facts(hidden(pairs, scope), EMPTY, "Referrals made by year", scope=scope)
    if not fell:
        return Facts(finding, EMPTY, "Referrals made by year", RULE.format(usual), scope=scope)
    where = {"from_org_type": [fell[0].sender], "to_organisation": [fell[0].receiver]}
    [line] = view.answer([view.question(MADE, ["period"], where=where, periods=None)], strict=False)
    sender, receiver = _names(view, fell[0])
    return Facts(
        finding,
        _table(view, fell, line),
        f"Referrals made · {sender} to {receiver} · by year",
        RULE.format(usual),
        figure=line_chart(line, view.catalog, words=view.words, palette=view.palette),
        answers=(line,),
        scope=scope,
    )


def _table(view: View, fell: Sequence[Stopped], line: Answer) -> Table:
    """Return the years of the largest one, newest first, and the usual number of each that fell away."""
    years = [
        (row["period"], " to ".join(_names(view, fell[0])), told(line.measure, row))
        for row in reversed(line.frame.to_dicts())
    ]
    usual = [
        (
            f"Mean of {label_of_range(*one.years)}",
            " to ".join(_names(view, one)),
            number_text(line.measure, one.before),
        )
        for one in fell
    ]
    return Table(COLUMNS, NUMERIC, (*usual, *years))


def _names(view: View, one: Stopped) -> tuple[str, str]:
    return view.words("from_org_type", one.sender), view.words("to_organisation", one.receiver)


def _agreements_ended(view: View, fell: Iterable[Stopped]) -> frozenset[tuple[str, str]]:
    """Return those whose agreement ended in the year of the fall, as sender and receiver."""
    ended = set()
    for one in fell:
        _, receiver = _names(view, one)
        for row in view.rows("agreement"):
            ends = row["end_date"]
            is_same = row["from_org_type"] == one.sender and row["to_name"] == receiver
            if is_same and ends and str(ends.year) in (one.stopped_in, one.last_shown):
                ended.add((one.sender, one.receiver))
    return frozenset(ended)
