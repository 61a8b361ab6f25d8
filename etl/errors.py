"""Errors that a person running the pipeline can meet.

``EtlError``            refused or failed, with words (exit 1)
├─ ``UsageError``       the command line asks for something that cannot be (exit 2)
└─ ``LoadRunningError``      another load holds the lock (exit 3)

A message names the file, the key or column, what came and what is allowed. It never holds a value from a
record: an error is printed, logged and pasted into e-mails.
"""

DONE = 0
FAILED = 1
WRONG_USAGE = 2
ANOTHER_LOAD_RUNNING = 3


class EtlError(Exception):
    """Something a person can put right; never shown with a traceback.

    Parameters
    ----------
    message : str
        What is wrong: file, key or column, what came, what is allowed. No value of a record.
    next_step : str
        What to do now, best as a command. May be empty when the message says it all.
    """

    exit_code = FAILED

    def __init__(self, message: str, next_step: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.next_step = next_step

    def __str__(self) -> str:
        return f"{self.message}\nNext: {self.next_step}" if self.next_step else self.message


class UsageError(EtlError):
    """The command line is wrong (exit code 2)."""

    exit_code = WRONG_USAGE


class LoadRunningError(EtlError):
    """Another load holds the lock of this home folder (exit code 3)."""

    exit_code = ANOTHER_LOAD_RUNNING


def harmless(text: str, keep: str = "") -> str:
    """Return a text without what a terminal would obey or could not write: names of files may hold anything.

    Parameters
    ----------
    text
        A line, or with ``keep`` several.
    keep
        Control characters that stay. A line break in a name would begin a line that looks like ours.

    >>> harmless("a\x1b[2Jb\nNext: rm")
    'a\ufffd[2Jb\ufffdNext: rm'
    """
    plain = "".join(
        sign if sign in keep or sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in text
    )
    return plain.encode("utf-8", "replace").decode("utf-8")
