"""Half-years and years that do not begin in January: rows that add up published quarters, or months.

No release has cells of them, and none is made: a year from October beside one from July would be the two of
them less what they share. What is added up are numbers that anybody could add.
"""

from dataclasses import replace

from analysis import periods
from analysis.catalog.model import Catalog, Measure, lower_first
from analysis.errors import NotPermitted
from analysis.questions.axes import not_in_rows
from analysis.questions.checked import Asked, Axis
from analysis.questions.question import Question
from analysis.questions.validate import check_protected, collection_of
from analysis.release.release import Release


def is_joined(question: Question) -> bool:
    """Tell whether the rows of a question add up several published periods."""
    return "period" in question.by and question.period_level in periods.JOINED_LEVELS


def check_joined(question: Question, measure: Measure, catalog: Catalog, release: Release) -> Asked:
    """Check a question by half-years, or by years that begin with another month.

    Raises
    ------
    QuestionError
        In words, with what to do instead.
    """
    level = question.period_level
    words = lower_first(periods.joined_words(level))
    if measure.kind != "count" or not measure.subject:
        raise NotPermitted(
            f"'{measure.label}' is not given by {words}: only counts are added up over periods. Shares, "
            "rates, medians, places and other stocks of several quarters do not make one of a year.",
            "Ask by year or quarter, or for a count.",
        )
    collection = collection_of(question, catalog.subjects[measure.subject], release)
    if collection.period_resolution == "year":
        raise NotPermitted(
            f"'{measure.label}' is not given by {words}: it is counted once for a whole calendar year, and "
            "two such totals cannot be divided or added up.",
            "Ask by year.",
        )
    of = periods.parts_of(level)
    published = check_protected(question.changed(period_level=of), measure, catalog, release)
    times = published.axis("period")
    codes = times.codes if times else ()
    ends = periods.Span(periods.span_of(codes[0]).first, periods.span_of(codes[-1]).last)
    rows = periods.periods_inside(ends, level)
    if not rows:
        raise NotPermitted(
            f"No whole period of {words} lies in {periods.label_of_range(codes[0], codes[-1])}.",
            "Choose a longer range.",
        )
    first, last = periods.span_of(rows[0]).first, periods.span_of(rows[-1]).last
    inside = [code for code in codes if first <= periods.span_of(code).first <= last]
    published = _with_periods(published, inside).noting(
        *(not_in_rows(ends, rows) if question.periods else ())
    )
    size = periods.months_in(level) // periods.MONTHS_IN[of]
    asked = replace(_with_periods(published, rows), question=question, joined=published)
    return asked.noting(
        f"Each row adds up {size} published {of}s. A person counted in more than one of them, such as one "
        "met in two calendar years, counts more than once.",
    )


def _with_periods(asked: Asked, codes: list[str]) -> Asked:
    rows = tuple(Axis("period", tuple(codes)) if axis.name == "period" else axis for axis in asked.rows)
    return replace(asked, rows=rows)
