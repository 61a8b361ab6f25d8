"""The fictional region and its people, and the day on which its agencies are asked for their sheets."""

from dataclasses import dataclass
from datetime import date

from etl.demonstration.facts import Facts
from etl.demonstration.people.attributes import Attributes, attributes
from etl.demonstration.people.people import DAYS_A_MONTH, People, people
from etl.demonstration.region import Region
from etl.demonstration.streams import Flags


@dataclass(frozen=True)
class World:
    """Everything the sheets are drawn from.

    Attributes
    ----------
    seed : int
    facts, region : Facts, Region
    people, traits : People, Attributes
        The truth, n people, on a list or not.
    as_of : datetime.date
        The day of looking: what comes in later is not there yet.
    """

    seed: int
    facts: Facts
    region: Region
    people: People
    traits: Attributes
    as_of: date

    @property
    def last_month(self) -> int:
        """Month of looking, as a position from the first month."""
        return self.facts.position(f"{self.as_of.year:04d}-{self.as_of.month:02d}")

    @property
    def last_day(self) -> int:
        """Day of looking, in fictional days from the first."""
        return self.last_month * DAYS_A_MONTH + min(self.as_of.day, DAYS_A_MONTH) - 1

    @property
    def seen(self) -> Flags:
        """Who is on a list and whose record had come in: bool (n,)."""
        return self.people.seen_by(self.last_month)

    def district_names(self, area_as: str) -> list[str]:
        """Return how a contributor writes the districts: by ``code`` or by ``name``."""
        return [district.code if area_as == "code" else district.name for district in self.region.districts]


def world(seed: int, persons: float, as_of: date | None, facts: Facts, region: Region) -> World:
    """Make the region's people; ``persons`` of them, about, come to be identified."""
    everyone = people(seed, persons, facts, region)
    traits = attributes(seed, everyone, facts, region)
    return World(seed, facts, region, everyone, traits, as_of or facts.as_of)
