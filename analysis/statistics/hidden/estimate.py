"""The estimate of how many people there are on no list, with what must stand beside it.

No single rule of choosing a model is right, so each estimate comes with those of the others; and where the
lists cannot carry an estimate, there is a sentence and no number.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import combinations

import numpy as np
from numpy.typing import ArrayLike

from analysis.progress import Progress
from analysis.statistics.checked import option
from analysis.statistics.hidden import bootstrap
from analysis.statistics.hidden.bootstrap import RESAMPLES, Bca, Rule
from analysis.statistics.hidden.floor import (
    FEWEST_IN_OVERLAPS,
    FEWEST_LISTS,
    FEWEST_PERSONS,
    MOST_APART,
    MOST_LISTS_TO_SEARCH,
)
from analysis.statistics.hidden.histories import CaptureTable, without_list
from analysis.statistics.hidden.loglinear import Fit, fit
from analysis.statistics.hidden.many import Stepwise
from analysis.statistics.hidden.profile import profile
from analysis.statistics.hidden.selection import THRESHOLD, best_bic, downhill, stepwise_aic
from analysis.statistics.intervals import z_value

BCA = "BCa, with the model chosen anew in each of {resamples:,} resamples"
WALD = "Wald, given the model: too narrow, since the model was chosen from the same table"
PROFILE = "profile likelihood, given the model: too narrow, since the model was chosen from the same table"


def rules(threshold: float = THRESHOLD) -> Mapping[str, Rule]:
    """Return the rules that choose a model, by name."""
    return {
        "stepwise": Stepwise(threshold),
        "bic": best_bic,
        "downhill": downhill,
        "aic": stepwise_aic,
    }


@dataclass(frozen=True, eq=False)
class Estimate:
    """A total, or why there is none.

    Attributes
    ----------
    method
        Name of the rule that chose the model.
    refused
        Why there is no estimate, in a sentence; empty where there is one.
    reason
        The same as one of `floor.REASONS`, which says nothing of the numbers.
    fit
        The model.
    total, lower, upper
        Persons, listed ones included; None where refused.
    interval
        How the limits were made.
    bca
        Of resamples; None for another kind of interval.
    others
        Totals by the other rules, by their names; None where a rule has no answer.
    without
        Totals without each list, by the list's name; None where there is none.
    remarks
        What must be read with it.
    """

    method: str
    refused: str = ""
    reason: str = ""
    fit: Fit | None = None
    total: float | None = None
    lower: float | None = None
    upper: float | None = None
    interval: str = ""
    bca: Bca | None = None
    others: Mapping[str, float | None] = field(default_factory=dict)
    without: Mapping[str, float | None] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()

    @property
    def is_contested(self) -> bool:
        """Whether the rules differ by more than a factor of two: the number is then not to be published."""
        known = [value for value in (self.total, *self.others.values()) if value]
        return len(known) > 1 and max(known) > MOST_APART * min(known)


def refusal(table: CaptureTable, *, floor: bool = True) -> str:
    """Return why a table has no estimate, in a sentence; nothing where it has one.

    Parameters
    ----------
    table
        Persons by capture history.
    floor
        Whether too few lists, persons or overlaps are a reason, as they are for what is published.
    """
    return next(_reasons(table, floor), ("", ""))[1]


def _reasons(table: CaptureTable, floor: bool) -> Iterator[tuple[str, str]]:
    """Return codes of `floor.REASONS`, each with its sentence."""
    if not table.persons:
        yield "nobody", "Nobody is on any list."
        return
    sizes = dict(
        zip(table.lists, table.on_all([1 << place for place in range(len(table.lists))]), strict=True)
    )
    yield from (
        ("empty_list", f"The list {name} is empty. Leave it out.") for name, size in sizes.items() if not size
    )
    shared = dict(zip(combinations(table.lists, 2), table.on_all(table.pairs), strict=True))
    for (one, other), both in shared.items():
        if both == sizes[one] == sizes[other]:
            yield (
                "same_people",
                f"The lists {one} and {other} hold the same persons. One of them says nothing of its own: "
                "leave it out.",
            )
    several = np.array([code.bit_count() > 1 for code in range(1, len(table.counts) + 1)])
    overlapping = float(table.counts[several].sum())
    if not overlapping:
        yield "no_overlap", "Nobody is on two lists, so nothing says how many are on none."
    if floor:
        yield from _below_the_floor(table, shared, overlapping)
    if fit(table) is None:
        yield "no_estimate", "The overlaps are such that no estimate exists, not even for independent lists."


def _below_the_floor(
    table: CaptureTable, shared: Mapping[tuple[str, str], float], overlapping: float
) -> Iterator[tuple[str, str]]:
    needs = "an estimate needs at least"
    if len(table.lists) < FEWEST_LISTS:
        yield "few_lists", f"There are {len(table.lists)} lists; {needs} {FEWEST_LISTS}."
    yield from (
        ("list_apart", f"The list {name} shares nobody with another. Leave it out.")
        for name in _alone(shared, table)
    )
    if table.persons < FEWEST_PERSONS:
        yield "few_persons", f"There are {table.persons:,.0f} persons; {needs} {FEWEST_PERSONS}."
    if overlapping < FEWEST_IN_OVERLAPS:
        said = f"{overlapping:,.0f} persons are on two lists or more; {needs} {FEWEST_IN_OVERLAPS}."
        yield "few_shared", said


def _alone(shared: Mapping[tuple[str, str], float], table: CaptureTable) -> list[str]:
    """Return the lists of which nobody is on another."""
    return [name for name in table.lists if not any(both for pair, both in shared.items() if name in pair)]


def estimate(
    table: CaptureTable,
    method: str = "stepwise",
    *,
    threshold: float = THRESHOLD,
    resamples: ArrayLike | None = None,
    draws: int = RESAMPLES,
    seed: int = 1,
    confidence: float = 0.95,
    floor: bool = True,
    progress: Progress | None = None,
) -> Estimate:
    """Return an estimate with its interval, the other rules' totals and those without each list.

    Parameters
    ----------
    table
        Persons by capture history.
    method
        A name of `rules`.
    threshold
        Of the stepwise rule.
    resamples : array of shape (number, 2**t - 1), optional
        In place of own draws, so that a published run can be repeated.
    draws, seed
        How many resamples to draw, and from which random numbers.
    confidence, floor, progress
        As `refusal` and `bootstrap.totals`.

    Raises
    ------
    ValueError
        If there is no such rule, or an argument has a wrong shape.
    """
    z_value(confidence)  # refuses what is no confidence
    option("threshold", threshold, at_least=0, at_most=1)
    if resamples is None:
        option("draws", draws, at_least=1)
    choose = rules(threshold)
    if method not in choose:
        raise ValueError(f"method is {method!r}; allowed: {', '.join(choose)}")
    reason, refused = next(_reasons(table, floor), ("", ""))
    if refused:
        return Estimate(method, refused, reason)
    chosen = choose[method](table)
    if chosen is None:
        return Estimate(method, "No model of these lists has an estimate.", "no_estimate")
    bca = None
    if method in ("stepwise", "downhill"):
        if resamples is None:
            resamples = bootstrap.draw(table, draws, seed)
        bca = bootstrap.interval(
            table, chosen.total, resamples, choose[method], confidence=confidence, progress=progress
        )
        total, lower, upper = chosen.total, bca.lower, bca.upper
        kind = BCA.format(resamples=bca.resamples)
    elif method == "aic":
        limits = profile(table, chosen, confidence)
        total, lower, upper, kind = limits.total, limits.lower, limits.upper, PROFILE
    else:
        total, (lower, upper), kind = chosen.total, chosen.wald(z_value(confidence)), WALD
    others = {name: _total(table, name, choose) for name in choose if name in _compared(table, method)}
    without = {
        name: _total(without_list(table, place), method, choose) for place, name in enumerate(table.lists)
    }
    if len(table.lists) <= FEWEST_LISTS:  # of two lists nothing can be checked
        without = {}
    return Estimate(
        method, "", "", chosen, total, lower, upper, kind, bca, others, without, _remarks(table, chosen, bca)
    )


def _compared(table: CaptureTable, method: str) -> set[str]:
    """Return the rules to compare with: neighbours of many lists are too many to search."""
    bic = {"bic"} if len(table.lists) <= MOST_LISTS_TO_SEARCH else set()
    return {"stepwise", "aic", *bic} - {method}


def _total(table: CaptureTable, method: str, choose: Mapping[str, Rule]) -> float | None:
    found = None if refusal(table, floor=False) else choose[method](table)
    if found is None:
        return None
    return profile(table, found).total if method == "aic" else found.total


def _remarks(table: CaptureTable, chosen: Fit, bca: Bca | None) -> tuple[str, ...]:
    shared = dict(zip(combinations(table.lists, 2), table.on_all(table.pairs), strict=True))
    alone = _alone(shared, table)
    remarks = []
    if alone:
        remarks.append(f"No person of {', '.join(alone)} is on another list.")
    if bca is not None and bca.is_shifted:
        remarks.append("Most resamples lie on one side of the estimate: read the limits with care.")
    if bca is not None and bca.without_estimate:
        remarks.append(f"{bca.without_estimate:,} resamples had no estimate and were left out.")
    if chosen.impossible:
        remarks.append("The model holds pairs of lists that share nobody.")
    return tuple(remarks)


def describe(table: CaptureTable, chosen: Fit) -> str:
    """Return a model in words: ``LA + NG + PF + LA:NG``; a pair that shares nobody is marked ``(none)``."""
    pairs = [one for one in (*chosen.interactions, *chosen.impossible) if one.bit_count() > 1]
    impossible = set(chosen.impossible)
    return " + ".join(
        [*table.lists, *(table.name(one) + (" (none)" if one in impossible else "") for one in pairs)]
    )
