"""The documents beside the data: measures, filters, sources, how to cite, on which terms."""

import json
from collections.abc import Mapping, Sequence

import polars as pl

from analysis.exports.about import (
    caveats,
    citation,
    definition,
    left_out,
    licences,
    notices,
    protections,
    sources,
)
from analysis.exports.context import ExportContext, ExportItem
from analysis.exports.formats.csv_file import csv_bytes
from analysis.exports.formats.format import DataFile
from analysis.exports.scope import filters_sentence, neutral_title
from analysis.program import NAME

_AS_FILE = {"type": "file"}
_OF_A_SOURCE = (
    *("source", "title", "publisher", "licence", "address", "period_from", "period_to", "release"),
    "files_sha256",
)
NO_LICENCE = "No source names a licence. Ask before the figures are used elsewhere"


def documents(items: Sequence[ExportItem], context: ExportContext) -> list[DataFile]:
    """Return ``measures.md``, ``filters.json``, ``sources.csv``, ``CITATION.cff`` and ``LICENCE.txt``."""
    return [
        DataFile(
            "measures.md",
            _measures(items, context).encode(),
            "What each measure is, word for word.",
            _AS_FILE,
            media_type="text/markdown",
        ),
        DataFile(
            "filters.json",
            _filters(items, context).encode(),
            "What was asked, for programs, and the page that shows it.",
            _AS_FILE,
            media_type="application/json",
        ),
        _sources(items, context),
        DataFile(
            "CITATION.cff",
            _citation(items, context).encode(),
            "How to cite it, for programs.",
            _AS_FILE,
            media_type="text/yaml",
        ),
        DataFile(
            "LICENCE.txt",
            _licence(items, context).encode(),
            "On which terms each source may be used.",
            _AS_FILE,
            media_type="text/plain",
        ),
    ]


def _measures(items: Sequence[ExportItem], context: ExportContext) -> str:
    lines = ["# Measures", "", *notices(items, context), *protections(items, context)]
    for item in {one.answer.measure.code: one for one in items}.values():
        measure = item.answer.measure
        lines += ["", f"## {measure.label}", ""]
        told = {
            "Code": f"`{measure.code}`",
            "Definition": definition(item, context),
            "Formula": measure.formula,
            "Unit": item.answer.unit,
            "Source": item.answer.source,
            "Seen in use": "; ".join(measure.sources),
            "Owner": measure.owner,
            "Reviewed": measure.reviewed.isoformat(),
        }
        lines += [f"- **{name}**: {words}" for name, words in told.items() if words]
        lines += [f"- {caveat}" for caveat in caveats(item, context)]
    return "\n".join(lines) + "\n"


def _filters(items: Sequence[ExportItem], context: ExportContext) -> str:
    asked = [
        {
            "measure": question.measure,
            "by": list(question.by),
            "where": {name: list(codes) for name, codes in question.where},
            "period_level": question.period_level,
            "periods": list(question.periods) if question.periods else None,
            "area_level": question.area_level,
            "collection": question.collection,
            "words": filters_sentence(item, context),
            "does_not_apply": left_out(item, context),
        }
        for item in items
        for question in (item.answer.question,)
    ]
    body = {
        "release": context.release_id,
        "profile": context.profile,
        "chosen": context.filters.to_query(),
        "permalink": context.link_words,
        "questions": asked,
    }
    return json.dumps(body, ensure_ascii=False, indent=1) + "\n"


def _sources(items: Sequence[ExportItem], context: ExportContext) -> DataFile:
    known = {cited: facts for item in items for cited, facts in sources(item, context)}
    rows = [
        {
            "source": facts.code,
            "title": cited,
            "publisher": facts.publisher,
            "licence": facts.licence,
            "address": facts.address,
            "period_from": facts.period_from,
            "period_to": facts.period_to,
            "release": context.release_id,
            "files_sha256": " ".join(facts.files_sha256),
        }
        for cited, facts in known.items()
    ]
    # What cites no single source, such as registers of the task force, is named by its citation alone.
    cited = dict.fromkeys(item.answer.source for item in items if not sources(item, context))
    rows += [{"title": words, "publisher": context.place, "release": context.release_id} for words in cited]
    return sources_file(rows)


def sources_file(rows: Sequence[Mapping[str, str]]) -> DataFile:
    """Return ``sources.csv`` with a row for each source; what is not known of one is left out of its row."""
    frame = pl.DataFrame(rows, schema=dict.fromkeys(_OF_A_SOURCE, pl.String))
    fields = [{"name": name, "type": "string"} for name in _OF_A_SOURCE]
    entry = {"type": "table", "schema": {"fields": fields, "missingValues": [""]}}
    return DataFile("sources.csv", csv_bytes(frame), "Who published what, for which months.", entry)


def _citation(items: Sequence[ExportItem], context: ExportContext) -> str:
    publishers = [facts.publisher for item in items for _, facts in sources(item, context) if facts.publisher]
    authors = list(dict.fromkeys(publishers)) or [context.place or NAME]
    return cff(neutral_title(items[0], context), authors, citation(items, context), context)


def cff(title: str, authors: Sequence[str], abstract: str, context: ExportContext) -> str:
    """Return a citation in the Citation File Format 1.2; its values are JSON, which is YAML as well."""
    told: dict[str, object] = {
        "cff-version": "1.2.0",
        "message": "If you use these figures, please cite them as below.",
        "type": "dataset",
        "title": title,
        "authors": [{"name": name} for name in authors],
        "version": context.release_id,
        # The day on which it was published: the day that the figures describe stands in the abstract.
        **({"date-released": context.published} if context.published else {}),
        "abstract": abstract,
    }
    told |= {"url": context.public_link} if context.public_link else {}
    return "".join(f"{name}: {json.dumps(value, ensure_ascii=False)}\n" for name, value in told.items())


def _licence(items: Sequence[ExportItem], context: ExportContext) -> str:
    lines = []
    for item in items:
        for cited, facts in sources(item, context):
            if facts.licence:
                lines += [cited, f"  {facts.licence}"]
    if not licences(items, context):
        lines = [f"{NO_LICENCE}{f': {context.contact}' if context.contact else ''}."]
    lines += [context.stamp] if context.stamp else []
    return "\n".join(dict.fromkeys(lines)) + "\n"
