"""Every table that leaves the steward's release is written down before it is handed over."""

import hashlib
import json
import os
from datetime import UTC, datetime
from pathlib import Path

from analysis.errors import ReleaseError
from analysis.release import Release

LOG_VARIABLE = "LTT_EXPORT_LOG"


def record_export(release: Release, file: str, content: bytes, question: str) -> None:
    """Append one line to the export log of a restricted release; nothing for the other profiles.

    Parameters
    ----------
    release
        Where the numbers come from. The log is ``LTT_EXPORT_LOG``, else ``exports.log`` beside its folder.
    file
        Name of the file, or "screen".
    content
        What is handed over; only its hash is kept.
    question
        What was asked, in words or codes.

    Raises
    ------
    ReleaseError
        When the log cannot be written; nothing may then be handed over.
    """
    if not release.is_exact:
        return
    path = Path(os.environ.get(LOG_VARIABLE) or release.folder.parent / "exports.log")
    line = {
        "exported_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "release_id": release.release_id,
        "file": file,
        "sha256": hashlib.sha256(content).hexdigest(),
        "question": question,
    }
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            os.write(handle, (json.dumps(line, ensure_ascii=False) + "\n").encode())
            os.fsync(handle)
        finally:
            os.close(handle)
    except OSError as error:
        raise ReleaseError(
            f"The export log cannot be written ({error.strerror}), so nothing was handed over.",
            f"Check the path in {LOG_VARIABLE}.",
        ) from None
