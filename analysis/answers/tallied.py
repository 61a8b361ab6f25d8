"""Whether a figure holds numbers that contributors sent in place of records, and what that means."""

import functools
import json
from collections.abc import Mapping

from analysis import periods
from analysis.questions.checked import Asked
from analysis.release.release import Release

TALLIED = (
    "Some contributors sent numbers in place of records: these are not de-duplicated between months or "
    "contributors."
)


def months_of_numbers(release: Release) -> Mapping[tuple[str, str], frozenset[str]]:
    """Return the closed months for which numbers were sent, by collection and subject."""
    return _read(release.info.get("tallies", ""))


@functools.lru_cache(maxsize=16)
def _read(text: str) -> Mapping[tuple[str, str], frozenset[str]]:
    try:
        found = json.loads(text or "{}")
        return {
            (str(collection), str(subject)): frozenset(map(str, months))
            for collection, subjects in found.items()
            for subject, months in subjects.items()
        }
    except (AttributeError, TypeError, ValueError):
        return {}


def notes(asked: Asked) -> list[str]:
    """Return the sentence where months of a figure of records hold such numbers, else nothing."""
    known, measure = months_of_numbers(asked.release), asked.measure
    if not known or measure.door != "person" or not measure.subject or not asked.collection:
        return []
    numbers = known.get((asked.collection.collection, measure.subject))
    times = asked.axis("period")
    if not numbers or not times:
        return [TALLIED] if numbers else []
    spans = [periods.span_of(code) for code in times.codes]
    held = {periods.span_of(month).first for month in numbers}
    return [TALLIED] if any(one.first <= month <= one.last for one in spans for month in held) else []
