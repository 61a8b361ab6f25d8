"""How many published numbers are behind each cell of a hub, and where a task force has none."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from analysis.catalog.model import NOT_RECORDED
from analysis.questions.checked import Asked, Axis
from analysis.release.hub.task_forces import TaskForce


def numbers_behind(asked: Asked, axes: Sequence[Axis]) -> NDArray[np.int64] | None:
    """Return how many published numbers there would be behind each element.

    Parameters
    ----------
    asked
        A question about people.
    axes
        Axes of the arrays: the period, perhaps the area, and dimensions.

    Returns
    -------
    array or None
        Over the axes: the task forces that cover the period and lie in the area. None in a release of one
        task force, where each element is one number.
    """
    if not asked.release.task_forces:
        return None
    return _count(
        asked, axes, [[one.covers(asked.subject.code, code) for code in _times(axes)] for one in _all(asked)]
    )


def numbers_missing(asked: Asked, axes: Sequence[Axis]) -> NDArray[np.int64] | None:
    """Return how many numbers are missing behind each element, because a task force has none of the period.

    A number below the threshold has bounds; of these nothing is known.
    """
    if not asked.release.task_forces:
        return None
    return _count(
        asked,
        axes,
        [[not one.covers(asked.subject.code, code) for code in _times(axes)] for one in _all(asked)],
    )


def uncovered_rows(asked: Asked) -> NDArray[np.bool_]:
    """Return which rows of a question about a hub miss a task force in any of their periods."""
    axes = [axis for axis in asked.axes if axis.name != "field"]
    rows = sum(axis.name != "field" for axis in asked.rows)
    missing = numbers_missing(asked, axes)
    assert missing is not None  # asked of a hub alone
    return np.asarray((missing > 0).any(axis=tuple(range(rows, len(axes)))))


def _all(asked: Asked) -> tuple[TaskForce, ...]:
    return asked.release.task_forces


def _times(axes: Sequence[Axis]) -> tuple[str, ...]:
    return next(axis.codes for axis in axes if axis.name == "period")


def _count(asked: Asked, axes: Sequence[Axis], by_time: list[list[bool]]) -> NDArray[np.int64]:
    """Return the task forces for which all of a period, an area and a contributor hold, over the axes."""
    parts = _all(asked)
    held = {"period": np.array(by_time, dtype=np.int64).T}
    for axis in axes:
        if axis.name in ("area", "source"):
            held[axis.name] = np.array(
                [[_is_behind(asked, axis.name, code, one) for one in parts] for code in axis.codes],
                dtype=np.int64,
            )
    letters = dict(zip(held, "tas", strict=False))
    names = [axis.name for axis in axes if axis.name in held]
    spec = ",".join(f"{letters[name]}p" for name in names) + "->" + "".join(letters[name] for name in names)
    found = np.einsum(spec, *(held[name] for name in names))
    index = tuple(slice(None) if axis.name in held else np.newaxis for axis in axes)
    return np.broadcast_to(found[index], tuple(len(axis.codes) for axis in axes)).copy()


def _is_behind(asked: Asked, name: str, code: str, part: TaskForce) -> bool:
    """Return whether a task force's numbers are among those of a contributor or an area."""
    if name == "source":
        return code == part.code
    if code == NOT_RECORDED or asked.geography is None or code in asked.geography.at(0):
        return True
    return part.code in (code, *asked.geography.ancestors(code))
