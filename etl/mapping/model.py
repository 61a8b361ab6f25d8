"""What a mapping file says, once it is read and checked."""

from collections.abc import Collection
from dataclasses import dataclass, field

from etl.contracts.by_distinct import SEPARATOR
from etl.contracts.tables import Column, Contract
from etl.incoming import PublishedSeries, SourceInfo
from etl.mapping.cells.fiscal import FiscalYear
from etl.readers import MISSING, TOTALS

YES = ("y", "yes", "true", "1", "x", "✓", "✔")
NO = ("n", "no", "false", "0")
#: Columns that no file has: of a row made from a column, its heading and its cell; the group of a row.
HEADING, CELL, GROUP = "@heading", "@cell", "@group"
MADE = (HEADING, CELL, GROUP)


@dataclass(frozen=True)
class _Each:
    """Records of one kind of help each: a cell may hold several, each a record of its own then.

    Attributes
    ----------
    column : str
        That of the kind.
    one : str
        The reference that would make one record of them again.
    whose : tuple of str
        References of which one says that they are one person's; without, each would be a person of its own
        among the people helped.
    helped : str
        The column without which nobody is told to have been helped; empty where each record tells it.
    """

    column: str
    one: str = ""
    whose: tuple[str, ...] = ()
    helped: str = ""


_EACH = {
    "service_need": _Each("service_type", whose=("person_ref", "service_need_ref"), helped="need_status"),
    "referral": _Each("service_type", "referral_ref"),
    "service_episode": _Each("service_type", "service_episode_ref", ("person_ref",)),
}


def lacks_person(table: Contract, filled: Collection[str]) -> tuple[str, ...]:
    """Return the references of which one is needed so that several records of one row stay one person's."""
    each = _EACH.get(table.name, _Each(""))
    counts = not each.helped or each.helped in filled
    return each.whose if counts and not set(each.whose) & set(filled) else ()


def holds_several(table: Contract, column: Column, filled: Collection[str] | None = None) -> bool:
    """Return whether one cell may hold several values of a column: together in one record, or a record each.

    Parameters
    ----------
    table, column
        The contract, and which of its columns.
    filled
        Columns that are filled: of records with a reference of their own each stays one, and nobody is
        counted as several people. None where they are not known yet.
    """
    each = _EACH.get(table.name, _Each(""))
    is_each = column.name == each.column and not table.is_tally
    if filled is not None:
        is_each = is_each and each.one not in filled and not lacks_person(table, filled)
    return column.is_list or is_each


@dataclass(frozen=True)
class From:
    """Where the values of one canonical column come from.

    Attributes
    ----------
    columns : tuple of str
        Columns of the file; several are joined by ``join``, or, for lists of codes, put together.
    split : tuple of str
        Separators of a cell that holds several codes; in a column of one code each makes a record.
    formats : tuple of str
        Date formats.
    pad : int
        Zeros are put before digits up to this length (codes that lost their leading zeros).
    since : str
        A column with an earlier date: the value is the days from it to ``columns``.
    missing : tuple of str
        Further cells of these columns that mean "missing".
    reads : tuple of str
        How cells are written (``as`` in the mapping): ``age``, or kinds of `etl.mapping.cells.numbers`.
    fiscal : FiscalYear or None
        How financial years are read.
    months_from : str
        The first of twelve months (``2024-01``) of which cells that say no year are one; empty where they do.
    marks : tuple of str
        Signs behind a cell that point at a footnote; they are taken off.
    has_synonyms : bool
        Whether words of the shipped list are understood (`etl.mapping.synonyms`).
    """

    columns: tuple[str, ...]
    split: tuple[str, ...] = ()
    join: str = " "
    formats: tuple[str, ...] = ()
    pad: int = 0
    since: str = ""
    missing: tuple[str, ...] = ()
    reads: tuple[str, ...] = ()
    fiscal: FiscalYear | None = None
    months_from: str = ""
    marks: tuple[str, ...] = ()
    has_synonyms: bool = False


@dataclass(frozen=True)
class Unpivot:
    """Columns of which each becomes a row; with ``last``, all from the one named to that one."""

    columns: tuple[str, ...]
    last: str = ""


@dataclass(frozen=True)
class Layout:
    """How to open the file or sheet of one table; see :func:`etl.readers.read` and `etl.mapping.rows`."""

    sheet: str | None = None
    sheets: tuple[str, ...] = ()
    skip_sheets: tuple[str, ...] = ()
    skip_hidden: bool = False
    header_row: int | None = None
    header_rows: int | None = None
    delimiter: str | None = None
    encoding: str | None = None
    missing: tuple[str, ...] = MISSING
    totals: tuple[str, ...] = TOTALS
    decimal_comma: bool = False
    drop: tuple[str, ...] = ()
    fill_down: tuple[str, ...] = ()
    group_rows: bool = False


@dataclass(frozen=True)
class TableMapping:
    """How one canonical table is filled.

    Attributes
    ----------
    columns : dict
        Canonical column → where it comes from.
    flags : dict
        Canonical column that holds several codes, or each of them in a record of its own → {column of the
        file: code}, for columns of yes and no.
    values : dict
        Canonical column → {own word, small letters: code, or empty for missing}; several codes with
        `etl.contracts.by_distinct.SEPARATOR` between them.
    constants : dict
        Canonical column → the same value for all rows.
    markers : dict
        Of published counts: sign in place of a number, small letters → marker.
    only : dict
        Column of the file → values of the rows to keep.
    unpivot : Unpivot or None
        Columns of which each becomes a row.
    """

    contract: Contract
    layout: Layout
    columns: dict[str, From]
    flags: dict[str, dict[str, str]] = field(default_factory=dict)
    values: dict[str, dict[str, str]] = field(default_factory=dict)
    constants: dict[str, str] = field(default_factory=dict)
    only: dict[str, tuple[str, ...]] = field(default_factory=dict)
    markers: dict[str, str] = field(default_factory=dict)
    yes: tuple[str, ...] = YES
    no: tuple[str, ...] = NO
    unpivot: Unpivot | None = None

    @property
    def each(self) -> str:
        """The column of one code a record of which cells hold several words; empty where none does."""
        rules = {name: rule for name, rule in self.columns.items() if not self.contract.column(name).is_list}
        for name, rule in rules.items():
            if rule.split or any(SEPARATOR in code for code in self.values.get(name, {}).values()):
                return name
        return next((name for name in self.flags if not self.contract.column(name).is_list), "")

    @property
    def used(self) -> tuple[str, ...]:
        """Columns of the file that the mapping names, each once."""
        names = [name for rule in self.columns.values() for name in (*rule.columns, rule.since) if name]
        names += [name for flags in self.flags.values() for name in flags]
        names += [*self.unpivot.columns, self.unpivot.last] if self.unpivot else []
        every = dict.fromkeys([*names, *self.only, *self.layout.fill_down])
        return tuple(name for name in every if name and name not in MADE)


@dataclass(frozen=True)
class Mapping:
    """A whole mapping file, checked."""

    file: str
    source: SourceInfo
    tables: tuple[TableMapping, ...]
    period: tuple[str, str] | None
    series: tuple[PublishedSeries, ...] = ()
