"""What a page is made of, as declarations: sections of cards, and the choices that belong to the page.

A page is a tuple of `Section`; `ui.cards.page.draw` asks everything in one look-up and draws it. Python
and not TOML, because types check it and special drawings are functions.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from analysis import Answer
from analysis.catalog.model import NOT_RECORDED
from analysis.findings.finding import Finding
from analysis.findings.scope import Scope, scope_of
from ui.cards.table import Table
from ui.charts.figure import Figure

if TYPE_CHECKING:
    from ui.view.view import View

IN_ADDRESS = "address"
WHOLE = ("", "all", "nation")  # codes of a choice of places that stand for all of them
Codes = Callable[["View"], tuple[str, ...]]
Where = Mapping[str, "tuple[str, ...] | Choice | tuple[Choice, ...] | Codes"]
"""Dimension to codes, a function of the view that gives them (`known`, `in_group`), or a choice of one;
of several choices the last that is not `WHOLE` counts.
"""
Options = (
    Mapping[str, str] | Callable[["View"], Mapping[str, str]] | Callable[["View", str], Mapping[str, str]]
)


@dataclass(frozen=True)
class Choice:
    """A choice of one page, such as what its bars are divided by; kept in the address under its name.

    Attributes
    ----------
    name, label
        Address parameter; words above the picker.
    options
        Codes to words in order, or a function of the view that gives them. A choice with fewer than two is
        not drawn.
    under
        Another choice that `options` depend on, as counties do on their state: the function then gets its
        code as well.
    default
        Code when the address says nothing; the first option where it is not one of them.
    style
        "select" for a list, "segments" for a row of two to five buttons, `IN_ADDRESS` for a choice that a
        drawing of the page offers in its own way, such as an area on a map.
    """

    name: str
    label: str
    options: Options
    default: str = ""
    style: str = "segments"
    under: "Choice | None" = None

    def of(self, view: "View", picked: Mapping[str, str]) -> dict[str, str]:
        """Return the options for a view and what is picked of the choices before it."""
        if not callable(self.options):
            return dict(self.options)
        given = (view,) if self.under is None else (view, picked[self.under.name])
        return dict(self.options(*given))


Periods = Callable[["View"], tuple[str, str] | None]


@dataclass(frozen=True)
class Ask:
    """One question: a measure, its divisions, its own filters.

    `measure`, `by` and `where` may hold a `Choice`: its code then is the measure, the dimension (an empty
    code divides by nothing), or the code to keep to (one of `WHOLE` keeps all). A part may be a function
    of what is picked. `settled` keeps it to the newest complete year, and
    `parts` are other parts of `Question`, such as ``area_level``. `region` leaves the filter by area out;
    with `everywhere` it keeps the period and the collection of the page and no other filter. `periods` gives
    the periods of a page that looks at others than the chosen ones, such as the newest three years; None
    keeps those.
    """

    measure: "str | Choice"
    by: tuple[str | Choice, ...] = ()
    where: Where = field(default_factory=dict)
    settled: bool = False
    parts: Mapping[str, Any] = field(default_factory=dict)
    region: bool = False
    everywhere: bool = False
    periods: Periods | None = None

    def measure_of(self, picked: Mapping[str, str]) -> str:
        """Return the code of the measure."""
        return picked[self.measure.name] if isinstance(self.measure, Choice) else self.measure


Asks = Mapping[str, Ask] | Callable[["View"], Mapping[str, Ask]]


@dataclass(frozen=True)
class Shown:
    """What a card has when it is drawn: its answers by name (its own under an empty name), and choices."""

    view: "View"
    card: "Card"
    answers: Mapping[str, Answer]
    picked: Mapping[str, str]

    @property
    def answer(self) -> Answer:
        """The card's own answer."""
        return self.answers[""]

    @property
    def scope(self) -> Scope:
        """Which of the page's filters the card follows."""
        return scope_of(self.answer, self.view.filters)

    def scope_of(self, name: str) -> Scope:
        """Return the scope of a further answer."""
        return scope_of(self.answers[name], self.view.filters)

    def has(self, name: str) -> bool:
        """Return whether a further answer is there and shows something."""
        answer = self.answers.get(name)
        return answer is not None and not answer.refusal and not answer.all_hidden


Say = Callable[[Shown], Finding]
Chart = Callable[[Shown], Figure | str | None]
Notes = Callable[[Shown], list[str]]


@dataclass(frozen=True)
class Card:
    """One figure with its words, its table, its download and its link.

    Attributes
    ----------
    key
        Unique on the page; also the anchor of its link.
    measure, by, where, settled, parts, everywhere, periods
        As `Ask`.
    chart
        "auto", "line", "panels", "bars", "grid", "cumulative", or a function that returns a figure or HTML.
    say
        Makes the finding of the headline; what the divisions suggest when None.
    more
        Further questions by name, for the headline, the chart or the table.
    in_table
        Names of further answers whose rows stand in the table and the download as well. With a `chart` of its
        own, the first of them that is there stands in for a measure without figures.
    notes
        What only this card must say.
    wide
        Takes the whole width; otherwise two stand side by side.
    laws
        Marks laws on a line; with a `Choice`, those that it names.
    prepare
        Makes of the answer what is drawn, put in the table and downloaded, such as sums of twelve months.
    coarser
        A choice of steps, the coarsest first: where all is hidden, a button leads to the next coarser one.
    waves
        A survey: periods in which nobody was asked are left out, as they are no gap.
    coloured
        Bars in the colours of their codes.
    title
        What the card is about, or a function of the view that gives it, where nothing of it can be drawn; the
        measure's label when empty.
    measure_of
        A choice of the page that gives the measure in place of `measure`.
    lacks
        Returns what was not loaded although the measure is there, such as agreements: the section then says
        it once in place of the card.
    needs
        What is said in the card's place where its measure has no figures; nothing is when None.
    drawn
        The part of its notes that says how the drawing is read: no word for a table in its place.
    """

    key: str
    measure: str | Choice
    by: tuple[str | Choice, ...] = ()
    where: Where = field(default_factory=dict)
    settled: bool = False
    parts: Mapping[str, Any] = field(default_factory=dict)
    chart: str | Chart = "auto"
    say: Say | None = None
    more: Mapping[str, Ask] = field(default_factory=dict)
    in_table: tuple[str, ...] = ()
    notes: tuple[str, ...] | Notes = ()
    wide: bool = False
    laws: bool | Choice = False
    prepare: Callable[[Shown], Answer] | None = None
    coarser: Choice | None = None
    waves: bool = False
    coloured: bool = False
    title: "str | Callable[[View], str]" = ""
    measure_of: Choice | None = None
    lacks: "Callable[[Shown], Needs | None] | None" = None
    needs: "Needs | None" = None
    everywhere: bool = False
    periods: Periods | None = None
    drawn: str = ""

    def asks(self, _view: "View") -> dict[str, Ask]:
        """Return all its questions by name; its own under an empty name."""
        own = Ask(
            self.measure,
            self.by,
            self.where,
            self.settled,
            self.parts,
            everywhere=self.everywhere,
            periods=self.periods,
        )
        return {"": own, **self.more}


@dataclass(frozen=True)
class Facts:
    """What a card about a register or a drawing of its own shows, already in rounded words.

    `finding` is the headline. `figure` may be a function that draws a choice of its own and returns HTML.
    `answers` are those it is made of: their hidden numbers and sources are told. `below` is HTML under the
    figure that belongs to it, such as a legend. `above` are rows on top of the table on the screen,
    such as the sums that the headline names; the download has rows of one kind only. `register` is the list
    that it is made of, which can be taken along whole. `drawn` is the part of the caption that says how the
    drawing is read; `derived` the number of the catalog's that it shows, whose definition a briefing tells.
    """

    finding: Finding
    table: Table
    subtitle: str
    caption: str = ""
    figure: Figure | str | Callable[[], str] | None = None
    alt: str = ""
    answers: tuple[Answer, ...] = ()
    table_below: bool = False
    scope: Scope = field(default_factory=Scope)
    below: str = ""
    above: tuple[tuple[str, ...], ...] = ()
    register: str = ""
    drawn: str = ""
    derived: str = ""


@dataclass(frozen=True)
class FactCard:
    """A card whose table is made by a function: a register, or what several answers say together.

    `make` gets the view and the answers of `more` by name, and the code of `choice` where there is one; None
    where there is nothing to show, `Needs` where something was not loaded. `title` is what the card is about,
    where none of its questions can be asked with the filters.
    """

    key: str
    make: Callable[..., "Facts | Needs | None"]
    more: Asks = field(default_factory=dict)
    wide: bool = True
    measure: str = ""
    title: str = ""
    choice: Choice | None = None

    def asks(self, view: "View") -> dict[str, Ask]:
        """Return its questions by name."""
        return dict(self.more(view) if callable(self.more) else self.more)


@dataclass(frozen=True)
class Drawing:
    """What is truly special: a function that draws it all, such as a map or a what-if.

    `slides` are the keys of the cards that it draws and that can be slides; none of what is no figure, such
    as a picker or a text.
    """

    key: str
    draw: Callable[["View", Mapping[str, Answer]], None]
    more: Asks = field(default_factory=dict)
    wide: bool = True
    measure: str = ""
    slides: tuple[str, ...] = ()

    def asks(self, view: "View") -> dict[str, Ask]:
        """Return its questions by name."""
        return dict(self.more(view) if callable(self.more) else self.more)


AnyCard = Card | FactCard | Drawing


@dataclass(frozen=True)
class Needs:
    """What a section is about, and the table whose loading brings it: "Reports by channel", "tip".

    `measures` or `registers`: with any of them the section has something to show; all of its cards' measures
    when both are empty.
    """

    what: str
    table: str
    measures: tuple[str, ...] = ()
    registers: tuple[str, ...] = ()


@dataclass(frozen=True)
class Section:
    """A part of a page under a heading.

    `cards` are open; `more` stand behind "More figures". `needs` says what would be here; `choices` are
    drawn above the cards. `only_with` names measures or registers without which the section is not there, and
    `when` says of a view whether it is.
    """

    title: str
    cards: tuple[AnyCard, ...]
    more: tuple[AnyCard, ...] = ()
    needs: Needs | None = None
    choices: tuple[Choice, ...] = ()
    only_with: tuple[str, ...] = ()
    when: Callable[["View"], object] | None = None

    @property
    def all_cards(self) -> tuple[AnyCard, ...]:
        """Open cards, then those behind "More figures"."""
        return (*self.cards, *self.more)


Page = tuple[Section, ...]


def slides_of(card: AnyCard) -> tuple[str, ...]:
    """Return the keys under which what a card draws can be slides: its own, of a drawing those it names."""
    return card.slides if isinstance(card, Drawing) else (card.key,)


def known(dimension: str) -> Codes:
    """Return all codes of a dimension but "not recorded", for the `where` of a card."""

    def codes(view: "View") -> tuple[str, ...]:
        return tuple(code for code in view.catalog.dimensions[dimension].codes if code != NOT_RECORDED)

    return codes


def in_group(dimension: str, group: str) -> Codes:
    """Return the codes of a dimension that lie in one of its groups, for the `where` of a card."""

    def codes(view: "View") -> tuple[str, ...]:
        categories = view.catalog.dimensions[dimension].categories
        return tuple(one.code for one in categories if one.group == group)

    return codes


def choices_of(page: Page) -> tuple[Choice, ...]:
    """Return the choices that a page declares, each once, in order."""
    found: dict[str, Choice] = {}
    for section in page:
        for choice in section.choices:
            found.setdefault(choice.name, choice)
    return tuple(found.values())
