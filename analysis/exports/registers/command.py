"""``python -m analysis register``: the registers of a release, and one of them as a data package."""

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any

from analysis.errors import LttError
from analysis.exports.formats.ending import OF_PACKAGES, format_of
from analysis.exports.registers.package import question_of, register_package
from analysis.exports.registers.table import register_table, registers
from analysis.release.access_log import record_exact
from analysis.release.catalog_of_release import catalog_for
from analysis.release.release_file import open_release


def add(
    commands: Any, address: Callable[[str], str], add_release: Callable[[argparse.ArgumentParser], None]
) -> None:
    """Add the command to those of `python -m analysis`.

    Parameters
    ----------
    commands
        Where it goes.
    address, add_release
        Reads the address of a page; adds the option that names a release.
    """
    command = commands.add_parser("register", help="a list of agreements, laws, actions … as a data package")
    command.add_argument("register", nargs="?", metavar="REGISTER", help="which (default: list them)")
    command.add_argument("--package", type=Path, metavar="FILE.zip", help="file to write")
    command.add_argument(
        "--link", type=address, default="", metavar="ADDRESS", help="page that lists it, named in the file"
    )
    add_release(command)
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> None:
    """List the registers of a release, or write one.

    Raises
    ------
    LttError
        If it is no register, nothing of it was loaded, or no file is named.
    """
    if options.package is not None:
        if options.register is None:
            raise LttError(
                "No register is named.",
                f"python -m analysis register REGISTER --package {options.package.name}; without --package "
                "the registers are listed.",
            )
        format_of(options.package, "zip", OF_PACKAGES)
    release = open_release(options.release)
    catalog = catalog_for(release)
    if options.register is None:
        for code, register in registers(catalog).items():
            try:
                rows = register_table(code, release, catalog)[1].frame.height
            except LttError:
                continue  # nothing of it was loaded
            print(f"  {code:16} {register.label} ({rows:,} rows)")
        return
    if options.package is None:
        raise LttError("No file is named.", f"Add --package {options.register}.zip")
    content, register, _ = register_package(options.register, release, catalog, options.link)
    record_exact(release, "file", options.package.name, content, question_of(register))
    options.package.write_bytes(content)
