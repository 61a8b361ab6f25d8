"""``datapackage.json``: the package described for programs."""

import re
from collections.abc import Sequence

from analysis import Answer
from analysis.exports.about import citation, filters_sentence, is_own
from analysis.exports.context import ExportContext
from analysis.exports.resources import Resource
from analysis.exports.words import REPORTED, RESTRICTED, markers, protection


def descriptor(
    answers: Sequence[Answer], resources: Sequence[Resource], context: ExportContext
) -> dict[str, object]:
    """Return the content of ``datapackage.json`` (Frictionless Data Package).

    Parameters
    ----------
    answers : sequence of Answer
        What the package holds.
    resources : sequence of Resource
        Its files.
    context : ExportContext
        Facts of the release.
    """
    first = answers[0]
    sources = list(dict.fromkeys(answer.source for answer in answers))
    licences = list(dict.fromkeys(context.licences[text] for text in sources if text in context.licences))
    protections = dict.fromkeys(protection(context.profile, context.threshold, is_own(a)) for a in answers)
    package: dict[str, object] = {
        "name": re.sub(r"[^a-z0-9]+", "-", f"{first.measure.code} {context.release_id}".lower()),
        "title": f"{first.measure.label}, {context.place}",
        "description": " ".join(answer.sentence for answer in answers),
        "version": context.release_id,
        "sources": [{"title": text} for text in sources],
        "citation": citation(answers, context),
        "as_of": context.as_of,
        "release": {"id": context.release_id, "profile": context.profile, "program": context.version},
        "synthetic": context.synthetic,
        "reported_not_prevalence": REPORTED,
        "protection": list(protections),
        "markers": dict(markers(context.threshold)),
        "measures": [_measure(answer, context) for answer in answers],
        "resources": [resource.descriptor for resource in resources],
    }
    if licences:
        package["licenses"] = [{"name": _licence_name(text), "title": text} for text in licences]
    if context.permalink:
        package["homepage"] = context.permalink
    if context.is_restricted:
        package["restricted"] = RESTRICTED
    return package


def _licence_name(text: str) -> str:
    return re.sub(r"[^A-Za-z0-9.]+", "-", text).strip("-")


def _measure(answer: Answer, context: ExportContext) -> dict[str, object]:
    measure = answer.measure
    return {
        "code": measure.code,
        "label": measure.label,
        "definition": measure.definition,
        "formula": measure.formula,
        "unit": answer.unit,
        "filters": filters_sentence(answer, context),
        "finding": answer.sentence,
        "caveats": list(answer.caveats),
        "notes": list(answer.notes),
        "cells_shown": answer.cells_shown,
        "cells_total": answer.cells_total,
        "as_of": str(answer.as_of),
        "reviewed": str(measure.reviewed),
        "owner": measure.owner,
    }
