"""What a page sends to the browser, message by message: no true number, no amount that the release hides.

The messages hold more than a reader sees: whole tables, hover texts, arrays packed into bytes. Each is
unpacked here and held against the truth, which lies in the restricted zone of the demonstration.
"""

import json
import re
import tempfile
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest
from streamlit.testing.v1.local_script_runner import LocalScriptRunner

from analysis import load_catalog
from etl.config import home_at
from etl.store import warehouse
from tests.demonstration import demonstration_home, demonstration_release
from tests.pages.charts_read import values_of
from tests.pages.opening import opener
from tests.release.support import release_file
from tests.security.test_figures_of_organisations import KIND_OF

PAGES = (
    "overview",
    "people_and_forms",
    "trends",
    "gaps",
    "funding",
    "partnerships",
    "data_quality",
    "explore",
)
RUN = 5
"""Numbers in a row: so many true ones are not published by chance."""
Windows = set[tuple[float, ...]]
FEW = 10
MONEY = 100_000


class Sent:
    """Everything that the messages of pages hold: arrays of numbers, and texts."""

    def __init__(self) -> None:
        self.arrays: list[list[float]] = []
        self.texts: list[str] = []

    def read(self, message: Any) -> None:
        """Unpack a message and all messages in it."""
        for field, value in message.ListFields():
            if isinstance(value, str | bytes | int | float) or hasattr(value, "ListFields"):
                self._take(value)
            elif field.message_type is not None and field.message_type.GetOptions().map_entry:
                for one in value.values():
                    self._take(one)
            else:
                numbers = [float(one) for one in value if isinstance(one, int | float)]
                self.arrays += [numbers] if numbers else []
                for one in value:
                    self._take(one)

    def _take(self, value: Any) -> None:
        if hasattr(value, "ListFields"):
            self.read(value)
        elif isinstance(value, bytes):
            self._table(value)
        elif isinstance(value, str):
            self.texts.append(value)
            if value[:1] in "{[":
                try:
                    self._walk(json.loads(value))
                except ValueError:
                    return

    def _table(self, value: bytes) -> None:
        try:
            table = pa.ipc.open_stream(value).read_all()
        except pa.ArrowInvalid:
            self.texts.append(value.decode("utf-8", "replace"))
            return
        for column in table.columns:
            self._walk(column.to_pylist())

    def _walk(self, value: Any) -> None:
        if isinstance(value, dict) and "bdata" not in value:
            for one in value.values():
                self._walk(one)
            return
        found = values_of(value)
        numbers = [float(one) for one in found if isinstance(one, int | float) and not isinstance(one, bool)]
        self.arrays += [numbers] if numbers else []
        for one in found:
            if isinstance(one, str):
                self.texts.append(one)
            elif isinstance(one, dict):
                self._walk(one)

    @property
    def windows(self) -> Windows:
        return {window for numbers in self.arrays for window in windows_of(numbers)}

    def words(self) -> set[str]:
        """Return every number in a text, as it is written."""
        return {word for text in self.texts for word in re.findall(r"\d[\d,]*(?:\.\d+)?", text)}


def windows_of(numbers: Iterable[float]) -> Iterator[tuple[float, ...]]:
    given = list(numbers)
    for start in range(len(given) - RUN + 1):
        yield tuple(given[start : start + RUN])


@pytest.fixture(scope="module")
def sent() -> Iterator[Sent]:
    """The messages of eight pages, with every card open."""
    found = Sent()
    run = LocalScriptRunner.run

    def recorded(self: LocalScriptRunner, *given: Any, **more: Any) -> Any:
        tree = run(self, *given, **more)
        for message in self.forward_msgs():
            found.read(message)
        return tree

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(LocalScriptRunner, "run", recorded)
        opened = opener(demonstration_release(), patch)
        for page in PAGES:
            opened(page, every_card=True)
    yield found


def series(connection: duckdb.DuckDBPyConnection, counted: str, periods: str, rest: str) -> Windows:
    """Return all runs of the numbers of one thing, period by period."""
    rows = connection.execute(
        f"SELECT list(n ORDER BY period) FROM (SELECT {rest} AS rest, {periods} AS period, {counted} AS n "
        "FROM truth GROUP BY ALL) GROUP BY rest"
    ).fetchall()
    return {window for (numbers,) in rows for window in windows_of(map(float, numbers))}


@cache
def truth_and_published() -> tuple[Windows, Windows]:
    """Return runs of true numbers, by subject and category, and of the published ones."""
    truth: Windows = set()
    shown: Windows = set()
    frozen = home_at(demonstration_home()).frozen(is_synthetic=True)
    file = release_file(demonstration_release())
    with duckdb.connect() as connection:
        connection.execute(f"ATTACH '{copied(frozen)}' AS f (READ_ONLY)")
        connection.execute(f"ATTACH '{copied(file)}' AS r (READ_ONLY)")
        for code, subject in load_catalog().subjects.items():
            if subject.door != "person":
                continue
            columns = {row[0] for row in connection.execute(f"DESCRIBE f.{code}").fetchall()}
            connection.execute(f"CREATE OR REPLACE TEMP VIEW truth AS FROM f.{code}")
            for periods in ("year(period_start)", "date_trunc('quarter', period_start)", "period_start"):
                for rest in ("0", *(dim for dim in subject.dimensions if dim in columns)):
                    truth |= series(connection, "count(*)", periods, rest)
            undivided = " AND ".join(["area IS NULL", *(f"{dim} IS NULL" for dim in subject.dimensions)])
            rows = connection.execute(
                f"SELECT list(value ORDER BY period) FROM r.cell_{code} WHERE {undivided} "
                "GROUP BY period_level"
            ).fetchall()
            shown |= {window for (numbers,) in rows for window in windows_of(map(float, numbers))}
    # Small ones are places on a ring, heights and steps as well.
    large = {window for window in truth - shown if min(window) >= FEW and len(set(window)) > 2}
    return large, shown


def copied(path: Path) -> Path:
    """Copy a file: pages hold the release open with settings of their own."""
    copy = Path(tempfile.mkdtemp(prefix="ltt-travels-")) / path.name
    copy.write_bytes(path.read_bytes())
    return copy


def test_published_numbers_travel_and_no_true_ones(sent: Sent) -> None:
    truth, shown = truth_and_published()
    travelled = sent.windows
    assert len(travelled & shown) > 20, "else nothing was unpacked"
    assert len(truth) > 1_000
    assert not travelled & truth


def test_no_amount_of_an_organisation_travels(sent: Sent) -> None:
    """Spending and gifts of one organisation, and sums that the rule for organisations hides."""
    with warehouse.connect(warehouse.current(home_at(demonstration_home()))) as connection:
        rows = connection.execute(
            "SELECT measure, period, coalesce(service_type, award_purpose), organisation, sum(value) "
            "FROM mart.figure WHERE measure IN ('expenditure', 'private_funding') GROUP BY ALL"
        ).fetchall()
    assert {measure for measure, *_ in rows} <= KIND_OF.keys()
    alone = {round(amount) for *_, amount in rows if amount > MONEY}
    with duckdb.connect() as connection:
        connection.execute(f"ATTACH '{copied(release_file(demonstration_release()))}' AS r (READ_ONLY)")
        public = connection.execute(
            "SELECT value FROM r.observation UNION ALL SELECT amount FROM r.register_award"
        ).fetchall()
    values = [value for (value,) in public if value is not None]
    secret = alone - {round(value, places) for value in values for places in (0, -3)}  # as pages write them
    assert len(secret) > 100
    numbers = {round(one) for array in sent.arrays for one in array if abs(one) < 1e15}
    words = {int(word.replace(",", "").partition(".")[0] or 0) for word in sent.words() if len(word) < 15}
    assert len((numbers | words) & {round(value) for (value,) in public if value and value > MONEY}) > 20
    assert not sorted((numbers | words) & secret)
