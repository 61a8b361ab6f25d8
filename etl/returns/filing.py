"""Where a return is written, and that it was: below the restricted folder, or to a file that is handed over.

Everything is written aside and renamed, so that nothing half-written is ever there. The log says who made
which return when, never a number of it.
"""

import getpass
import json
import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from etl.config import PRIVATE_FILE, PRIVATE_FOLDER, PROJECT, Home
from etl.errors import EtlError, UsageError
from etl.returns.model import Return
from etl.returns.periods import Period
from etl.store.warehouse import flush
from etl.surroundings import cure, reason

LOG = "returns.log"
HAND_OVER = "To write a file for the funder elsewhere: --handed-over --out FILE.xlsx"


def folder_of(home: Home) -> Path:
    """Return the folder of returns; it need not be there."""
    return home.restricted / "returns"


def figures_path(home: Home, asked: Return, period: Period) -> Path:
    """Return where the numbers of a return are kept for the next one."""
    return folder_of(home) / f"{asked.code}-{period.code}.json"


def workbook_path(home: Home, asked: Return, period: Period, out: Path | None, handed_over: bool) -> Path:
    """Return where the workbook goes.

    Parameters
    ----------
    out
        What ``--out`` named; without it, a name of its own in the folder of returns.
    handed_over
        Whether the keeper said that it leaves the restricted zone.

    Raises
    ------
    UsageError
        A place that is not allowed, with what is.
    """
    folder = folder_of(home).resolve()
    if out is None:
        if handed_over:
            raise UsageError("--handed-over needs the file to write: --out FILE.xlsx", HAND_OVER)
        return folder / f"{asked.code}-{period.code}.xlsx"
    path = out.expanduser().resolve()
    if path.suffix.lower() != ".xlsx":
        raise UsageError(f"{out}: a return is a workbook; its name must end in .xlsx.", "--out FILE.xlsx")
    if path.is_relative_to(folder):
        return path
    published = _published(home, path)
    if published:
        raise UsageError(
            f"{path} lies in {published}, from which figures are published. A return never goes there, "
            "handed over or not.",
            f"Name another folder, or leave --out away: it is then written to {folder}",
        )
    if not handed_over:
        raise UsageError(
            f"{path} lies outside {folder}. A return holds exact small numbers.",
            f"Leave --out away; or, for the funder's copy, say that it leaves: --handed-over --out {out}",
        )
    if path.is_relative_to(home.restricted.resolve()):
        raise UsageError(f"{path} lies among the records.", f"Below {folder}, or outside the home.")
    if path.exists():
        raise UsageError(f"{path} is already there and was left as it is.", "Name another file.")
    if not path.parent.is_dir():
        raise UsageError(f"There is no folder {path.parent}.", "Make it, or name another one.")
    return path


def _published(home: Home, path: Path) -> Path | None:
    """Return the folder above a path that holds a release, or that the app serves; else None."""
    named = os.environ.get("LTT_RELEASE")
    zones = [home.root / "release", home.restricted / "steward", PROJECT / "data" / "release", PROJECT / "ui"]
    zones += [Path(named)] if named else []
    for zone in zones:
        if path.is_relative_to(zone.resolve()):
            return zone
    return next((folder for folder in path.parents if _is_release(folder)), None)


def _is_release(folder: Path) -> bool:
    try:
        values = json.loads((folder / "manifest.json").read_text("utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(values, dict) and "release_id" in values


def make_folder(home: Home) -> None:
    """Make the folder of returns, or take away what others may read of it.

    Raises
    ------
    EtlError
        When it is a link: it could lead out of the restricted zone.
    """
    folder = folder_of(home)
    if folder.is_symlink():
        raise EtlError(f"{folder} is a link. Returns may only lie in a real folder.", "Remove the link.")
    folder.mkdir(mode=PRIVATE_FOLDER, exist_ok=True)
    for path in [folder, *folder.rglob("*")]:
        if os.name != "nt" and not path.is_symlink():
            path.chmod(PRIVATE_FOLDER if path.is_dir() else PRIVATE_FILE)


def write_files(files: dict[Path, bytes], when_written: Callable[[], None]) -> None:
    """Write files aside, then rename all of them: none of them is ever there in part.

    Parameters
    ----------
    files
        What is to be in them.
    when_written
        Called when all is on the disk and nothing is in its place yet.

    Raises
    ------
    EtlError
        When one cannot be written; nothing half-written is left then.
    """
    aside: dict[Path, Path] = {}
    path = next(iter(files))
    try:
        for path, content in files.items():
            path.parent.mkdir(parents=True, exist_ok=True, mode=PRIVATE_FOLDER)
            aside[path] = path.with_name(f".{path.name}.new")
            aside[path].unlink(missing_ok=True)
            descriptor = os.open(aside[path], os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE_FILE)
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
        when_written()
        for path, written in aside.items():
            written.replace(path)
            flush(path.parent)
    except OSError as error:  # a full disk does not say which file it was
        raise EtlError(
            f"{path} could not be written: {reason(error)}. Nothing half-written was left.",
            cure(error, path.parent),
        ) from error
    finally:
        for written in aside.values():
            written.unlink(missing_ok=True)


def place_for_earlier(path: Path) -> Path:
    """Return a free name beside a workbook, for the one that it takes the place of."""
    number = 1
    while (kept := path.with_name(f"{path.stem}.earlier-{number}{path.suffix}")).exists():
        number += 1
    return kept


def log(home: Home, asked: Return, period: Period, *, path: Path, version: int, handed_over: bool) -> None:
    """Add a line to the log of returns, and wait until it is on the disk. It is only ever added to."""
    line = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "who": _who(),
        "return": asked.code,
        "period": period.code,
        "warehouse": version,
        "file": str(path),
        "handed_over": handed_over,
    }
    descriptor = os.open(home.restricted / LOG, os.O_WRONLY | os.O_CREAT | os.O_APPEND, PRIVATE_FILE)
    with os.fdopen(descriptor, "a", encoding="utf-8") as file:
        file.write(json.dumps(line, ensure_ascii=False) + "\n")
        file.flush()
        os.fsync(file.fileno())


def _who() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a user of a container without a name
        return f"user {os.getuid()}" if hasattr(os, "getuid") else "unknown"
