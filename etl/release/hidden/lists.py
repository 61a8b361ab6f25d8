"""Who is on which list, as the frozen records of whole years say; it never leaves this room."""

from dataclasses import dataclass

import duckdb
import numpy as np

from analysis.catalog.model import NOT_RECORDED
from analysis.statistics.hidden.floor import FEWEST_LISTS, MOST_LISTS_TO_SEARCH
from analysis.statistics.hidden.histories import CaptureTable, capture_table
from etl.release.cells.layout import FROZEN, RECORD, Layout

#: Of the people identified, at least this share must be on a list: of the others nobody wrote down who knows
#: them, and without them an estimate would be of another group.
LEAST_RECORDED = 0.9
_CODE = "lower(trim(code))"


@dataclass(frozen=True, eq=False)
class Listed:
    """Who is on which list: a table, or the code of why there is none."""

    table: CaptureTable | None = None
    reason: str = ""

    def __repr__(self) -> str:
        """Say nothing of the counts: a message or a log may quote this."""
        return "Listed(…)"


def keep_lists(connection: duckdb.DuckDBPyConnection, layout: Layout) -> None:
    """Freeze the lists of records that an earlier version froze without them, once and for all.

    The caller does this once in a frozen file; records that close later bring their lists with them.
    """
    code = layout.code
    connection.execute(
        f"INSERT INTO {FROZEN}.{code}_attribute SELECT id, kind, code FROM mart_{code}_attribute "
        f"JOIN (SELECT id, {RECORD} FROM {FROZEN}.{code}) USING ({RECORD}) WHERE kind = $kind "
        f"AND id NOT IN (SELECT id FROM {FROZEN}.{code}_attribute WHERE kind = $kind) ORDER BY ALL",
        {"kind": layout.subject.lists},
    )


def lists_of(
    connection: duckdb.DuckDBPyConnection, layout: Layout, collection: str, years: tuple[int, int]
) -> Listed:
    """Return how many people are on which lists; somebody who was there in several years is one person.

    Parameters
    ----------
    connection
        With the frozen records attached.
    layout
        Of a subject with `lists`.
    collection, years
        Whose records; the first and the last year.
    """
    whose: dict[str, object] = {"collection": collection, "first": years[0], "last": years[1]}
    records = (
        f"{FROZEN}.{layout.code} WHERE collection = $collection AND reference_year BETWEEN $first AND $last"
    )
    rows = connection.execute(
        f"""
        SELECT lists, count(*) FROM (
            SELECT list_sort(list(DISTINCT {_CODE})) AS lists FROM {FROZEN}.{layout.code}_attribute
            JOIN (SELECT id, record FROM {records}) USING (id)
            WHERE kind = $kind AND {_CODE} NOT IN ('', $none) GROUP BY record
        ) GROUP BY lists ORDER BY lists
        """,
        {**whose, "kind": layout.subject.lists, "none": NOT_RECORDED},
    ).fetchall()
    if not rows:
        return Listed(reason="no_lists")
    names = sorted({name for lists, _ in rows for name in lists})
    if len(names) < FEWEST_LISTS:
        return Listed(reason="few_lists")
    if len(names) > MOST_LISTS_TO_SEARCH:
        return Listed(reason="many_lists")
    people = connection.execute(f"SELECT count(DISTINCT record) FROM {records}", whose).fetchall()
    if sum(count for _, count in rows) < LEAST_RECORDED * people[0][0]:
        return Listed(reason="not_recorded")
    marks = np.array([[name in lists for name in names] for lists, _ in rows], dtype=np.int64)
    return Listed(capture_table(names, marks, [count for _, count in rows]))
