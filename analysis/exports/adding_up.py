"""Whether numbers may be added up: over months and quarters to a year, over years, over categories."""

from analysis.catalog.load import load_catalog
from analysis.catalog.model import Measure, Subject, lower_first
from analysis.exports.context import Column, ExportContext, ExportItem

ONE_PERSON_A_YEAR = "person_key"  # the key of a subject that counts a person once a year
UP_TO = "Months and quarters add up to the year, and years to longer periods"
OF_YEARS = (
    "Each number is of several years together, such as 2019-2021: it is not divided over them, and must not "
    "be added to numbers of other years."
)
PROTECTED_BUT = ", but for numbers that are not shown and the small random changes"


def adding_up(item: ExportItem, context: ExportContext) -> str:
    """Return what a reader must know before adding rows up; the definition of the measure goes before it."""
    answer, is_exact = item.answer, context.is_restricted
    sentences = [OF_YEARS if answer.is_together else _over_time(answer.measure, is_exact=is_exact)]
    for name in item.answer.question.by:
        column = context.columns.get(name, Column(name))
        if column.multi:
            categories = f"Categories of {lower_first(column.label)}"
            sentences.append(f"{categories} do not add up: one {_thing(item)} can be in several.")
    return " ".join(sentences)


def _over_time(measure: Measure, is_exact: bool) -> str:
    if measure.kind in ("share", "rate", "ratio", "quantile"):
        return "Shares, rates and averages do not add up: take the row of the longer period or larger group."
    if measure.kind == "context" or measure.over_time == "last":
        return "Each number is the state at the end of its period: periods do not add up."
    protected = "" if is_exact or measure.door != "person" else PROTECTED_BUT
    if not measure.subject:
        return f"{UP_TO}{protected}."
    return _of_records(load_catalog().subjects[measure.subject], protected)


def _of_records(subject: Subject, protected: str) -> str:
    if subject.limits["month"] < 2:  # no table by month: what is counted once a year
        return (
            f"Counted for whole years only; years do not add up, the same {subject.unit} can be in several."
        )
    if subject.key == ONE_PERSON_A_YEAR:
        return (
            "Each person is counted in one month of a year, so months and quarters add up to the year"
            f"{protected}. Years do not add up to different people: who is recorded again in a later year is "
            "counted again."
        )
    return f"{UP_TO}{protected}."


def _thing(item: ExportItem) -> str:
    measure = item.answer.measure
    unit = load_catalog().subjects[measure.subject].unit if measure.subject else "record"
    return {"people": "person", "person-months": "person"}.get(unit, unit.removesuffix("s"))
