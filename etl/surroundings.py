"""Faults of the machine and not of the program: a full disk, a folder of somebody else, a copy half-way."""

import errno
from pathlib import Path

NOT_ALLOWED = (errno.EACCES, errno.EPERM, errno.EROFS)
_NO_SPACE = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_NOT_THERE = (errno.ENOENT, errno.ENOTDIR, errno.ESTALE)


def reason(error: BaseException) -> str:
    """Say why in words of the system; a database's own text may quote what it was writing."""
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return "the disk is full, or memory ran out"


def cure(error: BaseException, folder: Path | str) -> str:
    """Say what helps: space where space is short, the right to write where that is missing.

    Parameters
    ----------
    error
        What the system said.
    folder
        Where it was working.
    """
    number = error.errno if isinstance(error, OSError) else errno.ENOSPC
    if number in NOT_ALLOWED:
        return (
            f"Work as the user to whom {folder} belongs, or let this user read and write there; or use "
            "another folder: --home DIR"
        )
    if number in _NO_SPACE:
        return f"Free space under {folder} (a load needs twice the current warehouse), then repeat."
    if number in _NOT_THERE:
        return (
            f"Is {folder} still there, and all of it? A cloud or network drive may not have finished: wait."
        )
    return (
        f"Look at the disk that holds {folder}; if it is a cloud or network drive, wait until all of it is "
        "here. Then repeat."
    )


def sentence(error: OSError) -> tuple[str, str]:
    """Return what happened, naming the file, and what helps.

    Of the error only its number and the file's path are used: neither holds a record.
    """
    path = Path(str(error.filename)) if error.filename else None
    where = f"{path}: " if path else ""
    return f"{where}{reason(error)}.", cure(error, path.parent if path else "the folder")
