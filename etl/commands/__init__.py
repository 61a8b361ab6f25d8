"""The commands of ``python -m etl``, one module each.

A command module has ``add_arguments(parser)`` and ``run(arguments, progress) -> Outcome``. It is imported
only when its command is given, so that a word of help does not wait for geopandas.
"""

from dataclasses import dataclass, field
from typing import Any

COMMANDS = {
    "build": "build the demonstration region, or a folder of inputs, and make its public release",
    "load": "add a file or a folder of files to the warehouse (all or nothing)",
    "check": "validate a file or a folder of files; load nothing",
    "texts": "list texts of registers that wait to be confirmed before a release, and confirm them",
    "release": "turn the warehouse into a release of protected figures",
    "hub": "add the releases of several task forces up to one",
    "withdraw": "take a release out of pages, archive, feed and interfaces, at once and for good",
    "unfreeze": "open months again that closed by mistake and that no release ever held",
    "status": "what is loaded, from when, its hash and coverage, and the last release",
    "place": "say what your place is called, which areas you cover and whom to write to",
    "map": "draft the mapping of a spreadsheet, and check what it would load",
    "desk": "open the keeper's desk in a browser: from a sheet to a release, on this machine alone",
    "template": "write an empty workbook for a table, with every column and code explained",
    "rollback": "go back to the warehouse before the last change (the last five are kept)",
    "verify": "check that everything of a home is there and as it was written",
    "backup": "copy a home to an empty folder and check the copy",
    "restore": "bring back what backup copied",
    "return": "fill a funder's return with exact totals, in the restricted folder",
    "sample": "write a large made-up file of persons (for trials and measurements)",
}
#: Modules that stand in a folder of their own, or are called otherwise: ``return`` is a word of Python.
_MODULES = {
    **{command: f"keeping.{command}" for command in ("place", "rollback", "verify", "backup", "restore")},
    **{command: f"making.{command}" for command in ("template", "sample")},
    "return": "returns",
}
#: Commands that work on records or on what was frozen of them. A hub has none (`etl.hub`).
NEED_RECORDS = frozenset(
    ("build", "load", "check", "map", "texts", "release", "unfreeze", "rollback", "return")
)


def module_of(command: str) -> str:
    """Return the name of the module that a command is in."""
    return f"etl.commands.{_MODULES.get(command, command)}"


@dataclass
class Outcome:
    """What a command has done.

    Attributes
    ----------
    lines : list of str
        For a person, in plain words.
    values : dict
        The same for a script (``--json``).
    """

    lines: list[str] = field(default_factory=list)
    values: dict[str, Any] = field(default_factory=dict)
