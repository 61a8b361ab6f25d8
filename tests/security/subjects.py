"""Any protected subject as it stands in the demonstration: truth, published cells, and how its cells divide.

The truth is counted here, table by table, from the frozen records; the release job takes no part in it.
"""

import functools
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb

from analysis import Catalog, load_catalog
from analysis.catalog.model import NOT_RECORDED, ROSTER, Subject
from analysis.catalog.registers import CONFIDENTIAL_CODE
from analysis.periods import MONTHS_IN, code_of, level_of, span_of
from analysis.questions.question import GroupingSet, closed_list, fits
from etl.config import home_at
from etl.store import warehouse
from tests.demonstration import demonstration_home, demonstration_release
from tests.release.support import release_file
from tests.security.population import Cell, Published

SUBJECTS = tuple(code for code, one in load_catalog().subjects.items() if one.door == "person")
PROFILES = ("public", "partner")
PERIOD = {
    "month": "strftime(period_start, '%Y-%m')",
    "quarter": "year(period_start) || '-Q' || quarter(period_start)",
    "year": "year(period_start)::VARCHAR",
}
OPPOSITES = {  # of multi-valued dimensions: codes that add up to everybody, or to the code that is the key
    "operation_outcome": {
        "": (("referred", "not_referred"), ("arrested", "not_arrested")),
        "arrested": (("arrested_exploited", "arrested_not_exploited"),),
    }
}


@dataclass(frozen=True)
class Ways:
    """How the cells of one subject are parts of each other, known to everybody who reads the catalog.

    Attributes
    ----------
    subject, catalog
        What is counted.
    codes
        Codes of each dimension.
    single
        Dimensions of which each record has one code, so that categories add up.
    districts
        County to its districts.
    """

    subject: Subject
    catalog: Catalog
    codes: Mapping[str, tuple[str, ...]]
    single: frozenset[str]
    districts: Mapping[str, tuple[str, ...]]

    @property
    def finer(self) -> tuple[str, ...]:
        """Dimensions whose tables have a noise of their own."""
        return tuple(
            code for code in self.subject.dimensions if self.catalog.dimensions[code].divides_another
        )

    def coarser(self, dimension: str) -> str | None:
        """Return the dimension of the same family whose codes the categories of this one divide."""
        own = self.catalog.dimensions[dimension]
        groups = {category.group for category in own.categories} - {None}
        for code in self.subject.dimensions:
            other = self.catalog.dimensions[code]
            if code != dimension and own.family and own.family == other.family and groups <= {*other.codes}:
                return code if groups else None
        return None

    def partitions(self, cell: Cell) -> Iterator[tuple[Cell, list[Cell], str]]:
        """Yield, for every way to widen a cell by one step: wider cell, the other parts of it, the way."""
        for whole, parts, way in self._wider(cell):
            if self._is_counted(whole):
                yield whole, parts, way

    def _is_counted(self, cell: Cell) -> bool:
        """Return whether there is a table for it: else its absence says nothing."""
        period, area, given = cell
        names = [name for name, _ in given]
        return fits(self.subject, self.catalog, level_of(period), area is not None, names)

    def _wider(self, cell: Cell) -> Iterator[tuple[Cell, list[Cell], str]]:
        period, area, given = cell
        for place, (dim, code) in enumerate(given):
            yield from self._without(cell, place, dim, code)
        if area is not None:
            level, code = area
            yield (
                (period, None, given),
                [(period, (level, one), given) for one in self._places(level) if one != code],
                f"area{level}",
            )
            for county, districts in self.districts.items():
                if level == 2 and code in districts:
                    near = [(period, (2, one), given) for one in districts if one != code]
                    yield (period, (1, county), given), near, "district"
        level = level_of(period)
        for wider in {"month": ("quarter", "year"), "quarter": ("year",), "year": ()}[level]:
            whole = code_of(span_of(period).first, wider)
            parts = [(one, area, given) for one in _parts_of(whole, level) if one != period]
            yield (whole, area, given), parts, f"{level} of {wider}"

    def _without(self, cell: Cell, place: int, dim: str, code: str) -> Iterator[tuple[Cell, list[Cell], str]]:
        period, area, given = cell
        before, after = given[:place], given[place + 1 :]

        def like(other: str, of: str = dim) -> Cell:
            return period, area, (*before, (of, other), *after)

        whole = (period, area, (*before, *after))
        if dim in self.single:
            others = [one for one in self.codes[dim] if one != code]
            yield whole, [like(one) for one in others], dim
            coarser, groups = self.coarser(dim), self._groups(dim)
            if coarser and groups.get(code):
                near = [like(one) for one in others if groups[one] == groups[code]]
                yield like(str(groups[code]), coarser), near, f"{dim} of group"
        for above, sets in OPPOSITES.get(dim, {}).items():
            for opposite in sets:
                if code in opposite:
                    near = [like(one) for one in opposite if one != code]
                    yield (like(above), near, f"{dim} of {above}") if above else (whole, near, dim)

    def _groups(self, dim: str) -> dict[str, str | None]:
        return {category.code: category.group for category in self.catalog.dimensions[dim].categories}

    def _places(self, level: int) -> list[str]:
        districts = [one for near in self.districts.values() for one in near]
        return [*(self.districts if level == 1 else districts), NOT_RECORDED]

    def divisions(self, cell: Cell) -> Iterator[tuple[list[Cell], str]]:
        """Yield, for every way to divide a cell by one step into cells of the closed list: parts, the way."""
        period, area, given = cell
        have, level = dict(given), level_of(period)
        order = {dim: place for place, dim in enumerate(self.subject.dimensions)}
        for dim in self.subject.dimensions:
            coarser = self.coarser(dim)
            above = coarser if coarser in have else None
            rest = [pair for pair in given if pair[0] != above]
            if dim not in self.single or dim in have:
                continue
            if fits(self.subject, self.catalog, level, area is not None, [dim, *(name for name, _ in rest)]):
                groups = self._groups(dim)
                parts = [
                    tuple(sorted([*rest, (dim, code)], key=lambda pair: order[pair[0]]))
                    for code in self.codes[dim]
                    if above is None or groups[code] == have[above]
                ]
                yield [(period, area, part) for part in parts], f"{dim} of group" if above else dim
        for dim, above in OPPOSITES.items():
            names = [dim, *(name for name, _ in given)]
            if (
                dim in order
                and dim not in have
                and fits(self.subject, self.catalog, level, area is not None, names)
            ):
                for opposite in above[""]:
                    pairs = [
                        sorted([*given, (dim, code)], key=lambda pair: order[pair[0]]) for code in opposite
                    ]
                    yield [(period, area, tuple(part)) for part in pairs], dim
        if area is None and fits(self.subject, self.catalog, level, True, have):
            for number in self.subject.area_levels:
                yield [(period, (number, one), given) for one in self._places(number)], f"area{number}"
        for near in {"year": ("quarter", "month"), "quarter": ("month",), "month": ()}[level]:
            if fits(self.subject, self.catalog, near, area is not None, have):
                yield [(one, area, given) for one in _parts_of(period, near)], f"{near} of {level}"


def _parts_of(period: str, level: str) -> list[str]:
    span = span_of(period)
    return [code_of(month, level) for month in range(span.first, span.last + 1, MONTHS_IN[level])]


class Case:
    """One subject of the demonstration.

    Tables of its `connection`: ``truth`` (every cell of the closed list with somebody in it), ``public`` and
    ``partner`` (what these releases hold), all with period_level, period, area_level, area, the dimensions,
    a number ``n`` and ``name``, the text of all of these but the number.
    """

    def __init__(self, code: str, folder: Path | None = None, catalog: Catalog | None = None) -> None:
        """Read the frozen records and both releases of a folder; without one, the demonstration's.

        They were made by the project's catalog unless another is given.
        """
        folder = folder or _copies()
        self.catalog = catalog or load_catalog()
        self.subject = self.catalog.subjects[code]
        self.connection = duckdb.connect()
        self.connection.execute(f"ATTACH '{folder / 'frozen.duckdb'}' AS f (READ_ONLY)")
        for profile in PROFILES:
            file = folder / f"{profile}.duckdb"
            self.connection.execute(f"ATTACH '{file}' AS {profile}_release (READ_ONLY)")
        columns = {row[0] for row in self.connection.execute(f"DESCRIBE f.{code}").fetchall()}
        self.single = frozenset(dim for dim in self.subject.dimensions if dim in columns)
        self.sets = closed_list(self.subject, self.catalog)
        self._read()

    def _read(self) -> None:
        code, run = self.subject.code, self.connection.execute
        run(
            f"""
            CREATE TABLE record AS SELECT frozen.*, {", ".join(f"{PERIOD[one]} AS {one}" for one in PERIOD)},
                CASE WHEN level = 1 THEN area_code WHEN level = 2 THEN parent ELSE '{NOT_RECORDED}' END
                    AS area1,
                CASE WHEN level = 2 THEN area_code ELSE '{NOT_RECORDED}' END AS area2
            FROM f.{code} AS frozen LEFT JOIN f.area AS place ON place.code = area_code
            """
        )
        assert run("SELECT count(*) = count(DISTINCT id) FROM record").fetchone() == (True,)
        self._make_confidential()
        for dim in self.subject.dimensions:
            if dim not in self.single:
                of_kind = f"FROM f.{code}_attribute WHERE kind = '{dim}'"
                run(f"CREATE TABLE of_{dim} AS SELECT DISTINCT id, code {of_kind}")
        dims = "".join(f", {dim} VARCHAR" for dim in self.subject.dimensions)
        run(
            "CREATE TABLE truth (period_level VARCHAR, period VARCHAR, area_level INTEGER, "
            f"area VARCHAR{dims}, n BIGINT)"
        )
        for one in self.sets:
            run(self._counting(one, "truth"))
        self._withdraw_confidential()
        run("CREATE TABLE margin AS FROM truth LIMIT 0")
        alone = ((), *((dim,) for dim in self.subject.dimensions))
        for one in (GroupingSet("year", None, dims) for dims in alone):
            run(self._counting(one, "margin"))
        for level in self.subject.area_levels:
            run(self._counting(GroupingSet("year", level, ()), "margin"))
        columns = ["period_level", "period", "area_level", "area", *self.subject.dimensions]
        name = "concat_ws('|', " + ", ".join(f"coalesce({one}::VARCHAR, '')" for one in columns) + ")"
        listed = ", ".join(columns)
        # Tables: each test compares them by their names many times over.
        run(f"CREATE TABLE cell AS SELECT {listed}, n, {name} AS name FROM truth")
        for profile in PROFILES:
            cells = f"{profile}_release.cell_{code}"
            run(f"CREATE TABLE {profile} AS SELECT {listed}, value AS n, {name} AS name FROM {cells}")

    @property
    def _listed(self) -> list[tuple[str, str]]:
        """Return the dimensions whose codes are a register of the release, and its table."""
        dimensions = self.catalog.dimensions
        origins = {dim: dimensions[dim].codes_from for dim in self.subject.dimensions if dim in self.single}
        return [(dim, f"register_{origin}") for dim, origin in origins.items() if origin not in ("", ROSTER)]

    def _make_confidential(self) -> None:
        """Count organisations that the public register leaves out as one, as `docs/disclosure.md` says.

        Which these are, `test_confidential_providers` knows.
        """
        run = self.connection.execute
        for dim, register in self._listed:
            run(f"ALTER TABLE record ADD COLUMN true_{dim} VARCHAR")
            run(f"UPDATE record SET true_{dim} = {dim}")
            known = f"SELECT code FROM public_release.{register} UNION ALL SELECT '{NOT_RECORDED}'"
            run(f"UPDATE record SET {dim} = '{CONFIDENTIAL_CODE}' WHERE {dim} NOT IN ({known})")

    def _withdraw_confidential(self) -> None:
        """Take cells of confidential organisations out: by area, and in periods with fewer than three."""
        for dim, _ in self._listed:
            each = " UNION ALL ".join(
                f"SELECT {one} AS period, true_{dim} AS who FROM record WHERE {dim} = '{CONFIDENTIAL_CODE}'"
                for one in PERIOD
            )
            enough = f"SELECT period FROM ({each}) GROUP BY period HAVING count(DISTINCT who) >= 3"
            self.connection.execute(
                f"DELETE FROM truth WHERE {dim} = '{CONFIDENTIAL_CODE}' "
                f"AND (area IS NOT NULL OR period NOT IN ({enough}))"
            )

    def _counting(self, one: GroupingSet, table: str) -> str:
        """Return one plain count: records by a table's own columns, and nothing cleverer.

        A record stands once in its table, and once with each of its codes in what is joined to it.
        """
        columns = {"period_level": f"'{one.period_level}'", "period": one.period_level}
        if one.area_level:
            columns |= {"area_level": str(one.area_level), "area": f"area{one.area_level}"}
        columns |= {dim: dim if dim in self.single else f"of_{dim}.code" for dim in one.dims}
        joins = " ".join(
            f"JOIN of_{dim} ON of_{dim}.id = record.id" for dim in one.dims if dim not in self.single
        )
        chosen = ", ".join(f"{value} AS {name}" for name, value in columns.items())
        return f"INSERT INTO {table} BY NAME SELECT {chosen}, count(*) AS n FROM record {joins} GROUP BY ALL"

    @functools.cached_property
    def ways(self) -> Ways:
        """What everybody knows of how its cells divide."""
        codes = {}
        for dim in self.subject.dimensions:
            rows = self.connection.execute(f"SELECT DISTINCT {dim} FROM truth WHERE {dim} IS NOT NULL")
            found = sorted(row[0] for row in rows.fetchall())
            codes[dim] = self.catalog.dimensions[dim].codes or tuple(found)
            if self.catalog.dimensions[dim].codes_from:
                codes[dim] = tuple(dict.fromkeys([*found, NOT_RECORDED]))
        places = self.connection.execute("SELECT code, parent FROM f.area WHERE level = 2 ORDER BY 1")
        districts: dict[str, tuple[str, ...]] = {}
        for code, parent in places.fetchall():
            districts[parent] = (*districts.get(parent, ()), code)
        return Ways(self.subject, self.catalog, codes, self.single, districts)

    def cells(self, table: str, where: str = "true", end: str = "") -> dict[Cell, int]:
        """Return cells of ``cell`` (the truth) or of a profile with their numbers."""
        dims = self.subject.dimensions
        rows = self.connection.execute(
            f"SELECT n, period, area_level, area, {', '.join(dims)} FROM {table} WHERE {where} {end}"
        )
        found = {}
        for n, period, level, area, *codes in rows.fetchall():
            given = tuple((dim, code) for dim, code in zip(dims, codes, strict=True) if code is not None)
            found[period, (level, area) if level else None, given] = n
        return found

    def published(self, profile: str) -> Published:
        """Return what the world, or a partner, sees."""
        return Published(self.cells(profile), self.catalog.protection.threshold[profile])

    def targets(self, count: int) -> dict[Cell, int]:
        """Return small true cells that are parts of another, in an order that only their names decide."""
        multi = [
            f"{dim} IS NULL"
            for dim in self.subject.dimensions
            if dim not in self.single and dim not in OPPOSITES
        ]
        divided = " OR ".join(f"{one} IS NOT NULL" for one in ("area_level", *self.subject.dimensions))
        where = " AND ".join([*multi, f"({divided})", "n BETWEEN 1 AND 9"])
        return self.cells("cell", where, f"ORDER BY md5(name) LIMIT {count}")

    def margins(self) -> dict[Cell, int]:
        """Return the true numbers of whole years by at most one thing: what an insider knows shares from."""
        return self.cells("margin")

    def of_mart(self, query: str) -> list[tuple[int, ...]]:
        """Return the rows of a query over the subject's table in the warehouse, ``{table}``."""
        with warehouse.connect(warehouse.current(home_at(demonstration_home()))) as connection:
            return connection.execute(query.format(table=self.subject.table)).fetchall()


@functools.cache
def case_of(subject: str) -> Case:
    """Return the case of a subject; made once a run."""
    return Case(subject)


@functools.cache
def _copies() -> Path:
    """Copy both files: pages of other tests hold the release open with settings of their own."""
    folder = Path(tempfile.mkdtemp(prefix="ltt-subjects-"))
    frozen = home_at(demonstration_home()).frozen(is_synthetic=True)
    (folder / "frozen.duckdb").write_bytes(frozen.read_bytes())
    for profile in PROFILES:
        copy = folder / f"{profile}.duckdb"
        copy.write_bytes(release_file(demonstration_release(profile)).read_bytes())
    return folder
