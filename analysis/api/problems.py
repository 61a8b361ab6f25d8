"""Why a request is refused, as RFC 9457 writes it: a kind, a status, words, and what to do next."""

import re
from dataclasses import dataclass
from typing import Any

from analysis.errors import LttError, QuestionError, TooManyDimensions

MEDIA_TYPE = "application/problem+json"
#: Status to its title; no request is answered with another error.
TITLES = {
    400: "The request is not written as this address wants it",
    401: "The token is not valid",
    403: "This is not open to you",
    404: "There is nothing at this address",
    405: "Only reading is possible here",
    406: "This is not given in the format you accept",
    414: "The address is too long",
    422: "The question cannot be answered",
    429: "Too many requests",
    500: "The server has made a mistake",
    503: "Try again later",
}
_KIND = "urn:local-trafficking-trends:{}"
NO_RELEASE = "No figures can be opened now."
ALL_WITHDRAWN = "Every release was withdrawn. There are no figures until another one is published."


@dataclass(frozen=True)
class Problem(Exception):  # noqa: N818 - the word of RFC 9457
    """A request that is refused.

    Attributes
    ----------
    status
        One of `TITLES`.
    kind
        A short name for programs, in small letters and hyphens.
    words
        What is the matter, for a person. Never a value, a path or a traceback.
    next_step
        What to do instead; may be empty.
    give_up
        Dimensions of which leaving out any one makes a question small enough, best first.
    retry_after
        Seconds after which the same request may be answered; 0 when waiting does not help.
    """

    status: int
    kind: str
    words: str
    next_step: str = ""
    give_up: tuple[str, ...] = ()
    retry_after: int = 0

    def document(self) -> dict[str, Any]:
        """Return the body."""
        body: dict[str, Any] = {
            "type": _KIND.format(self.kind),
            "title": TITLES[self.status],
            "status": self.status,
            "detail": self.words,
        }
        body |= {"next_step": self.next_step} if self.next_step else {}
        body |= {"give_up": list(self.give_up)} if self.give_up else {}
        return body


def problem_of(error: LttError) -> Problem:
    """Return how an error of the door is told to a program.

    A refused question keeps its words: they name codes and code lists. What is the matter with a release
    stays inside, because its words name folders of the server.
    """
    if not isinstance(error, QuestionError):
        return Problem(503, "no-release", NO_RELEASE)
    kind = re.sub(r"(?<!^)(?=[A-Z])", "-", type(error).__name__).lower()
    give_up = tuple(error.give_up) if isinstance(error, TooManyDimensions) else ()
    return Problem(422, kind, error.message, error.next_step, give_up)
