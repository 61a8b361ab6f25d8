"""The door: questions in, published numbers out. One look-up for all the questions of a page."""

from collections.abc import Iterable

import numpy as np
import polars as pl

from analysis import periods
from analysis.answers import tallied
from analysis.answers.answer import Answer, Silence
from analysis.answers.plan import check, plan_of
from analysis.answers.rows.arrays import Figures, Found, Plan, frame_of
from analysis.answers.rows.lookup import CellTable, cells_of, look_up
from analysis.catalog.model import PROTECTED, Catalog
from analysis.errors import QuestionError
from analysis.questions.checked import Asked
from analysis.questions.question import Question
from analysis.release.catalog_of_release import catalog_for
from analysis.release.release import Release
from analysis.release.release_file import open_release
from analysis.words import SUMS_OF_SHOWN

OWN_FIGURES = "The task force's registers and surveys."


def answer(
    questions: Iterable[Question], release: Release | None = None, strict: bool = True
) -> list[Answer]:
    """Answer questions from the published cells of a release.

    Parameters
    ----------
    questions
        All questions of a page; they cost one look-up together.
    release
        An open release; the one of ``LTT_RELEASE`` when None.
    strict
        Whether a question that cannot be answered raises. Otherwise its answer carries the `refusal`.

    Returns
    -------
    list of Answer
        In the order of the questions. Neither the order nor the wording of the questions changes an answer.

    Raises
    ------
    QuestionError
        When `strict`: unknown names, too many dimensions, what no cell was published for.
    ReleaseError
        When the release cannot be opened or read.
    """
    release = release or open_release()
    catalog = catalog_for(release)
    checked: list[tuple[Question, Asked | QuestionError, Plan | None]] = []
    for question in questions:
        try:
            asked = check(question, catalog, release)
            checked.append((question, asked, plan_of(asked)))
        except QuestionError as refusal:
            if strict:
                raise
            checked.append((question, refusal, None))
    found = look_up_all(release, [plan for _, _, plan in checked if plan])
    return [
        _answer(asked, plan.figures(found))
        if isinstance(asked, Asked) and plan
        else _refused(question, asked, catalog, release)
        for question, asked, plan in checked
    ]


def look_up_all(release: Release, plans: Iterable[Plan]) -> Found:
    """Return the rows that some plans need, from one look-up; what several need is fetched once."""
    wanted = dict.fromkeys(part for plan in plans for part in plan.parts())
    tables = [part for part in wanted if isinstance(part, CellTable)]
    others = [part for part in wanted if not isinstance(part, CellTable)]
    rows = look_up(release, others)
    return Found(cells_of(release, tables), dict(zip(others, rows, strict=True)))


def _answer(asked: Asked, figures: Figures) -> Answer:
    release, measure = asked.release, asked.measure
    frame = frame_of(asked, figures)
    numbers = [note for part in (asked, *asked.parts) for note in tallied.notes(part)]
    notes = dict.fromkeys([*asked.notes, *figures.notes, *_notes(asked, figures), *numbers])
    kept = [code for code in measure.caveats if not (release.is_exact and code == PROTECTED)]
    return Answer(
        question=asked.question,
        measure=measure,
        frame=frame,
        caveats=[asked.catalog.caveats[code].text for code in kept],
        source=_source(asked),
        as_of=release.as_of,
        unit=measure.unit,
        cells_shown=int(figures.shown.sum()),
        cells_total=int(figures.total.sum()),
        notes=list(notes),
        coverage=list(dict.fromkeys(line for part in (asked, *asked.parts) for line in _coverage(part))),
        is_synthetic=asked.collection.is_synthetic if asked.collection else release.synthetic,
        profile=release.profile,
        checked=asked,
    )


def _notes(asked: Asked, figures: Figures) -> list[str]:
    notes: list[str] = [note for part in asked.parts for note in part.notes]
    if asked.measure.door != "person" or asked.parts:
        return notes
    partly = ~np.isnan(figures.value) & (figures.shown < figures.total)
    partial = int(partly.sum())
    if partial and not asked.rows:
        shown, total = int(figures.shown), int(figures.total)
        notes.append(f"The sum of the {shown} of {total} {SUMS_OF_SHOWN}")
    elif partial:
        rows = "One row is a sum" if partial == 1 else f"{partial} rows are sums"
        notes.append(f"{rows} of only those {SUMS_OF_SHOWN}")
    for axis in asked.summed:
        dimension = asked.catalog.dimensions.get(axis.name)
        if dimension and dimension.multi and len(axis.codes) > 1:
            notes.append(
                f"Whoever is in several of the chosen categories ({dimension.label.lower()}) counts in each."
            )
    return notes


def _coverage(asked: Asked) -> list[Silence]:
    times, chosen = asked.axis("period"), asked.axis("source")
    if asked.measure.door != "person" or asked.parts or not asked.collection or not times:
        return []
    months = {
        periods.code_of(month, "month")
        for code in times.codes
        for month in range(periods.span_of(code).first, periods.span_of(code).last + 1)
    }
    is_limited = asked.question.periods is not None and len(months) > 1
    when = periods.label_of_range(*asked.held) if is_limited and asked.held else ""
    silences = []
    for one in asked.release.task_forces:
        missing = sum(not one.covers(asked.subject.code, month) for month in months)
        if missing and (chosen is None or one.code in chosen.codes):
            silences.append(Silence(one.label, missing, len(months), when))
    for (collection, source), silent in () if silences else asked.release.silent.items():
        missing = len(silent & months)
        # Who reports on people but never on this subject, such as a health service on charges, is not silent.
        is_asked = source in chosen.codes if chosen else _reports_on(asked, source)
        if collection == asked.collection.collection and missing and is_asked:
            silences.append(Silence(asked.label_of("source", source), missing, len(months), when))
    return silences


def _reports_on(asked: Asked, source: str) -> bool:
    if "source" not in asked.subject.dimensions or asked.collection is None:
        return True
    return source in asked.release.senders(asked.subject, asked.collection.collection)


def _source(asked: Asked) -> str:
    """Return the citation without a leading "Source:", which stands before it wherever it is shown."""
    return _citation(asked).removeprefix("Source: ")


def _citation(asked: Asked) -> str:
    release, measure = asked.release, asked.measure
    if asked.parts:
        return "; ".join(dict.fromkeys(_source(part).rstrip(". ") for part in asked.parts))
    if measure.is_own_figure:
        return OWN_FIGURES
    if measure.is_figure:
        known = asked.catalog.sources.get(measure.source)
        return release.citations.get(measure.source) or (known.citation if known else measure.source)
    parts = [asked.collection.citation] if asked.collection and measure.kind != "context" else []
    if measure.kind in ("rate", "context") and asked.geography:
        source = release.population_years.get(asked.geography.code, ("", "", ""))[2]
        if named := release.citations.get(source, source).removeprefix("Source: "):
            parts.append(f"Residents: {named}")
    return "; ".join(part.rstrip(". ") for part in parts)


def _refused(question: Question, refusal: object, catalog: Catalog, release: Release) -> Answer:
    if not isinstance(refusal, QuestionError):
        raise TypeError("only a refusal has no answer")
    measure = catalog.measures.get(question.measure) or next(iter(catalog.measures.values()))
    texts, numbers = (*question.by, "marker"), ("value", "lower", "upper", "cells_shown", "cells_total")
    empty = pl.DataFrame({name: pl.Series([], dtype=pl.String) for name in texts})
    empty = empty.with_columns(pl.lit(None, pl.Float64).alias(name) for name in numbers)
    return Answer(
        question=question,
        measure=measure,
        frame=empty,
        caveats=[],
        source="",
        as_of=release.as_of,
        unit=measure.unit,
        cells_shown=0,
        cells_total=0,
        notes=[refusal.next_step] if refusal.next_step else [],
        is_synthetic=release.synthetic,
        profile=release.profile,
        refusal=refusal,
    )
