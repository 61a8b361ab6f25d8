"""Checks a question about protected numbers against the catalog, the release and the closed list."""

import difflib
from collections.abc import Iterable

from analysis.catalog.model import NOT_RECORDED, Catalog, Derived, Dimension, Measure, Subject
from analysis.catalog.registers import LISTS_OF_TABLES, NO_LISTS
from analysis.errors import (
    NotPermitted,
    UnknownCode,
    UnknownDimension,
    UnknownMeasure,
    echo,
)
from analysis.questions.axes import area_axis, covered_span, period_axis, refuse_not
from analysis.questions.checked import Asked, Axis, check_codes, codes_of
from analysis.questions.closed_list import check_closed_list
from analysis.questions.question import Question
from analysis.release.places import Geography
from analysis.release.release import Collection, Release
from analysis.words import listed, plural


def measure_of(question: Question, catalog: Catalog) -> Measure:
    """Return the measure of a question.

    Raises
    ------
    NotPermitted
        For a number that pages work out, with what it is made from.
    UnknownMeasure
        With the nearest names.
    """
    found = catalog.measures.get(question.measure)
    if found:
        return found
    if derived := catalog.derived.get(question.measure):
        raise _worked_out(derived, catalog)
    near = difflib.get_close_matches(str(question.measure)[:80], catalog.measures, n=3, cutoff=0.4)
    listed = ", ".join(near or list(catalog.measures)[:8])
    raise UnknownMeasure(
        f"{echo(question.measure)} is not a measure.", f"Try: {listed}. All: python -m analysis catalog."
    )


def _worked_out(derived: Derived, catalog: Catalog) -> NotPermitted:
    pages = listed([page.replace("_", " ").capitalize() for page in derived.pages])
    word = plural("page", len(derived.pages))
    parts = listed(list(catalog.made_from(derived)))
    ways = [f"Ask for a measure: {', '.join(derived.measures)}."] if derived.measures else []
    known = (*(code for code in catalog.registers if code not in NO_LISTS), *LISTS_OF_TABLES)
    lists = [one for one in (*derived.registers, *derived.tables) if one in known]
    ways += [f"Take the list: python -m analysis register {one} --package {one}.zip" for one in lists]
    return NotPermitted(
        f"'{derived.label}' is worked out on the {word} {pages} from: {parts}.",
        " ".join(ways) or f"Open the {word}.",
    )


def check_protected(question: Question, measure: Measure, catalog: Catalog, release: Release) -> Asked:
    """Check a question about people or referrals.

    Returns
    -------
    Asked

    Raises
    ------
    QuestionError
        In words, with what to do instead.
    """
    subject = catalog.subjects[measure.subject]
    collection = collection_of(question, subject, release)
    by, where = question.by, question.filters
    check_names(question, (*subject.dimensions, *(("field",) if measure.per_field else ())), subject.label)
    geography = release.areas.get(collection.geography)
    span = covered_span(collection.first_period, collection.last_closed_month)
    times, notes = period_axis(question, span, collection.period_resolution)
    areas, more = area_axis(question, geography)
    _check_areas_published(areas, geography)
    axes = {"period": times} | ({"area": areas} if areas else {})
    for name in dict.fromkeys((*by, *where, *subject.always)):
        if name in ("period", "area"):
            continue
        axis = _field_axis(where, subject, catalog) if name == "field" else None
        if axis is None:
            dimension = catalog.dimensions[name]
            known = codes_of(dimension, release, collection.collection)
            is_divided = name in subject.always
            axis = _dimension_axis(question, measure, dimension, known, is_divided=is_divided)
        if axis:
            axes[name] = axis
    asked = Asked(
        question,
        measure,
        catalog,
        release,
        rows=tuple(axes[name] for name in by),
        summed=tuple(axes[name] for name in sorted(axes) if name not in by),
        collection=collection,
        geography=geography,
        notes=notes + more,
    )
    _check_measure_fits(asked)
    if not measure.per_field:
        own = [code for code, _ in measure.numerator + measure.denominator] + [measure.share_of]
        check_closed_list(asked, dict.fromkeys((*filter(None, own), *subject.always)))
    return asked


def _check_areas_published(areas: Axis | None, geography: Geography | None) -> None:
    """Refuse areas of the top level where there are several: only the whole has a cell of its own."""
    top = geography.at(0) if geography else ()
    if areas and geography and len(top) > 1 and set(areas.codes) & set(top):
        word = geography.level_names[0]
        raise NotPermitted(
            f"There are no protected figures for one {word}.",
            f"Ask for the whole, or for areas of a finer level: {', '.join(geography.level_names.values())}.",
        )


def collection_of(question: Question, subject: Subject, release: Release) -> Collection:
    """Return the collection a question is about.

    Raises
    ------
    NotPermitted
        When nothing of this subject is in the release.
    UnknownCode
        For a collection that does not hold it.
    """
    table = f"cell_{subject.code}"
    holding = [one for one in release.collections if one.subject == subject.code]
    if table not in release.columns or not holding:
        raise NotPermitted(
            f"There are no figures about {subject.label.lower()} in this release.",
            f"To add them: python -m etl template {subject.code}, fill it in, load it, release.",
        )
    missing = [code for code in subject.dimensions if code not in release.columns[table]]
    if missing:
        raise NotPermitted(
            f"This release was made before '{missing[0]}' was in the catalog.",
            "Make a new one: python -m etl release.",
        )
    if question.collection is None:
        return holding[0]
    found = [one for one in holding if one.collection == question.collection]
    if not found:
        listed = ", ".join(one.collection for one in holding)
        raise UnknownCode(
            f"{echo(question.collection)} is not a collection of {subject.unit}.", f"Known: {listed}."
        )
    return found[0]


def check_names(question: Question, dimensions: Iterable[str], label: str) -> None:
    """Refuse names that are no dimension of what is counted.

    Raises
    ------
    UnknownDimension, NotPermitted
        Naming the dimensions there are.
    """
    known = (*dimensions, "area")
    if "period" in question.filters:
        raise UnknownDimension("The period is not a filter.", "Give it as 'periods': a first and a last one.")
    for name in (*question.by, *question.filters):
        refuse_not("dimension", name)
        if name not in known and name != "period":
            raise UnknownDimension(
                f"{echo(name)} is not a dimension of {label.lower()}.", f"Known: period, {', '.join(known)}."
            )


def _dimension_axis(
    question: Question,
    measure: Measure,
    dimension: Dimension,
    known: tuple[str, ...],
    *,
    is_divided: bool = False,
) -> Axis | None:
    """Return the codes of a dimension that a question takes; `is_divided`: there is no table without it."""
    name = dimension.code
    chosen = question.filters.get(name)
    for code in chosen or ():
        refuse_not(dimension.label.lower(), code)
    codes = check_codes(dimension.label, chosen, known) if chosen else known
    everyone = NOT_RECORDED in known or bool(dimension.codes_from)
    if name not in question.by and codes == known and everyone and not is_divided:
        return None  # every category together is everybody: the total's own cell, not a sum
    if name == measure.share_of:
        base = dict(measure.denominator).get(name, known)  # shares are of these categories only
        codes = tuple(code for code in codes if code in base)
        codes = tuple(code for code in codes if not (measure.known_only and code == NOT_RECORDED))
    if not codes:
        raise NotPermitted(f"'{measure.label}' leaves out what was not recorded.", "Choose another category.")
    return Axis(name, codes)


def _field_axis(where: dict[str, tuple[str, ...]], subject: Subject, catalog: Catalog) -> Axis:
    known = tuple(code for code in subject.dimensions if NOT_RECORDED in catalog.dimensions[code].codes)
    return Axis("field", check_codes("Field", where.get("field", known), known))


def _check_measure_fits(asked: Asked) -> None:
    measure, names = asked.measure, {axis.name for axis in asked.axes} | set(asked.question.filters)
    words = asked.catalog.dimensions
    if measure.per_field and "field" not in asked.question.by:
        raise NotPermitted(f"'{measure.label}' is a number for each field.", "Add 'field' to the rows.")
    if measure.share_of and measure.kind != "quantile" and measure.share_of not in names:
        label = words[measure.share_of].label
        raise NotPermitted(
            f"'{measure.label}' is a number for each category of '{label}'.",
            f"Add '{measure.share_of}' to the rows, or choose one category as a filter.",
        )
    if measure.share_of and measure.share_of not in asked.question.by:
        axis = asked.axis(measure.share_of)
        if axis and len(axis.codes) > 1 and words[measure.share_of].multi:
            raise NotPermitted(
                "One person can be in several of these categories, so their shares cannot be added.",
                f"Ask for one category, or put '{measure.share_of}' into the rows.",
            )
    _check_residents_known(asked, names)
    taken = {code for code, _ in measure.numerator + measure.denominator}
    taken = taken | {measure.share_of} if measure.kind == "quantile" else taken - {measure.share_of}
    families = {words[code].family for code in taken if words[code].family}
    for name in names & set(words):
        if name in taken or words[name].family in families:
            raise NotPermitted(
                f"'{measure.label}' is already about {words[name].label.lower()}.",
                f"Leave out '{name}', or ask for another measure.",
            )


def _check_residents_known(asked: Asked, names: set[str]) -> None:
    """Refuse a rate over a division of people by which residents are not known."""
    words, split = asked.catalog.dimensions, asked.measure.population_split
    families = {words[code].family for code in split if words[code].family}
    for name in sorted(names & set(words)) if asked.measure.kind == "rate" else ():
        if name not in split and words[name].family in families:
            known = " and ".join(words[code].label.lower() for code in split)
            raise NotPermitted(
                f"Residents are not known by {words[name].label.lower()}, so there is no rate for it.",
                f"They are known by {known}.",
            )
