"""Cards of the register of awards: the cliff, the awards that end, needs beside money, funders."""

from collections.abc import Mapping, Sequence

from analysis import Answer
from analysis.findings.compare import Value
from analysis.findings.topics.money import (
    awards_ending,
    largest_funder,
    money_ending,
    need_and_money,
    need_of,
    recorded,
)
from analysis.periods import newest_complete_year
from analysis.topics.agreements import in_force
from analysis.topics.awards import (
    UNNAMED,
    Cliff,
    Row,
    by_quarter,
    cliffs,
    concentration_of_funders,
    funders,
    stops,
    with_funders,
)
from analysis.words import NOT_ADJUSTED, date_text, interval_text, money, number_text, percent_text
from ui import format as text
from ui.cards import layout
from ui.cards.card import Ask, FactCard, Facts
from ui.cards.special_card import of_register
from ui.cards.table import Table
from ui.charts.bars.need_money import NeedMoney, need_money_chart
from ui.charts.timelines.money_ahead import money_chart
from ui.charts.timelines.timeline import Span, timeline_chart
from ui.view.view import View

Answers = Mapping[str, Answer]
FICTIONAL = " (fictional)"  # said once a page, not in every bar
NEEDS = "needs_served"
KNOWN = "Fainter bars: only awards known by then. Public awards only."
NOT_COUNTED = " Awards to confidential providers are left out where fewer than three are alike."
STRIPED = "Striped: ends within 12 months, and no renewal is agreed."


def _awards(view: View) -> list[Row]:
    """Return the register where an award of it is in force on the day of the release."""
    rows = with_funders(view.rows("award"))
    return rows if in_force(rows, view.as_of) else []


def _left_out(view: View) -> str:
    """Say that awards without amounts are not among the money, where there are any."""
    return NOT_COUNTED if any(row["amount"] is None for row in view.rows("award")) else ""


def _currency(awards: Sequence[Row]) -> str:
    return str(awards[0]["currency"])


def _cliff(view: View, _answers: Answers) -> Facts | None:
    awards, day = _awards(view), view.as_of
    if not awards:
        return None
    found, currency = cliffs(awards, day, "purpose"), _currency(awards)
    top = found[0].group
    name, inside = view.words("award_purpose", top), view.in_sentence("award_purpose", top)
    return of_register(
        view,
        money_ending(awards, day, view.in_sentence),
        _cliff_table(view, found, stops(awards, day), currency),
        f"Public money by quarter, {inside} and all else, in {currency}{NOT_ADJUSTED}",
        caption=KNOWN + _left_out(view),
        derived="money_ending",
        register="award",
        figure=money_chart(by_quarter(awards, day), top, name, day, currency=currency, palette=view.palette),
    )


def _cliff_table(view: View, found: Sequence[Cliff], ends: Sequence[Row], currency: str) -> Table:
    last = {
        one.group: max((row["end_date"] for row in ends if row["purpose"] == one.group), default=None)
        for one in found
    }
    return Table(
        (
            "What for",
            "In force, a year",
            "Ends within 12 months",
            "Share",
            "Ends by",
            "Largest funder",
            "Its share",
        ),
        (False, True, True, True, False, False, True),
        tuple(
            (
                view.words("award_purpose", one.group),
                money(one.active, currency),
                money(one.ends, currency) if one.ends else "none",
                percent_text(100 * one.share),
                date_text(day) if (day := last[one.group]) else "",
                one.funder,
                percent_text(100 * one.funder_share),
            )
            for one in found
        ),
    )


def _stops(view: View, _answers: Answers) -> Facts | None:
    awards = _awards(view)
    if not awards:
        return None
    ends, currency = stops(awards, view.as_of), _currency(awards)
    return of_register(
        view,
        awards_ending(ends),
        Table(
            ("Ends", "Funder", "Recipient", "Pays for", "Money a year", "Other funders"),
            (False, False, False, False, True, True),
            tuple(
                (
                    date_text(row["end_date"]),
                    row["funder"],
                    row["recipient_name"],
                    _pays_for(view, row),
                    money(row["a_year"], currency),
                    str(row["other_funders"] or "none"),
                )
                for row in sorted(ends, key=lambda one: one["end_date"])
            ),
        ),
        "Public awards that end within 12 months without a renewal, with their money a year",
        caption="Private money is not listed here and may go on." + _left_out(view),
        register="award",
        figure=_timeline(view, ends, currency) if ends else None,
    )


def _timeline(view: View, ends: Sequence[Row], currency: str) -> object:
    spans = [
        Span(
            label=row["recipient_name"].removesuffix(FICTIONAL),
            group=f"from {row['funder'].removesuffix(FICTIONAL)}"
            + ("" if row["other_funders"] else ", no other funder"),
            start=row["start_date"],
            end=row["end_date"],
            value=money(row["a_year"], currency),
            status="others pay for the same" if row["other_funders"] else "no other funder",
        )
        for row in ends
    ]
    return timeline_chart(spans, today=view.as_of, palette=view.palette, phone=view.phone)


def _pays_for(view: View, row: Row) -> str:
    service = row["service_type"] or "not_recorded"
    name = ("service_type", service) if service != "not_recorded" else ("award_purpose", row["purpose"])
    what = view.words(*name)
    return f"{what}: {row['pays_for'][:1].lower()}{row['pays_for'][1:]}" if row["pays_for"] else what


def _need_asked(view: View) -> dict[str, Ask]:
    """Ask for the needs of the whole region in the newest complete year: money follows no filter either."""
    first, last = view.choices.first_period, view.choices.last_period
    if not (first and last):
        return {}
    year = newest_complete_year(first, last, view.catalog.protection.provisional_months)
    parts = {"periods": (year, year)} if year else {}
    return {"need": Ask(NEEDS, ("service_type",), parts=parts, everywhere=True)}


def _need(view: View, answers: Answers) -> Facts | None:
    awards = _awards(view)
    paid = recorded(cliffs(awards, view.as_of, "service_type")) if awards else []
    if not paid:
        return None
    answer, currency = answers.get("need"), _currency(awards)
    finding = need_and_money(paid, answer, view.in_sentence)
    rows = [(one, _met(answer, need_of(answer, one.group))) for one in paid]
    year = finding.facts["year"]
    head = f"Needs met, in full or in part, {year}".rstrip(", ")
    table = Table(
        ("Kind of help", head, "Public money a year", "Ends within 12 months", "Share"),
        (False, True, True, True, True),
        tuple(
            (
                view.words("service_type", one.group),
                met,
                money(one.active, currency),
                money(one.ends, currency) if one.ends else "none",
                percent_text(100 * one.share),
            )
            for one, met in rows
        ),
    )
    bars = [
        NeedMoney(
            name=view.words("service_type", one.group),
            need=value.value if (value := need_of(answer, one.group)) else None,
            need_said=met,
            active=one.active,
            ends=one.ends,
            money_said=f"{money(one.active, currency)} · {percent_text(100 * one.share)} ends",
        )
        for one, met in rows
    ]
    return of_register(
        view,
        finding,
        table,
        f"Needs met with each kind of help, and the public money for it, in {currency}{NOT_ADJUSTED}",
        caption=STRIPED,
        drawn=STRIPED,
        register="award",
        figure=need_money_chart(
            bars,
            (head, "Public money a year, share that ends"),
            palette=view.palette,
            width=layout.inside("need", wide=not view.phone),
        ),
        answers=(answer,) if answer is not None and not answer.refusal else (),
    )


def _met(answer: Answer | None, met: Value | None) -> str:
    if answer is None or met is None:
        return text.NOT_SHOWN
    return number_text(answer.measure, met.value) + interval_text(answer.measure, met.lower, met.upper)


def _funders(view: View, _answers: Answers) -> Facts | None:
    every = _awards(view)
    # Awards without the name of a funder may be of several: they are nobody's share.
    awards = [row for row in every if row["funder"] != UNNAMED]
    found, spread = funders(awards, view.as_of), concentration_of_funders(awards, view.as_of)
    if not found or spread is None:
        return None
    return of_register(
        view,
        largest_funder(found),
        Table(
            ("Funder", "Money a year", "Share", "Awards", "Kind"),
            (False, True, True, True, False),
            tuple(
                (
                    one.name,
                    money(one.a_year, _currency(awards)),
                    percent_text(100 * one.share),
                    str(one.awards),
                    view.words("funder_kind", one.kind),
                )
                for one in found
            ),
        ),
        f"Funders of the public money in force, in {_currency(awards)}{NOT_ADJUSTED}",
        caption=f"Concentration index {spread.value:.2f}; 1 would be one funder alone."
        + (" Awards without the name of a funder are not counted here." if len(awards) < len(every) else "")
        + _left_out(view),
        register="award",
    )


CLIFF = FactCard("cliff", _cliff)
STOPS = FactCard("stops", _stops)
NEED = FactCard("need", _need, more=_need_asked)
FUNDERS = FactCard("funders", _funders)
