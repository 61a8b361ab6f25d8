"""Cards of the registers of actions and agreements: what is overdue, what ends, what was not renewed."""

from collections.abc import Mapping, Sequence

from analysis import Answer
from analysis.findings.finding import Finding
from analysis.findings.topics.partnership import (
    actions_overdue,
    after_the_end,
    agreements_ending,
    agreements_lapsed,
    organisations,
    recommendations,
)
from analysis.topics.agreements import Row, ending, in_force, lapsed, overdue
from analysis.words import date_text
from ui.cards import standard_card
from ui.cards.card import Ask, Card, Drawing, FactCard, Facts, Needs, Shown
from ui.cards.special_card import of_register
from ui.cards.table import Table
from ui.charts.figure import Figure
from ui.charts.timelines.timeline import Span, timeline_chart
from ui.view.view import View

Answers = Mapping[str, Answer]
FICTIONAL = " (fictional)"  # said once a page, not in every bar and row
NOTHING_SET = "no end set"
REFERRALS = "referrals_made"
NOT_BECAUSE = "What came after the end of an agreement need not come from it."
ALL = "all"
NOT_LISTED = "Agreements with confidential providers are neither listed nor counted here."


def _overdue(view: View, _answers: Answers) -> Facts | None:
    rows = view.rows("action")
    if not rows:
        return None
    late = overdue(rows, view.as_of)
    return of_register(
        view,
        actions_overdue(late, view.as_of, view.in_sentence),
        Table(
            # A phone has room for the first three.
            ("What is to be done", "Owner", "Days overdue", "Due", "Pillar"),
            (False, False, True, False, False),
            tuple(
                (
                    row["title"],
                    _short(row["owner_name"]),
                    f"{row['days_overdue']:,}",
                    date_text(row["due_on"]),
                    view.words("pillar", row["pillar"]),
                )
                for row in late
            ),
        ),
        "Actions past their due day and not done, the longest overdue first",
        caption=view.catalog.caveats["overdue_not_blame"].text,
        register="action",
    )


def _table(rows: Sequence[Row]) -> Table:
    return Table(
        ("Agreement", "From", "To", "Since", "Until"),
        (False,) * 5,
        tuple(
            (
                _short(row["name"]),
                _short(row["from_name"]),
                _short(row["to_name"]),
                date_text(row["start_date"]),
                date_text(row["end_date"]) if row["end_date"] else NOTHING_SET,
            )
            for row in rows
        ),
    )


def _timeline(view: View, rows: Sequence[Row]) -> Figure | None:
    """Return one bar for each agreement, named by its two organisations."""
    spans = [
        Span(
            label=f"{_short(row['from_name'])} → {_short(row['to_name'])}",
            group=_short(row["name"]),
            start=row["start_date"],
            end=row["end_date"],
        )
        for row in rows
    ]
    return timeline_chart(spans, today=view.as_of, palette=view.palette, phone=view.phone) if spans else None


def _short(name: str) -> str:
    return name.removesuffix(FICTIONAL)


def _active(view: View) -> list[Row]:
    rows = in_force(view.rows("agreement"), view.as_of)
    return sorted(rows, key=lambda row: (row["end_date"] is None, row["end_date"] or view.as_of))


def _counted(view: View) -> Finding:
    rows, day = view.rows("agreement"), view.as_of
    soon, sooner = (len(ending(rows, day, months)) for months in (12, 6))
    return agreements_ending(len(_active(view)), soon, sooner)


def _ending(view: View, _answers: Answers) -> Facts | None:
    rows = view.rows("agreement")
    if not rows:
        return None
    soon = ending(rows, view.as_of, 12)
    return of_register(
        view,
        _counted(view),
        _table(_active(view)),
        "Agreements that end within 12 months; the table has all in force",
        caption=_left_out(rows),
        register="agreement",
        figure=_timeline(view, soon),
    )


def _left_out(rows: Sequence[Row]) -> str:
    """Say that agreements without days are not among those counted and listed, where there are any."""
    return NOT_LISTED if any(row["start_date"] is None for row in rows) else ""


def _in_force(view: View, _answers: Answers) -> Facts | None:
    active = _active(view)
    if not active:
        return None
    return of_register(
        view,
        _counted(view),
        _table(active),
        "All agreements in force, the first to end first",
        caption=_left_out(view.rows("agreement")),
        register="agreement",
        figure=_timeline(view, active),
    )


def _lapsed(view: View, _answers: Answers) -> Facts | None:
    rows = view.rows("agreement")
    if not rows:
        return None
    gone = lapsed(rows, view.as_of)
    return of_register(
        view,
        agreements_lapsed(gone),
        _table(gone),
        "Agreements that ended, with none between the same two organisations after them",
        caption=_left_out(rows),
        register="agreement",
    )


def _broken(view: View) -> Row | None:
    """Return the referral agreement that ended longest ago and was not renewed."""
    gone = lapsed(view.rows("agreement"), view.as_of)
    return next((row for row in gone if row["kind"] == "referral"), None)


def _referrals_asked(view: View) -> dict[str, Ask]:
    broken = _broken(view)
    if broken is None:
        return {}
    link = {name: (str(broken[name]),) for name in ("from_org_type", "to_org_type")}
    return {"": Ask(REFERRALS, ("period",), link, parts={"periods": None})}


def _draw_referrals(view: View, answers: Answers) -> None:
    """Draw the referrals between the two kinds of organisation of an agreement that was not renewed."""
    broken = _broken(view)
    if broken is None or "" not in answers:
        return
    ended = broken["end_date"]

    def say(shown: Shown) -> Finding:
        return after_the_end(shown.answer, shown.scope, ended)

    notes = (f"{broken['name']}: ended on {date_text(ended)}.", NOT_BECAUSE)
    card = Card("hand_off", REFERRALS, ("period",), say=say, notes=notes, wide=True)
    standard_card.draw(Shown(view, card, answers, {}))


def _take_part(shown: Shown) -> Finding:
    return organisations(shown.answer, shown.answers.get(ALL), shown.scope)


def _enacted(shown: Shown) -> Finding:
    return recommendations(shown.answers[ALL], shown.scope)


OVERDUE = FactCard("overdue", _overdue)
ENDING = FactCard("ending", _ending)
IN_FORCE = FactCard("in_force", _in_force)
LAPSED = FactCard("lapsed", _lapsed)
HAND_OFF = Drawing(
    "hand_off", _draw_referrals, more=_referrals_asked, measure=REFERRALS, slides=("hand_off",)
)
ORGANISATIONS = Card(
    "organisations",
    "organisations_by_type",
    ("organisation_type",),
    parts={"periods": None},
    say=_take_part,
    more={ALL: Ask("organisations_by_type", parts={"periods": None})},
    in_table=(ALL,),
    needs=Needs("Organisations that take part, by kind", "organisation"),
)
ATTENDANCE = Card(
    "attendance",
    "meeting_attendance_share",
    ("period",),
    needs=Needs("Meetings held, and how many of those invited came", "meeting"),
)
RECOMMENDATIONS = Card(
    "recommendations",
    "recommendations_enacted_share",
    ("pillar",),
    say=_enacted,
    more={ALL: Ask("recommendations_enacted_share")},
    in_table=(ALL,),
)
