"""Answers and findings as documents: the files of the exports, and the sentences of the cards."""

import json
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl

from analysis.answers.answer import Answer
from analysis.answers.ask import answer
from analysis.api import estimates
from analysis.api.call import Call, Reply
from analysis.api.parameters import QUESTION, read
from analysis.api.problems import Problem
from analysis.api.questions import question_of, questions_of
from analysis.errors import LttError
from analysis.exports import (
    FORMATS,
    PACKAGE,
    ExportContext,
    ExportItem,
    data_file,
    data_package,
    export_context,
    export_items,
    export_name,
)
from analysis.exports.permalink import permalink
from analysis.exports.registers.package import package_name, page_of, register_package
from analysis.exports.registers.package import question_of as question_of_register
from analysis.exports.registers.table import registers
from analysis.exports.scope import file_stem, filters_sentence
from analysis.exports.words import REPORTED, SYNTHETIC
from analysis.findings.finding import Finding
from analysis.findings.groups import standard
from analysis.findings.scope import scope_of
from analysis.findings.sentences import say
from analysis.questions.filters import filters_of
from analysis.topics.hidden_population import POPULATION

MOST_FIELDS = 60
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


def package(call: Call, media_type: str) -> Reply:
    """Return some tables as one data package: every format that fits, and the documents beside them."""
    calls = [_part(call, text) for text in call.given["question"]]
    told = answer([question_of(one) for one in calls], call.release)
    items, context = _exported(call, told)
    return Reply(
        data_package(items, context, PACKAGE),
        media_type,
        export_name(items, context, PACKAGE),
        context.permalink,
        " ".join(filters_sentence(item, context) for item in items),
    )


def register(call: Call, media_type: str) -> Reply:
    """Return a register as a data package.

    Raises
    ------
    Problem
        Where nothing of it is in the release.
    """
    code = call.first("register")
    found = registers(call.catalog)[code]
    link = page_of(found, call.base, call.first("release"))
    try:
        content, _, context = register_package(code, call.release, call.catalog, link)
    except LttError as problem:
        raise Problem(422, "not-loaded", problem.message) from None
    return Reply(
        content, media_type, package_name(code, context), context.permalink, question_of_register(found)
    )


def _part(call: Call, text: str) -> Call:
    """Return the call of one table of a package.

    Raises
    ------
    Problem
        As for ``/answers``; here the request is well written, and what it asks is not.
    """
    try:
        pairs = parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=MOST_FIELDS)
        part = replace(call, given=read(QUESTION, pairs, (), call.catalog))
    except ValueError:
        raise Problem(422, "bad-question", "A question of the package cannot be read.") from None
    except Problem as problem:
        raise replace(problem, status=422) from None
    # A package is of one release: a question that names another would be answered from the wrong one.
    for name, own in (("release", call.release.release_id), ("figures", call.release.profile)):
        if part.first(name) not in ("", own):
            why = f"A question of the package names another {name}= than the package has."
            raise Problem(422, "bad-question", why)
    return part


def findings(call: Call, media_type: str) -> Reply:
    """Return what a measure says, each finding in the words of its card."""
    if call.first("measure") == POPULATION:
        return _estimate(call, media_type)
    told = [one for one in answer(questions_of(call), call.release, strict=False) if not one.refusal]
    if not told:
        # Nothing of it can be asked; the door says why.
        answer(questions_of(call), call.release)
    items, context = _exported(call, told)
    listed = [_finding(call, one, item, context) for one, item in zip(told, items, strict=True)]
    body = _findings(
        call, context, told[0].unit, listed, is_of_persons=any(one.is_of_persons for one in items)
    )
    question = " ".join(filters_sentence(item, context) for item in items)
    return Reply(written(body), media_type, question=question)


def _estimate(call: Call, media_type: str) -> Reply:
    """Return what is told of people on no list: as its page does, by the same door."""
    found, of = estimates.estimate_of(call)
    context = export_context(call.release, call.catalog)
    derived = call.catalog.derived[POPULATION]
    listed = estimates.findings_of(call, found, of)
    body = _findings(call, context, derived.unit, listed, is_of_persons=True)
    body |= {"hidden_population": estimates.numbers_of(found), "protection": derived.why_shown}
    return Reply(written(body), media_type, question=f"{derived.label}.")


def _findings(
    call: Call, context: ExportContext, unit: str, listed: list[dict[str, Any]], *, is_of_persons: bool
) -> dict[str, Any]:
    return {
        "release_id": context.release_id,
        "profile": context.profile,
        "as_of": context.as_of,
        "measure": call.first("measure"),
        "unit": unit,
        "findings": listed,
        **({"reported_not_prevalence": REPORTED} if is_of_persons else {}),
        **({"synthetic": SYNTHETIC} if context.synthetic else {}),
        **({"task_forces": context.sums} if context.sums else {}),
        **({"restricted": context.stamp} if context.stamp else {}),
    }


def _exported(call: Call, told: list[Answer]) -> tuple[tuple[ExportItem, ...], ExportContext]:
    question = told[0].question
    headlines = [say(_standard(one)) for one in told]
    items = export_items(told, call.release, call.catalog, headlines)
    link = permalink(question, call.catalog, call.base, call.first("release"))
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
        "notes": told.said_beside,
        "caveats": list(told.caveats),
        "source": told.source,
        "permalink": permalink(told.question, call.catalog, call.base, call.first("release")),
    }


def written(body: Any, *, is_long: bool = False) -> bytes:
    """Return a document as JSON in UTF-8; a long one without blanks.

    A number that is none (NaN) is a mistake of ours, not a word of JSON.
    """
    how: dict[str, Any] = {"separators": (",", ":")} if is_long else {"indent": 1}
    return (json.dumps(body, ensure_ascii=False, allow_nan=False, **how) + "\n").encode()
