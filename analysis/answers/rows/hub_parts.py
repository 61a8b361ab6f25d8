"""What stands behind the cells of a hub: how many published numbers, and which task forces have none."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from analysis.catalog.model import NOT_RECORDED
from analysis.questions.checked import Asked, Axis
from analysis.release.task_forces import TaskForce


def numbers_behind(axes: Sequence[Axis], task_forces: int, region: str) -> NDArray[np.int64] | None:
    """Return how many published numbers there would be behind each element.

    Parameters
    ----------
    axes
        Axes of the arrays.
    task_forces
        Parts of a hub; 0 in every other release.
    region
        Area code that stands for the whole.

    Returns
    -------
    array or None
        Over the axes. The whole, and who is in no known area, has a number of each task force; an area has
        that of its own one, and so has a contributor, who is a task force. None where each is one number.
    """
    if not task_forces:
        return None
    shape = tuple(len(axis.codes) for axis in axes)
    if any(axis.name == "source" for axis in axes):
        return np.ones(shape, dtype=np.int64)
    place = next((n for n, axis in enumerate(axes) if axis.name == "area"), None)
    if place is None:
        return np.full(shape, task_forces, dtype=np.int64)
    counts = [task_forces if code in (region, NOT_RECORDED) else 1 for code in axes[place].codes]
    along = np.array(counts, dtype=np.int64).reshape([-1 if n == place else 1 for n in range(len(axes))])
    return np.broadcast_to(along, shape).copy()


def uncovered_rows(asked: Asked) -> NDArray[np.bool_]:
    """Return which rows of a question about a hub miss the figures of a task force, in any of their periods.

    Nothing is known of what is missing there. A number below the threshold has bounds; this has none, so that
    a share or a rate of such a row would be one of an unknown whole.
    """
    axes = [axis for axis in asked.axes if axis.name != "field"]
    rows = sum(axis.name != "field" for axis in asked.rows)
    shape = tuple(len(axis.codes) for axis in axes)
    times = next(axis for axis in axes if axis.name == "period")
    by_who = next((axis for axis in axes if axis.name in ("source", "area")), None)
    table = np.array(
        [
            [
                any(not one.covers(asked.subject.code, time) for one in _behind(asked, by_who, code))
                for code in (by_who.codes if by_who else ("",))
            ]
            for time in times.codes
        ]
    )
    names = [axis.name for axis in axes]
    order = [("period", table.shape[0])] + ([(by_who.name, table.shape[1])] if by_who else [])
    wide = table if by_who else table[:, 0]
    if by_who and names.index(by_who.name) < names.index("period"):
        wide = wide.T
    kept = dict(order)
    stretched = wide.reshape([kept.get(name, 1) for name in names])
    mask = np.broadcast_to(stretched, shape)
    return np.asarray(mask.any(axis=tuple(range(rows, len(axes)))))


def _behind(asked: Asked, axis: Axis | None, code: str) -> list[TaskForce]:
    """Return the task forces whose numbers are behind one code of an axis; all of them behind the whole."""
    every = list(asked.release.task_forces)
    if axis is None:
        return every
    chain = (code, *(asked.geography.ancestors(code) if asked.geography and axis.name == "area" else ()))
    return [one for one in every if one.code in chain] or every
