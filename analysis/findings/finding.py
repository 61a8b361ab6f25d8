"""A finding: what a figure means, as data. Words are made last, in `analysis.findings.sentences`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from analysis.answers.answer import Answer
from analysis.catalog.model import Measure
from analysis.findings.basis import Pair
from analysis.findings.compare import Change, Value
from analysis.findings.scope import Scope

KINDS = (
    *("change", "changes", "level", "leader", "apart", "share_of", "gap", "range", "within", "estimate"),
    *("band", "shift", "effect", "signal", "cluster", "nothing_clear", "hidden", "not_comparable", "fact"),
)
Label = Callable[[str, str], str]
SILENT, PARTS = "silent", "parts"  # why two ends cannot be compared
NOT_COMPARABLE = 9  # a "direction" that claims none


def no_label(_dimension: str, code: str) -> str:
    """Return a code as its own words."""
    return code


@dataclass(frozen=True)
class Run:
    """One comparison of a finding: its ends, and the change between them.

    `barred` is why no direction is claimed: a contributor reported in one end only (`SILENT`), or hidden
    numbers may have made the difference (`PARTS`). Empty where the ends can be compared.
    """

    pair: Pair
    change: Change
    barred: str = ""

    @property
    def is_comparable(self) -> bool:
        """Whether a verdict can be given, clear or not."""
        return not self.barred

    @property
    def direction(self) -> int:
        """1, −1, or 0 without a clear change."""
        return self.change.direction if self.is_comparable else 0


@dataclass(frozen=True)
class Finding:
    """What a figure means.

    Attributes
    ----------
    kind
        One of `KINDS`.
    measure
        Of which the values are.
    scope
        Which filters they keep to.
    values
        The figures that the sentence may name, in the order in which it names them.
    long_run, newest
        The two comparisons of a ``change``.
    about
        Dimension whose categories are compared; empty for none.
    topic
        For a ``fact``: the code of its sentence in `analysis.findings.sentences`.
    facts
        What else a sentence needs: counts, names and dates of registers.
    label
        Words for a dimension's code as they stand inside a sentence.
    threshold
        Smallest number that the release shows.
    """

    kind: str
    measure: Measure | None = None
    scope: Scope = field(default_factory=Scope)
    values: tuple[Value, ...] = ()
    long_run: Run | None = None
    newest: Run | None = None
    about: str = ""
    topic: str = ""
    direction: int = 0
    parts: tuple["Finding", ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)
    label: Label = no_label
    threshold: int = 0

    @property
    def basis(self) -> str:
        """The ends of its comparisons in one text."""
        return "; ".join(run.pair.words for run in (self.long_run, self.newest) if run)

    @property
    def key(self) -> str:
        """What two findings share that must read the same: topic, measure, group, scope, basis."""
        code = " ".join(part for part in (self.topic, self.measure.code if self.measure else "") if part)
        group = ",".join(f"{name}:{value}" for name, value in self.facts.get("group", ()))
        return "|".join((self.kind, code, self.about, group, self.scope.key, self.basis))

    @property
    def verdict(self) -> str:
        """Its directions as text, such as "long 1, newest 0"; what tests compare between pages."""
        runs = (("long", self.long_run), ("newest", self.newest))
        said = [f"{name} {run.direction if run.is_comparable else 'none'}" for name, run in runs if run]
        return ", ".join(said) or str(self.direction)


def hidden(answer: Answer, scope: Scope | None = None) -> Finding:
    """Return that nothing of an answer can be shown: small numbers, or nothing collected."""
    markers = "".join(marker or "" for marker in answer.frame["marker"])
    is_hidden = answer.frame.is_empty() or "c" in markers
    threshold = answer.checked.release.threshold if answer.checked else 0
    return Finding(
        "hidden", answer.measure, scope or Scope(), facts={"is_hidden": is_hidden}, threshold=threshold
    )
