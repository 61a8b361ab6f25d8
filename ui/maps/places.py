"""Where a page about areas stands: the geography of a measure, its levels, the area a reader is in."""

from dataclasses import dataclass

from analysis import Measure
from analysis.release.places import Geography
from analysis.words import plural
from ui.maps.atlas import Atlas, atlas_of
from ui.view.view import View


@dataclass(frozen=True)
class Places:
    """The areas that a measure is divided by.

    Attributes
    ----------
    geography
        Names, levels and parents.
    atlas
        Their shapes; None when the release has none.
    """

    geography: Geography
    atlas: Atlas | None

    @property
    def levels(self) -> tuple[int, ...]:
        """Levels below the whole, coarsest first."""
        return tuple(sorted(level for level in self.geography.level_names if level > 0))

    def words(self, dimension: str, code: str) -> str:
        """Return the name of an area; `View.words` knows only those of the chosen collection."""
        return self.geography.names.get(code, "Area not recorded" if code == "not_recorded" else code)

    def level_words(self, level: int, count: int = 2) -> str:
        """Return the geography's own word for a level, such as "districts"."""
        return plural(self.geography.level_names.get(level, "area"), count)

    @property
    def whole(self) -> str:
        """The name of the whole region."""
        tops = self.geography.at(0)
        return self.geography.names[tops[0]] if len(tops) == 1 else "The whole region"

    def path(self, code: str) -> tuple[str, ...]:
        """Return the areas above an area and itself, coarsest first, without the whole."""
        if code not in self.geography.areas:
            return ()
        chain = (code, *self.geography.ancestors(code))
        return tuple(one for one in reversed(chain) if self.geography.levels[one] > 0)

    def has_inner(self, code: str) -> bool:
        """Return whether an area has areas inside it."""
        level = self.geography.levels.get(code)
        return level is not None and bool(self.geography.within(code, level + 1))


def places_of(view: View, measure: Measure) -> Places | None:
    """Return the areas of a measure; None when its figures are not divided by area.

    Parameters
    ----------
    view
        The page's view.
    measure
        A measure of people or referrals (the geography of the chosen collection), or of published figures
        (the geography of their source).
    """
    release = view.release
    if release is None:
        return None
    name = ""
    if measure.kind == "ratio":
        both = [places_of(view, view.measure(code)) for code in (measure.above, measure.below)]
        return both[0] if all(both) else None
    if measure.is_figure:
        series = release.observed.get((measure.source, measure.observation))
        name = series.geography if series else ""
    elif view.collection:
        name = view.collection.geography
    geography = release.areas.get(name)
    if geography is None or max(geography.level_names, default=0) < 1:
        return None
    return Places(geography, atlas_of(release, name))
