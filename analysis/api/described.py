"""What there is: the catalog, one measure, the releases that a caller may read."""

from typing import Any

from analysis.answers.plan import check
from analysis.api.call import Call, Reply
from analysis.api.figures import written
from analysis.catalog.model import Catalog, Derived, Measure
from analysis.errors import QuestionError
from analysis.questions.divisions import dimensions_of, usual_level, with_needed
from analysis.questions.question import Question
from analysis.release.release import Release


def catalog(call: Call, media_type: str) -> Reply:
    """Return all that can be asked: measures, dimensions with their codes, collections, areas, periods."""
    release = call.release
    body = {**_release(release), **catalog_document(call.catalog)}
    for entry in body["measures"]:
        entry["has_figures"] = not _why_none(call, call.catalog.measures[entry["code"]])
    body["collections"] = [
        {
            "code": one.collection,
            "label": one.label,
            "subject": one.subject,
            "geography": one.geography,
            "is_own": one.is_own,
            "finest_period": one.period_resolution,
            "first_period": one.first_period,
            "last_period": one.last_closed_month,
            "citation": one.citation,
        }
        for one in release.collections
    ]
    body["geographies"] = [
        {
            "code": geography.code,
            "levels": [
                {"level": level, "label": geography.level_word(level), "areas": len(geography.at(level))}
                for level in sorted(geography.level_names)
            ],
        }
        for geography in release.areas.values()
    ]
    return Reply(written(body), media_type)


def measure(call: Call, media_type: str) -> Reply:
    """Return one measure, word for word, with what it can be divided by."""
    code = call.first("measure")
    if derived := call.catalog.derived.get(code):
        return Reply(written(_worked_out(derived)), media_type)
    known = call.catalog.measures[code]
    release = call.release
    why_none = _why_none(call, known)
    body = {
        **_described(known),
        "owner": known.owner,
        "reviewed": known.reviewed.isoformat(),
        "seen_in_use": list(known.sources),
        "caveats": [call.catalog.caveats[one].text for one in known.caveats],
        "dimensions": list(dimensions_of(known, call.catalog)),
        "needs": list(with_needed(known, ())),
        "period_level": usual_level(known, release),
        "has_figures": not why_none,
        "why_none": why_none,
        "release_id": release.release_id,
    }
    return Reply(written(body), media_type)


def releases(call: Call, media_type: str) -> Reply:
    """Return the releases that the caller may read, the public ones first, of each profile newest first."""
    found = [
        {
            "id": one.published.release_id,
            "profile": one.published.manifest.profile,
            "place": one.published.manifest.place,
            "as_of": one.published.as_of.isoformat(),
            "published": one.published.day.isoformat() if one.published.day else None,
            "newest": one.published.is_newest,
            "synthetic": one.published.manifest.synthetic,
            "smallest_number": one.threshold,
        }
        for one in call.releases
    ]
    return Reply(written({"releases": found}), media_type)


def catalog_document(catalog: Catalog) -> dict[str, Any]:
    """Return a catalog as a document: measures, derived numbers, dimensions, subjects."""
    return {
        "catalog_sha256": catalog.sha256,
        "measures": [_described(one) for one in catalog.measures.values()],
        "derived": [_worked_out(one) for one in catalog.derived.values()],
        "dimensions": [
            {"code": one.code, "label": one.label, "codes": {cat.code: cat.label for cat in one.categories}}
            for one in catalog.dimensions.values()
        ],
        "subjects": [
            {
                "code": one.code,
                "label": one.label,
                "dimensions": list(one.core),
                "details": list(one.detail),
                "limits": dict(one.limits),
                "detail_limits": dict(one.detail_limits),
                "always": list(one.always),
            }
            for one in catalog.subjects.values()
        ],
    }


def _described(one: Measure) -> dict[str, Any]:
    return {
        "code": one.code,
        "label": one.label,
        "unit": one.unit,
        "kind": one.kind,
        "subject": one.subject or None,
        "source": one.source or None,
        "definition": one.definition,
        "formula": one.formula,
    }


def _worked_out(one: Derived) -> dict[str, Any]:
    return {
        "code": one.code,
        "label": one.label,
        "unit": one.unit,
        "definition": one.definition,
        "formula": one.formula,
        "made_from": {
            "measures": list(one.measures),
            "registers": list(one.registers),
            "tables": list(one.tables),
        },
        "worked_out_in": one.worked_out_in,
        "pages": list(one.pages),
    }


def _release(release: Release) -> dict[str, Any]:
    return {
        "release_id": release.release_id,
        "profile": release.profile,
        "place": release.place,
        "as_of": release.as_of.isoformat(),
        "synthetic": release.synthetic,
    }


def _why_none(call: Call, known: Measure) -> str:
    """Return why a release has no figures of a measure; empty where it has some."""
    question = Question(
        known.code, with_needed(known, ("period",)), period_level=usual_level(known, call.release)
    )
    try:
        check(question, call.catalog, call.release)
    except QuestionError as refusal:
        return refusal.message
    return ""
