"""Headline measures side by side: value, interval, change in words, sparkline."""

from collections.abc import Mapping, Sequence

from analysis import Answer, Measure
from analysis.catalog.model import PILLARS
from analysis.findings.basis import basis_for
from analysis.findings.changes import change_of
from analysis.findings.compare import Value, values_of
from analysis.findings.finding import Finding
from analysis.findings.scope import scope_of
from analysis.findings.sentences import brief, phrases
from analysis.findings.targets import WORDS, Target, standing, targets_of
from analysis.periods import label_of
from ui.cards import words
from ui.cards.card import Ask, Facts
from ui.cards.table import Table
from ui.charts.time.sparkline import sparkline
from ui.view.states import escape
from ui.view.view import View

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


def asks(view: View) -> dict[str, Ask]:
    """Return the questions of all tiles: each measure by year."""
    return {one.code: Ask(one.code, ("period",)) for one in chosen(view.measures("overview"))}


def make(view: View, answers: Mapping[str, Answer]) -> Facts | None:
    """Return the tiles, and the table of what they show."""
    drawn = [(answer, _finding(view, answer)) for answer in answers.values() if not answer.refusal]
    if not drawn:
        return None
    targets = targets_of(view.release, view.catalog) if view.release else {}
    by_pillar: dict[str, list[str]] = {pillar: [] for pillar in ("", *PILLARS)}
    for answer, finding in drawn:
        by_pillar[answer.measure.pillar].append(
            _tile(view, answer, finding, targets.get(answer.measure.code))
        )
    pillars = "".join(_pillar(pillar, tiles) for pillar, tiles in by_pillar.items() if tiles)
    return Facts(
        Finding("fact", topic="headline_measures", facts={"count": len(drawn)}),
        _table(drawn),
        subtitle=view.sentence(),
        figure=f'<div class="ltt-pillars">{pillars}</div>',
        answers=tuple(answer for answer, _ in drawn),
    )


def newest(answer: Answer) -> Value | None:
    """Return the figure of the newest year that is compared; else the newest that is not still filling up."""
    values = values_of(answer)
    basis = basis_for(answer).newest
    compared = [one for one in values if basis and one.codes["period"] == basis.later[-1]]
    if compared:
        return compared[0]
    firm = [one for one in values if "p" not in one.marker]
    return (firm or values)[-1] if values else None


def _finding(view: View, answer: Answer) -> Finding:
    return change_of(answer, scope_of(answer, view.filters))


def _pillar(pillar: str, tiles: Sequence[str]) -> str:
    columns = min(-(-len(tiles) // MOST_IN_A_PILLAR), WIDEST)
    title = f'<h4 class="ltt-pillar">{pillar.capitalize() or "People"}</h4>'
    return f'<section class="ltt-span-{columns}">{title}<ul class="ltt-tiles">{"".join(tiles)}</ul></section>'


def _tile(view: View, answer: Answer, finding: Finding, target: Target | None) -> str:
    measure, value = answer.measure, newest(answer)
    number = phrases.figure(measure, value) if value else "not shown"
    interval = phrases.interval(measure, value).strip(" ()") if value else ""
    when = f"in {label_of(value.codes['period'])}" if value else ""
    size = "ltt-tile-value" if value else "ltt-tile-hidden"
    chips = words.chips_html(finding.scope.chips(view.catalog))
    return (
        f'<li><a href="{escape(view.link_to("trends", measure=measure.code))}" target="_self">'
        f'<span class="ltt-tile-label">{escape(measure.label)}{" " if chips else ""}{chips}</span>'
        f'<span class="ltt-tile-row"><span class="{size}">{escape(number)}</span>'
        f"{sparkline(answer, view.palette)}</span>"
        f'<span class="ltt-tile-note">{escape(" ".join(filter(None, (interval, when))))}</span> '
        f'<span class="ltt-tile-change" data-finding="{escape(finding.key)}" '
        f'data-verdict="{escape(finding.verdict)}">{escape(brief(finding))}</span>'
        f"{_target(measure, target, value)}</a></li>"
    )


def _target(measure: Measure, target: Target | None, value: Value | None) -> str:
    if target is None:
        return ""
    where = standing(target, value.value, value.lower, value.upper) if value else ""
    text = f"{target.words(measure)}{': ' + WORDS[where] if where else ''}"
    return f'<span class="ltt-tile-target">{escape(text)}</span>'


def _table(drawn: Sequence[tuple[Answer, Finding]]) -> Table:
    rows = []
    for answer, finding in drawn:
        value = newest(answer)
        number = phrases.figure(answer.measure, value) if value else "not shown"
        limits = phrases.interval(answer.measure, value).strip(" ()") if value else ""
        when = label_of(value.codes["period"]) if value else ""
        rows.append((answer.measure.label, number, limits, when, brief(finding)))
    columns = ("Measure", "Value", "95% interval", "Year", "Change")
    return Table(columns, (False, True, True, False, False), tuple(rows))
