"""Pieces of sentences: a figure with its unit and interval, a group's name, a period."""

from analysis.catalog.model import Measure, lower_first
from analysis.findings.basis import Pair, label_of
from analysis.findings.compare import Value
from analysis.findings.finding import PARTS, SILENT, Finding
from analysis.periods import label_of as period_label
from analysis.words import at_least, few_of, figure_text, interval_text, listed

DIRECTIONS = {1: "rose", -1: "fell"}
SINCE = {1: "up", -1: "down"}
BARRED = {
    SILENT: "a contributor reported in only one of them",
    PARTS: "some of the numbers are hidden",
}


def figure(measure: Measure, value: Value) -> str:
    """Return a figure with its unit: "61%", "7 of 19", "21 days", "1.2 million dollars", "at least 1,223"."""
    text = at_least(measure, figure_text(measure, value.value, value.base), is_part=value.is_part)
    # Of a few that are known exactly the parts are told; the mean of several years has enough behind it.
    return f"{text} (unreliable)" if "u" in value.marker and measure.door != "none" else text


def interval(measure: Measure, value: Value) -> str:
    """Return " (36–44)", or nothing where the figure is known exactly, is of a few, or has no limits.

    A sum without its hidden numbers is told by "at least" alone; tables and hovers have its limits.
    """
    if value.is_part and measure.is_sum:
        return ""
    if value.is_exact or not value.has_limits or value.lower == value.upper or value.upper == float("inf"):
        return ""
    if few_of(measure, value.value, value.base):
        return ""
    return interval_text(measure, value.lower, value.upper)


def with_interval(measure: Measure, value: Value) -> str:
    """Return "61% (59–63%)"."""
    return figure(measure, value) + interval(measure, value)


def group(finding: Finding, value: Value) -> str:
    """Return the words for what a figure is of, as they stand inside a sentence."""
    return ", ".join(finding.label(name, code) for name, code in value.codes.items() if name != "period")


def in_period(finding: Finding) -> str:
    """Return " in 2024" of figures that are all of one period among several; nothing for others.

    Where one period alone is looked at, the scope says it, and a card by period says what the others do.
    """
    [*codes] = {one.codes.get("period", "") for one in finding.values}
    if len(codes) != 1 or not codes[0] or finding.scope.periods == (codes[0], codes[0]):
        return ""
    late = ", still incomplete" if any("p" in one.marker for one in finding.values) else ""
    return f" in {period_label(codes[0])}{late}"


def subject(finding: Finding) -> str:
    """Return the measure as the subject of a sentence: "The share of reports passed on", "Reports received".

    A finding about one group names it: "Reports received by phone".
    """
    label = finding.measure.label if finding.measure else ""
    inside = the(label)
    names = [finding.label(name, code) for name, code in finding.facts.get("group", ())]
    return upper_first(f"{inside}: {listed(names)}" if names else inside)


def the(label: str) -> str:
    """Return the label of a measure as the thing that a sentence speaks of.

    >>> the("Share of reports passed on"), the("Median wait for a decision"), the("Reports received")
    ('the share of reports passed on', 'the median wait for a decision', 'reports received')
    """
    words = lower_first(label)
    return f"the {words}" if words.startswith(("share ", "median ", "average ")) else words


def upper_first(words: str) -> str:
    """Return words with a capital at the beginning."""
    return words[:1].upper() + words[1:]


def yearly(measure: Measure) -> bool:
    """Return whether a mean over years reads "27 a year": a number that adds up over time."""
    if measure.kind in ("count", "published"):
        return measure.over_time == "sum"
    return measure.kind == "amount" and measure.over_time == "sum"


def sentence(*parts: str) -> str:
    """Return parts joined by "; " as one sentence with a capital and a full stop."""
    words = "; ".join(part.rstrip(". ") for part in parts if part)
    return f"{upper_first(words)}." if words else ""


def not_comparable(pair: Pair, barred: str) -> str:
    """Return why two ends have no verdict: "2024 is not comparable with 2023, as a contributor …"."""
    return f"{label_of(pair.later)} is not comparable with {label_of(pair.earlier)}, as {BARRED[barred]}"
