"""The task forces that a release adds up, where it is made of releases (`etl.hub`): a hub."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from analysis import periods


@dataclass(frozen=True)
class TaskForce:
    """One task force of a hub.

    Attributes
    ----------
    code, label
        Code of its area, which is its code as a contributor too; its name.
    release_id, as_of
        The release that was added.
    months
        By subject: first and last month that it has figures for.
    """

    code: str
    label: str
    release_id: str
    as_of: str
    months: Mapping[str, periods.Span]

    def covers(self, subject: str, period: str) -> bool:
        """Return whether it has figures of a subject for the whole of a period."""
        known, span = self.months.get(subject), periods.span_of(period)
        return known is not None and known.first <= span.first and span.last <= known.last


def read(select: Callable[[str], Sequence[tuple[Any, ...]]]) -> tuple[TaskForce, ...]:
    """Return the task forces of a hub, by code.

    Parameters
    ----------
    select
        Runs a SELECT on its release.
    """
    months: dict[str, dict[str, periods.Span]] = {}
    for part, subject, first, last in select("SELECT * FROM hub_span ORDER BY ALL"):
        span = periods.Span(periods.span_of(first).first, periods.span_of(last).last)
        months.setdefault(part, {})[subject] = span
    rows = select("SELECT part, label, release_id, as_of FROM hub_part ORDER BY ALL")
    return tuple(
        TaskForce(part, label, release_id, day, months.get(part, {})) for part, label, release_id, day in rows
    )
