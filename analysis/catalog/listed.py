"""The files that belong to the catalog of this version, by name and hash (``files.sha256``).

A file that is gone takes a measure, a code list or a source with it, and nothing else would say so. A file
that was changed, or came, is the deployment's own doing and is only told.
"""

import hashlib
from collections.abc import Mapping
from pathlib import Path

from analysis.errors import CatalogError

LIST = "files.sha256"  # as sha256sum writes it: "make catalog-list"
RESTORE = "Bring it back: git checkout data/catalog, or unpack this version again."


def refuse_missing(folder: Path, *, needs_list: bool) -> None:
    """Refuse a catalog of which a file is gone.

    Parameters
    ----------
    folder
        The catalog folder.
    needs_list
        Whether the list itself has to be there: it is in the project's own catalog.

    Raises
    ------
    CatalogError
        Naming the first file that is missing.
    """
    listed = _listed(folder)
    if not listed and needs_list:
        raise CatalogError(f"data/catalog/{LIST} is missing: it names the files of the catalog.", RESTORE)
    for name in listed:
        if not (folder / name).is_file():
            raise CatalogError(f"data/catalog/{name} is missing: it belongs to this version.", RESTORE)


def changed(folder: Path) -> list[str]:
    """Return the files that are not as they came with this version: changed, or added; each with its word."""
    listed = _listed(folder)
    files = {path.relative_to(folder).as_posix(): path for path in sorted(folder.rglob("*.toml"))}
    return [
        f"data/catalog/{name} was {'changed' if name in listed else 'added'}"
        for name, path in files.items()
        if listed.get(name) != hashlib.sha256(path.read_bytes()).hexdigest()
    ]


def _listed(folder: Path) -> Mapping[str, str]:
    try:
        lines = (folder / LIST).read_text("utf-8").splitlines()
    except FileNotFoundError:
        return {}
    pairs = (line.split(maxsplit=1) for line in lines if line.strip())
    return {name.removeprefix("./"): digest for digest, name in pairs}
