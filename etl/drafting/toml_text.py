"""A mapping as the text of a file: read, written down again, and named after its contributor."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from typing import Any

from etl.drafting.source import code_of
from etl.drafting.writing.lines import quoted
from etl.errors import EtlError

#: Keys whose tables stand in one line: rules of columns, and how financial years are read.
_IN_ONE_LINE = ("columns",)
_ONE_LINE = ("fiscal_year",)
_BARE = re.compile(r"[A-Za-z0-9_-]+")
HEADING = "# Made on the keeper's desk. Every key is explained in docs/adding.md, 'Your own spreadsheet'."


def parsed(text: str, name: str = "The mapping") -> dict[str, Any]:
    """Return what a mapping says.

    Raises
    ------
    EtlError
        When it is not TOML.
    """
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError):
        # The parser's own words quote the file, and a word of a mapping may be one of a record.
        raise EtlError(f"{name} is not valid TOML.", "See docs/adding.md for an example.") from None


def written(values: Mapping[str, Any]) -> str:
    """Return a mapping as text.

    Examples
    --------
    >>> made = written({"source": {"id": "a"}, "table": [{"name": "tip", "columns": {"period": "When"}}]})
    >>> parsed(made) == {"source": {"id": "a"}, "table": [{"name": "tip", "columns": {"period": "When"}}]}
    True
    """
    lines = [HEADING, *_lines(values, ())]
    return "\n".join(lines).rstrip() + "\n"


def contributor(text: str) -> str:
    """Return the code of the contributor that a mapping names, as the name of a file; of none, "mapping"."""
    source = parsed(text).get("source")
    name = source.get("id") if isinstance(source, dict) else None
    return code_of(name) if isinstance(name, str) and name else "mapping"


def _lines(values: Mapping[str, Any], path: Sequence[str]) -> list[str]:
    flat, deep = [], []
    for name, value in values.items():
        is_rule = bool(path) and (path[-1] in _IN_ONE_LINE or name in _ONE_LINE)
        is_table = isinstance(value, dict) and not is_rule
        are_tables = isinstance(value, list) and bool(value) and all(isinstance(one, dict) for one in value)
        if is_table or (are_tables and not path):
            deep.append((name, value))
        else:
            flat.append(f"{_key(name)} = {_value(value)}")
    lines = flat
    for name, value in deep:
        below = (*path, name)
        heading = ".".join(map(_key, below))
        for one in value if isinstance(value, list) else [value]:
            begins = f"[[{heading}]]" if isinstance(value, list) else f"[{heading}]"
            lines += ["", begins, *_lines(one, below)]
    return lines


def _key(name: str) -> str:
    return name if _BARE.fullmatch(name) else quoted(name)


def _value(value: Any) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return quoted(value)
        case dict():
            return "{ " + ", ".join(f"{_key(name)} = {_value(one)}" for name, one in value.items()) + " }"
        case list() | tuple():
            return "[" + ", ".join(map(_value, value)) + "]"
        case _:
            return str(value)  # whole numbers, numbers, days
