"""Whom outreach and training reached and whom not, and what tests before and after a training say."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isnan

from analysis.answers.answer import Answer
from analysis.findings.areas.where import ABOVE, funnel_of
from analysis.findings.compare import Value, choose, clearly, named, only, values_of
from analysis.findings.finding import Finding, Label, hidden
from analysis.findings.groups import standard
from analysis.findings.scope import Scope
from analysis.topics.training import Gain

_NO_CHANGE = Value(0.0, 0.0, 0.0)


@dataclass(frozen=True)
class Place:
    """One area: people reached and trained in a year, and whether need there is clearly high."""

    area: str
    reached: float
    trained: float
    has_high_need: bool


def language_reached_least(reached: Answer, speakers: Answer | None, scope: Scope) -> Finding:
    """Return the language whose speakers were least likely to be reached, or never were.

    Parameters
    ----------
    reached, scope
        People reached per 1,000 speakers, by ``outreach_language``.
    speakers
        Residents who speak it, by the same.
    """
    values = sorted(named(values_of(reached)), key=lambda one: one.value)
    held = {one.codes["outreach_language"] for one in values}
    spoken = named(values_of(speakers)) if speakers is not None else []
    never = [one for one in spoken if one.codes["outreach_language"] not in held and one.value > 0]
    if never and speakers is not None:
        facts = {"speakers": speakers.measure}
        return _fact("language_never_reached", reached, scope, never, direction=-1, **facts)
    if len(values) < 2 or not clearly(values[1], values[0]).direction:
        return standard(reached, scope)
    ends = (values[0], values[1], values[-1])
    return _fact("language_reached_least", reached, scope, ends, direction=-1)


def places_reached(
    answers: dict[str, Answer], scope: Scope, year: str
) -> tuple[Finding, tuple[Place, ...]] | None:
    """Return how many of all areas outreach and training reached, and the untrained with high need.

    Parameters
    ----------
    answers
        ``reached`` and ``trained``, people by ``area`` in one year; ``identified`` and ``rate``, people and
        their rate by ``area``, which say where need is clearly high.
    scope, year
        Of both; the year, for the words.

    Returns
    -------
    tuple or None
        The finding, and every area: first those without training where need is high, then those without
        training, then the others, each in the order of the code list. None without figures of both.
    """
    reached, trained = answers.get("reached"), answers.get("trained")
    if reached is None or trained is None or reached.refusal or trained.refusal:
        return None
    bands = funnel_of(answers.get("identified"), answers.get("rate"))
    high = set()
    if bands is not None:
        known = bands.areas.drop_nulls("band")
        high = set(known.filter(known["band"].is_in(list(ABOVE)))["area"])
    places = [
        Place(area, _number(reached, area), _number(trained, area), area in high)
        for area in dict.fromkeys(reached.frame["area"])
    ]
    if not places or not any(one.reached or one.trained for one in places):
        return None
    untrained = tuple(one.area for one in places if not one.trained and one.has_high_need)
    finding = _fact(
        "places_reached",
        reached,
        scope,
        (),
        total=len(places),
        reached=sum(one.reached > 0 for one in places),
        trained=sum(one.trained > 0 for one in places),
        untrained=untrained,
        year=year,
    )
    return finding, tuple(sorted(places, key=lambda one: (bool(one.trained), not one.has_high_need)))


def scores_after_training(found: Sequence[Gain], scope: Scope, label: Label) -> Finding:
    """Return in which roles test scores rose after training, and in which no change can be claimed.

    Parameters
    ----------
    found
        The change of each role, with limits.
    scope, label
        Of all of them; words for a role.
    """
    values = {one.role: score_change(one) for one in found}
    changes = {role: clearly(value, _NO_CHANGE) for role, value in values.items()}
    clear = choose(list(changes.values()))
    rose, fell = (
        [values[role] for role, one in changes.items() if one in clear and one.direction == direction]
        for direction in (1, -1)
    )
    rose.sort(key=lambda one: -one.value)
    unclear = [value for role, value in values.items() if value not in (*rose, *fell)]
    return Finding(
        "fact",
        None,
        scope,
        tuple(rose[:1]),
        about="audience_role",
        topic="scores_after_training",
        direction=bool(rose) - bool(fell),
        facts={"rose": len(rose), "fell": tuple(fell), "unclear": tuple(unclear), "roles": len(values)},
        label=label,
    )


def passed_after_training(before: Answer, after: Answer, scope: Scope) -> Finding:
    """Return in how many roles more people passed the test after a training than before it.

    Parameters
    ----------
    before, after, scope
        Shares by ``audience_role``, of the same scope.
    """
    pairs = {
        one.codes["audience_role"]: clearly(one, earlier)
        for one in named(values_of(after))
        if (earlier := only(before, audience_role=one.codes["audience_role"])) is not None
    }
    if not pairs:
        return hidden(after)
    clear = choose(list(pairs.values()))
    unclear = tuple(role for role, one in pairs.items() if one not in clear or one.direction < 0)
    rose = len(pairs) - len(unclear)
    return _fact(
        "passed_after_training", after, scope, (), direction=bool(rose), roles=len(pairs), unclear=unclear
    )


def score_change(gain: Gain) -> Value:
    """Return the change of one role; without limits where nothing can be said about chance."""
    codes = {"audience_role": gain.role}
    if isnan(gain.lower):
        return Value(gain.change, codes=codes)
    return Value(gain.change, gain.lower, gain.upper, codes)


def _number(answer: Answer, area: str) -> float:
    value = only(answer, area=area)
    return value.value if value else 0.0


def _fact(
    topic: str,
    answer: Answer,
    scope: Scope,
    values: Sequence[Value],
    direction: int = 0,
    **facts: object,
) -> Finding:
    return Finding(
        "fact",
        answer.measure,
        scope,
        tuple(values),
        about=answer.question.by[0],
        topic=topic,
        direction=direction,
        facts=facts,
        label=answer.in_sentence,
    )
