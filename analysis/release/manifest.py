"""``manifest.json``: names the current release of a folder; replaced in one step at publication."""

import datetime
import json
from dataclasses import dataclass, fields
from pathlib import Path

from analysis.errors import ReleaseMissing, ReleaseTooNew

FORMAT = 1
MAKE_ONE = "Make one: python -m etl build (or python -m etl release)."


@dataclass(frozen=True)
class Manifest:
    """``manifest.json`` of a release folder; field names are its keys."""

    format: int
    file: str
    sha256: str
    profile: str
    release_id: str
    as_of: datetime.date
    place: str
    synthetic: bool
    catalog_sha256: str


def first_line(error: Exception) -> str:
    """Return the first line of an error, cut to what fits in a message."""
    return str(error).splitlines()[0].rstrip(".")[:200]


def read_manifest(folder: Path) -> Manifest:
    """Read and check ``manifest.json``.

    Raises
    ------
    ReleaseMissing
        When it is not there or is damaged.
    ReleaseTooNew
        When its format is newer than this version knows.
    """
    try:
        values = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ReleaseMissing(
            f"There is no release in {folder.name}: manifest.json is missing.", MAKE_ONE
        ) from None
    except (OSError, ValueError):
        raise ReleaseMissing(f"manifest.json in {folder.name} cannot be read.", MAKE_ONE) from None
    return manifest_of(values, f"manifest.json in {folder.name}")


def manifest_of(values: object, where: str) -> Manifest:
    """Return a manifest from what a file of it holds.

    Parameters
    ----------
    values
        As JSON gives them.
    where
        The file in words, for messages.

    Raises
    ------
    ReleaseMissing, ReleaseTooNew
        As `read_manifest`.
    """
    form = values.get("format") if isinstance(values, dict) else None
    if isinstance(form, int) and form > FORMAT:
        raise ReleaseTooNew(
            f"The release has format {form}; this version reads up to format {FORMAT}.",
            "Update the program: git pull, then make run.",
        )
    try:
        if not isinstance(values, dict):
            raise TypeError("it holds no keys")
        known = {field.name: values[field.name] for field in fields(Manifest)}
        if form != FORMAT or not isinstance(known["synthetic"], bool):
            raise ValueError("'format' or 'synthetic' has a wrong type")
        manifest = Manifest(**{**known, "as_of": datetime.date.fromisoformat(values["as_of"])})
    except (KeyError, TypeError, ValueError) as error:
        raise ReleaseMissing(f"{where} is damaged: {first_line(error)}.", MAKE_ONE) from None
    if Path(manifest.file).name != manifest.file or not manifest.file.endswith(".duckdb"):
        raise ReleaseMissing(f"{where} is damaged: 'file' is no release file.", MAKE_ONE)
    return manifest
