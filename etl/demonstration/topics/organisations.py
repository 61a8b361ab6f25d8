"""The organisations of the fictional response: who receives referrals, and who contributes records."""

import polars as pl

from etl.contracts.batch import Batch
from etl.demonstration.files.columns import with_lines
from etl.demonstration.people.referrals import Referrals
from etl.demonstration.topics._register import register_source
from etl.demonstration.world import World
from etl.incoming import Incoming

_KINDS = {
    "police": "police",
    "voluntary_network": "ngo",
    "child_welfare": "local_government",
    "health": "health",
    "labour_inspection": "central_government",
    "hotline": "ngo",
}
_SERVICES = {"housing": "shelter", "legal": "legal", "immigration": "legal", "health": "health"}


def files(seen: World, made: Referrals) -> list[Incoming]:
    """Return one register of organisations."""
    rows = [
        {"organisation": one["code"], "name": one["name"], "organisation_type": _kind(one["services"])}
        for one in seen.facts.organisations
    ] + [
        {"organisation": one.source_id, "name": one.label, "organisation_type": _KINDS[one.code]}
        for one in seen.facts.contributors
    ]
    frame = with_lines(pl.DataFrame(rows, schema_overrides=dict.fromkeys(rows[0], pl.String)))
    source = register_source(
        seen, "tm_organisations", "Register of organisations (synthetic)", "organisations"
    )
    return [Incoming.of_records(source, (Batch.of("organisation", frame),))]


def _kind(services: dict[str, float]) -> str:
    main = max(services, key=lambda code: services[code])
    return _SERVICES.get(main, "ngo")
