"""Changes ``deployment.toml`` key by key: whatever else the file says stays as it is, comments too."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from etl.config import DEPLOYMENT, read_deployment
from etl.drafting.writing import quoted
from etl.errors import EtlError

#: The one key whose values are tables: ``[[fiscal_year]]`` with name and first month.
YEARS = "fiscal_year"
_NEW = DEPLOYMENT + ".new"
_BEGINS_YEAR = re.compile(r"\s*\[\[\s*fiscal_year\s*\]\]")


class _Said(NamedTuple):
    """One ``key = value`` of the file, which may go over several lines: ``lines[first:behind]``."""

    key: str
    first: int
    behind: int


def write(folder: Path, values: Mapping[str, Any]) -> None:
    """Put values in the file of a folder, which is made where there is none; all or nothing.

    Parameters
    ----------
    folder
        Of the deployment.
    values
        By key; an empty one takes the key out. Of `YEARS` a list of tables.

    Raises
    ------
    EtlError
        When the file would not hold what it should: nothing has changed then.
    """
    path, aside = folder / DEPLOYMENT, folder / _NEW
    before = path.read_text("utf-8-sig") if path.exists() else ""
    after = changed(before, values)
    said = tomllib.loads(before)
    wanted = {**said, **values}
    if tomllib.loads(after) != {key: value for key, value in wanted.items() if value or key not in values}:
        raise EtlError(
            f"{path}: it is written in a way that this command cannot change without losing something.",
            f"Change {', '.join(values)} in a text editor. See docs/adding.md for an example.",
        )
    aside.write_text(after, "utf-8")
    try:
        read_deployment(folder, _NEW)
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)


def changed(text: str, values: Mapping[str, Any]) -> str:
    """Return the text of the file with other values.

    Examples
    --------
    >>> changed('# Ours\\nplace = "A"\\nareas = [\\n  "12",\\n]\\n', {"place": "B", "areas": []})
    '# Ours\\nplace = "B"\\n'
    >>> print(changed("", {"place": "A", "fiscal_year": [{"name": "School year", "first_month": 9}]}))
    place = "A"
    <BLANKLINE>
    [[fiscal_year]]
    name = "School year"
    first_month = 9
    <BLANKLINE>
    """
    lines = text.splitlines()
    for key, value in values.items():
        lines = _with_years(lines, value) if key == YEARS else _with_key(lines, key, value)
    return "\n".join(lines).strip("\n") + "\n"


def _with_key(lines: list[str], key: str, value: Any) -> list[str]:
    said = _said(lines)
    line = [f"{key} = {_value(value)}"] if value else []
    for one in said:
        if one.key == key:
            return [*lines[: one.first], *line, *lines[one.behind :]]
    comments = next((at for at, text in enumerate(lines) if not text.startswith("#")), len(lines))
    behind = said[-1].behind if said else comments
    return [*lines[:behind], *line, *lines[behind:]]


def _with_years(lines: list[str], years: Sequence[Mapping[str, Any]]) -> list[str]:
    kept = list(lines)
    while (first := next((at for at, text in enumerate(kept) if _BEGINS_YEAR.match(text)), None)) is not None:
        rest = kept[first + 1 :]
        said = _said(rest)
        kept = [*kept[:first], *rest[said[-1].behind if said else 0 :]]
    blocks = [line for year in years for line in ("", f"[[{YEARS}]]", *_lines(year))]
    return [*"\n".join(kept).rstrip().splitlines(), *blocks]


def _lines(table: Mapping[str, Any]) -> list[str]:
    return [f"{key} = {_value(value)}" for key, value in table.items()]


def _said(lines: Sequence[str]) -> list[_Said]:
    """Return what stands in a text before its next table, in its order."""
    found: list[_Said] = []
    first = 0
    while first < len(lines) and not lines[first].lstrip().startswith("["):
        behind = first + 1
        if lines[first].strip() and not lines[first].lstrip().startswith("#"):
            while not _is_whole(lines[first:behind]):
                behind += 1
            found.append(_Said(next(iter(tomllib.loads("\n".join(lines[first:behind])))), first, behind))
        first = behind
    return found


def _is_whole(lines: Sequence[str]) -> bool:
    try:
        tomllib.loads("\n".join(lines))
    except tomllib.TOMLDecodeError:
        return False
    return True


def _value(value: Any) -> str:
    match value:
        case str():
            return quoted(value)
        case date():
            return value.isoformat()
        case list() | tuple():
            return "[" + ", ".join(map(_value, value)) + "]"
    return str(value)
