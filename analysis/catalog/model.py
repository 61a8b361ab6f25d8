"""The catalog: what is counted, by what, with which words. Typed, frozen, validated once.

Files of ``data/catalog``: ``dimensions/*.toml``, ``subjects/*.toml``, ``measures/*.toml``,
``derived/*.toml``, ``registers/*.toml``, ``sources/*.toml``, ``editions/*.toml``, ``caveats.toml``,
``glossary.toml`` and ``protection.toml``. Reading them is in `analysis.catalog.load`.
"""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from analysis.catalog.area_changes import Editions
from analysis.catalog.registers import Register

NOT_RECORDED = "not_recorded"
KINDS = ("count", "share", "rate", "published", "context", "amount", "ratio", "quantile")
ROSTER = "collection"  # an open code list: the contributors
PROTECTED = "protection"  # the caveat that says how numbers of people are protected
OWN = "own"  # the source of own figures: of organisations, places, money and events, not of persons
PROFILES = ("public", "partner", "steward")
PERCENT = "percent"  # a ratio that is written as 84%: unlike a share it can be above 100
PILLARS = ("prevention", "protection", "prosecution", "partnership")  # in the order of the dimension
DOORS = ("person", "business", "published", "none")
#: Tables of a release that can be read whole, beside its registers.
RELEASE_TABLES = (
    "info",
    "collection",
    "observation",
    "area",
    "area_shape",
    "area_population",
    "area_context",
    "law_provision",
    "source",
    "load_summary",
    "left_out_summary",
    "rejected_summary",
    "table_summary",
    "orphan_summary",
    "coverage",
    "revision",
    "hidden_population",
    "hidden_overlap",
    "hidden_agreement",
    "completeness",
    "held",
    "anonymity",
    "series",
)

Filter = tuple[tuple[str, tuple[str, ...]], ...]
"""Dimension and codes, in the order of the file: (("decision", ("accepted",)), …)."""


def lower_first(text: str) -> str:
    """Return a label as it reads inside a sentence; words in capitals stay."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


@dataclass(frozen=True)
class Category:
    """One code of a dimension; `slot` is its place in the colour set, `group` the coarser code.

    `low` is where a band of a duration begins, in the `unit` of its dimension; it ends where the next band
    begins, and the last one has no end. A category without `low` is no band (such as "undecided": it has
    waited longer than every band can say).
    """

    code: str
    label: str
    slot: int | None = None
    group: str | None = None
    low: float | None = None


@dataclass(frozen=True)
class Dimension:
    """One way to divide what is counted.

    `multi`: one person or referral may be in several categories, so categories do not add up.
    `codes_from` says where the codes are that are not in the file: `ROSTER`, the contributors of a
    collection, or the code of a register with the columns ``code`` and ``label``. `common`: where labels are
    names that keep their capitals inside a sentence, such as countries, the codes whose labels are not.
    `recorded_for`: whom it is asked of at all, as a dimension and its codes; for others a blank is no gap.
    `every` are the words for all of it, such as "All ages", beside a figure that cannot follow its filter.
    `reach` is how a sentence says "up to this one" of ordered categories: "{} or younger", "within {}".
    `unit`: what durations divided into bands are counted in, "days" or "hours". `closed`: the end that a band
    includes, as in Polars and pandas. "left": it begins with its `low` and ends before the next band's.
    "right": a duration that is exactly the next band's `low` still belongs to it ("within 24 hours").
    """

    code: str
    label: str
    description: str
    categories: tuple[Category, ...]
    family: str = ""
    ordered: bool = False
    multi: bool = False
    standard: str = ""
    codes_from: str = ""
    common: tuple[str, ...] = ()
    recorded_for: tuple[str, tuple[str, ...]] | None = None
    every: str = ""
    reach: str = ""
    unit: str = ""
    closed: str = "left"

    @property
    def bands(self) -> tuple[tuple[str, float], ...]:
        """Code and low end of each band of a duration, shortest first; empty when it has none."""
        return tuple(
            (category.code, category.low) for category in self.categories if category.low is not None
        )

    @property
    def codes(self) -> tuple[str, ...]:
        """Codes in the order of the file."""
        return tuple(category.code for category in self.categories)

    @property
    def divides_another(self) -> bool:
        """Whether its categories are parts of those of another dimension, as age bands are."""
        return any(category.group is not None for category in self.categories)

    @property
    def known_codes(self) -> tuple[str, ...]:
        """Codes without 'not recorded'."""
        return tuple(code for code in self.codes if code != NOT_RECORDED)

    def label_of(self, code: str) -> str:
        """Return the words for a code; the code itself where the file has none.

        Published figures name combinations by their parts (``forced_labour+domestic_servitude``).
        """
        if "+" in code:
            first, *others = code.split("+")
            return " and ".join([self.label_of(first), *map(self.in_sentence, others)])
        return next((category.label for category in self.categories if category.code == code), code)

    def in_sentence(self, code: str) -> str:
        """Return the words for a code as they read inside a sentence: names keep their capitals."""
        words = self.label_of(code)
        is_name = bool(self.codes_from) or (bool(self.common) and code.partition("+")[0] not in self.common)
        return words if is_name or words == code else lower_first(words)


@dataclass(frozen=True)
class Subject:
    """One thing that is counted under the protection, such as a person or a referral.

    `stages` are the tables of the stage whose files report on it (by default the one of its own name).
    `key` is the column that identifies a record. `person` is the column with the person whom a record is
    about, where there is one: its noise is then the person's. `always` are dimensions that divide every
    table: without them a person would be in a cell several times. `lists` is the kind of attribute that says
    which agencies list a person: how many are on none is estimated from it, and no cell is divided by it;
    `list_names` are the kinds of agencies that may be named. `entered` is the kind of attribute that says
    after how many months a record was entered: how complete the newest months are is learnt from it.
    """

    code: str
    label: str
    unit: str
    table: str
    key: str
    door: str
    core: tuple[str, ...]
    detail: tuple[str, ...]
    limits: Mapping[str, int]
    detail_limits: Mapping[str, int]
    area_levels: tuple[int, ...] = (1, 2)
    stages: tuple[str, ...] = ()
    person: str = ""
    always: tuple[str, ...] = ()
    lists: str = ""
    entered: str = ""
    list_names: Mapping[str, str] = field(default_factory=dict)

    @property
    def dimensions(self) -> tuple[str, ...]:
        """Core dimensions, then detail dimensions."""
        return self.core + self.detail


@dataclass(frozen=True)
class Measure:
    """One number with a name: what it is, how it is made, where it was seen in use.

    `numerator` and `denominator` are filters; `share_of` names the dimension of which each category's
    share is taken instead, and `per_field` takes the share of 'not recorded' of each dimension.
    `known_only` leaves 'not recorded' out of the base. `per` is the size of population a rate is for.
    `source` and `observation` name the figures of a measure that is not counted under the protection:
    those of others behind the door "published", own ones (`source` is "own") behind
    "business" and "none".
    `over_time` says whether such figures add up over months ("sum") or the newest holds ("last").
    A ratio divides one measure by another (`above`, `below`), times `per` where it is given. A quantile is
    read off the bands of the dimension `share_of`. A count with a `numerator` counts these categories only.
    `total_of` names an own figure behind "business" whose total over all its divisions it is.
    `pillar` is what it tells about on the scorecard: protection, prosecution, prevention or partnership.
    `headline_of` is the topic page that it is the first choice for on the Overview's line about that page.
    `leads` is how a sentence names its largest category: "Most reports come by {first}, {value}; {then}".
    `arrow` is always "neutral": more reports may be good news.
    """

    code: str
    label: str
    short: str
    unit: str
    kind: str
    door: str
    definition: str
    formula: str
    sources: tuple[str, ...]
    owner: str
    reviewed: datetime.date
    subject: str = ""
    numerator: Filter = ()
    denominator: Filter = ()
    share_of: str = ""
    per_field: bool = False
    known_only: bool = False
    per: float = 0
    population_split: tuple[str, ...] = ()
    source: str = ""
    observation: str = ""
    observation_base: str = ""
    dimensions: tuple[str, ...] = ()
    absent: str = "not_reported"
    over_time: str = "sum"
    total_of: str = ""
    above: str = ""
    below: str = ""
    quantile: float = 0.0
    digits: int = 0
    why_no_door: str = ""
    standard: str = ""
    caveats: tuple[str, ...] = ()
    pages: tuple[str, ...] = ()
    order: int = 100
    arrow: str = "neutral"
    pillar: str = ""
    headline_of: str = ""
    leads: str = ""

    @property
    def has_one_value(self) -> bool:
        """Whether it is one number a period, not one for each category or field."""
        return not self.per_field and (not self.share_of or self.kind == "quantile")

    @property
    def is_sum(self) -> bool:
        """Whether its numbers are sums: one without some of its parts is at least what it says."""
        return self.kind in ("count", "published", "context", "amount")

    @property
    def written_as(self) -> str:
        """How its numbers are written: as its kind, or ``percent`` for a ratio in per cent (occupancy)."""
        return PERCENT if self.kind == "ratio" and self.unit.startswith("%") else self.kind

    @property
    def is_figure(self) -> bool:
        """Whether its numbers are figures of the table ``observation``, not protected cells."""
        return bool(self.observation)

    @property
    def is_own_figure(self) -> bool:
        """Whether they are the task force's own figures: of its own areas and periods."""
        return self.is_figure and self.source == OWN


@dataclass(frozen=True)
class Derived:
    """A number that a page works out from answers, registers and tables, and that cannot be asked for.

    `measures`, `registers` and `tables` are what it is made from; `worked_out_in` is the module of `analysis`
    that does it. `door` is by which rule what it is made from was released, and `why_shown` says why the
    result may be shown as well.
    """

    code: str
    label: str
    unit: str
    definition: str
    formula: str
    measures: tuple[str, ...]
    registers: tuple[str, ...]
    tables: tuple[str, ...]
    worked_out_in: str
    door: str
    why_shown: str
    sources: tuple[str, ...]
    owner: str
    reviewed: datetime.date
    pages: tuple[str, ...]
    caveats: tuple[str, ...] = ()
    order: int = 100


@dataclass(frozen=True)
class Source:
    """A published data source this version can load, as the Methods page cites it."""

    code: str
    label: str
    publisher: str
    unit: str
    licence: str
    citation: str
    rule: str
    url: str = ""
    description: str = ""
    caveats: tuple[str, ...] = ()
    extra: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Caveat:
    """A sentence that measures and sources cite by code."""

    code: str
    text: str


@dataclass(frozen=True)
class Term:
    """One entry of the glossary."""

    code: str
    term: str
    meaning: str


@dataclass(frozen=True)
class Glossary:
    """The terms a reader may not know, in alphabetical order."""

    terms: tuple[Term, ...]

    def meaning_of(self, code: str) -> str:
        """Return the meaning of a term, or an empty text."""
        return next((term.meaning for term in self.terms if term.code == code), "")


@dataclass(frozen=True)
class Protection:
    """The parameters of the protection and the smallest bases of what is computed from protected numbers."""

    methods_version: int
    noise_d: int
    noise_v: float
    noise_js: int
    keys: int
    threshold: Mapping[str, int]
    settle_months: int
    provisional_months: int
    revisions_per_year: int
    minimum_corrections: int
    base_share: int
    rate_unreliable_below: int
    rate_not_shown_below: int
    base_median: int
    change: int
    opening_share_shown: float
    business_minimum_organisations: int
    business_largest_share: float
    business_p_percent: float
    file_sha256: str


@dataclass(frozen=True)
class Catalog:
    """Everything in ``data/catalog``, by code; `sha256` is over all its files."""

    dimensions: Mapping[str, Dimension]
    subjects: Mapping[str, Subject]
    measures: Mapping[str, Measure]
    derived: Mapping[str, Derived]
    registers: Mapping[str, Register]
    sources: Mapping[str, Source]
    caveats: Mapping[str, Caveat]
    glossary: Glossary
    protection: Protection
    sha256: str
    editions: Mapping[str, Editions] = field(default_factory=dict)

    def label_of(self, dimension: str, code: str) -> str:
        """Return the words for a code of a dimension; the code itself where there are none."""
        known = self.dimensions.get(dimension)
        return known.label_of(code) if known else code

    @property
    def figure_dimensions(self) -> tuple[str, ...]:
        """Columns that divide the figures of the table ``observation``, in a fixed order."""
        return _divisions(one for one in self.measures.values() if one.is_figure)

    @property
    def published_dimensions(self) -> tuple[str, ...]:
        """Those of them that divide figures of others, whose files and tables have a column for each."""
        return _divisions(one for one in self.measures.values() if one.door == "published")

    def made_from(self, derived: Derived) -> tuple[str, ...]:
        """Return the words for what a number that a page works out is made from."""
        measures = (self.measures[code].label for code in derived.measures)
        registers = (f"the register '{self.registers[code].label}'" for code in derived.registers)
        return (*measures, *registers, *(f"the table '{name}' of the release" for name in derived.tables))

    def measures_of(self, page: str) -> tuple[Measure, ...]:
        """Return the measures of one page, in their order."""
        return tuple(measure for measure in self.measures.values() if page in measure.pages)


def _divisions(measures: Iterable[Measure]) -> tuple[str, ...]:
    return tuple(sorted({name for measure in measures for name in measure.dimensions}))
