"""The shape of each document, as JSON Schema (2020-12, the one of OpenAPI 3.1)."""

from typing import Any

Schema = dict[str, Any]
TEXT: Schema = {"type": "string"}
TEXTS: Schema = {"type": "array", "items": TEXT}
YES_NO: Schema = {"type": "boolean"}
COUNT: Schema = {"type": "integer", "minimum": 0}
NUMBER: Schema = {"type": ["number", "null"]}
TEXT_OR_NOTHING: Schema = {"type": ["string", "null"]}


def _object(needed: Schema, more: Schema | None = None, *, others: Schema | bool = False) -> Schema:
    return {
        "type": "object",
        "properties": {**needed, **(more or {})},
        "required": list(needed),
        "additionalProperties": others,
    }


def _list(of: Schema) -> Schema:
    return {"type": "array", "items": of}


def _ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


_NOTICES: Schema = {
    "reported_not_prevalence": TEXT,
    "synthetic": TEXT,
    "task_forces": TEXT,
    "restricted": TEXT,
}
_ROW = _object(
    {
        "value": {**NUMBER, "description": "Null when the number is not shown; never to be read as zero."},
        "lower": {**NUMBER, "description": "Lower limit of the 95 % interval."},
        "upper": {**NUMBER, "description": "Upper limit of the 95 % interval."},
        "marker": {**TEXT, "description": "Letters explained under markers."},
        "cells_shown": COUNT,
        "cells_total": COUNT,
    },
    {
        "period": TEXT,
        "area": TEXT,
        "denominator": {**NUMBER, "description": "The count that a rate or share stands on."},
    },
    others=TEXT,
)
_ANSWER = _object(
    {
        "measure": TEXT,
        "label": TEXT,
        "unit": TEXT,
        "title": TEXT,
        "headline": {**TEXT, "description": "What the card of this figure says."},
        "definition": TEXT,
        "filters": TEXT,
        "source": TEXT,
        "citation": TEXT,
        "as_of": TEXT,
        "release_id": TEXT,
        "profile": TEXT,
        "permalink": {**TEXT, "description": "Page with the same table; empty where there is none."},
        "cells_shown": COUNT,
        "cells_total": COUNT,
        "markers": {"type": "object", "additionalProperties": TEXT},
        "notes": TEXTS,
        "caveats": TEXTS,
        "protection": TEXT,
        "rows": _list(_ROW),
    },
    _NOTICES,
)
_FINDING = _object(
    {
        "by": TEXTS,
        "kind": TEXT,
        "sentence": {**TEXT, "description": "The words of the card."},
        "verdict": {**TEXT, "description": "Directions: 1 up, -1 down, 0 no clear change."},
        "basis": {**TEXT, "description": "What is compared with what."},
        "filters": TEXT,
        "cells_shown": COUNT,
        "cells_total": COUNT,
        "notes": TEXTS,
        "caveats": TEXTS,
        "source": TEXT,
        "permalink": TEXT,
    }
)
_ESTIMATE = _object(
    {
        "status": TEXT,
        "reason": {**TEXT, "description": "Code of why there is no number; the sentence says it."},
        "period": {**TEXT, "description": "First and last year, taken together."},
        "estimate": {**NUMBER, "description": "People who could have been listed, to two figures."},
        "lower": NUMBER,
        "upper": NUMBER,
        "listed": {**NUMBER, "description": "People on any list, to two figures."},
    }
)
_FINDINGS = _object(
    {
        "release_id": TEXT,
        "profile": TEXT,
        "as_of": TEXT,
        "measure": TEXT,
        "unit": TEXT,
        "findings": _list(_FINDING),
    },
    {**_NOTICES, "protection": TEXT, "hidden_population": _ESTIMATE},
)
_MEASURE_PARTS: Schema = {
    "code": TEXT,
    "label": TEXT,
    "unit": TEXT,
    "kind": TEXT,
    "subject": TEXT_OR_NOTHING,
    "source": TEXT_OR_NOTHING,
    "definition": TEXT,
    "formula": TEXT,
    "has_figures": YES_NO,
}
_DERIVED = _object(
    {
        "code": TEXT,
        "label": TEXT,
        "unit": TEXT,
        "definition": TEXT,
        "formula": TEXT,
        "made_from": _object({"measures": TEXTS, "registers": TEXTS, "tables": TEXTS}),
        "worked_out_in": TEXT,
        "pages": TEXTS,
    }
)
_MEASURE = _object(
    {
        **_MEASURE_PARTS,
        "owner": TEXT,
        "reviewed": TEXT,
        "seen_in_use": TEXTS,
        "caveats": TEXTS,
        "dimensions": TEXTS,
        "needs": TEXTS,
        "period_level": TEXT,
        "why_none": TEXT,
        "release_id": TEXT,
    }
)
_LIMITS: Schema = {"type": "object", "additionalProperties": COUNT}
_CATALOG = _object(
    {
        "release_id": TEXT,
        "profile": TEXT,
        "place": TEXT,
        "as_of": TEXT,
        "synthetic": YES_NO,
        "catalog_sha256": TEXT,
        "measures": _list(_object(_MEASURE_PARTS)),
        "derived": _list(_ref("Derived")),
        "dimensions": _list(
            _object({"code": TEXT, "label": TEXT, "codes": {"type": "object", "additionalProperties": TEXT}})
        ),
        "subjects": _list(
            _object(
                {
                    "code": TEXT,
                    "label": TEXT,
                    "dimensions": TEXTS,
                    "details": TEXTS,
                    "limits": _LIMITS,
                    "detail_limits": _LIMITS,
                    "always": TEXTS,
                }
            )
        ),
        "collections": _list(
            _object(
                {
                    "code": TEXT,
                    "label": TEXT,
                    "subject": TEXT,
                    "geography": TEXT_OR_NOTHING,
                    "is_own": YES_NO,
                    "finest_period": TEXT,
                    "first_period": TEXT,
                    "last_period": TEXT,
                    "citation": TEXT_OR_NOTHING,
                }
            )
        ),
        "geographies": _list(
            _object({"code": TEXT, "levels": _list(_object({"level": COUNT, "label": TEXT, "areas": COUNT}))})
        ),
    }
)
_RELEASES = _object(
    {
        "releases": _list(
            _object(
                {
                    "id": TEXT,
                    "profile": TEXT,
                    "place": TEXT,
                    "as_of": TEXT,
                    "published": TEXT_OR_NOTHING,
                    "newest": YES_NO,
                    "synthetic": YES_NO,
                    "smallest_number": COUNT,
                }
            )
        )
    }
)
_AREAS = _object(
    {
        "type": {"const": "FeatureCollection"},
        "release_id": TEXT,
        "geography": TEXT,
        "level": COUNT,
        "features": _list(
            _object(
                {
                    "type": {"const": "Feature"},
                    "id": TEXT,
                    "properties": _object(
                        {
                            "area": TEXT,
                            "name": TEXT,
                            "level": COUNT,
                            "level_name": TEXT,
                            "parent": TEXT_OR_NOTHING,
                        }
                    ),
                    "geometry": {"type": ["object", "null"]},
                }
            )
        ),
    }
)
_PROBLEM = _object(
    {"type": TEXT, "title": TEXT, "status": {"type": "integer"}, "detail": TEXT},
    {"next_step": TEXT, "give_up": TEXTS},
)

#: By name, as addresses cite them.
SCHEMAS: dict[str, Schema] = {
    "Answer": _ANSWER,
    "Findings": _FINDINGS,
    "Catalog": _CATALOG,
    "Measure": {"anyOf": [_MEASURE, _ref("Derived")]},
    "Derived": _DERIVED,
    "Areas": _AREAS,
    "Releases": _RELEASES,
    "Description": {"type": "object", "required": ["openapi"]},
    "Package": TEXT,
    "Problem": _PROBLEM,
}
