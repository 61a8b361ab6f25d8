"""What feedback, interviews and surveys say: who hardly answers, what survivors speak of, what was noted."""

from dataclasses import replace

from analysis.answers.answer import Answer
from analysis.findings.changes import group_changes
from analysis.findings.compare import Value, clearly, named, values_of
from analysis.findings.finding import Finding, hidden
from analysis.findings.groups import leader, spread
from analysis.findings.scope import Scope
from analysis.findings.waves import basis_of_waves

HARDLY_ANSWERED = 100 / 3  # percent: below it, those who answered are too few to speak for the rest
_LIMIT = Value(HARDLY_ANSWERED, HARDLY_ANSWERED, HARDLY_ANSWERED)


def few_answers(response: Answer, scope: Scope) -> Finding:
    """Return about which services clearly fewer than a third answered; the range where there are none.

    Parameters
    ----------
    response, scope
        Share who answered, by one dimension.
    """
    few = hardly_answered(response)
    if not few:
        return spread(response, scope)
    return _fact("few_answers", response, scope, few, direction=-1)


def satisfied(answer: Answer, response: Answer | None, scope: Scope) -> Finding:
    """Return the range of the shares satisfied, and about which services hardly anybody answered.

    Parameters
    ----------
    answer, scope
        Share satisfied of those who answered, by one dimension.
    response
        Share who answered, by the same dimension and of the same scope.
    """
    values = sorted(named(values_of(answer)), key=lambda one: one.value)
    if len(values) < 2:
        return leader(answer, scope)
    few = hardly_answered(response) if response is not None else ()
    ends = (values[0], values[-1])
    return _fact("satisfied", answer, scope, ends, few=tuple(one.codes for one in few))


def hardly_answered(response: Answer) -> tuple[Value, ...]:
    """Return the groups of which clearly fewer than a third answered."""
    return tuple(one for one in named(values_of(response)) if clearly(one, _LIMIT).direction < 0)


def barrier_noted_most(answer: Answer, level: str, scope: Scope) -> Finding:
    """Return which barrier of one level was noted most often, and the next.

    Parameters
    ----------
    answer, scope
        Barriers noted, by ``barrier``.
    level
        Code of `barrier_setting`.
    """
    found = leader(answer, scope)
    facts = {**found.facts, "level": answer.in_sentence("barrier_setting", level)}
    return replace(found, topic="barrier_noted_most", facts=facts) if found.kind == "leader" else found


def survivors_speak_of(answer: Answer, scope: Scope) -> Finding:
    """Return what survivors speak of most often in interviews, and the next.

    Parameters
    ----------
    answer, scope
        Mentions by survivors, by ``interview_theme``.
    """
    found = leader(answer, scope)
    return replace(found, topic="survivors_speak_of") if found.kind == "leader" else found


def opinion(answer: Answer, scope: Scope) -> Finding:
    """Return with which statements agreement changed from the first wave of a survey to the last.

    Parameters
    ----------
    answer, scope
        Share who agree, by ``period`` and ``survey_item``.
    """
    if not values_of(answer):
        return hidden(answer)
    found = group_changes(answer, scope, basis=basis_of_waves(answer))
    return replace(found, topic="opinion") if found.kind == "changes" else found


def _fact(
    topic: str,
    answer: Answer,
    scope: Scope,
    values: tuple[Value, ...],
    direction: int = 0,
    **facts: object,
) -> Finding:
    return Finding(
        "fact",
        answer.measure,
        scope,
        values,
        about=answer.question.by[0],
        topic=topic,
        direction=direction,
        facts=facts,
        label=answer.in_sentence,
    )
