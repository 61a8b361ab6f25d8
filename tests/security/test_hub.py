"""A hub gives nothing that its parts do not: its numbers are theirs, or sums of what they show."""

import duckdb
import pytest

from analysis import load_catalog
from analysis.release.manifest import read_manifest
from etl.release.publishing.writer_process import quoted
from tests.counties import COUNTIES, counties, hub_home

SUBJECTS = ("person", "referral", "tip", "outcome", "place_use")


@pytest.fixture(scope="module")
def opened() -> duckdb.DuckDBPyConnection:
    """The hub as ``hub`` and its parts by their codes, attached to one connection."""
    connection = duckdb.connect()
    folders = {county.code: folder for county, folder in zip(COUNTIES, counties(), strict=True)}
    for name, folder in {**folders, "hub": hub_home() / "release" / "public"}.items():
        file = folder / read_manifest(folder).file
        connection.execute(f"ATTACH {quoted(file)} AS {name} (READ_ONLY)")
    return connection


def published(code: str, dims: tuple[str, ...]) -> str:
    """Return the numbers of all parts as SQL: by part, cell and number, without the contributors inside."""
    listed = ", ".join(f"{name}" for name in ("period", "area_level", "area", *dims))
    inside = " WHERE source IS NULL" if "source" in load_catalog().subjects[code].dimensions else ""
    return " UNION ALL ".join(
        f"SELECT '{county.code}' AS part, {listed}, value FROM {county.code}.cell_{code}{inside}"
        for county in COUNTIES
    )


def dims_of(code: str) -> tuple[str, ...]:
    return tuple(name for name in load_catalog().subjects[code].dimensions if name != "source")


@pytest.mark.parametrize("code", SUBJECTS)
def test_every_number_of_the_whole_is_the_sum_of_what_the_parts_show(
    opened: duckdb.DuckDBPyConnection, code: str
) -> None:
    dims = dims_of(code)
    keys = ", ".join(("period", *dims))
    alone = " AND source IS NULL" if "source" in load_catalog().subjects[code].dimensions else ""
    expected = (
        f"SELECT {keys}, sum(value)::INTEGER AS value, count(*)::INTEGER AS parts "
        f"FROM ({published(code, dims)}) WHERE area_level IS NULL GROUP BY {keys}"
    )
    made = f"SELECT {keys}, value, parts FROM hub.cell_{code} WHERE area_level IS NULL{alone}"
    assert opened.execute(f"SELECT count(*) FROM ({made})").fetchone() != (0,)
    for one, other in ((made, expected), (expected, made)):
        assert opened.execute(f"SELECT * FROM ({one}) EXCEPT SELECT * FROM ({other})").fetchall() == []


@pytest.mark.parametrize("code", SUBJECTS)
def test_every_number_of_an_area_or_a_task_force_is_one_that_it_published(
    opened: duckdb.DuckDBPyConnection, code: str
) -> None:
    dims = dims_of(code)
    keys = ", ".join(("period", *dims))
    every = published(code, dims)
    whole = f"SELECT part, {keys}, value FROM ({every}) WHERE area_level IS NULL"
    inner = f"SELECT area, {keys}, value FROM ({every}) WHERE area_level = 1 AND area <> 'not_recorded'"
    claims = [
        (f"SELECT area, {keys}, value FROM hub.cell_{code} WHERE area_level = 1", whole),
        (
            f"SELECT area, {keys}, value FROM hub.cell_{code} "
            "WHERE area_level = 2 AND area <> 'not_recorded'",
            inner,
        ),
    ]
    if "source" in load_catalog().subjects[code].dimensions:
        where = "area_level IS NULL AND source IS NOT NULL"
        claim = f"SELECT source, {keys}, value FROM hub.cell_{code} WHERE {where}"
        claims.append((claim, whole))
    for made, known in claims:
        assert opened.execute(f"SELECT * FROM ({made}) EXCEPT SELECT * FROM ({known})").fetchall() == []


@pytest.mark.parametrize("code", SUBJECTS)
def test_the_whole_less_all_but_one_part_tells_nothing_that_the_one_hides(
    opened: duckdb.DuckDBPyConnection, code: str
) -> None:
    """Complementary suppression: whoever takes the other parts off the sum is left with nothing at all."""
    dims = dims_of(code)
    keys = ", ".join(("period", *dims))
    alone = " AND source IS NULL" if "source" in load_catalog().subjects[code].dimensions else ""
    hidden = 0
    for county in COUNTIES:
        others = (
            f"SELECT {keys}, sum(value) AS others FROM ({published(code, dims)}) "
            f"WHERE area_level IS NULL AND part <> '{county.code}' GROUP BY {keys}"
        )
        same = " AND ".join(f"made.{key} IS NOT DISTINCT FROM others.{key}" for key in ("period", *dims))
        mine = " AND ".join(f"made.{key} IS NOT DISTINCT FROM mine.{key}" for key in ("period", *dims))
        rows = opened.execute(
            f"SELECT made.value - others, count(*) FROM hub.cell_{code} AS made "
            f"JOIN ({others}) AS others ON {same} "
            f"WHERE made.area_level IS NULL{alone.replace('source', 'made.source')} AND NOT EXISTS ("
            f"SELECT 1 FROM {county.code}.cell_{code} AS mine WHERE mine.area_level IS NULL"
            f"{alone.replace('source', 'mine.source')} AND {mine}) GROUP BY 1"
        ).fetchall()
        assert {left for left, _ in rows} <= {0}
        hidden += sum(count for _, count in rows)
    assert hidden  # there was something to find


def test_no_number_of_a_hub_is_below_the_threshold_and_no_closed_list_is_longer(
    opened: duckdb.DuckDBPyConnection,
) -> None:
    catalog = load_catalog()
    for code, subject in catalog.subjects.items():
        if subject.door != "person":
            continue
        smallest, most = opened.execute(
            f"SELECT coalesce(min(value), 10), coalesce(max(1 + (area IS NOT NULL)::INTEGER "
            f"{''.join(f'+ ({name} IS NOT NULL)::INTEGER ' for name in subject.dimensions)}), 0) "
            f"FROM hub.cell_{code}"
        ).fetchone() or (0, 9)
        assert smallest >= catalog.protection.threshold["public"]
        assert most <= 4


def test_registers_have_the_rows_of_the_parts_and_no_other(opened: duckdb.DuckDBPyConnection) -> None:
    """A confidential provider stays one: no column of a row says more than the part's own row did."""
    for code, register in load_catalog().registers.items():
        kept = [
            column.code
            for column in register.columns
            if column.holds not in ("id", "area", "organisation_code") and column.code != "geography"
        ]
        listed = ", ".join(kept)
        every = " UNION ALL ".join(f"SELECT {listed} FROM {one.code}.register_{code}" for one in COUNTIES)
        assert (
            opened.execute(
                f"SELECT {listed} FROM hub.register_{code} EXCEPT SELECT * FROM ({every})"
            ).fetchall()
            == []
        )
