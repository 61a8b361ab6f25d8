"""What a slide says and shows, and what a whole briefing says of itself; nothing here draws or asks."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from ui.cards.content import Titled
from ui.charts.figure import Figure


@dataclass(frozen=True)
class Slide:
    """One card of a briefing, or what stands in its place.

    Attributes
    ----------
    key
        Page and card, such as ``trends/trend``; unique in a deck.
    section
        Where it belongs: the title of its page, or of its place in the standard order.
    headline
        What the figures say, in the words of the card; or the briefing's own title for it.
    finding
        The words of the card where the briefing has a title of its own; empty otherwise.
    chips
        Filters that the card does not follow, such as "Whole region".
    subtitle
        Measure, unit, place, period and filters.
    figure
        A Plotly figure as plain values, in the colours of the light theme; None where there is no chart.
    drawing
        HTML of a drawing that is no Plotly figure; empty otherwise. The tables say the same.
    tables
        The figures as tables.
    caption
        What is this card's own: hidden numbers, partial sums, notes.
    source
        Where the figures come from and as of when, and how they are protected.
    alt
        The chart in words.
    notes
        Source, filters, what to be careful with, what is not shown.
    note
        The own note of whoever speaks: nothing that is handed out shows it.
    changed
        What is different from the release that the briefing was made with; empty where nothing is.
    link
        Address of the card.
    missing
        Why there is nothing to show; the slide then has no figure and no table.
    drawn
        The part of the caption that says how the figure is read: no word for a table in its place.
    """

    key: str
    section: str
    headline: str
    finding: str = ""
    chips: tuple[str, ...] = ()
    subtitle: str = ""
    figure: Figure | None = None
    drawing: str = ""
    tables: Sequence[Titled] = ()
    caption: str = ""
    source: str = ""
    alt: str = ""
    notes: tuple[str, ...] = ()
    note: str = ""
    changed: str = ""
    link: str = ""
    missing: str = ""
    drawn: str = ""

    @property
    def spoken(self) -> tuple[str, ...]:
        """What stands beside a slide for whoever speaks: the own note first."""
        return tuple(dict.fromkeys(filter(None, (self.note, *self.notes))))


@dataclass(frozen=True)
class Deck:
    """A whole briefing, ready to be shown or written.

    Attributes
    ----------
    title, place
        What it is called; the place it is about.
    period
        Area, period and filters in words.
    as_of, next_update, contact
        Days in words, and whom to ask; empty where the deployment says nothing.
    reported
        That reported is not prevalence.
    protection
        How the figures are protected; empty where none is.
    synthetic
        That the data are made up; empty for real data.
    stamp
        What stands on every slide of a release that is not for everybody; empty for the public one.
    release_id, version
        Which release, which program.
    paper
        What the place prints on: ``a4`` or ``us-letter``.
    name_begins
        How the name of a file begins, so that it is told from a public one.
    notices
        What could not be opened, in sentences: for whoever makes the file, never on it.
    slides
        In order.
    """

    title: str
    place: str
    period: str
    as_of: str
    reported: str
    release_id: str
    version: str
    next_update: str = ""
    contact: str = ""
    protection: str = ""
    synthetic: str = ""
    stamp: str = ""
    paper: str = "a4"
    name_begins: str = ""
    notices: tuple[str, ...] = ()
    slides: tuple[Slide, ...] = field(default_factory=tuple)

    @property
    def marks(self) -> list[str]:
        """What a file says of its release to programs: its id, its stamp, that it is made up."""
        return [one for one in (f"release {self.release_id}", self.stamp, self.synthetic) if one]
