"""What an export must say besides its numbers: about the release, and about each table in it."""

import ipaddress
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import polars as pl

from analysis.answers.answer import Answer
from analysis.exports.words import STAMPS, added_up, file_name_begins, origin
from analysis.questions.filters import Filters


@dataclass(frozen=True)
class Column:
    """How one column of an answer is called and what its codes mean.

    Attributes
    ----------
    label : str
        Name in words, for example ``Age band``.
    description : str
        One sentence.
    codes : Mapping[str, str]
        Code to label, in code-list order. Empty when the column is free of codes (the period).
    keeps_capitals : bool
        Whether labels are names, such as countries, that keep their capitals inside a sentence.
    multi : bool
        Whether one person or record can be in several categories, so that categories do not add up.
    """

    label: str
    description: str = ""
    codes: Mapping[str, str] = field(default_factory=dict)
    keeps_capitals: bool = False
    multi: bool = False


@dataclass(frozen=True)
class SourceFacts:
    """What a source says of itself: who publishes it, on which terms, where, for which months; its files.

    Files are named by their hash, and only those that anybody can fetch from the publisher.
    """

    publisher: str = ""
    licence: str = ""
    address: str = ""
    code: str = ""
    period_from: str = ""
    period_to: str = ""
    files_sha256: tuple[str, ...] = ()


@dataclass(frozen=True)
class ExportItem:
    """One answer to be written, with what its release says about it.

    Attributes
    ----------
    answer : Answer
        The numbers.
    headline : str
        What they say, in one sentence of the caller's; left out where it is empty.
    span : tuple of str or None
        First and last period the figures are of; taken from the question or the table when None.
    areas : Mapping[str, str]
        Codes of the areas of these figures to their names.
    area_word : str
        What one row of a table by area is: area, county, district …
    whole : str or None
        What all areas together are called; the place of the release when None, nothing when empty.
    boundaries : callable or None
        Gives the columns ``code``, ``name``, ``wkb`` (EPSG:4326). None where the areas have no boundaries.
    """

    answer: Answer
    headline: str = ""
    span: tuple[str, str] | None = None
    areas: Mapping[str, str] = field(default_factory=dict)
    area_word: str = "area"
    whole: str | None = None
    boundaries: Callable[[], pl.DataFrame] | None = None

    @property
    def by_area(self) -> bool:
        """Whether there is a row for each area."""
        return "area" in self.answer.question.by

    @property
    def is_of_persons(self) -> bool:
        """Whether people are behind the figures: protected counts, or published counts of people reported."""
        return self.answer.measure.door in ("person", "published")


@dataclass(frozen=True)
class ExportContext:
    """Facts about the release, and the reader's choices, that travel with every file.

    Attributes
    ----------
    place, as_of, release_id, profile, contact, version : str
        From the release manifest and the program. ``profile`` is ``public``, ``partner`` or ``steward``.
    published : str
        The day of publication, YYYY-MM-DD; empty where it is not known.
    synthetic : bool
        True for the demonstration region.
    threshold : int
        Smallest published count of this release; 0 when nothing is hidden.
    noise : int
        Largest change to a count of this release, either way.
    permalink : str
        Address of the page that shows the same table, or empty.
    filters : Filters
        What the reader chose, also where a measure cannot keep it.
    columns : Mapping[str, Column]
        One entry for each column an answer can be split by.
    sources : Mapping[str, SourceFacts]
        Citations to what is known of their sources.
    task_forces : int
        How many task forces are added up; 0 where the figures are of one.
    reader : str
        Who signed in to see it; empty for what needs no sign-in.
    protection_caveat : str
        The caveat that says in general how numbers are protected: a file says it once, with its own numbers.
    """

    place: str
    as_of: str
    release_id: str
    published: str = ""
    profile: str = "public"
    contact: str = ""
    version: str = ""
    synthetic: bool = False
    threshold: int = 10
    noise: int = 5
    permalink: str = ""
    filters: Filters = field(default_factory=Filters)
    columns: Mapping[str, Column] = field(default_factory=dict)
    sources: Mapping[str, SourceFacts] = field(default_factory=dict)
    task_forces: int = 0
    reader: str = ""
    protection_caveat: str = ""

    @property
    def sums(self) -> str:
        """What must be said of a sum over task forces; empty where the figures are of one."""
        return added_up(self.task_forces)

    @property
    def origin(self) -> str:
        """What must be said of where all figures come from; empty for one task force's real records."""
        return origin(self.task_forces, synthetic=self.synthetic)

    @property
    def is_restricted(self) -> bool:
        """True for the steward release."""
        return self.profile == "steward"

    @property
    def is_logged(self) -> bool:
        """True when a file is written down before it is handed over."""
        return self.is_restricted or bool(self.reader)

    @property
    def stamp(self) -> str:
        """What stands first in a file that is not for everybody; empty for the public release."""
        return STAMPS.get(self.profile, "")

    @property
    def name_begins(self) -> str:
        """How the name of a file begins, so that it is told from a public one wherever it lies."""
        return file_name_begins(self.profile)

    @property
    def public_link(self) -> str:
        """The permalink where others can follow it; empty for one that leads to the reader's own machine."""
        parts = urlsplit(self.permalink)
        reachable = parts.scheme in ("http", "https") and not _is_own_machine(parts.hostname or "")
        return self.permalink if reachable else ""

    @property
    def link_words(self) -> str:
        """The permalink, or the part of it that holds on every machine: page and choices."""
        if self.public_link or not self.permalink:
            return self.public_link
        parts = urlsplit(self.permalink)
        return f"{parts.path}?{parts.query}" if parts.query else parts.path


def _is_own_machine(host: str) -> bool:
    if host in ("", "localhost") or host.endswith(".localhost"):
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified
