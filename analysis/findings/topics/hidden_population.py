"""What the estimate of people on no list says, or why there is none; nothing is worked out here."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from analysis.findings.finding import Finding, Label, no_label
from analysis.release.release import Release
from analysis.topics.hidden_population import METHOD, WITHOUT, HiddenPopulation, hidden_population


@dataclass(frozen=True)
class EstimateBetween:
    """What two releases tell of people on no list, where they do not tell the same.

    Attributes
    ----------
    earlier, later
        None where a release tells nothing of it.
    of
        Whose register, where a release has several; else empty.
    overlaps, agreements
        How many of the bands and of the words beside the number are others, of the same years.
    """

    earlier: HiddenPopulation | None
    later: HiddenPopulation | None
    of: str = ""
    overlaps: int = 0
    agreements: int = 0

    @property
    def before(self) -> HiddenPopulation | None:
        """The earlier one where it has a number."""
        return self.earlier if self.earlier and self.earlier.is_estimated else None

    @property
    def now(self) -> HiddenPopulation | None:
        """The later one where it has a number."""
        return self.later if self.later and self.later.is_estimated else None

    @property
    def is_of_the_same_years(self) -> bool:
        """Whether both have a number, and of the same years."""
        return bool(self.before and self.now and self.before.years == self.now.years)

    @property
    def is_another_number(self) -> bool:
        """Whether two numbers of the same years differ, in the estimate or a limit."""
        return self.is_of_the_same_years and _figures(self.before) != _figures(self.now)


def estimates_between(later: Release, earlier: Release) -> tuple[EstimateBetween, ...]:
    """Return where two releases tell something else of people on no list; two numbers are never compared.

    A revision works the estimate out anew, and another year in it makes it one of other people: neither says
    that more or fewer people are exploited.
    """
    persons = [one for one in (*later.collections, *earlier.collections) if one.subject == "person"]
    labels = {one.collection: one.label for one in reversed(persons)}
    told = {
        code: (hidden_population(earlier, code), hidden_population(later, code))
        for code in dict.fromkeys(one.collection for one in persons)
    }
    several = sum(any(pair) for pair in told.values()) > 1
    found = (
        EstimateBetween(
            then,
            now,
            labels[code] if several else "",
            _differing(then.overlaps if then else (), now.overlaps if now else ()),
            _differing(then.agreements if then else (), now.agreements if now else ()),
        )
        for code, (then, now) in told.items()
    )
    return tuple(one for one in found if _is_told(one))


def _is_told(one: EstimateBetween) -> bool:
    if one.before is None and one.now is None:  # still no number: told where the reason is another one
        return one.earlier is not None and one.later is not None and one.earlier.reason != one.later.reason
    return one.earlier != one.later


def _figures(found: HiddenPopulation | None) -> tuple[int, ...]:
    return (found.estimate, found.lower, found.upper, found.listed) if found else ()


def _differing(then: Sequence[object], now: Sequence[object]) -> int:
    return max(len(set(now) - set(then)), len(set(then) - set(now)))


def people_on_no_list(found: HiddenPopulation) -> Finding:
    """Return about how many people could have been listed; or that, and why, there is no estimate."""
    if not found.is_estimated:
        return _fact("no_estimate_of_hidden", status=found.status, reason=found.reason)
    return _fact(
        "people_on_no_list",
        estimate=found.estimate,
        limits=(found.lower, found.upper),
        listed=found.listed,
        years=found.years,
    )


def lists_overlap(found: HiddenPopulation, label: Label = no_label) -> Finding:
    """Return which two lists share most people, where one pair is in a higher band than all others."""
    highest = max(one.at_least for one in found.overlaps)
    most = [one for one in found.overlaps if one.at_least == highest]
    return _fact(
        "lists_overlap",
        label=label,
        lists=found.lists,
        listed=found.listed,
        most=(most[0].one, most[0].other) if len(most) == 1 and len(found.overlaps) > 1 else (),
    )


def answers_agree(found: HiddenPopulation) -> Finding:
    """Return how far the other methods, and the answers without each list, lie from the estimate."""
    return _fact(
        "answers_agree",
        methods=tuple(one.agreement for one in found.agreements if one.kind == METHOD),
        without=tuple(one.agreement for one in found.agreements if one.kind == WITHOUT),
    )


def _fact(topic: str, label: Label = no_label, **facts: Any) -> Finding:
    return Finding(
        "estimate" if topic == "people_on_no_list" else "fact", topic=topic, label=label, facts=facts
    )
