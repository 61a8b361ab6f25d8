"""One published number for one set of filters: the plainest way through the door."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from analysis.answers.ask import answer
from analysis.catalog.load import load_catalog
from analysis.errors import NotPermitted, UnknownCode, echo
from analysis.questions.question import Question
from analysis.release.release import Release
from analysis.release.release_file import open_release


def published_count(
    where: Mapping[str, Iterable[str] | str] | None = None,
    period: str = "",
    subject: str = "person",
    collection: str | None = None,
    release: Release | Path | str | None = None,
) -> int | None:
    """Return the published number of people (or of another subject) in one period.

    Parameters
    ----------
    where
        Dimension, or ``area``, to a code or several. Several codes mean the sum of their shown cells.
    period
        One month (2024-03), quarter (2024-Q1) or year (2024). Never a range.
    subject
        person or referral.
    collection
        The task force's own when None.
    release
        An open release or the folder of one.

    Returns
    -------
    int or None
        None where the number is not shown.

    Raises
    ------
    QuestionError
        For a fifth dimension, a range of periods, a "not", unknown names.
    """
    if not isinstance(period, str) or any(sign in period for sign in ("..", ",", "/", ":")):
        raise NotPermitted(
            f"A range of periods such as {echo(period)} is not one published number.",
            "Ask for one month, quarter or year. For a sum: python -m analysis answer --periods A..B.",
        )
    if not period:
        raise NotPermitted("A published number belongs to one period.", "Give a month, a quarter or a year.")
    opened = release if isinstance(release, Release) else open_release(release)
    question = Question(_measure_of(subject), (), where, periods=(period, period), collection=collection)
    [found] = answer([question], opened)
    value = found.frame["value"][0]
    return None if value is None else int(value)


def _measure_of(subject: str) -> str:
    for measure in load_catalog().measures.values():
        if measure.subject == subject and measure.kind == "count" and not measure.share_of:
            return measure.code
    known = ", ".join(load_catalog().subjects)
    raise UnknownCode(f"{echo(subject)} is not counted.", f"Known: {known}.")
