"""Headlines of the Enforcement page. They state what was counted; they never judge, blame or explain."""

from analysis import Answer
from analysis import periods as period_words
from analysis.catalog.model import lower_first
from analysis.findings.enforcement import Compared, Row, Spans, ends_of, value_of
from analysis.words import interval_text, number_text
from ui.app.view import View

_VERBS = {1: "rose", -1: "fell"}


def figure(answer: Answer, row: Row) -> str:
    """Return a value with its interval: "47% (44–49%)"."""
    unit = " days" if answer.measure.kind == "quantile" else ""
    value = number_text(answer.measure, row["value"]) + unit
    return value + interval_text(answer.measure, row["lower"], row["upper"])


def early_and_late(answer: Answer, spans: Spans, found: Compared | None, label: str = "") -> str:
    """Return how the newest complete years compare with the first ones; empty when they cannot be compared.

    Parameters
    ----------
    answer
        Of the measure; gives its words.
    spans, found
        Which years, and what was found in them.
    label
        Subject of the sentence; the measure's label when empty.
    """
    if found is None:
        return ""
    label = label or answer.measure.label
    when, before = (period_words.label_of_range(*span) for span in (spans.later, spans.earlier))
    if not found.direction:
        now, then = figure(answer, found.later), figure(answer, found.earlier)
        return f"{label}: no clear change, {now} in {when}, {then} in {before}."
    now = figure(answer, found.later)
    then = figure(answer, found.earlier)
    return f"{label} {_VERBS[found.direction]} to {now} in {when}, from {then} in {before}."


def apart(view: View, answer: Answer, lead: str) -> str:
    """Return the largest and the smallest of some shares, or that they cannot be told apart.

    Parameters
    ----------
    view, answer
        The page's view; shares by one dimension.
    lead
        How the sentence begins, such as "A trafficking charge was reached in".
    """
    found = ends_of(answer)
    if found is None:
        return ""
    [name] = answer.question.by
    low, high = (
        (figure(answer, row), lower_first(view.words(name, row[name])))
        for row in (found.earlier, found.later)
    )
    if not found.direction:
        return (
            f"{lead} {high[0]} of investigations of {high[1]} and {low[0]} of {low[1]}: no clear difference."
        )
    return f"{lead} {low[0]} of investigations of {low[1]}, against {high[0]} of {high[1]}."


def steps(shares: list[Answer]) -> str:
    """Return "Of 100 investigations opened, 54 have led to an arrest or summons, 38 to a charge …"."""
    names = ("an arrest or summons", "a charge", "a trafficking charge", "a trafficking conviction")
    told = [
        (f"{row['value']:.0f}", name)
        for answer, name in zip(shares, names, strict=True)
        if (row := value_of(answer)) is not None
    ]
    if not told:
        return ""
    first, *others = (f"{value} to {name}" for value, name in told)
    said = ", ".join([f"{first.replace(' to ', ' have so far led to ', 1)}", *others])
    return f"Of every 100 investigations, {said}."


def clearances(arrest: Answer, exceptional: Answer) -> str:
    """Return both kinds of clearance side by side, never their sum."""
    by_arrest, by_means = value_of(arrest), value_of(exceptional)
    if by_arrest is None and by_means is None:
        return ""
    if by_means is None:
        return f"{figure(arrest, by_arrest)} of investigations were cleared by arrest." if by_arrest else ""
    means = f"{figure(exceptional, by_means)} by exceptional means."
    if by_arrest is None:
        return f"Of investigations, {means.replace(' by', ' were cleared by')}"
    return f"{figure(arrest, by_arrest)} of investigations were cleared by arrest and {means}"


def convictions(share: Answer) -> str:
    """Return the share of disposed trafficking charges that ended in conviction."""
    row = value_of(share)
    if row is None:
        return ""
    return f"{figure(share, row)} of the trafficking charges that courts disposed of ended in conviction."


def met(people: Answer, referred: Answer, arrested: Answer) -> str:
    """Return how many people were met, referred and arrested."""
    row = value_of(people)
    if row is None:
        return ""
    parts = [
        f"{figure(answer, found)} {what}"
        for answer, what in ((referred, "were referred to a service"), (arrested, "were arrested"))
        if (found := value_of(answer)) is not None
    ]
    said = f"Of {figure(people, row)} people met in operations, " if parts else ""
    return (
        said + " and ".join(parts) + "." if said else f"{figure(people, row)} people were met in operations."
    )


def exploited(count: Answer, share: Answer) -> str:
    """Return how many of the people arrested were also met as exploited: the number, no more."""
    row, part = value_of(count), value_of(share)
    if row is None:
        return ""
    said = f"{figure(count, row)} people who were met as exploited were themselves arrested in operations"
    return f"{said}: {figure(share, part)} of the people arrested." if part else f"{said}."


def unlinked(links: Answer) -> str:
    """Return how many charges have no investigation in the release; empty when none can be shown."""
    said = []
    for code, words in (
        ("not_found", "name an investigation that was not loaded"),
        ("no_reference", "name no investigation"),
    ):
        row = value_of(links, charge_link=code)
        if row is not None:
            least = "at least " if row["cells_shown"] < row["cells_total"] else ""
            said.append(f"{least}{number_text(links.measure, row['value'])} {words}")
    if not said:
        return ""
    return f"Of these charges {' and '.join(said)}; they are counted, without a form of exploitation."
