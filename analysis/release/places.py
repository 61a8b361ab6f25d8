"""Areas of a geography: names, levels, parents. One nested hierarchy from a static code list."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

COLUMNS = ("geography", "level", "code", "name", "level_name", "parent", "is_rural")


@dataclass(frozen=True)
class Area:
    """One area; `level` 0 is the whole region, 1 a county, 2 a district, in the geography's own words."""

    code: str
    name: str
    level: int
    level_name: str
    parent: str | None
    is_rural: bool


class Geography:
    """All areas of one geography, coarsest first, then by code."""

    def __init__(self, code: str, areas: Iterable[Area]) -> None:
        self.code = code
        self.areas: Mapping[str, Area] = {area.code: area for area in areas}

    @cached_property
    def names(self) -> dict[str, str]:
        """Codes to names."""
        return {code: area.name for code, area in self.areas.items()}

    @cached_property
    def levels(self) -> dict[str, int]:
        """Codes to levels."""
        return {code: area.level for code, area in self.areas.items()}

    @cached_property
    def level_names(self) -> dict[int, str]:
        """Levels to the geography's words for them."""
        return {area.level: area.level_name for area in reversed(list(self.areas.values()))}

    def level_word(self, level: int) -> str:
        """Return the geography's word for a level, such as "county"."""
        return self.level_names.get(level) or f"level {level}"

    def at(self, level: int) -> tuple[str, ...]:
        """Return the codes of one level."""
        return tuple(code for code, area in self.areas.items() if area.level == level)

    def ancestors(self, code: str) -> tuple[str, ...]:
        """Return the parent of an area, its parent, and so on."""
        found: list[str] = []
        area = self.areas.get(code)
        while area and area.parent and area.parent not in found:
            found.append(area.parent)
            area = self.areas.get(area.parent)
        return tuple(found)

    def within(self, code: str, level: int) -> tuple[str, ...]:
        """Return the areas of a level that lie in an area; the area itself when it is of that level."""
        return tuple(one for one in self.at(level) if one == code or code in self.ancestors(one))

    def holding(self, codes: Iterable[str]) -> tuple[str, ...]:
        """Return the innermost area that holds all of some areas; the outermost ones where none does."""
        common: list[str] | None = None
        for code in codes:
            chain = (code, *self.ancestors(code)) if code in self.areas else ()
            common = [one for one in (chain if common is None else common) if one in chain]
        return (common[0],) if common else self.at(0)

    def without_nested(self, codes: Iterable[str]) -> tuple[str, ...]:
        """Return codes in code-list order without those that lie in another of them."""
        chosen = set(codes)
        return tuple(
            code for code in self.areas if code in chosen and not chosen.intersection(self.ancestors(code))
        )


def read(rows: Iterable[tuple[Any, ...]]) -> dict[str, Geography]:
    """Return geographies from rows of `COLUMNS`, sorted."""
    found: dict[str, list[Area]] = {}
    for geography, level, code, name, level_name, parent, is_rural in rows:
        area = Area(code, name, int(level), level_name or "", parent or None, bool(is_rural))
        found.setdefault(geography, []).append(area)
    return {code: Geography(code, areas) for code, areas in found.items()}
