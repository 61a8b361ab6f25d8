"""Which texts the keeper has read and confirmed: kept as keyed hashes, so that the file tells no text.

One file of the restricted zone. A text is confirmed for whatever column it stands in, letter for letter.
"""

import hmac
import json
import os
from collections.abc import Collection, Iterable
from pathlib import Path

from etl.config import PRIVATE_FILE, Home
from etl.errors import EtlError

FILE = "confirmed-texts.json"
FORMAT = 1
LENGTH = 32  # hexadecimal digits of a hash that are kept


def mark_of(secret: bytes, text: str) -> str:
    """Return the keyed hash of a text.

    Parameters
    ----------
    secret
        The home's own (`etl.config.secret`).
    text
        Blanks around it do not matter; every other sign does.
    """
    return hmac.digest(secret, b"confirmed text|" + text.strip().encode(), "sha256").hex()[:LENGTH]


def read(home: Home) -> frozenset[str]:
    """Return the marks of confirmed texts.

    Raises
    ------
    EtlError
        When the file is there and cannot be read: texts that were out would silently be held back.
    """
    path = home.restricted / FILE
    try:
        values = json.loads(path.read_text("ascii"))
    except FileNotFoundError:
        return frozenset()
    except (OSError, ValueError) as error:
        raise _damaged(path) from error
    marks = values.get("confirmed") if isinstance(values, dict) and values.get("format") == FORMAT else None
    if not isinstance(marks, list) or not all(isinstance(mark, str) for mark in marks):
        raise _damaged(path)
    return frozenset(marks)


def _damaged(path: Path) -> EtlError:
    return EtlError(
        f"{path} is damaged: which texts were confirmed is not known.",
        "Restore it from your backup, or remove it and confirm again: python -m etl texts",
    )


def add(home: Home, secret: bytes, texts: Iterable[str]) -> int:
    """Remember texts as confirmed; return how many were not yet."""
    before = read(home)
    new = {mark_of(secret, text) for text in texts} - before
    if new:
        _write(home, before | new)
    return len(new)


def remove(home: Home, secret: bytes, texts: Iterable[str]) -> int:
    """Take confirmations back; return how many there were."""
    before = read(home)
    gone = before & {mark_of(secret, text) for text in texts}
    if gone:
        _write(home, before - gone)
    return len(gone)


def _write(home: Home, marks: Collection[str]) -> None:
    path = home.restricted / FILE
    aside = path.with_name(f"{FILE}.new")
    aside.unlink(missing_ok=True)
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE_FILE)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        json.dump({"format": FORMAT, "confirmed": sorted(marks)}, file, indent=0)
        file.flush()
        os.fsync(file.fileno())
    aside.replace(path)
