"""``template``: an empty sheet for one table, with a second sheet that explains it."""

import argparse
from pathlib import Path

from etl import template_workbook as template
from etl.commands import Outcome
from etl.contracts.tables import table_names
from etl.progress import Progress


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of this command."""
    parser.add_argument("table", metavar="TABLE", help=f"one of: {', '.join(table_names())}")
    parser.add_argument(
        "--tally", action="store_true", help="a sheet of numbers of new records in place of records"
    )
    parser.add_argument("--out", metavar="FILE.xlsx", type=Path, help="where to (default: TABLE.xlsx here)")


def run(arguments: argparse.Namespace, progress: Progress) -> Outcome:
    """Write the workbook."""
    path = arguments.out or Path(f"{arguments.table}.xlsx")
    sheet, mapping = template.write(arguments.table, path, arguments.tally)
    return Outcome(
        [f"Wrote {sheet}, and the mapping that reads it: {mapping}."],
        {"table": arguments.table, "file": str(sheet), "mapping": str(mapping), "changed": True},
    )
