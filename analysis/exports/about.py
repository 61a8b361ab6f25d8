"""The words of a data package: README, dictionary and descriptor."""

import textwrap
from collections.abc import Sequence

import polars as pl

from analysis import Answer, periods
from analysis.exports.context import Column, ExportContext
from analysis.exports.tables import ExportTable
from analysis.exports.words import REPORTED, RESTRICTED, SYNTHETIC, markers, protection


def about_lines(answers: Sequence[Answer], context: ExportContext) -> list[str]:
    """Return the lines that say what the numbers are, in the order a reader needs them."""
    lines = [RESTRICTED] if context.is_restricted else []
    lines += [SYNTHETIC] if context.synthetic else []
    lines += [REPORTED]
    lines += list(dict.fromkeys(protection(context.profile, context.threshold, is_own(a)) for a in answers))
    for answer in answers:
        lines += ["", answer.sentence, f"Asked: {filters_sentence(answer, context)}"]
        lines += [f"Unit: {answer.unit}. As of {answer.as_of}."]
        lines += [f"{answer.cells_shown} of {answer.cells_total} cells are shown."]
        lines += [*answer.notes, *answer.caveats]
        lines += [f"Definition: {answer.measure.definition}", f"Formula: {answer.measure.formula}"]
        lines += [f"Source: {answer.source}"]
        lines += [f"Licence: {licence}"] if (licence := context.licences.get(answer.source)) else []
    lines += ["", "Markers:"]
    lines += [f"  {letter}  {meaning}" for letter, meaning in markers(context.threshold).items()]
    lines += ["", f"Cite as: {citation(answers, context)}"]
    lines += [f"Release {context.release_id}, {context.profile}, as of {context.as_of}."]
    lines += [f"The same table on screen: {context.permalink}"] if context.permalink else []
    lines += [f"Contact: {context.contact}"] if context.contact else []
    return lines


def is_own(answer: Answer) -> bool:
    """Return whether the figures are the task force's own, and not already public counts."""
    return answer.measure.door != "published"


def filters_sentence(answer: Answer, context: ExportContext) -> str:
    """Return what was asked in words: "People identified by year and gender; 2019–2025"."""
    question = answer.question
    names = [question.period_level if name == "period" else _label(name, context) for name in question.by]
    split = f" by {', '.join(names[:-1])}{' and ' if names[:-1] else ''}{names[-1]}" if names else ""
    parts = [f"{answer.measure.label}{split}"]
    if question.periods:
        parts.append(periods.label_of_range(*question.periods))
    if question.collection:
        parts.append(f"collection: {question.collection}")
    for name, codes in question.where:
        known = context.columns.get(name, Column(name)).codes
        parts.append(f"{_label(name, context)}: {' or '.join(known.get(code, code) for code in codes)}")
    return "; ".join(parts) + "."


def _label(name: str, context: ExportContext) -> str:
    label = context.columns.get(name, Column(name)).label
    return label[:1].lower() + label[1:]


def facts(answer: Answer, context: ExportContext) -> dict[str, str]:
    """Return what a file without a README beside it must carry inside."""
    return {
        "title": answer.sentence,
        "unit": answer.unit,
        "release_id": context.release_id,
        "as_of": context.as_of,
        "reported_not_prevalence": REPORTED,
        "protection": protection(context.profile, context.threshold, is_own(answer)),
        **({"synthetic": SYNTHETIC} if context.synthetic else {}),
        **({"restricted": RESTRICTED} if context.is_restricted else {}),
    }


def citation(answers: Sequence[Answer], context: ExportContext) -> str:
    """Return how to cite the file."""
    return (
        f"{context.place}, {answers[0].measure.label}, Local Trafficking Trends, "
        f"release {context.release_id}, as of {context.as_of}."
    )


def readme_text(answers: Sequence[Answer], context: ExportContext, files: Sequence[tuple[str, str]]) -> str:
    """Return ``README.txt``.

    Parameters
    ----------
    answers, context
        What the package holds and where it comes from.
    files : sequence of (str, str)
        Name and one-line meaning of each file of the package.
    """
    lines = [answers[0].measure.label + " · " + context.place, ""]
    lines += about_lines(answers, context)
    lines += ["", "Files:"] + [f"  {name}  {meaning}" for name, meaning in files]
    wrapped = [
        textwrap.fill(line, 90, subsequent_indent="    ", break_long_words=False, break_on_hyphens=False)
        or ""
        for line in lines
    ]
    return "\r\n".join(wrapped) + "\r\n"


def dictionary_frame(tables: Sequence[ExportTable], context: ExportContext) -> pl.DataFrame:
    """Return one row per column and one per code.

    Columns: table, column, type, label, unit, description, code, meaning.
    """
    rows: list[tuple[str, ...]] = []
    for table in tables:
        for field in table.fields:
            name, kind, title = (str(field[key]) for key in ("name", "type", "title"))
            unit, description = str(field.get("unit", "")), str(field.get("description", ""))
            rows.append((table.name, name, kind, title, unit, description, "", ""))
            codes = markers(context.threshold) if name == "marker" else {}
            if name in context.columns:
                codes = context.columns[name].codes
            rows += [(table.name, name, kind, title, unit, "", code, text) for code, text in codes.items()]
    names = ("table", "column", "type", "label", "unit", "description", "code", "meaning")
    return pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String), orient="row")
