"""The lines of a mapping that is drafted: what is certain as keys, what is open as comments."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field

_WIDE = 44
#: How questions begin that are of the layout of a sheet, and of columns that say something together.
SHAPED, BLANK, TOGETHER = "the headings may be", "a blank in", "together, the month may be in"
#: How the question begins that is of rows of different things.
APART = "its rows are told apart by"
#: How the question begins that is of numbers that no name explains, and the line that answers it.
COUNTED, TALLY = "do these numbers count", 'tally = "new"'
#: How the question begins that is of financial years.
FINANCIAL = "financial years"
#: How the question begins that is of columns of months without a year.
YEAR = "in which year is"


@dataclass
class Written:
    """The lines of a mapping, and what it leaves open, in words without values."""

    lines: list[str] = field(default_factory=list)
    questions: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The file."""
        return "\n".join(self.lines).rstrip() + "\n"

    def add(self, line: str, why: str = "") -> None:
        """Write a line with the reason behind it."""
        self.lines.append(f"{line:<{_WIDE}} # {why}" if why else line)

    def ask(self, question: str, line: str = "") -> None:
        """Leave something open: a line that is a comment until somebody decides."""
        self.questions.append(question)
        self.lines.append(f"# OPEN: {question}")
        if line:
            self.lines.append(f"# {line}")


def quoted(text: str) -> str:
    """Return a text as TOML writes it."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def listed(texts: Sequence[str]) -> str:
    """Return one text, or a list of them, as TOML writes it."""
    return quoted(texts[0]) if len(texts) == 1 else "[" + ", ".join(map(quoted, texts)) + "]"


def as_list(texts: Sequence[str]) -> str:
    """Return texts as a list, as TOML writes it."""
    return f"[{', '.join(map(quoted, texts))}]"


def percent(share: float) -> str:
    """Return a share in words.

    >>> percent(0.876)
    '88 %'
    """
    return f"{round(100 * min(share, 1))} %"
