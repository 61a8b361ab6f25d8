"""From files to a new version of the warehouse: what ``load``, ``check`` and ``build`` have in common."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

import duckdb

from analysis.catalog.load import load_catalog
from etl.config import Deployment, Home, secret
from etl.errors import EtlError
from etl.incoming import Incoming
from etl.load import bundled as shipped
from etl.load.check import Loaded, Terms, examine, refuse_many_rejected
from etl.load.compared.published import doubts
from etl.load.compared.replacing import RENAMED, refuse_loss, refuse_renamed, replacements
from etl.load.compared.twice import Comparison, refuse_twice
from etl.load.delivery import Delivery
from etl.load.rows import Rows
from etl.load.scope import limited
from etl.load.series import refuse_totals, refuse_unreachable
from etl.load.store import (
    already_loaded,
    areas_for,
    is_looked_up,
    is_reference,
    known_for,
    next_load_id,
    store,
)
from etl.load.tallies import refuse_mixed, refuse_other_kind
from etl.mart import meta as info
from etl.mart import steps
from etl.mart.dangling import figures_nowhere, orphans
from etl.mart.editions import edition_notes
from etl.mart.key_collisions import shadowed
from etl.progress import Progress
from etl.store import warehouse


@dataclass(frozen=True)
class Settings:
    """What holds for all files of one run.

    Attributes
    ----------
    as_of : datetime.date
        What begins later is refused.
    stated_as_of : datetime.date or None
        Reporting date that was given; without it, the last day of the last covered month.
    loaded_at : datetime.datetime
        Recorded with each load (UTC).
    is_ordered : bool
        Whether somebody has put the files in order, so that a later one may replace an earlier one.
    accepted : frozenset of str
        What may look like a loss (`etl.load.compared.replacing.ACCEPTED`) and is taken all the same.
    is_again : bool
        Read files again although the same ones are loaded (a newer version of the program reads them better).
    """

    deployment: Deployment
    as_of: date
    stated_as_of: date | None = None
    loaded_at: datetime = field(default_factory=lambda: datetime.now(UTC).replace(tzinfo=None, microsecond=0))
    is_ordered: bool = False
    accepted: frozenset[str] = frozenset()
    is_again: bool = False


@dataclass
class Done:
    """What a run has done: the account of each file, and the new version (None: nothing has changed).

    ``orphans``: rows of the new version that point at nothing loaded (`etl.mart.dangling.orphans`).
    """

    files: list[Loaded]
    version: int | None
    notes: list[str] = field(default_factory=list)
    orphans: list[dict[str, object]] = field(default_factory=list)


def run(
    home: Home,
    deliveries: Sequence[Delivery],
    settings: Settings,
    progress: Progress,
    *,
    what: str,
    fresh: bool = False,
) -> Done:
    """Load files into a new version of the warehouse, all or none. The caller holds the lock.

    Parameters
    ----------
    what
        The command, for the manifest.
    fresh
        Start from an empty warehouse whatever there is.

    Raises
    ------
    EtlError
        When a file is refused or a rule of the mart is broken; nothing has changed then.
    """
    progress.start("Look at what is loaded")
    before = warehouse.parse_manifest(home) if fresh else warehouse.read_manifest(home)
    known = {} if fresh or settings.is_again or before is None else _known(home, deliveries)
    if len(known) == len(deliveries):
        return Done([known[position] for position in range(len(deliveries))], None)
    first = min(position for position in range(len(deliveries)) if position not in known)
    progress.expect(4 + 2 * (len(deliveries) - len(known)) + len(steps.files("20", "99")))
    progress.start(f"Read {deliveries[first].file.name}")
    read = {first: deliveries[first].read()}
    is_demonstration = _is_demonstration(read[first])
    notes, starts_fresh = _which_warehouse(home, before, is_demonstration, fresh)
    with warehouse.open_for_change(home, what, starts_fresh, is_demonstration) as change:
        steps.prepare(change.connection)
        country = settings.deployment.home_country or info.stored(change.connection).get("home_country", "")
        key = secret(home, is_demonstration)
        info.refuse_other_secret(change.connection, key)
        info.refuse_other_areas(change.connection, settings.deployment)
        terms = Terms(settings.as_of, key, country)
        loading = Loading(change.connection, settings, terms, progress, is_demonstration=is_demonstration)
        files = loading.all(deliveries, {} if starts_fresh else known, read)
        steps.rebuild(change.connection, progress)
        progress.start("Facts about the warehouse")
        lost = orphans(change.connection)
        notes += shadowed(change.connection) + figures_nowhere(change.connection)
        notes += edition_notes(change.connection, load_catalog().editions)
        info.write(change.connection, settings.deployment, settings.stated_as_of, settings.as_of)
        progress.start("Swap in")
    if starts_fresh and is_demonstration:
        # Closed months of other made-up people protect nobody, and must not mix with those of these.
        home.frozen(is_synthetic=True).unlink(missing_ok=True)
    after = warehouse.read_manifest(home)
    return Done(files, after.current if after else None, notes, lost)


def _known(home: Home, deliveries: Sequence[Delivery]) -> dict[int, Loaded]:
    with warehouse.connect(warehouse.current(home)) as connection:
        found = {
            position: already_loaded(connection, delivery.file, delivery.reader)
            for position, delivery in enumerate(deliveries)
        }
    return {position: loaded for position, loaded in found.items() if loaded is not None}


def _is_demonstration(incoming: Incoming) -> bool:
    """Tell made-up records and their made-up places from all others.

    An outside source may publish synthetic records of its own; those are somebody's figures, not the
    demonstration.
    """
    source = incoming.source
    return source.is_synthetic and (source.is_own or is_reference(incoming))


def _which_warehouse(
    home: Home, before: warehouse.Manifest | None, is_demonstration: bool, fresh: bool
) -> tuple[list[str], bool]:
    """Decide whether to start fresh: made-up and real records never share a warehouse."""
    if before is None:
        _refuse_to_start_over(home, is_demonstration)
        return [], True
    current = before.version(before.current)
    was_demonstration = current is not None and current.is_synthetic
    if was_demonstration and not is_demonstration:
        return [
            "This home held the made-up demonstration. A fresh warehouse was started for your records; "
            f"the demonstration is version {before.current}: python -m etl rollback"
        ], True
    if is_demonstration and not was_demonstration:
        raise EtlError(
            f"{home.root} holds real records; made-up records are never added to them. Nothing was changed.",
            "Use another folder: --home DIR",
        )
    return [], fresh


def _refuse_to_start_over(home: Home, is_demonstration: bool) -> None:
    """Refuse an empty warehouse where real records were: their frozen months would be published no more."""
    frozen, secret_file = home.frozen(is_synthetic=False), home.restricted / "secret"
    if frozen.exists() or (is_demonstration and secret_file.exists()):
        what = "frozen months" if frozen.exists() else "a secret"
        raise EtlError(
            f"{home.root} has {what} of real records but no warehouse. Nothing was changed.",
            f"Bring the warehouse back: python -m etl restore FOLDER --home {home.root}; "
            "or use another folder: --home DIR",
        )


class Loading:
    """Loads every new file: areas, population and laws at once, then registers, records after them.

    Parameters
    ----------
    connection
        A warehouse being changed, or a scratch one for a check; its stage tables exist.
    is_demonstration
        Whether made-up records are expected; None takes both.
    """

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        settings: Settings,
        terms: Terms,
        progress: Progress,
        *,
        is_demonstration: bool | None = None,
    ) -> None:
        self.connection = connection
        self.is_demonstration = is_demonstration
        self.settings = settings
        self.terms = terms
        self.progress = progress
        self._names: dict[int, str] = {}

    def all(
        self, deliveries: Sequence[Delivery], known: dict[int, Loaded], read: dict[int, Incoming]
    ) -> list[Loaded]:
        """Load what is not known; ``read`` holds what was read already."""
        done = dict(known)
        waiting: dict[int, Incoming] = {}
        for position, delivery in enumerate(deliveries):
            if position in known:
                continue
            if position not in read:
                self.progress.start(f"Read {delivery.file.name}")
            incoming = read.pop(position) if position in read else delivery.read()
            if self.is_demonstration not in (None, _is_demonstration(incoming)):
                raise EtlError(
                    f"{delivery.file.name}: made-up and real records never share a warehouse.",
                    "Load them into folders of their own: --home DIR",
                )
            if is_reference(incoming):
                done[position] = self.one(delivery, incoming)
            else:
                waiting[position] = incoming
        for position in sorted(waiting, key=lambda one: (not is_looked_up(waiting[one]), one)):
            done[position] = self.one(deliveries[position], waiting.pop(position))
        return [done[position] for position in range(len(deliveries))]

    def one(self, delivery: Delivery, incoming: Incoming) -> Loaded:
        """Check, anonymise and store one file, after the areas it needs if they come with the project."""
        for companion in shipped.needed(self.connection, incoming):
            self.one(companion, companion.read())
        self.progress.start(f"Load {delivery.file.name}")
        refuse_totals(self.connection, incoming, delivery.file.name)
        other_name = self._renamed(delivery, incoming)
        incoming = limited(incoming, self.settings.deployment, self.connection)
        areas = areas_for(self.connection, incoming)
        known = known_for(self.connection, incoming)
        rows = Rows(self.connection, next_load_id(self.connection))
        found = examine(
            incoming,
            delivery.file,
            self.terms,
            areas,
            rows,
            known=known,
            compare=Comparison(self.connection),
            advance=self.progress.rows,
        )
        refuse_unreachable(self.connection, incoming, rows.waiting, delivery.file.name)
        refuse_other_kind(
            self.connection, incoming, rows, file_name=found.file_name, accepted=self.settings.accepted
        )
        self._refuse_loss(found, incoming, rows)
        found.notes += other_name
        found.doubts = doubts(self.connection, incoming, rows, file_name=found.file_name)
        store(
            self.connection,
            incoming,
            found,
            rows,
            file=delivery.file,
            reader=delivery.reader,
            loaded_at=self.settings.loaded_at,
        )
        refuse_mixed(self.connection, incoming, rows.load_id, delivery.file.name)
        self._refuse_a_guess(found)
        return found

    def _renamed(self, delivery: Delivery, incoming: Incoming) -> tuple[str, ...]:
        """Refuse a source that is loaded under another name; of files put in an order, tell it."""
        if delivery.reader != "own":
            return ()  # what the program itself calls a publisher may change with a version
        meant = {RENAMED} if self.settings.is_ordered else self.settings.accepted
        return refuse_renamed(self.connection, incoming, delivery.file.name, meant)

    def _refuse_loss(self, found: Loaded, incoming: Incoming, rows: Rows) -> None:
        """Refuse what looks like a loss; files put in an order are meant to replace one another."""
        found.replacements = replacements(self.connection, incoming, rows, file_name=found.file_name)
        if not self.settings.is_ordered:
            refuse_loss(found.replacements, found.file_name, self.settings.accepted)
            refuse_many_rejected(found, self.settings.accepted)
            refuse_twice(found.twice, found.file_name, self.settings.accepted)

    def _refuse_a_guess(self, found: Loaded) -> None:
        """Refuse two files of one folder for the same months: which one holds would depend on their names."""
        twice = [self._names[number] for number in found.replaced if number in self._names]
        if twice and not self.settings.is_ordered:
            raise EtlError(
                f"{found.file_name} and {twice[0]} are both from source '{found.source_id}', same months.",
                "Load the earlier one first, then its correction; or give each its own source or period.",
            )
        if found.load_id is not None:
            self._names[found.load_id] = found.file_name
