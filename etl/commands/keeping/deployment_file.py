"""Changes ``deployment.toml`` key by key: whatever else the file says stays as it is, comments too."""

import codecs
import re
import shutil
import tomllib
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from etl.config import DEPLOYMENT, read_deployment
from etl.drafting.writing.lines import quoted
from etl.errors import EtlError

#: The one key whose values are tables: ``[[fiscal_year]]`` with name and first month, in any order.
YEARS = "fiscal_year"
_NEW = DEPLOYMENT + ".new"
_BEGINS_YEAR = re.compile(r"""\s*\[\[\s*(["']?)fiscal_year\1\s*\]\]""")
#: Texts and comments as wholes, and the signs that tell where a value ends.
_PIECE = re.compile(
    r'"""(?:\\.|[^\\])*?"""(?!")'
    r"|'''.*?'''(?!')"
    r'|"(?:\\.|[^"\\\n])*"'
    r"|'[^'\n]*'"
    r"|#[^\n]*"
    r"|[\[\]{}\n]",
    re.DOTALL,
)


def write(folder: Path, values: Mapping[str, Any]) -> bool:
    """Put values in the file of a folder, which is made where there is none; all or nothing.

    Line breaks, the mode of the file and what is the same already stay as they are.

    Parameters
    ----------
    folder
        Of the deployment.
    values
        By key; an empty one takes the key out. Of `YEARS` a list of tables.

    Returns
    -------
    bool
        Whether the file says something else now.

    Raises
    ------
    EtlError
        When the file would not hold what it should: nothing has changed then.
    """
    path, aside = folder / DEPLOYMENT, folder / _NEW
    raw = path.read_bytes() if path.exists() else b""
    text = raw.decode("utf-8-sig")
    before = text.replace("\r\n", "\n")
    said = tomllib.loads(before)
    wanted = {key: value for key, value in {**said, **values}.items() if value or key not in values}
    other = [key for key in values if _one(said, key) != _one(wanted, key)]
    if not other:
        return False
    try:
        after = changed(before, {key: values[key] for key in other})
        found = tomllib.loads(after)
    except ValueError:
        found = {}
    if any(_one(found, key) != _one(wanted, key) for key in {**wanted, **found}):
        raise EtlError(
            f"{path}: it is written in a way that this command cannot change without losing something.",
            f"Change {', '.join(other)} in a text editor. See docs/adding.md for an example.",
        )
    encoding = "utf-8-sig" if raw.startswith(codecs.BOM_UTF8) else "utf-8"
    try:
        aside.write_text(after, encoding, newline="\r\n" if "\r\n" in text else "\n")
        read_deployment(folder, _NEW)
        if path.exists():
            shutil.copymode(path, aside)
        aside.replace(path.resolve())  # a link stays one
    finally:
        aside.unlink(missing_ok=True)
    return True


def _one(values: Mapping[str, Any], key: str) -> Any:
    """Return the value of a key; of years without their order, which says nothing."""
    value = values.get(key)
    return sorted(value, key=lambda year: str(year["name"])) if key == YEARS and value else value


def changed(text: str, values: Mapping[str, Any]) -> str:
    """Return the text of the file with other values.

    Examples
    --------
    >>> before = '# Ours\\nplace = "A"  # short\\nareas = [\\n  "12",\\n]\\n'
    >>> changed(before, {"place": "B", "areas": []})
    '# Ours\\nplace = "B"  # short\\n'
    >>> print(changed("", {"place": "A", "fiscal_year": [{"name": "School year", "first_month": 9}]}))
    place = "A"
    <BLANKLINE>
    [[fiscal_year]]
    name = "School year"
    first_month = 9
    <BLANKLINE>
    """
    lines = _lines_of(text)
    for key, value in values.items():
        lines = _with_years(lines, value) if key == YEARS else _with_key(lines, key, value)
    return "\n".join(lines).strip("\n") + "\n"


def _lines_of(text: str) -> list[str]:
    """Return the lines of a text; a value that goes over several is one of them."""
    found: list[str] = []
    first = depth = 0
    for piece in _PIECE.finditer(text):
        depth += (piece[0] in "[{") - (piece[0] in "]}")
        if piece[0] == "\n" and depth <= 0:
            found.append(text[first : piece.start()])
            first, depth = piece.end(), 0
    return [*found, text[first:]] if first < len(text) else found


def _keys(lines: Sequence[str]) -> dict[str, int]:
    """Return what is said before the next heading, each key with its line."""
    found: dict[str, int] = {}
    for at, line in enumerate(lines):
        if line.lstrip().startswith("["):
            break
        if line.strip() and not line.lstrip().startswith("#"):
            found |= dict.fromkeys(tomllib.loads(line), at)
    return found


def _with_key(lines: list[str], key: str, value: Any) -> list[str]:
    keys, line = _keys(lines), f"{key} = {_value(value)}"
    if key in keys:
        at = keys[key]
        return [*lines[:at], *(_in_place_of(lines[at], line) if value else []), *lines[at + 1 :]]
    comments = next((at for at, text in enumerate(lines) if not text.startswith("#")), len(lines))
    at = max(keys.values()) + 1 if keys else comments
    return [*lines[:at], *([line] if value else []), *lines[at:]]


def _in_place_of(old: str, new: str) -> list[str]:
    """Return a new line with the comments of the old one: those inside of a list go above it."""
    pieces = _PIECE.findall(old)
    behind = pieces.pop() if pieces and pieces[-1].startswith("#") else ""
    inside = [piece for piece in pieces if piece.startswith("#")]
    return [*inside, f"{new}  {behind}" if behind else new]


def _with_years(lines: list[str], years: Sequence[Mapping[str, Any]]) -> list[str]:
    left = {year["name"]: year for year in years}
    kept: list[str] = []
    last, at = None, 0
    lines = _with_key(lines, YEARS, [])  # a list of tables in one line
    while at < len(lines):
        if not _BEGINS_YEAR.match(lines[at]):
            kept.append(lines[at])
            at += 1
            continue
        keys = _keys(lines[at + 1 :])
        behind = at + 2 + max(keys.values(), default=-1)
        block = lines[at + 1 : behind]
        if year := left.pop(tomllib.loads("\n".join(block))["name"], None):
            kept += [lines[at], *_year(block, year)]
        last, at = len(kept), behind
    new = [line for year in left.values() for line in ("", f"[[{YEARS}]]", *_year([], year))]
    if last is None:
        return [*"\n".join(kept).rstrip("\n").split("\n"), *new]
    return [*kept[:last], *new, *kept[last:]]


def _year(block: list[str], year: Mapping[str, Any]) -> list[str]:
    """Return the lines of a year below its heading; those that say it already stay as they are."""
    said = tomllib.loads("\n".join(block))
    for key, value in year.items():
        block = block if said.get(key) == value else _with_key(block, key, value)
    return block


def _value(value: Any) -> str:
    match value:
        case str():
            return quoted(value)
        case date():
            return value.isoformat()
        case list() | tuple():
            return "[" + ", ".join(map(_value, value)) + "]"
    return str(value)
