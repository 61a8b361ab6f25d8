"""One request, as far as its answer depends on it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from analysis.api.problems import NO_RELEASE, Problem
from analysis.catalog.load import load_catalog
from analysis.catalog.model import Catalog
from analysis.release.archive import Published
from analysis.release.catalog_of_release import catalog_for
from analysis.release.release import Release

Given = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Offered:
    """A release that the caller may read, and the smallest number it shows."""

    published: Published
    threshold: int


@dataclass(frozen=True)
class Call:
    """What is asked, of which release.

    Attributes
    ----------
    opened
        The release that the caller's role reads; None when none can be opened.
    given
        Names of parameters to what was given for them, already checked.
    base
        Where readers find this server, such as ``https://trends.example.org``; empty when it is not known.
    why_none
        Why no release can be opened, in words.
    releases
        Every release that the caller may read, of each profile the newest first.
    """

    opened: Release | None
    given: Given = field(default_factory=dict)
    base: str = ""
    releases: tuple[Offered, ...] = ()
    why_none: str = NO_RELEASE

    @property
    def release(self) -> Release:
        """The release.

        Raises
        ------
        Problem
            When none can be opened.
        """
        if self.opened is None:
            raise Problem(503, "no-release", self.why_none)
        return self.opened

    @cached_property
    def catalog(self) -> Catalog:
        """The catalog as the release has it."""
        return catalog_for(self.opened) if self.opened else load_catalog()

    def first(self, name: str, otherwise: str = "") -> str:
        """Return what was given for a parameter that stands once."""
        return next(iter(self.given.get(name, ())), otherwise)


@dataclass(frozen=True)
class Reply:
    """What is answered.

    Attributes
    ----------
    content, media_type
        The body.
    file_name
        Name for whoever keeps it; empty for what is read at once.
    permalink
        Page that shows the same; empty where there is none.
    question
        What was asked in words, for the log of figures that are not public; empty where no figure is given.
    """

    content: bytes
    media_type: str
    file_name: str = ""
    permalink: str = ""
    question: str = ""
