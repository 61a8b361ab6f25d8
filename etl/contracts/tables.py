"""Contracts of the canonical tables, read from ``data/catalog/tables/*.toml``.

One file describes a table once; the checks, the templates and the data dictionary all come from it.
"""

import functools
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from analysis.catalog.load import CATALOG_FOLDER, load_catalog
from analysis.catalog.table import Table as TomlTable
from analysis.catalog.table import nearest, read_table
from etl.errors import EtlError

TYPES = (
    "text",
    "integer",
    "number",
    "boolean",
    "date",
    "period",
    "code",
    "codes",
    "area",
    "country",
    "binary",
)

REPLACES = ("months", "source", "file")
# Published before they came here: their links and notes are their publishers' words.
PUBLIC = frozenset({"observation", "area", "area_shape", "area_population", "area_context", "law_provision"})


@dataclass(frozen=True)
class Column:
    """One column of a contract.

    Attributes
    ----------
    kind : str
        One of `TYPES`. ``codes`` is a list; ``code`` without ``codes`` is any code of small letters.
    codes : mapping of str to str
        Allowed codes and their labels; empty when any code may come.
    whole : bool
        A number that is a count, and so whole, but for the measures of `Contract.measured`.
    rolls_up : mapping of str to str
        Rare codes that are accepted and kept as a broader one.
    reference : bool
        A raw reference that is turned into a keyed hash at once.
    keyed : bool
        A public name (of an organisation) that is kept and gets a keyed hash beside it, so that records which
        hold only the hash can be joined to it.
    future : bool
        A date after the reporting date is allowed.
    refers : tuple of str
        Table and column that it points at; empty when it points at none. A row that points at nothing loaded
        is kept and counted (`etl.mart.dangling`).
    several : bool
        Of a column of areas: one cell may name several, all of them served alike.
    of_years : bool
        Of the period of one mapping of published counts: each is of several years (2019-2021).
    lenient : bool
        Of one mapping: a cell that cannot be read is not recorded, and counted, and does not cost its row.
    """

    name: str
    kind: str
    label: str
    description: str
    required: bool = False
    whole: bool = False
    codes: Mapping[str, str] = field(default_factory=dict)
    rolls_up: Mapping[str, str] = field(default_factory=dict)
    minimum: float | None = None
    maximum: float | None = None
    unit: str = ""
    example: str = ""
    reference: bool = False
    keyed: bool = False
    future: bool = False
    refers: tuple[str, ...] = ()
    several: bool = False
    of_years: bool = False
    lenient: bool = False

    @property
    def is_list(self) -> bool:
        """Whether one cell may hold several values."""
        return self.several or self.kind == "codes"


@dataclass(frozen=True)
class Rule:
    """A named condition on a row, in SQL over the typed columns and ``as_of``; NULL counts as kept."""

    name: str
    column: str
    check: str
    message: str


@dataclass(frozen=True)
class Lookup:
    """Columns of another table that rules may use, such as the first day of the campaign an event is of.

    Attributes
    ----------
    table : str
        The other table; its files are loaded first.
    column : str
        Column of this table that holds the other one's key, which is called the same there or `key`.
    adds : tuple of str
        Columns of the other table; a rule calls them ``<table>_<column>``. NULL where the key is not known.
    """

    table: str
    column: str
    key: str
    adds: tuple[str, ...]


@dataclass(frozen=True)
class Contract:
    """One canonical table: what a row is, its columns and its rules.

    Attributes
    ----------
    lookups : tuple of Lookup
        What its rules need of other tables.
    divisions : tuple of str
        Columns that divide a published figure. They are part of its key, and a blank in one means "not split
        by it", which is no category.
    measured : tuple of str
        Measures that are no counts, such as sums of money.
    personal : bool
        Rows are about persons: identifiers are refused, references hashed, months count as reported.
    replaces : str
        What a later file of the same source takes the place of. ``months``: rows in its months (tables with
        a period); ``source``: all rows of its source (registers, sent whole); ``file``: rows of the same
        file name (areas, laws).
    is_tally, has_rest : bool
        Of one mapping: rows are numbers of records (`etl.contracts.tallies`); a row that says less than
        others is what belongs to none of them.
    """

    name: str
    label: str
    description: str
    grain: str
    columns: tuple[Column, ...]
    rules: tuple[Rule, ...] = ()
    lookups: tuple[Lookup, ...] = ()
    unique: tuple[str, ...] = ()
    divisions: tuple[str, ...] = ()
    measured: tuple[str, ...] = ()
    personal: bool = False
    replaces: str = "source"
    is_tally: bool = False
    has_rest: bool = False

    def column(self, name: str) -> Column:
        """Return a column by its name."""
        return next(column for column in self.columns if column.name == name)

    def with_lenient(self, names: Collection[str]) -> "Contract":
        """Return the same with some columns of which a cell may be unreadable."""
        if not names:
            return self
        columns = (replace(one, lenient=True) if one.name in names else one for one in self.columns)
        return replace(self, columns=tuple(columns))

    @property
    def is_dated(self) -> bool:
        """Whether each row belongs to a period, and a file to the months it covers."""
        return self.replaces == "months"

    @property
    def is_register(self) -> bool:
        """Whether its rows may be published one by one: they are neither about persons nor reference tables,
        which are published already.
        """
        return not self.personal and self.name not in PUBLIC

    @property
    def areas(self) -> tuple[str, ...]:
        """Columns that name an area."""
        return tuple(column.name for column in self.columns if column.kind == "area")

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the columns, in order."""
        return tuple(column.name for column in self.columns)


@functools.cache
def looked_up_tables() -> frozenset[str]:
    """Return the tables that rules of other tables look things up in: their files are loaded before."""
    return frozenset(lookup.table for name in table_names() for lookup in contract(name).lookups)


def table_names(folder: Path = CATALOG_FOLDER) -> tuple[str, ...]:
    """Return the names of all tables that have a contract."""
    return tuple(sorted(path.stem for path in (folder / "tables").glob("*.toml")))


@functools.lru_cache(maxsize=128)
def contract(name: str, folder: Path = CATALOG_FOLDER) -> Contract:
    """Return the contract of a table.

    Raises
    ------
    EtlError
        No such table; the nearest name is suggested.
    analysis.errors.CatalogError
        The file breaks a rule; file and key are named.
    """
    if name not in table_names(folder):
        names = table_names(folder)
        raise EtlError(
            f"There is no table '{name}'.{nearest(name, names)} Tables: {', '.join(names)}.",
            "python -m etl template TABLE",
        )
    toml = read_table(folder, f"tables/{name}.toml")
    if toml.code("name") != name:
        raise toml.fail("name", toml.values["name"], f"'{name}', as the file is called")
    written = tuple(_column(item) for item in toml.tables("column"))
    columns = _with_divisions(toml, written, folder)
    divisions = tuple(column.name for column in columns if column not in written)
    known = {column.name for column in columns}
    rules = tuple(_rule(item, known) for item in toml.tables("rule"))
    lookups = tuple(_lookup(item, known) for item in toml.tables("lookup"))
    result = Contract(
        name=name,
        label=toml.text("label"),
        description=toml.text("description"),
        grain=toml.text("grain"),
        columns=columns,
        rules=rules,
        lookups=lookups,
        unique=(*divisions, *toml.codes("unique", [], allowed=known)),
        divisions=divisions,
        personal=toml.flag("personal", False),
        replaces=_replaces(toml, columns),
    )
    toml.finish()
    return result


def _with_divisions(toml: TomlTable, columns: tuple[Column, ...], folder: Path) -> tuple[Column, ...]:
    """Add a column for each dimension of published figures that the file itself does not describe."""
    names = [column.name for column in columns]
    after = toml.text("divisions_after", "", allowed=names)
    if not after:
        return columns
    catalog = load_catalog(None if folder == CATALOG_FOLDER else folder)
    divisions = tuple(
        Column(one.code, "text", one.label, f"{one.description} Empty: not split by it.")
        for one in map(catalog.dimensions.get, catalog.published_dimensions)
        if one is not None and one.code not in names
    )
    place = names.index(after) + 1
    return columns[:place] + divisions + columns[place:]


def _replaces(toml: TomlTable, columns: tuple[Column, ...]) -> str:
    is_dated = any(column.name == "period" and column.kind == "period" for column in columns)
    given = toml.text("replaces", "months" if is_dated else "source", allowed=REPLACES)
    if (given == "months") != is_dated:
        raise toml.fail(
            "replaces", f"'{given}'", "'months' for a table with a column 'period', and only then"
        )
    return given


def _column(toml: TomlTable) -> Column:
    codes = _codes(toml)
    rolls_up = toml.table("rolls_up", {}).values
    for rare, broad in rolls_up.items():
        if broad not in codes:
            raise toml.fail(f"rolls_up.{rare}", str(broad), ", ".join(codes))
    toml.accept(["minimum", "maximum"])
    column = Column(
        name=toml.code("name"),
        kind=toml.text("type", allowed=TYPES),
        label=toml.text("label"),
        description=toml.text("description"),
        required=toml.flag("required", False),
        whole=toml.flag("whole", False),
        codes=codes,
        rolls_up=rolls_up,
        minimum=toml.number("minimum") if "minimum" in toml.values else None,
        maximum=toml.number("maximum") if "maximum" in toml.values else None,
        unit=toml.text("unit", ""),
        example=toml.text("example", ""),
        reference=toml.flag("reference", False),
        keyed=toml.flag("keyed", False),
        future=toml.flag("future", False),
        refers=tuple(filter(None, toml.text("refers", "").split("."))),
        several=toml.flag("several", False),
    )
    if column.several and column.kind != "area":
        raise toml.fail("several", "true", "only for columns of areas; several codes are of type 'codes'")
    if len(column.refers) not in (0, 2):
        raise toml.fail("refers", f"'{'.'.join(column.refers)}'", "a table and its column: TABLE.COLUMN")
    toml.finish()
    return column


def _codes(toml: TomlTable) -> dict[str, str]:
    """Return allowed codes with labels: of a dimension of the catalog, or listed in the file."""
    toml.accept(["codes"])
    given: Any = toml.values.get("codes")
    if given is None:
        return {}
    if isinstance(given, dict):
        return {str(code): str(label) for code, label in given.items()}
    if isinstance(given, list):
        return {code: code.replace("_", " ").capitalize() for code in toml.codes("codes")}
    if given == "measures":
        return {code: measure.label for code, measure in load_catalog().measures.items()}
    dimensions = load_catalog().dimensions
    if given not in dimensions:
        raise toml.not_allowed("codes", str(given), dimensions)
    return {category.code: category.label for category in dimensions[given].categories}


def _lookup(toml: TomlTable, columns: set[str]) -> Lookup:
    column = toml.text("column", allowed=columns)
    lookup = Lookup(toml.code("table"), column, toml.code("key", column), toml.codes("adds"))
    toml.finish()
    return lookup


def _rule(toml: TomlTable, columns: set[str]) -> Rule:
    rule = Rule(
        name=toml.code("name"),
        column=toml.text("column", allowed=columns),
        check=" ".join(toml.text("check").split()),
        message=toml.text("message"),
    )
    toml.finish()
    return rule
