"""What a page is given: the catalog, the release, the filters, and the one door to answers."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode

import streamlit as st

from analysis import Answer, Catalog, Choices, Filters, Measure, Question
from analysis import periods as period_words
from analysis.api.addresses import ROOT
from analysis.api.parameters import ONE_QUESTION
from analysis.api.questions import asked_as
from analysis.catalog.model import OWN, ROSTER
from analysis.exports import ExportContext, ExportItem, export_context, export_items
from analysis.exports.words import protection
from analysis.questions import years
from analysis.questions.divisions import dimensions_of
from analysis.release.archive import Archive
from analysis.release.held_measures import has_figures, joined_levels
from analysis.release.release import Collection, Release
from ui import format as text
from ui import theme
from ui.view import registry
from ui.view.controls import FIGURES, NOT_CHOSEN, OF_PARTNERS, RELEASE
from ui.view.kept import of_profile
from ui.view.still import current as current_still


@dataclass(frozen=True)
class View:
    """Everything a page may use.

    Attributes
    ----------
    page
        The page's line in the registry.
    catalog, release
        The catalog and the open release. `release` is None only on pages shown with ``needs_release=False``.
    filters, choices
        The shared filters of the sidebar, and what they could be (codes to words).
    palette
        Colours of the theme the reader sees; hand it to charts.
    phone
        Whether the reader's window is as narrow as a phone's.
    told
        The answers that cards of the page have shown so far.
    said
        What captions of the page have said so far.
    picked
        Codes of the page's own choices by name (`ui.cards.card.Choice`), as far as they are read.
    reader
        Who signed in to see figures that are not public; empty otherwise.
    archive
        The releases that the reader may choose from.
    pinned
        Id of the release that the address names; empty where it names none.
    held
        Which measures have figures, as far as it was asked (`has`).
    """

    page: registry.PageEntry
    catalog: Catalog
    release: Release | None
    filters: Filters
    choices: Choices
    palette: theme.Palette
    phone: bool = False
    told: list[Answer] = field(default_factory=list, compare=False)
    said: set[str] = field(default_factory=set, compare=False)
    picked: Mapping[str, str] = field(default_factory=dict, compare=False)
    reader: str = ""
    archive: Archive = field(default_factory=Archive)
    pinned: str = ""
    held: dict[tuple[str, str, str | None], bool] = field(default_factory=dict, compare=False)

    @property
    def profile(self) -> str:
        """The profile of the release: public, partner or steward."""
        return self.release.profile if self.release else "public"

    @property
    def place(self) -> str:
        """The place the release describes, in its keeper's words; empty when the keeper gave none."""
        return self.release.place if self.release else ""

    @property
    def place_name(self) -> str:
        """The place for a title: the keeper's words, else the name of the whole geography."""
        if self.release is None or self.release.place:
            return self.place
        held = self.release.areas
        codes = [self.collection.geography] if self.collection else list(held)
        tops = [held[code].areas[top].name for code in codes if code in held for top in held[code].at(0)]
        return tops[0] if len(tops) == 1 else "This area"

    @property
    def protection(self) -> str:
        """How the numbers were protected; empty where none of them is of people or the task force's own."""
        release = self.release
        if release is None or not (
            release.collections or any(source == OWN for source, _ in release.observed)
        ):
            return ""  # those of others are exact
        return protection(self.profile, release.threshold, release.d)

    def measure(self, code: str) -> Measure:
        """Return a measure of the catalog."""
        return self.catalog.measures[code]

    @property
    def collection(self) -> Collection | None:
        """The collection of people that is shown: the chosen one, or the task force's own."""
        held = self.release.collections if self.release else ()
        chosen = self.filters.collection
        return next((one for one in held if chosen in (None, one.collection)), None)

    def measures(self, page: str) -> tuple[Measure, ...]:
        """Return the measures the catalog lists for a page that this release has figures for."""
        return tuple(one for one in self.catalog.measures_of(page) if self.has(one.code))

    def has(self, measure: str) -> bool:
        """Return whether this release has figures for a measure; False for a code that is none."""
        if self.release is None:
            return False
        asked = (self.release.release_id, measure, self.filters.collection)
        if asked not in self.held:
            self.held[asked] = has_figures(self.release, self.catalog, measure, self.filters.collection)
        return self.held[asked]

    def has_register(self, code: str) -> bool:
        """Return whether a register of the release has rows."""
        known = self.release is not None and code in self.catalog.registers
        return known and bool(self.rows(code))

    def rows(self, register: str) -> list[dict[str, Any]]:
        """Return the rows of a register; none where nothing of the kind was loaded."""
        return self.release.register(register).to_dicts() if self.release else []

    @property
    def as_of(self) -> datetime.date:
        """The day the release describes: agreements and awards are looked at on it."""
        return self.release.as_of if self.release else datetime.date.min

    @property
    def settled_year(self) -> str | None:
        """The newest year inside the chosen periods that is no longer filling up."""
        first, last = self.filters.periods or (self.choices.first_period, self.choices.last_period)
        if not (first and last):
            return None
        late = self.catalog.protection.provisional_months
        ends = period_words.code_of(period_words.span_of(last).last, "year")
        is_newest = ends >= self.choices.last_period[:4]
        return period_words.newest_complete_year(first, last, late if is_newest else 0)

    def joined_levels(self, measure: str) -> Mapping[str, str]:
        """Return the half-years and fiscal years that a measure can be added up by; none but for counts."""
        if self.release is None or self.collection is None:
            return {}
        return joined_levels(self.release, self.catalog, measure, self.collection.collection)

    def is_multi(self, dimension: str) -> bool:
        """Return whether one person can be in several categories of a dimension."""
        entry = self.catalog.dimensions.get(dimension)
        return entry is not None and entry.multi

    def tell(self, answers: Sequence[Answer]) -> None:
        """Note what a card has shown: the page names its sources and coverage once, at the end."""
        self.told.extend(answers)

    def splits(self, measure: str) -> dict[str, str]:
        """Return what a measure can be split by, codes to words; the first is the default."""
        entry = self.catalog.measures[measure]
        if entry.share_of and entry.kind != "quantile":
            return {entry.share_of: self.header(entry.share_of)}
        names = self.dimensions_of(measure)
        return {"": "Nothing"} | {
            name: self.header(name) for name in names if name in self.catalog.dimensions
        }

    def dimensions_of(self, measure: str) -> tuple[str, ...]:
        """Return what a measure can be divided by, besides the period and the area."""
        return dimensions_of(self.catalog.measures[measure], self.catalog)

    def question(self, measure: str, by: Sequence[str] = (), **parts: Any) -> Question:
        """Return a question that keeps the shared filters the measure can be divided by.

        Parameters
        ----------
        measure, by, **parts
            As in `Question`. Parts given here win over the filters; ``where`` is added to them. Years are
            those that the period is chosen by (`ui.view.years`), unless a level is given.
        """
        allowed = self.applied_filters(measure)
        if "period" in by:
            ends, entry = parts.get("periods", allowed.periods), self.measure(measure)
            level = parts.setdefault("period_level", years.year_of(entry, self.joined_levels(measure), ends))
            parts["periods"] = years.rows_of(level, ends)
        return allowed.question(measure, by, **parts)

    def applied_filters(self, measure: str) -> Filters:
        """Return the shared filters that a measure can keep.

        Filters by what the measure is not divided by are left out. Figures published by others keep the
        period only: they are of other places and people.
        """
        entry = self.catalog.measures[measure]
        if entry.kind == "ratio":
            both = [self.applied_filters(code) for code in (entry.above, entry.below)]
            where = tuple(pair for pair in both[0].where if pair in both[1].where)
            areas = both[0].areas if both[0].areas == both[1].areas else ()
            return Filters(areas, self.filters.periods, where, both[1].collection or both[0].collection)
        if not entry.subject:
            kept = tuple(pair for pair in self.filters.where if pair[0] in entry.dimensions)
            areas = self.filters.areas if self._has_areas(entry) else ()
            return Filters(areas, self.filters.periods, kept)
        names = self.catalog.subjects[entry.subject].dimensions
        kept = tuple(pair for pair in self.filters.where if pair[0] in names)
        return Filters(self.filters.areas, self.filters.periods, kept, self.filters.collection)

    def _has_areas(self, entry: Measure) -> bool:
        """Return whether figures are of the task force's own areas; money and agreements have none."""
        held = self.release.observed if self.release else {}
        series = held.get((entry.source, entry.observation))
        return entry.is_own_figure and bool(series and series.geography)

    def left_out(self, measure: str) -> list[str]:
        """Return the words of the shared filters that a measure cannot keep."""
        kept = self.applied_filters(measure)
        lost = [self.header(name).lower() for name, _ in self.filters.where if name not in dict(kept.where)]
        return lost + (["area"] if self.filters.areas and not kept.areas else [])

    def answer(self, questions: Sequence[Question], *, strict: bool = True) -> list[Answer]:
        """Answer all questions of a page in one look-up; answers are kept per release.

        Parameters
        ----------
        questions
            Best made with `question`.
        strict
            Whether a question that cannot be asked raises; otherwise its answer carries a `refusal`.

        Raises
        ------
        analysis.errors.QuestionError
            When `strict`. `frame.show` turns it into words on the page.
        """
        if self.release is None:
            return []
        answers = of_profile(self.profile).answer(self.release, questions)
        refused = next((answer.refusal for answer in answers if answer.refusal), None)
        if strict and refused:
            raise refused
        return answers

    def words(self, dimension: str, code: str) -> str:
        """Return the words for a code of a dimension, an area or a contributor."""
        if dimension == "area":
            return self.choices.areas.get(code, code)
        if dimension == "source":
            return self.choices.sources.get(code, code)
        if dimension == "field":
            return self.header(code)
        return self._listed(dimension).get(code) or self.catalog.label_of(dimension, code)

    def in_sentence(self, dimension: str, code: str) -> str:
        """Return the words for a code of a dimension of the catalog as they stand inside a sentence."""
        found = self.catalog.dimensions.get(dimension)
        return found.in_sentence(code) if found else code

    def _listed(self, dimension: str) -> Mapping[str, str]:
        """Return the codes and words of an open code list that is a register of the release."""
        found = self.catalog.dimensions.get(dimension)
        if self.release is None or found is None or found.codes_from in ("", ROSTER):
            return {}
        return self.release.listed(found.codes_from)

    def header(self, dimension: str) -> str:
        """Return the label of a dimension of the catalog; of a field of the records, "Field"."""
        found = self.catalog.dimensions.get(dimension)
        return found.label if found else dimension.capitalize()

    def export_context(self) -> ExportContext:
        """Return what every file of this page says about its figures: release, filters, words, link."""
        if self.release is None:
            return ExportContext(place="", as_of="", release_id="", filters=self.filters)
        context = export_context(self.release, self.catalog, self.filters, self.link())
        return replace(context, reader=self.reader)

    def export_items(self, answers: Sequence[Answer], headline: str = "") -> tuple[ExportItem, ...]:
        """Return answers as they go into a file; `headline` is what the first of them says."""
        if self.release is None:
            return tuple(ExportItem(answer) for answer in answers)
        return export_items(answers, self.release, self.catalog, [headline])

    def sentence(self, subject: str = "") -> str:
        """Return the shared filters in words: "People identified · Larkfield · 2016–2025 · forced labour"."""
        return self.described(self.filters, subject)

    def subtitle(self) -> str:
        """Return the shared filters and the profile, for a card of several measures."""
        return f"{self.sentence()} · {self.profile} release"

    def described(self, filters: Filters, subject: str = "") -> str:
        """Return filters in words; the whole range reads as years where it is whole years."""
        first, last = self.choices.first_period, self.choices.last_period
        if filters.periods is None and first.endswith("-01") and last.endswith("-12"):
            filters = replace(filters, periods=(first[:4], last[:4]))
        return filters.describe(self.catalog, self.choices, subject)

    def described_question(self, question: Question) -> str:
        """Return place, period and filters of one question in words.

        A card may look at other periods than the shared filters: at one settled year, or the newest day.
        """
        measure = self.measure(question.measure)
        # Of what a card is divided by the chart names the codes; a choice of the reader is said all the same.
        where = tuple(
            (name, codes)
            for name, codes in question.where
            if name != "area"
            and (name not in question.by or len(codes) == 1 or (name, codes) in self.filters.where)
        )
        areas = tuple(dict(question.where).get("area", ()))
        words = self.described(replace(self.applied_filters(measure.code), where=where, areas=areas))
        if question.periods != self.filters.periods:
            kept = Filters(areas, question.periods, where, question.collection)
            words = self.described(kept)
        elif measure.is_figure and not measure.is_own_figure:
            words = self.described_for(measure.code)
        if place := self._published_place(measure, areas):
            words = " · ".join([place, *words.split(" · ")[1:]])
        if self._is_newest(measure) and "period" not in question.by:
            words = " · ".join(part for part in words.split(" · ") if not part[:1].isdigit()) + " · newest"
        return words

    def _published_place(self, measure: Measure, areas: tuple[str, ...]) -> str:
        """Return where figures published by others are from; their areas are not those of the filters."""
        held = self.release.observed if self.release else {}
        series = held.get((measure.source, measure.observation))
        if self.release is None or series is None or measure.is_own_figure:
            return ""
        geography = self.release.areas.get(series.geography)
        if geography is None:
            return ""
        named = areas or geography.holding(series.areas)
        above = [geography.areas[code].parent for code in areas if code in geography.areas]
        whole = [code for code in above if code and len(areas) == 1 and code not in geography.at(0)]
        return ", ".join(geography.names[code] for code in (*named, *whole) if code in geography.names)

    def _is_newest(self, measure: Measure) -> bool:
        """Return whether a figure over several periods is the newest of them, as of places or sites."""
        above = self.catalog.measures.get(measure.above)
        return measure.over_time == "last" or bool(above and above.over_time == "last")

    def described_for(self, measure: str) -> str:
        """Return the filters of a measure in words; a published series names the periods it has."""
        entry, kept = self.measure(measure), self.applied_filters(measure)
        held = self.release.observed if self.release else {}
        series = held.get((entry.source, entry.observation))
        if series is None or entry.is_own_figure:
            return self.described(kept)
        first, last = kept.periods or (series.first, series.last)
        span = period_words.span_of
        if span(first).first < span(series.first).first <= span(last).last:
            first = series.first
        if span(last).last > span(series.last).last >= span(first).first:
            last = series.last
        return self.described(replace(kept, periods=(first, last)))

    def freshness(self) -> str:
        """Return one sentence: up to when there are figures, and as of which day they are told."""
        if self.release is None or self.collection is None:
            return ""
        newest = period_words.label_of(self.collection.last_closed_month)
        return f"Figures up to {newest}, as of {text.date_text(self.release.as_of)}."

    def link(self, card_key: str = "") -> str:
        """Return the address of this page with everything chosen on it; codes, never words of records.

        Parameters
        ----------
        card_key
            Key of a card: the address then leads to it (`ui.app.browser_script`).
        """
        still = current_still()
        base = still.base if still is not None else (st.context.url or "").split("#")[0].split("?")[0]
        address = self._address(base, self.chosen() | self._mark)
        return f"{address}#card_{card_key}" if card_key else address

    def chosen(self) -> dict[str, str]:
        """Return everything chosen on this page as its address holds it: the filters, and its own choices."""
        still = current_still()
        given = still.query if still is not None else st.query_params.to_dict()
        kept = {name: value for name, value in given.items() if value and name not in NOT_CHOSEN}
        return kept | self.filters.to_query()

    def link_to(self, page: str, **chosen: str) -> str:
        """Return the address of another page with the shared filters and choices of that page's own."""
        return self._address(page, self.filters.to_query() | chosen | self._mark)

    def link_to_package(self, answers: Sequence[Answer], register: str = "") -> str:
        """Return where answers, or else a register, are handed over as a data package; empty without any."""
        # From the folder of the page, which is the root: a proxy may have put something before it.
        asked = [("question", asked_as(answer.question)) for answer in answers if not answer.refusal]
        if not asked or len(asked) > ONE_QUESTION.most:
            return self._address(f".{ROOT}/registers/{register}", self._mark) if register else ""
        return f".{ROOT}/package?{urlencode([*asked, *self._mark.items()])}"

    @property
    def _mark(self) -> dict[str, str]:
        """What every address carries, so that whoever opens it is told: a chosen release, and whose it is."""
        pinned = {RELEASE: self.pinned} if self.pinned else {}
        return pinned | ({FIGURES: OF_PARTNERS} if self.profile == OF_PARTNERS else {})

    @staticmethod
    def _address(base: str, chosen: dict[str, str]) -> str:
        return f"{base}?{urlencode(chosen, safe=',.')}" if chosen else base
