"""All addresses as OpenAPI 3.1, made from the declarations that requests are read by."""

from typing import Any

from analysis.api.addresses import ADDRESSES, DESCRIPTION, JSON, ROOT, Address
from analysis.api.call import Reply
from analysis.api.figures import written
from analysis.api.problems import MEDIA_TYPE, TITLES
from analysis.api.schemas import SCHEMAS
from analysis.catalog.model import Catalog
from analysis.program import NAME, version

_ABOUT = (
    "Published figures, as the dashboard shows them: the same protection, the same closed list of questions, "
    "the same words. Reported is not prevalence. A token of the deployment's sign-in opens the figures of "
    "partners."
)
#: Statuses of a refusal that any address can answer with.
_REFUSALS = (400, 401, 403, 404, 405, 406, 414, 422, 429, 500, 503)
_IF_NONE_MATCH = {
    "name": "If-None-Match",
    "in": "header",
    "description": "The ETag of an answer you have: 304 when it would be the same.",
    "schema": {"type": "string"},
}
#: The description of itself has an entry like the others.
ITSELF = Address(
    DESCRIPTION,
    "description",
    "This description",
    "OpenAPI 3.1.",
    lambda call, media_type: Reply(written(document(call.catalog, call.base)), media_type),
    "Description",
)
EVERY = (*ADDRESSES, ITSELF)


def document(catalog: Catalog, base: str = "") -> dict[str, Any]:
    """Return the description.

    Parameters
    ----------
    catalog
        Gives the codes that parameters may have.
    base
        Where readers find this server; a relative address when empty.
    """
    return {
        "openapi": "3.1.0",
        "info": {
            "title": f"{NAME}: published figures",
            "version": version(),
            "description": _ABOUT,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": f"{base}{ROOT}"}],
        "security": [{}, {"token": []}],
        "paths": {one.path: {"get": _operation(one, catalog)} for one in EVERY},
        "components": {
            "schemas": SCHEMAS,
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer", "description": "Of the deployment's sign-in."}
            },
            "responses": {
                f"Refused{status}": {
                    "description": title,
                    "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
                    **({"headers": {"Retry-After": _header("Seconds to wait.")}} if status == 429 else {}),
                }
                for status, title in TITLES.items()
            },
        },
    }


def _operation(address: Address, catalog: Catalog) -> dict[str, Any]:
    return {
        "operationId": address.name,
        "summary": address.summary,
        "description": address.description,
        "parameters": [*(one.described(catalog) for one in address.parameters), _IF_NONE_MATCH],
        "responses": {
            "200": {
                "description": address.summary,
                "headers": {"ETag": _header("Changes with the release and the question.")},
                "content": {kind: {"schema": _schema(address, kind)} for kind in address.media_types},
            },
            "304": {"description": "The answer is the one you have."},
            **{str(one): {"$ref": f"#/components/responses/Refused{one}"} for one in _REFUSALS},
        },
    }


def _schema(address: Address, kind: str) -> dict[str, Any]:
    is_json = kind == JSON or kind.endswith("+json")
    return {"$ref": f"#/components/schemas/{address.schema}"} if is_json else {"type": "string"}


def _header(words: str) -> dict[str, Any]:
    return {"description": words, "schema": {"type": "string"}}
