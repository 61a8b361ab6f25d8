"""From a question to how it is answered: checked against catalog and release, then one plan for each kind."""

from dataclasses import replace

from analysis import periods
from analysis.answers.kinds.counts import count_plan
from analysis.answers.kinds.external_series import PublishedPlan, check_published
from analysis.answers.kinds.quantiles import QuantilePlan
from analysis.answers.kinds.rates import RatePlan
from analysis.answers.kinds.ratios import RatioPlan
from analysis.answers.kinds.residents import ContextPlan, check_context
from analysis.answers.kinds.shares import FieldSharePlan, SharePlan
from analysis.answers.rows.arrays import Plan
from analysis.catalog.model import Catalog, Measure
from analysis.errors import NotPermitted
from analysis.questions.checked import Asked
from analysis.questions.joined import check_joined, is_joined
from analysis.questions.question import Question
from analysis.questions.validate import check_protected, measure_of
from analysis.release.release import Release


def check(question: Question, catalog: Catalog, release: Release) -> Asked:
    """Check one question without looking anything up.

    Raises
    ------
    QuestionError
        In words, with what to do instead.
    """
    measure = measure_of(question, catalog)
    if is_joined(question):
        return check_joined(question, measure, catalog, release)
    if measure.kind == "ratio":
        return _check_ratio(question, measure, catalog, release)
    if measure.is_figure:
        return check_published(question, measure, catalog, release)
    if measure.kind == "context":
        return check_context(question, measure, catalog, release)
    return check_protected(question, measure, catalog, release)


def plan_of(asked: Asked) -> Plan:
    """Return how a checked question is answered."""
    measure = asked.measure
    if asked.parts:
        above, below = (plan_of(part) for part in asked.parts)
        return RatioPlan(asked, above, below)
    if measure.is_figure:
        return PublishedPlan(asked)
    if measure.kind == "context":
        return ContextPlan(asked)
    if measure.kind == "quantile":
        return QuantilePlan(asked)
    if measure.kind == "share":
        return FieldSharePlan(asked) if measure.per_field else SharePlan(asked)
    return RatePlan(asked) if measure.kind == "rate" else count_plan(asked)


def _check_ratio(question: Question, measure: Measure, catalog: Catalog, release: Release) -> Asked:
    """Check both sides of a ratio, over the months for which there are figures of both."""
    asked = [
        check(question.changed(measure=code), catalog, release) for code in (measure.above, measure.below)
    ]
    spans = [_months(one) for one in asked]
    if None not in spans and len(set(spans)) > 1:
        first, last = max(span[0] for span in spans if span), min(span[1] for span in spans if span)
        if first > last:
            raise NotPermitted(
                f"There is no month with figures of both sides of '{measure.label}'.", "Choose other periods."
            )
        ends = (periods.code_of(first, "month"), periods.code_of(last, "month"))
        asked = [
            check(question.changed(measure=code, periods=ends), catalog, release)
            for code in (measure.above, measure.below)
        ]
    above, below = asked
    return replace(above, question=question, measure=measure, parts=(above, below))


def _months(asked: Asked) -> tuple[int, int] | None:
    axis = asked.axis("period")
    if axis is None:
        return None
    spans = [periods.span_of(code) for code in axis.codes]
    return min(span.first for span in spans), max(span.last for span in spans)
