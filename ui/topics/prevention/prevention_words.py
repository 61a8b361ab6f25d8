"""Headlines of the Prevention and training page: what the numbers say, and no more.

No sentence says that a campaign or a training caused anything.
"""

import re
from collections.abc import Sequence
from typing import Any

from analysis import Answer
from analysis.catalog.model import NOT_RECORDED, lower_first
from analysis.periods import label_of_range
from analysis.topics.campaigns import Campaign, Compared, contrast
from analysis.topics.training import Gain
from analysis.words import interval_text, listed, number_text
from ui.app.view import View

Row = dict[str, Any]
_UNKNOWN = ("other", NOT_RECORDED)
_REPORTS = {1: "reports rose", 0: "reports did not clearly change", -1: "reports fell"}
_IDENTIFIED = {
    1: "people identified by others rose as well",
    0: "people identified by others did not clearly change",
    -1: "people identified by others fell",
}
_WIDE = 3.0  # points: an interval that whole points can show


def known_rows(answer: Answer) -> list[Row]:
    """Return the shown rows of an answer by one dimension, largest first, without other and not recorded."""
    [name] = answer.question.by
    rows = [
        row
        for row in answer.frame.iter_rows(named=True)
        if row["value"] is not None and row[name] not in _UNKNOWN
    ]
    return sorted(rows, key=lambda row: -row["value"])


def figure(answer: Answer, row: Row) -> str:
    """Return "43% (42–44%)"."""
    return number_text(answer.measure, row["value"]) + interval_text(
        answer.measure, row["lower"], row["upper"]
    )


def when(answer: Answer) -> str:
    """Return " in 2016–2025" where the question names its periods, else nothing."""
    return f" in {label_of_range(*answer.question.periods)}" if answer.question.periods else ""


def languages(view: View, reached: Answer, speakers: Answer, period: str) -> str:
    """Return which language outreach leaves out, for the number of residents who speak it.

    Parameters
    ----------
    reached, speakers
        People reached per 1,000 speakers, and speakers, by language.
    period
        The years, in words.
    """
    [name] = reached.question.by
    rows = known_rows(reached)
    held = {row[name] for row in rows}
    never = [row for row in known_rows(speakers) if row[name] not in held and row["value"] > 0]
    if never:
        words = listed([view.words(name, row[name]) for row in never])
        count = number_text(speakers.measure, sum(row["value"] for row in never))
        return f"No event in {period} was in {words}, which {count} residents speak."
    if len(rows) < 2:
        return reached.sentence
    last, others = rows[-1], rows[:-1]
    low, high = (number_text(reached.measure, one["value"]) for one in (others[-1], others[0]))
    return (
        f"{view.words(name, last[name])} speakers were reached least for their number: "
        f"{number_text(reached.measure, last['value'])} people per 1,000 speakers in {period}, "
        f"{low} to {high} in other languages."
    )


def trained(view: View, answer: Answer, total: Answer | None) -> str:
    """Return which role has the largest share of its people trained."""
    rows = known_rows(answer)
    if not rows:
        return answer.sentence
    [name] = answer.question.by
    first = rows[0]
    close = [row for row in rows[1:] if _overlap(row, first)]
    whole = _whole(total, "; all roles together ")
    if close:
        names = listed([lower_first(view.words(name, row[name])) for row in (first, *close)])
        return f"No clear difference between {names} in the share trained{when(answer)}{whole}."
    return (
        f"{view.words(name, first[name])} have the largest share trained: {figure(answer, first)}"
        f"{when(answer)}{whole}."
    )


def passed_on(view: View, answer: Answer, total: Answer | None) -> str:
    """Return which kind of Safe Place passes the fewest people on."""
    rows = known_rows(answer)
    if len(rows) < 2:
        return answer.sentence
    [name] = answer.question.by
    last = rows[-1]
    if _overlap(last, rows[-2]):
        return f"No kind of Safe Place clearly passes on fewest people{_whole(total, '; all together ')}."
    return (
        f"{view.words(name, last[name])}: {figure(answer, last)} of people who asked for help were passed on "
        f"to a service, fewest of all kinds of Safe Place{_whole(total, '; at all sites together ')}."
    )


def _whole(total: Answer | None, lead: str) -> str:
    rows = [] if total is None or total.refusal else total.frame.rows(named=True)
    if total is None or len(rows) != 1 or rows[0]["value"] is None:
        return ""
    return lead + number_text(total.measure, rows[0]["value"])


def _overlap(one: Row, other: Row) -> bool:
    low, high = sorted((one, other), key=lambda row: row["value"])
    if low["upper"] is None or high["lower"] is None:
        return bool(low["value"] == high["value"])
    return bool(low["upper"] >= high["lower"])


def knowledge(view: View, found: Sequence[Gain]) -> str:
    """Return in which roles test scores rose after trainings, and in which no change can be claimed."""
    rose = sorted((one for one in found if one.direction > 0), key=lambda one: -one.change)
    fell = [one for one in found if one.direction < 0]
    unclear = [one for one in found if one.direction == 0]
    parts = []
    if rose:
        most = rose[0]
        count = f"all {len(found)} roles" if len(rose) == len(found) else f"{len(rose)} of {len(found)} roles"
        parts.append(
            f"Test scores rose after trainings in {count}, most for {_role(view, most)} ({points(most)})"
        )
    if fell:
        parts.append(f"scores fell for {listed([f'{_role(view, one)} ({points(one)})' for one in fell])}")
    if unclear:
        named = listed([f"{_role(view, one)} ({points(one)})" for one in unclear])
        parts.append(f"no clear change for {named}")
    said = "; ".join(parts)
    return f"{said[:1].upper()}{said[1:]}."


def _role(view: View, one: Gain) -> str:
    return lower_first(view.words("audience_role", one.role))


def points(one: Gain) -> str:
    """Return "+14 points, 11 to 17"; tenths where whole points would say too little."""
    digits = 0 if abs(one.change) >= 1 and one.upper - one.lower > _WIDE else 1
    said = f"{one.change:+.{digits}f} points".replace("-", "−")
    if one.lower != one.lower:  # nothing can be said about chance
        return said
    return f"{said}, {one.lower:.{digits}f} to {one.upper:.{digits}f}".replace("-", "−")


def campaign_list(listed_campaigns: Sequence[Campaign], cost: float, currency: str) -> str:
    """Return how many campaigns there were, since when, and what they cost together."""
    count, since = len(listed_campaigns), listed_campaigns[0].start.year
    known = sum(one.cost is not None for one in listed_campaigns)
    money = f" cost {cost:,.0f} {currency} together" if known else ""
    partly = f" (the cost of {known} is known)" if 0 < known < count else ""
    noun = "campaign" if count == 1 else "campaigns"
    return f"{count} {noun} since {since}{money}{partly}."


def response(
    view: View, campaign: Campaign, own: Compared | None, others: Compared | None, quarters: Sequence[str]
) -> str:
    """Return how many people were known in a campaign's months, beside other years and other contributors."""
    if own is None or not quarters:
        return f"{campaign.plain_name}: too few numbers can be shown to compare its months with other years."
    who = view.words("source", campaign.contributor)
    said = f"{who} knew of {_times(own)} the usual number of people"
    first = _REPORTS[own.direction]
    if others is None:
        return f"{campaign.plain_name}: {first}. {said}."
    second = "nor did people identified by others" if own.direction == others.direction == 0 else ""
    second = second or _IDENTIFIED[others.direction]
    return f"{campaign.plain_name}: {first}, {second}. {said}, others of {_times(others)}."


def heard(view: View, campaign: Campaign, own: Compared | None, quarters: Sequence[str]) -> str:
    """Return how many people the contributor knew of in the campaign's quarters, and how many are usual."""
    who, where = view.words("source", campaign.contributor), _place(view, campaign)
    if own is None:
        return f"People known to {who} in {where}, by quarter."
    when_ = label_of_range(quarters[0], quarters[-1])
    return f"{who} knew of {own.during:,.0f} people in {where} in {when_}; {own.usual:,.0f} are usual."


def areas_apart(view: View, campaign: Campaign, here: Compared, elsewhere: Compared, others: str) -> str:
    """Return whether a campaign's area stood out against other areas.

    Parameters
    ----------
    view, campaign
        As elsewhere.
    here, elsewhere
        The campaign's area, and the others together, against their own other years.
    others
        "4 other counties".
    """
    apart = contrast(here, elsewhere)
    place = view.words("area", campaign.area)
    said = f"{place}: {_times(here)} the usual number; {others} together: {_times(elsewhere)}"
    if not apart.direction:
        return f"{said}. No clear difference between them."
    more = "more" if apart.direction > 0 else "fewer"
    times = f"{apart.ratio:.1f} times ({apart.lower:.1f}–{apart.upper:.1f})"
    return f"{said}. Against them {place} had clearly {more}, {times}."


def _place(view: View, campaign: Campaign) -> str:
    return view.words("area", campaign.area) if campaign.area else "the whole region"


def _times(one: Compared) -> str:
    return f"{one.ratio:.1f} times ({one.lower:.1f}–{one.upper:.1f})"


def days(campaign: Campaign) -> str:
    """Return the months of a campaign: "Mar–Nov 2022", "Oct 2020–Jun 2021", "since Mar 2025"."""
    start, end = campaign.start, campaign.end
    if end is None:
        return f"since {start:%b %Y}"
    return f"{start:%b}–{end:%b %Y}" if start.year == end.year else f"{start:%b %Y}–{end:%b %Y}"


def comparison(one: Compared | None) -> str:
    """Return "2.4 times, 1.9 to 3.0"."""
    return "too few shown" if one is None else f"{one.ratio:.1f} times, {one.lower:.1f} to {one.upper:.1f}"


def passed(view: View, before: dict[str, Row], after: dict[str, Row]) -> str:
    """Return in how many roles more people passed the test after a training than before it.

    Parameters
    ----------
    before, after
        Rows of both shares, by role.
    """
    roles = [role for role in after if role in before]
    clear = [role for role in roles if _rose(before[role], after[role])]
    unclear = [lower_first(view.words("audience_role", role)) for role in roles if role not in clear]
    if not clear:
        return f"No clear change in the share who passed the test, in any of {len(roles)} roles."
    count = f"all {len(roles)}" if not unclear else f"{len(clear)} of {len(roles)}"
    rest = f"; no clear rise for {listed(unclear)}" if unclear else ""
    return f"More people passed the test after a training than before it in {count} roles{rest}."


def _rose(before: Row, after: Row) -> bool:
    if None in (before["upper"], after["lower"]):
        return bool(after["value"] > before["value"])
    return bool(after["lower"] > before["upper"])


def spread(view: View, answer: Answer, lead: str = "") -> str:
    """Return where a measure is highest and where lowest, of an answer by one dimension.

    Parameters
    ----------
    lead
        Begins the sentence; the label of the measure when empty.
    """
    rows = known_rows(answer)
    if len(rows) < 2:
        return answer.sentence
    [name] = answer.question.by
    high, low = (
        f"{lower_first(view.words(name, row[name]))} ({figure(answer, row)})" for row in (rows[0], rows[-1])
    )
    return f"{lead or answer.measure.label}: highest for {high}, lowest for {low}."


def most(view: View, answer: Answer, lead: str) -> str:
    """Return "Most people were reached at: school or college, 91,723; then …"."""
    return re.sub(r"^(Most often|Most): ", f"{lead}: ", answer.sentence)


def led(answer: Answer, lead: str) -> str:
    """Return the answer's own sentence with the group named in front of it."""
    return f"{lead}: {lower_first(answer.sentence)}"
