"""What an export must say besides its numbers."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl


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
    """

    label: str
    description: str = ""
    codes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class ExportContext:
    """Facts about the release and the screen that travel with every file.

    Attributes
    ----------
    place, as_of, release_id, profile, contact, version : str
        From the release manifest and the program. ``profile`` is ``public``, ``partner`` or ``steward``.
    synthetic : bool
        True for the demonstration region.
    threshold : int
        Smallest published count of this release; 0 when nothing is hidden.
    permalink : str
        Address of the page that shows the same table, or empty.
    columns : Mapping[str, Column]
        One entry for each column an answer can be split by.
    licences : Mapping[str, str]
        Citation of a source to its licence, where one is known.
    shapes : polars.DataFrame or None
        Columns ``code``, ``name``, ``wkb`` (EPSG:4326), needed for GeoJSON only.
    """

    place: str
    as_of: str
    release_id: str
    profile: str = "public"
    contact: str = ""
    version: str = ""
    synthetic: bool = False
    threshold: int = 10
    permalink: str = ""
    columns: Mapping[str, Column] = field(default_factory=dict)
    licences: Mapping[str, str] = field(default_factory=dict)
    shapes: pl.DataFrame | None = None

    @property
    def is_restricted(self) -> bool:
        """True for the steward release, whose files are stamped and logged."""
        return self.profile == "steward"
