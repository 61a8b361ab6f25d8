"""What the Partnerships and law page draws: organisations, agreements, hand-offs, meetings."""

from collections.abc import Mapping

from analysis import Answer, Question
from analysis.catalog.model import lower_first
from analysis.findings.apart import across
from analysis.findings.movement import Movement
from analysis.periods import MONTH_NAMES
from analysis.topics.agreements import Row, ending, in_force, lapsed, overdue
from analysis.topics.network import alone_in_kind
from analysis.words import interval_text, listed, number_text
from ui import format as text
from ui.cards import layout
from ui.topics import topic_cards
from ui.topics.partnerships import register_tables, register_timelines
from ui.view.view import View

Answers = Mapping[str, Answer]
_HELP_OF = {
    "legal": "legal",
    "shelter": "housing",
    "health": "health",
}  # until referrals say who received them
NOT_BECAUSE = "What came after the end of an agreement need not come from it."


def questions(view: View) -> dict[str, Question]:
    """Return every question of the page but those of the network."""
    asked = {
        "organisations": view.question("organisations_by_type", ["organisation_type"], periods=None),
        "agreements": view.question("agreements_active", ["period"], period_level="quarter"),
        "meetings": view.question("meetings_held"),
        "attendance": view.question("meeting_attendance_share", ["period"]),
        "on_time": view.question("actions_on_time_share", ["period"]),
        "recommendations": view.question("recommendations_enacted_share", ["pillar"]),
    }
    broken = _broken(view)
    where = _hand_off(view, broken) if broken else {}
    if where:
        asked["hand_off"] = view.question("referrals_made", ["period"], where=where, periods=None)
    return asked


def who(view: View, answers: Answers) -> None:
    """Draw organisations by kind, and agreements over time."""
    left, right = layout.row(2)
    with left:
        _organisations(view, answers)
    with right:
        topic_cards.figure(
            view,
            "agreements",
            answers.get("agreements"),
            what="Agreements in force over time",
            table="partnership",
        )


def _organisations(view: View, answers: Answers) -> None:
    answer = answers.get("organisations")
    headline = ""
    if answer is not None and not answer.refusal and not answer.all_hidden:
        kinds = {
            row["organisation_type"]: row["value"]
            for row in answer.frame.iter_rows(named=True)
            if row["value"]
        }
        alone = alone_in_kind(kinds)
        headline = f"{sum(kinds.values()):,.0f} organisations of {len(kinds)} kinds take part"
        if alone:
            names = listed([lower_first(view.words("organisation_type", code)) for code in alone])
            headline += f"; only one is of the kind: {names}"
        else:
            headline += "; no kind rests on a single one"
    topic_cards.figure(
        view,
        "organisations",
        answer,
        what="Organisations that take part, by kind",
        table="organisation",
        headline=headline,
    )


def agreements(view: View) -> None:
    """Draw agreements in force, which of them end soon, and those that lapsed."""
    rows, day = topic_cards.rows_of(view, "agreement"), topic_cards.today(view)
    if not rows:
        topic_cards.not_loaded("Agreements that end soon or lapsed", "partnership")
        return
    active, soon = in_force(rows, day), ending(rows, day, 12)
    active.sort(key=lambda row: (row["end_date"] is None, row["end_date"] or day))
    topic_cards.register_card(
        view,
        "ending",
        register_tables.ending_sentence(len(active), len(soon), len(ending(rows, day, 6))),
        register_tables.agreements_table(active),
        "Agreements in force, the first to end first",
        chart=register_timelines.agreements_timeline(view, active) if active else None,
    )
    gone = lapsed(rows, day)
    topic_cards.register_card(
        view,
        "lapsed",
        register_tables.lapsed_sentence(gone),
        register_tables.agreements_table(gone),
        "Agreements that ended, with none between the same two organisations that followed",
    )


def _broken(view: View) -> Row | None:
    """Return the referral agreement that lapsed longest ago."""
    gone = lapsed(topic_cards.rows_of(view, "agreement"), topic_cards.today(view))
    return next((row for row in gone if row["kind"] == "referral"), None)


def _hand_off(view: View, broken: Row) -> dict[str, tuple[str, ...]]:
    """Return the filters for referrals from the kind of sender to the kind of receiver of an agreement."""
    senders: dict[str, tuple[str, ...]] = {"from_org_type": (str(broken["from_org_type"]),)}
    if "to_org_type" in view.catalog.subjects["referral"].dimensions:
        return {**senders, "to_org_type": (str(broken["to_org_type"]),)}
    help_asked = _HELP_OF.get(broken["to_org_type"])
    return {**senders, "service_type": (help_asked,)} if help_asked else {}


def hand_off(view: View, answers: Answers) -> None:
    """Draw the referrals around the end of the agreement that lapsed longest ago."""
    answer, broken = answers.get("hand_off"), _broken(view)
    if answer is None or broken is None or answer.refusal:
        return
    year = broken["end_date"].year
    moved = across(
        answer.frame.to_dicts(),
        str(year - 1),
        str(year + 1),
        view.catalog.protection.change if view.release and not view.release.is_exact else 0.0,
    )
    topic_cards.figure(
        view,
        "hand_off",
        answer,
        what="Referrals under an agreement that lapsed",
        table="referral",
        headline=_hand_off_sentence(view, answer, broken, moved),
        notes=[f"{broken['name']}: ended on {text.date_text(broken['end_date'])}.", NOT_BECAUSE],
    )


def _hand_off_sentence(view: View, answer: Answer, broken: Row, moved: Movement | None) -> str:
    where = dict(answer.question.where)
    sender = view.words("from_org_type", where["from_org_type"][0])
    name = "to_org_type" if "to_org_type" in where else "service_type"
    to = lower_first(view.words(name, where[name][0]))
    link = f"Referrals from {lower_first(sender)} to {to}"
    when = f"the agreement ended in {MONTH_NAMES[broken['end_date'].month - 1]} {broken['end_date'].year}"
    if moved is None:
        return f"{link}: the years around the end of the agreement cannot both be shown; {when}"
    later, earlier = moved.later, moved.earlier
    now = number_text(answer.measure, later.value) + interval_text(answer.measure, later.lower, later.upper)
    if not moved.direction:
        return (
            f"{link}: no clear change after {when}, {now} after {number_text(answer.measure, earlier.value)}"
        )
    verb = "rose" if moved.direction > 0 else "fell"
    before = number_text(answer.measure, earlier.value)
    return f"{link} {verb} to {now} in {later.period}, from {before} in {earlier.period}; {when}"


def meetings(view: View, answers: Answers) -> None:
    """Draw who came to meetings, and how many actions are done on time."""
    held = answers.get("meetings")
    notes = [held.sentence] if held is not None and not held.refusal else []
    left, right = layout.row(2)
    with left:
        topic_cards.figure(
            view,
            "attendance",
            answers.get("attendance"),
            what="Meetings held, and how many of those invited came",
            table="meeting",
            notes=notes,
        )
    with right:
        topic_cards.figure(
            view, "on_time", answers.get("on_time"), what="Actions done on time", table="action"
        )


def actions(view: View) -> None:
    """List the actions that are overdue."""
    rows = topic_cards.rows_of(view, "action")
    if not rows:
        topic_cards.not_loaded("Actions that are overdue", "action")
        return
    late = overdue(rows, topic_cards.today(view))
    topic_cards.register_card(
        view,
        "overdue",
        register_tables.overdue_sentence(late, view.catalog),
        register_tables.overdue_table(late, view.catalog),
        "Actions past their due day and not done, the longest overdue first",
        caption=view.catalog.caveats["overdue_not_blame"].text,
    )


def recommendations(view: View, answers: Answers) -> None:
    """Draw recommendations enacted, by pillar."""
    rows = [row for row in topic_cards.rows_of(view, "action") if row["kind"] == "recommendation"]
    headline = ""
    if rows:
        done = sum(row["closed_on"] is not None for row in rows)
        first = min(row["opened_on"] for row in rows).year
        headline = f"{done} of {len(rows)} recommendations made since {first} are enacted"
    topic_cards.figure(
        view,
        "recommendations",
        answers.get("recommendations"),
        what="Recommendations enacted, by pillar",
        table="action",
        headline=headline,
    )
