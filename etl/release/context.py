"""What all steps of one release run share, and what the run reports."""

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import duckdb

from analysis.catalog.model import Catalog
from etl.release.cells.count import Engine
from etl.release.closing.closed_periods import last_over
from etl.release.preview import Topic
from etl.release.profiles import Profile


@dataclass
class ReleaseReport:
    """What a release run did. Holds nothing that may not be printed.

    Attributes
    ----------
    profile, release_id, file
        Which release; `file` is its path.
    is_new
        False when the published release already was this one.
    cells_shown
        Shown cells, by subject.
    newly_closed_months, newly_closed
        By ``collection/subject``: how many, and which ("2025-01 to 2025-12").
    held_text
        Held records by ``collection/subject``, in rounded words.
    revised
        Sentences, one for each collection and subject that was revised.
    texts_waiting, texts_not_named
        How many texts wait for the keeper to confirm them; how many stay out by column, because the
        deployment does not name the column.
    are_texts_made_up
        Whether all texts passed, because a program wrote them (a home of made-up records).
    topics
        Of a preview alone: how much of each kind of records could be shown.
    is_preview
        Whether nothing was put in place.
    """

    profile: str
    release_id: str = ""
    file: Path = field(default_factory=Path)
    is_new: bool = True
    cells_shown: dict[str, int] = field(default_factory=dict)
    newly_closed_months: dict[str, int] = field(default_factory=dict)
    newly_closed: dict[str, str] = field(default_factory=dict)
    held_text: dict[str, str] = field(default_factory=dict)
    revised: list[str] = field(default_factory=list)
    texts_waiting: int = 0
    are_texts_made_up: bool = False
    texts_not_named: dict[str, int] = field(default_factory=dict)
    topics: list[Topic] = field(default_factory=list)
    is_preview: bool = False


@dataclass(frozen=True)
class Job:
    """One release run.

    Attributes
    ----------
    connection
        In-memory database with warehouse and frozen records attached.
    catalog, profile, secret
        What is counted, how it is protected, and the deployment's secret.
    info
        ``meta.info`` of the warehouse.
    report
        Filled on the way.
    engine
        Who counts.
    """

    connection: duckdb.DuckDBPyConnection
    catalog: Catalog
    profile: Profile
    secret: bytes
    info: dict[str, str]
    report: ReleaseReport
    engine: Engine

    @property
    def as_of(self) -> date:
        """The reporting date of the warehouse."""
        return date.fromisoformat(self.info["as_of"])

    @property
    def newest(self) -> int:
        """The newest month that is over and settled, counted from year 0."""
        return last_over(self.as_of, self.catalog.protection.settle_months)
