"""What a period that is filling up is expected to come to: arithmetic on published cells and completeness.

A release says of its newest months how complete they were when they closed, for the whole region and
everybody together. So only a count of everybody is carried on; of an area or a group nothing is known.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil, floor, hypot, log10, sqrt

from analysis.answers.answer import Answer
from analysis.answers.ask import answer as ask
from analysis.findings.compare import Value, lacks_parts
from analysis.findings.finding import Finding
from analysis.findings.scope import Scope
from analysis.periods import PERIOD_LEVELS, code_of, span_of
from analysis.questions.question import Question
from analysis.release.release import Release

TABLE = "completeness"
#: Shares are told to the nearest 5 %: what lies between two of them is off by a part of that.
_ROUNDED = 0.05 / sqrt(12)
_STEPS = (1, 2, 5)
#: A number is said in steps of about so small a part of its interval.
_FINE = 1 / 8


@dataclass(frozen=True)
class Month:
    """How complete a month was when it closed, as a release tells it.

    Attributes
    ----------
    complete
        Share of those who are expected once everybody is entered.
    base
        At least so many people stand behind the share.
    spread
        How many times more spread than chance.
    """

    complete: float
    base: int
    spread: float


def completeness(release: Release, collection: str, subject: str) -> Mapping[str, Month]:
    """Return what a release tells of its newest months, by code; nothing where it tells nothing."""
    found = release.table(TABLE)
    return {
        row["month"]: Month(row["complete"] / 100, row["base"], row["spread"])
        for row in (found.to_dicts() if not found.is_empty() else ())
        if (row["collection"], row["subject"]) == (collection, subject)
    }


def expected(answer: Answer) -> Mapping[str, Value]:
    """Return what incomplete periods of an answer are expected to come to, by period.

    Parameters
    ----------
    answer
        By ``period`` alone. Nothing is expected of a share, a rate, a part of the people or of the region,
        and nothing of a period of which a month is hidden.

    Returns
    -------
    mapping of str to Value
        With limits; in round numbers, because completeness is.
    """
    checked, question, measure = answer.checked, answer.question, answer.measure
    if checked is None or checked.collection is None or question.by != ("period",) or question.where:
        return {}
    is_of_all = measure.kind == "count" and not measure.numerator and not measure.share_of
    if not is_of_all or question.period_level not in PERIOD_LEVELS or answer.frame.is_empty():
        return {}
    told = completeness(checked.release, checked.collection.collection, measure.subject)
    values = {
        row["period"]: (row["value"], months)
        for row in answer.frame.iter_rows(named=True)
        if row["value"] is not None and (months := _told_in(row["period"], told))
    }
    if not values:
        return {}
    cells = _cells(answer, sorted({month for _, months in values.values() for month in months}))
    return {
        period: _in_round_numbers(
            period, *carried_on(value, [(cells[one], told[one]) for one in months], checked.release.v)
        )
        for period, (value, months) in values.items()
        if all(month in cells for month in months)
    }


def incomplete(answer: Answer, scope: Scope, later: Mapping[str, Value]) -> Finding | None:
    """Return that the newest period of an answer is incomplete, and what it is expected to come to.

    Parameters
    ----------
    answer
        None is said of one that is divided by anything but ``period``, of figures of one day, and of a newest
        period that is hidden.
    scope
        Of the answer.
    later
        From `expected`.
    """
    is_of_a_day = answer.measure.over_time == "last"  # nothing fills up in a number of one day
    if answer.question.by != ("period",) or answer.frame.is_empty() or is_of_a_day:
        return None
    row = answer.frame.row(-1, named=True)
    if row["value"] is None or "p" not in (row["marker"] or ""):
        return None
    so_far = Value(
        row["value"], None, None, {"period": row["period"]}, row["marker"], is_part=lacks_parts(row)
    )
    more = later.get(row["period"])
    return Finding("estimate", answer.measure, scope, (so_far, *([more] if more else [])), topic="incomplete")


def _told_in(period: str, told: Mapping[str, Month]) -> list[str]:
    span = span_of(period)
    months = (code_of(month, "month") for month in range(span.first, span.last + 1))
    return [month for month in months if month in told]


def _cells(answer: Answer, months: list[str]) -> dict[str, float]:
    """Return the published numbers of months; a hidden one is not among them."""
    if answer.question.period_level == "month":
        rows = answer.frame
    else:
        checked, question = answer.checked, answer.question
        wanted = Question(
            question.measure,
            ("period",),
            period_level="month",
            periods=(months[0], months[-1]),
            collection=question.collection,
        )
        [found] = ask([wanted], checked.release if checked else None, strict=False)
        if found.refusal:
            return {}
        rows = found.frame
    return {row["period"]: row["value"] for row in rows.iter_rows(named=True) if row["value"] is not None}


def carried_on(
    value: float, parts: Sequence[tuple[float, Month]], noise_variance: float
) -> tuple[float, float, float]:
    """Return what a period comes to once everybody is entered, and limits.

    Parameters
    ----------
    value
        Its published number.
    parts
        Published number and completeness of its incomplete months.
    noise_variance
        What the protection adds to the variance of each number.
    """
    # Only who reads an incomplete period waits for it.
    from analysis.statistics.series.delay import period_total  # noqa: PLC0415

    months = [month for _, month in parts]
    return period_total(
        value,
        [count for count, _ in parts],
        [one.complete for one in months],
        # Months may all be rounded to one side, and all are learnt from the same years.
        shared_errors=[
            hypot(_ROUNDED / one.complete, sqrt(one.spread * (1 - one.complete) / one.base)) for one in months
        ],
        dispersion=max(one.spread for one in months),
        noise_variance=noise_variance,
    )


def _in_round_numbers(period: str, middle: float, lower: float, upper: float) -> Value:
    step = _step(upper - lower)
    return Value(
        float(round(middle / step) * step),
        float(floor(lower / step) * step),
        float(ceil(upper / step) * step),
        {"period": period},
        "p",
    )


def _step(width: float) -> int:
    """Return the step that a number with such an interval is said in.

    >>> _step(130.0), _step(30.0), _step(4.0)
    (10, 2, 1)
    """
    most = width * _FINE
    if most < _STEPS[1]:
        return 1
    power = 10 ** floor(log10(most))
    return max(power * one for one in _STEPS if power * one <= most)
