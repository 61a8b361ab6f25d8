"""The only door to numbers: opens a release, answers questions of it. Knows no screen and no record."""

from analysis.answers import answer
from analysis.catalog import Catalog, Dimension, Measure, Subject
from analysis.catalog_loading import load_catalog
from analysis.errors import LttError
from analysis.filters import Choices, Filters, read_filters
from analysis.opening import opening_level, shown, what_to_give_up
from analysis.published import published_count
from analysis.questions import GroupingSet, Question, closed_list
from analysis.release import Release
from analysis.release_file import open_release
from analysis.results import Answer
from analysis.sentences import what_changed

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
    "what_changed",
    "what_to_give_up",
]
