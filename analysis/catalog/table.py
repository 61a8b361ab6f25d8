"""Reads one TOML file of the catalog, key by key, so that every error names the file and the key."""

import datetime
import re
import tomllib
from collections.abc import Collection
from pathlib import Path
from typing import Any

from analysis.errors import CatalogError, echo

CODE = re.compile(r"[a-z0-9][a-z0-9_]{0,79}")


class Table:
    """One table of a TOML file, whose keys are taken one after the other.

    Parameters
    ----------
    file
        Name of the file as messages show it, such as ``dimensions/form.toml``.
    values
        The parsed table.
    place
        Where in the file the table is, such as ``category[3].``; empty for the whole file.
    """

    def __init__(self, file: str, values: dict[str, Any], place: str = "") -> None:
        self.file, self.values, self.place = file, values, place
        self._taken: set[str] = set()

    def fail(self, key: str, came: str, allowed: str) -> CatalogError:
        """Return the error for one key, to be raised by the caller."""
        return CatalogError(
            f"data/catalog/{self.file}: '{self.place}{key}' is {came}; allowed: {allowed}.",
            "Correct the file, then run: python -m analysis catalog",
        )

    def _take(self, key: str, kind: type | tuple[type, ...], allowed: str, default: Any) -> Any:
        self._taken.add(key)
        if key not in self.values:
            if default is ...:
                raise self.fail(key, "missing", allowed)
            return default
        value = self.values[key]
        is_flag = isinstance(value, bool)
        if not isinstance(value, kind) or (is_flag and kind is not bool):
            raise self.fail(key, f"{echo(value)} ({type(value).__name__})", allowed)
        return value

    def text(self, key: str, default: Any = ..., allowed: Collection[str] = ()) -> str:
        """Return a text that is not blank, optionally one of a few."""
        words = "one of " + ", ".join(sorted(allowed)) if allowed else "a text that is not blank"
        value: str = self._take(key, str, words, default)
        if key in self.values and (not value.strip() or (allowed and value not in allowed)):
            raise self.fail(key, echo(value), words)
        return value

    def code(self, key: str, default: Any = ...) -> str:
        """Return a code: lower-case letters, digits and underscores."""
        value = self.text(key, default)
        if value and not CODE.fullmatch(value):
            raise self.fail(key, echo(value), "lower-case letters, digits and underscores")
        return value

    def flag(self, key: str, default: Any = ...) -> bool:
        """Return true or false."""
        return bool(self._take(key, bool, "true or false", default))

    def whole(self, key: str, default: Any = ...) -> int:
        """Return a whole number."""
        return int(self._take(key, int, "a whole number", default))

    def number(self, key: str, default: Any = ...) -> float:
        """Return a number."""
        return float(self._take(key, (int, float), "a number", default))

    def day(self, key: str) -> datetime.date:
        """Return a date."""
        value: datetime.date = self._take(key, datetime.date, "a date such as 2026-01-31", ...)
        return value

    def codes(self, key: str, default: Any = ...) -> tuple[str, ...]:
        """Return a list of different texts."""
        value = self._take(key, list, "a list of codes", default)
        if any(not isinstance(item, str) or not item.strip() for item in value):
            raise self.fail(key, echo(value), "a list of texts in quotes")
        if len(set(value)) != len(value):
            raise self.fail(key, echo(value), "a list in which nothing appears twice")
        return tuple(value)

    def tables(self, key: str) -> list["Table"]:
        """Return a list of tables, ``[[key]]`` in the file."""
        value = self._take(key, list, f"tables headed [[{key}]]", [])
        if any(not isinstance(item, dict) for item in value):
            raise self.fail(key, echo(value), f"tables headed [[{key}]]")
        return [Table(self.file, item, f"{self.place}{key}[{n}].") for n, item in enumerate(value, start=1)]

    def table(self, key: str, default: Any = ...) -> "Table":
        """Return one table, ``[key]`` in the file."""
        value = self._take(key, dict, f"a table headed [{key}]", default)
        return Table(self.file, value, f"{self.place}{key}.")

    def accept(self, keys: Collection[str]) -> None:
        """Let these keys pass unread."""
        self._taken.update(keys)

    def finish(self) -> None:
        """Refuse keys that nobody asked for: most are spelling mistakes."""
        unknown = sorted(set(self.values) - self._taken)
        if unknown:
            raise self.fail(unknown[0], "not a known key", ", ".join(sorted(self._taken)))


def read_table(folder: Path, file: str) -> Table:
    """Parse one catalog file.

    Parameters
    ----------
    folder
        The catalog folder.
    file
        Path below it, with ``/``.

    Raises
    ------
    CatalogError
        When the file is missing, unreadable or not TOML.
    """
    try:
        values = tomllib.loads((folder / file).read_bytes().decode("utf-8-sig"))
    except FileNotFoundError:
        raise CatalogError(
            f"data/catalog/{file} is missing.", "Restore it from the project's repository."
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise CatalogError(f"data/catalog/{file} cannot be read: {type(error).__name__}.") from None
    except tomllib.TOMLDecodeError as error:
        raise CatalogError(f"data/catalog/{file} is not valid TOML: {error}.") from None
    return Table(file, values)


def known_codes(table: Table, key: str, known: Collection[str]) -> tuple[str, ...]:
    """Return the codes under a key that may be left out, each of which must be known.

    Raises
    ------
    CatalogError
        Naming the file, the key, the first unknown code and those there are.
    """
    codes = table.codes(key, [])
    for code in codes:
        if code not in known:
            raise table.fail(key, echo(code), ", ".join(known) or "nothing: none is defined")
    return codes
