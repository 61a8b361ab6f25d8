"""What a source hands to the pipeline: canonical columns, still as text, still with the raw references.

Nothing here is stored. ``etl.load.store`` checks each batch against the table's contract, hashes and coarsens
it,
and only then writes it to the restricted warehouse.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from etl.contracts.batch import Batch
from etl.ledger import Ledger

#: How long the periods of a register may be (`SourceInfo.period_resolution`), finest first.
RESOLUTIONS = ("month", "quarter", "year")
OUTLINES = "area_shape"  # the table of outlines, which come with their areas


@dataclass(frozen=True)
class SourceInfo:
    """Where records come from and what their numbers count.

    Attributes
    ----------
    source_id, label
        Code and name of the contributor or publisher. One source is replaced as a whole, period by period.
    collection, collection_label
        The partition the records belong to (docs/decisions.md). Several sources may feed one collection.
    geography
        Code of the geography whose areas the records name (``mart.area.geography``).
    unit
        What one is: ``people``, ``referrals``, ``offences`` …
    is_own, is_synthetic
        Records of the task force itself; made-up records. Synthetic and real never share a warehouse.
    period_resolution
        ``month``, ``quarter`` or ``year``: the finest period the source can give.
    publisher, licence, citation, rule
        Shown on Data quality and Methods; ``rule`` is the publisher's own disclosure rule in words.
    person_scheme
        Whose numbering ``person_ref`` follows; empty: the source's own. Sources that share a scheme and a
        collection name the same persons, so one person in both is counted once.
    """

    source_id: str
    label: str
    collection: str
    collection_label: str
    geography: str
    unit: str
    is_own: bool
    is_synthetic: bool
    period_resolution: str
    publisher: str = ""
    licence: str = ""
    citation: str = ""
    rule: str = ""
    person_scheme: str = ""


@dataclass(frozen=True)
class PublishedSeries:
    """One series of published counts that no measure of the catalog reads, in the words of its mapping.

    Attributes
    ----------
    code, label, unit, definition
        Its name for scripts and on screen, what one is, and what is counted.
    over_time
        ``sum`` where months add up, ``last`` where the newest holds.
    has_rest
        Whether a row of an area that others lie in is what belongs to none of them. Otherwise it would be
        their sum, and count twice.
    """

    code: str
    label: str
    unit: str
    definition: str = ""
    over_time: str = "sum"
    has_rest: bool = False


@dataclass(frozen=True)
class Incoming:
    """One file, read: its source, its rows by table and the months it covers.

    Attributes
    ----------
    period_from, period_to : str
        First and last month covered, ``YYYY-MM``, both included. They say what the contributor reported
        on, so a month without rows inside them is "none", not "missing". Both empty when the file has no
        period (boundaries, laws).
    ledger : Ledger
        Where each line of the file went, before the contract judges its rows.
    is_summed : bool
        Whether rows were added up to records, so that a record no longer stands for one row.
    origins : mapping
        By table, of each part of it (`etl.lines.PART`): the number of the sheet or reading that its rows are
        of, where several parts read the same rows. Without it a line is a row.
    notes : tuple of str
        What was found or left out while reading, in words without values: totals, dropped columns, encoding.
    series : tuple of PublishedSeries
        Series of published counts in it that no measure of the catalog reads.
    """

    source: SourceInfo
    batches: tuple[Batch, ...]
    period_from: str
    period_to: str
    ledger: Ledger
    notes: tuple[str, ...] = ()
    is_summed: bool = False
    origins: Mapping[str, Sequence[int]] = field(default_factory=dict)
    series: tuple[PublishedSeries, ...] = ()

    @classmethod
    def of_records(
        cls,
        source: SourceInfo,
        batches: Sequence[Batch],
        period_from: str = "",
        period_to: str = "",
        notes: Sequence[str] = (),
        *,
        left_out: Mapping[str, int] | None = None,
    ) -> "Incoming":
        """Return what comes as records and not as lines of one file: each row of a batch is a row.

        Outlines come with their areas and are no rows of their own. Rows that are in no batch are counted
        by reason in ``left_out``.
        """
        counted = [batch for batch in batches if batch.table != OUTLINES]
        reasons = {reason: rows for reason, rows in (left_out or {}).items() if rows}
        rows = sum(batch.frame.height for batch in counted)
        ledger = Ledger(lines=rows + sum(reasons.values()), left_out=reasons)
        origins = {batch.table: (number,) for number, batch in enumerate(counted)}
        return cls(source, tuple(batches), period_from, period_to, ledger, tuple(notes), origins=origins)

    def __post_init__(self) -> None:
        """Hold readers to one batch a table: of two, the second would take the place of the first."""
        tables = [batch.table for batch in self.batches]
        if len(tables) != len(set(tables)):
            raise ValueError(f"a table has more than one batch: {tables}")


@dataclass(frozen=True)
class ReadOptions:
    """What a reader may need to know beyond the file.

    Attributes
    ----------
    mapping : pathlib.Path or None
        Mapping TOML for ``own`` (other sources may take one for renamed columns).
    home_country : str
        ISO 3166-1 alpha-2 code; turns citizenship into ``domestic``.
    as_of : datetime.date
        Today for this load: a later period is refused as a future date.
    geography : str
        Geography of the deployment, for records that name areas without saying of which geography.
    folder : pathlib.Path
        Files named by a mapping must lie inside this folder.
    advance : callable
        Told how many rows of a file are read so far.
    """

    mapping: Path | None = None
    home_country: str = ""
    as_of: date = field(default_factory=date.today)
    geography: str = ""
    folder: Path = field(default_factory=Path.cwd)
    advance: Callable[[int], None] = lambda _: None
