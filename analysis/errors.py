"""Everything that can be said to a person who asked for something that cannot be given.

LttError
├── CatalogError          a file of data/catalog is wrong
├── ReleaseError          the release cannot be opened or read
│   ├── ReleaseMissing    no release, or a damaged one
│   ├── ReleaseTooNew     written by a newer version of this program
│   └── ReleaseNotOffered an earlier release that is not there to read, or was withdrawn
└── QuestionError         the question cannot be answered
    ├── UnknownMeasure
    ├── UnknownDimension
    ├── UnknownCode
    ├── TooManyDimensions
    └── NotPermitted

Every message is complete by itself, never quotes a record, and says what to do next.
"""

from collections.abc import Iterable

LONGEST_ECHO = 60


class LttError(Exception):
    """Base of every error meant for a reader.

    Parameters
    ----------
    message
        What happened, in one or two sentences.
    next_step
        What the reader can do now; may be a command. Empty when the message says it.
    """

    def __init__(self, message: str, next_step: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.next_step = next_step

    def __str__(self) -> str:
        return f"{self.message} {self.next_step}".strip()


class CatalogError(LttError):
    """A catalog file holds something that is not allowed; names the file and the key."""


class ReleaseError(LttError):
    """The release cannot be used."""


class ReleaseMissing(ReleaseError):  # noqa: N818
    """There is no release, or its file is damaged."""


class ReleaseTooNew(ReleaseError):  # noqa: N818
    """The release was written in a format that this version does not know."""


class ReleaseNotOffered(ReleaseError):  # noqa: N818
    """There is no such release to read here: it never was, was withdrawn, or was made under other rules."""


class QuestionError(LttError):
    """The question cannot be answered as it was put."""


class UnknownMeasure(QuestionError):  # noqa: N818
    """The measure is not in the catalog."""


class UnknownDimension(QuestionError):  # noqa: N818
    """The dimension does not exist, or does not belong to what the measure counts."""


class UnknownCode(QuestionError):  # noqa: N818
    """The code is not in the code list of its dimension."""


class NotPermitted(QuestionError):  # noqa: N818
    """The question is outside the closed list for a reason other than its number of dimensions."""


class TooManyDimensions(QuestionError):  # noqa: N818
    """More dimensions at once than the closed list holds.

    Parameters
    ----------
    message, next_step
        As in `LttError`.
    give_up
        Codes of the dimensions of which leaving out any one makes the question smaller, best first.
    """

    def __init__(self, message: str, next_step: str = "", give_up: Iterable[str] = ()) -> None:
        super().__init__(message, next_step)
        self.give_up = list(give_up)


def echo(value: object) -> str:
    """Return what somebody typed, safe and short enough to repeat in a message.

    Parameters
    ----------
    value
        Anything. Control characters and angle brackets are replaced; long text is cut.

    Returns
    -------
    str
        Quoted text of at most 62 characters.
    """
    text = str(value)[: LONGEST_ECHO + 1]
    safe = "".join(letter if letter.isprintable() and letter not in "<>`" else "·" for letter in text)
    cut = safe if len(safe) <= LONGEST_ECHO else safe[: LONGEST_ECHO - 1] + "…"
    return f"'{cut}'"
