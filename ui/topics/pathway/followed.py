"""Waits of which some go on: the share still waiting, and whether groups wait equally long."""

from collections.abc import Callable, Mapping

import numpy as np

from analysis import Answer
from analysis.findings.scope import scope_of
from analysis.findings.sentences.topics.waits import days
from analysis.findings.topics.waits import (
    HALF,
    MOST,
    Wait,
    Waits,
    share_left,
    waits_differ,
    waits_followed,
    waits_of,
)
from analysis.findings.within import Reached, Within
from analysis.words import listed
from ui.cards import layout
from ui.cards.card import Ask, FactCard, Facts, Needs
from ui.cards.table import Table
from ui.charts.bars.estimates import Bar, estimates_chart
from ui.charts.time.cumulative import cumulative_chart
from ui.topics.pathway.flow import MADE, SERVICES, has_services
from ui.topics.pathway.waits import BY
from ui.view.view import View

BAND, STILL = "start_band", "not_started"
UNIT = "days"
#: A question holds one band and one more dimension; these are bands of their own kind.
CANNOT = ("to_org_type", "agreement")
HOW = (
    "Someone who has waited 40 days counts as waiting up to the 40th day, and not beyond. The line ends "
    "where fewer than 30 still wait."
)
HOW_GROUPS = "Groups differ in more than this. Compared over the whole wait (log-rank test), not at one day."


def _asks(by: str) -> dict[str, Ask]:
    more = (by,) if by else ()
    return {
        "years": Ask(MADE, ("period", BAND, *more), parts={"period_level": "year"}),
        "still": Ask(MADE, ("period", *more), {BAND: (STILL,)}, parts={"period_level": "quarter"}),
    }


def _chosen(view: View) -> str:
    by = view.picked.get(BY.name, "")
    return "" if by in CANNOT else by


def _waits(view: View, answers: Mapping[str, Answer], by: str) -> Waits | None:
    years, still = answers.get("years"), answers.get("still")
    if years is None or still is None or years.refusal or view.as_of is None:
        return None
    return waits_of(years, still, view.catalog.dimensions[BAND], view.as_of, by)


def followed(view: View, answers: Mapping[str, Answer]) -> Facts | Needs | None:
    """Return the share who had a service within so many days, with those who wait kept while followed."""
    if not has_services(view):
        return SERVICES
    waits = _waits(view, answers, "")
    if waits is None:
        layout.quiet("Waits with their follow-up need whole years: choose whole years.")
        return None
    years = answers["years"]
    scope = scope_of(years, view.filters)
    if not waits.groups:
        return Facts(
            waits_followed(waits, years, scope, UNIT), Table((), (), ()), "First service", scope=scope
        )
    [whole] = waits.groups
    return Facts(
        waits_followed(waits, years, scope, UNIT),
        _curve_table(whole),
        f"Accepted referrals with a first service by then · {view.described_question(years.question)}",
        caption=HOW,
        figure=cumulative_chart(_within(whole), unit=UNIT, palette=view.palette),
        answers=(years, answers["still"]),
        scope=scope,
        above=_quantile_rows(whole),
    )


def compared(by: str | None = None) -> Callable[..., Facts | Needs | None]:
    """Return what makes the card of groups: by one dimension, or by the choice of the page."""

    def make(view: View, answers: Mapping[str, Answer]) -> Facts | Needs | None:
        dimension = by or _chosen(view)
        if not has_services(view):
            return SERVICES
        if not dimension:
            layout.quiet("Waits to the first service cannot be divided by these groups.")
            return None
        waits = _waits(view, answers, dimension)
        if waits is None or len(waits.groups) < 2:
            layout.quiet("Waits of groups need two groups of 60 referrals or more, over whole years.")
            return None
        years = answers["years"]
        scope = scope_of(years, view.filters)
        left = [view.words(dimension, code) for code in waits.left_out]
        said = f"Left out, with too few: {listed(left)}." if left else ""
        return Facts(
            waits_differ(waits, years, scope, dimension, UNIT),
            _group_table(view, waits, dimension),
            f"Days within which half had a first service · {view.described_question(years.question)}",
            caption=" ".join(filter(None, (HOW_GROUPS, said))),
            figure=_bars(view, waits, dimension),
            answers=(years, answers["still"]),
            scope=scope,
        )

    return make


def _within(one: Wait) -> Within:
    """Return a life table as the rising line that the chart draws: the share that is over."""
    table = one.table
    reached = [
        Reached(float(edge), 100 * (1 - share), 100 * (1 - high), 100 * (1 - low))
        for edge, share, low, high in zip(table.edges, table.survival, table.lower, table.upper, strict=True)
        if not np.isnan(share) and not np.isnan(high)
    ]
    half, most = (table.quantile(share)[0] for share in (HALF, MOST))
    known = [value if np.isfinite(value) else None for value in (half, most)]
    return Within(tuple(reached), known[0], known[1], table.waits)


def _quantile_rows(one: Wait) -> tuple[tuple[str, ...], ...]:
    named = (("Half", one.value(HALF)), ("Nine in ten", one.value(MOST)))
    rows = [(f"{name} within {days(value, UNIT)}", "", "", "") for name, value in named if value]
    if named[1][1] is None and (left := share_left(one)) is not None:
        rows.append((f"Still waiting after {left[0]:.0f} {UNIT}", f"{left[1]:.0f}%", "", ""))
    return tuple(rows)


def _curve_table(one: Wait) -> Table:
    table = one.table
    risk = [f"{number:,.0f}" for number in table.at_risk] + [""]
    rows = tuple(
        (f"{edge:.0f} {UNIT}", f"{100 * (1 - share):.0f}%", _limits(low, high), risk[place])
        for place, (edge, share, low, high) in enumerate(
            zip(table.edges, table.survival, table.lower, table.upper, strict=True)
        )
        if not np.isnan(share)
    )
    header = ("Within", "Had a first service", "95% interval", "Still waiting at that time")
    return Table(header, (False, True, True, True), rows)


def _limits(low: float, high: float) -> str:
    if np.isnan(low) or np.isnan(high) or low == high:
        return ""
    return f"{100 * (1 - high):.0f}–{100 * (1 - low):.0f}%"


def _group_table(view: View, waits: Waits, by: str) -> Table:
    rows = []
    for one in waits.groups:
        half, most = one.value(HALF), one.value(MOST)
        rows.append(
            (
                view.words(by, one.code),
                days(half, UNIT) if half else "not reached",
                days(most, UNIT) if most else "not reached",
                f"{one.table.waits:,.0f}",
            )
        )
    header = (view.header(by), "Half within", "Nine in ten within", "Accepted referrals")
    return Table(header, (False, True, True, True), tuple(rows))


def _bars(view: View, waits: Waits, by: str) -> dict[str, object] | None:
    bars = []
    for one in waits.groups:
        half = one.value(HALF)
        if half is not None:
            lower = half.value if half.lower is None else half.lower
            upper = half.upper if half.upper is not None and np.isfinite(half.upper) else half.value
            bars.append(Bar(view.words(by, one.code), half.value, lower, upper))
    if not bars:
        return None
    return estimates_chart(bars, unit=UNIT, kind="quantile", palette=view.palette, narrow=view.phone)


FOLLOWED = FactCard("service_wait_followed", followed, _asks(""), title="The wait for a first service")
GROUPS = FactCard("waits_by", compared(), lambda view: _asks(_chosen(view)) if _chosen(view) else {})
BY_SERVICE = FactCard("waits_by_service", compared("service_type"), _asks("service_type"))
