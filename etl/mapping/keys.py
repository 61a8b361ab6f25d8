"""Opens a mapping file, whose keys are then read by `analysis.catalog.table.Table`."""

from collections.abc import Collection
from pathlib import Path

from analysis.catalog.table import Table, read_toml
from etl.errors import EtlError

CHECK = "Correct the mapping, then run: python -m etl check FILE --source {source} --mapping {file}"


def read_mapping(path: Path | None, source: str = "own") -> Table:
    """Parse a mapping file; without one, return an empty table.

    Parameters
    ----------
    path
        The file, or None.
    source
        The source that reads with it, for the next step.

    Raises
    ------
    EtlError
        Missing, not text, or not TOML.
    """
    if path is None:
        return Table("", {})
    if not path.exists():
        raise EtlError(
            f"{path.name}: there is no such mapping file.",
            "Write one: see 'Your own spreadsheet' in docs/adding.md",
        )
    next_step = CHECK.format(file=path.name, source=source)
    return read_toml(path, path.name, lambda message: EtlError(message, next_step))


def stated_texts(path: Path | None, source: str, names: Collection[str]) -> dict[str, str]:
    """Return the texts that a mapping of a few optional keys states; any other key is refused."""
    mapping = read_mapping(path, source)
    stated = {name: mapping.text(name, "") for name in names}
    mapping.finish()
    return {name: text for name, text in stated.items() if text}
