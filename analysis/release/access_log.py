"""Who looked at more than the public figures, when, and what was asked: one line each, never a figure.

A file is written down before it is handed over: when that fails, nothing leaves.
"""

import errno
import hashlib
import json
import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from analysis.errors import ReleaseError
from analysis.release.release import Release

#: Environment variable with the path of the log; whoever serves more than public figures sets it.
LOG_VARIABLE = "LTT_ACCESS_LOG"
FILE_NAME = "access.log"
#: A log of this size is put aside, and the oldest of those put aside goes.
LARGEST_BYTES = 2_000_000
KEPT = 12
_writing = threading.Lock()


@dataclass(frozen=True)
class Access:
    """One look at figures that are not public.

    Attributes
    ----------
    event
        ``page``, ``file``, or ``screen`` for what a command prints.
    who
        The reader, as the sign-in names them; empty for the keeper of a steward's release.
    profile, release_id
        Of the release.
    name
        Of the page or the file.
    question
        What was asked, in words or codes. Never a value.
    sha256
        Of a file; empty for a page.
    """

    event: str
    who: str
    profile: str
    release_id: str
    name: str
    question: str
    sha256: str = ""


def beside(folder: Path) -> Path:
    """Return the log of a release that stays where its keepers are: beside its folder."""
    return folder.parent / FILE_NAME


def record_file(access: Access, content: bytes, log: Path | None = None) -> None:
    """Write down a file before it is handed over; of its content only the hash is kept.

    Parameters
    ----------
    access
        Without its hash.
    content
        What is handed over.
    log
        As in `record`.

    Raises
    ------
    ReleaseError
        As in `record`.
    """
    digest = hashlib.sha256(content).hexdigest()
    record(Access(**{**vars(access), "sha256": digest}), log)


def record_exact(release: Release, event: str, name: str, content: bytes, question: str) -> None:
    """Write down what a program hands over of a steward's release; nothing of another.

    Parameters
    ----------
    release
        Where it comes from; the log lies beside it unless ``LTT_ACCESS_LOG`` says elsewhere.
    event, name, question
        As `Access`.
    content
        What is handed over.
    """
    if release.is_exact:
        access = Access(event, "", release.profile, release.release_id, name, question)
        record_file(access, content, beside(release.folder))


def record(access: Access, log: Path | None = None) -> None:
    """Append one line.

    Parameters
    ----------
    access
        What happened.
    log
        The log where ``LTT_ACCESS_LOG`` names none.

    Raises
    ------
    ReleaseError
        When no log is set or it cannot be written; nothing may then be shown or handed over.
    """
    named = os.environ.get(LOG_VARIABLE)
    path = Path(named) if named else log
    if path is None:
        raise ReleaseError(
            "Looks at this release are logged, but no log is set, so nothing was handed over.",
            f"Set {LOG_VARIABLE} to a file that the server may write; make run PROFILE=steward does.",
        )
    line = {"at": datetime.now(UTC).isoformat(timespec="seconds"), **vars(access)}
    try:
        with _writing:
            _put_aside(path)
            _append(path, json.dumps(line, ensure_ascii=False) + "\n")
    except OSError as error:
        raise ReleaseError(
            f"The log of accesses cannot be written ({error.strerror}), so nothing was handed over.",
            f"Check the path in {LOG_VARIABLE}.",
        ) from None


def read(path: Path) -> Iterator[dict[str, str]]:
    """Yield the lines of a log and of those put aside, the oldest first.

    Raises
    ------
    ReleaseError
        When there is no log, or one of its lines is none.
    """
    files = [file for file in (*reversed(_aside(path)), path) if file.exists()]
    if not files:
        raise ReleaseError(f"There is no log {path.name} in that folder.", f"See {LOG_VARIABLE}.")
    for file in files:
        # Not `splitlines`: it ends a line at letters that may stand inside one.
        *lines, rest = file.read_text("utf-8", "replace").split("\n")
        for number, line in enumerate([*lines, rest] if rest else lines, 1):
            try:
                entry = json.loads(line)
                yield {str(key): str(value) for key, value in entry.items()}
            except (ValueError, AttributeError):
                raise ReleaseError(
                    f"{file.name}: line {number} is not a line of this log.",
                    "Look at the file; it was changed.",
                ) from None


def _aside(path: Path) -> list[Path]:
    """Return the names of logs put aside, the newest first."""
    return [path.with_name(f"{path.name}.{number}") for number in range(1, KEPT + 1)]


def _put_aside(path: Path) -> None:
    if not path.is_file() or path.stat().st_size < LARGEST_BYTES:
        return
    files = [path, *_aside(path)]
    for older, newer in zip(reversed(files[1:]), reversed(files[:-1]), strict=True):
        if newer.exists():
            newer.replace(older)


def _append(path: Path, line: str) -> None:
    # One write to a file opened for appending cannot be torn by a second session.
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        content = line.encode()
        written = os.write(handle, content)
        if written != len(content):
            # A full disk takes a part and says nothing. The part goes: the next line would run on from it.
            os.ftruncate(handle, os.fstat(handle).st_size - written)
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        os.fsync(handle)
    finally:
        os.close(handle)
