"""What a release offers to filters beyond the catalog."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Choices:
    """What a release offers to filters beyond the catalog; codes to the words for them.

    `first_period` and `last_period` are months, between which the collection has figures; `earliest` and
    `latest` are months too, where figures that others publish begin before those or go on after them.
    `collections` are codes to labels. `within` are areas to the areas that they lie in.
    """

    areas: Mapping[str, str]
    sources: Mapping[str, str]
    collections: Mapping[str, str]
    first_period: str = ""
    last_period: str = ""
    earliest: str = ""
    latest: str = ""
    within: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def widest(self) -> tuple[str, str]:
        """The months between which a period may be chosen; empty where there are no figures."""
        return self.earliest or self.first_period, self.latest or self.last_period
