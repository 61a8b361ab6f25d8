"""The only door to numbers: opens a release, answers questions of it. Knows no screen and no record."""

from analysis.answers.answer import Answer
from analysis.answers.ask import answer
from analysis.answers.finest_level import opening_level, shown, what_to_give_up
from analysis.answers.single_cell import published_count
from analysis.catalog.load import load_catalog
from analysis.catalog.model import Catalog, Dimension, Measure, Subject
from analysis.errors import LttError
from analysis.questions.filters import Filters, read_filters
from analysis.questions.question import GroupingSet, Question, closed_list
from analysis.release.choices import Choices
from analysis.release.release import Release
from analysis.release.release_file import open_release

__all__ = [
    "Answer",
    "Catalog",
    "Choices",
    "Dimension",
    "Filters",
    "GroupingSet",
    "LttError",
    "Measure",
    "Question",
    "Release",
    "Subject",
    "answer",
    "closed_list",
    "load_catalog",
    "open_release",
    "opening_level",
    "published_count",
    "read_filters",
    "shown",
    "what_to_give_up",
]
