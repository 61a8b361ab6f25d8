"""Reads the fictional region from ``data/reference/demonstration/region.toml``."""

import tomllib
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

import numpy as np

from etl.demonstration.streams import Floats

FOLDER = Path(__file__).resolve().parents[2] / "data" / "reference" / "demonstration"


@dataclass(frozen=True)
class District:
    """One district, as described in the file: plan position in km, shares of the region."""

    code: str
    name: str
    county: str
    x: float
    y: float
    share: float
    growth: float
    rural: bool
    child: float
    deprivation: float
    farm: float
    detection: float


@dataclass(frozen=True)
class Region:
    """The region: its areas, its plan and how roughly its borders are drawn."""

    geography: str
    code: str
    name: str
    place: str
    home_country: str
    level_names: tuple[str, ...]
    years: tuple[int, ...]
    counties: tuple[tuple[str, str], ...]
    districts: tuple[District, ...]
    totals: tuple[int, int]
    sea: tuple[tuple[float, float], ...]
    land: tuple[tuple[float, float], ...]
    river_banks: tuple[tuple[str, str], ...]
    origin: tuple[float, float]
    km_per_degree: tuple[float, float]
    roughness: dict[str, float]
    halvings: int
    outline_seed: int

    def to_degrees(self, plan: Floats) -> Floats:
        """Turn plan kilometres of shape (n, 2) into longitude and latitude in degrees."""
        return np.array(self.origin) + plan / np.array(self.km_per_degree)

    def roughness_of(self, pair: tuple[str, str]) -> float:
        """Return how far a border between two neighbours wanders, as a share of its length."""
        if any(name.startswith("sea") for name in pair):
            return self.roughness["coast"]
        is_river = any(set(pair) == set(banks) for banks in self.river_banks)
        return self.roughness["river" if is_river else "land"]

    @cached_property
    def positions(self) -> dict[str, int]:
        """District code to its position in the arrays of the generator."""
        return {district.code: i for i, district in enumerate(self.districts)}

    def of_county(self, county: str) -> list[District]:
        """Return the districts of one county."""
        return [district for district in self.districts if district.county == county]


@cache
def load_region(path: Path = FOLDER / "region.toml") -> Region:
    """Read the region from its file.

    Raises
    ------
    KeyError
        When the file lacks a key; the file is part of the project, so this is a defect and not user input.
    """
    raw = tomllib.loads(path.read_text(encoding="utf-8"))
    plan = raw["plan"]
    return Region(
        geography=raw["geography"],
        code=raw["code"],
        name=raw["name"],
        place=raw["place"],
        home_country=raw["home_country"],
        level_names=tuple(raw["level_names"]),
        years=tuple(range(raw["first_year"], raw["last_year"] + 1)),
        counties=tuple((c["code"], c["name"]) for c in raw["county"]),
        districts=tuple(District(**d) for d in raw["district"]),
        totals=(raw["population"]["total_first_year"], raw["population"]["total_last_year"]),
        sea=tuple(map(tuple, raw["outside"]["sea"])),
        land=tuple(map(tuple, raw["outside"]["land"])),
        river_banks=tuple(map(tuple, raw["river"]["banks"])),
        origin=(plan["lon"], plan["lat"]),
        km_per_degree=(plan["km_per_degree_lon"], plan["km_per_degree_lat"]),
        roughness={k: raw["roughness"][k] for k in ("coast", "river", "land")},
        halvings=raw["roughness"]["halvings"],
        outline_seed=plan["outline_seed"],
    )
