"""The file of indexes beside a release file, ``release-<id>.index``: written once, mapped by readers.

Layout: a line that names the format, the length of the head, the head as JSON, and the columns one after the
other. The head says of which release it was made, by that file's hash, and holds a hash of the columns. A
file that is missing, damaged, of another release or another format is as good as none: whoever opens the
release makes the index from the release itself, and says so.
"""

import hashlib
import json
import mmap
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from analysis.release.index.cells import Address, CellIndex

SUFFIX = ".index"
MAGIC = b"release index 1\n"
_LENGTH = 8
_ALIGNED = 64


class IndexFaultError(Exception):
    """A file of indexes that cannot be used; the words say why, and begin with what it is."""


def beside(file: Path) -> Path:
    """Return where the indexes of a release file lie."""
    return file.with_suffix(SUFFIX)


def write(file: Path, release_sha256: str, indexes: Mapping[str, CellIndex]) -> None:
    """Write the indexes of a release, by subject; equal content gives equal bytes."""
    arrays: list[tuple[int, np.ndarray]] = []
    offset, subjects = 0, {}
    for code, index in indexes.items():
        places = {}
        for name, column in index.columns.items():
            packed = np.ascontiguousarray(column.astype(column.dtype.newbyteorder("<")))
            places[name] = [packed.dtype.str, offset, len(packed)]
            arrays.append((offset, packed))
            offset += -(-packed.nbytes // _ALIGNED) * _ALIGNED
        subjects[code] = {
            "dimensions": index.dimensions,
            "tables": [[*address, *rows] for address, rows in index.tables.items()],
            "texts": index.texts,
            "columns": places,
        }
    body = bytearray(offset)
    for at, packed in arrays:
        body[at : at + packed.nbytes] = packed.tobytes()
    head = json.dumps(
        {"release": release_sha256, "sha256": hashlib.sha256(body).hexdigest(), "subjects": subjects},
        ensure_ascii=False,
        separators=(",", ":"),
    ).encode()
    head += b" " * (-(len(MAGIC) + _LENGTH + len(head)) % _ALIGNED)
    with file.open("wb") as opened:
        opened.write(MAGIC + len(head).to_bytes(_LENGTH, "little") + head)
        opened.write(body)


def read(file: Path, release_sha256: str) -> Mapping[str, CellIndex]:
    """Return the indexes of a release by subject; their columns stay in the file.

    Raises
    ------
    IndexFaultError
        When there is no file that can be used.
    """
    try:
        with file.open("rb") as opened:
            if not opened.read(len(MAGIC)) == MAGIC:
                raise IndexFaultError(f"{file.name} is damaged or of another version.")
            length = int.from_bytes(opened.read(_LENGTH), "little")
            mapped = memoryview(mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ))
            opened.seek(len(MAGIC) + _LENGTH)
            head = json.loads(opened.read(min(length, len(mapped))))
            is_whole = hashlib.file_digest(opened, "sha256").hexdigest() == head["sha256"]
        if head["release"] != release_sha256:
            raise IndexFaultError(f"{file.name} was made of another release.")
        if not is_whole:
            raise IndexFaultError(f"{file.name} is damaged: its contents are not what it says itself.")
        body = mapped[len(MAGIC) + _LENGTH + length :]
        return {code: _index(values, body) for code, values in head["subjects"].items()}
    except FileNotFoundError:
        raise IndexFaultError(f"{file.name} is missing.") from None
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise IndexFaultError(f"{file.name} is damaged.") from None


def _index(values: dict[str, Any], body: memoryview) -> CellIndex:
    return CellIndex(
        tuple(values["dimensions"]),
        {
            Address(collection, period_level, area_level, tuple(dims)): (start, stop)
            for collection, period_level, area_level, dims, start, stop in values["tables"]
        },
        {listed: tuple(texts) for listed, texts in values["texts"].items()},
        {
            name: np.frombuffer(body, dtype=np.dtype(kind), count=count, offset=offset)
            for name, (kind, offset, count) in values["columns"].items()
        },
    )
