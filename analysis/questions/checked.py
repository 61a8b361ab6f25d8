"""A question after it has been checked: the rows of its answer, and what is summed under each row."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from analysis import periods
from analysis.catalog.model import ROSTER, Catalog, Dimension, Measure, Subject
from analysis.errors import UnknownCode, echo
from analysis.questions.question import Question
from analysis.release.places import Geography
from analysis.release.release import Collection, Release


@dataclass(frozen=True)
class Axis:
    """One direction of a table: ``period``, ``area`` or a dimension, and its codes in order."""

    name: str
    codes: tuple[str, ...]


@dataclass(frozen=True)
class Asked:
    """A checked question.

    Attributes
    ----------
    rows
        Axes of the answer, in the order of `Question.by`.
    summed
        Axes that each row is a sum over. An axis with one code is a plain filter.
    collection, geography
        What is counted, and its areas; None for measures that need none.
    notes
        What was done to the question.
    parts
        Of a ratio: the question about what is above the line, and about what is below it.
    joined
        Of rows that add up several published periods (`periods.JOINED_LEVELS`): the question about those.
    """

    question: Question
    measure: Measure
    catalog: Catalog
    release: Release
    rows: tuple[Axis, ...]
    summed: tuple[Axis, ...]
    collection: Collection | None = None
    geography: Geography | None = None
    notes: tuple[str, ...] = ()
    parts: tuple["Asked", ...] = ()
    joined: "Asked | None" = None

    @property
    def axes(self) -> tuple[Axis, ...]:
        """Row axes, then summed axes."""
        return self.rows + self.summed

    @property
    def subject(self) -> Subject:
        """What is counted under the protection."""
        return self.catalog.subjects[self.measure.subject]

    def axis(self, name: str) -> Axis | None:
        """Return the axis of that name."""
        return next((axis for axis in self.axes if axis.name == name), None)

    @property
    def held(self) -> tuple[str, str] | None:
        """First and last period that the answer has, in years where they are whole years; None without any.

        A range that was asked for may be longer: wherever an answer is said to be of a period, it is this.
        """
        axis = self.axis("period")
        if axis is None or not axis.codes:
            return None
        spans = [periods.span_of(code) for code in axis.codes]
        return periods.ends_of(periods.Span(min(s.first for s in spans), max(s.last for s in spans)))

    def noting(self, *notes: str) -> "Asked":
        """Return the same with more notes."""
        return replace(self, notes=tuple(dict.fromkeys(self.notes + notes)))

    def label_of(self, name: str, code: str) -> str:
        """Return the words for a code of an axis."""
        if name == "area" and self.geography:
            return self.geography.names.get(code, "Not recorded" if code == "not_recorded" else code)
        if name == "source":
            return self.release.source_labels.get(code, code)
        if name == "field":
            return self.catalog.dimensions[code].label
        if name in self.catalog.dimensions and self.catalog.dimensions[name].codes_from:
            return self.release.listed(self.catalog.dimensions[name].codes_from).get(code, code)
        return self.catalog.label_of(name, code)


def codes_of(dimension: Dimension, release: Release, collection: str) -> tuple[str, ...]:
    """Return the code list of a dimension; an open one comes from the release's roster or register."""
    if not dimension.codes_from:
        return dimension.codes
    if dimension.codes_from == ROSTER:
        return release.contributors(collection)
    return tuple(release.listed(dimension.codes_from))


def check_codes(label: str, asked: Iterable[str], known: tuple[str, ...]) -> tuple[str, ...]:
    """Return the asked codes in code-list order.

    Raises
    ------
    UnknownCode
        Naming the first code that is not in the list, and the list.
    """
    asked = tuple(asked)
    for code in asked:
        if code not in known:
            listed = ", ".join(known[:12]) + (", …" if len(known) > 12 else "")
            raise UnknownCode(f"{label}: {echo(code)} is not a known code.", f"Known: {listed or 'none'}.")
    return tuple(code for code in known if code in asked)
