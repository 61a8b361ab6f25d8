"""One file to load, not read yet, and what makes it the same file."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from etl.errors import EtlError
from etl.incoming import Incoming
from etl.load.check import FileId
from etl.store.warehouse import sha256


@dataclass(frozen=True)
class Delivery:
    """One file to load, not read yet.

    Attributes
    ----------
    file : FileId
    reader : str
        Name of the source module.
    read : callable
        Reads the file; called once, and only when it is needed.
    """

    file: FileId
    reader: str
    read: Callable[[], Incoming]


def file_id(path: Path, mapping: Path | None = None) -> FileId:
    """Return what makes a file the same file: its bytes (of a folder: of all its files) and its mapping.

    Raises
    ------
    EtlError
        When the file or the mapping cannot be read.
    """
    try:
        return FileId(path.name, _hash(path), sha256(mapping) if mapping else "")
    except OSError as error:
        raise EtlError(
            f"{error.filename}: cannot be read ({error.strerror}).", "Check its rights."
        ) from error


def generated_id(name: str, recipe: str) -> FileId:
    """Return the identity of something that is generated, from what it is generated from."""
    return FileId(name, hashlib.sha256(recipe.encode("utf-8")).hexdigest())


def _hash(path: Path) -> str:
    if path.is_file():
        return sha256(path)
    parts: Sequence[Path] = sorted(part for part in path.rglob("*") if part.is_file())
    listed = "\n".join(f"{part.relative_to(path).as_posix()} {sha256(part)}" for part in parts)
    return hashlib.sha256(listed.encode("utf-8")).hexdigest()
