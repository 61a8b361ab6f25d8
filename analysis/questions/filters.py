"""The filters every page shares: plain text in the address, a sentence in words, parts of a question."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from analysis import periods
from analysis.catalog.model import Catalog, lower_first
from analysis.errors import LttError, echo
from analysis.questions.question import Question, Where, normal_where
from analysis.release.choices import Choices

SHARED_DIMENSIONS = ("form", "age_group", "age_band", "gender", "citizenship_group", "status", "source")
LONGEST_VALUE = 2_000
MOST_CODES = 60


@dataclass(frozen=True)
class Filters:
    """A choice of collection, areas, periods and categories.

    Parameters
    ----------
    areas
        Area codes, sorted; empty for the whole region.
    periods
        First and last period, both inside; None for all.
    where
        Dimensions and codes, sorted.
    collection
        Code of a collection; None for the task force's own.
    """

    areas: tuple[str, ...] = ()
    periods: tuple[str, str] | None = None
    where: Where = ()
    collection: str | None = None

    def to_query(self) -> dict[str, str]:
        """Return the filters as address parameters, in a fixed order, without those that filter nothing."""
        query = {"collection": self.collection or "", "area": ",".join(self.areas)}
        query["period"] = "" if self.periods is None else "..".join(dict.fromkeys(self.periods))
        query |= {name: ",".join(codes) for name, codes in self.where}
        return {name: value for name, value in query.items() if value}

    def question(self, measure: str, by: Collection[str] = (), **parts: object) -> Question:
        """Return a question with these filters.

        Parameters
        ----------
        measure, by
            As in `Question`.
        **parts
            Other parts of the question; ``where`` is added to the filters and wins over them.
        """
        mine: dict[str, Collection[str] | str] = dict(self.where)
        if self.areas:
            mine["area"] = self.areas
        mine |= dict(normal_where(parts.pop("where", None)))  # type: ignore[arg-type]
        settings = {"periods": self.periods, "collection": self.collection, **parts}
        return Question(measure, tuple(by), mine, **settings)  # type: ignore[arg-type]

    def describe(self, catalog: Catalog, choices: Choices | None = None, subject: str = "") -> str:
        """Return the filters in words, such as "People identified · Larkfield · 2016–2025 · forced labour".

        Parameters
        ----------
        catalog
            Gives the words for categories.
        choices
            Gives the words for areas and contributors, and the range when none is chosen.
        subject
            What is counted; left out when empty.
        """
        areas = choices.areas if choices else {}
        named = _listed([areas.get(code, code) for code in self.areas])
        parts = [subject, named or "Whole region", self._period_words(choices)]
        for name, codes in self.where:
            dimension = catalog.dimensions.get(name)
            words = {code: dimension.in_sentence(code) if dimension else code for code in codes}
            if name == "source" and choices:
                words = {code: choices.sources.get(code, code) for code in codes}
            listed = _listed([words[code] for code in codes])
            unclear = dimension and any(code in ("other", "not_recorded") for code in codes)
            parts.append(f"{lower_first(dimension.label)}: {listed}" if dimension and unclear else listed)
        return " · ".join(part for part in parts if part)

    def _period_words(self, choices: Choices | None) -> str:
        if self.periods:
            return periods.label_of_range(*self.periods)
        if choices and choices.first_period and choices.last_period:
            return periods.label_of_range(choices.first_period, choices.last_period)
        return "all periods"


def filters_of(question: Question) -> Filters:
    """Return what a question is limited to, as the filters that would ask it."""
    where = question.filters
    areas = where.pop("area", ())
    ends = question.periods and periods.ends_in_address(question.periods)
    return Filters(areas, ends, normal_where(where), question.collection)


def the(label: str) -> str:
    """Return the label of a measure as the thing that a sentence speaks of.

    >>> the("Share of reports passed on"), the("Median wait for a decision"), the("Reports received")
    ('the share of reports passed on', 'the median wait for a decision', 'reports received')
    """
    words = lower_first(label)
    return f"the {words}" if words.startswith(("share ", "median ", "average ")) else words


def _listed(words: list[str]) -> str:
    return " or ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else "".join(words)


def read_filters(
    query: Mapping[str, str], catalog: Catalog, choices: Choices
) -> tuple[Filters, tuple[str, ...]]:
    """Read address parameters; whatever is unknown or hostile is left out and reported.

    Parameters
    ----------
    query
        Names and values of the address. Names that are not filters belong to the page and are not touched.
    catalog, choices
        What exists.

    Returns
    -------
    (Filters, notices)
        Notices are sentences for a reader. Nothing is ever evaluated or unpickled.
    """
    notices: list[str] = []
    collection = _codes(query, "collection", choices.collections, "collection", notices)[:1]
    areas = _without_nested(_codes(query, "area", choices.areas, "area", notices), choices, notices)
    where: dict[str, tuple[str, ...]] = {}
    families: dict[str, str] = {}
    for name in SHARED_DIMENSIONS:
        dimension = catalog.dimensions[name]
        known = choices.sources if dimension.codes_from else dimension.codes
        codes = _codes(query, name, known, dimension.label.lower(), notices)
        if codes and dimension.family and dimension.family in families:
            other = catalog.dimensions[families[dimension.family]].label.lower()
            notices.append(
                f"{dimension.label} and {other} cannot be combined; {dimension.label.lower()} was left out."
            )
        elif codes:
            where[name] = codes
            families[dimension.family or name] = name
    found = Filters(
        areas=tuple(sorted(areas)),
        periods=_range(query.get("period", ""), choices, notices),
        where=normal_where(where),
        collection=collection[0] if collection else None,
    )
    return found, tuple(notices)


def _codes(
    query: Mapping[str, str], name: str, known: Collection[str], words: str, notices: list[str]
) -> tuple[str, ...]:
    value = str(query.get(name, ""))
    if len(value) > LONGEST_VALUE or value.count(",") >= MOST_CODES:
        notices.append(f"The link holds too much for {words}; that filter was left out.")
        return ()
    parts = [part.strip() for part in value.split(",") if part.strip()]
    asked = dict.fromkeys(parts)
    if len(asked) < len(parts):
        notices.append(f"The link names the same {words} more than once; it counts once.")
    if any(code.startswith(("!", "-", "not ", "~")) for code in asked):
        notices.append(f"A filter cannot say 'not': choose the {words} to keep. That filter was left out.")
        return ()
    unknown = [code for code in asked if code not in known]
    if unknown:
        notices.append(f"{echo(unknown[0])} is not a known {words}; it was left out.")
    return tuple(code for code in asked if code in known)


def _without_nested(codes: tuple[str, ...], choices: Choices, notices: list[str]) -> tuple[str, ...]:
    """Leave out areas that lie in another chosen one: their people would be named twice and counted once."""
    kept = tuple(code for code in codes if not set(choices.within.get(code, ())) & set(codes))
    for code in codes:
        if code not in kept:
            around = next(one for one in choices.within[code] if one in codes)
            notices.append(
                f"{choices.areas[code]} lies in {choices.areas[around]}, which is chosen too; "
                f"{choices.areas[around]} is shown."
            )
    return kept


def _range(value: str, choices: Choices, notices: list[str]) -> tuple[str, str] | None:
    text = periods.in_address(str(value).strip())
    if not text:
        return None
    ends = text.split("..") if len(text) <= 40 else []
    try:
        first, last = (ends * 2)[:2] if len(ends) == 1 else ends
        span = periods.Span(periods.span_of(first).first, periods.span_of(last).last)
        for code in (first, last):
            periods.level_of(code)
    except (LttError, ValueError):
        notices.append(
            f"{echo(text)} is not a period such as 2024, 2024-Q1, 2024-03 or 2019..2025; all are shown."
        )
        return None
    if span.first > span.last:
        notices.append("The period ended before it began; the two were exchanged.")
        first, last = last, first
        span = periods.Span(periods.span_of(first).first, periods.span_of(last).last)
    earliest, latest = choices.widest
    if earliest and latest:
        known = periods.Span(periods.span_of(earliest).first, periods.span_of(latest).last)
        if span.first > known.last or span.last < known.first:
            notices.append(
                f"There are no figures for {periods.label_of_range(first, last)}; all periods are shown."
            )
            return None
        wanted = first, last
        level = periods.level_of(first)
        if level in periods.JOINED_LEVELS and level == periods.level_of(last):
            return _whole_joined(level, known, wanted, notices)
        if periods.span_of(first).last < known.first:
            first = _whole_year(earliest, "-01")
        if periods.span_of(last).first > known.last:
            last = _whole_year(latest, "-12")
        if (first, last) != wanted:
            there, asked = periods.label_of_range(first, last), periods.label_of_range(*wanted)
            notices.append(f"There are figures for {there} only, not for all of {asked}.")
    return first, last


def _whole_joined(
    level: str, known: periods.Span, wanted: tuple[str, str], notices: list[str]
) -> tuple[str, str] | None:
    """Return the half-years or funder's years of a range that lie wholly between the months with figures."""
    inside = [code for code in periods.periods_inside(known, level) if wanted[0] <= code <= wanted[1]]
    if not inside:
        notices.append(
            f"There are no figures for the whole of {periods.label_of_range(*wanted)}; all periods are shown."
        )
        return None
    there = inside[0], inside[-1]
    if there != wanted:
        notices.append(
            f"There are figures for {periods.label_of_range(*there)} only, not for all of "
            f"{periods.label_of_range(*wanted)}."
        )
    return there


def _whole_year(month: str, end: str) -> str:
    """Return the year of a month that begins or ends one, else the month."""
    return month[:4] if month.endswith(end) else month
