"""One answered question: a table of published numbers, with the words that belong to it."""

import datetime
from dataclasses import dataclass, field

import polars as pl

from analysis.catalog.model import Measure, lower_first
from analysis.errors import QuestionError
from analysis.periods import is_several
from analysis.questions.checked import Asked
from analysis.questions.question import Question
from analysis.words import counted


@dataclass(frozen=True)
class Silence:
    """A contributor that sent no report for some of the months of an answer.

    Attributes
    ----------
    label
        The contributor's name.
    missing, months
        Months without a report, of how many.
    when
        Which months those are, in words; empty for all that there are.
    """

    label: str
    missing: int
    months: int
    when: str = ""

    @property
    def sentence(self) -> str:
        """The silence in words."""
        of = f" of {self.when}" if self.when else ""
        return f"{self.label} sent no report for {self.missing} of {counted(self.months, 'month')}{of}."


@dataclass(frozen=True)
class Answer:
    """What was asked, and what may be said.

    Attributes
    ----------
    question, measure
        As asked, and its catalog entry.
    frame
        One row for each combination of the codes in `question.by`, in code-list order. Columns: those of
        `by` (codes), ``value``, ``lower``, ``upper`` (Float64; null = not shown), ``marker``,
        ``cells_shown``, ``cells_total``, and ``base`` for rates and shares. Shares are whole percentages
        (61.0 is 61 %; 95.0 is "95 % or more"); rates have two significant figures.
    caveats
        Sentences a reader needs.
    source, as_of, unit
        Citation of the figures, the day they describe, what is counted.
    cells_shown, cells_total
        Published cells found and asked for, over the whole table.
    notes
        What was done to the question or is particular to this answer.
    coverage
        Who sent no report for part of the time.
    is_synthetic, profile
        Whether the records are made up; public, partner or steward.
    refusal
        Why there is no answer, when `answer` was told not to raise; the table is then empty.
    checked
        The question as it was checked against catalog and release; None with a `refusal`.
    """

    question: Question
    measure: Measure
    frame: pl.DataFrame
    caveats: list[str]
    source: str
    as_of: datetime.date
    unit: str
    cells_shown: int
    cells_total: int
    notes: list[str] = field(default_factory=list)
    coverage: list[Silence] = field(default_factory=list)
    is_synthetic: bool = False
    profile: str = "public"
    refusal: QuestionError | None = None
    checked: Asked | None = field(default=None, repr=False, compare=False)

    @property
    def all_hidden(self) -> bool:
        """True when not one value can be shown."""
        return self.frame["value"].null_count() == self.frame.height

    @property
    def is_together(self) -> bool:
        """Whether each number is of several years that its publisher gives together."""
        axis = self.checked.axis("period") if self.checked else None
        return axis is not None and any(map(is_several, axis.codes))

    @property
    def said_beside(self) -> list[str]:
        """What every place that gives the numbers says beside them: the notes, and who sent no report."""
        return list(dict.fromkeys([*self.notes, *(one.sentence for one in self.coverage)]))

    def in_sentence(self, name: str, code: str) -> str:
        """Return the words for a code as they stand inside a sentence; names keep their capitals."""
        if self.checked is None:
            return code
        words = self.checked.label_of(name, code)
        dimension = self.checked.catalog.dimensions.get(name)
        if name == "area" or (name != "field" and (dimension is None or bool(dimension.codes_from))):
            return words
        if dimension is not None and name != "field":
            return dimension.in_sentence(code)
        return words if words == code else lower_first(words)
