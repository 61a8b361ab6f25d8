"""``datapackage.json``: the package described for programs."""

import re
from collections.abc import Sequence

from analysis.exports.about import caveats, citation, definition, left_out, licences, protections, sources
from analysis.exports.context import ExportContext, ExportItem
from analysis.exports.resources import Resource
from analysis.exports.scope import filters_sentence, neutral_title
from analysis.exports.words import REPORTED, markers


def descriptor(
    items: Sequence[ExportItem], resources: Sequence[Resource], context: ExportContext
) -> dict[str, object]:
    """Return the content of ``datapackage.json`` (Frictionless Data Package).

    Parameters
    ----------
    items : sequence of ExportItem
        What the package holds.
    resources : sequence of Resource
        Its files.
    context : ExportContext
        Facts of the release.
    """
    first = items[0]
    more = f" and {len(items) - 1} more" if len(items) > 1 else ""
    package: dict[str, object] = {
        "name": re.sub(r"[^a-z0-9]+", "-", f"{first.answer.measure.code} {context.release_id}".lower()),
        "title": neutral_title(first, context) + more,
        "description": " ".join(filters_sentence(item, context) for item in items),
        "version": context.release_id,
        "sources": _sources(items, context),
        "citation": citation(items, context),
        "as_of": context.as_of,
        "release": {"id": context.release_id, "profile": context.profile, "program": context.version},
        "synthetic": context.synthetic,
        "protection": protections(items, context),
        "markers": dict(markers(context.threshold)),
        "measures": [_measure(item, context) for item in items],
        "resources": [resource.descriptor for resource in resources],
    }
    if any(item.is_of_persons for item in items):
        package["reported_not_prevalence"] = REPORTED
    if named := licences(items, context):
        package["licenses"] = [{"name": _licence_name(text), "title": text} for text in named]
    if context.public_link:
        package["homepage"] = context.public_link
    if context.stamp:
        package["restricted"] = context.stamp
    return package


def _sources(items: Sequence[ExportItem], context: ExportContext) -> list[dict[str, str]]:
    """Return each citation once; with publisher and address where one source is cited alone."""
    entries: dict[str, dict[str, str]] = {}
    for item in items:
        entry = {"title": item.answer.source}
        known = sources(item, context)
        publishers = dict.fromkeys(facts.publisher for _, facts in known if facts.publisher)
        addresses = [facts.address for _, facts in known if facts.address]
        entry |= {"publisher": "; ".join(publishers)} if publishers else {}
        entry |= {"path": addresses[0]} if len(addresses) == 1 else {}
        entries[item.answer.source] = entry
    return list(entries.values())


def _licence_name(text: str) -> str:
    return re.sub(r"[^A-Za-z0-9.]+", "-", text).strip("-")


def _measure(item: ExportItem, context: ExportContext) -> dict[str, object]:
    answer, measure = item.answer, item.answer.measure
    return {
        "code": measure.code,
        "label": measure.label,
        "definition": definition(item, context),
        "formula": measure.formula,
        "unit": answer.unit,
        "filters": filters_sentence(item, context),
        **({"finding": item.headline} if item.headline else {}),
        "caveats": caveats(item, context),
        "notes": [*left_out(item, context), *answer.said_beside],
        "cells_shown": answer.cells_shown,
        "cells_total": answer.cells_total,
        "as_of": str(answer.as_of),
        "reviewed": str(measure.reviewed),
        "owner": measure.owner,
    }
