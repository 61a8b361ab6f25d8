"""What a release tells of people on no list, in the words of its page: an estimate, or why there is none."""

from typing import Any

from analysis.api.call import Call
from analysis.api.problems import Problem
from analysis.catalog.model import lower_first
from analysis.errors import echo
from analysis.exports.registers.hidden_population import WHOLE
from analysis.exports.registers.package import page_of
from analysis.exports.registers.table import registers
from analysis.findings.finding import Finding
from analysis.findings.sentences import say
from analysis.findings.topics.hidden_population import answers_agree, lists_overlap, people_on_no_list
from analysis.periods import label_of_range
from analysis.release.release import Collection
from analysis.topics.hidden_population import POPULATION, HiddenPopulation, hidden_population, list_name

#: What may be given beside the measure: the number is divided and filtered by nothing.
ALLOWED = ("measure", "collection", "figures", "release")


def estimate_of(call: Call) -> tuple[HiddenPopulation, Collection]:
    """Return what the release of a call tells, and of which register.

    Raises
    ------
    Problem
        Where something would divide it, where there is no such collection, and where nothing is told.
    """
    if more := [name for name in call.given if name not in ALLOWED]:
        raise Problem(
            422, "not-divided", f"{WHOLE} It cannot be divided or filtered.", f"Leave out: {', '.join(more)}."
        )
    held = {one.collection: one for one in reversed(call.release.collections)}
    chosen = call.first("collection") or next(reversed(held), "")
    if chosen not in held and held:
        known = f"Allowed: {', '.join(reversed(held))}."
        raise Problem(422, "unknown-code", f"There is no collection {echo(chosen)}.", known)
    found = hidden_population(call.release, chosen)
    if found is None or not held:
        raise Problem(422, "not-loaded", "Nothing is told of people on no list in this release.")
    return found, held[chosen]


def findings_of(call: Call, found: HiddenPopulation, of: Collection) -> list[dict[str, Any]]:
    """Return the findings of its page; of one without a number, why there is none."""
    derived = call.catalog.derived[POPULATION]
    told = [people_on_no_list(found)]
    if found.is_estimated:
        told += [lists_overlap(found, lambda _, code: lower_first(list_name(code, call.catalog)))]
        told += [answers_agree(found)]
    years = f"Whole region, {label_of_range(*found.years)}." if found.years else "Whole region."
    page = page_of(registers(call.catalog)[POPULATION], call.base, call.first("release"))
    return [
        {
            "by": [],
            "kind": one.kind,
            "sentence": say(one),
            "verdict": one.verdict,
            "basis": one.basis,
            "filters": years,
            "cells_shown": int(found.is_estimated),
            "cells_total": 1,
            "notes": list(found.notes) if _is_the_number(one) else [],
            "caveats": [call.catalog.caveats[code].text for code in derived.caveats],
            "source": of.citation or of.label,
            "permalink": page,
        }
        for one in told
    ]


def _is_the_number(one: Finding) -> bool:
    return one.kind == "estimate"


def numbers_of(found: HiddenPopulation) -> dict[str, Any]:
    """Return the numbers of an estimate; null where there is none."""
    limits = {"estimate": found.estimate, "lower": found.lower, "upper": found.upper, "listed": found.listed}
    return {
        "status": found.status,
        "reason": found.reason,
        "period": "..".join(found.years),
        **{name: number if found.is_estimated else None for name, number in limits.items()},
    }
