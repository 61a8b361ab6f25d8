"""Reads what is planted in the fictional region, and who its people and contributors are.

``planted_facts.toml`` is the single place of every planted number: the generator takes its parameters from
it and the tests look for the same numbers in the generated data.
"""

import tomllib
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from etl.demonstration.region import FOLDER


@dataclass(frozen=True)
class Contributor:
    """One organisation that sends records: its code, its words and what it leaves out."""

    code: str
    source_id: str
    label: str
    agency: str
    area_as: str
    identified_by: dict[str, float]
    from_org_type: dict[str, float]
    missing: dict[str, float]


@dataclass(frozen=True)
class Facts:
    """Everything the generator reads besides the region itself.

    Attributes
    ----------
    planted : dict
        The tables of ``planted_facts.toml`` as they stand.
    profiles, organisations, register : dict
        ``profiles.toml``, ``organisations.toml`` and the head of ``contributors.toml``.
    contributors : tuple of Contributor
        In the order of the lists of a person.
    """

    planted: dict[str, Any]
    profiles: dict[str, Any]
    organisations: tuple[dict[str, Any], ...]
    register: dict[str, Any]
    contributors: tuple[Contributor, ...]

    def __getitem__(self, fact: str) -> Any:
        """Return one planted table or number by its key."""
        return self.planted[fact]

    @property
    def first_month(self) -> int:
        """First month, counted from year 0."""
        return month_number(self.planted["first_month"])

    @property
    def months(self) -> int:
        """How many months the region has lived."""
        return month_number(self.planted["last_month"]) - self.first_month + 1

    @property
    def as_of(self) -> date:
        """The day on which the data are looked at."""
        day = self.planted["as_of"]
        return date(day.year, day.month, day.day)

    @property
    def forms(self) -> tuple[str, ...]:
        """Codes of the forms of exploitation, in the order of the profile file."""
        return tuple(self.profiles["form"])

    def position(self, month: str) -> int:
        """Turn ``2019-07`` into the month's position from the first month."""
        return month_number(month) - self.first_month

    def contributor(self, code: str) -> Contributor:
        """Return one contributor by its code."""
        return next(c for c in self.contributors if c.code == code)

    def with_planted(self, fact: str, **changes: Any) -> "Facts":
        """Return a copy in which one planted fact has other values (tests switch a fact off this way)."""
        return replace(self, planted={**self.planted, fact: {**self.planted[fact], **changes}})


def month_number(month: str) -> int:
    """Count the months from year 0 to ``YYYY-MM``."""
    year, number = month.split("-")
    return int(year) * 12 + int(number) - 1


def month_code(number: int) -> str:
    """Turn a month counted from year 0 into ``YYYY-MM``."""
    return f"{number // 12:04d}-{number % 12 + 1:02d}"


@cache
def load_facts(folder: Path = FOLDER) -> Facts:
    """Read the files of the demonstration region."""
    register = _read(folder / "contributors.toml")
    contributors = tuple(Contributor(**row) for row in register.pop("contributor"))
    return Facts(
        planted=_read(folder / "planted_facts.toml"),
        profiles=_read(folder / "profiles.toml"),
        organisations=tuple(_read(folder / "organisations.toml")["organisation"]),
        register=register,
        contributors=contributors,
    )


def _read(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))
