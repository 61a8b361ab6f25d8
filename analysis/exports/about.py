"""The words of a data package: README, dictionary and descriptor."""

import datetime
import textwrap
from collections.abc import Sequence

import polars as pl

from analysis import periods
from analysis.exports.adding_up import adding_up
from analysis.exports.context import ExportContext, ExportItem, SourceFacts
from analysis.exports.scope import filters_sentence, fixed_filters, neutral_title
from analysis.exports.tables import ExportTable
from analysis.exports.words import REPORTED, SYNTHETIC, markers, protection
from analysis.program import NAME
from analysis.words import listed

IN_A_SPREADSHEET = (
    "In a spreadsheet, open the workbook (.xlsx). From a CSV it takes codes such as 06037 for numbers, "
    "unless the columns that dictionary.csv calls string are imported as text."
)


def about_lines(items: Sequence[ExportItem], context: ExportContext) -> list[str]:
    """Return the lines that say what the numbers are, in the order a reader needs them."""
    lines = notices(items, context) + protections(items, context)
    for item in items:
        answer = item.answer
        lines += ["", neutral_title(item, context) + "."]
        lines += [f"What it says: {item.headline}"] if item.headline else []
        lines += [f"Asked: {filters_sentence(item, context)}", *left_out(item, context)]
        lines += [f"Unit: {answer.unit}. As of {answer.as_of}."]
        lines += [f"{answer.cells_shown} of {answer.cells_total} cells are shown."]
        lines += [one for one in (*answer.said_beside, *caveats(item, context)) if one not in lines]
        lines += [f"Definition: {definition(item, context)}", f"Formula: {answer.measure.formula}"]
        lines += [f"Source: {answer.source}"]
        lines += [f"Licence: {one}" for one in licences([item], context)]
    lines += ["", "Markers:"]
    lines += [f"  {letter}  {meaning}" for letter, meaning in markers(context.threshold).items()]
    lines += ["", f"Cite as: {citation(items, context)}"]
    lines += [f"Release {context.release_id}, {context.profile}, as of {context.as_of}."]
    lines += [f"The same table on screen: {context.link_words}"] if context.link_words else []
    lines += [f"Contact: {context.contact}"] if context.contact else []
    return lines


def notices(items: Sequence[ExportItem], context: ExportContext) -> list[str]:
    """Return what stands first in every file: restricted, made up, reported and not prevalence."""
    lines = [context.stamp] if context.stamp else []
    lines += [context.origin] if context.origin else []
    return lines + ([REPORTED] if any(item.is_of_persons for item in items) else [])


def protections(items: Sequence[ExportItem], context: ExportContext) -> list[str]:
    """Return how the numbers were protected, each rule once."""
    doors = dict.fromkeys(item.answer.measure.door for item in items)
    sentences = [protection(context.profile, context.threshold, context.noise, door) for door in doors]
    return list(dict.fromkeys(sentences))


def caveats(item: ExportItem, context: ExportContext) -> list[str]:
    """Return what is to be read with care; how numbers are protected stands once a file (`protections`)."""
    return [one for one in item.answer.caveats if one != context.protection_caveat]


def left_out(item: ExportItem, context: ExportContext) -> list[str]:
    """Return the sentence that names the chosen filters which do not apply to a measure, if there are any."""
    names = [one.label.lower() for one in fixed_filters(item, context) if not one.is_kept]
    if not names:
        return []
    return [f"The filter by {listed(names)} does not apply to this measure: its figures are of all."]


def definition(item: ExportItem, context: ExportContext) -> str:
    """Return what is counted, and whether the numbers may be added up."""
    return f"{item.answer.measure.definition} {adding_up(item, context)}"


def facts(item: ExportItem, context: ExportContext) -> dict[str, object]:
    """Return what a file without a README beside it must carry inside; texts, whole numbers and lists."""
    answer = item.answer
    return {
        "title": neutral_title(item, context),
        "measure": answer.measure.code,
        "label": answer.measure.label,
        "headline": item.headline,
        "definition": definition(item, context),
        "unit": answer.unit,
        "filters": filters_sentence(item, context),
        "source": answer.source,
        "citation": citation([item], context),
        "as_of": answer.as_of.isoformat(),
        "permalink": context.link_words,
        "release_id": context.release_id,
        "profile": context.profile,
        "cells_shown": answer.cells_shown,
        "cells_total": answer.cells_total,
        "markers": dict(markers(context.threshold)),
        "notes": [*left_out(item, context), *answer.said_beside],
        "caveats": caveats(item, context),
        "protection": " ".join(protections([item], context)),
        **({"reported_not_prevalence": REPORTED} if item.is_of_persons else {}),
        **({"synthetic": SYNTHETIC} if context.synthetic else {}),
        **({"task_forces": context.sums} if context.sums else {}),
        **({"restricted": context.stamp} if context.stamp else {}),
    }


def citation(items: Sequence[ExportItem], context: ExportContext) -> str:
    """Return how to cite the file: publisher, title, release, source and link; the release tells the day."""
    publishers = [facts.publisher for item in items for _, facts in sources(item, context) if facts.publisher]
    who = "; ".join(dict.fromkeys(publishers)) or context.place
    cited = list(dict.fromkeys(item.answer.source.rstrip(". ") for item in items if item.answer.source))
    parts = [
        f"{who}: {neutral_title(items[0], context)}",
        f"{NAME}, {context.place}, release {context.release_id}, as of {date_words(context.as_of)}",
    ]
    parts += [f"Source: {'; '.join(cited)}"] if cited else []
    parts += [context.public_link] if context.public_link else []
    return ". ".join(parts) + "."


def date_words(date: datetime.date | str) -> str:
    """Return a date written out: 15 January 2026. What is no date stays as it is."""
    try:
        day = datetime.date.fromisoformat(str(date))
    except ValueError:
        return str(date)
    return f"{day.day} {periods.MONTH_NAMES[day.month - 1]} {day.year}"


def sources(item: ExportItem, context: ExportContext) -> list[tuple[str, SourceFacts]]:
    """Return the sources that an answer cites, with what is known of them.

    An answer of two sources cites both in one text, so each known citation is looked for inside it. Of two
    that begin alike, the longer one is meant.
    """
    text = item.answer.source
    inside = [cited for cited in context.sources if cited and cited in text]
    meant = [one for one in inside if not any(one != other and one in other for other in inside)]
    return [(one, context.sources[one]) for one in meant]


def licences(items: Sequence[ExportItem], context: ExportContext) -> list[str]:
    """Return the licences of all sources, each once."""
    named = [facts.licence for item in items for _, facts in sources(item, context)]
    return list(dict.fromkeys(licence for licence in named if licence))


def readme_text(
    items: Sequence[ExportItem],
    context: ExportContext,
    files: Sequence[tuple[str, str]],
    reading: Sequence[tuple[str, Sequence[str]]],
) -> str:
    """Return ``README.txt``.

    Parameters
    ----------
    items, context
        What the package holds and where it comes from.
    files : sequence of (str, str)
        Name and one-line meaning of each file of the package.
    reading : sequence of (str, sequence of str)
        Name of a language, and the lines in it that read the first table.
    """
    lines = [items[0].answer.measure.label + " · " + context.place, ""]
    lines += about_lines(items, context)
    lines += ["", "Files:"] + [f"  {name}  {meaning}" for name, meaning in files]
    if any(name.endswith(".xlsx") for name, _ in files):
        lines += ["", IN_A_SPREADSHEET]
    wrapped = [
        textwrap.fill(line, 90, subsequent_indent="    ", break_long_words=False, break_on_hyphens=False)
        or ""
        for line in lines
    ]
    for language, code in reading:  # as it is: a wrapped line would not run
        wrapped += ["", f"Read it in {language}:", *code]
    return "\r\n".join(wrapped) + "\r\n"


def dictionary_frame(tables: Sequence[ExportTable]) -> pl.DataFrame:
    """Return one row per column and one per code.

    Columns: table, column, type, label, unit, description, code, meaning.
    """
    rows: list[tuple[str, ...]] = []
    for table in tables:
        for field in table.fields:
            name, kind, title = (str(field[key]) for key in ("name", "type", "title"))
            unit, description = str(field.get("unit", "")), str(field.get("description", ""))
            rows.append((table.name, name, kind, title, unit, description, "", ""))
            codes = table.codes.get(name, {})
            rows += [(table.name, name, kind, title, unit, "", code, text) for code, text in codes.items()]
    names = ("table", "column", "type", "label", "unit", "description", "code", "meaning")
    return pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String), orient="row")
