"""The steps of the desk, in their order; each says its state in a line and draws itself."""

from typing import Protocol, cast

from etl.desk import asked, jobs
from etl.desk.state import Desk
from etl.desk.steps import check, choose, history, load, look, match, release


class Step(Protocol):
    """What a module of this folder offers."""

    NAME: str

    def show(self, desk: Desk) -> None:
        """Draw the step."""

    def state(self, desk: Desk) -> str:
        """Return where it stands, in a short line."""


STEPS: tuple[Step, ...] = tuple(
    cast("Step", module) for module in (choose, look, match, check, load, release, history)
)


def is_done(place: int, desk: Desk) -> bool:
    """Return whether a step has done its work, so that the next one is what to do now.

    Parameters
    ----------
    place
        Of the step in `STEPS`.
    desk
        What is open.
    """
    job = jobs.newest(desk.home)
    ended = job.kind if job is not None and job.outcome is not None else ""
    is_read = desk.upload is not None and bool(desk.draft) and desk.why is None
    match STEPS[place].NAME:
        case choose.NAME | look.NAME:
            return is_read
        case match.NAME:
            return is_read and match.state(desk).endswith(match.MATCHED) and not asked.open_questions(desk)
        case check.NAME:
            return desk.checked is not None and desk.checked.is_good
        case load.NAME:
            return desk.upload is None and ended == load.KIND
        case release.NAME:
            return ended == release.RELEASE
    return False
