"""The steps of the desk, in their order; each says its state in a line and draws itself."""

from typing import Protocol, cast

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
