"""Answers and findings as documents: the files of the exports, and the sentences of the cards."""

import json
from typing import Any

from analysis.answers.answer import Answer
from analysis.answers.ask import answer
from analysis.api.call import Call, Reply
from analysis.api.questions import question_of, questions_of
from analysis.exports import FORMATS, ExportContext, ExportItem, data_file, export_context, export_items
from analysis.exports.permalink import permalink
from analysis.exports.scope import file_stem, filters_sentence
from analysis.exports.words import REPORTED, SYNTHETIC
from analysis.findings.finding import Finding
from analysis.findings.groups import standard
from analysis.findings.scope import scope_of
from analysis.findings.sentences import say
from analysis.questions.filters import filters_of

#: Formats of an answer by media type, the usual one first.
FORMATS_OF_ANSWERS = {FORMATS[code].media_type: code for code in ("json", "csv", "parquet")}


def answers(call: Call, media_type: str) -> Reply:
    """Return one table: as the Explore page shows it, written by the exporter of its downloads."""
    [found] = answer([question_of(call)], call.release)
    [item], context = _exported(call, [found])
    code = FORMATS_OF_ANSWERS[media_type]
    name = f"{context.name_begins}{file_stem(item, context)}.{code}"
    return Reply(
        data_file(item, context, code),
        media_type,
        name if code != "json" else "",
        context.permalink,
        filters_sentence(item, context),
    )


def findings(call: Call, media_type: str) -> Reply:
    """Return what a measure says, each finding in the words of its card."""
    told = [one for one in answer(questions_of(call), call.release, strict=False) if not one.refusal]
    if not told:
        # Nothing of it can be asked; the door says why.
        answer(questions_of(call), call.release)
    items, context = _exported(call, told)
    listed = [_finding(call, one, item, context) for one, item in zip(told, items, strict=True)]
    body = {
        "release_id": context.release_id,
        "profile": context.profile,
        "as_of": context.as_of,
        "measure": call.first("measure"),
        "unit": told[0].unit,
        "findings": listed,
        **({"reported_not_prevalence": REPORTED} if any(one.is_of_persons for one in items) else {}),
        **({"synthetic": SYNTHETIC} if context.synthetic else {}),
        **({"restricted": context.stamp} if context.stamp else {}),
    }
    question = " ".join(filters_sentence(item, context) for item in items)
    return Reply(written(body), media_type, question=question)


def _exported(call: Call, told: list[Answer]) -> tuple[tuple[ExportItem, ...], ExportContext]:
    question = told[0].question
    headlines = [say(_standard(one)) for one in told]
    items = export_items(told, call.release, call.catalog, headlines)
    link = permalink(question, call.catalog, call.base)
    return items, export_context(call.release, call.catalog, filters_of(question), link)


def _standard(told: Answer) -> Finding:
    return standard(told, scope_of(told, filters_of(told.question)))


def _finding(call: Call, told: Answer, item: ExportItem, context: ExportContext) -> dict[str, Any]:
    finding = _standard(told)
    return {
        "by": list(told.question.by),
        "kind": finding.kind,
        "sentence": item.headline,
        "verdict": finding.verdict,
        "basis": finding.basis,
        "filters": filters_sentence(item, context),
        "cells_shown": told.cells_shown,
        "cells_total": told.cells_total,
        "notes": list(told.notes),
        "caveats": list(told.caveats),
        "source": told.source,
        "permalink": permalink(told.question, call.catalog, call.base),
    }


def written(body: Any, *, is_long: bool = False) -> bytes:
    """Return a document as JSON in UTF-8; a long one without blanks.

    A number that is none (NaN) is a mistake of ours, not a word of JSON.
    """
    how: dict[str, Any] = {"separators": (",", ":")} if is_long else {"indent": 1}
    return (json.dumps(body, ensure_ascii=False, allow_nan=False, **how) + "\n").encode()
