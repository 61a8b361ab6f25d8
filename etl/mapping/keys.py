"""Reads a mapping TOML key by key, so that every error names the file, the key and what is allowed."""

import tomllib
from collections.abc import Collection
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from etl.errors import EtlError

CHECK = "Correct the mapping, then run: python -m etl check FILE --source {source} --mapping {file}"
_KINDS = {
    str: "a text in quotes",
    bool: "true or false",
    int: "a whole number",
    list: "a list",
    dict: "a table",
}


def nearest(word: str, allowed: Collection[str]) -> str:
    """Return `` Did you mean '…'?`` for the nearest allowed word, or nothing."""
    by_small_letters = {item.casefold(): item for item in allowed}
    small = word.casefold()
    near = [item for item in by_small_letters if len(small) > 2 and item.startswith(small)]
    near = near or get_close_matches(small, list(by_small_letters), n=1, cutoff=0.5)
    return f" Did you mean '{by_small_letters[near[0]]}'?" if near else ""


class Keys:
    """One table of a mapping file.

    Parameters
    ----------
    file
        Name of the file, for messages.
    values
        The parsed table.
    place
        Where it is, such as ``table[1].columns.``; empty for the top.
    source
        The source that reads with it, for the next step.
    """

    def __init__(self, file: str, values: dict[str, Any], place: str = "", source: str = "own") -> None:
        self.file, self.values, self.place, self.source = file, values, place, source
        self._taken: set[str] = set()

    def fail(self, key: str, came: str, allowed: str, hint: str = "") -> EtlError:
        """Return the error for a key, to be raised by the caller."""
        return EtlError(
            f"{self.file}: '{self.place}{key}' is {came}; allowed: {allowed}.{hint}",
            CHECK.format(file=self.file, source=self.source),
        )

    def take(self, key: str, kind: type, default: Any = ...) -> Any:
        """Return the value of a key after checking its type."""
        self._taken.add(key)
        if key not in self.values:
            if default is ...:
                raise self.fail(key, "missing", _KINDS[kind])
            return default
        value = self.values[key]
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            raise self.fail(key, f"of the wrong type ({type(value).__name__})", _KINDS[kind])
        return value

    def text(self, key: str, default: Any = ..., allowed: Collection[str] = ()) -> str:
        """Return a text, optionally one of a few."""
        value: str = self.take(key, str, default)
        if allowed and key in self.values and value not in allowed:
            raise self.fail(key, f"'{value}'", ", ".join(sorted(allowed)), nearest(value, allowed))
        return value

    def texts(self, key: str, default: Any = ...) -> tuple[str, ...]:
        """Return one text or a list of texts as a tuple."""
        self._taken.add(key)
        value = self.values.get(key, default)
        if value is ...:
            raise self.fail(key, "missing", "a text or a list of texts")
        if isinstance(value, str):
            return (value,)
        if not isinstance(value, list | tuple) or any(not isinstance(item, str) for item in value):
            raise self.fail(key, f"of the wrong type ({type(value).__name__})", "a text or a list of texts")
        return tuple(value)

    def inside(self, key: str, default: Any = ...) -> "Keys":
        """Return a table below this one."""
        return Keys(self.file, self.take(key, dict, default), f"{self.place}{key}.", self.source)

    def each(self, key: str) -> list["Keys"]:
        """Return the tables headed ``[[key]]``."""
        found = self.take(key, list, [])
        if any(not isinstance(item, dict) for item in found):
            raise self.fail(key, "not a list of tables", f"tables headed [[{key}]]")
        return [
            Keys(self.file, item, f"{self.place}{key}[{n}].", self.source)
            for n, item in enumerate(found, start=1)
        ]

    def finish(self) -> None:
        """Refuse keys that nobody asked for: most are spelling mistakes."""
        for key in self.values:
            if key not in self._taken:
                known = ", ".join(sorted(self._taken))
                raise self.fail(key, "not a known key", known, nearest(key, self._taken))


def read_mapping(path: Path) -> Keys:
    """Parse a mapping file.

    Raises
    ------
    EtlError
        Missing, not text, or not TOML.
    """
    try:
        values = tomllib.loads(path.read_text("utf-8-sig"))
    except FileNotFoundError:
        raise EtlError(
            f"{path.name}: there is no such mapping file.",
            "Write one: see 'Your own spreadsheet' in docs/adding.md",
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise EtlError(
            f"{path.name}: the mapping cannot be read ({type(error).__name__}).", "Save it as UTF-8 text."
        ) from None
    except tomllib.TOMLDecodeError as error:
        raise EtlError(
            f"{path.name}: the mapping is not valid TOML: {error}.",
            CHECK.format(file=path.name, source="own"),
        ) from None
    return Keys(path.name, values)
