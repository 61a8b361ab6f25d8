"""What a hub's folder remembers: that it is one, and which releases it was last made of."""

import json
from dataclasses import dataclass
from pathlib import Path

from etl.config import Home
from etl.errors import EtlError
from etl.release.publishing.archive import write_public

FILE = "hub.json"


@dataclass(frozen=True)
class Memory:
    """Folders as they were given, in order, and the place that the figures are of."""

    folders: tuple[str, ...] = ()
    place: str = ""


def recall(home: Home) -> Memory | None:
    """Return what a hub's folder remembers; None for a folder that is no hub's.

    A file that cannot be read makes it a hub's all the same: nothing may be loaded there.
    """
    path = home.root / FILE
    if not path.exists():
        return None
    try:
        said = json.loads(path.read_text("utf-8"))
        return Memory(tuple(str(folder) for folder in said["releases"]), str(said["place"]))
    except (OSError, ValueError, KeyError, TypeError):
        return Memory()


def remember(home: Home, folders: list[Path], place: str) -> None:
    """Write down what the hub is made of, so that its next run needs no arguments."""
    home.root.mkdir(parents=True, exist_ok=True)
    write_public(home.root / FILE, {"releases": [str(folder) for folder in folders], "place": place})


def refuse_hub(home: Home, command: str) -> None:
    """Refuse a command that needs records in a folder that has none and never will.

    Raises
    ------
    EtlError
        With what makes a new release there.
    """
    if recall(home) is not None:
        raise EtlError(
            f"{home.root} is a hub: a release made of the releases of others. It has no records, no secret "
            f"and no frozen months, so there is nothing that '{command}' could work on.",
            f"Ask the task force whose figures they are; with its new release: python -m etl hub --out "
            f"{home.root}",
        )


def refuse_records(home: Home) -> None:
    """Refuse to make a hub where records are kept: its release would stand in the place of theirs.

    Raises
    ------
    EtlError
        Naming a folder of its own as the way.
    """
    if recall(home) is not None:
        return
    kept = [
        name for name in ("manifest.json", "secret", "frozen.duckdb") if (home.restricted / name).exists()
    ]
    if kept or any((home.root / "release").glob("*/manifest.json")):
        raise EtlError(
            f"{home.root} holds records or releases of a task force; a hub needs a folder of its own.",
            "python -m etl hub RELEASES… --place NAME --out NEW_FOLDER",
        )
