"""Made-up rows of one table, checked by their contract or sent as a sheet; and the demonstration's rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from etl.contracts.batch import Batch
from etl.contracts.check import check
from etl.contracts.tables import contract
from etl.demonstration import Facts, generate
from etl.lines import LINE
from tests.etl.made_home import CommandLine, Ran

AS_OF = date(2025, 12, 31)
FIRST_LINE = 2  # the first row below the headings
MAPPING = """\
{period}
[source]
id = "{source}"
label = "{source}"
collection = "{collection}"
geography = "riverland"
{resolution}
[[table]]
name = "{table}"
[table.columns]
{columns}
"""
Row = Mapping[str, Any]
Sheets = dict[str, pl.DataFrame]
Became = dict[int, list[tuple[Any, ...]]]  # rows of the mart by the row of the sheet they come from


def refused(
    table: str, *rows: Row, known: Mapping[str, pl.DataFrame] | None = None
) -> list[tuple[int, str, str]]:
    """Check rows; return line, rule and column of each refusal. No row may be lost, and no value told."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    kinds = {
        name: pl.List(pl.String) if contract(table).column(name).kind == "codes" else pl.String
        for name in names
    }
    frame = pl.DataFrame([{name: row.get(name) for name in names} for row in rows], schema=kinds)
    lines = pl.int_range(FIRST_LINE, FIRST_LINE + len(rows), dtype=pl.Int64, eager=True)
    checked = check(Batch.of(table, frame.with_columns(lines.alias(LINE))), AS_OF, known=known)
    assert checked.accepted.height + checked.rejected["line"].n_unique() == len(rows)
    assert checked.rejected.columns == ["table_name", "line", "rule", "column_name"], "no value is kept"
    assert set(checked.rejected["table_name"]) <= {table}
    return checked.rejected.drop("table_name").rows()


@dataclass
class Office:
    """A task force's office: sends sheets, headed by the names of the contract, and asks the warehouse."""

    run: CommandLine
    folder: Path

    def send(self, table: str, header: str, rows: Sequence[str], **options: str) -> None:
        """Load a sheet that must be taken; the options are those of `sheet`."""
        done = self.offer(table, header, rows, **options)
        assert done.code == 0, done.out + done.err

    def offer(self, table: str, header: str, rows: Sequence[str], **options: str) -> Ran:
        """Load a sheet that may be refused."""
        return self.run.load(self.sheet(table, header, rows, **options), "--as-of", AS_OF.isoformat())

    def sheet(
        self,
        table: str,
        header: str,
        rows: Sequence[str],
        *,
        months: str = "2025-01..2025-12",
        source: str = "office",
        resolution: str = "",
    ) -> tuple[Path, Path]:
        """Write a sheet and its mapping; lists are divided by semicolons, unknown columns are not mapped.

        Tables about persons belong to one register; each other table is a collection of its own.
        """
        known, number = contract(table), len(list(self.folder.iterdir()))
        data, mapping = (self.folder / f"{table}_{number}.{ending}" for ending in ("csv", "toml"))
        data.write_text("\n".join([header, *rows]) + "\n", "utf-8")
        columns = [
            f'{name} = {{ column = "{name}", split = ";" }}'
            if known.column(name).is_list
            else f'{name} = "{name}"'
            for name in header.split(",")
            if name in known.names
        ]
        text = MAPPING.format(
            period=f'period = "{months}"' if known.is_dated else "",
            source=source if known.personal else f"{source}_{table}",
            collection="register" if known.personal else f"{source}_{table}",
            resolution=f'period_resolution = "{resolution}"' if resolution else "",
            table=table,
            columns="\n".join(columns),
        )
        mapping.write_text(text, "utf-8")
        return data, mapping

    def query(self, text: str) -> list[tuple[Any, ...]]:
        """Ask the warehouse."""
        return self.run.query(text)

    def by_line(self, table: str, key: str, columns: str, mart: str = "") -> Became:
        """Return what the mart made of each row of the one sheet of a table: rows by number, from 0."""
        found: Became = {}
        for line, *values in self.query(
            f"SELECT line, {columns} FROM mart.{mart or table} "
            f"JOIN (SELECT line, {key} FROM stage.{table}) USING ({key}) ORDER BY ALL"
        ):
            found.setdefault(line - FIRST_LINE, []).append(tuple(values))
        return found


def sheets(facts: Facts, *tables: str, persons: int | None = None, as_of: date | None = None) -> Sheets:
    """Return the rows of some tables of the demonstration, of all its contributors."""
    batches = [part for file in generate(facts["seed"], persons, as_of, facts) for part in file.batches]
    return {
        table: pl.concat([part.frame for part in batches if part.table == table], how="diagonal")
        for table in tables
    }


def expect_planted(truth: Mapping[str, float], planted: float, without: float) -> None:
    """Expect a planted number where it was planted, and not where it was left out: nothing else makes it."""
    assert planted == pytest.approx(truth["value"], abs=truth["tolerance"])
    assert abs(without - truth["value"]) > truth["tolerance"], "found although it was not planted"
