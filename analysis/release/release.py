"""Opens a release, and nothing but a release: read-only, no other file, no setting that can be changed."""

import functools
import json
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from analysis import periods
from analysis.catalog.model import RELEASE_TABLES, Subject
from analysis.errors import ReleaseError, ReleaseMissing, ReleaseNotOffered, echo
from analysis.release import observed, places
from analysis.release.archive import is_withdrawn, newest_of
from analysis.release.choices import Choices
from analysis.release.hub import task_forces
from analysis.release.index.build import build
from analysis.release.index.cells import PARTS, CellIndex, address_of
from analysis.release.manifest import MAKE_ONE, Manifest, first_line

REGISTER = "register_"
HUB = "hub"  # key of `info` in a release that is made of releases
USUAL_YEAR = "year07"  # what funders ask for most, beside the calendar year: twelve months to June
USUAL_CURRENCY = "dollars"
_OF_MONEY = ("public_funding", "private_funding", "expenditure")


@dataclass(frozen=True)
class Collection:
    """One subject of one de-duplicated register, as the release describes it. Months are ``YYYY-MM``."""

    collection: str
    label: str
    subject: str
    geography: str
    unit: str
    is_own: bool
    is_synthetic: bool
    period_resolution: str
    first_period: str
    last_closed_month: str
    citation: str


class Release:
    """An open release.

    Attributes
    ----------
    folder, manifest
        Where it was found, and what its manifest says.
    info
        The table ``info``: keys to texts.
    d, v, threshold
        The protection in force: largest change, its variance, smallest published count.
    """

    def __init__(
        self,
        folder: Path,
        manifest: Manifest,
        connection: duckdb.DuckDBPyConnection,
        indexes: Mapping[str, CellIndex] | None = None,
    ) -> None:
        self.folder, self.manifest = folder, manifest
        self._connection, self._lock = connection, threading.Lock()
        self._indexes = dict(indexes or {})
        self._shown_areas: dict[tuple[str, str, int], frozenset[str]] = {}
        self._senders: dict[tuple[str, str], frozenset[str]] = {}
        self._listed: dict[str, Mapping[str, str]] = {}
        self._tables: dict[str, pl.DataFrame] = {}
        self.info = dict(self.rows("SELECT key, value FROM info"))
        try:
            self.d, self.v = int(float(self.info["d"])), float(self.info["v"])
            self.threshold = int(float(self.info["threshold"]))
        except (KeyError, ValueError) as error:
            raise ReleaseMissing(
                f"The release in {folder.name} does not say how it is protected ({error}).", MAKE_ONE
            ) from None

    release_id = property(lambda self: self.manifest.release_id)
    profile = property(lambda self: self.manifest.profile)
    place = property(lambda self: self.manifest.place)
    as_of = property(lambda self: self.manifest.as_of)
    synthetic = property(lambda self: self.manifest.synthetic)

    @property
    def is_exact(self) -> bool:
        """True for the steward's release: an absent cell is a zero, not a hidden number."""
        return self.profile == "steward"

    @functools.cached_property
    def task_forces(self) -> tuple[task_forces.TaskForce, ...]:
        """The task forces whose releases this one adds up; none of one that is made of records."""
        return task_forces.read(self.rows) if HUB in self.info else ()

    @functools.cached_property
    def recast(self) -> Mapping[str, Mapping[str, Sequence[str]]]:
        """By geography: areas that hold the published figures of areas of another edition, and of which."""
        try:
            found = json.loads(self.info.get("recast", "{}"))
            return {str(name): dict(wholes) for name, wholes in found.items()}
        except (AttributeError, TypeError, ValueError):
            return {}

    @functools.cached_property
    def joined_levels(self) -> Mapping[str, str]:
        """Half-years and years that do not begin in January, to their words; what the keepers named first."""
        try:
            told = json.loads(self.info.get("fiscal_years", "{}")).items()
            named = {f"year{int(month):02d}": str(name) for name, month in told}
        except (AttributeError, TypeError, ValueError):
            named = {}
        known = {level: name for level, name in named.items() if level in periods.JOINED_LEVELS}
        usual = {level: periods.joined_words(level) for level in (USUAL_YEAR, periods.HALF)}
        return {level: f"{name} ({_months(level)})" for level, name in known.items()} | {
            level: words for level, words in usual.items() if level not in known
        }

    def rows(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Run one SELECT and return its rows.

        Parameters
        ----------
        sql
            One statement, made of catalog identifiers; everything else is a bound value.
        values
            The bound values.

        Raises
        ------
        ReleaseError
            When it is not one SELECT, the release cannot answer it, or it was withdrawn.
        """
        self.refuse_withdrawn()
        try:
            statement = _one_select(sql)
            with self._lock:
                return self._connection.execute(statement, list(values)).fetchall()
        except duckdb.Error as error:
            raise ReleaseError(f"The release cannot answer this: {first_line(error)}.", MAKE_ONE) from None

    def index(self, subject: Subject) -> CellIndex:
        """Return the index of a subject's cells: that of the release job, or one made here if none fits."""
        self.refuse_withdrawn()
        columns = self.columns[f"cell_{subject.code}"]
        dimensions = tuple(name for name in subject.dimensions if name in columns)
        held = self._indexes.get(subject.code)
        if held is None or held.dimensions != dimensions:
            with self._lock:
                held = build(self._connection, subject.code, dimensions, are_sums=PARTS in columns)
                self._indexes[subject.code] = held
        return held

    def shown_areas(self, subject: Subject, collection: str, level: int) -> frozenset[str]:
        """Return the areas of a level with any number shown in any year."""
        key = (subject.code, collection, level)
        if key not in self._shown_areas:
            rows = self.index(subject).rows(address_of(subject, collection, "year", level, subject.always))
            self._shown_areas[key] = rows.distinct("area")
        return self._shown_areas[key]

    def senders(self, subject: Subject, collection: str) -> frozenset[str]:
        """Return the contributors with any number shown in any year: who reports on this subject at all."""
        key = (subject.code, collection)
        if key not in self._senders:
            address = address_of(subject, collection, "year", None, {*subject.always, "source"})
            rows = self.index(subject).rows(address)
            self._senders[key] = rows.distinct(f"c{address.dims.index('source')}")
        return self._senders[key]

    def table(self, name: str) -> pl.DataFrame:
        """Return one of the tables that hold no cells, such as ``source`` or ``law_provision``.

        Returns
        -------
        polars.DataFrame
            Empty, without columns, when this release does not have the table.

        Raises
        ------
        ReleaseError
            For a name that is not in `RELEASE_TABLES`.
        """
        if name not in RELEASE_TABLES and not name.startswith(REGISTER):
            raise ReleaseError(
                f"{echo(name)} is not a table to read whole.", f"Tables: {', '.join(RELEASE_TABLES)}."
            )
        if name not in self.columns:
            return pl.DataFrame()
        self.refuse_withdrawn()
        if name in self._tables:
            return self._tables[name]
        with self._lock:
            found = pl.from_arrow(self._connection.sql(f"SELECT * FROM {name}").to_arrow_table())
        table = found if isinstance(found, pl.DataFrame) else found.to_frame()
        return table if name == "area_shape" else self._tables.setdefault(name, table)  # large, and read once

    def listed(self, code: str) -> Mapping[str, str]:
        """Return the codes of a register and their words, in its order: the code list of a dimension.

        Parameters
        ----------
        code
            A register with the columns ``code`` and ``label``. Empty when nothing of the kind was loaded.
        """
        if code not in self._listed:
            rows = self.register(code)
            self._listed[code] = (
                {} if rows.is_empty() else dict(rows.select("code", "label").sort("code").iter_rows())
            )
        return self._listed[code]

    def register(self, code: str) -> pl.DataFrame:
        """Return the rows of a register; empty when nothing of the kind was loaded."""
        return self.table(f"{REGISTER}{code}")

    @functools.cached_property
    def columns(self) -> Mapping[str, tuple[str, ...]]:
        """Tables of this release and their columns."""
        found: dict[str, tuple[str, ...]] = {}
        for table, column in self.rows(
            "SELECT table_name, column_name FROM information_schema.columns ORDER BY ALL"
        ):
            found[table] = (*found.get(table, ()), column)
        return found

    @functools.cached_property
    def collections(self) -> tuple[Collection, ...]:
        """Collections: the task force's own first, which shows most before others, which shows nothing last.

        The first one is what a page shows until another is chosen.
        """
        names = [field.name for field in fields(Collection)]
        rows = self.rows(
            f"SELECT {', '.join(names)} FROM collection "
            "ORDER BY NOT is_own, collection, subject <> 'person', subject"
        )
        found, shown = [Collection(*row) for row in rows], self._cells_shown
        return tuple(
            sorted(
                found,
                key=lambda one: (one.collection not in shown, not one.is_own, -shown.get(one.collection, 0)),
            )
        )

    @functools.cached_property
    def _cells_shown(self) -> Mapping[str, int]:
        """Protected cells of each collection that has any."""
        tables = [name for name in self.columns if name.startswith("cell_")]
        counts = (f"SELECT collection, count(*) AS n FROM {name} GROUP BY ALL" for name in tables)
        every = " UNION ALL ".join(counts)
        return dict(self.rows(f"SELECT collection, sum(n) FROM ({every}) GROUP BY ALL")) if every else {}

    @functools.cached_property
    def areas(self) -> Mapping[str, places.Geography]:
        """Areas by geography."""
        if "area" not in self.columns:
            return {}
        return places.read(self.rows(f"SELECT {', '.join(places.COLUMNS)} FROM area ORDER BY ALL"))

    @functools.cached_property
    def silent(self) -> Mapping[tuple[str, str], frozenset[str]]:
        """Months without a report, by (collection, contributor)."""
        if "coverage" not in self.columns:
            return {}
        found: dict[tuple[str, str], set[str]] = {}
        for collection, source, period, status in self.rows(
            "SELECT collection, source, period, status FROM coverage ORDER BY ALL"
        ):
            months = found.setdefault((collection, source), set())
            if status == "not_reported":
                months.add(period)
        return {key: frozenset(months) for key, months in found.items()}

    @functools.cached_property
    def observed(self) -> Mapping[tuple[str, str], observed.Series]:
        """Published figures by source and measure."""
        return observed.read(self.rows, self.columns["observation"]) if "observation" in self.columns else {}

    def contributors(self, collection: str) -> tuple[str, ...]:
        """Return the roster of contributors of a collection: its codes of the dimension ``source``."""
        return tuple(source for name, source in self.silent if name == collection)

    @functools.cached_property
    def source_labels(self) -> Mapping[str, str]:
        """Sources and contributors to their labels."""
        return dict(self.rows("SELECT source_id, label FROM source")) if "source" in self.columns else {}

    @functools.cached_property
    def currency(self) -> str:
        """The currency that money is told in: that of most figures of money; "dollars" without any."""
        if "observation" not in self.columns:
            return USUAL_CURRENCY
        listed = ", ".join(f"'{one}'" for one in _OF_MONEY)
        rows = self.rows(
            f"SELECT unit FROM observation WHERE measure IN ({listed}) AND unit IS NOT NULL "
            "GROUP BY unit ORDER BY count(*) DESC, unit LIMIT 1"
        )
        return str(rows[0][0]) if rows else USUAL_CURRENCY

    @functools.cached_property
    def citations(self) -> Mapping[str, str]:
        """Sources to their citations."""
        return dict(self.rows("SELECT source_id, citation FROM source")) if "source" in self.columns else {}

    @functools.cached_property
    def cited_sources(self) -> tuple[tuple[str, ...], ...]:
        """Code, citation, publisher, licence, first and last month of each source; empty where not known."""
        if "source" not in self.columns:
            return ()
        rows = self.rows(
            "SELECT source_id, citation, publisher, licence, period_from, period_to FROM source "
            "ORDER BY source_id"
        )
        return tuple(tuple(str(part or "") for part in row) for row in rows)

    @functools.cached_property
    def population_years(self) -> Mapping[str, tuple[str, str, str]]:
        """First year, last year and source of the residents of each geography."""
        if "area_population" not in self.columns:
            return {}
        rows = self.rows(
            "SELECT geography, min(year), max(year), min(source) FROM area_population GROUP BY geography"
        )
        return {row[0]: (str(row[1]), str(row[2]), str(row[3] or "")) for row in rows}

    @functools.cached_property
    def choices(self) -> Choices:
        """What filters can choose from in the first collection's geography."""
        return self.choices_of(self.collections[0].collection if self.collections else None)

    def choices_of(self, collection: str | None) -> Choices:
        """Return what filters can choose from in a collection; the first one when None or unknown."""
        known = [one for one in self.collections if one.collection == collection] or list(
            self.collections[:1]
        )
        labels = {one.collection: one.label for one in reversed(self.collections)}
        published = self._published_months
        if not known:  # published figures only: they have periods, and places of their own
            return Choices({}, {}, labels, "".join(published[:1]), "".join(published[1:]))
        first, last = min(one.first_period for one in known), max(one.last_closed_month for one in known)
        geography = self.areas.get(known[0].geography)
        sources = {
            code: self.source_labels.get(code, code) for code in self.contributors(known[0].collection)
        }
        return Choices(
            areas=geography.names if geography else {},
            sources=sources,
            collections=dict(reversed(labels.items())),
            first_period=first,
            last_period=last,
            earliest=min((first, *published)),
            latest=max((last, *published)),
            within={code: geography.ancestors(code) for code in geography.areas} if geography else {},
        )

    @functools.cached_property
    def _published_months(self) -> tuple[str, ...]:
        """First and last month of the figures that others publish; empty where there are none."""
        codes = [code for one in self.observed.values() for code in (one.first, one.last)]
        spans = [periods.span_of(code) for code in codes]
        ends = (min(span.first for span in spans), max(span.last for span in spans)) if spans else ()
        return tuple(periods.code_of(month, "month") for month in ends)

    @property
    def area_levels(self) -> Mapping[str, int]:
        """Levels of the areas of the first collection's geography, by code."""
        geography = self.areas.get(self.collections[0].geography) if self.collections else None
        return geography.levels if geography else {}

    def is_newest(self) -> bool:
        """Return whether this release is still what is read until another one is chosen."""
        try:
            return newest_of(self.folder).manifest.sha256 == self.manifest.sha256
        except ReleaseError:
            return True

    @property
    def is_withdrawn(self) -> bool:
        """Whether it was taken out since it was opened."""
        return is_withdrawn(self.folder, self.release_id)

    def refuse_withdrawn(self) -> None:
        """Refuse to be read once withdrawn: a page that is open holds on to the release it was drawn from.

        Raises
        ------
        ReleaseNotOffered
            If it was.
        """
        if self.is_withdrawn:
            raise ReleaseNotOffered(
                f"The release {self.release_id} was withdrawn while you read it. Its figures must not be "
                "used any more.",
                "Reload the page.",
            )

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()


def _months(level: str) -> str:
    """Return "October to September"."""
    first = periods.begins_with(level)
    return f"{periods.MONTH_NAMES[first]} to {periods.MONTH_NAMES[first - 1]}"


@functools.lru_cache(maxsize=256)
def _one_select(sql: str) -> duckdb.Statement:
    """Return a parsed statement; parsing is a third of a small query, and pages repeat themselves."""
    statements = duckdb.extract_statements(sql)
    if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
        raise ReleaseError("A release can only be read, one SELECT at a time.")
    return statements[0]
