"""Every table that leaves the steward's release is written down before it is handed over."""

import hashlib
import json
import os
from datetime import UTC, datetime
from pathlib import Path

from analysis.errors import ReleaseError

#: Environment variable with the path of the log; set by the command that serves the steward's release.
LOG_VARIABLE = "LTT_EXPORT_LOG"


def record_export(release_id: str, file: str, content: bytes, question: str, log: Path | None = None) -> None:
    """Append one line about an export of the restricted release.

    Parameters
    ----------
    release_id
        Release the numbers come from.
    file
        Name of the file, or "screen".
    content
        What is handed over; only its hash is kept.
    question
        What was asked, in words or codes. Never a value.
    log
        The log where ``LTT_EXPORT_LOG`` names none.

    Raises
    ------
    ReleaseError
        When no log is set or it cannot be written; nothing may then be handed over.
    """
    named = os.environ.get(LOG_VARIABLE)
    path = Path(named) if named else log
    if path is None:
        raise ReleaseError(
            "This release is restricted and its exports are logged, but no log is set, so nothing was handed "
            "over.",
            f"Start it with: make run PROFILE=steward (it sets {LOG_VARIABLE}).",
        )
    line = {
        "exported_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "release_id": release_id,
        "file": file,
        "sha256": hashlib.sha256(content).hexdigest(),
        "question": question,
    }
    try:
        _append(path, json.dumps(line, ensure_ascii=False) + "\n")
    except OSError as error:
        raise ReleaseError(
            f"The export log cannot be written ({error.strerror}), so nothing was handed over.",
            f"Check the path in {LOG_VARIABLE}.",
        ) from None


def _append(path: Path, line: str) -> None:
    # One write to a file opened for appending cannot be torn by a second session.
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        os.write(handle, line.encode())
        os.fsync(handle)
    finally:
        os.close(handle)
