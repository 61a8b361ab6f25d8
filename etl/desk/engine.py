"""Runs the commands of ``python -m etl`` from the desk: the same work, the same refusals, the same words."""

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, TypeVar

import streamlit as st

from etl import cli
from etl.commands import Outcome
from etl.desk import plainly
from etl.desk.state import Desk, without_copy
from etl.errors import harmless
from etl.progress import Progress

Result = TypeVar("Result")
COMMAND_WORDS = "The same in the words of the command line"


class OnScreen(Progress):
    """The steps of a command as a bar on the page, where a terminal would draw one."""

    def __init__(self) -> None:
        super().__init__(is_shown=True, stream=sys.stderr)
        self._bar = st.empty()

    def _draw(self, so_far: str = "") -> None:
        done = len(self.timings)
        self.total = max(self.total, done + 1)
        words = f"{harmless(self._step)}{f', {so_far}' if so_far else ''} …"
        self._bar.progress(done / self.total, plain(words))

    def finish(self) -> None:
        """End the last step and take the bar away."""
        self._end()
        self._bar.empty()


def given(desk: Desk, *words: str) -> argparse.Namespace:
    """Return what a command line of this home would say.

    Parameters
    ----------
    desk
        Whose home is meant.
    words
        As typed behind ``python -m etl``, without ``--home``; each option with one value behind it, which is
        never taken for an option itself: a tab may be called ``--help``.

    Raises
    ------
    EtlError
        When the home is a hub's, and the command needs records.
    """
    meant = cli.parse([*_joined(words), f"--home={desk.home}"])
    cli.refuse_hub(meant)
    return meant


def _joined(words: Sequence[str]) -> Iterator[str]:
    """Yield the words with each option and its value as one, ``--sheet=Clients``."""
    left = iter(words)
    for word in left:
        yield f"{word}={next(left)}" if word.startswith("--") else word


def carried_out(desk: Desk, *words: str) -> Outcome | None:
    """Run a command with its steps on the page; show what it refuses, and return None then."""
    return worked(lambda progress: cli.carry_out(given(desk, *words), progress))


def worked(work: Callable[[Progress], Result]) -> Result | None:
    """Do some work with its steps on the page; show what it refuses, and return None then."""
    progress = OnScreen()
    with refusals():
        try:
            return work(progress)
        finally:
            progress.finish()
    return None


@contextmanager
def refusals() -> Iterator[None]:
    """Show what is refused inside in the words of the command line, and go on behind it."""
    try:
        yield
    except (Exception, SystemExit) as error:
        # The text of an unknown error may hold a record: it is told by its place.
        refused(cli.refusal(error))


def guarded(call: Callable[..., None]) -> Callable[..., None]:
    """Return a function that does the same, and shows what is refused in it: for what widgets call."""

    def shown(*arguments: Any, **named: Any) -> None:
        with refusals():
            call(*arguments, **named)

    return shown


def tried(work: Callable[[Progress], Result]) -> Result | cli.Refusal:
    """Do some work with its steps on the page; return what it made, or why it was refused."""
    progress = OnScreen()
    try:
        return work(progress)
    except (Exception, SystemExit) as error:
        return cli.refusal(error)
    finally:
        progress.finish()


def refused(why: cli.Refusal) -> None:
    """Show a refusal: what to do on these pages first, and the words of the command line folded below."""
    why = replace(why, message=without_copy(why.message), next_step=without_copy(why.next_step))
    following = f"\n\n**Next:** {plain(harmless(why.next_step))}" if why.next_step else ""
    words = f"{plain(harmless(why.message))}{following}"
    here = plainly.answer(why)
    if not here:
        st.error(words)
        return
    reasons = plainly.reasons(why)
    what = "\n".join(f"- {plain(one)}" for one in reasons) or plain(harmless(why.message))
    st.warning(f"**{plain(here)}**\n\n{what}")
    with st.expander(COMMAND_WORDS):
        st.error(words)


def is_open(desk: Desk) -> bool:
    """Return whether a file is open, and say so where none is, or why there is no mapping of it yet."""
    if desk.upload is None:
        st.info("No file is open. Choose one in step 1.")
        return False
    if desk.why is not None:
        refused(desk.why)
    return True


def told(lines: Sequence[str]) -> None:
    """Show the lines of a command as it prints them, folded: the page says the same in its own words."""
    with st.expander(COMMAND_WORDS):
        st.code(harmless("\n".join(lines), keep="\n"), language=None, wrap_lines=True)


def plain(text: str) -> str:
    r"""Return a text that is shown as it is: names of files and columns are no Markdown.

    >>> plain("a *b* :red[c] $d$ <e>")
    'a \\*b\\* \\:red\\[c\\] \\$d\\$ \\<e\\>'
    """
    return "".join(f"\\{sign}" if sign in _SIGNS else sign for sign in text)


_SIGNS = frozenset("\\`*_{}[]<>()#+-!|~$:")
