"""What a table is of: its fixed filters, its neutral title, the name of its file."""

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from analysis import periods
from analysis.catalog.model import NOT_RECORDED, lower_first
from analysis.exports.context import Column, ExportContext, ExportItem
from analysis.questions.question import Where
from analysis.words import listed

#: Code of a fixed column where the reader's filter does not apply to the measure.
ALL = "all"
WHOLE_REGION = "Whole region"
SEPARATOR = ";"  # between several codes of one filter; a comma would look like another column

_LONGEST_NAME = 90
_UNCLEAR = ("other", NOT_RECORDED)  # say little without the name of their dimension


@dataclass(frozen=True)
class FixedFilter:
    """A filter that is the same for all rows of a table.

    Attributes
    ----------
    name
        ``period``, ``area``, ``collection`` or a dimension.
    label
        Its name in words.
    codes, labels
        What was chosen, and its words; `ALL` alone where the reader's choice could not be kept.
    """

    name: str
    label: str
    codes: tuple[str, ...]
    labels: tuple[str, ...]

    @property
    def code(self) -> str:
        """The codes as one text."""
        return SEPARATOR.join(self.codes)

    @property
    def words(self) -> str:
        """The labels as one text."""
        return listed(list(self.labels), "or")

    @property
    def is_kept(self) -> bool:
        """Whether the numbers are really limited by it."""
        return self.codes != (ALL,)


def fixed_filters(item: ExportItem, context: ExportContext) -> tuple[FixedFilter, ...]:
    """Return the filters of a table that are not its rows, those that could not be kept as well.

    Parameters
    ----------
    item, context
        The question says what was kept, `ExportContext.filters` what the reader chose.
    """
    question = item.answer.question
    kept = question.filters
    found = []
    if "period" not in question.by and (ends := span_of(item)):
        code = "..".join(dict.fromkeys(ends))
        found.append(FixedFilter("period", "Period", (code,), (periods.label_of_range(*ends),)))
    if "area" not in question.by and (kept.get("area") or context.filters.areas):
        found.append(_fixed("area", kept.get("area", ()), item, context))
    if question.collection:
        found.append(_fixed("collection", (question.collection,), item, context))
    names = dict.fromkeys([*context.columns, *kept, *dict(context.filters.where)])
    for name in names:
        chosen = name in kept or name in dict(context.filters.where)
        if chosen and name not in question.by and name not in ("period", "area"):
            found.append(_fixed(name, kept.get(name, ()), item, context))
    return tuple(found)


def _fixed(name: str, codes: Sequence[str], item: ExportItem, context: ExportContext) -> FixedFilter:
    column = context.columns.get(name, Column(name))
    if not codes:
        return FixedFilter(name, column.label, (ALL,), (WHOLE_REGION if name == "area" else "All",))
    known = item.areas or column.codes if name == "area" else column.codes
    return FixedFilter(name, column.label, tuple(codes), tuple(known.get(code, code) for code in codes))


def span_of(item: ExportItem) -> tuple[str, str] | None:
    """Return the first and last period of a table, in years where they are whole years."""
    frame, question = item.answer.frame, item.answer.question
    ends = item.span or question.periods
    if "period" in question.by and not frame.is_empty():
        ends = tuple(frame["period"].unique().to_list())
    if ends is None:
        return None
    spans = [periods.span_of(code) for code in ends]  # years together may overlap: the last may end earlier
    return periods.ends_of(periods.Span(min(one.first for one in spans), max(one.last for one in spans)))


def neutral_title(item: ExportItem, context: ExportContext) -> str:
    """Return what a table is of, without what it says: "People identified by year, Larkfield, 2016–2025"."""
    fixed = {one.name: one for one in fixed_filters(item, context) if one.is_kept}
    parts = [f"{item.answer.measure.label}{_split(item, context)}", _place(item, context, fixed.get("area"))]
    parts += [
        _in_title(one, context) for one in fixed.values() if one.name not in ("area", "period", "collection")
    ]
    if ends := span_of(item):
        parts.append(periods.label_of_range(*ends))
    return ", ".join(part for part in parts if part)


def filters_sentence(item: ExportItem, context: ExportContext) -> str:
    """Return what was asked in words: "People identified by year and gender; 2019–2025; gender: Female."."""
    parts = [f"{item.answer.measure.label}{_split(item, context)}"]
    if ends := span_of(item):
        parts.append(periods.label_of_range(*ends))
    fixed = [one for one in fixed_filters(item, context) if one.is_kept and one.name != "period"]
    if item.by_area and (codes := item.answer.question.filters.get("area")):
        fixed.insert(0, _fixed("area", codes, item, context))
    return "; ".join([*parts, *(f"{lower_first(one.label)}: {one.words}" for one in fixed)]) + "."


def _split(item: ExportItem, context: ExportContext) -> str:
    """Return the rows in words: " by year and gender"."""
    question = item.answer.question
    word = "period" if item.answer.is_together else periods.period_word(question.period_level)
    plain = {"period": word, "area": item.area_word}
    names = [
        plain.get(name) or lower_first(context.columns.get(name, Column(name)).label) for name in question.by
    ]
    return f" by {listed(names)}" if names else ""


def _place(item: ExportItem, context: ExportContext, area: FixedFilter | None) -> str:
    if area:
        return area.words
    if item.by_area and (codes := item.answer.question.filters.get("area")):
        return f"within {_fixed('area', codes, item, context).words}"
    return context.place if item.whole is None else item.whole


def _in_title(fixed: FixedFilter, context: ExportContext) -> str:
    column = context.columns.get(fixed.name, Column(fixed.name))
    labels = fixed.labels if column.keeps_capitals else map(lower_first, fixed.labels)
    words = listed(list(labels), "or")
    return f"{lower_first(fixed.label)}: {words}" if set(fixed.codes) & set(_UNCLEAR) else words


def file_stem(item: ExportItem, context: ExportContext) -> str:
    """Return a readable name for the file of a table, different for every question.

    Small letters, digits and underscores; a long one is cut, and a hash of the whole keeps it apart.
    """
    question = item.answer.question
    plain = {"period": question.period_level, "area": item.area_word}
    rows = [plain.get(name, name) for name in question.by]
    whole = context.place if item.whole is None else item.whole
    filters = _filter_words(question.where, item.areas or _areas(context), whole)
    by = ["by", *rows] if rows else []
    return short_name([question.measure, *by, *filters, question.collection, *(span_of(item) or ())])


def filters_stem(context: ExportContext) -> list[str]:
    """Return the parts of a file's name that the reader's filters give, the place of the release first."""
    filters = context.filters
    where = (("area", filters.areas), *filters.where) if filters.areas else filters.where
    words = _filter_words(where, _areas(context), context.place)
    ends = filters.periods
    if ends and any(periods.level_of(code) in periods.JOINED_LEVELS for code in ends):
        ends = periods.ends_of(periods.Span(periods.span_of(ends[0]).first, periods.span_of(ends[1]).last))
    return [*words, filters.collection or "", *(ends or ())]


def _areas(context: ExportContext) -> Mapping[str, str]:
    return context.columns.get("area", Column("area")).codes


def _filter_words(where: Where, areas: Mapping[str, str], whole: str) -> list[str]:
    chosen = dict(where)
    # Name and code: two districts may share a name, and a code alone says nothing.
    place = [f"{areas.get(code, '')} {code}" for code in chosen.pop("area", ())]
    place = place or [re.sub(r"\(.*?\)", "", whole)]  # "(fictional region)" would take all the room
    # "+" joins what a source counts together; "and" joins categories that are added up here.
    others = (f"{name} {' and '.join(codes)}" for name, codes in chosen.items())
    return [*place, *(words.replace("+", " with ") for words in others)]


def short_name(parts: Iterable[str | None]) -> str:
    """Return parts as one name of a file: small letters, digits, underscores, at most 90 of them."""
    text = " ".join(part for part in parts if part)
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    name = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")
    if len(name) <= _LONGEST_NAME:
        return name
    mark = hashlib.sha256(text.encode()).hexdigest()[:6]
    return f"{name[: _LONGEST_NAME - 7].rstrip('_')}_{mark}"
