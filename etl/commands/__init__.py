"""The commands of ``python -m etl``, one module each.

A command module has ``NAME``, ``SUMMARY``, ``add_arguments(parser)`` and
``run(arguments, progress) -> Outcome``.
"""

from dataclasses import dataclass, field
from typing import Any


@dataclass
class Outcome:
    """What a command has done.

    Attributes
    ----------
    lines : list of str
        For a person, in plain words.
    values : dict
        The same for a script (``--json``).
    """

    lines: list[str] = field(default_factory=list)
    values: dict[str, Any] = field(default_factory=dict)
