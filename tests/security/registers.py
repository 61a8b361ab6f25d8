"""A task force with registers of organisations, some of them confidential; and all that a release says."""

import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb
from openpyxl import Workbook

from tests.etl.made_home import CommandLine, Deliverer, command_line
from tests.etl.made_topics import AS_OF, Office
from tests.release.support import release_file

REGISTERS_OF_AN_OFFICE = """\
period = "2025-01..2025-12"
[source]
id = "office_registers"
label = "office_registers"
collection = "office_registers"
geography = "riverland"
"""
Cells = dict[str, list[dict[str, Any]]]


def copied(office: Office, folder: Path) -> Office:
    """Return an office with a home of its own that holds what another one holds."""
    home = shutil.copytree(office.run.home.root, folder / "home")
    return Office(command_line(home), office.folder)


def opened(folder: Path) -> Office:
    """Return an office with a home of its own and the areas of Riverland."""
    home, inputs = folder / "home", folder / "inputs"
    inputs.mkdir()
    run = command_line(home)
    assert run.load(Deliverer(inputs).areas()).code == 0
    return Office(run, inputs)


def send(office: Office, table: str, *rows: Mapping[str, str], source: str = "office") -> None:
    """Send rows of a table as one sheet."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    lines = [",".join(f'"{row.get(name, "")}"' for name in names) for row in rows]
    office.send(table, ",".join(names), lines, source=source)


def send_together(office: Office, rows: Mapping[str, Mapping[str, str]]) -> None:
    """Send one row of each of several tables: as the sheets of one workbook, which is one load."""
    workbook, path = Workbook(), office.folder / "registers.xlsx"
    workbook.remove(workbook.active)
    tables = []
    for table, row in rows.items():
        sheet = workbook.create_sheet(table)
        sheet.append(list(row))
        sheet.append(list(row.values()))
        columns = "\n".join(f'{name} = "{name}"' for name in row)
        tables.append(f'[[table]]\nname = "{table}"\nsheet = "{table}"\n[table.columns]\n{columns}\n')
    workbook.save(path)
    mapping = path.with_suffix(".toml")
    mapping.write_text(REGISTERS_OF_AN_OFFICE + "".join(tables), "utf-8")
    done = office.run.load((path, mapping), "--as-of", AS_OF.isoformat())
    assert done.code == 0, done.out + done.err


def publish_texts(run: CommandLine, columns: Sequence[str] = ("all",)) -> None:
    """Have the deployment name columns of words."""
    listed = ", ".join(f'"{name}"' for name in columns)
    (run.home.root / "deployment.toml").write_text(f"published_texts = [{listed}]\n", "utf-8")


def released(run: CommandLine, profile: str) -> Cells:
    """Make a release and return every row of its tables."""
    done = run("release", "--profile", profile)
    assert done.code == 0, done.err
    return rows_of(release_file(run.home.release(profile)))


def rows_of(file: Path) -> Cells:
    """Return every row of every table of a release."""
    # A copy: pages of other tests hold the release open with settings of their own.
    with (
        tempfile.TemporaryDirectory() as folder,
        duckdb.connect(shutil.copy(file, folder), read_only=True) as connection,
    ):
        names = [name for (name,) in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()]
        return {
            name: connection.sql(f"FROM {name}").to_arrow_table().to_pylist() if name != "area_shape" else []
            for name in names
        }


def texts_of(tables: Cells) -> Iterator[str]:
    """Return every text of a release."""
    for rows in tables.values():
        for row in rows:
            yield from (cell for cell in row.values() if isinstance(cell, str))


def referral_rows(receivers: Sequence[str], each: int = 40) -> list[dict[str, str]]:
    """Return referrals to organisations, enough of each to be shown."""
    return [
        {
            "referral_ref": f"F{place:03d}{number:03d}",
            "person_ref": f"P{place:03d}{number:03d}",
            "period": "2025-05",
            "area": "R11",
            "from_org_type": "police",
            "to_organisation": receiver,
            "decision": "accepted",
        }
        for place, receiver in enumerate(receivers)
        for number in range(each)
    ]


__all__ = [
    "AS_OF",
    "Cells",
    "copied",
    "opened",
    "publish_texts",
    "referral_rows",
    "released",
    "rows_of",
    "send",
    "send_together",
    "texts_of",
]
