"""Reads a TOML file key by key, so that every error names file, key, what came and what is allowed.

Everything that people write in TOML is read with it: the catalog, mappings, ``deployment.toml`` and laws.
Whose error it is and what to do next differs, so a reader says how to refuse (`Refuse`).
"""

import datetime
import re
import tomllib
from collections.abc import Callable, Collection
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from analysis.errors import CatalogError, echo

CODE = re.compile(r"[a-z0-9][a-z0-9_]{0,79}")
LARGEST_BYTES = 500_000
DEEPEST_KEY = 32
TOO_DEEP = f"it is nested too deeply; keys have at most {DEEPEST_KEY} parts."
#: Parts of a dotted key, one after the other; the look-behind keeps the search from starting inside a part.
_DEEP_KEY = re.compile(rf"(?<![\w-])(?:[\w-]++[\"']?\s*+\.\s*+[\"']?){{{DEEPEST_KEY}}}")
LARGEST_WHOLE = 2**63 - 1  # what TOML promises; Python reads more, and cannot always write it down again
_LONGEST_WHOLE = re.compile(r"\d(?:_?\d){999,}")
_TOO_LARGE = "9" * 20  # in place of one that Python does not even read
MISSPELT = 0.8  # how alike an unknown key must be to one that is missing

Refuse = Callable[[str], Exception]
"""Makes the error from its message, with the next step of the kind of file."""


def refuse_catalog(message: str) -> CatalogError:
    """Return the error for a file of the catalog."""
    return CatalogError(message, "Correct the file, then run: python -m analysis catalog")


def nearest(word: str, allowed: Collection[str]) -> str:
    """Return `` Did you mean '…'?`` for the nearest allowed word, or nothing."""
    by_small_letters = {item.casefold(): item for item in allowed}
    small = word.casefold()
    near = [item for item in by_small_letters if len(small) > 2 and item.startswith(small)]
    near = near or get_close_matches(small, list(by_small_letters), n=1, cutoff=0.5)
    return f" Did you mean '{by_small_letters[near[0]]}'?" if near else ""


class Table:
    """One table of a TOML file, whose keys are taken one after the other.

    Parameters
    ----------
    file
        Name of the file as messages show it, such as ``data/catalog/dimensions/form.toml``.
    values
        The parsed table.
    place
        Where in the file the table is, such as ``category[3].``; empty for the whole file.
    refuse
        Makes the error from a message.
    """

    def __init__(
        self, file: str, values: dict[str, Any], place: str = "", refuse: Refuse = refuse_catalog
    ) -> None:
        self.file, self.values, self.place, self.refuse = file, values, place, refuse
        self._taken: set[str] = set()

    def fail(self, key: str, came: str, allowed: str, hint: str = "") -> Exception:
        """Return the error for one key, to be raised by the caller."""
        return self.refuse(f"{self.file}: '{self.place}{key}' is {came}; allowed: {allowed}.{hint}")

    def not_allowed(self, key: str, value: str, allowed: Collection[str]) -> Exception:
        """Return the error for a value that is none of the allowed ones; the nearest is suggested."""
        words = ", ".join(allowed) or "nothing: none is defined"
        return self.fail(key, echo(value), words, nearest(value, allowed))

    def take(self, key: str, kind: type | tuple[type, ...], allowed: str, default: Any = ...) -> Any:
        """Return the value of a key after checking its type; without the key the default, if there is one."""
        self._taken.add(key)
        if key not in self.values:
            if default is ...:
                raise self.fail(key, "missing", allowed, self._misspelt(key))
            return default
        value = self.values[key]
        # True is a whole number to Python, and a time of day a date: neither is to a reader.
        is_other = isinstance(value, bool | datetime.datetime) and type(value) is not kind
        if not isinstance(value, kind) or is_other:
            raise self.fail(key, f"of the wrong type ({type(value).__name__} {echo(value)})", allowed)
        return value

    def _misspelt(self, key: str) -> str:
        near = get_close_matches(key, self.values.keys() - self._taken, n=1, cutoff=MISSPELT)
        return f" Is it '{near[0]}', misspelt?" if near else ""

    def text(self, key: str, default: Any = ..., allowed: Collection[str] = ()) -> str:
        """Return a text, optionally one of a few; it may be blank only where it is when it is left out."""
        words = f"one of {', '.join(allowed)}" if allowed else "a text in quotes"
        value: str = self.take(key, str, words, default)
        if key not in self.values:
            return value
        if not value.strip() and (default is ... or str(default).strip()):
            raise self.fail(key, echo(value), f"{words}, not blank")
        if allowed and value not in allowed:
            raise self.not_allowed(key, value, allowed)
        return value

    def code(self, key: str, default: Any = ...) -> str:
        """Return a code: small letters, digits and underscores."""
        value = self.text(key, default)
        if value and not CODE.fullmatch(value):
            raise self.fail(key, echo(value), "small letters, digits and underscores")
        return value

    def flag(self, key: str, default: Any = ...) -> bool:
        """Return true or false."""
        return bool(self.take(key, bool, "true or false", default))

    def whole(self, key: str, default: Any = ..., least: int | None = None, most: int | None = None) -> int:
        """Return a whole number, optionally inside a range (which the default need not be in)."""
        value = int(self.take(key, int, "a whole number", default))
        if key in self.values and least is not None and most is not None and not least <= value <= most:
            raise self.fail(key, str(value), f"{least} to {most}")
        return value

    def number(self, key: str, default: Any = ...) -> float:
        """Return a number."""
        return float(self.take(key, (int, float), "a number", default))

    def day(self, key: str, default: Any = ...) -> datetime.date:
        """Return a date."""
        value: datetime.date = self.take(
            key, datetime.date, "a date without quotes, such as 2026-01-31", default
        )
        return value

    def codes(self, key: str, default: Any = ..., allowed: Collection[str] | None = None) -> tuple[str, ...]:
        """Return a list of different texts, optionally each one of a few."""
        value = self.take(key, list, "a list of texts in quotes", default)
        if any(not isinstance(item, str) or not item.strip() for item in value):
            raise self.fail(key, echo(value), "a list of texts in quotes")
        if len(set(value)) != len(value):
            raise self.fail(key, echo(value), "a list in which nothing appears twice")
        unknown = [] if allowed is None else [item for item in value if item not in allowed]
        if unknown:
            raise self.not_allowed(key, unknown[0], allowed or ())
        return tuple(value)

    def texts(self, key: str, default: Any = ...) -> tuple[str, ...]:
        """Return one text or a list of texts as a tuple; they may repeat and be blank."""
        value = self.take(key, (str, list, tuple), "a text or a list of texts", default)
        items = (value,) if isinstance(value, str) else tuple(value)
        if any(not isinstance(item, str) for item in items):
            raise self.fail(key, f"of the wrong type ({echo(value)})", "a text or a list of texts")
        return items

    def tables(self, key: str) -> list["Table"]:
        """Return a list of tables, ``[[key]]`` in the file; empty without the key."""
        words = f"tables headed [[{key}]]"
        value = self.take(key, list, words, [])
        if any(not isinstance(item, dict) for item in value):
            raise self.fail(key, echo(value), words)
        return [
            Table(self.file, item, f"{self.place}{key}[{number}].", self.refuse)
            for number, item in enumerate(value, start=1)
        ]

    def table(self, key: str, default: Any = ...) -> "Table":
        """Return one table, ``[key]`` in the file."""
        value = self.take(key, dict, f"a table headed [{key}]", default)
        return Table(self.file, value, f"{self.place}{key}.", self.refuse)

    def accept(self, keys: Collection[str]) -> None:
        """Let these keys pass unread."""
        self._taken.update(keys)

    def finish(self) -> None:
        """Refuse keys that nobody asked for: most are spelling mistakes."""
        for key in self.values:
            if key not in self._taken:
                known = ", ".join(sorted(self._taken))
                raise self.fail(key, "not a known key", known, nearest(key, self._taken))


def read_toml(path: Path, shown: str, refuse: Refuse) -> Table:
    """Parse one file.

    Parameters
    ----------
    path
        The file, in UTF-8.
    shown
        Its name as messages show it.
    refuse
        Makes the error from a message: missing, no text, not TOML, and later for each key.
    """
    try:
        values = _parsed(_within_limits(path, shown, refuse))
    except FileNotFoundError:
        raise refuse(f"{shown} is missing.") from None
    except (OSError, UnicodeDecodeError) as error:
        raise refuse(f"{shown}: the file cannot be read ({type(error).__name__}): is it UTF-8?") from None
    except tomllib.TOMLDecodeError as error:
        raise refuse(f"{shown}: the file cannot be read, as it is not valid TOML: {error}.") from None
    except RecursionError:
        raise refuse(f"{shown}: {TOO_DEEP}") from None
    key = _key_of_too_large(values)
    if key:
        raise refuse(
            f"{shown}: '{key}' is a whole number too large to be one; allowed: at most {LARGEST_WHOLE:,} "
            "(a reference or a code is a text, in quotes)."
        )
    return Table(shown, values, refuse=refuse)


def _parsed(text: str) -> dict[str, Any]:
    """Return the values of a file; a number of thousands of digits, which is not read, as one too large."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        raise
    except ValueError:
        return tomllib.loads(_LONGEST_WHOLE.sub(_TOO_LARGE, text))


def _key_of_too_large(values: dict[str, Any]) -> str:
    """Return the key of the first whole number that is too large, such as ``table[1].pad``; else nothing."""
    waiting: list[tuple[str, Any]] = list(reversed(values.items()))
    while waiting:
        key, value = waiting.pop()
        if isinstance(value, dict):
            waiting += [(f"{key}.{name}", inner) for name, inner in reversed(value.items())]
        elif isinstance(value, list):
            waiting += [(f"{key}[{number}]", inner) for number, inner in enumerate(value, start=1)][::-1]
        elif isinstance(value, int) and abs(value) > LARGEST_WHOLE:
            return key
    return ""


def _within_limits(path: Path, shown: str, refuse: Refuse) -> str:
    """Return the text of a file that can be parsed in a moment: a few kilobytes of dots take a minute."""
    if path.stat().st_size > LARGEST_BYTES:
        raise refuse(
            f"{shown}: the file has {path.stat().st_size:,} bytes; at most {LARGEST_BYTES:,} are read. "
            "Is it data and not TOML?"
        )
    text = path.read_bytes().decode("utf-8-sig")
    if _DEEP_KEY.search(text):
        raise refuse(f"{shown}: {TOO_DEEP}")
    return text


def read_table(folder: Path, file: str) -> Table:
    """Parse one file of a catalog folder, named by its path below it, with ``/``.

    Raises
    ------
    CatalogError
        When the file is missing, unreadable or not TOML.
    """
    return read_toml(folder / file, f"data/catalog/{file}", refuse_catalog)
