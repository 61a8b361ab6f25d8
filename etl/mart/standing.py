"""What of the mart stays as it is when a load makes the rest anew: what is empty and would be empty again.

Few homes fill every table, and to make two hundred empty ones took longer than the rows of most loads. A file
of ``etl/mart/sql`` need not run again when the same program made the mart before (`fingerprint`), its tables
are empty, and so is every table of the stage that it reads. Whatever holds a row is made anew.
"""

import functools
import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

#: What rows are joined to. By themselves they put no row into the tables of another file.
LOOKUPS = frozenset(
    {"stage.load", "stage.load_table", "stage.source", "stage.code", "mart.area", "mart.area_population"}
)
#: Made anew and filled by many files: says nothing of one of them.
SHARED = "mart.figure"
_COMMENT = re.compile(r"--[^\n]*")
_NAME = re.compile(r"\b(?:stage|core|mart)\.\w+")
_ROWS = re.compile(r"\b(?:CREATE\s+(?:OR\s+REPLACE\s+)?TABLE|INSERT\s+INTO)\s+((?:core|mart)\.\w+)")
_MADE = re.compile(
    r"\bCREATE\s+(?:OR\s+REPLACE\s+)?(?:TABLE|VIEW|MACRO)\s+((?:core|mart)\.\w+)|"
    r"\bINSERT\s+INTO\s+((?:core|mart)\.\w+)"
)


@dataclass(frozen=True)
class Step:
    """What a file of SQL names: all of it, what it makes, and the tables that it puts rows into."""

    named: frozenset[str]
    made: frozenset[str]
    filled: frozenset[str]

    @classmethod
    def read(cls, path: Path) -> "Step":
        """Read a file of SQL."""
        text = _COMMENT.sub("", path.read_text("utf-8"))
        made = frozenset(one or other for one, other in _MADE.findall(text))
        return cls(frozenset(_NAME.findall(text)), made, frozenset(_ROWS.findall(text)))


def fingerprint(texts: Iterable[str]) -> str:
    """Return a hash of everything that a mart is made by."""
    digest = hashlib.sha256(duckdb.__version__.encode())
    for text in texts:
        digest.update(text.encode() + b"\0")
    return digest.hexdigest()


def made_by(connection: duckdb.DuckDBPyConnection) -> str:
    """Return the fingerprint of what made the mart that is there; empty where none is known."""
    try:
        rows = connection.execute("SELECT fingerprint FROM meta.made").fetchall()
    except duckdb.CatalogException:  # a new file, or one of an earlier version
        return ""
    return str(rows[0][0]) if rows else ""


def write_made_by(connection: duckdb.DuckDBPyConnection, made: str) -> None:
    """Write down what made the mart, once it is whole."""
    connection.execute("DELETE FROM meta.made")
    connection.execute("INSERT INTO meta.made VALUES (?)", [made])


def that_stay(connection: duckdb.DuckDBPyConnection, files: Sequence[Path]) -> dict[Path, frozenset[str]]:
    """Return the files that need not run again, each with the tables and views of it that stay.

    Only for a mart that the same program made. A file that defines views and macros alone always stays.
    """
    steps = _steps(tuple(files))
    asked = {
        path: (step.filled - {SHARED}) | inputs(path, steps) for path, step in steps.items() if step.filled
    }
    # In one question: a question for each of some hundred tables took three times as long.
    each = (f"(SELECT '{name}' FROM {name} LIMIT 1)" for name in sorted(set().union(*asked.values())))
    full = {name for (name,) in connection.execute(" UNION ALL ".join(each)).fetchall()}
    stays = {path for path in steps if not asked.get(path, set()) & full}
    filled_anew = frozenset[str]().union(*(step.filled for path, step in steps.items() if path not in stays))
    # A table that one file makes and another makes over: both run, or neither does.
    return {path: steps[path].made for path in stays if not (steps[path].filled - {SHARED}) & filled_anew}


@functools.cache
def _steps(files: tuple[Path, ...]) -> dict[Path, Step]:
    return {path: Step.read(path) for path in files}


def inputs(path: Path, steps: Mapping[Path, Step]) -> set[str]:
    """Return the tables of the stage that the rows of a file come from, through whatever other files make."""
    found: set[str] = set()
    waiting, reached = [path], {path}
    while waiting:
        named = steps[waiting.pop()].named - LOOKUPS - {SHARED}
        found |= {name for name in named if name.startswith("stage.")}
        new = [other for other, step in steps.items() if other not in reached and step.made & named]
        reached.update(new)
        waiting += new
    return found
