"""Every file that leaves the restricted release is written down before it is handed over."""

import json
import os
from datetime import UTC, datetime
from pathlib import Path

from analysis.errors import LttError

#: Environment variable with the path of the log; set by the command that serves the steward release.
LOG_VARIABLE = "LTT_EXPORT_LOG"


def record_export(file_name: str, sha256: str, sentence: str, release_id: str) -> None:
    """Append one line about an export of the restricted release.

    Parameters
    ----------
    file_name : str
        Name the browser is given.
    sha256 : str
        Hash of the bytes handed over.
    sentence : str
        What was asked, in words. Never a value.
    release_id : str
        Release the file was made from.

    Raises
    ------
    LttError
        When no log is configured or it cannot be written. The caller must then hand over nothing.
    """
    target = os.environ.get(LOG_VARIABLE, "")
    if not target:
        raise LttError(
            "This release is restricted and its exports are logged, but no log is set.",
            f"Start it with: make run PROFILE=steward (it sets {LOG_VARIABLE}).",
        )
    line = {
        "exported_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "release_id": release_id,
        "file": file_name,
        "sha256": sha256,
        "question": sentence,
    }
    try:
        _append(Path(target), json.dumps(line, ensure_ascii=False) + "\n")
    except OSError as error:
        raise LttError(
            f"The export log cannot be written ({type(error).__name__}), so nothing was exported.",
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
